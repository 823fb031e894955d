//! `assessment.json`: the one machine contract. Every other output is rendered from it.
//!
//! These types are written and read back (baseline, portfolio, explain, track), so a change here is a
//! change of [`SCHEMA`]. The published JSON Schema is `docs/assessment.schema.json`.

mod action;
mod fact;
mod family;
mod finding;
mod given;
mod missing;
mod network;
mod observation;
mod order;
mod org;
mod proposed;
mod rights;
mod score;
mod ways;
mod words;

pub use action::{Action, After, Effort};
pub use fact::{Facts, Stated};
pub use family::{Deadline, Details, FamilyRow};
pub use finding::{Disposition, DispositionKind, DispositionState, Finding, Question, Settles, Subject, UsedObject};
pub use given::{Given, GivenFile, GivenOption};
pub use missing::Missing;
pub use network::{AddressBlock, NetworkRange};
pub use observation::{Evidence, EvidenceItem, Observation, Source, Unseen, Weight};
pub use order::worst_first;
pub use org::{
    AttestationUse, Baseline, Conclusion, ConnectedAppRow, ControlPart, ControlRef, Counts, CoverageRow, CoverageState,
    Document, InputRow, NewestStamp, Org, Population, ProblemRow, PseudonymKey, Redaction, Threshold,
};
pub use proposed::{Proposed, proposed};
pub use rights::{Grant, GrantStep, HeldRight, ObjectRights, Right, Rights, shared};
pub use score::{Confidence, Impact, Interval, Level, Score, Severity, Step, Tenths};
pub use ways::{Held, Way, WayStep, Ways};
pub(crate) use words::words;
pub use words::{Delta, Outcome, Word};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// Version of the file format.
pub const SCHEMA: &str = "shr-assessment/2";

/// Everything that one run says about one org.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Assessment {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of the tool.
    pub tool_version: String,
    /// Version of the catalogue (criteria, thresholds, permissions).
    pub ruleset_version: String,
    /// The first control.
    pub control: ControlRef,
    /// What each control comes to, the first one included; none in assessments of earlier versions, which had one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<ControlPart>,
    /// The day as of which assignments, certificates and acceptances were judged.
    pub as_of: jiff::civil::Date,
    /// Title page facts from the engagement file.
    pub document: Document,
    /// The org.
    pub org: Org,
    /// Worst result of all apps.
    pub result: Outcome,
    /// Apps of all controls by result.
    pub counts: Counts,
    /// Whether the list of apps of the first control is known to be whole.
    pub population: Population,
    /// One finding per app and control: control by control, each by API name.
    pub findings: Vec<Finding>,
    /// What the execution users hold, each once; findings refer to it by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Arc<Rights>>,
    /// What to do, most pressing first; findings refer to it by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// The chapter: by subject, controls in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub family: Vec<FamilyRow>,
    /// Ids of the sheet controls that count for the exit code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strict: Vec<Word>,
    /// Days that force a decision, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<Deadline>,
    /// Connected apps as earlier versions listed them, without a judgement. This version judges them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connected_apps: Vec<ConnectedAppRow>,
    /// Received, expected, evaluated for each kind of input.
    pub coverage: Vec<CoverageRow>,
    /// What could not be read.
    pub problems: Vec<ProblemRow>,
    /// Files read, with hashes.
    pub inputs: Vec<InputRow>,
    /// Evidence items by id; observations refer to them.
    pub evidence: Vec<Evidence>,
    /// Thresholds in force, and where they come from.
    pub thresholds: Vec<Threshold>,
    /// What became of each attestation and of dispositions that were not used.
    pub attestations: Vec<AttestationUse>,
    /// What the dates in the evidence show against each other; also among the limitations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<crate::text::message::Message>,
    /// Statements on limits of this run, beyond the standing ones.
    pub limitations: Vec<crate::text::message::Message>,
    /// What was decided while reading the snapshot.
    pub decisions: Vec<crate::text::message::Message>,
    /// What lies in the snapshot, looks like evidence and was not read: a sentence for each sort of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<crate::text::message::Message>,
    /// What the run was given besides the snapshot.
    #[serde(default, skip_serializing_if = "Given::is_empty")]
    pub given: Given,
    /// Name and date of the baseline that deltas refer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Names are pseudonyms; absent when they are as found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
}

impl Serialize for Assessment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

/// The derived form, and then each finding gets the rights that it refers to.
impl<'de> Deserialize<'de> for Assessment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut read = Self::deserialize(from)?;
        rights::linked(&mut read.findings, &read.rights).map_err(D::Error::custom)?;
        action::named(&mut read.actions, &read.findings);
        read.rights = shared(&mut read.findings);
        Ok(read)
    }
}

impl Assessment {
    /// The control that a finding is about, as published.
    #[must_use]
    pub fn control_of(&self, finding: &Finding) -> &ControlRef {
        self.published(&finding.control)
    }

    /// Whether the list of apps that a finding is from is known to be whole.
    #[must_use]
    pub fn population_of(&self, finding: &Finding) -> &Population {
        let own = self.controls.iter().find(|part| *finding.control == part.key);
        own.map_or(&self.population, |part| &part.population)
    }

    /// A control by its short id, as published.
    #[must_use]
    pub fn published(&self, key: &str) -> &ControlRef {
        self.controls.iter().find(|part| part.key == key).map_or(&self.control, |part| &part.control)
    }

    /// The actions that an app calls for, with their numbers in the plan.
    #[must_use]
    pub fn actions_of(&self, finding: &Finding) -> Vec<(usize, &Action)> {
        let numbers = finding.actions.iter();
        numbers.filter_map(|number| Some((*number, self.actions.get(number.checked_sub(1)?)?))).collect()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
pub(crate) fn is_zero(value: &usize) -> bool {
    *value == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}
