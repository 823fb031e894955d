//! Figure 4, scores on their intervals; figure 6, effort by risk.

use crate::drawing::canvas::{Canvas, Look, WIDTH, tint};
use crate::drawing::{Anchor, Ink};
use crate::model::{Action, Assessment, ControlRef, Effort, Finding, Tenths};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{label, say};
use std::collections::BTreeMap;

/// Most apps that the interval chart lists.
const LISTED: usize = 25;
/// From where to where the interval chart draws scores.
const SCORES: (f32, f32) = (138.0, WIDTH - 62.0);
/// Top and height of the chart of actions.
const PLACES: (f32, f32) = (18.0, 150.0);

/// Where a score stands on its line.
fn x(score: Tenths) -> f32 {
    SCORES.0 + (SCORES.1 - SCORES.0) * f32::from(score.0) / 100.0
}

/// Where an action of a risk stands, the highest on top.
fn height_of(risk: Tenths) -> f32 {
    PLACES.0 + PLACES.1 - 12.0 - (PLACES.1 - 24.0) * f32::from(risk.0) / 100.0
}

/// Residual scores as marks on their intervals, the published range behind them.
pub(super) fn intervals(order: &[&Finding], a: &Assessment, w: &Wording) -> Option<Drawn> {
    let scored = (1..).zip(order).filter_map(|(number, f)| Some((number, f, f.score.as_deref()?)));
    let mut apps: Vec<(usize, _, _)> = scored.collect();
    if apps.len() < 2 {
        return None;
    }
    apps.sort_by_key(|(n, _, s)| (std::cmp::Reverse(s.residual31.1), *n));
    let more = apps.len().saturating_sub(LISTED);
    apps.truncate(LISTED);
    let ((left, right), top, row) = (SCORES, 30.0, 17.0);
    let bottom = top + row * apps.len() as f32;
    let mut c = Canvas::default();
    let published = |control: &ControlRef| (x(control.range_low), x(control.range_high));
    let control = apps.first().map_or(&a.control, |(_, f, _)| a.control_of(f));
    let (low, high) = published(control);
    if apps.iter().all(|(_, f, _)| a.control_of(f) == control) {
        c.rect((low, top - 6.0), (high - low, bottom - top + 8.0), 0.0, tint(Ink::Accent, 0.1));
    } else {
        // Each control has a range of its own.
        for (i, (_, f, _)) in apps.iter().enumerate() {
            let (low, high) = published(a.control_of(f));
            c.rect((low, top + row * i as f32), (high - low, row), 0.0, tint(Ink::Accent, 0.1));
        }
    }
    c.caps(((low + high) / 2.0, top - 18.0), &w.word("figure.intervals.published"), Anchor::Middle);
    for mark in (0..=10u8).step_by(2) {
        let at = x(Tenths(mark * 10));
        c.line((at, top - 6.0), (at, bottom + 2.0), Ink::Rule, 0.5);
        c.text((at, bottom + 11.0), &mark.to_string(), Look::muted().sized(7.5).at(Anchor::Middle));
    }
    let mut twin = Vec::new();
    // The visible twin is short: what is settled in one sentence, what is open in another.
    let (mut settled, mut open) = (Vec::new(), Vec::new());
    for (i, (number, f, score)) in apps.iter().enumerate() {
        let y = top + row * (i as f32 + 0.5);
        let name = format!("{number} {}", label(f));
        c.text((left - 10.0, y + 3.0), &name, Look::default().at(Anchor::End).within(left - 12.0));
        let (from, to) = (x(score.interval31.low), x(score.interval31.high));
        if to > from {
            c.line((from, y), (to, y), Ink::Muted, 1.6);
            for end in [from, to] {
                c.line((end, y - 3.0), (end, y + 3.0), Ink::Muted, 1.6);
            }
        }
        c.mark((x(score.residual31.1), y), f.result);
        let value = score.residual31.1.to_string();
        let word = w.word(&format!("report.severity.{}", score.severity));
        c.text((right + 8.0, y + 3.0), &value, Look::bold());
        c.text((right + 26.0, y + 3.0), &word, Look::muted().sized(7.5));
        let (low, high) = (score.interval31.low.to_string(), score.interval31.high.to_string());
        let key = if low == high { "figure.intervals.settled" } else { "figure.intervals.open" };
        if low == high {
            settled.push(format!("{name} {value}"));
        } else {
            open.push(say!(w, "figure.intervals.bounds", app = &name, score = &value, low = &low, high = &high));
        }
        twin.push(say!(w, key, app = name, score = value, low = low, high = high));
    }
    let short = [("figure.intervals.twin.settled", settled), ("figure.intervals.twin.open", open)].into_iter();
    let short = short.filter(|(_, apps)| !apps.is_empty());
    let mut short: Vec<String> = short.map(|(key, apps)| say!(w, key, apps = apps)).collect();
    let left_out = (more > 0).then(|| say!(w, "figure.more.scores", n = more));
    let end = c.more((0.0, bottom + 14.0), left_out.clone(), &mut short);
    twin.extend(left_out);
    let alt = say!(w, "figure.intervals.alt", apps = twin.join(" "));
    Some(Drawn { drawing: c.finish("score-intervals", end + 2.0, alt), twin: short })
}

