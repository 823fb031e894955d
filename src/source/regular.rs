//! Opening files that somebody else has named or laid out: regular ones only, and never more of them than a limit.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::{Component, Path};

/// Opens a regular file. Pipes would wait for ever, devices never end, sockets cannot be read. Fails when there is no
/// such file, or when it is of another kind.
pub(crate) fn open(path: &Path) -> Result<File> {
    let kind = std::fs::metadata(path)?;
    if kind.is_dir() {
        return Err(Error::new(ErrorKind::IsADirectory, "is a folder, not a file"));
    }
    if !kind.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "is a pipe, socket or device, not a file; it is not opened"));
    }
    File::open(path)
}

/// Reads a regular file of at most `limit` bytes. Fails as [`open`] does, and when the file is larger.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    read_from(open(path)?, limit)
}

/// Reads the file that a name means inside a folder, as [`open_inside`] does; at most `limit` bytes. Fails as that, and
/// when there is none or it is larger.
pub(crate) fn read_inside(folder: &Path, name: &str, limit: u64) -> Result<Vec<u8>> {
    let file = open_inside(folder, name)?.ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file"))?;
    read_from(file, limit)
}

fn read_from(file: File, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(ErrorKind::FileTooLarge, format!("is larger than {limit} bytes")));
    }
    Ok(bytes)
}

/// Reads a regular file of at most `limit` bytes as UTF-8. Fails as [`read`] does, and when it is in another encoding.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String> {
    as_text(read(path, limit)?)
}

/// Bytes as UTF-8. Fails when they are in another encoding.
pub(crate) fn as_text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::new(ErrorKind::InvalidData, "is not encoded in UTF-8"))
}

/// Whether a name that a file tells leads to a place inside a folder: relative, without `..`, and of characters that
/// can be shown.
pub(crate) fn leads_inside(name: &str) -> bool {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    !name.is_empty() && plain && !name.contains('\\') && !name.chars().any(char::is_control)
}

/// Opens the regular file that a name means inside a folder; `None` when there is none. Links are followed only as far
/// as they stay inside. Fails when the name or a link leads out of the folder, or when it is no regular file.
pub(crate) fn open_inside(folder: &Path, name: &str) -> Result<Option<File>> {
    if leads_inside(name) {
        let real = match folder.join(name).canonicalize() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            real => real?,
        };
        if real.starts_with(folder.canonicalize()?) {
            return open(&real).map(Some);
        }
    }
    Err(Error::new(ErrorKind::PermissionDenied, "leads out of the folder"))
}
