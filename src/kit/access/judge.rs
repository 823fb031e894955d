//! Grading: grants become an impact, a state, and the question whether least privilege holds.

use super::collect::{Effective, Path, collect};
use super::rights::object_rights;
use super::used::{sensitive_use, unproven};
use crate::kit::access::Resolved;
use crate::kit::access::{Privilege, PrivilegeState};
use crate::kit::is_sensitive;
use crate::kit::{Gap, Run};
use crate::model::{EvidenceItem, Grant, Impact, Level, Outcome, Rights, UsedObject};
use crate::snapshot::{ObjectGrant, UNNAMED_OBJECT};
use crate::text::message::{Arg, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most permissions and rights that the sentence of a condition names.
const NAMED: usize = 30;

/// Most places of a user's grants that each app that runs as it cites. All of them stand with the rights of the user.
pub(crate) const PLACES: usize = 100;

/// What reaches a user and what it comes to: the same for every app that runs as it, so it is made and held once.
#[derive(Debug)]
pub(crate) struct Reach {
    pub(crate) effective: Effective,
    pub(crate) impact: Impact,
    pub(crate) rights: Arc<Rights>,
    /// Conditions of least privilege that its rights break.
    broken: Vec<Message>,
    /// What shows its grants, each place once.
    pub(crate) places: Vec<EvidenceItem>,
}

/// The judgement with everything that other criteria need of it.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) privilege: Privilege,
    pub(crate) impact: Impact,
    pub(crate) complete: bool,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) outcome: Outcome,
    pub(crate) reach: Arc<Reach>,
}

impl Judged {
    /// Whether the user holds a permission, activation aside.
    pub(crate) fn holds(&self, permission: &str) -> Option<&[Path]> {
        self.reach.effective.permissions.get(permission).map(Vec::as_slice)
    }

    /// Whether the user holds a permission without having to activate it.
    pub(crate) fn holds_always(&self, permission: &str) -> bool {
        self.holds(permission).is_some_and(|paths| paths.iter().any(Path::is_sure))
    }
}

const API_ONLY: &str = "ApiUserOnly";

/// Most objects with any access that least privilege leaves.
pub(crate) fn most_objects(run: &Run<'_>) -> usize {
    usize::try_from(run.context.thresholds.get("objects")).unwrap_or(usize::MAX)
}

/// The state that an impact stands for.
pub(crate) fn state_of(impact: Impact) -> PrivilegeState {
    match (impact.c, impact.i, impact.a) {
        (Level::H, Level::H, Level::H) => PrivilegeState::Broad,
        (_, Level::H, _) | (_, _, Level::H) => PrivilegeState::Elevated,
        (Level::H, Level::L, _) => PrivilegeState::Moderate,
        (Level::H, ..) => PrivilegeState::BulkRead,
        (_, Level::L, _) => PrivilegeState::Narrow,
        _ => PrivilegeState::NarrowReadOnly,
    }
}

fn right_impact(right: ObjectGrant) -> Impact {
    use Level::{H, L, N};
    let (c, i, a) = match right {
        ObjectGrant::ModifyAllRecords => (H, H, L),
        ObjectGrant::ViewAllRecords | ObjectGrant::ViewAllFields => (H, N, N),
        ObjectGrant::Create | ObjectGrant::Edit => (N, L, N),
        ObjectGrant::Delete => (N, L, L),
        ObjectGrant::Read => (L, N, N),
    };
    Impact { c, i, a }
}

fn is_all(right: ObjectGrant) -> bool {
    matches!(right, ObjectGrant::ModifyAllRecords | ObjectGrant::ViewAllRecords | ObjectGrant::ViewAllFields)
}

fn steps(paths: &[Path]) -> Vec<Vec<crate::model::GrantStep>> {
    paths.iter().map(|path| path.steps.clone()).collect()
}

