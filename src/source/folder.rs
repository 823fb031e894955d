//! A snapshot that is a folder.

use super::contents::{Contents, is_report};
use super::{
    Content, EntryError, Limits, Passed, PassedOver, Source, SourceError, archive, left_out, recognise, shown,
    skipped_folder, stem, within,
};
use crate::limits::count;
use crate::snapshot::Problem;
use crate::text::message::Message;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Lists a folder. Links are never walked into; a link to a file inside the folder is read as that file.
pub(super) fn open(root: &Path, limits: &Limits) -> Result<Source, SourceError> {
    let inside = root.canonicalize().map_err(|cause| SourceError::io(root, cause))?;
    let mut paths = Vec::new();
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let mut reports = Vec::new();
    // Entries of one folder differ in their names alone; to compare whole paths is quicker than to find the names.
    let walk = WalkDir::new(root).follow_links(false).sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()));
    let walk = walk.into_iter().filter_entry(|entry| {
        if entry.depth() == 0 || !entry.file_type().is_dir() {
            return true;
        }
        if skipped_folder(&entry.file_name().to_string_lossy()) {
            return false;
        }
        let report = is_report(entry.path());
        if report {
            reports.push(PassedOver { what: Passed::Report, path: relative(root, entry.path()) });
        }
        !report
    });
    for (seen, entry) in walk.enumerate() {
        if seen as u64 > limits.entries {
            let (path, limit) = (shown(root), limits.entries);
            return Err(SourceError::TooLarge { path, limit, unit: "entries", name: "entries" });
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 => return Err(SourceError::io(root, error.into())),
            Err(error) => {
                let path = error.path().map(|path| relative(root, path)).unwrap_or_default();
                problems.push(left_out(&path, "cannot be listed", "check the access rights of this folder"));
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let path = relative(root, entry.path());
        if entry.file_type().is_symlink() {
            match entry.path().canonicalize() {
                Ok(target) if target.starts_with(&inside) && target.is_file() => {}
                Ok(target) if target.starts_with(&inside) => continue,
                _ => {
                    let hint = "put the file itself into the snapshot";
                    problems.push(left_out(&path, "is a link that leads out of the snapshot; not followed", hint));
                    continue;
                }
            }
        } else if !entry.file_type().is_file() {
            let hint = "put the file itself into the snapshot";
            problems.push(left_out(&path, "is a pipe, socket or device; not opened", hint));
            continue;
        }
        paths.push(path);
        files.push(entry.into_path());
    }
    let mut source = with_archive(stem(root), paths, files, problems, limits);
    source.passed_over.extend(reports);
    Ok(source)
}

/// Adds the one archive that lies beside record exports and holds what they lack. Every other archive with files of an
/// org in it is passed over.
fn with_archive(
    name: String,
    mut paths: Vec<String>,
    files: Vec<PathBuf>,
    mut problems: Vec<Problem>,
    limits: &Limits,
) -> Source {
    let found = paths.iter().zip(&files).filter(|(path, _)| {
        path.len() > 4 && path.to_ascii_lowercase().ends_with(".zip") && !recognise::is_content(path)
    });
    let found: Vec<(String, PathBuf)> = found.map(|(path, file)| (path.clone(), file.clone())).collect();
    if found.is_empty() {
        return Source::new(name, paths, problems, Content::Folder(files, None));
    }
    let around = Contents::of_names(paths.iter().map(String::as_str));
    let (mut with_files, mut passed_over, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (path, place)) in found.into_iter().enumerate() {
        match (at < count(limits.archives)).then(|| archive::list(&place, limits)) {
            Some(Ok((names, archive))) => {
                if Contents::of_names(names.iter().map(String::as_str)).is_known() {
                    with_files.push((path, names, archive));
                }
            }
            Some(Err(error)) => refused.push((path, error)),
            None => passed_over.push(PassedOver { what: Passed::Archive, path }),
        }
    }
    let mut packed = None;
    let mut decisions = Vec::new();
    if !around.metadata && with_files.len() == 1 {
        for (path, names, archive) in with_files.drain(..) {
            decisions.push(Message::new("decision.mounted").with("archive", path.as_str()));
            paths.extend(names.into_iter().map(|inner| format!("{path}/{inner}")));
            packed = Some(Box::new(archive));
        }
    }
    passed_over.extend(with_files.into_iter().map(|(path, ..)| PassedOver { what: Passed::Archive, path }));
    for (path, error) in refused {
        match &error {
            // It would have been read, so what it holds is missing.
            SourceError::Archive { reason, .. } if !around.metadata && packed.is_none() => {
                let message = format!("archive refused: {reason}");
                problems.push(left_out(&path, &message, "retrieve it again, or unpack it"));
            }
            SourceError::TooLarge { limit, unit, .. } if !around.metadata && packed.is_none() => {
                problems.push(left_out(&path, &format!("archive refused: more than {limit} {unit}"), &error.hint()));
            }
            _ => passed_over.push(PassedOver { what: Passed::Packed, path }),
        }
    }
    let mut source = Source::new(name, paths, problems, Content::Folder(files, packed));
    (source.passed_over, source.decisions) = (passed_over, decisions);
    source
}

fn relative(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    match inner.to_str() {
        Some(text) if std::path::MAIN_SEPARATOR == '/' => text.to_owned(),
        _ => inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"),
    }
}

/// Reads a file up to the limit.
pub(crate) fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, EntryError> {
    let file = super::regular::open(path)?;
    let size = file.metadata()?.len();
    within(size, limits)?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default().saturating_add(1));
    file.take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    within(bytes.len() as u64, limits)?;
    Ok(bytes)
}
