//! Rows of a sheet as they stand in its XML, cut out without an event for each of their tags.
//!
//! Only what spreadsheet programs write is known here: rows and cells that say where they are, in order, without
//! prefixes, comments and the like. From the first row that is anything else, the sheet is left to a parser.

use memchr::{memchr, memmem};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;

/// Bytes that are asked for at a time.
const PIECE: usize = 1 << 20;
/// The longest row, or the longest part before the rows, that is looked for.
const LONGEST: usize = 1 << 26;

/// A sheet, row by row.
pub(crate) struct Rows<R> {
    from: R,
    buffer: Vec<u8>,
    /// Where what has not been handed out begins.
    at: usize,
    /// Where the row that was handed out last begins.
    last: usize,
    ended: bool,
    cells: Vec<Cell>,
}

/// A row.
pub(crate) struct Row<'r> {
    /// The row, with the blanks before it.
    pub(crate) text: &'r str,
    /// Its start tag.
    pub(crate) tag: Range<usize>,
    /// Whether it is a tag alone.
    pub(crate) empty: bool,
    /// Its number.
    pub(crate) number: u32,
    /// Its cells, from left to right.
    pub(crate) cells: &'r [Cell],
}

/// A cell: places in the text of its row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    /// Where the cell stands.
    pub(crate) place: Range<usize>,
    /// Its column, from 0.
    pub(crate) column: u32,
    /// The number of its look.
    pub(crate) style: Option<Range<usize>>,
    /// Its text, where it holds one in itself and nothing else, and whether blanks around it count.
    pub(crate) plain: Option<(Range<usize>, bool)>,
    /// Whether it has a formula that says something of itself, such as other cells that it holds for.
    pub(crate) told_formula: bool,
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, buffer: Vec::new(), at: 0, last: 0, ended: false, cells: Vec::new() }
    }

    /// What stands before the rows; none when that is not told at a glance.
    pub(crate) fn head(&mut self) -> io::Result<Option<&[u8]>> {
        const START: &[u8] = b"<sheetData>";
        let Some(end) = self.find(START, 0)? else { return Ok(None) };
        let head = self.buffer.get(..end).unwrap_or_default();
        let declared = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let declared = declared.strip_prefix(b"<?").unwrap_or(declared);
        if [b"<!", b"<?"].iter().any(|mark| memmem::find(declared, *mark).is_some()) {
            return Ok(None);
        }
        self.at = end;
        Ok(self.buffer.get(..end))
    }

    /// The next row; none at their end, or when the next one is unlike those that programs write.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        self.last = self.at;
        let Some(mut end) = self.find(b">", self.at)? else { return Ok(None) };
        // Behind the last row stands what may be long and has no row to look for.
        if self.buffer.get(self.at..end).is_none_or(|tag| !tag.trim_ascii_start().starts_with(b"<row")) {
            return Ok(None);
        }
        if self.buffer.get(..end).is_none_or(|tag| !tag.ends_with(b"/>")) {
            let Some(whole) = self.find(b"</row>", end)? else { return Ok(None) };
            end = whole;
        }
        let text = self.buffer.get(self.at..end).and_then(|text| std::str::from_utf8(text).ok());
        let row = text.and_then(|text| row(text, &mut self.cells));
        self.at = if row.is_some() { end } else { self.at };
        Ok(row)
    }

    /// Takes back the row that was handed out last.
    pub(crate) fn back(&mut self) {
        self.at = self.last;
    }

    /// What has not been handed out.
    pub(crate) fn rest(mut self) -> impl BufRead {
        self.buffer.drain(..self.at);
        BufReader::with_capacity(1 << 16, Cursor::new(self.buffer).chain(self.from))
    }

    /// The end of the next mark from a place on.
    fn find(&mut self, mark: &[u8], from: usize) -> io::Result<Option<usize>> {
        let mut searched = from;
        loop {
            let found = self.buffer.get(searched..).and_then(|rest| memmem::find(rest, mark));
            if let Some(found) = found {
                return Ok(Some(searched + found + mark.len()));
            }
            if self.ended || self.buffer.len() - self.at > LONGEST {
                return Ok(None);
            }
            // What has been handed out makes room; the last row stays, because it may be taken back.
            let gone = self.last.min(self.buffer.len());
            self.buffer.drain(..gone);
            (self.at, self.last) = (self.at - gone, 0);
            searched = self.buffer.len().saturating_sub(mark.len()).max(self.at);
            self.ended = self.from.by_ref().take(PIECE as u64).read_to_end(&mut self.buffer)? == 0;
        }
    }
}

