//! Population and completeness, and the registers of evidence and inputs.

use super::{Desk, anchor, fact, label, mark, say};
use crate::catalogue::Output;
use crate::model::{CoverageRow, CoverageState, Missing, NewestStamp, Outcome, ProblemRow, Question, Settles};
use crate::text::escape::shell;
use crate::view::desk::decisive;
use crate::view::words::{SHOWN, first, grouped, or_dash, stated};
use crate::view::{CoverageView, EvidenceView, GapView, InputView, InventoryView, PopulationView, ProblemView};
use std::collections::BTreeSet;

impl Desk<'_> {
    pub(super) fn register(&self) -> Vec<EvidenceView> {
        self.a.evidence.iter().filter_map(|e| self.evidence(&e.id)).collect()
    }

    pub(super) fn population(&self) -> PopulationView {
        let (w, a) = (self.w, self.a);
        let p = &a.population;
        let expected = p.expected.map_or_else(|| w.word("report.undeclared"), |n| n.to_string());
        let facts = [
            fact(w, "report.population.conclusion", w.word(&format!("report.conclusion.{}", p.conclusion))),
            fact(w, "report.population.expected", expected),
            fact(w, "report.population.received", p.received.to_string()),
            fact(w, "report.population.evaluated", p.evaluated.to_string()),
            fact(w, "report.population.extracted-by", or(&a.org.extracted_by, || w.word("report.undeclared"))),
            fact(w, "report.population.request", or(&a.org.request, || w.word("report.undeclared"))),
            fact(w, "report.population.snapshot", self.snapshot_day()),
        ];
        let missing = a.coverage.iter().filter(|row| !row.missing.is_empty());
        let mut rows: Vec<&CoverageRow> = a.coverage.iter().collect();
        rows.sort_by_key(|r| (r.state == CoverageState::Absent, r.records, r.kind.clone()));
        PopulationView {
            conclusion: w.say(&p.because),
            facts: facts.into_iter().flatten().collect(),
            rows: rows.into_iter().map(|r| self.coverage(r)).collect(),
            gaps: self.gaps(),
            problems: a.problems.iter().map(|p| self.problem(p)).collect(),
            passed_over: self.said(&a.passed_over),
            missing: missing.map(|row| self.not_retrieved(row)).collect(),
            doubts: a.coverage.iter().flat_map(|row| self.doubts(row)).collect(),
            newest: self.newest(),
            dates: self.said(&a.dates),
        }
    }

    fn problem(&self, p: &ProblemRow) -> ProblemView {
        let more = (p.touches_more > 0).then(|| say!(self.w, "report.population.touches-more", n = p.touches_more));
        ProblemView {
            place: p.place.clone(),
            message: p.message.clone(),
            hint: p.hint.clone(),
            touches: p.touches.iter().cloned().chain(more).collect(),
        }
    }

    fn not_retrieved(&self, row: &CoverageRow) -> String {
        let (names, n) = (row.missing.clone(), row.missing.len());
        say!(self.w, "report.population.missing.row", object = &row.kind, names = names, n = n)
    }

    fn doubts(&self, row: &CoverageRow) -> Vec<String> {
        let doubts = self.said(&row.doubts).into_iter();
        doubts.map(|why| say!(self.w, "report.population.doubts.row", object = &row.kind, why = why)).collect()
    }

    /// How young each export at least is: its latest date, with the row that holds it.
    fn newest(&self) -> Vec<String> {
        let newest = self.a.inputs.iter().filter_map(|input| input.newest.as_ref());
        let newest = newest.map(|NewestStamp { value, setting, place }| {
            say!(self.w, "report.population.newest.row", value = value, setting = setting, place = place)
        });
        newest.collect()
    }

    fn coverage(&self, row: &CoverageRow) -> CoverageView {
        let w = self.w;
        let (files, more) = first(&row.files, SHOWN);
        CoverageView {
            kind: row.kind.clone(),
            form: w.word(if row.records { "report.form.records" } else { "report.form.files" }),
            state: match row.state {
                CoverageState::Truncated if !row.records => w.word("report.coverage.not-retrieved"),
                state => w.word(&format!("report.coverage.{state}")),
            },
            received: row.received,
            expected: or_dash(row.expected.map(|n| n.to_string())),
            files,
            more: if more > 0 { say!(w, "report.more-files", n = more) } else { String::new() },
            feeds: self.criteria(&row.feeds),
        }
    }

    /// In the words of people: what the gate and the decisive criteria lack. Section 5 has the full list.
    pub(super) fn needs(&self) -> Vec<String> {
        let open = self.order.iter().filter(|f| f.result == Outcome::NotEvaluable);
        self.lacking(open.flat_map(|f| decisive(f)))
    }

    /// How to get what is missing: components by name, then what is missing as a whole.
    pub(super) fn gaps(&self) -> Vec<GapView> {
        let questions = self.order.iter().flat_map(|f| &f.questions).filter(|q| q.settles == Settles::Export);
        let (named, whole): (Vec<_>, Vec<_>) =
            questions.partition(|q| q.missing.iter().any(|m| !m.retrieve.is_empty()));
        let mut views: Vec<GapView> = self.components(&named).into_iter().collect();
        for request in &self.control.requests {
            let asking = whole.iter().chain(named.iter().filter(|_| !request.soql.is_empty())).copied();
            let settles = self.settled(asking.filter(|q| q.requests.iter().any(|id| *id == request.id)));
            if !settles.is_empty() {
                views.push(self.request(request, settles));
            }
        }
        views
    }

    /// The retrieval of the components that questions name.
    fn components(&self, questions: &[&Question]) -> Option<GapView> {
        let missing: Vec<&Missing> = questions.iter().flat_map(|q| &q.missing).collect();
        let retrieve: BTreeSet<&str> = missing.iter().flat_map(|one| &one.retrieve).map(|part| &**part).collect();
        let parts = self.said(&Missing::phrases(missing));
        // The whole type brings each of its members.
        let names =
            retrieve.iter().filter(|name| name.split_once(':').is_none_or(|(kind, _)| !retrieve.contains(kind)));
        let names = names.map(|name| format!(" --metadata {}", shell(name)));
        (!retrieve.is_empty()).then(|| GapView {
            title: self.w.word("report.metadata"),
            why: say!(self.w, "report.gap.components", parts = parts),
            feeds: self.settled(questions.iter().copied()),
            soql: String::new(),
            command: format!("sf project retrieve start{} --target-org ORG", names.collect::<String>()),
        })
    }

    fn request(&self, request: &crate::catalogue::Request, feeds: String) -> GapView {
        let (title, why) = (request.object.clone(), request.why.clone());
        if request.soql.is_empty() {
            let command = "sf project retrieve start --manifest package.xml --target-org ORG".to_owned();
            return GapView { title: self.w.word("report.metadata"), why, feeds, soql: String::new(), command };
        }
        let command = format!("sf data query --file {0}.soql --json --target-org ORG > {0}.json", request.file);
        GapView { title, why, feeds, soql: self.control.soql(request), command }
    }

    pub(super) fn inventory(&self) -> Vec<InventoryView> {
        let facts: Vec<_> = self.control.facts_of(Output::Inventory).collect();
        let views = self.numbered().map(|(number, f)| InventoryView {
            number,
            anchor: anchor(&f.id),
            label: label(f),
            api_name: f.subject.api_name.clone(),
            facts: facts.iter().map(|fact| stated(self.w, fact, f.facts.text(&fact.path))).collect(),
            result: mark(self.w, f.result),
            sources: f.subject.sources.clone(),
        });
        views.collect()
    }

    pub(super) fn inputs(&self) -> Vec<InputView> {
        let read = self.a.inputs.iter().map(|i| InputView {
            path: i.path.clone(),
            kind: i.kind.clone(),
            bytes: grouped(i.bytes),
            rows: i.rows.map(|n| grouped(n as u64)).unwrap_or_default(),
            sha256: i.sha256.clone(),
        });
        let given = self.a.given.files.iter().map(|file| InputView {
            path: file.path.clone(),
            kind: self.w.word(&format!("report.given.{}", file.what)),
            bytes: grouped(file.bytes),
            rows: String::new(),
            sha256: file.sha256.clone(),
        });
        read.chain(given).collect()
    }

    /// Apps of a result, by label.
    pub(super) fn named(&self, result: Outcome) -> Vec<String> {
        self.order.iter().filter(|f| f.result == result).map(|f| label(f)).collect()
    }
}

fn or(text: &str, otherwise: impl FnOnce() -> String) -> String {
    if text.is_empty() { otherwise() } else { text.to_owned() }
}
