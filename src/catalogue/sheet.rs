//! The entries of sheet controls: what is published of each, and the texts of its rows.

use super::CatalogError;
use crate::text::wording::Wording;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is published of a sheet control, and what it says.
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
    /// What its rows are about: `org`, `eca`, `connected_app`.
    pub subjects: Vec<String>,
    /// Metadata types whose files it reads; empty where no export tells.
    #[serde(default)]
    pub reads: Vec<String>,
    /// What the page names as making it worse: words of `family.token`.
    #[serde(default)]
    pub higher: Vec<String>,
    /// The same, as making it better.
    #[serde(default)]
    pub lower: Vec<String>,
    /// Root cause by outcome (`fail = "ccf:{subject}"`), where rows of several controls are settled by one change. Else the
    /// cause is the control and the subject.
    #[serde(default)]
    pub cause: BTreeMap<String, String>,
    /// What is announced to end.
    #[serde(default)]
    pub deadline: Option<End>,
    /// It is about an app without OAuth settings, too.
    #[serde(default)]
    pub without_oauth: bool,
    /// Texts by key: `expected`, `question`, `recommendation`, `caveat`, and those of its reasons.
    #[serde(default)]
    pub text: BTreeMap<String, String>,
}

/// What Salesforce announced to end. The text `deadline` says what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The day, `YYYY-MM-DD`; empty where only a release is announced.
    #[serde(default)]
    pub day: String,
    /// The release, where no day is announced.
    #[serde(default)]
    pub release: String,
    /// Outcomes of the rows that it touches.
    pub outcomes: Vec<String>,
    /// Where it is announced.
    pub source: String,
}

/// A `control.toml`: one control, or the controls of one page for each kind of subject.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    control: Vec<Entry>,
    /// Texts of all of them; a control's own stand before these.
    #[serde(default)]
    text: BTreeMap<String, String>,
}

/// The texts of another language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    #[serde(default)]
    text: BTreeMap<String, String>,
    /// Those of one control, by its id.
    #[serde(default)]
    control: BTreeMap<String, BTreeMap<String, String>>,
}

/// Texts that every entry has.
const TEXTS: [&str; 4] = ["expected", "question", "recommendation", "caveat"];
/// What rows can be about.
const SUBJECTS: [&str; 3] = ["org", "eca", "connected_app"];

impl Entry {
    /// The entries of a file, checked. Fails when it is malformed, or an entry lacks something.
    pub fn parse(text: &str) -> Result<Vec<Self>, CatalogError> {
        let File { control, text } = toml::from_str(text)?;
        let with_all = |mut entry: Self| {
            let shared = text.iter().map(|(key, text)| (key.clone(), text.clone()));
            entry.text = shared.chain(std::mem::take(&mut entry.text)).collect();
            entry
        };
        let entries: Vec<Self> = control.into_iter().map(with_all).collect();
        let faults: Vec<String> = entries.iter().flat_map(Self::faults).collect();
        if faults.is_empty() { Ok(entries) } else { Err(CatalogError::Lint(faults)) }
    }

    fn faults(&self) -> Vec<String> {
        let lacks = TEXTS.iter().filter(|key| self.text.get(**key).is_none_or(String::is_empty));
        let mut faults: Vec<String> = lacks.map(|key| format!("{}: lacks the text `{key}`", self.id)).collect();
        let unknown = self.subjects.iter().filter(|subject| !SUBJECTS.contains(&subject.as_str()));
        faults.extend(unknown.map(|subject| format!("{}: unknown subject `{subject}`", self.id)));
        if self.subjects.is_empty() {
            faults.push(format!("{}: has no subject", self.id));
        }
        if self.deadline.is_some() != self.text.contains_key("deadline") {
            faults.push(format!("{}: a deadline and its text go together", self.id));
        }
        if let Some(end) = &self.deadline
            && end.day.is_empty() == end.release.is_empty()
        {
            faults.push(format!("{}: its deadline has a day or a release", self.id));
        }
        if !self.text.get("question").is_some_and(|text| text.ends_with('?')) {
            faults.push(format!("{}: its question is none", self.id));
        }
        faults
    }

    /// Adds its texts to the words of a language, whose file has the same keys. Fails when the file is malformed, or
    /// has other keys.
    pub fn word(&self, language: &str, file: Option<&str>, words: &mut Wording) -> Result<(), CatalogError> {
        let text = match file {
            None => self.text.clone(),
            Some(file) => {
                let Texts { text, mut control } = toml::from_str(file)?;
                text.into_iter().chain(control.remove(&self.id).unwrap_or_default()).collect()
            }
        };
        if !text.keys().eq(self.text.keys()) {
            let (own, other) = (self.text.keys().collect::<BTreeSet<_>>(), text.keys().collect());
            let differ: Vec<_> = own.symmetric_difference(&other).collect();
            return Err(CatalogError::Lint(vec![format!("{} in {language}: other texts: {differ:?}", self.id)]));
        }
        words.extend(text.into_iter().map(|(key, text)| (format!("{}.{key}", self.id), text)));
        Ok(())
    }

    /// Whether its rows are about subjects of a kind.
    #[must_use]
    pub fn is_about(&self, kind: &str) -> bool {
        self.subjects.iter().any(|subject| subject == kind)
    }
}
