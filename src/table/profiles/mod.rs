//! The findings in the fields of other trackers. A profile is a list of [`Field`]s: heading, name in a file of typed
//! values, what it may hold, the markup that its reader shows, the reader's limit, and what fills it.
//!
//! * `poam`: FedRAMP's Plan of Action and Milestones; users may add columns but not alter headers.
//! * `defectdojo`: DefectDojo's generic findings import, as CSV and as JSON.
//! * `jira`: Jira's CSV import.
//! * `github` has no fields: it is SARIF in the form that code scanning takes.

mod defectdojo;
mod jira;
mod poam;

use super::columns::{FINDINGS, position};
use super::rows::{findings, ordered};
use super::{Heading, Row, Table};
use crate::catalogue::Catalogue;
use crate::model::{Assessment, DispositionKind, DispositionState, EvidenceItem, Finding, Outcome, Severity};
use crate::text::choice::choices;
use crate::text::cut::shortened;
use crate::text::foreign;
use crate::text::visible::{cell as shown, visible};
use crate::text::wording::Wording;
use std::borrow::Cow;
use std::collections::BTreeMap;

choices! {
    /// A tracker that the findings are also written for; the word is the stem of its files.
    Profile {
        /// FedRAMP plan of action and milestones (CSV, workbook)
        Poam = "poam",
        /// DefectDojo generic findings import (CSV, JSON)
        DefectDojo = "defectdojo",
        /// Jira import (CSV)
        Jira = "jira",
        /// GitHub code scanning (SARIF, failing criteria only)
        Github = "github",
    }
}

impl Profile {
    /// Its fields, in the order of its columns.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Poam => poam::FIELDS,
            Self::DefectDojo => defectdojo::FIELDS,
            Self::Jira => jira::FIELDS,
            Self::Github => &[],
        }
    }
}

/// What the reader of a field does with its text.
#[derive(Clone, Copy, Debug)]
enum Markup {
    /// Shows it as it is.
    None,
    /// Renders it, so that text of an org has to be escaped.
    Rendered(fn(&str) -> String),
}

/// What stands in a field, for files that type their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// `YYYY-MM-DD`, or empty.
    Date,
    /// A number, or empty.
    Number,
    /// `TRUE` or `FALSE`.
    Truth,
    /// One of these words, or empty.
    Words(&'static [&'static str]),
    /// Text with a blank between its words, which are a list.
    List,
}

/// One field of a profile.
pub struct Field {
    /// Heading of its column; empty when the table has none.
    pub heading: &'static str,
    /// Name in a file of typed values; empty when that has none.
    pub key: &'static str,
    /// What stands in it.
    pub shape: Shape,
    /// Most UTF-16 units that its reader takes.
    longest: usize,
    markup: Markup,
    fill: fn(&Source<'_>) -> String,
}

/// A column without a limit of its own.
const fn column(heading: &'static str, fill: fn(&Source<'_>) -> String) -> Field {
    Field { heading, key: "", shape: Shape::Text, longest: usize::MAX, markup: Markup::None, fill }
}

impl Field {
    const fn key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    const fn shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    const fn at_most(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    const fn rendered(self, escape: fn(&str) -> String) -> Self {
        Self { markup: Markup::Rendered(escape), ..self }
    }

    /// The text for a finding, escaped and within the limit.
    fn text(&self, source: &Source<'_>) -> String {
        let text = (self.fill)(source);
        let Markup::Rendered(escape) = self.markup else {
            return shortened(text.into(), &source.finding.id, self.longest).into_owned();
        };
        // Escaping makes the text longer: it is cut before, by the share that is too much after.
        let mut room = self.longest.min(text.len());
        loop {
            let escaped = escape(&shortened(Cow::Borrowed(&text), &source.finding.id, room));
            let units = escaped.encode_utf16().count();
            if units <= self.longest || room == 0 {
                return escaped;
            }
            room = (room.saturating_mul(self.longest) / units).min(room - 1);
        }
    }
}

/// The open findings (`fail`, `not_evaluable`, `review`) in all fields of a profile, worst first.
#[must_use]
pub fn rows(
    assessments: &[&Assessment],
    control: &Catalogue,
    wording: &Wording,
    profile: Profile,
) -> Vec<Row<'static>> {
    if profile.fields().is_empty() {
        return Vec::new();
    }
    let registers: BTreeMap<&str, BTreeMap<&str, &EvidenceItem>> = assessments
        .iter()
        .map(|org| (org.org.key.as_str(), org.evidence.iter().map(|one| (one.id.as_str(), &one.item)).collect()))
        .collect();
    let none = BTreeMap::new();
    let rows = findings(assessments, wording, false);
    let open = rows.iter().zip(ordered(assessments, false)).filter(|(_, (_, finding))| finding.result.is_open());
    open.map(|(row, (org, finding))| {
        let register = registers.get(org.org.key.as_str()).unwrap_or(&none);
        let source = Source { row, org, control, finding, wording, register };
        let cells = profile.fields().iter().map(|field| Cow::Owned(field.text(&source)));
        // The number of a piece of evidence moves with each run, and some readers compare texts.
        Row { cells: cells.collect(), see: shown(&finding.id).into_owned().into() }
    })
    .collect()
}

