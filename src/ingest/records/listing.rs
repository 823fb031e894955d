//! Lists of components: what `sf org list metadata` answers.

use crate::ingest::part::{Listed, Said};
use crate::ingest::recognise;
use crate::ingest::rows::Table;
use crate::ingest::values::{File, Record, with_namespace};
use crate::snapshot::{Kind, Locator, Place};
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// Whether the rows, or for a list without rows the name of its file, are of a type that is read.
pub(super) fn is_of_use(table: &Table, path: &str) -> bool {
    if table.rows.is_empty() {
        return table.done == Some(true) && recognise::listed_by_stem(path).is_some();
    }
    table.object.as_deref().is_some_and(|name| recognise::listed_type(name).is_some())
}

/// The lists that a file holds, also when they are empty.
pub(super) fn of_file(table: &Table, path: &Arc<str>) -> Vec<Said> {
    let row_type = |row| table.cell(row, "type").and_then(recognise::listed_type);
    let mut kinds: Vec<Kind> = table.rows.iter().filter_map(row_type).collect();
    if table.rows.is_empty() {
        kinds.extend(recognise::listed_by_stem(path));
    }
    kinds.sort_unstable();
    kinds.dedup();
    let list = |kind: Kind| {
        let at = Locator::new(path, Place::File);
        Said::Listed(Box::new(Listed { of: kind.name(), name: None, at, whole: table.done == Some(true) }))
    };
    kinds.into_iter().map(list).collect()
}

/// A component. An app is part of the population even when no file of it was retrieved.
pub(super) fn component(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let Some(kind) = record.cell("type").and_then(recognise::listed_type) else { return };
    let Some(name) = record.cell("fullname") else {
        let hint = "list the components again with `sf org list metadata --json`";
        return file.unlinked(record.at(), "names no component", hint);
    };
    if kind == Kind::AppFile {
        super::apps::app(file, record, said);
    }
    let name = percent_decode_str(name).decode_utf8_lossy();
    let name = Some(with_namespace(&name, record.cell("namespaceprefix")));
    let whole = record.table.done == Some(true);
    said.push(Said::Listed(Box::new(Listed { of: kind.name(), name, at: record.at(), whole })));
}
