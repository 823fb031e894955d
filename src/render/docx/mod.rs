//! `report.docx`: the report for Word, set from the same blocks as PDF and HTML.
//!
//! ```text
//! blocks ─mod, inline, table─▶ paragraphs and tables ─styles, lists, frame─▶ document ─package─▶ bytes
//! ```
//!
//! Whoever edits it finds what Word expects: styles that hold all of the look, headings, lists, bookmarks, header rows
//! that repeat. Texts of an org are data: they stand in runs and in relationships, both of which are escaped.

mod cover;
mod frame;
mod inline;
mod lists;
mod package;
mod places;
mod styles;
mod table;
mod units;
mod widths;

use crate::drawing::Drawing;
use crate::render::blocks::{Block, Container, Quote, Span, plain};
use crate::render::meta::Meta;
use crate::render::theme::Theme;
use docx_rs::{DocumentChild, Docx, IndentLevel, NumberingId, Paragraph, Table};
use lists::Lists;
use places::Places;
use std::fmt::Display;
use units::twips;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
#[error("docx: {0}")]
pub struct DocxError(String);

impl DocxError {
    fn of(error: impl Display) -> Self {
        Self(error.to_string())
    }
}

/// Sets blocks as a document for Word. The same input gives the same bytes. A figure is shown by its text. Fails when
/// the archive cannot be written.
pub fn docx(blocks: &[Block], figures: &[Drawing], theme: &Theme, meta: &Meta) -> Result<Vec<u8>, DocxError> {
    // Paragraphs are numbered, and the crate goes on counting from one document to the next, unless it has just shown one.
    drop(Docx::new().json());
    let mut setting = Setting {
        theme,
        meta,
        blocks,
        figures,
        places: Places::of(blocks),
        lists: Lists::default(),
        open: Vec::new(),
        body: Vec::new(),
        level: 0,
        headings: 0,
        page: false,
        cover: Cover::Before,
    };
    for (at, block) in blocks.iter().enumerate() {
        setting.block(at, block);
    }
    let mut docx = frame::furnish(Docx::new(), theme, meta);
    docx.styles = styles::styles(theme);
    docx.numberings = setting.lists.numberings(theme);
    docx.document_rels.has_numberings = true;
    docx.document.children = setting.body;
    package::file(docx, meta)
}

/// How far the cover is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cover {
    /// Nothing was set yet.
    Before,
    /// The title stands; a paragraph would be its subtitle.
    Title,
    /// The rest of the first page.
    Rest,
    /// The cover is done, or the document has none.
    After,
}

/// A container that is open.
struct Frame {
    container: Container,
    small: bool,
    /// Of an item: its number or bullet has still to be shown, with the list and the level that it belongs to.
    mark: Option<(usize, usize)>,
    /// Of a list: which of the document's lists it is.
    list: usize,
}

struct Setting<'a> {
    theme: &'a Theme,
    meta: &'a Meta,
    blocks: &'a [Block],
    figures: &'a [Drawing],
    places: Places,
    lists: Lists,
    open: Vec<Frame>,
    body: Vec<DocumentChild>,
    level: u8,
    /// Headings so far.
    headings: usize,
    /// The next block begins a page.
    page: bool,
    cover: Cover,
}

