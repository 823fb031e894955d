//! Text as text in XML and HTML.

use std::borrow::Cow;

/// Text as element content, or as an attribute between double quotes. What XML has no character for becomes U+FFFD.
#[must_use]
pub fn xml(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | 0..=0x1f | 0xef)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}')
            }
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn markup_is_text_and_every_character_is_one_of_xml() {
        assert_eq!(xml("plain 'text' é"), "plain 'text' é");
        assert_eq!(xml("<a b=\"c\">&\n"), "&lt;a b=&quot;c&quot;&gt;&amp;\n");
        assert_eq!(xml("\u{0}\u{1f}\t\u{fffe}\u{ffff}\u{feff}"), "\u{fffd}\u{fffd}\t\u{fffd}\u{fffd}\u{feff}");
    }
}
