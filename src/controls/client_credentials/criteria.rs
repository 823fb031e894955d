//! The table of criteria, the gate, the decisive ones and those on the execution user.

use super::case::{Case, not_applicable};
use super::{dedicated, supporting, usage};
use crate::controls::client_credentials::{FlowState, UserState};
use crate::kit::app::{Why, unreadable};
use crate::kit::{Found, Gap, access};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{Agreement, App, AppKind, SecretPresence};
use crate::text::message::{Arg, Message};
use std::collections::BTreeSet;

/// A criterion's judge.
pub(super) type Judge = fn(&Case<'_>) -> Found;

/// One function for each criterion, in catalogue order.
/// That of real-time monitoring is judged of connected apps alone.
pub(super) const TABLE: &[(&str, Judge)] = &[
    ("flow-disabled", flow_disabled),
    ("execution-user-least-privilege", least_privilege),
    ("network-restricted", network_restricted),
    ("secret-not-exposed", secret_not_exposed),
    ("api-monitored", supporting::monitored),
    ("execution-user-identified", identified),
    ("execution-user-api-only", api_only),
    ("execution-user-dedicated", dedicated::dedicated),
    ("request-rate-limited", supporting::rate_limited),
    ("scopes-minimal", supporting::scopes_minimal),
    ("certificate-alternative", supporting::certificate),
    ("use-observed", usage::use_observed),
    ("governance-recorded", supporting::governance),
];

/// The places that name an app. Its own file is named after it.
pub(super) fn named(app: &App) -> impl Iterator<Item = EvidenceItem> {
    app.sources.iter().map(|source| {
        let name = if source.raw.is_empty() { &app.name } else { &source.raw };
        let what = match app.kind {
            AppKind::External => "externalClientApplication",
            AppKind::Connected => "ConnectedApp",
        };
        EvidenceItem::value(what, &source.at, name)
    })
}

fn flow_disabled(case: &Case<'_>) -> Found {
    let outcome = match case.flow.state {
        FlowState::Off if case.flow.why == Why::NoOauth => Outcome::NotApplicable,
        FlowState::Off => Outcome::Pass,
        // The page on connected apps asks to disable the flow; that on External Client Apps names hardened states.
        FlowState::On if case.is_connected() => Outcome::Fail,
        FlowState::On | FlowState::Dormant | FlowState::Contradictory => Outcome::Review,
        FlowState::Unknown => Outcome::NotEvaluable,
    };
    let found =
        Found::new(outcome, Message::new(format!("flow-disabled.{}", case.flow.why.word())), case.flow.items.clone());
    match case.flow.state {
        FlowState::Off => found,
        FlowState::Unknown => found.gap(Gap::export("gap.flow", &["metadata", "oauth-policy"])),
        FlowState::Contradictory => found.gap(Gap::person("gap.flow-contradictory")),
        FlowState::Dormant => found.gap(Gap::person("gap.flow-dormant")),
        FlowState::On if case.is_connected() => found,
        FlowState::On => found.gap(Gap::person("gap.flow-on")),
    }
}

/// Most permissions that a sentence names.
const GRANTS: usize = 5;

fn least_privilege(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let judged = &case.privilege;
    let key = match judged.outcome {
        Outcome::Pass => "execution-user-least-privilege.pass",
        Outcome::Fail if judged.privilege.at_least => "execution-user-least-privilege.fail-at-least",
        Outcome::Fail => "execution-user-least-privilege.fail",
        Outcome::Review if judged.complete => "execution-user-least-privilege.broken",
        Outcome::Review => "execution-user-least-privilege.not-proven",
        _ => "execution-user-least-privilege.unknown",
    };
    let rights = &judged.privilege.rights;
    let mut because = Message::new(key)
        .with("user", case.user.name.as_str())
        .with("state", Message::new(format!("privilege.{}", judged.privilege.state)))
        .with("count", rights.objects.len());
    if !rights.grants.is_empty() {
        let labels = rights.grants.iter().map(|grant| grant.label.clone());
        let grants = Arg::some_of(labels, rights.grants.len(), GRANTS);
        because = because.with("grants", Message::new("privilege.through").with("grants", grants));
    } else {
        because = because.with("grants", Message::new("privilege.through-objects"));
    }
    because = because.with("conditions", judged.privilege.broken.len()).with("gaps", judged.gaps.len());
    let mut proof: Vec<&EvidenceItem> = judged.reach.places.iter().collect();
    if judged.outcome == Outcome::Pass {
        // Least privilege is shown by the little that there is.
        let held = rights.object_rights.iter().flat_map(|object| &object.rights);
        proof.extend(held.flat_map(|held| &held.items));
    }
    let mut seen = BTreeSet::new();
    proof.retain(|item| seen.insert(*item));
    let (places, further) = proof.split_at(proof.len().min(crate::kit::access::PLACES));
    let mut items: Vec<EvidenceItem> = places.iter().copied().cloned().collect();
    if judged.outcome == Outcome::Pass {
        items.extend(api_only_items(case));
    }
    items.extend(case.user.items.iter().cloned());
    items.extend(judged.reach.effective.items.iter().cloned());
    let mut cited = BTreeSet::new();
    items.retain(|item| cited.insert(item.clone()));
    let further = further.iter().filter(|item| !cited.contains(**item)).count();
    let mut found = Found::new(judged.outcome, because, items);
    found.further = further;
    found.gaps.clone_from(&judged.gaps);
    if judged.outcome == Outcome::Review {
        let broken = judged.privilege.broken.iter().cloned();
        found.gaps.extend(broken.map(|condition| Gap::person("gap.least-condition").with("condition", condition)));
    }
    found
}

fn network_restricted(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let judged = &case.network;
    let mut found = Found::new(judged.outcome, judged.network.because.clone(), judged.items.clone());
    found.gaps.clone_from(&judged.gaps);
    found
}

fn secret_not_exposed(case: &Case<'_>) -> Found {
    const SETTING: &str = "consumerSecret";
    let copies = &case.app.secret;
    let exposed = copies.iter().filter(|copy| copy.value == SecretPresence::ClearText);
    let exposed: Vec<EvidenceItem> = exposed.map(|copy| EvidenceItem::withheld(SETTING, &copy.at)).collect();
    if !exposed.is_empty() {
        return Found::new(Outcome::Fail, Message::new("secret-not-exposed.fail"), exposed);
    }
    if unreadable(&case.run, case.app, case.places().global) {
        let gap = Gap::export("gap.secret-unreadable", &["metadata"]);
        return Found::new(Outcome::NotEvaluable, Message::new("secret-not-exposed.unreadable"), Vec::new()).gap(gap);
    }
    let files = looked_into(case);
    // Without a copy, what was read of the app is all there is to show that its settings are not among it.
    if copies.is_empty() && files.is_empty() {
        return Found::new(Outcome::Pass, Message::new("secret-not-exposed.no-file"), named(case.app).collect());
    }
    let present: Vec<SecretPresence> = copies.iter().map(|copy| copy.value).collect();
    let key = match () {
        () if present.is_empty() => "secret-not-exposed.no-settings",
        () if present.contains(&SecretPresence::Masked) => "secret-not-exposed.masked",
        () if present.contains(&SecretPresence::Placeholder) => "secret-not-exposed.placeholder",
        () => "secret-not-exposed.absent",
    };
    let because = Message::new(key).with("n", files.len()).with("endings", endings(&files));
    if present.is_empty() {
        return Found::new(Outcome::Pass, because, named(case.app).collect());
    }
    let items = copies.iter().map(|copy| match copy.value {
        SecretPresence::Absent => EvidenceItem::missing(SETTING, &copy.at),
        _ => EvidenceItem::withheld(SETTING, &copy.at),
    });
    Found::new(Outcome::Pass, because, items.collect())
}

/// Paths of the app's files, copies of them included: all that a secret of it was looked for in.
fn looked_into<'a>(case: &Case<'a>) -> BTreeSet<&'a str> {
    let own = case.app.sources.iter().filter(|source| !source.kind.is_records()).map(|source| &source.at);
    own.chain(case.app.secret.iter().map(|copy| &copy.at)).map(|at| at.path.as_ref()).collect()
}

