//! One app's card: condition, cause, effect, execution user, network, recommendation.

use super::{Desk, anchor, fact, label, mark, say};
use crate::assessment::{Finding, Grant, NetworkState, Observation, Outcome, PrivilegeState, Weight};
use crate::catalog::Remediation;
use crate::report::model::{
    ConditionView, Fact, FindingView, GrantView, PassView, RangeView, RecommendationView, StepView,
};
use crate::report::text::{SHOWN, first};

/// Most grants that a card lists.
const GRANTS: usize = 12;

impl Desk<'_> {
    pub(super) fn card(&self, number: usize, f: &Finding) -> FindingView {
        let w = self.w;
        let says = |list: &[crate::message::Message]| list.iter().map(|m| w.say(m)).collect::<Vec<_>>();
        let mut notes = says(&f.notes);
        if let Some(day) = f.first_seen {
            notes.push(say!(w, "report.card.first-seen", day = day.to_string()));
        }
        FindingView {
            number,
            anchor: anchor(&f.id),
            id: f.id.clone(),
            label: label(f),
            api_name: f.app.api_name.clone(),
            result: mark(f.result),
            headline: self.headline(f),
            because: w.say(&f.because),
            conditions: self.conditions(f, false),
            supporting: self.conditions(f, true),
            met: self.met(f),
            cause: f.cause.clone().unwrap_or_else(|| w.word("report.card.cause.unknown")),
            effect: says(&f.effect),
            user: self.user(f),
            grants: f.privilege.grants.iter().take(GRANTS).map(|g| self.grant(g)).collect(),
            privilege_notes: self.privilege_notes(f),
            network: w.say(&f.network.because),
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
    fn conditions(&self, f: &Finding, supporting: bool) -> Vec<ConditionView> {
        let open = |o: &&Observation| matches!(o.outcome(), Outcome::Fail | Outcome::Review | Outcome::NotEvaluable);
        let of_weight = |o: &&Observation| (o.weight == Weight::Supporting) == supporting;
        let mut list: Vec<&Observation> = f.observations.iter().filter(open).filter(of_weight).collect();
        list.sort_by_key(|o| o.outcome());
        list.into_iter().map(|o| self.condition(o)).collect()
    }

    fn condition(&self, o: &Observation) -> ConditionView {
        let (ids, more) = first(&o.evidence, SHOWN);
        let criterion = self.control.criteria.iter().find(|c| c.id == o.criterion);
        ConditionView {
            title: self.criterion(&o.criterion),
            outcome: mark(o.outcome()),
            because: self.w.say(&o.because),
            attested: o.source == crate::assessment::Source::Attested,
            evidence: ids.iter().filter_map(|id| self.evidence(id)).collect(),
            more: if more > 0 { say!(self.w, "report.more-evidence", n = more) } else { String::new() },
            expected: criterion.map(|c| self.control.thresholds.fill(&c.expected)).unwrap_or_default(),
        }
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
        let (w, u) = (self.w, &f.execution_user);
        let facts = [
            fact(w, "report.user.name", &u.name),
            fact(w, "report.user.state", w.word(&format!("report.user-state.{}", u.state))),
            fact(w, "report.user.profile", &u.profile),
            fact(w, "report.user.license", &u.license),
            fact(w, "report.user.last-login", &u.last_login),
            fact(w, "report.user.shared", self.w.join(&u.shared_with)),
            fact(w, "report.user.power", self.power(f)),
            fact(w, "report.user.objects", self.objects(f)),
        ];
        facts.into_iter().flatten().collect()
    }

    /// `administers the org (broad), at least`
    pub(super) fn power(&self, f: &Finding) -> String {
        let word = self.w.word(&format!("report.privilege.{}", f.privilege.state));
        if f.privilege.at_least && f.privilege.state != PrivilegeState::Unknown {
            say!(self.w, "report.privilege.at-least", power = word)
        } else {
            word
        }
    }

    fn objects(&self, f: &Finding) -> String {
        let (shown, more) = first(&f.privilege.objects, 10);
        match (shown.is_empty(), more) {
            (true, _) => String::new(),
            (_, 0) => say!(self.w, "report.objects", n = shown.len(), objects = shown),
            _ => say!(self.w, "report.objects.more", n = shown.len() + more, objects = shown, more = more),
        }
    }

    fn grant(&self, g: &Grant) -> GrantView {
        let right = g.name.rsplit(": ").next().unwrap_or_default();
        let gain = match self.control.permissions.get(&g.name) {
            Some(permission) => permission.gain.clone(),
            None => self.w.raw(&format!("report.right.{right}")).unwrap_or_default().to_owned(),
        };
        let step = |s: &crate::assessment::GrantStep| StepView {
            what: self.w.word(&format!("report.step.{}", s.what)),
            name: s.name.clone(),
            evidence: s.evidence.clone(),
            anchor: anchor(&s.evidence),
        };
        let mut notes: Vec<String> = sentence(&gain).into_iter().collect();
        if g.on_activation {
            notes.push(self.w.word("report.grant.on-activation"));
        }
        if !g.implies.is_empty() {
            notes.push(say!(self.w, "report.grant.implies", permissions = g.implies.clone()));
        }
        if g.paths.len() > 2 {
            notes.push(say!(self.w, "report.grant.more-paths", n = g.paths.len() - 2));
        }
        GrantView {
            name: g.name.clone(),
            label: g.label.clone(),
            tier: self.w.word(&format!("report.tier.{}", g.tier)),
            gain: notes.join(" "),
            paths: g.paths.iter().take(2).map(|path| path.iter().map(step).collect()).collect(),
        }
    }

    fn privilege_notes(&self, f: &Finding) -> Vec<String> {
        let p = &f.privilege;
        let mut notes: Vec<String> = p.broken.iter().chain(&p.gaps).map(|m| self.w.say(m)).collect();
        if p.grants.len() > GRANTS {
            notes.insert(0, say!(self.w, "report.more-grants", n = p.grants.len() - GRANTS));
        }
        notes
    }

    fn ranges(&self, f: &Finding) -> Vec<RangeView> {
        let note = |private| if private { self.w.word("report.range.private") } else { String::new() };
        let view = |r: &crate::assessment::NetworkRange| RangeView {
            first: r.first.clone(),
            last: r.last.clone(),
            size: r.size.clone(),
            note: note(r.private),
        };
        f.network.ranges.iter().map(view).collect()
    }

    fn scopes(&self, f: &Finding) -> String {
        match &f.scopes {
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

    pub(super) fn delta(&self, delta: crate::assessment::Delta, moved: &[String]) -> String {
        let word = self.w.word(&format!("report.delta.{delta}"));
        let moved: Vec<String> = moved.iter().map(|m| self.criterion(m)).collect();
        if moved.is_empty() { word } else { say!(self.w, "report.delta.moved", delta = word, moved = moved) }
    }

    /// The way out that the evidence speaks for, with the app's names filled in.
    fn recommendation(&self, f: &Finding) -> Option<RecommendationView> {
        let id = way_out(f);
        let chosen = self.control.remediations.iter().find(|r| r.id == id)?;
        let fill = |text: &String| self.fill_names(text, f);
        let alternative =
            |r: &Remediation| say!(self.w, "report.alternative", title = &r.title, when = self.fill_names(&r.when, f));
        let snippets = self.snippets(f, id);
        Some(RecommendationView {
            target: self.target(f, id),
            checks: self.checks(f, &snippets),
            snippets,
            title: chosen.title.clone(),
            why: self.why_this_way(id, f),
            first: self.at_once(f),
            steps: chosen.steps.iter().map(fill).collect(),
            verification: chosen.verification.iter().map(fill).collect(),
            side_effects: self.side_effects(chosen, f),
            effort: self.w.word(&format!("report.effort.{}", chosen.effort)),
            alternatives: self.control.remediations.iter().filter(|r| r.id != id).map(alternative).collect(),
        })
    }

    /// Why this way, and for a packaged app who can go it.
    fn why_this_way(&self, id: &str, f: &Finding) -> String {
        let why = self.w.word(&format!("report.recommendation.{id}"));
        let packaged = f.notes.iter().any(|note| matches!(note.key.as_str(), "note.packaged" | "note.managed"));
        if packaged { format!("{why} {}", self.w.word("report.recommendation.packaged")) } else { why }
    }

    fn at_once(&self, f: &Finding) -> Vec<String> {
        let failed = |id: &str| f.observations.iter().any(|o| o.criterion == id && o.outcome() == Outcome::Fail);
        let mut out = Vec::new();
        if failed("secret-not-exposed") {
            out.push(say!(self.w, "report.action.rotate", app = label(f)));
        }
        out
    }

    fn side_effects(&self, chosen: &Remediation, f: &Finding) -> Vec<String> {
        let mut out: Vec<String> = chosen.side_effects.iter().map(|text| self.fill_names(text, f)).collect();
        if !f.execution_user.shared_with.is_empty() {
            let (user, apps) = (&f.execution_user.name, f.execution_user.shared_with.clone());
            out.push(say!(self.w, "report.side-effect.shared", user = user, apps = apps));
        }
        if let Some(n) = f.execution_user.profile_shared_by.filter(|n| *n > 0) {
            out.push(say!(self.w, "report.side-effect.profile", n = n, profile = &f.execution_user.profile));
        }
        out
    }

    /// Fills `{app}`, `{user}`, `{profile}`, `{permission_sets}` and `{ranges}`; what is unknown is said in words.
    fn fill_names(&self, text: &str, f: &Finding) -> String {
        let known = |name: &str, key: &str| if name.is_empty() { self.w.word(key) } else { name.to_owned() };
        let mut sets: Vec<String> = Vec::new();
        let steps = f.privilege.grants.iter().flat_map(|g| &g.paths).flatten();
        for step in steps.filter(|s| matches!(s.what.as_str(), "permission_set" | "group")) {
            if !sets.contains(&step.name) {
                sets.push(step.name.clone());
            }
        }
        let range =
            |r: &crate::assessment::NetworkRange| say!(self.w, "report.name.range", first = &r.first, last = &r.last);
        let ranges: Vec<String> = f.network.ranges.iter().take(SHOWN).map(range).collect();
        let values = [
            ("{app}", label(f)),
            ("{user}", known(&f.execution_user.name, "report.name.user")),
            ("{profile}", known(&f.execution_user.profile, "report.name.profile")),
            ("{permission_sets}", known(&self.w.join(&sets), "report.name.permission-sets")),
            ("{ranges}", known(&self.w.join(&ranges), "report.name.ranges")),
        ];
        fill(text, &values)
    }

    pub(super) fn in_order(&self, number: usize, f: &Finding) -> PassView {
        let w = self.w;
        let gate = f.observations.iter().filter(|o| o.weight != Weight::Supporting);
        let mut ids: Vec<String> =
            gate.filter(|o| o.outcome() == Outcome::Pass).flat_map(|o| o.evidence.clone()).collect();
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        let mut notes: Vec<String> = f.notes.iter().map(|m| w.say(m)).collect();
        let loose = f.observations.iter().filter(|o| o.outcome() == Outcome::Fail);
        notes.extend(loose.map(|o| format!("{}: {}", self.criterion(&o.criterion), w.say(&o.because))));
        PassView {
            number,
            anchor: anchor(&f.id),
            id: f.id.clone(),
            label: label(f),
            api_name: f.app.api_name.clone(),
            result: mark(f.result),
            basis: f.basis.map(|b| w.word(&format!("report.basis.{b}"))).unwrap_or_default(),
            because: w.say(&f.because),
            evidence: first(&ids, 3).0.iter().filter_map(|id| self.evidence(id)).collect(),
            notes,
        }
    }
}

/// A text with a full stop; nothing when it is empty.
fn sentence(text: &str) -> Option<String> {
    let text = text.trim();
    let ended = text.ends_with(['.', '!', '?']);
    (!text.is_empty()).then(|| if ended { text.to_owned() } else { format!("{text}.") })
}

/// `disable`, `jwt` or `harden`: what the evidence of this app speaks for.
pub(super) fn way_out(f: &Finding) -> &'static str {
    use crate::assessment::UserState;
    let outcome = |id: &str| f.observations.iter().find(|o| o.criterion == id).map(Observation::outcome);
    let nobody = matches!(f.execution_user.state, UserState::Unnamed | UserState::NotFound | UserState::Inactive);
    let half_migrated = outcome("certificate-alternative") == Some(Outcome::Review);
    let cannot_be_used = nobody || f.flow_state == crate::assessment::FlowState::Contradictory;
    let nearly_hardened = f.privilege.state <= PrivilegeState::Unknown && f.network.state <= NetworkState::Unknown;
    match () {
        () if cannot_be_used => "disable",
        () if half_migrated => "jwt",
        () if nearly_hardened && f.result != Outcome::Fail => "harden",
        () => "jwt",
    }
}

/// Replaces each slot once, from left to right; what is filled in is never read as a slot again.
fn fill(text: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, slot) = rest.split_at(at);
        out.push_str(before);
        match values.iter().find(|(name, _)| slot.starts_with(name)) {
            Some((name, value)) => {
                out.push_str(value);
                rest = slot.get(name.len()..).unwrap_or_default();
            }
            None => {
                out.push('{');
                rest = slot.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}
