//! Short cards: what is wrong, what a thief could do, what to do; and rows for what has no card.

use super::super::plan::link;
use super::super::{Desk, anchor, fact, label, mark, say};
use crate::controls;
use crate::model::{Finding, Observation, Outcome, Weight, Word};
use crate::text::message::{Arg, Message};
use crate::view::words::column;
use crate::view::{AdverseView, CardAppView, CardView, EvidenceView, Fact, FurtherView, KitAppView};
use std::collections::BTreeSet;

/// Longest part of a file's name that is taken from an app.
const LONGEST_NAME: usize = 60;
/// Most scenarios of a card.
const SCENARIOS: usize = 2;
/// Most steps of a card.
const STEPS: usize = 6;
/// Most places that prove one thing.
const PLACES: usize = 1;
/// Most names in a list inside a sentence.
const NAMES: usize = 3;
/// Most apps that a row names.
const APPS: usize = 40;

impl Desk<'_> {
    /// The cards, worst first, and the causes that have none.
    pub(in super::super) fn cards(&self) -> (Vec<CardView>, Vec<FurtherView>) {
        let groups = self.causes();
        let cards = groups.iter().take(self.cards).map(|group| self.card_of(group));
        (cards.collect(), groups.iter().skip(self.cards).flat_map(|group| self.further(group)).collect())
    }

    pub(in super::super) fn card_of(&self, group: &[(usize, &Finding)]) -> CardView {
        let Some((number, f)) = group.first() else { return CardView::default() };
        let w = self.w;
        let several = group.len() > 1;
        let own = controls::of(f).map(|control| control.card(self, f, 0)).unwrap_or_default();
        let way = own.recommendation.unwrap_or_default();
        let (api_name, id) = if several { Default::default() } else { (f.subject.api_name.clone(), f.id.clone()) };
        CardView {
            anchor: if several { format!("cause-{number}") } else { anchor(&f.id) },
            numbers: numbers(self, group),
            label: if several { say!(w, "report.card.apps", n = group.len()) } else { label(f) },
            api_name,
            id,
            result: mark(w, f.result),
            rating: if several { self.band(f) } else { self.rating_line(f) },
            heading: w.word(if f.result == Outcome::Fail { "report.card.wrong" } else { "report.card.unsettled" }),
            wrong: self.wrong(group),
            also: self.also(group),
            effect: self.effect(f),
            scenarios: if several { Vec::new() } else { self.scenarios(f) },
            way: way.title,
            effort: way.effort,
            why: if several { w.word("report.card.each") } else { own.reason },
            steps: self.steps(group),
            runbook: self.runbook(group),
            facts: if several { Vec::new() } else { own.brief.into_iter().chain(self.stated(f)).collect() },
            apps: if several {
                group.iter().map(|(number, f)| self.card_app(*number, f)).collect()
            } else {
                Vec::new()
            },
            delta: f.delta.map(|d| self.delta(d, &f.moved)).unwrap_or_default(),
            decision: f.disposition.as_ref().map(|d| self.decision(d)),
        }
    }

    /// What people state of a finding.
    fn stated(&self, f: &Finding) -> Vec<Fact> {
        let all = [
            ("report.card.impact", &f.business_impact),
            ("report.card.cause-is", &f.cause),
            ("report.card.comment", &f.comment),
            ("report.card.response-is", &f.management_response),
        ];
        all.into_iter().filter_map(|(key, said)| fact(self.w, key, said.as_deref().unwrap_or_default())).collect()
    }

    fn card_app(&self, number: usize, f: &Finding) -> CardAppView {
        CardAppView {
            number,
            anchor: anchor(&f.id),
            label: label(f),
            api_name: f.subject.api_name.clone(),
            id: f.id.clone(),
            rating: self.rating_line(f),
        }
    }

    /// What makes the result: what is not met, or, as long as nothing is, what nobody can tell yet.
    fn wrong(&self, group: &[(usize, &Finding)]) -> Vec<AdverseView> {
        let Some((_, f)) = group.first() else { return Vec::new() };
        let weighing = f.observations.iter().filter(|o| o.weight != Weight::Supporting);
        let shown = weighing.filter(|o| match f.result {
            Outcome::Fail => o.outcome() == Outcome::Fail,
            _ => o.outcome().is_open(),
        });
        let mut shown: Vec<&Observation> = shown.collect();
        shown.sort_by_key(|o| o.outcome());
        shown.into_iter().map(|o| self.adverse(group, f, o)).collect()
    }

    fn adverse(&self, group: &[(usize, &Finding)], f: &Finding, o: &Observation) -> AdverseView {
        let w = self.w;
        let same = group.iter().all(|(_, other)| seen(other, &o.criterion).is_some_and(|one| one.because == o.because));
        let said = self.w.say(&o.because);
        let (evidence, more) = self.proof(f, o);
        AdverseView {
            label: column(w, &o.criterion).to_owned(),
            outcome: mark(w, o.outcome()),
            because: if same { said } else { say!(w, "report.card.example", app = label(f), because = said) },
            evidence,
            more: if more > 0 { say!(w, "report.card.more-evidence", n = more) } else { String::new() },
        }
    }

    /// Where the kit has the steps in full.
    fn runbook(&self, group: &[(usize, &Finding)]) -> String {
        let all = group.iter().filter(|(_, f)| !f.actions.is_empty()).map(|(number, f)| self.runbook_of(*number, f));
        let files: Vec<String> = all.map(|file| format!("remediation/{file}")).collect();
        if files.len() > 1 {
            return if self.a.redaction.is_some() { String::new() } else { self.w.word("report.card.runbooks") };
        }
        if files.is_empty() || self.a.redaction.is_some() {
            String::new()
        } else {
            say!(self.w, "report.card.runbook", file = self.some(&files))
        }
    }

    /// File of the runbook of an app, below the kit; of a length that file systems take.
    fn runbook_of(&self, number: usize, f: &Finding) -> String {
        let digits = self.order.len().to_string().len().max(2);
        let name = f.subject.api_name.chars().take(LONGEST_NAME).collect::<String>().to_lowercase();
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        format!("{number:0digits$}-{}.md", name.trim_matches('-'))
    }

    /// An app of the kit; none where nothing is to do.
    pub(in super::super) fn kit_app(&self, number: usize, f: &Finding) -> Option<KitAppView> {
        let parts = controls::of(f)?.kit(self, f)?;
        let runbook = self.runbook_of(number, f);
        Some(KitAppView {
            number: runbook.split('-').next().unwrap_or_default().to_owned(),
            runbook,
            label: label(f),
            api_name: f.subject.api_name.clone(),
            id: f.id.clone(),
            result: mark(self.w, f.result),
            rating: self.rating_line(f),
            parts,
        })
    }

    /// The places that prove it best: of rights the gravest ones, of everything else what was looked at last.
    fn proof(&self, f: &Finding, o: &Observation) -> (Vec<EvidenceView>, usize) {
        let in_rights = self.control.judging(f).criterion(&o.criterion).is_some_and(|c| c.in_rights);
        let granted = f.rights.grants.iter().filter_map(|grant| Some(&grant.paths.first()?.first()?.evidence));
        let granted: Vec<&String> = granted.filter(|id| in_rights && !id.is_empty()).take(PLACES).collect();
        let chosen: Vec<&String> = match granted.is_empty() {
            true => o.evidence.iter().rev().take(PLACES).collect(),
            false => granted,
        };
        let more = o.evidence.len().saturating_sub(chosen.len()) + o.further;
        (chosen.into_iter().filter_map(|id| self.evidence(id)).collect(), more)
    }

    /// The criteria that the card does not detail and that all of its findings have in common, by outcome and name. That
    /// the flow is on is no news.
    fn also(&self, group: &[(usize, &Finding)]) -> String {
        let Some((_, f)) = group.first() else { return String::new() };
        let detailed: Vec<String> = self.wrong(group).into_iter().map(|one| one.label).collect();
        let named = |wanted: &[Outcome]| -> Vec<String> {
            let others = f.observations.iter().filter(|o| o.weight != Weight::Gate && wanted.contains(&o.outcome()));
            let shared = others.filter(|o| {
                group.iter().all(|(_, f)| seen(f, &o.criterion).is_some_and(|one| wanted.contains(&one.outcome())))
            });
            let names = shared.map(|o| column(self.w, &o.criterion).to_owned());
            names.filter(|name| !detailed.contains(name)).collect()
        };
        let failed = named(&[Outcome::Fail]);
        // Where nothing fails, what is open stands above and among the results, and is asked under the questions.
        let open = match f.result {
            Outcome::Fail => named(&[Outcome::NotEvaluable, Outcome::Review]),
            _ => Vec::new(),
        };
        let said = [("report.card.also", failed), ("report.card.open", open)].into_iter();
        let said = said.filter(|(_, names)| !names.is_empty()).map(|(key, names)| say!(self.w, key, criteria = names));
        said.collect::<Vec<_>>().join(" ")
    }

    fn scenarios(&self, f: &Finding) -> Vec<String> {
        f.effect.iter().take(SCENARIOS).map(|one| self.in_short(one)).collect()
    }

    /// What stands above them: how many there are, when the card does not have all.
    fn effect(&self, f: &Finding) -> String {
        match f.effect.len() {
            0..=SCENARIOS => self.w.word("report.card.effect"),
            n => say!(self.w, "report.card.effects", shown = SCENARIOS, n = n),
        }
    }

    fn steps(&self, group: &[(usize, &Finding)]) -> Vec<String> {
        let Some((_, f)) = group.first() else { return Vec::new() };
        let actions = self.a.actions_of(f);
        let words = actions.iter().map(|(number, action)| {
            let numbers = self.of_kind(group, &action.kind);
            if group.len() == 1 || numbers.len() == 1 {
                let labels: Vec<String> = group.iter().map(|(_, f)| label(f)).collect();
                let what = match group.len() {
                    1 => action.for_app(&label(f)),
                    n => action.what.clone().with("apps", Arg::some(labels, NAMES)).with("n", n),
                };
                return say!(self.w, "report.card.step", what = self.w.say(&what), number = *number);
            }
            let kind = self.w.word(&format!("action-kind.{}", action.kind));
            say!(self.w, "report.card.steps", what = kind, numbers = self.some(&numbers))
        });
        let mut steps: Vec<String> = words.take(STEPS).collect();
        let more = actions.len().saturating_sub(STEPS);
        steps.extend((more > 0).then(|| say!(self.w, "report.card.more-steps", n = more)));
        steps
    }

    /// Numbers of the actions of a kind that findings call for.
    fn of_kind(&self, group: &[(usize, &Finding)], kind: &Word) -> Vec<String> {
        let all = group.iter().flat_map(|(_, f)| self.a.actions_of(f));
        let numbers: BTreeSet<usize> = all.filter(|(_, one)| one.kind == *kind).map(|(number, _)| number).collect();
        numbers.iter().map(ToString::to_string).collect()
    }

    /// A sentence whose lists are cut, and in which the execution user goes by the first part of its name.
    fn in_short(&self, message: &Message) -> String {
        let mut short = message.clone();
        for name in ["permissions", "objects", "rights", "ranges", "apps"] {
            if let Some(Arg::List(list)) = message.args.get(name)
                && list.len() > NAMES + 1
            {
                short.args.insert(name, Arg::some(list.clone(), NAMES));
            }
        }
        if let Some(Arg::Text(user)) = message.args.get("user") {
            // The facts of the card have the whole name.
            let local = user.split_once('@').map_or(user.as_str(), |(local, _)| local);
            short.args.insert("user", Arg::Text(local.to_owned()));
        }
        self.w.say(&short)
    }

    /// `critical · CVSS 3.1 9.8 · CVSS 4.0 9.3`
    pub(super) fn rating_line(&self, f: &Finding) -> String {
        let Some(score) = &f.score else { return String::new() };
        let (w, interval) = (self.w, &score.interval31);
        let (v31, v40) = (score.residual31.1.to_string(), score.residual40.1.to_string());
        let severity = self.severity(score.severity);
        let key = match (score.if_on, interval.low == interval.high) {
            (true, true) => "report.card.rating-if-on-settled",
            (true, _) => "report.card.rating-if-on",
            (_, true) => "report.card.rating",
            (_, false) => "report.card.rating-open",
        };
        let (low, high) = (interval.low.to_string(), interval.high.to_string());
        say!(w, key, severity = severity, v31 = v31, v40 = v40, low = low, high = high)
    }

    fn band(&self, f: &Finding) -> String {
        f.score.as_ref().map(|score| self.severity(score.severity)).unwrap_or_default()
    }

    /// Rows for findings without a card; a cause with very many apps takes several.
    fn further(&self, group: &[(usize, &Finding)]) -> Vec<FurtherView> {
        let rows = group.chunks(APPS).filter_map(|part| {
            let (_, f) = part.first()?;
            let wrong = self.wrong(part);
            let actions = self.a.actions_of(f).into_iter().map(|(number, _)| number.to_string());
            Some(FurtherView {
                numbers: numbers(self, part),
                apps: part.iter().map(|(_, f)| link(f)).collect(),
                cause: wrong
                    .iter()
                    .map(|one| format!("{}: {}", one.label, one.outcome.word))
                    .collect::<Vec<_>>()
                    .join("; "),
                rating: self.band(f),
                actions: actions.collect::<Vec<_>>().join(", "),
            })
        });
        rows.collect()
    }
}

fn seen<'f>(f: &'f Finding, criterion: &str) -> Option<&'f Observation> {
    f.observations.iter().find(|o| o.criterion == criterion)
}

/// `3`, `3 to 14`, or `3, 5 and 9`.
fn numbers(desk: &Desk<'_>, group: &[(usize, &Finding)]) -> String {
    let (Some((first, _)), Some((last, _))) = (group.first(), group.last()) else { return String::new() };
    match (group.len(), last - first + 1) {
        (1, _) => first.to_string(),
        (n, span) if n == span && n > 2 => say!(desk.w, "report.card.numbers", first = *first, last = *last),
        (n, _) if n <= 8 => desk.w.join(&group.iter().map(|(number, _)| number.to_string()).collect::<Vec<_>>()),
        _ => say!(desk.w, "report.card.numbers-some", first = *first, last = *last),
    }
}
