//! Folders, archives and memory as entries: (path, bytes), with limits.
//!
//! A [`Source`] lists what there is and reads single entries on demand, from several threads at once. Nothing is ever
//! extracted to disk, links that lead out of the folder are not followed, and every size is counted on the bytes that
//! really come, not on what a header promises.

mod archive;
pub(crate) mod contents;
pub(crate) mod family;
mod folder;
pub(crate) mod recognise;
pub(crate) mod regular;

pub use crate::limits::Limits;
pub(crate) use archive::is_zip;
pub(crate) use folder::read as read_file;

use crate::limits;
use crate::snapshot::{Locator, Passed, PassedOver, Place, Problem, ProblemCode};
use crate::text::message::Message;
use crate::text::visible::one_line;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a snapshot cannot be read as a whole.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The operating system refused.
    #[error("{path}: cannot be read: {cause}")]
    Io {
        /// What was to be read.
        path: String,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// Neither a folder nor a zip archive.
    #[error("{path}: is neither a folder nor a zip archive")]
    NotASnapshot {
        /// The argument.
        path: String,
    },
    /// A folder without any file that is read.
    #[error("{path}: holds no file of an org's export")]
    Empty {
        /// The argument.
        path: String,
    },
    /// A folder that this tool wrote.
    #[error("{path}: is a report of shr, not a snapshot")]
    Report {
        /// The argument.
        path: String,
    },
    /// An archive that is damaged, or holds what an export never holds.
    #[error("{path}: archive refused: {reason}")]
    Archive {
        /// The archive.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More than [`Limits`] allow.
    #[error("{path}: more than {limit} {unit}")]
    TooLarge {
        /// The snapshot.
        path: String,
        /// The limit that was passed.
        limit: u64,
        /// Of what: `entries`, `bytes`.
        unit: &'static str,
        /// Its name in [`crate::limits::TABLE`].
        name: &'static str,
    },
}

impl SourceError {
    /// The system refused to read `path`.
    pub(crate) fn io(path: &Path, cause: std::io::Error) -> Self {
        Self::Io { path: shown(path), cause }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        let hint = match self {
            Self::Io { .. } => "check the path and the permission to read it",
            Self::NotASnapshot { .. } => "name a folder with exported metadata and records, or an mdapi zip",
            Self::Empty { .. } => {
                "a snapshot has metadata in it (.eca and .ecaOauthPlcy files, profiles, permission sets, a package.xml) or record exports (User.json, PermissionSetAssignment.csv); shr request tells how to get both"
            }
            Self::Report { .. } => "name the folder that the report was made from",
            Self::Archive { .. } => "retrieve it again, or unpack it and name the folder",
            Self::TooLarge { limit, name, .. } => {
                let option = limits::option(name, limit.saturating_mul(2));
                return format!("leave out what is no metadata and no record export, or pass {option}");
            }
        };
        hint.to_owned()
    }
}

/// A file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path inside the snapshot, `/` as separator.
    pub path: Arc<str>,
    /// Where it lies in the source.
    slot: usize,
}

/// Why one entry could not be read. The rest of the snapshot is not touched by it.
#[derive(Debug)]
pub(crate) enum EntryError {
    /// The system or the archive reader refused; a sentence.
    Unreadable(String),
    /// Larger than a limit; a sentence, and the option that lets it through.
    TooLarge(String, String),
}

impl From<std::io::Error> for EntryError {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable(format!("cannot be read: {error}"))
    }
}

#[derive(Debug)]
enum Content {
    /// Files, and an archive that is read with them: the first slots are the files'.
    Folder(Vec<PathBuf>, Option<Box<archive::Archive>>),
    Zip(archive::Archive),
    Memory(Vec<Vec<u8>>),
}

/// The files of one org, in path order.
#[derive(Debug)]
pub struct Source {
    name: String,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    passed_over: Vec<PassedOver>,
    decisions: Vec<Message>,
    content: Content,
}