/// Actions by what they take and what they are about.
pub(super) fn quadrant(actions: &[Action], w: &Wording) -> Option<Drawn> {
    let scored = (1..).zip(actions).filter_map(|(number, action)| Some((number, action, action.score?)));
    let placed: Vec<(usize, _, _)> = scored.filter(|(.., risk)| *risk > Tenths(0)).collect();
    if placed.len() < 2 {
        return None;
    }
    let (left, width, (top, height)) = (56.0, WIDTH - 56.0, PLACES);
    let mut c = Canvas::default();
    for (i, key) in Effort::ALL.iter().enumerate() {
        let x = left + width / 3.0 * i as f32;
        c.rect((x + 1.5, top), (width / 3.0 - 3.0, height), 2.0, tint(Ink::Muted, 0.06));
        let name = say!(w, "figure.quadrant.effort", effort = w.word(&format!("report.effort.{key}")));
        c.caps((x + width / 6.0, top - 6.0), &name, Anchor::Middle);
    }
    for mark in [40u8, 70, 90] {
        let y = height_of(Tenths(mark));
        c.dashes((left, y), (WIDTH, y), Ink::Rule);
        c.text((left - 8.0, y + 3.0), &Tenths(mark).to_string(), Look::muted().sized(7.5).at(Anchor::End));
    }
    c.caps((0.0, top + 4.0), &w.word("figure.quadrant.risk"), Anchor::Start);
    let mut taken: Vec<(Effort, i32)> = Vec::new();
    let mut twin = Vec::new();
    let mut columns: BTreeMap<Effort, Vec<String>> = BTreeMap::new();
    for (number, action, risk) in placed {
        let (effort, y) = (action.effort, height_of(risk));
        let near = taken.iter().filter(|(e, at)| *e == effort && (at - y as i32).abs() < 16).count();
        taken.push((effort, y as i32));
        let x = left + width / 3.0 * f32::from(effort as u8) + 20.0 + 20.0 * near as f32;
        c.dot((x, y), 8.0, action.result, &number.to_string());
        columns.entry(effort).or_default().push(format!("{number} ({risk})"));
        let effort = w.word(&format!("report.effort.{effort}"));
        twin.push(say!(w, "figure.quadrant.twin", action = number, effort = effort, risk = risk.to_string()));
    }
    let alt = say!(w, "figure.quadrant.alt", actions = twin.join(" "));
    let short = columns.into_iter().map(|(key, actions)| {
        say!(w, "figure.quadrant.column", effort = w.word(&format!("report.effort.{key}")), actions = actions)
    });
    Some(Drawn { drawing: c.finish("effort-risk", top + height + 6.0, alt), twin: short.collect() })
}
