//! A small, strict part of SVG: plain shapes in plain colours. Whatever it does not paint is an error with its line,
//! so that no logo is ever shown half, and nothing in the file can load, run or link.

use crate::limits::fixed::{SVG_GROUPS, SVG_SHAPES};
use std::collections::BTreeMap;
use std::str::FromStr as _;

use super::look::{Look, length};
use super::outline::Pen;
use super::{LogoError, Shape, Vector};
use crate::text::visible::visible;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use svgtypes::{Transform, ViewBox};

const NAMESPACE: &str = "http://www.w3.org/2000/svg";
const PAINTED: &str = "g, path, rect, circle, ellipse, line, polyline and polygon";
/// Attributes that change nothing that is painted.
const SILENT: &[&str] = &["id", "class", "version", "baseProfile", "role", "focusable"];

type Attributes = BTreeMap<String, String>;

/// Reads an SVG.
pub(super) fn read(text: &str) -> Result<Vector, LogoError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut sheet = Sheet { sheet: None, shapes: Vec::new(), open: Vec::new(), silent: 0 };
    let mut reader = Reader::from_str(text);
    loop {
        let from = place(reader.buffer_position());
        let fault = |at: usize, reason: String| {
            let line = text.bytes().take(at).filter(|b| *b == b'\n').count() + 1;
            LogoError::Svg { line, reason }
        };
        let event = reader.read_event().map_err(|e| fault(place(reader.error_position()), format!("not XML: {e}")))?;
        let read = match &event {
            Event::Start(tag) => sheet.start(tag, false),
            Event::Empty(tag) => sheet.start(tag, true),
            Event::End(_) => {
                sheet.end();
                Ok(())
            }
            Event::DocType(_) => Err("a DOCTYPE is refused; delete it".to_owned()),
            Event::PI(_) => Err("a processing instruction is refused; delete it".to_owned()),
            Event::Text(words) if sheet.silent == 0 && !words.trim().is_empty() => {
                Err(format!("text between elements is not painted; text has to be outlines, one of {PAINTED}"))
            }
            Event::CData(_) | Event::GeneralRef(_) if sheet.silent == 0 => Err("text is not painted".to_owned()),
            Event::Eof => break sheet.done().map_err(|reason| fault(text.len(), reason)),
            _ => Ok(()),
        };
        read.map_err(|reason| fault(from, visible(&reason)))?;
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

struct Sheet {
    sheet: Option<(f32, f32)>,
    shapes: Vec<Shape>,
    /// Looks of the open elements, and whether shapes may stand in them.
    open: Vec<(Look, bool)>,
    /// How many elements are open inside one that says nothing to the eye.
    silent: usize,
}

impl Sheet {
    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), String> {
        let name = tag.name().as_ref().to_owned();
        if self.silent > 0 {
            self.silent += usize::from(!empty);
            return Ok(());
        }
        let attributes = attributes(tag).map_err(|reason| format!("<{name}>: {reason}"))?;
        self.element(&name, &attributes, empty).map_err(|reason| format!("<{name}> {reason}"))
    }

    fn element(&mut self, name: &str, attributes: &Attributes, empty: bool) -> Result<(), String> {
        match (name, self.open.last()) {
            ("svg", None) if self.sheet.is_none() => {
                let look = self.root(attributes)?;
                return self.group(look, true, empty);
            }
            (_, None) => return Err("is outside the one <svg>".to_owned()),
            ("title" | "desc" | "metadata", _) => {
                self.silent += usize::from(!empty);
                return Ok(());
            }
            ("defs", _) if empty => return Ok(()),
            _ => {}
        }
        let (mut look, group) = *self.open.last().ok_or("is outside the one <svg>")?;
        if !group {
            return Err("is inside a shape".to_owned());
        }
        let geometry: &[&str] = match name {
            "g" => &[],
            "path" => &["d"],
            "rect" => &["x", "y", "width", "height", "rx", "ry"],
            "circle" => &["cx", "cy", "r"],
            "ellipse" => &["cx", "cy", "rx", "ry"],
            "line" => &["x1", "y1", "x2", "y2"],
            "polyline" | "polygon" => &["points"],
            _ => return Err(format!("is not painted; a logo may hold {PAINTED}")),
        };
        take(&mut look, attributes, geometry)?;
        if name != "g" {
            self.shape(name, attributes, &look)?;
        }
        self.group(look, name == "g", empty)
    }

    fn group(&mut self, look: Look, group: bool, empty: bool) -> Result<(), String> {
        if !empty {
            self.open.push((look, group));
        }
        if self.open.len() > SVG_GROUPS { Err(format!("is nested more than {SVG_GROUPS} deep")) } else { Ok(()) }
    }

    fn end(&mut self) {
        if self.silent > 0 {
            self.silent -= 1;
        } else {
            self.open.pop();
        }
    }

    /// The sheet of the outermost element.
    fn root(&mut self, attributes: &Attributes) -> Result<Look, String> {
        if attributes.get("xmlns").is_none_or(|space| space != NAMESPACE) {
            return Err(format!("needs xmlns=\"{NAMESPACE}\""));
        }
        let frame = match attributes.get("viewBox") {
            Some(value) => ViewBox::from_str(value).map_err(|_| "needs four numbers in viewBox")?,
            None => {
                let side = |key: &str| attributes.get(key).ok_or("needs a viewBox").map(|v| length(key, v));
                ViewBox::new(0.0, 0.0, side("width")??, side("height")??)
            }
        };
        let fits = |side: f64| (0.001..=20_000.0).contains(&side);
        if !fits(frame.w) || !fits(frame.h) {
            return Err("is 0.001 to 20000 wide and high".to_owned());
        }
        // Everything is brought to a sheet of handy size, so that two decimals are fine enough.
        let factor = 1000.0 / frame.w.max(frame.h);
        #[expect(clippy::cast_possible_truncation, reason = "at most 1000")]
        let size = ((frame.w * factor) as f32, (frame.h * factor) as f32);
        self.sheet = Some(size);
        let mut look = Look::start(Transform::new(factor, 0.0, 0.0, factor, -frame.x * factor, -frame.y * factor));
        let own = ["viewBox", "width", "height", "x", "y", "preserveAspectRatio"];
        if attributes.get("preserveAspectRatio").is_some_and(|ratio| ratio.contains("none")) {
            return Err("has preserveAspectRatio `none`, which is not painted".to_owned());
        }
        take(&mut look, attributes, &own)?;
        Ok(look)
    }

    fn shape(&mut self, name: &str, attributes: &Attributes, look: &Look) -> Result<(), String> {
        let number = |key: &str| attributes.get(key).map_or(Ok(0.0), |value| length(key, value));
        let size = |key: &str| match number(key)? {
            n if n < 0.0 => Err(format!("has a negative {key}")),
            n => Ok(n),
        };
        let text = |key: &str| attributes.get(key).map(String::as_str).unwrap_or_default();
        let mut pen = Pen::new(look.transform);
        match name {
            "path" => pen.path(text("d"))?,
            "rect" => {
                // A radius that is not there is the other one.
                let (rx, ry) =
                    (attributes.get("rx").or(attributes.get("ry")), attributes.get("ry").or(attributes.get("rx")));
                let radius = |value: Option<&String>| value.map_or(Ok(0.0), |value| length("rx", value));
                pen.rect([number("x")?, number("y")?, size("width")?, size("height")?], radius(rx)?, radius(ry)?);
            }
            "circle" | "ellipse" => {
                let (rx, ry) = if name == "circle" { (size("r")?, size("r")?) } else { (size("rx")?, size("ry")?) };
                pen.rect([number("cx")? - rx, number("cy")? - ry, 2.0 * rx, 2.0 * ry], rx, ry);
            }
            "line" => pen.segment((number("x1")?, number("y1")?), (number("x2")?, number("y2")?)),
            _ => pen.points(text("points"), name == "polygon")?,
        }
        let contours = pen.done()?;
        let fill = look.fill.filter(|_| name != "line");
        let stroke = look.stroke()?;
        if !contours.is_empty() && (fill.is_some() || stroke.is_some()) {
            self.shapes.push(Shape { contours, fill, even_odd: look.even_odd, stroke });
        }
        if self.shapes.len() > SVG_SHAPES { Err(format!("is one of more than {SVG_SHAPES} shapes")) } else { Ok(()) }
    }

    fn done(self) -> Result<Vector, String> {
        let (width, height) = self.sheet.filter(|_| self.open.is_empty()).ok_or("an <svg> without an end")?;
        if self.shapes.is_empty() {
            return Err("nothing is painted".to_owned());
        }
        Ok(Vector { width, height, shapes: self.shapes })
    }
}

/// Takes in what attributes say about a look. `style` comes last, because it outweighs the others.
fn take(look: &mut Look, attributes: &Attributes, own: &[&str]) -> Result<(), String> {
    let (style, others): (Vec<_>, Vec<_>) = attributes.iter().partition(|(key, _)| *key == "style");
    for (key, value) in others.into_iter().chain(style) {
        if !own.contains(&key.as_str()) && !look.take(key, value)? && !is_silent(key) {
            return Err(format!("has `{key}`, which is not painted"));
        }
    }
    Ok(())
}

fn attributes(tag: &BytesStart<'_>) -> Result<Attributes, String> {
    let mut attributes = Attributes::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value =
            attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        attributes.insert(attribute.key.as_ref().to_owned(), value.trim().to_owned());
    }
    Ok(attributes)
}

/// Whether an attribute changes nothing: names, namespaces, and what editors and readers of the screen note.
fn is_silent(key: &str) -> bool {
    let prefixes = ["xmlns:", "inkscape:", "sodipodi:", "data-", "aria-"];
    SILENT.contains(&key) || key == "xmlns" || key == "xml:space" || prefixes.iter().any(|p| key.starts_with(p))
}
