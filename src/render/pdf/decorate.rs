//! What tables carry besides their text: tinted results in a matrix, the waterfall's bars. All of it only repeats the
//! words and numbers of the cells, so it is marked as an artifact.

use super::flow::Setting;
use super::fonts::{BOLD, REGULAR};
use super::lines::baseline;
use super::page::{Item, Paint, Slab};
use super::table::Look;
use super::words::{measure, single};
use crate::drawing::canvas::ink;
use crate::model::Outcome;
use crate::render::blocks::{Span, Table, TableKind, plain};
use crate::render::theme::Rgb;

/// A matrix with more columns than this uses a part of the margins.
const WIDE: usize = 14;
/// How far it reaches into each margin, at most.
const BLEED: f32 = 26.0;
/// Smallest type of a matrix.
const SMALLEST: f32 = 5.8;
/// Part of the result's colour in its cell; not so much that its word loses contrast.
const TINT: f32 = 0.1;
/// Width of the waterfall's bars and the space before them.
const BARS: (f32, f32) = (96.0, 14.0);

/// Shapes of each row of a table; `true` when they lie below the text.
#[derive(Default)]
pub(super) struct Decoration {
    rows: Vec<Vec<Shape>>,
}

enum Shape {
    /// Fills the row's height: left, width, colour.
    Cell(f32, f32, Rgb),
    /// Around the middle of the first line: left, width, height, colour.
    Bar(f32, f32, f32, Rgb),
    /// On the first line.
    Text(Vec<Item>),
}

impl Decoration {
    /// Adds the shapes of a row to its slab.
    pub(super) fn paint(&mut self, row: usize, slab: &mut Slab) {
        let Some(shapes) = self.rows.get_mut(row) else { return };
        let mut below = Vec::new();
        for shape in shapes.drain(..) {
            let rect = match shape {
                Shape::Cell(x, width, colour) => Paint::Rect([x + 0.6, 0.6, width - 1.2, slab.height - 1.6], colour),
                Shape::Bar(x, width, height, colour) => {
                    Paint::Rect([x, (slab.height - height) / 2.0, width, height], colour)
                }
                Shape::Text(items) => {
                    slab.items.extend(items);
                    continue;
                }
            };
            below.push(Item { owner: None, paint: rect });
        }
        below.append(&mut slab.items);
        slab.items = below;
    }
}

impl Setting<'_, '_> {
    /// Left end and width of a table.
    pub(super) fn place(&self, kind: TableKind, columns: usize) -> (f32, f32) {
        let (indent, width) = self.measure();
        let page = &self.theme.page;
        let bleed = BLEED.min(page.margin_left * 0.45).min(page.margin_right * 0.45);
        match kind {
            TableKind::Matrix if columns > WIDE && indent == 0.0 => (-bleed, width + 2.0 * bleed),
            TableKind::Waterfall if width > 3.5 * (BARS.0 + BARS.1) => (indent, width - BARS.0 - BARS.1),
            _ => (indent, width),
        }
    }

    /// Makes the type of a matrix so small that no result is divided inside a word, as far as it stays legible.
    pub(super) fn fit_matrix(&mut self, table: &Table, columns: &[usize], look: &mut Look) {
        if table.widths.len() != table.head.len() {
            return;
        }
        let shares = columns.iter().map(|column| (*column, table.widths.get(*column).copied().unwrap_or_default()));
        let all: f32 = shares.clone().map(|(_, share)| share).sum();
        let mut scale: f32 = 1.0;
        for (column, share) in shares.filter(|(column, _)| result_column(table, *column)) {
            let room = look.place.1 * share / all.max(0.001) - 2.0 * look.pad_x - 0.2;
            let head = table.head.get(column).map(|cell| (cell, BOLD, look.head.size));
            let body = table.rows.iter().filter_map(|row| row.get(column)).map(|cell| (cell, REGULAR, look.style.size));
            for (cell, face, size) in head.into_iter().chain(body) {
                let longest =
                    pieces(cell).iter().map(|piece| measure(self.fonts, face, size, piece)).fold(0.0, f32::max);
                scale = scale.min(room / longest.max(0.001));
            }
        }
        let scale = scale.max(SMALLEST / look.style.size).min(1.0);
        for style in [&mut look.style, &mut look.head] {
            style.size *= scale;
            style.leading *= scale;
        }
    }

