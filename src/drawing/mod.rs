//! One small drawing model for all figures, with two painters (SVG file, PDF page).
//!
//! Units are points, origin top left, `y` grows downwards. Colours are roles, not values:
//! the theme decides what they look like, in print, on screen and in the dark.

pub(crate) mod canvas;
pub mod measure;

/// A figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// File stem under `figures/`.
    pub name: String,
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
    /// Alternative text made from the data.
    pub alt: String,
    /// Shapes in painting order.
    pub shapes: Vec<Shape>,
}

/// A role that the theme gives a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// Running text.
    Text,
    /// Secondary text.
    Muted,
    /// Hairlines and axes.
    Rule,
    /// Page.
    Paper,
    /// Light panel.
    Panel,
    /// The one accent colour.
    Accent,
    /// Result colours.
    Fail,
    /// not_evaluable
    NotEvaluable,
    /// review
    Review,
    /// pass
    Pass,
    /// not_applicable
    NotApplicable,
    /// not_tested
    NotTested,
}

/// A fill: a colour with an optional pattern over it, so that no statement hangs on colour alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// Colour.
    pub ink: Ink,
    /// Opacity from 0 to 1. Painters mix it with paper, so nothing is transparent.
    pub tint: f32,
    /// Pattern.
    pub pattern: Pattern,
}

/// A pattern drawn over a fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// None.
    Solid,
    /// Diagonal lines.
    Hatch,
    /// Crossed diagonal lines.
    Cross,
    /// Dots.
    Dots,
}

impl Fill {
    /// A solid colour.
    #[must_use]
    pub const fn solid(ink: Ink) -> Self {
        Self { ink, tint: 1.0, pattern: Pattern::Solid }
    }
}

/// Where a text is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// `x` is its left end.
    Start,
    /// `x` is its middle.
    Middle,
    /// `x` is its right end.
    End,
}

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A rectangle.
    Rect {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        w: f32,
        /// Height.
        h: f32,
        /// Corner radius.
        radius: f32,
        /// Fill, if any.
        fill: Option<Fill>,
        /// Outline colour and width, if any.
        stroke: Option<(Ink, f32)>,
    },
    /// A line.
    Line {
        /// From.
        from: (f32, f32),
        /// To.
        to: (f32, f32),
        /// Colour.
        ink: Ink,
        /// Width.
        width: f32,
        /// Dashed.
        dashed: bool,
    },
    /// A closed polygon.
    Polygon {
        /// Corners.
        points: Vec<(f32, f32)>,
        /// Fill, if any.
        fill: Option<Fill>,
        /// Outline colour and width, if any.
        stroke: Option<(Ink, f32)>,
    },
    /// A circle.
    Circle {
        /// Centre.
        centre: (f32, f32),
        /// Radius.
        radius: f32,
        /// Fill, if any.
        fill: Option<Fill>,
        /// Outline colour and width, if any.
        stroke: Option<(Ink, f32)>,
    },
    /// A line of text; org text in it is data like everywhere.
    Text {
        /// Anchor position (baseline).
        x: f32,
        /// Baseline.
        y: f32,
        /// Size in points.
        size: f32,
        /// Bold.
        bold: bool,
        /// Anchor.
        anchor: Anchor,
        /// Colour.
        ink: Ink,
        /// The text.
        text: String,
        /// Largest width in points; painters cut with an ellipsis beyond it. 0 means unlimited.
        max_width: f32,
    },
}
