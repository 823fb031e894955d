//! Joins what the files and records say into one model, in path order.

mod agree;

use super::coverage;
use super::part::{AppPart, ContainerPart, Listed, Member, ObjectRow, Part, Said};
use super::secrets;
use crate::snapshot::{
    App, Container, ContainerKind, ContainerRef, Lack, Listing, Open, OrgSettings, Setting, SfId, Snapshot, Switch,
    UNNAMED_OBJECT, User,
};
use std::collections::{BTreeMap, BTreeSet};

/// Standard profiles whose API name differs from the name in Setup, which record exports give.
const STANDARD_PROFILES: &[(&str, &str)] = &[
    ("Admin", "System Administrator"),
    ("Standard", "Standard User"),
    ("StandardAul", "Standard Platform User"),
    ("ContractManager", "Contract Manager"),
    ("MarketingProfile", "Marketing User"),
    ("SolutionManager", "Solution Manager"),
    ("ReadOnly", "Read Only"),
    ("HighVolumePortal", "High Volume Customer Portal"),
    ("PlatformPortal", "Authenticated Website"),
];

/// The API name of a profile that either name means.
fn profile_api_name(name: &str) -> &str {
    STANDARD_PROFILES.iter().find(|(_, setup)| *setup == name).map_or(name, |(api, _)| api)
}

type ContainerKey = (ContainerKind, String);

/// Names that records give to ids.
#[derive(Default)]
struct Aliases(BTreeMap<ContainerKind, BTreeMap<SfId, String>>);

impl Aliases {
    fn add(&mut self, kind: ContainerKind, id: SfId, name: String) {
        let name = if kind == ContainerKind::Profile { profile_api_name(&name).to_owned() } else { name };
        self.0.entry(kind).or_default().entry(id).or_insert(name);
    }

    fn name(&self, kind: ContainerKind, id: &SfId) -> Option<&str> {
        self.0.get(&kind)?.get(id).map(String::as_str)
    }

    /// The key of a container by its name, else by what is known of its ids, else by an id itself.
    fn key(&self, kind: ContainerKind, name: Option<&str>, ids: &[SfId]) -> Option<ContainerKey> {
        let known = || ids.iter().find_map(|id| self.name(kind, id));
        let name = match name.or_else(known) {
            Some(name) if kind == ContainerKind::Profile => profile_api_name(name).to_owned(),
            Some(name) => name.to_owned(),
            // A profile's own permission set and the result of a group go by the id of the profile or group.
            None => ids.iter().find(|id| !id.key().starts_with("0PS")).or(ids.first())?.long(),
        };
        Some((kind, name))
    }
}

/// Builds the snapshot.
pub(super) fn join(name: &str, parts: Vec<Part>) -> Snapshot {
    let mut snapshot = Snapshot { name: name.to_owned(), ..Snapshot::default() };
    let mut pages = Vec::new();
    let mut apps: Vec<AppPart> = Vec::new();
    let mut containers: Vec<ContainerPart> = Vec::new();
    let mut members: Vec<Member> = Vec::new();
    let mut objects: Vec<ObjectRow> = Vec::new();
    let mut aliases = Aliases::default();
    let mut user_ids = BTreeMap::new();
    let mut mentions = Vec::new();
    for part in parts {
        match part.input {
            Some(input) => snapshot.inputs.push(input),
            None => snapshot.ignored_files += usize::from(part.problems.is_empty()),
        }
        snapshot.problems.extend(part.problems);
        pages.extend(part.pages);
        for said in part.said {
            match said {
                Said::App(app) => apps.push(*app),
                Said::Container(container) => containers.push(*container),
                Said::Piece(_) => {} // joined to its component before
                Said::Member(member) => members.push(*member),
                Said::Objects(row) => objects.push(*row),
                Said::Alias(kind, id, name) => aliases.add(kind, id, name),
                Said::ConnectedApp(app) => snapshot.connected_apps.push(*app),
                Said::User(user) => add_user(&mut snapshot.access.users, &mut user_ids, *user),
                Said::Assignment(assignment) => snapshot.access.assignments.push(*assignment),
                Said::Org(settings) => merge_org(&mut snapshot.org, *settings),
                Said::TransactionPolicy(policy) => snapshot.transaction_policies.push(*policy),
                Said::Whole(wanted) => {
                    snapshot.requested_whole.insert(wanted.of);
                }
                Said::OrgId(id) => snapshot.org_ids.push(id),
                Said::Secret(mention) => mentions.push(*mention),
                Said::Listed(listed) => list(&mut snapshot.listings, *listed),
                Said::Login(login) => snapshot.activity.logins.push(*login),
                Said::ApiUse(row) => snapshot.activity.api_use.push(*row),
            }
        }
    }
    snapshot.apps = join_apps(apps);
    snapshot.problems.extend(secrets::attach(&mut snapshot.apps, mentions));
    snapshot.access.containers = join_containers(&mut aliases, containers, members, objects, &snapshot);
    coverage::fill(&mut snapshot, &pages);
    snapshot
}

