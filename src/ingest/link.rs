//! Joins what the files and records say into one model, in path order.

mod agree;
mod apps;
mod containers;
mod names;

use super::coverage;
use super::file_facts::{ExportPage, FileFacts, Listed, ManyRows, Said};
use super::{many_problems, secrets};
use crate::snapshot::{Kind, Listing, OrgSettings, Problem, ProblemCode, Setting, Snapshot, User};
use containers::Lost;
pub(super) use containers::merge as merge_container;
use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// Builds the snapshot.
pub(super) fn join(name: &str, parts: Vec<FileFacts>) -> Snapshot {
    let mut snapshot = Snapshot { name: name.to_owned(), ..Snapshot::default() };
    let mut pages: Vec<ExportPage> = Vec::new();
    let (mut apps, mut connected) = (Vec::new(), Vec::new());
    let mut access = containers::Said::default();
    let mut mentions = Vec::new();
    for part in parts {
        match part.input {
            Some(input) => snapshot.inputs.push(input),
            None => snapshot.ignored_files += usize::from(part.problems.is_empty()),
        }
        snapshot.problems.extend(part.problems);
        pages.extend(part.pages);
        let ManyRows { users, assignments, objects, logins } = part.rows;
        add(&mut snapshot.access.users, users);
        add(&mut snapshot.access.assignments, assignments);
        add(&mut access.objects, objects);
        add(&mut snapshot.activity.logins, logins);
        part.aliases.into_iter().for_each(|(kind, id, name)| access.claims.name(kind, id, name));
        for said in part.said {
            match said {
                Said::App(app) => apps.push(*app),
                Said::Container(container) => access.parts.push(*container),
                Said::Piece(_) => {} // joined to its component before
                Said::Member(member) => access.members.push(*member),
                Said::Namespace(own) => drop(access.own.insert(own)),
                Said::Connected(app) => connected.push(*app),
                Said::Org(settings) => merge_org(&mut snapshot.org, *settings),
                Said::TransactionPolicy(policy) => snapshot.transaction_policies.push(*policy),
                Said::Whole(wanted) => {
                    snapshot.requested_whole.entry(wanted.of).or_insert(wanted.at);
                }
                Said::OrgId(id) => snapshot.org_ids.push(id),
                Said::Secret(mention) => mentions.push(*mention),
                Said::Listed(listed) => list(&mut snapshot.listings, *listed),
                Said::ApiUse(row) => snapshot.activity.api_use.push(*row),
            }
        }
    }
    snapshot.access.users = distinct(snapshot.access.users);
    let names = apps::Names::new(&apps, &access.own);
    snapshot.apps = apps::join(apps, &names);
    snapshot.connected = apps::join_connected(connected);
    let of_apps = snapshot.problems.iter_mut().filter(|problem| problem.kind != Some(Kind::ConnectedAppFile));
    for app in of_apps.flat_map(|problem| &mut problem.apps) {
        *app = names.told(app);
    }
    secrets::take_from_labels(&mut snapshot.apps);
    secrets::take_from_labels(&mut snapshot.connected);
    snapshot.problems.extend(secrets::attach(&mut snapshot.apps, mentions));
    let lost = containers::join(access, &mut snapshot.access);
    snapshot.problems.extend(tell(lost, &mut pages));
    coverage::fill(&mut snapshot, &pages);
    snapshot
}

/// Adds the rows of a file; those of the first are taken as they stand.
fn add<T>(all: &mut Vec<T>, more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.extend(more);
    }
}

/// Rows that could not be joined are lost to their exports.
fn tell(mut lost: Vec<Lost>, pages: &mut [ExportPage]) -> Vec<Problem> {
    lost.sort_by(|a, b| a.at.cmp(&b.at));
    let mut by_path: BTreeMap<Arc<str>, Vec<&mut ExportPage>> = BTreeMap::new();
    for page in pages {
        by_path.entry(page.path.clone()).or_default().push(page);
    }
    let mut problems: BTreeMap<Arc<str>, Vec<Problem>> = BTreeMap::new();
    for Lost { kind, at, message, hint } in lost {
        let pages = by_path.get_mut(&at.path).map(Vec::as_mut_slice).unwrap_or_default();
        let of_kind = pages.iter().position(|page| page.kind == kind).unwrap_or_default();
        if let Some(page) = pages.get_mut(of_kind) {
            page.lost.add(&at);
        }
        let problem = Problem::new(at.clone(), Some(kind), ProblemCode::Unlinked, message, hint);
        problems.entry(at.path).or_default().push(problem);
    }
    problems.into_values().flat_map(many_problems::summed_up).collect()
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

/// The users without rows that say the same as one before, from another page or copy of the export. A row without an id
/// is a user of its own.
fn distinct(users: Vec<User>) -> Vec<User> {
    let mut seen = HashSet::new();
    let is_new: Vec<bool> = users.iter().map(|user| user.id.is_none() || seen.insert(content(user))).collect();
    drop(seen);
    let kept = users.into_iter().zip(is_new).filter(|(_, is_new)| *is_new);
    kept.map(|(user, _)| user).collect()
}

/// What a row says of a user, without what the user is called.
fn content(user: &User) -> impl Hash + Eq + '_ {
    fn of<T>(setting: &Setting<T>) -> Option<&T> {
        setting.as_ref().map(|located| &located.value)
    }
    let texts = [&user.username, &user.profile_name, &user.user_type, &user.license, &user.last_login].map(of);
    (of(&user.id), of(&user.active), of(&user.profile_id), texts)
}

fn merge_org(org: &mut OrgSettings, more: OrgSettings) {
    org.trusted_ranges.extend(more.trusted_ranges);
    org.settings.unite(more.settings);
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
