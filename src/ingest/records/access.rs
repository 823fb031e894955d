//! Users, assignments, group members, object permissions.

use super::permissions::Aside;
use crate::ingest::file_facts::{FileFacts, Member, Name, ObjectRow, Said};
use crate::ingest::values::{File, Record};
use crate::snapshot::{Assignment, ContainerKind, ContainerRef, Lack, Located, ObjectRight, SfId, Switch, User};

/// A `User` row.
pub(super) fn user(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts, aside: &mut Aside) {
    let user = User {
        at: record.at(),
        id: record.id(file, "id"),
        username: record.text("username"),
        full_name: record.text("name"),
        active: record.switch(file, "isactive"),
        profile_id: record.id(file, "profileid"),
        profile_name: record.text("profile.name"),
        user_type: record.text("usertype"),
        license: record.text("profile.userlicense.name"),
        last_login: record.text("lastlogindate"),
    };
    if let (Some(id), Some(name)) = (&user.profile_id, &user.profile_name) {
        part.alias(ContainerKind::Profile, id.value, &Name::Bare(name.value.clone()));
    }
    if user.id.is_none() || user.username.is_none() {
        file.unlinked(record.at(), "lacks the id or the user name", "select Id and Username");
    }
    let id = user.profile_id.as_ref().map(|id| &id.value);
    aside.read(file, record, "profile.", ContainerKind::Profile, &[id], label(record, "profile.name"));
    part.rows.users.push(user);
}

/// A container by its id and by its name, as far as a row has them.
fn references(
    file: &mut File<'_>,
    record: &Record<'_>,
    id: &str,
    name: &str,
    namespace: &str,
) -> Vec<Located<ContainerRef>> {
    let id = record.id(file, id).map(|id| Located::new(ContainerRef::Id(id.value), id.raw, id.at));
    let name = record.api_name(name, namespace).zip(record.text(name));
    let name = name.map(|(name, text)| Located::new(named(name), text.raw, text.at));
    // There may be a million rows, so a list has no spare room.
    let mut both = Vec::with_capacity(usize::from(id.is_some()) + usize::from(name.is_some()));
    both.extend(id.into_iter().chain(name));
    both
}

/// A `PermissionSetAssignment` row.
pub(super) fn assignment(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts, aside: &mut Aside) {
    let assignment = Assignment {
        at: record.at(),
        assignee: record.id(file, "assigneeid"),
        permission_set: references(
            file,
            record,
            "permissionsetid",
            "permissionset.name",
            "permissionset.namespaceprefix",
        ),
        group: references(
            file,
            record,
            "permissionsetgroupid",
            "permissionsetgroup.developername",
            "permissionsetgroup.namespaceprefix",
        ),
        owned_by_profile: record.switch(file, "permissionset.isownedbyprofile"),
        expires: record.text("expirationdate").and_then(|text| file.day("ExpirationDate", text)),
        active: record.switch(file, "isactive"),
    };
    let owned = assignment.owned_by_profile.as_ref().map(|owned| owned.value);
    alias(part, ContainerKind::Group, &assignment.group);
    if assignment.group.is_empty() && owned != Some(Switch::On) {
        alias(part, ContainerKind::PermissionSet, &assignment.permission_set);
    }
    if let (Some(id), Some(name), Some(Switch::On)) =
        (record.cell("permissionsetid").and_then(SfId::parse), record.kept("permissionset.profile.name"), owned)
    {
        part.alias(ContainerKind::Profile, id, &Name::Bare(name));
    }
    if assignment.assignee.is_none() {
        file.unlinked(record.at(), "names no user", "select AssigneeId");
    } else if assignment.permission_set.is_empty() && assignment.group.is_empty() {
        file.unlinked(record.at(), "names no permission set", "select PermissionSetId and PermissionSetGroupId");
    } else if assignment.group.is_empty() && record.cell("permissionsetgroupid").is_some() {
        // The set comes through a group that cannot be told, so what the group mutes cannot be told either.
        file.unlinked(record.at(), "names a group by a text that is no id", "export PermissionSetGroupId as it is");
    }
    assigned_permissions(file, record, &assignment, aside);
    part.rows.assignments.push(assignment);
}

fn named(name: Name) -> ContainerRef {
    match name {
        Name::Whole(name) => ContainerRef::Name(name),
        Name::Bare(name) => ContainerRef::Bare(name),
    }
}

/// The id and the name by which a row refers to one thing.
fn parts(references: &[Located<ContainerRef>]) -> (Option<SfId>, Option<Name>) {
    let (mut id, mut name) = (None, None);
    for one in references {
        match &one.value {
            ContainerRef::Id(known) => id = Some(*known),
            ContainerRef::Name(known) => name = Some(Name::Whole(known.clone())),
            ContainerRef::Bare(known) => name = Some(Name::Bare(known.clone())),
        }
    }
    (id, name)
}

fn alias(part: &mut FileFacts, kind: ContainerKind, references: &[Located<ContainerRef>]) {
    if let (Some(id), Some(name)) = parts(references) {
        part.alias(kind, id, &name);
    }
}

/// The name of a profile as Setup shows it.
fn label(record: &Record<'_>, column: &str) -> Option<Name> {
    record.kept(column).map(Name::Bare)
}

