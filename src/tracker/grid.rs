//! Bytes of a spreadsheet file as texts in rows: decoding, separators, workbooks.

use super::book::{Fault, Faults};
use crate::render::csv::{BREAK, unguarded};
use calamine::{Data, DataRef, Reader};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Texts of a table.
pub(super) struct Grid {
    /// First row.
    pub(super) header: Vec<String>,
    /// Further rows with their number in the sheet.
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

/// Largest tracker that is read, in bytes.
const LARGEST: usize = 1 << 30;
/// Most columns of a sheet: people add a few, a stray cell at the far right would cost memory in every row.
const MOST_COLUMNS: usize = 1024;

pub(super) fn read(bytes: &[u8]) -> Result<Grid, Faults> {
    if bytes.len() > LARGEST {
        return Err(whole("the file is larger than 1 GiB", "split it"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(whole("this is an old .xls workbook, or an encrypted one", "save it as .xlsx or CSV UTF-8"));
    }
    separated(&decoded(bytes)?)
}

fn whole(message: &str, hint: &str) -> Faults {
    Faults(vec![Fault { row: 0, column: String::new(), message: message.to_owned(), hint: hint.to_owned() }])
}

fn too_wide(row: usize) -> Faults {
    let message = "the table has more than 1,024 columns".to_owned();
    let hint = "delete the empty-looking ones at its right end".to_owned();
    Faults(vec![Fault { row, column: String::new(), message, hint }])
}

/// UTF-8 with or without BOM, UTF-16 with BOM or recognisable by its zero bytes.
fn decoded(bytes: &[u8]) -> Result<String, Faults> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<String, _>>();
        match text {
            Ok(text) if odd.is_empty() => Ok(text),
            _ => Err(whole("the file is broken UTF-16", "save it as CSV UTF-8")),
        }
    };
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

/// The separator is the one that makes `finding_id` a heading of its own; else the one that makes most headings.
fn separated(text: &str) -> Result<Grid, Faults> {
    let first = text.lines().next().unwrap_or_default();
    let headings = |separator: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(first.as_bytes());
        reader.records().next().and_then(Result::ok).unwrap_or_default()
    };
    let rank = |separator: &u8| {
        let headings = headings(*separator);
        (headings.iter().any(|name| name.trim().eq_ignore_ascii_case("finding_id")), headings.len())
    };
    let separator = *b"\t;,".iter().max_by_key(|separator| rank(separator)).unwrap_or(&b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut header = Vec::new();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    while reader.read_record(&mut record).map_err(|error| whole(&error.to_string(), ""))? {
        row += 1;
        if record.len() > MOST_COLUMNS {
            return Err(too_wide(row));
        }
        let cells = record.iter().map(unwrapped).collect();
        if row == 1 { header = cells } else { rows.push((row, cells)) }
    }
    Ok(Grid { header, rows })
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

/// The sheet `findings`, or the first one.
fn workbook(bytes: &[u8]) -> Result<Grid, Faults> {
    let broken = |error: &dyn std::fmt::Display| whole(&format!("the workbook cannot be read: {error}"), "");
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names = book.sheet_names();
    let findings = names.iter().find(|name| name.eq_ignore_ascii_case("findings")).or_else(|| names.first());
    let Some(name) = findings.cloned() else { return Err(whole("the workbook has no sheet", "")) };
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| broken(&error))?;
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        let text = unwrapped(&text(cell.get_value()));
        if text.is_empty() {
            continue;
        }
        if column as usize >= MOST_COLUMNS {
            return Err(too_wide(row as usize + 1));
        }
        let line = lines.entry(row as usize + 1).or_default();
        if line.len() <= column as usize {
            line.resize(column as usize + 1, String::new());
        }
        if let Some(slot) = line.get_mut(column as usize) {
            *slot = text;
        }
    }
    let header = lines.pop_first().map(|(_, header)| header).unwrap_or_default();
    Ok(Grid { header, rows: lines.into_iter().collect() })
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
