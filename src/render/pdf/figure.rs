//! Paints a [`Drawing`] as vectors with the theme's colours and the document's faces.

use super::fonts::{BOLD, Fonts, REGULAR};
use super::page::{Item, NodeId, Outline, Paint};
use super::words::single;
use crate::drawing::{Anchor, Drawing, Fill, Ink, Pattern, Shape};
use crate::render::theme::{Rgb, Theme};

/// Handle length of a quarter circle.
const ARC: f32 = 0.552_284_8;

type Points = Vec<(f32, f32, bool)>;

/// The items of a figure, origin at its top left corner.
pub(super) fn paint(drawing: &Drawing, scale: f32, node: NodeId, theme: &Theme, fonts: &mut Fonts<'_>) -> Vec<Item> {
    let mut painter = Painter { items: Vec::new(), scale, node, theme };
    for shape in &drawing.shapes {
        painter.shape(shape, fonts);
    }
    painter.items
}

struct Painter<'a> {
    items: Vec<Item>,
    scale: f32,
    node: NodeId,
    theme: &'a Theme,
}

impl Painter<'_> {
    fn shape(&mut self, shape: &Shape, fonts: &mut Fonts<'_>) {
        let s = self.scale;
        match shape {
            Shape::Rect { x, y, w, h, radius, fill, stroke } => {
                let points = rounded(x * s, y * s, w * s, h * s, radius * s);
                self.outline(points, *fill, *stroke);
            }
            Shape::Line { from, to, ink, width, dashed } => {
                let points = vec![(from.0 * s, from.1 * s, false), (to.0 * s, to.1 * s, false)];
                let stroke = Some((self.colour(*ink), width * s));
                self.push(Paint::Outline(Outline { points, closed: false, fill: None, stroke, dashed: *dashed }));
            }
            Shape::Polygon { points, fill, stroke } => {
                let points = points.iter().map(|(x, y)| (x * s, y * s, false)).collect();
                self.outline(points, *fill, *stroke);
            }
            Shape::Circle { centre, radius, fill, stroke } => {
                let (x, y, r) = ((centre.0 - radius) * s, (centre.1 - radius) * s, radius * s);
                self.outline(rounded(x, y, 2.0 * r, 2.0 * r, r), *fill, *stroke);
            }
            Shape::Text { x, y, size, bold, anchor, ink, text, max_width } => {
                let face = if *bold { BOLD } else { REGULAR };
                let (size, limit) = (size * s, max_width * s);
                let colour = self.colour(*ink);
                let (items, width) = fitted(fonts, face, size, colour, text, limit, self.node);
                let dx = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => -width / 2.0,
                    Anchor::End => -width,
                };
                for mut item in items {
                    item.shift(x * s + dx, y * s);
                    self.items.push(item);
                }
            }
        }
    }

    fn colour(&self, ink: Ink) -> Rgb {
        self.theme.colours.of(ink)
    }

    fn push(&mut self, paint: Paint) {
        self.items.push(Item { owner: Some(self.node), paint });
    }

    fn outline(&mut self, points: Points, fill: Option<Fill>, stroke: Option<(Ink, f32)>) {
        if points.iter().any(|(x, y, _)| !x.is_finite() || !y.is_finite()) || points.is_empty() {
            return;
        }
        let paper = self.theme.colours.paper;
        let ground = fill.map(|fill| self.colour(fill.ink).over(paper, fill.tint));
        let line = stroke.map(|(ink, width)| (self.colour(ink), width * self.scale));
        let outline = Outline { points: points.clone(), closed: true, fill: ground, stroke: line, dashed: false };
        if let Some(fill) = fill.filter(|fill| fill.pattern != Pattern::Solid) {
            self.push(Paint::Outline(Outline { stroke: None, ..outline.clone() }));
            let colour = ground.map_or(paper, |ground| {
                // Lines in the colour that stands out from the fill.
                let ink = self.colour(fill.ink);
                if ink.contrast(ground) > 1.8 { ink } else { paper }
            });
            let lines = pattern(&points, fill.pattern);
            let width = if fill.pattern == Pattern::Dots { 1.4 } else { 0.7 };
            self.push(Paint::Pattern(points.clone(), lines, colour, width));
            if line.is_some() {
                self.push(Paint::Outline(Outline { fill: None, ..outline }));
            }
        } else if ground.is_some() || line.is_some() {
            self.push(Paint::Outline(outline));
        }
    }
}

