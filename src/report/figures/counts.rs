//! Figure 1, the funnel, and figure 2, the six results in one bar.

use super::Drawn;
use crate::controls::client_credentials::{Claims, FlowState};
use crate::drawing::canvas::{Canvas, LABEL, Look, WIDTH, fill, tint};
use crate::drawing::{Anchor, Fill, Ink};
use crate::model::{Counts, Finding, Outcome};
use crate::report::measure;
use crate::report::text::{say, symbol};
use crate::text::wording::Wording;

const ROW: f32 = 25.0;
const BAR: f32 = 15.0;
const LEFT: f32 = 158.0;

/// All apps → not shown off → on → execution user known → hardened.
pub(super) fn funnel(order: &[&Finding], w: &Wording) -> Option<Drawn> {
    let claims = Claims::over(order.iter().copied());
    let mut steps = vec![
        ("all", order.len()),
        ("possible", claims.looked_at - claims.flow.of(&[FlowState::Off])),
        ("on", claims.on()),
        ("known", claims.can_log_in),
        ("hardened", claims.hardened),
    ];
    if claims.left_out > 0 {
        steps.insert(1, ("looked-at", claims.looked_at));
    }
    let total = order.len();
    if steps.iter().all(|(_, n)| *n == total) {
        return None;
    }
    let mut c = Canvas::default();
    let room = WIDTH - LEFT - 34.0;
    c.line((LEFT, 4.0), (LEFT, 8.0 + ROW * steps.len() as f32), Ink::Rule, 0.7);
    for (i, (key, n)) in steps.iter().enumerate() {
        let y = 8.0 + ROW * i as f32;
        let length = room * *n as f32 / total.max(1) as f32;
        let fill = match *key {
            "hardened" => fill(Outcome::Pass),
            "on" | "known" => Fill::solid(Ink::Accent),
            _ => tint(Ink::Accent, 0.35),
        };
        c.text(
            (LEFT - 8.0, y + BAR - 4.0),
            &w.word(&format!("figure.funnel.{key}")),
            Look::default().at(Anchor::End).within(LEFT - 10.0),
        );
        c.rect((LEFT, y), (length, BAR), 0.0, fill);
        c.text((LEFT + length + 5.0, y + BAR - 3.6), &n.to_string(), Look::bold().sized(10.0));
    }
    let parts: Vec<String> =
        steps.iter().map(|(key, n)| format!("{}: {n}", w.word(&format!("figure.funnel.{key}")))).collect();
    let alt = say!(w, "figure.funnel.alt", steps = parts.join("; "));
    let drawing = c.finish("funnel", 12.0 + ROW * steps.len() as f32, alt);
    Some(Drawn { drawing, twin: vec![format!("{}.", parts.join(" · "))] })
}

/// One bar of all apps by result.
pub(super) fn results(counts: Counts, w: &Wording) -> Option<Drawn> {
    let shown: Vec<(Outcome, usize)> =
        Outcome::ALL.iter().map(|o| (*o, counts.get(*o))).filter(|(_, n)| *n > 0).collect();
    if shown.len() < 2 {
        return None;
    }
    let total = counts.total().max(1) as f32;
    let mut c = Canvas::default();
    let mut x = 0.0;
    for (outcome, n) in &shown {
        let width = WIDTH * *n as f32 / total;
        c.rect((x, 4.0), ((width - 1.5).max(1.0), 26.0), 0.0, fill(*outcome));
        x += width;
    }
    // The legend stands in its own line, so that narrow segments keep their words.
    let mut x = 0.0;
    let mut y = 46.0;
    for (outcome, n) in &shown {
        let text = format!("{} {} {n}", symbol(*outcome), outcome.word());
        let width = 16.0 + measure::width(&text, LABEL, true) + 18.0;
        if x + width > WIDTH + 18.0 {
            (x, y) = (0.0, y + 14.0);
        }
        c.rect((x, y - 7.5), (11.0, 9.0), 0.0, fill(*outcome));
        c.text((x + 16.0, y), &text, Look::bold());
        x += width;
    }
    let parts: Vec<String> = shown.iter().map(|(outcome, n)| format!("{n} {outcome}")).collect();
    let alt = say!(w, "figure.results.alt", total = counts.total(), parts = parts.clone());
    Some(Drawn { drawing: c.finish("results", y + 8.0, alt), twin: vec![format!("{}.", w.join(&parts))] })
}
