//! What a user may do: rights held once for all apps that run as the user, and what they come to for one app.

use super::words::words;
use super::{Finding, Impact};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

words! {
    /// Power of the execution user. The order is ascending.
    PrivilegeState {
        /// Reads a few objects.
        NarrowReadOnly = "narrow_read_only",
        /// Reads and writes a few objects.
        Narrow = "narrow",
        /// Incomplete evidence, nothing bad found.
        Unknown = "unknown",
        /// Reads whole objects or all data.
        BulkRead = "bulk_read",
        /// Reads in bulk and writes a little.
        Moderate = "moderate",
        /// Writes in bulk, or changes configuration.
        Elevated = "elevated",
        /// Administrative power.
        Broad = "broad",
    }
}

/// What the execution user of an app may do, and whether that is little enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Privilege {
    /// The state.
    pub state: PrivilegeState,
    /// The evidence is incomplete: the state is a lower bound.
    pub at_least: bool,
    /// Impact of what is proven.
    pub impact: Option<Impact>,
    /// Number of the rights in the assessment's list, from 1; none where no right was seen.
    #[serde(rename = "rights", skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// What the user holds. The assessment writes it in its list.
    #[serde(skip)]
    pub rights: Arc<Rights>,
    /// Conditions of least privilege that do not hold.
    pub broken: Vec<Message>,
    /// What is missing for a complete picture.
    pub gaps: Vec<Message>,
    /// Least privilege holds.
    pub least: bool,
}

/// The forms that a [`Privilege`] was written in: with the number of the rights, and before that with the rights
/// themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    state: PrivilegeState,
    at_least: bool,
    impact: Option<Impact>,
    rights: Option<usize>,
    #[serde(default)]
    grants: Vec<Grant>,
    #[serde(default)]
    objects: Vec<String>,
    #[serde(default)]
    object_rights: Vec<ObjectRights>,
    broken: Vec<Message>,
    gaps: Vec<Message>,
    least: bool,
}

impl From<Written> for Privilege {
    fn from(written: Written) -> Self {
        let Written { state, at_least, impact, rights: number, broken, gaps, least, .. } = written;
        let (grants, objects, object_rights) = (written.grants, written.objects, written.object_rights);
        let rights = Arc::new(Rights { user: String::new(), grants, objects, object_rights });
        Self { state, at_least, impact, number, rights, broken, gaps, least }
    }
}

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
        let privilege = &mut finding.privilege;
        privilege.number = None;
        if privilege.rights.is_empty() {
            continue;
        }
        let known = of_user.entry(privilege.rights.user.clone()).or_default();
        let at = known.iter().copied().find(|at| list.get(*at) == Some(&privilege.rights)).unwrap_or_else(|| {
            known.push(list.len());
            list.push(Arc::clone(&privilege.rights));
            list.len() - 1
        });
        privilege.number = Some(at + 1);
        if let Some(rights) = list.get(at) {
            privilege.rights = Arc::clone(rights);
        }
    }
    list
}

/// Gives each finding of an assessment that was read the rights that it refers to. Assessments of earlier versions
/// have them in the findings.
///
/// # Errors
/// The finding that refers to rights which the list does not have.
pub(super) fn linked(findings: &mut [Finding], list: &[Arc<Rights>]) -> Result<(), String> {
    for finding in findings {
        let privilege = &mut finding.privilege;
        let Some(number) = privilege.number else {
            Arc::make_mut(&mut privilege.rights).user.clone_from(&finding.execution_user.name);
            continue;
        };
        let rights = number.checked_sub(1).and_then(|at| list.get(at));
        let rights = rights.ok_or_else(|| format!("{} refers to rights {number}, which are not there", finding.id))?;
        privilege.rights = Arc::clone(rights);
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
