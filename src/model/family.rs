//! What sheet controls found: a row for each subject, without a score.

use super::{Outcome, Source, Word};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};

/// One subject under one sheet control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyRow {
    /// The control (`eca-ccf`).
    pub control: Word,
    /// What the subject is: `org`, `eca`, `connected_app`.
    pub kind: Word,
    /// API name with namespace; empty for the org, and where there is no subject.
    pub subject: String,
    /// Its label; empty when no file gives one.
    pub label: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why.
    pub because: Message,
    /// Settings and values seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<String>,
    /// Where: `path:line`, or `path, row n`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Export or a person.
    pub source: Source,
    /// What the page names as making it worse or better and the evidence shows; it moves nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<Word>,
    /// What one change settles (`ccf:Ledger_Sync`); empty where nothing is open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub root_cause: String,
}
