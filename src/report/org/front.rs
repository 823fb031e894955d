//! Cover, summary, scope, criteria, method, results.

use super::{Desk, anchor, fact, label, mark, say};
use crate::catalogue::Catalogue;
use crate::controls;
use crate::model::{Conclusion, Finding, Outcome};
use crate::text::escape::shell;
use crate::view::desk::decisive;
use crate::view::words::{column, criteria, first, legend, mark_or_dash, outcome, redaction_word};
use crate::view::{
    ActionView, ControlView, Count, CriterionView, Fact, Matrix, MatrixRow, Method, PartView, Scope, Summary, TextView,
    ThresholdView,
};

/// Most apps in the matrix of the report; the workpapers have all.
const MATRIX: usize = 30;

impl Desk<'_> {
    /// Name of the org for readers.
    pub(super) fn org_name(&self) -> String {
        let org = &self.a.org;
        if org.name.is_empty() { org.key.clone() } else { org.name.clone() }
    }

    pub(super) fn title(&self) -> String {
        let title = &self.a.document.title;
        if title.is_empty() { self.w.word(&self.of_all("report.cover.title")) } else { title.clone() }
    }

    pub(super) fn subtitle(&self) -> String {
        say!(self.w, "report.cover.subtitle", org = self.org_name(), as_of = self.a.as_of.to_string())
    }

    pub(super) fn cover(&self) -> Vec<Fact> {
        let (d, org, w) = (&self.a.document, &self.a.org, self.w);
        let status = w.word(if d.is_final { "report.cover.final" } else { "report.cover.draft" });
        let version = if d.version.is_empty() { status } else { format!("{} · {status}", d.version) };
        let tool = say!(w, "report.cover.tool.value", tool = &self.a.tool_version, rules = &self.a.ruleset_version);
        let facts = [
            fact(w, "report.cover.client", &d.client),
            fact(w, "report.cover.org", self.org_name()),
            fact(w, "report.cover.org-id", &org.id),
            fact(w, "report.cover.environment", w.word(&format!("report.environment.{}", org.environment))),
            fact(w, "report.cover.snapshot-at", self.snapshot_day()),
            fact(w, "report.cover.as-of", self.a.as_of.to_string()),
            fact(w, "report.cover.control", self.controls()),
            fact(w, "report.cover.prepared-for", &d.prepared_for),
            fact(w, "report.cover.prepared-by", &d.prepared_by),
            fact(w, "report.cover.reviewer", &d.reviewer),
            fact(w, "report.cover.approver", &d.approver),
            fact(w, "report.cover.version", version),
            fact(w, "report.cover.classification", &d.classification),
            fact(w, "report.cover.names", redaction_word(w, self.a.redaction)),
            fact(w, "report.cover.tool", tool),
            fact(w, "report.cover.digest", &org.digest),
        ];
        // Templates and fonts shape what is seen, not what is said; the workpapers have their hashes, too.
        let given = self.a.given.files.iter().filter(|file| !["template", "font"].contains(&file.what.as_str()));
        let given = given.map(|file| Fact {
            name: w.word(&format!("report.given.{}", file.what)),
            value: say!(w, "report.cover.given", file = &file.path, sha256 = &file.sha256),
        });
        facts.into_iter().flatten().chain(given).collect()
    }

    /// What the cover and the scope of the report leave out of it.
    pub(super) fn closing(&self) -> Vec<Fact> {
        let mut shown: Vec<String> = self.front().into_iter().map(|fact| fact.name).collect();
        shown.extend(["report.cover.org", "report.cover.as-of"].map(|key| self.w.word(key)));
        self.cover().into_iter().filter(|fact| !shown.contains(&fact.name)).collect()
    }

    /// Names of the controls that something was judged by.
    fn controls(&self) -> String {
        self.judging().map(|control| control.name.as_str()).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn snapshot_day(&self) -> String {
        self.a.org.snapshot_at.map_or_else(|| self.w.word("report.undeclared"), |day| day.to_string())
    }

    pub(super) fn summary(&self, plan: &[ActionView]) -> Summary {
        let w = self.w;
        Summary {
            glance: match self.order.is_empty() {
                true => vec![w.say(&self.a.population.because)],
                false => controls::headline(w, &controls::claims(self.order.iter().copied())),
            },
            counts: Outcome::ALL.iter().map(|o| Count { mark: mark(w, *o), apps: self.a.counts.get(*o) }).collect(),
            alarms: controls::with_findings(&self.order)
                .into_iter()
                .flat_map(|(one, own)| one.alarms(w, &own))
                .collect(),
            actions: self.do_first().into_iter().filter_map(|at| plan.get(at).cloned()).collect(),
            change: self.change_sentence(),
            gaps: self.summary_gaps(),
        }
    }

    fn summary_gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        if self.a.population.conclusion != Conclusion::Complete {
            gaps.push(self.w.say(&self.a.population.because));
        }
        let names = self.named(Outcome::NotEvaluable);
        if !names.is_empty() {
            let missing = self.needs();
            let open = self.order.iter().filter(|f| f.result == Outcome::NotEvaluable);
            let supplied = open.flat_map(|f| decisive(f)).any(|q| !q.requests.is_empty());
            let key = match (missing.is_empty(), supplied) {
                (true, _) => "report.gap.apps",
                (_, true) => "report.gap.apps-exports",
                _ => "report.gap.apps-lacking",
            };
            gaps.push(say!(self.w, key, apps = self.some(&names), exports = missing));
        }
        if !self.a.problems.is_empty() {
            let n = self.a.problems.iter().map(|problem| 1 + problem.more).sum::<usize>();
            gaps.push(say!(self.w, "report.gap.problems", n = n));
        }
        gaps
    }

    pub(super) fn scope(&self) -> Scope {
        let (w, org) = (self.w, &self.a.org);
        let facts = [
            fact(w, "report.scope.org", format!("{} ({})", self.org_name(), org.key)),
            fact(w, "report.scope.population", self.populations()),
            fact(w, "report.scope.moment", say!(w, "report.scope.moment.value", day = self.snapshot_day())),
            fact(w, "report.scope.as-of", say!(w, "report.scope.as-of.value", day = self.a.as_of.to_string())),
            fact(w, "report.scope.out", w.word(&self.of_all("report.scope.out.value"))),
        ];
        let (excluded, tested): (Vec<&Finding>, Vec<_>) =
            self.order.iter().partition(|f| f.result == Outcome::NotTested);
        let mut out = Vec::new();
        for f in tested {
            for o in f.observations.iter().filter(|o| o.outcome() == Outcome::NotTested) {
                let (app, title, why) = (label(f), self.criterion(&o.criterion), w.say(&o.because));
                out.push(say!(w, "report.scope.excluded-criterion", app = app, criterion = title, because = why));
            }
        }
        for f in excluded {
            out.push(say!(w, "report.scope.excluded-app", app = label(f), because = w.say(&f.because)));
        }
        Scope { facts: facts.into_iter().flatten().collect(), exclusions: out }
    }

    /// How many apps of each kind there are.
    fn populations(&self) -> String {
        let connected = self.order.iter().filter(|f| f.subject.is_connected()).count();
        let own = self.a.findings.len() - connected;
        match connected {
            0 => say!(self.w, "report.scope.population.value", n = own),
            n => say!(self.w, "report.scope.population.value.all", n = own, connected = n),
        }
    }

    /// What each control comes to, where there are several.
    pub(super) fn parts(&self) -> Vec<PartView> {
        let parts = self.a.controls.iter().filter(|_| self.has_connected());
        let parts = parts.map(|part| PartView {
            name: part.control.name.clone(),
            range: part.control.published_range.clone(),
            result: mark(self.w, part.result),
            counts: Outcome::ALL.iter().map(|o| part.counts.get(*o).to_string()).collect(),
            population: self.w.say(&part.population.because),
        });
        parts.collect()
    }

    pub(super) fn control_view(&self, c: &Catalogue) -> ControlView {
        let w = self.w;
        let criteria = c.criteria.iter().map(|one| CriterionView {
            id: one.id.to_string(),
            label: column(w, &one.id).to_owned(),
            title: one.title.clone(),
            weight: w.word(&format!("report.weight.{}", one.weight)),
            safe_when: one.safe_when.clone(),
        });
        let thresholds = self.a.thresholds.iter().map(|t| ThresholdView {
            name: w.raw(&format!("report.threshold.{}", t.name)).unwrap_or(&t.name).to_owned(),
            value: t.value.clone(),
            from: w.raw(&format!("report.threshold-from.{}", t.from)).unwrap_or(&t.from).to_owned(),
        });
        let facts = [
            fact(w, "report.criteria.name", &c.name),
            fact(w, "report.criteria.id", &c.id),
            fact(w, "report.criteria.range", self.range(c)),
            fact(w, "report.criteria.retrieved", &c.retrieved),
            fact(w, "report.criteria.version", &self.a.ruleset_version),
        ];
        ControlView {
            facts: facts.into_iter().flatten().collect(),
            key: c.key.clone(),
            name: c.name.clone(),
            url: c.url.clone(),
            cwe: c.cwe.clone(),
            nist: c.nist.clone(),
            sections: c.sections.iter().map(|s| TextView { title: s.title.clone(), text: s.text.clone() }).collect(),
            criteria: criteria.collect(),
            readings: c.readings.clone(),
            considerations: c.considerations.clone(),
            thresholds: thresholds.collect(),
        }
    }

    /// `High 7.0–8.9`
    pub(super) fn range(&self, control: &Catalogue) -> String {
        format!("{} {}–{}", control.range_word, control.range_low, control.range_high)
    }

    pub(super) fn method(&self) -> Method {
        let (w, a) = (self.w, self.a);
        let facts = [
            fact(w, "report.method.tool", format!("shr {}", a.tool_version)),
            fact(w, "report.method.rules", &a.ruleset_version),
            fact(w, "report.method.permissions", &self.control.permissions_version),
            fact(w, "report.method.source", &a.org.source),
            fact(w, "report.method.digest", &a.org.digest),
        ];
        Method {
            decisions: self.said(&a.decisions),
            commands: vec![format!("{}\nshr verify shr-report", self.command())],
            facts: facts.into_iter().flatten().collect(),
        }
    }

    /// The command that gives the same report, with every option that changed a byte of it.
    fn command(&self) -> String {
        let a = self.a;
        let source = if a.org.source.is_empty() { "SNAPSHOT" } else { &a.org.source };
        let redact = if a.redaction.is_some() { " --redact" } else { "" };
        let options = a.given.options.iter().map(|one| match one.value.as_str() {
            "" => format!(" {}", one.option),
            value => format!(" {} {}", one.option, shell(value)),
        });
        let options: String = options.collect();
        format!("shr review {}{options} --as-of {}{redact} -o shr-report", shell(source), a.as_of)
    }

    pub(super) fn matrix(&self) -> Matrix {
        let w = self.w;
        let criteria = criteria(self.control, |one| self.has_findings(one));
        let all: Vec<MatrixRow> = self
            .numbered()
            .map(|(number, f)| MatrixRow {
                number,
                anchor: anchor(&f.id),
                label: label(f),
                result: mark(w, f.result),
                cells: criteria.iter().map(|id| mark_or_dash(w, outcome(f, id))).collect(),
            })
            .collect();
        let (rows, more) = first(&all, MATRIX);
        Matrix {
            columns: criteria.iter().map(|id| column(w, id).to_owned()).collect(),
            rows,
            more: if more > 0 { say!(w, "report.results.more", n = more) } else { String::new() },
            all,
            legend: legend(w, &self.of_all("report.legend")),
        }
    }
}
