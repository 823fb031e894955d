//! A snapshot that is a zip archive. It is read in place; nothing is written to disk.

use super::{Content, EntryError, Limits, Source, SourceError, recognise, shown, skipped_folder, stem, within};
use crate::limits::{self, SMALL};
use crate::text::visible::one_line;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use zip::ZipArchive;

/// Whether a file starts like a zip archive (`PK`). Its name does not matter.
pub(crate) fn is_zip(path: &Path) -> Result<bool, SourceError> {
    // Pipes and devices are no archives, and looking into one may take for ever.
    if std::fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return Ok(false);
    }
    let mut head = Vec::new();
    let file = File::open(path).map_err(|cause| SourceError::io(path, cause))?;
    file.take(4).read_to_end(&mut head).map_err(|cause| SourceError::io(path, cause))?;
    Ok(head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06"))
}

/// One open file that several archive readers share, each with a position of its own.
#[derive(Clone, Debug)]
struct Shared {
    file: Arc<Mutex<File>>,
    position: u64,
    length: u64,
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.position))?;
        let got = file.read(buffer)?;
        self.position = self.position.saturating_add(got as u64);
        Ok(got)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

/// An opened archive with the entries that are files.
#[derive(Debug)]
pub(super) struct Archive {
    zip: ZipArchive<Shared>,
    indices: Vec<usize>,
}

impl Archive {
    /// Unpacks one entry in memory, up to the limits. What the directory promises was counted when it was listed, so no
    /// entry may have more.
    pub(super) fn read(&self, slot: usize, limits: &Limits) -> Result<Vec<u8>, EntryError> {
        let index = self.indices.get(slot).copied().ok_or_else(damaged)?;
        let mut zip = self.zip.clone(); // shares the directory and the file
        let file = zip.by_index(index).map_err(|_| damaged())?;
        let (packed, promised) = (file.compressed_size(), file.size());
        within(promised, limits)?;
        if !within_ratio(packed, promised, limits) {
            let message = format!("unpacks to more than {} times its packed size", limits.archive_ratio);
            let needed = promised.div_ceil(packed.max(1));
            return Err(EntryError::TooLarge(message, limits::option("archive-ratio", needed)));
        }
        let mut bytes = Vec::new();
        file.take(promised.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| damaged())?;
        if bytes.len() as u64 > promised {
            return Err(EntryError::Unreadable("unpacks to more than the archive says".to_owned()));
        }
        Ok(bytes)
    }
}

fn damaged() -> EntryError {
    EntryError::Unreadable("cannot be unpacked".to_owned())
}

fn within_ratio(packed: u64, unpacked: u64, limits: &Limits) -> bool {
    unpacked <= packed.saturating_mul(limits.archive_ratio).max(SMALL)
}

/// Opens an archive as an org.
pub(super) fn open(path: &Path, limits: &Limits) -> Result<Source, SourceError> {
    let (paths, archive) = list(path, limits)?;
    Ok(Source::new(stem(path), paths, Vec::new(), Content::Zip(archive)))
}

/// Lists an archive, and refuses it as a whole when an entry could not come from an export.
pub(super) fn list(path: &Path, limits: &Limits) -> Result<(Vec<String>, Archive), SourceError> {
    let file = File::open(path).map_err(|cause| SourceError::io(path, cause))?;
    let length = file.metadata().map_err(|cause| SourceError::io(path, cause))?.len();
    let shared = Shared { file: Arc::new(Mutex::new(file)), position: 0, length };
    let mut zip = ZipArchive::new(shared.clone()).map_err(|_| refused(path, "it is damaged or cut off"))?;
    if zip.len() as u64 > limits.entries {
        let (path, limit) = (shown(path), limits.entries);
        return Err(SourceError::TooLarge { path, limit, unit: "entries", name: "entries" });
    }
    if zip.has_duplicate_names()
        && let Some(name) = read_twice(&mut shared.clone(), zip.central_directory_start())
            .map_err(|cause| SourceError::io(path, cause))?
    {
        return Err(refused(path, format!("entry `{}` is there twice", one_line(&name))));
    }
    let mut names = BTreeSet::new();
    let mut unpacked: u64 = 0;
    let (mut paths, mut indices) = (Vec::new(), Vec::new());
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(|_| refused(path, "its directory is damaged"))?;
        let name = entry.name().map_err(|_| refused(path, "an entry's name cannot be decoded"))?.into_owned();
        let link = entry.is_symlink() || entry.unix_mode().is_some_and(|mode| mode & 0o170_000 == 0o120_000);
        let folder = entry.is_dir();
        check_name(&name).map_err(|reason| refused(path, format!("entry `{}` {reason}", one_line(&name))))?;
        if link {
            return Err(refused(path, format!("entry `{}` is a link", one_line(&name))));
        }
        if recognise::is_read(&name) && !names.insert(name.to_lowercase()) {
            return Err(refused(path, format!("entry `{}` is there twice, or differs only in case", one_line(&name))));
        }
        let hidden = name.split('/').rev().skip(1).any(skipped_folder);
        if !folder && !hidden {
            let (packed, promised) = (entry.compressed_size(), entry.size());
            // One that is refused by itself costs nothing.
            if within_ratio(packed, promised, limits) {
                unpacked = unpacked.saturating_add(promised);
            }
            paths.push(name);
            indices.push(index);
        }
    }
    // Small entries are exempt one by one, and several may share their packed bytes.
    if !within_ratio(length, unpacked, limits) {
        let (path, limit, unit) = (shown(path), limits.archive_ratio, "times its packed size");
        return Err(SourceError::TooLarge { path, limit, unit, name: "archive-ratio" });
    }
    Ok((paths, Archive { zip, indices }))
}

fn refused(path: &Path, reason: impl Into<String>) -> SourceError {
    SourceError::Archive { path: shown(path), reason: reason.into() }
}

/// The name of an entry that would be read and of which the directory has a second one. Of other entries nobody asks
/// which of the two is meant. The library that reads the archive keeps one entry for each name, so the directory itself
/// is walked: records of 46 bytes, with the lengths of what follows them (name, extra field, comment) at 28, 30 and 32.
fn read_twice(file: &mut Shared, start: u64) -> io::Result<Option<String>> {
    let mut names = BTreeSet::new();
    let mut file = io::BufReader::new(file);
    file.seek(SeekFrom::Start(start))?;
    let mut head = [0; 46];
    while file.read_exact(&mut head).is_ok() && head.starts_with(b"PK\x01\x02") {
        let [name, extra, comment] = [28, 30, 32].map(|at: usize| u16::from_le_bytes([head[at], head[at + 1]]));
        let mut name = vec![0; usize::from(name)];
        file.read_exact(&mut name)?;
        file.seek_relative(i64::from(extra) + i64::from(comment))?;
        let shown = String::from_utf8_lossy(&name).into_owned();
        if recognise::is_read(&shown) && !names.insert(name) {
            return Ok(Some(shown));
        }
    }
    Ok(None)
}

/// Names that could lead out of a folder. Nothing is extracted, but an archive that holds one is no export.
fn check_name(name: &str) -> Result<(), &'static str> {
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if name.is_empty() || name.contains('\0') {
        Err("has no usable name")
    } else if name.starts_with('/') || drive {
        Err("has an absolute path")
    } else if name.contains('\\') {
        Err("has a backslash in its path")
    } else if name.split('/').any(|part| part == ".." || part == ".") {
        Err("has a path with `..` or `.`")
    } else {
        Ok(())
    }
}
