//! The other sheets of the tool in a workbook that is updated in place: they show the run, unless people work in them.

use super::Failure;
use crate::model::{Assessment, Outcome};
use crate::render::theme::Theme;
use crate::render::xlsx::patch::{Edits, Value, patched};
use crate::render::xlsx::renew::{Standing, renewed};
use crate::render::xlsx::work::findings_table;
use crate::table::rows;
use crate::text::message::Message;
use crate::text::visible::cell as shown;
use crate::text::wording::Wording;
use crate::tracker::{Tracker, sheets};
use std::collections::BTreeSet;
use std::path::Path;

/// A sheet that stays as it was, and the reason.
pub(super) type Left = (String, &'static str);

/// The workbook with its other sheets made current, and those that stay as they were.
pub(super) fn sheets(
    path: &Path,
    mut book: Vec<u8>,
    tracker: &Tracker,
    orgs: &[&Assessment],
    wording: &Wording,
) -> Result<(Vec<u8>, Vec<Left>), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(path.display(), error.to_string(), "");
    let own = tracker.book.as_ref().map_or("", |book| book.sheet.as_str());
    let found = sheets::of_tool(&book, own).map_err(|error| failed(&error))?;
    let mut left = Vec::new();
    if found.is_empty() {
        return Ok((book, left));
    }
    let run: BTreeSet<&str> = orgs.iter().map(|org| org.org.key.as_str()).collect();
    let keys = tracker.rows.iter().map(|line| tracker.named(line, "org_key"));
    if keys.into_iter().any(|key| !key.is_empty() && !run.contains(key)) {
        let reason = "the tracker has orgs that are not in the run";
        return Ok((book, found.into_iter().map(|(_, sheet)| (sheet.sheet, reason)).collect()));
    }
    let mut tables = rows::tables(orgs, wording, true);
    tables.push(findings_table(tracker.table()));
    let colours = Theme::default().colours;
    for (table, standing) in found {
        let next = match tables.iter().find(|one| one.name == table) {
            Some(table) => renewed(&book, &standing, table, &colours).map_err(|error| failed(&error))?,
            None => match summary(&standing, orgs, wording) {
                Ok(edits) => patched(&book, &standing.sheet, &edits).map(Ok).map_err(|error| failed(&error))?,
                Err(reason) => Err(reason),
            },
        };
        match next {
            Ok(next) => book = next,
            Err(reason) => left.push((standing.sheet, reason)),
        }
    }
    Ok((book, left))
}

/// The results of the run, in place of those on the summary.
fn summary(standing: &Standing, orgs: &[&Assessment], wording: &Wording) -> Result<Edits, &'static str> {
    let text = |row, column| standing.texts.get(&(row, column)).map_or("", String::as_str);
    let heads = || std::iter::once("org_key").chain(Outcome::ALL.iter().map(|outcome| outcome.word()));
    let is_head = |row: u32| (0u32..).zip(heads()).all(|(at, head)| text(row, at) == head);
    let rows: BTreeSet<u32> = standing.texts.keys().map(|(row, _)| *row).collect();
    let head = rows.iter().copied().find(|row| is_head(*row)).ok_or("its results are not where the tool put them")?;
    let mut cells = Vec::new();
    let mut total = crate::model::Counts::default();
    let mut row = head;
    let mut counts = |row: u32, counts: crate::model::Counts| {
        let numbers = (1u32..).zip(Outcome::ALL);
        cells.extend(numbers.map(|(at, outcome)| (row, at, Value::Number(counts.get(*outcome).to_string()))));
    };
    for org in orgs {
        row += 1;
        if text(row, 0) != shown(&org.org.key) {
            return Err("its results are of other orgs, or in another order");
        }
        counts(row, org.counts);
        total = total.plus(org.counts);
    }
    if orgs.len() > 1 {
        row += 1;
        counts(row, total);
    }
    if text(row, 0).is_empty() || !text(row + 1, 0).is_empty() {
        return Err("its results are of other orgs, or in another order");
    }
    cells.extend(range(text(3, 0), orgs, wording));
    cells.sort_by_key(|(row, column, _)| (*row, *column));
    Ok(Edits { cells, head, old_last: row, new_last: row })
}

/// The line that says as of which day the results were judged; none where it is not the tool's own any more.
fn range(old: &str, orgs: &[&Assessment], wording: &Wording) -> Option<(u32, u32, Value)> {
    let first = orgs.first()?;
    let line = |day: &str| {
        let range = shown(&first.control.published_range).into_owned();
        wording.say(&Message::new("sheet.range").with("range", range).with("day", day.to_owned()))
    };
    let days = old.split(|c: char| !(c.is_ascii_digit() || c == '-')).filter(|word| word.len() == "2026-11-24".len());
    let ours = days.into_iter().any(|day| line(day) == old);
    ours.then(|| (3, 0, Value::Text(line(&first.as_of.to_string()))))
}
