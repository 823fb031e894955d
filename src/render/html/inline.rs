//! Text inside blocks.

use pulldown_cmark::{Event, Tag, TagEnd};

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
pub(super) fn inline(events: &[Event<'_>]) -> String {
    write(events, true)
}

/// The same without links and anchors, for text that is a link itself.
pub(super) fn inline_unlinked(events: &[Event<'_>]) -> String {
    write(events, false)
}

fn write(events: &[Event<'_>], links: bool) -> String {
    let mut out = String::new();
    // What each open tag has to be closed with.
    let mut closing: Vec<&'static str> = Vec::new();
    let mut image = 0_usize;
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => {
                let (open, close) = start(tag, links, events.get(at + 1));
                image += usize::from(matches!(tag, Tag::Image { .. }));
                out.push_str(&open);
                closing.push(close);
            }
            Event::End(end) => {
                image -= usize::from(matches!(end, TagEnd::Image) && image > 0);
                out.push_str(closing.pop().unwrap_or_default());
            }
            Event::Text(text) => out.push_str(&escape(text)),
            Event::Code(code) => out.push_str(&format!("<code>{}</code>", escape(code))),
            Event::InlineHtml(html) | Event::Html(html) if links => out.push_str(&anchors(html)),
            Event::InlineHtml(html) | Event::Html(html) => {
                if !is_anchor(html) && html.as_ref() != "</a>" {
                    out.push_str(&escape(html));
                }
            }
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>\n"),
            _ => {}
        }
    }
    out
}

fn start(tag: &Tag<'_>, links: bool, next: Option<&Event<'_>>) -> (String, &'static str) {
    match tag {
        Tag::Strong => {
            let class = match next {
                Some(Event::Text(text)) => result_class(text),
                _ => None,
            };
            (class.map_or_else(|| "<strong>".to_owned(), |c| format!("<strong class=\"{c}\">")), "</strong>")
        }
        Tag::Emphasis => ("<em>".to_owned(), "</em>"),
        Tag::Link { dest_url, .. } if links && allowed(dest_url) => {
            (format!("<a href=\"{}\">", escape(dest_url)), "</a>")
        }
        _ => (String::new(), ""),
    }
}

/// Links that are followed: to a web page, a mailbox, or a place in this document.
fn allowed(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["https:", "mailto:", "#"].iter().any(|scheme| lower.starts_with(scheme))
        || (!lower.contains(':') && !lower.starts_with('/') && !lower.contains(".."))
}

fn is_anchor(html: &str) -> bool {
    html.strip_prefix("<a id=\"").and_then(|rest| rest.strip_suffix("\">")).is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}

/// The dialect's anchors as they are; anything else as visible text.
pub(super) fn anchors(html: &str) -> String {
    let html = html.trim_end_matches('\n');
    match html.strip_suffix("</a>") {
        Some(open) if is_anchor(open) => html.to_owned(),
        _ if is_anchor(html) || html == "</a>" => html.to_owned(),
        _ => escape(html),
    }
}
