//! Words for readers: symbols, sentences with arguments, names and anchors.

use super::{Fact, Mark, StatedView};
use crate::catalogue::{Catalogue, FactEntry, Output};
pub(crate) use crate::model::worst_first;
use crate::model::{Finding, Observation, Outcome, Redaction};
use crate::text::wording::Wording;
use std::collections::BTreeSet;

/// Says a sentence of the language catalogue: `say!(words, "key", name = value)`.
macro_rules! say {
    ($words:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $words.say(&crate::text::message::Message::new($key)$(.with(stringify!($name), $value))*)
    };
}
pub(crate) use say;

/// Most places, grants or files that a card prints before it points to the register.
pub(crate) const SHOWN: usize = 5;
/// Most places where each shows something of its own.
const MOST: usize = 12;

/// Symbol of a result; PDF and HTML select the colour by it.
#[must_use]
pub const fn symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "✗",
        Outcome::NotEvaluable => "▲",
        Outcome::Review => "●",
        Outcome::Pass => "✓",
        Outcome::NotApplicable => "■",
        Outcome::NotTested => "□",
    }
}

/// A result in the words of people.
pub(crate) fn result_word(w: &Wording, outcome: Outcome) -> String {
    w.word(&format!("report.result.{outcome}"))
}

pub(crate) fn mark(w: &Wording, outcome: Outcome) -> Mark {
    Mark { symbol: symbol(outcome).to_owned(), word: result_word(w, outcome) }
}

/// What the symbols of results say, and by this sentence what makes a result.
pub(crate) fn legend(w: &Wording, decisive: &str) -> String {
    let said = Outcome::ALL.iter().map(|o| {
        let Mark { symbol, word } = mark(w, *o);
        format!("{symbol} {word}: {}", w.word(&format!("report.legend.{o}")))
    });
    format!("{} {}", said.collect::<Vec<_>>().join(" "), w.word(decisive))
}

/// The mark of a cell that may have no result.
pub(crate) fn mark_or_dash(w: &Wording, outcome: Option<Outcome>) -> Mark {
    outcome.map_or_else(|| Mark { symbol: or_dash(None), word: String::new() }, |outcome| mark(w, outcome))
}

pub(crate) fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// How a finding meets a criterion; none when it was not judged by it.
pub(crate) fn outcome(finding: &Finding, criterion: &str) -> Option<Outcome> {
    finding.observations.iter().find(|seen| seen.criterion == criterion).map(Observation::outcome)
}

/// Label for readers; the API name stands in for an empty one.
pub(crate) fn label(finding: &Finding) -> String {
    finding.label().into_owned()
}

/// An id as an anchor: lower-case letters, digits and hyphens.
pub(crate) fn anchor(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// A fact with its name from the language catalogue; nothing when the value is empty.
pub(crate) fn fact(words: &Wording, key: &str, value: impl Into<String>) -> Option<Fact> {
    let value = value.into();
    (!value.trim().is_empty()).then(|| Fact { name: words.word(key), value })
}

/// The first texts of a list, and how many there are beyond them.
pub(crate) fn first<T: Clone>(list: &[T], most: usize) -> (Vec<T>, usize) {
    (list.iter().take(most).cloned().collect(), list.len().saturating_sub(most))
}

/// Which of several places to show: one of each before a second of any, in their order, at least [`SHOWN`] and never more
/// than [`MOST`]. What is named in a sentence has so its place beside it.
pub(crate) fn spread<'a, K: Ord>(ids: &[&'a String], place: impl Fn(&'a str) -> K) -> (Vec<&'a String>, usize) {
    let mut known = BTreeSet::new();
    let (firsts, others): (Vec<usize>, Vec<usize>) = (0..ids.len()).partition(|at| known.insert(place(ids[*at])));
    let room = firsts.len().clamp(SHOWN, MOST);
    let mut chosen: Vec<usize> = firsts.into_iter().chain(others).take(room).collect();
    chosen.sort_unstable();
    let left_out = ids.len() - chosen.len();
    (chosen.into_iter().map(|at| ids[at]).collect(), left_out)
}

/// A number with spaces between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// What the cover says about names; empty when they are as found.
pub(crate) fn redaction_word(w: &Wording, redaction: Option<Redaction>) -> String {
    redaction.map_or_else(String::new, |redaction| w.word(&format!("report.redacted.{}", redaction.key)))
}

/// What pseudonyms hide, and what they do not.
pub(crate) fn redaction_limit(w: &Wording, redaction: Option<Redaction>) -> Vec<String> {
    let Some(redaction) = redaction else { return Vec::new() };
    let whose = if redaction.clients { "report.limitation.redacted-clients" } else { "report.limitation.redacted" };
    vec![w.word(whose), w.word(&format!("report.limitation.redacted.{}", redaction.key))]
}

/// What limits every report.
pub(crate) fn general_limits(w: &Wording) -> Vec<String> {
    let limits = ["moment", "examination", "one-control", "judgement"];
    limits.iter().map(|key| w.word(&format!("report.limitation.{key}"))).collect()
}

/// A criterion as the head of a column; its id when the language has no short name.
pub(crate) fn column<'a>(w: &'a Wording, id: &'a str) -> &'a str {
    w.raw(&format!("report.criterion.{id}")).unwrap_or(id)
}

/// The criteria of a table over findings of several controls, each once: those of the first, and what the others have
/// besides, behind what it follows there. A control without findings adds nothing.
pub(crate) fn criteria(control: &Catalogue, has_findings: impl Fn(&Catalogue) -> bool) -> Vec<&str> {
    let mut ids: Vec<&str> = control.criteria.iter().map(|one| one.id.as_str()).collect();
    for sibling in control.siblings.iter().filter(|one| has_findings(one)) {
        let mut at = 0;
        for criterion in &sibling.criteria {
            match ids.iter().position(|id| criterion.id == *id) {
                Some(known) => at = known + 1,
                None => {
                    ids.insert(at, &criterion.id);
                    at += 1;
                }
            }
        }
    }
    ids
}

/// The headings of the facts that a table of the report shows.
pub(crate) fn headings(control: &Catalogue, output: Output, w: &Wording) -> Vec<String> {
    control.facts_of(output).map(|fact| w.word(&fact.heading)).collect()
}

/// A fact in a cell of the report.
pub(crate) fn stated(w: &Wording, fact: &FactEntry, text: &str) -> StatedView {
    match fact.worded.as_str() {
        "" => StatedView { text: text.to_owned(), code: fact.code },
        key => StatedView { text: w.word(&format!("{key}.{text}")), code: false },
    }
}