impl Source {
    /// A snapshot in memory: paths with `/` and their bytes. Of two equal paths the last one counts. Hidden folders and
    /// `node_modules` are left out, as they are of folders and archives.
    #[must_use]
    pub fn memory<P: AsRef<str>, B: Into<Vec<u8>>>(
        name: impl Into<String>,
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Self {
        let files: std::collections::BTreeMap<String, Vec<u8>> = files
            .into_iter()
            .map(|(path, bytes)| (path.as_ref().to_owned(), bytes.into()))
            .filter(|(path, _)| !path.split('/').rev().skip(1).any(skipped_folder))
            .collect();
        let (paths, contents): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        Self::new(name.into(), paths, Vec::new(), Content::Memory(contents))
    }

    /// A snapshot that is part of the program: the files of an archive. Fails when it is no archive.
    pub(crate) fn embedded(name: &str, archive: &[u8]) -> zip::result::ZipResult<Self> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive))?;
        let mut files = Vec::new();
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at)?;
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes)?;
            files.push((entry.name()?.into_owned(), bytes));
        }
        Ok(Self::memory(name, files))
    }

    /// Opens a folder or a zip archive as one org, named by the folder or the archive's stem. Fails when it cannot be
    /// read as a whole: no such path, a damaged or hostile archive, too many entries.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, SourceError> {
        if path.is_dir() {
            folder::open(path, limits)
        } else if archive::is_zip(path)? {
            archive::open(path, limits)
        } else {
            Err(SourceError::NotASnapshot { path: shown(path) })
        }
    }

    fn new(name: String, paths: Vec<String>, problems: Vec<Problem>, content: Content) -> Self {
        let mut entries: Vec<Entry> =
            paths.into_iter().enumerate().map(|(slot, path)| Entry { path: path.into(), slot }).collect();
        entries.sort();
        Self { name, entries, problems, passed_over: Vec::new(), decisions: Vec::new(), content }
    }

    /// Name of the folder or the archive's stem.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All files, in path order. Hidden folders and `node_modules` are not among them.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was left out while listing (links that lead out of the folder).
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Archives and report folders that lie in it and were not read.
    #[must_use]
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// What was decided while listing.
    #[must_use]
    pub fn decisions(&self) -> &[Message] {
        &self.decisions
    }

    pub(crate) fn bytes(&self, entry: &Entry, limits: &Limits) -> Result<Cow<'_, [u8]>, EntryError> {
        match &self.content {
            Content::Memory(files) => {
                let bytes = files.get(entry.slot).map(Vec::as_slice).unwrap_or_default();
                within(bytes.len() as u64, limits)?;
                Ok(Cow::Borrowed(bytes))
            }
            Content::Folder(paths, packed) => match (paths.get(entry.slot), packed) {
                (Some(path), _) => Ok(Cow::Owned(folder::read(path, limits)?)),
                (None, Some(archive)) => Ok(Cow::Owned(archive.read(entry.slot - paths.len(), limits)?)),
                (None, None) => Err(EntryError::Unreadable("is not listed".into())),
            },
            Content::Zip(archive) => Ok(Cow::Owned(archive.read(entry.slot, limits)?)),
        }
    }
}

/// Checks a size against the limit of one file.
fn within(bytes: u64, limits: &Limits) -> Result<(), EntryError> {
    if bytes > limits.file_bytes {
        let option = limits::option("file-bytes", bytes);
        return Err(EntryError::TooLarge(format!("is larger than {} bytes", limits.file_bytes), option));
    }
    Ok(())
}

/// Folders that are never part of an export: hidden ones and installed packages.
pub(crate) fn skipped_folder(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules" || name == "__MACOSX"
}

pub(crate) fn shown(path: &Path) -> String {
    one_line(&path.display().to_string())
}

/// The name of a folder, or the stem of an archive.
pub(crate) fn stem(path: &Path) -> String {
    let resolved = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let part = if path.is_dir() { resolved.file_name() } else { path.file_stem() };
    part.map_or_else(|| "org".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn left_out(path: &str, message: &str, hint: &str) -> Problem {
    Problem::new(Locator { path: path.into(), place: Place::File }, None, ProblemCode::Unreadable, message, hint)
}
