//! What to do first.

use super::super::Desk;
use crate::catalogue::ActionKind;
use crate::model::Action;
use std::collections::BTreeMap;

/// Most actions that page one names.
const FIRST: usize = 3;

impl Desk<'_> {
    /// The actions to begin with, by their places in the plan: what is urgent, then what takes most open risk away for its
    /// effort, each after what its apps need first.
    pub(in super::super) fn do_first(&self) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        let mut open: BTreeMap<&str, u32> = BTreeMap::new();
        for f in self.order.iter().filter(|f| f.result.is_open()) {
            open.insert(&f.id, f.score.as_ref().map_or(0, |score| u32::from(score.residual31.1.0)));
        }
        while chosen.len() < FIRST {
            let Some(best) = self.best(&chosen, &open) else { break };
            let Some(next) = self.needed_before(best, &chosen) else { break };
            chosen.push(next);
            for (id, left) in self.left(next) {
                open.entry(id).and_modify(|risk| *risk = left.min(*risk));
            }
        }
        if chosen.is_empty() {
            // Nothing that can be done today changes a result: what settles comes first, as the plan has it.
            return (0..self.a.actions.len()).take(FIRST).collect();
        }
        chosen
    }

    /// The action of the most risk for its effort; the first of the plan among equals.
    fn best(&self, chosen: &[usize], open: &BTreeMap<&str, u32>) -> Option<usize> {
        let left = (0..self.a.actions.len()).filter(|at| !chosen.contains(at));
        let mut best: Option<(bool, u64, usize)> = None;
        for at in left {
            let gained: u32 = self.left(at).filter_map(|(id, left)| open.get(id).map(|r| r.saturating_sub(left))).sum();
            let Some(action) = self.a.actions.get(at).filter(|_| gained > 0) else { continue };
            let worth = action.effort.worth(gained.into());
            let urgent = self.kind(action).is_some_and(|kind| kind.urgent);
            if best.is_none_or(|(was_urgent, most, _)| (urgent, worth) > (was_urgent, most)) {
                best = Some((urgent, worth, at));
            }
        }
        best.map(|(.., at)| at)
    }

    /// The action itself, or the one that has to come before it for one of its apps.
    fn needed_before(&self, at: usize, chosen: &[usize]) -> Option<usize> {
        let action = self.a.actions.get(at)?;
        if self.kind(action).is_some_and(|kind| kind.urgent) {
            return Some(at);
        }
        let mut before = (0..self.a.actions.len()).filter(|other| *other != at && !chosen.contains(other));
        let needed = before.find(|other| {
            let other = self.a.actions.get(*other);
            other.is_some_and(|other| {
                self.kind(other).is_some_and(|kind| kind.first)
                    && other.findings.iter().any(|id| action.findings.contains(id))
            })
        });
        Some(needed.unwrap_or(at))
    }

    /// The risk that is left of each finding once the action is done.
    fn left(&self, at: usize) -> impl Iterator<Item = (&str, u32)> {
        let after = self.a.actions.get(at).map_or(&[][..], |action| &action.after);
        after.iter().map(|after| (after.finding.as_str(), u32::from(after.left().0)))
    }

    fn kind(&self, action: &Action) -> Option<&ActionKind> {
        self.control.actions.iter().find(|kind| *kind.id == *action.kind)
    }
}
