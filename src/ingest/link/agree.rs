//! Copies of one component in several places. Of grants the union is the safe side; of what takes grants away it is the
//! intersection.

use crate::snapshot::{Container, ContainerKind, Located, ObjectGrant, Switch};
use std::collections::BTreeSet;

/// Leaves muted only what every copy mutes: of a muting set its permissions and rights, of a group its muting sets.
pub(super) fn on_muting(copies: &mut [Container]) {
    match copies {
        [] | [_] => {}
        [first, ..] if first.kind == ContainerKind::Muting => {
            permissions(copies);
            rights(copies);
        }
        [first, ..] if first.kind == ContainerKind::Group => muting_sets(copies),
        _ => {}
    }
}

/// Whether a copy tells that it does not mute a permission: a file lists all that it mutes, a row has a column.
fn leaves(copy: &Container, name: &str) -> bool {
    let told = copy.from_file || copy.record_columns.contains(name);
    told && !copy.permissions.contains_key(name)
}

/// A copy that does not mute a permission states it as off, so that the other copies do not stand alone.
fn permissions(copies: &mut [Container]) {
    let muted: BTreeSet<String> = copies.iter().flat_map(|copy| copy.permissions.keys()).cloned().collect();
    for copy in copies {
        let Some(at) = copy.sources.first().cloned() else { continue };
        for name in muted.iter().filter(|name| leaves(copy, name)).collect::<Vec<_>>() {
            copy.permissions.insert(name.clone(), vec![Located::new(Switch::Off, "", at.clone())]);
        }
    }
}

fn held(copy: &Container) -> BTreeSet<(String, ObjectGrant)> {
    let rights = copy.objects.iter();
    rights.flat_map(|(object, access)| access.grants.keys().map(|right| (object.clone(), *right))).collect()
}

fn rights(copies: &mut [Container]) {
    let Some(agreed) = copies.iter().filter(|copy| copy.from_file).map(held).reduce(|a, b| &a & &b) else { return };
    for copy in copies {
        for (object, access) in &mut copy.objects {
            access.grants.retain(|right, _| agreed.contains(&(object.clone(), *right)));
        }
        copy.objects.retain(|_, access| !access.grants.is_empty());
    }
}

fn muting_sets(copies: &mut [Container]) {
    let lists: Vec<Vec<_>> = copies
        .iter()
        .filter(|copy| copy.from_file)
        .map(|copy| copy.mutings.iter().map(|named| named.value.clone()).collect())
        .collect();
    for copy in copies.iter_mut().filter(|copy| copy.from_file) {
        copy.mutings.retain(|named| lists.iter().all(|list| list.contains(&named.value)));
    }
}
