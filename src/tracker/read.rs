//! Reading a tracker back, whatever a spreadsheet made of it.

use super::book::{Book, Fault, Faults, Line, Tracker, is_date};
use super::dates::{DateOrder, Day, day};
use super::grid::{self, Grid, heading};
use crate::limits::Limits;
use crate::table::columns::{AT, FINDINGS, Kind};
use crate::table::rows::is_finding_id;
use rayon::prelude::*;
use std::collections::HashMap;

/// Reads a tracker: `.xlsx`, or CSV with or without BOM, with `,`, `;` or TAB, CRLF or LF, in UTF-8 or UTF-16.
///
/// Guards are taken off, days of date columns become ISO, decimal commas of number columns become points; all other
/// cells stay as they are. `order` settles `3/4/2026`; without it such a day is a fault. Fails when the bytes are no
/// table with a `finding_id` column, and for every duplicate or malformed id, ambiguous day and spreadsheet error value
/// (`#N/A`), each with row and column.
pub fn read(bytes: &[u8], order: Option<DateOrder>) -> Result<Tracker, Faults> {
    read_within(bytes, order, &Limits::default())
}

/// The same with other limits. Fails as [`read`] does.
pub fn read_within(bytes: &[u8], order: Option<DateOrder>, limits: &Limits) -> Result<Tracker, Faults> {
    let Grid { header, rows, head_row, book } = grid::read(bytes, limits)?;
    let header: Vec<String> = header.into_iter().map(|name| known_heading(&name)).collect();
    let mut faults = repeated_headings(&header);
    let mut tracker = Tracker::with_header(header);
    tracker.book = book.map(|book| Book { head_row, ..book });
    if tracker.places.get(AT.finding_id).copied().flatten().is_none() {
        let message = "there is no column finding_id: this is not a tracker";
        faults.push(Fault::new(head_row, "", message, "give the findings.csv of an earlier run, or what became of it"));
        return Err(Faults(faults));
    }
    let filled = rows.into_par_iter().with_min_len(512).filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let lines: Vec<(Line, Vec<Fault>)> = filled.map(|(row, cells)| line(&tracker, row, cells, order)).collect();
    tracker.rows.reserve(lines.len());
    for (line, found) in lines {
        tracker.rows.push(line);
        faults.extend(found);
    }
    faults.extend(bad_ids(&tracker));
    faults.extend(merged_machine_cells(&tracker));
    if faults.is_empty() { Ok(tracker) } else { Err(Faults(faults)) }
}

/// The cells of a row as those of a tracker, and what is wrong with them.
fn line(tracker: &Tracker, row: usize, mut cells: Vec<String>, order: Option<DateOrder>) -> (Line, Vec<Fault>) {
    let (width, mut faults) = (tracker.header.len(), Vec::new());
    if let Some(extra) = cells.get(width..).and_then(|rest| rest.iter().find(|cell| !cell.is_empty())) {
        let message = format!("`{}` stands beyond the last heading", short(extra));
        let hint = "give the column a heading; a broken quote earlier in the row looks like this too";
        faults.push(Fault::new(row, "", message, hint));
    }
    cells.resize(width, String::new());
    for (column, place) in tracker.places.iter().enumerate() {
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            settle(cell, column, row, order, &mut faults);
        }
    }
    (Line { row, cells }, faults)
}

/// A heading of ours keeps its spelling even when somebody changed its case or put blanks around it; one of the sheet to
/// work on is that of its column.
fn known_heading(name: &str) -> String {
    heading(name).map_or_else(|| name.to_owned(), str::to_owned)
}

fn repeated_headings(header: &[String]) -> Vec<Fault> {
    let twice = FINDINGS.iter().filter(|column| header.iter().filter(|name| *name == column.name).count() > 1);
    let (message, hint) = ("the heading stands there more than once", "rename the column that you added");
    twice.map(|column| Fault::new(1, column.name, message, hint)).collect()
}

