//! The user that a subject acts as, looked up in the User export.

use crate::kit::Run;
use crate::model::{EvidenceItem, words};
use crate::snapshot::{User, UserRef};
use crate::text::message::Arg;
use std::collections::BTreeSet;

words! {
    /// What is known about the execution user.
    UserState {
        /// In the User export, and active.
        Active = "active",
        /// In the User export, and inactive.
        Inactive = "inactive",
        /// Named, but no User export tells more.
        NotExported = "not_exported",
        /// Named, but not in a complete User export.
        NotFound = "not_found",
        /// A placeholder stands where the name should be.
        Placeholder = "placeholder",
        /// The policy names nobody.
        Unnamed = "unnamed",
        /// No policy, so nobody can tell.
        Unknown = "unknown",
        /// Copies disagree.
        Contradictory = "contradictory",
        /// A file that may name the user, or tell of it, cannot be read.
        Unreadable = "unreadable",
    }
}

impl Default for UserState {
    /// What nothing tells.
    fn default() -> Self {
        Self::Unknown
    }
}

/// The execution user as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<'a> {
    pub(crate) state: UserState,
    pub(crate) name: String,
    pub(crate) record: Option<&'a User>,
    pub(crate) items: Vec<EvidenceItem>,
    /// Files that could not be read and may tell otherwise.
    pub(crate) unread: Option<Arg>,
    /// Nothing but a person's statement names the user.
    pub(crate) attested: bool,
}

/// Whether all rows of a user tie it to one profile; a row without the column says nothing.
pub(crate) fn one_profile(rows: &[&User]) -> bool {
    let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.profile_id.as_ref().map(|id| &id.value)).collect();
    let names: BTreeSet<_> = rows.iter().filter_map(|row| row.profile_name.as_ref().map(|name| &name.value)).collect();
    ids.len() <= 1 && names.len() <= 1
}

pub(crate) fn is_named(user: &User, name: &str) -> bool {
    user.username.as_ref().is_some_and(|own| own.value.to_lowercase() == name.to_lowercase())
}

pub(crate) fn rows<'a>(run: &Run<'a>, reference: &UserRef) -> Vec<&'a User> {
    let mut rows = match reference {
        // Rows of the same record without a readable name are the same user's, too.
        UserRef::Username(name) => {
            let mut found = run.index.users_named(name).to_vec();
            let ids: BTreeSet<_> = found.iter().filter_map(|user| user.id.as_ref().map(|id| &id.value)).collect();
            let same = ids.into_iter().flat_map(|id| run.index.users_with(id));
            let other: Vec<&User> = same.copied().filter(|user| !is_named(user, name)).collect();
            found.extend(other);
            found
        }
        UserRef::Id(id) => run.index.users_with(id).to_vec(),
        UserRef::Placeholder(_) => Vec::new(),
    };
    rows.sort_by(|a, b| a.at.cmp(&b.at));
    rows
}

/// What identifies a user across spellings: the record id when a row tells it, else the name without case.
pub(crate) fn identity(run: &Run<'_>, reference: &UserRef) -> String {
    let row = match reference {
        UserRef::Username(name) => run.index.users_named(name).iter().find_map(|user| user.id.as_ref()),
        _ => None,
    };
    match (reference, row) {
        (_, Some(id)) => id.value.key().to_owned(),
        (UserRef::Id(id), None) => id.key().to_owned(),
        (UserRef::Username(name), None) => name.to_lowercase(),
        (UserRef::Placeholder(name), None) => name.clone(),
    }
}

pub(crate) fn is_placeholder(user: &UserRef) -> bool {
    matches!(user, UserRef::Placeholder(_))
}
