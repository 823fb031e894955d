//! What a template may not look like. It is checked before the template is parsed: parser and renderer nest as deep as
//! the template does, and the built-in inclusion has no guard against circles.

use crate::limits::fixed::{TEMPLATE_BLOCKS, TEMPLATE_BRACKETS};
use crate::render::blocks::is_directive;

/// Where a template is refused, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// From 1.
    pub(super) line: usize,
    /// From 1.
    pub(super) column: usize,
    pub(super) message: String,
    pub(super) hint: &'static str,
}

/// A comment alone in its line that is no directive: it would stand in the report as text.
fn misspelt(text: &str) -> Option<Refusal> {
    let mut lines = (1..).zip(text.lines());
    lines.find_map(|(line, text)| {
        let comment = text.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
        let message = format!("no directive `{comment}`");
        let hint = "docs/markdown.md lists the directives; {{! … }} is a comment of a template";
        (!is_directive(comment)).then_some(Refusal { line, column: 1, message, hint })
    })
}

/// The first thing in a template that is refused.
pub(super) fn refusal(text: &str) -> Option<Refusal> {
    if let Some(refused) = misspelt(text) {
        return Some(refused);
    }
    let mut at = 0;
    let mut open: Vec<usize> = Vec::new();
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|found| at + found) {
        let tag = Tag::at(text, start);
        at = tag.end;
        let refused = match tag.kind() {
            Kind::Inclusion => Some(("`{{> …}}` is not used here".to_owned(), "write {{part \"partials/name\"}}")),
            Kind::Decorator => Some(("`{{* …}}` is not used here".to_owned(), "")),
            Kind::Open => {
                open.push(1);
                None
            }
            Kind::Branch => {
                if let Some(branches) = open.last_mut() {
                    *branches += 1;
                }
                None
            }
            Kind::Close => {
                open.pop();
                None
            }
            Kind::Other => None,
        };
        let too_deep = open.iter().sum::<usize>() > TEMPLATE_BLOCKS || tag.nests_deeper_than(TEMPLATE_BRACKETS);
        let refused = refused.or_else(|| {
            let message = format!("nests more than {TEMPLATE_BLOCKS} blocks or {TEMPLATE_BRACKETS} brackets");
            too_deep.then_some((message, "put the inner part into a template of its own"))
        });
        if let Some((message, hint)) = refused {
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            return Some(Refusal { line, column, message, hint });
        }
    }
    None
}

enum Kind {
    Open,
    Branch,
    Close,
    Inclusion,
    Decorator,
    Other,
}

/// One `{{…}}`, without its braces, tildes and white space at the beginning.
struct Tag<'t> {
    inner: &'t str,
    end: usize,
}

impl<'t> Tag<'t> {
    fn at(text: &'t str, start: usize) -> Self {
        let rest = text.get(start..).unwrap_or_default();
        let comment = rest.starts_with("{{!--") || rest.starts_with("{{~!--");
        let close = if comment { "--" } else { "}}" };
        let length = rest.get(5..).and_then(|tail| tail.find(close)).map(|found| found + 5 + close.len());
        let short = (!comment).then(|| rest.find("}}").map(|found| found + 2)).flatten();
        let end = short.or(length).unwrap_or(rest.len());
        let inner = rest.get(..end).unwrap_or_default();
        let inner = inner.trim_start_matches(|c: char| c == '{' || c == '~' || c.is_whitespace());
        Self { inner, end: start + end.max(2) }
    }

    fn kind(&self) -> Kind {
        if let Some(name) = self.inner.strip_prefix(['#', '^']) {
            return match name.trim_start().chars().next() {
                Some('>') => Kind::Inclusion,
                Some('*') => Kind::Decorator,
                Some('}' | '~') | None => Kind::Other,
                Some(_) => Kind::Open,
            };
        }
        match self.inner.chars().next() {
            Some('>') => Kind::Inclusion,
            Some('*') => Kind::Decorator,
            Some('/') => Kind::Close,
            _ if self.inner.starts_with("else ") => Kind::Branch,
            _ => Kind::Other,
        }
    }

    fn nests_deeper_than(&self, most: usize) -> bool {
        let mut depth = 0_usize;
        self.inner.chars().any(|c| {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth > most
        })
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;

    fn refused(text: &str) -> Option<(usize, usize)> {
        refusal(text).map(|refusal| (refusal.line, refusal.column))
    }

    #[test]
    fn inclusions_and_decorators_are_refused_however_they_are_spaced() {
        for lead in ["{{>x}}", "{{ > x}}", "{{~> x}}", "{{#> x}}y{{/x}}", "{{ # > x}}", "{{#*inline \"x\"}}", "{{* d}}"]
        {
            assert_eq!(refused(&format!("a\n b{lead}")), Some((2, 3)), "{lead}");
        }
        for fine in ["{{x}} > y", "{{!-- {{> x}} --}}", "{{! > }}", "{{#if (gt a 1)}}{{else}}{{/if}}", "{{^}}", ""] {
            assert_eq!(refused(fine), None, "{fine}");
        }
    }

    #[test]
    fn depth_is_limited_in_blocks_branches_and_tags() {
        for (n, fine) in [(10, true), (5000, false)] {
            let nested = "{{#if x}}".repeat(n) + &"{{/if}}".repeat(n);
            let chain = format!("{{{{#if x}}}}{}{{{{/if}}}}", "{{else if y}}".repeat(n));
            let tag = format!("{{{{h {}1{}}}}}", "(a ".repeat(n), ")".repeat(n));
            for text in [nested, chain, tag] {
                assert_eq!(refusal(&text).is_none(), fine, "{n}");
            }
        }
        assert_eq!(refusal(&"{{#if x}}{{/if}}".repeat(5000)), None, "one after the other is no depth");
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in ["{{", "{{{", "{{!--", "{{~", "{{é", "{{!é}}", "}}{{", "{{!-", "{{a"] {
            let _ = refusal(text);
        }
    }
}
