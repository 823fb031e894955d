//! Bars of several parts below each other, with their totals and a legend.

use crate::drawing::canvas::{Canvas, Look, WIDTH};
use crate::drawing::{Anchor, Fill, Ink};

const ROW: f32 = 22.0;
const BAR: f32 = 14.0;
const LEFT: f32 = 118.0;
/// Distance of the entries of a legend that has room.
const STEP: f32 = 96.0;

/// A bar: what it is about, and its parts in the order of the legend.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) counts: Vec<usize>,
}

impl Row {
    pub(super) fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// What the parts of all bars are called and look like.
pub(super) type Legend = Vec<(String, Fill)>;

/// Draws bars to one scale; gives the sheet and its height.
pub(super) fn stacked(rows: &[Row], legend: &Legend) -> (Canvas, f32) {
    let most = rows.iter().map(Row::total).max().unwrap_or(1).max(1) as f32;
    let room = WIDTH - LEFT - 40.0;
    let bottom = 6.0 + ROW * rows.len() as f32;
    let mut c = Canvas::default();
    c.line((LEFT, 2.0), (LEFT, bottom), Ink::Rule, 0.7);
    for (i, row) in rows.iter().enumerate() {
        let y = 6.0 + ROW * i as f32;
        c.text((LEFT - 8.0, y + BAR - 3.8), &row.label, Look::default().at(Anchor::End).within(LEFT - 10.0));
        let mut x = LEFT;
        for ((_, fill), n) in legend.iter().zip(&row.counts).filter(|(_, n)| **n > 0) {
            let length = room * *n as f32 / most;
            c.rect((x, y), ((length - 1.5).max(1.0), BAR), 0.0, *fill);
            x += length;
        }
        c.text((x + 5.0, y + BAR - 3.4), &row.total().to_string(), Look::bold());
    }
    // A long legend begins at the edge of the sheet.
    let long = LEFT + STEP * legend.len() as f32 > WIDTH;
    let (mut x, step) = if long { (0.0, WIDTH / legend.len().max(1) as f32) } else { (LEFT, STEP) };
    for (name, fill) in legend {
        c.rect((x, bottom + 8.0), (11.0, 9.0), 0.0, *fill);
        c.text((x + 16.0, bottom + 15.5), name, Look::default());
        x += step;
    }
    (c, bottom + 22.0)
}
