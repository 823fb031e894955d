//! Profiles, permission sets, their groups and muting sets.

use super::Item;
use crate::ingest::file_facts::{ContainerFacts, Name, Piece, Said};
use crate::ingest::values::File;
use crate::ingest::xml::Element;
use crate::snapshot::{
    Container, ContainerKind, ContainerRef, GroupStatus, Kind, Lack, Located, Locator, ObjectRight, Open, Switch,
    UNNAMED_OBJECT,
};
use crate::source::recognise::{self, Metadata};
use std::collections::BTreeMap;

/// The container of which a file cannot be read. It is there, and what the file holds of it is not known.
pub(super) fn unread(file: &File<'_>, meta: &Metadata, place: Locator) -> Option<Said> {
    let mut container = Container::new(file.kind.container()?, meta.name.clone());
    container.sources.push(place.clone());
    container.unread.push(place);
    Some(said(meta, None, container))
}

/// What a file says of a component: as a whole, or as one of its pieces.
fn said(meta: &Metadata, kind: Option<ContainerKind>, container: Container) -> Said {
    if meta.piece {
        return Said::Piece(Box::new(Piece { kind, container }));
    }
    Said::Container(Box::new(ContainerFacts { name: Some(Name::Whole(meta.name.as_str().into())), container }))
}

/// `.profile`, `.permissionset` (whole or in pieces), `.mutingpermissionset`. In a muting set `true` means muted.
pub(super) fn container(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let kind = item.meta.kind.container().unwrap_or(ContainerKind::PermissionSet);
    let root = item.root;
    let mut container = Container::new(kind, item.meta.name.clone());
    container.from_file = true;
    container.in_pieces = item.meta.piece;
    container.sources.push(file.line(root.line));
    for permission in root.children("userPermissions") {
        user_permission(file, permission, &mut container);
    }
    for object in root.children("objectPermissions") {
        object_permission(file, object, &mut container);
    }
    said_twice(&mut container);
    objects_twice(file, root, &mut container);
    // The root of a piece is the element that the whole repeats.
    let element = root.name.trim_end_matches('s').to_ascii_lowercase();
    if element == "userpermission" {
        user_permission(file, root, &mut container);
    } else if element == "objectpermission" {
        object_permission(file, root, &mut container);
    }
    if kind == ContainerKind::Profile || item.meta.piece {
        let own = (element == "loginiprange").then_some(root);
        let blocks = own.into_iter().chain(root.children("loginIpRanges"));
        let ranges: Vec<_> = blocks.map(|range| file.range(range, "startAddress", "endAddress")).collect();
        if let Some(first) = ranges.first() {
            let (raw, at) = (first.start.raw.clone(), first.start.at.clone());
            container.login_ranges.push(Located::new(ranges, raw, at));
        }
        if let Some(custom) = file.text(root, "custom") {
            container.custom.push(file.switch("custom", custom));
        }
    } else if let Some(label) = file.text(root, "label") {
        container.other_names.insert(label.value);
    }
    container.activation_required.extend(file.switch_in(root, "hasActivationRequired"));
    let license = if kind == ContainerKind::Profile { "userLicense" } else { "license" };
    container.license.extend(file.text(root, license));
    let told_by_root = recognise::listed_type(root.name).and_then(Kind::container);
    vec![said(item.meta, told_by_root, container)]
}

/// `.permissionsetgroup`
pub(super) fn group(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let root = item.root;
    let mut group = Container::new(ContainerKind::Group, item.meta.name.clone());
    group.from_file = true;
    group.sources.push(file.line(root.line));
    for (name, muting) in [("permissionSets", false), ("mutingPermissionSets", true)] {
        for member in root.children(name) {
            let text = file.located(member);
            if text.value.is_empty() {
                group.untold.note(Open::Member, Lack::Empty, text.raw, text.at);
                continue;
            }
            let named = Located::new(ContainerRef::Name(text.value.into()), text.raw, text.at);
            if muting { group.mutings.push(named) } else { group.members.push(named) }
        }
    }
    if let Some(label) = file.text(root, "label") {
        group.other_names.insert(label.value);
    }
    if root.child("status").is_some() {
        group.status.push(match file.once(root, "status") {
            Ok(status) => Located::new(group_status(&status.value), status.raw, status.at),
            Err(lack) => Located::new(GroupStatus::NotCurrent, lack.raw, lack.at),
        });
    }
    group.activation_required.extend(file.switch_in(root, "hasActivationRequired"));
    vec![said(item.meta, None, group)]
}

