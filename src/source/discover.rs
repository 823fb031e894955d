//! Is an argument one org, or a folder of orgs?

use super::{Limits, SourceError, archive, shown, skipped_folder, stem};
use crate::ingest::recognise;
use std::fs;
use std::path::{Path, PathBuf};

/// One org that an argument holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotRoot {
    /// Name of the folder or the archive's stem.
    pub name: String,
    /// The folder or zip archive.
    pub path: PathBuf,
}

/// The orgs of one argument, and how that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The orgs by name, then path; never empty.
    pub roots: Vec<SnapshotRoot>,
    /// A sentence for the report's method section.
    pub decision: String,
}

/// Files and folders that lie at the top of one org's export.
const MARKERS: &[&str] = &["sfdx-project.json", "package.xml", "force-app", "src", "unpackaged"];

/// Decides what a path given by the user is: a zip archive is one org; a folder is one org when a project file, a
/// manifest, a usual package folder, a metadata folder, or any file of a known kind lies directly in it; otherwise
/// each folder and archive directly in it is an org.
///
/// # Errors
/// When the path cannot be listed, is neither folder nor archive, or holds nothing.
pub fn discover(path: &Path) -> Result<Discovery, SourceError> {
    if !path.is_dir() {
        if !archive::is_zip(path)? {
            return Err(SourceError::NotASnapshot { path: shown(path) });
        }
        let root = SnapshotRoot { name: stem(path), path: path.to_owned() };
        let decision = format!("`{}` is an archive and read as one org.", root.name);
        return Ok(Discovery { roots: vec![root], decision });
    }
    let children = list(path)?;
    if let Some(marker) = children.iter().find(|child| marks_an_org(child)) {
        let root = SnapshotRoot { name: stem(path), path: path.to_owned() };
        let marker = marker.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let decision = format!("`{}` is read as one org, because `{marker}` lies in it.", root.name);
        return Ok(Discovery { roots: vec![root], decision });
    }
    let mut roots: Vec<SnapshotRoot> = children
        .into_iter()
        .filter(|child| child.is_dir() || archive::is_zip(child).unwrap_or(false))
        .map(|child| SnapshotRoot { name: stem(&child), path: child })
        .collect();
    roots.sort();
    if roots.is_empty() {
        return Err(SourceError::Empty { path: shown(path) });
    }
    let decision = format!(
        "`{}` holds no org files itself, so each folder and archive in it is read as an org ({} in all).",
        stem(path),
        roots.len()
    );
    Ok(Discovery { roots, decision })
}

fn list(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let io = |cause| SourceError::Io { path: shown(path), cause };
    let mut children = Vec::new();
    for child in fs::read_dir(path).map_err(io)? {
        let child = child.map_err(io)?;
        if !skipped_folder(&child.file_name().to_string_lossy()) {
            children.push(child.path());
        }
    }
    children.sort();
    Ok(children)
}

fn marks_an_org(child: &Path) -> bool {
    let Some(name) = child.file_name().map(|name| name.to_string_lossy()) else { return false };
    if MARKERS.contains(&name.as_ref()) {
        return true;
    }
    if child.is_dir() {
        return recognise::is_metadata_folder(&name);
    }
    match recognise::by_path(&name) {
        recognise::Guess::Metadata(_) => true,
        recognise::Guess::Export(_) => {
            let limits = Limits::default();
            super::folder::read(child, &limits).is_ok_and(|bytes| recognise::is_export(&name, &bytes))
        }
        recognise::Guess::Other => false,
    }
}
