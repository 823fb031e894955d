//! The page's own table of contents.

use std::fmt::Write;

/// A heading of the table of contents.
pub(super) struct Entry {
    pub(super) level: u8,
    pub(super) id: String,
    pub(super) html: String,
}

impl Entry {
    fn link(&self) -> String {
        format!("<a href=\"#{}\">{}</a>", self.id, self.html)
    }
}

/// Sections with their sub-sections as nested lists; nothing without headings.
pub(super) fn contents(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut out = String::from("<ul>\n");
    let mut rest = entries;
    while let Some((section, after)) = rest.split_first() {
        let count = after.iter().take_while(|entry| entry.level > section.level).count();
        let (inner, others) = after.split_at(count);
        let _ = write!(out, "<li>{}", section.link());
        if !inner.is_empty() {
            out.push_str("\n<ul>\n");
            for entry in inner {
                let _ = writeln!(out, "<li>{}</li>", entry.link());
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</li>\n");
        rest = others;
    }
    out + "</ul>\n"
}
