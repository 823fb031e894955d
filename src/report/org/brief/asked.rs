//! What is asked, by who answers; and what is in order, with the evidence of exactly its basis.

use super::super::{Desk, anchor, label, mark, say};
use crate::model::{Finding, Outcome, ProblemRow};
use crate::view::words::first;
use crate::view::{AskedView, QuestionView, SettledView};

/// Most apps that a question names.
const APPS: usize = 4;
/// Most ids that a row cites.
const CITED: usize = 4;
/// Most apps in order that the report lists.
const SETTLED: usize = 60;
/// Most problems that it lists.
const PROBLEMS: usize = 10;

impl Desk<'_> {
    /// What people have to answer.
    pub(in super::super) fn asked(&self, questions: &[QuestionView]) -> Vec<AskedView> {
        let asked = (1..).zip(questions.iter().filter(|question| question.person));
        let views = asked.map(|(number, question)| {
            let names: Vec<String> = question.apps.iter().map(|app| app.label.clone()).collect();
            let (mut shown, more) = first(&names, if names.len() == APPS + 1 { APPS + 1 } else { APPS });
            shown.extend(self.more(more));
            AskedView { number, text: question.text.clone(), apps: self.w.join(&shown) }
        });
        views.collect()
    }

    /// Apps in order and apps left out, and how many more there are.
    pub(in super::super) fn in_short_order(&self) -> (Vec<SettledView>, String) {
        let all: Vec<&Finding> = self.order.iter().filter(|f| !f.result.is_open()).copied().collect();
        let (shown, more) = first(&all, SETTLED);
        let rows = shown.into_iter().map(|f| self.settled_row(f)).collect();
        (rows, if more > 0 { say!(self.w, "report.in-order.more", n = more) } else { String::new() })
    }

    fn settled_row(&self, f: &Finding) -> SettledView {
        let w = self.w;
        let basis = f.basis.as_deref().and_then(|id| self.control.judging(f).bases.iter().find(|basis| basis.id == id));
        let shows: Vec<_> = basis
            .iter()
            .flat_map(|basis| &basis.shows)
            .filter_map(|id| f.observations.iter().find(|o| o.criterion == *id))
            .collect();
        let because: Vec<String> = match shows.is_empty() || f.result != Outcome::Pass {
            true => vec![w.say(&f.because)],
            false => shows.iter().map(|o| w.say(&o.because)).chain(self.said(&f.notes)).collect(),
        };
        let cited: Vec<String> = shows.iter().flat_map(|o| o.evidence.iter().rev().take(2)).cloned().collect();
        SettledView {
            anchor: anchor(&f.id),
            label: label(f),
            id: f.id.clone(),
            rating: self.rating_line(f),
            result: mark(w, f.result),
            basis: f.basis.as_ref().map(|b| w.word(&format!("report.basis.{b}"))).unwrap_or_default(),
            because: because.join(" "),
            cited: first(&cited, CITED).0.join(", "),
        }
    }

    /// What could not be read, in short.
    pub(in super::super) fn unread(&self) -> Vec<String> {
        let (shown, _) = first(&self.a.problems, PROBLEMS);
        let said = shown.iter().map(|ProblemRow { place, message, hint, .. }| format!("{place}: {message}. {hint}"));
        let mut said: Vec<String> = said.collect();
        let more: usize = self.a.problems.iter().skip(PROBLEMS).map(|problem| 1 + problem.more).sum();
        said.extend((more > 0).then(|| say!(self.w, "report.problems.more", n = more)));
        said
    }
}
