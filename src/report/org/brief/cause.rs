//! Findings of one cause and one remedy.

use super::super::Desk;
use crate::model::{Finding, Observation, Outcome, Weight};
use crate::text::message::Message;
use std::collections::BTreeMap;

/// What findings have in common that stand on one card: what is wrong, how bad it is, and what to do about it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cause<'a> {
    control: &'a str,
    result: Outcome,
    severity: String,
    wrong: Vec<(&'a str, Outcome, Message)>,
    actions: Vec<(&'a str, &'a str)>,
    /// The place of a finding that people have said something of: it has a card of its own.
    own: Option<usize>,
}

impl Desk<'_> {
    /// Open findings by cause, each with its number; the causes in the order of their worst findings.
    pub(super) fn causes(&self) -> Vec<Vec<(usize, &Finding)>> {
        let mut known: BTreeMap<Cause<'_>, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<(usize, &Finding)>> = Vec::new();
        for (number, f) in self.numbered().filter(|(_, f)| f.result.is_open()) {
            let at = *known.entry(self.cause(number, f)).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push((number, f)),
                None => groups.push(vec![(number, f)]),
            }
        }
        groups
    }

    fn cause<'f>(&'f self, number: usize, f: &'f Finding) -> Cause<'f> {
        let weighing = f.observations.iter().filter(|o| o.outcome().is_open() && o.weight != Weight::Supporting);
        let words = [&f.management_response, &f.cause, &f.business_impact, &f.comment];
        let said = f.disposition.is_some() || words.iter().any(|text| text.is_some());
        Cause {
            control: &f.control,
            result: f.result,
            severity: f.score.as_ref().map(|score| score.severity.to_string()).unwrap_or_default(),
            wrong: weighing.map(|o| (o.criterion.as_str(), o.outcome(), why(o))).collect(),
            actions: self.a.actions_of(f).into_iter().map(|(_, one)| (&*one.kind, &*one.what.key)).collect(),
            own: said.then_some(number),
        }
    }
}

/// Why, as far as several share it: of a failure everything but the app; of what nobody can tell the sentence alone, which
/// names a file of each app.
fn why(o: &Observation) -> Message {
    let mut why = o.because.clone();
    let fails = o.outcome() == Outcome::Fail;
    why.args.retain(|name| fails && name != "app");
    why
}
