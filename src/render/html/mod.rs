//! `report.html`: one self-contained file set from the same blocks as the PDF.
//!
//! No script, no request: style and figures are inline, and a content security policy says so to the browser.
//! Nothing in the Markdown is honoured as HTML but the dialect's directives and anchors (`docs/markdown.md`).

mod contents;
mod ids;
mod inline;
mod logo;
mod table;

use crate::drawing::Drawing;
use crate::model::Outcome;
use crate::render::blocks::{Block, Container, Quote, Span, plain};
use crate::render::theme::{Colours, Theme};
use crate::text::escape::xml;
use contents::{Entry, contents};
use data_encoding::BASE64;
use ids::Ids;
use inline::{inline, inline_unlinked, slug};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How a card ends.
const CARD_END: &str = "</section>\n";
/// The built-in style sheet.
pub const STYLE: &str = include_str!("../../../templates/report.css");

/// What a style sheet may not hold: what ends it, and what would load something.
pub const FORBIDDEN_IN_STYLE: &[&str] = &["</", "@import", "url(", "image-set(", "src("];

/// What the page needs besides its Markdown.
#[derive(Clone, Debug, Default)]
pub struct HtmlMeta {
    /// Document title.
    pub title: String,
    /// Language tag.
    pub language: String,
    /// Heading of the table of contents.
    pub contents_title: String,
    /// Text of the link that skips to the content.
    pub skip: String,
    /// Status and classification, on top of every screen and page; empty when there is none.
    pub banner: String,
    /// What opens the places that prove something.
    pub proof: String,
    /// What stands before the choice of cards by result, and the choice that shows all.
    pub filter: [String; 2],
    /// Style sheet in the place of the built-in one.
    pub style: Option<String>,
    /// The words of results.
    pub results: Vec<(Outcome, String)>,
}

/// Sets blocks as one HTML page. `figures` are painted inline where an image names `figures/NAME.svg`.
#[must_use]
pub fn html(blocks: &[Block], figures: &[Drawing], theme: &Theme, meta: &HtmlMeta) -> String {
    let mut page = Page::new(blocks, figures, meta);
    page.run();
    let style = style(theme, meta.style.as_deref().unwrap_or(STYLE));
    let hash = BASE64.encode(&Sha256::digest(style.as_bytes()));
    let mut out = String::with_capacity(page.body.len() + style.len() + 2048);
    // A logo of pixels is part of the page; nothing is loaded for it.
    let pictures = if logo::has_pixels(theme) { "img-src data:; " } else { "" };
    let (title, language) = (xml(&meta.title), xml(&meta.language));
    // Writing to a String does not fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; {pictures}\
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{style}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#Main\">{}</a>\n",
        xml(&meta.skip)
    );
    if !meta.banner.is_empty() {
        let _ = writeln!(out, "<aside class=\"banner\">{}</aside>", xml(&meta.banner));
    }
    let _ = write!(out, "<header class=\"cover\">\n{}{}</header>\n", logo::brand(theme), page.cover);
    let _ = write!(
        out,
        "<nav aria-label=\"{0}\">\n<p>{0}</p>\n{1}</nav>\n",
        xml(&meta.contents_title),
        contents(&page.entries)
    );
    let _ = write!(out, "<main id=\"Main\">\n{}</main>\n</body>\n</html>\n", page.body);
    out
}

/// The style sheet behind the theme's colours, for light and for dark.
fn style(theme: &Theme, sheet: &str) -> String {
    format!(
        ":root{{color-scheme:light dark;{}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n{sheet}",
        variables(&theme.colours),
        variables(&theme.dark)
    )
}

fn variables(colours: &Colours) -> String {
    let roles = Colours::KEYS.iter();
    roles.map(|(ink, _)| format!("{}:{};", Colours::variable(*ink), colours.of(*ink))).collect()
}

