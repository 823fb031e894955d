//! Look-ups over users, containers and assignments, so that an org of a thousand apps costs a thousand look-ups.

use super::{
    Access, Assignment, Container, ContainerKind, ContainerRef, Input, Kind, SfId, User, api_names, standard_profiles,
};
use std::collections::BTreeMap;

/// An index over [`Access`]. Where several entries answer, the first of the snapshot does.
#[derive(Clone, Debug, Default)]
pub struct Index<'a> {
    users_by_name: BTreeMap<String, Vec<&'a User>>,
    users_by_id: BTreeMap<&'a str, Vec<&'a User>>,
    containers_by_name: BTreeMap<(ContainerKind, &'a str), &'a Container>,
    profiles_by_other_name: BTreeMap<&'a str, Vec<&'a Container>>,
    containers_by_id: BTreeMap<(ContainerKind, &'a str), &'a Container>,
    assignments: BTreeMap<&'a str, Vec<&'a Assignment>>,
    unassigned: bool,
    records: BTreeMap<&'a str, Kind>,
    files: BTreeMap<Kind, Vec<&'a Input>>,
}

impl<'a> Index<'a> {
    /// Reads everything once.
    #[must_use]
    pub fn new(access: &'a Access) -> Self {
        let mut index = Self::default();
        for user in &access.users {
            if let Some(name) = &user.username {
                index.users_by_name.entry(name.value.to_lowercase()).or_default().push(user);
            }
            if let Some(id) = &user.id {
                index.users_by_id.entry(id.value.key()).or_default().push(user);
            }
        }
        for container in &access.containers {
            index.containers_by_name.entry((container.kind, container.name.as_str())).or_insert(container);
            for id in &container.ids {
                index.containers_by_id.entry((container.kind, id.key())).or_insert(container);
            }
            if container.kind == ContainerKind::Profile {
                for name in &container.other_names {
                    index.profiles_by_other_name.entry(name.as_str()).or_default().push(container);
                }
            }
        }
        for assignment in &access.assignments {
            match &assignment.assignee {
                Some(assignee) => index.assignments.entry(assignee.value.key()).or_default().push(assignment),
                None => index.unassigned = true,
            }
        }
        index
    }

    /// Adds which files and record exports there are.
    #[must_use]
    pub fn with(mut self, inputs: &'a [Input]) -> Self {
        let records = inputs.iter().filter(|input| input.kind.is_records());
        self.records.extend(records.map(|input| (input.path.as_ref(), input.kind)));
        for input in inputs {
            self.files.entry(input.kind).or_default().push(input);
        }
        self
    }

    /// The files of a kind.
    #[must_use]
    pub fn files_of(&self, kind: Kind) -> &[&'a Input] {
        self.files.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Of what a file holds records, if it holds any.
    #[must_use]
    pub fn records_of(&self, path: &str) -> Option<Kind> {
        self.records.get(path).copied()
    }

    /// The user records that a name means (compared without case).
    #[must_use]
    pub fn users_named(&self, username: &str) -> &[&'a User] {
        self.users_by_name.get(&username.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The user records with an id.
    #[must_use]
    pub fn users_with(&self, id: &SfId) -> &[&'a User] {
        self.users_by_id.get(id.key()).map_or(&[], Vec::as_slice)
    }

    /// The container that a reference means, if the snapshot holds it. Records name a profile as Setup does, in the
    /// language of whoever took the export; every other container goes by its API name.
    #[must_use]
    pub fn container(&self, kind: ContainerKind, reference: &ContainerRef) -> Option<&'a Container> {
        match reference {
            ContainerRef::Id(id) => self.containers_by_id.get(&(kind, id.key())).copied(),
            ContainerRef::Name(name) if kind == ContainerKind::Profile => match self.profiles_named(name).as_slice() {
                [only] => Some(only),
                _ => None,
            },
            ContainerRef::Name(name) => self.containers_by_name.get(&(kind, name.as_str())).copied(),
            ContainerRef::Bare(_) => None,
        }
    }

    fn profile(&self, name: &str) -> Option<&'a Container> {
        self.containers_by_name.get(&(ContainerKind::Profile, name)).copied()
    }

    /// The profiles that a name may mean. Two of them, also when the snapshot holds only one, leave open which it is.
    fn profiles_named(&self, name: &str) -> Vec<&'a Container> {
        let mut names: Vec<&str> = standard_profiles(name).collect();
        if self.profile(name).is_some() && !names.contains(&name) {
            names.push(name);
        }
        match names.as_slice() {
            [] => self.profiles_by_other_name.get(name).cloned().unwrap_or_default(),
            [only] => self.profile(only).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Profiles of the snapshot, for a name that means none of them and may be a translation.
    pub fn standard_profiles(&self) -> impl Iterator<Item = &'a Container> {
        api_names().filter_map(|name| self.profile(name))
    }

    /// The assignments of a user.
    #[must_use]
    pub fn assignments_of(&self, user: &SfId) -> &[&'a Assignment] {
        self.assignments.get(user.key()).map_or(&[], Vec::as_slice)
    }

    /// Whether some assignment does not tell whose it is.
    #[must_use]
    pub fn has_unassigned(&self) -> bool {
        self.unassigned
    }
}
