//! Text into lines: shaping, breaking, order of right-to-left runs.

use unicode_bidi::BidiInfo;
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// The first of the two faces of code.
const CODE: usize = 4;
/// Longest code span in bytes that is kept on one line, as finding ids are.
const LONGEST_ID: usize = 20;

use super::fonts::Fonts;
use super::page::{Item, Mark, NodeId, Role, Tree};
use super::words::{Setter, measure, words};
use crate::drawing::canvas::ink;
use crate::render::blocks::Span;
use crate::render::theme::{Colours, Rgb};

/// How text is set where its spans say nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub size: f32,
    /// Distance of baselines.
    pub leading: f32,
    pub colour: Rgb,
    /// Semibold.
    pub bold: bool,
}

/// Alignment of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Left (right for right-to-left text).
    Start,
    Middle,
    /// Right.
    End,
}

/// A line, `y` from its top.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub items: Vec<Item>,
    /// Links and anchors.
    pub marks: Vec<Mark>,
}

/// A stretch of text in one style.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    pub face: usize,
    pub size: f32,
    pub colour: Rgb,
    pub owner: Option<NodeId>,
    pub link: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    start: usize,
    /// End without trailing white space.
    text_end: usize,
    end: usize,
    width: f32,
    full: f32,
    /// A line ends after it.
    last: bool,
}

impl Token {
    /// A part of a word that is too long for its line.
    fn part(start: usize, end: usize, width: f32) -> Self {
        Self { start, text_end: end, end, width, full: width, last: false }
    }
}

/// Text that is ready to be cut into lines of any width.
#[derive(Debug)]
pub(super) struct Text {
    text: String,
    pieces: Vec<Piece>,
    tokens: Vec<Token>,
    anchors: Vec<String>,
    /// Where symbols of results stand.
    symbols: Vec<usize>,
    style: Style,
    /// Width of the longest part that should not be broken.
    pub min: f32,
    /// Width without any break.
    pub max: f32,
}

/// Prepares spans as content of `parent` (none: artifacts).
pub(super) fn prepare(
    fonts: &mut Fonts<'_>,
    tree: &mut Tree,
    colours: &Colours,
    spans: &[Span],
    style: Style,
    parent: Option<NodeId>,
) -> Text {
    let mut text = Text {
        text: String::new(),
        pieces: Vec::new(),
        tokens: Vec::new(),
        anchors: Vec::new(),
        symbols: Vec::new(),
        style,
        min: 0.0,
        max: 0.0,
    };
    let mut owner = None;
    let mut group = usize::MAX;
    let whole: usize = spans.iter().map(|span| span.text.len()).sum();
    for span in spans {
        text.anchors.extend(span.anchors.iter().cloned());
        let covered = fonts.cover(&span.text);
        if covered.is_empty() {
            continue;
        }
        if let Some(parent) = parent
            && group != span.link_number
        {
            group = span.link_number;
            owner = Some(match &span.link {
                Some(target) => tree.add_alt(parent, Role::Link, format!("{} ({target})", span.text.trim())),
                None => tree.add(parent, Role::Slot),
            });
        }
        let bold = span.bold || style.bold;
        let face = match (span.code, bold, span.italic) {
            (true, bold, _) => CODE + usize::from(bold),
            (false, bold, italic) => usize::from(bold) + 2 * usize::from(italic),
        };
        let size = if span.code { style.size * 0.92 } else { style.size };
        let base = if span.link.is_some() { colours.accent } else { style.colour };
        let result = span.result.map(|result| colours.of(ink(result)));
        let start = text.text.len();
        for at in &span.symbols {
            // What no font covers is written out and shifts what follows.
            let before = fonts.cover(span.text.get(..*at).unwrap_or_default());
            text.symbols.push(start + before.len());
        }
        text.text.push_str(&covered);
        let end = text.text.len();
        let coloured = match result {
            Some(_) if span.bold || whole < 40 => end,
            Some(_) => {
                start + covered.char_indices().filter(|(_, c)| *c == ' ').nth(1).map_or(covered.len(), |(n, _)| n)
            }
            None => start,
        };
        for (start, end, colour) in [(start, coloured, result.unwrap_or(base)), (coloured, end, base)] {
            if start < end {
                text.pieces.push(Piece { start, end, face, size, colour, owner, link: span.link.clone() });
            }
        }
    }
    text.tokenise(fonts);
    text
}

