//! The language of a tracker, told from the sentences in it.

use super::book::Tracker;
use crate::model::Assessment;
use crate::table::columns::{AT, FINDINGS, Kind};
use crate::table::rows;
use crate::text::wording::Wording;
use std::collections::HashSet;

/// Rows that are looked at: one that has not changed is enough.
const ROWS: usize = 100;

/// Which of the languages the tracker is written in: the one in which a run gives most of the texts that stand there.
/// None when no text of the tracker is one of the run's.
#[must_use]
pub fn of_tracker<'w>(tracker: &Tracker, orgs: &[&Assessment], languages: &'w [Wording]) -> Option<&'w Wording> {
    let ids: HashSet<&str> = tracker.rows.iter().map(|line| tracker.cell(line, AT.finding_id)).collect();
    let findings = orgs.iter().flat_map(|org| org.findings.iter().map(move |finding| (*org, finding)));
    let known: Vec<_> = findings.filter(|(_, finding)| ids.contains(finding.id.as_str())).take(ROWS).collect();
    let texts: Vec<usize> = (0..FINDINGS.len()).filter(|column| is_text(*column)).collect();
    let alike = |wording: &Wording| {
        let rows = known.iter().map(|(org, finding)| rows::finding(org, finding, wording));
        let mut alike = 0;
        for row in rows {
            let Some(line) = tracker.find(row.cells.get(AT.finding_id).map_or("", AsRef::as_ref)) else { continue };
            let same =
                |column: &&usize| row.cells.get(**column).is_some_and(|cell| tracker.cell(line, **column) == cell);
            alike += texts.iter().filter(same).count();
        }
        alike
    };
    let counts: Vec<usize> = languages.iter().map(alike).collect();
    let most = counts.iter().max().copied().filter(|most| *most > 0)?;
    // Where no text tells the languages apart, neither is told.
    let mut best = languages.iter().zip(&counts).filter(|(_, count)| **count == most).map(|(wording, _)| wording);
    best.next().filter(|_| best.next().is_none())
}

fn is_text(column: usize) -> bool {
    FINDINGS.get(column).is_some_and(|column| matches!(column.kind, Kind::Text))
}