struct Page<'a> {
    meta: &'a HtmlMeta,
    blocks: &'a [Block],
    at: usize,
    figures: &'a [Drawing],
    cover: String,
    body: String,
    entries: Vec<Entry>,
    ids: Ids,
    on_cover: bool,
    /// How the containers end that are open.
    open: Vec<&'static str>,
    level: u8,
    painted: usize,
    /// Cards so far.
    cards: usize,
}

impl<'a> Page<'a> {
    fn new(blocks: &'a [Block], figures: &'a [Drawing], meta: &'a HtmlMeta) -> Self {
        Self {
            meta,
            blocks,
            at: 0,
            figures,
            cover: String::new(),
            body: String::new(),
            entries: Vec::new(),
            ids: Ids::of(blocks),
            on_cover: true,
            open: Vec::new(),
            level: 0,
            painted: 0,
            cards: 0,
        }
    }

    fn run(&mut self) {
        while let Some(block) = self.blocks.get(self.at) {
            self.at += 1;
            self.block(block);
        }
    }

    fn push(&mut self, html: &str) {
        if self.on_cover { self.cover.push_str(html) } else { self.body.push_str(html) }
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading(level, spans) => self.heading(*level, spans),
            Block::Paragraph(spans, small) => {
                let class = if *small { " class=\"small\"" } else { "" };
                let html = inline(spans, &mut self.ids);
                self.push(&format!("<p{class}>{html}</p>\n"));
            }
            Block::Line(spans) => {
                let html = inline(spans, &mut self.ids);
                self.push(&html);
            }
            Block::Code(language, text) => self.code(language, text),
            Block::Rule => self.push("<hr>\n"),
            Block::Figure(name, alt) => self.figure(name, alt),
            Block::Table(table) => {
                let html = table::table(table, &mut self.ids);
                self.push(&html);
            }
            Block::Open(container, small) => self.open(*container, *small),
            Block::Close => {
                let end = self.open.pop().unwrap_or_default();
                self.push(end);
            }
            // A page on screen has no pages, and navigation of its own.
            Block::Page | Block::Contents(_) => {}
        }
    }

    fn open(&mut self, container: Container, small: bool) {
        let class = if small { " class=\"small\"" } else { "" };
        let (start, end) = match container {
            Container::Quote(Quote::Plain) => ("<blockquote>\n".to_owned(), "</blockquote>\n"),
            Container::Quote(Quote::Verdict) => ("<blockquote class=\"verdict\">\n".to_owned(), "</blockquote>\n"),
            Container::Quote(Quote::Warn) => ("<blockquote class=\"callout warn\">\n".to_owned(), "</blockquote>\n"),
            Container::Quote(Quote::Note) => ("<blockquote class=\"callout note\">\n".to_owned(), "</blockquote>\n"),
            Container::List(Some(1)) => (format!("<ol{class}>\n"), "</ol>\n"),
            Container::List(Some(first)) => (format!("<ol{class} start=\"{first}\">\n"), "</ol>\n"),
            // In a card, what is nested below a statement are the places that prove it.
            Container::List(None) if self.open.first() == Some(&CARD_END) && self.open.len() > 2 => {
                (format!("<details><summary>{}</summary>\n<ul{class}>\n", xml(&self.meta.proof)), "</ul>\n</details>\n")
            }
            Container::List(None) => (format!("<ul{class}>\n"), "</ul>\n"),
            Container::Item => ("<li>".to_owned(), "</li>\n"),
            Container::Card => {
                if self.open.is_empty() {
                    self.on_cover = false;
                }
                self.cards += 1;
                let filter = if self.cards == 1 { self.filter() } else { String::new() };
                let class = self.card_class(self.at).replacen("r-", " is-", 1);
                (format!("{filter}<section class=\"card{class}\">\n"), CARD_END)
            }
        };
        self.push(&start);
        self.open.push(end);
    }

    fn heading(&mut self, level: u8, spans: &[Span]) {
        if level > 1 && self.open.is_empty() {
            self.on_cover = false;
        }
        // No level is left out, so that the outline has no holes.
        self.level = level.min(self.level + 1);
        let level = self.level;
        let anchor = spans.first().and_then(|span| span.anchors.first());
        let named = anchor.filter(|anchor| self.ids.claim_once(anchor)).cloned();
        let id = named.unwrap_or_else(|| self.ids.fresh(&slug(&plain(spans))));
        let html = inline(spans, &mut self.ids);
        self.push(&format!("<h{level} id=\"{id}\">{html}</h{level}>\n"));
        if matches!(level, 2 | 3) {
            self.entries.push(Entry { level, id, html: inline_unlinked(spans) });
        }
    }

    fn figure(&mut self, name: &str, alt: &str) {
        let Some(drawing) = self.figures.iter().find(|drawing| drawing.name == name) else {
            self.push(&format!("<p>{}</p>\n", xml(alt)));
            return;
        };
        self.painted += 1;
        // The capital letter keeps the drawing's names apart from anchors, the number from another painting of it.
        let drawing = Drawing { name: format!("Figure-{}-{name}", self.painted), ..drawing.clone() };
        let (svg, caption) = (super::svg::inline(&drawing), self.caption());
        self.push(&format!("<figure>\n<div class=\"sheet\" tabindex=\"0\">{svg}</div>\n{caption}</figure>\n"));
    }

    /// The paragraph after a figure when all of it is emphasised.
    fn caption(&mut self) -> String {
        match self.blocks.get(self.at) {
            Some(Block::Paragraph(spans, _)) if spans.iter().all(|span| span.italic) => {
                self.at += 1;
                let upright: Vec<Span> = spans.iter().map(|span| Span { italic: false, ..span.clone() }).collect();
                format!("<figcaption>{}</figcaption>\n", inline(&upright, &mut self.ids))
            }
            _ => String::new(),
        }
    }

    /// A choice of cards by their result, without a script: the style sheet knows which one is chosen. Nothing when there
    /// is nothing to choose.
    fn filter(&self) -> String {
        let cards = (self.at..=self.blocks.len()).filter(|at| {
            at.checked_sub(1)
                .and_then(|at| self.blocks.get(at))
                .is_some_and(|block| matches!(block, Block::Open(Container::Card, _)))
        });
        let classes: Vec<&str> = cards.map(|at| self.card_class(at)).collect();
        let shown = self.meta.results.iter().filter(|(outcome, _)| classes.contains(&inline::class(*outcome)));
        let shown: Vec<&(Outcome, String)> = shown.collect();
        if shown.len() < 2 {
            return String::new();
        }
        let [show, all] = &self.meta.filter;
        let choice = |id: &str, label: &str, checked: &str| {
            format!(
                "<label><input type=\"radio\" name=\"Filter\" id=\"Filter-{id}\"{checked}> {}</label>\n",
                xml(label)
            )
        };
        let others = shown.iter().map(|(outcome, word)| choice(&inline::class(*outcome)[2..], word, ""));
        let choices: String = std::iter::once(choice("all", all, " checked")).chain(others).collect();
        format!("<fieldset class=\"filter\"><legend>{}</legend>\n{choices}</fieldset>\n", xml(show))
    }

    /// The class of a card whose blocks begin here: the result it begins with.
    fn card_class(&self, at: usize) -> &'static str {
        for block in self.blocks.get(at..).unwrap_or_default() {
            let (Block::Heading(_, spans) | Block::Paragraph(spans, _)) = block else { break };
            if let Some(strong) = spans.iter().find(|span| span.bold) {
                return strong.result.map(inline::class).unwrap_or_default();
            }
        }
        ""
    }

    fn code(&mut self, language: &str, text: &str) {
        let class = if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", slug(language)) };
        // Scrollable regions have to be reachable by keyboard (WCAG 2.1.1).
        self.push(&format!("<pre tabindex=\"0\"><code{class}>{}</code></pre>\n", xml(text)));
    }
}
