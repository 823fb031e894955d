//! What the execution user may do: ways once, permissions with the ways they come by, rights on objects folded.

use super::{Desk, say};
use crate::model::{Held, WayStep, Ways};
use crate::view::desk::link;
use crate::view::words::first;
use crate::view::{GrantView, StepView, WayView};

/// Most rows that the table of a card has; the assessment and `shr explain` list all grants.
const ROWS: usize = 12;
/// Most places that a cell cites, and objects that it names.
const PLACES: usize = 10;

impl Desk<'_> {
    pub(super) fn ways(&self, held: &Ways<'_>) -> Vec<WayView> {
        let steps = held.ways.iter().map(|way| way.steps.iter().map(|step| self.step(step)).collect());
        (1..).zip(steps).map(|(number, steps)| WayView { number, steps }).collect()
    }

    fn step(&self, step: &WayStep) -> StepView {
        StepView {
            what: self.w.word(&format!("report.step.{}", step.what)),
            name: step.name.clone(),
            evidence: step.evidence.iter().map(link).collect(),
        }
    }

    /// The rows of the table, and how many grants it leaves out.
    pub(super) fn grants(&self, held: &Ways<'_>) -> (Vec<GrantView>, usize) {
        let groups = grouped(&held.held);
        let (shown, _) = first(&groups, ROWS);
        let left_out = groups.iter().skip(ROWS).map(Vec::len).sum();
        (shown.iter().map(|group| self.grant(group)).collect(), left_out)
    }

    /// A permission, or one right on all objects where it is held in the same ways.
    fn grant(&self, group: &[&Held<'_>]) -> GrantView {
        let Some(one) = group.first() else { return GrantView::default() };
        let mut notes: Vec<String> = Vec::new();
        let (name, label) = match one.grant.name.rsplit_once(": ") {
            Some((_, right)) => {
                notes.extend(sentence(self.w.raw(&format!("report.right.{right}")).unwrap_or_default()));
                let objects = group.iter().filter_map(|held| Some(held.grant.name.rsplit_once(": ")?.0.to_owned()));
                let (shown, more) = first(&objects.collect::<Vec<_>>(), PLACES);
                let key = if more > 0 { "report.grant.objects.more" } else { "report.grant.objects" };
                notes.push(say!(self.w, key, objects = shown, more = more));
                (right.to_owned(), self.w.word(&format!("report.right-name.{right}")))
            }
            None => {
                let gain = self.control.permissions.get(&one.grant.name).map(|p| p.gain.as_str());
                notes.extend(sentence(gain.unwrap_or_default()));
                (one.grant.name.clone(), one.grant.label.clone())
            }
        };
        if one.grant.on_activation {
            notes.push(self.w.word("report.grant.on-activation"));
        }
        if !one.brings.is_empty() {
            let labels: Vec<String> = one.brings.iter().map(|name| self.permission(name)).collect();
            notes.push(say!(self.w, "report.grant.implies", permission = &label, permissions = labels));
        }
        let ids: Vec<String> = group.iter().flat_map(|held| held.evidence.iter().cloned()).collect();
        let (ids, more) = first(&ids, PLACES);
        GrantView {
            name,
            label,
            tier: self.w.word(&format!("report.tier.{}", one.grant.tier)),
            gain: notes.join(" "),
            evidence: ids.iter().map(link).collect(),
            more: self.more(more).unwrap_or_default(),
            ways: one.ways.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        }
    }
}

/// Grants in their order; a right that several objects grant in the same ways is one group.
fn grouped<'a, 'g>(held: &'a [Held<'g>]) -> Vec<Vec<&'a Held<'g>>> {
    let mut groups: Vec<Vec<&Held<'_>>> = Vec::new();
    for one in held {
        match groups.iter_mut().find(|group| group.first().is_some_and(|other| same_right(one, other))) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// Whether two are one right on objects, held in the same ways.
fn same_right(one: &Held<'_>, other: &Held<'_>) -> bool {
    let (a, b) = (&one.grant, &other.grant);
    let on_objects = a.tier == "object" && b.tier == "object";
    on_objects && one.ways == other.ways && a.category == b.category && a.on_activation == b.on_activation
}

/// A text with a full stop; nothing when it is empty.
fn sentence(text: &str) -> Option<String> {
    let text = text.trim();
    let ended = text.ends_with(['.', '!', '?']);
    (!text.is_empty()).then(|| if ended { text.to_owned() } else { format!("{text}.") })
}