/// Brings one cell of a known column to the form that the tool writes.
fn settle(cell: &mut String, column: usize, row: usize, order: Option<DateOrder>, faults: &mut Vec<Fault>) {
    let Some(definition) = FINDINGS.get(column) else { return };
    if is_error_value(cell) {
        let message = format!("`{}` is a spreadsheet error, not a value", short(cell));
        faults.push(Fault::new(row, definition.name, message, "restore the cell, or empty it"));
        return;
    }
    match definition.kind {
        Kind::Date => match day(cell, order) {
            Day::Known(date) => *cell = date.to_string(),
            Day::Empty => cell.clear(),
            Day::Unreadable => {}
            Day::Ambiguous(one, other) => {
                let message = format!("`{}` may be {one} or {other}", short(cell));
                faults.push(Fault::new(row, definition.name, message, "write it as YYYY-MM-DD, or say --date-order"));
            }
        },
        Kind::Number => *cell = plain_number(cell),
        Kind::Id => {
            let trimmed = cell.trim();
            if trimmed.len() != cell.len() {
                *cell = trimmed.to_owned();
            }
        }
        Kind::Text | Kind::Words(_) | Kind::Declared(_) => {}
    }
}

/// Values that Excel and LibreOffice show in place of a result.
fn is_error_value(cell: &str) -> bool {
    const VALUES: [&str; 9] =
        ["#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#GETTING_DATA"];
    let cell = cell.trim();
    match cell.as_bytes().first() {
        Some(b'#') => VALUES.iter().any(|value| value.eq_ignore_ascii_case(cell)),
        Some(b'E') => cell.strip_prefix("Err:").is_some_and(|code| code.len() == 3 && code.parse::<u16>().is_ok()),
        _ => false,
    }
}

/// `8,10` and `8.10` as `8.1`; scores keep one decimal (`8` becomes `8.0` when it is compared, not here).
fn plain_number(cell: &str) -> String {
    let text = cell.trim();
    let pointed = if text.contains('.') { text.to_owned() } else { text.replace(',', ".") };
    let numeric = !pointed.is_empty() && pointed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if numeric { pointed } else { text.to_owned() }
}

/// Machine cells that somebody merged over several findings: each finding has its own.
fn merged_machine_cells(tracker: &Tracker) -> Vec<Fault> {
    let Some(book) = &tracker.book else { return Vec::new() };
    let below = book.merged.iter().filter(|(first, ..)| *first > book.head_row);
    let machine = below.filter_map(|(first, last, place)| {
        let (heading, machine) = tracker.heading(book.place_of(*place));
        machine.then(|| {
            let message = format!("the cell is merged with those down to row {last}");
            Fault::new(*first, heading, message, "unmerge it: the tool writes a text for each finding")
        })
    });
    machine.collect()
}

fn bad_ids(tracker: &Tracker) -> Vec<Fault> {
    let mut faults = Vec::new();
    // Hashed, and only ever asked: no order of it is seen.
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(tracker.rows.len());
    for line in &tracker.rows {
        let id = tracker.cell(line, AT.finding_id);
        if id.is_empty() {
            continue;
        }
        if !is_finding_id(id) {
            let message = format!("`{}` is no finding id", short(id));
            let hint = "ids look like SHR-CCF-7K2M-9QXA; leave the cell empty in rows of your own";
            faults.push(Fault::new(line.row, "finding_id", message, hint));
        } else if let Some(first) = seen.get(id) {
            let message = format!("{id} stands in row {first} already");
            faults.push(Fault::new(line.row, "finding_id", message, "keep one of the two rows"));
        } else {
            seen.insert(id, line.row);
        }
    }
    faults
}

/// A cell for a message: one line, visible, at most 40 characters.
pub(super) fn short(text: &str) -> String {
    let shown = crate::text::visible::cell(text).replace('\n', " ");
    match shown.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", shown.get(..cut).unwrap_or_default()),
        None => shown,
    }
}

/// The day of a cell that reading has settled.
pub(super) fn settled_day(cell: &str) -> Option<jiff::civil::Date> {
    match day(cell, None) {
        Day::Known(date) => Some(date),
        _ => None,
    }
}

/// Whether a cell of a date column holds something that is no day.
pub(super) fn is_no_day(column: usize, cell: &str) -> bool {
    is_date(column) && !cell.is_empty() && settled_day(cell).is_none()
}
