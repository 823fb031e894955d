//! What several orgs have in common, and where one app differs between them.

use super::{AcceptanceView, AppSummary, Desk, DriftRow, DriftView, OrgSummary, PatternView};
use crate::controls::client_credentials::{FlowState, NetworkState, PrivilegeState};
use crate::model::{DispositionState, Outcome};
use crate::report::text::{mark, say};
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
            let flows: BTreeSet<_> = apps().map(|a| a.flow).filter(|f| *f != FlowState::Unknown).collect();
            let powers: BTreeSet<_> = apps().map(|a| a.privilege).filter(|p| *p != PrivilegeState::Unknown).collect();
            let networks: BTreeSet<_> = apps().map(|a| a.network).filter(|n| *n != NetworkState::Unknown).collect();
            let told = |r: &Outcome| !matches!(r, Outcome::NotEvaluable | Outcome::NotTested);
            let results: BTreeSet<_> = apps().map(|a| a.result).filter(told).collect();
            flows.len() > 1 || powers.len() > 1 || networks.len() > 1 || results.len() > 1
        };
        let row = |(org, app): &Placed<'_>| DriftRow {
            key: org.key.clone(),
            org: org.name.clone(),
            environment: self.w.word(&format!("report.environment.{}", org.environment)),
            result: mark(app.result),
            flow: self.w.word(&format!("report.flow.{}", app.flow)),
            privilege: app.privilege.word().to_owned(),
            network: app.network.word().to_owned(),
        };
        let view = |(name, group): (&str, Vec<Placed<'_>>)| DriftView {
            api_name: name.to_owned(),
            rows: group.iter().map(row).collect(),
        };
        by_name.into_iter().filter(|(_, group)| differs(group)).map(view).collect()
    }

    /// Same user name, same powerful permissions, same certificate in more than one org.
    pub(super) fn patterns(&self) -> Vec<PatternView> {
        let running = |app: &AppSummary| app.flow == FlowState::On;
        let user = |app: &AppSummary| {
            // What has no `@` is an id or a pseudonym, and stands as it is everywhere else.
            let local = app.user.split_once('@').map_or_else(|| app.user.clone(), |(local, _)| local.to_lowercase());
            (running(app) && !local.is_empty()).then_some(local)
        };
        let rights = |app: &AppSummary| {
            let powerful = running(app) && app.privilege >= PrivilegeState::BulkRead && !app.grants.is_empty();
            powerful.then(|| self.w.join(&app.grants))
        };
        let certificate = |app: &AppSummary| {
            // Enough of a fingerprint to find the certificate by.
            (!app.certificate.is_empty()).then(|| app.certificate.chars().take(16).collect::<String>())
        };
        let mut out = self.common("portfolio.pattern.certificate", &certificate);
        out.extend(self.common("portfolio.pattern.rights", &rights));
        out.extend(self.common("portfolio.pattern.user", &user));
        out
    }

    /// Groups of apps with the same trait in at least two orgs, larger groups first.
    fn common(&self, key: &str, of: &dyn Fn(&AppSummary) -> Option<String>) -> Vec<PatternView> {
        let mut groups: BTreeMap<String, Vec<Placed<'_>>> = BTreeMap::new();
        for (org, app) in self.placed() {
            if let Some(value) = of(app) {
                groups.entry(value).or_default().push((org, app));
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
