//! The action plan: one line per thing to do, however many apps it helps.

use super::{Desk, anchor, is_open, label, say};
use crate::assessment::{Basis, Finding, NetworkState, Observation, Outcome, Settles, Tenths};
use crate::report::model::{ActionView, LinkView};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Kinds of actions; the order breaks ties between actions of equal risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Rotate,
    Privilege,
    Network,
    Finish,
    Disable,
    Jwt,
    Export,
    Answer,
    Tidy,
}

impl Kind {
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Privilege => "privilege",
            Self::Network => "network",
            Self::Finish => "finish",
            Self::Disable => "disable",
            Self::Jwt => "jwt",
            Self::Export => "export",
            Self::Answer => "answer",
            Self::Tidy => "tidy",
        }
    }

    /// 1 low, 2 medium, 3 high: what it takes to do it.
    pub(crate) const fn effort(self) -> u8 {
        match self {
            Self::Rotate | Self::Finish | Self::Disable | Self::Export | Self::Answer | Self::Tidy => 1,
            Self::Privilege | Self::Network => 2,
            Self::Jwt => 3,
        }
    }
}

/// Something to do, before it is worded.
#[derive(Clone, Debug)]
pub(crate) struct Action<'a> {
    /// What kind of thing.
    pub(crate) kind: Kind,
    /// What it acts on: a user, a profile, an app; empty for all.
    target: String,
    /// Apps that it helps, worst first.
    pub(crate) apps: Vec<&'a Finding>,
}

impl Action<'_> {
    /// Highest score of the apps that it helps, an exposed secret counting as worst.
    pub(crate) fn risk(&self) -> Tenths {
        let score = |f: &&Finding| f.score.as_ref().map(|s| s.residual31.1);
        self.apps.iter().filter_map(score).max().unwrap_or(Tenths(0))
    }

    fn rank(&self) -> (bool, Outcome, Reverse<Tenths>, u8, Kind) {
        let worst = Outcome::worst(self.apps.iter().map(|f| f.result)).unwrap_or(Outcome::NotTested);
        // Questions and exports come after what is known to be wrong.
        let later = matches!(self.kind, Kind::Export | Kind::Answer | Kind::Tidy);
        (self.kind != Kind::Rotate && later, worst, Reverse(self.risk()), self.kind.effort(), self.kind)
    }
}

/// All actions, most pressing first. `order` is worst first.
pub(crate) fn actions<'a>(order: &[&'a Finding]) -> Vec<Action<'a>> {
    let mut found: BTreeMap<(Kind, String), Vec<&'a Finding>> = BTreeMap::new();
    for f in order {
        for (kind, target) in wants(f) {
            found.entry((kind, target)).or_default().push(f);
        }
    }
    let action = |((kind, target), apps)| Action { kind, target, apps };
    let mut list: Vec<Action> = found.into_iter().map(action).collect();
    list.sort_by_key(|a| (a.rank(), a.target.clone()));
    list
}

/// What one app calls for.
fn wants(f: &Finding) -> Vec<(Kind, String)> {
    let outcome = |id: &str| f.observations.iter().find(|o| o.criterion == id).map(Observation::outcome);
    let app = f.app.api_name.clone();
    let mut out = Vec::new();
    if outcome("secret-not-exposed") == Some(Outcome::Fail) {
        out.push((Kind::Rotate, app.clone()));
    }
    if !is_open(f) {
        if f.basis == Some(Basis::Dormant) {
            out.push((Kind::Tidy, String::new()));
        }
        return out;
    }
    if outcome("execution-user-least-privilege") == Some(Outcome::Fail) {
        out.push((Kind::Privilege, f.execution_user.name.clone()));
    }
    if outcome("network-restricted") == Some(Outcome::Fail) {
        out.push((Kind::Network, f.execution_user.profile.clone()));
    }
    match (super::remedy::way_out(f), outcome("certificate-alternative")) {
        ("disable", _) => out.push((Kind::Disable, app)),
        ("jwt", Some(Outcome::Review)) => out.push((Kind::Finish, app)),
        ("jwt", _) if f.result == Outcome::Fail => out.push((Kind::Jwt, String::new())),
        _ => {}
    }
    if f.questions.iter().any(|q| q.settles == Settles::Export && !q.requests.is_empty()) {
        out.push((Kind::Export, String::new()));
    }
    if f.questions.iter().any(|q| q.settles == Settles::Person) {
        out.push((Kind::Answer, String::new()));
    }
    out
}

