//! Tables before they take the form of a file: columns, and the rows that assessments fill them with.

pub mod cells;
pub mod columns;
pub mod evidence;
pub mod family;
pub mod narrow;
pub mod profiles;
pub mod rows;

pub use columns::{Column, Kind, Owner};

use std::borrow::Cow;

/// One row: as many cells as the table has columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// Texts, without any guard or quoting of a file format. Line breaks are `\n`.
    pub cells: Vec<Cow<'a, str>>,
    /// Where the whole text of a cell that had to be cut can be read: an evidence or finding id.
    pub see: Cow<'a, str>,
}

/// The heading of a column and whether a format may cut its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Header text.
    pub name: String,
    /// Cells are people's words: they are never cut.
    pub human: bool,
    /// Cells are decimal numbers with a point, which a dialect may write with a comma.
    pub number: bool,
}

/// A table with a name, which is the stem of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<'a> {
    /// `findings`, `criteria`, `population`, or the name of a profile.
    pub name: String,
    /// Headings.
    pub header: Vec<Heading>,
    /// Rows.
    pub rows: Vec<Row<'a>>,
}
