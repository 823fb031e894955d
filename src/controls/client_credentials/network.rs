//! From where the app can log in.

use crate::controls::client_credentials::{Network, NetworkState};
use crate::kit::access::{Resolved, profile_name, profile_of};
use crate::kit::app::{places, unreadable, would_hold};
use crate::kit::ranges::{Merged, Width, classify};
use crate::kit::{Gap, Run};
use crate::model::{AddressBlock, EvidenceItem, Outcome};
use crate::snapshot::{App, Container, IpRange, IpRelaxation, Located, Locator, Place};
use crate::text::message::Message;

/// The judgement with everything that a criterion needs of it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) network: Network,
    pub(super) outcome: Outcome,
    pub(super) gaps: Vec<Gap>,
    pub(super) items: Vec<EvidenceItem>,
    pub(super) merged: Option<Merged>,
    pub(super) notes: Vec<Message>,
}

/// What the policy does with the ranges.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Policy {
    Enforces,
    Voids,
    Undefined,
    Absent,
    Unknown,
    Unreadable,
    Contradictory,
}

fn policy(run: &Run<'_>, app: &App) -> Policy {
    use crate::snapshot::Agreement;
    if unreadable(run, app, places(app.kind).policies) {
        return Policy::Unreadable;
    }
    if app.ip_relaxation.iter().any(|copy| copy.value == IpRelaxation::Unknown) {
        return Policy::Unknown;
    }
    match app.ip_relaxation.agreement() {
        Agreement::Absent => Policy::Absent,
        Agreement::Contradictory(_) => Policy::Contradictory,
        Agreement::Agreed(copy) => match copy.value {
            IpRelaxation::Enforce | IpRelaxation::EnforceRelaxRefresh => Policy::Enforces,
            IpRelaxation::Bypass => Policy::Voids,
            IpRelaxation::Bypass2Factor => Policy::Undefined,
            IpRelaxation::Unknown => Policy::Unknown,
        },
    }
}

/// The ranges of a profile, when all its copies agree.
enum Stated<'a> {
    Ranges(&'a Located<Vec<IpRange>>),
    /// Some of them: the profile is stored in pieces.
    Some(&'a Located<Vec<IpRange>>),
    Nothing,
    /// None in the pieces that are there.
    NotInPieces,
    NotExported,
    Unreadable,
    Contradictory,
}

/// The same for copies that differ in the order of their ranges only.
fn sorted(copy: &Located<Vec<IpRange>>) -> Vec<(&str, &str)> {
    let mut all: Vec<_> =
        copy.value.iter().map(|range| (range.start.value.as_str(), range.end.value.as_str())).collect();
    all.sort_unstable();
    all
}

fn stated(profile: &Container) -> Stated<'_> {
    if !profile.unread.is_empty() {
        return Stated::Unreadable; // another copy may state other ranges
    }
    let mut copies = profile.login_ranges.iter();
    match copies.next() {
        None if profile.in_pieces => Stated::NotInPieces,
        None if profile.from_file => Stated::Nothing,
        None => Stated::NotExported,
        Some(first) if copies.any(|copy| sorted(copy) != sorted(first)) => Stated::Contradictory,
        Some(first) if profile.ranges_in_pieces => Stated::Some(first),
        Some(first) => Stated::Ranges(first),
    }
}

const METADATA: &[&str] = &["metadata"];

/// Judges the network side of an app.
pub(super) fn judge(run: &Run<'_>, app: &App, user: &Resolved<'_>) -> Judged {
    let profile = user.record.and_then(|record| profile_of(run.index, record));
    let name = user.record.map_or("", |record| profile_name(profile, record));
    let items = profile.map(range_items).unwrap_or_default();
    with_ranges(run, app, user, (name, profile.map(stated)), items)
}

/// The same with a profile that admits one address.
pub(super) fn judge_narrow(run: &Run<'_>, app: &App, user: &Resolved<'_>) -> Judged {
    let at = app.sources.first().map_or_else(|| Locator::new(&"".into(), Place::File), |source| source.at.clone());
    let address = Located::new("203.0.113.1".to_owned(), "", at.clone());
    let ranges = vec![IpRange { start: address.clone(), end: address, description: None }];
    let ranges = Located::new(ranges, "", at.clone());
    let items = vec![EvidenceItem::value("loginIpRanges", &at, "203.0.113.1")];
    with_ranges(run, app, user, ("", Some(Stated::Ranges(&ranges))), items)
}

