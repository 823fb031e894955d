//! Cover and page one: the verdict in two sentences, findings by severity.

use super::super::{Desk, fact, label, say};
use crate::controls;
use crate::model::{DispositionState, Finding, Outcome, Severity};
use crate::view::claims::LOOKED_AT;
use crate::view::{Fact, SeverityRow};

/// Severities that a finding can have, worst first.
const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

impl Desk<'_> {
    /// How many fail, how bad the worst is, and what whoever holds its secret can do.
    pub(in super::super) fn verdict(&self) -> Vec<String> {
        let (w, counts) = (self.w, self.a.counts);
        if self.a.findings.is_empty() {
            return vec![w.word("report.verdict.no-apps")];
        }
        let total = controls::claims(self.order.iter().copied()).of(LOOKED_AT);
        let key = match () {
            () if counts.fail > 0 && counts.not_evaluable > 0 => "report.verdict.fail-open",
            () if counts.fail > 0 => "report.verdict.fail",
            () if counts.not_evaluable > 0 => "report.verdict.not-evaluable",
            () if counts.review > 0 => "report.verdict.review",
            () => "report.verdict.pass",
        };
        let mut out = vec![say!(
            w,
            self.of_all(key),
            fail = counts.fail,
            open = counts.not_evaluable,
            asked = counts.review,
            pass = counts.pass,
            total = total
        )];
        if let Some(worst) = self.order.first().filter(|f| f.result.is_open()) {
            let case = controls::of(worst).and_then(|control| control.worst_case(w, worst));
            out.push(match case {
                Some(case) => format!("{} {case}", self.worst(worst)),
                None => self.worst(worst),
            });
        }
        out
    }

    /// Tiles: failing apps by severity, what is not settled, what is in order.
    pub(in super::super) fn tiles(&self) -> Vec<Fact> {
        if self.a.findings.is_empty() {
            return Vec::new();
        }
        let failing = |severity| self.count(severity, |f| f.result == Outcome::Fail).to_string();
        let mut tiles: Vec<Fact> = SEVERITIES
            .iter()
            .map(|severity| Fact { name: self.severity(*severity), value: failing(*severity) })
            .collect();
        let counts = self.a.counts;
        let others = [
            ("report.tile.open", counts.not_evaluable + counts.review),
            ("report.tile.in-order", counts.pass + counts.not_applicable),
            ("report.tile.left-out", counts.not_tested),
        ];
        let others = others.into_iter().filter(|(key, n)| *n > 0 || *key != "report.tile.left-out");
        tiles.extend(others.map(|(key, n)| Fact { name: self.w.word(key), value: n.to_string() }));
        tiles
    }

    fn count(&self, severity: Severity, wanted: impl Fn(&Finding) -> bool) -> usize {
        let these = self.order.iter().filter(|f| wanted(f));
        these.filter(|f| f.score.as_ref().is_some_and(|score| score.severity == severity)).count()
    }

    /// Headings of the table of findings by severity.
    pub(in super::super) fn severity_columns(&self) -> Vec<String> {
        let all = SEVERITIES.iter().map(|severity| self.severity(*severity));
        all.chain([self.w.word("report.severity.all")]).collect()
    }

    /// Open, accepted and not settled findings by severity; a row without one is left out, but for the first.
    pub(in super::super) fn severities(&self) -> Vec<SeverityRow> {
        if !self.order.iter().any(|f| f.result.is_open()) {
            return Vec::new();
        }
        let accepted = |f: &Finding| f.disposition.as_ref().is_some_and(|d| d.state == DispositionState::Valid);
        let unsettled = |f: &Finding| matches!(f.result, Outcome::NotEvaluable | Outcome::Review);
        let rows = [
            self.severity_row("open", |f| f.result == Outcome::Fail && !accepted(f)),
            self.severity_row("accepted", |f| f.result.is_open() && accepted(f)),
            self.severity_row("unsettled", |f| unsettled(f) && !accepted(f)),
        ];
        let said = rows.into_iter().enumerate();
        said.filter(|(at, (_, n))| *at == 0 || *n > 0).map(|(_, (row, _))| row).collect()
    }

    fn severity_row(&self, name: &str, wanted: impl Fn(&Finding) -> bool) -> (SeverityRow, usize) {
        let total = self.order.iter().filter(|f| wanted(f)).count();
        let cells = SEVERITIES.iter().map(|severity| self.count(*severity, &wanted));
        let cells = cells.chain([total]).map(|n| n.to_string()).collect();
        (SeverityRow { name: self.w.word(&format!("report.severities.{name}")), cells }, total)
    }

    /// What happens if nothing is done; empty when nothing fails.
    pub(in super::super) fn otherwise(&self) -> String {
        let failing: Vec<&&Finding> = self.order.iter().filter(|f| f.result == Outcome::Fail).collect();
        let worst = failing.iter().filter_map(|f| f.score.as_ref()).map(|score| score.residual31.1).max();
        let Some(worst) = worst else { return String::new() };
        let severity = self.severity(Severity::of(worst));
        say!(self.w, "report.plan.otherwise", n = failing.len(), score = worst.to_string(), severity = severity)
    }

    /// What the cover says besides.
    pub(in super::super) fn front(&self) -> Vec<Fact> {
        let (d, w) = (&self.a.document, self.w);
        let status = w.word(if d.is_final { "report.cover.final" } else { "report.cover.draft" });
        let facts = [
            fact(w, "report.cover.prepared-for", if d.prepared_for.is_empty() { &d.client } else { &d.prepared_for }),
            fact(w, "report.cover.prepared-by", &d.prepared_by),
            fact(w, "report.cover.snapshot-at", self.snapshot_day()),
            fact(
                w,
                "report.cover.version",
                if d.version.is_empty() { status } else { format!("{} · {status}", d.version) },
            ),
        ];
        facts.into_iter().flatten().collect()
    }

    /// What weighs most. What is not shown to fail has no score of its own yet, but what the gaps allow.
    fn worst(&self, worst: &Finding) -> String {
        let (w, app) = (self.w, label(worst));
        let Some(score) = &worst.score else { return say!(w, "report.verdict.worst-unscored", app = app) };
        if worst.result == Outcome::Fail {
            let (score, severity) = (score.residual31.1.to_string(), self.severity(score.severity));
            return say!(w, "report.verdict.worst", app = app, score = score, severity = severity);
        }
        let (low, high) = (score.interval31.low.to_string(), score.interval31.high.to_string());
        let key = if low == high { "report.verdict.most-open-settled" } else { "report.verdict.most-open" };
        say!(w, key, app = app, low = low, high = high)
    }
}
