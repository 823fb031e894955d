//! Text inside blocks: runs, links and bookmarks.

use super::places::Places;
use super::styles;
use crate::render::blocks::Span;
use crate::text::escape::xml_character;
use docx_rs::{BreakType, Hyperlink, HyperlinkData, HyperlinkType, Paragraph, Run};

/// What a link leads to.
#[derive(PartialEq)]
enum Target {
    Place(String),
    Address(String),
}

/// Adds spans to a paragraph. In running text only a strong result has its colour, in a cell every one that begins it.
pub(super) fn inline(paragraph: Paragraph, spans: &[Span], places: &mut Places, strong_only: bool) -> Paragraph {
    let mut paragraph = paragraph;
    let mut link: Option<(usize, Hyperlink)> = None;
    for span in spans {
        if !span.anchors.is_empty() || link.as_ref().is_some_and(|(number, _)| *number != span.link_number) {
            paragraph = end(paragraph, link.take());
        }
        for anchor in &span.anchors {
            paragraph = places.place(paragraph, anchor);
        }
        if span.text.is_empty() {
            continue;
        }
        let target = target(span, places);
        let run = run(span, target.is_some(), strong_only);
        match (link.take(), target) {
            (Some((number, open)), _) => link = Some((number, open.add_run(run))),
            (None, Some(target)) => link = Some((span.link_number, hyperlink(target, places).add_run(run))),
            (None, None) => paragraph = paragraph.add_run(run),
        }
    }
    end(paragraph, link)
}

fn end(paragraph: Paragraph, link: Option<(usize, Hyperlink)>) -> Paragraph {
    match link {
        Some((_, link)) => paragraph.add_hyperlink(link),
        None => paragraph,
    }
}

fn hyperlink(target: Target, places: &mut Places) -> Hyperlink {
    match target {
        Target::Place(name) => Hyperlink::new(name, HyperlinkType::Anchor),
        Target::Address(url) => {
            let mut link = Hyperlink::new(url, HyperlinkType::External);
            if let HyperlinkData::External { rid, .. } = &mut link.link {
                // The crate counts the links of all documents together.
                *rid = places.relation();
            }
            link
        }
    }
}

/// Where the link of a span leads. One to a place that does not exist is text.
fn target(span: &Span, places: &Places) -> Option<Target> {
    if let Some(report) = &span.report {
        let stem = report.strip_suffix(".md");
        return Some(Target::Address(stem.map_or_else(|| report.clone(), |stem| format!("{stem}.docx"))));
    }
    let url = span.link.as_ref()?;
    match url.strip_prefix('#') {
        Some(anchor) => places.name(anchor).map(|name| Target::Place(name.to_owned())),
        None => Some(Target::Address(url.chars().map(xml_character).collect())),
    }
}

fn run(span: &Span, linked: bool, strong_only: bool) -> Run {
    let result = span.result.filter(|_| span.bold || !strong_only);
    let mut run = match result {
        Some(result) => Run::new().style(styles::result(result)),
        None if span.code => Run::new().style(styles::CODE),
        None if linked => Run::new().style(styles::LINK),
        None => Run::new(),
    };
    if span.bold {
        run = run.bold();
    }
    if span.italic {
        run = run.italic();
    }
    written(run, &glued(span))
}

/// The text with symbols of results that are never parted from their word.
fn glued(span: &Span) -> String {
    let mut out = String::with_capacity(span.text.len() + 8);
    let mut symbol = false;
    for (at, c) in span.text.char_indices() {
        out.push(if symbol && c == ' ' { '\u{a0}' } else { xml_character(c) });
        symbol = span.symbols.contains(&at);
    }
    out
}

/// Adds text: Word has elements for line breaks and tabs.
fn written(run: Run, text: &str) -> Run {
    let mut run = run;
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        for (n, piece) in line.split('\t').enumerate() {
            if n > 0 {
                run = run.add_tab();
            }
            if !piece.is_empty() {
                run = run.add_text(piece);
            }
        }
    }
    run
}

/// Adds spans that hold no links.
pub(super) fn spans(paragraph: Paragraph, spans: &[Span]) -> Paragraph {
    spans.iter().fold(paragraph, |paragraph, span| paragraph.add_run(run(span, false, true)))
}

/// Adds text without a look of its own; nothing when there is none.
pub(super) fn plain(paragraph: Paragraph, text: &str) -> Paragraph {
    if text.is_empty() {
        return paragraph;
    }
    spans(paragraph, &[Span { text: text.to_owned(), ..Span::default() }])
}
