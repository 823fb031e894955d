//! `report.html`: one self-contained file set from the same Markdown as the PDF.
//!
//! No script, no request: style and figures are inline, and a content security policy says so to the browser.
//! Nothing in the Markdown is honoured as HTML but the dialect's directives and anchors (`docs/markdown.md`).

mod contents;
mod ids;
mod inline;
mod logo;
mod table;

use crate::drawing::Drawing;
use crate::render::logo::Logo;
use contents::{Entry, contents};
use ids::Ids;
use inline::{escape, slug};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

const STYLE: &str = include_str!("../../../templates/report.css");

/// What the page needs besides its Markdown.
#[derive(Clone, Debug)]
pub struct HtmlMeta {
    /// Document title.
    pub title: String,
    /// Language tag.
    pub language: String,
    /// Heading of the table of contents.
    pub contents_title: String,
    /// Text of the link that skips to the content.
    pub skip: String,
    /// Logo; one of outlines is shown, one of pixels is not, because the page loads no picture.
    pub logo: Option<Logo>,
    /// Who prepared the report; empty for nobody.
    pub brand: String,
}

/// Sets Markdown as one HTML page. `figures` are painted inline where an image names `figures/NAME.svg`.
#[must_use]
pub fn html(markdown: &str, figures: &[Drawing], meta: &HtmlMeta) -> String {
    let options = Options::ENABLE_TABLES;
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    let mut page = Page::new(&events, figures);
    page.run();
    let hash = data_encoding::BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    let mut out = String::with_capacity(page.body.len() + STYLE.len() + 2048);
    let (title, language) = (escape(&meta.title), escape(&meta.language));
    // Writing to a String does not fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#Main\">{}</a>\n",
        escape(&meta.skip)
    );
    let _ = write!(out, "<header class=\"cover\">\n{}{}</header>\n", logo::brand(meta), page.cover);
    let _ = write!(
        out,
        "<nav aria-label=\"{0}\">\n<p>{0}</p>\n{1}</nav>\n",
        escape(&meta.contents_title),
        contents(&page.entries)
    );
    let _ = write!(out, "<main id=\"Main\">\n{}</main>\n</body>\n</html>\n", page.body);
    out
}

/// What a directive said about the block that follows it.
#[derive(Default)]
struct Next {
    class: Option<&'static str>,
}

struct Page<'a> {
    events: &'a [Event<'a>],
    at: usize,
    figures: BTreeMap<String, &'a Drawing>,
    cover: String,
    body: String,
    entries: Vec<Entry>,
    ids: Ids,
    next: Next,
    on_cover: bool,
    open_cards: usize,
    /// Block quotes, lists and items that are open: what begins inside them ends inside them.
    depth: usize,
    level: u8,
    painted: usize,
}