/// Permissions that a row of assignments tells of what is assigned, and of the profiles that it leads to.
fn assigned_permissions(file: &mut File<'_>, record: &Record<'_>, assignment: &Assignment, aside: &mut Aside) {
    if aside.is_idle() {
        return;
    }
    let (set, set_name) = parts(&assignment.permission_set);
    let (group, group_name) = parts(&assignment.group);
    let owner = record.cell("permissionset.profileid").and_then(SfId::parse);
    let owned = match assignment.owned_by_profile.as_ref().map(|owned| owned.value) {
        Some(Switch::On) => true,
        Some(Switch::Off) => false,
        Some(Switch::NotTold) | None => owner.is_some(),
    };
    let profile_name = label(record, "permissionset.profile.name");
    let (kind, ids, name) = if owned {
        (ContainerKind::Profile, [set.as_ref(), owner.as_ref()], profile_name.clone())
    } else if group.is_some() || group_name.is_some() {
        // The set of such a row is the group's own: it carries what the group grants after muting.
        (ContainerKind::Group, [group.as_ref(), set.as_ref()], group_name)
    } else {
        (ContainerKind::PermissionSet, [set.as_ref(), None], set_name)
    };
    aside.read(file, record, "permissionset.", kind, &ids, name);
    let ids = [owner.as_ref(), set.as_ref()];
    aside.read(file, record, "permissionset.profile.", ContainerKind::Profile, &ids, profile_name);
    let id = record.cell("assignee.profileid").and_then(SfId::parse);
    let name = label(record, "assignee.profile.name");
    aside.read(file, record, "assignee.profile.", ContainerKind::Profile, &[id.as_ref()], name);
}

const HINT_COMPONENT: &str = "select PermissionSetGroupId and PermissionSetId";

/// A `PermissionSetGroupComponent` row. Muting sets are components, too; their ids start with `0QM`.
pub(super) fn component(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts, aside: &mut Aside) {
    let mut members = Vec::new();
    let mut muting = false;
    if let Some(id) = record.id(file, "permissionsetid") {
        muting = id.value.key().starts_with("0QM");
        members.push(Located::new(ContainerRef::Id(id.value), id.raw, id.at));
    }
    let kind = if muting { ContainerKind::Muting } else { ContainerKind::PermissionSet };
    let name = record.api_name("permissionset.name", "permissionset.namespaceprefix");
    if let (Some(name), Some(text)) = (&name, record.text("permissionset.name")) {
        match members.first_mut() {
            // The id tells which set it is, the name is what people know it by.
            Some(Located { value: ContainerRef::Id(id), raw, .. }) => {
                part.alias(kind, *id, name);
                *raw = text.raw;
            }
            _ => members.push(Located::new(named(name.clone()), text.raw, text.at)),
        }
    }
    let member = Member {
        group_name: record.api_name("permissionsetgroup.developername", "permissionsetgroup.namespaceprefix"),
        group_id: record.id(file, "permissionsetgroupid").map(|id| id.value),
        members,
        muting,
        at: record.at(),
    };
    if member.group_name.is_none() && member.group_id.is_none() {
        return file.unlinked(record.at(), "names no permission set group", HINT_COMPONENT);
    }
    if member.members.is_empty() {
        file.unlinked(record.at(), "names no permission set", HINT_COMPONENT);
    }
    if let Some(id) = record.cell("permissionsetid").and_then(SfId::parse).filter(|_| !aside.is_idle()) {
        aside.read(file, record, "permissionset.", kind, &[Some(&id)], name);
    }
    part.said.push(Said::Member(Box::new(member)));
}

/// An `ObjectPermissions` row.
pub(super) fn object(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts, aside: &mut Aside) {
    let (mut grants, mut untold) = (Vec::new(), Vec::new());
    for right in &ObjectRight::ALL {
        let lack = match record.switch(file, right.key) {
            Some(Located { value: Switch::On, .. }) => {
                grants.push(right.grant);
                continue;
            }
            Some(Located { value: Switch::Off, .. }) => continue,
            Some(Located { raw, at, .. }) if raw.is_empty() => Located::new(Lack::Empty, raw, at),
            Some(Located { raw, at, .. }) => Located::new(Lack::Unknown, raw, at),
            None => Located::new(Lack::NotSelected, "", record.at()),
        };
        untold.push((right.grant, lack));
    }
    let parent_id = record.id(file, "parentid").map(|id| id.value);
    let owned = record.cell("parent.isownedbyprofile").map(Switch::parse).filter(|owned| owned.is_told());
    let profile = label(record, "parent.profile.name");
    let name = record.api_name("parent.name", "parent.namespaceprefix");
    let owner = record.cell("parent.profileid").and_then(SfId::parse).or_else(|| name.as_ref().and_then(owner_in));
    let muting = parent_id.as_ref().is_some_and(|id| id.key().starts_with("0QM"));
    let is_told = owned.is_some() || profile.is_some() || owner.is_some() || muting;
    let (kind, parent_name) = if owned == Some(Switch::On) || profile.is_some() || owner.is_some() {
        (ContainerKind::Profile, profile)
    } else if muting {
        (ContainerKind::Muting, name)
    } else {
        (ContainerKind::PermissionSet, name)
    };
    if parent_id.is_none() && parent_name.is_none() && owner.is_none() {
        return file.unlinked(record.at(), "names no permission set", "select ParentId and SobjectType");
    }
    aside.read(file, record, "parent.", kind, &[parent_id.as_ref(), owner.as_ref()], parent_name.clone());
    let object = record.kept("sobjecttype");
    if object.is_none() {
        file.unlinked(record.at(), "names no object", "select ParentId and SobjectType");
    }
    let at = record.at();
    let row = ObjectRow { kind, parent_id, parent_name, owner, is_told, object, grants, untold, at };
    part.rows.objects.push(row);
}

/// The profile whose own set has this name: `X` and the id of the profile.
fn owner_in(name: &Name) -> Option<SfId> {
    name.text().strip_prefix('X').and_then(SfId::parse).filter(|id| id.key().starts_with("00e"))
}
