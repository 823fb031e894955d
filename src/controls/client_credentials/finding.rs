//! Observations become one finding: result, basis, effect, score, questions.

use super::case::Case;
use super::criteria::TABLE;
use super::facts::StatedFacts;
use super::{attest, missing, notes, supporting};
use crate::controls::client_credentials::score::{RateLimit, ScoreInputs, residual};
use crate::controls::client_credentials::{Basis, ExecutionUser, FlowState, NetworkState, PrivilegeState, UserState};
use crate::kit::app::Why;
use crate::kit::{Found, Gap};
use crate::model::{
    Confidence, Facts, Finding, Observation, Outcome, Question, Score, Source, Subject, Tenths, Weight, Word,
};
use crate::snapshot::{AppKind, Coverage, Kind, Setting, Text};
use crate::text::message::{Arg, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What each criterion came to.
type Outcomes<'a> = BTreeMap<&'a str, Outcome>;

/// Judges one app.
pub(super) fn of(case: &Case<'_>) -> Finding {
    let (observations, mut questions) = observe(case);
    let excluded = attest::exclusion(case, "").is_some();
    let outcomes: Outcomes<'_> = observations.iter().map(|one| (one.criterion.as_ref(), one.outcome())).collect();
    let (result, basis) = if excluded { (Outcome::NotTested, None) } else { result(case, &outcomes) };
    let rate = rate(case, &outcomes);
    let low = case.is_connected() && result == Outcome::Review && case.flow.state == FlowState::On;
    questions.extend(low.then(|| missing::question(case, Gap::person("gap.low-risk"), &Word::new("flow-disabled"))));
    questions.shrink_to_fit();
    let score = (is_scored(case, basis) && !excluded).then(|| case.scores.of(&inputs(case, rate)));
    let confidence = (!excluded).then(|| confidence(case, score.as_deref())).flatten();
    Finding {
        id: String::new(),
        control: Word::from(case.run.control.key.clone()),
        subject: subject(case),
        result,
        basis: basis.map(Into::into),
        because: because(case, result, basis, &observations),
        effect: effect(case),
        phrases: phrases(case, basis, rate, &observations),
        observations,
        facts: facts(case),
        rights_number: None,
        rights: Arc::clone(&case.privilege.privilege.rights),
        score,
        confidence,
        used_objects: case.used.clone(),
        questions,
        does_not_count: does_not_count(case),
        actions: Vec::new(),
        notes: notes::of(case),
        disposition: None,
        cause: None,
        management_response: None,
        business_impact: None,
        comment: None,
        first_seen: None,
        delta: None,
        moved: Vec::new(),
    }
}

fn observe(case: &Case<'_>) -> (Vec<Observation>, Vec<Question>) {
    let mut observations = Vec::with_capacity(case.run.control.criteria.len());
    let mut questions = Vec::new();
    for criterion in &case.run.control.criteria {
        let id = &criterion.id;
        if let Some(exclusion) = attest::exclusion(case, "").or_else(|| attest::exclusion(case, id)) {
            let because = Message::new("criterion.excluded").with("by", &exclusion.by).with("why", &exclusion.why);
            observations.push(Observation::new(id, criterion.weight, Outcome::NotTested, because, Vec::new()));
            continue;
        }
        let (mut found, attested) = answered(case, id);
        questions.extend(std::mem::take(&mut found.gaps).into_iter().map(|gap| missing::question(case, gap, id)));
        let mut observation = found.observation(id, criterion.weight);
        if attested || case.user.attested && *id == "execution-user-identified" {
            observation.source = Source::Attested;
        }
        observations.push(observation);
    }
    observations.shrink_to_fit();
    questions.shrink_to_fit();
    (observations, questions)
}

/// What a criterion finds, a person's answer taken into account, and whether there was one.
fn answered(case: &Case<'_>, id: &str) -> (Found, bool) {
    let found = match TABLE.iter().find(|(known, _)| *known == id) {
        Some((_, judge)) => judge(case),
        None => Found::new(Outcome::NotEvaluable, Message::new("criterion.unknown"), Vec::new()),
    };
    attest::answer(case, id, found)
}

/// What a change of an app comes to, as far as it matters for the question whether to make it.
pub(super) struct Outlook {
    pub(super) result: Outcome,
    /// CVSS 3.1 and 4.0; none where a pass has none.
    pub(super) score: Option<(Tenths, Tenths)>,
    /// By criterion, in catalogue order.
    pub(super) outcomes: Vec<Outcome>,
}

/// Judges an app again: the criteria that a change touches; the others are as they were.
pub(super) fn outlook(case: &Case<'_>, before: &Finding, touched: &dyn Fn(&str) -> bool) -> Outlook {
    let judged = before.observations.iter().map(|one| match touched(&one.criterion) {
        true if one.outcome() != Outcome::NotTested => answered(case, &one.criterion).0.counts(),
        _ => one.outcome(),
    });
    let outcomes: Vec<Outcome> = judged.collect();
    let criteria = before.observations.iter().map(|one| one.criterion.as_ref());
    let by_criterion: Outcomes<'_> = criteria.zip(outcomes.iter().copied()).collect();
    let (result, basis) = result(case, &by_criterion);
    let score = is_scored(case, basis).then(|| residual(&inputs(case, rate(case, &by_criterion))));
    Outlook { result, score, outcomes }
}

/// Whether a result has a score: an app that cannot log in by this flow has none.
fn is_scored(case: &Case<'_>, basis: Option<Basis>) -> bool {
    let usable = !matches!(case.flow.state, FlowState::Off | FlowState::Dormant);
    (usable || !case.is_connected()) && !matches!(basis, Some(Basis::FlowOff | Basis::ReplacedByJwt | Basis::Dormant))
}

fn rate(case: &Case<'_>, outcomes: &Outcomes<'_>) -> RateLimit {
    match outcomes.get("request-rate-limited") {
        Some(Outcome::Pass) => RateLimit::Present,
        Some(Outcome::Fail) => RateLimit::Absent,
        _ => supporting::rate_limit(case),
    }
}

fn result(case: &Case<'_>, outcomes: &Outcomes<'_>) -> (Outcome, Option<Basis>) {
    if outcomes.get("flow-disabled") == Some(&Outcome::NotTested) {
        return (Outcome::Review, None);
    }
    match case.flow.state {
        FlowState::Off if case.flow.why == Why::NoOauth => return (Outcome::NotApplicable, None),
        FlowState::Off if outcomes.get("certificate-alternative") == Some(&Outcome::Pass) => {
            return (Outcome::Pass, Some(Basis::ReplacedByJwt));
        }
        FlowState::Off => return (Outcome::Pass, Some(Basis::FlowOff)),
        FlowState::Unknown => return (Outcome::NotEvaluable, None),
        FlowState::Contradictory => return (Outcome::Review, None),
        FlowState::Dormant if case.is_connected() => return (Outcome::Review, None),
        FlowState::Dormant => return (Outcome::Pass, Some(Basis::Dormant)),
        FlowState::On => {}
    }
    let decisive = case.run.control.criteria.iter().filter(|criterion| criterion.weight == Weight::Decisive);
    let decisive: Vec<Outcome> = decisive.filter_map(|one| outcomes.get(one.id.as_str()).copied()).collect();
    if case.is_connected() {
        // What fails is the switch; the published state of low risk is for a person to accept.
        let low = !decisive.is_empty() && decisive.iter().all(|one| *one == Outcome::Pass);
        return (if low { Outcome::Review } else { Outcome::Fail }, None);
    }
    if decisive.contains(&Outcome::Fail) {
        (Outcome::Fail, None)
    } else if !decisive.is_empty() && decisive.iter().all(|one| *one == Outcome::Pass) {
        (Outcome::Pass, Some(Basis::Hardened))
    } else if decisive.contains(&Outcome::NotEvaluable) {
        (Outcome::NotEvaluable, None)
    } else {
        (Outcome::Review, None)
    }
}

fn inputs(case: &Case<'_>, rate: RateLimit) -> ScoreInputs {
    let control = case.run.control;
    ScoreInputs {
        base31: control.base31.clone(),
        base40: control.base40.clone(),
        range_high: control.range_high,
        impact: case.privilege.impact,
        complete: case.privilege.complete,
        rate,
        scopes: supporting::scope_class(case),
        network: case.network.network.state,
        secret_exposed: exposed(case),
        flow_unknown: case.flow.state == FlowState::Unknown,
        if_on: matches!(case.flow.state, FlowState::Unknown | FlowState::Contradictory),
    }
}

/// How sure the result is. The policy switches the flow off by itself; that the setting alone does is inferred.
fn confidence(case: &Case<'_>, score: Option<&Score>) -> Option<Confidence> {
    match (case.flow.state, case.flow.why) {
        (FlowState::Off, Why::OffBySetting) if !case.is_connected() => Some(Confidence::Medium),
        (FlowState::Off, _) => Some(Confidence::High),
        (FlowState::Dormant, Why::UserInactive) => match case.run.coverage(Kind::UserRecords) {
            Coverage::Complete { .. } => Some(Confidence::High),
            _ => Some(Confidence::Medium),
        },
        (FlowState::Dormant, _) => Some(Confidence::High),
        _ => score.map(|score| score.confidence),
    }
}

pub(super) fn exposed(case: &Case<'_>) -> bool {
    case.app.secret.iter().any(|copy| copy.value == crate::snapshot::SecretPresence::ClearText)
}

fn facts(case: &Case<'_>) -> Facts {
    Facts::of(&StatedFacts {
        flow_state: case.flow.state,
        distribution_state: first(&case.app.distribution_state),
        execution_user: execution_user(case),
        privilege: case.privilege.privilege.clone(),
        network: case.network.network.clone(),
        scopes: supporting::scopes(case),
        paired_with: case.pair.unwrap_or_default().to_owned(),
        advice: None,
    })
}

fn first(seen: &crate::snapshot::Seen<String>) -> String {
    seen.iter().next().map(|copy| copy.value.clone()).unwrap_or_default()
}

fn subject(case: &Case<'_>) -> Subject {
    let app = case.app;
    let mut sources: Vec<String> = app.sources.iter().map(|source| source.at.to_string()).collect();
    sources.dedup();
    Subject {
        kind: match app.kind {
            AppKind::External => "external_client_app".to_owned(),
            AppKind::Connected => "connected_app".to_owned(),
        },
        api_name: app.name.clone(),
        label: first(&app.label),
        namespace: first(&app.namespace),
        sources,
    }
}

fn execution_user(case: &Case<'_>) -> ExecutionUser {
    let record = case.user.record;
    let profile = record.and_then(|user| crate::kit::access::profile_of(case.run.index, user));
    let others = record.and_then(|user| case.run.holders.others(profile, user));
    // That nobody else has it is known only if all users are.
    let known = others.as_ref().filter(|others| others.all || others.count > 0);
    let profile_shared_by = known.map(|others| others.count);
    let profile_users = others.unwrap_or_default().names;
    ExecutionUser {
        name: if case.user.state == UserState::Placeholder { String::new() } else { case.user.name.clone() },
        state: case.user.state,
        profile: record.map_or_else(String::new, |user| crate::kit::access::profile_name(profile, user).to_owned()),
        license: record.map_or_else(String::new, |user| text(&user.license)),
        shared_with: case.others.apps.clone(),
        connected_apps: super::user::names(&case.others.connected),
        browser_logins: case.browser.logins(),
        last_login: record.map_or_else(String::new, |user| text(&user.last_login)),
        profile_shared_by,
        profile_users,
    }
}

fn text(setting: &Setting<Text>) -> String {
    setting.as_ref().map(|text| text.value.to_string()).unwrap_or_default()
}

fn because(case: &Case<'_>, result: Outcome, basis: Option<Basis>, observations: &[Observation]) -> Message {
    if let Some(exclusion) = attest::exclusion(case, "") {
        let usable = case.flow.state == FlowState::On && case.user.state == UserState::Active;
        let key = if usable { "result.not-tested-on" } else { "result.not-tested" };
        let because = Message::new(key).with("by", exclusion.by.as_str()).with("why", exclusion.why.as_str());
        return if usable { because.with("user", case.user.name.as_str()) } else { because };
    }
    let key = match (result, basis) {
        (_, Some(basis)) => format!("result.{basis}"),
        (Outcome::NotEvaluable, _) if case.flow.state == FlowState::Unknown => "result.flow-unknown".to_owned(),
        (Outcome::Review, _) if case.flow.state == FlowState::Contradictory => "result.contradictory".to_owned(),
        (Outcome::Review, _) if case.is_connected() && case.flow.state == FlowState::On => "result.low-risk".to_owned(),
        (other, _) => format!("result.{other}"),
    };
    let decisive: Vec<&Observation> =
        observations.iter().filter(|one| one.weight == Weight::Decisive && one.outcome() == result).collect();
    let telling = match basis {
        Some(Basis::ReplacedByJwt) => observations.iter().find(|one| one.criterion == "certificate-alternative"),
        Some(Basis::Hardened) => observations.iter().find(|one| one.criterion == "network-restricted"),
        Some(_) => None,
        // What makes it fail is the switch.
        None if case.is_connected() => None,
        None => decisive.first().copied(),
    };
    let detail = telling
        .map_or_else(|| Message::new(format!("flow-disabled.{}", case.flow.why.word())), |one| one.because.clone());
    Message::new(key).with("app", case.app.name.as_str()).with("detail", detail).with("count", decisive.len())
}

fn needs_met(case: &Case<'_>, need: &str) -> Option<Vec<String>> {
    let granted = case.privilege.reach.effective.permissions.keys();
    let found: Vec<String> = match need.split_once(':') {
        None => granted.filter(|name| *name == need).map(|name| label(case, name)).collect(),
        Some(("category", wanted)) => granted
            .filter(|name| case.run.control.permissions.get(*name).is_some_and(|one| one.has_category(wanted)))
            .filter(|name| case.run.control.permissions.get(*name).is_some_and(|one| one.tier != "low"))
            .map(|name| label(case, name))
            .collect(),
        Some(("object", right)) => {
            let suffix = format!(": {right}");
            let grants = case.privilege.privilege.rights.grants.iter();
            grants.filter(|grant| grant.name.ends_with(&suffix)).map(|grant| grant.name.clone()).collect()
        }
        Some(("network", state)) => return (case.network.network.state.word() == state).then(Vec::new),
        Some(("secret", "clear_text")) => return exposed(case).then(Vec::new),
        Some(("user", "shared")) => return (!case.others.names().is_empty()).then(Vec::new),
        Some(_) => return None,
    };
    (!found.is_empty()).then_some(found)
}

pub(super) fn label(case: &Case<'_>, name: &str) -> String {
    case.run.control.permissions.get(name).map_or_else(|| name.to_owned(), |one| one.label.clone())
}

/// Most permissions and rights that a threat names.
const PERMISSIONS: usize = 30;

/// Threats whose needs the real grants meet.
fn effect(case: &Case<'_>) -> Vec<Message> {
    let off = case.flow.state == FlowState::Off;
    let mut effect = Vec::new();
    for threat in &case.run.control.threats {
        if off && !threat.needs.iter().any(|need| need.starts_with("secret:")) {
            continue;
        }
        let met: Vec<Vec<String>> = threat.needs.iter().filter_map(|need| needs_met(case, need)).collect();
        if met.is_empty() {
            continue;
        }
        let permissions: BTreeSet<String> = met.into_iter().flatten().collect();
        let permissions = Arg::some(permissions.into_iter().collect(), PERMISSIONS);
        let user = match case.user.name.as_str() {
            "" => Message::new("user.unnamed").into(),
            name => Arg::from(name),
        };
        let threat = Message::new(format!("threat.{}", threat.id));
        effect.push(threat.with("permissions", permissions).with("user", user).with("app", case.app.name.as_str()));
    }
    effect
}

fn phrases(case: &Case<'_>, basis: Option<Basis>, rate: RateLimit, observations: &[Observation]) -> Vec<String> {
    let off = case.flow.state == FlowState::Off;
    let open = matches!(case.network.network.state, NetworkState::None | NetworkState::Wide);
    let governed =
        observations.iter().any(|one| one.criterion == "governance-recorded" && one.outcome() == Outcome::Pass);
    let phrases = case.run.control.phrases.iter().map(|phrase| phrase.id.as_str());
    let held = phrases.filter(|id| match *id {
        "higher.broad-privilege" if case.is_connected() => !off && administers(case),
        "higher.broad-privilege" => !off && case.privilege.privilege.state >= PrivilegeState::Elevated,
        "higher.unrestricted" => !off && open && rate == RateLimit::Absent,
        "low.jwt-replacement" => basis == Some(Basis::ReplacedByJwt),
        "low.narrow" if case.is_connected() => low_risk(case, observations),
        "low.narrow" => basis == Some(Basis::Hardened),
        "risk.static-secret" => exposed(case),
        "risk.accountability" => !off && (!case.others.names().is_empty() || case.browser.logins() > 0),
        "practice.minimum-access" => !off && case.privilege.privilege.least,
        "practice.lifecycle" => governed,
        _ => false,
    });
    held.map(str::to_owned).collect()
}

/// Whether the run-as user is an administrator as the page on connected apps has it.
fn administers(case: &Case<'_>) -> bool {
    let profile = case.user.record.and_then(|user| crate::kit::access::profile_of(case.run.index, user));
    profile.is_some_and(|profile| profile.name == "Admin") || case.privilege.holds("ModifyAllData").is_some()
}

/// Whether the flow is on and everything else is as the published state of low risk has it.
fn low_risk(case: &Case<'_>, observations: &[Observation]) -> bool {
    let mut decisive = observations.iter().filter(|one| one.weight == Weight::Decisive);
    case.flow.state == FlowState::On && decisive.all(|one| one.outcome() == Outcome::Pass)
}

fn does_not_count(case: &Case<'_>) -> Vec<Message> {
    let app = case.app;
    let ranges = [
        ("does-not-count.trusted-ranges", app.trusted_ranges.len()),
        ("does-not-count.token-ranges", app.token_ranges.len()),
        ("does-not-count.org-ranges", case.run.snapshot.org.trusted_ranges.len()),
    ];
    let ranges = ranges.into_iter().filter(|(_, count)| *count > 0);
    let ranges = ranges.map(|(key, count)| Message::new(key).with("count", count));
    let users = app.permitted_users.iter().next();
    let users = users.map(|users| Message::new("does-not-count.permitted-users").with("value", users.raw.as_str()));
    ranges.chain(users).collect()
}
