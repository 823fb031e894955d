//! A page of plain text under construction.

use crate::text::message::Message;
use crate::text::visible::one_line;
use crate::text::wording::Wording;

/// Text line by line. Whatever is written stays on its line.
pub(super) struct Page<'a> {
    words: &'a Wording,
    text: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(words: &'a Wording) -> Self {
        Self { words, text: String::new() }
    }

    pub(super) fn text(self) -> String {
        self.text
    }

    /// A heading with blank lines around it.
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.gap();
        self.push(&format!("{} ", "#".repeat(level)), text);
        self.gap();
    }

    /// A heading from the language catalogue.
    pub(super) fn title(&mut self, level: usize, key: &str) {
        self.heading(level, &self.words.word(key));
    }

    /// An empty line, unless there is one or nothing stands above.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.push("", text);
    }

    pub(super) fn say(&mut self, message: &Message) {
        self.line(&self.words.say(message));
    }

    pub(super) fn say_item(&mut self, message: &Message) {
        self.push("- ", &self.words.say(message));
    }

    /// An item below the last one.
    pub(super) fn say_below(&mut self, message: &Message) {
        self.push("  - ", &self.words.say(message));
    }

    pub(super) fn items(&mut self, texts: &[String]) {
        for text in texts {
            self.push("- ", text);
        }
    }

    pub(super) fn numbered(&mut self, texts: &[String]) {
        for (number, text) in (1..).zip(texts) {
            self.push(&format!("{number}. "), text);
        }
    }

    fn push(&mut self, before: &str, text: &str) {
        self.text.push_str(before);
        self.text.push_str(&one_line(text));
        self.text.push('\n');
    }
}

/// Lines broken at spaces so that they fit a terminal. What follows the first line of an item is indented below its text;
/// a word that is longer than a line (a vector, a path) stays whole.
#[must_use]
pub fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    for line in text.lines() {
        wrap_line(line, columns, &mut out);
    }
    out
}

fn wrap_line(line: &str, columns: usize, out: &mut String) {
    if line.starts_with('#') {
        out.push_str(line);
        out.push('\n');
        return;
    }
    let body = line.trim_start_matches(' ');
    let lead = line.chars().count() - body.chars().count();
    let marker = match body.split_once(' ') {
        Some((mark, _)) if mark == "-" || (mark.ends_with('.') && mark[..mark.len() - 1].parse::<u32>().is_ok()) => {
            mark.chars().count() + 1
        }
        _ => 0,
    };
    let mut width = lead;
    out.extend(std::iter::repeat_n(' ', lead));
    for (at, word) in body.split(' ').enumerate() {
        let length = word.chars().count();
        if at > 0 && width + 1 + length > columns {
            out.push('\n');
            width = lead + marker;
            out.extend(std::iter::repeat_n(' ', width));
        } else if at > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
}
