//! Hashes of inputs and outputs: `manifest.json`, `SHA256SUMS`, and their check.

use crate::source::regular;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Name of the manifest in a report folder.
pub const MANIFEST: &str = "manifest.json";
/// Name of the checksum file, as `sha256sum -c` reads it.
pub const SUMS: &str = "SHA256SUMS";
/// Version of the manifest's format.
pub const SCHEMA: &str = "shr-manifest/1";

/// What a run read, how it was asked, and what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of the tool.
    pub tool_version: String,
    /// Version of the catalogue.
    pub ruleset_version: String,
    /// Whether the report is final: a final one is not overwritten without being forced.
    pub is_final: bool,
    /// Options that shape the outputs.
    pub options: Options,
    /// Orgs by key with the digest of everything read for them.
    pub orgs: BTreeMap<String, OrgInputs>,
    /// Snapshots that could not be read as a whole, by name, with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, String>,
    /// Other files that shape the outputs (engagement, theme, templates, fonts): name and SHA-256.
    pub configuration: BTreeMap<String, String>,
    /// Files written, with SHA-256; this file and [`SUMS`] are not among them.
    pub outputs: BTreeMap<String, String>,
}

/// Options that shape the outputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Formats written.
    pub format: Vec<String>,
    /// Every app in findings.csv.
    pub all: bool,
    /// Sheet controls count for the exit code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// The workpapers besides the report.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub workpapers: bool,
    /// The day as of which things were judged.
    pub as_of: String,
    /// CSV dialect.
    pub dialect: String,
    /// Columns of findings.csv, where they were chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<String>,
    /// Most cards of a report, where it is another number than usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cards: Option<usize>,
    /// Headings of other trackers that findings were also written in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile: Vec<String>,
    /// Language.
    pub lang: String,
    /// Names replaced by pseudonyms: made with the `built_in` key or one's `own`. Never the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redact: Option<String>,
    /// Limits other than the defaults, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, u64>,
}

/// Inputs of one org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgInputs {
    /// Folder or archive name.
    pub source: String,
    /// SHA-256 over paths and hashes of all files read.
    pub digest: String,
    /// Files read.
    pub files: usize,
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// SHA-256 of what is written to it.
#[derive(Debug, Default)]
pub struct Hashing(Sha256);

impl Hashing {
    /// The hash in lower-case hex.
    #[must_use]
    pub fn hex(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The text of `SHA256SUMS`: one line per file, in path order.
#[must_use]
pub fn sums(outputs: &BTreeMap<String, String>) -> String {
    outputs.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect()
}

/// How a file differs from its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Its bytes are others.
    Changed(String),
    /// It is not there.
    Missing(String),
    /// The manifest's name for it leads out of the folder, or to something that is no file; nothing is read.
    Foreign(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed(path) => write!(f, "{path}: differs from what the manifest says"),
            Self::Missing(path) => write!(f, "{path}: is missing"),
            Self::Foreign(path) => write!(f, "{path}: is no file of this folder; not read"),
        }
    }
}

/// Compares the files of a folder with the manifest. Names are the manifest's, so they are checked before they lead
/// anywhere, and files are hashed piece by piece.
#[must_use]
pub fn check(manifest: &Manifest, folder: &Path) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (path, hash) in &manifest.outputs {
        let found = regular::open_inside(folder, path).and_then(|file| file.map(hash_of).transpose());
        match found {
            Err(_) => differences.push(Difference::Foreign(path.clone())),
            Ok(None) => differences.push(Difference::Missing(path.clone())),
            Ok(Some(found)) if found != *hash => differences.push(Difference::Changed(path.clone())),
            Ok(Some(_)) => {}
        }
    }
    differences
}

fn hash_of(mut file: std::fs::File) -> std::io::Result<String> {
    let mut hash = Hashing::default();
    std::io::copy(&mut file, &mut hash)?;
    Ok(hash.hex())
}
