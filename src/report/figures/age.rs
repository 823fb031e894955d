//! Figure 8: open findings by the time since they were first seen.

use super::bars::{self, Row};
use crate::drawing::canvas::fill;
use crate::drawing::{Fill, Ink, Pattern};
use crate::model::{Finding, Outcome};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{result_word, say, symbol};
use jiff::civil::Date;

/// Ages by their last day.
const AGES: [(&str, i32); 5] = [("month", 30), ("quarter", 90), ("half", 180), ("year", 365), ("more", i32::MAX)];
const OPEN: [Outcome; 3] = [Outcome::Fail, Outcome::NotEvaluable, Outcome::Review];

/// Bars of open findings by age on `day`; none when all are of one age.
pub(super) fn ageing(order: &[&Finding], day: Date, w: &Wording) -> Option<Drawn> {
    let label = |key: &str| w.word(&format!("figure.ageing.{key}"));
    let mut rows = AGES.map(|(key, _)| Row { label: label(key), counts: vec![0; OPEN.len()] });
    for finding in order {
        let place = OPEN.iter().position(|outcome| *outcome == finding.result);
        let (Some(place), Some(first)) = (place, finding.first_seen) else { continue };
        let days = (day - first).get_days();
        let age = AGES.iter().position(|(_, last)| days <= *last).unwrap_or(0);
        if let Some(count) = rows.get_mut(age).and_then(|row| row.counts.get_mut(place)) {
            *count += 1;
        }
    }
    if rows.iter().filter(|row| row.total() > 0).count() < 2 {
        return None;
    }
    let twin: Vec<String> = rows.iter().filter(|row| row.total() > 0).map(|row| told(row, w)).collect();
    let legend = OPEN.map(|outcome| (format!("{} {}", symbol(outcome), result_word(w, outcome)), fill(outcome)));
    let (canvas, height) = bars::stacked(&rows, &legend.into());
    let alt = say!(w, "figure.ageing.alt", ages = twin.join(" "));
    Some(Drawn { drawing: canvas.finish("ageing", height, alt), twin })
}

fn told(row: &Row, w: &Wording) -> String {
    let parts = OPEN.iter().zip(&row.counts).filter(|(_, n)| **n > 0);
    let parts: Vec<String> = parts.map(|(outcome, n)| format!("{n} {}", result_word(w, *outcome))).collect();
    say!(w, "figure.ageing.twin", age = &row.label, parts = parts)
}

/// Classes of age of a history, with their looks: told apart by patterns, too.
const CLASSES: [(&str, Fill); 4] = [
    ("month", Fill { ink: Ink::Pass, tint: 0.3, pattern: Pattern::Solid }),
    ("quarter", Fill { ink: Ink::Review, tint: 0.6, pattern: Pattern::Dots }),
    ("half", Fill { ink: Ink::NotEvaluable, tint: 0.75, pattern: Pattern::Hatch }),
    ("older", Fill { ink: Ink::Fail, tint: 1.0, pattern: Pattern::Solid }),
];
/// Orgs that are drawn: the first ones of the list, which begins with the worst.
const SHOWN: usize = 12;

/// Bars of open findings by age, an org each; none when all are of one age.
pub(in crate::report) fn by_org(orgs: &[(&str, [u32; 4])], w: &Wording) -> Option<Drawn> {
    let count = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let open: Vec<Row> = orgs
        .iter()
        .map(|(name, ages)| Row { label: (*name).to_owned(), counts: ages.map(count).into() })
        .filter(|row| row.total() > 0)
        .collect();
    let used = |at: usize| open.iter().any(|row| row.counts.get(at).is_some_and(|n| *n > 0));
    if (0..CLASSES.len()).filter(|at| used(*at)).count() < 2 {
        return None;
    }
    let (left_out, rows) = (open.len().saturating_sub(SHOWN), open.get(..SHOWN).unwrap_or(&open));
    let classes = CLASSES.map(|(key, look)| (w.word(&format!("figure.ageing.{key}")), look));
    let told = |row: &Row| {
        let parts = classes.iter().zip(&row.counts).filter(|(_, n)| **n > 0);
        let parts: Vec<String> = parts.map(|((class, _), n)| format!("{n} {class}")).collect();
        say!(w, "figure.ageing.twin", age = &row.label, parts = parts)
    };
    let mut twin: Vec<String> = rows.iter().map(told).collect();
    let (mut canvas, height) = bars::stacked(rows, &classes.clone().into());
    let more = (left_out > 0).then(|| say!(w, "figure.ageing-orgs.more", n = left_out));
    let height = canvas.more((0.0, height), more, &mut twin);
    let alt = say!(w, "figure.ageing-orgs.alt", ages = twin.join(" "));
    Some(Drawn { drawing: canvas.finish("ageing-orgs", height, alt), twin })
}
