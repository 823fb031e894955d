//! A sheet of the tool in a workbook that people have, with the rows of a later run.

use super::looks::{HUMAN, KEY, LINK, Looks, MACHINE, NUMBER, Style, WORDS};
use super::patch::{self, Edits, Value};
use super::raw::{Row, Rows};
use super::stream::{between, with_links, write_rows};
use super::{Field, Sheet, WorkbookError, column_name, fields};
use crate::render::csv::MOST_ROWS;
use crate::render::theme::Colours;
use crate::table::rows::is_finding_id;
use crate::table::{Kind, Table};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read, Write};
use zip::ZipArchive;

/// A sheet as it stands in a workbook.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Its name.
    pub sheet: String,
    /// Texts of its first row, its first column and columns whose words have colours: row from 1, column from 0.
    pub texts: BTreeMap<(u32, u32), String>,
    /// Whether it has formulas.
    pub formulas: bool,
}

/// Whether the words of a column have colours.
#[must_use]
pub fn is_coloured(heading: &str) -> bool {
    Field::of(heading, &[]).colour
}

/// The workbook with the rows of a table on a sheet that shows an older one. The reason instead, where the sheet holds
/// something that the tool does not write: it stays as it is. Fails when the archive cannot be put together.
pub fn renewed(
    book: &[u8],
    standing: &Standing,
    table: &Table<'_>,
    colours: &Colours,
) -> Result<Result<Vec<u8>, &'static str>, WorkbookError> {
    let looks = Looks::new(colours);
    let fields = fields(&table.name, table);
    let letters = (0..fields.len()).map(|at| column_name(u16::try_from(at).unwrap_or(u16::MAX)));
    let mut sheet = Sheet {
        letters: letters.collect(),
        fields,
        rows: table.rows.iter().collect(),
        words: looks.words.iter().map(|(word, _)| *word).collect(),
        linked: false,
        today: Date::default(),
    };
    let seen = match seen(book, standing, &mut sheet)? {
        Ok(seen) => seen,
        Err(reason) => return Ok(Err(reason)),
    };
    let new_last = u32::try_from(table.rows.len() + 1).unwrap_or(u32::MAX);
    let corner = u32::try_from(sheet.fields.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let edits = Edits { cells: vec![(new_last, corner, Value::Empty)], head: 1, old_last: seen.last, new_last };
    let (known, key) = (&seen.inks, seen.inks.get(&KEY.0).map_or("0", String::as_str));
    let inks: Vec<&str> =
        (0..WORDS + sheet.words.len()).map(|ink| known.get(&ink).map_or(key, String::as_str)).collect();
    let rows = |to: &mut dyn Write| {
        let mut made = Vec::new();
        write_rows(&mut made, &sheet, &inks)?;
        to.write_all(&made)
    };
    patch::refilled(book, &standing.sheet, &edits, rows, |tail| one_link(tail, &sheet)).map(Ok)
}

/// What a sheet shows of how it was made.
#[derive(Default)]
struct Seen {
    /// The last row that holds something.
    last: u32,
    /// Numbers of the looks by their place in the sample row.
    inks: BTreeMap<usize, String>,
}

