//! A sheet to draw on, and the looks that all figures share.

use crate::drawing::{Anchor, Drawing, Fill, Ink, Pattern, Shape};
use crate::model::Outcome;
use crate::text::visible::visible;

/// Width of every figure in points: the text width of an A4 page.
pub(crate) const WIDTH: f32 = 480.0;
/// Size of labels.
pub(crate) const LABEL: f32 = 8.5;
/// Size of small capitals above columns and axes.
pub(crate) const CAPS: f32 = 6.5;

/// Colour of a result.
pub(crate) const fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Fail => Ink::Fail,
        Outcome::NotEvaluable => Ink::NotEvaluable,
        Outcome::Review => Ink::Review,
        Outcome::Pass => Ink::Pass,
        Outcome::NotApplicable => Ink::NotApplicable,
        Outcome::NotTested => Ink::NotTested,
    }
}

/// Colour and pattern of a result: told apart without colour.
pub(crate) const fn fill(outcome: Outcome) -> Fill {
    let (tint, pattern) = match outcome {
        Outcome::Fail => (1.0, Pattern::Solid),
        Outcome::NotEvaluable => (0.85, Pattern::Hatch),
        Outcome::Review => (0.75, Pattern::Dots),
        Outcome::Pass => (0.55, Pattern::Solid),
        Outcome::NotApplicable => (0.25, Pattern::Solid),
        Outcome::NotTested => (0.25, Pattern::Cross),
    };
    Fill { ink: ink(outcome), tint, pattern }
}

/// A light tint of a role.
pub(crate) const fn tint(ink: Ink, tint: f32) -> Fill {
    Fill { ink, tint, pattern: Pattern::Solid }
}

/// Shapes in painting order.
#[derive(Default)]
pub(crate) struct Canvas {
    shapes: Vec<Shape>,
}

impl Canvas {
    pub(crate) fn rect(&mut self, (x, y): (f32, f32), (w, h): (f32, f32), radius: f32, fill: Fill) {
        self.shapes.push(Shape::Rect { x, y, w, h, radius, fill: Some(fill), stroke: None });
    }

    pub(crate) fn boxed(&mut self, (x, y): (f32, f32), (w, h): (f32, f32), fill: Fill, stroke: (Ink, f32)) {
        self.shapes.push(Shape::Rect { x, y, w, h, radius: 3.0, fill: Some(fill), stroke: Some(stroke) });
    }

    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32), ink: Ink, width: f32) {
        self.shapes.push(Shape::Line { from, to, ink, width, dashed: false });
    }

    pub(crate) fn dashes(&mut self, from: (f32, f32), to: (f32, f32), ink: Ink) {
        self.shapes.push(Shape::Line { from, to, ink, width: 0.7, dashed: true });
    }

    /// A dot of a result with its number.
    pub(crate) fn dot(&mut self, centre: (f32, f32), radius: f32, outcome: Outcome, number: &str) {
        let stroke = Some((ink(outcome), 1.2));
        self.shapes.push(Shape::Circle { centre, radius, fill: Some(Fill::solid(Ink::Paper)), stroke });
        self.text(
            (centre.0, centre.1 + 2.7),
            number,
            Look { bold: true, anchor: Anchor::Middle, size: 7.5, ..Look::default() },
        );
    }

    pub(crate) fn disc(&mut self, centre: (f32, f32), radius: f32, fill: Fill, stroke: (Ink, f32)) {
        self.shapes.push(Shape::Circle { centre, radius, fill: Some(fill), stroke: Some(stroke) });
    }

    pub(crate) fn polygon(&mut self, points: &[(f32, f32)], fill: Fill, stroke: (Ink, f32)) {
        self.shapes.push(Shape::Polygon { points: points.to_vec(), fill: Some(fill), stroke: Some(stroke) });
    }

    /// The mark of a result: a shape of its own for each, so that no statement hangs on colour.
    pub(crate) fn mark(&mut self, (x, y): (f32, f32), outcome: Outcome) {
        let stroke = (ink(outcome), 1.2);
        match outcome {
            Outcome::NotEvaluable => {
                self.polygon(&[(x, y - 4.2), (x + 4.2, y + 3.2), (x - 4.2, y + 3.2)], fill(outcome), stroke);
            }
            Outcome::Fail => {
                self.polygon(&[(x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y)], fill(outcome), stroke);
            }
            _ => self.disc((x, y), 3.8, fill(outcome), stroke),
        }
    }

    pub(crate) fn text(&mut self, (x, y): (f32, f32), text: &str, look: Look) {
        let Look { size, bold, anchor, ink, max_width } = look;
        self.shapes.push(Shape::Text { x, y, size, bold, anchor, ink, text: visible(text), max_width });
    }

    /// A small label in capitals.
    pub(crate) fn caps(&mut self, at: (f32, f32), text: &str, anchor: Anchor) {
        let look = Look { size: CAPS, bold: true, anchor, ink: Ink::Muted, max_width: 0.0 };
        self.text(at, &text.to_uppercase(), look);
    }

    /// Says how many a figure leaves out, in the drawing and in words; gives the place below it.
    pub(crate) fn more(&mut self, at: (f32, f32), sentence: Option<String>, said: &mut Vec<String>) -> f32 {
        let Some(sentence) = sentence else { return at.1 };
        self.text((at.0, at.1 + 10.0), &sentence, Look::muted().sized(7.5));
        said.push(sentence);
        at.1 + 13.0
    }

    pub(crate) fn finish(self, name: &str, height: f32, alt: String) -> Drawing {
        Drawing { name: name.to_owned(), width: WIDTH, height, alt: visible(&alt), shapes: self.shapes }
    }
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) anchor: Anchor,
    pub(crate) ink: Ink,
    pub(crate) max_width: f32,
}

impl Default for Look {
    fn default() -> Self {
        Self { size: LABEL, bold: false, anchor: Anchor::Start, ink: Ink::Text, max_width: 0.0 }
    }
}

impl Look {
    pub(crate) fn bold() -> Self {
        Self { bold: true, ..Self::default() }
    }

    pub(crate) fn muted() -> Self {
        Self { ink: Ink::Muted, ..Self::default() }
    }

    pub(crate) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) const fn within(self, max_width: f32) -> Self {
        Self { max_width, ..self }
    }

    pub(crate) const fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }
}
