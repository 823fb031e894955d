//! What only this control can word and draw: its part of a card, the way out, the headline, its figures.

mod card;
mod funnel;
mod headline;
mod kit;
mod matrix;
mod remedy;
mod target;
mod users;

pub(super) use card::card;
pub(super) use headline::{headline, left_out, worst_case};
pub(super) use kit::kit;

use super::claims::count;
use super::{FlowState, Stated, connected};
use crate::controls::Explained;
use crate::model::{Finding, Outcome};
use crate::snapshot::AppKind;
use crate::text::message::Message;
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::claims::Claims;
use crate::view::words::{label, say};

/// Apps whose secret stands in clear text, whatever their result.
pub(super) fn alarms(w: &Wording, order: &[&Finding]) -> Vec<String> {
    order.iter().filter(|f| exposed(f)).map(|f| say!(w, "report.alarm.secret", app = label(f))).collect()
}

fn exposed(f: &Finding) -> bool {
    f.observations.iter().any(|o| o.criterion == "secret-not-exposed" && o.outcome() == Outcome::Fail)
}

/// The figures that have something to show. Impact and users are drawn once for apps of both kinds, by the first of the
/// controls that has any; the funnel is about its own.
pub(super) fn figures(kind: AppKind, order: &[&Finding], w: &Wording) -> Vec<Drawn> {
    let mut claims = Claims::default();
    let own = order.iter().filter(|finding| of(finding) == kind);
    let total = own.map(|finding| count(kind, finding, &mut claims)).count();
    if total == 0 || (kind == AppKind::Connected && total < order.len()) {
        return Vec::new();
    }
    let figures = [funnel::funnel(kind, total, &claims, w), matrix::matrix(order, w), users::graph(order, w)];
    figures.into_iter().flatten().collect()
}

/// The kind of app that a finding is about.
fn of(finding: &Finding) -> AppKind {
    if finding.subject.is_connected() { AppKind::Connected } else { AppKind::External }
}

/// The key of a sentence about a kind of app.
fn worded(kind: AppKind, key: &str) -> String {
    match kind {
        AppKind::External => key.to_owned(),
        AppKind::Connected => connected::own(key),
    }
}

/// The certificate's fingerprint among what was observed: a run of at least 40 hexadecimal digits.
fn fingerprint(f: &Finding) -> String {
    let of_certificate = f.observations.iter().filter(|o| o.criterion == "certificate-alternative");
    let words = of_certificate.flat_map(|o| o.observed.iter().flat_map(|text| text.split_whitespace()));
    let mut plain = words.map(|word| word.replace(':', "").to_lowercase());
    plain.find(|word| word.len() >= 40 && word.bytes().all(|b| b.is_ascii_hexdigit())).unwrap_or_default()
}

/// What an app can have in common with apps of other orgs: the sentence about it, and the value.
pub(super) fn common(f: &Finding) -> Vec<(&'static str, Vec<String>)> {
    let running = f.flow_state() == FlowState::On;
    let (user, power) = (f.user_name(), f.power());
    let grants: Vec<String> = f.rights.grants.iter().take(5).map(|grant| grant.name.clone()).collect();
    let powerful = running && power >= super::PrivilegeState::BulkRead && !grants.is_empty();
    // Enough of a fingerprint to find the certificate by.
    let certificate: String = fingerprint(f).chars().take(16).collect();
    // What has no `@` is an id or a pseudonym, and stands as it is everywhere else.
    let local = user.split_once('@').map_or_else(|| user.to_owned(), |(local, _)| local.to_lowercase());
    let traits = [
        ("portfolio.pattern.certificate", vec![certificate]),
        ("portfolio.pattern.rights", if powerful { grants } else { Vec::new() }),
        ("portfolio.pattern.user", if running { vec![local] } else { Vec::new() }),
    ];
    traits.into_iter().filter(|(_, value)| value.iter().any(|text| !text.is_empty())).collect()
}

/// How an app came to its result.
pub(super) fn explained(f: &Finding) -> Explained {
    let (flow, privilege, network) = (f.flow_state(), f.privilege(), f.network());
    let off = flow == FlowState::Off;
    let key = if privilege.at_least { "explain.privilege.at-least" } else { "explain.privilege" };
    Explained {
        state: flow.into(),
        power: (!off).then(|| Message::new(key).with("state", privilege.state.word())),
        conditions: privilege.broken.into_iter().chain(privilege.gaps).collect(),
        network: Message::new("explain.network").with("state", network.state.word()).with("because", network.because),
        way: f.advice().map(|advice| advice.because),
        instead: (!off).then(|| Message::new("explain.change.off")),
    }
}
