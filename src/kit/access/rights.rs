//! Rights per object, with the entries that grant them.

use super::collect::{Effective, Path};
use super::telling::Activation;
use crate::kit::access::Privilege;
use crate::model::{EvidenceItem, HeldRight, ObjectRights, Right, UsedObject, proposed};
use crate::snapshot::ObjectGrant;
use std::collections::BTreeMap;
use std::sync::Arc;

fn word_of(grant: ObjectGrant) -> Right {
    match grant {
        ObjectGrant::Read => Right::Read,
        ObjectGrant::Create => Right::Create,
        ObjectGrant::Edit => Right::Edit,
        ObjectGrant::Delete => Right::Delete,
        ObjectGrant::ViewAllRecords => Right::ViewAll,
        ObjectGrant::ModifyAllRecords => Right::ModifyAll,
        ObjectGrant::ViewAllFields => Right::ViewAllFields,
    }
}

fn grant_of(right: Right) -> ObjectGrant {
    match right {
        Right::Read => ObjectGrant::Read,
        Right::Create => ObjectGrant::Create,
        Right::Edit => ObjectGrant::Edit,
        Right::Delete => ObjectGrant::Delete,
        Right::ViewAll => ObjectGrant::ViewAllRecords,
        Right::ModifyAll => ObjectGrant::ModifyAllRecords,
        Right::ViewAllFields => ObjectGrant::ViewAllFields,
    }
}

/// Permissions of a user who calls the API and does nothing else.
const API: [&str; 2] = ["ApiEnabled", "ApiUserOnly"];

/// Adds what the proposed permission set grants: the API, and rights on objects that ignore neither sharing nor field
/// security. Of more than `most` objects somebody has to choose, so none is added.
pub(crate) fn add_minimal(held: &mut Effective, today: &Privilege, used: &[UsedObject], most: usize) {
    let path = Path { steps: Vec::new(), activation: Activation::Not };
    for name in API {
        held.permissions.entry(name.to_owned()).or_default().push(path.clone());
    }
    let objects = proposed(&today.rights.object_rights, used);
    for object in objects.iter().filter(|_| objects.len() <= most) {
        for right in &object.rights {
            held.objects.entry((object.object.to_owned(), grant_of(*right))).or_default().push(path.clone());
        }
    }
}

/// What a right is read from: the file with its container, or the row.
type Entry = (Arc<str>, Option<u32>);

fn entry(item: &EvidenceItem) -> Entry {
    (Arc::clone(&item.path), item.row)
}

/// The effective rights on each object. An entry is cited once for all its rights: a row as a whole, an element of a
/// file at the first of its lines that grants something. Otherwise the register would list each object several times.
pub(crate) fn object_rights(objects: &BTreeMap<(String, ObjectGrant), Vec<Path>>) -> Vec<ObjectRights> {
    let mut all: BTreeMap<&str, BTreeMap<Right, &[Path]>> = BTreeMap::new();
    for ((object, grant), paths) in objects {
        all.entry(object).or_default().insert(word_of(*grant), paths);
    }
    all.into_iter().map(|(object, rights)| of_object(object, &rights)).collect()
}

fn of_object(object: &str, rights: &BTreeMap<Right, &[Path]>) -> ObjectRights {
    let mut entries: BTreeMap<Entry, EvidenceItem> = BTreeMap::new();
    for item in rights.values().flat_map(|paths| items(paths)) {
        let known = entries.entry(entry(item)).or_insert_with(|| item.clone());
        if item.line < known.line {
            known.clone_from(item);
        }
    }
    for item in entries.values_mut().filter(|item| item.row.is_some()) {
        *item = EvidenceItem {
            setting: "SobjectType".to_owned(),
            seen: Some(object.to_owned()),
            unseen: None,
            ..item.clone()
        };
    }
    let held = rights.iter().map(|(right, paths)| {
        let mut cited: Vec<EvidenceItem> = items(paths).filter_map(|item| entries.get(&entry(item))).cloned().collect();
        cited.sort();
        cited.dedup();
        let on_activation = paths.iter().all(Path::on_activation);
        HeldRight { right: *right, on_activation, evidence: Vec::new(), items: cited }
    });
    ObjectRights { object: object.to_owned(), rights: held.collect() }
}

/// Where the right itself stands, for each of its paths.
fn items(paths: &[Path]) -> impl Iterator<Item = &EvidenceItem> {
    paths.iter().filter_map(|path| path.steps.first()).filter_map(|step| step.item.as_ref())
}