/// The columns of a profile, with rows that [`rows`] gave.
#[must_use]
pub fn table(profile: Profile, rows: &[Row<'static>]) -> Table<'static> {
    let fields = profile.fields();
    let header = fields.iter().filter(|field| !field.heading.is_empty());
    let narrowed = rows.iter().map(|row| {
        let cells = row.cells.iter().zip(fields).filter(|(_, field)| !field.heading.is_empty());
        Row { cells: cells.map(|(cell, _)| cell.clone()).collect(), see: row.see.clone() }
    });
    Table {
        name: profile.word().to_owned(),
        header: header.map(|field| Heading { name: field.heading.to_owned(), human: false, number: false }).collect(),
        rows: narrowed.collect(),
    }
}

/// A finding with its row of the tracker.
struct Source<'a> {
    row: &'a Row<'a>,
    org: &'a Assessment,
    control: &'a Catalogue,
    finding: &'a Finding,
    wording: &'a Wording,
    register: &'a BTreeMap<&'a str, &'a EvidenceItem>,
}

impl Source<'_> {
    fn cell(&self, column: &str) -> String {
        let place = position(&FINDINGS, column);
        place.and_then(|place| self.row.cells.get(place)).map(ToString::to_string).unwrap_or_default()
    }

    /// What the finding is called for ever, and no other: trackers compare this text. It holds nothing that moves with
    /// results, evidence or language, and begins with the id, so that no limit makes two names the same.
    fn name(&self) -> String {
        let control = self.control.judging(self.finding).name.rsplit(": ").next().unwrap_or_default();
        let [id, app, org] = ["finding_id", "app_api_name", "org_key"].map(|column| self.cell(column));
        visible(&format!("{id} {app} ({org}): {control}"))
    }

    /// What was seen, what is missing, and what it means.
    fn description(&self) -> String {
        let parts = [self.cell("condition"), self.cell("missing_evidence"), self.cell("effect")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn severity(&self) -> Severity {
        self.finding.score.as_ref().map_or(Severity::None, |score| score.severity)
    }

    /// Whether people took this decision, and it is in force.
    fn decided(&self, kinds: &[DispositionKind]) -> bool {
        let decided = self.finding.disposition.as_ref();
        decided.is_some_and(|decided| decided.state == DispositionState::Valid && kinds.contains(&decided.kind))
    }

    /// The line that weighs most: of a criterion that makes the app fail, if there is one.
    fn place(&self) -> Option<&EvidenceItem> {
        let seen = self.finding.observations.iter();
        let failing = seen.clone().filter(|seen| seen.makes_fail(self.finding.result));
        let open = seen.filter(|seen| seen.outcome() != Outcome::Pass && seen.outcome() != Outcome::NotApplicable);
        let ids = failing.chain(open).flat_map(|seen| &seen.evidence);
        ids.filter_map(|id| self.register.get(id.as_str()).copied()).find(|item| item.line.is_some())
    }
}

/// Text of an org that DefectDojo renders.
const fn markdown(field: Field) -> Field {
    field.rendered(foreign::dojo)
}

fn nothing(_: &Source<'_>) -> String {
    String::new()
}

fn truth(yes: bool) -> String {
    yes.to_string().to_uppercase()
}
