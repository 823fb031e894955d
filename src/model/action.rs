//! What to do: typed, made by the control, and the one source of every output that gives advice.

use super::words::words;
use super::{Outcome, Tenths};
use crate::text::message::{Arg, Message};
use serde::{Deserialize, Serialize};

words! {
    /// Kinds of actions. The order breaks ties between actions of equal risk and effort.
    ActionKind {
        /// Rotate a secret that stands in clear text.
        Rotate = "rotate",
        /// Give apps an execution user of their own.
        OwnUser = "own_user",
        /// Take permission sets away from an integration's user, once a minimal one is there.
        Rights = "rights",
        /// Give an integration's user a profile of its own, which takes the login ranges.
        OwnProfile = "own_profile",
        /// Narrow login ranges on a profile that nobody else has.
        Ranges = "ranges",
        /// Let the app's policy enforce the ranges that are there.
        Enforce = "enforce",
        /// Finish a move to JWT bearer that has begun.
        Finish = "finish",
        /// Switch the flow off.
        Disable = "disable",
        /// Replace the flow by JWT bearer.
        Jwt = "jwt",
        /// Find out what decides between the ways.
        Settle = "settle",
        /// Supply exports.
        Export = "export",
        /// Answer questions.
        Answer = "answer",
        /// Switch a dormant flow off for good.
        Tidy = "tidy",
    }
}

impl ActionKind {
    /// 1 low, 2 medium, 3 high: what it takes to do it.
    #[must_use]
    pub const fn effort(self) -> u8 {
        match self {
            Self::OwnUser | Self::Rights | Self::OwnProfile | Self::Ranges => 2,
            Self::Jwt => 3,
            _ => 1,
        }
    }

    /// Criteria that it serves; none for what only finds out more.
    #[must_use]
    pub const fn serves(self) -> &'static [&'static str] {
        match self {
            Self::Rotate => &["secret-not-exposed"],
            Self::OwnUser => &["execution-user-least-privilege", "execution-user-api-only", "execution-user-dedicated"],
            Self::Rights => &["execution-user-least-privilege"],
            Self::OwnProfile | Self::Ranges | Self::Enforce => &["network-restricted"],
            Self::Finish | Self::Jwt => &["flow-disabled", "certificate-alternative"],
            Self::Disable | Self::Tidy => &["flow-disabled"],
            Self::Settle | Self::Export | Self::Answer => &[],
        }
    }

    /// Whether it comes after what is known to be wrong.
    #[must_use]
    pub const fn finds_out(self) -> bool {
        matches!(self, Self::Settle | Self::Export | Self::Answer | Self::Tidy)
    }
}

/// Something to do, for one app or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What kind of thing.
    pub kind: ActionKind,
    /// What it acts on: a user, a profile, an app; empty for all.
    pub target: String,
    /// API names of the apps that it helps, worst first.
    pub apps: Vec<String>,
    /// What was seen to hold in the snapshot before it was advised, in the words that steps depend on.
    pub preconditions: Vec<String>,
    /// What to do; its argument `apps` names the apps.
    pub what: Message,
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

impl Action {
    /// What to do about one of its apps alone, in the words of the action.
    #[must_use]
    pub fn for_app(&self, label: &str) -> Message {
        // What several apps lack is not what each of them lacks; section 5 has it for each.
        let what = match self.kind {
            ActionKind::Export if self.apps.len() > 1 => Message::new("action.export.any"),
            _ => self.what.clone(),
        };
        what.with("apps", Arg::List(vec![label.to_owned()])).with("n", 1usize)
    }
}

/// An app judged again with an action applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// API name.
    pub app: String,
    /// Result.
    pub result: Outcome,
    /// Score; none where a pass has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Tenths>,
}
