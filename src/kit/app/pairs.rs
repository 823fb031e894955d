//! Which connected app and which External Client App are one app that was migrated.
//!
//! Both files hold the same consumer key, or two of name, callback and certificate agree. Values that both sides may
//! share are looked up, so that a large org costs no comparison of every app with every other.

use crate::snapshot::{App, AppKind, Certificate, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Each side of a pair, by its name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs<'a> {
    of_connected: BTreeMap<&'a str, &'a str>,
    of_external: BTreeMap<&'a str, &'a str>,
}

/// What two apps may have in common that makes them one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark<'a> {
    Key(&'a str),
    NameCallback(String, &'a str),
    NameCertificate(String, &'a str),
    CallbackCertificate(&'a str, &'a str),
}

/// Names under a mark, External Client Apps and connected apps apart. More than two tell no more than two.
type Sides<'a> = [BTreeSet<&'a str>; 2];

impl<'a> Pairs<'a> {
    /// The pairs of a snapshot. Of several candidates none is taken, on either side.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut marked: BTreeMap<Mark<'a>, Sides<'a>> = BTreeMap::new();
        if snapshot.connected.is_empty() || snapshot.apps.is_empty() {
            return Self::default();
        }
        for (side, apps) in [&snapshot.apps, &snapshot.connected].into_iter().enumerate() {
            for app in apps.values() {
                for mark in marks(app) {
                    let named = &mut marked.entry(mark).or_default()[side];
                    if named.len() < 2 {
                        named.insert(&app.name);
                    }
                }
            }
        }
        let mut candidates: [BTreeMap<&str, BTreeSet<&str>>; 2] = Default::default();
        for [external, connected] in marked.values() {
            for (own, others, known) in [(external, connected, 0), (connected, external, 1)] {
                for name in own.iter().filter(|_| !others.is_empty()) {
                    candidates[known].entry(name).or_default().extend(others);
                }
            }
        }
        let [of_external, of_connected] = candidates;
        let only = |all: &BTreeMap<&'a str, BTreeSet<&'a str>>, name: &str| match all.get(name) {
            Some(others) if others.len() == 1 => others.first().copied(),
            _ => None,
        };
        let mut pairs = Self::default();
        for name in of_connected.keys() {
            if let Some(external) = only(&of_connected, name)
                && only(&of_external, external) == Some(*name)
            {
                pairs.of_connected.insert(name, external);
                pairs.of_external.insert(external, name);
            }
        }
        pairs
    }

    /// The other side of an app, by its name.
    pub(crate) fn other(&self, app: &App) -> Option<&'a str> {
        self.of_name(app.kind, &app.name)
    }

    /// The other side of an app of this kind and name.
    pub(crate) fn of_name(&self, kind: AppKind, name: &str) -> Option<&'a str> {
        match kind {
            AppKind::External => self.of_external.get(name).copied(),
            AppKind::Connected => self.of_connected.get(name).copied(),
        }
    }
}

/// All marks of an app.
fn marks(app: &App) -> Vec<Mark<'_>> {
    let keys = app.settings.of("consumerKey").map(|key| Mark::Key(&key.value));
    let labels = app.label.iter().map(|label| label.value.as_str());
    let names: BTreeSet<String> = labels.chain([app.name.as_str()]).map(str::to_lowercase).collect();
    let callbacks: BTreeSet<&str> = app.settings.of("callbackUrl").map(|callback| callback.value.as_str()).collect();
    let certificates: BTreeSet<&str> = app
        .certificate
        .iter()
        .filter_map(|copy| match &copy.value {
            Certificate::Read { fingerprint, .. } => Some(fingerprint.as_str()),
            Certificate::Unreadable => None,
        })
        .collect();
    let mut all: Vec<Mark<'_>> = keys.collect();
    for name in names.iter().filter(|name| !name.trim().is_empty()) {
        all.extend(callbacks.iter().map(|callback| Mark::NameCallback(name.clone(), callback)));
        all.extend(certificates.iter().map(|certificate| Mark::NameCertificate(name.clone(), certificate)));
    }
    for callback in &callbacks {
        all.extend(certificates.iter().map(|certificate| Mark::CallbackCertificate(callback, certificate)));
    }
    all
}
