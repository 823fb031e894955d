//! Rows of large sheets, streamed into a workbook that was written with its header rows only.
//!
//! The workbook writer keeps every cell in memory; 100,000 findings take it five seconds. So it writes the frame
//! (styles, widths, filters, lists, notes, one sample row that shows the numbers of the styles), and the rows follow
//! here as plain cells with inline texts, made on all cores while the archive is being compressed.

use super::{Cell, Ink, Sheet, links};
use crate::table::Row;
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
        let file = |number: usize| format!("xl/worksheets/sheet{number}.xml");
        match sheets.iter().find(|(number, _)| entry.name().is_ok_and(|name| name == file(*number))) {
            Some((number, sheet)) => {
                let mut text = String::new();
                entry.read_to_string(&mut text)?;
                out.start_file(file(*number), options).map_err(io::Error::other)?;
                write_sheet(&mut out, &text, sheet)?;
            }
            None => out.raw_copy_file(entry).map_err(io::Error::other)?,
        }
    }
    Ok(out.finish().map_err(io::Error::other)?.into_inner())
}

/// The sheet of the frame with all its rows in place of the sample row.
fn write_sheet(out: &mut (impl Write + Send), frame: &str, sheet: &Sheet<'_>) -> io::Result<()> {
    let broken = || io::Error::other("the frame of a sheet has no sample row");
    let (head, rest) = frame.split_once("<row r=\"2\"").ok_or_else(broken)?;
    let (sample, tail) = rest.split_once("</sheetData>").ok_or_else(broken)?;
    let inks = styles(sample);
    let head = resized(head, sheet);
    out.write_all(head.as_bytes())?;
    let mut groups = sheet.rows.chunks(CHUNK * AHEAD).enumerate();
    let make = |(group, rows): (usize, &[Row<'_>])| -> Vec<Vec<u8>> {
        let chunks = rows.par_chunks(CHUNK).enumerate();
        chunks.map(|(chunk, rows)| chunk_xml(rows, group * CHUNK * AHEAD + chunk * CHUNK + 2, sheet, &inks)).collect()
    };
    let mut ready = groups.next().map(make).unwrap_or_default();
    loop {
        let next = groups.next();
        let last = next.is_none();
        let (written, made) = rayon::join(
            || ready.iter().try_for_each(|part| out.write_all(part)),
            || next.map(make).unwrap_or_default(),
        );
        written?;
        if last {
            break;
        }
        ready = made;
    }
    out.write_all(b"</sheetData>")?;
    out.write_all(with_links(tail, sheet).as_bytes())
}

/// Style numbers in the order in which the sample row shows them.
fn styles(sample: &str) -> Vec<String> {
    let number = |cell: &str| cell.split_once(" s=\"").and_then(|(_, rest)| rest.split('"').next()).map(str::to_owned);
    sample.split("<c ").skip(1).map(|cell| number(cell).unwrap_or_else(|| "0".to_owned())).collect()
}

/// The sheet says how far it reaches.
fn resized(head: &str, sheet: &Sheet<'_>) -> String {
    let Some((before, rest)) = head.split_once("<dimension ref=\"") else { return head.to_owned() };
    let Some((_, after)) = rest.split_once('"') else { return head.to_owned() };
    let last = sheet.letters.last().map_or("A", String::as_str);
    format!("{before}<dimension ref=\"A1:{last}{}\"{after}", sheet.rows.len() + 1)
}

/// Links of all rows, made after the one of the sample row; they share its target.
fn with_links(tail: &str, sheet: &Sheet<'_>) -> String {
    let Some((before, rest)) = tail.split_once("<hyperlink ") else { return tail.to_owned() };
    let Some((sample, after)) = rest.split_once("/>") else { return tail.to_owned() };
    let relation = sample.split_once("r:id=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("rId1");
    let mut out = before.to_owned();
    for (cell, anchor) in links(sheet) {
        // Writing into a String cannot fail; anchors are lower-case finding ids.
        write!(out, "<hyperlink ref=\"{cell}\" r:id=\"{relation}\" location=\"{anchor}\"/>").ok();
    }
    out.push_str(after);
    out
}

fn chunk_xml(rows: &[Row<'_>], first: usize, sheet: &Sheet<'_>, inks: &[String]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 4096);
    for (row, number) in rows.iter().zip(first..) {
        let digits = number.to_string();
        let height = (15 * lines(row, sheet)).to_string();
        push(&mut out, &["<row r=\"", &digits, "\" ht=\"", &height, "\" customHeight=\"1\">"]);
        for ((cell, field), letter) in row.cells.iter().zip(&sheet.fields).zip(&sheet.letters) {
            if cell.is_empty() {
                continue;
            }
            let (value, ink) = sheet.cell(cell, field, &row.see);
            push(&mut out, &["<c r=\"", letter, &digits, "\" s=\"", style(inks, ink)]);
            match value {
                Cell::Number(number) => push(&mut out, &["\"><v>", &number, "</v></c>"]),
                Cell::Text(text) => {
                    // Blanks at the ends are part of the text only when the cell says so.
                    let blank = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
                    let keep = blank(text.as_bytes().first()) || blank(text.as_bytes().last());
                    let open = if keep { "<t xml:space=\"preserve\">" } else { "<t>" };
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
    let cells = row.cells.iter().zip(&sheet.fields).filter(|(_, field)| field.wraps());
    let lines = cells.map(|(cell, field)| cell.len().div_ceil(usize::from(field.width()).max(1)));
    lines.max().unwrap_or(1).clamp(1, MOST)
}

fn style(inks: &[String], ink: Ink) -> &str {
    inks.get(ink.0).map_or("0", String::as_str)
}

fn push(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

/// Text as XML text. `_x0041_` would be read as an escaped letter, so its underscore is escaped itself; U+FFFE and
/// U+FFFF are no characters of XML.
fn escape(out: &mut Vec<u8>, text: &str) {
    let plain = |byte: u8| !matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xef);
    if text.bytes().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    for (at, c) in text.char_indices() {
        match c {
            '&' => push(out, &["&amp;"]),
            '<' => push(out, &["&lt;"]),
            '>' => push(out, &["&gt;"]),
            '_' if text.get(at..).is_some_and(is_escape) => push(out, &["_x005F_"]),
            '\u{fffe}' | '\u{ffff}' => push(out, &["\u{fffd}"]),
            c => push(out, &[c.encode_utf8(&mut [0; 4])]),
        }
    }
}

/// `_xHHHH_`, Excel's way to write a character by its number.
fn is_escape(text: &str) -> bool {
    match text.as_bytes() {
        [b'_', b'x', digits @ ..] if digits.len() >= 5 => {
            digits.iter().take(4).all(u8::is_ascii_hexdigit) && digits.get(4) == Some(&b'_')
        }
        _ => false,
    }
}
