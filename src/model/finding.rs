//! One app judged.

use super::words::words;
use super::{Confidence, Delta, Facts, Observation, Outcome, Rights, Score, Word};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// Everything about one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// `SHR-CCF-XXXX-XXXX`.
    pub id: String,
    /// The control that judged it.
    pub control: Word,
    /// What it is about.
    pub subject: Subject,
    /// Machine result.
    pub result: Outcome,
    /// Why it passes, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Word>,
    /// The result in one sentence.
    pub because: Message,
    /// The threat in one or more sentences: what *this* token could do. Threat scenario ids are message keys.
    pub effect: Vec<Message>,
    /// One observation per criterion, in catalogue order.
    pub observations: Vec<Observation>,
    /// What the control states besides, in its own words.
    pub facts: Facts,
    /// Number of the rights of its user in the assessment's list, from 1; none where no right was seen.
    #[serde(rename = "rights", default, skip_serializing_if = "Option::is_none")]
    pub rights_number: Option<usize>,
    /// What its user holds. The assessment writes it in its list.
    #[serde(skip)]
    pub rights: Arc<Rights>,
    /// The score; none for a pass by `flow_off`, `replaced_by_jwt` or `dormant`, or when not tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Arc<Score>>,
    /// How sure the result is; none for an app that a person left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Objects that event logs show the app, or its user without the name of an app, to have reached; sensitive ones
    /// first. What is not here is not shown to be unused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_objects: Vec<UsedObject>,
    /// Ids of the control's phrases (higher and low risk) that the evidence matches.
    pub phrases: Vec<String>,
    /// What a person or an export has to answer.
    pub questions: Vec<Question>,
    /// Facts that are present but do not count, and why.
    pub does_not_count: Vec<Message>,
    /// Numbers of its actions in the assessment's list, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<usize>,
    /// Notes that move nothing (one switch away, session based, IP ranges ignored, …).
    pub notes: Vec<Message>,
    /// What people decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
    /// Cause, as stated by people in the engagement file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Management's response, as supplied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management_response: Option<String>,
    /// What it means for the business, as people state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_impact: Option<String>,
    /// A comment of whoever writes the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// First snapshot date that showed it (carried from the baseline).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<jiff::civil::Date>,
    /// Change against the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<Delta>,
    /// What moved, for `changed`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<String>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What it is: `external_client_app`, `connected_app`.
    pub kind: String,
    /// API name with namespace.
    pub api_name: String,
    /// Label; empty when no file gives one.
    pub label: String,
    /// Namespace; empty for a local app.
    pub namespace: String,
    /// Places that name the app, `path:line`.
    pub sources: Vec<String>,
}

impl Subject {
    /// Whether it is a connected app.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.kind == "connected_app"
    }

    /// Its kind in tables.
    #[must_use]
    pub fn app_kind(&self) -> &'static str {
        if self.is_connected() { "connected_app" } else { "eca" }
    }
}

/// An object that event logs show to be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedObject {
    /// API name of the object.
    pub object: String,
    /// What was done: the rights that it takes. Empty when the log does not tell.
    pub rights: Vec<super::Right>,
    /// Calls that succeeded.
    pub calls: usize,
    /// When the last of them was, as written.
    pub last: String,
    /// It is on the engagement's list of sensitive objects.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub sensitive: bool,
    /// Ids of the latest row of each kind of call. Filled in when the assessment is put together.
    pub evidence: Vec<String>,
    /// Evidence as found.
    #[serde(skip)]
    pub items: Vec<super::EvidenceItem>,
}

words! {
    /// Who or what settles a question.
    Settles {
        /// A person.
        Person = "person",
        /// An export.
        Export = "export",
    }
}

/// Something to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Criterion that it belongs to.
    pub criterion: Word,
    /// Person or export.
    pub settles: Settles,
    /// The question.
    pub text: Message,
    /// Ids of the requests that would supply it (`user`, `permission-set-assignment`, `metadata`, …).
    pub requests: Vec<Cow<'static, str>>,
    /// The one component or field that is missing; none when a whole export is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<super::Missing>,
}

words! {
    /// Kinds of decisions, in SHR's own words.
    DispositionKind {
        /// Accept Risk
        AcceptRisk = "accept_risk",
        /// Mitigated by Alternative Control
        Mitigated = "mitigated_by_alternative_control",
        /// Not Applicable
        NotApplicable = "not_applicable",
        /// False Positive
        FalsePositive = "false_positive",
    }
}

words! {
    /// Whether a decision holds.
    DispositionState {
        /// It holds on the as-of day.
        Valid = "valid",
        /// Its last day has passed.
        Expired = "expired",
        /// It lacks what it needs (rationale, approver, expiry), or starts later.
        Incomplete = "incomplete",
        /// No app of that name was found.
        UnknownApp = "unknown_app",
        /// The app does not need it.
        Unused = "unused",
    }
}

/// A decision of people about a finding. It never changes the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// What was decided.
    pub kind: DispositionKind,
    /// App that it names.
    pub app: String,
    /// Whether it holds.
    pub state: DispositionState,
    /// Why.
    pub rationale: String,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub on: Option<jiff::civil::Date>,
    /// Until when (the day itself included).
    pub expires: Option<jiff::civil::Date>,
}
