//! The places of a page that links lead to: each has one name, and each link has a place.

use pulldown_cmark::Event;
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
    pub(super) fn of(events: &[Event<'_>]) -> Self {
        let inline = events.iter().enumerate().filter_map(|(at, event)| match event {
            Event::Html(html) => block_anchor(html),
            _ => inline_anchor(event, events.get(at + 1)),
        });
        Self { anchors: inline.map(str::to_owned).collect(), used: BTreeSet::new() }
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

/// The name in `<a id="…">` when `</a>` follows at once.
pub(super) fn inline_anchor<'a>(event: &'a Event<'_>, next: Option<&Event<'_>>) -> Option<&'a str> {
    match (event, next) {
        (Event::InlineHtml(open), Some(Event::InlineHtml(close))) if close.as_ref() == "</a>" => anchor(open),
        _ => None,
    }
}

/// The name of an anchor that stands in a block of its own.
pub(super) fn block_anchor(html: &str) -> Option<&str> {
    anchor(html.trim().strip_suffix("</a>")?)
}

fn anchor(open: &str) -> Option<&str> {
    let id = open.strip_prefix("<a id=\"")?.strip_suffix("\">")?;
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (!id.is_empty() && id.bytes().all(good)).then_some(id)
}

/// The anchor that begins a text, and what follows it.
pub(super) fn leading<'e, 'a>(events: &'e [Event<'a>]) -> (Option<&'e str>, &'e [Event<'a>]) {
    match events.first().and_then(|first| inline_anchor(first, events.get(1))) {
        Some(id) => (Some(id), events.get(2..).unwrap_or_default()),
        None => (None, events),
    }
}
