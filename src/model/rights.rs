//! What a user holds, once for all findings whose user it is.

use super::words::words;
use super::{Finding, Impact};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a user holds: the same for every app that runs as it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// The user, as the findings name it.
    pub user: String,
    /// Permissions and object rights that matter, each with its path; worst first.
    pub grants: Vec<Grant>,
    /// Objects with any access.
    pub objects: Vec<String>,
    /// The rights on each of them that the evidence shows; a lower bound where a finding's privilege is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub object_rights: Vec<ObjectRights>,
}

impl Rights {
    /// Whether no right was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.grants.is_empty() && self.objects.is_empty() && self.object_rights.is_empty()
    }
}

/// Puts the rights of all findings into one list, equal ones once, and gives each finding its number in it.
#[must_use]
pub fn shared(findings: &mut [Finding]) -> Vec<Arc<Rights>> {
    let mut list: Vec<Arc<Rights>> = Vec::new();
    let mut of_user: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for finding in findings {
        finding.rights_number = None;
        if finding.rights.is_empty() {
            continue;
        }
        let known = of_user.entry(finding.rights.user.clone()).or_default();
        let at = known.iter().copied().find(|at| list.get(*at) == Some(&finding.rights)).unwrap_or_else(|| {
            known.push(list.len());
            list.push(Arc::clone(&finding.rights));
            list.len() - 1
        });
        finding.rights_number = Some(at + 1);
        if let Some(rights) = list.get(at) {
            finding.rights = Arc::clone(rights);
        }
    }
    list
}

/// Gives each finding of an assessment that was read the rights that it refers to. Fails with the finding that refers
/// to rights which the list does not have.
pub(super) fn linked(findings: &mut [Finding], list: &[Arc<Rights>]) -> Result<(), String> {
    for finding in findings {
        let Some(number) = finding.rights_number else { continue };
        let rights = number.checked_sub(1).and_then(|at| list.get(at));
        let rights = rights.ok_or_else(|| format!("{} refers to rights {number}, which are not there", finding.id))?;
        finding.rights = Arc::clone(rights);
    }
    Ok(())
}

/// One permission or object right, and how the execution user comes to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// `ModifyAllData`, or `Account: viewAllRecords`.
    pub name: String,
    /// Label in Setup (`Modify All Data`).
    pub label: String,
    /// `critical`, `high`, `moderate`, `low`, `protective`, `object`, `unclassified`.
    pub tier: String,
    /// Category of the catalogue.
    pub category: String,
    /// Impact.
    pub impact: Impact,
    /// Only after activation of a session-based set.
    pub on_activation: bool,
    /// Permissions that came along with it and are folded into this statement.
    pub implies: Vec<String>,
    /// Every path from the permission to the user.
    pub paths: Vec<Vec<GrantStep>>,
}

words! {
    /// A right on the records of an object. The order is that of the metadata reference's prose: usual rights first.
    Right {
        /// Read records.
        Read = "read",
        /// Create records.
        Create = "create",
        /// Edit records.
        Edit = "edit",
        /// Delete records.
        Delete = "delete",
        /// Read all records, sharing ignored.
        ViewAll = "viewAllRecords",
        /// Change and delete all records, sharing ignored.
        ModifyAll = "modifyAllRecords",
        /// See all fields, field security ignored.
        ViewAllFields = "viewAllFields",
    }
}

/// What the execution user may do with one object, by the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectRights {
    /// API name of the object.
    pub object: String,
    /// Rights that were seen, in the order of [`Right`].
    pub rights: Vec<HeldRight>,
}

impl ObjectRights {
    /// Whether a right was seen.
    #[must_use]
    pub fn holds(&self, right: Right) -> bool {
        self.rights.iter().any(|held| held.right == right)
    }
}

/// A right that was seen, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldRight {
    /// The right.
    pub right: Right,
    /// Only after activation of a session-based set.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub on_activation: bool,
    /// Ids of the entries that grant it: the row, or the first granted right of the object's element in a file, next to
    /// which the others stand. Filled in when the assessment is put together.
    pub evidence: Vec<String>,
    /// Evidence as found.
    #[serde(skip)]
    pub items: Vec<super::EvidenceItem>,
}

/// One step of a path: permission → container → assignment → user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantStep {
    /// What it is: `permission`, `profile`, `permission_set`, `group`, `assignment`, `user`.
    pub what: String,
    /// Its name.
    pub name: String,
    /// Evidence id, filled in when the assessment is put together.
    pub evidence: String,
    /// Evidence as found.
    #[serde(skip)]
    pub item: Option<super::EvidenceItem>,
}
