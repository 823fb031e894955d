//! Changes that take something away, empty it, double it or make it unreadable: for every file, row, element and cell.

use super::places::{Element, cells, delimited, elements, members, rows};
use crate::spoiled::hostile::Files;
use serde_json::{Value, json};
use std::fmt;

/// Where a change takes place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Site {
    /// The file as a whole.
    File,
    /// An element by its number.
    Element(usize),
    /// A member of an object by its pointer.
    Member(String),
    /// A row by its number from 0.
    Row(usize),
    /// A member of all rows by its pointer inside a row.
    Column(String),
    /// A cell by row and column from 0; row 0 is the header.
    Cell(usize, usize),
}

/// One change of one place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hide {
    pub path: String,
    pub site: Site,
    /// The place in words: `Profile/userPermissions/name`, `/records/1/AssigneeId`, `row 2`.
    pub place: String,
    /// The text that stands there; empty for what is no single value.
    pub value: String,
    pub act: String,
}

impl fmt::Display for Hide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.path, self.place, self.act)
    }
}

const FILE_ACTS: &[&str] = &[
    "delete",
    "empty",
    "blank",
    "cut to a quarter",
    "cut to a half",
    "cut to three quarters",
    "cut by a byte",
    "not UTF-8",
    "a NUL",
    "a log-in page",
    "merge marks",
    "another suffix",
];
const LEAF_ACTS: &[&str] = &[
    "delete",
    "empty",
    "blank",
    "garble the end",
    "garble the start",
    "twice, the first empty",
    "twice, the last empty",
    "twice, the first garbled",
    "twice, the last garbled",
    "misspelt",
    "nested",
    "commented out",
    "unclosed",
    "cut off",
];
const BLOCK_ACTS: &[&str] = &["delete", "empty", "misspelt", "commented out", "unclosed", "cut off", "text inside"];
const MEMBER_ACTS: &[&str] = &[
    "delete",
    "null",
    "empty",
    "blank",
    "garble the end",
    "garble the start",
    "listed",
    "nested",
    "misspelt",
    "twice",
];
const ROW_ACTS: &[&str] = &["delete", "no member", "null", "text", "listed"];
const COLUMN_ACTS: &[&str] = &["delete", "null", "empty", "misspelt"];
const CELL_ACTS: &[&str] = &["empty", "blank", "garble the end", "garble the start"];
const HEADING_ACTS: &[&str] = &["empty", "garble the end", "column deleted"];
const LINE_ACTS: &[&str] = &["delete", "a cell more", "a cell fewer", "a stray quotation mark", "a blank line"];

fn is_xml(path: &str) -> bool {
    path.ends_with(".xml") && !path.ends_with("package.xml")
}

/// Every change of a file, in the order of its places. A file that cannot be read any more is changed as a whole only.
pub(super) fn hides(path: &str, bytes: &[u8]) -> Vec<Hide> {
    let mut all = each(path, &Site::File, "file", FILE_ACTS);
    let Ok(text) = std::str::from_utf8(bytes) else { return all };
    if is_xml(path) {
        for (at, element) in elements(text).unwrap_or_default().iter().enumerate().skip(1) {
            let acts = if element.leaf { LEAF_ACTS } else { BLOCK_ACTS };
            all.extend(valued(path, &Site::Element(at), &element.path, &text[element.inner.clone()], acts));
        }
    } else if path.ends_with(".json") {
        if let Ok(export) = serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            all.extend(of_export(path, &export));
        }
    } else if path.ends_with(".csv") {
        all.extend(of_cells(path, &cells(text)));
    }
    all
}

fn each(path: &str, site: &Site, place: &str, acts: &[&str]) -> Vec<Hide> {
    valued(path, site, place, "", acts)
}

fn valued(path: &str, site: &Site, place: &str, value: &str, acts: &[&str]) -> Vec<Hide> {
    let one = |act: &&str| Hide {
        path: path.into(),
        site: site.clone(),
        place: place.into(),
        value: value.into(),
        act: (*act).into(),
    };
    acts.iter().map(one).collect()
}

/// Members of a record whose values are themselves values, not records.
fn leaves(record: &Value, at: &str) -> Vec<String> {
    let mut all = Vec::new();
    members(record, at, &mut all);
    all
}

