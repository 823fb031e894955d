//! Joins what files and records say about profiles, permission sets, groups and muting sets.

use super::agree;
use super::names::{Claims, Files, Identity, Key};
use crate::ingest::file_facts::{ContainerFacts, Member, Name, ObjectRow};
use crate::snapshot::{
    Access, Assignment, Container, ContainerKind, ContainerRef, Kind, Lack, Located, Locator, Open, SfId, Switch,
    UNNAMED_OBJECT, User, setup_name,
};
use std::collections::{BTreeMap, BTreeSet};

/// What files and rows say, before it is joined.
#[derive(Default)]
pub(super) struct Said {
    pub parts: Vec<ContainerFacts>,
    pub members: Vec<Member>,
    pub objects: Vec<ObjectRow>,
    pub claims: Claims,
    /// Namespaces that are the org's own.
    pub own: BTreeSet<String>,
}

/// A row that cannot be joined to anything, with what to do about it.
pub(super) struct Lost {
    pub kind: Kind,
    pub at: Locator,
    pub message: &'static str,
    pub hint: &'static str,
}

type All = BTreeMap<Key, Container>;

/// Joins all containers, and gives references the names under which these are kept.
pub(super) fn join(said: Said, access: &mut Access) -> Vec<Lost> {
    let Said { parts, members, objects, mut claims, own } = said;
    claim(&mut claims, &parts, &objects, access);
    let files = Files::new(parts.iter().filter_map(file_name), own);
    let identity = Identity::new(claims, files);
    let mut lost = Vec::new();
    let mut all = of_parts(parts, &identity, &mut lost);
    for member in members {
        add_member(&mut all, member, &identity, &mut lost);
    }
    add_objects(&mut all, objects, &identity, &mut lost);
    attach(&mut all, &identity);
    for (kind, reference) in references(&mut all, &mut access.assignments) {
        if let ContainerRef::Name(name) = &mut reference.value {
            let kept = identity.canonical(kind, name);
            if *name != kept {
                *name = kept.into();
            }
        }
    }
    access.containers = all.into_values().map(finished).collect();
    lost
}

/// The name that a file has for its container.
fn file_name(part: &ContainerFacts) -> Option<Key> {
    let of_file = part.container.from_file || !part.container.unread.is_empty();
    let name = part.name.as_ref().filter(|_| of_file).and_then(Name::whole)?;
    Some((part.container.kind, name.to_owned()))
}

/// What parts, rows of object permissions and assignments say about ids.
fn claim(claims: &mut Claims, parts: &[ContainerFacts], objects: &[ObjectRow], access: &Access) {
    parts.iter().filter(|part| part.container.ids.len() > 1).for_each(|part| claims.same(&part.container.ids));
    for row in objects {
        if let (Some(id), Some(name), true) = (&row.parent_id, &row.parent_name, row.is_told)
            && !claims.knows(row.kind, id)
        {
            claims.name(row.kind, *id, name.clone());
        }
        if let (Some(id), Some(owner)) = (&row.parent_id, &row.owner) {
            claims.same(&[*id, *owner]);
        }
    }
    let users: BTreeMap<&SfId, &User> =
        access.users.iter().filter_map(|user| user.id.as_ref().map(|id| (&id.value, user))).collect();
    for row in &access.assignments {
        let mut same: Vec<SfId> = ids(&row.permission_set).collect();
        let owned = row.owned_by_profile.as_ref().is_some_and(|owned| owned.value == Switch::On);
        let user = row.assignee.as_ref().filter(|_| owned).and_then(|id| users.get(&id.value));
        match user.map(|user| (&user.profile_id, &user.profile_name)) {
            Some((Some(profile), _)) => same.push(profile.value),
            Some((None, Some(label))) => {
                for id in &same {
                    claims.name(ContainerKind::Profile, *id, Name::Bare(label.value.clone()));
                }
            }
            _ => same.extend(ids(&row.group)),
        }
        if same.len() > 1 {
            claims.same(&same);
        }
    }
}

