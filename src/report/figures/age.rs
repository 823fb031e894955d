//! Figure 8: open findings by the time since they were first seen.

use super::bars::{self, Row};
use crate::drawing::canvas::fill;
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
