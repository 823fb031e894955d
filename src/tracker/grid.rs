//! Bytes of a spreadsheet file as texts in rows: decoding, separators, workbooks.

use super::book::{Fault, Faults};
use crate::limits::{Limits, SMALL, option};
use crate::render::csv::{BREAK, unguarded};
use crate::text::delimiter;
use calamine::{Data, DataRef, Reader};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Texts of a table.
pub(super) struct Grid {
    /// The headings.
    pub(super) header: Vec<String>,
    /// Row of the headings in the sheet, from 1.
    pub(super) head_row: usize,
    /// Further rows with their number in the sheet.
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Faults> {
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes, limits);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(whole("this is an old .xls workbook, or an encrypted one", "save it as .xlsx or CSV UTF-8"));
    }
    separated(&decoded(bytes)?, limits)
}

fn whole(message: &str, hint: &str) -> Faults {
    Faults(vec![Fault::new(0, "", message, hint)])
}

/// Counts cells, and refuses what is too wide: a stray cell at the far right would cost memory in every row.
struct Extent<'l> {
    limits: &'l Limits,
    cells: u64,
}

impl Extent<'_> {
    fn add(&mut self, row: usize, columns: usize, cells: usize) -> Result<(), Faults> {
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

fn is_id_heading(name: &str) -> bool {
    name.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case("finding_id")
}

/// Rows at the top among which the headings are looked for: people put titles above them.
const TOP: usize = 10;

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
    fn of(mut rows: Vec<(usize, Vec<String>)>) -> Self {
        let is_head = |(_, cells): &(usize, Vec<String>)| cells.iter().any(|cell| is_id_heading(cell));
        let at = rows.iter().take(TOP).position(is_head).unwrap_or_default();
        let mut below = rows.split_off(at.min(rows.len())).into_iter();
        let (head_row, header) = below.next().unwrap_or_default();
        Self { header, head_row, rows: below.collect() }
    }
}

/// A cell as text: without guard, with real line breaks.
fn unwrapped(cell: &str) -> String {
    let cell = unguarded(cell);
    let mut text = if cell.contains('\r') { cell.replace("\r\n", "\n").replace('\r', "\n") } else { cell.to_owned() };
    if text.contains('⏎') {
        text = text.replace(BREAK, "\n");
    }
    text
}

fn unreadable(error: calamine::XlsxError) -> Faults {
    whole(&format!("the workbook cannot be read: {error}"), "")
}

fn cut_off(_: zip::result::ZipError) -> Faults {
    whole("the workbook cannot be read: it is damaged or cut off", "save it again")
}

/// The sheet `findings`, or the first one.
fn workbook(bytes: &[u8], limits: &Limits) -> Result<Grid, Faults> {
    unpacks_within(bytes, limits)?;
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    let findings = names.iter().find(|name| name.eq_ignore_ascii_case("findings")).or_else(|| names.first());
    let Some(name) = findings.cloned() else { return Err(whole("the workbook has no sheet", "")) };
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut extent = Extent { limits, cells: 0 };
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let text = unwrapped(&text(cell.get_value()));
        if text.is_empty() {
            continue;
        }
        let line = lines.entry(row as usize + 1).or_default();
        let width = column as usize + 1;
        extent.add(row as usize + 1, width, width.saturating_sub(line.len()))?;
        if line.len() <= column as usize {
            line.resize(column as usize + 1, String::new());
        }
        if let Some(slot) = line.get_mut(column as usize) {
            *slot = text;
        }
    }
    Ok(Grid::of(lines.into_iter().collect()))
}

/// Refuses a workbook whose parts unpack to too much. They are unpacked to be counted, because what a packed file says
/// of itself need not be true, and the reader keeps the texts of all sheets.
fn unpacks_within(bytes: &[u8], limits: &Limits) -> Result<(), Faults> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(cut_off)?;
    let (packed, ratio) = (bytes.len() as u64, limits.archive_ratio);
    let mut unpacked: u64 = 0;
    for index in 0..zip.len() {
        let room = limits.workbook_bytes.min(packed.saturating_mul(ratio).max(SMALL)).saturating_sub(unpacked);
        let part = zip.by_index(index).map_err(cut_off)?;
        let read = std::io::copy(&mut part.take(room.saturating_add(1)), &mut std::io::sink());
        let read = read.map_err(|_| whole("the workbook cannot be read: a part of it is damaged", "save it again"))?;
        unpacked = unpacked.saturating_add(read);
        if read > room && unpacked > limits.workbook_bytes {
            let message = format!("the workbook unpacks to more than {} bytes", limits.workbook_bytes);
            let option = option("workbook-bytes", limits.workbook_bytes.saturating_mul(2));
            return Err(whole(&message, &format!("split it, or pass {option}")));
        }
        if read > room {
            let message = format!("the workbook unpacks to more than {ratio} times its size");
            let option = option("archive-ratio", ratio.saturating_mul(2));
            return Err(whole(&message, &format!("save it again, or pass {option}")));
        }
    }
    Ok(())
}

fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::DateTime(when) if when.is_datetime() => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => Data::from(other.clone()).to_string(),
    }
}
