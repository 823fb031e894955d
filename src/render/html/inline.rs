//! Text inside blocks.

use super::ids::Ids;
use crate::model::Outcome;
use crate::render::blocks::Span;
use crate::text::escape::xml;
use std::cmp::Reverse;

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

/// The class that colours a result.
pub(super) const fn class(result: Outcome) -> &'static str {
    match result {
        Outcome::Fail => "r-fail",
        Outcome::NotEvaluable => "r-not-evaluable",
        Outcome::Review => "r-review",
        Outcome::Pass => "r-pass",
        Outcome::NotApplicable => "r-not-applicable",
        Outcome::NotTested => "r-not-tested",
    }
}

/// An element that stands around one span or several.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    /// With the number of the link.
    Link(usize),
    Strong,
    Emphasis,
}

impl Around {
    fn holds(self, span: &Span) -> bool {
        match self {
            Self::Link(number) => span.link_number == number,
            Self::Strong => span.bold,
            Self::Emphasis => span.italic,
        }
    }

    const fn end(self) -> &'static str {
        match self {
            Self::Link(_) => "</a>",
            Self::Strong => "</strong>",
            Self::Emphasis => "</em>",
        }
    }
}

/// Spans as HTML.
pub(super) fn inline(spans: &[Span], ids: &mut Ids) -> String {
    write(spans, Some(ids))
}

/// The same without links and anchors, for text that is a link itself.
pub(super) fn inline_unlinked(spans: &[Span]) -> String {
    write(spans, None)
}

fn write(spans: &[Span], mut ids: Option<&mut Ids>) -> String {
    let mut out = String::new();
    let mut open: Vec<Around> = Vec::new();
    for (n, span) in spans.iter().enumerate() {
        let kept = open.iter().take_while(|around| around.holds(span)).count();
        close(&mut out, open.drain(kept..));
        let target = ids.as_deref().and_then(|ids| target(span, ids));
        if let Some(ids) = ids.as_deref_mut() {
            out.extend(span.anchors.iter().map(|anchor| place(anchor, ids)));
        }
        let link = target.is_some().then_some(Around::Link(span.link_number));
        let mut wanted: Vec<Around> = [link, Some(Around::Strong), Some(Around::Emphasis)]
            .into_iter()
            .flatten()
            .filter(|around| around.holds(span) && !open.contains(around))
            .collect();
        // What lasts longest is opened first, so that it need not be opened again.
        let rest = spans.get(n..).unwrap_or_default();
        wanted.sort_by_key(|around| Reverse(rest.iter().take_while(|span| around.holds(span)).count()));
        for around in wanted {
            match (around, span.result, &target) {
                (Around::Link(_), _, target) => {
                    out.push_str(&format!("<a href=\"{}\">", xml(target.as_deref().unwrap_or_default())));
                }
                (Around::Strong, Some(result), _) => out.push_str(&format!("<strong class=\"{}\">", class(result))),
                (Around::Strong, None, _) => out.push_str("<strong>"),
                (Around::Emphasis, ..) => out.push_str("<em>"),
            }
            open.push(around);
        }
        let text = xml(&span.text).replace('\n', "<br>\n");
        out.push_str(&if span.code { format!("<code>{text}</code>") } else { text });
    }
    close(&mut out, open.drain(..));
    out
}

fn close(out: &mut String, ended: impl DoubleEndedIterator<Item = Around>) {
    out.extend(ended.rev().map(Around::end));
}

/// An empty element that links lead to.
fn place(anchor: &str, ids: &mut Ids) -> String {
    match ids.claim(anchor) {
        id if id.is_empty() => id,
        id => format!("<span{id}></span>"),
    }
}

/// Where the link of a span leads. One to a place that does not exist is text.
fn target(span: &Span, ids: &Ids) -> Option<String> {
    if let Some(report) = &span.report {
        return Some(report.strip_suffix(".md").map_or_else(|| report.clone(), |stem| format!("{stem}.html")));
    }
    let url = span.link.as_ref()?;
    url.strip_prefix('#').is_none_or(|anchor| ids.leads(anchor)).then(|| url.clone())
}
