//! Figure 8: open findings by the time since they were first seen.

use crate::drawing::canvas::{Canvas, Look, WIDTH, fill};
use crate::drawing::{Anchor, Ink};
use crate::model::{Finding, Outcome};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{result_word, say, symbol};
use jiff::civil::Date;

/// Ages by their last day.
const AGES: [(&str, i32); 5] = [("month", 30), ("quarter", 90), ("half", 180), ("year", 365), ("more", i32::MAX)];
const OPEN: [Outcome; 3] = [Outcome::Fail, Outcome::NotEvaluable, Outcome::Review];
const ROW: f32 = 22.0;
const BAR: f32 = 14.0;
const LEFT: f32 = 118.0;

/// Bars of open findings by age on `day`; none when all are of one age.
pub(super) fn ageing(order: &[&Finding], day: Date, w: &Wording) -> Option<Drawn> {
    let mut rows = [[0_usize; OPEN.len()]; AGES.len()];
    for finding in order {
        let place = OPEN.iter().position(|outcome| *outcome == finding.result);
        let (Some(place), Some(first)) = (place, finding.first_seen) else { continue };
        let days = (day - first).get_days();
        let age = AGES.iter().position(|(_, last)| days <= *last).unwrap_or(0);
        if let Some(count) = rows.get_mut(age).and_then(|row| row.get_mut(place)) {
            *count += 1;
        }
    }
    let totals = rows.map(|row| row.iter().sum::<usize>());
    if totals.iter().filter(|total| **total > 0).count() < 2 {
        return None;
    }
    let most = totals.into_iter().max().unwrap_or(1).max(1) as f32;
    let room = WIDTH - LEFT - 40.0;
    let bottom = 6.0 + ROW * AGES.len() as f32;
    let mut c = Canvas::default();
    c.line((LEFT, 2.0), (LEFT, bottom), Ink::Rule, 0.7);
    let mut twin = Vec::new();
    for (i, (((key, _), row), total)) in AGES.iter().zip(&rows).zip(totals).enumerate() {
        let y = 6.0 + ROW * i as f32;
        let age = w.word(&format!("figure.ageing.{key}"));
        c.text((LEFT - 8.0, y + BAR - 3.8), &age, Look::default().at(Anchor::End).within(LEFT - 10.0));
        let mut x = LEFT;
        let mut parts = Vec::new();
        for (outcome, n) in OPEN.iter().zip(row).filter(|(_, n)| **n > 0) {
            let length = room * *n as f32 / most;
            c.rect((x, y), ((length - 1.5).max(1.0), BAR), 0.0, fill(*outcome));
            x += length;
            parts.push(format!("{n} {}", result_word(w, *outcome)));
        }
        c.text((x + 5.0, y + BAR - 3.4), &total.to_string(), Look::bold());
        if !parts.is_empty() {
            twin.push(say!(w, "figure.ageing.twin", age = age, parts = parts));
        }
    }
    let mut x = LEFT;
    for outcome in OPEN {
        c.rect((x, bottom + 8.0), (11.0, 9.0), 0.0, fill(outcome));
        c.text((x + 16.0, bottom + 15.5), &format!("{} {}", symbol(outcome), result_word(w, outcome)), Look::default());
        x += 96.0;
    }
    let alt = say!(w, "figure.ageing.alt", ages = twin.join(" "));
    Some(Drawn { drawing: c.finish("ageing", bottom + 22.0, alt), twin })
}
