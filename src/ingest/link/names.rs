//! Which container an id or a name means.
//!
//! Record ids decide before names: two ids are two things, whatever their names. A name says which thing it means only
//! together with its namespace, so a name of which the namespace was not told proves nothing. All of this is settled
//! before anything is joined, from what all files say together, so that their order never matters.

use crate::ingest::file_facts::Name;
use crate::snapshot::{ContainerKind, SfId, setup_name, standard_profiles};
use crate::text::spelling::bare;
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Key = (ContainerKind, String);

/// What files and rows say about names and ids.
#[derive(Default)]
pub(super) struct Claims {
    names: BTreeMap<(ContainerKind, SfId), BTreeSet<Name>>,
    /// Profiles and groups by the id of the permission set that is their own.
    owners: BTreeMap<SfId, BTreeSet<SfId>>,
}

impl Claims {
    /// An id and a name that stand in one row.
    pub(super) fn name(&mut self, kind: ContainerKind, id: SfId, name: Name) {
        self.names.entry((kind, id)).or_default().insert(name);
    }

    /// Ids that mean one container: a profile or group, and the permission set that is its own.
    pub(super) fn same(&mut self, ids: &[SfId]) {
        let owner = ids.iter().find(|id| !is_set(id));
        for set in ids.iter().filter(|id| is_set(id)) {
            if let Some(owner) = owner {
                self.owners.entry(*set).or_default().insert(*owner);
            }
        }
    }

    /// Whether a row names this id.
    pub(super) fn knows(&self, kind: ContainerKind, id: &SfId) -> bool {
        self.names.contains_key(&(kind, *id))
    }
}

fn is_set(id: &SfId) -> bool {
    id.key().starts_with("0PS")
}

/// The names that files have for containers, and the namespaces that are the org's own.
pub(super) struct Files {
    /// By kind and name in lower case, because case tells no name of an org from another: the first spelling.
    names: BTreeMap<Key, String>,
    own: BTreeSet<String>,
}

impl Files {
    pub(super) fn new(names: impl Iterator<Item = Key>, own: BTreeSet<String>) -> Self {
        let mut spelled: BTreeMap<Key, String> = BTreeMap::new();
        for (kind, name) in names {
            let first = spelled.entry((kind, name.to_lowercase())).or_insert_with(|| name.clone());
            if name < *first {
                *first = name;
            }
        }
        Self { names: spelled, own }
    }

    /// How files spell a name, if one has it.
    fn spelled(&self, kind: ContainerKind, name: &str) -> Option<&String> {
        self.names.get(&(kind, name.to_lowercase()))
    }

    /// The name under which a container is kept. In an org with a namespace records have the namespace and files lack
    /// it; a file of a standard profile may have its name in Setup.
    pub(super) fn canonical(&self, kind: ContainerKind, name: &str) -> String {
        let mut found = self.spelled(kind, name);
        if kind == ContainerKind::Profile {
            let mut standard = standard_profiles(name).filter(|api| setup_name(api) == Some(name));
            if let (Some(api), None) = (standard.next(), standard.next()) {
                return api.to_owned();
            }
        } else if found.is_none()
            && let Some((space, bare)) = name.split_once("__")
            && self.own.contains(space)
        {
            found = self.spelled(kind, bare);
        }
        found.map_or_else(|| name.to_owned(), String::clone)
    }
}

/// Which container each id means.
pub(super) struct Identity {
    files: Files,
    names: BTreeMap<(ContainerKind, SfId), String>,
    owners: BTreeMap<SfId, SfId>,
    /// Names of ids that tell nothing, to be shown.
    shown: BTreeMap<(ContainerKind, SfId), BTreeSet<Name>>,
}

