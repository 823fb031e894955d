//! Who prepared the report, and for whom: a logo as paths or pixels that were read from it, never its own bytes, or the
//! name.

use crate::render::logo::{Contour, Logo, Shape, Vector};
use crate::render::theme::Theme;
use crate::text::escape::xml;
use data_encoding::BASE64;
use std::fmt::Write;

/// The line above the title; empty when there is nothing to show.
pub(super) fn brand(theme: &Theme) -> String {
    let name = xml(theme.brand.trim());
    let firm = theme.logo.as_ref().map_or_else(|| name.clone().into_owned(), |logo| picture(logo, &name));
    let client =
        theme.client_logo.as_ref().map(|logo| format!("<span>{}</span>", picture(logo, ""))).unwrap_or_default();
    if firm.is_empty() && client.is_empty() {
        String::new()
    } else {
        format!("<p class=\"brand\">{firm}{client}</p>\n")
    }
}

/// Whether the page holds a picture, which its policy then has to allow.
pub(super) fn has_pixels(theme: &Theme) -> bool {
    [&theme.logo, &theme.client_logo].into_iter().flatten().any(|logo| matches!(logo, Logo::Pixels(_)))
}

fn picture(logo: &Logo, name: &str) -> String {
    match logo {
        Logo::Vector(vector) => svg(vector, name),
        Logo::Pixels(pixels) => {
            let scale = (140.0 / pixels.width.max(1) as f32).min(42.0 / pixels.height.max(1) as f32);
            let [width, height] = [pixels.width, pixels.height].map(|side| number((side as f32 * scale).round()));
            let data = BASE64.encode(&pixels.png());
            format!("<img alt=\"{name}\" width=\"{width}\" height=\"{height}\" src=\"data:image/png;base64,{data}\">")
        }
    }
}

fn svg(vector: &Vector, name: &str) -> String {
    let label = if name.is_empty() {
        " aria-hidden=\"true\"".to_owned()
    } else {
        format!(" role=\"img\" aria-label=\"{name}\"")
    };
    // As large as in the PDF: at most 140 by 42.
    let scale = (140.0 / vector.width.max(0.1)).min(42.0 / vector.height.max(0.1));
    let [w, h, width, height] = [vector.width, vector.height, vector.width * scale, vector.height * scale].map(number);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {w} {h}\"{label}>"
    );
    for shape in &vector.shapes {
        path(&mut out, shape);
    }
    out.push_str("</svg>");
    out
}

fn path(out: &mut String, shape: &Shape) {
    // Writing to a String does not fail.
    let _ = write!(out, "<path d=\"{}\"", shape.contours.iter().map(data).collect::<String>());
    match shape.fill {
        Some(colour) => {
            let _ = write!(out, " fill=\"{colour}\"");
        }
        None => out.push_str(" fill=\"none\""),
    }
    if shape.even_odd {
        out.push_str(" fill-rule=\"evenodd\"");
    }
    if let Some(stroke) = &shape.stroke {
        let (cap, join) = (stroke.cap.word(), stroke.join.word());
        let (width, miter) = (number(stroke.width), number(stroke.miter));
        let _ = write!(
            out,
            " stroke=\"{}\" stroke-width=\"{width}\" stroke-linecap=\"{cap}\" stroke-linejoin=\"{join}\" \
             stroke-miterlimit=\"{miter}\"",
            stroke.colour
        );
    }
    out.push_str("/>");
}

/// The `d` of a contour: places alone, so that nothing else can stand in it.
fn data(contour: &Contour) -> String {
    let mut out = String::new();
    let mut handles = 0_u8;
    for (n, (x, y, handle)) in contour.corners.iter().enumerate() {
        let command = match (n, handle, handles) {
            (0, ..) => "M",
            (_, true, 0) => "C",
            (_, false, 0) => "L",
            _ => " ",
        };
        handles = if *handle { handles + 1 } else { 0 };
        let _ = write!(out, "{command}{} {}", number(*x), number(*y));
    }
    if contour.closed {
        out.push('Z');
    }
    out
}

/// At most two decimals.
fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
