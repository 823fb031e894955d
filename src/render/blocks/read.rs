//! From Markdown to blocks. This is the only place that knows directives and anchors.

use super::{Block, Container, Quote, Span, Table, TableKind, results};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Parses a document of the dialect. Any text gives blocks; opens and closes are balanced.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES).peekable();
    while let Some(event) = events.next() {
        if let Event::InlineHtml(html) = &event
            && let Some(id) = anchor(html)
            && events.next_if(|next| matches!(next, Event::InlineHtml(end) if end.as_ref() == "</a>")).is_some()
        {
            reader.anchors.push(id.to_owned());
        } else {
            reader.event(event);
        }
    }
    reader.flush();
    while reader.close() {}
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// Containers that are open; true for those that have a block, so that it gets its end.
    open: Vec<(Container, bool)>,
    spans: Vec<Span>,
    in_paragraph: bool,
    bold: usize,
    italic: usize,
    link: Option<String>,
    report: Option<String>,
    link_number: usize,
    image: Option<(String, String)>,
    anchors: Vec<String>,
    heading: Option<u8>,
    /// Language and text of a code block.
    code: Option<(String, String)>,
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

/// Whether a comment of a template is a directive. One whose numbers a template fills in counts as it is.
#[must_use]
pub fn is_directive(text: &str) -> bool {
    (text.starts_with("widths:") && text.contains("{{")) || Reader::default().directive(text)
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
            Event::InlineHtml(html) => self.text(&html, false),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.flush();
                self.in_paragraph = true;
            }
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level as u8);
            }
            Tag::BlockQuote(_) => {
                let quote = self.quote.take().unwrap_or(Quote::Plain);
                self.enter(Container::Quote(quote));
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(first) => self.enter(Container::List(first)),
            Tag::Item => self.enter(Container::Item),
            Tag::Table(align) => {
                self.flush();
                let kind = self.kind.take().unwrap_or(TableKind::Plain);
                let (widths, small) = (std::mem::take(&mut self.widths), std::mem::take(&mut self.small));
                let (head, rows) = (Vec::new(), Vec::new());
                self.table = Some(Table { kind, align, head, rows, widths, small, scores: None });
            }
            Tag::Emphasis => self.italic += 1,
            Tag::Strong => self.bold += 1,
            Tag::Link { dest_url, .. } => {
                if leads_out(&dest_url) {
                    self.link = Some(dest_url.to_string());
                } else if is_report(&dest_url) {
                    self.report = Some(dest_url.to_string());
                }
                self.link_number += 1;
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
                let mut spans = std::mem::take(&mut self.spans);
                results::mark(&mut spans, true);
                self.push(Block::Heading(level, spans));
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(),
            TagEnd::CodeBlock => {
                let (language, code) = self.code.take().unwrap_or_default();
                self.push(Block::Code(language, code));
            }
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Link => (self.link, self.report) = (None, None),
            TagEnd::Image => {
                if let Some((url, alt)) = self.image.take() {
                    self.image_done(&url, alt);
                }
            }
            TagEnd::TableCell => {
                let mut cell = self.take_spans();
                if self.table.as_ref().is_some_and(|table| table.kind == TableKind::Matrix) {
                    results::mark_cell(&mut cell);
                }
                if !self.anchors.is_empty() {
                    cell.push(Span { anchors: std::mem::take(&mut self.anchors), ..Span::default() });
                }
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
                if let Some(mut table) = self.table.take() {
                    table.scores = results::scores(&table);
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
        if let Some((_, all)) = &mut self.code {
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
                report: self.report.clone(),
                link_number: if self.link.is_some() || self.report.is_some() { self.link_number } else { 0 },
                anchors: std::mem::take(&mut self.anchors),
                ..Span::default()
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
                self.push(Block::Figure(name.to_owned(), alt));
            }
            _ => self.text(&alt, false),
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
        self.in_paragraph = true;
        self.flush();
    }

    /// Follows a directive; false if it is none of the dialect.
    fn directive(&mut self, directive: &str) -> bool {
        match directive {
            "toc" | "toc:sections" => {
                self.push(Block::Contents(if directive == "toc" { 3 } else { 2 }));
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
                if matches!(self.open.last(), Some((Container::Card, _))) {
                    self.close();
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
        self.open.push((container, !self.in_contents));
        self.push(Block::Open(container, small));
    }

    fn leave(&mut self) {
        self.flush();
        // A card that was not closed ends with what it stands in.
        while self.open.len() > 1 && matches!(self.open.last(), Some((Container::Card, _))) {
            self.close();
        }
        self.close();
    }

    /// Ends the container that was opened last; false when none is open.
    fn close(&mut self) -> bool {
        let Some((_, shown)) = self.open.pop() else { return false };
        if shown {
            self.blocks.push(Block::Close);
        }
        true
    }

    fn take_spans(&mut self) -> Vec<Span> {
        let mut spans = std::mem::take(&mut self.spans);
        results::mark(&mut spans, false);
        spans
    }

    /// Ends a paragraph, or loose text: in the items of tight lists there are no paragraphs.
    fn flush(&mut self) {
        let in_paragraph = std::mem::take(&mut self.in_paragraph);
        if self.heading.is_none() && self.table.is_none() && !self.spans.is_empty() {
            let spans = self.take_spans();
            let small = std::mem::take(&mut self.small);
            self.push(if in_paragraph { Block::Paragraph(spans, small) } else { Block::Line(spans) });
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

/// Whether a link may leave the document, or leads to a place in it.
fn leads_out(url: &str) -> bool {
    let scheme = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let known = url.starts_with('#') || scheme == "https://" || scheme.starts_with("mailto:");
    known && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether a link leads to the same report of another org.
fn is_report(url: &str) -> bool {
    url.starts_with("orgs/")
        && !url.contains("..")
        && !url.contains(|c: char| matches!(c, ':' | '\\' | '%') || c.is_whitespace() || c.is_control())
}

fn anchor(html: &str) -> Option<&str> {
    let id = html.strip_prefix("<a id=\"")?.strip_suffix("\">")?;
    let good = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    good.then_some(id)
}
