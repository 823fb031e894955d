//! Lists of components: what `sf org list metadata` answers.

use crate::ingest::file_facts::{FileFacts, Listed, Name, Said};
use crate::ingest::rows::Table;
use crate::ingest::values::{File, Record, with_namespace};
use crate::snapshot::{Kind, Locator, Place, SfId};
use crate::source::recognise;
use crate::text::spelling::component_name;
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
    let types = table.rows.iter().filter_map(|row| table.cell(row, "type"));
    let mut kinds: Vec<Kind> = types.filter_map(recognise::listed_type).collect();
    if table.rows.is_empty() {
        kinds.extend(recognise::listed_by_stem(path));
    }
    kinds.sort_unstable();
    kinds.dedup();
    let (at, whole) = (Locator::new(path, Place::File), table.done == Some(true));
    let lists = kinds.into_iter().map(|kind| Listed { of: kind.name(), name: None, at: at.clone(), whole });
    lists.map(|list| Said::Listed(Box::new(list))).collect()
}

/// A component. An app is part of the population even when no file of it was retrieved.
pub(super) fn component(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let Some(kind) = record.cell("type").and_then(recognise::listed_type) else { return };
    let Some(name) = record.cell("fullname") else {
        let hint = "list the components again with `sf org list metadata --json`";
        return file.unlinked(record.at(), "names no component", hint);
    };
    if kind == Kind::AppFile {
        super::apps::app(file, record, part);
    }
    let name = component_name(name);
    let space = record.cell("namespaceprefix");
    let name = with_namespace(&name, space);
    if let (Some(container), Some(id)) = (kind.container(), record.cell("id").and_then(SfId::parse))
        && !id.key().starts_with("000")
    {
        part.alias(container, id, &Name::Whole(name.as_str().into()));
    }
    if let (Some("unmanaged"), Some(own)) = (record.cell("manageablestate"), space) {
        part.said.push(Said::Namespace(own.to_owned()));
    }
    let name = Some(name);
    let whole = record.table.done == Some(true);
    part.said.push(Said::Listed(Box::new(Listed { of: kind.name(), name, at: record.at(), whole })));
}
