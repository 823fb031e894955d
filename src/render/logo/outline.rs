//! Geometry of SVG shapes. Each basic shape is first written as the path that the SVG specification says it equals; paths
//! become contours on the logo's sheet, transforms worked in.

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

/// Farthest place that a corner may have; a PDF knows none far beyond.
const FAR: f64 = 20_000.0;

/// A rectangle with round corners as a path; one without an area is nothing.
pub(super) fn rect([x, y, w, h]: [f64; 4], rx: f64, ry: f64) -> String {
    if w <= 0.0 || h <= 0.0 {
        return String::new();
    }
    let (rx, ry) = (rx.clamp(0.0, w / 2.0), ry.clamp(0.0, h / 2.0));
    let (right, bottom) = (x + w, y + h);
    if rx <= 0.0 || ry <= 0.0 {
        return format!("M{x} {y}H{right}V{bottom}H{x}Z");
    }
    let (x1, x2, y1, y2) = (x + rx, right - rx, y + ry, bottom - ry);
    let arc = format!("A{rx} {ry} 0 0 1");
    format!("M{x1} {y}H{x2}{arc} {right} {y1}V{y2}{arc} {x2} {bottom}H{x1}{arc} {x} {y2}V{y1}{arc} {x1} {y}Z")
}

/// `points` of a polyline or polygon as a path.
pub(super) fn polyline(points: &str, closed: bool) -> Result<String, String> {
    let mut path = String::new();
    let mut count = 0;
    for number in NumberListParser::from(points).take(2 * SVG_CORNERS + 2) {
        let number = number.map_err(|error| format!("points: {}", lower(&error.to_string())))?;
        path.push_str(if count == 0 { "M" } else { " " });
        path.push_str(&number.to_string());
        count += 1;
    }
    if count % 2 != 0 {
        return Err("points: an odd count of numbers".to_owned());
    }
    if closed && count > 0 {
        path.push('Z');
    }
    Ok(path)
}

/// The contours of a path, or what is wrong with it.
pub(super) fn contours(path: &str, transform: Transform) -> Result<Vec<Contour>, String> {
    let mut pen = Pen { transform, contours: Vec::new(), at: (0.0, 0.0), count: 0 };
    for segment in SimplifyingPathParser::from(path) {
        match segment.map_err(|error| format!("d: {}", lower(&error.to_string())))? {
            SimplePathSegment::MoveTo { x, y } => {
                pen.contours.push(Contour { corners: Vec::new(), closed: false });
                pen.corner(x, y, false)?;
            }
            SimplePathSegment::LineTo { x, y } => pen.corner(x, y, false)?,
            SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => pen.curve([x1, y1, x2, y2, x, y])?,
            SimplePathSegment::Quadratic { x1, y1, x, y } => {
                // A PDF has cubic curves only: their handles are two thirds of the way to the one of a quadratic curve.
                let (x0, y0) = pen.at;
                pen.curve([third(x0, x1), third(y0, y1), third(x, x1), third(y, y1), x, y])?;
            }
            SimplePathSegment::ClosePath => {
                if let Some(contour) = pen.contours.last_mut() {
                    contour.closed = true;
                }
            }
        }
    }
    Ok(pen.contours)
}

fn third(from: f64, handle: f64) -> f64 {
    from + (handle - from) * 2.0 / 3.0
}

struct Pen {
    transform: Transform,
    contours: Vec<Contour>,
    /// Where it is, before the transform.
    at: (f64, f64),
    count: usize,
}

impl Pen {
    fn corner(&mut self, x: f64, y: f64, handle: bool) -> Result<(), String> {
        let Transform { a, b, c, d, e, f } = self.transform;
        let (px, py) = (a * x + c * y + e, b * x + d * y + f);
        // Written so that what is no number is refused too.
        if !(px.abs() <= FAR && py.abs() <= FAR) {
            return Err("has a place that is no number or too far away".to_owned());
        }
        self.count += 1;
        if self.count > SVG_CORNERS {
            return Err(format!("has more than {SVG_CORNERS} points"));
        }
        if let Some(contour) = self.contours.last_mut() {
            #[expect(clippy::cast_possible_truncation, reason = "not far away")]
            contour.corners.push((px as f32, py as f32, handle));
        }
        self.at = (x, y);
        Ok(())
    }

    fn curve(&mut self, [x1, y1, x2, y2, x, y]: [f64; 6]) -> Result<(), String> {
        self.corner(x1, y1, true)?;
        self.corner(x2, y2, true)?;
        self.corner(x, y, false)
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