fn of_export(path: &str, export: &Value) -> Vec<Hide> {
    let mut all = Vec::new();
    for pointer in leaves(export, "") {
        let value = as_text(export.pointer(&pointer).unwrap());
        all.extend(valued(path, &Site::Member(pointer.clone()), &pointer, &value, MEMBER_ACTS));
    }
    let Some((at, count)) = rows(export) else { return all };
    let mut columns: Vec<String> = Vec::new();
    for row in 0..count {
        let lead = format!("{at}/{row}");
        all.extend(each(path, &Site::Row(row), &format!("row {}", row + 1), ROW_ACTS));
        let copies: Vec<String> = (0..count).filter(|n| *n != row).map(|n| format!("copy of row {}", n + 1)).collect();
        let copies: Vec<&str> = copies.iter().map(String::as_str).collect();
        all.extend(each(path, &Site::Row(row), &format!("row {}", row + 1), &copies));
        for pointer in leaves(export.pointer(&lead).unwrap(), "") {
            let (cell, place) = (format!("{lead}{pointer}"), format!("row {}{pointer}", row + 1));
            let value = as_text(export.pointer(&cell).unwrap());
            all.extend(valued(path, &Site::Member(cell), &place, &value, MEMBER_ACTS));
            if !columns.contains(&pointer) {
                columns.push(pointer);
            }
        }
    }
    for pointer in columns {
        all.extend(each(path, &Site::Column(pointer.clone()), &format!("column {pointer}"), COLUMN_ACTS));
    }
    all
}

fn of_cells(path: &str, cells: &[Vec<String>]) -> Vec<Hide> {
    let mut all = Vec::new();
    for (row, line) in cells.iter().enumerate() {
        if row > 0 {
            all.extend(each(path, &Site::Row(row), &format!("row {row}"), LINE_ACTS));
            let others = (1..cells.len()).filter(|n| *n != row).map(|n| format!("copy of row {n}"));
            let others: Vec<String> = others.collect();
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            all.extend(each(path, &Site::Row(row), &format!("row {row}"), &others));
        }
        for (column, cell) in line.iter().enumerate() {
            let (acts, name) = if row == 0 { (HEADING_ACTS, "heading") } else { (CELL_ACTS, "cell") };
            let heading = cells[0].get(column).map_or("", String::as_str);
            let place = format!("{name} {heading}{}", if row == 0 { String::new() } else { format!(" of row {row}") });
            all.extend(valued(path, &Site::Cell(row, column), &place, cell, acts));
        }
    }
    all
}

/// The files with the change made; `None` where it changes nothing or does not apply.
pub(super) fn hidden(files: &Files, hide: &Hide) -> Option<Files> {
    let bytes = files.get(&hide.path)?;
    let mut files = files.clone();
    if hide.site == Site::File {
        files.remove(&hide.path);
        if hide.act == "another suffix" {
            files.insert(format!("{}.txt", hide.path), bytes.clone());
        } else if let Some(spoilt) = spoilt(bytes, &hide.act) {
            files.insert(hide.path.clone(), spoilt);
        }
        return Some(files);
    }
    let changed = changed(std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}'), hide)?;
    let same = changed.as_bytes() == bytes.as_slice();
    files.insert(hide.path.clone(), changed.into_bytes());
    (!same).then_some(files)
}

fn spoilt(bytes: &[u8], act: &str) -> Option<Vec<u8>> {
    let part = |of: usize| bytes[..bytes.len() * of / 4].to_vec();
    let middle = bytes.len() / 2;
    let inserted = |what: &[u8]| [&bytes[..middle], what, &bytes[middle..]].concat();
    let line = bytes[middle..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| middle + at + 1);
    Some(match act {
        "delete" => return None,
        "empty" => Vec::new(),
        "blank" => b" \n".to_vec(),
        "cut to a quarter" => part(1),
        "cut to a half" => part(2),
        "cut to three quarters" => part(3),
        "cut by a byte" => bytes.trim_ascii_end().split_last().map_or(&[][..], |(_, rest)| rest).to_vec(),
        "not UTF-8" => inserted(b"\xfc"),
        "a NUL" => inserted(b"\0"),
        "a log-in page" => b"<!DOCTYPE html>\n<html><body>Log in</body></html>\n".to_vec(),
        "merge marks" => [&bytes[..line], b"<<<<<<< HEAD\n", &bytes[line..], b"=======\n>>>>>>> other\n"].concat(),
        other => panic!("no such change: {other}"),
    })
}

fn changed(text: &str, hide: &Hide) -> Option<String> {
    match &hide.site {
        Site::File => None,
        Site::Element(at) => in_element(text, elements(text)?.get(*at)?, &hide.act),
        Site::Cell(..) => in_cells(text, hide),
        Site::Row(_) if hide.path.ends_with(".csv") => in_cells(text, hide),
        _ => in_export(text, hide),
    }
}

