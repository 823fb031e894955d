//! What one app calls for.

use super::again::{self, Change, better, judged};
use super::ground::outcome;
use super::route::{enforced, user_of};
use super::{Fit, Ground, Place};
use crate::controls::client_credentials::case::Case;
use crate::controls::client_credentials::finding::label;
use crate::controls::client_credentials::{
    ActionKind, Advice, Basis, FlowState, NetworkState, Privilege, PrivilegeState, Stated, WayOut,
};
use crate::kit::Move;
use crate::kit::ranges::Width;
use crate::model::{After, Finding, Missing, Observation, Outcome, Question, Settles, Weight};
use crate::text::listing::listed;
use crate::text::message::{Arg, Message};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Most permissions that a sentence names.
const NAMED: usize = 3;

/// Makes the moves of one app, each only if the app is better off with it.
struct Desk<'a> {
    case: &'a Case<'a>,
    finding: &'a Finding,
    moves: Vec<Move>,
}

impl Desk<'_> {
    /// Offers a move if judging again shows that the app is better off; gives the finding as it would be.
    fn offer(&mut self, one: Move, change: Change<'_>) {
        self.offer_with(one, change, |_, _| {});
    }

    fn offer_with(&mut self, mut one: Move, change: Change<'_>, fill: impl FnOnce(&mut Move, &again::After)) {
        let after = judged(self.case, self.finding, change);
        if better(self.finding, &after) {
            fill(&mut one, &after);
            one.after = Some(self.after(&after));
            self.moves.push(one);
        }
    }

    fn after(&self, after: &again::After) -> After {
        let score = after.outlook.score.map(|(score31, _)| score31);
        After {
            app: self.finding.subject.api_name.clone(),
            finding: String::new(),
            result: after.outlook.result,
            score,
        }
    }

    fn observation(&self, criterion: &str) -> Option<&Observation> {
        self.finding.observations.iter().find(|one| one.criterion == criterion)
    }

    /// Why: what the criterion says of this app.
    fn because(&self, criterion: &str) -> Option<Message> {
        self.observation(criterion).map(|one| one.because.clone())
    }

    /// Whether a question is about the gate or a decisive criterion, and an export can answer it.
    fn exports(&self, question: &Question) -> bool {
        let seen = self.observation(&question.criterion);
        question.settles == Settles::Export && seen.is_some_and(|one| one.weight != Weight::Supporting)
    }
}

/// What an app calls for that passes or cannot be used: its secret, and a flow that one switch brings back.
pub(super) fn beside(case: &Case<'_>, finding: &Finding) -> Vec<Move> {
    let mut desk = Desk { case, finding, moves: Vec::new() };
    rotate(&mut desk);
    let dormant = case.is_connected() && finding.flow_state() == FlowState::Dormant;
    if dormant || finding.basis == Some(Basis::Dormant.into()) {
        desk.moves.push(Move::new(ActionKind::Tidy, ""));
    }
    desk.moves
}

pub(super) fn of(case: &Case<'_>, finding: &Finding, ground: &Ground, advice: &Advice) -> Vec<Move> {
    let mut desk = Desk { case, finding, moves: Vec::new() };
    rotate(&mut desk);
    match ground.fit {
        Fit::New if finding.flow_state() == FlowState::On => own_user(&mut desk, ground),
        Fit::Kept if finding.flow_state() == FlowState::On => {
            rights(&mut desk, ground);
            network(&mut desk, ground);
        }
        Fit::New | Fit::Kept | Fit::Open => {}
    }
    way(&mut desk, advice);
    settle(&mut desk, advice);
    export(&mut desk);
    if finding.questions.iter().any(|one| one.settles == Settles::Person) {
        desk.moves.push(Move::new(ActionKind::Answer, ""));
    }
    desk.moves
}

