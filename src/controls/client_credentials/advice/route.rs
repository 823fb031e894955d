//! Which way out the evidence of one app speaks for, and which of the catalogue's steps fit.

use super::ground::outcome;
use super::{Fit, Ground, Place, moves};
use crate::controls::client_credentials::case::Case;
use crate::controls::client_credentials::{
    Advice, FlowState, NetworkState, PrivilegeState, Stated, UserState, WayOut, supporting,
};
use crate::kit::app::{Side, side};
use crate::kit::ranges::Width;
use crate::model::{Finding, Outcome};
use crate::snapshot::{App, IpRelaxation, Switch};
use crate::text::message::{Arg, Message};

pub(super) fn advice(case: &Case<'_>, finding: &Finding, ground: &Ground) -> Advice {
    let (way, because) = way(case, finding);
    let bound = match &ground.place {
        Place::Copy(why) if ground.fit == Fit::Kept => Some(why.clone()),
        Place::Copy(_) | Place::Own => None,
    };
    Advice {
        way,
        because,
        holds: holds(case, finding, ground),
        reasons: ground.reasons.clone(),
        bound,
        outside: moves::outside(finding).map(|seen| Message::new("advice.outside").with("addresses", seen)),
        sets: ground.sets.clone(),
    }
}

/// The execution user by name, or in words.
pub(super) fn user_of(finding: &Finding) -> Arg {
    match finding.user_name() {
        "" => Message::new("user.unnamed").into(),
        name => name.into(),
    }
}

/// The way and why; no way as long as something decides between them that the evidence does not show.
fn way(case: &Case<'_>, finding: &Finding) -> (Option<WayOut>, Message) {
    let user = user_of(finding);
    match finding.flow_state() {
        FlowState::Unknown => return settle("flow", user),
        FlowState::Contradictory => return settle("copies", user),
        // Whoever the run-as user is, the control wants the flow of a connected app off.
        _ if case.is_connected() => return (Some(WayOut::Jwt), Message::new("advice.jwt")),
        FlowState::On | FlowState::Off | FlowState::Dormant => {}
    }
    match finding.user_state() {
        UserState::Unnamed => return (Some(WayOut::Disable), Message::new("advice.disable")),
        UserState::NotFound => return settle("not-found", user),
        UserState::Placeholder | UserState::Unknown => return settle("placeholder", user),
        UserState::Contradictory => return settle("user-copies", user),
        UserState::Unreadable => return settle("unreadable", user),
        UserState::Active | UserState::Inactive | UserState::NotExported => {}
    }
    let half = outcome(finding, "certificate-alternative") == Some(Outcome::Review);
    let narrow = finding.power() < PrivilegeState::Unknown && finding.network_state() == NetworkState::Narrow;
    match () {
        () if half || finding.result == Outcome::Fail => (Some(WayOut::Jwt), Message::new("advice.jwt")),
        () if narrow => (Some(WayOut::Harden), Message::new("advice.harden").with("user", user)),
        () => settle("evidence", user),
    }
}

fn settle(what: &str, user: Arg) -> (Option<WayOut>, Message) {
    (None, Message::new(format!("advice.settle.{what}")).with("user", user))
}

/// Whether the app's policy is seen to enforce login ranges.
pub(super) fn enforced(app: &App) -> bool {
    let value = app.ip_relaxation.agreed().map(|copy| copy.value);
    matches!(value, Some(IpRelaxation::Enforce | IpRelaxation::EnforceRelaxRefresh))
}

/// Words that hold, in the order of the catalogue's list.
fn holds(case: &Case<'_>, finding: &Finding, ground: &Ground) -> Vec<String> {
    let app = case.app;
    let named = !finding.user_name().is_empty();
    let (new, kept) = (ground.fit == Fit::New, ground.fit == Fit::Kept);
    let half = outcome(finding, "certificate-alternative") == Some(Outcome::Review);
    let narrow = case.network.merged.as_ref().is_some_and(|merged| merged.width == Width::Narrow);
    let own = kept && ground.place == Place::Own;
    let open = !(kept && narrow);
    let session = &case.run.snapshot.org.enforce_ranges_every_request;
    let mut approved = app.settings.of("isAdminApproved").peekable();
    let listed = app.permitted_users.agreed().is_some_and(|copy| copy.value == "AdminApprovedPreAuthorized")
        || approved.peek().is_some() && approved.all(|copy| copy.value == "true");
    let words = [
        ("user:named", named),
        ("user:unnamed", !named),
        ("user:new", new),
        ("user:kept", kept),
        ("user:open", ground.fit == Fit::Open),
        ("user:alone", ground.alone),
        ("sets:known", !ground.sets.is_empty()),
        ("profile:own", own),
        ("profile:copy", kept && !own),
        ("ranges:here", open && own),
        ("ranges:elsewhere", open && !own),
        ("policy:relaxed", !enforced(app)),
        ("policy:on", side(&app.policy_flow) != Side::Off),
        ("setting:on", side(&app.setting_flow) != Side::Off),
        ("session:open", session.agreed().is_none_or(|copy| copy.value != Switch::On)),
        ("scopes:open", !supporting::one_scope(case)),
        ("rate:open", outcome(finding, "request-rate-limited") == Some(Outcome::Fail)),
        ("permitted:open", !listed),
        ("permitted:listed", listed),
        ("certificate:none", !half),
        ("certificate:set", half),
    ];
    let mut all: Vec<String> = words.into_iter().filter(|(_, holds)| *holds).map(|(word, _)| word.to_owned()).collect();
    all.shrink_to_fit();
    all
}
