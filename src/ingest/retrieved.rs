//! Which manifests tell what was retrieved.
//!
//! The Metadata API puts `package.xml` next to the folders that it delivers. The same file name also holds requests:
//! in a project, or on its own in some folder. A request proves nothing about what came back.

use super::part::{Part, Said};
use super::recognise::{self, Guess};
use crate::snapshot::Kind;
use crate::source::Entry;

/// Drops what manifests name as a whole, unless they lie in the layout of a retrieval.
pub(super) fn keep_proofs(entries: &[Entry], parts: &mut [Part]) {
    let doubtful = entries.iter().zip(parts).filter(|(_, part)| part.said.iter().any(names_whole));
    for (entry, part) in doubtful {
        if !is_retrieved(&entry.path, entries) {
            part.said.retain(|said| !names_whole(said));
        }
    }
}

fn names_whole(said: &Said) -> bool {
    matches!(said, Said::Whole(_))
}

/// Whether a manifest stands beside metadata in the Metadata API's layout, or alone in the snapshot, and in no
/// source-format project.
fn is_retrieved(manifest: &str, entries: &[Entry]) -> bool {
    let folder = parent(manifest);
    let in_project = entries.iter().any(|entry| {
        let file = entry.path.rsplit('/').next().unwrap_or_default();
        file == "sfdx-project.json" && is_within(folder, parent(&entry.path))
    });
    let beside = entries.iter().any(|entry| {
        let inner = entry.path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/'));
        let one_deep = inner.and_then(|rest| rest.split_once('/')).is_some_and(|(_, file)| !file.contains('/'));
        one_deep && is_within(parent(&entry.path), folder) && is_metadata(&entry.path)
    });
    let alone = entries.iter().all(|entry| *entry.path == *manifest || recognise::by_path(&entry.path) == Guess::Other);
    !in_project && (beside || alone)
}

/// Metadata as the Metadata API names it; a source-format project adds `-meta.xml`.
fn is_metadata(path: &str) -> bool {
    !path.to_ascii_lowercase().ends_with("-meta.xml")
        && matches!(recognise::by_path(path), Guess::Metadata(meta) if meta.kind != Kind::ManifestFile)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether `inner` is `outer` or a folder below it. The empty path is the snapshot itself.
fn is_within(inner: &str, outer: &str) -> bool {
    outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
