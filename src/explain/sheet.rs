//! Sheet controls: the published facts, and what the outcome rests on.

use super::page::Page;
use crate::catalogue::Entry;
use crate::controls;
use crate::text::message::Message;
use crate::text::wording::Wording;
use serde_json::{Value, json};

/// What is said of it, in the order in which it is printed.
const TEXTS: [&str; 4] = ["expected", "question", "recommendation", "caveat"];

/// The sheet control of an id.
#[must_use]
pub fn named(id: &str) -> Option<&'static Entry> {
    controls::entry(id)
}

/// A sheet control.
#[must_use]
pub fn page(entry: &Entry, words: &Wording) -> String {
    let mut page = Page::new(words);
    page.heading(1, &entry.name);
    page.say_item(&Message::new("explain.id").with("id", &entry.id));
    page.say_item(&Message::new("explain.sheet.page").with("page", &entry.page).with("mark", &entry.mark));
    page.say_item(&Message::new("explain.sheet.band").with("band", &entry.band));
    page.say_item(&Message::new("explain.sheet.subject").with("subject", &entry.subject));
    for (key, tokens) in [("family.higher", &entry.higher), ("family.lower", &entry.lower)] {
        for token in tokens {
            let token = Message::new(format!("family.token.{token}"));
            page.say_item(&Message::new(key).with("token", token));
        }
    }
    for key in TEXTS {
        let text = words.word(&format!("{}.{key}", entry.id));
        page.gap();
        page.say(&Message::new(format!("explain.sheet.{key}")).with("text", text));
    }
    page.text()
}

/// The sheet controls in a line each.
pub(super) fn list(page: &mut Page<'_>) {
    page.title(2, "explain.sheet.title");
    for sheet in controls::sheets() {
        let line = Message::new("explain.sheet.line").with("id", &sheet.entry.id).with("name", &sheet.entry.name);
        page.say_item(&line);
    }
}

/// The same for machines.
#[must_use]
pub fn value(entry: &Entry, words: &Wording) -> Value {
    let text = |key: &str| words.word(&format!("{}.{key}", entry.id));
    json!({
        "id": entry.id, "name": entry.name, "page_id": entry.page, "band": entry.band, "mark": entry.mark,
        "subject_kind": entry.subject, "reads": entry.reads, "higher": entry.higher, "lower": entry.lower,
        "expected": text("expected"), "question": text("question"), "recommendation": text("recommendation"),
        "caveat": text("caveat"),
    })
}