impl Text {
    fn tokenise(&mut self, fonts: &mut Fonts<'_>) {
        let mut start = 0;
        let mut line = 0.0;
        let breaks: Vec<(usize, BreakOpportunity)> = linebreaks(&self.text).collect();
        for (end, kind) in breaks {
            let whole = self.text.get(start..end).unwrap_or_default();
            if kind == BreakOpportunity::Allowed
                && self.symbols.contains(&start)
                && whole.trim_end().chars().count() == 1
            {
                // A result symbol is never parted from its word.
                continue;
            }
            if kind == BreakOpportunity::Allowed && self.inside_id(end) {
                continue;
            }
            let text_end = start + whole.trim_end_matches([' ', '\n']).len();
            let width = self.measure(fonts, start, text_end);
            let full = width + self.measure(fonts, text_end, end);
            let last = kind == BreakOpportunity::Mandatory && end < self.text.len();
            self.tokens.push(Token { start, text_end, end, width, full, last });
            self.max = f32::max(self.max, line + width);
            line = if last { 0.0 } else { line + full };
            self.min = f32::max(self.min, self.longest_part(fonts, start, text_end, width));
            start = end;
        }
    }

    /// Whether a place lies inside a short code span without blanks: an id, which a reader copies as one word.
    fn inside_id(&self, at: usize) -> bool {
        self.pieces_in(at.saturating_sub(1), at).any(|piece| {
            let text = self.text.get(piece.start..piece.end).unwrap_or_default();
            piece.face >= CODE && at < piece.end && text.len() <= LONGEST_ID && !text.contains(' ')
        })
    }

    /// Width of the longest part of a word between the places where names may break.
    fn longest_part(&self, fonts: &mut Fonts<'_>, start: usize, end: usize, width: f32) -> f32 {
        if width < self.style.size * 5.0 || self.inside_id(start + 1) {
            return width;
        }
        let mut longest: f32 = 0.0;
        let mut from = start;
        for to in name_breaks(self.text.get(start..end).unwrap_or_default()).into_iter().map(|n| n + start).chain([end])
        {
            longest = longest.max(self.measure(fonts, from, to));
            from = to;
        }
        longest.min(self.style.size * 12.0)
    }

    /// Width of a stretch of text in points.
    fn measure(&self, fonts: &mut Fonts<'_>, start: usize, end: usize) -> f32 {
        let mut width = 0.0;
        for piece in self.pieces_in(start, end) {
            let text = self.text.get(piece.start.max(start)..piece.end.min(end)).unwrap_or_default();
            width += measure(fonts, piece.face, piece.size, text);
        }
        width
    }

    fn pieces_in(&self, start: usize, end: usize) -> impl Iterator<Item = &Piece> {
        let first = self.pieces.partition_point(|piece| piece.end <= start);
        self.pieces.iter().skip(first).take_while(move |piece| piece.start < end)
    }

    /// Cuts it into lines of at most `width` points.
    pub(super) fn lines(&self, fonts: &mut Fonts<'_>, width: f32, align: Align) -> Vec<Line> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        let mut start = 0;
        let mut used = 0.0;
        let mut end = 0;
        for token in &self.fitting(fonts, width) {
            if used > 0.0 && used + token.width > width + 0.01 {
                ranges.push((start, end));
                start = token.start;
                used = 0.0;
            }
            used += token.full;
            end = token.end;
            if token.last {
                ranges.push((start, end));
                start = end;
                used = 0.0;
            }
        }
        if start < self.text.len() {
            ranges.push((start, self.text.len()));
        }
        let bidi = self.text.chars().any(|c| c >= '\u{590}').then(|| BidiInfo::new(&self.text, None));
        let mut lines: Vec<Line> =
            ranges.into_iter().map(|(start, end)| self.line(fonts, bidi.as_ref(), start, end, width, align)).collect();
        if let Some(line) = lines.first_mut() {
            line.marks.extend(self.anchors.iter().map(|id| Mark::Anchor(id.clone(), 0.0)));
        }
        lines
    }

