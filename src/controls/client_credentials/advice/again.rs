//! An app judged again with something changed: what an action achieves is the difference of two evaluations.

use crate::controls::client_credentials::case::Case;
use crate::controls::client_credentials::dedicated::Browser;
use crate::controls::client_credentials::finding::Outlook;
use crate::controls::client_credentials::user::Others;
use crate::controls::client_credentials::{FlowState, NetworkState, Privilege, Stated, UserState, finding, network};
use crate::kit::access::{self, Resolved};
use crate::kit::app::flow;
use crate::model::{Finding, Outcome};
use crate::snapshot::{
    App, AppKind, Certificate, IpRelaxation, KeyKind, Located, Locator, Place, SecretPresence, Seen, Switch, User,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A state that an action brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change<'a> {
    /// No secret stands in clear text.
    Rotated,
    /// The flow is off.
    Off,
    /// The flow is off, and JWT bearer with a certificate of the app's own stands in its place.
    Replaced,
    /// The profile admits narrow ranges; with the second part, the policy enforces them.
    Ranges { enforce: bool },
    /// The policy enforces what ranges there are.
    Enforced,
    /// The user lost these permission sets and groups, and has a minimal one instead.
    Without(&'a BTreeSet<String>),
    /// The app runs as a user of its own with a minimal permission set and a profile that admits narrow ranges; with the
    /// second part, the policy enforces them.
    OwnUser { enforce: bool },
}

impl Change<'_> {
    /// Whether it may change what a criterion finds.
    fn touches(&self, criterion: &str) -> bool {
        match self {
            Self::Rotated => criterion == "secret-not-exposed",
            Self::Off | Self::Replaced => true,
            Self::Enforced | Self::Ranges { .. } => criterion == "network-restricted",
            Self::Without(_) => RIGHTS.contains(&criterion),
            Self::OwnUser { .. } => {
                const USER: [&str; 3] = ["network-restricted", "execution-user-identified", "execution-user-dedicated"];
                RIGHTS.contains(&criterion) || USER.contains(&criterion)
            }
        }
    }
}

/// Criteria that rights decide.
const RIGHTS: [&str; 4] =
    ["execution-user-least-privilege", "execution-user-api-only", "request-rate-limited", "api-monitored"];

/// An app as it would be.
pub(super) struct After {
    pub(super) outlook: Outlook,
    pub(super) flow: FlowState,
    pub(super) network: NetworkState,
    pub(super) privilege: Privilege,
}

/// Judges an app again with a change.
pub(super) fn judged(case: &Case<'_>, before: &Finding, change: Change<'_>) -> After {
    let mut app = case.app.clone();
    change_app(&mut app, change);
    let run = case.run;
    // Whoever has none of today's names has none of today's logins.
    let unnamed = case.user.record.map(|user| User { id: None, username: None, ..user.clone() });
    let mut after = Case {
        run,
        scores: case.scores,
        app: &app,
        pair: case.pair,
        flow: case.flow.clone(),
        user: case.user.clone(),
        others: case.others.clone(),
        used: case.used.clone(),
        browser: case.browser.clone(),
        privilege: match change {
            Change::Without(sets) => with_minimal(case, access::collect(&run, &case.user, sets)),
            Change::OwnUser { .. } => with_minimal(case, access::Effective::default()),
            _ => case.privilege.clone(),
        },
        network: match change {
            Change::Enforced => network::judge(&run, &app, &case.user),
            Change::Ranges { .. } | Change::OwnUser { .. } => network::judge_narrow(&run, &app, &case.user),
            _ => case.network.clone(),
        },
    };
    match change {
        Change::Off | Change::Replaced => after.flow = flow::read(&run, &app),
        Change::OwnUser { .. } => {
            let (state, name) = (UserState::Active, String::new());
            after.user = Resolved { state, name, record: unnamed.as_ref(), ..case.user.clone() };
            after.others = Others::default();
            after.browser = Browser::default();
        }
        _ => {}
    }
    After {
        outlook: finding::outlook(&after, before, &|criterion| change.touches(criterion)),
        flow: after.flow.state,
        network: after.network.network.state,
        privilege: after.privilege.privilege,
    }
}

/// The rights of a user who has a minimal permission set besides.
fn with_minimal(case: &Case<'_>, mut held: access::Effective) -> access::Judged {
    let most = access::most_objects(&case.run);
    access::add_minimal(&mut held, &case.privilege.privilege, &case.used, most);
    access::grade(Arc::new(access::graded(&case.run, &case.user.name, held)), None, &case.used)
}

fn change_app(app: &mut App, change: Change<'_>) {
    let at = app.sources.first().map_or_else(|| Locator::new(&Arc::from(""), Place::File), |source| source.at.clone());
    fn one<T>(value: T, at: &Locator) -> Seen<T> {
        let mut seen = Seen::default();
        seen.push(Located::new(value, "", at.clone()));
        seen
    }
    match change {
        Change::Rotated => app.secret = one(SecretPresence::Absent, &at),
        Change::Enforced | Change::Ranges { enforce: true } | Change::OwnUser { enforce: true } => {
            app.ip_relaxation = one(IpRelaxation::Enforce, &at);
        }
        Change::Off | Change::Replaced => {
            if app.kind == AppKind::External {
                app.policy_flow = one(Switch::Off, &at);
            }
            app.setting_flow = one(Switch::Off, &at);
        }
        Change::Ranges { .. } | Change::OwnUser { .. } | Change::Without(_) => {}
    }
    if change == Change::Replaced && !app.certificate.iter().any(|copy| valid(&copy.value)) {
        let good = Certificate::Read {
            fingerprint: String::new(),
            not_before: jiff::civil::date(2000, 1, 1),
            not_after: jiff::civil::date(9000, 1, 1),
            key: KeyKind::Ec,
        };
        app.certificate = one(good, &at);
    }
}

/// A certificate that is judged as it is.
fn valid(certificate: &Certificate) -> bool {
    matches!(certificate, Certificate::Read { .. })
}

/// Whether an app is better off: a result, a criterion, a state or a score.
pub(super) fn better(before: &Finding, after: &After) -> bool {
    let score = before.score.as_ref().map(|score| (score.residual31.1, score.residual40.1));
    let mut criteria = before.observations.iter().zip(&after.outlook.outcomes);
    rank(after.outlook.result) > rank(before.result)
        || (after.flow == FlowState::Off) != (before.flow_state() == FlowState::Off)
        || after.privilege.state < before.power()
        || after.network < before.network_state()
        || after.outlook.score < score
        || criteria.any(|(before, after)| rank(*after) > rank(before.outcome()))
}

fn rank(outcome: Outcome) -> Option<usize> {
    Outcome::ALL.iter().position(|one| *one == outcome)
}
