//! Ways in which the execution user comes to hold something, and the table that judges them.

use super::observed;
use crate::hardened::{at, judge, seen, snapshot};
use shr::controls::client_credentials::PrivilegeState;
use shr::controls::client_credentials::Stated;
use shr::model::{Finding, Outcome};
use shr::snapshot::{
    Assignment, Container, ContainerKind, ContainerRef, GroupStatus, Located, ObjectGrant, Snapshot, Switch,
};

/// Permission names of a container.
pub(super) type Names<'a> = &'a [&'a str];

pub(super) fn named(name: &str) -> Located<ContainerRef> {
    Located::new(ContainerRef::Name(name.into()), name, at("groups/G.permissionsetgroup", 4))
}

pub(super) fn container(kind: ContainerKind, name: &str, permissions: Names<'_>) -> Container {
    let path = format!("sets/{name}.permissionset");
    let mut container = Container::new(kind, name);
    container.from_file = true;
    container.sources.push(at(&path, 1));
    for permission in permissions {
        let place = Located::new(Switch::On, "true", at(&path, 5));
        container.permissions.insert((*permission).to_owned(), vec![place]);
    }
    container
}

pub(super) fn set(s: &mut Snapshot, name: &str, permissions: Names<'_>) {
    s.access.containers.push(container(ContainerKind::PermissionSet, name, permissions));
}

pub(super) fn muting(s: &mut Snapshot, name: &str, permissions: Names<'_>) {
    s.access.containers.push(container(ContainerKind::Muting, name, permissions));
}

/// A group of sets, less muting sets, up to date.
pub(super) fn group<'a>(s: &'a mut Snapshot, name: &str, members: Names<'_>, mutings: Names<'_>) -> &'a mut Container {
    let mut group = container(ContainerKind::Group, name, &[]);
    group.members = members.iter().map(|name| named(name)).collect();
    group.mutings = mutings.iter().map(|name| named(name)).collect();
    group.status = seen(GroupStatus::Updated, "Updated", "groups/G.permissionsetgroup");
    s.access.containers.push(group);
    s.access.containers.last_mut().unwrap()
}

pub(super) fn assign<'a>(s: &'a mut Snapshot, set: Option<&str>, group: Option<&str>) -> &'a mut Assignment {
    let mut row = s.access.assignments[0].clone();
    row.owned_by_profile = Some(Located::new(Switch::Off, "false", row.at.clone()));
    row.permission_set = set.into_iter().map(named).collect();
    row.group = group.into_iter().map(named).collect();
    s.access.assignments.push(row);
    s.access.assignments.last_mut().unwrap()
}

pub(super) fn hold(s: &mut Snapshot, permissions: Names<'_>) {
    set(s, "Extra", permissions);
    assign(s, Some("Extra"), None);
}

pub(super) fn hold_object(s: &mut Snapshot, object: &str, right: ObjectGrant) {
    let place = vec![at("sets/Extra.permissionset", 7)];
    let profile = &mut s.access.containers[0];
    profile.objects.entry(object.to_owned()).or_default().grants.insert(right, place);
}

pub(super) fn expires(s: &mut Snapshot, day: jiff::civil::Date) {
    set(s, "Extra", &["ModifyAllData"]);
    let row = assign(s, Some("Extra"), None);
    row.expires = Some(Located::new(day, day.to_string(), row.at.clone()));
}

/// A group whose muting set takes Modify All Data away inside it.
pub(super) fn muted_group(s: &mut Snapshot) {
    set(s, "Strong", &["ModifyAllData"]);
    muting(s, "Mute", &["ModifyAllData"]);
    group(s, "G", &["Strong"], &["Mute"]);
    assign(s, None, Some("G"));
}

pub(super) fn all_columns(container: &mut Container) {
    container.from_file = false;
    container.activation_required = seen(Switch::Off, "false", "PermissionSet.json");
    container.record_columns =
        shr::controls::catalogue("en").unwrap().permissions.into_keys().map(Into::into).collect();
}

/// What is done, its change, state, outcome, a gap or broken condition that has to be named, and the grants that count.
pub(super) type Row = (&'static str, fn(&mut Snapshot), PrivilegeState, Outcome, &'static str, &'static [&'static str]);

pub(super) fn grants(finding: &Finding) -> Vec<&str> {
    finding.rights.grants.iter().map(|grant| grant.name.as_str()).collect()
}

/// Judges every row and fails with all faults at once.
pub(super) fn check(rows: &[Row]) {
    let mut faults = Vec::new();
    for (name, change, state, outcome, named, held) in rows {
        let mut s = snapshot();
        change(&mut s);
        let finding = judge(&s);
        let privilege = &finding.privilege();
        let (seen, _) = observed(&finding, "execution-user-least-privilege");
        if (privilege.state, seen) != (*state, *outcome) {
            faults.push(format!(
                "{name}: {} and {seen}, expected {state} and {outcome}: {:?}",
                privilege.state, privilege.gaps
            ));
        }
        let mut said = privilege.gaps.iter().chain(&privilege.broken);
        if !named.is_empty() && !said.any(|one| one.key == *named) {
            faults.push(format!("{name}: {named} is not named: {:?} {:?}", privilege.gaps, privilege.broken));
        }
        if grants(&finding) != *held {
            faults.push(format!("{name}: {:?} are held, expected {held:?}", grants(&finding)));
        }
        if privilege.least != (*outcome == Outcome::Pass) {
            faults.push(format!("{name}: least privilege is {}", privilege.least));
        }
        // Each step of each path has its place, from the permission to the user.
        for path in privilege.rights.grants.iter().flat_map(|grant| &grant.paths) {
            let ends = (path.first().map(|step| step.what.as_str()), path.last().map(|step| step.what.as_str()));
            if ends != (Some("permission"), Some("user")) || path.iter().any(|step| step.evidence.is_empty()) {
                faults.push(format!("{name}: a path with a hole: {ends:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
