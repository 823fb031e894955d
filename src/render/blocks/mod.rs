//! The Markdown dialect of the report, parsed once into a flat list of blocks that PDF, HTML and the document for Word are set from.
//!
//! Nesting is a pair of [`Block::Open`] and [`Block::Close`], so that no reader needs recursion over input depth.
//! Raw HTML is never honoured: outside the directives and anchors of the dialect it is literal text.

mod read;
mod results;

pub use read::{blocks, is_directive};

use crate::model::Outcome;
use pulldown_cmark::Alignment;

/// One stretch of text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text; `\n` is a hard line break.
    pub text: String,
    /// Strong.
    pub bold: bool,
    /// Emphasis.
    pub italic: bool,
    /// Code.
    pub code: bool,
    /// Target, if this is a link: `https://…`, `mailto:…` or `#anchor`.
    pub link: Option<String>,
    /// Path of another org's `report.md` (`orgs/…`), which only a page that lies beside it can link to.
    pub report: Option<String>,
    /// Number that keeps neighbouring links apart; 0 outside links.
    pub link_number: usize,
    /// Anchors that stand before the text.
    pub anchors: Vec<String>,
    /// The result that begins the text, where the text begins a cell, a paragraph or a strong run.
    pub result: Option<Outcome>,
    /// Where symbols of results stand in the text, each before its word.
    pub symbols: Vec<usize>,
}

/// A container that [`Block::Open`] opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Block quote.
    Quote(Quote),
    /// List; the first number if it is ordered.
    List(Option<u64>),
    /// List item.
    Item,
    /// Card: kept together when it fits.
    Card,
}

/// What a block quote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Plain quotation.
    Plain,
    /// The verdict panel.
    Verdict,
    /// A warning.
    Warn,
    /// A note.
    Note,
}

/// How a table is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Header row and rows.
    Plain,
    /// Name and value; the first column heads the rows.
    Facts,
    /// Dense matrix.
    Matrix,
    /// Score waterfall.
    Waterfall,
    /// Number tiles.
    Tiles,
    /// Lines to sign on.
    SignOff,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How it is set.
    pub kind: TableKind,
    /// Alignment by column.
    pub align: Vec<Alignment>,
    /// Header cells.
    pub head: Vec<Vec<Span>>,
    /// Rows, each as wide as the header.
    pub rows: Vec<Vec<Vec<Span>>>,
    /// Relative column widths; empty for automatic.
    pub widths: Vec<f32>,
    /// In small type.
    pub small: bool,
    /// Of a waterfall: the scores of its rows, from 0 to 10, when a column has one in each.
    pub scores: Option<Vec<f32>>,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Heading of level 1 to 6.
    Heading(u8, Vec<Span>),
    /// Paragraph; true in small type.
    Paragraph(Vec<Span>, bool),
    /// Text that stands in the item of a tight list without being a paragraph.
    Line(Vec<Span>),
    /// Code block: its language, which may be empty, and its text.
    Code(String, String),
    /// Thematic break.
    Rule,
    /// Figure by name with its alternative text.
    Figure(String, String),
    /// Table.
    Table(Table),
    /// Start of a container; true in small type.
    Open(Container, bool),
    /// End of the container that was opened last.
    Close,
    /// Page break.
    Page,
    /// Table of contents, down to headings of this level.
    Contents(u8),
}

/// The text of spans.
#[must_use]
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}
