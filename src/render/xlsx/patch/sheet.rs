//! A sheet streamed through, with some cells set.

use super::refs::{cell, holding, letters, reaching};
use super::{Edits, Value};
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};

/// Writes a sheet with its edits. Whatever is not edited is written as it was read.
pub(super) fn rewrite(from: impl BufRead, to: impl Write, edits: &Edits, days: &BTreeSet<String>) -> io::Result<()> {
    let mut reader = Reader::from_reader(from);
    reader.config_mut().check_end_names = false;
    let mut pass = Pass {
        out: Writer::new(to),
        edits,
        days,
        next: 0,
        row: 0,
        column: 0,
        prefix: String::new(),
        styles: BTreeMap::new(),
        columns: Vec::new(),
    };
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(io::Error::other)?;
        match event {
            Event::Eof => return Ok(()),
            Event::Start(tag) if tag.local_name().as_ref() == "c" => match pass.cell(&tag)? {
                None => pass.out.write_event(Event::Start(tag))?,
                Some(value) => {
                    let end = tag.to_end().into_owned();
                    pass.set(&tag, &value)?;
                    drop_until(&mut reader, &end, pass.row, pass.column)?;
                }
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "c" => match pass.cell(&tag)? {
                None => pass.out.write_event(Event::Empty(tag))?,
                Some(value) => pass.set(&tag, &value)?,
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
    styles: BTreeMap<u32, String>,
    /// Looks of whole columns: first, last and number.
    columns: Vec<(u32, u32, String)>,
}

impl<W: Write> Pass<'_, W> {
    fn pending(&self) -> Option<&(u32, u32, Value)> {
        self.edits.cells.get(self.next)
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
    fn cell(&mut self, tag: &BytesStart<'_>) -> io::Result<Option<Value>> {
        // Millions of cells come by: their attributes are looked at where they stand.
        let (mut column, mut style) = (self.column, None);
        for one in tag.attributes().with_checks(false).flatten() {
            match one.key.as_ref() {
                "r" => column = cell(&one.value).map_or(column, |(_, column)| column),
                "s" => style = Some(one.value),
                _ => {}
            }
        }
        self.cells_before(column)?;
        self.column = column + 1;
        if let Some(style) = style.filter(|_| self.row > self.edits.head) {
            match self.styles.get_mut(&column) {
                Some(known) if *known == *style => {}
                Some(known) => *known = style.into_owned(),
                None => drop(self.styles.insert(column, style.into_owned())),
            }
        }
        let edit = self.pending().filter(|(row, at, _)| (*row, *at) == (self.row, column));
        let value = edit.map(|(_, _, value)| value.clone());
        self.next += usize::from(value.is_some());
        Ok(value)
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
            let (at, value) = (*at, value.clone());
            let style = self.style(at);
            self.write(at, style.as_deref(), &value)?;
            self.next += 1;
        }
        Ok(())
    }

    /// The look of a cell that is not there: that of the one above, else of its column.
    fn style(&self, column: u32) -> Option<String> {
        let of_column = self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&column));
        self.styles.get(&column).or(of_column.map(|(_, _, style)| style)).cloned()
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
        let place = format!("{}{}", letters(column), self.row);
        let element = |name: &str| format!("{}{name}", self.prefix);
        let mut tag = BytesStart::new(element("c"));
        tag.push_attribute(("r", place.as_str()));
        if let Some(style) = style {
            tag.push_attribute(("s", style));
        }
        let (inner, text) = match value {
            Value::Empty => return self.out.write_event(Event::Empty(tag)),
            Value::Number(number) => (vec![element("v")], number.clone()),
            Value::Formula(formula) => (vec![element("f")], formula.clone()),
            Value::Day(serial, _) if style.is_some_and(|style| self.days.contains(style)) => {
                (vec![element("v")], serial.to_string())
            }
            Value::Text(text) | Value::Day(_, text) => {
                tag.push_attribute(("t", "inlineStr"));
                (vec![element("is"), element("t")], text.clone())
            }
        };
        let outer = tag.to_end().into_owned();
        self.out.write_event(Event::Start(tag))?;
        for name in &inner {
            let mut tag = BytesStart::new(name.as_str());
            if text.trim().len() < text.len() && name.ends_with('t') {
                tag.push_attribute(("xml:space", "preserve"));
            }
            self.out.write_event(Event::Start(tag))?;
        }
        let written = super::super::stream::escaped(&text);
        self.out.write_event(Event::Text(BytesText::from_escaped(written)))?;
        for name in inner.iter().rev() {
            self.out.write_event(Event::End(quick_xml::events::BytesEnd::new(name.as_str())))?;
        }
        self.out.write_event(Event::End(outer))
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
