//! Supporting criteria: dedicated user, rate limit, scopes, certificate, use, governance.

use super::case::{Case, Found, Gap};
use super::criteria::{app_items, contradictory};
use crate::assessment::{EvidenceItem, FlowState, Outcome};
use crate::message::Message;
use crate::scoring::{RateLimit, ScopeClass};
use crate::snapshot::{Certificate, Coverage, KeyKind, Kind, Login, Problem, Switch, TransactionPolicy};

fn logins<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Login> {
    let id = case.user.record.and_then(|user| user.id.as_ref());
    case.run.snapshot.activity.logins.iter().filter(move |login| match (&login.user, id) {
        (Some(user), Some(id)) => user.value == id.value,
        _ => false,
    })
}

fn is_person(login: &Login) -> bool {
    let says = |setting: &crate::snapshot::Setting<String>, wanted: &str| {
        setting.as_ref().is_some_and(|text| text.value.trim().eq_ignore_ascii_case(wanted))
    };
    says(&login.application, "Browser") || says(&login.login_type, "Application")
}

pub(super) fn dedicated(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return Found::not_applicable(case);
    }
    let key =
        |what: &str| Message::new(format!("execution-user-dedicated.{what}")).with("user", case.user.name.as_str());
    if !case.shared_with.is_empty() {
        let message = key("shared").with("apps", case.shared_with.clone());
        let mut items = case.user.items.clone();
        for app in case.shared_with.iter().filter_map(|name| case.run.snapshot.apps.get(name)) {
            items.extend(app.execution_user.iter().map(|copy| EvidenceItem::seen(super::user::SETTING, copy)));
        }
        return Found::new(Outcome::Fail, message, items);
    }
    let person: Vec<EvidenceItem> = logins(case)
        .filter(|login| is_person(login))
        .map(|login| {
            let shown = login.login_type.as_ref().or(login.application.as_ref());
            shown.map_or_else(|| EvidenceItem::at("LoginType", &login.at), |text| EvidenceItem::seen("LoginType", text))
        })
        .collect();
    if !person.is_empty() {
        return Found::new(Outcome::Fail, key("person").with("count", person.len()), person);
    }
    if case.user.record.is_none() {
        let gap = super::privilege::user_gap(&case.user);
        return Found::new(Outcome::NotEvaluable, key("unknown"), case.user.items.clone()).gap(gap);
    }
    match case.run.coverage(Kind::LoginRecords) {
        Coverage::Absent | Coverage::Truncated { .. } => {
            let gap = Gap::person("gap.dedicated").with("user", case.user.name.as_str());
            Found::new(Outcome::Review, key("no-history"), case.user.items.clone()).gap(gap)
        }
        _ => Found::new(Outcome::Pass, key("pass"), case.user.items.clone()),
    }
}

fn covers_api(policy: &TransactionPolicy) -> bool {
    const EVENTS: [&str; 4] = ["ApiEvent", "ApiEventStream", "BulkApiResultEvent", "BulkApiResultEventStore"];
    policy.event.is_empty()
        || policy.event.iter().any(|event| EVENTS.iter().any(|known| known.eq_ignore_ascii_case(&event.value)))
}

/// What the snapshot says about a rate limit, before anybody attests.
pub(super) fn rate_limit(case: &Case<'_>) -> RateLimit {
    match rate_limited(case).outcome {
        Outcome::Fail => RateLimit::Absent,
        _ => RateLimit::Unknown,
    }
}

pub(super) fn rate_limited(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return Found::not_applicable(case);
    }
    let key = |what: &str| Message::new(format!("request-rate-limited.{what}"));
    let snapshot = case.run.snapshot;
    if let Some(paths) = case.privilege.holds("TransactionSecurityExempt") {
        let items = paths.iter().flat_map(|path| path.steps.iter()).filter_map(|step| step.item.clone()).collect();
        return Found::new(Outcome::Fail, key("exempt").with("user", case.user.name.as_str()), items);
    }
    let switch = &snapshot.org.transaction_policies_enabled;
    let mut items: Vec<EvidenceItem> =
        switch.iter().map(|copy| EvidenceItem::seen("enableTransactionSecurityPolicies", copy)).collect();
    if !switch.is_empty() && switch.iter().all(|copy| copy.value == Switch::Off) {
        return Found::new(Outcome::Fail, key("switch-off"), items);
    }
    let in_scope = !snapshot.transaction_policies.is_empty()
        || snapshot.requested_whole.contains(Kind::TransactionPolicyFile.name());
    if !in_scope {
        let gap = Gap::export("gap.rate-limit", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, key("not-in-scope"), items).gap(gap);
    }
    for policy in &snapshot.transaction_policies {
        items.push(EvidenceItem::at("TransactionSecurityPolicy", &policy.at));
    }
    let not_off =
        |seen: &crate::snapshot::Seen<Switch>| seen.is_empty() || seen.iter().any(|copy| copy.value != Switch::Off);
    let blocking: Vec<String> = snapshot
        .transaction_policies
        .iter()
        .filter(|policy| covers_api(policy) && not_off(&policy.active) && not_off(&policy.blocks))
        .map(|policy| policy.name.clone())
        .collect();
    if !blocking.is_empty() {
        let gap = Gap::person("gap.rate-limit-condition").with("policies", blocking.clone());
        return Found::new(Outcome::Review, key("blocking").with("policies", blocking), items).gap(gap);
    }
    let policies = |problem: &&Problem| problem.kind == Some(Kind::TransactionPolicyFile);
    if snapshot.problems.iter().filter(policies).any(super::flow::lost) {
        let gap = Gap::export("gap.rate-limit", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, key("unreadable"), items).gap(gap);
    }
    let what = if snapshot.transaction_policies.is_empty() { "none" } else { "not-blocking" };
    let items = if items.is_empty() { app_items(case, "TransactionSecurityPolicy") } else { items };
    Found::new(Outcome::Fail, key(what), items)
}

