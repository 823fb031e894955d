//! Columns of user permissions, in whatever export they stand: with a set or profile itself, or with a row about
//! something else that leads to one (`PermissionSet.PermissionsModifyAllData` in an export of assignments).

use crate::ingest::file_facts::{ContainerFacts, Name, Said};
use crate::ingest::rows::Table;
use crate::ingest::values::{File, Record};
use crate::snapshot::{Container, ContainerKind, Lack, Open, SfId, Switch};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// The permission columns of an export under one path, looked up once for all of its rows.
pub(super) struct Columns {
    /// In the order of their lower-case names.
    told: Vec<Permission>,
    /// Where in `told` a column of the table is.
    places: BTreeMap<usize, usize>,
    /// All of them as what a row may leave open, in order.
    open: Arc<[Open]>,
}

struct Permission {
    /// Name of the column as written.
    shown: String,
    /// API name.
    name: Arc<str>,
    /// Where in `open` it stands.
    open: u32,
}

impl Columns {
    /// The columns of a table under a path (`profile.`).
    pub(super) fn under(table: &Table, path: &str) -> Self {
        let lead = format!("{path}{LEAD}");
        let (mut told, mut places) = (Vec::new(), BTreeMap::new());
        for (column, shown, name) in table.starting(&lead) {
            if name.get(path.len()..).is_some_and(is_permission) {
                places.insert(column, told.len());
                let name = canonical(shown.get(lead.len()..).unwrap_or_default());
                told.push(Permission { shown: shown.to_owned(), name: name.into(), open: 0 });
            }
        }
        let mut order: Vec<usize> = (0..told.len()).collect();
        order.sort_by(|a, b| told.get(*a).map(|one| &one.name).cmp(&told.get(*b).map(|one| &one.name)));
        let mut open: Vec<Open> = Vec::new();
        for at in order {
            let Some(one) = told.get_mut(at) else { continue };
            let what = Open::Permission(Some(one.name.to_string()));
            if open.last() != Some(&what) {
                open.push(what);
            }
            one.open = u32::try_from(open.len() - 1).unwrap_or(u32::MAX);
        }
        Self { told, places, open: open.into() }
    }

    /// Whether the export has no such columns.
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Adds what the columns say in a row: of permissions that are on every place, or only the `first` one.
    pub(super) fn read(&self, file: &mut File<'_>, record: &Record<'_>, first: bool, container: &mut Container) {
        if self.told.is_empty() {
            return;
        }
        let cells =
            record.table.filled(record.row).filter_map(|(column, text)| Some((*self.places.get(&column)?, text)));
        let mut cells: Vec<(usize, &str)> = cells.collect();
        cells.sort_unstable_by_key(|(at, _)| *at);
        let mut filled = Vec::with_capacity(cells.len());
        for (at, text) in cells {
            let Some(Permission { shown, name, open }) = self.told.get(at) else { continue };
            filled.push(*open);
            let told = file.switch(shown, record.located(text));
            match told.value {
                Switch::NotTold => {
                    let what = Open::Permission(Some(name.to_string()));
                    container.untold.note(what, Lack::Unknown, told.raw, told.at);
                    continue;
                }
                Switch::On => {
                    let places = container.permissions.entry(name.to_string()).or_default();
                    if places.is_empty() || !first {
                        places.push(told);
                    }
                }
                Switch::Off => {}
            }
            if !container.record_columns.contains(name) {
                container.record_columns.insert(Arc::clone(name));
            }
        }
        if filled.len() < self.open.len() {
            filled.sort_unstable();
            container.untold.note_blanks(&self.open, filled, record.at());
        }
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
    /// The columns of this export by their path, where there are any.
    columns: BTreeMap<&'static str, Columns>,
    parts: BTreeMap<(ContainerKind, String), ContainerFacts>,
}

impl Aside {
    /// Nothing yet, for the rows of a table.
    pub(super) fn of(table: &Table) -> Self {
        let columns = PATHS.into_iter().map(|path| (path, Columns::under(table, path)));
        Self { columns: columns.filter(|(_, columns)| !columns.is_empty()).collect(), parts: BTreeMap::new() }
    }

    /// Whether the export has no such columns, as nearly all.
    pub(super) fn is_idle(&self) -> bool {
        self.columns.is_empty()
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
        let Some(columns) = self.columns.get(path) else { return };
        let ids: Vec<SfId> = ids.iter().copied().flatten().copied().collect();
        let key =
            ids.first().map(|id| id.key().to_owned()).or_else(|| name.as_ref().map(|name| name.text().to_owned()));
        let Some(key) = key else {
            // What the cells say is of nothing, and what is wrong with them is wrong nevertheless.
            return columns.read(file, record, true, &mut Container::new(kind, ""));
        };
        let part = self.parts.entry((kind, key)).or_insert_with(|| {
            let mut container = Container::new(kind, "");
            container.sources.push(record.at());
            container.ids = ids;
            container.calculated = kind == ContainerKind::Group;
            ContainerFacts { name, container }
        });
        columns.read(file, record, true, &mut part.container);
    }

    /// What was read.
    pub(super) fn said(self) -> impl Iterator<Item = Said> {
        self.parts.into_values().map(|part| Said::Container(Box::new(part)))
    }
}
