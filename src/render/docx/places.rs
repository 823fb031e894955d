//! Bookmarks: the places that links lead to, and the contents that lists them.

use super::styles;
use crate::render::blocks::{Block, Span};
use crate::text::escape::xml_character;
use docx_rs::{FieldCharType, Hyperlink, HyperlinkType, InstrText, Paragraph, Run};
use std::collections::{BTreeMap, BTreeSet};

/// The longest name that Word gives a bookmark, less what is put before it.
const LONGEST: usize = 32;

/// Names of bookmarks by anchor. Word allows letters, digits and underscores in them, and 40 characters.
pub(super) struct Places {
    names: BTreeMap<String, String>,
    set: BTreeSet<String>,
    /// Bookmarks so far: each has a number of its own.
    count: usize,
    /// Links out of the document so far.
    links: usize,
}

impl Places {
    /// Knows every anchor of the document before anything links to it.
    pub(super) fn of(blocks: &[Block]) -> Self {
        let mut places = Self { names: BTreeMap::new(), set: BTreeSet::new(), count: 0, links: 0 };
        for block in blocks {
            match block {
                Block::Heading(_, spans) | Block::Paragraph(spans, _) | Block::Line(spans) => places.know(spans),
                Block::Table(table) => {
                    table.head.iter().chain(table.rows.iter().flatten()).for_each(|cell| places.know(cell));
                }
                _ => {}
            }
        }
        places
    }

    fn know(&mut self, spans: &[Span]) {
        for anchor in spans.iter().flat_map(|span| &span.anchors) {
            let number = self.names.len();
            // Anchors are of lower-case ASCII letters, digits and hyphens.
            let plain = anchor.replace('-', "_");
            let name = match plain.get(..LONGEST) {
                Some(start) if plain.len() > LONGEST => {
                    format!("B{number}_{}", start.get(..LONGEST - 8).unwrap_or_default())
                }
                _ => format!("a_{plain}"),
            };
            self.names.entry(anchor.clone()).or_insert(name);
        }
    }

    /// The bookmark that a link to an anchor leads to; nothing when there is no such place.
    pub(super) fn name(&self, anchor: &str) -> Option<&str> {
        self.names.get(anchor).map(String::as_str)
    }

    /// Puts the bookmark of an anchor into a paragraph, once in a document.
    pub(super) fn place(&mut self, paragraph: Paragraph, anchor: &str) -> Paragraph {
        match self.names.get(anchor) {
            Some(name) if self.set.insert(anchor.to_owned()) => {
                let name = name.clone();
                self.mark(paragraph, name)
            }
            _ => paragraph,
        }
    }

    /// Puts the bookmark that the contents lead to before a heading.
    pub(super) fn heading(&mut self, paragraph: Paragraph, number: usize) -> Paragraph {
        self.mark(paragraph, of_heading(number))
    }

    /// A name for the relation to what lies outside.
    pub(super) fn relation(&mut self) -> String {
        self.links += 1;
        format!("rIdLink{}", self.links)
    }

    fn mark(&mut self, paragraph: Paragraph, name: String) -> Paragraph {
        self.count += 1;
        paragraph.add_bookmark_start(self.count, name).add_bookmark_end(self.count)
    }
}

/// The name that Word itself would give.
fn of_heading(number: usize) -> String {
    format!("_Toc{:08}", number + 1)
}

/// Where an entry stands in the field of the contents.
pub(super) struct Field {
    /// Level of the lowest headings that it lists.
    pub(super) deepest: u8,
    pub(super) begins: bool,
    pub(super) ends: bool,
}

/// A line of the contents.
pub(super) fn entry(number: usize, level: u8, text: &str, field: &Field) -> Paragraph {
    let mut paragraph = Paragraph::new().style(styles::toc(level));
    if field.begins {
        // Sections are of the first level in Word, because the title is none; \n leaves page numbers out.
        let instruction = format!("TOC \\o \"1-{}\" \\h \\n", field.deepest.saturating_sub(1).max(1));
        paragraph = paragraph
            .add_run(Run::new().add_field_char(FieldCharType::Begin, false))
            .add_run(Run::new().add_instr_text(InstrText::Unsupported(instruction)))
            .add_run(Run::new().add_field_char(FieldCharType::Separate, false));
    }
    let text: String = text.chars().map(|c| if c == '\n' { ' ' } else { xml_character(c) }).collect();
    let link = Hyperlink::new(of_heading(number), HyperlinkType::Anchor).add_run(Run::new().add_text(text));
    paragraph = paragraph.add_hyperlink(link);
    if field.ends { paragraph.add_run(Run::new().add_field_char(FieldCharType::End, false)) } else { paragraph }
}
