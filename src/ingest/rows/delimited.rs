//! CSV exports: any usual delimiter, UTF-8 or UTF-16, quoted or not.

use super::{Fault, Reading, Table, number};
use crate::snapshot::ProblemCode;
use std::borrow::Cow;

const HINT_SAVE: &str = "export again, or save as \"CSV UTF-8\"";
const HINT_AGAIN: &str = "export again; do not edit the file in a spreadsheet";

/// Delimiters that the bulk export offers.
const DELIMITERS: &[u8] = b",;\t|^`";

/// Reads a CSV file.
pub(in crate::ingest) fn read(bytes: &[u8]) -> Reading {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(message) => return Reading::Fault(Fault::new(ProblemCode::Unreadable, message, HINT_SAVE)),
    };
    // Excel writes the delimiter on a line of its own.
    let (delimiter, body) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((mark, body)) if mark.trim_end().len() == 1 => (mark.as_bytes().first().copied(), body),
        _ => (None, text.as_ref()),
    };
    let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(body));
    let mut out = Table::default();
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut header: Vec<usize> = Vec::new();
    let mut index = 0;
    while reader.read_record(&mut record).unwrap_or(false) {
        if header.is_empty() {
            for name in &record {
                let known = out.shown.len();
                let column = out.column(name);
                if column != known {
                    let message = "has two columns of one name";
                    return Reading::Fault(Fault {
                        sure: false,
                        ..Fault::new(ProblemCode::Ambiguous, message, HINT_AGAIN)
                    });
                }
                header.push(column);
            }
            continue;
        }
        let row = number(index);
        index += 1;
        if record.len() != header.len() {
            out.ragged.push(row);
            continue;
        }
        let cells = header.iter().zip(&record).map(|(column, text)| (*column, text.trim()));
        let cells =
            cells.filter(|(_, text)| !text.is_empty()).map(|(column, text)| (column, text.to_owned())).collect();
        out.push(row, cells);
    }
    // A quote that is never closed swallows every row behind it, so an odd number of quotes voids the file.
    if memchr::memchr_iter(b'"', body.as_bytes()).count() % 2 == 1 {
        let fault = Fault::new(ProblemCode::Malformed, "has a quotation mark that is never closed", HINT_AGAIN);
        return Reading::Fault(Fault { sure: false, ..fault });
    }
    Reading::Table(out)
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
        let text: Result<String, _> = char::decode_utf16(units).collect();
        match text {
            Ok(text) if bytes.len().is_multiple_of(2) => Ok(Cow::Owned(text)),
            _ => Err("is damaged UTF-16"),
        }
    };
    let text = if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        utf16(rest, u16::from_le_bytes)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        utf16(rest, u16::from_be_bytes)?
    } else {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Cow::Borrowed(std::str::from_utf8(rest).map_err(|_| "is encoded neither in UTF-8 nor in marked UTF-16")?)
    };
    if text.contains('\0') { Err("holds NUL bytes") } else { Ok(text) }
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
