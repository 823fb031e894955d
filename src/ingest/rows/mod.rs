//! Every shape of a record export becomes the same rows: dotted column names without case, texts, row numbers.

mod decode;
mod delimited;
mod json;
mod quotes;
mod surrogates;

use crate::ingest::long_text;
use crate::limits::Limits;
use crate::snapshot::{ProblemCode, Text};
use crate::text::spelling::composed;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How much text is shared together. A text that is kept keeps its buffer.
const BUFFER: usize = 1 << 18;

/// A place in a buffer or table; files are no larger.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Rows of one export.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Column names as written; cells refer to them by position.
    pub shown: Vec<String>,
    columns: BTreeMap<String, usize>,
    /// The same, to look one up.
    by_name: HashMap<String, usize, RandomState>,
    /// Columns by every spelling of their names that was met.
    spelled: HashMap<String, usize, RandomState>,
    pub rows: Vec<Row>,
    /// Cells of all rows, those of one row together and by column.
    cells: Vec<Cell>,
    /// Texts of the cells, one behind the other, in buffers that hold whole rows.
    buffers: Vec<Arc<String>>,
    /// The buffer that is being filled.
    text: String,
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
    /// Cells of which only the beginning is there: the first of each column, by its position.
    pub long: BTreeMap<usize, Long>,
    limits: Limits,
    /// The limit that it passes, with its value. Then it is not whole, and nothing of it is used.
    pub beyond: Option<(&'static str, u64)>,
}

/// Cells of one column that were cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Long {
    /// The row of the first one.
    pub row: u32,
    /// Characters of the first one.
    pub characters: usize,
    /// How many there are.
    pub count: usize,
}

/// Something odd in a file that was read nevertheless.
#[derive(Debug)]
pub(super) struct Note {
    pub line: u32,
    pub message: String,
    pub hint: &'static str,
}

/// One row; cells without a text are not there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Counted from 1; a header is not counted.
    pub number: u32,
    /// How many cells it has, and where the first of them stands.
    count: u32,
    first: usize,
    /// The buffer that holds its texts.
    buffer: u32,
}

/// Where the text of a cell stands in its buffer.
#[derive(Clone, Copy, Debug)]
struct Cell {
    column: u32,
    from: u32,
    to: u32,
}

/// What a file turned out to be.
#[derive(Debug)]
pub(super) enum Reading {
    Table(Box<Table>),
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
    /// An empty table that may become as large as the limits allow.
    fn within(limits: &Limits) -> Self {
        Self { limits: *limits, ..Self::default() }
    }

    /// The position of a column, made when it is new.
    fn column(&mut self, spelled: &str) -> usize {
        if let Some(position) = self.spelled.get(spelled) {
            return *position;
        }
        let shown = &*composed(spelled.trim());
        let next = self.shown.len();
        let name = shown.to_lowercase();
        if next as u64 >= self.limits.columns && !self.columns.contains_key(&name) {
            self.beyond = Some(("columns", self.limits.columns));
            return next;
        }
        let position = *self.columns.entry(name.clone()).or_insert(next);
        if position == next {
            self.by_name.insert(name, position);
            self.shown.push(shown.to_owned());
        }
        self.spelled.insert(spelled.to_owned(), position);
        position
    }

