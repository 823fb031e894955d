//! Whom a profile binds. Login ranges and permissions of a profile hold for every user who has it, so nothing on it is
//! advised before it is known who that is.

use super::access::profile_of;
use crate::snapshot::{Container, Coverage, Index, SfId, Switch, User};
use std::collections::{BTreeMap, BTreeSet};

/// The users of each profile, counted and put into order once for all apps.
#[derive(Debug, Default)]
pub(crate) struct Holders<'a> {
    profiles: BTreeMap<Key, Profile>,
    names: BTreeMap<&'a str, String>,
    /// Every user is in the export, and every row tells its profile.
    complete: bool,
    /// Active ones, each by one row.
    administrators: Vec<&'a User>,
}

/// Who has one profile.
#[derive(Debug, Default)]
struct Profile {
    /// Active users by name; several rows of one are one.
    active: BTreeSet<String>,
    /// Users of whom nothing tells whether they are active.
    untold: usize,
}

/// A profile as the rows identify it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Container(String),
    Name(String),
    Id(String),
}

/// The standard profile that administers an org.
const ADMINISTRATOR: &str = "Admin";
/// Most of the others that are named.
const NAMED: usize = 10;

/// Others who have a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Others {
    /// How many of them are active.
    pub(crate) count: usize,
    /// Names of the first of them, in order.
    pub(crate) names: Vec<String>,
    /// Whether these are known to be all.
    pub(crate) all: bool,
}

impl<'a> Holders<'a> {
    /// Reads every user once.
    pub(crate) fn new(users: &'a [User], index: &Index<'a>, coverage: Coverage) -> Self {
        let mut holders = Self { complete: matches!(coverage, Coverage::Complete { .. }), ..Self::default() };
        for user in users {
            if let (Some(id), Some(name)) = (&user.profile_id, &user.profile_name) {
                holders.names.entry(id.value.key()).or_insert_with(|| name.value.to_lowercase());
            }
        }
        let mut known = BTreeSet::new();
        for user in users.iter().filter(|user| !is_off(user)) {
            let container = profile_of(index, user);
            if container.is_some_and(administers) && is_on(user) && id(user).is_none_or(|id| known.insert(id)) {
                holders.administrators.push(user);
            }
            let Some(key) = holders.key(container, user) else {
                holders.complete = false;
                continue;
            };
            let profile = holders.profiles.entry(key).or_default();
            match is_on(user) {
                true => drop(profile.active.insert(shown(user))),
                false => profile.untold += 1,
            }
        }
        holders
    }

    fn key(&self, container: Option<&Container>, user: &User) -> Option<Key> {
        match (container, &user.profile_name, &user.profile_id) {
            (Some(profile), ..) => Some(Key::Container(profile.name.clone())),
            (None, Some(name), _) => Some(Key::Name(name.value.to_lowercase())),
            (None, None, Some(id)) => Some(match self.names.get(id.value.key()) {
                Some(name) => Key::Name(name.clone()),
                None => Key::Id(id.value.key().to_owned()),
            }),
            (None, None, None) => None,
        }
    }

    /// Who else has a user's profile; `None` when the user's row tells none.
    pub(crate) fn others(&self, container: Option<&Container>, user: &User) -> Option<Others> {
        let profile = self.profiles.get(&self.key(container, user)?);
        let name = shown(user);
        let Some(profile) = profile else { return Some(Others { all: self.complete, ..Others::default() }) };
        let others = profile.active.iter().filter(|other| **other != name);
        let untold = profile.untold - usize::from(!is_on(user) && !is_off(user)).min(profile.untold);
        Some(Others {
            count: profile.active.len() - usize::from(profile.active.contains(&name)),
            names: others.take(NAMED).cloned().collect(),
            all: self.complete && untold == 0,
        })
    }

    /// Whether another active user is known to have the administrator's profile.
    pub(crate) fn other_administrator(&self, user: &User) -> bool {
        self.administrators.iter().any(|one| !same(one, user))
    }
}

/// Whether a profile is the standard one that administers an org.
pub(crate) fn administers(profile: &Container) -> bool {
    profile.name == ADMINISTRATOR
}

fn is_on(user: &User) -> bool {
    user.active.as_ref().is_some_and(|active| active.value == Switch::On)
}

fn is_off(user: &User) -> bool {
    user.active.as_ref().is_some_and(|active| active.value == Switch::Off)
}

fn same(one: &User, other: &User) -> bool {
    one.at == other.at || id(one).is_some() && id(one) == id(other)
}

fn id(user: &User) -> Option<&SfId> {
    user.id.as_ref().map(|id| &id.value)
}

fn shown(user: &User) -> String {
    match (&user.username, &user.id) {
        (Some(name), _) => name.value.to_string(),
        (None, Some(id)) => id.value.to_string(),
        (None, None) => user.at.to_string(),
    }
}