    /// The shapes of a table.
    pub(super) fn decoration(&mut self, table: &Table, columns: &[usize], widths: &[f32], look: &Look) -> Decoration {
        match table.kind {
            TableKind::Matrix => self.tints(table, columns, widths, look),
            TableKind::Waterfall if look.place.1 < self.measure().1 => self.bars(table, look),
            _ => Decoration::default(),
        }
    }

    fn tints(&self, table: &Table, columns: &[usize], widths: &[f32], look: &Look) -> Decoration {
        let colours = &self.theme.colours;
        let mut rows = vec![Vec::new()];
        for row in &table.rows {
            let mut x = look.place.0;
            let mut shapes = Vec::new();
            for (column, width) in columns.iter().zip(widths) {
                let result = row.get(*column).and_then(|cell| result(cell));
                let colour = result.map(|result| colours.of(ink(result)));
                let tint = colour.map(|colour| (colour, colour.over(colours.paper, TINT)));
                if let Some((_, tint)) = tint.filter(|(colour, tint)| colour.contrast(*tint) >= 4.5) {
                    shapes.push(Shape::Cell(x, *width, tint));
                }
                x += width;
            }
            rows.push(shapes);
        }
        Decoration { rows }
    }

    /// From score to score on a scale of 0 to 10: first and last row as bars, what a step adds or takes between them.
    fn bars(&mut self, table: &Table, look: &Look) -> Decoration {
        let Some(scores) = &table.scores else { return Decoration::default() };
        let colours = self.theme.colours;
        let left = look.place.0 + look.place.1 + BARS.1;
        let mut scale = Vec::new();
        for (score, label) in [(0.0, "0"), (10.0, "10")] {
            let (mut items, width) = single(self.fonts, REGULAR, look.head.size, colours.muted, label, None);
            let at = left + score * BARS.0 / 10.0;
            let x = if score > 0.0 { at - width } else { at };
            items.iter_mut().for_each(|item| item.shift(x, look.style.leading * 0.25 + baseline(look.head)));
            scale.push(Shape::Text(items));
        }
        let mut rows = vec![scale];
        let last = scores.len().saturating_sub(1);
        let mut before = 0.0;
        for (n, score) in scores.iter().copied().enumerate() {
            let track = Shape::Bar(left, BARS.0, 0.5, colours.rule);
            let (low, high) =
                if n == 0 || n == last { (0.0, score) } else { (f32::min(before, score), f32::max(before, score)) };
            let (height, colour) = match (n == 0 || n == last, score > before) {
                (true, _) => (7.0, if n == last { colours.accent } else { colours.muted }),
                (false, true) => (7.0, colours.fail),
                (false, false) => (7.0, colours.pass),
            };
            let [from, to, at] = [low, high, score].map(|score| left + score * BARS.0 / 10.0);
            let bar = if high - low < 0.05 {
                Shape::Bar(at - 0.8, 1.6, 5.0, colours.muted)
            } else {
                Shape::Bar(from, to - from, height, colour)
            };
            rows.push(vec![bar, track]);
            before = score;
        }
        for row in &mut rows {
            // The track lies below the bar.
            row.reverse();
        }
        Decoration { rows }
    }
}

fn result_column(table: &Table, column: usize) -> bool {
    !table.rows.is_empty() && table.rows.iter().all(|row| row.get(column).is_some_and(|cell| result(cell).is_some()))
}

/// The result that a cell begins with.
fn result(cell: &[Span]) -> Option<Outcome> {
    cell.first()?.result
}

/// What a line holds at least: words, divided behind `_`, a result symbol with its word.
fn pieces(cell: &[Span]) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in plain(cell).split_whitespace() {
        let mut parts = word.split_inclusive('_').map(str::to_owned);
        match pieces.last_mut() {
            Some(symbol) if symbol.chars().count() == 1 => {
                symbol.push(' ');
                symbol.extend(parts.next());
            }
            _ => pieces.extend(parts.next()),
        }
        pieces.extend(parts);
    }
    pieces
}
