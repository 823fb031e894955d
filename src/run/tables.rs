//! The portfolio's three tables: written row by row to a spill file and sorted at the end by a small index,
//! so that a thousand orgs take no more memory than their keys.

use super::Failure;
use crate::assessment::{Assessment, Finding, Outcome, Tenths};
use crate::render::csv::{self, Dialect};
use crate::tracker::rows;
use crate::wording::Wording;
use std::cmp::Reverse;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Order of the tracker: result, then score downwards, then org key, app name, id.
type Key = (Outcome, Reverse<Option<Tenths>>, String, String, String);

/// Rendered rows of one app in one table.
struct Piece {
    key: Key,
    table: usize,
    rows: usize,
    bytes: Vec<u8>,
}

/// The tables of one org, rendered app by app.
#[derive(Default)]
pub(super) struct Tables {
    names: Vec<String>,
    heads: Vec<Vec<u8>>,
    pieces: Vec<Piece>,
}

impl Tables {
    /// Renders the rows of one org.
    pub(super) fn of(assessment: &Assessment, wording: &Wording, dialect: Dialect, all: bool) -> Self {
        let apps = rows::ordered(&[assessment], true);
        let tables = rows::tables(&[assessment], wording, all);
        let mut out = Self::default();
        for (table, content) in tables.iter().enumerate() {
            out.names.push(content.name.clone());
            out.heads.push(csv::head(&content.header, dialect));
            let mut rest = content.rows.as_slice();
            for (org, finding) in &apps {
                let count = match content.name.as_str() {
                    "criteria" => finding.observations.len(),
                    "findings" => usize::from(all || finding.result != Outcome::Pass),
                    _ => 1,
                };
                let (own, others) = rest.split_at(count.min(rest.len()));
                rest = others;
                let bytes = csv::body(&content.header, own, dialect);
                out.pieces.push(Piece { key: key(&org.org.key, finding), table, rows: own.len(), bytes });
            }
        }
        out
    }
}

fn key(org: &str, finding: &Finding) -> Key {
    let score = finding.score.as_ref().map(|score| score.residual31.1);
    (finding.result, Reverse(score), org.to_owned(), finding.app.api_name.clone(), finding.id.clone())
}

/// Where one app's rows stand in the spill file.
struct Place {
    key: Key,
    table: usize,
    rows: usize,
    offset: u64,
    length: usize,
}

/// Rows of many orgs on disk.
pub(super) struct Spill {
    path: PathBuf,
    file: File,
    end: u64,
    names: Vec<String>,
    heads: Vec<Vec<u8>>,
    places: Vec<Place>,
}

impl Spill {
    /// Opens a spill file beside the report being written.
    pub(super) fn open(stage: &Path) -> Result<Self, Failure> {
        let path = stage.join(".rows");
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|e| Failure::io(&path, &e, ""))?;
        Ok(Self { path, file, end: 0, names: Vec::new(), heads: Vec::new(), places: Vec::new() })
    }

    /// Adds one org's rows.
    pub(super) fn add(&mut self, tables: Tables) -> Result<(), Failure> {
        self.names = tables.names;
        self.heads = tables.heads;
        for Piece { key, table, rows, bytes } in tables.pieces {
            self.file.write_all(&bytes).map_err(|e| Failure::io(&self.path, &e, "check the free space"))?;
            self.places.push(Place { key, table, rows, offset: self.end, length: bytes.len() });
            self.end += bytes.len() as u64;
        }
        Ok(())
    }

    /// Gives the finished files one by one, sorted, and removes the spill file.
    pub(super) fn finish(
        mut self,
        dialect: Dialect,
        mut write: impl FnMut(&str, &[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.places.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        for (table, (name, head)) in self.names.iter().zip(&self.heads).enumerate() {
            let (mut part, mut rows, mut bytes) = (0, 0, head.clone());
            for place in self.places.iter().filter(|place| place.table == table) {
                if rows + place.rows > csv::most_rows(dialect) {
                    write(&csv::file_name(name, part), &bytes)?;
                    (part, rows, bytes) = (part + 1, 0, head.clone());
                }
                rows += place.rows;
                let start = bytes.len();
                bytes.resize(start + place.length, 0);
                self.file
                    .seek(SeekFrom::Start(place.offset))
                    .and_then(|_| self.file.read_exact(bytes.get_mut(start..).unwrap_or_default()))
                    .map_err(|e| Failure::io(&self.path, &e, ""))?;
            }
            write(&csv::file_name(name, part), &bytes)?;
        }
        std::fs::remove_file(&self.path).map_err(|e| Failure::io(&self.path, &e, ""))
    }
}