/// What keeps a sheet from being written anew, as far as its headings, notes and formulas tell.
fn obstacle(book: &[u8], standing: &Standing, sheet: &Sheet<'_>) -> Option<&'static str> {
    let text = |at| standing.texts.get(&(1, at)).map(String::as_str);
    let heads = (0u32..).zip(&sheet.fields).all(|(at, field)| text(at) == Some(field.name));
    let beyond = standing.texts.keys().any(|(row, at)| *row == 1 && *at as usize >= sheet.fields.len());
    match () {
        () if !heads || beyond => Some("its headings are not those of this version"),
        () if standing.formulas => Some("it has formulas"),
        () if patch::has_notes_below(book, &standing.sheet) => Some("it has notes"),
        () if sheet.rows.len() >= MOST_ROWS => Some("the run has more rows than a sheet holds"),
        () => None,
    }
}

/// Looks through a sheet. The reason where it is not as the tool made it.
fn seen(book: &[u8], standing: &Standing, sheet: &mut Sheet<'_>) -> io::Result<Result<Seen, &'static str>> {
    let text = |row, at| standing.texts.get(&(row, at)).map(String::as_str);
    if let Some(reason) = obstacle(book, standing, sheet) {
        return Ok(Err(reason));
    }
    let Some(path) = patch::part_of(book, &standing.sheet) else { return Ok(Err("it has no part")) };
    let mut archive = ZipArchive::new(Cursor::new(book)).map_err(io::Error::other)?;
    let mut part = String::new();
    archive.by_name(&path).map_err(io::Error::other)?.read_to_string(&mut part)?;
    let tail = part.split_once("</sheetData>").map_or("", |(_, tail)| tail);
    if let Some(reason) = changed_behind(tail) {
        return Ok(Err(reason));
    }
    sheet.linked = tail.contains("<hyperlink ");
    let mut seen = Seen::default();
    let mut rows = Rows::new(part.as_bytes());
    if rows.head()?.is_none() {
        return Ok(Err("another program has written it in its own way"));
    }
    let keys: BTreeSet<&str> = sheet.rows.iter().map(|row| sheet.text(row, 0)).collect();
    let is_id = sheet.fields.first().is_some_and(|field| field.id);
    let ours = |text: &str| if is_id { is_finding_id(text) } else { keys.contains(text) };
    while let Some(row) = rows.next()? {
        let filled = row.cells.iter().any(|cell| row.text.get(cell.place.clone()).is_some_and(|c| c.ends_with("</c>")));
        if filled && row.number > 1 && !text(row.number, 0).is_some_and(ours) {
            return Ok(Err("it has rows of people, or of other orgs"));
        }
        if let Err(reason) = seen.row(&row, sheet, |at| text(row.number, at)) {
            return Ok(Err(reason));
        }
    }
    let whole = io::read_to_string(rows.rest())?.trim_start().starts_with("</sheetData>");
    Ok(if whole { Ok(seen) } else { Err("another program has written it in its own way") })
}

/// What people or programs have changed behind the rows of a sheet.
fn changed_behind(tail: &str) -> Option<&'static str> {
    let links: Vec<&str> = tail.split("<hyperlink ").skip(1).collect();
    let relation = |link: &&str| between(link, "r:id=\"", "\"").map(|(_, id, _)| id.to_owned());
    let first = links.first().and_then(relation);
    let ours = links.iter().all(|link| link.contains("location=\"") && first.is_some() && relation(link) == first);
    match () {
        () if tail.contains("<filterColumn") => Some("it is filtered"),
        () if tail.contains("<mergeCell ") => Some("it has merged cells"),
        () if !ours => Some("it has links that another program or people made"),
        () => None,
    }
}

impl Seen {
    fn row<'t>(
        &mut self,
        row: &Row<'_>,
        sheet: &Sheet<'_>,
        text: impl Fn(u32) -> Option<&'t str>,
    ) -> Result<(), &'static str> {
        let tag = row.text.get(row.tag.clone()).unwrap_or_default();
        if tag.contains(" hidden=\"1\"") || tag.contains(" hidden=\"true\"") {
            return Err("it has hidden rows");
        }
        for cell in row.cells {
            let written = row.text.get(cell.place.clone()).unwrap_or_default();
            let filled = written.ends_with("</c>");
            let Some(field) = sheet.fields.get(cell.column as usize) else {
                if filled {
                    return Err("it has columns of people");
                }
                continue;
            };
            if filled {
                self.last = self.last.max(row.number);
            }
            if row.number == 1 || !filled {
                continue;
            }
            let style = cell.style.clone().and_then(|style| row.text.get(style)).unwrap_or("0");
            let known = self.inks.entry(ink(field, sheet, text(cell.column)).0).or_insert_with(|| style.to_owned());
            if known != style {
                return Err("people have changed how its cells look");
            }
        }
        Ok(())
    }
}

/// The look that the tool gives to a cell.
fn ink(field: &Field<'_>, sheet: &Sheet<'_>, text: Option<&str>) -> Style {
    match field.column.map(|column| column.kind) {
        Some(Kind::Number) => NUMBER,
        _ if field.colour => {
            let word = text.and_then(|text| sheet.words.iter().position(|word| *word == text));
            word.map_or(KEY, |at| Style(WORDS + at))
        }
        _ if field.id && sheet.linked => LINK,
        _ if field.human => HUMAN,
        _ if field.wraps() => MACHINE,
        _ => KEY,
    }
}

/// What stands behind the rows, with a link for each new row where there were links.
fn one_link(tail: &str, sheet: &Sheet<'_>) -> String {
    let Some((before, links, after)) = between(tail, "<hyperlinks>", "</hyperlinks>") else { return tail.to_owned() };
    let Some((_, sample, _)) = between(links, "<hyperlink ", "/>") else { return tail.to_owned() };
    if sheet.rows.is_empty() {
        return [before, after].concat();
    }
    with_links(&[before, "<hyperlinks><hyperlink ", sample, "/></hyperlinks>", after].concat(), sheet)
}