/// A text as a row.
fn row<'r>(text: &'r str, cells: &'r mut Vec<Cell>) -> Option<Row<'r>> {
    cells.clear();
    let start = blanks(text, 0);
    if !text.get(start..)?.starts_with("<row") {
        return None;
    }
    let mut digits = "";
    let (mut at, empty) = tag(text, start + "<row".len(), |name, value| {
        if name == "r" {
            digits = text.get(value).unwrap_or_default();
        }
    })?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (number, row_tag) = (digits.parse().ok()?, start..at);
    at = blanks(text, at);
    while !empty && text.get(at..)? != "</row>" {
        let next = cell(text, at, digits)?;
        if cells.last().is_some_and(|before| before.column >= next.column) {
            return None;
        }
        at = blanks(text, next.place.end);
        cells.push(next);
    }
    sound_references(text).then_some(Row { text, tag: row_tag, empty, number, cells })
}

/// The cell at a place.
fn cell(text: &str, start: usize, row: &str) -> Option<Cell> {
    let mut cell = Cell::default();
    let (mut column, mut inline) = (None, false);
    if !text.get(start..)?.starts_with("<c") {
        return None;
    }
    let (inside, empty) = tag(text, start + "<c".len(), |name, value| match name {
        "r" => column = text.get(value).and_then(|place| place.strip_suffix(row)).and_then(number_of),
        "s" => cell.style = Some(value),
        "t" => inline = text.get(value).is_some_and(|kind| kind == "inlineStr"),
        _ => {}
    })?;
    cell.column = column?;
    cell.place = start..inside;
    if empty {
        return Some(cell);
    }
    let plain = inline.then(|| plain(text, inside)).flatten();
    if let Some((text, kept, end)) = plain {
        cell.plain = Some((text, kept));
        cell.place.end = end;
        return Some(cell);
    }
    let mut at = inside;
    loop {
        at += memchr(b'<', text.as_bytes().get(at..)?)?;
        if text.get(at..)?.starts_with("</c>") {
            cell.place.end = at + "</c>".len();
            return Some(cell);
        }
        at = part(text, at, &mut cell.told_formula)?;
    }
}

/// The place of a text that stands alone in a cell, whether blanks around it count, and the end of the cell.
fn plain(text: &str, at: usize) -> Option<(Range<usize>, bool, usize)> {
    let rest = text.get(at..)?;
    let opens = [("<is><t>", false), ("<is><t xml:space=\"preserve\">", true)];
    let (open, kept) = opens.into_iter().find(|(open, _)| rest.starts_with(open))?;
    let start = at + open.len();
    let end = start + memchr(b'<', text.as_bytes().get(start..)?)?;
    let close = "</t></is></c>";
    text.get(end..)?.starts_with(close).then_some((start..end, kept, end + close.len()))
}

/// The end of a tag inside a cell: of a value, a formula or a text.
fn part(text: &str, at: usize, told_formula: &mut bool) -> Option<usize> {
    let rest = text.get(at + 1..)?;
    let closing = rest.starts_with('/');
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name = ["v", "f", "t", "is"]
        .into_iter()
        .find(|name| rest.strip_prefix(name).is_some_and(|behind| behind.starts_with(['>', ' ', '/'])))?;
    let name_end = at + 1 + usize::from(closing) + name.len();
    let mut attributes = false;
    let (end, _) = tag(text, name_end, |_, _| attributes = true)?;
    *told_formula |= name == "f" && attributes;
    (!closing || end == name_end + 1).then_some(end)
}

/// Hands each attribute of a tag to a function, from the end of its name on. The end of the tag, and whether it is empty.
fn tag(text: &str, mut at: usize, mut each: impl FnMut(&str, Range<usize>)) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    loop {
        let blank = bytes.get(at)? == &b' ';
        at += usize::from(blank);
        match bytes.get(at)? {
            b'>' => return Some((at + 1, false)),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some((at + 2, true)),
            _ if !blank => return None,
            _ => {}
        }
        let name = at;
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-')) {
            at += 1;
        }
        let (name, value) = (text.get(name..at)?, at + 2);
        if name.is_empty() || bytes.get(at..value)? != b"=\"" {
            return None;
        }
        at = value + bytes.get(value..)?.iter().position(|byte| matches!(byte, b'"' | b'<' | b'&' | b'>'))?;
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        each(name, value..at);
        at += 1;
    }
}

/// The place behind blanks.
fn blanks(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// Number of a column, from 0.
fn number_of(letters: &str) -> Option<u32> {
    let known = (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let number = || letters.bytes().fold(0, |number, byte| number * 26 + u32::from(byte - b'A') + 1);
    known.then(|| number() - 1)
}

/// Whether every `&` begins a reference; a parser refuses others.
fn sound_references(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).all(|at| {
        let rest = text.as_bytes().get(at + 1..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
        length > 0 && rest.get(length) == Some(&b';')
    })
}