fn permission_grant(run: &Run<'_>, name: &str, paths: &[Path]) -> Grant {
    let graded = run.control.permissions.get(name);
    let unclassified = Impact { c: Level::L, i: Level::L, a: Level::N };
    Grant {
        name: name.to_owned(),
        label: graded.map_or(name, |graded| graded.label.as_str()).to_owned(),
        tier: graded.map_or("unclassified", |graded| graded.tier.as_str()).to_owned(),
        category: graded.map_or("", |graded| graded.category.as_str()).to_owned(),
        impact: graded.map_or(unclassified, |graded| graded.impact),
        on_activation: paths.iter().all(Path::on_activation),
        implies: Vec::new(),
        paths: steps(paths),
    }
}

fn object_grant(object: &str, right: ObjectGrant, paths: &[Path]) -> Grant {
    Grant {
        name: format!("{object}: {}", right.element()),
        label: format!("{object}: {}", right.element()),
        tier: "object".to_owned(),
        category: right.element().to_owned(),
        impact: right_impact(right),
        on_activation: paths.iter().all(Path::on_activation),
        implies: Vec::new(),
        paths: steps(paths),
    }
}

fn rank(tier: &str) -> usize {
    const ORDER: [&str; 5] = ["critical", "high", "object", "moderate", "unclassified"];
    ORDER.iter().position(|known| *known == tier).unwrap_or(ORDER.len())
}

/// Folds permissions that came along with a stronger one into its statement.
fn fold(run: &Run<'_>, grants: Vec<Grant>) -> Vec<Grant> {
    let held: BTreeSet<String> = grants.iter().map(|grant| grant.name.clone()).collect();
    let mut folded: BTreeMap<String, String> = BTreeMap::new();
    for grant in &grants {
        if folded.contains_key(&grant.name) {
            continue;
        }
        for implied in run.control.implied_by(&grant.name) {
            if implied != grant.name
                && held.contains(implied)
                && !run.control.implied_by(implied).contains(grant.name.as_str())
            {
                folded.entry(implied.to_owned()).or_insert_with(|| grant.name.clone());
            }
        }
    }
    let mut kept: Vec<Grant> = Vec::new();
    for mut grant in grants {
        if folded.contains_key(&grant.name) {
            continue;
        }
        grant.implies = run
            .control
            .implied_by(&grant.name)
            .into_iter()
            .filter(|implied| *implied != grant.name && held.contains(*implied))
            .map(str::to_owned)
            .collect();
        kept.push(grant);
    }
    kept
}

/// What reaches a user, whatever app runs as it.
pub(crate) fn reach(run: &Run<'_>, user: &Resolved<'_>) -> Reach {
    graded(run, &user.name, collect(run, user, &BTreeSet::new()))
}

/// What comes to what: grants in their order, and the conditions that they break.
pub(crate) fn graded(run: &Run<'_>, user: &str, effective: Effective) -> Reach {
    let mut impact = Impact::NONE;
    let mut grants = Vec::new();
    for (name, paths) in &effective.permissions {
        let grant = permission_grant(run, name, paths);
        impact = impact.max(grant.impact);
        if !matches!(grant.tier.as_str(), "low" | "protective") {
            grants.push(grant);
        }
    }
    for ((object, right), paths) in &effective.objects {
        impact = impact.max(right_impact(*right));
        if is_all(*right) {
            grants.push(object_grant(object, *right, paths));
        }
    }
    grants.sort_by(|a, b| rank(&a.tier).cmp(&rank(&b.tier)).then(b.impact.cmp(&a.impact)).then(a.name.cmp(&b.name)));
    let objects = effective.objects.keys().map(|(object, _)| object.clone());
    let objects: BTreeSet<String> = objects.filter(|object| object != UNNAMED_OBJECT).collect();
    let broken = broken(run, &grants, &objects);
    let grants = fold(run, grants);
    let places = places(&grants);
    let object_rights = object_rights(&effective.objects);
    let rights = Rights { user: user.to_owned(), grants, objects: objects.into_iter().collect(), object_rights };
    Reach { effective, impact, rights: Arc::new(rights), broken, places }
}