/// The endings of files, each once: `.ecaGlblOauth`, `.ecaGlblOauth-meta.xml.bak`.
fn endings(paths: &BTreeSet<&str>) -> Vec<String> {
    let endings = paths.iter().map(|path| {
        let file = path.rsplit('/').next().unwrap_or(path);
        let from = file.find('.').unwrap_or_default();
        let whole = file.get(from..).unwrap_or(file);
        whole.strip_suffix("-meta.xml").unwrap_or(whole)
    });
    endings.collect::<BTreeSet<&str>>().into_iter().map(str::to_owned).collect()
}

fn identified(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let outcome = match case.user.state {
        UserState::Active => Outcome::Pass,
        UserState::Unnamed | UserState::NotFound | UserState::Inactive => Outcome::Fail,
        UserState::Contradictory => Outcome::Review,
        UserState::NotExported | UserState::Placeholder | UserState::Unknown | UserState::Unreadable => {
            Outcome::NotEvaluable
        }
    };
    let because =
        Message::new(format!("execution-user-identified.{}", case.user.state)).with("user", case.user.name.as_str());
    let found = Found::new(outcome, because, case.user.items.clone());
    // Whoever is known to be inactive is known: nothing is missing.
    let known = matches!(case.user.state, UserState::Active | UserState::Inactive);
    if known { found } else { found.gap(access::user_gap(&case.user)) }
}

/// What shows that the user is API only.
fn api_only_items(case: &Case<'_>) -> Vec<EvidenceItem> {
    let paths = case.privilege.holds("ApiUserOnly").unwrap_or_default();
    paths.iter().flat_map(|path| path.steps.iter()).filter_map(|step| step.item.clone()).collect()
}

fn api_only_because(case: &Case<'_>, what: &str) -> Message {
    Message::new(format!("execution-user-api-only.{what}")).with("user", case.user.name.as_str())
}

fn api_only(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let paths = case.privilege.holds("ApiUserOnly").unwrap_or_default();
    let items = api_only_items(case);
    if case.privilege.holds_always("ApiUserOnly") {
        return Found::new(Outcome::Pass, api_only_because(case, "pass"), items);
    }
    // Object rights do not matter here; every other gap could hide the permission.
    let gaps: Vec<Gap> = case.privilege.gaps.iter().filter(|gap| !gap.rights_only).cloned().collect();
    if !gaps.is_empty() {
        let mut found = Found::new(Gap::outcome(&gaps), api_only_because(case, "unknown"), items);
        found.gaps = gaps;
        return found;
    }
    let what = if paths.is_empty() { "fail" } else { "on-activation" };
    let items = if items.is_empty() { case.privilege.reach.effective.items.clone() } else { items };
    Found::new(Outcome::Fail, api_only_because(case, what), items)
}

/// Whether two copies of a list disagree.
pub(super) fn contradictory<T: PartialEq>(seen: &crate::snapshot::Seen<T>) -> bool {
    matches!(seen.agreement(), Agreement::Contradictory(_))
}
