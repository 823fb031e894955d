//! Writing a report folder: staged beside the target, then moved into place as a whole.
//!
//! An interrupted run leaves no half report. What a person has put or changed in the target is never lost
//! without `--force`: final reports and edited files are refused, foreign files are carried over.

use super::stage::{self, Stage};
use super::{Console, Failure, exit};
use crate::limits::Limits;
use crate::manifest::{self, Difference, MANIFEST, Manifest, SUMS};
use crate::source::regular;
use crate::text::visible::{json, write_json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A report folder being written.
pub(super) struct Staging {
    /// As the person named it, for messages.
    shown: PathBuf,
    /// Where it leads when it is a link.
    target: PathBuf,
    stage: Stage,
    hashes: BTreeMap<String, String>,
}

impl Staging {
    /// Checks the target and makes the folder beside it.
    pub(super) fn open(target: &Path, force: bool) -> Result<Self, Failure> {
        let resolved = resolved(target)?;
        guard(&resolved, force)?;
        let stage = Stage::beside(&resolved)?;
        Ok(Self { shown: target.to_owned(), target: resolved, stage, hashes: BTreeMap::new() })
    }

    /// Writes one file (mode 0600: it holds security findings) and notes its hash.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.hashes.insert(path.to_owned(), manifest::sha256(bytes));
        write_private(&self.stage.path().join(path), bytes)
    }

    /// Begins a file that is too large to hold in memory; [`Staging::close`] ends it.
    pub(super) fn stream(&self, path: &str) -> Result<Stream, Failure> {
        let place = self.stage.path().join(path);
        let file = BufWriter::with_capacity(1 << 18, private_file(&place)?);
        Ok(Stream { path: path.to_owned(), place, file, hash: Sha256::new() })
    }

    /// Ends a file written piece by piece and notes its hash.
    pub(super) fn close(&mut self, mut stream: Stream) -> Result<(), Failure> {
        stream.file.flush().map_err(|e| Failure::io(&stream.place, &e, "check the free space"))?;
        self.hashes.insert(stream.path, data_encoding::HEXLOWER.encode(&stream.hash.finalize()));
        Ok(())
    }

    /// The folder beside the target, for files that are removed again before it becomes the report.
    pub(super) fn folder(&self) -> &Path {
        self.stage.path()
    }

    /// Writes manifest and checksums, moves everything into place; gives the paths written.
    pub(super) fn finish(mut self, mut manifest: Manifest) -> Result<Vec<PathBuf>, Failure> {
        manifest.outputs = self.hashes.clone();
        let text = json(&manifest).map_err(|e| Failure::new(MANIFEST, e, ""))?;
        self.write(MANIFEST, text.as_bytes())?;
        self.write(SUMS, manifest::sums(&self.hashes).as_bytes())?;
        self.carry_over()?;
        self.stage.replace(&self.target)?;
        Ok(self.hashes.keys().map(|path| self.shown.join(path)).collect())
    }

    /// Takes what no report has written from the old target into the new folder: files, links and empty folders.
    fn carry_over(&self) -> Result<(), Failure> {
        if !self.target.exists() {
            return Ok(());
        }
        let written = read_manifest(&self.target, &Limits::default()).map(|old| old.outputs).unwrap_or_default();
        let hint = "move it out of the report folder";
        for entry in entries_below(&self.target)? {
            let path = entry.path();
            let inside = path.strip_prefix(&self.target).unwrap_or(path);
            let new = self.stage.path().join(inside);
            if is_ours(inside, &written) || new.symlink_metadata().is_ok() {
                continue;
            }
            let Some(_making) = stage::making() else {
                return Err(Failure::new(path.display(), "is not carried over: the run was ended", ""));
            };
            if entry.file_type().is_dir() {
                // A folder that reports have made goes with its last file; one that a person has made stays.
                if !written.keys().any(|name| Path::new(name).starts_with(inside)) {
                    stage::make_folder(&new).map_err(|e| Failure::io(path, &e, hint))?;
                }
                continue;
            }
            make_parent(&new)?;
            let copied = if entry.file_type().is_symlink() {
                fs::read_link(path).and_then(|to| link(&to, &new))
            } else {
                fs::copy(path, &new).map(drop)
            };
            copied.map_err(|e| Failure::io(path, &e, hint))?;
        }
        let rights = fs::metadata(&self.target).map_err(|e| Failure::io(&self.target, &e, hint))?.permissions();
        fs::set_permissions(self.stage.path(), rights).map_err(|e| Failure::io(&self.target, &e, hint))
    }
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "is a link, which cannot be carried over"))
}

/// Whether a path inside a report is one that the report itself has written.
fn is_ours(inside: &Path, written: &BTreeMap<String, String>) -> bool {
    inside.to_str().is_some_and(|name| written.contains_key(name) || name == MANIFEST || name == SUMS)
}

