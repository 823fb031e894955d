//! The plan across orgs: each kind of action once, with what it closes in all of them.

use super::{Desk, PlanRow};
use crate::model::{Assessment, Effort, Tenths, Word};
use crate::view::words::say;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// An action of one org, as far as the portfolio adds it up.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionSummary {
    /// What kind of thing.
    pub kind: Word,
    /// What it takes.
    pub effort: Effort,
    /// Apps that it helps.
    pub apps: usize,
    /// Findings that it closes, by judging again.
    pub closes: usize,
    /// Tenths of CVSS 3.1 that it takes away, over all its apps.
    pub gain: u64,
}

/// What an org's actions come to.
pub(super) fn summed(a: &Assessment) -> Vec<ActionSummary> {
    let scores: BTreeMap<&str, (bool, Tenths)> = a
        .findings
        .iter()
        .map(|f| {
            let score = f.score.as_ref().map_or(Tenths(0), |score| score.residual31.1);
            (f.id.as_str(), (f.result.is_open(), score))
        })
        .collect();
    let summed = a.actions.iter().map(|action| {
        let open = action.after.iter().filter_map(|after| Some((after, scores.get(after.finding.as_str())?)));
        let open: Vec<_> = open.filter(|(_, (open, _))| *open).collect();
        ActionSummary {
            kind: action.kind.clone(),
            effort: action.effort,
            apps: action.apps.len(),
            closes: open.iter().filter(|(after, _)| !after.result.is_open()).count(),
            gain: open.iter().map(|(after, (_, was))| u64::from(was.0.saturating_sub(after.left().0))).sum(),
        }
    });
    summed.collect()
}

impl Desk<'_> {
    /// Kinds of actions: what is urgent, then those that take most risk away for their effort.
    pub(super) fn plan(&self) -> Vec<PlanRow> {
        let mut kinds: BTreeMap<&Word, (ActionSummary, usize)> = BTreeMap::new();
        for org in &self.orgs {
            let mut seen: Vec<&Word> = Vec::new();
            for one in &org.actions {
                let (sum, orgs) = kinds
                    .entry(&one.kind)
                    .or_insert_with(|| (ActionSummary { apps: 0, closes: 0, gain: 0, ..one.clone() }, 0));
                sum.apps += one.apps;
                sum.closes += one.closes;
                sum.gain += one.gain;
                if !seen.contains(&&one.kind) {
                    seen.push(&one.kind);
                    *orgs += 1;
                }
            }
        }
        let mut all: Vec<(ActionSummary, usize)> = kinds.into_values().collect();
        all.sort_by_cached_key(|(one, _)| {
            let urgent = self.control.actions.iter().any(|kind| kind.urgent && *kind.id == *one.kind);
            (!urgent, Reverse(one.effort.worth(one.gain)), one.kind.clone())
        });
        (1..).zip(all).map(|(number, (one, orgs))| self.plan_row(number, &one, orgs)).collect()
    }

    fn plan_row(&self, number: usize, one: &ActionSummary, orgs: usize) -> PlanRow {
        let w = self.w;
        let effect = match (one.closes, one.gain) {
            (0, 0) if self.control.actions.iter().any(|kind| kind.settles && *kind.id == *one.kind) => {
                w.word("portfolio.plan.settles")
            }
            (0, 0) => w.word("portfolio.plan.keeps"),
            (0, _) => w.word("portfolio.plan.lowers"),
            (n, _) => say!(w, "portfolio.plan.closes", n = n),
        };
        PlanRow {
            number,
            what: w.word(&format!("action-kind.{}", one.kind)),
            orgs,
            apps: one.apps,
            effort: w.word(&format!("report.effort.{}", one.effort)),
            effect,
        }
    }
}