fn rotate(desk: &mut Desk<'_>) {
    if outcome(desk.finding, "secret-not-exposed") != Some(Outcome::Fail) {
        return;
    }
    let mut one = Move::new(ActionKind::Rotate, desk.finding.subject.api_name.as_str());
    one.why = desk.because("secret-not-exposed").unwrap_or_default();
    one.after = Some(desk.after(&judged(desk.case, desk.finding, Change::Rotated)));
    desk.moves.push(one);
}

fn own_user(desk: &mut Desk<'_>, ground: &Ground) {
    let finding = desk.finding;
    let user = finding.user_name();
    let enforce = !enforced(desk.case.app);
    let mut one = Move::new(ActionKind::OwnUser, user);
    if enforce {
        one.what = Message::new("action.own_user.relaxed");
    }
    one.what = one.what.with("user", user);
    one.why = one.why.with("user", user).with("reasons", listed(&ground.reasons).unwrap_or_default());
    one.gain = one.gain.with("user", user);
    one.preconditions = &["user:new"];
    desk.offer(one, Change::OwnUser { enforce });
}

fn rights(desk: &mut Desk<'_>, ground: &Ground) {
    if outcome(desk.finding, "execution-user-least-privilege") != Some(Outcome::Fail) || ground.sets.is_empty() {
        return;
    }
    let finding = desk.finding;
    let user = finding.user_name();
    let sets: BTreeSet<String> = ground.sets.iter().cloned().collect();
    let mut one = Move::new(ActionKind::Rights, user);
    one.why = desk.because("execution-user-least-privilege").unwrap_or_default();
    one.preconditions = &["user:kept", "sets:known"];
    let (case, before) = (desk.case, desk.finding.privilege().clone());
    desk.offer_with(one, Change::Without(&sets), |one, after| {
        let taken = taken(case, &before, &after.privilege);
        one.what = std::mem::take(&mut one.what)
            .with("user", user)
            .with("sets", Arg::some(ground.sets.clone(), NAMED))
            .with("permissions", Arg::some(taken.clone(), NAMED));
        let Privilege { state, at_least, least, broken, .. } = &after.privilege;
        one.gain = match least {
            true => Message::new("action.rights.gain.least"),
            false if *at_least && *state < PrivilegeState::BulkRead => Message::new("action.rights.gain.at-least"),
            false => Message::new("action.rights.gain.left")
                .with("state", Message::new(format!("privilege.{state}")))
                .with("conditions", broken.clone()),
        };
    });
}

/// Labels of what is held before and not after, what comes along with something stronger behind it.
fn taken(case: &Case<'_>, before: &Privilege, after: &Privilege) -> Vec<String> {
    let left: BTreeSet<&String> =
        after.rights.grants.iter().flat_map(|grant| grant.implies.iter().chain([&grant.name])).collect();
    let own = before.rights.grants.iter().filter(|grant| !left.contains(&grant.name)).map(|grant| grant.label.clone());
    let along: BTreeSet<&String> = before.rights.grants.iter().flat_map(|grant| &grant.implies).collect();
    own.chain(along.into_iter().filter(|name| !left.contains(name)).map(|name| label(case, name))).collect()
}

fn network(desk: &mut Desk<'_>, ground: &Ground) {
    let network = &desk.finding.network();
    if !matches!(network.state, NetworkState::None | NetworkState::Wide) {
        return;
    }
    let finding = desk.finding;
    let (profile, user) = (finding.user_profile(), finding.user_name());
    let relaxed = network.relaxation.eq_ignore_ascii_case("bypass");
    let narrow = desk.case.network.merged.as_ref().is_some_and(|merged| merged.width == Width::Narrow);
    let because = desk.because("network-restricted").unwrap_or_default();
    if relaxed && narrow {
        let mut one = Move::new(ActionKind::Enforce, profile);
        if let Some(addresses) = outside(desk.finding) {
            one.what = Message::new("action.enforce.outside").with("addresses", addresses);
        }
        one.what = one.what.with("profile", profile);
        one.why = because;
        return desk.offer(one, Change::Enforced);
    }
    let own = ground.place == Place::Own;
    let kind = if own { ActionKind::Ranges } else { ActionKind::OwnProfile };
    let mut one = Move::new(kind, if own { profile } else { user });
    let enforce = !enforced(desk.case.app);
    if enforce {
        one.what = Message::new(format!("action.{kind}.relaxed"));
    }
    one.what = one.what.with("profile", profile).with("user", user);
    one.why = match &ground.place {
        Place::Copy(why) => why.clone(),
        Place::Own => because,
    };
    one.preconditions = if own { &["user:kept", "profile:own"] } else { &["user:kept", "profile:copy"] };
    desk.offer(one, Change::Ranges { enforce });
}

