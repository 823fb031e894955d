//! The parts of a workbook around a sheet: where they lie, and what in them follows from rows that are added.

use super::refs::{cell, range, reaching};
use super::{Edits, sheet};
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Where a sheet and the workbook that names it lie.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Path of the sheet.
    pub(super) path: String,
    /// Path of the workbook part.
    pub(super) book: String,
    /// Name of the sheet.
    name: String,
    /// Number of the sheet in chains of calculation.
    id: String,
}

/// A change of a part, given as its text.
pub(super) type Change = fn(&str, &Found, &Edits) -> String;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

fn text(archive: &mut Archive<'_>, path: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(path).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// The tags of a part, as far as it can be read.
fn tags(text: &str) -> Vec<BytesStart<'static>> {
    let mut reader = Reader::from_str(text);
    let mut tags = Vec::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) | Event::Empty(tag) => tags.push(tag.into_owned()),
            Event::Eof => break,
            _ => {}
        }
    }
    tags
}

/// Targets of a part's relationships whose type ends with a word, with their ids.
fn related(archive: &mut Archive<'_>, part: &str, kind: &str) -> Vec<(String, String)> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    let Some(text) = text(archive, &format!("{folder}{slash}_rels/{file}.rels")) else { return Vec::new() };
    let tags = tags(&text).into_iter().filter_map(|tag| {
        let target = sheet::attribute(&tag, "Target")?;
        let ends = sheet::attribute(&tag, "Type")?.ends_with(kind);
        ends.then(|| (sheet::attribute(&tag, "Id").unwrap_or_default(), resolved(folder, &target)))
    });
    tags.collect()
}

/// A target as a path in the archive.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.join("/")
}

/// The part of a sheet by its name.
pub(super) fn of_sheet(archive: &mut Archive<'_>, name: &str) -> Option<Found> {
    let (_, book) = related(archive, "", "/officeDocument").into_iter().next()?;
    let sheets = related(archive, &book, "/worksheet");
    let tags = tags(&text(archive, &book)?);
    let sheet = tags.into_iter().find(|tag| {
        tag.local_name().as_ref() == "sheet" && sheet::attribute(tag, "name").is_some_and(|own| own == name)
    })?;
    let relation = sheet.attributes().flatten().find(|one| one.key.local_name().as_ref() == "id")?;
    let (_, path) = sheets.into_iter().find(|(id, _)| **id == *relation.value)?;
    Some(Found { path, book, name: name.to_owned(), id: sheet::attribute(&sheet, "sheetId").unwrap_or_default() })
}

/// Paths of the tables that lie on a sheet.
pub(super) fn tables_of(archive: &mut Archive<'_>, sheet: &str) -> BTreeSet<String> {
    related(archive, sheet, "/table").into_iter().map(|(_, path)| path).collect()
}

/// Whether a sheet has notes below its first row, or a conversation.
pub(super) fn notes_below(archive: &mut Archive<'_>, sheet: &str) -> bool {
    let notes = related(archive, sheet, "/comments").into_iter().filter_map(|(_, path)| text(archive, &path));
    let places: Vec<String> = notes
        .collect::<Vec<_>>()
        .iter()
        .flat_map(|text| tags(text))
        .filter(|tag| tag.local_name().as_ref() == "comment")
        .filter_map(|tag| sheet::attribute(&tag, "ref"))
        .collect();
    let below = places.iter().any(|place| cell(place).is_none_or(|(row, _)| row > 1));
    below || !related(archive, sheet, "/threadedComment").is_empty()
}

/// Whether a workbook counts its days from 1904, as those of old Macintosh programs do.
fn counts_from_1904(book: &str) -> bool {
    let told =
        |tag: &BytesStart<'_>| sheet::attribute(tag, "date1904").is_some_and(|word| word == "1" || word == "true");
    tags(book).iter().any(|tag| tag.local_name().as_ref() == "workbookPr" && told(tag))
}

/// Numbers of the looks that show a number as a day. None where days are counted from 1904: there a day is written as
/// a text rather than as another day.
pub(super) fn looks_of_days(archive: &mut Archive<'_>, book: &str) -> BTreeSet<String> {
    if text(archive, book).is_none_or(|book| counts_from_1904(&book)) {
        return BTreeSet::new();
    }
    let styles = related(archive, book, "/styles").into_iter().next().and_then(|(_, path)| text(archive, &path));
    let mut formats: BTreeSet<String> = (14..=17).map(|number| number.to_string()).collect();
    let mut looks = BTreeSet::new();
    let (mut inside, mut number) = (false, 0);
    for tag in tags(&styles.unwrap_or_default()) {
        match tag.local_name().as_ref() {
            "numFmt" => {
                let code = sheet::attribute(&tag, "formatCode").unwrap_or_default().to_lowercase();
                if code.contains('y') && code.contains('d') {
                    formats.extend(sheet::attribute(&tag, "numFmtId"));
                }
            }
            "cellXfs" => inside = true,
            "cellStyles" | "dxfs" => inside = false,
            "xf" if inside => {
                if sheet::attribute(&tag, "numFmtId").is_some_and(|format| formats.contains(&format)) {
                    looks.insert(number.to_string());
                }
                number += 1;
            }
            _ => {}
        }
    }
    looks
}

