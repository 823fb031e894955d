//! A sheet streamed through, with some cells set.

use super::super::raw::{Row, Rows};
use super::super::stream::escaped;
use super::refs::{cell, holding, letters, reaching};
use super::{Edits, Value};
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use std::collections::BTreeSet;
use std::io::{self, BufRead, Read, Write};
use std::ops::Range;

/// Writes a sheet with its edits. Whatever is not edited is written as it was read.
///
/// Rows as programs write them are taken as they stand; what is before and behind them, and all from the first other row
/// on, goes through the events of a parser, which gives the same bytes in several times the time.
pub(super) fn rewrite(from: impl Read, to: impl Write, edits: &Edits, days: &BTreeSet<String>) -> io::Result<()> {
    let mut pass = Pass::new(to, edits, days);
    let mut rows = Rows::new(from);
    if let Some(head) = rows.head()? {
        by_events(head, &mut pass)?;
        while let Some(row) = rows.next()? {
            if !pass.whole_row(&row)? {
                rows.back();
                break;
            }
        }
    }
    by_events(rows.rest(), &mut pass)
}

/// Writes a sheet with other rows below its first one.
pub(super) fn refill(
    from: impl Read,
    to: impl Write,
    edits: &Edits,
    days: &BTreeSet<String>,
    rows: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    tail: impl FnOnce(&str) -> String,
) -> io::Result<()> {
    let odd = || io::Error::other("a sheet of the tool is not written as programs write them");
    let mut pass = Pass::new(to, edits, days);
    let mut old = Rows::new(from);
    by_events(old.head()?.ok_or_else(odd)?, &mut pass)?;
    // The cells tell how far the sheet reaches; they are among the rows.
    pass.next = edits.cells.len();
    pass.out.get_mut().write_all(old.next()?.ok_or_else(odd)?.text.as_bytes())?;
    rows(pass.out.get_mut())?;
    while old.next()?.is_some() {}
    let behind = io::read_to_string(old.rest())?;
    if !behind.trim_start().starts_with("</sheetData>") {
        return Err(odd());
    }
    by_events(tail(&behind).as_bytes(), &mut pass)
}

/// The same as [`rewrite`] by events alone.
#[cfg(test)]
pub(super) fn alone(from: impl BufRead, to: impl Write, edits: &Edits, days: &BTreeSet<String>) -> io::Result<()> {
    by_events(from, &mut Pass::new(to, edits, days))
}

fn by_events<W: Write>(from: impl BufRead, pass: &mut Pass<'_, W>) -> io::Result<()> {
    let mut reader = Reader::from_reader(from);
    reader.config_mut().check_end_names = false;
    // What was opened before the rows is closed behind them.
    reader.config_mut().allow_unmatched_ends = true;
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(io::Error::other)?;
        match event {
            Event::Eof => return Ok(()),
            Event::Start(tag) if tag.local_name().as_ref() == "c" => match pass.cell(&tag)? {
                None => pass.out.write_event(Event::Start(tag))?,
                Some(value) => {
                    let end = tag.to_end().into_owned();
                    pass.set(&tag, value)?;
                    drop_until(&mut reader, &end, pass.row, pass.column)?;
                }
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "c" => match pass.cell(&tag)? {
                None => pass.out.write_event(Event::Empty(tag))?,
                Some(value) => pass.set(&tag, value)?,
            },
            Event::Start(tag) if tag.local_name().as_ref() == "row" => pass.row_start(tag, false)?,
            Event::Empty(tag) if tag.local_name().as_ref() == "row" => pass.row_start(tag, true)?,
            Event::End(tag) if tag.local_name().as_ref() == "row" => {
                pass.rest_of_row()?;
                pass.out.write_event(Event::End(tag))?;
            }
            Event::End(tag) if tag.local_name().as_ref() == "sheetData" => {
                pass.rows_before(u32::MAX)?;
                pass.out.write_event(Event::End(tag))?;
            }
            Event::Start(tag) => {
                let tag = pass.widened(tag);
                pass.out.write_event(Event::Start(tag))?;
            }
            Event::Empty(tag) => {
                let tag = pass.widened(tag);
                pass.out.write_event(Event::Empty(tag))?;
            }
            other => pass.out.write_event(other)?,
        }
        buffer.clear();
    }
}

