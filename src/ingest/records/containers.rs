//! Profiles, permission sets, groups and muting sets as records.

use super::permissions::{self, Aside};
use crate::ingest::file_facts::{ContainerFacts, FileFacts, Name, Said};
use crate::ingest::metadata::group_status;
use crate::ingest::rows::Table;
use crate::ingest::values::{File, Record};
use crate::snapshot::{Container, ContainerKind, IpRange, Lack, Located, ObjectRight, Open, Switch, UNNAMED_OBJECT};
use crate::text::spelling::component_name;
use std::collections::BTreeMap;

/// A `Profile` row; `Name` is the name in Setup.
pub(super) fn profile(columns: &Columns, file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let mut container = started(columns, file, record, ContainerKind::Profile);
    container.license.extend(record.owned("userlicense.name"));
    let api = record.cell("fullname").map(|name| Name::Whole(component_name(name).into()));
    if let (Some(id), Some(api)) = (container.ids.first(), &api) {
        part.alias(ContainerKind::Profile, *id, api);
    }
    finish(file, record, record.kept("name").map(Name::Bare).or(api), container, part);
}

/// A `PermissionSet` row: a set, a profile's own set, or the calculated result of a group.
pub(super) fn permission_set(
    columns: &Columns,
    file: &mut File<'_>,
    record: &Record<'_>,
    part: &mut FileFacts,
    aside: &mut Aside,
) {
    let owned = record.switch(file, "isownedbyprofile").map(|owned| owned.value);
    let stated = record.cell("type").unwrap_or_default();
    let profile_id = record.id(file, "profileid").map(|id| id.value);
    let group_id = record.id(file, "permissionsetgroupid").map(|id| id.value);
    let owned = match owned {
        Some(Switch::On) => true,
        Some(Switch::Off) => false,
        Some(Switch::NotTold) | None => profile_id.is_some(), // only a profile's own set has one
    };
    if owned || stated.eq_ignore_ascii_case("Profile") {
        let (ids, name) = ([profile_id.as_ref()], record.kept("profile.name").map(Name::Bare));
        aside.read(file, record, "profile.", ContainerKind::Profile, &ids, name);
        let mut container = started(columns, file, record, ContainerKind::Profile);
        container.ids.extend(profile_id);
        finish(file, record, record.kept("profile.name").map(Name::Bare), container, part);
    } else if stated.eq_ignore_ascii_case("Group") || group_id.is_some() {
        let mut container = started(columns, file, record, ContainerKind::Group);
        container.ids.extend(group_id);
        container.calculated = true;
        let name = record.api_name("permissionsetgroup.developername", "permissionsetgroup.namespaceprefix");
        finish(file, record, name, container, part);
    } else {
        let mut container = started(columns, file, record, ContainerKind::PermissionSet);
        container.other_names.extend(record.cell("label").map(str::to_owned));
        container.license.extend(record.owned("license.name"));
        if let Some(required) = record.switch(file, "hasactivationrequired") {
            container.activation_required.push(required);
        }
        if stated.eq_ignore_ascii_case("Session")
            && let Some(text) = record.owned("type")
        {
            container.activation_required.push(Located::new(Switch::On, text.raw, text.at));
        }
        finish(file, record, record.api_name("name", "namespaceprefix"), container, part);
    }
}

/// A `MutingPermissionSet` row.
pub(super) fn muting(columns: &Columns, file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let mut container = started(columns, file, record, ContainerKind::Muting);
    container.other_names.extend(record.cell("masterlabel").map(str::to_owned));
    finish(file, record, record.api_name("developername", "namespaceprefix"), container, part);
}

/// A `PermissionSetGroup` row.
pub(super) fn group(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let mut container = Container::new(ContainerKind::Group, "");
    container.sources.push(record.at());
    container.ids.extend(record.id(file, "id").map(|id| id.value));
    container.other_names.extend(record.cell("masterlabel").map(str::to_owned));
    if let Some(status) = record.owned("status") {
        container.status.push(Located::new(group_status(&status.value), status.raw, status.at));
    }
    container.activation_required.extend(record.switch(file, "hasactivationrequired"));
    finish(file, record, record.api_name("developername", "namespaceprefix"), container, part);
}

/// A container with the ids, the permission columns and the `Metadata` field of a row.
fn started(columns: &Columns, file: &mut File<'_>, record: &Record<'_>, kind: ContainerKind) -> Container {
    let mut container = Container::new(kind, "");
    container.sources.push(record.at());
    container.ids.extend(record.id(file, "id").map(|id| id.value));
    columns.permissions.read(file, record, false, &mut container);
    tooling_metadata(columns, file, record, &mut container);
    container
}

fn finish(file: &mut File<'_>, record: &Record<'_>, name: Option<Name>, container: Container, part: &mut FileFacts) {
    if name.is_none() && container.ids.is_empty() {
        return file.unlinked(record.at(), "has neither a name nor an id", "select Id and the name of the object");
    }
    if let Some(name) = &name {
        container.ids.iter().for_each(|id| part.alias(container.kind, *id, name));
    }
    part.said.push(Said::Container(Box::new(ContainerFacts { name, container })));
}

/// The columns of an export of containers that are looked up once for all of its rows.
pub(super) struct Columns {
    permissions: permissions::Columns,
    /// Columns of the lists in the `Metadata` field.
    lists: BTreeMap<usize, Field>,
}

