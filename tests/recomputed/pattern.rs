//! Sentences with holes: `{#n}` is a number, `{name}` any text, `[one|other]` one of several words.

use std::collections::BTreeMap;

/// What stood in the holes.
pub(super) type Holes = BTreeMap<String, String>;

/// Reads the beginning of a text; gives what stood in the holes and what comes after.
pub(super) fn beginning<'t>(pattern: &str, text: &'t str) -> Option<(Holes, &'t str)> {
    let mut holes = Holes::new();
    let rest = fits(pattern, text, &mut holes)?;
    Some((holes, rest))
}

/// Reads a whole text.
pub(super) fn whole(pattern: &str, text: &str) -> Option<Holes> {
    // A hole at the end takes all that is left.
    let closed = format!("{pattern}\u{0}");
    let (holes, rest) = beginning(&closed, &format!("{text}\u{0}")).map(|(holes, rest)| (holes, rest.to_owned()))?;
    rest.is_empty().then_some(holes)
}

fn fits<'t>(pattern: &str, text: &'t str, holes: &mut Holes) -> Option<&'t str> {
    let Some(first) = pattern.chars().next() else { return Some(text) };
    if first == '[' {
        let (words, after) = pattern[1..].split_once(']')?;
        return words.split('|').find_map(|word| fits(after, text.strip_prefix(word)?, holes));
    }
    if first == '{' {
        let (name, after) = pattern[1..].split_once('}')?;
        let number = name.strip_prefix('#');
        let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(1).collect();
        if number.is_some() {
            // A number is as long as it can be; a text as short.
            let digits = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
            ends = (1..=digits).rev().collect();
        }
        for end in ends {
            let held = &text[..end];
            let mut inner = holes.clone();
            inner.insert(number.unwrap_or(name).to_owned(), held.to_owned());
            if let Some(rest) = fits(after, &text[end..], &mut inner) {
                *holes = inner;
                return Some(rest);
            }
        }
        return None;
    }
    fits(&pattern[first.len_utf8()..], text.strip_prefix(first)?, holes)
}

/// `a, b and c` as its parts.
pub(super) fn listed(text: &str) -> Vec<String> {
    let text = text.replace(" and ", ", ").replace(" und ", ", ");
    text.split(", ").map(str::to_owned).collect()
}

#[test]
fn holes_take_what_stands_there() {
    let holes = whole("{#n} [app|apps] of {who}.", "12 apps of A. and B.").unwrap();
    assert_eq!((holes["n"].as_str(), holes["who"].as_str()), ("12", "A. and B"));
    assert_eq!(beginning("{who}, CVSS {#low}.", "A, B, CVSS 9.8. More").unwrap().1, " More");
    assert!(whole("{#n} apps", "no apps").is_none() && whole("{#n} apps", "1 apps!").is_none());
    assert_eq!(listed("none for 1, wide for 2 and narrow for 0"), ["none for 1", "wide for 2", "narrow for 0"]);
}
