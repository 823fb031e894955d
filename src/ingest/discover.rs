//! Is an argument one org, or a folder of orgs?

use super::records;
use crate::source::contents::{Contents, is_report};
use crate::source::recognise::{self, Guess};
use crate::source::{Limits, Source, SourceError, is_zip, read_file, shown, skipped_folder, stem};
use crate::text::message::Message;
use std::fs;
use std::path::{Path, PathBuf};

/// One org that an argument holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotRoot {
    /// Name of the folder or the archive's stem.
    pub name: String,
    /// The folder or zip archive.
    pub path: PathBuf,
    /// What was decided about it, for the report's method section.
    pub decisions: Vec<Message>,
}

/// The orgs of one argument, and how that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The orgs by name, then path; never empty.
    pub roots: Vec<SnapshotRoot>,
    /// A sentence for who runs the tool.
    pub decision: String,
    /// Folders and archives beside the orgs that hold nothing of one.
    pub passed_over: Vec<String>,
}

/// Files and folders that lie at the top of one org's export.
const MARKERS: &[&str] = &["sfdx-project.json", "package.xml", "force-app", "src", "unpackaged"];

/// Decides what a path given by the user is: a zip archive is one org; a folder is one org when a project file, a
/// manifest, a usual package folder, a metadata folder, or any file of a known kind lies directly in it, or when what
/// lies in it are the two halves of one: metadata, and record exports. Otherwise each folder and archive directly in it
/// that holds a known file is an org; the others are passed over. Fails when the path cannot be listed, is neither
/// folder nor archive, is a report of this tool, or holds no known file.
pub fn discover(path: &Path, limits: &Limits) -> Result<Discovery, SourceError> {
    if !path.is_dir() {
        if !is_zip(path)? {
            return Err(SourceError::NotASnapshot { path: shown(path) });
        }
        let decision = format!("`{}` is an archive and read as one org.", stem(path));
        let said = Message::new("decision.archive").with("name", stem(path));
        return Ok(one(path, said, decision));
    }
    if is_report(path) {
        return Err(SourceError::Report { path: shown(path) });
    }
    let children = list(path)?;
    if let Some(marker) = children.iter().find(|child| marks_an_org(child, limits)) {
        let marker = name_of(marker);
        let decision = format!("`{}` is read as one org, because `{marker}` lies in it.", stem(path));
        let said = Message::new("decision.one").with("name", stem(path)).with("marker", marker);
        return Ok(one(path, said, decision));
    }
    among(path, children, limits)
}

fn one(path: &Path, said: Message, decision: String) -> Discovery {
    let root = SnapshotRoot { name: stem(path), path: path.to_owned(), decisions: vec![said] };
    Discovery { roots: vec![root], decision, passed_over: Vec::new() }
}

/// Which of the folders and archives in a folder are orgs.
fn among(path: &Path, children: Vec<PathBuf>, limits: &Limits) -> Result<Discovery, SourceError> {
    let mut orgs: Vec<(PathBuf, Contents)> = Vec::new();
    let mut passed_over = Vec::new();
    for child in children.into_iter().filter(|child| child.is_dir() || is_zip(child).unwrap_or(false)) {
        match contents(&child, limits) {
            Some(held) if !held.is_known() => passed_over.push(name_of(&child)),
            // What cannot be opened is told when it is read.
            held => orgs.push((child, held.unwrap_or_default())),
        }
    }
    if orgs.is_empty() {
        return Err(SourceError::Empty { path: shown(path) });
    }
    if let Some((metadata, records)) = halves(&orgs) {
        let name = stem(path);
        let decision = format!(
            "`{name}` is read as one org: `{metadata}` holds its metadata, `{}` its record exports.",
            records.join("`, `")
        );
        let said = Message::new("decision.halves").with("name", name).with("metadata", metadata);
        return Ok(one(path, said.with("records", records), decision));
    }
    let several = orgs.len() > 1;
    let roots = orgs.into_iter().map(|(child, _)| {
        let said = Message::new("decision.child").with("name", name_of(&child)).with("folder", stem(path));
        SnapshotRoot { name: stem(&child), path: child, decisions: vec![said] }
    });
    let mut roots: Vec<SnapshotRoot> = roots.collect();
    roots.sort();
    if let [only] = roots.as_mut_slice()
        && !passed_over.is_empty()
    {
        only.decisions.push(Message::new("decision.passed-over").with("names", passed_over.clone()));
    }
    let each =
        if several { "each folder and archive with such files in it" } else { "the one that has such files in it" };
    let decision =
        format!("`{}` holds no org files itself, so {each} is read as an org ({} in all).", stem(path), roots.len());
    Ok(Discovery { roots, decision, passed_over })
}

/// The names of the two halves of one org: a single folder or archive with metadata and without records, and beside it
/// nothing but record exports: one folder of them beside an archive, or folders that are called as such are.
fn halves(orgs: &[(PathBuf, Contents)]) -> Option<(String, Vec<String>)> {
    let (metadata, records): (Vec<_>, Vec<_>) = orgs.iter().partition(|(_, held)| held.metadata);
    let [(half, held)] = metadata.as_slice() else { return None };
    let called_so = records.iter().all(|(path, _)| recognise::is_records_folder(&name_of(path)));
    let beside_an_archive = !half.is_dir() && records.len() == 1;
    let whole = records.iter().all(|(path, held)| held.records && path.is_dir());
    let fits = !held.records && !records.is_empty() && whole && (called_so || beside_an_archive);
    fits.then(|| (name_of(half), records.iter().map(|(path, _)| name_of(path)).collect()))
}

/// Looks at the names, and opens what may be an export only while no export is known.
fn contents(child: &Path, limits: &Limits) -> Option<Contents> {
    let source = Source::open(child, limits).ok()?;
    let mut held = Contents::of_names(source.entries().iter().map(|entry| entry.path.as_ref()));
    held.records = held.records
        || source.entries().iter().any(|entry| {
            matches!(recognise::by_path(&entry.path), Guess::Export(_))
                && source.bytes(entry, limits).is_ok_and(|bytes| records::is_export(&entry.path, &bytes))
        });
    Some(held)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn list(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let mut children = Vec::new();
    for child in fs::read_dir(path).map_err(|cause| SourceError::io(path, cause))? {
        let child = child.map_err(|cause| SourceError::io(path, cause))?;
        if !skipped_folder(&child.file_name().to_string_lossy()) && !is_report(&child.path()) {
            children.push(child.path());
        }
    }
    children.sort();
    Ok(children)
}

fn marks_an_org(child: &Path, limits: &Limits) -> bool {
    let name = name_of(child);
    if MARKERS.contains(&name.as_str()) {
        return true;
    }
    if child.is_dir() {
        return recognise::is_metadata_folder(&name);
    }
    match recognise::by_path(&name) {
        Guess::Metadata(_) | Guess::Project => true,
        Guess::Export(_) => read_file(child, limits).is_ok_and(|bytes| records::is_export(&name, &bytes)),
        Guess::Other => false,
    }
}
