//! What a workbook unpacks to: how much, and which kinds of parts.

use super::book::Faults;
use super::grid::whole;
use crate::limits::{Limits, SMALL, option};
use rayon::prelude::*;
use std::io::{self, Cursor, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use zip::ZipArchive;

/// What an archive holds, told while it is unpacked to be counted.
#[derive(Default)]
pub(super) struct Contents {
    /// Whether a sheet has merged cells.
    pub(super) merges: bool,
    /// Whether there are notes.
    pub(super) notes: bool,
    /// Whether there are macros.
    pub(super) macros: bool,
    opendocument: bool,
    binary: bool,
    workbook: bool,
}

impl Contents {
    fn part(name: &str) -> Self {
        Self {
            merges: false,
            notes: name.contains("comments") || name.contains("threadedComment"),
            macros: name.ends_with("vbaProject.bin"),
            opendocument: name == "content.xml",
            binary: name.ends_with("workbook.bin"),
            workbook: name.ends_with("workbook.xml"),
        }
    }

    fn with(self, other: &Self) -> Self {
        Self {
            merges: self.merges | other.merges,
            notes: self.notes | other.notes,
            macros: self.macros | other.macros,
            opendocument: self.opendocument | other.opendocument,
            binary: self.binary | other.binary,
            workbook: self.workbook | other.workbook,
        }
    }

    /// What the archive is, where it is no workbook of this format.
    pub(super) fn other_format(&self) -> Option<&'static str> {
        match self {
            Self { workbook: true, .. } => None,
            Self { opendocument: true, .. } => Some("an OpenDocument sheet"),
            Self { binary: true, .. } => Some("a binary workbook (.xlsb)"),
            _ => Some("an archive without a workbook"),
        }
    }
}

/// Refuses a workbook whose parts unpack to too much. They are unpacked to be counted, because what a packed file says
/// of itself need not be true, and the reader keeps the texts of all sheets.
pub(super) fn unpacks_within(bytes: &[u8], limits: &Limits) -> Result<Contents, Faults> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(cut_off)?;
    let by_ratio = (bytes.len() as u64).saturating_mul(limits.archive_ratio).max(SMALL);
    let counted = Counted { most: limits.workbook_bytes.min(by_ratio), bytes: AtomicU64::new(0) };
    let parts = (0..archive.len()).into_par_iter();
    let parts: Vec<Result<Contents, Faults>> =
        parts.map_with(archive, |archive, at| part(archive, at, &counted)).collect();
    // Whichever part it was that stopped at the limit, together they reach it.
    if counted.bytes.into_inner() > counted.most {
        return Err(if limits.workbook_bytes <= by_ratio { too_large(limits) } else { too_tight(limits) });
    }
    parts.into_iter().try_fold(Contents::default(), |all, part| Ok(all.with(&part?)))
}

fn too_large(limits: &Limits) -> Faults {
    let option = option("workbook-bytes", limits.workbook_bytes.saturating_mul(2));
    let message = format!("the workbook unpacks to more than {} bytes", limits.workbook_bytes);
    whole(&message, &format!("split it, or pass {option}"))
}

fn too_tight(limits: &Limits) -> Faults {
    let option = option("archive-ratio", limits.archive_ratio.saturating_mul(2));
    let message = format!("the workbook unpacks to more than {} times its size", limits.archive_ratio);
    whole(&message, &format!("save it again, or pass {option}"))
}

fn cut_off(_: zip::result::ZipError) -> Faults {
    whole("the workbook cannot be read: it is damaged or cut off", "save it again")
}

/// Unpacks a part as far as the limit allows.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize, counted: &Counted) -> Result<Contents, Faults> {
    let mut part = archive.by_index(at).map_err(cut_off)?;
    let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
    let is_sheet = name.contains("sheet");
    let mut looking = Looking { counted, found: !is_sheet, tail: Vec::new() };
    let damaged = |_| whole("the workbook cannot be read: a part of it is damaged", "save it again");
    io::copy(&mut part, &mut looking).map_err(damaged)?;
    Ok(Contents { merges: looking.found && is_sheet, ..Contents::part(&name) })
}

/// Bytes that were unpacked by now, of all parts.
struct Counted {
    most: u64,
    bytes: AtomicU64,
}

/// Takes what is unpacked, counts it and looks for merged cells in it. Fails beyond the limit.
struct Looking<'c> {
    counted: &'c Counted,
    found: bool,
    tail: Vec<u8>,
}

impl Write for Looking<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const MARK: &[u8] = b"mergeCell ";
        if self.counted.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed) > self.counted.most {
            return Err(io::Error::other("the parts unpack to too much"));
        }
        if !self.found {
            self.tail.extend(bytes.iter().take(MARK.len()));
            self.found = [&self.tail, bytes].iter().any(|part| memchr::memmem::find(part, MARK).is_some());
            self.tail.clear();
            self.tail.extend(bytes.get(bytes.len().saturating_sub(MARK.len())..).unwrap_or_default());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
