//! Tables before they take the form of a file: columns, and the rows that assessments fill them with.

pub mod cells;
pub mod columns;
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

/// Shows what a reader of a cell cannot see: bidirectional controls, zero-width and control characters become
/// `[U+202E]`, so that text from an org cannot pose as other text. Line breaks become `\n` and stay.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    // No early exit: the loop is over many bytes at a time.
    let plain = !text.bytes().fold(false, |odd, byte| odd | !(b' '..0x7f).contains(&byte));
    if plain || !has_hidden(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                if rest.peek() == Some(&'\n') {
                    rest.next();
                }
                out.push('\n');
            }
            '\n' => out.push('\n'),
            c if hidden(c) => out.push_str(&format!("[U+{:04X}]", u32::from(c))),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether any character is [`hidden`]. Letters, dashes and quotation marks, nearly all that sentences have, are let through
/// first.
fn has_hidden(text: &str) -> bool {
    text.chars().any(|c| !matches!(c, ' '..='~' | 'À'..='ʹ' | '–'..='†') && hidden(c))
}

/// A character without a shape of its own (Unicode general categories Cc and the format characters that move or
/// hide text), line feed excepted.
fn hidden(c: char) -> bool {
    c != '\n' && (c.is_control() || zero_width(c))
}

/// A character of no width: format characters, bidirectional controls, soft hyphen, fillers.
#[must_use]
pub fn zero_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}