/// A cell of an entry in a list of the `Metadata` field.
struct Field {
    list: &'static str,
    entry: u32,
    /// In lower case.
    name: String,
}

/// The lists of the `Metadata` field that are read.
const RANGES: &str = "loginipranges";
const USER_PERMISSIONS: &str = "userpermissions";
const OBJECT_PERMISSIONS: &str = "objectpermissions";

impl Columns {
    pub(super) fn of(table: &Table) -> Self {
        let mut lists = BTreeMap::new();
        for list in [RANGES, USER_PERMISSIONS, OBJECT_PERMISSIONS] {
            let lead = format!("metadata.{list}.");
            for (column, _, name) in table.starting(&lead) {
                let field = name.get(lead.len()..).and_then(|rest| rest.split_once('.'));
                if let Some((entry, name)) = field.and_then(|(entry, name)| Some((entry.parse().ok()?, name))) {
                    lists.insert(column, Field { list, entry, name: name.to_owned() });
                }
            }
        }
        Self { permissions: permissions::Columns::under(table, ""), lists }
    }

    /// The entries of the lists that a row holds, each with its cells by lower-case name.
    fn entries<'r>(&'r self, record: &Record<'r>) -> BTreeMap<&'static str, Vec<Entry<'r>>> {
        let mut found: BTreeMap<(&str, u32), Entry<'r>> = BTreeMap::new();
        if !self.lists.is_empty() {
            for (column, text) in record.table.filled(record.row) {
                if let Some(Field { list, entry, name }) = self.lists.get(&column) {
                    found.entry((list, *entry)).or_default().insert(name, text);
                }
            }
        }
        let mut lists: BTreeMap<&str, Vec<Entry<'r>>> = BTreeMap::new();
        for ((list, _), entry) in found {
            lists.entry(list).or_default().push(entry);
        }
        lists
    }
}

type Entry<'r> = BTreeMap<&'r str, &'r str>;

/// The `Metadata` field that the Tooling API gives for a profile or permission set.
fn tooling_metadata(columns: &Columns, file: &mut File<'_>, record: &Record<'_>, container: &mut Container) {
    let mut lists = columns.entries(record);
    if container.kind == ContainerKind::Profile {
        let ranges: Vec<IpRange> = lists.remove(RANGES).iter().flatten().map(|entry| range(record, entry)).collect();
        let stated_empty = record.cell("metadata.loginipranges") == Some("[]");
        if stated_empty || !ranges.is_empty() {
            let raw = ranges.first().map_or("[]", |range| range.start.raw.as_str()).to_owned();
            container.login_ranges.push(Located::new(ranges, raw, record.at()));
        }
    }
    for entry in lists.remove(USER_PERMISSIONS).into_iter().flatten() {
        let name = entry.get("name").map(|name| (*name).to_owned());
        match (name, told(file, record, &entry, "enabled")) {
            (Some(name), Ok(enabled)) => container.permissions.entry(name).or_default().push(enabled),
            (Some(name), Err(lack)) => {
                container.untold.note(Open::Permission(Some(name)), lack.value, lack.raw, lack.at);
            }
            (None, _) => container.untold.note(Open::Permission(None), Lack::Empty, "", record.at()),
        }
    }
    // Columns of the Tooling API are elements of metadata, and columns are looked up in lower case.
    let fields = ObjectRight::ALL.map(|right| (right, right.element.to_ascii_lowercase()));
    for entry in lists.remove(OBJECT_PERMISSIONS).into_iter().flatten() {
        let object = entry.get("object").copied().unwrap_or(UNNAMED_OBJECT);
        if object == UNNAMED_OBJECT {
            container.untold.note(Open::Object, Lack::Empty, "", record.at());
        }
        for (right, field) in &fields {
            match told(file, record, &entry, field) {
                Ok(granted) if granted.value == Switch::On => {
                    let access = container.objects.entry(object.to_owned()).or_default();
                    access.grants.entry(right.grant).or_default().push(record.at());
                }
                Ok(_) => {}
                Err(lack) if lack.value == Lack::Empty && right.is_recent() => {}
                Err(lack) => {
                    let what = Open::Right(right.grant, Some(object.to_owned()));
                    container.untold.note(what, lack.value, lack.raw, lack.at);
                }
            }
        }
    }
}

/// The boolean of an entry, or why it does not tell one.
fn told(
    file: &mut File<'_>,
    record: &Record<'_>,
    entry: &BTreeMap<&str, &str>,
    field: &str,
) -> Result<Located<Switch>, Located<Lack>> {
    let Some(text) = entry.get(field) else { return Err(Located::new(Lack::Empty, "", record.at())) };
    let switch = file.switch(field, record.located(text));
    if switch.value.is_told() { Ok(switch) } else { Err(Located::new(Lack::Unknown, switch.raw, switch.at)) }
}

fn range(record: &Record<'_>, entry: &BTreeMap<&str, &str>) -> IpRange {
    let [start, end] =
        ["startaddress", "endaddress"].map(|name| record.located(entry.get(name).copied().unwrap_or_default()));
    IpRange { start, end, description: entry.get("description").map(|text| (*text).to_owned()) }
}