/// Adds a component to what the org lists of its type.
fn list(listings: &mut BTreeMap<String, Listing>, Listed { of, name, at, whole }: Listed) {
    let listing = listings.entry(of.to_owned()).or_default();
    listing.whole |= whole;
    match name {
        Some(name) => listing.components.entry(name).or_default().push(at),
        None => listing.files.push(at),
    }
}

/// Adds a user, unless a row with the same content came before, from another page or copy of the export.
fn add_user(users: &mut Vec<User>, by_id: &mut BTreeMap<SfId, Vec<usize>>, user: User) {
    if let Some(id) = &user.id {
        let places = by_id.entry(id.value.clone()).or_default();
        if places.iter().filter_map(|at| users.get(*at)).any(|seen| same_user(seen, &user)) {
            return;
        }
        places.push(users.len());
    }
    users.push(user);
}

fn same_user(a: &User, b: &User) -> bool {
    fn of<T>(setting: &Setting<T>) -> Option<&T> {
        setting.as_ref().map(|located| &located.value)
    }
    of(&a.username) == of(&b.username)
        && of(&a.active) == of(&b.active)
        && of(&a.profile_id) == of(&b.profile_id)
        && of(&a.profile_name) == of(&b.profile_name)
        && of(&a.user_type) == of(&b.user_type)
        && of(&a.license) == of(&b.license)
        && of(&a.last_login) == of(&b.last_login)
}

fn merge_org(org: &mut OrgSettings, more: OrgSettings) {
    org.trusted_ranges.extend(more.trusted_ranges);
    let pairs = [
        (&mut org.enforce_ranges_every_request, &more.enforce_ranges_every_request),
        (&mut org.transaction_policies_enabled, &more.transaction_policies_enabled),
        (&mut org.secret_in_rest_api, &more.secret_in_rest_api),
        (&mut org.secret_in_metadata, &more.secret_in_metadata),
    ];
    for (all, more) in pairs {
        for copy in more {
            all.push(copy.clone());
        }
    }
}

/// Joins by API name; a record that has only an id is named by the record that has both, else by the id.
fn join_apps(parts: Vec<AppPart>) -> BTreeMap<String, App> {
    let mut names: BTreeMap<SfId, String> = BTreeMap::new();
    for part in &parts {
        if let (Some(name), Some(id)) = (&part.name, &part.id) {
            names.entry(id.clone()).or_insert_with(|| name.clone());
        }
    }
    let mut apps: BTreeMap<String, App> = BTreeMap::new();
    for AppPart { name, id, app: more } in parts {
        let known = || id.as_ref().and_then(|id| names.get(id).cloned());
        let Some(name) = name.or_else(known).or_else(|| id.as_ref().map(SfId::long)) else { continue };
        let app = apps.entry(name.clone()).or_insert_with(|| App { name, ..App::default() });
        if let Some(id) = id
            && !app.ids.contains(&id)
        {
            app.ids.push(id);
        }
        merge_app(app, more);
    }
    apps
}

fn merge_app(app: &mut App, more: App) {
    macro_rules! unite {
        ($($field:ident),*) => { $( for copy in &more.$field { app.$field.push(copy.clone()); } )* };
    }
    unite!(label, namespace, distribution_state, policy_flow, setting_flow, enabled, oauth_plugin_enabled);
    unite!(execution_user, ip_relaxation, permitted_users, scopes, custom_scopes, secret, certificate);
    unite!(session_timeout_minutes);
    app.sources.extend(more.sources);
    app.names_nobody.extend(more.names_nobody);
    app.scope_columns.extend(more.scope_columns);
    app.trusted_ranges.extend(more.trusted_ranges);
    app.token_ranges.extend(more.token_ranges);
    if app.policy_changed.is_none() {
        app.policy_changed = more.policy_changed;
    }
}

