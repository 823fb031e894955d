//! Effective permissions: profile, directly assigned sets, groups less their muting sets.

use super::referred::{bare_gap, named, profile_gap, profile_name, profile_of, set_gap};
use super::telling::{Activation, is_calculated, note_gaps, note_untold};
use crate::kit::access::Resolved;
use crate::kit::access::UserState;
use crate::kit::{Gap, Run, coverage_gap, lost_gap};
use crate::model::{EvidenceItem, GrantStep};
use crate::snapshot::{
    Assignment, Container, ContainerKind, ContainerRef, GroupStatus, Kind, Located, Locator, ObjectGrant, Open, SfId,
    Switch, UNNAMED_OBJECT, User,
};
use crate::text::message::{Arg, Message};
use std::collections::{BTreeMap, BTreeSet};

/// One way by which a grant reaches the user.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) steps: Vec<GrantStep>,
    pub(crate) activation: Activation,
}

impl Path {
    /// Whether it holds without anybody's activation, as the export tells.
    pub(crate) fn is_sure(&self) -> bool {
        self.activation == Activation::Not
    }

    /// Whether it holds on activation only.
    pub(crate) fn on_activation(&self) -> bool {
        self.activation == Activation::Needed
    }
}

/// Everything that reaches the user, and what is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effective {
    pub(crate) permissions: BTreeMap<String, Vec<Path>>,
    pub(crate) objects: BTreeMap<(String, ObjectGrant), Vec<Path>>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) notes: Vec<Message>,
    pub(crate) items: Vec<EvidenceItem>,
    /// Containers that grant and do not tell whether they need an activation, by what they grant.
    unsure: Vec<(String, String)>,
}

/// Why nothing can be said about the user's permissions.
pub(crate) fn user_gap(user: &Resolved<'_>) -> Gap {
    let gap = match user.state {
        UserState::Unnamed => Gap::export("gap.user-unnamed", &["oauth-policy"]),
        UserState::Placeholder => Gap::export("gap.user-placeholder", &["metadata", "oauth-policy"]),
        UserState::NotFound => Gap::export("gap.user-not-found", &["user"]),
        UserState::Contradictory => Gap::person("gap.user-contradictory"),
        UserState::Unknown => Gap::export("gap.user-unknown", &["metadata", "oauth-policy"]),
        UserState::Unreadable => {
            let gap = Gap::export("gap.user-unreadable", &["metadata", "oauth-policy", "user"]);
            gap.with("files", user.unread.clone().unwrap_or(Arg::Text(String::new())))
        }
        _ if user.record.is_some() => Gap::export("gap.user-active", &["user"]),
        UserState::NotExported | UserState::Active | UserState::Inactive => {
            Gap::export("gap.user-not-exported", &["user"])
        }
    };
    gap.with("user", user.name.as_str())
}

fn step(what: &str, name: &str, item: EvidenceItem) -> GrantStep {
    GrantStep { what: what.to_owned(), name: name.to_owned(), evidence: String::new(), item: Some(item) }
}

/// Collects what reaches the user. Sets and groups of `without` count as not assigned.
pub(crate) fn collect(run: &Run<'_>, resolved: &Resolved<'_>, without: &BTreeSet<String>) -> Effective {
    let mut found = Effective::default();
    let Some(user) = resolved.record else {
        found.gaps.push(user_gap(resolved));
        if matches!(resolved.state, UserState::NotExported | UserState::NotFound) {
            // What the user's record will lead to is named at once, so that one more export round settles it.
            found.gaps.extend(export_gaps(run));
        }
        return found;
    };
    let named = match (&user.username, &user.id) {
        (Some(name), _) => EvidenceItem::seen("Username", name),
        (None, Some(id)) => EvidenceItem::seen("Id", id),
        (None, None) => EvidenceItem::missing("Username", &user.at),
    };
    let last = step("user", &resolved.name, named);
    from_profile(run, user, &last, &mut found);
    from_assignments(run, user, &last, without, &mut found);
    imply(run, &mut found);
    activation_gaps(run, &mut found);
    found.gaps.extend(export_gaps(run));
    let mut unique = Vec::new();
    for gap in std::mem::take(&mut found.gaps) {
        if !unique.contains(&gap) {
            unique.push(gap);
        }
    }
    found.gaps = unique;
    found
}

/// A protective permission counts only where it surely holds, so the export has to tell whether it needs an activation.
fn activation_gaps(run: &Run<'_>, found: &mut Effective) {
    for (name, container) in &found.unsure {
        let held = found.permissions.get(name).is_some_and(|paths| surely(paths));
        if !held && run.control.permissions.get(name).is_some_and(|one| one.tier == "protective") {
            let gap = Gap::export("gap.activation-not-told", &["permission-set", "permission-set-group", "metadata"]);
            found.gaps.push(gap.with("container", container.as_str()).with("permission", name.as_str()));
        }
    }
}