/// Reads the status of a group, without case.
pub(in crate::ingest) fn group_status(text: &str) -> GroupStatus {
    if text.eq_ignore_ascii_case("Updated") { GroupStatus::Updated } else { GroupStatus::NotCurrent }
}

fn user_permission(file: &mut File<'_>, entry: &Element<'_>, container: &mut Container) {
    let enabled = file.told(entry, "enabled");
    let (name, lack) = match (file.once(entry, "name"), enabled) {
        (Ok(name), Ok(enabled)) => return container.permissions.entry(name.value).or_default().push(enabled),
        (Ok(name), Err(lack)) => (Some(name.value), lack),
        (Err(lack), _) => (None, lack),
    };
    container.untold.note(Open::Permission(name), lack.value, lack.raw, lack.at);
}

/// Permissions that one file states both as on and as off: each of them is in doubt.
fn said_twice(container: &mut Container) {
    for (name, places) in &container.permissions {
        let first = places.first().map(|place| place.value);
        if let Some(other) = places.iter().find(|place| Some(place.value) != first) {
            let what = Open::Permission(Some(name.clone()));
            container.untold.note(what, Lack::Twice, other.raw.clone(), other.at.clone());
        }
    }
}

fn object_permission(file: &mut File<'_>, entry: &Element<'_>, container: &mut Container) {
    let object = match file.once(entry, "object") {
        Ok(object) => object.value,
        Err(lack) => {
            container.untold.note(Open::Object, lack.value, lack.raw, lack.at);
            UNNAMED_OBJECT.to_owned()
        }
    };
    let missing =
        ObjectRight::ALL.into_iter().filter(|right| !right.is_recent() && entry.child(right.element).is_none());
    file.lacks(entry, missing.map(|right| right.element).collect());
    for right in ObjectRight::ALL {
        let told = match entry.child(right.element) {
            None if right.is_recent() => continue,
            None => Err(Located::new(Lack::Missing, "", file.line(entry.line))),
            Some(_) => file.told(entry, right.element),
        };
        match told {
            Ok(granted) if granted.value == Switch::On => {
                let access = container.objects.entry(object.clone()).or_default();
                access.grants.entry(right.grant).or_default().push(granted.at);
            }
            Ok(_) => {}
            Err(lack) => {
                let what = Open::Right(right.grant, Some(object.clone()));
                container.untold.note(what, lack.value, lack.raw, lack.at);
            }
        }
    }
}

fn stated(block: &Element<'_>, name: &str) -> Option<Switch> {
    block.child(name).map(|one| Switch::parse(&one.text))
}

/// Rights of which two blocks on one object say different things.
fn objects_twice(file: &File<'_>, root: &Element<'_>, container: &mut Container) {
    let mut first: BTreeMap<&str, &Element<'_>> = BTreeMap::new();
    for block in root.children("objectPermissions") {
        let Some(object) = block.child("object") else { continue };
        let Some(known) = first.insert(&object.text, block) else { continue };
        for ObjectRight { grant, element: name, .. } in ObjectRight::ALL {
            if stated(known, name) != stated(block, name) {
                let what = Open::Right(grant, Some(object.text.clone()));
                let (raw, line) = block.child(name).map_or(("", block.line), |one| (&one.raw, one.line));
                container.untold.note(what, Lack::Twice, raw, file.line(line));
            }
        }
    }
}
