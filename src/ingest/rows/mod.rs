//! Every shape of a record export becomes the same rows: dotted column names without case, texts, row numbers.

mod decode;
mod delimited;
mod json;
mod quotes;
mod surrogates;

use crate::ingest::spelling::composed;
use crate::snapshot::ProblemCode;
use std::collections::BTreeMap;

/// Rows of one export.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Column names as written; cells refer to them by position.
    pub shown: Vec<String>,
    columns: BTreeMap<String, usize>,
    pub rows: Vec<Row>,
    /// Rows that the export says there are.
    pub announced: Option<usize>,
    /// Whether the export says that it is finished.
    pub done: Option<bool>,
    /// Object that the rows say they are of.
    pub object: Option<String>,
    /// Whether it is a list of components, not of records. The list is `done` when it is a command's answer as it stands.
    pub listing: bool,
    /// Rows that were left out because their cells do not fit the header.
    pub ragged: Vec<u32>,
    /// What had to be mended so that the file could be read.
    pub note: Option<Note>,
}

/// Something odd in a file that was read nevertheless.
#[derive(Debug)]
pub(super) struct Note {
    pub line: u32,
    pub message: String,
    pub hint: &'static str,
}

/// One row; cells without a text are not there.
#[derive(Debug)]
pub(super) struct Row {
    /// Counted from 1; a header is not counted.
    pub number: u32,
    cells: Vec<(usize, String)>,
}

impl Row {
    /// The text of the cell in a column.
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        let at = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.cells.get(at).map(|(_, text)| text.as_str())
    }
}

/// What a file turned out to be.
#[derive(Debug)]
pub(super) enum Reading {
    /// An export.
    Table(Table),
    /// Something else, or an export that cannot be used.
    Fault(Fault),
    /// No export.
    Other,
}

/// Why an export cannot be used.
#[derive(Debug)]
pub(super) struct Fault {
    pub line: u32,
    pub column: u32,
    pub code: ProblemCode,
    pub message: String,
    pub hint: &'static str,
    /// Object of the rows, when it could be read.
    pub object: Option<String>,
    /// Names of its columns in lower case, as far as they could be read: they may tell what it would be.
    pub headings: Vec<String>,
    /// Whether the file is surely an export, whatever its name.
    pub sure: bool,
}

impl Fault {
    /// A fault of an export.
    fn new(code: ProblemCode, message: impl Into<String>, hint: &'static str) -> Self {
        Self { sure: true, ..Self::of_file(code, message, hint) }
    }

    /// A fault of a file that may be anything.
    fn of_file(code: ProblemCode, message: impl Into<String>, hint: &'static str) -> Self {
        let (message, headings) = (message.into(), Vec::new());
        Self { line: 0, column: 0, code, message, hint, object: None, headings, sure: false }
    }

    fn with(self, headings: Vec<String>) -> Self {
        Self { headings, ..self }
    }
}

pub(super) use delimited::read as csv;
pub(super) use json::{lines as json_lines, read as json};

impl Table {
    /// The position of a column, made when it is new.
    fn column(&mut self, shown: &str) -> usize {
        let shown = &*composed(shown.trim());
        let name = shown.to_lowercase();
        let next = self.shown.len();
        let position = *self.columns.entry(name).or_insert(next);
        if position == next {
            self.shown.push(shown.to_owned());
        }
        position
    }

    fn push(&mut self, number: u32, mut cells: Vec<(usize, String)>) {
        cells.sort_by_key(|(column, _)| *column);
        cells.dedup_by_key(|(column, _)| *column); // keys that differ in case alone
        for (_, text) in cells.iter_mut().filter(|(_, text)| !text.is_ascii()) {
            *text = composed(text).into_owned();
        }
        self.rows.push(Row { number, cells });
    }

    /// Column names in lower case.
    pub(super) fn names(&self) -> Vec<&str> {
        self.columns.keys().map(String::as_str).collect()
    }

