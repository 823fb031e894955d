//! The action plan: the actions of the assessment, worded and numbered.

use super::{Desk, anchor, label};
use crate::model::{Action, Finding};
use crate::view::{ActionView, LinkView};

pub(super) fn plan(desk: &Desk<'_>) -> Vec<ActionView> {
    desk.a.actions.iter().enumerate().map(|(i, action)| desk.action(i + 1, action)).collect()
}

impl Desk<'_> {
    fn action(&self, number: usize, action: &Action) -> ActionView {
        let apps = action.apps.iter().filter_map(|name| self.apps.get(name.as_str()).copied());
        let apps: Vec<LinkView> = apps.map(link).collect();
        ActionView {
            number,
            what: self.w.say(&action.what),
            why: self.w.say(&action.why),
            shown: apps.iter().take(3).cloned().collect(),
            more: self.more(apps.len().saturating_sub(3)).unwrap_or_default(),
            apps,
            effort: self.w.word(&format!("report.effort.{}", action.effort)),
            gain: self.w.say(&action.effect),
        }
    }
}

pub(super) fn link(f: &Finding) -> LinkView {
    LinkView { label: label(f), anchor: anchor(&f.id) }
}