/// Addresses that the app was used from although they lie outside the ranges: enforcing these would shut them out.
pub(super) fn outside(finding: &Finding) -> Option<Arg> {
    let seen = finding.observations.iter().find(|one| one.criterion == "use-observed")?;
    (seen.because.key == "use-observed.outside").then(|| seen.because.args.get("addresses").cloned()).flatten()
}

fn way(desk: &mut Desk<'_>, advice: &Advice) {
    let half = outcome(desk.finding, "certificate-alternative") == Some(Outcome::Review);
    match advice.way {
        Some(WayOut::Disable) => {
            let mut one = Move::new(ActionKind::Disable, "");
            one.why = desk.because("execution-user-identified").unwrap_or_default();
            one.preconditions = &["user:unnamed"];
            desk.offer(one, Change::Off);
        }
        Some(WayOut::Jwt) if half => {
            let mut one = Move::new(ActionKind::Finish, "");
            one.why = desk.because("certificate-alternative").unwrap_or_default();
            one.preconditions = &["certificate:set"];
            desk.offer(one, Change::Replaced);
        }
        Some(WayOut::Jwt) => {
            let mut one = Move::new(ActionKind::Jwt, "");
            one.preconditions = &["certificate:none"];
            desk.offer(one, Change::Replaced);
        }
        Some(WayOut::Harden) | None => {}
    }
}

/// What decides between the ways, where no export of the list supplies it.
fn settle(desk: &mut Desk<'_>, advice: &Advice) {
    let Some(what) = advice.because.key.strip_prefix("advice.settle.").filter(|what| *what != "evidence") else {
        return;
    };
    let user = desk.finding.user_name();
    let mut one = Move::new(ActionKind::Settle, format!("{what} {user}").trim());
    one.what = Message::new(format!("action.settle.{what}")).with("user", user_of(desk.finding));
    one.why = advice.because.clone();
    desk.moves.push(one);
}

/// What the gate and the decisive criteria lack and an export can supply, but for what is asked for already.
fn export(desk: &mut Desk<'_>) {
    let settled = desk.moves.iter().any(|one| one.kind == ActionKind::Settle);
    let asked = desk.finding.questions.iter().filter(|one| desk.exports(one));
    let asked = asked.filter(|one| !(one.requests.is_empty() || settled && asks_for_policy(one)));
    // A component that is named stands for the exports that would have it.
    let (named, whole): (Vec<&Question>, Vec<&Question>) = asked.partition(|one| !one.missing.is_empty());
    let missing: Vec<Missing> = named.into_iter().flat_map(|one| one.missing.clone()).collect();
    let requests: Vec<Cow<'static, str>> = whole.into_iter().flat_map(|one| one.requests.clone()).collect();
    if !missing.is_empty() || !requests.is_empty() {
        desk.moves.push(Move { missing, requests, ..Move::new(ActionKind::Export, "") });
    }
}

/// Whether a question wants what [`settle`] asks for.
fn asks_for_policy(question: &Question) -> bool {
    const POLICY: [&str; 3] = ["ExtlClntAppOauthConfigurablePolicies", "clientCredentialsFlowUser", "ConnectedApp"];
    question.missing.iter().any(|one| POLICY.contains(&&*one.part))
        || question.requests.iter().any(|id| id == "oauth-policy")
}
