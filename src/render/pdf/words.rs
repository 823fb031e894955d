//! Words onto a baseline: glyph runs, links, spaces.

use unicode_bidi::BidiInfo;

use super::fonts::Fonts;
use super::lines::{Line, Piece};
use super::page::{Glyph, Item, Mark, NodeId, Paint, Run};
use crate::render::theme::Rgb;

/// Words and spaces of a text, each apart.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let n =
            if first == ' ' || first == '\n' { first.len_utf8() } else { rest.find([' ', '\n']).unwrap_or(rest.len()) };
        let (word, tail) = rest.split_at_checked(n)?;
        rest = tail;
        Some(word)
    })
}

/// Width of a text in points.
pub(super) fn measure(fonts: &mut Fonts<'_>, face: usize, size: f32, text: &str) -> f32 {
    let mut units = 0.0;
    for word in words(text) {
        units += match word {
            " " => fonts.space(face).advance,
            "\n" => 0.0,
            word => fonts.shape(face, false, word).width,
        };
    }
    units * size / 1000.0
}

/// One line of artifact or figure text, `x` and baseline at 0.
pub(super) fn single(
    fonts: &mut Fonts<'_>,
    face: usize,
    size: f32,
    colour: Rgb,
    text: &str,
    owner: Option<NodeId>,
) -> (Vec<Item>, f32) {
    let covered = fonts.cover(&text.replace('\n', " "));
    let mut setter = Setter { line: Line::default(), x: 0.0, baseline: 0.0, leading: size };
    let piece = Piece { start: 0, end: covered.len(), face, size, colour, owner, link: None };
    let bidi = covered.chars().any(|c| c >= '\u{590}').then(|| BidiInfo::new(&covered, None));
    let mut runs = Vec::new();
    if let Some(bidi) = &bidi
        && let Some(paragraph) = bidi.paragraphs.first()
    {
        let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
        runs.extend(ranges.into_iter().map(|r| (levels.get(r.start).is_some_and(|l| l.is_rtl()), r)));
    } else {
        runs.push((false, 0..covered.len()));
    }
    for (rtl, range) in runs {
        let mut parts: Vec<&str> = words(covered.get(range).unwrap_or_default()).collect();
        if rtl {
            parts.reverse();
        }
        for word in parts {
            setter.word(fonts, &piece, word, rtl);
        }
    }
    (setter.line.items, setter.x)
}

/// Sets words one after the other on a baseline.
pub(super) struct Setter {
    /// The line so far.
    pub line: Line,
    /// Where the next word starts.
    pub x: f32,
    pub baseline: f32,
    /// Height of the line.
    pub leading: f32,
}

impl Setter {
    pub(super) fn word(&mut self, fonts: &mut Fonts<'_>, piece: &Piece, word: &str, rtl: bool) {
        let from = self.x;
        match word {
            "\n" => {}
            " " => {
                self.glyph(piece, piece.face, fonts.space(piece.face), true);
            }
            word => {
                let shaped = fonts.shape(piece.face, rtl, word);
                for part in &shaped.parts {
                    for glyph in &part.glyphs {
                        self.glyph(piece, part.face, *glyph, false);
                    }
                }
            }
        }
        if let (Some(target), Some(owner)) = (&piece.link, piece.owner) {
            let top = self.baseline - piece.size * 0.9;
            match self.line.marks.last_mut() {
                Some(Mark::Link(rect, _, same)) if *same == owner && (rect[0] + rect[2] - from).abs() < 0.05 => {
                    rect[2] = self.x - rect[0];
                }
                _ => {
                    let height = (piece.size * 1.2).min(self.leading);
                    self.line.marks.push(Mark::Link([from, top, self.x - from, height], target.clone(), owner));
                }
            }
        }
    }

    fn glyph(&mut self, piece: &Piece, face: usize, glyph: Glyph, space: bool) {
        let y = self.baseline - glyph.dy * piece.size / 1000.0;
        let advance = glyph.advance * piece.size / 1000.0;
        let flat = Glyph { dy: 0.0, ..glyph };
        match self.line.items.last_mut() {
            Some(Item { owner, paint: Paint::Run(run) })
                if *owner == piece.owner
                    && run.face == face
                    && run.colour == piece.colour
                    && (run.size - piece.size).abs() < f32::EPSILON
                    && (run.y - y).abs() < 0.001 =>
            {
                run.glyphs.push(flat);
                if !space {
                    run.width = self.x + advance - run.x;
                }
            }
            _ => {
                let run = Run {
                    x: self.x,
                    y,
                    width: if space { 0.0 } else { advance },
                    face,
                    size: piece.size,
                    colour: piece.colour,
                    angle: 0.0,
                    glyphs: vec![flat],
                };
                self.line.items.push(Item { owner: piece.owner, paint: Paint::Run(run) });
            }
        }
        self.x += advance;
    }

    /// Adds a space that takes no width.
    pub(super) fn trailing_space(&mut self, fonts: &Fonts<'_>) {
        if let Some(Item { paint: Paint::Run(run), .. }) = self.line.items.last_mut() {
            run.glyphs.push(fonts.space(run.face));
        }
    }
}
