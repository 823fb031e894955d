//! Writing a report folder: staged beside the target, then moved into place as a whole.
//!
//! An interrupted run leaves no half report. What a person has put or changed in the target is never lost
//! without `--force`: final reports and edited files are refused, foreign files are carried over.

use super::Failure;
use crate::manifest::{self, Difference, MANIFEST, Manifest, SUMS};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A report folder being written.
pub(super) struct Staging {
    target: PathBuf,
    stage: PathBuf,
    hashes: BTreeMap<String, String>,
    done: bool,
}

impl Staging {
    /// Checks the target and makes the folder beside it.
    pub(super) fn open(target: &Path, force: bool) -> Result<Self, Failure> {
        guard(target, force)?;
        let parent = parent_of(target);
        fs::create_dir_all(&parent).map_err(|e| Failure::io(&parent, &e, "choose another folder with -o"))?;
        let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.is_empty() {
            let hint = "name a folder that may be replaced as a whole, such as -o report";
            return Err(Failure::new(target.display(), "is no folder name to write a report into", hint));
        }
        let stage = parent.join(format!(".{name}.shr-{}", std::process::id()));
        fs::create_dir(&stage).map_err(|e| Failure::io(&stage, &e, "remove it if an earlier run was interrupted"))?;
        Ok(Self { target: target.to_owned(), stage, hashes: BTreeMap::new(), done: false })
    }

    /// Writes one file (mode 0600: it holds security findings) and notes its hash.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.hashes.insert(path.to_owned(), manifest::sha256(bytes));
        write_private(&self.stage.join(path), bytes)
    }

    /// Begins a file that is too large to hold in memory; [`Staging::close`] ends it.
    pub(super) fn stream(&self, path: &str) -> Result<Stream, Failure> {
        let place = self.stage.join(path);
        let file = BufWriter::with_capacity(1 << 18, private_file(&place)?);
        Ok(Stream { path: path.to_owned(), place, file, hash: Sha256::new() })
    }

    /// Ends a file written piece by piece and notes its hash.
    pub(super) fn close(&mut self, mut stream: Stream) -> Result<(), Failure> {
        stream.file.flush().map_err(|e| Failure::io(&stream.place, &e, "check the free space"))?;
        self.hashes.insert(stream.path, manifest::hex(&stream.hash.finalize()));
        Ok(())
    }

    /// The folder beside the target, for files that are removed again before it becomes the report.
    pub(super) fn folder(&self) -> &Path {
        &self.stage
    }

    /// Writes manifest and checksums, moves everything into place; gives the paths written.
    pub(super) fn finish(mut self, mut manifest: Manifest) -> Result<Vec<PathBuf>, Failure> {
        manifest.outputs = self.hashes.clone();
        let text = serde_json::to_string_pretty(&manifest).map_err(|e| Failure::new(MANIFEST, e, ""))? + "\n";
        self.write(MANIFEST, text.as_bytes())?;
        let sums = manifest::sums(&self.hashes);
        self.write(SUMS, sums.as_bytes())?;
        self.carry_over()?;
        self.swap()?;
        self.done = true;
        Ok(self.hashes.keys().map(|path| self.target.join(path)).collect())
    }

    /// Moves files of the old target that no report has written into the new folder.
    fn carry_over(&self) -> Result<(), Failure> {
        let written = read_manifest(&self.target).map(|old| old.outputs).unwrap_or_default();
        let known = |path: &str| written.contains_key(path) || path == MANIFEST || path == SUMS;
        for path in files_below(&self.target) {
            let relative = relative_text(&self.target, &path);
            let new = self.stage.join(&relative);
            if known(&relative) || new.exists() {
                continue;
            }
            make_parent(&new)?;
            fs::copy(&path, &new).map_err(|e| Failure::io(&path, &e, "move it out of the report folder"))?;
        }
        Ok(())
    }

    fn swap(&self) -> Result<(), Failure> {
        let hint = "check that the folder is not open elsewhere";
        let mut aside = self.stage.clone().into_os_string();
        aside.push("-old");
        let aside = PathBuf::from(aside);
        let replaced = self.target.exists();
        if replaced {
            fs::rename(&self.target, &aside).map_err(|e| Failure::io(&self.target, &e, hint))?;
        }
        if let Err(error) = fs::rename(&self.stage, &self.target) {
            if replaced {
                // Put the old report back; if that fails too, it is still there under the other name.
                let _ = fs::rename(&aside, &self.target);
            }
            return Err(Failure::io(&self.target, &error, hint));
        }
        if replaced {
            fs::remove_dir_all(&aside).map_err(|e| Failure::io(&aside, &e, "remove it by hand"))
        } else {
            Ok(())
        }
    }
}

/// A file of the report being written piece by piece.
pub(super) struct Stream {
    path: String,
    place: PathBuf,
    file: BufWriter<fs::File>,
    hash: Sha256,
}

impl Stream {
    /// Appends bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.hash.update(bytes);
        self.file.write_all(bytes).map_err(|e| Failure::io(&self.place, &e, "check the free space"))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            // Best effort: a left-over stage is hidden, named after the process, and never taken for a report.
            let _ = fs::remove_dir_all(&self.stage);
        }
    }
}

/// Refuses to overwrite what a person may have made: a final report, an edited file, a folder of something else.
fn guard(target: &Path, force: bool) -> Result<(), Failure> {
    if force || !target.exists() {
        return Ok(());
    }
    let forced = "choose another folder with -o, or pass --force";
    let Some(manifest) = read_manifest(target) else {
        let empty = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
        let message = "exists and holds no report of shr";
        return if empty { Ok(()) } else { Err(Failure::new(target.display(), message, forced)) };
    };
    if manifest.is_final {
        return Err(Failure::new(target.display(), "holds a final report", forced));
    }
    let changed = manifest::check(&manifest, |path| fs::read(target.join(path)).ok());
    match changed.iter().find_map(|d| if let Difference::Changed(path) = d { Some(path) } else { None }) {
        Some(path) => {
            let message = "was edited since shr wrote it, and would be overwritten";
            let hint =
                "save it elsewhere (shr track carries typed columns over), choose another folder, or pass --force";
            Err(Failure::new(target.join(path).display(), message, hint))
        }
        None => Ok(()),
    }
}

/// The manifest of a report folder, if it has a readable one.
pub(super) fn read_manifest(folder: &Path) -> Option<Manifest> {
    serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()
}

/// Writes a file with mode 0600, making its folder.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    private_file(path)?.write_all(bytes).map_err(|e| Failure::io(path, &e, "check the free space"))
}

fn private_file(path: &Path) -> Result<fs::File, Failure> {
    make_parent(path)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|e| Failure::io(path, &e, ""))
}

fn make_parent(path: &Path) -> Result<(), Failure> {
    let parent = parent_of(path);
    fs::create_dir_all(&parent).map_err(|e| Failure::io(&parent, &e, ""))
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    walk.into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn relative_text(folder: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    relative.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
