//! A small, strict part of SVG: plain shapes in plain colours. Whatever it does not paint is an error with its line,
//! so that no logo is ever shown half, and nothing in the file can load, run or link.

use crate::limits::fixed::{SVG_GROUPS, SVG_SHAPES};
use std::collections::BTreeMap;
use std::str::FromStr as _;

use super::look::{Look, length};
use super::outline::{contours, polyline, rect};
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

pub(super) fn read(text: &str) -> Result<Vector, LogoError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut sheet = Sheet { sheet: None, shapes: Vec::new(), open: Vec::new(), silent: 0 };
    let mut reader = Reader::from_str(text);
    loop {
        let from = reader.buffer_position();
        let event = reader.read_event().map_err(|e| fault(text, reader.error_position(), format!("not XML: {e}")))?;
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
            Event::Eof => break sheet.done().map_err(|reason| fault(text, from, reason)),
            _ => Ok(()),
        };
        read.map_err(|reason| fault(text, from, visible(&reason)))?;
    }
}

fn fault(text: &str, at: u64, reason: String) -> LogoError {
    let before = text.as_bytes().get(..usize::try_from(at).unwrap_or(usize::MAX)).unwrap_or(text.as_bytes());
    LogoError::Svg { line: before.iter().filter(|byte| **byte == b'\n').count() + 1, reason }
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
                let (Some(width), Some(height)) = (attributes.get("width"), attributes.get("height")) else {
                    return Err("needs a viewBox".to_owned());
                };
                ViewBox::new(0.0, 0.0, length("width", width)?, length("height", height)?)
            }
        };
        if ![frame.w, frame.h].iter().all(|side| (0.001..=20_000.0).contains(side)) {
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
        let path = match name {
            "path" => attributes.get("d").cloned().unwrap_or_default(),
            "rect" => {
                let [x, y] = [place(attributes, "x")?, place(attributes, "y")?];
                // A radius that is not there is the other one.
                let rx = place(attributes, if attributes.contains_key("rx") { "rx" } else { "ry" })?;
                let ry = place(attributes, if attributes.contains_key("ry") { "ry" } else { "rx" })?;
                rect([x, y, size(attributes, "width")?, size(attributes, "height")?], rx, ry)
            }
            "circle" => ellipse(attributes, "r", "r")?,
            "ellipse" => ellipse(attributes, "rx", "ry")?,
            "line" => {
                let [x1, y1] = [place(attributes, "x1")?, place(attributes, "y1")?];
                format!("M{x1} {y1}L{} {}", place(attributes, "x2")?, place(attributes, "y2")?)
            }
            _ => polyline(attributes.get("points").map_or("", String::as_str), name == "polygon")?,
        };
        let contours = contours(&path, look.transform)?;
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

fn place(attributes: &Attributes, key: &str) -> Result<f64, String> {
    attributes.get(key).map_or(Ok(0.0), |value| length(key, value))
}

fn size(attributes: &Attributes, key: &str) -> Result<f64, String> {
    let size = place(attributes, key)?;
    if size < 0.0 { Err(format!("has a negative {key}")) } else { Ok(size) }
}

/// An ellipse is the rectangle around it with corners so round that they meet.
fn ellipse(attributes: &Attributes, rx: &str, ry: &str) -> Result<String, String> {
    let [cx, cy] = [place(attributes, "cx")?, place(attributes, "cy")?];
    let (rx, ry) = (size(attributes, rx)?, size(attributes, ry)?);
    Ok(rect([cx - rx, cy - ry, 2.0 * rx, 2.0 * ry], rx, ry))
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
