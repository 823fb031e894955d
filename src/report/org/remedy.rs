//! The way out of one finding: steps with this app's names, what changes for others, how to check it.

use super::{Desk, label, say};
use crate::assessment::{Finding, NetworkRange, NetworkState, Observation, Outcome, PrivilegeState, UserState, Ways};
use crate::catalog::Remediation;
use crate::report::model::RecommendationView;
use crate::report::text::SHOWN;

/// What is known of the app's situation beyond single criteria: it decides which steps fit.
pub(super) struct Situation<'a> {
    f: &'a Finding,
    /// Why the app needs an execution user of its own; empty when it can keep the one it has.
    pub(super) reasons: Vec<String>,
    /// Permission sets and groups that give powerful rights.
    sets: Vec<String>,
}

impl Situation<'_> {
    pub(super) fn new_user(&self) -> bool {
        !self.reasons.is_empty()
    }

    /// Whether a step fits: every one of its conditions holds.
    fn fits(&self, conditions: &str) -> bool {
        conditions.split_whitespace().all(|condition| self.holds(condition))
    }

    fn holds(&self, condition: &str) -> bool {
        let user = &self.f.execution_user;
        match condition {
            "user:named" => !user.name.is_empty(),
            "user:unnamed" => user.name.is_empty(),
            "user:new" => self.new_user(),
            "user:kept" => !self.new_user() && !user.name.is_empty(),
            "user:idle-afterwards" => {
                let alone = user.shared_with.is_empty() && user.connected_apps.is_empty() && user.browser_logins == 0;
                matches!(user.state, UserState::Active | UserState::NotExported) && alone
            }
            "sets:known" => !self.sets.is_empty(),
            "policy:relaxed" => !enforced(self.f),
            "certificate:none" => outcome(self.f, "certificate-alternative") != Some(Outcome::Review),
            "certificate:set" => outcome(self.f, "certificate-alternative") == Some(Outcome::Review),
            criterion => outcome(self.f, criterion) != Some(Outcome::Pass),
        }
    }
}

/// Whether the policy enforces login ranges.
pub(super) fn enforced(f: &Finding) -> bool {
    ["enforce", "enforce_relaxrefresh"].iter().any(|value| f.network.relaxation.eq_ignore_ascii_case(value))
}

pub(super) fn outcome(f: &Finding, criterion: &str) -> Option<Outcome> {
    f.observations.iter().find(|o| o.criterion == criterion).map(Observation::outcome)
}

