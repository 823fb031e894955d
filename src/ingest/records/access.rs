//! Users, assignments, group members, object permissions.

use super::permissions::Aside;
use crate::ingest::part::{Member, ObjectRow, Said};
use crate::ingest::values::{File, Record, with_namespace};
use crate::snapshot::{Assignment, ContainerKind, ContainerRef, Lack, Located, ObjectGrant, SfId, Switch, User};

/// A `User` row.
pub(super) fn user(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>, aside: &mut Aside) {
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
        said.push(Said::Alias(ContainerKind::Profile, id.value.clone(), name.value.clone()));
    }
    if user.id.is_none() || user.username.is_none() {
        file.unlinked(record.at(), "lacks the id or the user name", "select Id and Username");
    }
    let id = user.profile_id.as_ref().map(|id| &id.value);
    aside.read(file, record, "profile.", ContainerKind::Profile, &[id], record.cell("profile.name"));
    said.push(Said::User(Box::new(user)));
}

/// A `PermissionSetAssignment` row.
pub(super) fn assignment(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>, aside: &mut Aside) {
    let reference = |file: &mut File<'_>, id: &str, name: &str, namespace: &str| {
        let mut both = Vec::new();
        if let Some(id) = record.id(file, id) {
            both.push(Located::new(ContainerRef::Id(id.value), id.raw, id.at));
        }
        if let Some(text) = record.text(name) {
            let full = with_namespace(&text.value, record.cell(namespace));
            both.push(Located::new(ContainerRef::Name(full), text.raw, text.at));
        }
        both
    };
    let assignment = Assignment {
        at: record.at(),
        assignee: record.id(file, "assigneeid"),
        permission_set: reference(file, "permissionsetid", "permissionset.name", "permissionset.namespaceprefix"),
        group: reference(
            file,
            "permissionsetgroupid",
            "permissionsetgroup.developername",
            "permissionsetgroup.namespaceprefix",
        ),
        owned_by_profile: record.switch(file, "permissionset.isownedbyprofile"),
        expires: record.text("expirationdate").and_then(|text| file.day("ExpirationDate", text)),
        active: record.switch(file, "isactive"),
    };
    if let [Located { value: ContainerRef::Id(id), .. }, Located { value: ContainerRef::Name(name), .. }] =
        assignment.group.as_slice()
    {
        said.push(Said::Alias(ContainerKind::Group, id.clone(), name.clone()));
    }
    let owned = assignment.owned_by_profile.as_ref().map(|owned| owned.value);
    if let [Located { value: ContainerRef::Id(id), .. }, Located { value: ContainerRef::Name(name), .. }] =
        assignment.permission_set.as_slice()
        && assignment.group.is_empty()
        && owned == Some(Switch::Off)
    {
        said.push(Said::Alias(ContainerKind::PermissionSet, id.clone(), name.clone()));
    }
    if let (Some(id), Some(name), Some(Switch::On)) =
        (record.cell("permissionsetid").and_then(SfId::parse), record.cell("permissionset.profile.name"), owned)
    {
        said.push(Said::Alias(ContainerKind::Profile, id, name.to_owned()));
    }
    if assignment.assignee.is_none() {
        file.unlinked(record.at(), "names no user", "select AssigneeId");
    } else if assignment.permission_set.is_empty() && assignment.group.is_empty() {
        file.unlinked(record.at(), "names no permission set", "select PermissionSetId and PermissionSetGroupId");
    }
    assigned_permissions(file, record, &assignment, aside);
    said.push(Said::Assignment(Box::new(assignment)));
}

/// Permissions that a row of assignments tells of what is assigned, and of the profiles that it leads to.
fn assigned_permissions(file: &mut File<'_>, record: &Record<'_>, assignment: &Assignment, aside: &mut Aside) {
    if aside.is_idle() {
        return;
    }
    let parts = |references: &'_ [Located<ContainerRef>]| {
        let id = references.iter().find_map(|one| match &one.value {
            ContainerRef::Id(id) => Some(id.clone()),
            ContainerRef::Name(_) => None,
        });
        let name = references.iter().find_map(|one| match &one.value {
            ContainerRef::Name(name) => Some(name.clone()),
            ContainerRef::Id(_) => None,
        });
        (id, name)
    };
    let (set, set_name) = parts(&assignment.permission_set);
    let (group, group_name) = parts(&assignment.group);
    let owner = record.cell("permissionset.profileid").and_then(SfId::parse);
    let owned = match assignment.owned_by_profile.as_ref().map(|owned| owned.value) {
        Some(Switch::On) => true,
        Some(Switch::Off) => false,
        Some(Switch::NotTold) | None => owner.is_some(),
    };
    let profile_name = record.cell("permissionset.profile.name");
    let (kind, ids, name) = if owned {
        (ContainerKind::Profile, [set.as_ref(), owner.as_ref()], profile_name)
    } else if group.is_some() || group_name.is_some() {
        // The set of such a row is the group's own: it carries what the group grants after muting.
        (ContainerKind::Group, [group.as_ref(), set.as_ref()], group_name.as_deref())
    } else {
        (ContainerKind::PermissionSet, [set.as_ref(), None], set_name.as_deref())
    };
    aside.read(file, record, "permissionset.", kind, &ids, name);
    aside.read(
        file,
        record,
        "permissionset.profile.",
        ContainerKind::Profile,
        &[owner.as_ref(), set.as_ref()],
        profile_name,
    );
    let id = record.cell("assignee.profileid").and_then(SfId::parse);
    aside.read(
        file,
        record,
        "assignee.profile.",
        ContainerKind::Profile,
        &[id.as_ref()],
        record.cell("assignee.profile.name"),
    );
}

