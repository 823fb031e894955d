//! Who the tokens are issued for.

use crate::controls::client_credentials::FlowState;
use crate::kit::Run;
use crate::kit::access::{identity, is_placeholder};
use crate::kit::app::{flow, stated};
use crate::kit::log::Named;
use crate::snapshot::{App, AppKind, Kind, Switch};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who runs as whom, of all apps and connected apps of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Running<'a> {
    apps: BTreeMap<String, BTreeSet<&'a str>>,
    connected: BTreeMap<String, Vec<&'a App>>,
    on: BTreeSet<&'a str>,
    /// Apps that may run as anybody: the flow is not off, and nothing tells the user.
    untold: Arc<Names<'a>>,
}

/// Who else runs as the execution user of an app.
#[derive(Clone, Debug, Default)]
pub(super) struct Others<'a> {
    /// External Client Apps whose flow is not off.
    pub(super) apps: Vec<String>,
    /// Connected apps with the flow on.
    pub(super) connected: Vec<&'a App>,
    /// Connected apps that name the user and do not tell whether the flow is on.
    pub(super) perhaps: Vec<&'a App>,
    /// Apps of which nothing tells whom they run as.
    pub(super) untold: Untold<'a>,
}

/// Apps that may run as anybody, but for the app itself and the one that it was migrated from or to. In an org of broken
/// files that is nearly every app, for each of them, so the names stand once for all.
#[derive(Clone, Debug, Default)]
pub(super) struct Untold<'a> {
    all: Arc<Names<'a>>,
    own: [Option<&'a str>; 2],
}

/// Names of External Client Apps and of connected apps.
type Names<'a> = [BTreeSet<&'a str>; 2];

/// Where the names of a kind stand.
const fn side(kind: AppKind) -> usize {
    match kind {
        AppKind::External => 0,
        AppKind::Connected => 1,
    }
}

impl<'a> Untold<'a> {
    pub(super) fn len(&self, kind: AppKind) -> usize {
        let (all, own) = (&self.all[side(kind)], self.own[side(kind)]);
        all.len() - usize::from(own.is_some_and(|own| all.contains(own)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len(AppKind::External) + self.len(AppKind::Connected) == 0
    }

    pub(super) fn get(&self, named: Named<'_>) -> Option<&'a str> {
        let (kind, name) = match named {
            Named::App(name) => (AppKind::External, name),
            Named::Connected(name) => (AppKind::Connected, name),
        };
        self.all[side(kind)].get(name).copied().filter(|name| Some(*name) != self.own[side(kind)])
    }

    pub(super) fn names(&self, kind: AppKind) -> impl Iterator<Item = &'a str> {
        let own = self.own[side(kind)];
        self.all[side(kind)].iter().copied().filter(move |name| Some(*name) != own)
    }
}

impl<'a> Running<'a> {
    /// An app whose flow is off does not run as its named user.
    pub(super) fn of(run: &Run<'a>) -> Self {
        let mut running = Self::default();
        let mut untold = Names::default();
        for app in run.snapshot.apps.values().filter(|app| flow::read(run, app).state != FlowState::Off) {
            let named = app.execution_user.iter().filter(|copy| !is_placeholder(&copy.value));
            let users: BTreeSet<String> = named.map(|copy| identity(run, &copy.value)).collect();
            if users.is_empty() {
                untold[side(AppKind::External)].insert(&app.name);
            }
            for user in users {
                running.apps.entry(user).or_default().insert(&app.name);
            }
        }
        for app in run.snapshot.connected.values() {
            let told = app.setting_flow.iter().filter(|switch| switch.value == Switch::Off).count();
            if told == app.places(Kind::ConnectedAppFile).count() && told > 0 {
                continue;
            }
            if app.setting_flow.iter().any(|switch| switch.value == Switch::On) {
                running.on.insert(&app.name);
            }
            let users = users(run, app);
            // One that only a record shows tells nothing of its flow, and most of those use another one.
            let filed = app.has(Kind::ConnectedAppFile) && flow::read(run, app).state != FlowState::Off;
            if users.is_empty() && filed {
                untold[side(AppKind::Connected)].insert(&app.name);
            }
            for user in users {
                running.connected.entry(user).or_default().push(app);
            }
        }
        running.untold = Arc::new(untold);
        running
    }

    /// Who else runs as the user of an app. Copies that disagree on the user count each; the app that it was migrated
    /// from or to does not.
    pub(super) fn beside(&self, run: &Run<'a>, app: &'a App, pair: Option<&'a str>) -> Others<'a> {
        let users = users(run, app);
        let own = match app.kind {
            AppKind::External => [Some(app.name.as_str()), pair],
            AppKind::Connected => [pair, Some(app.name.as_str())],
        };
        let apps: BTreeSet<&str> = users.iter().filter_map(|user| self.apps.get(user)).flatten().copied().collect();
        let connected = users.iter().filter_map(|user| self.connected.get(user)).flatten().copied();
        let connected = connected.filter(|app| own[side(AppKind::Connected)] != Some(&app.name));
        let (connected, perhaps) = connected.partition(|app| self.on.contains(app.name.as_str()));
        Others {
            apps: apps
                .into_iter()
                .filter(|name| own[side(AppKind::External)] != Some(name))
                .map(str::to_owned)
                .collect(),
            connected,
            perhaps,
            untold: Untold { all: Arc::clone(&self.untold), own },
        }
    }
}

/// Everybody whom an app is said to run as, but placeholders.
fn users(run: &Run<'_>, app: &App) -> BTreeSet<String> {
    let named = app.execution_user.iter().map(|copy| copy.value.clone()).chain(stated(run, app));
    named.filter(|user| !is_placeholder(user)).map(|user| identity(run, &user)).collect()
}

impl Others<'_> {
    /// Names of everything that runs as the user besides the app.
    pub(super) fn names(&self) -> Vec<String> {
        self.apps.iter().cloned().chain(names(&self.connected)).collect()
    }
}

/// Names of connected apps, each once.
pub(super) fn names(apps: &[&App]) -> Vec<String> {
    let names: BTreeSet<&str> = apps.iter().map(|app| app.name.as_str()).collect();
    names.into_iter().map(str::to_owned).collect()
}
