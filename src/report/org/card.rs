//! One app's card: condition, cause, effect, execution user, network, recommendation.

use super::{Desk, anchor, fact, label, mark, say};
use crate::controls::client_credentials::Stated;
use crate::controls::client_credentials::{AddressBlock, PrivilegeState};
use crate::model::{Basis, Finding, Observation, Outcome, UsedObject, Ways, Weight};
use crate::report::text::{first, spread};
use crate::report::view::{ConditionView, EvidenceView, Fact, FindingView, PassView, RangeView};
use std::collections::BTreeSet;

/// The criterion whose evidence is the ways and rights under the execution user.
const PRIVILEGE: &str = "execution-user-least-privilege";

/// A number to show; nothing for none.
fn count(n: usize) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

impl Desk<'_> {
    pub(super) fn card(&self, number: usize, f: &Finding) -> FindingView {
        let w = self.w;
        let says = |list: &[crate::text::message::Message]| list.iter().map(|m| w.say(m)).collect::<Vec<_>>();
        let held = Ways::of(&f.rights.grants);
        let cited: BTreeSet<&str> = held.cited().collect();
        let (rows, more) = self.grants(&held);
        let mut notes = says(&f.notes);
        if let Some(day) = f.first_seen {
            notes.push(say!(w, "report.card.first-seen", day = day.to_string()));
        }
        FindingView {
            number,
            anchor: anchor(&f.id),
            id: f.id.clone(),
            label: label(f),
            api_name: f.subject.api_name.clone(),
            result: mark(f.result),
            rating: self.rating(f),
            because: w.say(&f.because),
            conditions: self.conditions(f, &cited, false),
            supporting: self.conditions(f, &cited, true),
            met: self.met(f),
            cause: f.cause.clone().unwrap_or_else(|| w.word("report.card.cause.unknown")),
            effect: says(&f.effect),
            user: self.user(f),
            ways: self.ways(&held),
            grants: rows,
            privilege_notes: self.privilege_notes(f, more),
            network: w.say(&f.network().because),
            ranges: self.ranges(f),
            scopes: self.scopes(f),
            score: self.score(f),
            higher: self.phrases(f, "higher"),
            lower: self.phrases(f, "low"),
            does_not_count: says(&f.does_not_count),
            notes,
            recommendation: self.recommendation(f),
            delta: f.delta.map(|d| self.delta(d, &f.moved)).unwrap_or_default(),
            decision: f.disposition.as_ref().map(|d| self.decision(d)),
            response: f.management_response.clone().unwrap_or_default(),
        }
    }

    /// Criteria that are not met or not known, worst first.
    fn conditions(&self, f: &Finding, cited: &BTreeSet<&str>, supporting: bool) -> Vec<ConditionView> {
        let of_weight = |o: &&Observation| (o.weight == Weight::Supporting) == supporting;
        let mut list: Vec<&Observation> =
            f.observations.iter().filter(|o| o.outcome().is_open()).filter(of_weight).collect();
        list.sort_by_key(|o| o.outcome());
        list.into_iter().map(|o| self.condition(o, cited)).collect()
    }

    fn condition(&self, o: &Observation, cited: &BTreeSet<&str>) -> ConditionView {
        // What the ways and the table of rights cite stands there, next to what it proves.
        let in_table = |id: &&String| o.criterion == PRIVILEGE && cited.contains(id.as_str());
        let (below, own): (Vec<&String>, Vec<&String>) = o.evidence.iter().partition(in_table);
        let (evidence, more) = self.shown(&own);
        let criterion = self.control.criteria.iter().find(|c| c.id == o.criterion);
        let (below, more) = match o.criterion == PRIVILEGE {
            true => (below.len() + o.further, more),
            false => (0, more + o.further),
        };
        let mut rest = Vec::new();
        rest.extend(self.left_out(more));
        if below > 0 {
            rest.push(say!(self.w, "report.evidence-in-table", n = below));
        }
        ConditionView {
            title: self.criterion(&o.criterion),
            outcome: mark(o.outcome()),
            because: self.w.say(&o.because),
            attested: o.source == crate::model::Source::Attested,
            evidence,
            more: rest.join("; "),
            expected: criterion.map(|c| self.control.thresholds.fill(&c.expected)).unwrap_or_default(),
        }
    }

    /// The evidence that is printed of a criterion, something of every file and record, and how much of it is left out.
    fn shown(&self, ids: &[&String]) -> (Vec<EvidenceView>, usize) {
        let place = |id: &str| self.evidence.get(id).map(|evidence| (evidence.item.path.as_str(), evidence.item.row));
        let (shown, more) = spread(ids, place);
        (shown.into_iter().filter_map(|id| self.evidence(id)).collect(), more)
    }

    /// The evidence of the basis on which an app passes, every setting of it, and how much of it is left out.
    fn basis_shown(&self, f: &Finding) -> (Vec<EvidenceView>, String) {
        let setting = |id: &str| self.evidence.get(id).map(|evidence| (&evidence.item.setting, evidence.item.row));
        let mut known = BTreeSet::new();
        let (mut views, mut left_out) = (Vec::new(), 0);
        for criterion in f.basis.map_or(&[][..], shows) {
            let seen = f.observations.iter().find(|o| o.criterion == *criterion);
            let ids = seen.into_iter().flat_map(|o| &o.evidence).filter(|id| known.insert(*id));
            let (shown, more) = spread(&ids.collect::<Vec<_>>(), setting);
            views.extend(shown.into_iter().filter_map(|id| self.evidence(id)));
            left_out += more + seen.map_or(0, |o| o.further);
        }
        (views, self.left_out(left_out).unwrap_or_default())
    }

    fn left_out(&self, more: usize) -> Option<String> {
        (more > 0).then(|| say!(self.w, "report.more-evidence", n = more))
    }

    fn met(&self, f: &Finding) -> String {
        let met: Vec<String> = f
            .observations
            .iter()
            .filter(|o| o.outcome() == Outcome::Pass)
            .map(|o| self.criterion(&o.criterion))
            .collect();
        if met.is_empty() { String::new() } else { say!(self.w, "report.card.met", criteria = met) }
    }

    fn user(&self, f: &Finding) -> Vec<Fact> {
        let (w, u) = (self.w, &f.execution_user());
        let facts = [
            fact(w, "report.user.name", &u.name),
            fact(w, "report.user.state", w.word(&format!("report.user-state.{}", u.state))),
            fact(w, "report.user.profile", &u.profile),
            fact(w, "report.user.license", &u.license),
            fact(w, "report.user.last-login", &u.last_login),
            fact(w, "report.user.shared", self.w.join(&self.first_of(&u.shared_with))),
            fact(w, "report.user.connected", self.w.join(&u.connected_apps)),
            fact(w, "report.user.browser", count(u.browser_logins)),
            fact(w, "report.user.power", self.power(f)),
            fact(w, "report.user.objects", self.objects(f)),
            fact(w, "report.user.used", self.used(f)),
        ];
        facts.into_iter().flatten().collect()
    }

    /// The first names of a list, and how many more there are.
    fn first_of(&self, names: &[String]) -> Vec<String> {
        let (mut list, more) = first(names, 10);
        if more > 0 {
            list.push(say!(self.w, "report.more", n = more));
        }
        list
    }

    /// `administers the org (broad), at least`
    pub(super) fn power(&self, f: &Finding) -> String {
        let word = self.w.word(&format!("report.privilege.{}", f.privilege().state));
        if f.privilege().at_least && f.privilege().state != PrivilegeState::Unknown {
            say!(self.w, "report.privilege.at-least", power = word)
        } else {
            word
        }
    }

    fn objects(&self, f: &Finding) -> String {
        let (shown, more) = first(&f.rights.objects, 10);
        let n = shown.len() + more;
        let text = match (shown.is_empty(), more) {
            (true, _) => return String::new(),
            (_, 0) => say!(self.w, "report.objects", n = n, objects = shown),
            _ => say!(self.w, "report.objects.more", n = n, objects = shown, more = more),
        };
        if f.privilege().at_least { say!(self.w, "report.privilege.at-least", power = text) } else { text }
    }

    /// Objects that event logs show to be used, with what was done.
    fn used(&self, f: &Finding) -> String {
        let one = |used: &UsedObject| format!("{} ({})", used.object, self.use_words(used));
        self.w.join(&self.first_of(&f.used_objects.iter().map(one).collect::<Vec<_>>()))
    }

    fn ranges(&self, f: &Finding) -> Vec<RangeView> {
        let note = |block| match block {
            AddressBlock::Public => String::new(),
            other => say!(self.w, "report.range.aside", block = self.w.word(&format!("block.{other}"))),
        };
        let view = |r: &crate::controls::client_credentials::NetworkRange| RangeView {
            first: r.first.clone(),
            last: r.last.clone(),
            size: r.size.clone(),
            note: note(r.block),
        };
        f.network().ranges.iter().map(view).collect()
    }

    fn scopes(&self, f: &Finding) -> String {
        match &f.scopes() {
            None => self.w.word("report.scopes.unknown"),
            Some(list) if list.is_empty() => self.w.word("report.scopes.none"),
            Some(list) => say!(self.w, "report.scopes", scopes = list.clone()),
        }
    }

    fn phrases(&self, f: &Finding, side: &str) -> Vec<String> {
        let of_side = |id: &&String| id.starts_with(side);
        let text = |id: &String| self.control.phrases.iter().find(|p| p.id == *id).map(|p| p.text.clone());
        f.phrases.iter().filter(of_side).filter_map(text).collect()
    }

    pub(super) fn delta(&self, delta: crate::model::Delta, moved: &[String]) -> String {
        let word = self.w.word(&format!("report.delta.{delta}"));
        let moved: Vec<String> = moved.iter().map(|m| self.criterion(m)).collect();
        if moved.is_empty() { word } else { say!(self.w, "report.delta.moved", delta = word, moved = moved) }
    }

    pub(super) fn in_order(&self, number: usize, f: &Finding) -> PassView {
        let w = self.w;
        let (evidence, more) = self.basis_shown(f);
        let mut notes: Vec<String> = f.notes.iter().map(|m| w.say(m)).collect();
        let loose = f.observations.iter().filter(|o| o.outcome() == Outcome::Fail);
        notes.extend(loose.map(|o| format!("{}: {}", self.criterion(&o.criterion), w.say(&o.because))));
        PassView {
            number,
            anchor: anchor(&f.id),
            id: f.id.clone(),
            label: label(f),
            api_name: f.subject.api_name.clone(),
            result: mark(f.result),
            basis: f.basis.map(|b| w.word(&format!("report.basis.{b}"))).unwrap_or_default(),
            because: w.say(&f.because),
            evidence,
            more,
            notes,
        }
    }
}

/// The criteria whose evidence shows that an app passes on a basis, the weightiest first.
fn shows(basis: Basis) -> &'static [&'static str] {
    match basis {
        Basis::FlowOff | Basis::Dormant => &["flow-disabled"],
        Basis::ReplacedByJwt => &["certificate-alternative", "flow-disabled"],
        Basis::Hardened => &["network-restricted", PRIVILEGE, "secret-not-exposed"],
    }
}
