//! Text from an org in which nothing is invisible, so that it cannot pose as other text: one table of characters, and one
//! function for each place where such a text is shown.

use super::eight;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a character is shown by its code point, because it is invisible or changes the order of others. White space of
/// ASCII is not among them: what becomes of it depends on the place.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}') || has_no_width(c)
}

/// Whether a character has no width and is no control character: format characters, bidirectional controls, soft hyphen,
/// fillers.
#[must_use]
pub const fn has_no_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn mark(out: &mut String, c: char) {
    out.push_str(&format!("[U+{:04X}]", u32::from(c)));
}

/// One line of plain text: white space collapsed and trimmed, hidden characters shown as `[U+202E]`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{85}' {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        if is_hidden(c) { mark(&mut out, c) } else { out.push(c) }
    }
    out
}

/// Text of a code block, white space as it is: hidden characters shown as `[U+202E]`.
#[must_use]
pub fn verbatim(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { mark(&mut out, c) } else { out.push(c) }
    }
    out
}

/// Text of an org as a cell of a table: everything that a reader of the cell cannot see is shown as `[U+202E]`, tabs too.
/// Line breaks become `\n` and stay.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    let plain = !eight::any(text.as_bytes(), |word| eight::below(word, b' ') | eight::is(word, 0x7f) | word);
    // Letters, dashes and quotation marks, nearly all that sentences have, are let through first.
    if plain || !text.chars().any(|c| !matches!(c, ' '..='~' | 'À'..='ʹ' | '–'..='†') && is_odd_in_a_cell(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(marked(text, is_odd_in_a_cell))
}

fn is_odd_in_a_cell(c: char) -> bool {
    c != '\n' && (c.is_control() || has_no_width(c))
}

/// Text that people typed, as a cell: only control characters, which no file format takes, are shown as `[U+0000]`. Line
/// feed and tab stay.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    // Control characters beyond ASCII start with one byte, which few letters do.
    let suspect = |word| eight::below(word, b' ') | eight::is(word, 0x7f) | eight::is(word, 0xc2);
    if !eight::any(text.as_bytes(), suspect) || !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(marked(text, is_unprintable))
}

fn is_unprintable(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

fn marked(text: &str, is_odd: fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                out.push('\n');
            }
            c if is_odd(c) => mark(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Text for a terminal, which control characters would drive: these and hidden characters as `\u{1b}`. Line feeds stay.
#[must_use]
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !(c.is_control() || has_no_width(c)) { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    out
}

/// The same on one line, for a name within a message.
#[must_use]
pub fn one_line(text: &str) -> String {
    terminal(text).replace('\n', "\\u{a}")
}

/// A value as indented JSON text with a line break at its end, hidden characters as `\u` escapes: the data are the
/// same, and whoever looks at the file sees what is there. Fails when a value cannot be written as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut out = Vec::new();
    write_json(value, &mut out)?;
    String::from_utf8(out).map_err(|error| serde_json::Error::io(io::Error::other(error)))
}

/// The same, piece by piece. Fails as that, and when the writer does.
pub fn write_json<T: Serialize + ?Sized>(value: &T, out: impl Write) -> serde_json::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Shown(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    serializer.into_inner().write_all(b"\n").map_err(serde_json::Error::io)
}

/// Indents, and escapes hidden characters. Outside of its strings JSON has none.
struct Shown(PrettyFormatter<'static>);

impl Formatter for Shown {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some((at, hidden)) = rest.char_indices().find(|(_, c)| *c >= '\u{7f}' && is_hidden(*c)) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.get(hidden.len_utf8()..).unwrap_or_default();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn hidden_characters_of_json_become_escapes_and_the_data_stay() {
        let label = "a\u{202e}b\u{200b}\u{9b}\u{7f}\u{e0041}ü\t\"";
        let shown = super::json(&[label]).unwrap();
        assert!(shown.chars().all(|c| !super::is_hidden(c)), "{shown}");
        assert!(shown.contains("\\u202e") && shown.contains("\\udb40\\udc41") && shown.contains('ü'), "{shown}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [label]);
        let value = serde_json::json!({"a": [1, {"b": "c"}], "d": {}, "e": []});
        assert_eq!(super::json(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap() + "\n");
    }
}
