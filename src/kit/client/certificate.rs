//! The certificate of an app, by which it can sign what it asks for instead of sending a secret.

use crate::kit::Run;
use crate::kit::app::{places, would_hold};
use crate::model::EvidenceItem;
use crate::snapshot::{Agreement, App, Certificate, KeyKind, Kind, Located, Locator};
use crate::text::message::Arg;
use jiff::civil::Date;

/// What is known about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// Copies differ.
    Contradictory,
    /// Files that may hold it could not be read.
    Unread(Arg),
    /// No file that would hold it is there.
    Missing,
    /// The app's file has none.
    None,
    /// What stands there is no certificate.
    Unreadable,
    /// Its last day has passed.
    Expired(Date),
    /// Its first day is still to come.
    NotYet(Date),
    /// Its RSA key is shorter than the limit.
    Weak(u32),
    /// Its key is of a kind that the platform does not sign with.
    OtherKey,
    /// It holds until this day.
    Valid(Date),
}

/// The state of an app's certificate on the day of judgement.
pub(crate) fn state(run: &Run<'_>, app: &App) -> State {
    let holders = places(app.kind).global;
    let unread = run.lost.of_app(app, holders);
    if !unread.is_empty() {
        return State::Unread(unread.named());
    }
    let copy = match app.certificate.agreement() {
        Agreement::Contradictory(_) => return State::Contradictory,
        Agreement::Absent if holders.iter().any(|kind| app.has(*kind)) => return State::None,
        Agreement::Absent => return State::Missing,
        Agreement::Agreed(copy) => copy,
    };
    let Certificate::Read { not_after, not_before, key, .. } = &copy.value else { return State::Unreadable };
    let (as_of, least) = (run.context.as_of, run.context.thresholds.get("rsa_bits"));
    match key {
        _ if *not_after < as_of => State::Expired(*not_after),
        _ if *not_before > as_of => State::NotYet(*not_before),
        KeyKind::Rsa(bits) if u64::from(*bits) < least => State::Weak(*bits),
        KeyKind::Other => State::OtherKey,
        KeyKind::Rsa(_) | KeyKind::Ec => State::Valid(*not_after),
    }
}

/// The certificates of an app as evidence; where it has none, the files that would hold one.
pub(crate) fn items(app: &App) -> Vec<EvidenceItem> {
    if app.certificate.is_empty() {
        return would_hold(app, "certificate", places(app.kind).global);
    }
    app.certificate.iter().map(|copy| item(&copy.value, &copy.at)).collect()
}

/// A certificate by what identifies it and how long it holds; its body is long and says no more.
fn item(certificate: &Certificate, at: &Locator) -> EvidenceItem {
    let Certificate::Read { fingerprint, not_after, key, .. } = certificate else {
        return EvidenceItem::withheld("certificate", at);
    };
    let key = match key {
        KeyKind::Rsa(bits) => format!("RSA {bits}, "),
        KeyKind::Ec => "EC, ".to_owned(),
        KeyKind::Other => String::new(),
    };
    EvidenceItem::value("certificate", at, format!("notAfter {not_after}, {key}SHA-256 {fingerprint}"))
}

/// Apps of both kinds, but for the app itself and the one that it was migrated from or to.
pub(crate) fn others<'a>(run: &Run<'a>, app: &App, twin: Option<&str>) -> impl Iterator<Item = &'a App> {
    let all = run.snapshot.apps.values().chain(run.snapshot.connected.values());
    all.filter(move |other| match other.kind == app.kind {
        true => other.name != app.name,
        false => Some(other.name.as_str()) != twin,
    })
}

/// Those of them that have the same certificate.
pub(crate) fn sharing(run: &Run<'_>, app: &App, twin: Option<&str>) -> Vec<String> {
    let own: Vec<&str> = app.certificate.iter().filter_map(fingerprint).collect();
    let is_own = |other: &&App| other.certificate.iter().filter_map(fingerprint).any(|print| own.contains(&print));
    others(run, app, twin).filter(is_own).map(|other| other.name.clone()).collect()
}

/// Files of other apps in which the same certificate may stand, and could not be read.
pub(crate) fn unread_elsewhere(run: &Run<'_>) -> Vec<String> {
    let apps = run.snapshot.apps.values().chain(run.snapshot.connected.values());
    let garbled = apps.flat_map(|app| &app.certificate).filter(|copy| matches!(copy.value, Certificate::Unreadable));
    let garbled = garbled.map(|copy| copy.at.path.to_string());
    let lost = run.lost.whole(Kind::GlobalOauthFile).and(run.lost.whole(Kind::ConnectedAppFile));
    let mut all: Vec<String> = garbled.chain(lost.paths().map(str::to_owned)).collect();
    all.sort();
    all.dedup();
    all
}

fn fingerprint(copy: &Located<Certificate>) -> Option<&str> {
    match &copy.value {
        Certificate::Read { fingerprint, .. } => Some(fingerprint),
        Certificate::Unreadable => None,
    }
}
