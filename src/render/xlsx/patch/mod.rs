//! Changes cells of a workbook that people have, and nothing else: formats, formulas, notes, filters, widths, links,
//! charts and their own sheets stay byte for byte.

mod parts;
mod refs;
mod sheet;
#[cfg(test)]
mod tests;

use super::WorkbookError;
use std::collections::BTreeSet;
use std::io::{self, BufWriter, Cursor, Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, sync_channel};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// What a cell is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A number as a workbook writes it.
    Number(String),
    /// A day: its serial number where the look of the cell shows days, else the text.
    Day(i32, String),
    /// A formula, calculated when the workbook is opened.
    Formula(String),
    /// A text.
    Text(String),
}

/// Cells to set on one sheet.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// Row (from 1), column (from 0) and value, in this order.
    pub cells: Vec<(u32, u32, Value)>,
    /// The row of the headings.
    pub head: u32,
    /// The last row of the table before.
    pub old_last: u32,
    /// The last row of the table after: later ones than `old_last` look like that.
    pub new_last: u32,
}

/// The part of a workbook that holds a sheet of this name; none if there is none.
#[must_use]
pub fn part_of(book: &[u8], sheet: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(book)).ok()?;
    parts::of_sheet(&mut archive, sheet).map(|found| found.path)
}

/// Whether a sheet has notes elsewhere than on its headings, or a conversation.
#[must_use]
pub fn has_notes_below(book: &[u8], sheet: &str) -> bool {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(book)) else { return false };
    parts::of_sheet(&mut archive, sheet).is_some_and(|found| parts::notes_below(&mut archive, &found.path))
}

/// The workbook with the cells of a sheet set. Fails when its parts cannot be read, and when a cell that is to be set
/// holds a formula that other cells share.
pub fn patched(book: &[u8], sheet: &str, edits: &Edits) -> Result<Vec<u8>, WorkbookError> {
    changed(book, sheet, edits, |days, from, to| sheet::rewrite(from, to, edits, days))
}

/// The workbook with other rows below the headings of a sheet. `edits` say where they end and ended, `rows` writes them,
/// and `tail` changes what stands behind them. Fails when the sheet cannot be read as rows.
pub(super) fn refilled(
    book: &[u8],
    sheet: &str,
    edits: &Edits,
    rows: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    tail: impl FnOnce(&str) -> String,
) -> Result<Vec<u8>, WorkbookError> {
    changed(book, sheet, edits, |days, from, to| sheet::refill(from, to, edits, days, rows, tail))
}

/// The workbook with one sheet written anew, and what in other parts follows from it.
fn changed(
    book: &[u8],
    sheet: &str,
    edits: &Edits,
    write: impl FnOnce(&BTreeSet<String>, &mut dyn Read, &mut dyn Write) -> io::Result<()>,
) -> Result<Vec<u8>, WorkbookError> {
    let mut archive = ZipArchive::new(Cursor::new(book)).map_err(io::Error::other)?;
    let found = parts::of_sheet(&mut archive, sheet).ok_or_else(|| io::Error::other("the sheet has no part"))?;
    let tables = parts::tables_of(&mut archive, &found.path);
    let days = parts::looks_of_days(&mut archive, &found.book);
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(book.len() + book.len() / 8)));
    let mut write = Some(write);
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(io::Error::other)?;
        let name = entry.name().map_err(io::Error::other)?.into_owned();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .large_file(entry.size() > u64::from(u32::MAX))
            .last_modified_time(entry.last_modified().unwrap_or_default());
        if let Some(write) = write.take_if(|_| name == found.path) {
            out.start_file(name, options).map_err(io::Error::other)?;
            beside(&mut out, |to| write(&days, &mut entry, to))?;
            continue;
        }
        let change = match name.as_str() {
            _ if name == found.book => parts::workbook as parts::Change,
            "xl/calcChain.xml" => parts::calc_chain,
            _ if tables.contains(&name) => parts::table,
            _ => {
                out.raw_copy_file(entry).map_err(io::Error::other)?;
                continue;
            }
        };
        let text = io::read_to_string(entry)?;
        let text = change(&text, &found, edits);
        out.start_file(name, options).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
    }
    Ok(out.finish().map_err(io::Error::other)?.into_inner())
}

/// Bytes of one piece that is handed on.
const PIECE: usize = 1 << 20;

/// What is written goes to another thread in pieces, so that it is compressed while more of it is made.
struct Pieces {
    piece: Vec<u8>,
    to: SyncSender<Vec<u8>>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE + PIECE / 4));
        self.to.send(piece).map_err(|_| io::Error::other("the archive takes no more"))
    }
}

/// Makes a part on this thread while another one compresses it; on this one alone where none can be started.
fn beside(out: &mut (impl Write + Send), make: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let out = Mutex::new(out);
    let shared = &out;
    std::thread::scope(|scope| {
        let (to, from) = sync_channel::<Vec<u8>>(8);
        let compress = move || -> io::Result<()> {
            let mut out = shared.lock().map_err(|_| io::Error::other("the archive is lost"))?;
            from.iter().try_for_each(|piece| out.write_all(&piece))
        };
        let Ok(compressing) = std::thread::Builder::new().spawn_scoped(scope, compress) else {
            let mut out = shared.lock().map_err(|_| io::Error::other("the archive is lost"))?;
            return make(&mut BufWriter::with_capacity(PIECE, &mut **out));
        };
        let mut pieces = Pieces { piece: Vec::with_capacity(PIECE + PIECE / 4), to };
        let made = make(&mut pieces).and_then(|()| pieces.flush());
        drop(pieces);
        let written = compressing.join().map_err(|_| io::Error::other("the archive is lost"))?;
        written.and(made)
    })
}
