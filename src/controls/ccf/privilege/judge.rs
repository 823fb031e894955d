//! Grading: grants become an impact, a state, and the question whether least privilege holds.

use super::collect::{Effective, Path, collect, right_name};
use super::rights::object_rights;
use super::used::{sensitive_use, unproven};
use crate::assessment::{Grant, Impact, Level, Outcome, Privilege, PrivilegeState, UsedObject};
use crate::controls::ccf::case::{Gap, Run};
use crate::controls::ccf::user::Resolved;
use crate::message::Message;
use crate::snapshot::{ObjectGrant, UNNAMED_OBJECT};
use std::collections::{BTreeMap, BTreeSet};

/// The judgement with everything that other criteria need of it.
#[derive(Clone, Debug)]
pub(in super::super) struct Judged {
    pub(in super::super) privilege: Privilege,
    pub(in super::super) impact: Impact,
    pub(in super::super) complete: bool,
    pub(in super::super) gaps: Vec<Gap>,
    pub(in super::super) outcome: Outcome,
    pub(in super::super) effective: Effective,
}

impl Judged {
    /// Whether the user holds a permission, activation aside.
    pub(in super::super) fn holds(&self, permission: &str) -> Option<&[Path]> {
        self.effective.permissions.get(permission).map(Vec::as_slice)
    }

    /// The same without its grants, for what does not look at them.
    pub(in super::super) fn outline(&self) -> Self {
        let of = &self.privilege;
        Self {
            privilege: Privilege {
                state: of.state,
                at_least: of.at_least,
                impact: of.impact,
                least: of.least,
                grants: Vec::new(),
                objects: Vec::new(),
                object_rights: Vec::new(),
                broken: Vec::new(),
                gaps: Vec::new(),
            },
            impact: self.impact,
            complete: self.complete,
            gaps: Vec::new(),
            outcome: self.outcome,
            effective: Effective::default(),
        }
    }

    /// Whether the user holds a permission without having to activate it.
    pub(in super::super) fn holds_always(&self, permission: &str) -> bool {
        self.holds(permission).is_some_and(|paths| paths.iter().any(Path::is_sure))
    }
}

const API_ONLY: &str = "ApiUserOnly";

/// The state that an impact stands for.
pub(in super::super) fn state_of(impact: Impact) -> PrivilegeState {
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

fn steps(paths: &[Path]) -> Vec<Vec<crate::assessment::GrantStep>> {
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
        name: format!("{object}: {}", right_name(right)),
        label: format!("{object}: {}", right_name(right)),
        tier: "object".to_owned(),
        category: right_name(right).to_owned(),
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

/// Judges what the execution user may do.
pub(in super::super) fn judge(run: &Run<'_>, user: &Resolved<'_>, used: &[UsedObject]) -> Judged {
    let mut effective = collect(run, user, &BTreeSet::new());
    effective.gaps.extend(unproven(run, user, &effective, used));
    grade(run, user.record.is_some(), effective, used)
}

/// Judges what reaches a user; one who is not known breaks no condition.
pub(in super::super) fn grade(run: &Run<'_>, known: bool, effective: Effective, used: &[UsedObject]) -> Judged {
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
    let complete = effective.gaps.is_empty();
    let proven = state_of(impact);
    let state = if complete || proven >= PrivilegeState::BulkRead { proven } else { PrivilegeState::Unknown };
    let mut broken = match known {
        true => broken(run, &effective, &grants, &objects, complete),
        false => Vec::new(),
    };
    broken.extend(sensitive_use(&objects, used));
    let least = complete && proven < PrivilegeState::Unknown && broken.is_empty();
    let outcome = if state >= PrivilegeState::BulkRead {
        Outcome::Fail
    } else if !complete {
        Gap::outcome(&effective.gaps)
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
        grants: fold(run, grants),
        objects: objects.into_iter().collect(),
        object_rights: object_rights(&effective.objects),
        broken,
        gaps: effective.gaps.iter().map(|gap| gap.text.clone()).collect(),
        least,
    };
    Judged { privilege, impact, complete, gaps: effective.gaps.clone(), outcome, effective }
}

/// The conditions of least privilege that do not hold.
fn broken(
    run: &Run<'_>,
    effective: &Effective,
    grants: &[Grant],
    objects: &BTreeSet<String>,
    complete: bool,
) -> Vec<Message> {
    let mut broken = Vec::new();
    let api_only = effective.permissions.get(API_ONLY).is_some_and(|paths| paths.iter().any(Path::is_sure));
    if !api_only && complete {
        broken.push(Message::new("least.api-only"));
    }
    let of = |wanted: &[&str]| -> Vec<String> {
        grants.iter().filter(|grant| wanted.contains(&grant.tier.as_str())).map(|grant| grant.label.clone()).collect()
    };
    let strong = of(&["critical", "high", "moderate"]);
    if !strong.is_empty() {
        broken.push(Message::new("least.permissions").with("permissions", strong));
    }
    let unclassified = of(&["unclassified"]);
    if !unclassified.is_empty() {
        broken.push(Message::new("least.unclassified").with("permissions", unclassified));
    }
    let all = of(&["object"]);
    if !all.is_empty() {
        broken.push(Message::new("least.all-records").with("rights", all));
    }
    let limit = run.context.thresholds.objects;
    if objects.len() > limit {
        broken.push(Message::new("least.objects").with("count", objects.len()).with("limit", limit));
    }
    let sensitive: Vec<String> = objects
        .iter()
        .filter(|object| {
            run.context.engagement.sensitive_objects.iter().any(|listed| listed.eq_ignore_ascii_case(object))
        })
        .cloned()
        .collect();
    if !sensitive.is_empty() {
        broken.push(Message::new("least.sensitive").with("objects", sensitive));
    }
    broken
}
