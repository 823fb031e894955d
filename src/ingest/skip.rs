//! Skips blocks that are not kept, several times faster than events: nine tenths of a profile are such blocks.
//!
//! It still checks that tags are closed and match, that nesting stays within the limit, and that the block ends; a cut
//! or crossed file is found out here as it is by events.

use super::xml::without_prefix;
use memchr::{memchr, memmem};

pub(super) const CUT_OFF: &str = "ends before its root element does; the file is cut off";
pub(super) const UNCLOSED: &str = "a tag, comment or declaration is not closed";
pub(super) const MISMATCHED: &str = "an end tag does not match its start tag";
pub(super) const TEXT_BETWEEN: &str = "text stands between elements, as a failed merge leaves it";
pub(super) const TOO_DEEP: &str = "nests elements deeper than the limit";

/// Where something is wrong, and what.
type Complaint = (usize, &'static str);

/// Skips the element that starts at `from`, and all unwanted siblings that follow it. Gives the offset behind them.
pub(super) fn blocks(
    source: &str,
    from: usize,
    most: usize,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<usize, Complaint> {
    let bytes = source.as_bytes();
    let mut open: Vec<&[u8]> = Vec::new();
    let mut at = from;
    let mut text = Text::None;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = memchr(b'<', rest).ok_or((source.len(), CUT_OFF))?;
        let tag = at + length;
        text.passes(rest.get(..length).unwrap_or_default()).map_err(|lead| (at + lead, TEXT_BETWEEN))?;
        match bytes.get(tag + 1) {
            Some(b'/') => {
                at = end_tag(bytes, tag, open.pop())?;
                text = Text::BehindChild;
                if open.is_empty() && !unwanted_follows(source, at, wanted) {
                    return Ok(at);
                }
            }
            Some(b'!') if bytes.get(tag..).is_some_and(|rest| rest.starts_with(b"<!--")) => {
                at = behind(bytes, tag + 4, b"-->").ok_or((tag, UNCLOSED))?;
            }
            Some(b'!') if bytes.get(tag..).is_some_and(|rest| rest.starts_with(b"<![CDATA[")) => {
                at = behind(bytes, tag + 9, b"]]>").ok_or((tag, UNCLOSED))?;
                // It is text, whatever it looks like.
                let content = bytes.get(tag + 9..at.saturating_sub(3)).unwrap_or_default();
                text.passes(content).map_err(|_| (tag, TEXT_BETWEEN))?;
            }
            Some(b'?') => at = behind(bytes, tag + 2, b"?>").ok_or((tag, UNCLOSED))?,
            Some(b'!') | None => return Err((tag, UNCLOSED)),
            Some(_) => {
                let (name, end, empty) = start_tag(bytes, tag)?;
                if text == Text::Some {
                    return Err((tag, TEXT_BETWEEN));
                }
                if empty {
                    text = Text::BehindChild;
                } else {
                    if open.len() + 2 > most {
                        return Err((tag, TOO_DEEP));
                    }
                    open.push(name);
                    text = Text::None;
                }
                at = end;
                if open.is_empty() && !unwanted_follows(source, at, wanted) {
                    return Ok(at);
                }
            }
        }
    }
}

/// What the innermost open element holds so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    None,
    Some,
    BehindChild,
}

/// Where something other than white space stands. Nearly always there is a new line and the indent, which is looked at
/// eight blanks at a time: this runs for every tag.
fn first_visible(between: &[u8]) -> Option<usize> {
    let skipped = usize::from(between.first() == Some(&b'\n'));
    let (eights, _) = between.get(skipped..).unwrap_or_default().as_chunks::<8>();
    let from = skipped + 8 * eights.iter().take_while(|eight| **eight == [b' '; 8]).count();
    let rest = between.get(from..).unwrap_or_default();
    rest.iter().position(|b| !b.is_ascii_whitespace()).map(|at| from + at)
}

impl Text {
    /// Takes the bytes before the next tag. Gives where text starts that stands behind a child.
    fn passes(&mut self, between: &[u8]) -> Result<(), usize> {
        let lead = first_visible(between);
        match (*self, lead) {
            (_, None) | (Self::Some, _) => Ok(()),
            (Self::None, Some(_)) => {
                *self = Self::Some;
                Ok(())
            }
            (Self::BehindChild, Some(lead)) => Err(lead),
        }
    }
}

/// Checks an end tag against the element that is open; gives the offset behind it.
fn end_tag(bytes: &[u8], tag: usize, open: Option<&[u8]>) -> Result<usize, Complaint> {
    let name = open.ok_or((tag, MISMATCHED))?;
    let rest = bytes.get(tag + 2..).unwrap_or_default();
    let tail = rest.strip_prefix(name).ok_or_else(|| match memchr(b'>', rest) {
        Some(_) => (tag, MISMATCHED),
        None => (tag, UNCLOSED),
    })?;
    let close = tail.iter().position(|b| !b.is_ascii_whitespace()).ok_or((tag, UNCLOSED))?;
    match tail.get(close) {
        Some(b'>') => Ok(tag + 2 + name.len() + close + 1),
        _ => Err((tag, MISMATCHED)),
    }
}

/// Name of a start tag, the offset behind it, and whether it is empty (`<a/>`).
pub(super) fn start_tag(bytes: &[u8], tag: usize) -> Result<(&[u8], usize, bool), Complaint> {
    let unclosed = (tag, UNCLOSED);
    let rest = bytes.get(tag + 1..).unwrap_or_default();
    let length = rest.iter().position(|b| matches!(b, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r')).ok_or(unclosed)?;
    let name = rest.get(..length).filter(|name| !name.is_empty() && memchr(b'<', name).is_none()).ok_or(unclosed)?;
    let mut at = length;
    loop {
        match rest.get(at) {
            Some(b'>') => {
                let empty = at > 0 && rest.get(at - 1) == Some(&b'/');
                return Ok((name, tag + 1 + at + 1, empty));
            }
            Some(quote @ (b'"' | b'\'')) => {
                let value = rest.get(at + 1..).unwrap_or_default();
                at += memchr(*quote, value).ok_or(unclosed)? + 2;
            }
            Some(b'<') | None => return Err(unclosed),
            Some(_) => at += 1,
        }
    }
}

/// Whether the next thing, white space aside, is the start tag of another element to skip.
fn unwanted_follows(source: &str, at: usize, wanted: &dyn Fn(&str) -> bool) -> bool {
    let bytes = source.as_bytes().get(at..).unwrap_or_default();
    let Some(start) = bytes.iter().position(|b| !b.is_ascii_whitespace()) else { return false };
    let Some(tag) = bytes.get(start..).and_then(|rest| rest.strip_prefix(b"<")) else { return false };
    let length = tag.iter().position(|b| matches!(b, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r')).unwrap_or_default();
    let from = at + start + 1;
    let starts_name = tag.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    starts_name && source.get(from..from + length).is_some_and(|name| !name.is_empty() && !wanted(without_prefix(name)))
}

fn behind(bytes: &[u8], from: usize, end: &[u8]) -> Option<usize> {
    memmem::find(bytes.get(from..)?, end).map(|at| from + at + end.len())
}