/// Reads to the end of a cell that is set anew. A formula that other cells share cannot go.
fn drop_until(
    reader: &mut Reader<impl BufRead>,
    end: &quick_xml::events::BytesEnd<'_>,
    row: u32,
    column: u32,
) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(io::Error::other)? {
            Event::Eof => return Err(io::Error::other("a cell has no end")),
            Event::End(tag) if tag.name() == end.name() => return Ok(()),
            Event::Start(tag) | Event::Empty(tag)
                if tag.local_name().as_ref() == "f" && attribute(&tag, "ref").is_some() =>
            {
                let place = format!("{}{row}", letters(column));
                let message = "holds a formula of several cells in a column of the tool; put a value in its place";
                return Err(io::Error::other(format!("{place} {message}")));
            }
            _ => {}
        }
        buffer.clear();
    }
}

struct Pass<'e, W: Write> {
    out: Writer<W>,
    edits: &'e Edits,
    /// Looks that show days.
    days: &'e BTreeSet<String>,
    /// The first edit that is not written yet.
    next: usize,
    /// Row and column where the pass is.
    row: u32,
    column: u32,
    /// Prefix of the sheet's elements with its colon, which some programs write.
    prefix: String,
    /// The style of the last cell of each column, below the headings.
    styles: Vec<Option<String>>,
    /// Looks of whole columns: first, last and number.
    columns: Vec<(u32, u32, String)>,
    /// The cell that is being made; its memory is used again.
    made: String,
}

impl<'e, W: Write> Pass<'e, W> {
    fn new(to: W, edits: &'e Edits, days: &'e BTreeSet<String>) -> Self {
        Self {
            out: Writer::new(to),
            edits,
            days,
            next: 0,
            row: 0,
            column: 0,
            prefix: String::new(),
            styles: Vec::new(),
            columns: Vec::new(),
            made: String::new(),
        }
    }