    /// The tokens, with those that are wider than a line divided: in names first, then anywhere.
    fn fitting(&self, fonts: &mut Fonts<'_>, width: f32) -> Vec<Token> {
        let mut fitting = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            if token.width <= width + 0.01 {
                fitting.push(*token);
                continue;
            }
            let word = self.text.get(token.start..token.text_end).unwrap_or_default();
            let mut from = token.start;
            for to in name_breaks(word).into_iter().map(|n| n + token.start).chain([token.text_end]) {
                self.divide(fonts, from, to, width, &mut fitting);
                from = to;
            }
            if let Some(last) = fitting.last_mut() {
                last.end = token.end;
                last.last = token.last;
                last.full += token.full - token.width;
            }
        }
        fitting
    }

    fn divide(&self, fonts: &mut Fonts<'_>, start: usize, end: usize, width: f32, out: &mut Vec<Token>) {
        let whole = self.measure(fonts, start, end);
        if whole <= width + 0.01 {
            out.push(Token::part(start, end, whole));
            return;
        }
        let (mut from, mut used) = (start, 0.0);
        for (at, advance) in self.clusters(fonts, start, end) {
            if at > from && used + advance > width {
                out.push(Token::part(from, at, used));
                from = at;
                used = 0.0;
            }
            used += advance;
        }
        out.push(Token::part(from, end, used));
    }

    /// Where the clusters of a stretch start, and their widths.
    fn clusters(&self, fonts: &mut Fonts<'_>, start: usize, end: usize) -> Vec<(usize, f32)> {
        let mut clusters: Vec<(usize, f32)> = Vec::new();
        for piece in self.pieces_in(start, end) {
            let from = piece.start.max(start);
            let text = self.text.get(from..piece.end.min(end)).unwrap_or_default();
            for part in &fonts.shape(piece.face, false, text).parts {
                for (glyph, cluster) in part.glyphs.iter().zip(&part.clusters) {
                    let advance = glyph.advance * piece.size / 1000.0;
                    match clusters.last_mut() {
                        Some((at, width)) if *at == from + cluster => *width += advance,
                        _ => clusters.push((from + cluster, advance)),
                    }
                }
            }
        }
        clusters.sort_by_key(|(at, _)| *at);
        clusters
    }

    fn line(
        &self,
        fonts: &mut Fonts<'_>,
        bidi: Option<&BidiInfo<'_>>,
        start: usize,
        end: usize,
        width: f32,
        align: Align,
    ) -> Line {
        let mut setter =
            Setter { line: Line::default(), x: 0.0, baseline: baseline(self.style), leading: self.style.leading };
        let trimmed = start + self.text.get(start..end).unwrap_or_default().trim_end_matches([' ', '\n']).len();
        let paragraph = bidi.and_then(|b| b.paragraphs.iter().find(|p| p.range.contains(&start)).map(|p| (b, p)));
        let mut from_right = false;
        if let Some((bidi, paragraph)) = paragraph {
            from_right = paragraph.level.is_rtl();
            let (levels, runs) = bidi.visual_runs(paragraph, start..trimmed.max(start).min(paragraph.range.end));
            for run in runs {
                let rtl = levels.get(run.start).is_some_and(|level| level.is_rtl());
                self.place(fonts, &mut setter, run.start, run.end, rtl);
            }
        } else {
            self.place(fonts, &mut setter, start, trimmed, false);
        }
        let used = setter.x;
        if !from_right && end < self.text.len() && self.text.get(trimmed..end).is_some_and(|s| s.starts_with(' ')) {
            // The space at the end keeps words apart for those who read the text aloud or copy it.
            setter.trailing_space(fonts);
        }
        let dx = match (align, from_right) {
            (Align::Start, false) => 0.0,
            (Align::Middle, _) => (width - used) / 2.0,
            (Align::End, _) | (Align::Start, true) => width - used,
        };
        let mut line = setter.line;
        if dx > 0.0 {
            line.items.iter_mut().for_each(|item| item.shift(dx, 0.0));
            line.marks.iter_mut().for_each(|mark| mark.shift(dx, 0.0));
        }
        line
    }

    /// Sets a stretch of one direction.
    fn place(&self, fonts: &mut Fonts<'_>, setter: &mut Setter, start: usize, end: usize, rtl: bool) {
        let mut parts: Vec<(&Piece, &str)> = Vec::new();
        for piece in self.pieces_in(start, end) {
            let text = self.text.get(piece.start.max(start)..piece.end.min(end)).unwrap_or_default();
            parts.extend(words(text).map(|word| (piece, word)));
        }
        if rtl {
            parts.reverse();
        }
        for (piece, word) in parts {
            setter.word(fonts, piece, word, rtl);
        }
    }
}

/// Distance of the baseline from the top of a line.
pub(super) fn baseline(style: Style) -> f32 {
    style.leading / 2.0 + style.size * 0.34
}

/// Where a long name may break: after `_ / . : - @ =` and before a capital that follows a small letter.
fn name_breaks(word: &str) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut before = ' ';
    for (at, c) in word.char_indices() {
        let after_mark =
            matches!(before, '_' | '/' | '.' | ':' | '-' | '@' | '=' | '?' | '&' | ',') && c.is_alphanumeric();
        if at > 0 && (after_mark || (before.is_lowercase() && c.is_uppercase())) {
            breaks.push(at);
        }
        before = c;
    }
    breaks
}
