//! Sheet controls: one row a subject, the published band quoted, no score of ours.

use super::ALL;
use crate::catalogue::{CatalogError, Entry};
use crate::kit::client::{Answer, Client, Org};
use crate::text::wording::Wording;
use std::sync::LazyLock;

/// A control that says of each subject whether the published setting stands; or several, of twin pages that one rule
/// serves.
pub(crate) struct Sheet {
    /// Its `control.toml`.
    pub(crate) entries: &'static str,
    /// Its `control.de.toml`.
    pub(crate) german: &'static str,
    /// Its rule.
    pub(crate) judge: Judge,
}

/// A rule by what it is about.
pub(crate) enum Judge {
    Org(fn(&Org<'_>) -> Answer),
    App(fn(&Client<'_>) -> Answer),
}

impl Sheet {
    /// The texts of another language, where it has them.
    fn texts(&self, language: &str) -> Option<&'static str> {
        (language == "de").then_some(self.german)
    }
}

/// Published controls that are known and not judged, because the text of their page is not available: words of
/// `family.known`.
pub(crate) const KNOWN: [&str; 7] =
    ["jwt-tokens", "rotation", "code-policies", "saml", "ca-scopes", "ca-ranges", "integrated-user"];

/// A sheet control with its entry.
pub(crate) struct Registered {
    pub(crate) entry: Entry,
    pub(crate) judge: &'static Judge,
}

/// The sheet controls, in their order.
static SHEETS: LazyLock<Vec<Registered>> = LazyLock::new(|| {
    let sheets = ALL.iter().filter_map(|control| control.sheet());
    // Entries that cannot be read end every run before their rows are asked for.
    let all = sheets.flat_map(|sheet| {
        let entries = Entry::parse(sheet.entries).unwrap_or_default();
        entries.into_iter().map(|entry| Registered { entry, judge: &sheet.judge })
    });
    all.collect()
});

/// The sheet controls, in their order.
pub(crate) fn sheets() -> impl Iterator<Item = &'static Registered> {
    SHEETS.iter()
}

/// The entry of a sheet control.
pub(crate) fn entry(id: &str) -> Option<&'static Entry> {
    SHEETS.iter().map(|one| &one.entry).find(|entry| entry.id == id)
}

/// Adds the texts of all sheet controls to the words of a language.
pub(super) fn word(language: &str, words: &mut Wording) -> Result<(), CatalogError> {
    for sheet in ALL.iter().filter_map(|control| control.sheet()) {
        let file = match language {
            "en" => None,
            other => Some(sheet.texts(other).ok_or_else(|| CatalogError::UnknownLanguage(other.to_owned()))?),
        };
        for entry in Entry::parse(sheet.entries)? {
            entry.word(language, file, words)?;
        }
    }
    Ok(())
}
