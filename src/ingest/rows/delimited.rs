//! CSV exports: any usual delimiter, UTF-8 or UTF-16, quoted or not.

use super::quotes::{Stray, stray};
use super::{Fault, Note, Reading, Table, decode, number};
use crate::ingest::columns::{Columns, by_columns};
use crate::limits::Limits;
use crate::snapshot::ProblemCode;
use crate::text::delimiter;
use std::collections::BTreeSet;

const HINT_SAVE: &str = "export again, or save as \"CSV UTF-8\"";
const HINT_AGAIN: &str = "export again; do not edit the file in a spreadsheet";

/// Delimiters that the bulk export offers.
const DELIMITERS: &[u8] = b",;\t|^`";

/// Lines among which the header may stand when titles are written above it.
const TITLES: usize = 10;

/// Reads a CSV file.
pub(in crate::ingest) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = match decode::text(bytes) {
        Ok(text) => text,
        Err(message) => {
            let headings = Body::new(&decode::guessed(bytes)).headings();
            return Reading::Fault(Fault::of_file(ProblemCode::Unreadable, message, HINT_SAVE).with(headings));
        }
    };
    let body = Body::new(&text);
    let mut out = Table::within(limits);
    match stray(body.text, body.delimiter) {
        Some(Stray::Open { line }) => {
            let message = "has a quotation mark that is never closed";
            return body.fault(ProblemCode::Malformed, line + body.above, message);
        }
        Some(Stray::Behind { line }) => {
            let message = "has text behind the quotation mark that ends a cell";
            return body.fault(ProblemCode::Malformed, line + body.above, message);
        }
        Some(Stray::Literal { count, line }) => {
            let marks = if count == 1 { "a quotation mark" } else { "quotation marks" };
            let message = format!("has {marks} inside a cell that does not begin with one; read as it stands");
            out.note = Some(Note { line: line + body.above, message, hint: HINT_AGAIN });
        }
        None => {}
    }
    let mut reader = body.reader();
    let mut record = csv::StringRecord::new();
    if !reader.read_record(&mut record).unwrap_or(false) {
        return Reading::Table(Box::new(out));
    }
    let Some(header) = Header::new(&record, &mut out) else {
        return body.fault(ProblemCode::Malformed, 0, "has two columns of one name");
    };
    let mut index = 0;
    let mut natural = None;
    while reader.read_record(&mut record).unwrap_or(false) {
        let row = number(index);
        index += 1;
        if header.fits(&record, *natural.get_or_insert(record.len())) {
            out.push(row, header.cells(&record));
        } else {
            out.ragged.push(row);
        }
    }
    Reading::Table(Box::new(out.closed()))
}

/// The part of a file from its header on.
struct Body<'t> {
    text: &'t str,
    delimiter: u8,
    /// Lines above the header.
    above: u32,
}

impl<'t> Body<'t> {
    /// Leaves out the line in which a spreadsheet names the delimiter, and titles above the header.
    fn new(text: &'t str) -> Self {
        let (delimiter, rest) = delimiter::named(text);
        let skipped = u32::from(rest.len() < text.len());
        let first = Self { text: rest, delimiter: delimiter.unwrap_or_else(|| guess_delimiter(rest)), above: skipped };
        if first.tells() {
            return first;
        }
        let mut most = first.filled();
        let mut start = 0;
        for (index, line) in rest.split_inclusive('\n').take(TITLES).enumerate() {
            let text = rest.get(start..).unwrap_or_default();
            let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(text));
            let body = Self { text, delimiter, above: skipped + number(index) - 1 };
            if index > 0 && body.filled() > most && body.tells() {
                return body;
            }
            most = most.max(body.filled());
            start += line.len();
        }
        first
    }

    fn reader(&self) -> csv::Reader<&'t [u8]> {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(self.delimiter).has_headers(false).flexible(true).from_reader(self.text.as_bytes())
    }

    /// Names of the columns in lower case.
    fn headings(&self) -> Vec<String> {
        let first = self.reader().into_records().next().and_then(Result::ok).unwrap_or_default();
        first.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
    }

    fn fault(&self, code: ProblemCode, line: u32, message: &str) -> Reading {
        let fault = Fault { line, ..Fault::of_file(code, message, HINT_AGAIN) };
        Reading::Fault(fault.with(self.headings()))
    }

    /// How many cells of the first line hold something: a title fills fewer than the header below it.
    fn filled(&self) -> usize {
        self.headings().len()
    }

    /// Whether the first line is the header of something that is read.
    fn tells(&self) -> bool {
        let headings = self.headings();
        let names: Vec<&str> = headings.iter().map(String::as_str).collect();
        by_columns(&names) != Columns::Other
    }
}

/// What the cells of a row belong to. A column without a name is none: its cells have to be empty.
struct Header {
    columns: Vec<Option<usize>>,
    /// Columns up to the last that has a name.
    named: usize,
}

impl Header {
    /// `None` when two columns have one name.
    fn new(record: &csv::StringRecord, out: &mut Table) -> Option<Self> {
        let mut seen = BTreeSet::new();
        let mut columns = Vec::new();
        for name in record {
            let column = (!name.trim().is_empty()).then(|| out.column(name));
            if column.is_some_and(|column| !seen.insert(column)) {
                return None;
            }
            columns.push(column);
        }
        let named = columns.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        Some(Self { columns, named })
    }

    /// Whether a row fits the header; cells of unnamed columns are empty, and those at the end may be left out. `usual`
    /// is the length of the file's rows: a row that is longer only because a delimiter lost its quotation marks does not
    /// fit.
    fn fits(&self, record: &csv::StringRecord, usual: usize) -> bool {
        let length = record.len() == self.named || (record.len() == self.columns.len() && record.len() == usual);
        length && self.columns.iter().zip(record).all(|(column, text)| column.is_some() || text.trim().is_empty())
    }

    /// The cells of a row that hold a text.
    fn cells<'r>(&'r self, record: &'r csv::StringRecord) -> impl Iterator<Item = (usize, &'r str)> {
        let cells = self.columns.iter().zip(record).map(|(column, text)| (*column, text.trim()));
        cells.filter(|(_, text)| !text.is_empty()).filter_map(|(column, text)| Some((column?, text)))
    }
}

/// The delimiter that stands most often in the header, outside quotation marks.
fn guess_delimiter(text: &str) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(count) = DELIMITERS.iter().position(|d| *d == byte).and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let at = counts.iter().position(|count| *count == most && most > 0).unwrap_or_default();
    DELIMITERS.get(at).copied().unwrap_or(b',')
}