impl Desk<'_> {
    pub(super) fn situation<'f>(&self, f: &'f Finding) -> Situation<'f> {
        let w = self.w;
        let (user, held) = (&f.execution_user, Ways::of(&f.privilege.grants));
        let mut reasons = Vec::new();
        if user.name.is_empty() {
            return Situation { f, reasons, sets: Vec::new() };
        }
        if !user.shared_with.is_empty() {
            reasons.push(say!(w, "report.new-user.shared", apps = user.shared_with.clone()));
        }
        if !user.connected_apps.is_empty() {
            reasons.push(say!(w, "report.new-user.connected", apps = user.connected_apps.clone()));
        }
        if user.browser_logins > 0 {
            reasons.push(w.word("report.new-user.browser"));
        }
        if reasons.is_empty() && outcome(f, "execution-user-dedicated") == Some(Outcome::Fail) {
            reasons.push(w.word("report.new-user.person"));
        }
        if outcome(f, "execution-user-api-only") == Some(Outcome::Fail) {
            reasons.push(w.word("report.new-user.api-only"));
        }
        let starts = |number: &usize, what: &str| {
            let step = held.ways.get(number - 1).and_then(|way| way.steps.first());
            step.is_some_and(|step| step.what == what)
        };
        let from_profile = held.held.iter().filter(|one| one.ways.iter().any(|way| starts(way, "profile")));
        let powers: Vec<String> = from_profile.map(|one| one.grant.label.clone()).collect();
        if !powers.is_empty() {
            let (profile, permissions) = (&user.profile, self.some(&powers));
            reasons.push(say!(w, "report.new-user.profile", profile = profile, permissions = permissions));
        }
        let mut sets: Vec<String> = Vec::new();
        for step in held.ways.iter().flat_map(|way| &way.steps) {
            // A set that comes with a group is taken away with the group.
            let assigned = step.what == "assignment";
            let of_profile = held
                .ways
                .iter()
                .any(|way| way.steps.first().is_some_and(|first| first.what == "profile" && first.name == step.name));
            if assigned && !of_profile && !sets.contains(&step.name) {
                sets.push(step.name.clone());
            }
        }
        Situation { f, reasons, sets }
    }

    /// The way out that the evidence speaks for, with the app's names filled in.
    pub(super) fn recommendation(&self, f: &Finding) -> Option<RecommendationView> {
        let id = way_out(f);
        let chosen = self.control.remediations.iter().find(|r| r.id == id)?;
        let situation = self.situation(f);
        let fill = |text: &String| self.fill_names(text, &situation);
        let alternative = |r: &Remediation| say!(self.w, "report.alternative", title = &r.title, when = fill(&r.when));
        let always = String::new();
        let conditions = chosen.conditions.iter().chain(std::iter::repeat(&always));
        let steps = chosen.steps.iter().zip(conditions).filter(|(_, when)| situation.fits(when));
        let snippets = self.snippets(f, id);
        let objects = self.object_rows(f, id);
        Some(RecommendationView {
            target: self.target(f, id, &situation),
            object_notes: self.object_notes(f, &objects),
            objects,
            checks: self.checks(f, id, &snippets, &situation),
            snippets,
            title: chosen.title.clone(),
            why: self.why_this_way(id, f),
            first: self.at_once(f),
            steps: steps.map(|(text, _)| fill(text)).collect(),
            verification: chosen.verification.iter().map(fill).collect(),
            side_effects: self.side_effects(chosen, &situation),
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
        let mut out = Vec::new();
        if outcome(f, "secret-not-exposed") == Some(Outcome::Fail) {
            out.push(say!(self.w, "report.action.rotate", app = label(f)));
        }
        let missing = self.lacking(super::evidence::decisive(f).filter(|q| !q.requests.is_empty()));
        if f.privilege.at_least && !missing.is_empty() {
            out.push(say!(self.w, "report.action.export-first", exports = missing));
        }
        out
    }

    /// What changes for others: those who share the user or the profile.
    fn side_effects(&self, chosen: &Remediation, situation: &Situation<'_>) -> Vec<String> {
        let (w, f) = (self.w, situation.f);
        let user = &f.execution_user;
        let mut out: Vec<String> = chosen.side_effects.iter().map(|text| self.fill_names(text, situation)).collect();
        let off = chosen.id == "disable";
        if !user.shared_with.is_empty() {
            let key = if off || situation.new_user() {
                "report.side-effect.shared.stays"
            } else {
                "report.side-effect.shared"
            };
            out.push(say!(w, key, user = &user.name, apps = user.shared_with.clone()));
        }
        if off || user.name.is_empty() {
            return out;
        }
        if situation.new_user() {
            out.push(say!(w, "report.side-effect.ownership", user = &user.name));
        }
        let open = f.network.state != NetworkState::Narrow
            || outcome(f, "execution-user-least-privilege") != Some(Outcome::Pass);
        if open {
            out.extend(self.profile_effect(situation));
        }
        out
    }

    fn profile_effect(&self, situation: &Situation<'_>) -> Option<String> {
        let (w, user) = (self.w, &situation.f.execution_user);
        let profile = if user.profile.is_empty() { w.word("report.name.profile") } else { user.profile.clone() };
        let text = match user.profile_shared_by {
            None => say!(w, "report.side-effect.profile.unknown", profile = profile),
            Some(0) if situation.new_user() => return None,
            Some(0) => say!(w, "report.side-effect.profile.alone", profile = profile, user = &user.name),
            Some(n) => {
                let mut users = user.profile_users.clone();
                if n > users.len() && !users.is_empty() {
                    users.push(say!(w, "report.more", n = n - users.len()));
                }
                let key = match (users.is_empty(), situation.new_user()) {
                    (true, _) => "report.side-effect.profile.counted",
                    (_, true) => "report.side-effect.profile.stays",
                    _ => "report.side-effect.profile",
                };
                say!(w, key, n = n, profile = profile, users = users)
            }
        };
        Some(text)
    }

    /// Fills `{app}`, `{user}`, `{profile}` and the other slots; what is unknown is said in words.
    fn fill_names(&self, text: &str, situation: &Situation<'_>) -> String {
        let (w, f) = (self.w, situation.f);
        let known = |name: &str, key: &str| if name.is_empty() { w.word(key) } else { name.to_owned() };
        let range = |r: &NetworkRange| say!(w, "report.name.range", first = &r.first, last = &r.last);
        let ranges: Vec<String> = f.network.ranges.iter().take(SHOWN).map(range).collect();
        let (user, profile) = (
            known(&f.execution_user.name, "report.name.user"),
            known(&f.execution_user.profile, "report.name.profile"),
        );
        let (own_user, own_profile) = match situation.new_user() {
            true => (w.word("report.name.new-user"), w.word("report.name.new-profile")),
            false => (user.clone(), profile.clone()),
        };
        let scopes = match &f.scopes {
            Some(list) if !list.is_empty() => w.join(list),
            Some(_) => w.word("report.name.none"),
            None => w.word("report.name.unknown"),
        };
        let values = [
            ("{app}", label(f)),
            ("{user}", user),
            ("{profile}", profile),
            ("{permission_sets}", known(&w.join(&situation.sets), "report.name.permission-sets")),
            ("{ranges}", known(&w.join(&ranges), "report.name.ranges")),
            ("{integration_user}", own_user),
            ("{integration_profile}", own_profile),
            ("{reasons}", w.join(&situation.reasons)),
            ("{scopes}", scopes),
            ("{relaxation}", known(&f.network.relaxation, "report.name.unknown")),
        ];
        fill(text, &values)
    }
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
