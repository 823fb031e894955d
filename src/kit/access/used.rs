//! What event logs show of use, against the rights that the exports show.

use super::collect::Effective;
use crate::kit::access::Resolved;
use crate::kit::{Gap, Run};
use crate::model::{Right, UsedObject};
use crate::snapshot::ObjectGrant;
use crate::text::message::{Arg, Message};
use std::collections::BTreeSet;

/// Most objects that a sentence names.
const OBJECTS: usize = 10;

/// A use that none of the rights in complete exports allows contradicts them: rights were changed since, or something is
/// missing from an export that does not show it.
pub(crate) fn unproven(run: &Run<'_>, user: &Resolved<'_>, effective: &Effective, used: &[UsedObject]) -> Option<Gap> {
    if user.record.is_none() || !effective.gaps.is_empty() {
        return None;
    }
    let without = used.iter().filter(|used| has_rights(run, used) && !allowed(effective, used));
    let names: Vec<String> = without.map(|used| used.object.clone()).collect();
    let gap = Gap::person("gap.used-without-right").with("user", user.name.as_str());
    (!names.is_empty()).then(|| gap.with("objects", Arg::some(names, OBJECTS)).of_rights())
}

/// Whether access to an object is a matter of object rights: the exports show rights of somebody on it, or a person
/// called it sensitive. Setup objects and settings are reached without.
fn has_rights(run: &Run<'_>, used: &UsedObject) -> bool {
    used.sensitive || run.snapshot.access.containers.iter().any(|one| one.objects.contains_key(&used.object))
}

fn allowed(effective: &Effective, used: &UsedObject) -> bool {
    let held: BTreeSet<ObjectGrant> = effective
        .objects
        .keys()
        .filter(|(object, _)| object.eq_ignore_ascii_case(&used.object))
        .map(|(_, grant)| *grant)
        .collect();
    let [reads_all, modifies_all] = ["ViewAllData", "ModifyAllData"]
        .map(|name| effective.permissions.get(name).is_some_and(|paths| !paths.is_empty()));
    modifies_all
        || (used.rights.is_empty() && (!held.is_empty() || reads_all))
        || (!used.rights.is_empty() && used.rights.iter().all(|right| allows(&held, reads_all, *right)))
}

fn allows(held: &BTreeSet<ObjectGrant>, reads_all: bool, right: Right) -> bool {
    use ObjectGrant::{Create, Delete, Edit, ModifyAllRecords, Read, ViewAllRecords};
    let any: &[ObjectGrant] = match right {
        Right::Create => &[Create],
        Right::Edit => &[Edit, Delete, ModifyAllRecords],
        Right::Delete => &[Delete, ModifyAllRecords],
        _ if reads_all => return true,
        _ => &[Read, Create, Edit, Delete, ViewAllRecords, ModifyAllRecords],
    };
    any.iter().any(|grant| held.contains(grant))
}

/// Sensitive objects that event logs show to be used, where no right on the object itself was seen.
pub(crate) fn sensitive_use(objects: &[String], used: &[UsedObject]) -> Option<Message> {
    let names = used.iter().filter(|used| used.sensitive).map(|used| &used.object);
    let unheld = names.filter(|name| !objects.iter().any(|object| object.eq_ignore_ascii_case(name)));
    let names: Vec<String> = unheld.cloned().collect();
    (!names.is_empty()).then(|| Message::new("least.sensitive-use").with("objects", names))
}
