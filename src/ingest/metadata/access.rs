//! Profiles, permission sets, their groups and muting sets.

use super::Item;
use crate::ingest::part::{ContainerPart, Said};
use crate::ingest::recognise;
use crate::ingest::values::File;
use crate::ingest::xml::Element;
use crate::snapshot::{Container, ContainerKind, ContainerRef, GroupStatus, Kind, Located, ObjectGrant, Seen, Switch};

/// `.profile`, `.permissionset` (whole or in pieces), `.mutingpermissionset`. In a muting set `true` means muted.
pub(super) fn container(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let kind = match item.meta.kind {
        Kind::ProfileFile => ContainerKind::Profile,
        Kind::MutingFile => ContainerKind::Muting,
        _ => ContainerKind::PermissionSet,
    };
    let root = item.root;
    let mut container = Container::new(kind, item.meta.name.clone());
    container.from_file = true;
    container.in_pieces = item.meta.piece || recognise::has_folder_of_its_own(file.path);
    container.sources.push(file.line(root.line));
    for permission in root.children("userPermissions") {
        user_permission(file, permission, &mut container);
    }
    for object in root.children("objectPermissions") {
        object_permission(file, object, &mut container);
    }
    match root.name {
        "UserPermission" => user_permission(file, root, &mut container),
        "ObjectPermission" => object_permission(file, root, &mut container),
        _ => {}
    }
    if kind == ContainerKind::Profile {
        let ranges: Vec<_> =
            root.children("loginIpRanges").map(|r| file.range(r, "startAddress", "endAddress")).collect();
        if let Some(first) = ranges.first() {
            let (raw, at) = (first.start.raw.clone(), first.start.at.clone());
            container.login_ranges.push(Located::new(ranges, raw, at));
        }
    } else if let Some(label) = file.text(root, "label") {
        container.other_names.insert(label.value);
    }
    activation(file, root, &mut container.activation_required);
    let license = if kind == ContainerKind::Profile { "userLicense" } else { "license" };
    if let Some(license) = file.text(root, license) {
        container.license.push(license);
    }
    vec![Said::Container(Box::new(ContainerPart { name: Some(item.meta.name.clone()), container }))]
}

/// `.permissionsetgroup`
pub(super) fn group(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let root = item.root;
    let mut group = Container::new(ContainerKind::Group, item.meta.name.clone());
    group.from_file = true;
    group.sources.push(file.line(root.line));
    let names = |name| {
        root.children(name).filter(|member| !member.text.is_empty()).map(|member| {
            let text = file.located(member);
            Located::new(ContainerRef::Name(text.value), text.raw, text.at)
        })
    };
    group.members.extend(names("permissionSets"));
    group.mutings.extend(names("mutingPermissionSets"));
    if let Some(label) = file.text(root, "label") {
        group.other_names.insert(label.value);
    }
    if let Some(status) = file.text(root, "status") {
        group.status.push(Located::new(group_status(&status.value), status.raw, status.at));
    }
    activation(file, root, &mut group.activation_required);
    vec![Said::Container(Box::new(ContainerPart { name: Some(item.meta.name.clone()), container: group }))]
}

/// Reads the status of a group, without case.
pub(in crate::ingest) fn group_status(text: &str) -> GroupStatus {
    if text.eq_ignore_ascii_case("Updated") { GroupStatus::Updated } else { GroupStatus::NotCurrent }
}

fn activation(file: &mut File<'_>, root: &Element<'_>, seen: &mut Seen<Switch>) {
    if let Some(required) = file.text(root, "hasActivationRequired") {
        seen.push(file.switch("hasActivationRequired", required));
    }
}

fn user_permission(file: &mut File<'_>, entry: &Element<'_>, container: &mut Container) {
    let (Some(name), Some(enabled)) = (file.text(entry, "name"), file.text(entry, "enabled")) else { return };
    let enabled = file.switch("enabled", enabled);
    if enabled.value == Switch::On {
        let granted = Located::new(true, enabled.raw, enabled.at);
        container.permissions.entry(name.value).or_default().push(granted);
    }
}

/// Rights on an object, and the elements that grant them.
const GRANTS: &[(&str, ObjectGrant)] = &[
    ("allowRead", ObjectGrant::Read),
    ("allowCreate", ObjectGrant::Create),
    ("allowEdit", ObjectGrant::Edit),
    ("allowDelete", ObjectGrant::Delete),
    ("viewAllRecords", ObjectGrant::ViewAllRecords),
    ("modifyAllRecords", ObjectGrant::ModifyAllRecords),
    ("viewAllFields", ObjectGrant::ViewAllFields),
];

fn object_permission(file: &mut File<'_>, entry: &Element<'_>, container: &mut Container) {
    let Some(object) = file.text(entry, "object") else { return };
    for (name, grant) in GRANTS {
        let Some(text) = file.text(entry, name) else { continue };
        let granted = file.switch(name, text);
        if granted.value == Switch::On {
            let access = container.objects.entry(object.value.clone()).or_default();
            access.grants.entry(*grant).or_default().push(granted.at);
        }
    }
}
