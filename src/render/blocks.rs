//! The Markdown dialect of the report, parsed into a flat list of blocks that writers set in type.
//!
//! Nesting is a pair of [`Block::Open`] and [`Block::Close`], so that no reader needs recursion over input depth.
//! Raw HTML is never honoured: outside the directives and anchors of the dialect it is literal text.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// One stretch of text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text; `\n` is a hard line break.
    pub text: String,
    /// Strong.
    pub bold: bool,
    /// Emphasis.
    pub italic: bool,
    /// Code.
    pub code: bool,
    /// Target, if this is a link: `https:…`, `mailto:…` or `#anchor`.
    pub link: Option<String>,
    /// Number that keeps neighbouring links apart; 0 outside links.
    pub link_number: usize,
    /// Anchors that stand before the text.
    pub anchors: Vec<String>,
}

/// A container that [`Block::Open`] opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Block quote.
    Quote(Quote),
    /// List; the first number if it is ordered.
    List(Option<u64>),
    /// List item.
    Item,
    /// Card: kept together when it fits.
    Card,
}

/// What a block quote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Plain quotation.
    Plain,
    /// The verdict panel.
    Verdict,
    /// A warning.
    Warn,
    /// A note.
    Note,
}

/// How a table is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Header row and rows.
    Plain,
    /// Name and value; the first column heads the rows.
    Facts,
    /// Dense matrix.
    Matrix,
    /// Score waterfall.
    Waterfall,
    /// Number tiles.
    Tiles,
    /// Lines to sign on.
    SignOff,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How it is set.
    pub kind: TableKind,
    /// Alignment by column.
    pub align: Vec<Alignment>,
    /// Header cells.
    pub head: Vec<Vec<Span>>,
    /// Rows, each as wide as the header.
    pub rows: Vec<Vec<Vec<Span>>>,
    /// Relative column widths; empty for automatic.
    pub widths: Vec<f32>,
    /// In small type.
    pub small: bool,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Heading of level 1 to 6.
    Heading(u8, Vec<Span>),
    /// Paragraph; true in small type.
    Paragraph(Vec<Span>, bool),
    /// Code block.
    Code(String),
    /// Thematic break.
    Rule,
    /// Figure by name with its alternative text.
    Figure(String, String),
    /// Table.
    Table(Table),
    /// Start of a container; true in small type.
    Open(Container, bool),
    /// End of the container that was opened last.
    Close,
    /// Page break.
    Page,
    /// Table of contents.
    Contents,
}

