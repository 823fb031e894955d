//! Rows of the three tables, from assessments.

use super::cells::{Case, Seen};
use super::columns::{CRITERIA, Column, FINDINGS, POPULATION};
use super::{Row, Table, family};
use crate::controls;
use crate::model::{Assessment, Evidence, Finding, Outcome};
use crate::text::base32::CROCKFORD;
use crate::text::visible::cell as shown;
use crate::text::wording::Wording;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The tracker: one row per app whose result is not `pass` (`all`: per app), worst first.
#[must_use]
pub fn findings<'a>(assessments: &[&'a Assessment], wording: &Wording, all: bool) -> Vec<Row<'a>> {
    let list = ordered(assessments, all);
    list.par_chunks(CHUNK).flat_map_iter(|some| some.chunks(TOGETHER).flat_map(|few| together(few, wording))).collect()
}

/// Findings that one task makes the rows of.
const CHUNK: usize = 256;
/// Rows that are filled together.
pub const TOGETHER: usize = 16;

/// The rows of some findings, filled column by column: what a column reads lies far apart in a large assessment, and a
/// processor fetches it for several findings at once where nothing else comes in between.
#[must_use]
pub fn together<'a>(findings: &[(&'a Assessment, &'a Finding)], wording: &Wording) -> Vec<Row<'a>> {
    let cases: Vec<Case<'a, '_>> = findings.iter().map(|(org, one)| Case::new(org, one, wording)).collect();
    let room = |case: &Case<'a, '_>| Row { cells: Vec::with_capacity(FINDINGS.len()), see: case.see() };
    let mut rows: Vec<Row<'a>> = cases.iter().map(room).collect();
    for column in FINDINGS.iter() {
        for (row, case) in rows.iter_mut().zip(&cases) {
            row.cells.push(column.fill(case, None));
        }
    }
    rows
}

/// `findings.csv`: the tracker with its columns.
#[must_use]
pub fn findings_table<'a>(assessments: &[&'a Assessment], wording: &Wording, all: bool) -> Table<'a> {
    table("findings", &FINDINGS, findings(assessments, wording, all))
}

/// The row of one finding.
#[must_use]
pub fn finding<'a>(org: &'a Assessment, finding: &'a Finding, wording: &Wording) -> Row<'a> {
    together(&[(org, finding)], wording).pop().unwrap_or_default()
}

/// `criteria.csv`: one row per app and criterion, apps in the order of the tracker, criteria in that of the catalogue.
#[must_use]
pub fn criteria_table<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Table<'a> {
    let registers: BTreeMap<&str, BTreeMap<&str, &Evidence>> = assessments
        .iter()
        .map(|org| (org.org.key.as_str(), org.evidence.iter().map(|e| (e.id.as_str(), e)).collect()))
        .collect();
    let none = BTreeMap::new();
    let mut rows = Vec::new();
    for (org, finding) in ordered(assessments, true) {
        let register = registers.get(org.org.key.as_str()).unwrap_or(&none);
        let case = Case::new(org, finding, wording);
        for observation in &finding.observations {
            let seen = Seen { observation, register };
            let cells = CRITERIA.iter().map(|column| column.fill(&case, Some(&seen))).collect();
            rows.push(Row { cells, see: shown(observation.evidence.first().unwrap_or(&finding.id)) });
        }
    }
    table("criteria", CRITERIA, rows)
}

/// `population.csv`: one row per app read, in the order of the tracker.
#[must_use]
pub fn population_table<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Table<'a> {
    let apps = ordered(assessments, true).into_iter();
    let rows = apps.map(|(org, finding)| {
        let case = Case::new(org, finding, wording);
        Row { cells: POPULATION.iter().map(|column| column.fill(&case, None)).collect(), see: shown(&finding.id) }
    });
    table("population", &POPULATION, rows.collect())
}

/// The tables with their names; that of the sheet controls only where there are any.
#[must_use]
pub fn tables<'a>(assessments: &[&'a Assessment], wording: &Wording, all: bool) -> Vec<Table<'a>> {
    let findings = findings_table(assessments, wording, all);
    let mut tables = vec![findings, criteria_table(assessments, wording), population_table(assessments, wording)];
    tables.extend(controls::sheets().next().map(|_| family::table(assessments, wording)));
    tables
}

pub(super) fn table<'a>(name: &str, columns: &[Column], rows: Vec<Row<'a>>) -> Table<'a> {
    Table { name: name.to_owned(), header: columns.iter().map(Column::heading).collect(), rows }
}

/// Findings of all orgs, worst first: result, then score downwards, then org key and app name.
#[must_use]
pub fn ordered<'a>(assessments: &[&'a Assessment], all: bool) -> Vec<(&'a Assessment, &'a Finding)> {
    let mut list: Vec<_> = assessments
        .iter()
        .flat_map(|org| org.findings.iter().map(move |finding| (*org, finding)))
        .filter(|(_, finding)| all || finding.result != Outcome::Pass)
        .collect();
    // Two steps: assessments hold their findings by app name, so the first costs nothing, and the second compares
    // small keys instead of names.
    list.par_sort_by(|(org_a, a), (org_b, b)| {
        (&org_a.org.key, &a.subject.api_name, &a.id).cmp(&(&org_b.org.key, &b.subject.api_name, &b.id))
    });
    list.par_sort_by_cached_key(|(_, finding)| {
        (finding.result, std::cmp::Reverse(finding.score.as_ref().map(|score| score.residual31.1)))
    });
    list
}

/// Whether a text has the form `SHR-CCF-XXXX-XXXX`, the letters those of a control, the rest in Crockford's base 32.
#[must_use]
pub fn is_finding_id(id: &str) -> bool {
    let coded = id.strip_prefix("SHR-").and_then(|rest| rest.split_once('-'));
    let Some((_, rest)) = coded.filter(|(code, _)| controls::codes().any(|known| known == *code)) else { return false };
    let Some((first, second)) = rest.split_once('-') else { return false };
    first.len() == 4 && second.len() == 4 && CROCKFORD.decode([first, second].concat().as_bytes()).is_ok()
}
