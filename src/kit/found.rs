//! What a criterion finds, and gaps in the evidence.

use super::{Run, doubt};
use crate::model::{EvidenceItem, Observation, Outcome, Settles, Weight, Word};
use crate::snapshot::{Coverage, Kind};
use crate::text::message::{Arg, Message};
use std::borrow::Cow;

/// What one criterion found.
pub(crate) struct Found {
    pub(crate) outcome: Outcome,
    pub(crate) because: Message,
    pub(crate) items: Vec<EvidenceItem>,
    pub(crate) gaps: Vec<Gap>,
    /// Further places that show it, which stand with the rights of the user or with other apps.
    pub(crate) further: usize,
}

impl Found {
    pub(crate) fn new(outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        Self { outcome, because, items, gaps: Vec::new(), further: 0 }
    }

    pub(crate) fn gap(mut self, gap: Gap) -> Self {
        self.gaps.push(gap);
        self
    }

    /// The outcome that counts: nothing passes without evidence.
    pub(crate) fn counts(&self) -> Outcome {
        match self.outcome {
            Outcome::Pass if self.items.is_empty() => Outcome::NotEvaluable,
            outcome => outcome,
        }
    }

    pub(crate) fn observation(self, criterion: &Word, weight: Weight) -> Observation {
        let Self { outcome, because, items, further, .. } = self;
        let mut items = items.into_iter();
        let mut observation = match (outcome, items.next()) {
            (Outcome::Pass, Some(first)) => Observation::pass(criterion, weight, because, first, items.collect()),
            (_, first) => {
                Observation::new(criterion, weight, outcome, because, first.into_iter().chain(items).collect())
            }
        };
        observation.further = further;
        observation
    }
}

/// Something that is missing or has to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) settles: Settles,
    pub(crate) text: Message,
    pub(crate) requests: Vec<Cow<'static, str>>,
    /// It hides nothing but rights on objects.
    pub(crate) rights_only: bool,
}

impl Gap {
    pub(crate) fn export(key: &'static str, requests: &[&'static str]) -> Self {
        let requests = requests.iter().map(|id| Cow::Borrowed(*id)).collect();
        Self { settles: Settles::Export, text: Message::new(key), requests, rights_only: false }
    }

    pub(crate) fn person(key: &'static str) -> Self {
        Self { settles: Settles::Person, text: Message::new(key), requests: Vec::new(), rights_only: false }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.text = self.text.with(name, value);
        self
    }

    /// The same, about rights on objects only.
    pub(crate) fn of_rights(mut self) -> Self {
        self.rights_only = true;
        self
    }

    /// One gap for an export makes it not evaluable, gaps for people alone a review.
    pub(crate) fn outcome(gaps: &[Self]) -> Outcome {
        if gaps.is_empty() || gaps.iter().any(|gap| gap.settles == Settles::Export) {
            Outcome::NotEvaluable
        } else {
            Outcome::Review
        }
    }
}

/// The gap that an export of this coverage leaves, if any.
pub(crate) fn coverage_gap(run: &Run<'_>, kind: Kind, request: &'static str) -> Option<Gap> {
    let coverage = run.coverage(kind);
    let doubts = together(run.context.doubts(run.snapshot, kind));
    let gap = match (coverage, doubts) {
        (Coverage::Complete { .. }, _) => return None,
        (_, Some(why)) if doubt::is_grave(run.snapshot, kind) => {
            Gap::export("gap.doubted", &[request]).with("why", why)
        }
        (Coverage::NotProven { got }, Some(why)) => Gap::person("gap.limit").with("rows", got).with("why", why),
        (Coverage::NotProven { got }, None) => Gap::person("gap.not-proven").with("rows", got),
        (Coverage::Truncated { got, of }, _) => {
            Gap::export("gap.truncated", &[request]).with("rows", got).with("of", of)
        }
        (Coverage::Absent, _) => Gap::export("gap.absent", &[request]),
    };
    let gap = gap.with("object", kind.name());
    Some(if kind == Kind::ObjectPermissionRecords { gap.of_rights() } else { gap })
}

/// The gap that rows leave which could not be used, whatever else proves what they are about.
pub(crate) fn lost_gap(run: &Run<'_>, kind: Kind, request: &'static str) -> Option<Gap> {
    doubt::has_lost_rows(run.snapshot, kind).then(|| coverage_gap(run, kind, request)).flatten()
}

/// Sentences one after the other.
pub(crate) fn together(mut sentences: Vec<Message>) -> Option<Message> {
    match sentences.len() {
        0 | 1 => sentences.pop(),
        _ => Some(Message::new("text.all").with("sentences", sentences)),
    }
}
