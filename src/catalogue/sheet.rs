//! The entry of a sheet control: what is published, and the texts of its rows.

use super::CatalogError;
use crate::text::wording::Wording;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the `control.toml` of a sheet control.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id (`eca-ccf`); the keys of its texts begin with it.
    pub id: String,
    /// Exact published name.
    pub name: String,
    /// Id of the published page.
    pub page: String,
    /// Published band, quoted as Salesforce's estimate; empty when the page gives none.
    pub band: String,
    /// How the page is known: `R` read, `P` in part, `D` the name is derived.
    pub mark: String,
    /// What it is about: `eca`.
    pub subject: String,
    /// Metadata types whose files it reads.
    pub reads: Vec<String>,
    /// What the evidence may show that the page names as making it worse.
    pub higher: Vec<String>,
    /// The same, as making it better.
    pub lower: Vec<String>,
    /// What one change settles: the first part of its root cause.
    pub cause: String,
    /// Texts by key: `expected`, `question`, `recommendation`, `caveat`, and those of its reasons.
    pub text: BTreeMap<String, String>,
}

/// The texts of another language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    text: BTreeMap<String, String>,
}

/// Texts that every entry has.
const TEXTS: [&str; 4] = ["expected", "question", "recommendation", "caveat"];
/// What rows can be about; the org and connected apps have no sheet control yet.
const SUBJECTS: [&str; 1] = ["eca"];

impl Entry {
    /// An entry from its file, checked. Fails when it is malformed, or lacks something.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let entry: Self = toml::from_str(text)?;
        let mut faults = Vec::new();
        for key in TEXTS.iter().filter(|key| entry.text.get(**key).is_none_or(String::is_empty)) {
            faults.push(format!("{}: lacks the text `{key}`", entry.id));
        }
        if !SUBJECTS.contains(&entry.subject.as_str()) {
            faults.push(format!("{}: unknown subject `{}`", entry.id, entry.subject));
        }
        if !entry.text.get("question").is_some_and(|text| text.ends_with('?')) {
            faults.push(format!("{}: its question is none", entry.id));
        }
        if faults.is_empty() { Ok(entry) } else { Err(CatalogError::Lint(faults)) }
    }

    /// Adds its texts to the words of a language, whose file has the same keys. Fails when the file is malformed, or
    /// has other keys.
    pub fn word(&self, language: &str, file: Option<&str>, words: &mut Wording) -> Result<(), CatalogError> {
        let text = match file {
            None => self.text.clone(),
            Some(file) => toml::from_str::<Texts>(file)?.text,
        };
        if !text.keys().eq(self.text.keys()) {
            let (own, other) = (self.text.keys().collect::<BTreeSet<_>>(), text.keys().collect());
            let differ: Vec<_> = own.symmetric_difference(&other).collect();
            return Err(CatalogError::Lint(vec![format!("{} in {language}: other texts: {differ:?}", self.id)]));
        }
        words.extend(text.into_iter().map(|(key, text)| (format!("{}.{key}", self.id), text)));
        Ok(())
    }
}