    /// A column's name as written, by its lower-case name.
    pub(super) fn as_written(&self, name: &str) -> Option<&str> {
        self.columns.get(name).and_then(|column| self.shown.get(*column)).map(String::as_str)
    }

    /// The text of a cell, by the lower-case name of its column; `None` when empty, null or not selected.
    pub(super) fn cell<'r>(&self, row: &'r Row, name: &str) -> Option<&'r str> {
        row.text(self.position(name)?)
    }

    /// Where a column stands, by its lower-case name: to look up once what every row is asked for.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// The cells of a row that have a text, with the names of their columns as written.
    pub(super) fn cells<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = (&'t str, &'t str)> {
        row.cells.iter().map(|(column, text)| (self.shown.get(*column).map_or("", String::as_str), text.as_str()))
    }

    /// Columns, as written and in lower case, whose lower-case name starts so; with their cells in this row.
    pub(super) fn starting<'t>(
        &'t self,
        row: &'t Row,
        lead: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t str, Option<&'t str>)> {
        self.columns.range(lead.to_owned()..).take_while(move |(name, _)| name.starts_with(lead)).map(
            move |(name, column)| {
                let shown = self.shown.get(*column).map_or("", String::as_str);
                (shown, name.as_str(), self.cell(row, name))
            },
        )
    }

    /// Takes the rows of sub-queries out into tables of their own, by the name of the relationship. Each child row has
    /// the number of its parent row, and the parent's id in the column that `link` names for the relationship.
    pub(super) fn children(&self, link: &dyn Fn(&str) -> Option<&'static str>) -> Vec<(String, Table)> {
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for row in &self.rows {
            let mut inner: BTreeMap<(&str, u32), Vec<(&str, &str)>> = BTreeMap::new();
            for (column, text) in &row.cells {
                let Some(shown) = self.shown.get(*column) else { continue };
                if let Some((relationship, rest)) = split_child(shown) {
                    match rest {
                        Child::Cell(index, name) => inner.entry((relationship, index)).or_default().push((name, text)),
                        Child::Total => {
                            let table = tables.entry(relationship.to_lowercase()).or_default();
                            let total = text.parse::<usize>().unwrap_or_default();
                            table.announced = Some(table.announced.unwrap_or_default().saturating_add(total));
                        }
                        Child::Done => {
                            let table = tables.entry(relationship.to_lowercase()).or_default();
                            table.done = Some(table.done.unwrap_or(true) && text.eq_ignore_ascii_case("true"));
                        }
                    }
                }
            }
            for ((relationship, _), cells) in inner {
                let table = tables.entry(relationship.to_lowercase()).or_default();
                let mut made: Vec<(usize, String)> =
                    cells.into_iter().map(|(name, text)| (table.column(name), text.to_owned())).collect();
                if let (Some(name), Some(id)) = (link(relationship), self.cell(row, "id")) {
                    let column = table.column(name);
                    if !made.iter().any(|(at, _)| *at == column) {
                        made.push((column, id.to_owned()));
                    }
                }
                table.push(row.number, made);
            }
        }
        tables.into_iter().collect()
    }
}

enum Child<'a> {
    Cell(u32, &'a str),
    Total,
    Done,
}

/// `Relationship.records.3.Name` is the cell `Name` of the fourth row of a sub-query.
fn split_child(shown: &str) -> Option<(&str, Child<'_>)> {
    let (relationship, rest) = shown.split_once('.')?;
    if rest.eq_ignore_ascii_case("totalSize") {
        return Some((relationship, Child::Total));
    }
    if rest.eq_ignore_ascii_case("done") {
        return Some((relationship, Child::Done));
    }
    let (records, rest) = rest.split_once('.')?;
    let (index, name) = rest.split_once('.')?;
    records.eq_ignore_ascii_case("records").then_some(())?;
    Some((relationship, Child::Cell(index.parse().ok()?, name)))
}

/// A count as a row number.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}
