//! How wide a text is in Source Sans 3, near enough to place labels; painters that know the font cut exactly.

/// Advance widths of ASCII 0x20 to 0x7E in thousandths of the size, regular.
const ASCII: [u16; 95] = [
    200, 289, 425, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, // space to /
    497, 497, 497, 497, 497, 497, 497, 497, 497, 497, 249, 249, 497, 497, 497, 425, // 0 to ?
    847, 544, 588, 571, 615, 527, 494, 617, 652, 263, 480, 579, 487, 810, 647, 664, // @ to O
    566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303, 497, 500, // P to _
    542, 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542, // ` to o
    555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303, 241, 303, 497, // p to ~
];

/// Width of a text in the unit of `size`.
#[must_use]
pub fn width(text: &str, size: f32, bold: bool) -> f32 {
    let thousandths: f32 = text.chars().map(advance).sum();
    thousandths / 1000.0 * size * if bold { 1.05 } else { 1.0 }
}

fn advance(c: char) -> f32 {
    let code = u32::from(c);
    let ascii = code.checked_sub(0x20).and_then(|i| ASCII.get(i as usize));
    match (ascii, code) {
        (Some(width), _) => f32::from(*width),
        (None, 0x2e80..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff00..=0xff60 | 0x1f300..=0x1faff) => 1000.0,
        (None, _) => 560.0,
    }
}

/// The text, cut with an ellipsis when it is wider than `most`; 0 means no limit.
#[must_use]
pub fn fit(text: &str, size: f32, bold: bool, most: f32) -> String {
    if most <= 0.0 || width(text, size, bold) <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = width("…", size, bold);
    for c in text.chars() {
        used += advance(c) / 1000.0 * size * if bold { 1.05 } else { 1.0 };
        if used > most {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}
