//! The portfolio report: many orgs at a glance.

mod model;
mod movement;
mod patterns;
mod plan;
mod summary;

pub use model::{
    AcceptanceView, DriftView, HeatRow, MovedRow, MovedView, OrgRow, PatternView, PlanRow, Portfolio, PortfolioFinding,
};
pub use movement::Moved;
pub use plan::ActionSummary;
pub use summary::{AppSummary, OrgFailure, OrgSummary};

use crate::catalogue::{Catalogue, Output};
use crate::controls;
use crate::model::{Conclusion, Counts, Outcome, Redaction, Severity};
use crate::report::org::contents;
use crate::text::wording::Wording;
use crate::view::Fact;
use crate::view::claims::Claims;
use crate::view::words::{
    anchor, column, criteria, fact, first, general_limits, headings, legend, mark, mark_or_dash, or_dash,
    redaction_limit, redaction_word, say,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Builds the portfolio report. `failures` are orgs of which nothing could be read.
#[must_use]
pub fn portfolio(
    summaries: &[OrgSummary],
    failures: &[OrgFailure],
    control: &Catalogue,
    wording: &Wording,
) -> Portfolio {
    let mut orgs: Vec<&OrgSummary> = summaries.iter().collect();
    orgs.sort_by_cached_key(|org| rank(org));
    let desk = Desk { orgs, failures, control, w: wording };
    let findings = desk.findings();
    let (drift, more_drift) = desk.drift();
    let (patterns, more_patterns) = desk.patterns();
    let more = |n: usize, key: &'static str| if n > 0 { say!(wording, key, n = n) } else { String::new() };
    let moved = desk.moved();
    let more_findings = more(findings.len().saturating_sub(FINDINGS), "portfolio.findings.more");
    Portfolio {
        language: wording.language.clone(),
        title: wording.word("portfolio.title"),
        subtitle: say!(wording, "portfolio.subtitle", n = summaries.len() + failures.len()),
        cover: desk.cover(),
        verdict: desk.verdict(findings.first()),
        tiles: desk.tiles(),
        glance: controls::headline(wording, &desk.claims())
            .into_iter()
            .chain(moved.iter().flat_map(|moved| moved.said.clone()))
            .collect(),
        moved,
        counted: desk.counted(),
        plan: desk.plan(),
        worst: findings.iter().take(5).cloned().collect(),
        unread: failures.iter().map(|f| Fact { name: f.name.clone(), value: f.message.clone() }).collect(),
        orgs: desk.orgs.iter().map(|org| desk.row(org)).collect(),
        columns: criteria(control, |one| desk.has_findings(one))
            .into_iter()
            .map(|id| column(wording, id).to_owned())
            .collect(),
        legend: legend(wording, "report.legend"),
        heat: desk.orgs.iter().map(|org| desk.heat(org)).collect(),
        drift_columns: headings(control, Output::Drift, wording),
        drift,
        more_drift: more(more_drift, "portfolio.drift.more"),
        patterns,
        more_patterns: more(more_patterns, "portfolio.patterns.more"),
        acceptances: desk.acceptances(),
        freshness: desk.freshness(),
        more_findings,
        findings: first(&findings, FINDINGS).0,
        limitations: [general_limits(wording), redaction_limit(wording, desk.redaction())].concat(),
        signatures: ["prepared", "reviewed", "approved"]
            .map(|key| Fact { name: wording.word(&format!("report.sign.{key}")), value: String::new() })
            .into(),
        contents: contents(wording, "portfolio", SECTIONS),
    }
}

/// Most findings that are listed; findings.csv has all.
const FINDINGS: usize = 60;
/// Severities that an org counts, worst first.
const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
/// Sections, in order.
const SECTIONS: &[&str] =
    &["summary", "orgs", "heat", "plan", "patterns", "drift", "acceptances", "findings", "method", "signoff"];

/// Worst first: result, failing apps, highest score, name.
fn rank(org: &OrgSummary) -> (Outcome, Reverse<usize>, Reverse<Option<crate::model::Tenths>>, String, String) {
    let score = org.apps.iter().filter_map(|app| app.score).map(|(score, _)| score).max();
    (org.result, Reverse(org.counts.fail), Reverse(score), org.name.to_lowercase(), org.key.clone())
}

type Placed<'a> = (&'a OrgSummary, &'a AppSummary);

/// What the parts share.
struct Desk<'a> {
    orgs: Vec<&'a OrgSummary>,
    failures: &'a [OrgFailure],
    control: &'a Catalogue,
    w: &'a Wording,
}