impl<'a> Page<'a> {
    fn new(events: &'a [Event<'a>], figures: &'a [Drawing]) -> Self {
        let figures = figures.iter().map(|f| (format!("figures/{}.svg", f.name), f)).collect();
        Self {
            events,
            at: 0,
            figures,
            cover: String::new(),
            body: String::new(),
            entries: Vec::new(),
            ids: Ids::of(events),
            next: Next::default(),
            on_cover: true,
            open_cards: 0,
            depth: 0,
            level: 0,
            painted: 0,
        }
    }

    fn run(&mut self) {
        while let Some(event) = self.events.get(self.at) {
            self.at += 1;
            self.block(event);
        }
        for _ in 0..std::mem::take(&mut self.open_cards) {
            self.push("</section>\n");
        }
    }

    fn push(&mut self, html: &str) {
        if self.on_cover { self.cover.push_str(html) } else { self.body.push_str(html) }
    }

    /// The events up to the end of the block that has just begun, without its end.
    fn inside(&mut self) -> &'a [Event<'a>] {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(event) = self.events.get(self.at) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        let inside = self.events.get(start..self.at).unwrap_or_default();
        self.at += 1;
        inside
    }

    fn class(&mut self) -> String {
        self.next.class.take().map(|class| format!(" class=\"{class}\"")).unwrap_or_default()
    }

    fn block(&mut self, event: &'a Event<'a>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(*level),
            Event::Start(Tag::Table(alignments)) => {
                let class = self.next.class.take().unwrap_or("plain");
                let inside = self.inside();
                let html = table::table(inside, alignments, class, &mut self.ids);
                self.push(&html);
            }
            Event::Start(Tag::CodeBlock(kind)) => self.code(kind),
            Event::Start(Tag::Paragraph) => self.paragraph(),
            Event::Start(Tag::HtmlBlock) => {
                let inside = self.inside();
                self.directives(inside);
            }
            Event::Start(Tag::BlockQuote(_)) => {
                let class = self.class();
                self.open(&format!("<blockquote{class}>\n"));
            }
            Event::Start(Tag::List(start)) => {
                let class = self.class();
                let open = match start {
                    Some(1) => format!("<ol{class}>\n"),
                    Some(n) => format!("<ol{class} start=\"{n}\">\n"),
                    None => format!("<ul{class}>\n"),
                };
                self.open(&open);
            }
            Event::Start(Tag::Item) => self.open("<li>"),
            Event::End(TagEnd::BlockQuote(_)) => self.close("</blockquote>\n"),
            Event::End(TagEnd::List(true)) => self.close("</ol>\n"),
            Event::End(TagEnd::List(false)) => self.close("</ul>\n"),
            Event::End(TagEnd::Item) => self.close("</li>\n"),
            Event::Rule => self.push("<hr>\n"),
            // Text directly in an item of a tight list.
            _ => {
                let html = inline::inline(self.line(), &mut self.ids);
                self.push(&html);
            }
        }
    }

    fn open(&mut self, html: &str) {
        self.depth += 1;
        self.push(html);
    }

    fn close(&mut self, html: &str) {
        // The beginning may have gone with the list of contents.
        if self.depth > 0 {
            self.depth -= 1;
            self.push(html);
        }
    }

    /// The text from the event that has just been read to the next block.
    fn line(&mut self) -> &'a [Event<'a>] {
        let start = self.at.saturating_sub(1);
        let rest = self.events.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|event| is_inline(event)).count();
        self.events.get(start..self.at).unwrap_or_default()
    }

    fn heading(&mut self, level: HeadingLevel) {
        let (anchor, inside) = ids::leading(self.inside());
        let mut number = level as u8;
        if number > 1 && self.depth == 0 && self.open_cards == 0 {
            self.on_cover = false;
        }
        // No level is left out, so that the outline has no holes.
        number = number.min(self.level + 1);
        self.level = number;
        let named = anchor.filter(|anchor| self.ids.claim_once(anchor)).map(str::to_owned);
        let id = named.unwrap_or_else(|| self.ids.fresh(&slug(&inline::text(inside))));
        let html = inline::inline(inside, &mut self.ids);
        self.push(&format!("<h{number} id=\"{id}\">{html}</h{number}>\n"));
        if matches!(number, 2 | 3) {
            self.entries.push(Entry { level: number, id, html: inline::inline_unlinked(inside) });
        }
    }

    fn paragraph(&mut self) {
        let class = self.class();
        let inside = self.inside();
        if let Some(drawing) = self.figure(inside) {
            self.painted += 1;
            // The capital letter keeps the drawing's names apart from anchors, the number from another painting of it.
            let drawing = Drawing { name: format!("Figure-{}-{}", self.painted, drawing.name), ..drawing.clone() };
            let (svg, caption) = (super::svg::inline(&drawing), self.caption());
            self.push(&format!("<figure>\n<div class=\"sheet\" tabindex=\"0\">{svg}</div>\n{caption}</figure>\n"));
            return;
        }
        let html = inline::inline(inside, &mut self.ids);
        self.push(&format!("<p{class}>{html}</p>\n"));
    }

    /// The drawing of a paragraph that is one image of a known figure and nothing else.
    fn figure(&self, inside: &[Event<'a>]) -> Option<&'a Drawing> {
        let ends = inside.iter().filter(|event| matches!(event, Event::End(TagEnd::Image))).count();
        match (inside.first(), inside.last()) {
            (Some(Event::Start(Tag::Image { dest_url, .. })), Some(Event::End(TagEnd::Image))) if ends == 1 => {
                self.figures.get(dest_url.as_ref()).copied()
            }
            _ => None,
        }
    }

    /// The paragraph after a figure when all of it is emphasised.
    fn caption(&mut self) -> String {
        let rest = self.events.get(self.at..).unwrap_or_default();
        let [Event::Start(Tag::Paragraph), Event::Start(Tag::Emphasis), text @ ..] = rest else { return String::new() };
        let end = text.iter().position(|event| matches!(event, Event::End(TagEnd::Emphasis))).unwrap_or(text.len());
        if !matches!(text.get(end + 1), Some(Event::End(TagEnd::Paragraph))) {
            return String::new();
        }
        // Start of the paragraph and of the emphasis, the text, and both ends.
        self.at += end + 4;
        let html = inline::inline(text.get(..end).unwrap_or_default(), &mut self.ids);
        format!("<figcaption>{html}</figcaption>\n")
    }

    /// The class of a card: the result it begins with.
    fn card_class(&self) -> &'static str {
        let rest = self.events.get(self.at..).unwrap_or_default();
        let inside = rest.iter().take_while(|event| !matches!(event, Event::Start(Tag::HtmlBlock | Tag::List(_))));
        let strong = inside.skip_while(|event| !matches!(event, Event::Start(Tag::Strong))).nth(1);
        match strong {
            Some(Event::Text(text)) => inline::result_class(text).unwrap_or_default(),
            _ => "",
        }
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>) {
        let language = match kind {
            CodeBlockKind::Fenced(language) if !language.is_empty() => {
                format!(" class=\"language-{}\"", slug(language))
            }
            _ => String::new(),
        };
        let text = inline::text(self.inside());
        // Scrollable regions have to be reachable by keyboard (WCAG 2.1.1).
        self.push(&format!("<pre tabindex=\"0\"><code{language}>{}</code></pre>\n", escape(&text)));
    }

    fn directives(&mut self, inside: &[Event<'a>]) {
        let text: String =
            inside.iter().filter_map(|e| if let Event::Html(html) = e { Some(html.as_ref()) } else { None }).collect();
        match text.trim() {
            "<!-- toc -->" if self.depth == 0 => self.skip_contents(),
            "<!-- card -->" if self.depth == 0 => {
                self.on_cover = false;
                self.open_cards += 1;
                let class = self.card_class().replacen("r-", " is-", 1);
                self.push(&format!("<section class=\"card{class}\">\n"));
            }
            "<!-- /card -->" if self.open_cards > 0 && self.depth == 0 => {
                self.open_cards -= 1;
                self.push("</section>\n");
            }
            directive => match class_of(directive) {
                Some(class) => self.next.class = class,
                None => {
                    let html = match ids::block_anchor(directive) {
                        Some(id) => format!("<div{}></div>\n", self.ids.claim(id)),
                        None => format!("<p>{}</p>\n", escape(directive)),
                    };
                    self.push(&html);
                }
            },
        }
    }

    /// The Markdown's own list of contents is replaced by the page's navigation.
    fn skip_contents(&mut self) {
        let end = |event: &Event<'_>| matches!(event, Event::Html(html) if html.trim() == "<!-- /toc -->");
        let rest = self.events.get(self.at..).unwrap_or_default();
        if let Some(offset) = rest.iter().position(end) {
            // Past the comment and the end of its block.
            self.at += offset + 2;
        }
    }
}

/// Whether an event belongs to a line of text.
const fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(tag, Tag::Strong | Tag::Emphasis | Tag::Link { .. } | Tag::Image { .. }),
        Event::End(tag) => matches!(tag, TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link | TagEnd::Image),
        Event::Rule | Event::Html(_) => false,
        _ => true,
    }
}

/// The class that a layout directive gives to the next block; `Some(None)` for those that mean nothing here.
fn class_of(directive: &str) -> Option<Option<&'static str>> {
    Some(match directive {
        "<!-- tiles -->" => Some("tiles"),
        "<!-- verdict -->" => Some("verdict"),
        "<!-- callout:warn -->" => Some("callout warn"),
        "<!-- callout:note -->" => Some("callout note"),
        "<!-- facts -->" => Some("facts"),
        "<!-- matrix -->" => Some("matrix"),
        "<!-- waterfall -->" => Some("waterfall"),
        "<!-- signoff -->" => Some("signoff"),
        "<!-- small -->" => Some("small"),
        "<!-- page -->" | "<!-- toc -->" | "<!-- /toc -->" | "<!-- card -->" | "<!-- /card -->" => None,
        other if other.starts_with("<!-- widths:") && other.ends_with("-->") && !other.contains('\n') => None,
        _ => return None,
    })
}
