//! The places of a page that links lead to: each has one name, and each link has a place.

use crate::render::blocks::{Block, Span};
use std::collections::BTreeSet;

/// Names of places. Anchors of the dialect are lower case; the page's own names begin with a capital letter, so that
/// the two never meet.
#[derive(Default)]
pub(super) struct Ids {
    anchors: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl Ids {
    /// Knows every anchor of the document before anything links to it.
    pub(super) fn of(blocks: &[Block]) -> Self {
        let mut ids = Self::default();
        for block in blocks {
            match block {
                Block::Heading(_, spans) | Block::Paragraph(spans, _) | Block::Line(spans) => ids.know(spans),
                Block::Table(table) => {
                    table.head.iter().chain(table.rows.iter().flatten()).for_each(|cell| ids.know(cell));
                }
                _ => {}
            }
        }
        ids
    }

    fn know(&mut self, spans: &[Span]) {
        self.anchors.extend(spans.iter().flat_map(|span| span.anchors.iter().cloned()));
    }

    /// Whether a link to this anchor leads somewhere.
    pub(super) fn leads(&self, anchor: &str) -> bool {
        self.anchors.contains(anchor)
    }

    /// An ` id="…"` attribute for an anchor of the document; empty when an earlier place has the name.
    pub(super) fn claim(&mut self, anchor: &str) -> String {
        if self.claim_once(anchor) { format!(" id=\"{anchor}\"") } else { String::new() }
    }

    /// Takes an anchor's name; false when an earlier place has it.
    pub(super) fn claim_once(&mut self, anchor: &str) -> bool {
        self.used.insert(anchor.to_owned())
    }

    /// An unused name for a heading that has no anchor.
    pub(super) fn fresh(&mut self, slug: &str) -> String {
        let mut id = format!("H-{slug}");
        let mut count = 1;
        while !self.used.insert(id.clone()) {
            count += 1;
            id = format!("H-{slug}-{count}");
        }
        id
    }
}
