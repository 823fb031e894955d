//! Joins what files and records say about apps.

use crate::ingest::file_facts::{AppFacts, Name};
use crate::snapshot::{App, AppKind, Kind, SfId};
use crate::text::spelling::bare;
use std::collections::{BTreeMap, BTreeSet};

/// Which app a name or an id means.
pub(super) struct Names {
    /// Apps that have a file of their own.
    filed: BTreeSet<String>,
    /// Namespaces that are the org's own.
    own: BTreeSet<String>,
    by_id: BTreeMap<SfId, String>,
}

impl Names {
    /// Settles all names before anything is joined, so that the order of files never matters.
    pub(super) fn new(parts: &[AppFacts], own: &BTreeSet<String>) -> Self {
        let filed = parts.iter().filter(|part| part.app.has(Kind::AppFile));
        let filed = filed.filter_map(|part| part.name.as_ref()).map(|name| name.text().to_owned());
        let names = Self { filed: filed.collect(), own: own.clone(), by_id: BTreeMap::new() };
        let mut claims: BTreeMap<&SfId, BTreeSet<&Name>> = BTreeMap::new();
        for part in parts {
            if let (Some(name), Some(id)) = (&part.name, &part.id) {
                claims.entry(id).or_default().insert(name);
            }
        }
        // Ids by the name without its namespace: two of them are two apps.
        let mut alike: BTreeMap<&str, BTreeSet<&SfId>> = BTreeMap::new();
        for (id, claimed) in &claims {
            for name in claimed {
                alike.entry(bare(name.text())).or_default().insert(id);
            }
        }
        let known: BTreeSet<&str> =
            parts.iter().filter_map(|part| part.name.as_ref()).filter_map(Name::whole).collect();
        let spaced: BTreeSet<&str> = known.iter().filter(|name| name.contains("__")).map(|name| bare(name)).collect();
        let by_id = claims.iter().filter_map(|(id, claimed)| {
            let whole: BTreeSet<String> =
                claimed.iter().filter_map(|name| name.whole()).map(|name| names.canonical(name)).collect();
            if whole.is_empty() {
                let name = claimed.first().filter(|_| claimed.len() == 1)?.text();
                let alone = alike.get(name).is_some_and(|ids| ids.len() == 1) && !spaced.contains(name);
                return alone.then(|| (*(*id), name.to_owned()));
            }
            // Renamed between two exports: the one that has a file.
            let filed = whole.iter().find(|name| names.filed.contains(*name)).or(whole.first())?;
            Some((*(*id), filed.clone()))
        });
        let by_id = by_id.collect();
        Self { by_id, ..names }
    }

    /// In an org with a namespace the children of an app, and records, name it with the namespace; its file does not.
    pub(super) fn canonical(&self, name: &str) -> String {
        match name.split_once("__") {
            Some((space, bare))
                if self.own.contains(space) && self.filed.contains(bare) && !self.filed.contains(name) =>
            {
                bare.to_owned()
            }
            _ => name.to_owned(),
        }
    }

    /// The app of a part: by id, then by name, else an app that has the id for its name.
    fn of(&self, name: Option<&Name>, id: Option<&SfId>) -> Option<String> {
        match (id, name) {
            (Some(id), _) => Some(self.by_id.get(id).cloned().unwrap_or_else(|| id.long())),
            (None, Some(name)) => Some(self.canonical(name.text())),
            (None, None) => None,
        }
    }

    /// The app that a problem names, by name or id.
    pub(super) fn told(&self, text: &str) -> String {
        let id = SfId::parse(text).and_then(|id| self.by_id.get(&id).cloned());
        id.unwrap_or_else(|| self.canonical(text))
    }
}

/// Joins parts by the app that they mean.
pub(super) fn join(parts: Vec<AppFacts>, names: &Names) -> BTreeMap<String, App> {
    let mut apps: BTreeMap<String, App> = BTreeMap::new();
    for AppFacts { name, id, app: more } in parts {
        let Some(name) = names.of(name.as_ref(), id.as_ref()) else { continue };
        let app = apps.entry(name.clone()).or_insert_with(|| App { name, ..App::default() });
        if let Some(id) = id
            && !app.ids.contains(&id)
        {
            app.ids.push(id);
        }
        merge(app, more);
    }
    // Made anew from what is in order, the map has no empty places; a large org has thousands of apps.
    apps.values_mut().for_each(|app| app.sources.shrink_to_fit());
    apps.into_iter().collect()
}

/// Joins parts of connected apps: files by their name, and a record with the file of which it has the name or the label,
/// without case.
pub(super) fn join_connected(parts: Vec<App>) -> BTreeMap<String, App> {
    let mut apps: BTreeMap<String, App> = BTreeMap::new();
    let (files, records): (Vec<App>, Vec<App>) = parts.into_iter().partition(|part| part.has(Kind::ConnectedAppFile));
    for part in files {
        let app = apps.entry(part.name.clone()).or_insert_with(|| connected(&part.name));
        merge(app, part);
    }
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (name, app) in &apps {
        for label in app.label.iter().map(|label| &label.value).chain([name]) {
            named.insert(label.to_lowercase(), name.clone());
        }
    }
    for part in records {
        let name = named.get(&part.name.to_lowercase()).cloned().unwrap_or_else(|| part.name.clone());
        let app = apps.entry(name).or_insert_with(|| connected(&part.name));
        merge(app, part);
    }
    apps
}

fn connected(name: &str) -> App {
    App { kind: AppKind::Connected, name: name.to_owned(), ..App::default() }
}

fn merge(app: &mut App, more: App) {
    macro_rules! unite {
        ($($field:ident),*) => { $( for copy in &more.$field { app.$field.push(copy.clone()); } )* };
    }
    unite!(label, namespace, distribution_state, policy_flow, setting_flow, enabled, oauth_plugin_enabled);
    unite!(execution_user, ip_relaxation, permitted_users, scopes, custom_scopes, secret, certificate);
    unite!(session_timeout_minutes);
    app.settings.unite(more.settings);
    app.sources.extend(more.sources);
    app.names_nobody.extend(more.names_nobody);
    app.scope_columns.extend(more.scope_columns);
    app.trusted_ranges.extend(more.trusted_ranges);
    app.token_ranges.extend(more.token_ranges);
    let [last, known] = [&more.policy_changed, &app.policy_changed].map(|at| at.as_ref().map(|at| &at.value));
    if last > known {
        app.policy_changed = more.policy_changed;
    }
}
