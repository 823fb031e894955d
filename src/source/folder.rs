//! A snapshot that is a folder.

use super::{Content, EntryError, Limits, Source, SourceError, left_out, shown, skipped_folder, stem, within};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use walkdir::WalkDir;

/// Lists a folder. Links are never walked into; a link to a file inside the folder is read as that file.
pub(super) fn open(root: &Path, limits: &Limits) -> Result<Source, SourceError> {
    let io = |cause| SourceError::Io { path: shown(root), cause };
    let inside = root.canonicalize().map_err(io)?;
    let mut paths = Vec::new();
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let walk = WalkDir::new(root).follow_links(false).sort_by_file_name().into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !(entry.file_type().is_dir() && skipped_folder(&entry.file_name().to_string_lossy()))
    });
    for (seen, entry) in walk.enumerate() {
        if seen > limits.entries {
            return Err(SourceError::TooLarge { path: shown(root), limit: limits.entries as u64, unit: "entries" });
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 => return Err(io(error.into())),
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
            continue; // sockets and pipes would block
        }
        paths.push(path);
        files.push(entry.into_path());
    }
    Ok(Source::new(stem(root), paths, problems, Content::Folder(files)))
}

fn relative(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Reads a file up to the limit.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, EntryError> {
    let io = |error: std::io::Error| EntryError::Unreadable(format!("cannot be read: {error}"));
    let file = File::open(path).map_err(io)?;
    let size = file.metadata().map_err(io)?.len();
    within(size, limits)?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default().saturating_add(1));
    file.take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(io)?;
    within(bytes.len() as u64, limits)?;
    Ok(bytes)
}
