//! Supporting criteria: rate limit, scopes, certificate, governance.

use super::case::{Case, not_applicable};
use super::criteria::contradictory;
use crate::controls::client_credentials::FlowState;
use crate::controls::client_credentials::score::{RateLimit, ScopeClass};
use crate::kit::app::{Side, Why, places, side, unreadable};
use crate::kit::client::certificate::{self, State};
use crate::kit::{Found, Gap, together};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{App, Kind, Seen, Snapshot, Switch, TransactionPolicy};
use crate::text::message::{Arg, Message};
use crate::text::spelling::plain;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

fn covers_api(policy: &TransactionPolicy) -> bool {
    const EVENTS: [&str; 5] = ["", "ApiEvent", "ApiEventStream", "BulkApiResultEvent", "BulkApiResultEventStore"];
    let mut events = policy.event.iter().map(|event| &event.value);
    policy.event.is_empty() || events.any(|event| EVENTS.iter().any(|known| known.eq_ignore_ascii_case(event)))
}

/// What the snapshot says about a rate limit, before anybody attests.
pub(super) fn rate_limit(case: &Case<'_>) -> RateLimit {
    match rate_limited(case).outcome {
        Outcome::Fail => RateLimit::Absent,
        _ => RateLimit::Unknown,
    }
}

fn limit_key(what: &str) -> Message {
    Message::new(format!("request-rate-limited.{what}"))
}

pub(super) fn rate_limited(case: &Case<'_>) -> Found {
    limited(case, Policies::Blocking)
}

/// Whether API use is watched: as a limit, but a policy that only notifies watches, too.
pub(super) fn monitored(case: &Case<'_>) -> Found {
    let mut found = limited(case, Policies::Acting);
    found.because.key = found.because.key.replacen("request-rate-limited", "api-monitored", 1).into();
    for gap in &mut found.gaps {
        gap.text.key = gap.text.key.replacen("gap.rate-limit", "gap.monitored", 1).into();
    }
    found
}

/// Which transaction security policies count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Policies {
    Blocking,
    /// Those that notify as well.
    Acting,
}

fn limited(case: &Case<'_>, counted: Policies) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let snapshot = case.run.snapshot;
    if let Some(paths) = case.privilege.holds("TransactionSecurityExempt") {
        let items = paths.iter().flat_map(|path| path.steps.iter()).filter_map(|step| step.item.clone()).collect();
        return Found::new(Outcome::Fail, limit_key("exempt").with("user", case.user.name.as_str()), items);
    }
    let switch = &snapshot.org.transaction_policies_enabled;
    let mut items: Vec<EvidenceItem> =
        switch.iter().map(|copy| EvidenceItem::seen("enableTransactionSecurityPolicies", copy)).collect();
    if is_off(switch) {
        return Found::new(Outcome::Fail, limit_key("switch-off"), items);
    }
    let listing = snapshot.listings.get(Kind::TransactionPolicyFile.name());
    let in_scope = !snapshot.transaction_policies.is_empty()
        || listing.is_some_and(|listing| listing.whole && listing.components.is_empty())
        || snapshot.requested_whole.contains_key(Kind::TransactionPolicyFile.name());
    if !in_scope {
        let gap = Gap::export("gap.rate-limit", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, limit_key("not-in-scope"), items).gap(gap);
    }
    for policy in &snapshot.transaction_policies {
        items.push(EvidenceItem::value("TransactionSecurityPolicy", &policy.at, policy.name.as_str()));
        items.extend(policy.event.iter().map(|copy| EvidenceItem::seen("eventName", copy)));
        items.extend(policy.active.iter().map(|copy| EvidenceItem::seen("active", copy)));
        items.extend(policy.blocks.iter().map(|copy| EvidenceItem::seen("block", copy)));
    }
    let coverage = together(snapshot.transaction_policies.iter().map(in_words).collect()).unwrap_or_default();
    let blocking = snapshot.transaction_policies.iter().filter(|policy| covers_api(policy));
    let blocking =
        blocking.filter(|policy| !is_off(&policy.active) && (counted == Policies::Acting || !is_off(&policy.blocks)));
    let blocking: Vec<String> = blocking.map(|policy| policy.name.clone()).collect();
    if !blocking.is_empty() {
        let gap = Gap::person("gap.rate-limit-condition").with("policies", blocking.clone());
        let because = limit_key("blocking").with("policies", blocking).with("coverage", coverage);
        return Found::new(Outcome::Review, because, items).gap(gap);
    }
    if !case.run.lost.whole(Kind::TransactionPolicyFile).is_empty() {
        let gap = Gap::export("gap.rate-limit", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, limit_key("unreadable"), items).gap(gap);
    }
    if let Some(listing) = listing.filter(|listing| !listing.missing.is_empty()) {
        let gap = Gap::export("gap.rate-limit", &["metadata"]);
        let message = limit_key("incomplete").with("names", listing.missing.clone());
        return Found::new(Outcome::NotEvaluable, message, items).gap(gap);
    }
    let items = if items.is_empty() { asked_for(snapshot, Kind::TransactionPolicyFile) } else { items };
    let because = match snapshot.transaction_policies.is_empty() {
        true => limit_key("none"),
        false => limit_key("not-blocking").with("coverage", coverage),
    };
    Found::new(Outcome::Fail, because, items)
}

