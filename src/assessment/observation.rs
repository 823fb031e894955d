//! One criterion judged for one app, with its evidence.

use super::Outcome;
use super::words::words;
use crate::message::Message;
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// How much a criterion weighs.
    Weight {
        /// Decides whether the others matter.
        Gate = "gate",
        /// Makes the app's result.
        Decisive = "decisive",
        /// Reported with its own outcome.
        Supporting = "supporting",
    }
}

words! {
    /// Where an observation comes from.
    Source {
        /// The snapshot.
        Export = "export",
        /// A person's statement in the engagement file.
        Attested = "attested",
    }
}

/// A statement about one place of one input file. Its id is unique in the assessment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// `EV-001`, numbered in path order.
    pub id: String,
    /// What it shows.
    #[serde(flatten)]
    pub item: EvidenceItem,
}

/// What stands where. `line` and `row` are both absent when the file as a whole is meant (something it does not hold).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// Path inside the snapshot.
    pub path: String,
    /// Line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Record, from 1 without the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The setting: element, column or permission name as Salesforce writes it.
    pub setting: String,
    /// The text at that place; absent when the setting is missing there or is a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

impl EvidenceItem {
    /// A setting with the text that stands at its place.
    #[must_use]
    pub fn seen<T>(setting: &str, located: &crate::snapshot::Located<T>) -> Self {
        Self { seen: Some(located.raw.clone()), ..Self::at(setting, &located.at) }
    }

    /// A place that shows a setting without quoting a value (a secret), or a file that lacks it.
    #[must_use]
    pub fn at(setting: &str, at: &crate::snapshot::Locator) -> Self {
        use crate::snapshot::Place;
        let (line, row) = match at.place {
            Place::File => (None, None),
            Place::Line(n) => (Some(n), None),
            Place::Row(n) => (None, Some(n)),
        };
        Self { path: at.path.to_string(), line, row, setting: setting.to_owned(), seen: None }
    }

    /// A setting that a file or a record does not hold: the file as a whole, or the record, is the evidence.
    #[must_use]
    pub fn missing(setting: &str, at: &crate::snapshot::Locator) -> Self {
        Self { line: None, ..Self::at(setting, at) }
    }

    /// `path:line`, `path, row n` or `path`.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.line, self.row) {
            (Some(line), _) => format!("{}:{line}", self.path),
            (None, Some(row)) => format!("{}, row {row}", self.path),
            (None, None) => self.path.clone(),
        }
    }
}

impl fmt::Display for EvidenceItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

/// The judgement on one criterion. Only constructors make one, and none makes a `pass` without evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// Criterion id.
    pub criterion: String,
    /// Its weight.
    pub weight: Weight,
    outcome: Outcome,
    /// Why.
    pub because: Message,
    /// What was seen, short: setting = value.
    pub observed: Vec<String>,
    /// Evidence ids, filled in when the assessment is put together.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Evidence as found.
    #[serde(skip)]
    pub items: Vec<EvidenceItem>,
    /// Where it comes from.
    pub source: Source,
}

impl Observation {
    /// An observation that is no pass.
    ///
    /// A `pass` asked for here becomes `not_evaluable`: passes are made by [`Observation::pass`] only.
    #[must_use]
    pub fn new(criterion: &str, weight: Weight, outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        let outcome = if outcome == Outcome::Pass { Outcome::NotEvaluable } else { outcome };
        Self::build(criterion, weight, outcome, because, items)
    }

    /// A pass, on at least one piece of evidence.
    #[must_use]
    pub fn pass(
        criterion: &str,
        weight: Weight,
        because: Message,
        first: EvidenceItem,
        more: Vec<EvidenceItem>,
    ) -> Self {
        let items = std::iter::once(first).chain(more).collect();
        Self::build(criterion, weight, Outcome::Pass, because, items)
    }

    fn build(criterion: &str, weight: Weight, outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        let observed = items.iter().map(observed_text).collect();
        let criterion = criterion.to_owned();
        Self { criterion, weight, outcome, because, observed, evidence: Vec::new(), items, source: Source::Export }
    }

    /// The outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

fn observed_text(item: &EvidenceItem) -> String {
    match &item.seen {
        Some(seen) => format!("{} = {seen}", item.setting),
        None => item.setting.clone(),
    }
}