fn of_parts(parts: Vec<ContainerFacts>, identity: &Identity, lost: &mut Vec<Lost>) -> All {
    let mut copies: BTreeMap<Key, Vec<Container>> = BTreeMap::new();
    for ContainerFacts { name, container } in parts {
        match identity.key(container.kind, name.as_ref(), &container.ids) {
            Some(key) => copies.entry(key).or_default().push(container),
            None => lost.extend(container.sources.into_iter().next().map(|at| Lost {
                kind: records_of(container.kind),
                at,
                message: "has a name without its namespace and no id, so what it is about cannot be told",
                hint: "select Id and NamespacePrefix",
            })),
        }
    }
    let mut all = All::new();
    for (key, mut copies) in copies {
        agree::on_muting(&mut copies);
        let container = entry(&mut all, key);
        copies.into_iter().for_each(|copy| merge(container, copy));
    }
    all
}

fn records_of(kind: ContainerKind) -> Kind {
    match kind {
        ContainerKind::Profile => Kind::ProfileRecords,
        ContainerKind::PermissionSet => Kind::PermissionSetRecords,
        ContainerKind::Group => Kind::GroupRecords,
        ContainerKind::Muting => Kind::MutingRecords,
    }
}

fn add_member(all: &mut All, member: Member, identity: &Identity, lost: &mut Vec<Lost>) {
    let ids: Vec<SfId> = member.group_id.into_iter().collect();
    let Some(key) = identity.key(ContainerKind::Group, member.group_name.as_ref(), &ids) else {
        let message = "names its permission set group without namespace and id";
        let hint = "select PermissionSetGroupId, or PermissionSetGroup.NamespacePrefix";
        return lost.push(Lost { kind: Kind::GroupComponentRecords, at: member.at, message, hint });
    };
    let group = entry(all, key);
    add_ids(group, ids);
    group.sources.push(member.at);
    if member.muting { group.mutings.extend(member.members) } else { group.members.extend(member.members) }
}

fn add_objects(all: &mut All, objects: Vec<ObjectRow>, identity: &Identity, lost: &mut Vec<Lost>) {
    let mut known: BTreeMap<SfId, Key> = identity.ids().map(|(id, key, _)| (*id, key)).collect();
    for (key, held) in &*all {
        known.extend(held.ids.iter().map(|id| (*id, key.clone())));
    }
    for row in objects {
        match parent_of(&row, &known, all, identity) {
            Some(key) => add_object(entry(all, key), row),
            None if row.object.is_none() => {} // lost already
            None => lost.push(Lost {
                kind: Kind::ObjectPermissionRecords,
                at: row.at,
                message: "has rights of a permission set that no file and no other export shows",
                hint: "select Parent.Name, Parent.NamespacePrefix, Parent.IsOwnedByProfile and Parent.Profile.Name, \
                       or export PermissionSet with ProfileId",
            }),
        }
    }
}

fn ids(references: &[Located<ContainerRef>]) -> impl Iterator<Item = SfId> {
    references.iter().filter_map(|one| match &one.value {
        ContainerRef::Id(id) => Some(*id),
        ContainerRef::Name(_) | ContainerRef::Bare(_) => None,
    })
}

/// The container whose rights a row has: the one of its id, else one that the row itself tells, else one of its name.
fn parent_of(row: &ObjectRow, known: &BTreeMap<SfId, Key>, all: &All, identity: &Identity) -> Option<Key> {
    let Some(id) = &row.parent_id else {
        return by_name(row, identity).filter(|key| row.is_told || all.contains_key(key));
    };
    let by_id = known.get(id).cloned().or_else(|| identity.owner(id));
    let told = by_id.or_else(|| match row.kind {
        _ if !row.is_told => None,
        ContainerKind::Profile => by_name(row, identity),
        kind => identity.key(kind, row.parent_name.as_ref(), std::slice::from_ref(id)),
    });
    // A name with its namespace is one set's alone, so a file of that name is it, unless it has another id.
    told.or_else(|| by_name(row, identity).filter(|key| all.get(key).is_some_and(|held| is_or_may_be(held, id))))
}

fn by_name(row: &ObjectRow, identity: &Identity) -> Option<Key> {
    identity.key(row.kind, row.parent_name.as_ref(), &[])
}

/// Whether nothing says that a container has another id.
fn is_or_may_be(held: &Container, id: &SfId) -> bool {
    held.ids.is_empty() || held.ids.contains(id)
}