fn is_off(seen: &Seen<Switch>) -> bool {
    !seen.is_empty() && seen.iter().all(|copy| copy.value == Switch::Off)
}

/// The org's list of a type, else the manifest: what shows that a type without a file was asked for.
fn asked_for(snapshot: &Snapshot, kind: Kind) -> Vec<EvidenceItem> {
    if let Some(listing) = snapshot.listings.get(kind.name()).filter(|listing| !listing.files.is_empty()) {
        return listing.files.iter().map(|at| EvidenceItem::missing(kind.name(), at)).collect();
    }
    snapshot.requested_whole.get(kind.name()).map(|at| EvidenceItem::missing(kind.name(), at)).into_iter().collect()
}

/// What a policy listens to, and whether it acts.
fn in_words(policy: &TransactionPolicy) -> Message {
    let event = policy.event.iter().next().map_or_else(|| "–".to_owned(), |event| event.raw.to_string());
    let covers = match event.to_ascii_lowercase().as_str() {
        "–" => "unknown",
        "apievent" | "apieventstream" => "api",
        name if name.starts_with("bulkapiresult") => "bulk",
        name if name.starts_with("login") => "login",
        _ => "other",
    };
    let [active, action] = [&policy.active, &policy.blocks].map(|seen| match side(seen) {
        Side::On => "on",
        Side::Off => "off",
        Side::Absent | Side::Unknown | Side::Contradictory => "unknown",
    });
    limit_key("policy")
        .with("name", policy.name.as_str())
        .with("event", event)
        .with("covers", limit_key(&format!("covers.{covers}")))
        .with("active", limit_key(&format!("active.{active}")))
        .with("action", limit_key(&format!("action.{action}")))
}

/// Files that a sentence names; the others are counted.
const FILES: usize = 5;

const IDENTITY: [&str; 8] = ["basic", "id", "openid", "profile", "email", "address", "phone", "custompermissions"];
const LASTING: [&str; 4] = ["full", "web", "refreshtoken", "offlineaccess"];

fn all_scopes(case: &Case<'_>) -> Vec<String> {
    let lists = case.app.scopes.iter().chain(case.app.custom_scopes.iter());
    let mut all: Vec<String> = Vec::new();
    for scope in lists.flat_map(|copy| copy.value.iter()) {
        if !all.contains(scope) {
            all.push(scope.clone());
        }
    }
    all
}

/// All scopes as written, or `None` when the export lacks the list.
pub(super) fn scopes(case: &Case<'_>) -> Option<Vec<String>> {
    (!case.app.scopes.is_empty()).then(|| all_scopes(case))
}

