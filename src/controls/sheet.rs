//! Sheet controls: one row a subject, the published band quoted, no score of ours.

use super::ALL;
use crate::catalogue::{CatalogError, Entry};
use crate::kit::{Found, Run};
use crate::snapshot::App;
use crate::text::wording::Wording;
use std::sync::LazyLock;

/// A control that says of each subject whether the published setting stands.
pub(crate) trait Sheet: Sync {
    /// Its `control.toml`.
    fn entry(&self) -> &'static str;

    /// The texts of another language, where it has them.
    fn texts(&self, language: &str) -> Option<&'static str>;

    /// Judges an External Client App.
    fn app(&self, run: &Run<'_>, app: &App) -> Found;
}

/// A sheet control with its entry.
pub(crate) struct Registered {
    pub(crate) entry: Entry,
    pub(crate) sheet: &'static dyn Sheet,
}

/// The sheet controls, in their order.
static SHEETS: LazyLock<Vec<Registered>> = LazyLock::new(|| {
    let sheets = ALL.iter().filter_map(|control| control.sheet());
    // An entry that cannot be read ends every run before its rows are asked for.
    sheets.filter_map(|sheet| Some(Registered { entry: Entry::parse(sheet.entry()).ok()?, sheet })).collect()
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
        Entry::parse(sheet.entry())?.word(language, file, words)?;
    }
    Ok(())
}
