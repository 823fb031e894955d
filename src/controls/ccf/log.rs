//! Logins and calls by whom and through what they were made, so that each app reads its own rows only.

use crate::snapshot::{ApiUse, Login, SfId, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// An index over the activity of a snapshot and over the names that its rows may mean.
#[derive(Debug, Default)]
pub(super) struct Log<'a> {
    logins: By<'a, Login>,
    calls: By<'a, ApiUse>,
    calls_by_app_id: BTreeMap<&'a str, Vec<&'a ApiUse>>,
    calls_by_app_name: BTreeMap<String, Vec<&'a ApiUse>>,
    apps_by_id: BTreeMap<&'a str, &'a str>,
    api_names: BTreeSet<&'a str>,
    connected: BTreeSet<&'a str>,
    labels: BTreeMap<String, BTreeSet<&'a str>>,
}

/// Rows by the id and by the name of their user.
#[derive(Debug)]
struct By<'a, T> {
    id: BTreeMap<&'a str, Vec<&'a T>>,
    name: BTreeMap<String, Vec<&'a T>>,
}

impl<T> Default for By<'_, T> {
    fn default() -> Self {
        Self { id: BTreeMap::new(), name: BTreeMap::new() }
    }
}

impl<'a, T> By<'a, T> {
    fn add(&mut self, row: &'a T, id: Option<&'a SfId>, name: Option<&'a str>) {
        if let Some(id) = id {
            self.id.entry(id.key()).or_default().push(row);
        }
        if let Some(name) = name {
            self.name.entry(name.to_lowercase()).or_default().push(row);
        }
    }

    fn of(&self, id: Option<&SfId>, name: &str) -> impl Iterator<Item = &'a T> {
        let by_id = id.and_then(|id| self.id.get(id.key())).into_iter().flatten();
        let by_name = (!name.is_empty()).then(|| self.name.get(&name.to_lowercase())).flatten().into_iter().flatten();
        by_id.chain(by_name).copied()
    }
}

impl<'a> Log<'a> {
    /// Reads everything once.
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        let mut log = Self::default();
        for row in &snapshot.activity.logins {
            let name = row.username.as_ref().map(|name| name.value.as_str());
            log.logins.add(row, row.user.as_ref().map(|id| &id.value), name);
        }
        for row in &snapshot.activity.api_use {
            let name = row.username.as_ref().map(|name| name.value.as_str());
            log.calls.add(row, row.user.as_ref().map(|id| &id.value), name);
            if let Some(id) = &row.app_id {
                log.calls_by_app_id.entry(id.value.key()).or_default().push(row);
            }
            if let Some(name) = &row.app {
                log.calls_by_app_name.entry(name.value.to_lowercase()).or_default().push(row);
            }
        }
        for app in snapshot.apps.values() {
            log.api_names.insert(&app.name);
            log.apps_by_id.extend(app.ids.iter().map(|id| (id.key(), app.name.as_str())));
            for label in &app.label {
                log.labels.entry(label.value.to_lowercase()).or_default().insert(&app.name);
            }
        }
        for app in &snapshot.connected_apps {
            log.connected.insert(&app.name);
            if let Some(label) = &app.label {
                log.labels.entry(label.value.to_lowercase()).or_default().insert(&app.name);
            }
        }
        log
    }

    /// Logins of a user, by record id or by name without case, in the order of their places.
    pub(super) fn logins_of(&self, id: Option<&SfId>, name: &str) -> Vec<&'a Login> {
        let rows: BTreeMap<_, _> = self.logins.of(id, name).map(|row| (&row.at, row)).collect();
        rows.into_values().collect()
    }

    /// Calls of a user, and calls that name an app by one of its ids, its API name or a label.
    pub(super) fn calls_of(
        &self,
        user: (Option<&SfId>, &str),
        ids: &[SfId],
        names: impl Iterator<Item = &'a str>,
    ) -> Vec<&'a ApiUse> {
        let by_id = ids.iter().filter_map(|id| self.calls_by_app_id.get(id.key())).flatten().copied();
        let by_name = names.filter_map(|name| self.calls_by_app_name.get(&name.to_lowercase())).flatten().copied();
        let all = self.calls.of(user.0, user.1).chain(by_id).chain(by_name);
        let rows: BTreeMap<_, _> = all.map(|row| (&row.at, row)).collect();
        rows.into_values().collect()
    }

    /// The app that has a record id.
    pub(super) fn app_with(&self, id: &SfId) -> Option<&'a str> {
        self.apps_by_id.get(id.key()).copied()
    }

    /// Apps and connected apps that a name may mean: by API name, or by label without case.
    pub(super) fn apps_named(&self, text: &str) -> BTreeSet<&'a str> {
        let exact = [&self.api_names, &self.connected].into_iter().filter_map(|names| names.get(text)).copied();
        exact.chain(self.labels.get(&text.to_lowercase()).into_iter().flatten().copied()).collect()
    }

    /// Whether a connected app has this API name, too.
    pub(super) fn is_connected(&self, name: &str) -> bool {
        self.connected.contains(name)
    }
}