/// A file of the report being written piece by piece.
pub(super) struct Stream {
    path: String,
    place: PathBuf,
    file: BufWriter<fs::File>,
    hash: Sha256,
}

impl Stream {
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.write_all(bytes).map_err(|e| Failure::io(&self.place, &e, "check the free space"))
    }

    pub(super) fn json<T: serde::Serialize>(&mut self, value: &T) -> Result<(), Failure> {
        let mut pieces = BufWriter::with_capacity(1 << 16, &mut *self);
        let written = write_json(value, &mut pieces).map_err(std::io::Error::from).and_then(|()| pieces.flush());
        drop(pieces);
        written.map_err(|e| Failure::io(&self.place, &e, "check the free space"))
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.hash.update(bytes);
        self.file.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// The folder that a path means: a link is followed, so that the report lands where it leads and the link stays.
fn resolved(target: &Path) -> Result<PathBuf, Failure> {
    match target.symlink_metadata() {
        Ok(data) if data.is_symlink() => {
            let hint = "make the folder that the link names, or choose another with -o";
            target.canonicalize().map_err(|e| Failure::io(target, &e, hint))
        }
        _ => Ok(target.to_owned()),
    }
}

/// A pipe, socket or device.
fn is_odd(kind: fs::FileType) -> bool {
    !(kind.is_file() || kind.is_dir() || kind.is_symlink())
}

/// Refuses to overwrite what a person may have made: a final report, an edited file, a folder of something else.
fn guard(target: &Path, force: bool) -> Result<(), Failure> {
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        return Err(Failure::new(target.display(), "exists and is no folder", "choose another folder with -o"));
    }
    if let Some(entry) = entries_below(target)?.iter().find(|entry| is_odd(entry.file_type())) {
        let message = "is a pipe, socket or device, which cannot be carried over into the new report";
        return Err(Failure::new(entry.path().display(), message, "move it out of the report folder"));
    }
    if force {
        return Ok(());
    }
    let forced = "choose another folder with -o, or pass --force";
    let Some(manifest) = read_manifest(target, &Limits::default()) else {
        let empty = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
        let message = "exists and holds no report of shr";
        return if empty { Ok(()) } else { Err(Failure::new(target.display(), message, forced)) };
    };
    if manifest.is_final {
        return Err(Failure::new(target.display(), "holds a final report", forced));
    }
    let changed = manifest::check(&manifest, target);
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

/// Refuses a target that holds an assessment which is being read: writing would take it away.
pub(super) fn guard_inputs<'a>(target: &Path, read: impl Iterator<Item = &'a Path>) -> Result<(), Failure> {
    let Ok(target_is) = target.canonicalize() else { return Ok(()) };
    for path in read {
        let inside = path.canonicalize().is_ok_and(|path| path.starts_with(&target_is));
        if inside {
            let message = "holds a report that is being read, and would be replaced";
            return Err(Failure::new(target.display(), message, "choose another folder with -o"));
        }
    }
    Ok(())
}

/// The manifest of a report folder, if it has a readable one.
pub(super) fn read_manifest(folder: &Path, limits: &Limits) -> Option<Manifest> {
    serde_json::from_slice(&regular::read(&folder.join(MANIFEST), limits.manifest_bytes).ok()?).ok()
}

/// Writes files into a folder and names them on standard output; none when one of them is there already.
pub(super) fn write_new(
    dir: &Path,
    files: &[(impl AsRef<Path>, impl AsRef<[u8]>)],
    hint: &str,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    if let Some((name, _)) = files.iter().find(|(name, _)| dir.join(name).exists()) {
        return Err(Failure::new(dir.join(name).display(), "exists already", hint));
    }
    for (name, bytes) in files {
        let path = dir.join(name);
        write_private(&path, bytes.as_ref())?;
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(exit::CLEAN)
}

/// Writes a file with mode 0600, making its folder.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    private_file(path)?.write_all(bytes).map_err(|e| Failure::io(path, &e, "check the free space"))
}

fn private_file(path: &Path) -> Result<fs::File, Failure> {
    let Some(_making) = stage::making() else {
        return Err(Failure::new(path.display(), "is not written: the run was ended", ""));
    };
    make_parent(path)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|e| Failure::io(path, &e, ""))
}

fn make_parent(path: &Path) -> Result<(), Failure> {
    let parent = stage::parent_of(path);
    stage::make_folder(&parent).map_err(|e| Failure::io(&parent, &e, ""))
}

/// Everything in a folder, links not followed, in path order.
pub(super) fn entries_below(folder: &Path) -> Result<Vec<walkdir::DirEntry>, Failure> {
    let walk = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name();
    let listed: Result<Vec<_>, walkdir::Error> = walk.into_iter().collect();
    listed.map_err(|e| Failure::new(folder.display(), e, "check the access rights of this folder"))
}