    fn pending(&self) -> Option<&'e (u32, u32, Value)> {
        self.edits.cells.get(self.next)
    }

    /// A row as it stands, with its edits. Nothing is written where an edited cell has a formula that may be shared.
    fn whole_row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        let own = self.edits.cells.get(self.next..).unwrap_or_default();
        let own = own.iter().skip_while(|(at, ..)| *at < row.number).take_while(|(at, ..)| *at == row.number);
        let edited: Vec<u32> = own.map(|(_, column, _)| *column).collect();
        if row.cells.iter().any(|cell| cell.told_formula && edited.contains(&cell.column)) {
            return Ok(false);
        }
        let piece = |place: Range<usize>| row.text.get(place).unwrap_or_default();
        self.out.get_mut().write_all(piece(0..row.tag.start).as_bytes())?;
        let name_and_attributes = row.tag.start + 1..row.tag.end - if row.empty { 2 } else { 1 };
        self.row_start(BytesStart::from_content(piece(name_and_attributes), "row".len()), row.empty)?;
        let mut copied = row.tag.end;
        for cell in row.cells {
            let style = cell.style.clone().map(piece);
            if edited.is_empty() {
                self.keep_style(cell.column, style);
                continue;
            }
            let next = self.pending().filter(|(at, column, _)| *at == row.number && *column <= cell.column);
            if next.is_some() {
                self.out.get_mut().write_all(piece(copied..cell.place.start).as_bytes())?;
                copied = cell.place.start;
            }
            if let Some(value) = self.reached(cell.column, style)? {
                self.write(cell.column, style, value)?;
                copied = cell.place.end;
            }
        }
        let end = if row.empty { row.text.len() } else { row.text.len() - "</row>".len() };
        self.out.get_mut().write_all(piece(copied..end).as_bytes())?;
        self.rest_of_row()?;
        self.out.get_mut().write_all(piece(end..row.text.len()).as_bytes())?;
        Ok(true)
    }

    fn row_start(&mut self, tag: BytesStart<'_>, empty: bool) -> io::Result<()> {
        let row = attribute(&tag, "r").and_then(|row| row.parse().ok()).unwrap_or(self.row + 1);
        let name = tag.name();
        self.prefix = name.as_ref().split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"));
        self.rows_before(row)?;
        (self.row, self.column) = (row, 0);
        let edited = self.pending().is_some_and(|(at, ..)| *at == row);
        // What a row says of its width need not hold for cells that it gets.
        let tag = if edited { without(&tag, "spans") } else { tag };
        if !empty {
            return self.out.write_event(Event::Start(tag));
        }
        if !edited {
            return self.out.write_event(Event::Empty(tag));
        }
        let end = tag.to_end().into_owned();
        self.out.write_event(Event::Start(tag))?;
        self.rest_of_row()?;
        self.out.write_event(Event::End(end))
    }

    /// The value of a cell that is to be set; those before it that the row lacks are written first.
    fn cell(&mut self, tag: &BytesStart<'_>) -> io::Result<Option<&'e Value>> {
        let (mut column, mut style) = (self.column, None);
        for one in tag.attributes().with_checks(false).flatten() {
            match one.key.as_ref() {
                "r" => column = cell(&one.value).map_or(column, |(_, column)| column),
                "s" => style = Some(one.value),
                _ => {}
            }
        }
        self.reached(column, style.as_deref())
    }

    /// The value of a cell by its column and look.
    fn reached(&mut self, column: u32, style: Option<&str>) -> io::Result<Option<&'e Value>> {
        self.cells_before(column)?;
        self.column = column + 1;
        self.keep_style(column, style);
        let edit = self.pending().filter(|(row, at, _)| (*row, *at) == (self.row, column));
        self.next += usize::from(edit.is_some());
        Ok(edit.map(|(_, _, value)| value))
    }

    fn keep_style(&mut self, column: u32, style: Option<&str>) {
        let Some(style) = style.filter(|_| self.row > self.edits.head) else { return };
        // Names of columns have three letters at most, so there are few.
        let at = column as usize;
        if self.styles.len() <= at {
            self.styles.resize(at + 1, None);
        }
        if let Some(known) = self.styles.get_mut(at).filter(|known| known.as_deref() != Some(style)) {
            *known = Some(style.to_owned());
        }
    }

    fn set(&mut self, tag: &BytesStart<'_>, value: &Value) -> io::Result<()> {
        self.write(self.column - 1, attribute(tag, "s").as_deref(), value)
    }

    fn rest_of_row(&mut self) -> io::Result<()> {
        self.cells_before(u32::MAX)
    }

    /// Cells of this row that it lacks, as far as a column.
    fn cells_before(&mut self, column: u32) -> io::Result<()> {
        while let Some((_, at, value)) = self.pending().filter(|(row, at, _)| *row == self.row && *at < column) {
            let style = self.style(*at);
            self.write(*at, style.as_deref(), value)?;
            self.next += 1;
        }
        Ok(())
    }

    /// The look of a cell that is not there: that of the one above, else of its column.
    fn style(&self, column: u32) -> Option<String> {
        let of_column = self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&column));
        let above = self.styles.get(column as usize).and_then(Option::as_ref);
        above.or(of_column.map(|(_, _, style)| style)).cloned()
    }

    /// Rows that the sheet lacks, as far as a row.
    fn rows_before(&mut self, row: u32) -> io::Result<()> {
        while let Some(at) = self.pending().map(|(at, ..)| *at).filter(|at| *at < row) {
            if at <= self.row {
                return Err(io::Error::other(format!("row {at} stands behind row {}", self.row)));
            }
            let name = format!("{}row", self.prefix);
            let mut tag = BytesStart::new(name);
            tag.push_attribute(("r", at.to_string().as_str()));
            let end = tag.to_end().into_owned();
            self.out.write_event(Event::Start(tag))?;
            (self.row, self.column) = (at, 0);
            self.rest_of_row()?;
            self.out.write_event(Event::End(end))?;
        }
        Ok(())
    }

    fn write(&mut self, column: u32, style: Option<&str>, value: &Value) -> io::Result<()> {
        let mut made = std::mem::take(&mut self.made);
        made.clear();
        self.make(&mut made, column, style, value);
        let written = self.out.get_mut().write_all(made.as_bytes());
        self.made = made;
        written
    }

    /// A cell as XML. Hundreds of thousands are made, so it is put together by hand.
    fn make(&self, made: &mut String, column: u32, style: Option<&str>, value: &Value) {
        let (row, p) = (self.row.to_string(), self.prefix.as_str());
        let mut push = |parts: &[&str]| parts.iter().for_each(|part| made.push_str(part));
        push(&["<", p, "c r=\"", &letters(column), &row, "\""]);
        if let Some(style) = style {
            push(&[" s=\"", &escape(style), "\""]);
        }
        let serial;
        let (inner, text) = match value {
            Value::Empty => return push(&["/>"]),
            Value::Number(number) => ("v", number),
            Value::Formula(formula) => ("f", formula),
            Value::Day(day, _) if style.is_some_and(|style| self.days.contains(style)) => {
                serial = day.to_string();
                ("v", &serial)
            }
            Value::Text(text) | Value::Day(_, text) => {
                let blanks = if text.trim().len() < text.len() { " xml:space=\"preserve\"" } else { "" };
                push(&[" t=\"inlineStr\"><", p, "is><", p, "t", blanks, ">", &escaped(text)]);
                return push(&["</", p, "t></", p, "is></", p, "c>"]);
            }
        };
        push(&["><", p, inner, ">", &escaped(text), "</", p, inner, "></", p, "c>"]);
    }

    /// A tag whose ranges hold for the rows that were added, too.
    fn widened<'t>(&mut self, tag: BytesStart<'t>) -> BytesStart<'t> {
        if tag.local_name().as_ref() == "col" {
            let number = |name: &str| attribute(&tag, name).and_then(|text| text.parse::<u32>().ok());
            if let (Some(first), Some(last), Some(style)) = (number("min"), number("max"), attribute(&tag, "style")) {
                self.columns.push((first.saturating_sub(1), last.saturating_sub(1), style));
            }
            return tag;
        }
        let Edits { old_last, new_last, cells, .. } = self.edits;
        match tag.local_name().as_ref() {
            "dimension" => {
                let corner = |list: &str| {
                    let right = cells.iter().map(|(_, column, _)| *column).max();
                    let corner = cells.last().zip(right);
                    corner.map_or_else(|| list.to_owned(), |((bottom, ..), right)| holding(list, *bottom, right))
                };
                with(&tag, "ref", corner).unwrap_or(tag)
            }
            "autoFilter" => with(&tag, "ref", |list| reaching(list, *old_last, *new_last)).unwrap_or(tag),
            "dataValidation" | "conditionalFormatting" => {
                with(&tag, "sqref", |list| reaching(list, *old_last, *new_last)).unwrap_or(tag)
            }
            _ => tag,
        }
    }
}

