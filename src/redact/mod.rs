//! Pseudonyms for names: `--redact`.
//!
//! Names are replaced in the assessment, before anything is rendered, so that no output can say what another leaves
//! out. The strings of the assessment are walked as data: a field that somebody adds is redacted without being listed
//! here. Results, scores and finding ids stay as they are.

mod names;
mod pseudonym;
mod text;

pub use names::Names;
pub use pseudonym::{Key, Kind, is_pseudonym};

use crate::catalogue::FactKind;
use crate::controls;
use crate::model::{Assessment, Document, PseudonymKey, Redaction};
use names::Reach;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a string is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    /// A word, an id or a hash that decides something: never touched.
    Literal,
    /// Who somebody is.
    Person,
    /// Anything else, with the names that are looked for in it.
    Text(Reach),
}

/// Keys of strings (and of whole subtrees) that hold words of the fixed vocabulary, ids and hashes.
const LITERAL: &[&str] = &[
    "schema",
    "tool_version",
    "ruleset_version",
    "control",
    "as_of",
    "id",
    "key",
    "result",
    "basis",
    "outcome",
    "weight",
    "criterion",
    "state",
    "settles",
    "delta",
    "conclusion",
    "kind",
    "rule",
    "severity",
    "confidence",
    "impact",
    "source",
    "environment",
    "tier",
    "category",
    "what",
    "digest",
    "sha256",
    "requests",
    "phrases",
    "feeds",
    "serves",
    "modifiers",
    "thresholds",
    "counts",
    "redaction",
    "from",
    "metrics",
    "arithmetic",
];
/// Keys of person fields, of the assessment and of sentences' arguments.
const PERSON: &[&str] = &["prepared_for", "prepared_by", "reviewer", "approver", "extracted_by", "by", "owner"];
/// Keys of what people typed.
const PROSE: &[&str] = &[
    "title",
    "request",
    "rationale",
    "cause",
    "management_response",
    "business_impact",
    "comment",
    "statement",
    "why",
    "justification",
    "secret_storage",
    "evidence",
];
/// Keys of values as the org states them.
const VALUES: &[&str] = &["seen", "observed", "name", "user", "moved"];

impl Field {
    fn of(key: &str, argument: bool) -> Self {
        match key {
            _ if PERSON.contains(&key) => Self::Person,
            _ if PROSE.contains(&key) => Self::Text(Reach::Prose),
            _ if argument => Self::Text(Reach::Values),
            _ if LITERAL.contains(&key) => Self::Literal,
            _ if is_a_word(key) => Self::Literal,
            _ if VALUES.contains(&key) || names_a_user(key) => Self::Text(Reach::Values),
            _ => Self::Text(Reach::Everywhere),
        }
    }
}

/// Whether a key is that of a fact with words of its own.
fn is_a_word(key: &str) -> bool {
    controls::facts().any(|fact| fact.kind == FactKind::Word && fact.path == key)
}

/// Whether a key is that of a fact which names a user.
fn names_a_user(key: &str) -> bool {
    controls::facts().any(|fact| fact.user_unless.is_some() && fact.name == key)
}

/// A replaced name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What stands in the outputs.
    pub pseudonym: String,
    /// Whose name it is.
    pub kind: Kind,
    /// The name.
    pub name: String,
}

/// A run that cannot be redacted.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// Two names would share a pseudonym.
    #[error("two names have the pseudonym {0}")]
    Collision(String),
    /// The replaced strings are no assessment any more.
    #[error("the redacted assessment cannot be read back: {0}")]
    Form(#[from] serde_json::Error),
}

/// Replaces names in one run and remembers which.
pub struct Redactor {
    key: Key,
    /// Pseudonym → kind, canonical form and the spelling that sorts first.
    ledger: Mutex<BTreeMap<String, (Kind, String, String)>>,
    collision: Mutex<Option<String>>,
}