impl Identity {
    pub(super) fn new(claims: Claims, files: Files) -> Self {
        let single = claims.owners.into_iter().filter(|(_, owners)| owners.len() == 1);
        let owners: BTreeMap<SfId, SfId> =
            single.filter_map(|(set, owners)| Some((set, owners.into_iter().next()?))).collect();
        let mut shown: BTreeMap<(ContainerKind, SfId), BTreeSet<Name>> = BTreeMap::new();
        for ((kind, id), names) in claims.names {
            let id = if kind == ContainerKind::PermissionSet { id } else { owners.get(&id).cloned().unwrap_or(id) };
            shown.entry((kind, id)).or_default().extend(names);
        }
        let names = resolved(&shown, &files);
        Self { files, names, owners, shown }
    }

    /// The id by which a container goes: a profile's own permission set and that of a group by theirs.
    fn own(&self, kind: ContainerKind, id: &SfId) -> SfId {
        let owner = if kind == ContainerKind::PermissionSet { None } else { self.owners.get(id) };
        *owner.unwrap_or(id)
    }

    /// The key of a container by its ids, else by its name; `None` where neither tells which it is.
    pub(super) fn key(&self, kind: ContainerKind, name: Option<&Name>, ids: &[SfId]) -> Option<Key> {
        let ids: Vec<SfId> = ids.iter().map(|id| self.own(kind, id)).collect();
        let names: BTreeSet<&String> = ids.iter().filter_map(|id| self.names.get(&(kind, *id))).collect();
        let name = match (names.len(), name) {
            (1, _) => names.first().map(|name| (*name).clone()),
            _ if !ids.is_empty() => ids.iter().find(|id| !is_set(id)).or(ids.first()).map(SfId::long),
            (_, Some(Name::Whole(name))) => Some(self.files.canonical(kind, name)),
            (_, Some(Name::Bare(label))) if kind == ContainerKind::Profile => only(profiles(label, &self.files)),
            _ => None,
        };
        Some((kind, name?))
    }

    /// The key of the profile or group whose own permission set has this id.
    pub(super) fn owner(&self, set: &SfId) -> Option<Key> {
        let owned = self.owners.get(set).and_then(|owner| {
            let kind = if owner.key().starts_with("0PG") { ContainerKind::Group } else { ContainerKind::Profile };
            self.key(kind, None, std::slice::from_ref(owner))
        });
        owned.or_else(|| {
            let kind = ContainerKind::Profile;
            self.names.get(&(kind, *set)).map(|name| (kind, name.clone()))
        })
    }

    /// The name under which files keep what they name.
    pub(super) fn canonical(&self, kind: ContainerKind, name: &str) -> String {
        self.files.canonical(kind, name)
    }

    /// All ids that are known to mean a container, with its key and what else it is called.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&SfId, Key, Vec<String>)> {
        let owned = self.owners.keys().filter_map(|set| Some((set, self.owner(set)?, Vec::new())));
        let named = self.shown.iter().filter_map(|((kind, id), names)| {
            let key = self.key(*kind, None, std::slice::from_ref(id))?;
            Some((id, key, names.iter().map(|name| name.text().to_owned()).collect()))
        });
        owned.chain(named)
    }
}

/// The one of several, if it is only one.
fn only(mut names: BTreeSet<String>) -> Option<String> {
    if names.len() == 1 { names.pop_first() } else { None }
}

/// The profiles that a name in Setup may mean: standard ones in any language, and one of that very name.
fn profiles(label: &str, files: &Files) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = standard_profiles(label).map(str::to_owned).collect();
    if found.is_empty() || files.spelled(ContainerKind::Profile, label).is_some() {
        found.insert(files.canonical(ContainerKind::Profile, label));
    }
    found
}

