//! Bytes of a spreadsheet file as texts in rows: decoding, separators, workbooks.

use super::book::{Book, Fault, Faults};
use super::workbook;
use crate::limits::{Limits, option};
use crate::render::csv::{BREAK, unguarded};
use crate::render::xlsx::work::column_called;
use crate::text::delimiter;
use memchr::memchr2;

/// Texts of a table.
pub(super) struct Grid {
    /// The headings.
    pub(super) header: Vec<String>,
    /// Row of the headings in the sheet, from 1.
    pub(super) head_row: usize,
    /// Further rows with their number in the sheet.
    pub(super) rows: Vec<(usize, Vec<String>)>,
    /// The workbook that it stands in.
    pub(super) book: Option<Book>,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Faults> {
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::read(bytes, limits);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(whole("this is an old .xls workbook, or an encrypted one", "save it as .xlsx or CSV UTF-8"));
    }
    separated(&decoded(bytes)?, limits)
}

pub(super) fn whole(message: &str, hint: &str) -> Faults {
    Faults(vec![Fault::whole(message, hint)])
}

/// Counts cells, and refuses what is too wide: a stray cell at the far right would cost memory in every row.
pub(super) struct Extent<'l> {
    pub(super) limits: &'l Limits,
    pub(super) cells: u64,
}

impl Extent<'_> {
    pub(super) fn add(&mut self, row: usize, columns: usize, cells: usize) -> Result<(), Faults> {
        let Limits { tracker_columns, tracker_cells, .. } = *self.limits;
        if columns as u64 > tracker_columns {
            let option = option("tracker-columns", columns as u64);
            let hint = format!("delete the empty-looking ones at its right end, or pass {option}");
            let message = format!("the table has more than {tracker_columns} columns");
            return Err(Faults(vec![Fault::new(row, "", message, hint)]));
        }
        self.cells = self.cells.saturating_add(cells as u64);
        if self.cells > tracker_cells {
            let option = option("tracker-cells", tracker_cells.saturating_mul(2));
            let message = format!("the table has more than {tracker_cells} cells");
            return Err(Faults(vec![Fault::new(row, "", message, format!("split it, or pass {option}"))]));
        }
        Ok(())
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Faults> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    match char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<String, _>>() {
        Ok(text) if odd.is_empty() => Ok(text),
        _ => Err(whole("the file is broken UTF-16", "save it as CSV UTF-8")),
    }
}

/// UTF-8 with or without BOM, UTF-16 with BOM or recognisable by its zero bytes.
fn decoded(bytes: &[u8]) -> Result<String, Faults> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => wide(bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => wide(bytes, u16::from_be_bytes),
        _ => {
            let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(rest).map_err(|error| {
                let row = rest.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
                let mut faults = whole("the file is not UTF-8", "save it as CSV UTF-8");
                if let Some(fault) = faults.0.first_mut() {
                    fault.row = row;
                }
                faults
            })?;
            Ok(text.to_owned())
        }
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// How well a separator cuts a first line: whether `finding_id` is a heading of its own, and how many there are.
fn rank(first: &str, separator: u8) -> (bool, usize) {
    let headings = reader(first, separator).records().next().and_then(Result::ok).unwrap_or_default();
    (headings.iter().any(is_id_heading), headings.len())
}

/// The column of a tracker that a heading means.
pub(super) fn heading(name: &str) -> Option<&'static str> {
    column_called(name.trim().trim_start_matches('\u{feff}'))
}

fn is_id_heading(name: &str) -> bool {
    heading(name) == Some("finding_id")
}

/// Rows at the top among which the headings are looked for: people put titles above them.
pub(super) const TOP: usize = 10;

fn separated(text: &str, limits: &Limits) -> Result<Grid, Faults> {
    let (said, text) = delimiter::named(text);
    let top = || text.lines().take(TOP);
    let best = |separator: &u8| top().map(|line| rank(line, *separator)).max().unwrap_or_default();
    let separator = said.or_else(|| b"\t;,".iter().copied().max_by_key(best)).unwrap_or(b',');
    let mut reader = reader(text, separator);
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    // The line that says the separator is a row of the sheet.
    let mut row = usize::from(said.is_some());
    let mut extent = Extent { limits, cells: 0 };
    while reader.read_record(&mut record).map_err(|error| whole(&error.to_string(), ""))? {
        row += 1;
        extent.add(row, record.len(), record.len())?;
        rows.push((row, record.iter().map(unwrapped).collect()));
    }
    Ok(Grid::of(rows))
}

impl Grid {
    /// The table below the row of its headings: the first one with a `finding_id` near the top, else the first one.
    pub(super) fn of(mut rows: Vec<(usize, Vec<String>)>) -> Self {
        let is_head = |(_, cells): &(usize, Vec<String>)| cells.iter().any(|cell| is_id_heading(cell));
        let at = rows.iter().take(TOP).position(is_head).unwrap_or_default();
        let mut below = rows.split_off(at.min(rows.len())).into_iter();
        let (head_row, header) = below.next().unwrap_or_default();
        Self { header, head_row, rows: below.collect(), book: None }
    }
}

/// A cell as text: without guard, with real line breaks.
pub(super) fn unwrapped(cell: &str) -> String {
    let cell = unguarded(cell);
    // Nearly no cell has one of these, which is seen in one pass: the sign of a break starts with the second byte.
    if memchr2(b'\r', BREAK_STARTS, cell.as_bytes()).is_none() {
        return cell.to_owned();
    }
    cell.replace("\r\n", "\n").replace('\r', "\n").replace(BREAK, "\n")
}

/// First byte of the sign in [`BREAK`].
const BREAK_STARTS: u8 = 0xe2;

#[cfg(test)]
mod tests {
    use super::{BREAK, BREAK_STARTS, unwrapped};

    #[test]
    fn breaks_become_line_feeds() {
        assert_eq!(BREAK.trim().as_bytes().first(), Some(&BREAK_STARTS));
        for (cell, text) in [
            ("a\r\nb\rc", "a\nb\nc"),
            (&format!("a{BREAK}b"), "a\nb"),
            ("a⏎b – “c”", "a⏎b – “c”"),
            ("'=1", "=1"),
            ("", ""),
        ] {
            assert_eq!(unwrapped(cell), text);
        }
    }
}