/// Scopes that are proven, by a list or by a column.
fn proven_scopes(case: &Case<'_>) -> Vec<String> {
    let mut all = all_scopes(case);
    let columns = case.app.scope_columns.iter().filter(|column| column.granted.value == Switch::On);
    for column in columns {
        if !all.iter().any(|scope| plain(scope) == plain(&column.scope)) {
            all.push(column.scope.clone());
        }
    }
    all
}

/// Whether lists, columns, or a list and a column say different things.
fn scopes_disagree(case: &Case<'_>) -> bool {
    let app = case.app;
    let listed: BTreeSet<String> = app.scopes.iter().flat_map(|list| &list.value).map(|scope| plain(scope)).collect();
    // Whether a column says off, and whether one says on.
    let mut columns: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for column in app.scope_columns.iter().filter(|column| column.granted.value.is_told()) {
        let on = usize::from(column.granted.value == Switch::On);
        columns.entry(plain(&column.scope)).or_default()[on] = true;
    }
    let whole = !app.scopes.is_empty();
    contradictory(&app.scopes)
        || columns.iter().any(|(name, [off, on])| *off && *on || whole && listed.contains(name) != *on)
}

/// Whether a file or row of scopes that may be the app's could not be read.
fn scopes_torn(case: &Case<'_>) -> bool {
    unreadable(&case.run, case.app, case.places().settings)
}

/// Whether the app has one scope and no broad or lasting one: there is nothing to take away.
pub(super) fn one_scope(case: &Case<'_>) -> bool {
    let all = proven_scopes(case);
    let lasting = all.iter().any(|scope| LASTING.contains(&plain(scope).as_str()));
    !case.app.scopes.is_empty() && !scopes_disagree(case) && !scopes_torn(case) && all.len() <= 1 && !lasting
}

/// What the scopes reach, for the score. Only a whole list proves that there are no others.
pub(super) fn scope_class(case: &Case<'_>) -> ScopeClass {
    let custom = case.app.custom_scopes.iter().any(|copy| !copy.value.is_empty());
    let all = proven_scopes(case);
    if custom || all.iter().any(|scope| !IDENTITY.contains(&plain(scope).as_str())) {
        ScopeClass::Data
    } else if all.is_empty() || case.app.scopes.is_empty() || scopes_disagree(case) || scopes_torn(case) {
        ScopeClass::Unknown
    } else {
        ScopeClass::Identity
    }
}

pub(super) fn scopes_minimal(case: &Case<'_>) -> Found {
    if case.flow.why == Why::NoOauth {
        return not_applicable(case);
    }
    let copies = case.app.scopes.iter().map(|copy| EvidenceItem::seen(case.places().scopes, copy));
    let columns = case.app.scope_columns.iter().map(|column| EvidenceItem::seen(&column.column, &column.granted));
    let custom = case.app.custom_scopes.iter().map(|copy| EvidenceItem::seen("customScopes", copy));
    // A connected app lists each scope in an element of its own.
    let each = case.app.settings.of("scopes").map(|scope| EvidenceItem::seen("scopes", scope));
    let each: Vec<EvidenceItem> = each.collect();
    let items: Vec<EvidenceItem> = if each.is_empty() { copies.chain(columns).chain(custom).collect() } else { each };
    if scopes_disagree(case) {
        return Found::new(Outcome::Review, Message::new("scopes-minimal.contradictory"), items)
            .gap(Gap::person("gap.scopes-contradictory"));
    }
    let all = proven_scopes(case);
    let broad: Vec<String> = all.iter().filter(|scope| LASTING.contains(&plain(scope).as_str())).cloned().collect();
    if !broad.is_empty() {
        return Found::new(Outcome::Fail, Message::new("scopes-minimal.fail").with("scopes", broad), items);
    }
    if case.app.scopes.is_empty() {
        let key = if case.app.scope_columns.is_empty() { "scopes-minimal.unknown" } else { "scopes-minimal.in-part" };
        let gap = Gap::export("gap.scopes", &["metadata", "oauth-settings"]);
        return Found::new(Outcome::NotEvaluable, Message::new(key), items).gap(gap);
    }
    match scope_class(case) {
        ScopeClass::Unknown if scopes_torn(case) => {
            let gap = Gap::export("gap.scopes", &["metadata", "oauth-settings"]);
            Found::new(Outcome::NotEvaluable, Message::new("scopes-minimal.torn"), items).gap(gap)
        }
        ScopeClass::Identity => Found::new(Outcome::Pass, Message::new("scopes-minimal.pass"), items),
        ScopeClass::Data => {
            let gap = Gap::person("gap.scopes-needed").with("scopes", all.clone());
            Found::new(Outcome::Review, Message::new("scopes-minimal.review").with("scopes", all), items).gap(gap)
        }
        ScopeClass::Unknown => Found::new(Outcome::Review, Message::new("scopes-minimal.empty"), items)
            .gap(Gap::person("gap.scopes-contradictory")),
    }
}

