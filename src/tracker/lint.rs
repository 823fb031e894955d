//! Whether a tracker is sound.

use super::book::{Fault, Line, Tracker};
use super::judge::{Acceptance, People, acceptance};
use super::read::{is_no_day, settled_day, short};
use crate::model::{Delta, Outcome};
use crate::table::columns::{AT, FINDINGS, Owner};
use crate::text::nearest::did_you_mean;
use jiff::civil::Date;

/// Longest cell that Excel holds, in UTF-16 units.
const EXCEL_CELL: usize = 32_767;

/// Everything that a person should mend, in the order of the rows. What [`super::read()`] refuses is not repeated here.
#[must_use]
pub fn lint(tracker: &Tracker, as_of: Date) -> Vec<Fault> {
    let mut faults = headings(tracker);
    for line in &tracker.rows {
        cells(tracker, line, &mut faults);
        if !tracker.cell(line, AT.finding_id).is_empty() {
            decisions(tracker, line, as_of, &mut faults);
        }
    }
    faults
}

/// Cells of people that the tool cannot make use of: no days, and words that are none of their column. They stay as they
/// are, and no due date or decision is read from them.
#[must_use]
pub fn not_understood(tracker: &Tracker) -> Vec<Fault> {
    let mut faults = Vec::new();
    for line in &tracker.rows {
        cells(tracker, line, &mut faults);
    }
    let human = |fault: &Fault| FINDINGS.iter().any(|one| one.name == fault.column && one.owner == Owner::Human);
    faults.retain(human);
    faults
}

/// Cells of people that a workbook cannot hold.
#[must_use]
pub fn too_long(tracker: &Tracker) -> Vec<Fault> {
    let mut faults = Vec::new();
    for line in &tracker.rows {
        for (cell, place) in line.cells.iter().zip(0..).filter(|(cell, _)| cell.len() > EXCEL_CELL) {
            let (heading, machine) = tracker.heading(place);
            if !machine && cell.encode_utf16().count() > EXCEL_CELL {
                let message = "the text is longer than the 32,767 characters of a workbook's cell";
                faults.push(Fault::new(line.row, heading, message, "shorten it, or write a .csv"));
            }
        }
    }
    faults
}

fn headings(tracker: &Tracker) -> Vec<Fault> {
    let mut faults = Vec::new();
    for column in FINDINGS.iter() {
        if !tracker.header.iter().any(|name| name == column.name) {
            faults.push(Fault::new(1, column.name, "the column is missing", "the next merge adds it, empty"));
        }
    }
    for name in &tracker.header {
        if FINDINGS.iter().any(|column| column.name == name) {
            continue;
        }
        let absent =
            FINDINGS.iter().map(|column| column.name).filter(|column| !tracker.header.iter().any(|h| h == column));
        if let Some(hint) = did_you_mean(name, absent) {
            faults.push(Fault::new(1, name, "the heading is not one of the tracker's", hint));
        }
    }
    faults
}

fn cells(tracker: &Tracker, line: &Line, faults: &mut Vec<Fault>) {
    let ours = !tracker.cell(line, AT.finding_id).is_empty();
    for (column, definition) in FINDINGS.iter().enumerate() {
        let text = tracker.cell(line, column);
        if text.is_empty() {
            continue;
        }
        if is_no_day(column, text) {
            let message = format!("`{}` is no day", short(text));
            faults.push(Fault::new(line.row, definition.name, &message, "write it as YYYY-MM-DD"));
        }
        if definition.owner == Owner::Human && text.encode_utf16().count() > EXCEL_CELL {
            faults.push(Fault::new(line.row, definition.name, "the text is longer than Excel's 32,767 characters", ""));
        }
        if let Some(words) = definition.kind.words().filter(|_| ours)
            && !words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
        {
            let message = format!("`{}` is not one of the words of this column", short(text));
            faults.push(Fault::new(line.row, definition.name, message, word_for(text, &words)));
        }
    }
}

fn word_for(text: &str, words: &[&str]) -> String {
    did_you_mean(text, words.iter().copied()).unwrap_or_else(|| format!("write one of {}", words.join(", ")))
}

fn decisions(tracker: &Tracker, line: &Line, as_of: Date, faults: &mut Vec<Fault>) {
    if !open(tracker, line) {
        return;
    }
    let accepted = acceptance(&people(tracker, line), as_of);
    match &accepted {
        Acceptance::Expired(day) => {
            let message = format!("the acceptance expired on {day}");
            faults.push(Fault::new(line.row, "accepted_until", &message, "renew it, or act on the finding"));
        }
        Acceptance::Lacks(columns) => {
            for column in columns {
                faults.push(Fault::new(line.row, column, "the decision needs this cell to hold", ""));
            }
        }
        Acceptance::Valid | Acceptance::None | Acceptance::Unknown => {}
    }
    if accepted == Acceptance::Valid {
        return;
    }
    if tracker.cell(line, AT.owner).trim().is_empty() {
        faults.push(Fault::new(line.row, "owner", "an open finding without owner", ""));
    }
    let due = tracker.cell(line, AT.due_date);
    match settled_day(due) {
        Some(day) if day < as_of => {
            faults.push(Fault::new(line.row, "due_date", format!("it was due on {day}"), ""));
        }
        None if due.is_empty() => {
            let proposed = tracker.cell(line, AT.proposed_due_date);
            let hint = if proposed.is_empty() { String::new() } else { format!("proposed is {proposed}") };
            faults.push(Fault::new(line.row, "due_date", "an open finding without due date", &hint));
        }
        _ => {}
    }
}

pub(super) fn people<'a>(tracker: &Tracker, line: &'a Line) -> People<'a> {
    People::of(|column| tracker.cell(line, column))
}

pub(super) fn open(tracker: &Tracker, line: &Line) -> bool {
    let gone = tracker.cell(line, AT.delta) == Delta::Gone.word();
    !gone && Outcome::read(tracker.cell(line, AT.result)).is_some_and(Outcome::is_open)
}
