//! Users, assignments, group members, object permissions.

use crate::ingest::part::{Member, ObjectRow, Said};
use crate::ingest::values::{File, Record, with_namespace};
use crate::snapshot::{Assignment, ContainerKind, ContainerRef, Located, ObjectGrant, SfId, Switch, User};

/// A `User` row.
pub(super) fn user(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
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
    said.push(Said::User(Box::new(user)));
}

/// A `PermissionSetAssignment` row.
pub(super) fn assignment(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
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
    said.push(Said::Assignment(Box::new(assignment)));
}

const HINT_COMPONENT: &str = "select PermissionSetGroupId and PermissionSetId";

/// A `PermissionSetGroupComponent` row. Muting sets are components, too; their ids start with `0QM`.
pub(super) fn component(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
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
pub(super) fn object(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let mut grants = Vec::new();
    for (column, grant) in GRANTS {
        if record.switch(file, column).is_some_and(|granted| granted.value == Switch::On) {
            grants.push(*grant);
        }
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
    let Some(object) = record.cell("sobjecttype").filter(|_| parent_id.is_some() || parent_name.is_some()) else {
        return file.unlinked(record.at(), "names no object or no permission set", "select ParentId and SobjectType");
    };
    let object = object.to_owned();
    said.push(Said::Objects(Box::new(ObjectRow { kind, parent_id, parent_name, object, grants, at: record.at() })));
}
