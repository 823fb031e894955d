//! The org, its inputs and their completeness.

use super::words::words;
use super::{Disposition, Outcome};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The control as published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRef {
    /// Id.
    pub id: String,
    /// Exact name.
    pub name: String,
    /// Page.
    pub url: String,
    /// `High 7.0 to 8.9`
    pub published_range: String,
    /// Lower end in tenths.
    pub range_low: super::Tenths,
    /// Upper end in tenths.
    pub range_high: super::Tenths,
}

/// What one of the controls comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlPart {
    /// Short id, as findings name it.
    pub key: String,
    /// Letters in the ids of its findings.
    pub code: String,
    /// The control as published.
    pub control: ControlRef,
    /// Worst result of its apps; without one, whether that is proven.
    pub result: Outcome,
    /// Its apps by result.
    pub counts: Counts,
    /// Whether the list of its apps is known to be whole.
    pub population: Population,
}

/// Title page facts. Empty texts are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// Client.
    pub client: String,
    /// Title of the engagement.
    pub title: String,
    /// Prepared for.
    pub prepared_for: String,
    /// Prepared by.
    pub prepared_by: String,
    /// Reviewer.
    pub reviewer: String,
    /// Approver.
    pub approver: String,
    /// Version of the report.
    pub version: String,
    /// Whether it is final; a draft carries a watermark.
    pub is_final: bool,
    /// Classification label (`TLP:AMBER`, …).
    pub classification: String,
}

/// The org under review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Org {
    /// Stable key.
    pub key: String,
    /// Name for readers.
    pub name: String,
    /// Organisation id, 18 characters; empty when unknown.
    pub id: String,
    /// `production`, `sandbox`, `scratch`, `developer`, `unknown`.
    pub environment: String,
    /// Day of the snapshot, as declared; `None` when nobody said.
    pub snapshot_at: Option<jiff::civil::Date>,
    /// Who extracted it, as declared.
    pub extracted_by: String,
    /// Request it was extracted with, as declared.
    pub request: String,
    /// Folder or archive name.
    pub source: String,
    /// SHA-256 over paths and hashes of all files read: identifies the snapshot.
    pub digest: String,
}

words! {
    /// Key of the hash that pseudonyms are made with.
    PseudonymKey {
        /// The one that is the same for everybody.
        BuiltIn = "built_in",
        /// One of the auditor's own.
        Own = "own",
    }
}

/// Names were replaced by pseudonyms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// Which key; never the key itself.
    pub key: PseudonymKey,
    /// Names of client and org, too.
    pub clients: bool,
}

/// Apps by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Counts {
    /// fail
    pub fail: usize,
    /// not_evaluable
    pub not_evaluable: usize,
    /// review
    pub review: usize,
    /// pass
    pub pass: usize,
    /// not_applicable
    pub not_applicable: usize,
    /// not_tested
    pub not_tested: usize,
}

impl Counts {
    /// Counts outcomes.
    pub fn of(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            *counts.slot(outcome) += 1;
        }
        counts
    }

    fn slot(&mut self, outcome: Outcome) -> &mut usize {
        match outcome {
            Outcome::Fail => &mut self.fail,
            Outcome::NotEvaluable => &mut self.not_evaluable,
            Outcome::Review => &mut self.review,
            Outcome::Pass => &mut self.pass,
            Outcome::NotApplicable => &mut self.not_applicable,
            Outcome::NotTested => &mut self.not_tested,
        }
    }

    /// The count of one outcome.
    #[must_use]
    pub fn get(&self, outcome: Outcome) -> usize {
        let mut copy = *self;
        *copy.slot(outcome)
    }

    /// All apps.
    #[must_use]
    pub fn total(&self) -> usize {
        Outcome::ALL.iter().map(|outcome| self.get(*outcome)).sum()
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            fail: self.fail + other.fail,
            not_evaluable: self.not_evaluable + other.not_evaluable,
            review: self.review + other.review,
            pass: self.pass + other.pass,
            not_applicable: self.not_applicable + other.not_applicable,
            not_tested: self.not_tested + other.not_tested,
        }
    }
}

words! {
    /// Conclusion on completeness.
    Conclusion {
        /// Shown to be all.
        Complete = "complete",
        /// Shown not to be all.
        Incomplete = "incomplete",
        /// Neither can be shown.
        NotProven = "not_proven",
    }
}

/// Whether the list of apps is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Conclusion.
    pub conclusion: Conclusion,
    /// Why.
    pub because: Message,
    /// Declared number of apps, if somebody declared one.
    pub expected: Option<usize>,
    /// Apps found.
    pub received: usize,
    /// Apps judged (not excluded, flow known).
    pub evaluated: usize,
}

/// A connected app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectedAppRow {
    /// API name.
    pub api_name: String,
    /// Label.
    pub label: String,
    /// `on`, `off`, `unknown`.
    pub client_credentials: String,
    /// User the flow runs as; empty when unknown.
    pub execution_user: String,
    /// `path:line`.
    pub place: String,
}

words! {
    /// Coverage of one kind.
    CoverageState {
        /// Shown to be all.
        Complete = "complete",
        /// Cut off.
        Truncated = "truncated",
        /// Nothing there.
        Absent = "absent",
        /// There, but nothing proves that it is all.
        NotProven = "not_proven",
    }
}

/// Received against expected for one kind of input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageRow {
    /// Metadata type or object.
    pub kind: String,
    /// Rows of a query export rather than files.
    pub records: bool,
    /// State.
    pub state: CoverageState,
    /// Rows or files received.
    pub received: usize,
    /// Rows or files expected, by the export's own count or as declared.
    pub expected: Option<usize>,
    /// Components that the org lists and of which no file is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Files whose component the org does not list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<String>,
    /// What speaks against its being whole: rows that could not be used, and what other exports show to be missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Message>,
    /// Files that hold it.
    pub files: Vec<String>,
    /// Criteria that it feeds.
    pub feeds: Vec<String>,
    /// Id of the request that supplies it.
    pub request: String,
}

/// A problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemRow {
    /// `path:line:column`, as far as known.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Apps whose judgement it touches, up to a limit.
    pub touches: Vec<String>,
    /// How many further apps it touches.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub touches_more: usize,
    /// How many further problems it stands for.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub more: usize,
}

/// A file read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputRow {
    /// Path inside the snapshot.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
    /// Metadata type or object.
    pub kind: String,
    /// Records in it, for an export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// The latest time stamp in its records: it was not taken earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<NewestStamp>,
}

/// A time stamp of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewestStamp {
    /// As written.
    pub value: String,
    /// Column.
    pub setting: String,
    /// `path, row n`.
    pub place: String,
}

/// A threshold in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// `catalogue` or `engagement`.
    pub from: String,
}

/// What became of an attestation or of a disposition that met no finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestationUse {
    /// Line of the engagement file.
    pub line: u32,
    /// App that it names.
    pub app: String,
    /// Criterion that it answers; empty for a disposition.
    pub criterion: String,
    /// `used`, `expired`, `contradicted`, `unused`, `unknown_app`.
    pub state: String,
    /// The statement, by whom and when.
    pub statement: Message,
    /// The disposition, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
}

/// The assessment that deltas refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Its snapshot digest.
    pub digest: String,
    /// Its as-of day.
    pub as_of: jiff::civil::Date,
    /// Its day of snapshot.
    pub snapshot_at: Option<jiff::civil::Date>,
    /// Findings that are gone, by id with app name.
    pub gone: BTreeMap<String, String>,
}
