//! An app judged again with something changed: what an action achieves is the difference of two evaluations.

use crate::assessment::{Finding, FlowState, Outcome, UserState};
use crate::controls::ccf::case::Case;
use crate::controls::ccf::dedicated::Browser;
use crate::controls::ccf::user::{Others, Resolved};
use crate::controls::ccf::{finding, flow, network, privilege};
use crate::snapshot::{App, Certificate, IpRelaxation, KeyKind, Located, Locator, Place, SecretPresence, Seen, Switch};
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

/// The finding as it would be.
pub(super) fn judged(case: &Case<'_>, change: Change<'_>) -> Finding {
    let mut app = case.app.clone();
    change_app(&mut app, change);
    let (run, most) = (case.run, case.run.context.thresholds.objects);
    let mut after = Case { app: &app, ..case.clone() };
    match change {
        Change::Rotated => {}
        Change::Off | Change::Replaced => after.flow = flow::read(&run, &app),
        Change::Enforced => after.network = network::judge(&run, &app, &case.user),
        Change::Ranges { .. } => after.network = network::judge_narrow(&run, &app, &case.user),
        Change::Without(sets) => {
            let mut left = privilege::collect(&run, &case.user, sets);
            privilege::add_minimal(&mut left, &case.privilege.privilege, &case.used, most);
            after.privilege = privilege::grade(&run, true, left, &case.used);
        }
        Change::OwnUser { .. } => {
            let mut held = privilege::Effective::default();
            privilege::add_minimal(&mut held, &case.privilege.privilege, &case.used, most);
            after.privilege = privilege::grade(&run, true, held, &case.used);
            after.network = network::judge_narrow(&run, &app, &case.user);
            after.others = Others::default();
            after.browser = Browser::default();
            after.user = Resolved { state: UserState::Active, record: None, ..case.user.clone() };
        }
    }
    finding::of(&after)
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
            app.policy_flow = one(Switch::Off, &at);
            app.setting_flow = one(Switch::Off, &at);
        }
        Change::Ranges { .. } | Change::OwnUser { .. } | Change::Without(_) => {}
    }
    if change == Change::Replaced && !app.certificate.iter().any(|copy| valid(&copy.value)) {
        let date = |year| jiff::civil::Date::new(year, 1, 1).unwrap_or_default();
        let good = Certificate::Read {
            fingerprint: String::new(),
            not_before: date(2000),
            not_after: date(9000),
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
pub(super) fn better(before: &Finding, after: &Finding) -> bool {
    let rank = |outcome: Outcome| Outcome::ALL.iter().position(|one| *one == outcome);
    let score = |finding: &Finding| finding.score.as_ref().map(|score| (score.residual31.1, score.residual40.1));
    let met = |finding: &Finding| finding.observations.iter().filter(|one| one.outcome() == Outcome::Pass).count();
    let off = |finding: &Finding| finding.flow_state == FlowState::Off;
    rank(after.result) > rank(before.result)
        || off(after) != off(before)
        || after.privilege.state < before.privilege.state
        || after.network.state < before.network.state
        || score(after) < score(before)
        || met(after) > met(before)
}