/// The plan, worded and numbered.
pub(super) fn plan(desk: &Desk<'_>) -> Vec<ActionView> {
    let list = actions(&desk.order);
    list.iter().enumerate().map(|(i, action)| desk.action(i + 1, action)).collect()
}

impl Desk<'_> {
    fn action(&self, number: usize, action: &Action<'_>) -> ActionView {
        let link = |f: &&Finding| LinkView { label: label(f), anchor: anchor(&f.id) };
        ActionView {
            number,
            what: self.what(action),
            why: self.why(action),
            apps: action.apps.iter().map(link).collect(),
            shown: action.apps.iter().take(3).map(link).collect(),
            more: match action.apps.len().saturating_sub(3) {
                0 => String::new(),
                n => say!(self.w, "report.more", n = n),
            },
            effort: self.w.word(match action.kind.effort() {
                1 => "report.effort.low",
                2 => "report.effort.medium",
                _ => "report.effort.high",
            }),
            gain: self.w.word(&format!("report.action.{}.gain", action.kind.key())),
        }
    }

    fn what(&self, action: &Action<'_>) -> String {
        let w = self.w;
        let apps = self.some(&action.apps.iter().map(|f| label(f)).collect::<Vec<_>>());
        let Some(worst) = action.apps.first() else { return String::new() };
        let known = |name: &str, key: &str| if name.is_empty() { w.word(key) } else { name.to_owned() };
        let user = known(&worst.execution_user.name, "report.name.user");
        let profile = known(&worst.execution_user.profile, "report.name.profile");
        match action.kind {
            Kind::Privilege => say!(w, "report.action.privilege", user = user, permissions = grants(worst)),
            Kind::Network if worst.network.relaxation.eq_ignore_ascii_case("bypass") => {
                say!(w, "report.action.network.bypass", apps = apps, profile = profile)
            }
            Kind::Network if worst.network.state == NetworkState::Wide => {
                say!(w, "report.action.network.wide", profile = profile)
            }
            Kind::Export => match self.obtainable() {
                needs if needs.is_empty() => say!(w, "report.action.export.any"),
                needs => say!(w, "report.action.export", exports = needs),
            },
            kind => {
                say!(w, format!("report.action.{}", kind.key()), app = label(worst), apps = apps, profile = profile)
            }
        }
    }

    /// Why: the worst app's own condition.
    fn why(&self, action: &Action<'_>) -> String {
        let criterion = match action.kind {
            Kind::Rotate => "secret-not-exposed",
            Kind::Privilege => "execution-user-least-privilege",
            Kind::Network => "network-restricted",
            Kind::Finish => "certificate-alternative",
            Kind::Disable => "flow-disabled",
            Kind::Jwt | Kind::Export | Kind::Answer | Kind::Tidy => "",
        };
        let seen = action.apps.first().and_then(|f| f.observations.iter().find(|o| o.criterion == criterion));
        match seen {
            Some(observation) => self.w.say(&observation.because),
            None => say!(self.w, format!("report.action.{}.why", action.kind.key()), n = action.apps.len()),
        }
    }
}

/// Labels of the grants to take away: the three that matter most.
fn grants(f: &Finding) -> Vec<String> {
    let name = |g: &crate::assessment::Grant| if g.label.is_empty() { g.name.clone() } else { g.label.clone() };
    f.privilege.grants.iter().take(3).map(name).collect()
}
