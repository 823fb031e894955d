//! A tracker in memory: header and rows in the order that people gave them.

use crate::table::cells::SEPARATOR;
use crate::table::columns::{AT, Column, FINDINGS, Kind, Owner};
use crate::table::{Heading, Row, Table};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A tracker as read or merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracker {
    /// Headings, user-added ones included.
    pub header: Vec<String>,
    /// Rows.
    pub rows: Vec<Line>,
    /// The workbook that it was read from.
    pub book: Option<Book>,
    /// For each column of the definition its place in the header.
    pub(super) places: Vec<Option<usize>>,
}

/// What stands around a tracker that was read from a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Name of its sheet.
    pub sheet: String,
    /// Row of the headings, from 1.
    pub head_row: usize,
    /// The last row that holds something, from 1.
    pub last_row: usize,
    /// Cells whose formula has no stored result: row from 1, column from 0.
    pub unstored: Vec<(usize, usize)>,
    /// Cells merged over several rows: first and last row, column from 0.
    pub merged: Vec<(usize, usize, usize)>,
    /// Cells with a formula.
    pub formulas: usize,
    /// Whether there are notes on cells.
    pub notes: bool,
    /// Whether there are macros.
    pub macros: bool,
    /// Columns of the tracker that stand on the sheet of findings and not on this one.
    pub beside: Range<usize>,
    /// Sheets that the tool does not write.
    pub others: Vec<String>,
}

impl Book {
    /// The column of the sheet in which a column of the tracker stands; none where that is another sheet.
    #[must_use]
    pub fn column_of(&self, place: usize) -> Option<usize> {
        match place {
            _ if self.beside.contains(&place) => None,
            _ if place >= self.beside.end => Some(place - self.beside.len()),
            _ => Some(place),
        }
    }

    /// The column of the tracker that stands in a column of the sheet.
    pub(super) fn place_of(&self, column: usize) -> usize {
        if column >= self.beside.start { column + self.beside.len() } else { column }
    }
}

/// One row of a tracker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Row in the sheet as read, the header being row 1; 0 for a row that merging added.
    pub row: usize,
    /// Cells, as many as the header has.
    pub cells: Vec<String>,
}

/// Something wrong with a tracker, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Row in the sheet, from 1; 0 when the file as a whole is meant.
    pub row: usize,
    /// Heading of the column; empty when the row as a whole is meant.
    pub column: String,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl Fault {
    pub(super) fn new(row: usize, column: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { row, column: column.to_owned(), message: message.into(), hint: hint.into() }
    }
}

impl Fault {
    /// A fault of a tracker as a whole.
    #[must_use]
    pub fn whole(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(0, "", message, hint)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column.is_empty()) {
            (0, true) => {}
            (0, false) => write!(f, "column {}: ", self.column)?,
            (row, true) => write!(f, "row {row}: ")?,
            (row, false) => write!(f, "row {row}, column {}: ", self.column)?,
        }
        f.write_str(&self.message)
    }
}

/// All that is wrong with a tracker; never empty.
#[derive(Debug, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl Tracker {
    /// A tracker with these headings, without rows.
    #[must_use]
    pub fn with_header(header: Vec<String>) -> Self {
        let places = FINDINGS.iter().map(|column| header.iter().position(|name| name == column.name)).collect();
        Self { header, rows: Vec::new(), book: None, places }
    }

    /// The tracker that a first run writes.
    #[must_use]
    pub fn from_rows(rows: &[Row<'_>]) -> Self {
        let mut tracker = Self::with_header(FINDINGS.iter().map(|column| column.name.to_owned()).collect());
        for row in rows {
            tracker.rows.push(Line { row: 0, cells: row.cells.iter().map(|cell| cell.to_string()).collect() });
        }
        tracker
    }

    /// The cell of a line in a column of the definition; empty when the tracker lacks the column.
    #[must_use]
    pub fn cell<'a>(&self, line: &'a Line, column: usize) -> &'a str {
        let place = self.places.get(column).copied().flatten();
        place.and_then(|place| line.cells.get(place)).map_or("", String::as_str)
    }

    /// The same by the name of the heading.
    #[must_use]
    pub fn named<'a>(&self, line: &'a Line, heading: &str) -> &'a str {
        let place = self.header.iter().position(|name| name == heading);
        place.and_then(|place| line.cells.get(place)).map_or("", String::as_str)
    }

    /// The row of a finding.
    #[must_use]
    pub fn find(&self, finding_id: &str) -> Option<&Line> {
        self.rows.iter().find(|line| self.cell(line, AT.finding_id) == finding_id)
    }

    /// The same without columns of these headings.
    #[must_use]
    pub fn without(&self, drop: impl Fn(&str) -> bool) -> Self {
        let kept: Vec<usize> =
            (0..self.header.len()).filter(|at| self.header.get(*at).is_some_and(|name| !drop(name))).collect();
        let pick = |cells: &[String]| kept.iter().filter_map(|at| cells.get(*at).cloned()).collect();
        let mut other = Self::with_header(pick(&self.header));
        other.rows = self.rows.iter().map(|line| Line { row: line.row, cells: pick(&line.cells) }).collect();
        other
    }

    /// Heading of a column of the sheet, and whether the tool writes it.
    pub(super) fn heading(&self, place: usize) -> (&str, bool) {
        let name = self.header.get(place).map_or("", String::as_str);
        (name, FINDINGS.iter().any(|column| column.name == name && column.owner != Owner::Human))
    }

    /// As a table, ready for any dialect or a workbook.
    #[must_use]
    pub fn table(&self) -> Table<'_> {
        let header = self.header.iter().map(|name| {
            let own = Heading { name: name.clone(), human: true, number: false };
            FINDINGS.iter().find(|column| column.name == name).map_or(own, Column::heading)
        });
        let header = header.collect();
        let rows = self.rows.iter().map(|line| Row {
            cells: line.cells.iter().map(|cell| Cow::Borrowed(cell.as_str())).collect(),
            see: Cow::Borrowed(self.see(line)),
        });
        Table { name: "findings".to_owned(), header, rows: rows.collect() }
    }

    /// Where the whole text of a cell that had to be cut can be read.
    pub(super) fn see<'a>(&self, line: &'a Line) -> &'a str {
        let first = self.cell(line, AT.evidence_refs).split(SEPARATOR).next().unwrap_or_default();
        if first.is_empty() { self.cell(line, AT.finding_id) } else { first }
    }
}

/// Whether a column holds days.
pub(super) fn is_date(column: usize) -> bool {
    FINDINGS.get(column).is_some_and(|column| matches!(column.kind, Kind::Date))
}
