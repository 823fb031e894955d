//! Sheet controls: the published facts, and what the outcome rests on.

use super::page::Page;
use crate::catalogue::Entry;
use crate::controls::{self, SHOWN};
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
    let band = if entry.band.is_empty() { "explain.sheet.no-band" } else { "explain.sheet.band" };
    page.say_item(&Message::new(band).with("band", &entry.band));
    page.say_item(&Message::new("explain.sheet.subject").with("subject", entry.subjects.clone()));
    for (key, tokens) in [("family.higher", &entry.higher), ("family.lower", &entry.lower)] {
        for token in tokens {
            let said = Message::new(key).with("token", Message::new(format!("family.token.{token}")));
            let shown = SHOWN.contains(&token.as_str());
            page.say_item(&if shown { said } else { Message::new("explain.sheet.not-exported").with("token", said) });
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
    page.title(2, "explain.sheet.known");
    for id in controls::KNOWN {
        page.say_item(&Message::new(format!("family.known.{id}")));
    }
}

/// The same for machines.
#[must_use]
pub fn value(entry: &Entry, words: &Wording) -> Value {
    let text = |key: &str| words.word(&format!("{}.{key}", entry.id));
    json!({
        "id": entry.id, "name": entry.name, "page_id": entry.page, "band": entry.band, "mark": entry.mark,
        "subject_kinds": entry.subjects, "reads": entry.reads, "higher": entry.higher, "lower": entry.lower,
        "expected": text("expected"), "question": text("question"), "recommendation": text("recommendation"),
        "caveat": text("caveat"),
    })
}
