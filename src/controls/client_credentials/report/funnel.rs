//! Figure 1, the funnel: of all apps, those that can log in and are hardened.

use super::worded;
use crate::controls::client_credentials::FlowState;
use crate::controls::client_credentials::claims::{CAN_LOG_IN, HARDENED, JUDGED, LEFT_OUT, of_flow, of_kind};
use crate::drawing::canvas::{Canvas, Look, WIDTH, fill, tint};
use crate::drawing::{Anchor, Fill, Ink};
use crate::model::Outcome;
use crate::snapshot::AppKind;
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::claims::Claims;
use crate::view::words::say;

const ROW: f32 = 25.0;
const BAR: f32 = 15.0;
const LEFT: f32 = 158.0;

/// All apps → not shown off → on → execution user known → hardened.
pub(super) fn funnel(kind: AppKind, total: usize, claims: &Claims, w: &Wording) -> Option<Drawn> {
    let of = |name: &str| claims.of(&of_kind(kind, name));
    let word = |step: &str| w.word(&worded(kind, &format!("figure.funnel.{step}")));
    let looked_at = of(JUDGED);
    let mut steps = vec![
        ("all", total),
        ("possible", looked_at - of(&of_flow(FlowState::Off))),
        ("on", of(&of_flow(FlowState::On))),
        ("known", of(CAN_LOG_IN)),
        ("hardened", of(HARDENED)),
    ];
    if of(LEFT_OUT) > 0 {
        steps.insert(1, ("looked-at", looked_at));
    }
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
        c.text((LEFT - 8.0, y + BAR - 4.0), &word(key), Look::default().at(Anchor::End).within(LEFT - 10.0));
        c.rect((LEFT, y), (length, BAR), 0.0, fill);
        c.text((LEFT + length + 5.0, y + BAR - 3.6), &n.to_string(), Look::bold().sized(10.0));
    }
    let parts: Vec<String> = steps.iter().map(|(key, n)| format!("{}: {n}", word(key))).collect();
    let alt = say!(w, "figure.funnel.alt", steps = parts.join("; "));
    let drawing = c.finish("funnel", 12.0 + ROW * steps.len() as f32, alt);
    Some(Drawn { drawing, twin: vec![format!("{}.", parts.join(" · "))] })
}