fn add_object(parent: &mut Container, row: ObjectRow) {
    add_ids(parent, row.parent_id.into_iter().collect());
    if parent.sources.last() != Some(&row.at) {
        parent.sources.push(row.at.clone());
    }
    for (right, lack) in row.untold {
        // A column that was not selected is open on every object, and one note is enough for it.
        let object = row.object.as_deref().filter(|_| lack.value != Lack::NotSelected).map(str::to_owned);
        parent.untold.note(Open::Right(right, object), lack.value, lack.raw, lack.at);
    }
    let object = row.object.as_deref().unwrap_or(UNNAMED_OBJECT);
    if row.object.is_none() {
        parent.untold.note(Open::Object, Lack::Empty, "", row.at.clone());
    }
    // What a muting set's file does not mute, a row alone does not mute either.
    let alone = parent.kind == ContainerKind::Muting && parent.from_file;
    let access = parent.objects.entry(object.to_owned()).or_default();
    for right in row.grants {
        if !alone || access.grants.contains_key(&right) {
            access.grants.entry(right).or_default().push(row.at.clone());
        }
    }
}

/// Gives each container all ids that are known to mean it, and to one that only ids tell the names beside them.
fn attach(all: &mut All, identity: &Identity) {
    for (id, key, names) in identity.ids() {
        let Some(container) = all.get_mut(&key) else { continue };
        add_ids(container, vec![*id]);
        if setup_name(&key.1).is_none() {
            container.other_names.extend(names);
        }
    }
}

/// Everything that refers to a container, with the kind that it means.
fn references<'a>(
    all: &'a mut All,
    assignments: &'a mut [Assignment],
) -> impl Iterator<Item = (ContainerKind, &'a mut Located<ContainerRef>)> {
    let of_groups = all.values_mut().flat_map(|group| {
        let sets = group.members.iter_mut().map(|one| (ContainerKind::PermissionSet, one));
        sets.chain(group.mutings.iter_mut().map(|one| (ContainerKind::Muting, one)))
    });
    let of_rows = assignments.iter_mut().flat_map(|row| {
        let sets = row.permission_set.iter_mut().map(|one| (ContainerKind::PermissionSet, one));
        sets.chain(row.group.iter_mut().map(|one| (ContainerKind::Group, one)))
    });
    of_groups.chain(of_rows)
}

fn entry(all: &mut All, key: Key) -> &mut Container {
    let (kind, name) = key.clone();
    all.entry(key).or_insert_with(|| Container::new(kind, name))
}

fn add_ids(container: &mut Container, ids: Vec<SfId>) {
    for id in ids {
        if !container.ids.contains(&id) {
            container.ids.push(id);
        }
    }
}

/// Adds what another file or row says of a container.
pub(in crate::ingest) fn merge(container: &mut Container, more: Container) {
    container.other_names.extend(more.other_names);
    add_ids(container, more.ids);
    container.sources.extend(more.sources);
    if !more.login_ranges.is_empty() {
        container.ranges_in_pieces =
            more.in_pieces && (container.ranges_in_pieces || container.login_ranges.is_empty());
    }
    if more.from_file {
        container.in_pieces = more.in_pieces && (container.in_pieces || !container.from_file);
    }
    container.from_file |= more.from_file;
    container.calculated |= more.calculated;
    container.record_columns.extend(more.record_columns);
    container.unread.extend(more.unread);
    container.untold.unite(more.untold);
    for (name, places) in more.permissions {
        container.permissions.entry(name).or_default().extend(places);
    }
    for (object, access) in more.objects {
        let all = container.objects.entry(object).or_default();
        for (grant, places) in access.grants {
            all.grants.entry(grant).or_default().extend(places);
        }
    }
    macro_rules! unite {
        ($($field:ident),*) => { $( for copy in &more.$field { container.$field.push(copy.clone()); } )* };
    }
    unite!(login_ranges, activation_required, custom, license, status);
    container.members.extend(more.members);
    container.mutings.extend(more.mutings);
}

/// Puts a container's lists into an order that does not depend on how its parts were found.
fn finished(mut container: Container) -> Container {
    if container.kind == ContainerKind::Profile {
        container.other_names.extend(setup_name(&container.name).map(str::to_owned));
    }
    let name = container.name.clone();
    container.other_names.remove(&name);
    container.ids.sort();
    let sources: BTreeSet<_> = std::mem::take(&mut container.sources).into_iter().collect();
    container.sources = sources.into_iter().collect();
    container.unread.sort();
    container.login_ranges.sort();
    container.activation_required.sort();
    container.custom.sort();
    container.license.sort();
    container.status.sort();
    container
}
