//! Whom a profile binds. Login ranges and permissions of a profile hold for every user who has it, so nothing on it is
//! advised before it is known who that is.

use super::privilege::profile_of;
use crate::snapshot::{Container, Coverage, Index, Located, SfId, Switch, User};
use std::collections::BTreeMap;

/// The users of each profile, counted once for all apps.
#[derive(Debug, Default)]
pub(super) struct Holders<'a> {
    users: BTreeMap<Key, Vec<&'a User>>,
    names: BTreeMap<&'a str, String>,
    /// Every user is in the export, and every row tells its profile.
    complete: bool,
    administrators: Vec<&'a User>,
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

/// Others who have a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Others {
    /// Names of active users, in order.
    pub(super) names: Vec<String>,
    /// Whether these are known to be all.
    pub(super) all: bool,
}

impl<'a> Holders<'a> {
    /// Reads every user once.
    pub(super) fn new(users: &'a [User], index: &Index<'a>, coverage: Coverage) -> Self {
        let mut holders = Self { complete: matches!(coverage, Coverage::Complete { .. }), ..Self::default() };
        for user in users {
            if let (Some(id), Some(name)) = (&user.profile_id, &user.profile_name) {
                holders.names.entry(id.value.key()).or_insert_with(|| name.value.to_lowercase());
            }
        }
        for user in users.iter().filter(|user| !is_off(user)) {
            let container = profile_of(index, user);
            if container.is_some_and(|profile| profile.name == ADMINISTRATOR) && is_on(user) {
                holders.administrators.push(user);
            }
            match holders.key(container, user) {
                Some(key) => holders.users.entry(key).or_default().push(user),
                None => holders.complete = false,
            }
        }
        holders
    }

    fn key(&self, container: Option<&Container>, user: &User) -> Option<Key> {
        let name = |name: &Located<String>| Key::Name(name.value.to_lowercase());
        let id = |id: &Located<SfId>| match self.names.get(id.value.key()) {
            Some(name) => Key::Name(name.clone()),
            None => Key::Id(id.value.key().to_owned()),
        };
        container
            .map(|profile| Key::Container(profile.name.clone()))
            .or_else(|| user.profile_name.as_ref().map(name))
            .or_else(|| user.profile_id.as_ref().map(id))
    }

    /// Who else has a user's profile; `None` when the user's row tells none.
    pub(super) fn others(&self, container: Option<&Container>, user: &User) -> Option<Others> {
        let key = self.key(container, user)?;
        let others: Vec<&User> =
            self.users.get(&key).into_iter().flatten().copied().filter(|one| !same(one, user)).collect();
        let mut names: Vec<String> = others.iter().filter(|one| is_on(one)).map(|one| shown(one)).collect();
        names.sort();
        Some(Others { names, all: self.complete && others.iter().all(|one| is_on(one)) })
    }

    /// Whether another active user is known to have the administrator's profile.
    pub(super) fn other_administrator(&self, user: &User) -> bool {
        self.administrators.iter().any(|one| !same(one, user))
    }
}

/// Whether a profile is the standard one that administers an org.
pub(super) fn administers(profile: &Container) -> bool {
    profile.name == ADMINISTRATOR
}

fn is_on(user: &User) -> bool {
    user.active.as_ref().is_some_and(|active| active.value == Switch::On)
}

fn is_off(user: &User) -> bool {
    user.active.as_ref().is_some_and(|active| active.value == Switch::Off)
}

fn same(one: &User, other: &User) -> bool {
    let id = |user: &User| user.id.as_ref().map(|id| id.value.key().to_owned());
    one.at == other.at || id(one).is_some() && id(one) == id(other)
}

fn shown(user: &User) -> String {
    match (&user.username, &user.id) {
        (Some(name), _) => name.value.clone(),
        (None, Some(id)) => id.value.to_string(),
        (None, None) => user.at.to_string(),
    }
}
