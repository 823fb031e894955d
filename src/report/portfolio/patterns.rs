//! What several orgs have in common, and where one app differs between them.

use super::summary::compared;
use super::{AcceptanceView, Desk, DriftRow, DriftView, PatternView, Placed};
use crate::model::{DispositionState, Outcome};
use crate::view::words::{mark, or_dash, say, stated};
use std::collections::{BTreeMap, BTreeSet};

/// Days before its last one from which an acceptance is listed.
const SOON: i32 = 60;
/// Most apps that one pattern names.
const NAMED: usize = 12;

impl Desk<'_> {
    /// Apps of one name whose flow, power, network or result differs between orgs. What an export does not tell is
    /// no difference.
    pub(super) fn drift(&self) -> Vec<DriftView> {
        let mut by_name: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
        for (org, app) in self.placed() {
            by_name.entry(&app.api_name).or_default().push((org, app));
        }
        by_name.retain(|_, group| differs(group));
        let rows = by_name.into_iter().map(|(name, group)| (name, group.iter().map(|one| self.drifted(one)).collect()));
        rows.map(|(name, rows)| DriftView { api_name: name.to_owned(), rows }).collect()
    }

    fn drifted(&self, (org, app): &Placed<'_>) -> DriftRow {
        DriftRow {
            key: org.key.clone(),
            org: org.name.clone(),
            environment: self.w.word(&format!("report.environment.{}", org.environment)),
            result: mark(self.w, app.result),
            cells: compared().zip(&app.compared).map(|(fact, word)| stated(self.w, fact, word)).collect(),
        }
    }

    /// Same user name, same powerful permissions, same certificate in more than one org.
    pub(super) fn patterns(&self) -> Vec<PatternView> {
        let keys: BTreeSet<&str> = self.placed().flat_map(|(_, app)| &app.common).map(|(key, _)| *key).collect();
        keys.into_iter().flat_map(|key| self.common(key)).collect()
    }

    /// Groups of apps with the same trait in at least two orgs, larger groups first.
    fn common(&self, key: &str) -> Vec<PatternView> {
        let mut groups: BTreeMap<String, Vec<Placed<'_>>> = BTreeMap::new();
        for (org, app) in self.placed() {
            for (_, value) in app.common.iter().filter(|(known, _)| *known == key) {
                groups.entry(self.w.join(value)).or_default().push((org, app));
            }
        }
        let mut shared: Vec<_> = groups.into_iter().filter(|(_, group)| orgs(group) > 1).collect();
        shared.sort_by_key(|(value, group)| (std::cmp::Reverse(group.len()), value.clone()));
        let views = shared.into_iter().map(|(value, group)| PatternView {
            text: say!(self.w, key, value = value, apps = group.len(), orgs = orgs(&group)),
            apps: group.iter().take(NAMED).map(|(org, app)| format!("{} ({})", app.label, org.name)).collect(),
            more: match group.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => say!(self.w, "portfolio.more", n = more),
            },
        });
        views.collect()
    }

    /// Acceptances that do not hold, or end within [`SOON`] days; soonest first.
    pub(super) fn acceptances(&self) -> Vec<AcceptanceView> {
        let mut list = Vec::new();
        for (org, app) in self.placed() {
            let Some((state, end)) = app.acceptance else { continue };
            let left = end.and_then(|day| org.as_of.until(day).ok()).map(|span| span.get_days());
            if state != DispositionState::Valid || left.is_some_and(|days| days <= SOON) {
                list.push((end, org, app, state));
            }
        }
        list.sort_by_key(|(end, org, app, _)| (*end, org.key.clone(), app.id.clone()));
        let views = list.into_iter().map(|(end, org, app, state)| AcceptanceView {
            key: org.key.clone(),
            org: org.name.clone(),
            app: app.label.clone(),
            state: self.w.word(&format!("report.disposition-state.{state}")),
            expires: or_dash(end.map(|day| day.to_string())),
        });
        views.collect()
    }
}

/// Whether apps differ in a fact that is compared, or in their results. What is not told is no difference.
fn differs(group: &[Placed<'_>]) -> bool {
    let results = group.iter().map(|(_, app)| app.result);
    let results = results.filter(|result| !matches!(result, Outcome::NotEvaluable | Outcome::NotTested));
    let facts = compared().enumerate().any(|(at, fact)| {
        let words = group.iter().filter_map(|(_, app)| app.compared.get(at));
        words.filter(|word| fact.untold.as_ref() != Some(*word)).collect::<BTreeSet<_>>().len() > 1
    });
    facts || results.collect::<BTreeSet<_>>().len() > 1
}

fn orgs(group: &[Placed<'_>]) -> usize {
    group.iter().map(|(org, _)| &org.key).collect::<BTreeSet<_>>().len()
}