impl Setting<'_> {
    fn block(&mut self, at: usize, block: &Block) {
        if matches!(self.cover, Cover::Title | Cover::Rest)
            && matches!(block, Block::Heading(2.., _) | Block::Contents(3..) | Block::Page)
        {
            self.cover = Cover::After;
            self.page = true;
        }
        match block {
            Block::Heading(level, spans) => self.heading(*level, spans),
            Block::Paragraph(spans, _) if self.is_caption(at, spans) => self.caption(spans),
            Block::Paragraph(spans, small) => self.text(spans, *small, self.leads(at)),
            Block::Line(spans) => self.text(spans, false, false),
            Block::Code(_, code) => self.code(code),
            Block::Rule => self.push(Paragraph::new().style(styles::RULE)),
            Block::Figure(name, alt) => self.figure(name, alt),
            Block::Table(table) => self.tables(table),
            Block::Open(container, small) => self.enter(*container, *small),
            Block::Close => self.leave(),
            Block::Page => self.page = true,
            Block::Contents(deepest) => self.contents(*deepest),
        }
        if !matches!(block, Block::Heading(..)) && self.cover != Cover::After {
            self.cover = Cover::Rest;
        }
    }

    fn push(&mut self, paragraph: Paragraph) {
        let paragraph = if std::mem::take(&mut self.page) { paragraph.page_break_before(true) } else { paragraph };
        self.body.push(DocumentChild::Paragraph(Box::new(paragraph)));
    }

    fn heading(&mut self, level: u8, spans: &[Span]) {
        // No level is left out, so that the navigation pane has no holes.
        self.level = level.min(self.level + 1);
        let style = if level == 1 && self.cover == Cover::Before {
            self.cover_head();
            self.cover = Cover::Title;
            styles::TITLE
        } else {
            styles::heading(self.level)
        };
        let paragraph = self.places.heading(Paragraph::new().style(style), self.headings);
        self.headings += 1;
        let paragraph = self.inline(paragraph, spans, true);
        self.push(paragraph);
    }

    /// A paragraph, or the text of an item, in the style of what it stands in.
    fn text(&mut self, spans: &[Span], small: bool, leads: bool) {
        let paragraph = if self.cover == Cover::Title && self.open.is_empty() {
            Paragraph::new().style(styles::SUBTITLE)
        } else {
            self.framed(small)
        };
        let paragraph = if leads { paragraph.keep_next(true) } else { paragraph };
        let paragraph = self.inline(paragraph, spans, true);
        self.push(paragraph);
    }

    /// Whether a paragraph belongs to the heading of a card: a card does not begin in the last lines of a page.
    fn leads(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.blocks.get(at));
        let in_card = matches!(self.open.last(), Some(Frame { container: Container::Card, .. }));
        in_card && matches!(before, Some(Block::Heading(..)))
    }

    /// An empty paragraph in the style of what it stands in.
    fn framed(&mut self, small: bool) -> Paragraph {
        let small = small || self.open.iter().any(|frame| frame.small);
        let depth = self.depth();
        let list = self.open.iter().rev().nth(1).map(|frame| frame.container);
        let paragraph = Paragraph::new();
        match self.open.last_mut() {
            Some(Frame { container: Container::Item, mark, .. }) => match (mark.take(), list) {
                (Some((list, level)), kind) => paragraph
                    .style(styles::list(matches!(kind, Some(Container::List(Some(_)))), small))
                    .numbering(NumberingId::new(list), IndentLevel::new(level)),
                (None, _) => paragraph.style(styles::CONTINUE).indent(Some(lists::indent(depth)), None, None, None),
            },
            Some(Frame { container: Container::Quote(quote), .. }) => paragraph.style(styles::quote(*quote)),
            _ if small => paragraph.style(styles::SMALL),
            _ => paragraph,
        }
    }

    fn inline(&mut self, paragraph: Paragraph, spans: &[Span], strong_only: bool) -> Paragraph {
        inline::inline(paragraph, spans, &mut self.places, strong_only)
    }

    /// How many lists are open.
    fn depth(&self) -> usize {
        self.open.iter().filter(|frame| matches!(frame.container, Container::List(_))).count()
    }

    fn enter(&mut self, container: Container, small: bool) {
        let mut frame = Frame { container, small, mark: None, list: 0 };
        match container {
            Container::List(first) => frame.list = self.lists.open(first, self.depth()),
            Container::Item => {
                let list = self.open.iter().rev().find(|frame| matches!(frame.container, Container::List(_)));
                frame.mark = list.map(|list| (list.list, lists::level(self.depth())));
            }
            Container::Quote(_) | Container::Card => {}
        }
        self.open.push(frame);
    }

    fn leave(&mut self) {
        if self.open.last().is_some_and(|frame| frame.mark.is_some()) {
            // An empty item still shows its mark.
            let paragraph = self.framed(false);
            self.push(paragraph);
        }
        if let Some(Frame { container: Container::Quote(_), .. }) = self.open.pop() {
            // Paragraphs of one style are one panel; the gap keeps the next panel apart.
            self.push_gap();
        }
    }

    fn push_gap(&mut self) {
        self.push(Paragraph::new().style(styles::GAP));
    }

    fn code(&mut self, code: &str) {
        let paragraph = Paragraph::new().style(styles::CODE_BLOCK);
        let depth = self.depth();
        let paragraph =
            if depth > 0 { paragraph.indent(Some(lists::indent(depth)), None, None, None) } else { paragraph };
        let text = code.trim_end_matches('\n').to_owned();
        let paragraph = self.inline(paragraph, &[Span { text, ..Span::default() }], true);
        self.push(paragraph);
    }

    /// Word shows no drawing of ours: the writer takes pictures of pixels only. The text says all of it.
    fn figure(&mut self, name: &str, alt: &str) {
        let known = self.figures.iter().any(|drawing| drawing.name == name);
        let style = if known { styles::FIGURE } else { styles::SMALL };
        let span = Span { text: alt.to_owned(), ..Span::default() };
        let paragraph = self.inline(Paragraph::new().style(style), &[span], true);
        self.push(paragraph);
    }

    /// Whether a paragraph is the caption of the figure before it: all of it is emphasised.
    fn is_caption(&self, at: usize, spans: &[Span]) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.blocks.get(at));
        matches!(before, Some(Block::Figure(..))) && spans.iter().all(|span| span.italic)
    }

    fn caption(&mut self, spans: &[Span]) {
        let upright: Vec<Span> = spans.iter().map(|span| Span { italic: false, ..span.clone() }).collect();
        let paragraph = self.inline(Paragraph::new().style(styles::CAPTION), &upright, true);
        self.push(paragraph);
    }

    fn tables(&mut self, table: &crate::render::blocks::Table) {
        let left = lists::indent(self.depth());
        let room = twips(self.theme.text_width()) - left;
        let page = std::mem::take(&mut self.page);
        if page {
            // A table cannot begin a page by itself.
            self.body
                .push(DocumentChild::Paragraph(Box::new(Paragraph::new().style(styles::GAP).page_break_before(true))));
        }
        let set: Vec<Table> = table::tables(table, room, self.theme, &mut self.places);
        // Items of a list stand close together, and so would the table below them.
        let items = matches!(self.body.last(), Some(DocumentChild::Paragraph(last)) if last.has_numbering);
        if items && !set.is_empty() {
            self.push_gap();
        }
        for one in set {
            let one = if left > 0 { one.indent(left) } else { one };
            self.body.push(DocumentChild::Table(Box::new(one)));
            // Without a paragraph between them, Word makes one table of two; and a document ends with one.
            self.push_gap();
        }
    }

    /// The sections as a field that Word can bring up to date. It has no page numbers: only Word knows them.
    fn contents(&mut self, deepest: u8) {
        let headings = self.blocks.iter().filter_map(|block| match block {
            Block::Heading(level, spans) => Some((*level, plain(spans))),
            _ => None,
        });
        let entries: Vec<(usize, (u8, String))> =
            headings.enumerate().filter(|(_, (level, _))| (2..=deepest).contains(level)).collect();
        let last = entries.len().saturating_sub(1);
        if entries.is_empty() {
            return;
        }
        let title = Span { text: self.meta.contents_title.clone(), ..Span::default() };
        let paragraph = self.inline(Paragraph::new().style(styles::TOC_TITLE), &[title], true);
        self.push(paragraph);
        for (n, (number, (level, text))) in entries.iter().enumerate() {
            let field = places::Field { deepest, begins: n == 0, ends: n == last };
            self.push(places::entry(*number, *level, text, &field));
        }
    }
}

/// Whether the quotes of the dialect have a panel behind them.
const fn has_panel(quote: Quote) -> bool {
    !matches!(quote, Quote::Plain)
}
