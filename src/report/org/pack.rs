//! What one owner needs of a report: the cards of some findings, their actions and questions.

use super::Desk;
use super::plan;
use crate::catalogue::Catalogue;
use crate::model::{Assessment, Finding};
use crate::text::wording::Wording;
use crate::view::words::say;
use crate::view::{ActionView, AskedView, Fact, PackView};
use std::collections::BTreeSet;

/// The pack of some findings by id, in the order and with the numbers of the report; none when none of them has a card.
#[must_use]
pub fn pack(
    assessment: &Assessment,
    control: &Catalogue,
    wording: &Wording,
    ids: &BTreeSet<String>,
    owner: &str,
) -> Option<PackView> {
    let desk = Desk::new(assessment, control, wording);
    let chosen: Vec<_> = desk.numbered().filter(|(_, f)| f.result.is_open() && ids.contains(&f.id)).collect();
    if chosen.is_empty() {
        return None;
    }
    let called: BTreeSet<usize> = chosen.iter().flat_map(|(_, f)| f.actions.iter().copied()).collect();
    let of_plan = plan::plan(&desk).into_iter().filter(|action| called.contains(&action.number));
    let of_plan = of_plan.map(|action| desk.of_owner(action, &chosen));
    let texts: BTreeSet<String> =
        chosen.iter().flat_map(|(_, f)| &f.questions).map(|question| wording.say(&question.text)).collect();
    let questions: Vec<_> = desk.questions().into_iter().filter(|question| texts.contains(&question.text)).collect();
    let asked: Vec<AskedView> = desk.asked(&questions);
    let mut front: Vec<Fact> = Vec::new();
    if !owner.is_empty() {
        front.push(Fact { name: wording.word("report.column.owner"), value: owner.to_owned() });
    }
    front.extend(desk.front());
    Some(PackView {
        language: wording.language.clone(),
        title: say!(wording, "pack.title", n = chosen.len()),
        subtitle: desk.subtitle(),
        front,
        cards: chosen.iter().map(|(number, f)| desk.card_of(&[(*number, *f)])).collect(),
        plan: of_plan.collect(),
        asked,
        limits: say!(wording, "pack.limits", run = assessment.org.digest.chars().take(12).collect::<String>()),
    })
}

impl Desk<'_> {
    /// An action in words about these findings alone; its effect only where it is about no other app.
    fn of_owner(&self, view: ActionView, chosen: &[(usize, &Finding)]) -> ActionView {
        let Some(action) = view.number.checked_sub(1).and_then(|at| self.a.actions.get(at)) else { return view };
        let own = chosen.iter().filter(|(_, f)| action.findings.contains(&f.id));
        let labels: Vec<String> = own.map(|(_, f)| f.label().into_owned()).collect();
        let what = match labels.as_slice() {
            [one] => action.for_app(one),
            _ => action.what.clone().with("apps", labels.clone()).with("n", labels.len()),
        };
        let gain = if labels.len() == action.apps.len() { view.gain } else { String::new() };
        ActionView { what: self.w.say(&what), gain, ..view }
    }
}