/// What the names that stand beside an id may mean together.
fn meant(kind: ContainerKind, names: &BTreeSet<Name>, files: &Files) -> BTreeSet<String> {
    let whole = names.iter().filter_map(|name| match name {
        Name::Whole(name) => Some(files.canonical(kind, name)),
        Name::Bare(_) => None,
    });
    let whole: BTreeSet<String> = whole.collect();
    if kind != ContainerKind::Profile || !whole.is_empty() {
        // Renamed between two exports: the one that has a file, if only one has.
        let filed: BTreeSet<String> =
            whole.iter().filter(|name| files.spelled(kind, name).is_some()).cloned().collect();
        return if whole.len() > 1 && !filed.is_empty() { filed } else { whole };
    }
    let labels = names.iter().map(|name| profiles(name.text(), files));
    let meant = labels.reduce(|mut a, b| {
        if !a.is_disjoint(&b) {
            return &a & &b;
        }
        a.extend(b); // an id may stand beside as many names as there are rows
        a
    });
    meant.unwrap_or_default()
}

/// A name without its namespace, and what kind of id has it.
type Alike<'c> = (ContainerKind, &'c str, &'c str);

fn alike<'c>((kind, id): &'c (ContainerKind, SfId), name: &'c str) -> Alike<'c> {
    (*kind, id.key().get(..3).unwrap_or_default(), bare(name))
}

/// The ids that a name without its namespace stands for, where it stands for one alone: no other id has that name, and
/// nothing has it with a namespace.
fn alone(
    claims: &BTreeMap<(ContainerKind, SfId), BTreeSet<Name>>,
    files: &Files,
) -> BTreeMap<(ContainerKind, SfId), String> {
    let mut ids: BTreeMap<Alike<'_>, BTreeSet<&SfId>> = BTreeMap::new();
    let mut spaced: BTreeSet<(ContainerKind, &str)> = BTreeSet::new();
    let whole = claims.iter().flat_map(|(of, names)| names.iter().filter_map(|name| Some((of.0, name.whole()?))));
    let filed = files.names.iter().map(|((kind, _), name)| (*kind, name.as_str()));
    spaced.extend(whole.chain(filed).filter(|(_, name)| name.contains("__")).map(|(kind, name)| (kind, bare(name))));
    for (of, names) in claims {
        for name in names {
            ids.entry(alike(of, name.text())).or_default().insert(&of.1);
        }
    }
    let mut certain = BTreeMap::new();
    for (of, names) in claims.iter().filter(|(of, names)| names.len() == 1 && of.0 != ContainerKind::Profile) {
        let Some(Name::Bare(name)) = names.first() else { continue };
        let single = ids.get(&alike(of, name)).is_some_and(|ids| ids.len() == 1);
        if single && !spaced.contains(&(of.0, name.as_str())) {
            certain.insert(*of, files.canonical(of.0, name));
        }
    }
    certain
}

/// The names of all ids for which there is exactly one, and which no other id of the same object has.
fn resolved(
    claims: &BTreeMap<(ContainerKind, SfId), BTreeSet<Name>>,
    files: &Files,
) -> BTreeMap<(ContainerKind, SfId), String> {
    let mut open: BTreeMap<&(ContainerKind, SfId), BTreeSet<String>> =
        claims.iter().map(|(of, names)| (of, meant(of.0, names, files))).collect();
    // What is surely another one's name is not this one's.
    let sure = open.iter().filter(|(_, names)| names.len() == 1);
    let taken: BTreeSet<Key> = sure.flat_map(|(of, names)| names.iter().map(|name| (of.0, name.clone()))).collect();
    for (of, names) in open.iter_mut().filter(|(_, names)| names.len() > 1) {
        names.retain(|name| !taken.contains(&(of.0, name.clone())));
    }
    let alone = alone(claims, files);
    let mut holders: BTreeMap<(Key, &str), Vec<&(ContainerKind, SfId)>> = BTreeMap::new();
    for (of, names) in open {
        if let Some(name) = only(names).or_else(|| alone.get(of).cloned()) {
            holders.entry(((of.0, name), of.1.key().get(..3).unwrap_or_default())).or_default().push(of);
        }
    }
    let single = holders.into_iter().filter(|(_, ids)| ids.len() == 1);
    single.flat_map(|(((_, name), _), ids)| ids.into_iter().map(move |of| (*of, name.clone()))).collect()
}
