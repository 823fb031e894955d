//! Bytes to model: files and record exports become a [`crate::snapshot::Snapshot`].
//!
//! Each file is recognised, decoded and read on its own, on every core; what the files say is then joined in path
//! order, so that neither threads nor the order of entries ever change the result. A bad file becomes a
//! [`crate::snapshot::Problem`] and never stops the rest.

mod certificate;
mod columns;
mod counts;
mod coverage;
mod crosscheck;
mod discover;
mod file_facts;
mod fragments;
mod keys;
mod link;
mod long_text;
mod manifests;
mod many_problems;
mod metadata;
mod passed_over;
mod records;
mod rows;
mod secrets;
mod skip;
mod values;
mod xml;

pub use discover::{Discovery, SnapshotRoot, discover};

use crate::snapshot::{Input, Kind, Locator, Place, Problem, ProblemCode, SfId, Snapshot};
use crate::source::family::{self, Look};
use crate::source::recognise::{self, Format, Guess, Metadata};
use crate::source::{Entry, EntryError, Limits, Source, SourceError};
use crate::text::visible::one_line;
use file_facts::{FileFacts, Said};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads everything that a source holds of one org. Fails only when the snapshot as a whole is larger than its limit;
/// everything else becomes a problem in it.
pub fn read(source: &Source, limits: &Limits) -> Result<Snapshot, SourceError> {
    let path = one_line(source.name());
    if source.entries().len() as u64 > limits.entries {
        return Err(SourceError::TooLarge { path, limit: limits.entries, unit: "entries", name: "entries" });
    }
    let read = AtomicU64::new(0);
    let all = source.entries().par_iter();
    let found = all.filter_map(|entry| match file(source, entry, limits, &read) {
        Ok(part) => part.map(|part| Ok((entry.clone(), part))),
        Err(TooMuch) => Some(Err(TooMuch)),
    });
    let Ok(found) = found.collect::<Result<Vec<(Entry, FileFacts)>, TooMuch>>() else {
        let (limit, unit, name) = (limits.snapshot_bytes, "bytes", "snapshot-bytes");
        return Err(SourceError::TooLarge { path, limit, unit, name });
    };
    let (entries, mut parts): (Vec<Entry>, Vec<FileFacts>) = found.into_iter().unzip();
    manifests::keep_proofs(source.entries(), &entries, &mut parts);
    fragments::join(&entries, &mut parts);
    let mut snapshot = link::join(source.name(), parts);
    snapshot.ignored_files += source.entries().len() - entries.len();
    snapshot.problems.extend(source.problems().iter().cloned());
    snapshot.decisions.extend(source.decisions().iter().cloned());
    snapshot.passed_over =
        passed_over::find(source.entries().iter().map(|entry| entry.path.as_ref()), &snapshot.inputs);
    snapshot.passed_over.extend(source.passed_over().iter().cloned());
    snapshot.passed_over.sort();
    snapshot.problems.sort();
    snapshot.problems.dedup();
    Ok(snapshot)
}

/// The organisation ids that the files of apps in a source name. Nothing else is opened.
#[must_use]
pub fn org_ids(source: &Source, limits: &Limits) -> BTreeSet<SfId> {
    let mut ids = BTreeSet::new();
    for entry in source.entries() {
        let Guess::Metadata(meta) = recognise::by_path(&entry.path) else { continue };
        if meta.kind != Kind::AppFile {
            continue;
        }
        let Ok(bytes) = source.bytes(entry, limits) else { continue };
        let said = metadata::read(&meta, &entry.path, &bytes, limits).said;
        ids.extend(said.into_iter().filter_map(|said| match said {
            Said::OrgId(id) => Some(id.value),
            _ => None,
        }));
    }
    ids
}

/// The snapshot has become larger than its limit.
struct TooMuch;

