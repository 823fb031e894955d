//! Faces and shaping. A word is shaped once and remembered.

use std::collections::HashMap;
use std::rc::Rc;

use rustybuzz::{Direction, Face, UnicodeBuffer};

use super::page::Glyph;
use crate::render::theme::FontFile;

const BUILT_IN: [(&str, &[u8]); 6] = [
    ("SourceSans3-Regular", include_bytes!("../../../templates/fonts/SourceSans3-Regular.ttf")),
    ("SourceSans3-Semibold", include_bytes!("../../../templates/fonts/SourceSans3-Semibold.ttf")),
    ("SourceSans3-It", include_bytes!("../../../templates/fonts/SourceSans3-It.ttf")),
    ("SourceSans3-SemiboldIt", include_bytes!("../../../templates/fonts/SourceSans3-SemiboldIt.ttf")),
    ("SourceCodePro-Regular", include_bytes!("../../../templates/fonts/SourceCodePro-Regular.ttf")),
    ("SourceCodePro-Semibold", include_bytes!("../../../templates/fonts/SourceCodePro-Semibold.ttf")),
];

/// Regular face.
pub(super) const REGULAR: usize = 0;
/// Semibold face.
pub(super) const BOLD: usize = 1;

/// Part of a shaped word in one face.
#[derive(Debug)]
pub(super) struct Part {
    pub face: usize,
    /// Glyphs in visual order.
    pub glyphs: Vec<Glyph>,
    /// Byte in the word at which the cluster of each glyph starts.
    pub clusters: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Shaped {
    /// Parts in logical order (in visual order within a part).
    pub parts: Vec<Part>,
    /// Width in thousandths of the type size.
    pub width: f32,
}

struct Loaded<'a> {
    name: String,
    data: &'a [u8],
    /// Which face of a collection.
    number: u32,
    face: Face<'a>,
    /// Text of each glyph that was used.
    texts: HashMap<u16, String>,
    space: Option<Glyph>,
}

/// All faces with what was shaped so far.
pub(super) struct Fonts<'a> {
    loaded: Vec<Loaded<'a>>,
    words: Vec<HashMap<Box<str>, Rc<Shaped>>>,
    covered: HashMap<char, bool>,
    plans: HashMap<(usize, bool, rustybuzz::Script), Rc<rustybuzz::ShapePlan>>,
    /// Characters without a glyph, in order of first appearance.
    pub missing: Vec<char>,
}

impl<'a> Fonts<'a> {
    /// Loads the built-in faces and `extra`; the number of the first file that is no font is the error.
    pub(super) fn new(extra: &'a [FontFile]) -> Result<Self, usize> {
        let mut loaded = Vec::new();
        let names = BUILT_IN.iter().map(|(name, data)| ((*name).to_owned(), *data, 0));
        let extra =
            extra.iter().enumerate().map(|(n, file)| (format!("Extra{}", n + 1), file.bytes.as_slice(), file.face));
        for (n, (name, data, number)) in names.chain(extra).enumerate() {
            let face = Face::from_slice(data, number).ok_or_else(|| n.saturating_sub(BUILT_IN.len()))?;
            let mut texts = HashMap::new();
            let mut space = None;
            if let Some(gid) = face.glyph_index(' ') {
                // The first text of a glyph stays: a space must not become another invisible character.
                texts.insert(gid.0, " ".to_owned());
                let scale = 1000.0 / upem(&face);
                let advance = f32::from(face.glyph_hor_advance(gid).unwrap_or(0)) * scale;
                space = Some(Glyph { gid: gid.0, advance, dx: 0.0, dy: 0.0 });
            }
            loaded.push(Loaded { name, data, number, face, texts, space });
        }
        let words = (0..loaded.len() * 2).map(|_| HashMap::new()).collect();
        Ok(Self { loaded, words, covered: HashMap::new(), plans: HashMap::new(), missing: Vec::new() })
    }

    /// Number of faces.
    pub(super) fn count(&self) -> usize {
        self.loaded.len()
    }

    /// Name and file of a face, and which one of the file it is.
    pub(super) fn file(&self, face: usize) -> Option<(&str, &'a [u8], u32)> {
        self.loaded.get(face).map(|loaded| (loaded.name.as_str(), loaded.data, loaded.number))
    }

    /// The text that a glyph stands for.
    pub(super) fn text_of(&self, face: usize, gid: u16) -> &str {
        self.loaded.get(face).and_then(|loaded| loaded.texts.get(&gid)).map_or(" ", String::as_str)
    }

    pub(super) fn space(&self, face: usize) -> Glyph {
        let space = self.loaded.get(face).and_then(|loaded| loaded.space);
        space.or_else(|| self.loaded.first().and_then(|l| l.space)).unwrap_or(Glyph {
            gid: 1,
            advance: 250.0,
            dx: 0.0,
            dy: 0.0,
        })
    }

    /// Replaces what no face has a glyph for by `[U+XXXX]` and remembers it.
    pub(super) fn cover(&mut self, text: &str) -> String {
        if text.bytes().all(|b| (b' '..=b'~').contains(&b) || b == b'\n') {
            return text.to_owned();
        }
        let mut covered = String::with_capacity(text.len());
        for c in text.chars() {
            let known = c == '\n'
                || *self
                    .covered
                    .entry(c)
                    .or_insert_with(|| self.loaded.iter().any(|l| l.face.glyph_index(c).is_some_and(|gid| gid.0 != 0)));
            match c {
                '\t' => covered.push(' '),
                _ if known => covered.push(c),
                _ => {
                    if !self.missing.contains(&c) {
                        self.missing.push(c);
                    }
                    covered.push_str(&format!("[U+{:04X}]", u32::from(c)));
                }
            }
        }
        covered
    }

