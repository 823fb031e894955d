//! Figure 2: the six results in one bar.

use crate::drawing::canvas::{Canvas, LABEL, Look, WIDTH, fill};
use crate::drawing::measure;
use crate::model::{Counts, Outcome};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{result_word, say, symbol};

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
        let text = format!("{} {} {n}", symbol(*outcome), result_word(w, *outcome));
        let width = 16.0 + measure::width(&text, LABEL, true) + 18.0;
        if x + width > WIDTH + 18.0 {
            (x, y) = (0.0, y + 14.0);
        }
        c.rect((x, y - 7.5), (11.0, 9.0), 0.0, fill(*outcome));
        c.text((x + 16.0, y), &text, Look::bold());
        x += width;
    }
    let parts: Vec<String> = shown.iter().map(|(outcome, n)| format!("{n} {}", result_word(w, *outcome))).collect();
    let alt = say!(w, "figure.results.alt", total = counts.total(), parts = parts.clone());
    Some(Drawn { drawing: c.finish("results", y + 8.0, alt), twin: vec![format!("{}.", w.join(&parts))] })
}
