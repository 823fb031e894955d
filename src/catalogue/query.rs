//! Looking things up in the catalogue, and filling its texts in.

use super::{
    ActionKind, Catalogue, Criterion, FactEntry, Output, Permission, Phrase, Remediation, Request, Section, Thresholds,
};
use crate::model::Finding;

/// Column prefix of user permissions on PermissionSet, Profile and MutingPermissionSet.
const COLUMN_PREFIX: &str = "Permissions";

impl Catalogue {
    /// This catalogue and its siblings, in the order of the report.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.siblings)
    }

    /// The catalogue of a control by its short id.
    #[must_use]
    pub fn known(&self, control: &str) -> Option<&Self> {
        self.all().find(|one| one.key == control)
    }

    /// The catalogue by which a finding was judged; this one for a control that is not among its siblings.
    #[must_use]
    pub fn judging(&self, finding: &Finding) -> &Self {
        self.known(&finding.control).unwrap_or(self)
    }

    /// The criterion of this id.
    #[must_use]
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// The request of this id.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<&Request> {
        self.requests.iter().find(|request| request.id == id)
    }

    /// The request that supplies an object's rows, or a metadata type's files.
    ///
    /// `records` chooses between both where a type exists as both (`PermissionSet`).
    #[must_use]
    pub fn request_for(&self, kind: &str, records: bool) -> Option<&Request> {
        if records { self.requests.iter().find(|request| request.object == kind) } else { self.request("metadata") }
    }

    /// The phrase of this id.
    #[must_use]
    pub fn phrase(&self, id: &str) -> Option<&Phrase> {
        self.phrases.iter().find(|phrase| phrase.id == id)
    }

    /// The section of this id.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The way out of this id (`disable`, `jwt`, `harden`).
    #[must_use]
    pub fn remediation(&self, id: &str) -> Option<&Remediation> {
        self.remediations.iter().find(|remediation| remediation.id == id)
    }

    /// Everything that comes along with a permission, itself excluded: the closure over the implications.
    #[must_use]
    pub fn implied_by(&self, permission: &str) -> std::collections::BTreeSet<&str> {
        let mut found = std::collections::BTreeSet::new();
        let mut open = vec![permission];
        while let Some(next) = open.pop() {
            for implied in self.implications.get(next).into_iter().flatten() {
                if implied != permission && found.insert(implied.as_str()) {
                    open.push(implied);
                }
            }
        }
        found
    }

    /// The columns that carry the catalogue's user permissions (`PermissionsApiEnabled, …`), in name order.
    #[must_use]
    pub fn permission_columns(&self) -> Vec<String> {
        self.permissions.keys().map(|name| format!("{COLUMN_PREFIX}{name}")).collect()
    }

    /// The kind of action of this id.
    #[must_use]
    pub fn action(&self, id: &str) -> Option<&ActionKind> {
        self.actions.iter().find(|kind| kind.id == id)
    }

    /// The facts that an output shows, in their order.
    pub fn facts_of(&self, output: Output) -> impl Iterator<Item = &FactEntry> {
        self.facts.iter().filter(move |fact| fact.shown.contains(&output))
    }

    /// The query of a request with its permission columns written out; empty for the metadata request.
    #[must_use]
    pub fn soql(&self, request: &Request) -> String {
        request.soql.replace("{permission_columns}", &self.permission_columns().join(", "))
    }
}

impl Criterion {
    /// The rule with the thresholds in force filled in.
    #[must_use]
    pub fn rule_text(&self, thresholds: &Thresholds) -> String {
        thresholds.fill(&self.rule)
    }
}

impl Permission {
    /// Whether one of its categories is this one.
    #[must_use]
    pub fn has_category(&self, category: &str) -> bool {
        self.category.split(';').any(|one| one == category)
    }
}
