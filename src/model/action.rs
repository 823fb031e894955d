//! What to do: typed, made by the control, and the one source of every output that gives advice.

use super::words::words;
use super::{Finding, Outcome, Tenths, Word, is_false};
use crate::text::message::{Arg, Message};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What it takes to do something. The order is ascending.
    Effort {
        /// Minutes.
        Low = "low",
        /// Days, with a test.
        Medium = "medium",
        /// A change of the calling program.
        High = "high",
    }
}

impl Effort {
    /// What an effort weighs against another: minutes, days, a change of the calling program.
    #[must_use]
    const fn weight(self) -> u64 {
        match self {
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 4,
        }
    }

    /// What a gain is worth for this effort, in whole numbers on a scale that every weight divides.
    #[must_use]
    pub const fn worth(self, gain: u64) -> u64 {
        gain * 4 / self.weight()
    }
}

/// Something to do, for one app or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What kind of thing: a word of the control.
    pub kind: Word,
    /// What it takes to do it.
    pub effort: Effort,
    /// Criteria that it serves; none for what only finds out more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<String>,
    /// It settles questions before a way out can be recommended.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settles: bool,
    /// What it acts on: a user, a profile, an app; empty for all.
    pub target: String,
    /// API names of the apps that it helps, worst first.
    pub apps: Vec<String>,
    /// Ids of their findings, in the same order: a connected app and an External Client App may have one name.
    #[serde(default)]
    pub findings: Vec<String>,
    /// What was seen to hold in the snapshot before it was advised, in the words that steps depend on.
    pub preconditions: Vec<String>,
    /// What to do; its argument `apps` names the apps.
    pub what: Message,
    /// What to do about one of several apps, where what all of them lack is not what each of them lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_one: Option<Message>,
    /// Why.
    pub why: Message,
    /// What it achieves: what the evidence shows now against what it would show afterwards.
    pub effect: Message,
    /// Each app judged again with the action applied; empty for what only finds out more.
    pub after: Vec<After>,
    /// Worst result of its apps today.
    pub result: Outcome,
    /// Highest score of its apps today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Tenths>,
}

/// Gives actions of earlier versions, which named apps alone, the ids of the findings: there was one for each name.
pub(super) fn named(actions: &mut [Action], findings: &[Finding]) {
    let ids: BTreeMap<&str, &str> = findings.iter().rev().map(|one| (&*one.subject.api_name, &*one.id)).collect();
    let id = |app: &str| ids.get(app).copied().unwrap_or_default().to_owned();
    for action in actions {
        if action.findings.is_empty() {
            action.findings = action.apps.iter().map(|app| id(app)).collect();
        }
        for after in action.after.iter_mut().filter(|after| after.finding.is_empty()) {
            after.finding = id(&after.app);
        }
    }
}

impl Action {
    /// What to do about one of its apps alone, in the words of the action.
    #[must_use]
    pub fn for_app(&self, label: &str) -> Message {
        let what = self.of_one.as_ref().unwrap_or(&self.what).clone();
        what.with("apps", Arg::List(vec![label.to_owned()])).with("n", 1usize)
    }
}

/// An app judged again with an action applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// API name.
    pub app: String,
    /// Id of its finding.
    #[serde(default)]
    pub finding: String,
    /// Result.
    pub result: Outcome,
    /// Score; none where a pass has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Tenths>,
}

impl After {
    /// The score that is left; zero once the finding is no longer open.
    #[must_use]
    pub fn left(&self) -> Tenths {
        self.score.filter(|_| self.result.is_open()).unwrap_or(Tenths(0))
    }
}
