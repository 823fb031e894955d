//! The table of contents: dot leaders and page numbers are added when pages are known.

use super::flow::Setting;
use super::lines::{Align, Style, baseline, prepare};
use super::page::{Item, Mark, NodeId, Paint, Role, Slab};
use crate::render::blocks::Span;

/// Space between title and entries.
const TITLE_GAP: f32 = 10.0;
/// Space above a section's entry.
const SECTION_GAP: f32 = 6.0;
/// Leading of an entry, against that of running text.
const LEADING: f32 = 1.08;
/// The closest that entries may stand, against their usual distance.
const CLOSEST: f32 = 0.7;

impl Setting<'_, '_> {
    /// Reserves the place; the entries are set when all headings are known.
    pub(super) fn contents(&mut self, deepest: u8) {
        if self.contents.is_none() && (deepest > 2 || self.fits_the_cover()) {
            self.deepest = deepest;
            self.contents = Some(self.flow.slabs.len());
            let node = self.flow.tree.add(0, Role::P);
            let title = Span { text: self.meta.contents_title.clone(), bold: true, ..Span::default() };
            // Contents of a page of their own have a title like a section; on the cover they stand below other things.
            let size = if deepest > 2 { self.theme.sizes.section } else { self.theme.sizes.part };
            let colour = self.theme.colours.accent;
            let style = Style { size, leading: size * 1.24, colour, bold: true };
            let lines = self.text(&[title], style, node);
            self.push_lines(lines, style.leading, 0.0, true);
            self.flow.tree.add(0, Role::Toc);
            self.contents = Some(self.flow.slabs.len());
            self.owe(TITLE_GAP);
        }
    }

    /// Whether the sections can be listed below what stands on the cover; a list that is cut would say nothing, and one
    /// on a page of its own nothing more than the pages behind it.
    fn fits_the_cover(&self) -> bool {
        let used: f32 = self.flow.slabs.iter().map(|slab| slab.before + slab.height).sum();
        let title = self.owed + self.theme.sizes.part * 1.24 + TITLE_GAP;
        used + title + self.sections as f32 * self.theme.sizes.leading <= self.theme.text_height()
    }

    /// How much closer the entries stand when that saves the contents a page that would be almost empty.
    fn squeeze(&self, headings: &[(u8, String, NodeId)]) -> f32 {
        let [sections, others] =
            [2, 3].map(|wanted| headings.iter().filter(|(level, ..)| *level == wanted).count() as f32);
        let line = self.theme.sizes.leading * LEADING;
        let full = sections * (line + SECTION_GAP) + others * line;
        let room = self.theme.text_height() - self.theme.sizes.section * 1.24 - 16.0;
        if full > room && full * CLOSEST <= room { room / full } else { 1.0 }
    }

    pub(super) fn contents_entries(&mut self) {
        let Some(toc) = self.flow.tree.nodes.iter().position(|node| node.role == Role::Toc) else { return };
        let headings = self.flow.headings.clone();
        let width = self.theme.text_width();
        let sizes = self.theme.sizes.clone();
        let squeeze = self.squeeze(&headings);
        for (number, (level, title, _)) in headings.iter().enumerate() {
            let (indent, bold, before) = match level {
                2 if self.deepest > 2 => (0.0, true, SECTION_GAP * squeeze),
                2 => (0.0, false, 0.0),
                3 if self.deepest > 2 => (14.0, false, 0.0),
                _ => continue,
            };
            let toci = self.flow.tree.add(toc, Role::Toci);
            let reference = self.flow.tree.add(toci, Role::Reference);
            let span = Span {
                text: title.clone(),
                bold,
                link: Some(format!("#:{number}")),
                link_number: number + 1,
                ..Span::default()
            };
            let colour = self.theme.colours.text;
            let style = Style {
                size: sizes.body * squeeze.max(0.92),
                leading: sizes.leading * if self.deepest > 2 { LEADING * squeeze } else { 1.0 },
                colour,
                bold,
            };
            let text = prepare(self.fonts, &mut self.flow.tree, &self.theme.colours, &[span], style, Some(reference));
            let lines = text.lines(self.fonts, width - indent - 44.0, Align::Start);
            let Some(link) = self.flow.tree.nodes.get(reference).and_then(|n| n.kids.first().copied()) else {
                continue;
            };
            if let Some(node) = self.flow.tree.nodes.get_mut(link) {
                node.alt.clone_from(title);
            }
            self.owe(before);
            let count = lines.len();
            for (n, mut line) in lines.into_iter().enumerate() {
                line.items.iter_mut().for_each(|item| item.shift(indent, 0.0));
                line.marks.iter_mut().for_each(|mark| mark.shift(indent, 0.0));
                for item in &mut line.items {
                    if let Paint::Run(run) = &mut item.paint {
                        run.colour = colour;
                    }
                }
                if n + 1 == count {
                    let left = line.items.iter().map(right_end).fold(indent, f32::max);
                    line.marks.push(Mark::PageOf(number, width, baseline(style), left + 5.0, link));
                }
                let keep = n + 1 < count;
                self.push(Slab {
                    height: style.leading,
                    items: line.items,
                    marks: line.marks,
                    keep,
                    ..Slab::default()
                });
            }
        }
    }
}

fn right_end(item: &Item) -> f32 {
    match &item.paint {
        Paint::Run(run) => run.x + run.width,
        _ => 0.0,
    }
}