    /// Shapes a word that [`Self::cover`] let pass.
    pub(super) fn shape(&mut self, face: usize, rtl: bool, word: &str) -> Rc<Shaped> {
        let slot = face * 2 + usize::from(rtl);
        if let Some(shaped) = self.words.get(slot).and_then(|words| words.get(word)) {
            return Rc::clone(shaped);
        }
        let mut parts = Vec::new();
        let mut start = 0;
        let mut current = None;
        for (at, c) in word.char_indices() {
            let wanted = self.face_for(face, current, c);
            if let Some(now) = current.filter(|now| *now != wanted) {
                parts.push(self.shape_part(now, rtl, word, start, at));
                start = at;
            }
            current = Some(wanted);
        }
        if let Some(now) = current {
            parts.push(self.shape_part(now, rtl, word, start, word.len()));
        }
        if rtl {
            parts.reverse();
        }
        let width = parts.iter().flat_map(|part| &part.glyphs).map(|glyph| glyph.advance).sum();
        let shaped = Rc::new(Shaped { parts, width });
        if let Some(words) = self.words.get_mut(slot) {
            words.insert(word.into(), Rc::clone(&shaped));
        }
        shaped
    }

    /// The wanted face if it has the character, else the one in use, else the first that has it.
    fn face_for(&self, wanted: usize, current: Option<usize>, c: char) -> usize {
        let mut faces = [wanted].into_iter().chain(current).chain(0..self.loaded.len());
        faces.find(|face| self.has(*face, c)).unwrap_or(wanted)
    }

    fn has(&self, face: usize, c: char) -> bool {
        self.loaded.get(face).is_some_and(|l| l.face.glyph_index(c).is_some_and(|gid| gid.0 != 0))
    }

    fn shape_part(&mut self, face: usize, rtl: bool, word: &str, start: usize, end: usize) -> Part {
        let text = word.get(start..end).unwrap_or_default();
        let mut part = Part { face, glyphs: Vec::new(), clusters: Vec::new() };
        let Some(loaded) = self.loaded.get_mut(face) else { return part };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let script = buffer.script();
        let plan = self.plans.entry((face, rtl, script)).or_insert_with(|| {
            let direction = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
            Rc::new(rustybuzz::ShapePlan::new(&loaded.face, direction, Some(script), None, &[]))
        });
        let output = rustybuzz::shape_with_plan(&loaded.face, plan, buffer);
        let scale = 1000.0 / upem(&loaded.face);
        for (info, position) in output.glyph_infos().iter().zip(output.glyph_positions()) {
            let gid = u16::try_from(info.glyph_id).unwrap_or(0);
            let gid = if gid == 0 { loaded.space.map_or(0, |space| space.gid) } else { gid };
            #[expect(clippy::cast_precision_loss, reason = "font units are small")]
            let [advance, dx, dy] =
                [position.x_advance, position.x_offset, position.y_offset].map(|units| units as f32 * scale);
            part.glyphs.push(Glyph { gid, advance, dx, dy });
            part.clusters.push(start + info.cluster as usize);
        }
        name_glyphs(&mut loaded.texts, &part, rtl, word, end);
        part
    }
}

fn upem(face: &Face<'_>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "at most 16384")]
    let upem = face.units_per_em().max(16) as f32;
    upem
}

/// Gives each glyph the text of its cluster; several glyphs of one cluster share its characters out.
fn name_glyphs(texts: &mut HashMap<u16, String>, part: &Part, rtl: bool, word: &str, end: usize) {
    // Glyphs by cluster, in visual order within each.
    let mut named: Vec<(usize, u16)> = part.clusters.iter().copied().zip(part.glyphs.iter().map(|g| g.gid)).collect();
    named.sort_by_key(|(start, _)| *start);
    let mut clusters = named.chunk_by(|a, b| a.0 == b.0).peekable();
    while let Some(cluster) = clusters.next() {
        let start = cluster.first().map_or(end, |(start, _)| *start);
        let stop = clusters.peek().and_then(|next| next.first()).map_or(end, |(start, _)| *start);
        let text = word.get(start..stop).unwrap_or_default();
        let mut gids: Vec<u16> = cluster.iter().map(|(_, gid)| *gid).collect();
        if rtl {
            // Marks come before their letter in visual order.
            gids.reverse();
        }
        if let [gid] = gids.as_slice() {
            texts.entry(*gid).or_insert_with(|| text.to_owned());
            continue;
        }
        let chars: Vec<char> = text.chars().collect();
        for (k, gid) in gids.iter().enumerate() {
            let own: String = if k + 1 == gids.len() && chars.len() > gids.len() {
                chars.iter().skip(k).collect()
            } else {
                chars.get(k).or(chars.last()).map(char::to_string).unwrap_or_default()
            };
            if !own.is_empty() {
                texts.entry(*gid).or_insert(own);
            }
        }
    }
}
