//! Presentation attributes: how a shape looks, handed down from group to shape.

use std::str::FromStr as _;

use super::outline::{lower, scale, within};
use super::{Cap, Join, Stroke};
use crate::render::theme::Rgb;
use svgtypes::{Color, Length, LengthUnit, Transform};

#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) transform: Transform,
    pub(super) fill: Option<Rgb>,
    pub(super) even_odd: bool,
    stroke: Option<Rgb>,
    width: f64,
    cap: Cap,
    join: Join,
    miter: f64,
}

/// Properties that say nothing new with these values; any other value would need more than this painter.
const AS_IS: &[(&str, &[&str])] = &[
    ("opacity", &["1"]),
    ("fill-opacity", &["1"]),
    ("stroke-opacity", &["1"]),
    ("stroke-dasharray", &["none"]),
    ("stroke-dashoffset", &["0"]),
    ("display", &["inline"]),
    ("visibility", &["visible"]),
    ("overflow", &["hidden", "visible"]),
    ("paint-order", &["normal"]),
    ("vector-effect", &["none"]),
    ("clip-rule", &["nonzero", "evenodd"]),
    ("shape-rendering", &["auto", "geometricPrecision", "crispEdges"]),
    ("mix-blend-mode", &["normal"]),
    ("isolation", &["auto", "isolate"]),
];

impl Look {
    /// What SVG begins with: filled black, not stroked.
    pub(super) const fn start(transform: Transform) -> Self {
        Self {
            transform,
            fill: Some(Rgb(0, 0, 0)),
            even_odd: false,
            stroke: None,
            width: 1.0,
            cap: Cap::Butt,
            join: Join::Miter,
            miter: 4.0,
        }
    }

    /// Takes one attribute in; false when it is none of a look.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Result<bool, String> {
        match name {
            "style" => self.style(value)?,
            "transform" => {
                let own = Transform::from_str(value).map_err(|e| format!("transform: {}", lower(&e.to_string())))?;
                self.transform = within(self.transform, own);
            }
            _ => return self.property(name, value),
        }
        Ok(true)
    }

    fn style(&mut self, text: &str) -> Result<(), String> {
        for declaration in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = declaration.split_once(':').ok_or("style: a declaration without a colon")?;
            if !self.property(name.trim(), value.trim())? {
                return Err(format!("style `{}` is not painted", name.trim()));
            }
        }
        Ok(())
    }

    fn property(&mut self, name: &str, value: &str) -> Result<bool, String> {
        match name {
            "fill" => self.fill = paint(name, value)?,
            "stroke" => self.stroke = paint(name, value)?,
            "stroke-width" => self.width = length(name, value)?,
            "stroke-miterlimit" => self.miter = length(name, value)?,
            "fill-rule" => self.even_odd = word(name, value, &[("nonzero", false), ("evenodd", true)])?,
            // Without filters it says nothing, and a well-known editor writes it always.
            "enable-background" => {}
            "stroke-linecap" => self.cap = word(name, value, &words(Cap::ALL, Cap::word))?,
            "stroke-linejoin" => self.join = word(name, value, &words(Join::ALL, Join::word))?,
            _ => {
                let Some((_, values)) = AS_IS.iter().find(|(known, _)| *known == name) else { return Ok(false) };
                if !values
                    .iter()
                    .any(|known| value == *known || number(value).is_some_and(|n| number(known) == Some(n)))
                {
                    return Err(format!("{name} is `{value}`; only {} is painted", values.join(" and ")));
                }
            }
        }
        Ok(true)
    }

    /// The stroke on the sheet.
    pub(super) fn stroke(&self) -> Result<Option<Stroke>, String> {
        let Some(colour) = self.stroke.filter(|_| self.width > 0.0) else { return Ok(None) };
        let factor = scale(self.transform).ok_or("is stroked under a transform that stretches")?;
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        let (width, miter) = ((self.width * factor).clamp(0.0, 20_000.0) as f32, self.miter.clamp(1.0, 1000.0) as f32);
        Ok(Some(Stroke { colour, width, cap: self.cap, join: self.join, miter }))
    }
}

fn number(value: &str) -> Option<f64> {
    value.parse().ok()
}

fn paint(name: &str, value: &str) -> Result<Option<Rgb>, String> {
    if value == "none" || value == "transparent" {
        return Ok(None);
    }
    match Color::from_str(value) {
        Ok(Color { red, green, blue, alpha: 255 }) => Ok(Some(Rgb(red, green, blue))),
        Ok(_) => Err(format!("{name} is `{value}`, which is transparent; only opaque colours are painted")),
        Err(_) => Err(format!("{name} is `{value}`; only plain colours are painted")),
    }
}

/// A length in the sheet's own unit.
pub(super) fn length(name: &str, value: &str) -> Result<f64, String> {
    match Length::from_str(value) {
        Ok(Length { number, unit: LengthUnit::None | LengthUnit::Px }) if number.is_finite() => Ok(number),
        _ => Err(format!("{name} is `{value}`, expected a number without a unit")),
    }
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<(&'static str, T)> {
    all.iter().map(|one| (word(*one), *one)).collect()
}

fn word<T: Copy>(name: &str, value: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("{name} is `{value}`, expected one of {}", known.join(", "))
    })
}