fn surely(paths: &[Path]) -> bool {
    paths.iter().any(Path::is_sure)
}

/// Rights on an object that come along with another one.
const IMPLIED_RIGHTS: &[(ObjectGrant, &[ObjectGrant])] = &[
    (
        ObjectGrant::ModifyAllRecords,
        &[ObjectGrant::Read, ObjectGrant::Edit, ObjectGrant::Delete, ObjectGrant::ViewAllRecords],
    ),
    (ObjectGrant::ViewAllRecords, &[ObjectGrant::Read]),
];

/// Adds what comes along with a permission or right. Exports state it; files written by hand may not.
fn imply(run: &Run<'_>, found: &mut Effective) {
    for (name, paths) in found.permissions.clone() {
        for implied in run.control.implied_by(&name) {
            along(found.permissions.entry(implied.to_owned()).or_default(), implied, &paths);
        }
    }
    for ((object, right), paths) in found.objects.clone() {
        let implied = IMPLIED_RIGHTS.iter().filter(|(known, _)| *known == right).flat_map(|(_, implied)| *implied);
        for implied in implied {
            let name = format!("{object}: {}", implied.element());
            along(found.objects.entry((object.clone(), *implied)).or_default(), &name, &paths);
        }
    }
}

/// The ways of what implies, unless there are ways of its own that hold as surely.
fn along(own: &mut Vec<Path>, name: &str, paths: &[Path]) {
    if !own.is_empty() && (surely(own) || !surely(paths)) {
        return;
    }
    own.extend(paths.iter().map(|path| {
        let item = path.steps.first().and_then(|step| step.item.clone());
        let first = GrantStep { what: "permission".to_owned(), name: name.to_owned(), evidence: String::new(), item };
        let steps = std::iter::once(first).chain(path.steps.iter().cloned()).collect();
        Path { steps, activation: path.activation }
    }));
}

/// What the exports lack that say which sets a user has and which objects they open. A lost row of a container may be
/// of any container.
fn export_gaps(run: &Run<'_>) -> impl Iterator<Item = Gap> {
    let whole =
        [(Kind::AssignmentRecords, "permission-set-assignment"), (Kind::ObjectPermissionRecords, "object-permissions")];
    let read = [
        (Kind::ProfileRecords, "profile"),
        (Kind::PermissionSetRecords, "permission-set"),
        (Kind::GroupRecords, "permission-set-group"),
        (Kind::GroupComponentRecords, "permission-set-group-component"),
        (Kind::MutingRecords, "muting-permission-set"),
    ];
    let whole = whole
        .into_iter()
        .flat_map(|(kind, request)| unread_gap(run, kind, request).or_else(|| coverage_gap(run, kind, request)));
    let read = read
        .into_iter()
        .flat_map(|(kind, request)| unread_gap(run, kind, request).into_iter().chain(lost_gap(run, kind, request)));
    whole.chain(read)
}

/// Exports of an object that cannot be read, whatever else there is of it.
fn unread_gap(run: &Run<'_>, kind: Kind, request: &'static str) -> Option<Gap> {
    let files = run.lost.whole(kind);
    if files.is_empty() {
        return None;
    }
    let gap = Gap::export("gap.export-unreadable", &[request]).with("object", kind.name()).with("files", files.named());
    Some(if kind == Kind::ObjectPermissionRecords { gap.of_rights() } else { gap })
}

fn from_profile(run: &Run<'_>, user: &User, last: &GrantStep, found: &mut Effective) {
    let Some(profile) = profile_of(run.index, user) else {
        found.gaps.push(profile_gap(run, user));
        return;
    };
    let tie = match (&user.profile_name, &user.profile_id) {
        (Some(name), _) => EvidenceItem::seen("Profile.Name", name),
        (None, Some(id)) => EvidenceItem::seen("ProfileId", id),
        (None, None) => EvidenceItem::missing("ProfileId", &user.at),
    };
    found.items.push(tie.clone());
    let way = Way::assigned(profile_name(Some(profile), user), tie, last, Activation::Not);
    grant(run, profile, "profile", None, &way, found);
    note_gaps(run, profile, found);
}

/// How a container's grants reach the user.
#[derive(Clone)]
struct Way {
    lead: Vec<GrantStep>,
    activation: Activation,
}

impl Way {
    fn assigned(name: &str, item: EvidenceItem, last: &GrantStep, activation: Activation) -> Self {
        Self { lead: vec![step("assignment", name, item), last.clone()], activation }
    }

    /// From a grant and what holds it to the user.
    fn path(&self, grant: &str, item: EvidenceItem, holder: GrantStep) -> Path {
        let steps = [step("permission", grant, item), holder].into_iter().chain(self.lead.iter().cloned()).collect();
        Path { steps, activation: self.activation }
    }
}