fn join_containers(
    aliases: &mut Aliases,
    parts: Vec<ContainerPart>,
    members: Vec<Member>,
    objects: Vec<ObjectRow>,
    snapshot: &Snapshot,
) -> Vec<Container> {
    own_sets_of_profiles(aliases, &parts, snapshot);
    let mut copies: BTreeMap<ContainerKey, Vec<Container>> = BTreeMap::new();
    for ContainerPart { name, container } in parts {
        if let Some(key) = aliases.key(container.kind, name.as_deref(), &container.ids) {
            copies.entry(key).or_default().push(container);
        }
    }
    let mut all: BTreeMap<ContainerKey, Container> = BTreeMap::new();
    for (key, mut copies) in copies {
        agree::on_muting(&mut copies);
        let container = entry(&mut all, key);
        copies.into_iter().for_each(|copy| merge_container(container, copy));
    }
    for member in members {
        let ids: Vec<SfId> = member.group_id.into_iter().collect();
        let Some(key) = aliases.key(ContainerKind::Group, member.group_name.as_deref(), &ids) else { continue };
        let group = entry(&mut all, key);
        add_ids(group, ids);
        group.sources.push(member.at);
        if member.muting { group.mutings.extend(member.members) } else { group.members.extend(member.members) }
    }
    let known: BTreeMap<SfId, ContainerKey> =
        all.iter().flat_map(|(key, held)| held.ids.iter().map(move |id| (id.clone(), key.clone()))).collect();
    for row in objects {
        let ids: Vec<SfId> = row.parent_id.into_iter().collect();
        let by_id = ids.first().and_then(|id| known.get(id).cloned());
        let own_set = || {
            let id = ids.first()?;
            Some((ContainerKind::Profile, aliases.name(ContainerKind::Profile, id)?.to_owned()))
        };
        let key = by_id.or_else(own_set).or_else(|| aliases.key(row.kind, row.parent_name.as_deref(), &ids));
        let Some(key) = key else { continue };
        let parent = entry(&mut all, key);
        add_ids(parent, ids);
        if parent.sources.last() != Some(&row.at) {
            parent.sources.push(row.at.clone());
        }
        for (right, lack) in row.untold {
            // A column that was not selected is open on every object, and one note is enough for it.
            let object = row.object.clone().filter(|_| lack.value != Lack::NotSelected);
            parent.untold.note(Open::Right(right, object), lack.value, lack.raw, lack.at);
        }
        let object = row.object.unwrap_or_else(|| {
            parent.untold.note(Open::Object, Lack::Empty, "", row.at.clone());
            UNNAMED_OBJECT.to_owned()
        });
        // What a muting set's file does not mute, a row alone does not mute either.
        let muted = |parent: &Container, right| {
            let access = parent.objects.get(&object).is_some_and(|access| access.grants.contains_key(&right));
            parent.kind != ContainerKind::Muting || !parent.from_file || access
        };
        for right in row.grants {
            if muted(parent, right) {
                let access = parent.objects.entry(object.clone()).or_default();
                access.grants.entry(right).or_default().push(row.at.clone());
            }
        }
    }
    attach_aliases(aliases, &mut all);
    all.into_values().map(finished).collect()
}

/// A profile owns one permission set. Assignment rows tell its id, and through the user whose it is.
fn own_sets_of_profiles(aliases: &mut Aliases, parts: &[ContainerPart], snapshot: &Snapshot) {
    let mut profile_of: BTreeMap<&SfId, String> = BTreeMap::new();
    for user in &snapshot.access.users {
        let by_id = user.profile_id.as_ref().and_then(|id| aliases.name(ContainerKind::Profile, &id.value));
        let by_name = user.profile_name.as_ref().map(|name| profile_api_name(&name.value));
        if let (Some(id), Some(name)) = (&user.id, by_name.or(by_id)) {
            profile_of.insert(&id.value, name.to_owned());
        }
    }
    let mut found = Vec::new();
    for assignment in &snapshot.access.assignments {
        let owned = assignment.owned_by_profile.as_ref().is_some_and(|owned| owned.value == Switch::On);
        let profile = assignment.assignee.as_ref().and_then(|id| profile_of.get(&id.value));
        if let (true, Some(profile)) = (owned, profile) {
            for reference in &assignment.permission_set {
                if let ContainerRef::Id(id) = &reference.value {
                    found.push((id.clone(), profile.clone()));
                }
            }
        }
    }
    for part in parts.iter().filter(|part| part.container.kind == ContainerKind::Profile) {
        let named = part.container.ids.iter().find_map(|id| aliases.name(ContainerKind::Profile, id));
        if let Some(name) = named.map(str::to_owned) {
            found.extend(part.container.ids.iter().map(|id| (id.clone(), name.clone())));
        }
    }
    for (id, name) in found {
        aliases.add(ContainerKind::Profile, id, name);
    }
}

/// Gives each container all ids that are known to mean it.
fn attach_aliases(aliases: &Aliases, all: &mut BTreeMap<ContainerKey, Container>) {
    for (kind, names) in &aliases.0 {
        for (id, name) in names {
            if let Some(container) = all.get_mut(&(*kind, name.clone())) {
                add_ids(container, vec![id.clone()]);
            }
        }
    }
}

fn entry(all: &mut BTreeMap<ContainerKey, Container>, key: ContainerKey) -> &mut Container {
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
pub(super) fn merge_container(container: &mut Container, more: Container) {
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
    if container.kind == ContainerKind::Profile
        && let Some((_, setup)) = STANDARD_PROFILES.iter().find(|(api, _)| *api == container.name)
    {
        container.other_names.insert((*setup).to_owned());
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
