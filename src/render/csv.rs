//! CSV that spreadsheets open without damage.
//!
//! Every field is quoted. A cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP "CSV
//! Injection", ASVS 1.2.10), which [`unguarded`] takes off again, exactly.

use crate::controls;
use crate::model::Assessment;
use crate::table::columns::{Column, FINDINGS};
use crate::table::profiles::Profile;
use crate::table::{Heading, Row, Table, family, rows};
use crate::text::choice::choices;
use crate::text::cut::shortened;
use crate::text::eight;
use crate::text::visible::{has_no_width, printable};
use crate::text::wording::Wording;
use rayon::prelude::*;
use std::borrow::Cow;

choices! {
    /// A flavour of CSV. Those for Excel have one line per cell, and cells of at most 32,000 UTF-16 units; RFC 4180 has
    /// line feeds inside cells, and nothing is cut.
    Dialect {
        /// UTF-8 with BOM, comma, CRLF, all fields quoted
        Excel = "excel",
        /// The same with semicolons, and commas in numbers
        ExcelSemicolon = "excel-semicolon",
        /// Plain RFC 4180
        Rfc4180 = "rfc4180",
    }
}

impl Dialect {
    /// The character between cells.
    #[must_use]
    pub const fn separator(self) -> char {
        match self {
            Self::ExcelSemicolon => ';',
            Self::Excel | Self::Rfc4180 => ',',
        }
    }

    /// The decimal sign of numbers.
    #[must_use]
    pub const fn decimal(self) -> char {
        match self {
            Self::ExcelSemicolon => ',',
            Self::Excel | Self::Rfc4180 => '.',
        }
    }

    /// The dialect of a profile's file in a run of this one: people open a plan of action, so it follows the run; the
    /// readers of the others want plain RFC 4180 whatever spreadsheet the run is for.
    #[must_use]
    pub const fn for_profile(self, profile: Profile) -> Self {
        match profile {
            Profile::Poam => self,
            Profile::DefectDojo | Profile::Jira | Profile::Github => Self::Rfc4180,
        }
    }

    const fn for_excel(self) -> bool {
        matches!(self, Self::Excel | Self::ExcelSemicolon)
    }
}

/// What stands for a line break in a dialect of one line per cell.
pub const BREAK: &str = " ⏎ ";
/// Longest cell of a machine column in UTF-16 units, which Excel counts; its own limit is 32,767.
pub const LONGEST_CELL: usize = 32_000;
/// Rows of one file, header included: one less than Excel's 1,048,576.
pub const MOST_ROWS: usize = 1_048_575;

/// `findings.csv`, `criteria.csv`, `population.csv` and `family.csv` (and `findings-2.csv`, … when there are too many rows).
///
/// `all` lists every app in `findings.csv`, not only those that do not pass.
#[must_use]
pub fn files(assessments: &[&Assessment], wording: &Wording, dialect: Dialect, all: bool) -> Vec<(String, Vec<u8>)> {
    let mut files = findings(assessments, wording, dialect, all);
    files.extend(beside_findings(assessments, wording, dialect));
    files
}

/// The other files of [`files`].
#[must_use]
pub fn beside_findings(assessments: &[&Assessment], wording: &Wording, dialect: Dialect) -> Vec<(String, Vec<u8>)> {
    let mut files = file(&rows::criteria_table(assessments, wording), dialect);
    files.extend(file(&rows::population_table(assessments, wording), dialect));
    if controls::sheets().next().is_some() {
        files.extend(file(&family::table(assessments, wording), dialect));
    }
    files
}

/// `findings.csv` alone, as [`files`] gives it, without keeping its rows in memory.
#[must_use]
pub fn findings(assessments: &[&Assessment], wording: &Wording, dialect: Dialect, all: bool) -> Vec<(String, Vec<u8>)> {
    let header: Vec<Heading> = FINDINGS.iter().map(Column::heading).collect();
    let ordered = rows::ordered(assessments, all);
    if ordered.is_empty() {
        return vec![(file_name("findings", 0), head(&header, dialect))];
    }
    let parts = ordered.chunks(most_rows(dialect)).enumerate();
    parts
        .map(|(part, findings)| {
            let bytes = assembled(&header, findings, dialect, |out, some| {
                for few in some.chunks(rows::TOGETHER) {
                    rows::together(few, wording).iter().for_each(|one| row(out, &header, one, dialect));
                }
            });
            (file_name("findings", part), bytes)
        })
        .collect()
}