fn certificate_key(what: &str) -> Message {
    Message::new(format!("certificate-alternative.{what}"))
}

pub(super) fn certificate(case: &Case<'_>) -> Found {
    if case.flow.why == Why::NoOauth {
        return not_applicable(case);
    }
    let off = case.flow.state == FlowState::Off;
    let items = certificate::items(case.app);
    let found = |outcome, because| Found::new(outcome, because, items.clone());
    if contradictory(&case.app.certificate) {
        let gap = Gap::person("gap.certificate-contradictory");
        return found(Outcome::Review, certificate_key("contradictory")).gap(gap);
    }
    let untold =
        |what| found(Outcome::NotEvaluable, certificate_key(what)).gap(Gap::export("gap.certificate", &["metadata"]));
    let day = |what, day: Date| found(Outcome::Fail, certificate_key(what).with("date", day.to_string()));
    match certificate::state(&case.run, case.app) {
        // Copies that differ are told above, and one that cannot be read may be the certificate.
        State::Unread(_) | State::Contradictory => untold("unknown"),
        State::Missing if off => found(Outcome::NotApplicable, certificate_key("not-read-off")),
        State::Missing => untold("unknown"),
        State::None if off => found(Outcome::NotApplicable, certificate_key("none-off")),
        State::None => found(Outcome::Fail, certificate_key("none")),
        State::Unreadable => untold("unreadable"),
        State::Expired(last) => day("expired", last),
        State::NotYet(first) => day("not-yet", first),
        State::Weak(bits) => {
            let least = case.run.context.thresholds.get("rsa_bits");
            found(Outcome::Fail, certificate_key("weak").with("bits", bits).with("limit", least))
        }
        State::OtherKey => found(Outcome::Fail, certificate_key("other-key")),
        State::Valid(last) => valid(case, last, items),
    }
}

/// A certificate that holds counts only when no other app uses it, and stands for JWT bearer once the flow is off.
fn valid(case: &Case<'_>, last: Date, items: Vec<EvidenceItem>) -> Found {
    let (run, date) = (&case.run, last.to_string());
    let sharing = certificate::sharing(run, case.app, case.pair);
    if !sharing.is_empty() {
        return Found::new(Outcome::Fail, certificate_key("shared").with("apps", sharing), items);
    }
    if case.flow.state != FlowState::Off {
        let gap = Gap::person("gap.half-migrated");
        return Found::new(Outcome::Review, certificate_key("half").with("date", date), items).gap(gap);
    }
    let unread = certificate::unread_elsewhere(run);
    if !unread.is_empty() {
        let because = certificate_key("own-untold").with("date", date).with("files", Arg::some(unread, FILES));
        let gap = Gap::export("gap.certificates", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, because, items).gap(gap);
    }
    let read = |app: &&App| places(app.kind).global.iter().any(|kind| app.has(*kind));
    let others = certificate::others(run, case.app, case.pair).filter(read).count();
    Found::new(Outcome::Pass, certificate_key("pass").with("date", date).with("n", others), items)
}

/// Without a statement there is nothing to judge; with one, [`super::attest`] judges it.
pub(super) fn governance(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    Found::new(Outcome::NotEvaluable, Message::new("governance-recorded.none"), Vec::new())
        .gap(Gap::person("gap.governance"))
}
