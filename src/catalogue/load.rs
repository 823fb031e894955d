//! Reads a catalogue.

use super::{
    ActionKind, Basis, Catalogue, Criterion, FactEntry, Permission, Phrase, Remediation, Request, Section, Standard,
    Threat, Thresholds, Token, Vocabulary, lint, overlay,
};
use crate::model::{Impact, Level, Tenths};
use serde::Deserialize;
use std::collections::BTreeMap;

const VERSION_MARK: &str = "# version: ";

/// A catalogue that cannot be used. The built-in one is tested, so a user never meets this.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// `control.toml` is not what the loader expects.
    #[error("control.toml: {0}")]
    Control(#[from] toml::de::Error),
    /// `permissions.csv` is not what the loader expects.
    #[error("permissions.csv: {0}")]
    Permissions(#[from] csv::Error),
    /// `permissions.csv` does not start with its version.
    #[error("permissions.csv: the first line has to be `# version: …`")]
    PermissionsVersion,
    /// No such language.
    #[error("no language `{0}`")]
    UnknownLanguage(String),
    /// The prose of a language is not what the loader expects.
    #[error("control.{language}.toml: {message}")]
    Prose {
        /// Language tag.
        language: String,
        /// What is wrong.
        message: String,
    },
    /// References that lead nowhere, numbers that are not those of the published control, duplicates.
    #[error("catalogue: {}", .0.join("; "))]
    Lint(Vec<String>),
}

/// `control.toml` as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlFile {
    key: String,
    id: String,
    code: String,
    name: String,
    url: String,
    retrieved: String,
    version: String,
    range_word: String,
    range_low: Tenths,
    range_high: Tenths,
    base31: String,
    base40: String,
    cwe: Vec<u32>,
    nist: Vec<String>,
    considerations: Vec<String>,
    readings: Vec<String>,
    thresholds: Thresholds,
    fixed_thresholds: Vec<String>,
    vocabulary: Vocabulary,
    basis: Vec<Basis>,
    fact: Vec<FactEntry>,
    token: Vec<Token>,
    cause: String,
    action: Vec<ActionKind>,
    section: Vec<Section>,
    phrase: Vec<Phrase>,
    criterion: Vec<Criterion>,
    implications: BTreeMap<String, Vec<String>>,
    standard: Vec<Standard>,
    threat: Vec<Threat>,
    remediation: Vec<Remediation>,
    request: Vec<Request>,
}

/// A line of `permissions.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionRow {
    api_name: String,
    label: String,
    category: String,
    tier: String,
    c: Level,
    i: Level,
    a: Level,
    gain: String,
    /// Where the name was seen; read by people who maintain the table.
    #[serde(rename = "name_verified_in")]
    _name_verified_in: String,
    /// Who else grades it; read by people who maintain the table.
    #[serde(rename = "sources")]
    _sources: String,
}

impl Catalogue {
    /// A control from the text of `control.toml` and of `permissions.csv`. Fails when the catalogue files are malformed
    /// or contradict each other (see [`CatalogError`]).
    pub fn parse(control: &str, permissions: &str) -> Result<Self, CatalogError> {
        Self::checked(toml::from_str(control)?, permissions)
    }

    /// The same with the text of a file that states what differs from `control.toml` laid over it. Fails as
    /// [`Catalogue::parse`] does.
    pub fn parse_over(control: &str, over: &str, permissions: &str) -> Result<Self, CatalogError> {
        Self::checked(overlay::overlaid(control, over)?.try_into()?, permissions)
    }

    fn checked(file: ControlFile, permissions: &str) -> Result<Self, CatalogError> {
        let (table, duplicates) = permission_table(permissions)?;
        let version = permissions.lines().next().and_then(|line| line.strip_prefix(VERSION_MARK));
        let control = Self {
            key: file.key,
            id: file.id,
            code: file.code,
            name: file.name,
            url: file.url,
            retrieved: file.retrieved,
            version: file.version,
            range_word: file.range_word,
            range_low: file.range_low,
            range_high: file.range_high,
            base31: file.base31,
            base40: file.base40,
            cwe: file.cwe,
            nist: file.nist,
            sections: file.section,
            phrases: file.phrase,
            criteria: file.criterion,
            thresholds: file.thresholds,
            fixed_thresholds: file.fixed_thresholds,
            vocabulary: file.vocabulary,
            bases: file.basis,
            facts: file.fact,
            tokens: file.token,
            cause: file.cause,
            actions: file.action,
            permissions: table,
            permissions_version: version.ok_or(CatalogError::PermissionsVersion)?.to_owned(),
            implications: file.implications,
            standards: file.standard,
            threats: file.threat,
            considerations: file.considerations,
            remediations: file.remediation,
            requests: file.request,
            readings: file.readings,
            siblings: Vec::new(),
        };
        let mut faults = duplicates;
        faults.extend(lint::faults(&control));
        if faults.is_empty() { Ok(control) } else { Err(CatalogError::Lint(faults)) }
    }
}

/// The permissions by name, and a fault for each name that stands twice.
fn permission_table(text: &str) -> Result<(BTreeMap<String, Permission>, Vec<String>), csv::Error> {
    let mut table = BTreeMap::new();
    let mut duplicates = Vec::new();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    for row in reader.deserialize() {
        let row: PermissionRow = row?;
        let permission = Permission {
            label: row.label,
            category: row.category,
            tier: row.tier,
            impact: Impact { c: row.c, i: row.i, a: row.a },
            gain: row.gain,
        };
        if table.insert(row.api_name.clone(), permission).is_some() {
            duplicates.push(format!("permission `{}` stands twice", row.api_name));
        }
    }
    Ok((table, duplicates))
}
