//! Text as data: nothing in it can become Markdown, HTML, a link or an invisible character.

use super::visible::{verbatim, visible};
use std::borrow::Cow;

/// Plain text as Markdown that shows exactly this text, wherever a template puts it.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map_or('\0', |(_, next)| *next);
        let escape = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' | '#' | '{' | '}' | '@' | '^' => true,
            '_' => !inside_word(&text, at),
            '&' => after == '#' || after.is_ascii_alphanumeric() || after == '\0',
            '!' => after == '\0' || after == '[',
            '+' | '-' | '=' | '>' => at == 0,
            ':' => at == 0 || ends_with_scheme(&text[..at]),
            '.' | ')' => {
                let numbered = at > 0 && text[..at].bytes().all(|b| b.is_ascii_digit());
                (numbered && matches!(after, ' ' | '\0')) || ends_with_www(&text[..at], c)
            }
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether the run of underscores around `at` has letters or digits on both sides: then it is no emphasis.
pub(super) fn inside_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    before.trim_end_matches('_').ends_with(char::is_alphanumeric)
        && after.trim_start_matches('_').starts_with(char::is_alphanumeric)
}

fn ends_with_scheme(before: &str) -> bool {
    ["http", "https", "ftp", "mailto", "xmpp"].iter().any(|scheme| ends_with(before, scheme))
}

fn ends_with_www(before: &str, c: char) -> bool {
    c == '.' && ends_with(before, "www")
}

fn ends_with(text: &str, tail: &str) -> bool {
    let (text, tail) = (text.as_bytes(), tail.as_bytes());
    text.len() >= tail.len() && text[text.len() - tail.len()..].eq_ignore_ascii_case(tail)
}

/// Plain text as a code span; safe inside a table cell as well.
#[must_use]
pub fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A code span for a table cell: a pipe would end the cell.
#[must_use]
pub fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Lines as a fenced code block of a language; the fence is longer than any run of back-ticks in it.
#[must_use]
pub fn block(language: &str, text: &str) -> String {
    let lines: Vec<String> = text.lines().map(verbatim).collect();
    let text = lines.join("\n");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

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
            other => out.push(xml_character(other)),
        }
    }
    Cow::Owned(out)
}

/// The character, or U+FFFD where XML has none for it.
#[must_use]
pub const fn xml_character(c: char) -> char {
    match c {
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        other => other,
    }
}

/// A word for a POSIX shell: quoted unless it is plain.
#[must_use]
pub fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    let text: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    format!("'{}'", text.replace('\'', r"'\''"))
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
