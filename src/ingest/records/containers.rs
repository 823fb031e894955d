//! Profiles, permission sets, groups and muting sets as records.

use crate::ingest::metadata::group_status;
use crate::ingest::part::{ContainerPart, Said};
use crate::ingest::values::{File, Record};
use crate::snapshot::{Container, ContainerKind, IpRange, Located, ObjectGrant, SfId, Switch};
use std::collections::BTreeMap;

/// A `Profile` row; `Name` is the name in Setup.
pub(super) fn profile(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let mut container = started(file, record, ContainerKind::Profile);
    if let Some(license) = record.text("userlicense.name") {
        container.license.push(license);
    }
    finish(file, record, record.cell("name").map(str::to_owned), container, said);
}

/// A `PermissionSet` row: a set, a profile's own set, or the calculated result of a group.
pub(super) fn permission_set(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let owned = record.switch(file, "isownedbyprofile").is_some_and(|owned| owned.value == Switch::On);
    let kind_of = |name: &str| record.cell("type").is_some_and(|kind| kind.eq_ignore_ascii_case(name));
    let profile_id = record.id(file, "profileid").map(|id| id.value);
    let group_id = record.id(file, "permissionsetgroupid").map(|id| id.value);
    if owned || kind_of("Profile") {
        let mut container = started(file, record, ContainerKind::Profile);
        container.ids.extend(profile_id);
        finish(file, record, record.cell("profile.name").map(str::to_owned), container, said);
    } else if kind_of("Group") || group_id.is_some() {
        let mut container = started(file, record, ContainerKind::Group);
        container.ids.extend(group_id);
        container.calculated = true;
        let name = record.api_name("permissionsetgroup.developername", "permissionsetgroup.namespaceprefix");
        finish(file, record, name, container, said);
    } else {
        let mut container = started(file, record, ContainerKind::PermissionSet);
        container.other_names.extend(record.cell("label").map(str::to_owned));
        if let Some(license) = record.text("license.name") {
            container.license.push(license);
        }
        if let Some(required) = record.switch(file, "hasactivationrequired") {
            container.activation_required.push(required);
        } else if kind_of("Session")
            && let Some(text) = record.text("type")
        {
            container.activation_required.push(Located::new(Switch::On, text.raw, text.at));
        }
        finish(file, record, record.api_name("name", "namespaceprefix"), container, said);
    }
}

/// A `MutingPermissionSet` row.
pub(super) fn muting(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let mut container = started(file, record, ContainerKind::Muting);
    container.other_names.extend(record.cell("masterlabel").map(str::to_owned));
    finish(file, record, record.api_name("developername", "namespaceprefix"), container, said);
}

/// A `PermissionSetGroup` row.
pub(super) fn group(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let mut container = Container::new(ContainerKind::Group, "");
    container.sources.push(record.at());
    container.ids.extend(record.id(file, "id").map(|id| id.value));
    container.other_names.extend(record.cell("masterlabel").map(str::to_owned));
    if let Some(status) = record.text("status") {
        container.status.push(Located::new(group_status(&status.value), status.raw, status.at));
    }
    if let Some(required) = record.switch(file, "hasactivationrequired") {
        container.activation_required.push(required);
    }
    finish(file, record, record.api_name("developername", "namespaceprefix"), container, said);
}

/// A container with the ids, the permission columns and the `Metadata` field of a row.
fn started(file: &mut File<'_>, record: &Record<'_>, kind: ContainerKind) -> Container {
    let mut container = Container::new(kind, "");
    container.sources.push(record.at());
    container.ids.extend(record.id(file, "id").map(|id| id.value));
    for (shown, name, cell) in record.table.starting(record.row, "permissions") {
        if name.contains('.') || name == "permissionsetgroupid" {
            continue;
        }
        let permission = canonical(shown.get("permissions".len()..).unwrap_or_default());
        if let Some(text) = cell {
            let granted = file.switch(shown, record.located(text));
            if granted.value == Switch::On {
                let granted = Located::new(true, granted.raw, granted.at);
                container.permissions.entry(permission.clone()).or_default().push(granted);
            }
        }
        container.record_columns.insert(permission);
    }
    tooling_metadata(file, record, &mut container);
    container
}

