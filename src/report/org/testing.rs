//! The workpapers' tests: what was tested of every app, how, with which evidence, and what came of it.

use super::{Desk, anchor, fact, label, mark, say};
use crate::catalogue::{Catalogue, Criterion};
use crate::model::{Finding, Observation, Outcome};
use crate::view::desk::link;
use crate::view::words::{SHOWN, first};
use crate::view::{TestRow, TestView};

impl Desk<'_> {
    /// A test for each criterion, over all apps.
    pub(super) fn tests(&self) -> Vec<TestView> {
        let all = self.judging().flat_map(|control| control.criteria.iter().map(move |criterion| (control, criterion)));
        (1..).zip(all).map(|(number, (control, criterion))| self.test(number, control, criterion)).collect()
    }

    fn test(&self, number: usize, control: &Catalogue, criterion: &Criterion) -> TestView {
        let w = self.w;
        let seen: Vec<(&Finding, &Observation)> = self
            .order
            .iter()
            .filter(|f| *f.control == control.key)
            .filter_map(|f| Some((*f, f.observations.iter().find(|o| o.criterion == criterion.id)?)))
            .collect();
        let named = |outcome| -> Vec<String> {
            seen.iter().filter(|(_, o)| o.outcome() == outcome).map(|(f, _)| label(f)).collect()
        };
        let failed = named(Outcome::Fail);
        let exceptions = match failed.is_empty() {
            true => w.word("workpapers.test.no-exception"),
            false => w.join(&self.first_of(&failed)),
        };
        let counts = Outcome::ALL.iter().map(|o| (named(*o).len(), *o)).filter(|(n, _)| *n > 0);
        let counts: Vec<String> = counts.map(|(n, o)| format!("{n} {}", mark(w, o).word)).collect();
        let expected = control.thresholds.fill(&criterion.expected);
        let reads = criterion.reads.iter().chain(&criterion.requests).cloned().collect::<Vec<_>>();
        let facts = [
            fact(w, "workpapers.test.objective", &criterion.safe_when),
            fact(w, "workpapers.test.procedure", criterion.rule_text(&control.thresholds)),
            fact(w, "workpapers.test.expected", expected),
            fact(w, "workpapers.test.inputs", w.join(&reads)),
            fact(w, "workpapers.test.population", say!(w, "workpapers.test.apps", n = seen.len())),
            fact(w, "workpapers.test.exceptions", exceptions),
            fact(w, "workpapers.test.conclusion", w.join(&counts)),
        ];
        TestView {
            number,
            anchor: match control.key == self.control.key {
                true => format!("test-{}", criterion.id),
                false => format!("test-{}-{}", control.key, criterion.id),
            },
            title: match control.key == self.control.key {
                true => criterion.title.clone(),
                false => say!(w, "workpapers.test.connected", title = &criterion.title),
            },
            facts: facts.into_iter().flatten().collect(),
            rows: seen.into_iter().map(|(f, o)| self.test_row(f, o)).collect(),
        }
    }

    fn test_row(&self, f: &Finding, o: &Observation) -> TestRow {
        let (ids, more) = first(&o.evidence, SHOWN);
        let more = more + o.further;
        TestRow {
            label: label(f),
            anchor: anchor(&f.id),
            outcome: mark(self.w, o.outcome()),
            because: self.w.say(&o.because),
            evidence: ids.iter().map(link).collect(),
            more: if more > 0 { say!(self.w, "report.more-evidence", n = more) } else { String::new() },
        }
    }
}