/// What a muting set takes away inside its group.
#[derive(Default)]
struct Muted {
    permissions: BTreeSet<String>,
    objects: BTreeSet<(String, ObjectGrant)>,
}

fn holder(run: &Run<'_>, from: &Container, what: &str, at: &Locator) -> GrantStep {
    step(what, from.setup_name(), shown(run, from, what, at))
}

/// What shows the container of a grant. A metadata file is named after what it holds; a row has its own id or, when it
/// is about a set, the id of that set. Each kind of record begins its ids in its own way.
fn shown(run: &Run<'_>, from: &Container, what: &str, at: &Locator) -> EvidenceItem {
    let place = from.sources.iter().find(|source| source.path == at.path).unwrap_or(at);
    let (column, prefix) = match run.index.records_of(&place.path) {
        Some(Kind::ProfileRecords) => ("Id", "00e"),
        Some(Kind::PermissionSetRecords) => ("Id", "0PS"),
        Some(Kind::GroupRecords) => ("Id", "0PG"),
        Some(Kind::ObjectPermissionRecords) => ("ParentId", "0PS"),
        Some(Kind::AssignmentRecords) => ("PermissionSetId", "0PS"),
        _ => return EvidenceItem::value(what, place, from.name.as_str()),
    };
    let ids: Vec<&SfId> = from.ids.iter().filter(|id| id.key().starts_with(prefix)).collect();
    match ids.as_slice() {
        [id] => EvidenceItem::value(column, place, id.to_string()),
        _ => EvidenceItem::value(what, place, from.name.as_str()),
    }
}

fn grant(run: &Run<'_>, from: &Container, what: &str, muted: Option<&Muted>, way: &Way, found: &mut Effective) {
    for (name, places) in &from.permissions {
        if muted.is_some_and(|muted| muted.permissions.contains(name)) {
            continue;
        }
        let on = places.iter().filter(|place| place.value == Switch::On);
        let paths = on.map(|place| way.path(name, EvidenceItem::seen(name, place), holder(run, from, what, &place.at)));
        let paths: Vec<Path> = paths.collect();
        if !paths.is_empty() {
            if way.activation == Activation::NotTold {
                found.unsure.push((name.clone(), from.name.clone()));
            }
            found.permissions.entry(name.clone()).or_default().extend(paths);
        }
    }
    for (object, access) in &from.objects {
        for (right, places) in &access.grants {
            let key = (object.clone(), *right);
            if muted.is_some_and(|muted| muted.objects.contains(&key)) {
                continue;
            }
            let name = format!("{object}: {}", right.element());
            let paths = places
                .iter()
                .map(|at| way.path(&name, EvidenceItem::value(&name, at, "true"), holder(run, from, what, at)));
            found.objects.entry(key).or_default().extend(paths);
        }
    }
}

fn from_assignments(run: &Run<'_>, user: &User, last: &GrantStep, without: &BTreeSet<String>, found: &mut Effective) {
    let Some(id) = &user.id else {
        found.gaps.push(Gap::export("gap.user-without-id", &["user"]));
        return;
    };
    if run.index.has_unassigned() {
        found.gaps.push(Gap::export("gap.assignment-columns", &["permission-set-assignment"]));
    }
    let assignments = run.index.assignments_of(&id.value);
    for assignment in assignments {
        from_assignment(run, assignment, last, without, found);
    }
    if assignments.is_empty() {
        let gap = Gap::export("gap.no-assignment-row", &["permission-set-assignment"]);
        found.gaps.push(gap.with("user", last.name.as_str()));
    }
}

fn from_assignment(
    run: &Run<'_>,
    assignment: &Assignment,
    last: &GrantStep,
    without: &BTreeSet<String>,
    found: &mut Effective,
) {
    let at = match &assignment.assignee {
        Some(assignee) => EvidenceItem::seen("AssigneeId", assignee),
        None => EvidenceItem::missing("AssigneeId", &assignment.at),
    };
    found.items.push(at.clone());
    if let Some(expires) = &assignment.expires
        && expires.value < run.context.as_of
    {
        let set = assignment.permission_set.first().map(|set| set.raw.to_string()).unwrap_or_default();
        let note = Message::new("note.assignment-expired").with("set", set).with("date", expires.value.to_string());
        found.notes.push(note);
        return;
    }
    let groups = &assignment.group;
    let sets = &assignment.permission_set;
    if let Some(group) = find(run, ContainerKind::Group, groups).or_else(|| find(run, ContainerKind::Group, sets)) {
        if !without.contains(&group.name) {
            from_group(run, group, &Way::assigned(&group.name, at, last, Activation::Not), found);
        }
        return;
    }
    if let Some(reference) = groups.first() {
        let requests = ["metadata", "permission-set-group", "permission-set-group-component"];
        let name = named(groups).unwrap_or_else(|| reference.raw.to_string());
        let gap = Gap::export("gap.group-missing", &requests).with("container", name);
        found.gaps.push(bare_gap(groups).unwrap_or(gap));
        return;
    }
    if let Some(set) = find(run, ContainerKind::PermissionSet, sets) {
        if without.contains(&set.name) {
            return;
        }
        let way = Way::assigned(&set.name, at, last, Activation::of(set));
        grant(run, set, "permission_set", None, &way, found);
        return note_gaps(run, set, found);
    }
    if of_a_profile(run, assignment) {
        return;
    }
    found.gaps.push(bare_gap(sets).unwrap_or_else(|| set_gap(run, &named(sets).unwrap_or_default())));
}

