//! The logo: PNG as pixels, SVG as outlines. It is read and checked with the theme, before any report is set.

mod look;
mod outline;
mod pixels;
mod vector;

use crate::limits::fixed::SVG_BYTES;
use crate::text::choice::choices;
pub use outline::{Contour, Corner};
pub use pixels::Pixels;

use super::theme::Rgb;

/// A logo that can be painted.
#[derive(Clone, Debug, PartialEq)]
pub enum Logo {
    /// From a PNG.
    Pixels(Pixels),
    /// From an SVG.
    Vector(Vector),
}

/// Outlines on a sheet, origin top left, `y` grows downwards; what sticks out of the sheet is cut off.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// Width of the sheet.
    pub width: f32,
    /// Height of the sheet.
    pub height: f32,
    /// Shapes in painting order.
    pub shapes: Vec<Shape>,
}

/// A shape: contours with one fill and one stroke, opaque.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Contours.
    pub contours: Vec<Contour>,
    /// Fill.
    pub fill: Option<Rgb>,
    /// Whether overlapping contours cut holes whatever their direction.
    pub even_odd: bool,
    /// Stroke.
    pub stroke: Option<Stroke>,
}

/// A stroke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub colour: Rgb,
    /// Width.
    pub width: f32,
    /// How open ends look.
    pub cap: Cap,
    /// How corners look.
    pub join: Join,
    /// How far a sharp corner may stick out, in widths.
    pub miter: f32,
}

choices! {
    /// How open ends look, by its word in SVG.
    Cap {
        /// Cut off.
        Butt = "butt",
        /// Round.
        Round = "round",
        /// Half a width longer.
        Square = "square",
    }
}

choices! {
    /// How corners look, by its word in SVG.
    Join {
        /// Pointed.
        Miter = "miter",
        /// Round.
        Round = "round",
        /// Cut off.
        Bevel = "bevel",
    }
}

/// Why a logo was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Not a PNG that can be decoded.
    #[error("not a PNG that can be read: {0}")]
    Png(String),
    /// An SVG with something that is not painted, or no SVG.
    #[error("line {line}: {reason}")]
    Svg {
        /// Line, from 1.
        line: usize,
        /// Element and what is wrong with it.
        reason: String,
    },
    /// Neither PNG nor SVG, or too large.
    #[error("{0}")]
    File(&'static str),
}

impl Logo {
    /// Reads a logo: a PNG by its signature, everything else as SVG. Fails for a damaged PNG, an SVG that holds
    /// anything but plain shapes in plain colours, and what is too large.
    pub fn read(bytes: &[u8]) -> Result<Self, LogoError> {
        if bytes.starts_with(b"\x89PNG") {
            return pixels::decode(bytes).map(Self::Pixels);
        }
        let text = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| text.trim_start_matches('\u{feff}').trim_start().starts_with('<'));
        let text = text.ok_or(LogoError::File("neither a PNG nor an SVG in UTF-8"))?;
        if text.len() > SVG_BYTES {
            return Err(LogoError::File("an SVG of more than 1 MB"));
        }
        vector::read(text).map(Self::Vector)
    }

    /// Width and height, for their ratio.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a logo has few pixels")]
    pub const fn size(&self) -> (f32, f32) {
        match self {
            Self::Pixels(pixels) => (pixels.width as f32, pixels.height as f32),
            Self::Vector(vector) => (vector.width, vector.height),
        }
    }
}
