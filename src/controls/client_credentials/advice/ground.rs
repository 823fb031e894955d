//! What the snapshot shows of the ground that advice stands on: whom the execution user serves, whom its profile binds, and
//! where its powerful rights come from. What is not seen is not taken for granted.

use crate::controls::client_credentials::case::Case;
use crate::controls::client_credentials::user::names;
use crate::controls::client_credentials::{FlowState, Stated, UserState};
use crate::kit::access::profile_of;
use crate::kit::holders::{self, Others};
use crate::model::{Finding, Outcome};
use crate::snapshot::{Container, Switch};
use crate::text::message::{Arg, Message};
use std::collections::BTreeSet;

/// License whose users cannot sign in to the user interface.
const API_LICENSE: &str = "Salesforce Integration";
const MANAGE_USERS: &str = "ManageUsers";

/// Whether the app can keep its execution user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It serves this app alone, and no person.
    Kept,
    /// The app needs one of its own.
    New,
    /// The snapshot does not tell enough of the user.
    Open,
}

/// Whether the execution user's profile can take login ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A custom profile that nobody else has.
    Own,
    /// Others have it, it is a standard one, or nobody knows: a copy comes first. Why.
    Copy(Message),
}

pub(super) struct Ground {
    pub(super) fit: Fit,
    /// Why the app needs a user of its own.
    pub(super) reasons: Vec<Message>,
    pub(super) place: Place,
    /// Permission sets and groups that give powerful rights.
    pub(super) sets: Vec<String>,
    /// Nothing but this app uses the user, as far as can be seen.
    pub(super) alone: bool,
}

pub(super) fn outcome(finding: &Finding, criterion: &str) -> Option<Outcome> {
    finding.observations.iter().find(|one| one.criterion == criterion).map(crate::model::Observation::outcome)
}

impl Ground {
    pub(super) fn of(case: &Case<'_>, finding: &Finding) -> Self {
        let record = case.user.record;
        let profile = record.and_then(|user| profile_of(case.run.index, user));
        let known = matches!(case.user.state, UserState::Active | UserState::NotExported);
        let mut reasons = if known { serves(case) } else { Vec::new() };
        let shared = !reasons.is_empty();
        let (person, excluded) = people(case, finding);
        if person {
            reasons.push(Message::new("advice.reason.person"));
        }
        let active = case.user.state == UserState::Active && record.is_some();
        if active {
            reasons.extend(rights(case, finding, profile));
            if !excluded && reasons.is_empty() {
                reasons.push(Message::new("advice.reason.person-possible"));
            }
        }
        let fit = match () {
            () if !reasons.is_empty() => Fit::New,
            () if active => Fit::Kept,
            () => Fit::Open,
        };
        let others = record.and_then(|user| case.run.holders.others(profile, user)).unwrap_or_default();
        Self {
            fit,
            place: place(finding.user_profile(), profile, &others),
            sets: sets(case),
            alone: active && !shared && !person && excluded && !powerful(case, profile),
            reasons,
        }
    }
}

/// Other apps of the same user: External Client Apps, and connected apps whose flow is not shown to be off.
fn serves(case: &Case<'_>) -> Vec<Message> {
    let mut apps = case.others.names();
    apps.extend(names(&case.others.perhaps).into_iter().filter(|name| !case.others.names().contains(name)));
    if apps.is_empty() {
        Vec::new()
    } else {
        vec![Message::new("advice.reason.shared").with("apps", Arg::some(apps, 5))]
    }
}

/// Whether a person is seen to sign in as the user, and whether it is shown that none can or does.
fn people(case: &Case<'_>, finding: &Finding) -> (bool, bool) {
    let person = case.browser.logins() > 0;
    let license = case.user.record.and_then(|user| user.license.as_ref());
    let api_license = license.is_some_and(|license| license.value == API_LICENSE);
    let mut criteria = ["execution-user-api-only", "execution-user-dedicated"].into_iter();
    let passes = criteria.any(|criterion| outcome(finding, criterion) == Some(Outcome::Pass));
    (person, !person && (api_license || passes))
}

/// What of its rights keeps the user from serving an app alone.
fn rights(case: &Case<'_>, finding: &Finding, profile: Option<&Container>) -> Vec<Message> {
    let mut reasons = Vec::new();
    if outcome(finding, "execution-user-api-only") == Some(Outcome::Fail) {
        reasons.push(Message::new("advice.reason.api-only"));
    }
    let grants = case.privilege.privilege.rights.grants.iter();
    let from_profile = grants.filter(|grant| grant.paths.iter().flatten().any(|step| step.what == "profile"));
    let powers: Vec<String> = from_profile.map(|grant| grant.label.clone()).collect();
    if !powers.is_empty() {
        let name = finding.user_profile();
        let reason = Message::new("advice.reason.profile").with("profile", name);
        reasons.push(reason.with("permissions", Arg::some(powers, 3)));
    } else if powerful(case, profile)
        && !case.user.record.is_some_and(|user| case.run.holders.other_administrator(user))
    {
        reasons.push(Message::new("advice.reason.administrator"));
    }
    reasons
}

/// Whether the user administers other users.
fn powerful(case: &Case<'_>, profile: Option<&Container>) -> bool {
    profile.is_some_and(holders::administers) || case.privilege.holds(MANAGE_USERS).is_some()
}

/// Permission sets and groups from which powerful rights come. A set that comes with a group goes with the group.
fn sets(case: &Case<'_>) -> Vec<String> {
    let paths = case.privilege.privilege.rights.grants.iter().flat_map(|grant| &grant.paths);
    let of_sets = paths.filter(|path| !path.iter().any(|step| step.what == "profile"));
    let names: BTreeSet<&String> =
        of_sets.flatten().filter(|step| step.what == "assignment").map(|step| &step.name).collect();
    names.into_iter().cloned().collect()
}

fn place(name: &str, profile: Option<&Container>, others: &Others) -> Place {
    let custom = profile.and_then(|profile| profile.custom.agreed()).map(|custom| custom.value);
    let why = match custom {
        _ if others.count > 0 && others.all => "shared",
        _ if others.count > 0 => "shared-at-least",
        Some(Switch::Off) => "standard",
        Some(Switch::On) if others.all => return Place::Own,
        Some(Switch::On) => "unknown",
        _ => "not-shown",
    };
    let why = Message::new(format!("advice.bound.{why}")).with("profile", name);
    Place::Copy(match others.count {
        0 => why,
        count => why.with("n", count).with("users", first(others)),
    })
}

/// The first of the others by name, and how many more there are.
fn first(others: &Others) -> Arg {
    const MOST: usize = 3;
    if others.count <= MOST + 1 {
        return others.names.clone().into();
    }
    let names: Vec<&str> = others.names.iter().take(MOST).map(String::as_str).collect();
    Message::new("list.more").with("list", names.join(", ")).with("n", others.count - MOST).into()
}

/// Whether the flow may be in use today, as far as the gate tells.
pub(super) fn in_use(finding: &Finding) -> bool {
    !matches!(finding.flow_state(), FlowState::Off | FlowState::Dormant)
}