impl Desk<'_> {
    fn cover(&self) -> Vec<Fact> {
        let w = self.w;
        let read = say!(w, "portfolio.cover.orgs.value", n = self.orgs.len(), failed = self.failures.len());
        let facts = [
            fact(w, "portfolio.cover.orgs", read),
            fact(w, "report.cover.client", self.each(|org| org.client.clone())),
            fact(w, "report.cover.control", self.names()),
            fact(w, "report.cover.names", redaction_word(w, self.redaction())),
            fact(w, "report.cover.as-of", self.each(|org| org.as_of.to_string())),
            fact(w, "report.criteria.version", self.each(|org| org.ruleset_version.clone())),
        ];
        facts.into_iter().flatten().collect()
    }

    /// Names of the controls that something was judged by.
    fn names(&self) -> String {
        let judging = self.control.all().filter(|one| one.key == self.control.key || self.has_findings(one));
        judging.map(|control| control.name.as_str()).collect::<Vec<_>>().join("; ")
    }

    fn has_findings(&self, control: &Catalogue) -> bool {
        self.placed().any(|(_, app)| *app.control == control.key)
    }

    /// What the orgs state, each value once.
    fn each(&self, of: fn(&OrgSummary) -> String) -> String {
        let values: BTreeSet<String> = self.orgs.iter().map(|org| of(org)).filter(|v| !v.is_empty()).collect();
        self.w.join(&values.into_iter().collect::<Vec<_>>())
    }

    fn verdict(&self, worst: Option<&PortfolioFinding>) -> Vec<String> {
        let w = self.w;
        let failing = self.orgs.iter().filter(|org| org.result == Outcome::Fail).count();
        let mut out = vec![say!(w, "portfolio.verdict", failing = failing, orgs = self.orgs.len())];
        if let Some(worst) = worst {
            let key = if failing > 0 { "portfolio.verdict.worst" } else { "portfolio.verdict.most-open" };
            out.push(say!(w, key, app = &worst.app, org = &worst.org, score = &worst.score));
        }
        if !self.failures.is_empty() {
            out.push(say!(w, "portfolio.verdict.unread", n = self.failures.len()));
        }
        out
    }

    fn claims(&self) -> Claims {
        self.orgs.iter().fold(Claims::default(), |sum, org| sum.plus(&org.claims))
    }

    /// Failing apps of orgs by severity, then what is not settled, and what is in order.
    fn by_severity(orgs: &[&OrgSummary]) -> Vec<usize> {
        let failing = orgs.iter().flat_map(|org| &org.apps).filter(|app| app.result == Outcome::Fail);
        let failing: Vec<Severity> = failing.filter_map(|app| app.score.map(|(_, severity)| severity)).collect();
        let counts = orgs.iter().fold(Counts::default(), |sum, org| sum.plus(org.counts));
        let severities = SEVERITIES.iter().map(|severity| failing.iter().filter(|one| *one == severity).count());
        severities.chain([counts.not_evaluable + counts.review, counts.pass + counts.not_applicable]).collect()
    }

    fn counted(&self) -> Vec<String> {
        let severities = SEVERITIES.iter().map(|severity| self.w.word(&format!("report.severity.{severity}")));
        severities.chain(["report.tile.open", "report.tile.in-order"].map(|key| self.w.word(key))).collect()
    }

    fn tiles(&self) -> Vec<Fact> {
        let named = self.counted().into_iter().zip(Self::by_severity(&self.orgs));
        named.map(|(name, n)| Fact { name, value: n.to_string() }).collect()
    }

    /// The weakest redaction of all orgs.
    fn redaction(&self) -> Option<Redaction> {
        self.orgs.iter().filter_map(|org| org.redaction).min_by_key(|redaction| (redaction.key, redaction.clients))
    }

    fn age(&self, org: &OrgSummary) -> Option<i64> {
        org.snapshot_at.and_then(|day| day.until(org.as_of).ok()).map(|span| i64::from(span.get_days()))
    }

    fn row(&self, org: &OrgSummary) -> OrgRow {
        let w = self.w;
        OrgRow {
            key: org.key.clone(),
            name: org.name.clone(),
            environment: w.word(&format!("report.environment.{}", org.environment)),
            snapshot_at: org.snapshot_at.map_or_else(|| w.word("report.undeclared"), |day| day.to_string()),
            age: self.age(org).map(|days| days.to_string()).unwrap_or_default(),
            rules: org.ruleset_version.clone(),
            result: mark(self.w, org.result),
            counts: Self::by_severity(&[org]).iter().map(ToString::to_string).collect(),
            population: w.word(&format!("report.conclusion.{}", org.population)),
        }
    }

    fn heat(&self, org: &OrgSummary) -> HeatRow {
        let criteria = criteria(self.control, |one| self.has_findings(one));
        let cells = criteria.iter().map(|id| mark_or_dash(self.w, worst_of(org, id))).collect();
        HeatRow { key: org.key.clone(), name: org.name.clone(), cells }
    }

    fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        self.orgs.iter().flat_map(|org| org.apps.iter().map(move |app| (*org, app)))
    }

    /// Every app that is no pass, with its org, worst first.
    fn findings(&self) -> Vec<PortfolioFinding> {
        let mut all: Vec<Placed<'_>> = self.placed().filter(|(_, app)| app.because.is_some()).collect();
        all.sort_by_cached_key(|(org, app)| {
            let (name, label) = (org.name.to_lowercase(), app.label.to_lowercase());
            (app.result, Reverse(app.score.map(|(score, _)| score)), name, label, app.id.clone())
        });
        let views = all.into_iter().map(|(org, app)| PortfolioFinding {
            id: app.id.clone(),
            anchor: anchor(&app.id),
            key: org.key.clone(),
            org: org.name.clone(),
            app: app.label.clone(),
            result: mark(self.w, app.result),
            score: or_dash(app.score.map(|(score, _)| score.to_string())),
            severity: app.score.map(|(_, s)| self.w.word(&format!("report.severity.{s}"))).unwrap_or_default(),
            because: app.because.as_ref().map(|m| self.w.say(m)).unwrap_or_default(),
        });
        views.collect()
    }

    /// Snapshots, by name, that have their organisation id in common.
    fn of_one_org(&self) -> Vec<Vec<String>> {
        let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for org in self.orgs.iter().filter(|org| !org.id.is_empty()) {
            names.entry(&org.id).or_default().push(org.name.clone());
        }
        names.into_values().filter(|names| names.len() > 1).collect()
    }

    fn freshness(&self) -> Vec<String> {
        let w = self.w;
        let mut out = Vec::new();
        let ages: Vec<i64> = self.orgs.iter().filter_map(|org| self.age(org)).collect();
        if let (Some(youngest), Some(oldest)) = (ages.iter().min(), ages.iter().max()) {
            let key = if youngest == oldest { "portfolio.freshness.age" } else { "portfolio.freshness.ages" };
            let [youngest, oldest] = [youngest, oldest].map(|days| usize::try_from(*days).unwrap_or(0));
            out.push(say!(w, key, youngest = youngest, oldest = oldest));
        }
        let undated = self.orgs.iter().filter(|org| org.snapshot_at.is_none());
        let undated: Vec<String> = undated.map(|org| org.name.clone()).collect();
        if !undated.is_empty() {
            out.push(say!(w, "portfolio.freshness.undated", orgs = undated));
        }
        let versions: BTreeSet<String> = self.orgs.iter().map(|org| org.ruleset_version.clone()).collect();
        if versions.len() > 1 {
            out.push(say!(w, "portfolio.freshness.rules", versions = versions.into_iter().collect::<Vec<_>>()));
        }
        out.extend(self.of_one_org().into_iter().map(|orgs| say!(w, "portfolio.freshness.one-org", orgs = orgs)));
        let unproven = self.orgs.iter().filter(|org| org.population != Conclusion::Complete).count();
        if unproven > 0 {
            out.push(say!(w, "portfolio.freshness.population", n = unproven, orgs = self.orgs.len()));
        }
        out
    }
}

/// Worst outcome of a criterion over the apps of an org; `None` without apps.
pub(super) fn worst_of(org: &OrgSummary, criterion: &str) -> Option<Outcome> {
    let outcomes = org.apps.iter().flat_map(|app| &app.outcomes).filter(|(id, _)| id == criterion).map(|(_, o)| *o);
    Outcome::worst(outcomes)
}