/// A table as files of at most [`MOST_ROWS`] rows, with their names.
#[must_use]
pub fn file(table: &Table<'_>, dialect: Dialect) -> Vec<(String, Vec<u8>)> {
    if table.rows.is_empty() {
        return vec![(file_name(&table.name, 0), head(&table.header, dialect))];
    }
    let parts = table.rows.chunks(most_rows(dialect)).enumerate();
    parts.map(|(part, rows)| (file_name(&table.name, part), bytes(&table.header, rows, dialect))).collect()
}

/// Name of a part of a table, counted from 0: `findings.csv`, `findings-2.csv`.
#[must_use]
pub fn file_name(table: &str, part: usize) -> String {
    match part {
        0 => format!("{table}.csv"),
        part => format!("{table}-{}.csv", part + 1),
    }
}

/// Rows below the header that one file of a dialect may hold.
#[must_use]
pub const fn most_rows(dialect: Dialect) -> usize {
    if dialect.for_excel() { MOST_ROWS - 1 } else { usize::MAX }
}

/// Header and rows as the bytes of one file.
#[must_use]
pub fn bytes(header: &[Heading], rows: &[Row<'_>], dialect: Dialect) -> Vec<u8> {
    assembled(header, rows, dialect, |out, some| some.iter().for_each(|one| row(out, header, one, dialect)))
}

/// Rows that one task makes.
const CHUNK: usize = 250;
/// Tasks whose lines are made while those before them are appended.
const AHEAD: usize = 16;

/// Header and lines. Lines are made on all cores a few tasks ahead of the file, which so is never held twice, into
/// buffers that are used again and again.
fn assembled<T: Sync>(
    header: &[Heading],
    items: &[T],
    dialect: Dialect,
    add_lines: impl Fn(&mut Vec<u8>, &[T]) + Sync,
) -> Vec<u8> {
    let mut out = head(header, dialect);
    let mut ready = vec![Vec::new(); AHEAD];
    let mut next = vec![Vec::new(); AHEAD];
    let groups = items.chunks(CHUNK * AHEAD);
    let left = groups.len();
    for (turn, group) in groups.enumerate() {
        if turn == 1 {
            // Lines are of about one length. Room that is not written to costs nothing, moving a large file does.
            let length: usize = ready.iter().map(Vec::len).sum();
            out.reserve(length.saturating_mul(left).saturating_mul(9) / 8);
        }
        rayon::join(
            || {
                for part in &mut ready {
                    out.extend_from_slice(part);
                    part.clear();
                }
            },
            || {
                let tasks = group.par_chunks(CHUNK).zip(next.par_iter_mut());
                tasks.for_each(|(items, buffer)| add_lines(buffer, items));
            },
        );
        std::mem::swap(&mut ready, &mut next);
    }
    ready.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// Rows as the lines below a header.
#[must_use]
pub fn body(header: &[Heading], rows: &[Row<'_>], dialect: Dialect) -> Vec<u8> {
    let mut out = Vec::new();
    rows.iter().for_each(|one| row(&mut out, header, one, dialect));
    out
}

fn row(out: &mut Vec<u8>, header: &[Heading], row: &Row<'_>, dialect: Dialect) {
    let cells = row.cells.iter().zip(header).map(|(cell, heading)| (cell.as_ref(), heading));
    line(out, cells.map(|(cell, heading)| (cell, heading.human, heading.number)), &row.see, dialect);
}

/// Digits around one point; rows of people's own may have any text in a column of numbers.
fn is_decimal(cell: &str) -> bool {
    cell.split_once('.').is_some_and(|(whole, part)| {
        [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// What a file begins with: the byte order mark of its dialect and the header line.
#[must_use]
pub fn head(header: &[Heading], dialect: Dialect) -> Vec<u8> {
    let mut out = Vec::new();
    if dialect.for_excel() {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    line(&mut out, header.iter().map(|heading| (heading.name.as_str(), true, false)), "", dialect);
    out
}

/// Cells, of each of which is told whether it is people's and whether it is a number.
fn line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = (&'a str, bool, bool)>, see: &str, dialect: Dialect) {
    let between: &[u8; 3] = if dialect == Dialect::ExcelSemicolon { b"\";\"" } else { b"\",\"" };
    let comma = dialect.decimal() == ',';
    out.push(b'"');
    for (at, (text, human, number)) in cells.enumerate() {
        if at > 0 {
            out.extend_from_slice(between);
        }
        if number && comma && is_decimal(text) {
            out.extend_from_slice(text.replace('.', ",").as_bytes());
        } else if is_plain(text) {
            out.extend_from_slice(text.as_bytes());
        } else {
            quoted(out, &cell(text, human, see, dialect));
        }
    }
    out.extend_from_slice(b"\"\r\n");
}

/// Whether every dialect writes a text as it is: it starts with a letter or digit of ASCII, so that no spreadsheet runs it,
/// is not too long in any encoding, and has neither quotes nor control characters (those beyond ASCII start with 0xc2).
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let odd = |word| eight::below(word, b' ') | eight::is(word, b'"') | eight::is(word, 0x7f) | eight::is(word, 0xc2);
    bytes.first().is_none_or(u8::is_ascii_alphanumeric) && bytes.len() <= LONGEST_CELL && !eight::any(bytes, odd)
}

/// By hand, because the csv crate takes twice as long to write the fields: 157 ms instead of 73 ms for 100,000 findings.
fn quoted(out: &mut Vec<u8>, text: &str) {
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
}

/// A text as the cell of a dialect: control characters shown, on one line, not too long, guarded.
fn cell<'a>(text: &'a str, human: bool, see: &str, dialect: Dialect) -> Cow<'a, str> {
    let mut text = printable(text);
    if dialect.for_excel() {
        if text.contains('\n') {
            text = Cow::Owned(text.replace('\n', BREAK));
        }
        if !human {
            text = cut(text, see);
        }
    }
    guarded(text)
}

/// Shortens a text to [`LONGEST_CELL`], ending in a pointer to where it can be read in full.
#[must_use]
pub fn cut<'a>(text: Cow<'a, str>, see: &str) -> Cow<'a, str> {
    shortened(text, see, LONGEST_CELL)
}

/// Whether a spreadsheet could run the text: its first visible character starts a formula, or it starts with a
/// character that is lost on import and lays the next one bare.
fn runs(text: &str) -> bool {
    let first = text.chars().find(|c| matches!(c, '\t' | '\r' | '\n') || !(c.is_whitespace() || has_no_width(*c)));
    matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'))
}

/// The text with a leading apostrophe if a spreadsheet could run it, or if it looks like a guarded text already.
#[must_use]
pub fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if runs(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { text }
}

/// The text without the apostrophe that [`guarded`] put in front of it.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if runs(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, cell, is_plain};
    use proptest::prelude::*;

    proptest! {
        /// What is written without a look is what the look would have given.
        #[test]
        fn a_plain_text_is_written_as_it_is(text in "[a-z0-9=\u{ad}＝]?[ -~\u{7f}-\u{bf}äß–“⟨😀\n\t\"]{0,24}") {
            for dialect in [Dialect::Excel, Dialect::ExcelSemicolon, Dialect::Rfc4180] {
                let same = cell(&text, false, "", dialect) == text && !text.contains('"');
                prop_assert!(!is_plain(&text) || same, "{text:?}");
            }
        }
    }

    #[test]
    fn words_are_plain_in_any_script_and_controls_in_none() {
        for text in ["", "Zürich – “Nord”", "a⟨b⟩", "2026-11-24"] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["=1", "ä", "a\"b", "a\nb", "a\u{7f}", "a\u{85}b", "\u{feff}a"] {
            assert!(!is_plain(text), "{text:?}");
        }
    }
}
