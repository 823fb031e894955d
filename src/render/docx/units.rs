//! Points, as a theme has them, in what Word counts in.

use crate::render::theme::Rgb;

/// A twentieth of a point.
#[expect(clippy::cast_possible_truncation, reason = "a theme is held to sizes of a page")]
pub(super) fn twips(points: f32) -> i32 {
    (points * 20.0).round() as i32
}

/// The same where Word has no negative numbers.
pub(super) fn unsigned(points: f32) -> u32 {
    u32::try_from(twips(points)).unwrap_or(0)
}

/// Half points: sizes of type.
pub(super) fn half_points(points: f32) -> usize {
    usize::try_from(twips(points * 0.1)).unwrap_or(0).max(2)
}

/// English metric units: sizes of pictures.
pub(super) fn emu(points: f32) -> u32 {
    unsigned(points).saturating_mul(635)
}

/// `RRGGBB`.
pub(super) fn hex(colour: Rgb) -> String {
    format!("{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
