//! Who the tokens are issued for.

use crate::controls::client_credentials::FlowState;
use crate::kit::Run;
use crate::kit::access::{identity, is_placeholder};
use crate::kit::app::flow;
use crate::snapshot::{App, Kind, Switch};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who runs as whom, of all apps and connected apps of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Running<'a> {
    apps: BTreeMap<String, BTreeSet<&'a str>>,
    connected: BTreeMap<String, Vec<&'a App>>,
    on: BTreeSet<&'a str>,
    /// Apps that may run as anybody: the flow is not off, and nothing tells the user.
    untold: Arc<BTreeSet<&'a str>>,
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
    /// External Client Apps of which nothing tells whom they run as.
    pub(super) untold: Untold<'a>,
}

/// Apps that may run as anybody, but one. In an org of broken files that is nearly every app, for each of them, so the
/// names stand once for all.
#[derive(Clone, Debug, Default)]
pub(super) struct Untold<'a> {
    all: Arc<BTreeSet<&'a str>>,
    own: String,
}

impl<'a> Untold<'a> {
    pub(super) fn len(&self) -> usize {
        self.all.len() - usize::from(self.all.contains(self.own.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.all.get(name).copied().filter(|name| *name != self.own)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.all.iter().copied().filter(|name| *name != self.own)
    }
}

impl<'a> Running<'a> {
    /// An app whose flow is off does not run as its named user.
    pub(super) fn of(run: &Run<'a>) -> Self {
        let mut running = Self::default();
        let mut untold = BTreeSet::new();
        for app in run.snapshot.apps.values().filter(|app| flow::read(run, app).state != FlowState::Off) {
            let named = app.execution_user.iter().filter(|copy| !is_placeholder(&copy.value));
            let users: BTreeSet<String> = named.map(|copy| identity(run, &copy.value)).collect();
            if users.is_empty() {
                untold.insert(app.name.as_str());
            }
            for user in users {
                running.apps.entry(user).or_default().insert(&app.name);
            }
        }
        running.untold = Arc::new(untold);
        for app in run.snapshot.connected.values() {
            let told = app.setting_flow.iter().filter(|switch| switch.value == Switch::Off).count();
            if told == app.places(Kind::ConnectedAppFile).count() && told > 0 {
                continue;
            }
            if app.setting_flow.iter().any(|switch| switch.value == Switch::On) {
                running.on.insert(&app.name);
            }
            let users: BTreeSet<String> = app.execution_user.iter().map(|user| identity(run, &user.value)).collect();
            for user in users {
                running.connected.entry(user).or_default().push(app);
            }
        }
        running
    }

    /// Who else runs as the user of an app. Copies that disagree on the user count each.
    pub(super) fn beside(&self, run: &Run<'a>, app: &App) -> Others<'a> {
        let named = app.execution_user.iter().filter(|copy| !is_placeholder(&copy.value));
        let users: BTreeSet<String> = named.map(|copy| identity(run, &copy.value)).collect();
        let apps: BTreeSet<&str> = users.iter().filter_map(|user| self.apps.get(user)).flatten().copied().collect();
        let connected = users.iter().filter_map(|user| self.connected.get(user)).flatten().copied();
        let (connected, perhaps) = connected.partition(|app| self.on.contains(app.name.as_str()));
        Others {
            apps: apps.into_iter().filter(|name| *name != app.name).map(str::to_owned).collect(),
            connected,
            perhaps,
            untold: Untold { all: Arc::clone(&self.untold), own: app.name.clone() },
        }
    }
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