fn with_ranges(
    run: &Run<'_>,
    app: &App,
    user: &Resolved<'_>,
    (profile, ranges): (&str, Option<Stated<'_>>),
    stated: Vec<EvidenceItem>,
) -> Judged {
    let (policy, places) = (policy(run, app), places(app.kind));
    let mut items: Vec<EvidenceItem> =
        app.ip_relaxation.iter().map(|copy| EvidenceItem::seen(places.relaxation, copy)).collect();
    if items.is_empty() {
        items = would_hold(app, places.relaxation, places.policies);
    }
    items.extend(stated);
    let merged = match &ranges {
        Some(Stated::Ranges(copy) | Stated::Some(copy)) => Some(classify(&copy.value, &run.context.thresholds)),
        Some(Stated::Nothing) => Some(classify(&[], &run.context.thresholds)),
        _ => None,
    };
    // Ranges that lie in another file are not absent: those that are there can only show that too much is open.
    let whole = !matches!(ranges, Some(Stated::Some(_)));
    let width = merged.as_ref().map(|merged| merged.width);
    let width = width.filter(|width| whole || !matches!(width, Width::Empty | Width::NotPublic | Width::Narrow));
    let mut gaps = Vec::new();
    let (state, key) = match (policy, width) {
        (_, Some(Width::Empty)) => (NetworkState::None, "network-restricted.no-ranges"),
        (_, Some(Width::Everything)) => (NetworkState::None, "network-restricted.everything"),
        (Policy::Voids, _) => (NetworkState::None, "network-restricted.bypass"),
        (Policy::Enforces, Some(Width::Wide)) => (NetworkState::Wide, "network-restricted.wide"),
        (Policy::Enforces, Some(Width::WideV6)) => (NetworkState::Wide, "network-restricted.wide-ipv6"),
        (Policy::Enforces, Some(Width::Narrow)) => (NetworkState::Narrow, "network-restricted.narrow"),
        _ => {
            gaps.extend(range_gap(run, user, ranges.as_ref(), width));
            gaps.extend(merged.iter().filter(|merged| merged.width == Width::NotPublic).flat_map(whose));
            gaps.extend(policy_gap(policy));
            (NetworkState::Unknown, "network-restricted.unknown")
        }
    };
    let outcome = match state {
        NetworkState::Narrow => Outcome::Pass,
        NetworkState::Wide | NetworkState::None => Outcome::Fail,
        NetworkState::Unknown => Gap::outcome(&gaps),
    };
    let relaxation = app.ip_relaxation.iter().next().map(|copy| copy.raw.to_string()).unwrap_or_default();
    let shown = merged.as_ref().map(|merged| merged.shown.clone()).unwrap_or_default();
    let addresses = merged.as_ref().map(|merged| merged.addresses.clone()).unwrap_or_default();
    let mut because = Message::new(key)
        .with("profile", profile)
        .with("relaxation", relaxation.as_str())
        .with("ranges", shown.iter().map(|range| format!("{} to {}", range.first, range.last)).collect::<Vec<_>>())
        .with("addresses", addresses.as_str())
        .with("range_limit", run.context.thresholds.get("ipv4_range"))
        .with("total_limit", run.context.thresholds.get("ipv4_total"))
        .with("networks_limit", run.context.thresholds.get("ipv6_networks"));
    if state == NetworkState::Unknown
        && let Some(gap) = gaps.first()
    {
        because = because.with("gap", gap.text.clone());
    }
    let counted = merged.iter().filter(|merged| merged.width != Width::NotPublic);
    let notes =
        counted.flat_map(Merged::aside).map(|(block, ranges)| aside("note.ranges-aside", block, ranges)).collect();
    let network = Network { state, relaxation, ranges: shown, addresses, because };
    Judged { network, outcome, gaps, items, merged, notes }
}

fn range_items(profile: &Container) -> Vec<EvidenceItem> {
    let mut stated = Vec::new();
    for copy in profile.login_ranges.iter() {
        stated.extend(copy.value.is_empty().then(|| EvidenceItem::seen("loginIpRanges", copy)));
        for range in &copy.value {
            let both = format!("{} to {}", range.start.raw, range.end.raw);
            stated.push(EvidenceItem::value("loginIpRanges", &range.start.at, both));
        }
    }
    if stated.is_empty() {
        // A record cannot hold ranges, so the file is the one to look into.
        let file = profile.sources.iter().find(|at| !matches!(at.place, crate::snapshot::Place::Row(_)));
        return file.map(|at| EvidenceItem::missing("loginIpRanges", at)).into_iter().collect();
    }
    stated
}

fn range_gap(run: &Run<'_>, user: &Resolved<'_>, ranges: Option<&Stated<'_>>, width: Option<Width>) -> Option<Gap> {
    let label = user.record.and_then(|record| record.profile_name.as_ref()).map_or("", |name| name.value.as_str());
    let gap = match (ranges, width) {
        (_, Some(Width::Unreadable)) => Gap::export("gap.ranges-unreadable", METADATA),
        (Some(Stated::Unreadable), _) => Gap::export("gap.profile-unreadable", METADATA),
        (Some(Stated::Some(_) | Stated::NotInPieces), None) => Gap::person("gap.ranges-pieces"),
        (Some(Stated::Contradictory), _) => Gap::person("gap.ranges-contradictory"),
        (Some(Stated::NotExported), _) => crate::kit::access::translation_gap(run, label)
            .unwrap_or_else(|| Gap::export("gap.ranges-not-exported", METADATA)),
        (None, _) => match user.record {
            None => crate::kit::access::user_gap(user),
            Some(record) => crate::kit::access::profile_gap(run, record),
        },
        _ => return None,
    };
    Some(gap.with("user", user.name.as_str()))
}

/// A sentence about ranges of one block that no caller from the internet has.
fn aside(key: &'static str, block: AddressBlock, ranges: Vec<String>) -> Message {
    Message::new(key).with("block", Message::new(format!("block.{block}"))).with("ranges", ranges)
}

/// What to ask where all ranges are of such blocks.
fn whose(merged: &Merged) -> impl Iterator<Item = Gap> {
    let blocks = merged.aside().into_iter();
    blocks.map(|(block, ranges)| Gap { text: aside("gap.ranges-aside", block, ranges), ..Gap::person("") })
}

fn policy_gap(policy: Policy) -> Option<Gap> {
    match policy {
        Policy::Absent => Some(Gap::export("gap.relaxation-absent", &["metadata", "oauth-policy"])),
        Policy::Unknown => Some(Gap::export("gap.relaxation-unknown", &["metadata", "oauth-policy"])),
        Policy::Undefined => Some(Gap::person("gap.relaxation-undefined")),
        Policy::Unreadable => Some(Gap::export("gap.relaxation-unreadable", &["metadata", "oauth-policy"])),
        Policy::Contradictory => Some(Gap::person("gap.relaxation-contradictory")),
        Policy::Enforces | Policy::Voids => None,
    }
}
