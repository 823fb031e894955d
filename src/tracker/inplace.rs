//! A merge as edits of the workbook that people have: what the tool writes, and nothing else.

use super::book::{Book, Fault, Tracker};
use super::merge::Merged;
use crate::render::xlsx::patch::{Edits, Value};
use crate::render::xlsx::{self, work};
use crate::table::columns::FINDINGS;
use rust_xlsxwriter::utility::column_number_to_name;

/// The cells to set: those that the merge wrote, headings of columns that it added, and new rows below the last one.
#[must_use]
pub fn edits(merged: &Merged, book: &Book) -> Edits {
    let tracker = &merged.tracker;
    let mut cells = Vec::new();
    let added = tracker.header.iter().enumerate().skip(merged.old_width);
    cells.extend(added.map(|(place, name)| (book.head_row, place, Value::Text(name.clone()))));
    let places: Vec<Option<usize>> =
        FINDINGS.iter().map(|column| tracker.header.iter().position(|name| name == column.name)).collect();
    let written = merged.written.iter().filter_map(|(row, column)| Some((*row, places.get(*column).copied()??)));
    let mut written: Vec<(usize, usize)> = written.collect();
    written.sort_unstable();
    written.dedup();
    let mut written = written.into_iter().peekable();
    let mut lines: Vec<_> = tracker.rows.iter().filter(|line| line.row > 0).collect();
    lines.sort_by_key(|line| line.row);
    for line in lines {
        while let Some((row, place)) = written.next_if(|(row, _)| *row == line.row) {
            cells.push((row, place, value(tracker, line.cells.get(place).map_or("", String::as_str), place, "")));
        }
    }
    let mut last = book.last_row;
    for line in tracker.rows.iter().filter(|line| line.row == 0) {
        last += 1;
        let filled = line.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        cells.extend(filled.map(|(place, cell)| (last, place, value(tracker, cell, place, tracker.see(line)))));
        cells.extend(calculated(tracker, book, last));
    }
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let here = |(row, place, value)| Some((number(row), number(book.column_of(place)?), value));
    let mut cells: Vec<(u32, u32, Value)> = cells.into_iter().filter_map(here).collect();
    cells.sort_by_key(|(row, column, _)| (*row, *column));
    Edits { cells, head: number(book.head_row), old_last: number(book.last_row), new_last: number(last) }
}

/// Formulas of the sheet to work on for a row that was added.
fn calculated(tracker: &Tracker, book: &Book, row: usize) -> Vec<(usize, usize, Value)> {
    let place = |name: &str| book.column_of(tracker.header.iter().position(|own| own == name)?);
    let letters = |name: &str| place(name).map(|at| column_number_to_name(u16::try_from(at).unwrap_or(u16::MAX)));
    let own = tracker.header.iter().enumerate().filter(|(_, name)| work::is_calculated(name));
    let number = u32::try_from(row).unwrap_or(u32::MAX);
    own.filter_map(|(at, name)| Some((row, at, Value::Formula(work::formula_of(name, number, letters)?)))).collect()
}

fn value(tracker: &Tracker, cell: &str, place: usize, see: &str) -> Value {
    xlsx::value(tracker.header.get(place).map_or("", String::as_str), cell, see)
}

/// Formulas in people's cells whose result no program has stored: what they show is not known.
#[must_use]
pub fn unstored(tracker: &Tracker) -> Vec<Fault> {
    let Some(book) = &tracker.book else { return Vec::new() };
    let cells = book.unstored.iter().filter(|(row, _)| *row > book.head_row);
    let of_people = cells
        .map(|(row, column)| (*row, tracker.heading(book.place_of(*column))))
        .filter(|(_, (heading, machine))| !machine && !work::is_calculated(heading));
    let fault = |(row, (heading, _)): (usize, (&str, bool))| {
        let hint = "open the workbook in a spreadsheet program and save it, so that the result is stored";
        Fault::new(row, heading, "the formula has no stored result", hint)
    };
    of_people.map(fault).collect()
}

/// What a file of values alone does not keep of a workbook; none if there is nothing.
#[must_use]
pub fn left_behind(tracker: &Tracker) -> Option<String> {
    let book = tracker.book.as_ref()?;
    let mut left = Vec::new();
    if book.formulas > 0 {
        left.push(format!("{} formulas (their values are kept)", book.formulas));
    }
    if book.notes {
        left.push("notes on cells".to_owned());
    }
    if book.macros {
        left.push("macros".to_owned());
    }
    if !book.others.is_empty() {
        left.push(format!("the sheets {}", book.others.join(", ")));
    }
    left.push("formats".to_owned());
    Some(left.join("; "))
}