/// The value of an attribute, with its entities resolved.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|one| one.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&found.value).ok()?.into_owned())
}

/// The tag with another value of an attribute; none where it lacks the attribute.
pub(super) fn with(tag: &BytesStart<'_>, name: &str, change: impl Fn(&str) -> String) -> Option<BytesStart<'static>> {
    let value = attribute(tag, name)?;
    Some(set(tag, name, &change(&value)))
}

/// The tag with an attribute set, in its place or at the end.
pub(super) fn set(tag: &BytesStart<'_>, name: &str, value: &str) -> BytesStart<'static> {
    let mut other = BytesStart::new(tag.name().as_ref().to_owned());
    let mut there = false;
    for one in tag.attributes().with_checks(false).flatten() {
        if one.key.as_ref() == name {
            there = true;
            other.push_attribute((name, value));
        } else {
            other.push_attribute(one);
        }
    }
    if !there {
        other.push_attribute((name, value));
    }
    other
}

fn without<'t>(tag: &BytesStart<'t>, name: &str) -> BytesStart<'t> {
    let mut other = BytesStart::new(tag.name().as_ref().to_owned());
    for one in tag.attributes().with_checks(false).flatten().filter(|one| one.key.as_ref() != name) {
        other.push_attribute(one);
    }
    other
}