fn plain(scope: &str) -> String {
    scope.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

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

/// What the scopes reach, for the score.
pub(super) fn scope_class(case: &Case<'_>) -> ScopeClass {
    let custom = case.app.custom_scopes.iter().any(|copy| !copy.value.is_empty());
    let all = all_scopes(case);
    if custom || all.iter().any(|scope| !IDENTITY.contains(&plain(scope).as_str())) {
        ScopeClass::Data
    } else if all.is_empty() {
        ScopeClass::Unknown
    } else {
        ScopeClass::Identity
    }
}

pub(super) fn scopes_minimal(case: &Case<'_>) -> Found {
    let key = |what: &str| Message::new(format!("scopes-minimal.{what}"));
    let copies = case.app.scopes.iter().map(|copy| EvidenceItem::seen("commaSeparatedOauthScopes", copy));
    let custom = case.app.custom_scopes.iter().map(|copy| EvidenceItem::seen("customScopes", copy));
    let items: Vec<EvidenceItem> = copies.chain(custom).collect();
    let all = all_scopes(case);
    let broad: Vec<String> = all.iter().filter(|scope| LASTING.contains(&plain(scope).as_str())).cloned().collect();
    if !broad.is_empty() {
        return Found::new(Outcome::Fail, key("fail").with("scopes", broad), items);
    }
    if case.app.scopes.is_empty() {
        let gap = Gap::export("gap.scopes", &["metadata", "oauth-settings"]);
        return Found::new(Outcome::NotEvaluable, key("unknown"), items).gap(gap);
    }
    if contradictory(&case.app.scopes) {
        return Found::new(Outcome::Review, key("contradictory"), items).gap(Gap::person("gap.scopes-contradictory"));
    }
    match scope_class(case) {
        ScopeClass::Identity => Found::new(Outcome::Pass, key("pass"), items),
        ScopeClass::Data => {
            let gap = Gap::person("gap.scopes-needed").with("scopes", all.clone());
            Found::new(Outcome::Review, key("review").with("scopes", all), items).gap(gap)
        }
        ScopeClass::Unknown => {
            Found::new(Outcome::Review, key("empty"), items).gap(Gap::person("gap.scopes-contradictory"))
        }
    }
}

pub(super) fn certificate(case: &Case<'_>) -> Found {
    let key = |what: &str| Message::new(format!("certificate-alternative.{what}"));
    let off = case.flow.state == FlowState::Off;
    let items: Vec<EvidenceItem> =
        case.app.certificate.iter().map(|copy| EvidenceItem::at("certificate", &copy.at)).collect();
    if contradictory(&case.app.certificate) {
        return Found::new(Outcome::Review, key("contradictory"), items)
            .gap(Gap::person("gap.certificate-contradictory"));
    }
    let Some(copy) = case.app.certificate.iter().next() else {
        if super::flow::unreadable(&case.run, case.app, &[Kind::GlobalOauthFile])
            || (!off && !case.app.has(Kind::GlobalOauthFile))
        {
            let gap = Gap::export("gap.certificate", &["metadata"]);
            return Found::new(Outcome::NotEvaluable, key("unknown"), app_items(case, "certificate")).gap(gap);
        }
        let items = app_items(case, "certificate");
        return if off {
            Found::new(Outcome::NotApplicable, key("none-off"), items)
        } else {
            Found::new(Outcome::Fail, key("none"), items)
        };
    };
    let Certificate::Read { fingerprint, not_after, not_before, key: kind } = &copy.value else {
        let gap = Gap::export("gap.certificate", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, key("unreadable"), items).gap(gap);
    };
    let as_of = case.run.context.as_of;
    if *not_after < as_of {
        return Found::new(Outcome::Fail, key("expired").with("date", not_after.to_string()), items);
    }
    if *not_before > as_of {
        return Found::new(Outcome::Fail, key("not-yet").with("date", not_before.to_string()), items);
    }
    let least = case.run.context.thresholds.rsa_bits;
    match kind {
        KeyKind::Rsa(bits) if *bits < least => {
            return Found::new(Outcome::Fail, key("weak").with("bits", *bits).with("limit", least), items);
        }
        KeyKind::Other => return Found::new(Outcome::Fail, key("other-key"), items),
        KeyKind::Rsa(_) | KeyKind::Ec => {}
    }
    let sharing = sharing(case, fingerprint);
    if !sharing.is_empty() {
        return Found::new(Outcome::Fail, key("shared").with("apps", sharing), items);
    }
    let date = not_after.to_string();
    if off {
        return Found::new(Outcome::Pass, key("pass").with("date", date), items);
    }
    Found::new(Outcome::Review, key("half").with("date", date), items).gap(Gap::person("gap.half-migrated"))
}

fn sharing(case: &Case<'_>, own: &str) -> Vec<String> {
    let same =
        |certificate: &Certificate| matches!(certificate, Certificate::Read { fingerprint, .. } if fingerprint == own);
    let apps = case.run.snapshot.apps.values().filter(|app| app.name != case.app.name);
    let mut names: Vec<String> =
        apps.filter(|app| app.certificate.iter().any(|copy| same(&copy.value))).map(|app| app.name.clone()).collect();
    let connected = case.run.snapshot.connected_apps.iter();
    names.extend(
        connected
            .filter(|app| app.certificate.as_ref().is_some_and(|copy| same(&copy.value)))
            .map(|app| app.name.clone()),
    );
    names
}

pub(super) fn use_observed(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return Found::not_applicable(case);
    }
    let key = |what: &str| Message::new(format!("use-observed.{what}")).with("user", case.user.name.as_str());
    let covered = [Kind::LoginRecords, Kind::EventRecords]
        .into_iter()
        .any(|kind| !matches!(case.run.coverage(kind), Coverage::Absent));
    if !covered || case.user.record.is_none() {
        let gap = Gap::export("gap.use", &["login-history", "event-log-file"]);
        return Found::new(Outcome::NotEvaluable, key("no-data"), Vec::new()).gap(gap);
    }
    let like = |login: &&Login| {
        let texts = [&login.login_type, &login.sub_type];
        texts.into_iter().flatten().any(|text| plain(&text.value).contains("clientcredentials"))
    };
    let found: Vec<&Login> = logins(case).filter(like).collect();
    let items: Vec<EvidenceItem> = found.iter().map(|login| shown(login)).collect();
    let Some(last) = found.iter().filter_map(|login| login.time.as_ref()).map(|time| time.value.clone()).max() else {
        return silence(case, key("silence"));
    };
    let mut outside: Vec<String> = found
        .iter()
        .filter_map(|login| login.source_ip.as_ref())
        .filter(|ip| case.network.merged.as_ref().and_then(|merged| merged.holds(&ip.value)) == Some(false))
        .map(|ip| ip.value.clone())
        .collect();
    outside.sort();
    outside.dedup();
    let message = |what: &str| key(what).with("count", found.len()).with("last", last.as_str());
    if outside.is_empty() {
        return Found::new(Outcome::Pass, message("pass"), items);
    }
    let gap = Gap::person("gap.use-outside").with("addresses", outside.clone());
    Found::new(Outcome::Review, message("outside").with("addresses", outside), items).gap(gap)
}