fn finish(file: &mut File<'_>, record: &Record<'_>, name: Option<String>, container: Container, said: &mut Vec<Said>) {
    if name.is_none() && container.ids.is_empty() {
        return file.unlinked(record.at(), "has neither a name nor an id", "select Id and the name of the object");
    }
    if let Some(name) = &name {
        let aliases = container.ids.iter().map(|id: &SfId| Said::Alias(container.kind, id.clone(), name.clone()));
        said.extend(aliases);
    }
    said.push(Said::Container(Box::new(ContainerPart { name, container })));
}

/// Permission names as Salesforce spells them, for headers that lost their case.
const NAMES: &str = include_str!("permission_names.txt");

fn canonical(name: &str) -> String {
    let mixed = name.bytes().any(|b| b.is_ascii_lowercase()) && name.bytes().any(|b| b.is_ascii_uppercase());
    if mixed {
        return name.to_owned(); // the header has kept its case
    }
    NAMES.lines().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name).to_owned()
}

/// Entries of a list inside the `Metadata` field, each with its cells by lower-case name.
fn entries<'r>(record: &Record<'r>, list: &str) -> Vec<BTreeMap<&'r str, &'r str>> {
    let lead = format!("metadata.{list}.");
    let mut found: BTreeMap<u32, BTreeMap<&'r str, &'r str>> = BTreeMap::new();
    let columns: Vec<&'r str> = record.table.names().into_iter().filter(|name| name.starts_with(&lead)).collect();
    for name in columns {
        let Some((index, field)) = name.get(lead.len()..).and_then(|rest| rest.split_once('.')) else { continue };
        if let (Ok(index), Some(text)) = (index.parse(), record.cell(name)) {
            found.entry(index).or_default().insert(field, text);
        }
    }
    found.into_values().collect()
}

/// The `Metadata` field that the Tooling API gives for a profile or permission set.
fn tooling_metadata(file: &mut File<'_>, record: &Record<'_>, container: &mut Container) {
    if container.kind == ContainerKind::Profile {
        let ranges: Vec<IpRange> = entries(record, "loginipranges").iter().map(|entry| range(record, entry)).collect();
        let stated_empty = record.cell("metadata.loginipranges") == Some("[]");
        if stated_empty || !ranges.is_empty() {
            let raw = ranges.first().map_or("[]", |range| range.start.raw.as_str()).to_owned();
            container.login_ranges.push(Located::new(ranges, raw, record.at()));
        }
    }
    for entry in entries(record, "userpermissions") {
        let (Some(name), Some(enabled)) = (entry.get("name"), entry.get("enabled")) else { continue };
        let enabled = file.switch("enabled", record.located(enabled));
        if enabled.value == Switch::On {
            let granted = Located::new(true, enabled.raw, enabled.at);
            container.permissions.entry((*name).to_owned()).or_default().push(granted);
        }
    }
    const GRANTS: &[(&str, ObjectGrant)] = &[
        ("allowread", ObjectGrant::Read),
        ("allowcreate", ObjectGrant::Create),
        ("allowedit", ObjectGrant::Edit),
        ("allowdelete", ObjectGrant::Delete),
        ("viewallrecords", ObjectGrant::ViewAllRecords),
        ("modifyallrecords", ObjectGrant::ModifyAllRecords),
        ("viewallfields", ObjectGrant::ViewAllFields),
    ];
    for entry in entries(record, "objectpermissions") {
        let Some(object) = entry.get("object") else { continue };
        for (field, grant) in GRANTS {
            if entry.get(field).is_some_and(|text| Switch::parse(text) == Switch::On) {
                let access = container.objects.entry((*object).to_owned()).or_default();
                access.grants.entry(*grant).or_default().push(record.at());
            }
        }
    }
}

fn range(record: &Record<'_>, entry: &BTreeMap<&str, &str>) -> IpRange {
    let address = |name: &str| record.located(entry.get(name).copied().unwrap_or_default());
    IpRange {
        start: address("startaddress"),
        end: address("endaddress"),
        description: entry.get("description").map(|text| (*text).to_owned()),
    }
}
