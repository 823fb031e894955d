//! What several orgs have in common, and where one app differs between them.

use super::summary::{AppSummary, compared};
use super::{AcceptanceView, Desk, DriftView, PatternView, Placed};
use crate::model::{DispositionState, Outcome};
use crate::view::words::{first, or_dash, result_word, say, stated};
use std::collections::{BTreeMap, BTreeSet};

/// Days before its last one from which an acceptance is listed.
const SOON: i32 = 60;
/// Most orgs that one pattern or value names.
const NAMED: usize = 4;
/// Most apps that differ, and patterns, that are listed.
const LISTED: usize = 20;

impl Desk<'_> {
    /// Apps of one name whose flow, power, network or result differs between orgs, and how many more there are. What an
    /// export does not tell is no difference.
    pub(super) fn drift(&self) -> (Vec<DriftView>, usize) {
        let mut by_name: BTreeMap<(&str, &str), Vec<Placed<'_>>> = BTreeMap::new();
        for (org, app) in self.placed() {
            by_name.entry((&app.api_name, &app.control)).or_default().push((org, app));
        }
        by_name.retain(|_, group| differs(group));
        let rows = by_name.iter().take(LISTED).map(|((name, _), group)| self.drifted(name, group));
        (rows.collect(), by_name.len().saturating_sub(LISTED))
    }

    /// What an app states in its orgs: result first, then each fact that is compared.
    fn drifted(&self, api_name: &str, group: &[Placed<'_>]) -> DriftView {
        let results = self.spread(group, |app| Some(result_word(self.w, app.result)));
        let facts = compared().enumerate().map(|(at, fact)| {
            self.spread(group, |app| {
                Some(stated(self.w, fact, app.compared.get(at)?).text).filter(|text| !text.is_empty())
            })
        });
        DriftView { api_name: api_name.to_owned(), cells: std::iter::once(results).chain(facts).collect() }
    }

    /// `fail: Production; pass: UAT and 3 more`
    fn spread(&self, group: &[Placed<'_>], of: impl Fn(&AppSummary) -> Option<String>) -> String {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (org, app) in group {
            values.entry(or_dash(of(app))).or_default().push(org.name.clone());
        }
        if let (1, Some(value)) = (values.len(), values.keys().next()) {
            return value.clone();
        }
        let parts = values.into_iter().map(|(value, orgs)| format!("{value}: {}", self.some(&orgs)));
        parts.collect::<Vec<_>>().join("; ")
    }

    /// A few names of a list, and how many more there are.
    fn some(&self, names: &[String]) -> String {
        let (mut shown, more) = first(names, NAMED);
        shown.extend((more > 0).then(|| say!(self.w, "portfolio.more", n = more)));
        self.w.join(&shown)
    }

    /// Same user name, same powerful permissions, same certificate in more than one org, larger groups first, and how
    /// many more there are.
    pub(super) fn patterns(&self) -> (Vec<PatternView>, usize) {
        let keys: BTreeSet<&str> = self.placed().flat_map(|(_, app)| &app.common).map(|(key, _)| *key).collect();
        let all: Vec<PatternView> = keys.into_iter().flat_map(|key| self.common(key)).collect();
        first(&all, LISTED)
    }

    /// Groups of apps with the same trait in at least two orgs.
    fn common(&self, key: &'static str) -> Vec<PatternView> {
        let mut groups: BTreeMap<String, Vec<Placed<'_>>> = BTreeMap::new();
        for (org, app) in self.placed() {
            for (_, value) in app.common.iter().filter(|(known, _)| *known == key) {
                groups.entry(self.w.join(value)).or_default().push((org, app));
            }
        }
        let mut shared: Vec<_> = groups.into_iter().filter(|(_, group)| orgs(group) > 1).collect();
        shared.sort_by_key(|(value, group)| (std::cmp::Reverse(group.len()), value.clone()));
        let views = shared.into_iter().map(|(value, group)| {
            let names: BTreeSet<&String> = group.iter().map(|(org, _)| &org.name).collect();
            let names: Vec<String> = names.into_iter().cloned().collect();
            PatternView {
                text: say!(self.w, key, value = value, apps = group.len(), orgs = orgs(&group)),
                orgs: self.some(&names),
            }
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
    // Two snapshots of one org are one org.
    group.iter().map(|(org, _)| if org.id.is_empty() { &org.key } else { &org.id }).collect::<BTreeSet<_>>().len()
}
