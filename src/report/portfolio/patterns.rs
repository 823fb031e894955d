//! What several orgs have in common, and where one app differs between them.

use super::summary::compared;
use super::{AcceptanceView, AppSummary, Desk, DriftRow, DriftView, OrgSummary, PatternView};
use crate::model::{DispositionState, Outcome};
use crate::view::words::{mark, say, stated};
use std::collections::{BTreeMap, BTreeSet};

/// Days before its last one from which an acceptance is listed.
const SOON: i32 = 60;
/// Most apps that one pattern names.
const NAMED: usize = 12;

type Placed<'a> = (&'a OrgSummary, &'a AppSummary);

impl Desk<'_> {
    fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        self.orgs.iter().flat_map(|org| org.apps.iter().map(move |app| (*org, app)))
    }

    /// Apps of one name whose flow, power, network or result differs between orgs. What an export does not tell is
    /// no difference.
    pub(super) fn drift(&self) -> Vec<DriftView> {
        let mut by_name: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
        for (org, app) in self.placed() {
            by_name.entry(&app.api_name).or_default().push((org, app));
        }
        let differs = |group: &Vec<Placed<'_>>| {
            let apps = || group.iter().map(|(_, app)| app);
            let values = |at: usize| apps().filter_map(move |app| app.compared.get(at));
            let facts = compared().enumerate().any(|(at, fact)| {
                let told = values(at).filter(|word| fact.untold.as_ref() != Some(*word));
                told.collect::<BTreeSet<_>>().len() > 1
            });
            let told = |r: &Outcome| !matches!(r, Outcome::NotEvaluable | Outcome::NotTested);
            let results: BTreeSet<_> = apps().map(|a| a.result).filter(told).collect();
            facts || results.len() > 1
        };
        let row = |(org, app): &Placed<'_>| DriftRow {
            key: org.key.clone(),
            org: org.name.clone(),
            environment: self.w.word(&format!("report.environment.{}", org.environment)),
            result: mark(app.result),
            cells: compared().zip(&app.compared).map(|(fact, word)| stated(self.w, fact, word)).collect(),
        };
        let view = |(name, group): (&str, Vec<Placed<'_>>)| DriftView {
            api_name: name.to_owned(),
            rows: group.iter().map(row).collect(),
        };
        by_name.into_iter().filter(|(_, group)| differs(group)).map(view).collect()
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
        let orgs = |group: &[Placed<'_>]| group.iter().map(|(org, _)| &org.key).collect::<BTreeSet<_>>().len();
        let mut shared: Vec<_> = groups.into_iter().filter(|(_, group)| orgs(group) > 1).collect();
        shared.sort_by_key(|(value, group)| (std::cmp::Reverse(group.len()), value.clone()));
        let view = |(value, group): (String, Vec<Placed<'_>>)| PatternView {
            text: say!(self.w, key, value = value, apps = group.len(), orgs = orgs(&group)),
            apps: group.iter().take(NAMED).map(|(org, app)| format!("{} ({})", app.label, org.name)).collect(),
            more: match group.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => say!(self.w, "portfolio.more", n = more),
            },
        };
        shared.into_iter().map(view).collect()
    }

    /// Acceptances that do not hold, or end within [`SOON`] days; soonest first.
    pub(super) fn acceptances(&self) -> Vec<AcceptanceView> {
        let mut list: Vec<_> = self
            .placed()
            .filter_map(|(org, app)| app.acceptance.map(|(state, end)| (end, org, app, state)))
            .filter(|(end, org, _, state)| {
                let left = end.and_then(|day| org.as_of.until(day).ok()).map(|span| span.get_days());
                *state != DispositionState::Valid || left.is_some_and(|days| days <= SOON)
            })
            .collect();
        list.sort_by_key(|(end, org, app, _)| (*end, org.key.clone(), app.id.clone()));
        let view = |(end, org, app, state): (Option<jiff::civil::Date>, &OrgSummary, &AppSummary, DispositionState)| {
            AcceptanceView {
                key: org.key.clone(),
                org: org.name.clone(),
                app: app.label.clone(),
                state: self.w.word(&format!("report.disposition-state.{state}")),
                expires: end.map_or_else(|| "–".to_owned(), |day| day.to_string()),
            }
        };
        list.into_iter().map(view).collect()
    }
}