/// A text cut to a width with an ellipsis.
fn fitted(
    fonts: &mut Fonts<'_>,
    face: usize,
    size: f32,
    colour: Rgb,
    text: &str,
    limit: f32,
    node: NodeId,
) -> (Vec<Item>, f32) {
    let whole = single(fonts, face, size, colour, text, Some(node));
    if limit <= 0.0 || whole.1 <= limit {
        return whole;
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    // Half by half: shaping every prefix of a very long name would take its square.
    let (mut low, mut high) = (0, ends.len());
    while low < high {
        let middle = (low + high).div_ceil(2);
        let end = ends.get(middle).copied().unwrap_or(text.len());
        let cut = format!("{}…", text.get(..end).unwrap_or_default().trim_end());
        if single(fonts, face, size, colour, &cut, Some(node)).1 <= limit {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let end = ends.get(low).copied().unwrap_or(0);
    let cut = format!("{}…", text.get(..end).unwrap_or_default().trim_end());
    single(fonts, face, size, colour, &cut, Some(node))
}

fn rounded(x: f32, y: f32, w: f32, h: f32, radius: f32) -> Points {
    let r = radius.min(w / 2.0).min(h / 2.0);
    if r.is_nan() || r <= 0.0 {
        return vec![(x, y, false), (x + w, y, false), (x + w, y + h, false), (x, y + h, false)];
    }
    let k = r * (1.0 - ARC);
    let (right, bottom) = (x + w, y + h);
    vec![
        (x + r, y, false),
        (right - r, y, false),
        (right - k, y, true),
        (right, y + k, true),
        (right, y + r, false),
        (right, bottom - r, false),
        (right, bottom - k, true),
        (right - k, bottom, true),
        (right - r, bottom, false),
        (x + r, bottom, false),
        (x + k, bottom, true),
        (x, bottom - k, true),
        (x, bottom - r, false),
        (x, y + r, false),
        (x, y + k, true),
        (x + k, y, true),
        (x + r, y, false),
    ]
}

/// The lines of a pattern over the bounds of an outline; the painter clips them.
fn pattern(points: &Points, pattern: Pattern) -> Vec<[f32; 4]> {
    let left = points.iter().map(|p| p.0).fold(f32::MAX, f32::min);
    let right = points.iter().map(|p| p.0).fold(f32::MIN, f32::max);
    let top = points.iter().map(|p| p.1).fold(f32::MAX, f32::min);
    let bottom = points.iter().map(|p| p.1).fold(f32::MIN, f32::max);
    let (w, h) = ((right - left).min(2000.0), (bottom - top).min(2000.0));
    let mut lines = Vec::new();
    let step = 4.0;
    match pattern {
        Pattern::Solid => {}
        Pattern::Hatch | Pattern::Cross => {
            for x in steps(w + h, step) {
                lines.push([left + x, top, left + x - h, top + h]);
                if pattern == Pattern::Cross {
                    lines.push([left + x - h, top, left + x, top + h]);
                }
            }
        }
        Pattern::Dots => {
            for y in steps(h, step) {
                for x in steps(w, step) {
                    lines.push([left + x, top + y, left + x + 1.2, top + y]);
                }
            }
        }
    }
    lines
}

fn steps(length: f32, step: f32) -> impl Iterator<Item = f32> {
    (0..600_u16).map(move |n| (f32::from(n) + 0.5) * step).take_while(move |at| *at < length)
}