/// What shows grants, each place once. Of more than an app cites, the ways come first: each goes for many grants.
fn places(grants: &[Grant]) -> Vec<EvidenceItem> {
    let mut known = BTreeSet::new();
    let steps = grants.iter().flat_map(|grant| &grant.paths).flat_map(|path| path.iter().enumerate());
    let items = steps.filter_map(|(at, step)| Some((at == 0, step.item.as_ref()?)));
    let mut items: Vec<(bool, &EvidenceItem)> = items.filter(|(_, item)| known.insert(*item)).collect();
    if items.len() > PLACES {
        items.sort_by_key(|(own, _)| *own);
    }
    items.into_iter().map(|(_, item)| item.clone()).collect()
}

/// Judges what the execution user of an app may do.
pub(crate) fn judge(run: &Run<'_>, user: &Resolved<'_>, reach: &Arc<Reach>, used: &[UsedObject]) -> Judged {
    let gap = unproven(run, user, &reach.effective, used);
    grade(Arc::clone(reach), gap, used)
}

/// Judges what reaches a user by what event logs show an app to use.
pub(crate) fn grade(reach: Arc<Reach>, more: Option<Gap>, used: &[UsedObject]) -> Judged {
    let (effective, impact) = (&reach.effective, reach.impact);
    let gaps: Vec<Gap> = effective.gaps.iter().cloned().chain(more).collect();
    let complete = gaps.is_empty();
    let proven = state_of(impact);
    let state = if complete || proven >= PrivilegeState::BulkRead { proven } else { PrivilegeState::Unknown };
    let api_only = effective.permissions.get(API_ONLY).is_some_and(|paths| paths.iter().any(Path::is_sure));
    let mut broken: Vec<Message> = Vec::new();
    if !api_only && complete {
        broken.push(Message::new("least.api-only"));
    }
    broken.extend(reach.broken.iter().cloned());
    broken.extend(sensitive_use(&reach.rights.objects, used));
    let least = complete && proven < PrivilegeState::Unknown && broken.is_empty();
    let outcome = if state >= PrivilegeState::BulkRead {
        Outcome::Fail
    } else if !complete {
        Gap::outcome(&gaps)
    } else if least {
        Outcome::Pass
    } else {
        Outcome::Review
    };
    let any = !effective.permissions.is_empty() || !effective.objects.is_empty();
    let privilege = Privilege {
        state,
        at_least: !complete,
        impact: (complete || any).then_some(impact),
        rights: Arc::clone(&reach.rights),
        broken,
        gaps: gaps.iter().map(|gap| gap.text.clone()).collect(),
        least,
    };
    Judged { privilege, impact, complete, gaps, outcome, reach }
}

/// The conditions of least privilege that rights break.
fn broken(run: &Run<'_>, grants: &[Grant], objects: &BTreeSet<String>) -> Vec<Message> {
    const OF_TIERS: [(&str, &str, &[&str]); 3] = [
        ("least.permissions", "permissions", &["critical", "high", "moderate"]),
        ("least.unclassified", "permissions", &["unclassified"]),
        ("least.all-records", "rights", &["object"]),
    ];
    let mut broken = Vec::new();
    for (key, argument, tiers) in OF_TIERS {
        let of: Vec<&Grant> = grants.iter().filter(|grant| tiers.contains(&grant.tier.as_str())).collect();
        if !of.is_empty() {
            let labels = Arg::some_of(of.iter().map(|grant| grant.label.clone()), of.len(), NAMED);
            broken.push(Message::new(key).with(argument, labels));
        }
    }
    let limit = most_objects(run);
    if objects.len() > limit {
        broken.push(Message::new("least.objects").with("count", objects.len()).with("limit", limit));
    }
    let sensitive: Vec<String> = objects.iter().filter(|object| is_sensitive(run, object)).cloned().collect();
    if !sensitive.is_empty() {
        broken.push(Message::new("least.sensitive").with("objects", Arg::some(sensitive, NAMED)));
    }
    broken
}
