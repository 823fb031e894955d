//! The permission set to come to: what event logs show to be used, and what today's rights support, less what ignores
//! sharing and fields. What no log shows may be used all the same, so rights on it stay.

use super::{ObjectRights, Right, UsedObject};
use std::collections::BTreeMap;

/// One object of the set.
#[derive(Clone, Debug)]
pub struct Proposed<'a> {
    /// Its API name.
    pub object: &'a str,
    /// Rights on the object today; none when it is reached through a permission alone.
    pub held: Option<&'a ObjectRights>,
    /// What event logs show.
    pub used: Option<&'a UsedObject>,
    /// What the set grants.
    pub rights: Vec<Right>,
}

/// The objects of the set: sensitive ones and others that are used, then those that the user only has rights on.
#[must_use]
pub fn proposed<'a>(held: &'a [ObjectRights], used: &'a [UsedObject]) -> Vec<Proposed<'a>> {
    let named = held.iter().filter(|o| is_object(&o.object));
    let mut held: BTreeMap<String, &ObjectRights> = named.map(|o| (o.object.to_ascii_lowercase(), o)).collect();
    let used =
        used.iter().map(|used| (used.object.as_str(), held.remove(&used.object.to_ascii_lowercase()), Some(used)));
    let mut all: Vec<(&str, Option<&ObjectRights>, Option<&UsedObject>)> = used.collect();
    all.extend(held.into_values().map(|rights| (rights.object.as_str(), Some(rights), None)));
    all.into_iter().map(|(object, held, used)| Proposed { object, held, used, rights: rights(held, used) }).collect()
}

/// A row of an export may tell a right without its object; no file can grant that.
fn is_object(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The platform ties rights together (who deletes may edit, who edits or creates may read, who modifies all records does all
/// of it but create), so what a right brings along is granted too, and the set can be deployed. Deleting cannot be undone:
/// it is granted only where a log shows it.
fn rights(held: Option<&ObjectRights>, used: Option<&UsedObject>) -> Vec<Right> {
    let [create, edit, delete, all] = [Right::Create, Right::Edit, Right::Delete, Right::ModifyAll].map(|right| {
        let seen = used.is_some_and(|used| used.rights.contains(&right));
        (held.is_some_and(|held| held.holds(right)) || seen, seen)
    });
    let edit = edit.0 || delete.0 || all.0;
    let (create, delete) = (create.0, delete.1 || all.1);
    let all = [(Right::Read, true), (Right::Create, create), (Right::Edit, edit), (Right::Delete, delete)];
    all.into_iter().filter(|(_, on)| *on).map(|(right, _)| right).collect()
}
