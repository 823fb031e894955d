//! The rows of the chapter: what each control found of each subject.

use super::{Outcome, Source, Word};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One subject under one control. Large orgs have hundred thousands of rows: texts take the room that they need, and rows
/// that give the same reason share it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyRow {
    /// The control (`eca-ccf`).
    pub control: Word,
    /// What the subject is: `org`, `eca`, `connected_app`.
    pub kind: Word,
    /// API name with namespace; empty for the org, and where there is no subject.
    pub subject: Box<str>,
    /// Its label; empty when no file gives one.
    pub label: Box<str>,
    /// The outcome.
    pub outcome: Outcome,
    /// Why.
    pub because: Arc<Message>,
    /// Settings and values seen.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub observed: Box<[String]>,
    /// Where: `path:line`, or `path, row n`.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub places: Box<[String]>,
    /// Export or a person.
    pub source: Source,
    /// What the page names as making it worse or better and the evidence shows; it moves nothing.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub modifiers: Box<[Word]>,
    /// What one change settles (`ccf:Ledger_Sync`); empty where nothing is open.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub root_cause: Box<str>,
    /// What forces a decision about it first: a day, or a release where no day is announced.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub deadline: Box<str>,
    /// Somebody accepted it, and the decision holds.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub accepted: bool,
    /// Id of the finding, where a control judged the subject to the bottom.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub finding: Box<str>,
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