/// Parses a document of the dialect. Any text gives blocks; opens and closes are balanced.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        reader.event(event);
    }
    reader.flush();
    while reader.open.pop().is_some() {
        reader.blocks.push(Block::Close);
    }
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// Containers that are open.
    open: Vec<Container>,
    spans: Vec<Span>,
    bold: usize,
    italic: usize,
    link: Option<String>,
    link_number: usize,
    image: Option<(String, String)>,
    anchors: Vec<String>,
    heading: Option<u8>,
    code: Option<String>,
    html: Option<String>,
    table: Option<Table>,
    row: Vec<Vec<Span>>,
    // What the next block is told by directives.
    kind: Option<TableKind>,
    quote: Option<Quote>,
    widths: Vec<f32>,
    small: bool,
    /// Between `<!-- toc -->` and `<!-- /toc -->`.
    in_contents: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, false),
            Event::Code(text) => self.text(&text, true),
            Event::SoftBreak => self.text(" ", false),
            Event::HardBreak => self.text("\n", false),
            Event::Rule => self.push(Block::Rule),
            Event::Html(html) => match &mut self.html {
                Some(all) => all.push_str(&html),
                None => self.html_block(&html),
            },
            Event::InlineHtml(html) => self.inline_html(&html),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {}
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(number(level));
            }
            Tag::BlockQuote(_) => {
                let quote = self.quote.take().unwrap_or(Quote::Plain);
                self.enter(Container::Quote(quote));
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                // The language changes nothing in print.
                let (CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) = kind;
                self.code = Some(String::new());
            }
            Tag::List(first) => self.enter(Container::List(first)),
            Tag::Item => self.enter(Container::Item),
            Tag::Table(align) => {
                self.flush();
                let kind = self.kind.take().unwrap_or(TableKind::Plain);
                let (widths, small) = (std::mem::take(&mut self.widths), std::mem::take(&mut self.small));
                self.table = Some(Table { kind, align, head: Vec::new(), rows: Vec::new(), widths, small });
            }
            Tag::Emphasis => self.italic += 1,
            Tag::Strong => self.bold += 1,
            Tag::Link { dest_url, .. } => {
                let url = dest_url.as_ref();
                if ["https:", "mailto:", "#"].iter().any(|scheme| url.starts_with(scheme)) {
                    self.link = Some(url.to_owned());
                    self.link_number += 1;
                }
            }
            Tag::Image { dest_url, .. } => self.image = Some((dest_url.to_string(), String::new())),
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(String::new());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => {
                let level = self.heading.take().unwrap_or(2);
                let spans = std::mem::take(&mut self.spans);
                self.push(Block::Heading(level, spans));
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(),
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.push(Block::Code(code));
            }
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Link => self.link = None,
            TagEnd::Image => {
                if let Some((url, alt)) = self.image.take() {
                    self.image_done(&url, alt);
                }
            }
            TagEnd::TableCell => {
                let cell = self.take_spans();
                self.row.push(cell);
            }
            TagEnd::TableHead => {
                let row = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.head = row;
                }
            }
            TagEnd::TableRow => {
                let mut row = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    row.resize(table.head.len(), Vec::new());
                    table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.push(Block::Table(table));
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html_block(&html);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, code: bool) {
        if let Some(all) = &mut self.code {
            all.push_str(text);
        } else if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
        } else {
            let span = Span {
                text: text.to_owned(),
                bold: self.bold > 0,
                italic: self.italic > 0,
                code,
                link: self.link.clone(),
                link_number: if self.link.is_some() { self.link_number } else { 0 },
                anchors: std::mem::take(&mut self.anchors),
            };
            match self.spans.last_mut() {
                Some(last) if span.anchors.is_empty() && same_style(last, &span) => last.text.push_str(text),
                _ => self.spans.push(span),
            }
        }
    }

    /// An image alone in its paragraph is a figure; the name decides later whether there is one.
    fn image_done(&mut self, url: &str, alt: String) {
        let name = url.strip_prefix("figures/").and_then(|name| name.strip_suffix(".svg"));
        match name {
            Some(name) if self.spans.is_empty() && self.table.is_none() && self.heading.is_none() => {
                let name = name.to_owned();
                self.push(Block::Figure(name, alt));
            }
            _ => self.text(&alt, false),
        }
    }

    fn inline_html(&mut self, html: &str) {
        if let Some(id) = anchor(html) {
            self.anchors.push(id.to_owned());
        } else if html.starts_with("</a") && html.ends_with('>') && html.len() <= 5 {
            // The end of an anchor.
        } else {
            self.text(html, false);
        }
    }

    fn html_block(&mut self, html: &str) {
        let text = html.trim();
        if let Some(directive) = text.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"))
            && self.directive(directive.trim())
        {
            return;
        }
        if let Some(id) = text.strip_suffix("</a>").and_then(anchor) {
            self.anchors.push(id.to_owned());
            return;
        }
        for line in text.lines() {
            if !self.spans.is_empty() {
                self.text("\n", false);
            }
            self.text(line, false);
        }
        self.flush();
    }

    /// Follows a directive; false if it is none of the dialect.
    fn directive(&mut self, directive: &str) -> bool {
        match directive {
            "toc" => {
                self.push(Block::Contents);
                self.in_contents = true;
            }
            "/toc" => self.in_contents = false,
            "page" => self.push(Block::Page),
            "tiles" => self.kind = Some(TableKind::Tiles),
            "facts" => self.kind = Some(TableKind::Facts),
            "matrix" => self.kind = Some(TableKind::Matrix),
            "waterfall" => self.kind = Some(TableKind::Waterfall),
            "signoff" => self.kind = Some(TableKind::SignOff),
            "verdict" => self.quote = Some(Quote::Verdict),
            "callout:warn" => self.quote = Some(Quote::Warn),
            "callout:note" => self.quote = Some(Quote::Note),
            "small" => self.small = true,
            "card" => self.enter(Container::Card),
            "/card" => {
                self.flush();
                if self.open.last() == Some(&Container::Card) {
                    self.leave();
                }
            }
            other => {
                let Some(widths) = other.strip_prefix("widths:") else { return false };
                let widths: Option<Vec<f32>> =
                    widths.split_whitespace().map(|w| w.parse().ok().filter(|w| (0.01..=1000.0).contains(w))).collect();
                match widths {
                    Some(widths) => self.widths = widths,
                    None => return false,
                }
            }
        }
        true
    }

    fn enter(&mut self, container: Container) {
        self.flush();
        let small = matches!(container, Container::List(_)) && std::mem::take(&mut self.small);
        self.open.push(container);
        self.push(Block::Open(container, small));
    }

    fn leave(&mut self) {
        self.flush();
        // A card that was not closed ends with what it stands in.
        while self.open.len() > 1 && self.open.last() == Some(&Container::Card) {
            self.open.pop();
            self.push(Block::Close);
        }
        if self.open.pop().is_some() {
            self.push(Block::Close);
        }
    }

    fn take_spans(&mut self) -> Vec<Span> {
        let mut spans = std::mem::take(&mut self.spans);
        if !self.anchors.is_empty() && self.table.is_some() {
            spans.push(Span { anchors: std::mem::take(&mut self.anchors), ..Span::default() });
        }
        spans
    }

    /// Ends a paragraph of loose text (list items of tight lists have no paragraph events).
    fn flush(&mut self) {
        if self.heading.is_none() && self.table.is_none() && !self.spans.is_empty() {
            let spans = std::mem::take(&mut self.spans);
            let small = std::mem::take(&mut self.small);
            self.push(Block::Paragraph(spans, small));
        }
    }

    fn push(&mut self, block: Block) {
        if !self.in_contents || matches!(block, Block::Heading(..)) {
            // A heading ends a list of contents that nobody closed.
            self.in_contents = false;
            self.blocks.push(block);
        }
    }
}

fn same_style(a: &Span, b: &Span) -> bool {
    (a.bold, a.italic, a.code, a.link_number) == (b.bold, b.italic, b.code, b.link_number)
}

fn anchor(html: &str) -> Option<&str> {
    let id = html.strip_prefix("<a id=\"")?.strip_suffix("\">")?;
    let good = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    good.then_some(id)
}

const fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
