//! One app's card: condition, cause, effect, execution user, network, recommendation.

use super::{Desk, anchor, label, mark, say};
use crate::controls;
use crate::model::{Finding, Observation, Outcome, Ways, Weight};
use crate::view::words::spread;
use crate::view::{ConditionView, EvidenceView, FindingView, PassView};
use std::collections::BTreeSet;

impl Desk<'_> {
    pub(super) fn card(&self, number: usize, f: &Finding) -> FindingView {
        let w = self.w;
        let held = Ways::of(&f.rights.grants);
        let cited: BTreeSet<&str> = held.cited().collect();
        let (rows, more) = self.grants(&held);
        let own = controls::of(f).map(|control| control.card(self, f, more)).unwrap_or_default();
        let mut notes = self.said(&f.notes);
        notes.extend(f.first_seen.map(|day| say!(w, "report.card.first-seen", day = day.to_string())));
        FindingView {
            number,
            anchor: anchor(&f.id),
            id: f.id.clone(),
            label: label(f),
            api_name: f.subject.api_name.clone(),
            result: mark(w, f.result),
            rating: self.rating(f),
            because: w.say(&f.because),
            conditions: self.conditions(f, &cited, false),
            supporting: self.conditions(f, &cited, true),
            met: self.met(f),
            cause: f.cause.clone().unwrap_or_else(|| w.word("report.card.cause.unknown")),
            effect: self.said(&f.effect),
            user: own.user,
            ways: self.ways(&held),
            grants: rows,
            privilege_notes: own.privilege_notes,
            network: own.network,
            ranges: own.ranges,
            scopes: own.scopes,
            score: self.score(f),
            higher: self.phrases(f, "higher"),
            lower: self.phrases(f, "low"),
            does_not_count: self.said(&f.does_not_count),
            notes,
            recommendation: own.recommendation,
            delta: f.delta.map(|d| self.delta(d, &f.moved)).unwrap_or_default(),
            decision: f.disposition.as_ref().map(|d| self.decision(d)),
            response: f.management_response.clone().unwrap_or_default(),
            impact: f.business_impact.clone().unwrap_or_default(),
            comment: f.comment.clone().unwrap_or_default(),
        }
    }

    /// Criteria that are not met or not known, worst first.
    fn conditions(&self, f: &Finding, cited: &BTreeSet<&str>, supporting: bool) -> Vec<ConditionView> {
        let mut list: Vec<&Observation> = f.observations.iter().filter(|o| o.outcome().is_open()).collect();
        list.retain(|o| (o.weight == Weight::Supporting) == supporting);
        list.sort_by_key(|o| o.outcome());
        list.into_iter().map(|o| self.condition(f, o, cited)).collect()
    }

    fn condition(&self, f: &Finding, o: &Observation, cited: &BTreeSet<&str>) -> ConditionView {
        // What the ways and the table of rights cite stands there, next to what it proves.
        let criterion = self.control.judging(f).criterion(&o.criterion);
        let rights = criterion.is_some_and(|c| c.in_rights);
        let (below, own): (Vec<_>, Vec<_>) = o.evidence.iter().partition(|id| rights && cited.contains(id.as_str()));
        let (evidence, more) = self.shown(&own);
        let (below, more) = if rights { (below.len() + o.further, more) } else { (0, more + o.further) };
        let mut rest: Vec<String> = self.left_out(more).into_iter().collect();
        rest.extend((below > 0).then(|| say!(self.w, "report.evidence-in-table", n = below)));
        ConditionView {
            title: criterion.map_or_else(|| o.criterion.to_string(), |criterion| criterion.title.clone()),
            outcome: mark(self.w, o.outcome()),
            because: self.w.say(&o.because),
            attested: o.source == crate::model::Source::Attested,
            evidence,
            more: rest.join("; "),
            expected: criterion.map(|c| self.control.thresholds.fill(&c.expected)).unwrap_or_default(),
        }
    }

    /// The evidence that is printed of a criterion, something of every file and record, and how much of it is left out.
    fn shown(&self, ids: &[&String]) -> (Vec<EvidenceView>, usize) {
        let (shown, more) = spread(ids, |id| self.evidence.get(id).map(|e| (&*e.item.path, e.item.row)));
        (shown.into_iter().filter_map(|id| self.evidence(id)).collect(), more)
    }

    /// The evidence of the basis on which an app passes, every setting of it, and how much of it is left out.
    fn basis_shown(&self, f: &Finding) -> (Vec<EvidenceView>, String) {
        let mut known = BTreeSet::new();
        let (mut views, mut left_out) = (Vec::new(), 0);
        let basis = f.basis.as_deref().and_then(|id| self.control.judging(f).bases.iter().find(|basis| basis.id == id));
        for criterion in basis.map_or(&[][..], |basis| &basis.shows) {
            let seen = f.observations.iter().find(|o| o.criterion == *criterion);
            let ids: Vec<_> = seen.into_iter().flat_map(|o| &o.evidence).filter(|id| known.insert(*id)).collect();
            let (shown, more) = spread(&ids, |id| self.evidence.get(id).map(|e| (&e.item.setting, e.item.row)));
            views.extend(shown.into_iter().filter_map(|id| self.evidence(id)));
            left_out += more + seen.map_or(0, |o| o.further);
        }
        (views, self.left_out(left_out).unwrap_or_default())
    }

    fn left_out(&self, more: usize) -> Option<String> {
        (more > 0).then(|| say!(self.w, "report.more-evidence", n = more))
    }

    fn met(&self, f: &Finding) -> String {
        let met = f.observations.iter().filter(|o| o.outcome() == Outcome::Pass);
        let met: Vec<String> = met.map(|o| self.criterion(&o.criterion)).collect();
        if met.is_empty() { String::new() } else { say!(self.w, "report.card.met", criteria = met) }
    }

    fn phrases(&self, f: &Finding, side: &str) -> Vec<String> {
        let ids = f.phrases.iter().filter(|id| id.starts_with(side));
        ids.filter_map(|id| Some(self.control.judging(f).phrase(id)?.text.clone())).collect()
    }

    pub(super) fn delta(&self, delta: crate::model::Delta, moved: &[String]) -> String {
        let word = self.w.word(&format!("report.delta.{delta}"));
        let moved: Vec<String> = moved.iter().map(|m| self.criterion(m)).collect();
        if moved.is_empty() { word } else { say!(self.w, "report.delta.moved", delta = word, moved = moved) }
    }

    pub(super) fn in_order(&self, number: usize, f: &Finding) -> PassView {
        let w = self.w;
        let (evidence, more) = self.basis_shown(f);
        let mut notes = self.said(&f.notes);
        let loose = f.observations.iter().filter(|o| o.outcome() == Outcome::Fail);
        notes.extend(loose.map(|o| format!("{}: {}", self.criterion(&o.criterion), w.say(&o.because))));
        PassView {
            number,
            anchor: anchor(&f.id),
            id: f.id.clone(),
            label: label(f),
            api_name: f.subject.api_name.clone(),
            result: mark(w, f.result),
            basis: f.basis.as_ref().map(|b| w.word(&format!("report.basis.{b}"))).unwrap_or_default(),
            because: w.say(&f.because),
            evidence,
            more,
            notes,
        }
    }
}
