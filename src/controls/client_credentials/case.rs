//! What the criteria look at: the run, one app's case, and gaps in the evidence.

use super::dedicated::Browser;
use super::doubt;
use super::facts::Alike;
use super::flow::Flow;
use super::holders::Holders;
use super::log::Log;
use super::lost::Lost;
use super::user::{Others, Resolved};
use super::{network, privilege};
use crate::controls::catalogue::{Control, Thresholds};
use crate::controls::client_credentials::score::Scores;
use crate::engagement::Engagement;
use crate::model::{EvidenceItem, Observation, Outcome, Settles, UsedObject, Weight};
use crate::snapshot::{App, Coverage, Index, Kind, Snapshot};
use crate::text::message::{Arg, Message};
use jiff::civil::Date;
use std::borrow::Cow;

/// What a run brings besides snapshot and catalogue.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The day as of which assignments, certificates and statements count.
    pub as_of: Date,
    /// Day of the latest time stamp of the records, if that lies after the day as of which the snapshot is judged.
    pub stamped: Option<Date>,
    /// Key of the org.
    pub org_key: &'a str,
    /// Thresholds in force, overrides applied.
    pub thresholds: Thresholds,
    /// What people supplied: attestations, exclusions, sensitive objects, declared counts.
    pub engagement: &'a Engagement,
}

impl Context<'_> {
    /// Coverage of a kind, with the declared count of the engagement file taken into account.
    #[must_use]
    pub fn coverage(&self, snapshot: &Snapshot, kind: Kind) -> Coverage {
        let found = snapshot.coverage_of(kind);
        let counted = match (found, self.expected(kind)) {
            (Coverage::NotProven { got }, Some(expected)) if got == expected && !doubt::is_grave(snapshot, kind) => {
                Coverage::Complete { got }
            }
            (Coverage::NotProven { got } | Coverage::Complete { got }, Some(of)) if kind.is_records() && got < of => {
                Coverage::Truncated { got, of }
            }
            (found, _) => found,
        };
        match counted {
            Coverage::Complete { got } if self.taken_later().is_some() => Coverage::NotProven { got },
            counted => counted,
        }
    }

    /// The day of the snapshot, declared or by its latest time stamp, if it lies after the day as of which it is judged.
    /// One of the two is wrong, so nothing shows that what is there is what there was.
    #[must_use]
    pub fn taken_later(&self) -> Option<Date> {
        let declared = self.engagement.orgs.get(self.org_key).and_then(|org| org.snapshot_at);
        declared.filter(|day| *day > self.as_of).or(self.stamped)
    }

    /// What speaks against the exports of a kind being whole.
    #[must_use]
    pub fn doubts(&self, snapshot: &Snapshot, kind: Kind) -> Vec<Message> {
        doubt::sentences(snapshot, kind, self.coverage(snapshot, kind))
    }

    /// Rows or files that somebody declared for a kind.
    #[must_use]
    pub fn expected(&self, kind: Kind) -> Option<usize> {
        self.engagement.orgs.get(self.org_key)?.expected.get(kind.name()).copied()
    }
}

/// One evaluation of one snapshot.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) control: &'a Control,
    pub(super) context: &'a Context<'a>,
    pub(super) index: &'a Index<'a>,
    pub(super) log: &'a Log<'a>,
    pub(super) holders: &'a Holders<'a>,
    pub(super) lost: &'a Lost<'a>,
    pub(super) scores: &'a Scores,
    pub(super) alike: &'a Alike,
}

impl Run<'_> {
    pub(super) fn coverage(&self, kind: Kind) -> Coverage {
        self.context.coverage(self.snapshot, kind)
    }
}

/// One app with everything that was found out about it.
pub(super) struct Case<'a> {
    pub(super) run: Run<'a>,
    pub(super) app: &'a App,
    pub(super) flow: Flow,
    pub(super) user: Resolved<'a>,
    pub(super) others: Others<'a>,
    pub(super) used: Vec<UsedObject>,
    pub(super) browser: Browser<'a>,
    pub(super) privilege: privilege::Judged,
    pub(super) network: network::Judged,
}

/// Whose logins and calls are looked for: an app and its execution user.
#[derive(Clone, Copy)]
pub(super) struct Caller<'c, 'a> {
    pub(super) run: Run<'a>,
    pub(super) app: &'a App,
    pub(super) user: &'c Resolved<'a>,
    pub(super) others: &'c Others<'a>,
}

impl<'a> Case<'a> {
    pub(super) fn caller(&self) -> Caller<'_, 'a> {
        Caller { run: self.run, app: self.app, user: &self.user, others: &self.others }
    }
}

/// What one criterion found.
pub(super) struct Found {
    pub(super) outcome: Outcome,
    pub(super) because: Message,
    pub(super) items: Vec<EvidenceItem>,
    pub(super) gaps: Vec<Gap>,
    /// Further places that show it, which stand with the rights of the user or with other apps.
    pub(super) further: usize,
}

impl Found {
    pub(super) fn new(outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        Self { outcome, because, items, gaps: Vec::new(), further: 0 }
    }

    pub(super) fn gap(mut self, gap: Gap) -> Self {
        self.gaps.push(gap);
        self
    }

    pub(super) fn not_applicable(case: &Case<'_>) -> Self {
        Self::new(Outcome::NotApplicable, Message::new("criterion.flow-off"), case.flow.items.clone())
    }

    /// The outcome that counts: nothing passes without evidence.
    pub(super) fn counts(&self) -> Outcome {
        match self.outcome {
            Outcome::Pass if self.items.is_empty() => Outcome::NotEvaluable,
            outcome => outcome,
        }
    }

    pub(super) fn observation(self, criterion: &str, weight: Weight) -> Observation {
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
pub(super) struct Gap {
    pub(super) settles: Settles,
    pub(super) text: Message,
    pub(super) requests: Vec<Cow<'static, str>>,
    /// It hides nothing but rights on objects.
    pub(super) rights_only: bool,
}

impl Gap {
    pub(super) fn export(key: &str, requests: &[&'static str]) -> Self {
        let requests = requests.iter().map(|id| Cow::Borrowed(*id)).collect();
        Self { settles: Settles::Export, text: Message::new(key), requests, rights_only: false }
    }

    pub(super) fn person(key: &str) -> Self {
        Self { settles: Settles::Person, text: Message::new(key), requests: Vec::new(), rights_only: false }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.text = self.text.with(name, value);
        self
    }

    /// The same, about rights on objects only.
    pub(super) fn of_rights(mut self) -> Self {
        self.rights_only = true;
        self
    }

    /// One gap for an export makes it not evaluable, gaps for people alone a review.
    pub(super) fn outcome(gaps: &[Self]) -> Outcome {
        if gaps.is_empty() || gaps.iter().any(|gap| gap.settles == Settles::Export) {
            Outcome::NotEvaluable
        } else {
            Outcome::Review
        }
    }
}

/// The gap that an export of this coverage leaves, if any.
pub(super) fn coverage_gap(run: &Run<'_>, kind: Kind, request: &'static str) -> Option<Gap> {
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
pub(super) fn lost_gap(run: &Run<'_>, kind: Kind, request: &'static str) -> Option<Gap> {
    doubt::has_lost_rows(run.snapshot, kind).then(|| coverage_gap(run, kind, request)).flatten()
}

/// Sentences one after the other.
pub(super) fn together(mut sentences: Vec<Message>) -> Option<Message> {
    match sentences.len() {
        0 | 1 => sentences.pop(),
        _ => Some(Message::new("text.all").with("sentences", sentences)),
    }
}
