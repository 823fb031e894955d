//! A page of plain text under construction.

use crate::message::Message;
use crate::wording::Wording;

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
        let text = self.words.word(key);
        self.heading(level, &text);
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
        let text = self.words.say(message);
        self.line(&text);
    }

    pub(super) fn say_item(&mut self, message: &Message) {
        let text = self.words.say(message);
        self.push("- ", &text);
    }

    /// An item below the last one.
    pub(super) fn say_below(&mut self, message: &Message) {
        let text = self.words.say(message);
        self.push("  - ", &text);
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
        for c in text.chars() {
            match c {
                '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                    self.text.push_str(&format!("[U+{:04X}]", u32::from(c)));
                }
                c if c.is_control() => self.text.extend(c.escape_unicode()),
                c => self.text.push(c),
            }
        }
        self.text.push('\n');
    }
}