/// Copies a part tag by tag; what cannot be read stays as it was.
fn mapped(text: &str, mut change: impl FnMut(BytesStart<'static>) -> Option<BytesStart<'static>>) -> String {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut out = Writer::new(Vec::with_capacity(text.len() + 64));
    loop {
        let written = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => change(tag.into_owned()).map_or(Ok(()), |tag| out.write_event(Event::Start(tag))),
            Ok(Event::Empty(tag)) => change(tag.into_owned()).map_or(Ok(()), |tag| out.write_event(Event::Empty(tag))),
            Ok(other) => out.write_event(other),
            Err(_) => return text.to_owned(),
        };
        if written.is_err() {
            return text.to_owned();
        }
    }
    String::from_utf8(out.into_inner()).unwrap_or_else(|_| text.to_owned())
}

/// A table reaches on to the last row where it ended with the last one before.
pub(super) fn table(text: &str, _: &Found, edits: &Edits) -> String {
    mapped(text, |tag| match tag.local_name().as_ref() {
        "table" | "autoFilter" => {
            Some(sheet::with(&tag, "ref", |list| reaching(list, edits.old_last, edits.new_last)).unwrap_or(tag))
        }
        _ => Some(tag),
    })
}

/// The chain of calculation without cells that hold no formula any more. A spreadsheet makes it anew in any case, but
/// calls a file damaged whose chain names a cell without one.
pub(super) fn calc_chain(text: &str, found: &Found, edits: &Edits) -> String {
    let edited: BTreeSet<(u32, u32)> = edits.cells.iter().map(|(row, column, _)| (*row, *column)).collect();
    let mut sheet_id = String::new();
    let (mut kept, mut dropped) = (0, 0);
    let changed = mapped(text, |tag| {
        if tag.local_name().as_ref() != "c" {
            return Some(tag);
        }
        if let Some(id) = sheet::attribute(&tag, "i") {
            sheet_id = id;
        }
        let place = sheet::attribute(&tag, "r").and_then(|name| cell(&name));
        let gone = sheet_id == found.id && place.is_some_and(|place| edited.contains(&place));
        dropped += usize::from(gone);
        kept += usize::from(!gone);
        // The number of the sheet holds for the cells behind it, too.
        (!gone).then(|| sheet::set(&tag, "i", &sheet_id))
    });
    if dropped > 0 && kept > 0 { changed } else { text.to_owned() }
}

/// The workbook: formulas are calculated when it is opened, because what they look at has changed, and the hidden name
/// of the filter reaches on to the last row.
pub(super) fn workbook(text: &str, found: &Found, edits: &Edits) -> String {
    let text = recalculated(text);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut out = Writer::new(Vec::with_capacity(text.len() + 64));
    let mut of_filter = false;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(_) => return text.clone(),
        };
        let event = match event {
            Event::Start(tag) => {
                let name = sheet::attribute(&tag, "name").unwrap_or_default();
                of_filter = matches!(name.as_str(), "_xlnm._FilterDatabase" | "_xlnm.Print_Area");
                Event::Start(tag)
            }
            Event::Text(name) if of_filter => {
                let name = reaching_name(&name.into_inner(), found, edits);
                Event::Text(BytesText::from_escaped(name))
            }
            Event::End(tag) => {
                of_filter = false;
                Event::End(tag)
            }
            other => other,
        };
        if out.write_event(event).is_err() {
            return text.clone();
        }
    }
    String::from_utf8(out.into_inner()).unwrap_or(text)
}

/// `findings!$A$1:$BE$20`, where it is of this sheet.
fn reaching_name(name: &str, found: &Found, edits: &Edits) -> String {
    let Some((sheet, ranges)) = name.rsplit_once('!') else { return name.to_owned() };
    if sheet.trim_matches('\'') != found.name || range(ranges).is_none() {
        return name.to_owned();
    }
    format!("{sheet}!{}", reaching(ranges, edits.old_last, edits.new_last))
}

/// With the order to calculate on opening. The element has its place behind the names and the sheets.
fn recalculated(text: &str) -> String {
    let mut there = false;
    let changed = mapped(text, |tag| match tag.local_name().as_ref() {
        "calcPr" => {
            there = true;
            Some(sheet::set(&tag, "fullCalcOnLoad", "1"))
        }
        _ => Some(tag),
    });
    if there {
        return changed;
    }
    let ends = ["</definedNames>", "</externalReferences>", "</functionGroups>", "</sheets>"];
    for end in ends {
        if let Some((before, after)) = text.split_once(end) {
            return format!("{before}{end}<calcPr fullCalcOnLoad=\"1\"/>{after}");
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::counts_from_1904;

    #[test]
    fn workbooks_that_count_from_1904_are_known() {
        for (properties, expected) in
            [("date1904=\"1\"", true), ("date1904=\"true\"", true), ("date1904=\"0\"", false), ("", false)]
        {
            assert_eq!(counts_from_1904(&format!("<workbook><workbookPr {properties}/></workbook>")), expected);
        }
    }
}
