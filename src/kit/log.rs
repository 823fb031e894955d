//! Logins and calls by whom and through what they were made, so that each app reads its own rows only.

use crate::snapshot::{ApiUse, App, AppKind, Login, SfId, Snapshot};
use crate::text::spelling::plain;
use std::collections::{BTreeMap, BTreeSet};

/// An index over the activity of a snapshot and over the names that its rows may mean.
#[derive(Debug, Default)]
pub(crate) struct Log<'a> {
    logins: By<'a, Login>,
    logins_by_app_name: BTreeMap<String, Vec<&'a Login>>,
    calls: By<'a, ApiUse>,
    calls_by_app_id: BTreeMap<&'a str, Vec<&'a ApiUse>>,
    calls_by_app_name: BTreeMap<String, Vec<&'a ApiUse>>,
    apps_by_id: BTreeMap<&'a str, Named<'a>>,
    named: BTreeMap<String, BTreeSet<Named<'a>>>,
}

/// An app that a name in a row may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named<'a> {
    /// An External Client App.
    App(&'a str),
    /// A connected app.
    Connected(&'a str),
}

impl<'a> Named<'a> {
    pub(crate) fn of(app: &'a App) -> Self {
        match app.kind {
            AppKind::External => Self::App(&app.name),
            AppKind::Connected => Self::Connected(&app.name),
        }
    }

    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::App(name) | Self::Connected(name) => name,
        }
    }
}

/// Names compare by their letters and digits: a log may show a label, an API name, or one without its namespace.
fn key(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An API name without its namespace, if it has one.
fn bare(name: &str) -> Option<&str> {
    name.split_once("__").map(|(_, bare)| bare).filter(|bare| !bare.is_empty())
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
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        let mut log = Self::default();
        for row in &snapshot.activity.logins {
            let name = row.username.as_ref().map(|name| name.value.as_str());
            log.logins.add(row, row.user.as_ref().map(|id| &id.value), name);
            if let Some(name) = row.application.as_ref().filter(|_| is_of_flow(row)) {
                log.logins_by_app_name.entry(key(&name.value)).or_default().push(row);
            }
        }
        for row in &snapshot.activity.api_use {
            let name = row.username.as_ref().map(|name| name.value.as_str());
            log.calls.add(row, row.user.as_ref().map(|id| &id.value), name);
            if let Some(id) = &row.app_id {
                log.calls_by_app_id.entry(id.value.key()).or_default().push(row);
            }
            if let Some(name) = &row.app {
                log.calls_by_app_name.entry(key(&name.value)).or_default().push(row);
            }
        }
        for app in snapshot.apps.values() {
            log.apps_by_id.extend(app.ids.iter().map(|id| (id.key(), Named::App(&app.name))));
            for name in names_of(app) {
                log.named.entry(key(name)).or_default().insert(Named::App(&app.name));
            }
        }
        for app in snapshot.connected.values() {
            log.apps_by_id.extend(app.ids.iter().map(|id| (id.key(), Named::Connected(&app.name))));
            for name in app.label.iter().map(|label| label.value.as_str()).chain([app.name.as_str()]) {
                log.named.entry(key(name)).or_default().insert(Named::Connected(&app.name));
            }
        }
        log.learn(&snapshot.activity.api_use);
        log
    }

    /// A row with the id of an app says what the app is called in logs, whatever its files call it.
    fn learn(&mut self, calls: &'a [ApiUse]) {
        for call in calls {
            let app = call.app_id.as_ref().and_then(|id| self.apps_by_id.get(id.value.key()));
            if let (Some(app), Some(name)) = (app, &call.app) {
                self.named.entry(key(&name.value)).or_default().insert(*app);
            }
        }
    }

    /// Logins of a user, by record id or by name without case, in the order of their places.
    pub(crate) fn logins_of(&self, id: Option<&SfId>, name: &str) -> Vec<&'a Login> {
        let rows: BTreeMap<_, _> = self.logins.of(id, name).map(|row| (&row.at, row)).collect();
        rows.into_values().collect()
    }

    /// Logins through the flow that name an app, whoever logged in.
    pub(crate) fn logins_through(&self, app: &'a App) -> impl Iterator<Item = &'a Login> {
        let names: BTreeSet<String> = names_of(app).map(key).collect();
        names.into_iter().filter_map(|name| self.logins_by_app_name.get(&name)).flatten().copied()
    }

    /// Calls of a user, and calls that name an app by one of its ids, its API name or a label.
    pub(crate) fn calls_of(&self, user: (Option<&SfId>, &str), app: &'a App) -> Vec<&'a ApiUse> {
        let by_id = app.ids.iter().filter_map(|id| self.calls_by_app_id.get(id.key())).flatten().copied();
        let by_name = names_of(app).filter_map(|name| self.calls_by_app_name.get(&key(name))).flatten().copied();
        let all = self.calls.of(user.0, user.1).chain(by_id).chain(by_name);
        let rows: BTreeMap<_, _> = all.map(|row| (&row.at, row)).collect();
        rows.into_values().collect()
    }

    /// The app that has a record id.
    pub(crate) fn app_with(&self, id: &SfId) -> Option<Named<'a>> {
        self.apps_by_id.get(id.key()).copied()
    }

    /// Apps and connected apps that a name may mean.
    pub(crate) fn apps_named(&self, text: &str) -> BTreeSet<Named<'a>> {
        self.named.get(&key(text)).cloned().unwrap_or_default()
    }
}

/// What an app may be called in a log: API name with and without its namespace, and every label.
fn names_of(app: &App) -> impl Iterator<Item = &str> {
    let api_names = [Some(app.name.as_str()), bare(&app.name)].into_iter().flatten();
    api_names.chain(app.label.iter().map(|label| label.value.as_str())).filter(|name| !key(name).is_empty())
}

/// What the texts of a login through this flow have in them.
const FLOW: &str = "clientcredential";

/// Whether the texts of a login are those of this flow. They are not documented, so a part of the word is enough.
pub(crate) fn is_of_flow(login: &Login) -> bool {
    let texts = [&login.sub_type, &login.login_type];
    // Most texts are of other kinds of logins, and are told by their length.
    let long = texts.into_iter().flatten().filter(|text| text.value.len() >= FLOW.len());
    long.into_iter().any(|text| plain(&text.value).contains(FLOW))
}