/// No login can be told to be of this flow. Data that is there is for a person to judge; a cut-off export is a gap.
fn silence(case: &Case<'_>, because: Message) -> Found {
    let whole = [Kind::LoginRecords, Kind::EventRecords]
        .into_iter()
        .any(|kind| matches!(case.run.coverage(kind), Coverage::Complete { .. } | Coverage::NotProven { .. }));
    let items = case.user.items.clone();
    if whole {
        Found::new(Outcome::Review, because, items).gap(Gap::person("gap.use-silence"))
    } else {
        let gap = Gap::export("gap.use", &["login-history", "event-log-file"]);
        Found::new(Outcome::NotEvaluable, because, items).gap(gap)
    }
}

fn shown(login: &Login) -> EvidenceItem {
    let raw = |setting: &crate::snapshot::Setting<String>| setting.as_ref().map(|text| text.raw.clone());
    let seen = raw(&login.sub_type).or_else(|| raw(&login.login_type));
    EvidenceItem { seen, ..EvidenceItem::at("LoginSubType", &login.at) }
}

/// Without a statement there is nothing to judge; with one, [`super::attest`] judges it.
pub(super) fn governance(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return Found::not_applicable(case);
    }
    Found::new(Outcome::NotEvaluable, Message::new("governance-recorded.none"), Vec::new())
        .gap(Gap::person("gap.governance"))
}