/// What an assignment refers to: by an id where it has one, else by name.
fn find<'a>(run: &Run<'a>, kind: ContainerKind, references: &[Located<ContainerRef>]) -> Option<&'a Container> {
    let id = references.iter().find(|reference| matches!(reference.value, ContainerRef::Id(_)));
    let mut telling = id.into_iter().chain(references.iter().filter(|_| id.is_none()));
    telling.find_map(|reference| run.index.container(kind, &reference.value))
}

/// Whether the assigned set is the one that a profile owns. A set of its own may have the name of a profile, so
/// without the column only a record id tells.
fn of_a_profile(run: &Run<'_>, assignment: &Assignment) -> bool {
    match assignment.owned_by_profile.as_ref().map(|owned| owned.value) {
        Some(Switch::On) => true,
        Some(Switch::Off) => false,
        Some(Switch::NotTold) | None => assignment
            .permission_set
            .iter()
            .filter(|set| matches!(set.value, ContainerRef::Id(_)))
            .any(|set| run.index.container(ContainerKind::Profile, &set.value).is_some()),
    }
}

fn from_group(run: &Run<'_>, group: &Container, way: &Way, found: &mut Effective) {
    let mut way = way.clone();
    way.activation = Activation::of(group);
    let name = group.name.as_str();
    let current = !group.status.is_empty() && group.status.iter().all(|copy| copy.value == GroupStatus::Updated);
    if !current {
        found.gaps.push(Gap::export("gap.group-status", &["permission-set-group"]).with("container", name));
    }
    let muted = muted(run, group, found);
    grant(run, group, "group", None, &way, found);
    let calculated = is_calculated(run, group);
    note_untold(group, found);
    if !group.from_file && !calculated {
        found.gaps.extend(coverage_gap(run, Kind::GroupComponentRecords, "permission-set-group-component"));
    }
    if group.members.is_empty() && !calculated && !group.from_file {
        found.gaps.push(Gap::export("gap.group-members", &["permission-set-group-component"]).with("container", name));
    }
    for member in &group.members {
        match run.index.container(ContainerKind::PermissionSet, &member.value) {
            Some(set) => {
                let mut lead = vec![step("group", name, EvidenceItem::seen("permissionSets", member))];
                lead.extend(way.lead.iter().cloned());
                let way = Way { lead, activation: way.activation.and(Activation::of(set)) };
                grant(run, set, "permission_set", Some(&muted), &way, found);
                if !calculated {
                    note_gaps(run, set, found);
                }
            }
            None if calculated => {}
            None => {
                let of = std::slice::from_ref(member);
                found.gaps.push(bare_gap(of).unwrap_or_else(|| set_gap(run, &named(of).unwrap_or_default())));
            }
        }
    }
}

/// What the group's muting sets take away. In a muting set `true` means muted; a missing one mutes nothing.
fn muted(run: &Run<'_>, group: &Container, found: &mut Effective) -> Muted {
    let mut muted = Muted::default();
    for reference in &group.mutings {
        let Some(set) = run.index.container(ContainerKind::Muting, &reference.value) else {
            let gap = Gap::export("gap.muting-missing", &["muting-permission-set", "metadata"]);
            found.gaps.push(gap.with("container", reference.raw.as_str()));
            continue;
        };
        note_untold(set, found);
        if !set.unread.is_empty() {
            continue; // what it mutes is not known
        }
        if set.in_pieces {
            found.gaps.push(Gap::person("gap.container-pieces").with("container", set.name.as_str()));
        }
        for (name, places) in &set.permissions {
            let open = set.untold.holds(&Open::Permission(Some(name.clone())));
            if !open && places.iter().all(|place| place.value == Switch::On) {
                muted.permissions.insert(name.clone());
            }
        }
        for (object, access) in set.objects.iter().filter(|(object, _)| *object != UNNAMED_OBJECT) {
            let rights = access.grants.keys();
            let told = rights.filter(|right| !set.untold.holds(&Open::Right(**right, Some(object.clone()))));
            muted.objects.extend(told.map(|right| (object.clone(), *right)));
        }
    }
    muted
}
