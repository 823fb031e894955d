//! Texts that stand in the cells of a sheet themselves, as this tool writes them, read without a parser's events.
//!
//! All other cells (numbers, days, formulas, shared and rich texts) are left to the workbook reader, which gets the
//! workbook with those cells alone: it takes several times as long for each, and nearly all cells are such texts.

use crate::render::xlsx::patch;
use crate::render::xlsx::raw::{Cell, Row, Rows};
use memchr::memchr3_iter;
use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Rows after which it is known whether it is worth it.
const TRIED: usize = 64;
/// Most bytes of other cells that are held in memory.
const MOST: usize = 1 << 28;

/// Hands each plain text of some columns to a function, with its row (from 1) and column, and gives the workbook with
/// the other cells of these columns. None, and nothing worth keeping was handed out, where the texts stand elsewhere or
/// the sheet cannot be found.
pub(super) fn texts<E>(
    book: &[u8],
    sheet: &str,
    is_wanted: impl Fn(usize) -> bool,
    mut each: impl FnMut(usize, usize, &str) -> Result<(), E>,
) -> Result<Option<Vec<u8>>, E> {
    let mut taken = Ok(());
    let rest = apart(book, sheet, &is_wanted, &mut |row, column, text| match each(row, column, text) {
        Ok(()) => true,
        Err(error) => {
            taken = Err(error);
            false
        }
    });
    taken.map(|()| rest)
}

fn apart(
    book: &[u8],
    sheet: &str,
    is_wanted: &impl Fn(usize) -> bool,
    each: &mut impl FnMut(usize, usize, &str) -> bool,
) -> Option<Vec<u8>> {
    let path = patch::part_of(book, sheet)?;
    let mut archive = ZipArchive::new(Cursor::new(book)).ok()?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    // It is read once and thrown away.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    for at in 0..archive.len() {
        let entry = archive.by_index(at).ok()?;
        let name = entry.name().ok()?.into_owned();
        if name == path {
            out.start_file(name, stored).ok()?;
            others(entry, &mut out, is_wanted, each).ok()??;
        } else if !is_sheet_beside(&name, &path) {
            out.raw_copy_file(entry).ok()?;
        }
    }
    Some(out.finish().ok()?.into_inner())
}

/// Whether a part is another sheet, for which nobody asks: one named as programs name them, where this one lies.
fn is_sheet_beside(part: &str, sheet: &str) -> bool {
    let folder = sheet.strip_suffix(sheet.rsplit('/').next().unwrap_or_default());
    folder.and_then(|folder| part.strip_prefix(folder)).is_some_and(|file| file.starts_with("sheet"))
}

/// Writes the sheet without its plain texts. Rows stay, even empty ones, because later ones may be counted from them.
fn others(
    sheet: impl Read,
    out: &mut impl Write,
    is_wanted: &impl Fn(usize) -> bool,
    each: &mut impl FnMut(usize, usize, &str) -> bool,
) -> io::Result<Option<()>> {
    let mut rows = Rows::new(sheet);
    let Some(head) = rows.head()? else { return Ok(None) };
    out.write_all(head)?;
    let (mut known, mut kept, mut plain, mut cells) = (0, 0, 0, 0);
    let mut text = String::new();
    while let Some(row) = rows.next()? {
        out.write_all(piece(&row, &row.tag).as_bytes())?;
        // A tag alone is an empty cell with a look.
        let told = row.cells.iter().filter(|cell| !piece(&row, &cell.place).ends_with("/>"));
        for cell in told.filter(|cell| is_wanted(cell.column as usize)) {
            cells += 1;
            if !taken(&row, cell, &mut text) {
                out.write_all(piece(&row, &cell.place).as_bytes())?;
                kept += cell.place.len();
                continue;
            }
            plain += 1;
            if !each(row.number as usize, cell.column as usize, &text) {
                return Ok(None);
            }
        }
        if !row.empty {
            out.write_all(b"</row>")?;
        }
        known += 1;
        if kept > MOST || (known == TRIED && plain * 2 < cells) {
            return Ok(None);
        }
    }
    let copied = io::copy(&mut rows.rest().take(MOST as u64), out)?;
    Ok((copied < MOST as u64).then_some(()))
}

fn piece<'r>(row: &Row<'r>, place: &std::ops::Range<usize>) -> &'r str {
    row.text.get(place.clone()).unwrap_or_default()
}

const REFERENCES: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];

/// Puts the text of a cell into a string, if it is a plain one that the workbook reader would read in the same way.
fn taken(row: &Row<'_>, cell: &Cell, text: &mut String) -> bool {
    let Some((place, kept)) = &cell.plain else { return false };
    let written = piece(row, place);
    text.clear();
    // Characters by their numbers and carriage returns are left to the reader.
    let mut from = 0;
    for at in memchr3_iter(b'&', b'_', b'\r', written.as_bytes()) {
        let rest = written.get(at..).unwrap_or_default();
        if rest.starts_with('_') && !rest.starts_with("_x") {
            continue;
        }
        let Some((reference, sign)) = REFERENCES.iter().find(|(reference, _)| rest.starts_with(reference)) else {
            return false;
        };
        text.push_str(written.get(from..at).unwrap_or_default());
        text.push(*sign);
        from = at + reference.len();
    }
    text.push_str(written.get(from..).unwrap_or_default());
    if !kept {
        const BLANKS: [char; 3] = [' ', '\t', '\n'];
        text.truncate(text.trim_end_matches(BLANKS).len());
        text.drain(..text.len() - text.trim_start_matches(BLANKS).len());
    }
    true
}

#[cfg(test)]
mod tests;