impl Redactor {
    /// With a key.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { key, ledger: Mutex::default(), collision: Mutex::default() }
    }

    /// Which key is in use; never the key.
    #[must_use]
    pub fn key(&self) -> PseudonymKey {
        if self.key.is_own() { PseudonymKey::Own } else { PseudonymKey::BuiltIn }
    }

    /// The pseudonym of an org by its key; one that has it already keeps it.
    #[must_use]
    pub fn org(&self, key: &str) -> String {
        if is_pseudonym(key) { key.to_owned() } else { self.give(Kind::Org, key, key) }
    }

    /// Replaces the names of an assessment. `names` are those known beyond it (engagement file, snapshot); with
    /// `clients` client and org go, too. Doing it twice changes nothing more. After an error the assessment is as it
    /// was.
    pub fn assessment(&self, a: &mut Assessment, names: &Names, clients: bool) -> Result<(), RedactError> {
        let mut names = names.clone();
        names.add_assessment(a, clients);
        let mut copy = a.clone();
        // Its key is that of a fixed word elsewhere, so the walk leaves it.
        copy.org.source = self.text(&copy.org.source, &names);
        if clients {
            self.rename(&mut copy);
        }
        let before = copy.redaction.unwrap_or(Redaction { key: self.key(), clients });
        copy.redaction = Some(Redaction { key: before.key, clients: before.clients || clients });
        *a = self.data(&copy, names)?;
        self.check()
    }

    /// Replaces the names of a title page.
    pub fn document(&self, document: &Document, names: &Names, clients: bool) -> Result<Document, RedactError> {
        let mut copy = document.clone();
        if clients {
            copy.client = self.client(&copy.client);
        }
        self.data(&copy, names.clone())
    }

    /// Replaces names in a message.
    #[must_use]
    pub fn text(&self, text: &str, names: &Names) -> String {
        text::replace(text, names, Reach::Prose, self)
    }

    /// Every name that was replaced so far, by pseudonym.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = ledger.iter().map(|(pseudonym, (kind, _, name))| Entry {
            pseudonym: pseudonym.clone(),
            kind: *kind,
            name: name.clone(),
        });
        entries.collect()
    }

    fn client(&self, name: &str) -> String {
        if name.is_empty() || is_pseudonym(name) {
            return name.to_owned();
        }
        self.give(Kind::Client, &names::client(name), name)
    }

    /// Client and org by their own fields. The organisation id names the org to whoever knows it, so it goes.
    fn rename(&self, a: &mut Assessment) {
        let org = self.org(&a.org.key);
        if !a.org.name.is_empty() {
            a.org.name = org.clone();
        }
        if !a.org.source.is_empty() {
            a.org.source = org.clone();
        }
        a.org.key = org;
        a.org.id = String::new();
        a.document.client = self.client(&a.document.client);
    }

    fn data<T: Serialize + DeserializeOwned>(&self, data: &T, mut names: Names) -> Result<T, RedactError> {
        let mut value = serde_json::to_value(data)?;
        let mut people = Vec::new();
        walk(&mut value, Field::Text(Reach::Everywhere), false, &mut |field, text| {
            if field == Field::Person {
                people.push(text.clone());
            }
        });
        people.iter().for_each(|field| names.people(field));
        walk(&mut value, Field::Text(Reach::Everywhere), false, &mut |field, text| match field {
            Field::Literal => {}
            Field::Person => *text = text::person_field(text, &names, self),
            Field::Text(reach) => *text = text::replace(text, &names, reach, self),
        });
        Ok(serde_json::from_value(value)?)
    }

    fn give(&self, kind: Kind, canonical: &str, shown: &str) -> String {
        let pseudonym = self.key.pseudonym(kind, canonical);
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = shown.trim();
        match ledger.get_mut(&pseudonym) {
            None => {
                ledger.insert(pseudonym.clone(), (kind, canonical.to_owned(), shown.to_owned()));
            }
            Some((_, known, _)) if known != canonical => {
                *self.collision.lock().unwrap_or_else(PoisonError::into_inner) = Some(pseudonym.clone());
            }
            Some((_, _, name)) if shown < name.as_str() => shown.clone_into(name),
            Some(_) => {}
        }
        pseudonym
    }

    fn check(&self) -> Result<(), RedactError> {
        let collision = self.collision.lock().unwrap_or_else(PoisonError::into_inner).clone();
        collision.map_or(Ok(()), |pseudonym| Err(RedactError::Collision(pseudonym)))
    }
}

/// Visits every string with what it is. Keys of objects are names of fields, of arguments, or ids.
fn walk(value: &mut Value, field: Field, argument: bool, visit: &mut impl FnMut(Field, &mut String)) {
    match value {
        Value::String(text) => visit(field, text),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, field, argument, visit)),
        Value::Object(entries) => {
            for (key, inner) in entries {
                match key.as_str() {
                    // What an argument holds is what its name says.
                    "text" | "list" if argument => walk(inner, field, true, visit),
                    "args" if inner.is_object() => {
                        let Value::Object(args) = inner else { continue };
                        args.iter_mut().for_each(|(name, arg)| walk(arg, Field::of(name, true), true, visit));
                    }
                    _ => {
                        let own = Field::of(key, false);
                        let literal = own == Field::Literal && (inner.is_string() || inner.is_array() || is_fixed(key));
                        if !literal {
                            walk(inner, own, false, visit);
                        }
                    }
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Subtrees that come from the catalogue or hold numbers.
fn is_fixed(key: &str) -> bool {
    matches!(key, "control" | "impact" | "counts" | "redaction")
}
