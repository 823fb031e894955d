//! Columns of user permissions, in whatever export they stand: with a set or profile itself, or with a row about
//! something else that leads to one (`PermissionSet.PermissionsModifyAllData` in an export of assignments).

use crate::ingest::part::{ContainerPart, Name, Said};
use crate::ingest::rows::Table;
use crate::ingest::values::{File, Record};
use crate::snapshot::{Container, ContainerKind, Lack, Open, SfId, Switch};
use std::collections::BTreeMap;

/// How the name of a permission column starts.
const LEAD: &str = "permissions";
/// Under which names the columns stand in exports of something else.
const PATHS: [&str; 5] = ["profile.", "permissionset.", "permissionset.profile.", "assignee.profile.", "parent."];
/// Columns that start so and are no permissions.
const OTHERS: &[&str] = &["permissionsetgroupid", "permissionsetid"];

/// Whether a column, by its lower-case name without path, is a permission.
fn is_permission(column: &str) -> bool {
    column.starts_with(LEAD) && !column.contains('.') && !OTHERS.contains(&column)
}

/// Adds what the permission columns under a path (`profile.`) say.
pub(super) fn read(file: &mut File<'_>, record: &Record<'_>, path: &str, container: &mut Container) {
    let lead = format!("{path}{LEAD}");
    for (shown, name, cell) in record.table.starting(record.row, &lead) {
        if !name.get(path.len()..).is_some_and(is_permission) {
            continue;
        }
        let permission = canonical(shown.get(lead.len()..).unwrap_or_default());
        let Some(text) = cell else {
            container.untold.note(Open::Permission(Some(permission)), Lack::Empty, "", record.at());
            continue;
        };
        let told = file.switch(shown, record.located(text));
        match told.value {
            Switch::NotTold => {
                let what = Open::Permission(Some(permission));
                container.untold.note(what, Lack::Unknown, told.raw, told.at);
                continue;
            }
            Switch::On => container.permissions.entry(permission.clone()).or_default().push(told),
            Switch::Off => {}
        }
        container.record_columns.insert(permission);
    }
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

/// Containers of which rows about something else tell permissions. Many rows lead to one container, so each of them
/// is kept once, with the first place for each permission.
pub(super) struct Aside {
    /// Paths under which this export has columns.
    paths: Vec<&'static str>,
    parts: BTreeMap<(ContainerKind, String), ContainerPart>,
}

impl Aside {
    /// Nothing yet, for the rows of a table.
    pub(super) fn of(table: &Table) -> Self {
        let names = table.names();
        let has = |path: &&str| names.iter().any(|name| name.strip_prefix(path).is_some_and(is_permission));
        Self { paths: PATHS.into_iter().filter(has).collect(), parts: BTreeMap::new() }
    }

    /// Whether the export has no such columns, as nearly all.
    pub(super) fn is_idle(&self) -> bool {
        self.paths.is_empty()
    }

    /// Reads the columns under a path of a row that leads to a container by an id, by a name, or by both.
    pub(super) fn read(
        &mut self,
        file: &mut File<'_>,
        record: &Record<'_>,
        path: &str,
        kind: ContainerKind,
        ids: &[Option<&SfId>],
        name: Option<Name>,
    ) {
        if !self.paths.contains(&path) {
            return;
        }
        let mut said = Container::new(kind, "");
        read(file, record, path, &mut said);
        let ids: Vec<SfId> = ids.iter().copied().flatten().cloned().collect();
        let Some(key) =
            ids.first().map(|id| id.key().to_owned()).or_else(|| name.as_ref().map(|name| name.text().to_owned()))
        else {
            return;
        };
        let part = self.parts.entry((kind, key)).or_insert_with(|| {
            let mut container = Container::new(kind, "");
            container.sources.push(record.at());
            container.ids = ids;
            container.calculated = kind == ContainerKind::Group;
            ContainerPart { name, container }
        });
        for (permission, places) in said.permissions {
            part.container.permissions.entry(permission).or_insert(places);
        }
        part.container.record_columns.extend(said.record_columns);
        part.container.untold.unite(said.untold);
    }

    /// What was read.
    pub(super) fn said(self) -> impl Iterator<Item = Said> {
        self.parts.into_values().map(|part| Said::Container(Box::new(part)))
    }
}
