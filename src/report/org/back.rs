//! Questions, decisions, change, limitations, conclusion, definitions, standards.

use super::plan::link;
use super::{Desk, label, say};
use crate::controls;
use crate::model::{
    Assessment, Baseline, Conclusion, ControlPart, Delta, Disposition, DispositionState, Missing, Outcome, Question,
    Settles,
};
use crate::text::wording::Wording;
use crate::view::claims::LOOKED_AT;
use crate::view::words::{general_limits, or_dash, redaction_limit, result_word};
use crate::view::{
    AttestationView, ChangeRow, Changes, DecisionView, Definitions, Fact, LinkView, QuestionView, StandardView,
};
use std::collections::{BTreeMap, BTreeSet};

/// Groups of words that appendix C explains before and after those of the control, each with the words in their order.
const DEFINITIONS: &[(&str, &[&str])] = &[
    ("severity", &["none", "low", "medium", "high", "critical"]),
    ("confidence", &["high", "medium", "low"]),
    ("coverage", &["complete", "truncated", "absent", "not_proven"]),
];

impl Desk<'_> {
    /// Open questions; the same question about several apps and criteria is asked once.
    pub(super) fn questions(&self) -> Vec<QuestionView> {
        let mut asked: Vec<(Settles, String, Vec<&Question>, Vec<LinkView>)> = Vec::new();
        let mut seen: BTreeMap<(Settles, String), usize> = BTreeMap::new();
        for f in &self.order {
            for question in &f.questions {
                let text = self.w.say(&question.text);
                let link = link(f);
                let at = *seen.entry((question.settles, text.clone())).or_insert(asked.len());
                let Some((.., questions, apps)) = asked.get_mut(at) else {
                    asked.push((question.settles, text, vec![question], vec![link]));
                    continue;
                };
                questions.push(question);
                if apps.last().is_none_or(|last| last.anchor != link.anchor) {
                    apps.push(link);
                }
            }
        }
        asked.sort_by_key(|(settles, ..)| *settles);
        let views = (1..).zip(asked).map(|(number, (settles, text, questions, apps))| QuestionView {
            number,
            text,
            apps,
            criterion: self.settled(questions.iter().copied()),
            person: settles == Settles::Person,
            settles: self.settles(&questions),
        });
        views.collect()
    }

    /// What settles a question: a person, or what its apps lack.
    fn settles(&self, questions: &[&Question]) -> String {
        if questions.iter().any(|question| question.settles == Settles::Person) {
            return self.w.word("report.settles.person");
        }
        let named = Missing::phrases(questions.iter().flat_map(|question| &question.missing));
        let mut exports = self.said(&named);
        let wanted: BTreeSet<&str> = questions.iter().flat_map(|question| &question.requests).map(|id| &**id).collect();
        for request in self.control.requests.iter().filter(|request| wanted.contains(request.id.as_str())) {
            match request.soql.is_empty() {
                // What the files lack is named; a query is another way to it.
                true if !named.is_empty() => {}
                true => exports.push(self.w.word("report.metadata")),
                false => exports.push(request.object.clone()),
            }
        }
        if exports.is_empty() {
            return self.w.word("report.settles.no-export");
        }
        say!(self.w, "report.settles.export", exports = exports)
    }

    /// Decisions: expired first, then incomplete, of unknown apps, unused, valid; each by its last day.
    pub(super) fn decisions(&self) -> Vec<DecisionView> {
        let mut all: Vec<&Disposition> = self.order.iter().filter_map(|f| f.disposition.as_ref()).collect();
        all.extend(self.a.attestations.iter().filter_map(|a| a.disposition.as_ref()));
        all.sort_by_key(|d| (rank(d.state), d.expires, d.app.clone()));
        all.into_iter().map(|d| self.decision(d)).collect()
    }

    pub(super) fn decision(&self, d: &Disposition) -> DecisionView {
        let w = self.w;
        let left = d.expires.and_then(|end| self.a.as_of.until(end).ok()).map(|span| span.get_days());
        let left = match left {
            Some(days) if days < 0 => say!(w, "report.days.past", n = days.unsigned_abs()),
            Some(days) => say!(w, "report.days.left", n = days.unsigned_abs()),
            None => String::new(),
        };
        DecisionView {
            app: d.app.clone(),
            kind: w.word(&format!("report.disposition.{}", d.kind)),
            state: w.word(&format!("report.disposition-state.{}", d.state)),
            valid: d.state == DispositionState::Valid,
            rationale: d.rationale.clone(),
            approver: d.approver.clone(),
            on: or_dash(d.on.map(|day| day.to_string())),
            expires: or_dash(d.expires.map(|day| day.to_string())),
            left,
        }
    }

    pub(super) fn attestations(&self) -> Vec<AttestationView> {
        let stated = self.a.attestations.iter().filter(|a| a.disposition.is_none());
        let views = stated.map(|a| AttestationView {
            app: a.app.clone(),
            criterion: self.criterion(&a.criterion),
            state: self.w.word(&format!("report.attestation.{}", a.state)),
            statement: self.w.say(&a.statement),
            line: a.line,
        });
        views.collect()
    }

    pub(super) fn change_sentence(&self) -> String {
        let Some(baseline) = &self.a.baseline else { return String::new() };
        let summary = change_counted(self.a, baseline, self.w);
        let (Some(from), Some(to)) = (baseline.snapshot_at, self.a.org.snapshot_at) else { return summary };
        let days = from.until((jiff::Unit::Day, to)).map(|span| span.get_days()).unwrap_or_default();
        let (from, to, days) = (from.to_string(), to.to_string(), days.unsigned_abs());
        format!("{summary} {}", say!(self.w, "report.change.span", from = from, to = to, days = days))
    }

    pub(super) fn changes(&self) -> Changes {
        let Some(baseline) = self.a.baseline.as_ref() else {
            return Changes { sentence: self.w.word("report.changes.none"), rows: Vec::new() };
        };
        let moved = self.order.iter().filter(|f| f.delta.is_some_and(|d| d != Delta::Unchanged));
        let moved = moved.map(|f| ChangeRow {
            label: label(f),
            delta: f.delta.map(|d| self.w.word(&format!("report.delta.{d}"))).unwrap_or_default(),
            moved: self.criteria(&f.moved),
            result: result_word(self.w, f.result),
        });
        let gone = self.w.word("report.delta.gone");
        let gone = baseline.gone.values().map(|app| (app.clone(), gone.clone()));
        let gone = gone.map(|(label, delta)| ChangeRow { label, delta, ..ChangeRow::default() });
        Changes { sentence: self.change_sentence(), rows: moved.chain(gone).collect() }
    }

    pub(super) fn limitations(&self) -> Vec<String> {
        let w = self.w;
        let mut out = general_limits(w);
        if self.a.org.snapshot_at.is_none() {
            out.push(w.word("report.limitation.undated"));
        }
        out.extend(redaction_limit(w, self.a.redaction));
        out.extend(self.said(&self.a.limitations));
        let excluded = self.named(Outcome::NotTested);
        if !excluded.is_empty() {
            out.push(say!(w, "report.limitation.excluded", apps = excluded));
        }
        out
    }

    pub(super) fn conclusion(&self) -> Vec<String> {
        let (w, counts) = (self.w, self.a.counts);
        let key = match (self.a.result, counts.total()) {
            (Outcome::NotApplicable, 0) => "report.close.no-apps",
            (_, 0) => "report.close.nothing",
            (Outcome::Fail, _) => "report.close.fail",
            (Outcome::NotEvaluable, _) => "report.close.not-evaluable",
            (Outcome::Review, _) => "report.close.review",
            _ => "report.close.pass",
        };
        let claims = controls::claims(self.order.iter().copied());
        let (total, open, asked) = (claims.of(LOOKED_AT), counts.not_evaluable, counts.review);
        let key = if counts.total() == 0 { key.to_owned() } else { self.of_all(key) };
        let said = say!(w, key, fail = counts.fail, total = total, open = open, asked = asked, pass = counts.pass);
        let mut out = vec![said];
        out.extend(controls::deep().filter_map(|control| control.left_out(w, &claims)));
        let whole = |part: &ControlPart| part.population.conclusion == Conclusion::Complete || part.counts.total() == 0;
        if self.a.population.conclusion != Conclusion::Complete || !self.a.controls.iter().all(whole) {
            out.push(w.word("report.close.population"));
        }
        out
    }

    pub(super) fn signatures(&self) -> Vec<Fact> {
        let d = &self.a.document;
        let signed = [("prepared", &d.prepared_by), ("reviewed", &d.reviewer), ("approved", &d.approver)];
        signed.map(|(key, name)| Fact { name: self.w.word(&format!("report.sign.{key}")), value: name.clone() }).into()
    }

    pub(super) fn definitions(&self) -> Vec<Definitions> {
        let results = Outcome::ALL.iter().map(|one| one.word()).collect();
        let bases = self.control.bases.iter().map(|basis| basis.id.as_str()).collect();
        let facts = self.control.facts.iter().filter(|fact| fact.defined);
        let facts = facts.map(|fact| (fact.name.as_str(), fact.words.iter().map(String::as_str).collect()));
        let general = DEFINITIONS.iter().map(|(group, words)| (*group, words.to_vec()));
        let groups = [("result", results), ("basis", bases)].into_iter().chain(facts).chain(general);
        groups.map(|(group, words): (&str, Vec<&str>)| self.defined(group, &words)).collect()
    }

    fn defined(&self, group: &str, words: &[&str]) -> Definitions {
        let title = format!("report.define.{group}");
        let rows = words.iter().map(|word| (*word, self.w.word(&format!("report.define.{group}.{word}"))));
        let rows = rows.map(|(word, value)| Fact { name: word.to_owned(), value }).collect();
        Definitions { title: self.w.word(&title), rows }
    }

    pub(super) fn standards(&self) -> Vec<StandardView> {
        let mut known = BTreeSet::new();
        let all = self.judging().flat_map(|control| &control.standards);
        let all = all.filter(|one| known.insert((one.framework.as_str(), one.id.as_str())));
        let views = all.map(|s| StandardView {
            framework: s.framework.clone(),
            id: s.id.clone(),
            title: s.title.clone(),
            relation: s.relation.clone(),
            criteria: self.criteria(&s.criteria),
            source: s.source.clone(),
        });
        views.collect()
    }
}

/// How many findings changed how since the baseline.
pub(in crate::report) fn change_counted(a: &Assessment, baseline: &Baseline, w: &Wording) -> String {
    let mut parts = Vec::new();
    for delta in Delta::ALL {
        let seen = a.findings.iter().filter(|f| f.delta == Some(*delta)).count();
        let n = if *delta == Delta::Gone { baseline.gone.len() } else { seen };
        parts.extend((n > 0).then(|| format!("{n} {}", w.word(&format!("report.delta.{delta}")))));
    }
    say!(w, "report.change.summary", day = baseline.as_of.to_string(), parts = parts)
}

const fn rank(state: DispositionState) -> u8 {
    match state {
        DispositionState::Expired => 0,
        DispositionState::Incomplete => 1,
        DispositionState::UnknownApp => 2,
        DispositionState::Unused => 3,
        DispositionState::Valid => 4,
    }
}