fn in_element(text: &str, element: &Element, act: &str) -> Option<String> {
    let (whole, inner, name) = (&text[element.whole.clone()], &text[element.inner.clone()], element.name());
    let open = |text: &str| format!("<{name}>{text}</{name}>");
    let new = match act {
        "delete" => String::new(),
        "empty" => format!("<{name}/>"),
        "blank" => open(" "),
        "garble the end" => open(&format!("{inner}q?")),
        "garble the start" => open(&format!("?q{inner}")),
        "twice, the first empty" => format!("<{name}/>{whole}"),
        "twice, the last empty" => format!("{whole}<{name}/>"),
        "twice, the first garbled" => open(&format!("{inner}q?")) + whole,
        "twice, the last garbled" => whole.to_owned() + &open(&format!("{inner}q?")),
        "misspelt" => format!("<{name}x>{inner}</{name}x>"),
        "nested" => open(&format!("<value>{inner}</value>")),
        "commented out" => format!("<!-- {whole} -->"),
        "unclosed" => whole.strip_suffix(&format!("</{name}>"))?.to_owned(),
        "text inside" => open(&format!("? {inner}")),
        "cut off" => return Some(text[..element.inner.end].to_owned()),
        set => open(set.strip_prefix("= ")?),
    };
    Some(format!("{}{new}{}", &text[..element.whole.start], &text[element.whole.end..]))
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A text that stands nowhere else, for what JSON values cannot say.
const MARK: &str = "\u{1}mark\u{1}";

fn in_export(text: &str, hide: &Hide) -> Option<String> {
    let mut export: Value = serde_json::from_str(text).ok()?;
    let mut twice = None;
    match &hide.site {
        Site::Row(row) => {
            let list = export.pointer_mut(rows(&export)?.0)?.as_array_mut()?;
            let copy = hide.act.strip_prefix("copy of row ").map(|n| list[n.parse::<usize>().unwrap() - 1].clone());
            match hide.act.as_str() {
                "delete" => drop(list.remove(*row)),
                "no member" => list[*row] = json!({}),
                "null" => list[*row] = Value::Null,
                "text" => list[*row] = json!("?"),
                "listed" => list[*row] = json!([list[*row]]),
                _ => list[*row] = copy?,
            }
        }
        Site::Column(pointer) => {
            let (at, count) = rows(&export)?;
            for row in 0..count {
                let cell = format!("{at}/{row}{pointer}");
                if export.pointer(&cell).is_some() {
                    in_member(&mut export, &cell, &hide.act, &mut twice)?;
                }
            }
        }
        Site::Member(pointer) => in_member(&mut export, pointer, &hide.act, &mut twice)?,
        Site::File | Site::Element(_) | Site::Cell(..) => return None,
    }
    let text = serde_json::to_string_pretty(&export).unwrap();
    Some(match twice {
        Some((key, value)) => {
            let mark = format!("\"{key}\": {}", json!(MARK));
            text.replacen(&mark, &format!("\"{key}\": null, \"{key}\": {value}"), 1)
        }
        None => text,
    })
}

fn in_member(export: &mut Value, pointer: &str, act: &str, twice: &mut Option<(String, Value)>) -> Option<()> {
    let (parent, key) = pointer.rsplit_once('/')?;
    let object = export.pointer_mut(parent)?.as_object_mut()?;
    let value = object.get(key)?.clone();
    if act == "delete" || act == "misspelt" {
        object.shift_remove(key);
        if act == "misspelt" {
            object.insert(format!("{key}x"), value);
        }
        return Some(());
    }
    let text = as_text(&value);
    let new = match act {
        "null" => Value::Null,
        "empty" => json!(""),
        "blank" => json!(" "),
        "garble the end" => json!(format!("{text}q?")),
        "garble the start" => json!(format!("?q{text}")),
        "listed" => json!([value]),
        "nested" => json!({ "value": value }),
        "twice" => {
            *twice = Some((key.to_owned(), value));
            json!(MARK)
        }
        set => json!(set.strip_prefix("= ")?),
    };
    object.insert(key.to_owned(), new);
    Some(())
}

fn in_cells(text: &str, hide: &Hide) -> Option<String> {
    let mut all = cells(text);
    match (&hide.site, hide.act.as_str()) {
        (Site::Row(row), "delete") => drop(all.remove(*row)),
        (Site::Row(row), "a cell more") => all[*row].insert(1, "stray".to_owned()),
        (Site::Row(row), "a cell fewer") => drop(all[*row].pop()),
        (Site::Row(row), "a blank line") => all[*row] = vec![String::new()],
        (Site::Row(row), "a stray quotation mark") => {
            let tail = delimited(&all[*row..]);
            return Some(delimited(&all[..*row]) + "\"" + &tail);
        }
        (Site::Row(row), copy) => {
            let from = copy.strip_prefix("copy of row ")?.parse::<usize>().unwrap();
            all[*row] = all[from].clone();
        }
        (Site::Cell(_, column), "column deleted") => {
            for line in &mut all {
                line.remove(*column);
            }
        }
        (Site::Cell(row, column), act) => {
            let cell = &mut all[*row][*column];
            *cell = match act {
                "empty" => String::new(),
                "blank" => " ".to_owned(),
                "garble the end" => format!("{cell}q?"),
                "garble the start" => format!("?q{cell}"),
                set => set.strip_prefix("= ")?.to_owned(),
            };
        }
        _ => return None,
    }
    Some(delimited(&all))
}
