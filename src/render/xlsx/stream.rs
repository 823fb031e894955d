//! Rows of large sheets, streamed into a workbook that was written with its header rows only.
//!
//! The workbook writer keeps every cell in memory; 100,000 findings take it five seconds. So it writes the frame
//! (styles, widths, filters, lists, notes, one sample row that shows the numbers of the styles), and the rows follow
//! here as plain cells with inline texts, made on all cores while the archive is being compressed.

use super::looks::NUMBER;
use super::{Cell, Sheet, links};
use crate::table::Row;
use crate::text::escape::xml;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Rows that one task makes.
const CHUNK: usize = 1_000;
/// Tasks that are made while the ones before are compressed.
const AHEAD: usize = 8;

/// Fills the sheets of a workbook: `sheets` are numbered as their files are (`xl/worksheets/sheet2.xml`).
pub(super) fn fill(frame: &[u8], sheets: &[(usize, Sheet<'_>)]) -> io::Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(frame)).map_err(io::Error::other)?;
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(frame.len())));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .unix_permissions(0o600)
        .last_modified_time(DateTime::default());
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(io::Error::other)?;
        let named = sheets.iter().map(|(number, sheet)| (format!("xl/worksheets/sheet{number}.xml"), sheet));
        match named.into_iter().find(|(name, _)| entry.name().is_ok_and(|own| own == *name)) {
            Some((name, sheet)) => {
                let mut text = String::new();
                entry.read_to_string(&mut text)?;
                out.start_file(name, options).map_err(io::Error::other)?;
                write_sheet(&mut out, &text, sheet)?;
            }
            None => out.raw_copy_file(entry).map_err(io::Error::other)?,
        }
    }
    Ok(out.finish().map_err(io::Error::other)?.into_inner())
}

/// The sheet of the frame with all its rows in place of the sample row.
fn write_sheet(out: &mut (impl Write + Send), frame: &str, sheet: &Sheet<'_>) -> io::Result<()> {
    let parts = frame.split_once("<row r=\"2\"");
    let parts = parts.and_then(|(head, rest)| Some((head, rest.split_once("</sheetData>")?)));
    let (head, (sample, tail)) = parts.ok_or_else(|| io::Error::other("the frame of a sheet has no sample row"))?;
    let inks = styles(sample);
    let head = resized(head, sheet);
    out.write_all(head.as_bytes())?;
    write_rows(out, sheet, &inks)?;
    out.write_all(b"</sheetData>")?;
    out.write_all(with_links(tail, sheet).as_bytes())
}

/// The rows of a sheet below its headings.
pub(super) fn write_rows(out: &mut (impl Write + Send + ?Sized), sheet: &Sheet<'_>, inks: &[&str]) -> io::Result<()> {
    // Rows are made on all cores while those before them are compressed.
    let mut ready = Vec::new();
    for (group, rows) in sheet.rows.chunks(CHUNK * AHEAD).enumerate() {
        let (written, made) = rayon::join(
            || ready.iter().try_for_each(|part: &Vec<u8>| out.write_all(part)),
            || group_xml(rows, group * CHUNK * AHEAD + 2, sheet, inks),
        );
        written?;
        ready = made;
    }
    ready.iter().try_for_each(|part| out.write_all(part))
}

/// Style numbers in the order in which the sample row shows them.
fn styles(sample: &str) -> Vec<&str> {
    sample.split("<c ").skip(1).map(|cell| between(cell, " s=\"", "\"").map_or("0", |(_, number, _)| number)).collect()
}

/// What stands before, between and behind two marks.
pub(super) fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, rest) = text.split_once(open)?;
    let (inside, after) = rest.split_once(close)?;
    Some((before, inside, after))
}

/// The sheet says how far it reaches.
fn resized(head: &str, sheet: &Sheet<'_>) -> String {
    let Some((before, _, after)) = between(head, "<dimension ref=\"", "\"") else { return head.to_owned() };
    let last = sheet.letters.last().map_or("A", String::as_str);
    format!("{before}<dimension ref=\"A1:{last}{}\"{after}", sheet.rows.len() + 1)
}

