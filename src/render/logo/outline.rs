//! Geometry of SVG shapes: contours on the logo's sheet, transforms worked in.

use crate::limits::fixed::SVG_CORNERS;
use svgtypes::{NumberListParser, SimplePathSegment, SimplifyingPathParser, Transform};

/// A point; true marks the handles of Bézier curves, which come in pairs before their end.
pub type Corner = (f32, f32, bool);

/// A line of corners.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// Corners.
    pub corners: Vec<Corner>,
    /// Whether the last corner is joined with the first.
    pub closed: bool,
}

/// Handle length of a quarter circle.
const ARC: f64 = 0.552_284_749_830_793_4;
/// Farthest place that a corner may have; a PDF knows none far beyond.
const FAR: f64 = 20_000.0;

/// Draws contours through a transform.
pub(super) struct Pen {
    transform: Transform,
    contours: Vec<Contour>,
    at: (f64, f64),
    count: usize,
    far: bool,
}

impl Pen {
    pub(super) fn new(transform: Transform) -> Self {
        Self { transform, contours: Vec::new(), at: (0.0, 0.0), count: 0, far: false }
    }

    /// The contours, or what is wrong with them.
    pub(super) fn done(self) -> Result<Vec<Contour>, String> {
        if self.far {
            return Err("has a place that is no number or too far away".to_owned());
        }
        if self.count > SVG_CORNERS {
            return Err(format!("has more than {SVG_CORNERS} points"));
        }
        Ok(self.contours)
    }

    fn corner(&mut self, x: f64, y: f64, handle: bool) {
        let Transform { a, b, c, d, e, f } = self.transform;
        let (px, py) = (a * x + c * y + e, b * x + d * y + f);
        if !(px.abs() <= FAR && py.abs() <= FAR) {
            self.far = true;
        }
        self.count += 1;
        if self.count <= SVG_CORNERS
            && !self.far
            && let Some(contour) = self.contours.last_mut()
        {
            #[expect(clippy::cast_possible_truncation, reason = "not far away")]
            contour.corners.push((px as f32, py as f32, handle));
        }
        self.at = (x, y);
    }

    fn go(&mut self, x: f64, y: f64) {
        self.contours.push(Contour { corners: Vec::new(), closed: false });
        self.corner(x, y, false);
    }

    fn line(&mut self, x: f64, y: f64) {
        self.corner(x, y, false);
    }

    fn curve(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), (x, y): (f64, f64)) {
        self.corner(x1, y1, true);
        self.corner(x2, y2, true);
        self.corner(x, y, false);
    }

    fn close(&mut self) {
        if let Some(contour) = self.contours.last_mut() {
            contour.closed = true;
        }
    }

    /// `d` of a path.
    pub(super) fn path(&mut self, data: &str) -> Result<(), String> {
        for segment in SimplifyingPathParser::from(data) {
            match segment.map_err(|error| format!("d: {}", lower(&error.to_string())))? {
                SimplePathSegment::MoveTo { x, y } => self.go(x, y),
                SimplePathSegment::LineTo { x, y } => self.line(x, y),
                SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => self.curve((x1, y1), (x2, y2), (x, y)),
                SimplePathSegment::Quadratic { x1, y1, x, y } => {
                    let third = |from: f64, handle: f64| from + (handle - from) * 2.0 / 3.0;
                    let from = self.at;
                    self.curve((third(from.0, x1), third(from.1, y1)), (third(x, x1), third(y, y1)), (x, y));
                }
                SimplePathSegment::ClosePath => self.close(),
            }
            if self.count > SVG_CORNERS {
                break;
            }
        }
        Ok(())
    }

    /// `points` of a polyline or polygon.
    pub(super) fn points(&mut self, data: &str, closed: bool) -> Result<(), String> {
        let numbers: Result<Vec<f64>, _> = NumberListParser::from(data).take(2 * SVG_CORNERS + 2).collect();
        let numbers = numbers.map_err(|error| format!("points: {}", lower(&error.to_string())))?;
        let (pairs, rest) = numbers.as_chunks::<2>();
        if !rest.is_empty() {
            return Err("points: an odd count of numbers".to_owned());
        }
        for (n, [x, y]) in pairs.iter().enumerate() {
            if n == 0 { self.go(*x, *y) } else { self.line(*x, *y) }
        }
        if closed {
            self.close();
        }
        Ok(())
    }

    /// A straight line.
    pub(super) fn segment(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.go(from.0, from.1);
        self.line(to.0, to.1);
    }

    /// A rectangle with round corners; a rectangle without an area is nothing.
    pub(super) fn rect(&mut self, [x, y, w, h]: [f64; 4], rx: f64, ry: f64) {
        if w <= 0.0 || h <= 0.0 {
            return;
        }
        let (rx, ry) = (rx.clamp(0.0, w / 2.0), ry.clamp(0.0, h / 2.0));
        let (right, bottom) = (x + w, y + h);
        if rx <= 0.0 || ry <= 0.0 {
            self.go(x, y);
            self.line(right, y);
            self.line(right, bottom);
            self.line(x, bottom);
            return self.close();
        }
        let (kx, ky) = (rx * (1.0 - ARC), ry * (1.0 - ARC));
        self.go(x + rx, y);
        self.line(right - rx, y);
        self.curve((right - kx, y), (right, y + ky), (right, y + ry));
        self.line(right, bottom - ry);
        self.curve((right, bottom - ky), (right - kx, bottom), (right - rx, bottom));
        self.line(x + rx, bottom);
        self.curve((x + kx, bottom), (x, bottom - ky), (x, bottom - ry));
        self.line(x, y + ry);
        self.curve((x, y + ky), (x + kx, y), (x + rx, y));
        self.close();
    }
}

/// What a library says, as our messages begin.
pub(super) fn lower(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// `after` within `before`.
pub(super) fn within(before: Transform, after: Transform) -> Transform {
    let (m, n) = (before, after);
    Transform {
        a: m.a * n.a + m.c * n.b,
        b: m.b * n.a + m.d * n.b,
        c: m.a * n.c + m.c * n.d,
        d: m.b * n.c + m.d * n.d,
        e: m.a * n.e + m.c * n.f + m.e,
        f: m.b * n.e + m.d * n.f + m.f,
    }
}

/// By how much a transform enlarges; `None` when it is not the same in every direction.
pub(super) fn scale(transform: Transform) -> Option<f64> {
    let Transform { a, b, c, d, .. } = transform;
    let (one, two) = (a.hypot(b), c.hypot(d));
    let slant = a * c + b * d;
    let same = (one - two).abs() <= 0.001 * one.max(two) && slant.abs() <= 0.001 * one * two;
    same.then_some(one)
}