/// Reads one file; `None` when it is nobody's. A file of a part of a profile or set counts, also when it cannot be read.
fn file(source: &Source, entry: &Entry, limits: &Limits, read: &AtomicU64) -> Result<Option<FileFacts>, TooMuch> {
    let guess = recognise::by_path(&entry.path);
    let look = if guess == Guess::Other { family::look(&entry.path) } else { None };
    let kind = match (&guess, &look) {
        (Guess::Other, None) => return Ok(recognise::is_of_a_part(&entry.path).then(FileFacts::default)),
        (Guess::Other, Some(look)) => look.sure.then_some(Kind::CopyFile),
        (Guess::Metadata(metadata), _) => Some(metadata.kind),
        (Guess::Project, _) => None,
        (Guess::Export(_), _) => recognise::by_stem(&entry.path),
    };
    let length = entry.path.chars().count() as u64;
    let bytes = if length > limits.path_length {
        let option = crate::limits::option("path-length", length);
        Err(EntryError::TooLarge(format!("has a path of {length} characters"), option))
    } else {
        source.bytes(entry, limits)
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(_) if look.is_some_and(|look| !look.sure) => return Ok(Some(FileFacts::default())),
        Err(_) if kind.is_none() && guess == Guess::Export(Format::Workbook) => return Ok(Some(FileFacts::default())),
        Err(error) => return Ok(Some(unreadable(entry, kind, error))),
    };
    let size = bytes.len() as u64;
    if read.fetch_add(size, Ordering::Relaxed).saturating_add(size) > limits.snapshot_bytes {
        return Err(TooMuch);
    }
    let read = match (guess, look) {
        (Guess::Metadata(meta), _) if recognise::is_doubtful(&entry.path, &meta) && !metadata::is_piece(&bytes) => None,
        (Guess::Metadata(meta), _) => Some(of_metadata(meta, &entry.path, &bytes, limits)),
        (Guess::Export(format), _) => records::read(format, &entry.path, &bytes, limits),
        (Guess::Project, _) => namespace(&bytes)
            .map(|own| (Kind::ProjectFile, FileFacts { said: vec![Said::Namespace(own)], ..FileFacts::default() })),
        (Guess::Other, look) => look.and_then(|look| looked(look, &entry.path, &bytes, limits)),
    };
    let Some((kind, mut part)) = read else { return Ok(Some(FileFacts::default())) };
    part.problems = many_problems::summed_up(part.problems);
    // Most files say one thing, and there may be many files.
    part.problems.shrink_to_fit();
    part.said.shrink_to_fit();
    let announced: Vec<usize> = part.pages.iter().take(1).filter_map(|page| page.announced).collect();
    part.input = Some(Input {
        path: entry.path.clone(),
        bytes: size,
        sha256: certificate::hex(&Sha256::digest(&bytes)),
        kind,
        rows: part.pages.first().map(|page| page.rows),
        announced: announced.first().copied(),
        newest: part.newest.clone(),
    });
    Ok(Some(part))
}

/// The namespace that a project file states. A file that states none tells nothing about the org.
fn namespace(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let project: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let own = project.get("namespace")?.as_str()?.trim();
    (!own.is_empty()).then(|| own.to_owned())
}

/// Reads a file of metadata. Of what its suffix says only that it is of an app, the root element says the rest.
fn of_metadata(mut meta: Metadata, path: &Arc<str>, bytes: &[u8], limits: &Limits) -> (Kind, FileFacts) {
    if meta.kind == Kind::OtherAppFile {
        meta.kind = metadata::app_by_root(bytes).unwrap_or(meta.kind);
    }
    (meta.kind, metadata::read(&meta, path, bytes, limits))
}

/// Reads a file that was opened because it may be of an app; `None`: it is not.
fn looked(look: Look, path: &Arc<str>, bytes: &[u8], limits: &Limits) -> Option<(Kind, FileFacts)> {
    let root = metadata::app_by_root(bytes);
    if !look.sure && root.is_none() {
        return None;
    }
    if look.copy {
        return Some((Kind::CopyFile, secrets::of_copy(path, &look.stem, bytes)));
    }
    let meta = Metadata { kind: root.unwrap_or(Kind::OtherAppFile), name: look.stem, piece: false };
    Some(of_metadata(meta, path, bytes, limits))
}

fn unreadable(entry: &Entry, kind: Option<Kind>, error: EntryError) -> FileFacts {
    let (code, message, hint) = match error {
        EntryError::TooLarge(message, option) => {
            (ProblemCode::TooLarge, message, format!("export less, or pass {option}"))
        }
        EntryError::Unreadable(message) => (ProblemCode::Unreadable, message, "export the file again".to_owned()),
    };
    let mut part = FileFacts::default();
    if let Guess::Metadata(meta) = recognise::by_path(&entry.path) {
        part = metadata::unreadable(&meta, &entry.path);
    }
    let (at, message) = (Locator::new(&entry.path, Place::File), one_line(&message));
    part.problems.push(Problem::new(at, kind, code, message, hint));
    part
}