/// Links of all rows, made after the one of the sample row; they share its target.
pub(super) fn with_links(tail: &str, sheet: &Sheet<'_>) -> String {
    let Some((before, sample, after)) = between(tail, "<hyperlink ", "/>") else { return tail.to_owned() };
    let relation = between(sample, "r:id=\"", "\"").map_or("rId1", |(_, relation, _)| relation);
    let mut out = before.to_owned();
    for (cell, anchor) in links(sheet) {
        // Writing into a String cannot fail; anchors are lower-case finding ids.
        write!(out, "<hyperlink ref=\"{cell}\" r:id=\"{relation}\" location=\"{anchor}\"/>").ok();
    }
    out.push_str(after);
    out
}

fn group_xml(rows: &[&Row<'_>], first: usize, sheet: &Sheet<'_>, inks: &[&str]) -> Vec<Vec<u8>> {
    let chunks = rows.par_chunks(CHUNK).enumerate();
    chunks.map(|(chunk, rows)| chunk_xml(rows, first + chunk * CHUNK, sheet, inks)).collect()
}

fn chunk_xml(rows: &[&Row<'_>], first: usize, sheet: &Sheet<'_>, inks: &[&str]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 4096);
    for (row, number) in rows.iter().zip(first..) {
        let digits = number.to_string();
        let height = (15 * lines(row, sheet)).to_string();
        push(&mut out, &["<row r=\"", &digits, "\" ht=\"", &height, "\" customHeight=\"1\">"]);
        for (at, (field, letter)) in sheet.fields.iter().zip(&sheet.letters).enumerate() {
            let cell = sheet.text(row, at);
            let calculated = sheet.formula(row, u32::try_from(number).unwrap_or(u32::MAX), field.source);
            let (value, ink) = match calculated {
                Some(formula) => (formula, NUMBER),
                None if cell.is_empty() => continue,
                None => sheet.cell(cell, field, &row.see),
            };
            push(&mut out, &["<c r=\"", letter, &digits, "\" s=\"", inks.get(ink.0).unwrap_or(&"0")]);
            match value {
                Cell::Number(number) => push(&mut out, &["\"><v>", &number, "</v></c>"]),
                Cell::Formula(formula, result) => {
                    let kind = if result.is_some() { "\"><f>" } else { "\" t=\"str\"><f>" };
                    push(&mut out, &[kind, &xml(&formula), "</f><v>"]);
                    push(&mut out, &[&result.map_or_else(String::new, |days| days.to_string()), "</v></c>"]);
                }
                Cell::Text(text) => {
                    // Blanks at the ends are part of the text only when the cell says so.
                    let open = if text.len() > text.trim_ascii().len() { "<t xml:space=\"preserve\">" } else { "<t>" };
                    push(&mut out, &["\" t=\"inlineStr\"><is>", open]);
                    escape(&mut out, &text);
                    push(&mut out, &["</t></is></c>"]);
                }
            }
        }
        push(&mut out, &["</row>"]);
    }
    out
}

/// Lines that the texts of a row take in their columns. Longer ones than a row should be are read in the cell itself;
/// the height is said, because a spreadsheet would measure every row when it opens the file.
fn lines(row: &Row<'_>, sheet: &Sheet<'_>) -> usize {
    const MOST: usize = 6;
    // What is folded away needs no room.
    let wrapping = sheet.fields.iter().enumerate().filter(|(_, field)| field.wraps() && !field.folded);
    let lines = wrapping.map(|(at, field)| sheet.text(row, at).len().div_ceil(usize::from(field.width()).max(1)));
    lines.max().unwrap_or(1).clamp(1, MOST)
}

fn push(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

/// Text as the text of a cell in XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    escape(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

/// Text as XML text. `_x0041_` would be read as an escaped letter, so its underscore is escaped itself.
fn escape(out: &mut Vec<u8>, text: &str) {
    let text = xml(text);
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('_') {
        let underscore = if is_escape(after) { "_x005F_" } else { "_" };
        push(out, &[before, underscore]);
        rest = after;
    }
    push(out, &[rest]);
}

/// Whether what follows an underscore makes it `_xHHHH_`, Excel's way to write a character by its number.
fn is_escape(text: &str) -> bool {
    match text.as_bytes() {
        [b'x', digits @ ..] if digits.len() >= 5 => {
            digits.iter().take(4).all(u8::is_ascii_hexdigit) && digits.get(4) == Some(&b'_')
        }
        _ => false,
    }
}
