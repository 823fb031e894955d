//! What the portfolio keeps of one org: a few kB, so that a thousand orgs fit in memory.

use super::movement::Moved;
use super::plan::ActionSummary;
use crate::catalogue::{FactEntry, Output};
use crate::controls;
use crate::model::{
    Assessment, Conclusion, Counts, DispositionState, Finding, Outcome, Redaction, Severity, Tenths, Word,
};
use crate::text::message::Message;
use crate::view::claims::Claims;
use crate::view::words::label;
use jiff::civil::Date;

/// One org in the portfolio.
#[derive(Clone, Debug, PartialEq)]
pub struct OrgSummary {
    /// Stable key; its report is `orgs/KEY/report.md`.
    pub key: String,
    /// Name for readers.
    pub name: String,
    /// Organisation id; empty when unknown.
    pub id: String,
    /// Environment as the assessment words it.
    pub environment: String,
    /// Client.
    pub client: String,
    /// Day of the snapshot, if declared.
    pub snapshot_at: Option<Date>,
    /// Day as of which it was judged.
    pub as_of: Date,
    /// Version of the rules.
    pub ruleset_version: String,
    /// Worst result.
    pub result: Outcome,
    /// Apps by result.
    pub counts: Counts,
    /// Whether the list of apps is whole.
    pub population: Conclusion,
    /// What its headline counts.
    pub claims: Claims,
    /// Names are pseudonyms.
    pub redaction: Option<Redaction>,
    /// What moved over its runs; none of a first run.
    pub moved: Option<Moved>,
    /// What its actions come to.
    pub actions: Vec<ActionSummary>,
    /// Apps, worst first.
    pub apps: Vec<AppSummary>,
}

/// One app in the portfolio.
#[derive(Clone, Debug, PartialEq)]
pub struct AppSummary {
    /// Finding id.
    pub id: String,
    /// The control that judged it.
    pub control: Word,
    /// API name.
    pub api_name: String,
    /// Label for readers.
    pub label: String,
    /// Result.
    pub result: Outcome,
    /// CVSS 3.1 and the severity word.
    pub score: Option<(Tenths, Severity)>,
    /// What is compared between orgs, in the order in which the catalogue declares it.
    pub compared: Vec<String>,
    /// What it can have in common with apps of other orgs: the key of the sentence, and the value.
    pub common: Vec<(&'static str, Vec<String>)>,
    /// Outcome of each criterion.
    pub outcomes: Vec<(String, Outcome)>,
    /// The result in one sentence; kept for findings only.
    pub because: Option<Message>,
    /// Acceptance: whether it holds, and until when.
    pub acceptance: Option<(DispositionState, Option<Date>)>,
}

/// An org of which nothing could be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrgFailure {
    /// Folder or archive.
    pub name: String,
    /// What went wrong.
    pub message: String,
}

impl OrgSummary {
    /// What the portfolio report needs of an assessment, but for what moved since earlier runs.
    #[must_use]
    pub fn of(a: &Assessment) -> Self {
        Self {
            key: a.org.key.clone(),
            name: if a.org.name.is_empty() { a.org.key.clone() } else { a.org.name.clone() },
            id: a.org.id.clone(),
            environment: a.org.environment.clone(),
            client: a.document.client.clone(),
            snapshot_at: a.org.snapshot_at,
            as_of: a.as_of,
            ruleset_version: a.ruleset_version.clone(),
            result: a.result,
            counts: a.counts,
            population: a.population.conclusion,
            claims: controls::claims(&a.findings),
            redaction: a.redaction,
            moved: None,
            actions: super::plan::summed(a),
            apps: crate::view::words::worst_first(&a.findings).into_iter().map(AppSummary::of).collect(),
        }
    }
}

impl AppSummary {
    fn of(f: &Finding) -> Self {
        Self {
            id: f.id.clone(),
            control: f.control.clone(),
            api_name: f.subject.api_name.clone(),
            label: label(f),
            result: f.result,
            score: f.score.as_ref().map(|s| (s.residual31.1, s.severity)),
            compared: compared().map(|fact| f.facts.text(&fact.path).to_owned()).collect(),
            common: controls::of(f).map(|control| control.common(f)).unwrap_or_default(),
            outcomes: f.observations.iter().map(|o| (o.criterion.to_string(), o.outcome())).collect(),
            because: f.result.is_open().then(|| f.because.clone()),
            acceptance: f.disposition.as_ref().map(|d| (d.state, d.expires)),
        }
    }
}

/// The facts that are compared between orgs.
pub(super) fn compared() -> impl Iterator<Item = &'static FactEntry> {
    controls::facts().filter(|fact| fact.shown.contains(&Output::Drift))
}
