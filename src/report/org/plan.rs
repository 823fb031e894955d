//! The action plan: the actions of the assessment, worded and numbered.

use super::{Desk, anchor, label};
use crate::model::{Action, Finding};
use crate::view::words::{first, say};
use crate::view::{ActionView, LinkView};
use std::collections::BTreeMap;

/// Most findings that a line of the plan names by number.
const SHOWN: usize = 30;
/// Most lines of the plan in the report; the workpapers have all.
const LINES: usize = 80;

pub(super) fn plan(desk: &Desk<'_>) -> Vec<ActionView> {
    let places: BTreeMap<&str, usize> = desk.numbered().map(|(at, f)| (f.id.as_str(), at)).collect();
    desk.a.actions.iter().enumerate().map(|(i, action)| desk.action(i + 1, action, &places)).collect()
}

impl Desk<'_> {
    /// The first lines of the plan, and what the others are.
    pub(super) fn plan_shown(&self, plan: &[ActionView]) -> (Vec<ActionView>, String) {
        let (shown, more) = first(plan, LINES);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for action in self.a.actions.iter().skip(LINES) {
            *kinds.entry(&action.kind).or_default() += 1;
        }
        let named = kinds.into_iter().map(|(kind, n)| {
            say!(self.w, "report.plan.kind", n = n, kind = self.w.word(&format!("action-kind.{kind}")))
        });
        let named: Vec<String> = named.collect();
        (shown, if more > 0 { say!(self.w, "report.plan.more", n = more, kinds = named) } else { String::new() })
    }

    fn action(&self, number: usize, action: &Action, places: &BTreeMap<&str, usize>) -> ActionView {
        let apps: Vec<&Finding> =
            action.findings.iter().filter_map(|id| self.findings.get(id.as_str()).copied()).collect();
        let numbers = apps.iter().take(SHOWN).filter_map(|f| {
            let place = places.get(f.id.as_str())?;
            Some(LinkView { label: place.to_string(), anchor: anchor(&f.id) })
        });
        ActionView {
            number,
            what: self.w.say(&action.what),
            why: self.w.say(&action.why),
            numbers: numbers.collect(),
            more: self.more(apps.len().saturating_sub(SHOWN)).unwrap_or_default(),
            apps: apps.into_iter().map(link).collect(),
            effort: self.w.word(&format!("report.effort.{}", action.effort)),
            gain: self.w.say(&action.effect),
        }
    }
}

pub(super) fn link(f: &Finding) -> LinkView {
    LinkView { label: label(f), anchor: anchor(&f.id) }
}
