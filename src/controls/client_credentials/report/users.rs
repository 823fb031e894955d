//! Figure 5: which app runs as which user, and what that user may do.

use crate::controls::client_credentials::{FlowState, PrivilegeState, Stated};
use crate::drawing::canvas::{Canvas, LABEL, Look, WIDTH, ink, tint};
use crate::drawing::{Anchor, Fill, Ink};
use crate::model::{Finding, Outcome};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{label, say};

/// Most apps that the graph shows.
const LISTED: usize = 24;
const ROW: f32 = 21.0;
const BOX: (f32, f32) = (136.0, 16.0);

/// Apps with the flow on, grouped by their execution user so that no line crosses another.
pub(super) fn graph(order: &[&Finding], w: &Wording) -> Option<Drawn> {
    let running = (1..).zip(order).filter(|(_, f)| f.flow_state() == FlowState::On);
    let mut apps: Vec<(usize, _)> = running.filter(|(_, f)| !f.user_name().is_empty()).collect();
    if apps.len() < 2 {
        return None;
    }
    let more = apps.len().saturating_sub(LISTED);
    apps.truncate(LISTED);
    let mut users: Vec<(String, Vec<(usize, &&Finding)>)> = Vec::new();
    for (number, f) in apps {
        let key = f.user_name().to_lowercase();
        match users.iter_mut().find(|(name, _)| *name == key) {
            Some((_, group)) => group.push((number, f)),
            None => users.push((key, vec![(number, f)])),
        }
    }
    let columns = [0.0, (WIDTH - BOX.0) / 2.0, WIDTH - BOX.0];
    let mut c = Canvas::default();
    for (x, key) in columns.iter().zip(["app", "user", "power"]) {
        c.caps((*x, 9.0), &w.word(&format!("figure.users.{key}")), Anchor::Start);
    }
    let mut y = 18.0;
    let mut twin = Vec::new();
    for (_, group) in &users {
        let Some((_, first)) = group.first() else { continue };
        let middle = y + ROW * (group.len() as f32 - 1.0) / 2.0;
        let shared = group.len() > 1;
        let link = (if shared { Ink::Fail } else { Ink::Muted }, if shared { 1.4 } else { 0.8 });
        for (i, (number, f)) in group.iter().enumerate() {
            let at = y + ROW * i as f32;
            c.line((columns[0] + BOX.0, at + BOX.1 / 2.0), (columns[1], middle + BOX.1 / 2.0), link.0, link.1);
            tile(&mut c, (columns[0], at), &format!("{number} {}", label(f)), (ink(f.result), 1.0));
        }
        c.line((columns[1] + BOX.0, middle + BOX.1 / 2.0), (columns[2], middle + BOX.1 / 2.0), Ink::Muted, 0.8);
        tile(&mut c, (columns[1], middle), first.user_name(), link);
        if shared {
            let note = say!(w, "figure.users.shared", n = group.len());
            c.caps((columns[1], middle + BOX.1 + 7.5), &note, Anchor::Start);
        }
        let power = w.word(&format!("figure.users.power.{}", first.power()));
        let outcome = match first.power() {
            PrivilegeState::NarrowReadOnly | PrivilegeState::Narrow => Outcome::Pass,
            PrivilegeState::Unknown => Outcome::NotEvaluable,
            _ => Outcome::Fail,
        };
        tile(&mut c, (columns[2], middle), &power, (ink(outcome), 1.0));
        let names: Vec<String> = group.iter().map(|(n, f)| format!("{n} {}", label(f))).collect();
        twin.push(say!(w, "figure.users.twin", apps = names, user = first.user_name(), power = power));
        y += ROW * group.len() as f32 + if shared { 12.0 } else { 5.0 };
    }
    let left_out = (more > 0).then(|| say!(w, "figure.more.apps", n = more));
    let y = c.more((0.0, y), left_out, &mut twin);
    let alt = say!(w, "figure.users.alt", users = twin.join(" "));
    Some(Drawn { drawing: c.finish("execution-users", y + 2.0, alt), twin })
}

fn tile(c: &mut Canvas, (x, y): (f32, f32), text: &str, edge: (Ink, f32)) {
    c.boxed((x, y), BOX, Fill::solid(Ink::Paper), (Ink::Rule, 0.7));
    c.rect((x, y), (3.0, BOX.1), 0.0, tint(edge.0, if edge.1 > 1.0 { 1.0 } else { 0.8 }));
    c.text((x + 8.0, y + BOX.1 - 5.0), text, Look::default().sized(LABEL).within(BOX.0 - 12.0));
}
