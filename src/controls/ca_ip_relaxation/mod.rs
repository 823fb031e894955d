//! Whether login ranges hold for a connected app, and whether there are any for those who may use it.

use crate::controls::{Judge, Sheet};
use crate::kit::client::gate::Gate;
use crate::kit::client::setting::IP_RELAXATION;
use crate::kit::client::{Answer, Client};
use crate::kit::ranges::{Width, classify};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{Agreement, Container, ContainerKind, ContainerRef};

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let policy = client.word(&IP_RELAXATION);
    let Some(word) = policy.known() else { return policy.answered() };
    match word.as_str() {
        "bypass" | "bypass_2factor" => client.answer(Outcome::Fail, "relaxed", policy.items),
        "enforce" => enforced(client, policy.items),
        "enforce_relaxrefresh" => match client.refresh().gate {
            Gate::Closed => enforced(client, policy.items),
            Gate::Open => client.answer(Outcome::Fail, "relaxed-at-refresh", policy.items),
            Gate::Disputed => client.answer(Outcome::Review, "relaxed-perhaps", policy.items).disputed(),
            Gate::Unknown => client.answer(Outcome::Review, "relaxed-perhaps", policy.items),
        },
        other => Answer::new(Outcome::NotEvaluable, client.say("unknown").with("value", other), policy.items),
    }
}

/// The policy enforces what the profiles of those who may use the app say. Without profiles in the file anybody may, with
/// whatever profile, and no export shows all of them.
fn enforced(client: &Client<'_>, mut items: Vec<EvidenceItem>) -> Answer {
    let mut named = client.app.settings.of("profileName").map(|copy| copy.value.as_str()).peekable();
    let find = |name: &str| client.run.index.container(ContainerKind::Profile, &ContainerRef::Name(name.into()));
    let profiles: Option<Vec<&Container>> = match named.peek() {
        Some(_) => named.map(find).collect(),
        None => None,
    };
    let Some(profiles) = profiles else { return client.answer(Outcome::Review, "profiles-unknown", items) };
    for profile in &profiles {
        items.extend(profile.login_ranges.iter().flat_map(|copy| {
            copy.value.iter().map(|range| {
                let said = format!("{} to {}", range.start.value, range.end.value);
                EvidenceItem::value("loginIpRanges", &range.start.at, said)
            })
        }));
    }
    match profiles.iter().all(|profile| is_limited(client, profile)) {
        true => client.answer(Outcome::Pass, "enforced", items),
        false => client.answer(Outcome::Review, "no-ranges", items),
    }
}

/// Whether a profile that was read as a whole has ranges that limit something.
fn is_limited(client: &Client<'_>, profile: &Container) -> bool {
    let Agreement::Agreed(ranges) = profile.login_ranges.agreement() else { return false };
    let width = classify(&ranges.value, &client.run.context.thresholds).width;
    let limits = matches!(width, Width::NotPublic | Width::Narrow | Width::Wide | Width::WideV6);
    limits && profile.unread.is_empty() && !profile.ranges_in_pieces
}