const HINT_COMPONENT: &str = "select PermissionSetGroupId and PermissionSetId";

/// A `PermissionSetGroupComponent` row. Muting sets are components, too; their ids start with `0QM`.
pub(super) fn component(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>, aside: &mut Aside) {
    let mut members = Vec::new();
    let mut muting = false;
    if let Some(id) = record.id(file, "permissionsetid") {
        muting = id.value.key().starts_with("0QM");
        members.push(Located::new(ContainerRef::Id(id.value), id.raw, id.at));
    }
    if let Some(text) = record.text("permissionset.name") {
        let full = with_namespace(&text.value, record.cell("permissionset.namespaceprefix"));
        if let [Located { value: ContainerRef::Id(id), .. }] = members.as_slice() {
            let kind = if muting { ContainerKind::Muting } else { ContainerKind::PermissionSet };
            said.push(Said::Alias(kind, id.clone(), full.clone()));
        }
        members = vec![Located::new(ContainerRef::Name(full), text.raw, text.at)];
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
        let kind = if muting { ContainerKind::Muting } else { ContainerKind::PermissionSet };
        let name = record.api_name("permissionset.name", "permissionset.namespaceprefix");
        aside.read(file, record, "permissionset.", kind, &[Some(&id)], name.as_deref());
    }
    said.push(Said::Member(Box::new(member)));
}

/// Rights on an object, and their columns.
const GRANTS: &[(&str, ObjectGrant)] = &[
    ("permissionsread", ObjectGrant::Read),
    ("permissionscreate", ObjectGrant::Create),
    ("permissionsedit", ObjectGrant::Edit),
    ("permissionsdelete", ObjectGrant::Delete),
    ("permissionsviewallrecords", ObjectGrant::ViewAllRecords),
    ("permissionsmodifyallrecords", ObjectGrant::ModifyAllRecords),
    ("permissionsviewallfields", ObjectGrant::ViewAllFields),
];

/// An `ObjectPermissions` row.
pub(super) fn object(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>, aside: &mut Aside) {
    let (mut grants, mut untold) = (Vec::new(), Vec::new());
    for (column, right) in GRANTS {
        let lack = match record.switch(file, column) {
            Some(Located { value: Switch::On, .. }) => {
                grants.push(*right);
                continue;
            }
            Some(Located { value: Switch::Off, .. }) => continue,
            Some(Located { raw, at, .. }) if raw.is_empty() => Located::new(Lack::Empty, raw, at),
            Some(Located { raw, at, .. }) => Located::new(Lack::Unknown, raw, at),
            None => Located::new(Lack::NotSelected, "", record.at()),
        };
        untold.push((*right, lack));
    }
    let parent_id = record.id(file, "parentid").map(|id| id.value);
    let owned = record.cell("parent.isownedbyprofile").is_some_and(|text| Switch::parse(text) == Switch::On);
    let profile = record.cell("parent.profile.name");
    let (kind, parent_name) = if owned || profile.is_some() {
        (ContainerKind::Profile, profile.map(str::to_owned))
    } else if parent_id.as_ref().is_some_and(|id| id.key().starts_with("0QM")) {
        (ContainerKind::Muting, record.api_name("parent.name", "parent.namespaceprefix"))
    } else {
        (ContainerKind::PermissionSet, record.api_name("parent.name", "parent.namespaceprefix"))
    };
    if parent_id.is_none() && parent_name.is_none() {
        return file.unlinked(record.at(), "names no permission set", "select ParentId and SobjectType");
    }
    aside.read(file, record, "parent.", kind, &[parent_id.as_ref()], parent_name.as_deref());
    let object = record.cell("sobjecttype").map(str::to_owned);
    if object.is_none() {
        file.unlinked(record.at(), "names no object", "select ParentId and SobjectType");
    }
    let at = record.at();
    said.push(Said::Objects(Box::new(ObjectRow { kind, parent_id, parent_name, object, grants, untold, at })));
}
