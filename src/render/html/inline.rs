//! Text inside blocks.

use super::ids::{Ids, inline_anchor};
use pulldown_cmark::{Event, Tag};
use std::fmt::Write;

/// Result symbols and the class that colours them.
const SYMBOLS: &[(char, &str)] = &[
    ('✗', "r-fail"),
    ('▲', "r-not-evaluable"),
    ('●', "r-review"),
    ('✓', "r-pass"),
    ('■', "r-not-applicable"),
    ('□', "r-not-tested"),
];

/// Text for element content and double-quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Letters and digits joined by single hyphens, lower case; never empty.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    match out.trim_end_matches('-') {
        "" => "section".to_owned(),
        slug => slug.to_owned(),
    }
}

/// The plain text of events.
pub(super) fn text(events: &[Event<'_>]) -> String {
    let mut out = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The class of a result whose symbol begins the text.
pub(super) fn result_class(text: &str) -> Option<&'static str> {
    let first = text.trim_start().chars().next()?;
    SYMBOLS.iter().find(|(symbol, _)| *symbol == first).map(|(_, class)| *class)
}

/// Inline events as HTML.
pub(super) fn inline(events: &[Event<'_>], ids: &mut Ids) -> String {
    write(events, Some(ids))
}

/// The same without links and anchors, for text that is a link itself.
pub(super) fn inline_unlinked(events: &[Event<'_>]) -> String {
    write(events, None)
}

fn write(events: &[Event<'_>], mut ids: Option<&mut Ids>) -> String {
    let mut out = String::new();
    // What each open tag has to be closed with.
    let mut closing: Vec<&'static str> = Vec::new();
    let mut at = 0;
    while let Some(event) = events.get(at) {
        at += 1;
        match event {
            Event::Start(tag) => {
                let (open, close) = start(tag, ids.as_deref(), events.get(at));
                out.push_str(&open);
                closing.push(close);
            }
            Event::End(_) => out.push_str(closing.pop().unwrap_or_default()),
            Event::Text(text) => out.push_str(&escape(text)),
            Event::Code(code) => {
                let _ = write!(out, "<code>{}</code>", escape(code));
            }
            Event::InlineHtml(html) | Event::Html(html) => match inline_anchor(event, events.get(at)) {
                Some(id) => {
                    at += 1;
                    out.push_str(&place(id, ids.as_deref_mut()));
                }
                None => out.push_str(&escape(html)),
            },
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>\n"),
            _ => {}
        }
    }
    while let Some(close) = closing.pop() {
        out.push_str(close);
    }
    out
}

/// An empty element that links lead to.
fn place(id: &str, ids: Option<&mut Ids>) -> String {
    match ids.map(|ids| ids.claim(id)) {
        Some(id) if !id.is_empty() => format!("<span{id}></span>"),
        _ => String::new(),
    }
}

/// How a tag opens and closes; without `ids`, links are text.
fn start(tag: &Tag<'_>, ids: Option<&Ids>, next: Option<&Event<'_>>) -> (String, &'static str) {
    match tag {
        Tag::Strong => {
            let class = match next {
                Some(Event::Text(text)) => result_class(text),
                _ => None,
            };
            (class.map_or_else(|| "<strong>".to_owned(), |c| format!("<strong class=\"{c}\">")), "</strong>")
        }
        Tag::Emphasis => ("<em>".to_owned(), "</em>"),
        Tag::Link { dest_url, .. } => match ids.and_then(|ids| target(dest_url, ids)) {
            Some(url) => (format!("<a href=\"{}\">", escape(&url)), "</a>"),
            None => (String::new(), ""),
        },
        _ => (String::new(), ""),
    }
}

/// Where a link leads: to a web page, a mailbox, a place in this document, or the same report of another org. Other links
/// are text.
fn target(url: &str, ids: &Ids) -> Option<String> {
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    if let Some(anchor) = url.strip_prefix('#') {
        return ids.leads(anchor).then(|| url.to_owned());
    }
    let lower = url.to_ascii_lowercase();
    if ["https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return Some(url.to_owned());
    }
    let inside = url.starts_with("orgs/") && !url.contains([':', '\\', '%']) && !url.contains("..");
    inside.then(|| url.strip_suffix(".md").map_or_else(|| url.to_owned(), |stem| format!("{stem}.html")))
}
