//! Lists: bullets, and numbers that begin where the Markdown says.

use super::units::hex;
use crate::render::theme::Theme;
use docx_rs::{
    AbstractNumbering, Level, LevelJc, LevelOverride, LevelText, NumberFormat, Numbering, Numberings,
    SpecialIndentType, Start,
};

/// Levels that Word has.
const LEVELS: usize = 9;
/// How far a level stands in, in twips.
const STEP: usize = 340;
/// The kind of lists with bullets, and the one list of it. The first number is taken by a list of the crate.
const BULLETS: usize = 2;
/// The kind of lists with numbers.
const NUMBERS: usize = 3;

/// The lists of a document. Bullets are one list; each numbered list is one of its own, so that it begins anew.
#[derive(Default)]
pub(super) struct Lists {
    /// First number and level of each numbered list.
    numbered: Vec<(usize, usize)>,
}

impl Lists {
    /// The number of a list that opens when `depth` lists are open.
    pub(super) fn open(&mut self, first: Option<u64>, depth: usize) -> usize {
        let Some(first) = first else { return BULLETS };
        // Word counts up to this.
        let first = usize::try_from(first.min(0x7fff)).unwrap_or(1);
        self.numbered.push((first, level(depth + 1)));
        NUMBERS + self.numbered.len() - 1
    }

    /// The lists as Word has them.
    pub(super) fn numberings(&self, theme: &Theme) -> Numberings {
        let muted = hex(theme.colours.muted);
        let mut bullets = AbstractNumbering::new(BULLETS);
        let mut numbers = AbstractNumbering::new(NUMBERS);
        for level in 0..LEVELS {
            let made = |format: &str, text: String| {
                Level::new(level, Start::new(1), NumberFormat::new(format), LevelText::new(text), LevelJc::new("left"))
                    .indent(Some(indent(level + 1)), Some(SpecialIndentType::Hanging(indent(1))), None, None)
                    .color(muted.as_str())
            };
            bullets = bullets.add_level(made("bullet", "\u{2022}".to_owned()));
            numbers = numbers.add_level(made("decimal", format!("%{}.", level + 1)));
        }
        let mut all = Numberings::new()
            .add_abstract_numbering(bullets)
            .add_abstract_numbering(numbers)
            .add_numbering(Numbering::new(BULLETS, BULLETS));
        for (n, (first, level)) in self.numbered.iter().enumerate() {
            let begins = LevelOverride::new(*level).start(*first);
            all = all.add_numbering(Numbering::new(NUMBERS + n, NUMBERS).add_override(begins));
        }
        all
    }
}

/// The level of an item when `depth` lists are open.
pub(super) const fn level(depth: usize) -> usize {
    let level = depth.saturating_sub(1);
    if level < LEVELS { level } else { LEVELS - 1 }
}

/// How far text stands in when `depth` lists are open, in twips.
pub(super) fn indent(depth: usize) -> i32 {
    i32::try_from(STEP * depth.min(LEVELS)).unwrap_or(0)
}
