//! Drawings as standalone SVG files: no scripts, no styles from elsewhere, colours as presentation attributes.

use super::theme::Colours;
use crate::drawing::measure;
use crate::drawing::{Anchor, Drawing, Fill, Ink, Pattern, Shape};
use crate::text::escape::xml;
use crate::text::visible::visible;
use std::fmt::Write;

/// The drawing as a complete SVG document in the colours of a theme.
#[must_use]
pub fn svg(drawing: &Drawing, colours: &Colours) -> String {
    document(drawing, &Paints::Fixed(colours))
}

fn document(drawing: &Drawing, paints: &Paints<'_>) -> String {
    let (w, h) = (number(drawing.width), number(drawing.height));
    let id: String = drawing.name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
         aria-labelledby=\"{id}-title\" font-family=\"'Source Sans 3', 'Source Sans Pro', sans-serif\">\n\
         <title id=\"{id}-title\">{}</title>\n",
        xml(&drawing.alt)
    );
    let mut painter = Painter { paints, id: &id, patterns: Vec::new(), body: String::new() };
    for shape in &drawing.shapes {
        painter.shape(shape);
    }
    out.push_str(&painter.definitions());
    let _ = writeln!(out, "<rect width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", paints.colour(Ink::Paper, 1.0));
    out.push_str(&painter.body);
    out.push_str("</svg>\n");
    out
}

/// The drawing for an HTML page: as [`svg`], its colours taken from the page's CSS variables (`--fail`, `--paper`, …), so
/// that it follows the page into the dark.
#[must_use]
pub fn inline(drawing: &Drawing) -> String {
    document(drawing, &Paints::Variables)
}

/// Where colours come from.
enum Paints<'a> {
    Fixed(&'a Colours),
    Variables,
}

impl Paints<'_> {
    /// A role mixed with paper. Presentation attributes take CSS variables, and a content security policy lets them be.
    fn colour(&self, ink: Ink, tint: f32) -> String {
        match self {
            Self::Fixed(colours) => colours.mixed(ink, tint).to_string(),
            Self::Variables if tint >= 1.0 => format!("var({})", Colours::variable(ink)),
            Self::Variables => {
                let percent = (tint.clamp(0.0, 1.0) * 100.0).round() as u8;
                format!("color-mix(in srgb, var({}) {percent}%, var(--paper))", Colours::variable(ink))
            }
        }
    }
}

struct Painter<'a> {
    paints: &'a Paints<'a>,
    id: &'a str,
    patterns: Vec<Fill>,
    body: String,
}

impl Painter<'_> {
    fn shape(&mut self, shape: &Shape) {
        let line = match shape {
            Shape::Rect { x, y, w, h, radius, fill, stroke } => {
                let paint = self.paint(*fill, *stroke);
                let (x, y, w, h) = (number(*x), number(*y), number(w.max(0.0)), number(h.max(0.0)));
                let round = if *radius > 0.0 { format!(" rx=\"{}\"", number(*radius)) } else { String::new() };
                format!("<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{round}{paint}/>")
            }
            Shape::Line { from, to, ink, width, dashed } => {
                let dash = if *dashed { " stroke-dasharray=\"3 2.5\"" } else { "" };
                let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
                let (colour, width) = (self.paints.colour(*ink, 1.0), number(*width));
                format!(
                    "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{width}\"{dash}/>"
                )
            }
            Shape::Polygon { points, fill, stroke } => {
                let paint = self.paint(*fill, *stroke);
                let points: Vec<String> =
                    points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
                format!("<polygon points=\"{}\"{paint}/>", points.join(" "))
            }
            Shape::Circle { centre, radius, fill, stroke } => {
                let paint = self.paint(*fill, *stroke);
                format!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{paint}/>",
                    number(centre.0),
                    number(centre.1),
                    number(*radius)
                )
            }
            Shape::Text { x, y, size, bold, anchor, ink, text, max_width } => {
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                };
                let weight = if *bold { " font-weight=\"600\"" } else { "" };
                let text = measure::fit(&visible(text), *size, *bold, *max_width);
                let (x, y, size, colour) = (number(*x), number(*y), number(*size), self.paints.colour(*ink, 1.0));
                format!(
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor} fill=\"{colour}\">{}</text>",
                    xml(&text)
                )
            }
        };
        self.body.push_str(&line);
        self.body.push('\n');
    }

    fn paint(&mut self, fill: Option<Fill>, stroke: Option<(Ink, f32)>) -> String {
        let fill = match fill {
            None => " fill=\"none\"".to_owned(),
            Some(fill) if fill.pattern == Pattern::Solid => {
                format!(" fill=\"{}\"", self.paints.colour(fill.ink, fill.tint))
            }
            Some(fill) => {
                let (number, id) = (self.pattern(fill), self.id);
                format!(" fill=\"url(#{id}-p{number})\"")
            }
        };
        match stroke {
            None => fill,
            Some((ink, width)) => {
                format!("{fill} stroke=\"{}\" stroke-width=\"{}\"", self.paints.colour(ink, 1.0), number(width))
            }
        }
    }

    /// Number of the pattern, added when it is new.
    fn pattern(&mut self, fill: Fill) -> usize {
        if let Some(at) = self.patterns.iter().position(|known| *known == fill) {
            return at;
        }
        self.patterns.push(fill);
        self.patterns.len() - 1
    }

    fn definitions(&self) -> String {
        if self.patterns.is_empty() {
            return String::new();
        }
        let mut out = "<defs>\n".to_owned();
        for (i, fill) in self.patterns.iter().enumerate() {
            let ground = self.paints.colour(fill.ink, fill.tint);
            let mark = self.paints.colour(if fill.tint > 0.5 { Ink::Paper } else { fill.ink }, 1.0);
            let marks = match fill.pattern {
                Pattern::Solid => String::new(),
                Pattern::Hatch => {
                    format!("<path d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\" stroke=\"{mark}\" stroke-width=\"0.8\"/>")
                }
                Pattern::Cross => format!("<path d=\"M0 6L6 0M0 0L6 6\" stroke=\"{mark}\" stroke-width=\"0.7\"/>"),
                Pattern::Dots => format!("<circle cx=\"3\" cy=\"3\" r=\"0.9\" fill=\"{mark}\"/>"),
            };
            let id = self.id;
            let _ = writeln!(
                out,
                "<pattern id=\"{id}-p{i}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 <rect width=\"6\" height=\"6\" fill=\"{ground}\"/>{marks}</pattern>"
            );
        }
        out.push_str("</defs>\n");
        out
    }
}

/// At most two decimals, so that files are small and the same everywhere.
fn number(value: f32) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
