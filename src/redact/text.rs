//! Finding names in a string.

use super::Redactor;
use super::names::{self, Known, Names, Reach};
use super::pseudonym::{Kind, is_pseudonym};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::ops::Range;

/// What stays readable when a path is encoded again.
const IN_PATHS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'~').remove(b',');
/// Longest text between two words of one name, in bytes (` & `, `. `, `_`).
const GAP: usize = 4;

/// The parts of a person field: `Ingrid Solheim, Head of Platform` has two.
pub(super) fn parts(field: &str) -> impl Iterator<Item = &str> {
    spans(field).into_iter().filter_map(|at| field.get(at))
}

/// Where the first word between two persons stands, and its length.
fn joint(text: &str) -> Option<(usize, usize)> {
    [" and ", " und ", " - "].iter().filter_map(|word| Some((text.find(word)?, word.len()))).min()
}

fn spans(field: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    for piece in field.split_inclusive([',', ';', '(', ')', '/', '|', '–', '—', '<', '>', '\n', '\t', '"', ':']) {
        let mut from = start;
        start += piece.len();
        while let Some((at, length)) = field.get(from..start).and_then(joint) {
            spans.push(from..from + at);
            from += at + length;
        }
        spans.push(from..start);
    }
    spans.into_iter().filter_map(|at| trimmed(field, at)).collect()
}

/// A span without separators and white space around it; `None` when nothing is left.
fn trimmed(text: &str, at: Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(at.clone())?;
    let left = piece.len() - piece.trim_start_matches(separates).len();
    let kept = piece.trim_matches(separates);
    (!kept.is_empty()).then(|| at.start + left..at.start + left + kept.len())
}

fn separates(c: char) -> bool {
    c.is_whitespace() || ",;()/|–—<>\":".contains(c)
}

/// A person field: every part that is no role gets a pseudonym.
pub(super) fn person_field(field: &str, names: &Names, redactor: &Redactor) -> String {
    let mut out = String::with_capacity(field.len());
    let mut end = 0;
    for at in spans(field) {
        let Some(part) = field.get(at.clone()) else { continue };
        out.push_str(field.get(end..at.start).unwrap_or_default());
        if names.is_person(part) {
            out.push_str(&redactor.give(Kind::Person, &names::person(part), part));
        } else {
            out.push_str(&replace(part, names, Reach::Prose, redactor));
        }
        end = at.end;
    }
    out.push_str(field.get(end..).unwrap_or_default());
    out
}

/// Replaces every name that is looked for in strings of this reach, and everything that looks like an e-mail address.
pub(super) fn replace(text: &str, names: &Names, reach: Reach, redactor: &Redactor) -> String {
    if text.contains('%')
        && let Ok(decoded) = percent_decode_str(text).decode_utf8()
        && decoded != text
    {
        let replaced = plain(&decoded, names, reach, redactor);
        if replaced != decoded {
            return utf8_percent_encode(&replaced, IN_PATHS).to_string();
        }
    }
    plain(text, names, reach, redactor)
}

fn plain(text: &str, names: &Names, reach: Reach, redactor: &Redactor) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for at in addresses(text) {
        out.push_str(&named(text.get(end..at.start).unwrap_or_default(), names, reach, redactor));
        let address = text.get(at.clone()).unwrap_or_default();
        out.push_str(&redactor.give(Kind::User, &names::user(address), address));
        end = at.end;
    }
    out.push_str(&named(text.get(end..).unwrap_or_default(), names, reach, redactor));
    out
}

fn is_of_a_mailbox(c: char) -> bool {
    c.is_alphanumeric() || ".!#$%&'*+-?^_{}~".contains(c)
}

/// Everything that looks like an e-mail address; user names of Salesforce do.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let floor = found.last().map_or(0, |last| last.end);
        let (Some(before), Some(after)) = (text.get(floor..at), text.get(at + 1..)) else { continue };
        let name = before.trim_end_matches(is_of_a_mailbox).len();
        let name = before.get(name..).unwrap_or_default().trim_start_matches(['\'', '*', '{', '.']);
        let host = after
            .get(..after.find(|c: char| !c.is_alphanumeric() && !".-_@".contains(c)).unwrap_or(after.len()))
            .unwrap_or_default();
        let host = host.trim_end_matches(['.', '-', '_', '@']);
        if !name.is_empty() && !host.is_empty() {
            found.push(at - name.len()..at + 1 + host.len());
        }
    }
    found
}

/// Replaces known names, word by word, the longest first. Pseudonyms stay, so that a second time changes nothing.
fn named(text: &str, names: &Names, reach: Reach, redactor: &Redactor) -> String {
    let words = word_spans(text);
    let lower: Vec<String> = words.iter().map(|at| text.get(at.clone()).unwrap_or_default().to_lowercase()).collect();
    let mut out = String::with_capacity(text.len());
    let (mut end, mut at) = (0, 0);
    while let (Some(span), Some(word)) = (words.get(at), lower.get(at)) {
        if is_pseudonym_at(text, &words, at) {
            at += 2;
            continue;
        }
        let mut known = names.beginning_with(word).iter().filter(|known| known.reach >= reach);
        let (length, pseudonym) = match known.find(|known| matches(text, &words, &lower, at, known)) {
            Some(known) => (known.words.len(), redactor.give(known.kind, &known.canonical, &known.shown)),
            None => match names.alone(word).filter(|_| reach == Reach::Prose) {
                Some((canonical, shown)) => (1, redactor.give(Kind::Person, &canonical, &shown)),
                None => {
                    at += 1;
                    continue;
                }
            },
        };
        out.push_str(text.get(end..span.start).unwrap_or_default());
        out.push_str(&pseudonym);
        end = words.get(at + length - 1).map_or(text.len(), |last| last.end);
        at += length;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

fn word_spans(text: &str) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        match spans.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end += c.len_utf8(),
            None => spans.push(at..at + c.len_utf8()),
        }
    }
    spans
}

fn is_pseudonym_at(text: &str, words: &[Range<usize>], at: usize) -> bool {
    let (Some(word), Some(code)) = (words.get(at), words.get(at + 1)) else { return false };
    text.get(word.end..code.start) == Some("-") && text.get(word.start..code.end).is_some_and(is_pseudonym)
}

/// Whether the words of a name stand here, with no more than a little punctuation between them.
fn matches(text: &str, words: &[Range<usize>], lower: &[String], at: usize, known: &Known) -> bool {
    let last = at + known.words.len();
    lower.get(at..last) == Some(known.words.as_slice())
        && words.get(at..last).is_some_and(|own| {
            own.windows(2).all(|pair| {
                let gap = text.get(pair[0].end..pair[1].start).unwrap_or_default();
                gap.len() <= GAP && !gap.contains(['/', ',', ';', ':', '=', '\n'])
            })
        })
}
