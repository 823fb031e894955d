//! One criterion judged for one app, with its evidence.

use super::words::words;
use super::{Outcome, Word};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

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

words! {
    /// Why a piece of evidence has no text to show.
    Unseen {
        /// The setting is not there.
        Absent = "absent",
        /// It is there, without a text.
        Empty = "empty",
        /// It may be there: its file cannot be read.
        Unreadable = "unreadable",
        /// It is there, and its text reaches no output: a secret.
        Withheld = "withheld",
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
    /// Path inside the snapshot. Large orgs have hundred thousands of places in few files, so they share it.
    pub path: Arc<str>,
    /// Line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Record, from 1 without the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The setting: element, column or permission name as Salesforce writes it.
    pub setting: String,
    /// The text at that place, or what it says where the text itself is long (a certificate).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Why there is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<Unseen>,
}

impl EvidenceItem {
    /// A setting with the text that stands at its place, if there is any.
    #[must_use]
    pub fn seen<T>(setting: &str, located: &crate::snapshot::Located<T>) -> Self {
        Self::value(setting, &located.at, located.raw.as_str())
    }

    /// A setting with what its place says.
    #[must_use]
    pub fn value(setting: &str, at: &crate::snapshot::Locator, value: impl Into<String>) -> Self {
        let value = value.into();
        match value.is_empty() {
            true => Self { unseen: Some(Unseen::Empty), ..Self::at(setting, at) },
            false => Self { seen: Some(value), ..Self::at(setting, at) },
        }
    }

    /// A setting whose text reaches no output.
    #[must_use]
    pub fn withheld(setting: &str, at: &crate::snapshot::Locator) -> Self {
        Self { unseen: Some(Unseen::Withheld), ..Self::at(setting, at) }
    }

    /// A setting that a file may hold which cannot be read.
    #[must_use]
    pub fn unreadable(setting: &str, at: &crate::snapshot::Locator) -> Self {
        Self { unseen: Some(Unseen::Unreadable), ..Self::at(setting, at) }
    }

    /// A place, before it is said what it shows.
    fn at(setting: &str, at: &crate::snapshot::Locator) -> Self {
        use crate::snapshot::Place;
        let (line, row) = match at.place {
            Place::File => (None, None),
            Place::Line(n) => (Some(n), None),
            Place::Row(n) => (None, Some(n)),
        };
        Self { path: Arc::clone(&at.path), line, row, setting: setting.to_owned(), seen: None, unseen: None }
    }

    /// A setting that the file does not hold: the file as a whole is the evidence.
    #[must_use]
    pub fn missing(setting: &str, at: &crate::snapshot::Locator) -> Self {
        Self { line: None, row: None, unseen: Some(Unseen::Absent), ..Self::at(setting, at) }
    }

    /// `setting = value` or `setting: absent`; nothing when neither is known (an assessment of an earlier version).
    #[must_use]
    pub fn observed(&self) -> Option<String> {
        match (&self.seen, self.unseen) {
            (Some(seen), _) => Some(format!("{} = {seen}", self.setting)),
            (None, Some(unseen)) => Some(format!("{}: {unseen}", self.setting)),
            (None, None) => None,
        }
    }

    /// `path:line`, `path, row n` or `path`.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.line, self.row) {
            (Some(line), _) => format!("{}:{line}", self.path),
            (None, Some(row)) => format!("{}, row {row}", self.path),
            (None, None) => self.path.to_string(),
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
    pub criterion: Word,
    /// Its weight.
    pub weight: Weight,
    outcome: Outcome,
    /// Why.
    pub because: Message,
    /// What the evidence shows, short: `setting = value`, `setting: absent`.
    pub observed: Vec<String>,
    /// Evidence ids, filled in when the assessment is put together.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// How many further places show it. They stand with the rights of the execution user, or with other apps that run
    /// as it.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub further: usize,
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
    pub fn new(criterion: &Word, weight: Weight, outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        let outcome = if outcome == Outcome::Pass { Outcome::NotEvaluable } else { outcome };
        Self::build(criterion, weight, outcome, because, items)
    }

    /// A pass, on at least one piece of evidence.
    #[must_use]
    pub fn pass(
        criterion: &Word,
        weight: Weight,
        because: Message,
        first: EvidenceItem,
        more: Vec<EvidenceItem>,
    ) -> Self {
        let items = std::iter::once(first).chain(more).collect();
        Self::build(criterion, weight, Outcome::Pass, because, items)
    }

    fn build(criterion: &Word, weight: Weight, outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        let observed = items.iter().filter_map(EvidenceItem::observed).collect();
        let criterion = criterion.clone();
        let (evidence, source) = (Vec::new(), Source::Export);
        Self { criterion, weight, outcome, because, observed, evidence, further: 0, items, source }
    }

    /// The outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether this is what makes an app with such a result fail.
    #[must_use]
    pub fn makes_fail(&self, result: Outcome) -> bool {
        result == Outcome::Fail && self.outcome == Outcome::Fail && self.weight != Weight::Supporting
    }
}
