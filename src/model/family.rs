//! The rows of the chapter: what each control found of each subject.

use super::{Outcome, Source, Word};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};

/// One subject under one control. Large orgs have hundred thousands of rows, of most of which nothing is seen: rows share
/// their texts and reasons where these are the same, and what few have takes no room in the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct FamilyRow {
    /// The control (`eca-ccf`).
    pub control: Word,
    /// What the subject is: `org`, `eca`, `connected_app`.
    pub kind: Word,
    /// API name with namespace; empty for the org, and where there is no subject.
    pub subject: Arc<str>,
    /// The outcome.
    pub outcome: Outcome,
    /// Why.
    pub because: Arc<Message>,
    /// Export or a person.
    pub source: Source,
    /// What one change settles (`ccf:Ledger_Sync`); empty where nothing is open.
    pub root_cause: Arc<str>,
    /// Somebody accepted it, and the decision holds.
    pub accepted: bool,
    pub(crate) details: Option<Box<Details>>,
}

/// What not every row has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// Label of the subject; empty when no file gives one.
    pub label: Arc<str>,
    /// Settings and values seen.
    pub observed: Box<[Arc<str>]>,
    /// Where: `path:line`, or `path, row n`.
    pub places: Box<[Arc<str>]>,
    /// What the page names as making it worse or better and the evidence shows; it moves nothing.
    pub modifiers: Box<[Word]>,
    /// What forces a decision about it first: a day, or a release where no day is announced.
    pub deadline: Arc<str>,
    /// Id of the finding, where a control judged the subject to the bottom.
    pub finding: Arc<str>,
}

static NO_DETAILS: LazyLock<Details> = LazyLock::new(Details::default);

impl FamilyRow {
    /// A row of a control that is not evaluable yet.
    #[must_use]
    pub fn new(control: Word, kind: Word) -> Self {
        Self {
            control,
            kind,
            subject: Arc::default(),
            outcome: Outcome::NotEvaluable,
            because: Arc::default(),
            source: Source::Export,
            root_cause: Arc::default(),
            accepted: false,
            details: None,
        }
    }

    /// The same with its details.
    #[must_use]
    pub fn with(self, details: Details) -> Self {
        let details = (details != *NO_DETAILS).then(|| Box::new(details));
        Self { details, ..self }
    }

    /// What not every row has; empty where this one has nothing of it.
    #[must_use]
    pub fn details(&self) -> &Details {
        self.details.as_deref().unwrap_or(&NO_DETAILS)
    }

    /// Whether it is the row of a finding.
    #[must_use]
    pub fn is_deep(&self) -> bool {
        !self.details().finding.is_empty()
    }
}

/// A row as `assessment.json` holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    control: Word,
    kind: Word,
    subject: Arc<str>,
    label: Arc<str>,
    outcome: Outcome,
    because: Arc<Message>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    observed: Box<[Arc<str>]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    places: Box<[Arc<str>]>,
    source: Source,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    modifiers: Box<[Word]>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    root_cause: Arc<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    deadline: Arc<str>,
    #[serde(default, skip_serializing_if = "super::is_false")]
    accepted: bool,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    finding: Arc<str>,
}

impl From<Written> for FamilyRow {
    fn from(row: Written) -> Self {
        let Written { control, kind, subject, label, outcome, because, observed, places, source, .. } = row;
        let Written { modifiers, root_cause, deadline, accepted, finding, .. } = row;
        let bare = Self { control, kind, subject, outcome, because, source, root_cause, accepted, details: None };
        bare.with(Details { label, observed, places, modifiers, deadline, finding })
    }
}

impl From<FamilyRow> for Written {
    fn from(row: FamilyRow) -> Self {
        let FamilyRow { control, kind, subject, outcome, because, source, root_cause, accepted, details } = row;
        let details = details.map(|details| *details).unwrap_or_default();
        let Details { label, observed, places, modifiers, deadline, finding } = details;
        Self {
            control,
            kind,
            subject,
            label,
            outcome,
            because,
            observed,
            places,
            source,
            modifiers,
            root_cause,
            deadline,
            accepted,
            finding,
        }
    }
}

/// A day that forces a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The day; none where only a release is announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<jiff::civil::Date>,
    /// The release (`Summer '27`), where no day is announced.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub release: String,
    /// What ends.
    pub what: Message,
    /// Names of the apps that it touches; none where it touches the org.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apps: Vec<String>,
    /// Where it is announced; empty for what the org or a person set.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}
