//! `--redact`: key, names and map of one run.

use super::{Failure, folder, read_text};
use crate::cli::Rendering;
use crate::engagement::Engagement;
use crate::limits::Limits;
use crate::model::{Assessment, Document};
use crate::redact::{Key, Names, RedactError, Redactor, is_pseudonym};
use crate::snapshot::Snapshot;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A run whose outputs show pseudonyms.
pub(super) struct Redacting {
    redactor: Redactor,
    /// Names that the engagement file tells, without those of client and orgs.
    people: Names,
    /// All of them.
    all: Names,
    map: Option<PathBuf>,
}

impl Redacting {
    /// What the options ask for; nothing without `--redact`.
    pub(super) fn load(
        rendering: &Rendering,
        engagement: &Engagement,
        limits: &Limits,
    ) -> Result<Option<Self>, Failure> {
        if !rendering.redact {
            return Ok(None);
        }
        let hint = "a key is a secret text of at least 16 characters";
        let (place, key) = match (&rendering.redact_key, &engagement.redact_key) {
            (Some(path), _) => (path.display().to_string(), Key::own(&read_text(path, limits, hint)?)),
            (None, Some(key)) => ("redact_key".to_owned(), Key::own(&key.0)),
            (None, None) => (String::new(), Some(Key::built_in())),
        };
        let key = key.ok_or_else(|| Failure::new(place, "the key of the pseudonyms is too short", hint))?;
        Ok(Some(Self {
            redactor: Redactor::new(key),
            people: Names::of(engagement, false),
            all: Names::of(engagement, true),
            map: rendering.redact_map.clone(),
        }))
    }

    /// Which key, as the manifest words it.
    pub(super) fn word(&self) -> String {
        self.redactor.key().word().to_owned()
    }

    /// Replaces the names of an assessment; with `clients` those of client and org, too.
    pub(super) fn assessment(
        &self,
        assessment: &mut Assessment,
        snapshot: Option<&Snapshot>,
        clients: bool,
    ) -> Result<(), Failure> {
        let mut names = self.names(clients).clone();
        if let Some(snapshot) = snapshot {
            names.add_snapshot(snapshot);
        }
        self.redactor.assessment(assessment, &names, clients).map_err(|error| failure(&error))
    }

    /// The assessment that deltas refer to, with the same names replaced.
    pub(super) fn baseline(&self, old: &mut Assessment, clients: bool) -> Result<(), Failure> {
        if let Some(before) = old.redaction.filter(|before| before.key != self.redactor.key()) {
            let message = format!("the baseline was redacted with another key ({})", before.key);
            return Err(Failure::new("--baseline", message, "pass the key that it was redacted with to --redact-key"));
        }
        self.assessment(old, None, clients)
    }

    /// Whether a key of an older assessment is that of an org, as it is or as a pseudonym.
    pub(super) fn is_org(&self, old: &str, key: &str) -> bool {
        old == key || (is_pseudonym(old) && self.redactor.org(key) == old)
    }

    /// The title page of a portfolio.
    pub(super) fn document(&self, document: &Document) -> Result<Document, Failure> {
        self.redactor.document(document, &self.all, true).map_err(|error| failure(&error))
    }

    /// The pseudonym of an org.
    pub(super) fn org(&self, key: &str) -> String {
        self.redactor.org(key)
    }

    /// A message of a snapshot that could not be read: its path is that of the org.
    pub(super) fn unread(&self, name: &str, path: &Path, message: &str) -> String {
        let org = self.org(name);
        let message = message.replace(&path.display().to_string(), &org).replace(name, &org);
        self.redactor.text(&message, &self.all)
    }

    /// A line for who started the run, with the names that the engagement file tells replaced.
    pub(super) fn told(&self, text: &str) -> String {
        self.redactor.text(text, &self.all)
    }

    /// Refuses a map in the report folder, and one that is there already.
    pub(super) fn guard_map(&self, output: &Path, force: bool) -> Result<(), Failure> {
        let Some(map) = &self.map else { return Ok(()) };
        if resolved(map).starts_with(resolved(output)) {
            let hint = "keep it where those who get the report cannot read it";
            return Err(Failure::new(map.display(), "lies in the report folder", hint));
        }
        if map.exists() && !force {
            let hint = "choose another name, or pass --force; the same names and key give the same map";
            return Err(Failure::new(map.display(), "exists already", hint));
        }
        Ok(())
    }

    /// Writes the map, if one was asked for: CSV, mode 0600.
    pub(super) fn write_map(&self) -> Result<(), Failure> {
        let Some(map) = &self.map else { return Ok(()) };
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["pseudonym", "kind", "name"]).map_err(|e| Failure::new(map.display(), e, ""))?;
        for entry in self.redactor.entries() {
            let row = [entry.pseudonym.as_str(), entry.kind.word(), &entry.name];
            writer.write_record(row).map_err(|e| Failure::new(map.display(), e, ""))?;
        }
        let bytes = writer.into_inner().map_err(|e| Failure::new(map.display(), e, ""))?;
        if map.exists() {
            // An older file may be readable for others; a new one is not.
            fs::remove_file(map).map_err(|e| Failure::io(map, &e, ""))?;
        }
        folder::write_private(map, &bytes)
    }

    fn names(&self, clients: bool) -> &Names {
        if clients { &self.all } else { &self.people }
    }
}

fn failure(error: &RedactError) -> Failure {
    let hint = match error {
        RedactError::Collision(_) => "choose another key with --redact-key",
        RedactError::Form(_) => "this is a defect of shr: please report it",
    };
    Failure::new("--redact", error, hint)
}

/// An absolute path without `..` and, as far as it exists, without links.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut out = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
        if let Ok(real) = fs::canonicalize(&out) {
            out = real;
        }
    }
    out
}