    /// Adds a row. Of cells of one column, whose keys differ in case alone, the first counts.
    fn push<'c>(&mut self, number: u32, cells: impl IntoIterator<Item = (usize, &'c str)>) {
        if self.rows.len() as u64 >= self.limits.rows {
            self.beyond = Some(("rows", self.limits.rows));
            return;
        }
        if self.text.len() > BUFFER {
            self.close();
        }
        let first = self.cells.len();
        for (column, text) in cells {
            let from = small(self.text.len());
            match long_text::cut(text, self.limits.text_length) {
                None => self.text.push_str(&composed(text)),
                Some(cut) => {
                    let characters = text.chars().count();
                    self.long.entry(column).or_insert(Long { row: number, characters, count: 0 }).count += 1;
                    self.text.push_str(&composed(&cut));
                }
            }
            self.cells.push(Cell { column: small(column), from, to: small(self.text.len()) });
        }
        let row = self.cells.get_mut(first..).unwrap_or_default();
        if !row.is_sorted_by(|a, b| a.column < b.column) {
            row.sort_by_key(|cell| cell.column);
            let mut last = None;
            let mut kept = self.cells.split_off(first);
            kept.retain(|cell| last.replace(cell.column) != Some(cell.column));
            self.cells.append(&mut kept);
        }
        self.rows.push(Row {
            number,
            count: small(self.cells.len() - first),
            first,
            buffer: small(self.buffers.len()),
        });
    }

    fn cells_of(&self, row: &Row) -> &[Cell] {
        self.cells.get(row.first..row.first + row.count as usize).unwrap_or_default()
    }

    fn text_of(&self, row: &Row, cell: &Cell) -> &str {
        let buffer = self.buffers.get(row.buffer as usize).map_or(&self.text, |buffer| &**buffer);
        buffer.get(cell.from as usize..cell.to as usize).unwrap_or_default()
    }

    /// Lets the texts so far be shared.
    fn close(&mut self) {
        self.text.shrink_to_fit();
        self.buffers.push(Arc::new(std::mem::take(&mut self.text)));
    }

    /// The table when it has all of its rows.
    fn closed(mut self) -> Self {
        self.close();
        self
    }

    /// Column names in lower case.
    pub(super) fn names(&self) -> Vec<&str> {
        self.columns.keys().map(String::as_str).collect()
    }

    /// A column's name as written, by its lower-case name.
    pub(super) fn as_written(&self, name: &str) -> Option<&str> {
        self.position(name).and_then(|column| self.shown.get(column)).map(String::as_str)
    }

    /// The text of a cell, by the lower-case name of its column; `None` when empty, null or not selected.
    pub(super) fn cell(&self, row: &Row, name: &str) -> Option<&str> {
        self.at(row, self.position(name)?)
    }

    /// The text of the cell in a column.
    pub(super) fn at(&self, row: &Row, column: usize) -> Option<&str> {
        let cells = self.cells_of(row);
        let at = cells.binary_search_by_key(&column, |cell| cell.column as usize).ok()?;
        cells.get(at).map(|cell| self.text_of(row, cell))
    }

    /// The text of the cell in a column, to be kept.
    pub(super) fn text(&self, row: &Row, column: usize) -> Option<Text> {
        let cells = self.cells_of(row);
        let at = cells.binary_search_by_key(&column, |cell| cell.column as usize).ok()?;
        let cell = cells.get(at)?;
        Some(match self.buffers.get(row.buffer as usize) {
            Some(buffer) => Text::part(buffer, cell.from, cell.to),
            None => self.text_of(row, cell).into(),
        })
    }

    /// Where a column stands, by its lower-case name: to look up once what every row is asked for.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The columns and texts of the cells of a row that have a text, by column.
    pub(super) fn filled(&self, row: &Row) -> impl Iterator<Item = (usize, &str)> {
        self.cells_of(row).iter().map(|cell| (cell.column as usize, self.text_of(row, cell)))
    }

    /// The cells of a row that have a text, with the names of their columns as written.
    pub(super) fn cells(&self, row: &Row) -> impl Iterator<Item = (&str, &str)> {
        self.filled(row).map(|(column, text)| (self.shown.get(column).map_or("", String::as_str), text))
    }

    /// Columns whose lower-case name starts so: position, name as written and in lower case.
    pub(super) fn starting<'t>(&'t self, lead: &'t str) -> impl Iterator<Item = (usize, &'t str, &'t str)> {
        self.columns
            .range(lead.to_owned()..)
            .take_while(move |(name, _)| name.starts_with(lead))
            .map(|(name, column)| (*column, self.shown.get(*column).map_or("", String::as_str), name.as_str()))
    }

    /// Takes the rows of sub-queries out into tables of their own, by the name of the relationship. Each child row has
    /// the number of its parent row, and the parent's id in the column that `link` names for the relationship.
    pub(super) fn children(&self, link: &dyn Fn(&str) -> Option<&'static str>) -> Vec<(String, Table)> {
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for row in &self.rows {
            let mut inner: BTreeMap<(&str, u32), Vec<(&str, &str)>> = BTreeMap::new();
            for (shown, text) in self.cells(row) {
                if let Some((relationship, rest)) = split_child(shown) {
                    match rest {
                        Child::Cell(index, name) => inner.entry((relationship, index)).or_default().push((name, text)),
                        Child::Total => {
                            let table =
                                tables.entry(relationship.to_lowercase()).or_insert_with(|| Self::within(&self.limits));
                            let total = text.parse::<usize>().unwrap_or_default();
                            table.announced = Some(table.announced.unwrap_or_default().saturating_add(total));
                        }
                        Child::Done => {
                            let table =
                                tables.entry(relationship.to_lowercase()).or_insert_with(|| Self::within(&self.limits));
                            table.done = Some(table.done.unwrap_or(true) && text.eq_ignore_ascii_case("true"));
                        }
                    }
                }
            }
            for ((relationship, _), cells) in inner {
                let table = tables.entry(relationship.to_lowercase()).or_insert_with(|| Self::within(&self.limits));
                let mut made: Vec<(usize, &str)> =
                    cells.into_iter().map(|(name, text)| (table.column(name), text)).collect();
                if let (Some(name), Some(id)) = (link(relationship), self.cell(row, "id")) {
                    let column = table.column(name);
                    if !made.iter().any(|(at, _)| *at == column) {
                        made.push((column, id));
                    }
                }
                table.push(row.number, made);
            }
        }
        tables.into_iter().map(|(name, table)| (name, table.closed())).collect()
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
