//! Texts that are too long for their reader.

use std::borrow::Cow;

/// As much of a text as fits into so many UTF-16 units, in which spreadsheets and databases count.
#[must_use]
pub fn first_units(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > most).then_some(at)
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Shortens a text to so many UTF-16 units, ending in a pointer to where it can be read in full.
#[must_use]
pub fn shortened<'a>(text: Cow<'a, str>, see: &str, longest: usize) -> Cow<'a, str> {
    // A text has at most as many UTF-16 units as bytes.
    if text.len() <= longest || text.encode_utf16().count() <= longest {
        return text;
    }
    let pointer = format!("… [cut, see {see}]");
    let room = longest.saturating_sub(pointer.encode_utf16().count());
    Cow::Owned(format!("{}{pointer}", first_units(&text, room)))
}
