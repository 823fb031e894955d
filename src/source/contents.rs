//! What kinds of evidence a folder or archive holds, as far as names tell.

use super::recognise::{self, Guess};
use crate::snapshot::Kind;
use std::io::Read;
use std::path::Path;

/// The two halves of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// Files of metadata, manifests not counted: they also are requests.
    pub(crate) metadata: bool,
    /// Exports of records.
    pub(crate) records: bool,
    /// A manifest.
    manifest: bool,
}

impl Contents {
    /// What the names of files tell.
    pub(crate) fn of_names<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut held = Self::default();
        for path in paths {
            match recognise::by_path(path) {
                Guess::Metadata(meta) if meta.kind == Kind::ManifestFile => held.manifest = true,
                Guess::Metadata(_) => held.metadata = true,
                Guess::Export(_) => held.records = held.records || recognise::by_stem(path).is_some(),
                Guess::Project => {} // says nothing about what the project holds
                Guess::Other => held.metadata = held.metadata || recognise::is_read(path),
            }
            if held.metadata && held.records {
                break;
            }
        }
        held
    }

    /// Whether there is anything that would be read.
    pub(crate) fn is_known(self) -> bool {
        self.metadata || self.records || self.manifest
    }
}

/// Whether a folder is a report that this tool wrote, whatever it is called: its tables are no exports.
pub(crate) fn is_report(folder: &Path) -> bool {
    const SCHEMAS: [&str; 3] = ["\"shr-manifest/", "\"shr-assessment/", "\"shr-portfolio/"];
    ["manifest.json", "assessment.json"].iter().any(|name| {
        let Ok(file) = super::regular::open(&folder.join(name)) else { return false };
        let mut head = Vec::new();
        let read = file.take(400).read_to_end(&mut head).is_ok();
        let head = String::from_utf8_lossy(&head);
        read && SCHEMAS.iter().any(|schema| head.contains(schema))
    })
}
