//! Which manifests tell what was retrieved.
//!
//! The Metadata API puts `package.xml` next to the folders that it delivers. The same file name also holds requests:
//! in a project, or on its own in some folder. A request proves nothing about what came back.

use super::file_facts::{FileFacts, Said, Wanted};
use crate::snapshot::{Kind, Problem, ProblemCode};
use crate::source::Entry;
use crate::source::recognise::{self, Guess};

/// Types of External Client Apps by the API version in which the type, or its switch of the flow, first exists. A
/// retrieval at an older version leaves them out without a word. All other types that are read are older.
const SINCE: &[(&str, u32)] = &[
    ("ExternalClientApplication", 59),
    ("ExtlClntAppOauthSettings", 59),
    ("ExtlClntAppGlobalOauthSettings", 60),
    ("ExtlClntAppOauthConfigurablePolicies", 60),
    ("ExtlClntAppConfigurablePolicies", 60),
    ("ExtlClntAppOauthSecuritySettings", 65),
    ("ConnectedApp", 29),
    ("PermissionSet", 22),
    ("PermissionSetGroup", 45),
    ("MutingPermissionSet", 46),
];

/// Drops what manifests name as a whole, unless they lie in the layout of a retrieval whose API version has the type.
/// `all` are the files of the snapshot, `read` those of the parts.
pub(super) fn keep_proofs(all: &[Entry], read: &[Entry], parts: &mut [FileFacts]) {
    let doubtful = read.iter().zip(parts).filter(|(_, part)| part.said.iter().any(names_whole));
    for (entry, part) in doubtful {
        let retrieved = is_retrieved(&entry.path, all);
        let wanted = part.said.extract_if(.., |said| names_whole(said)).collect::<Vec<_>>();
        for said in wanted.into_iter().filter(|_| retrieved) {
            match said {
                Said::Whole(wanted) if !could_hold(&wanted) => part.problems.extend(proves_nothing(&wanted)),
                said => part.said.push(said),
            }
        }
    }
}

fn names_whole(said: &Said) -> bool {
    matches!(said, Said::Whole(_))
}

/// The API version that a type needs.
fn needed(of: &str) -> u32 {
    SINCE.iter().find(|(name, _)| *name == of).map_or(1, |(_, version)| *version)
}

/// Whether the answer to a request could hold components of the type.
fn could_hold(wanted: &Wanted) -> bool {
    wanted.version.is_some_and(|version| version >= needed(&wanted.of))
}

/// Says that an answer without apps is no answer. Of other types nothing is concluded from a manifest alone.
fn proves_nothing(wanted: &Wanted) -> Option<Problem> {
    let Wanted { of, version, at } = wanted;
    SINCE.iter().any(|(name, since)| name == of && *since >= 59).then(|| {
        let message = match version {
            Some(version) => format!("asks for all {of} at API version {version}, which does not have it"),
            None => format!("asks for all {of} and states no API version"),
        };
        let hint = format!("retrieve again with <version>{}.0</version> or later in package.xml", needed(of));
        Problem::new(at.clone(), Some(Kind::ManifestFile), ProblemCode::UnknownValue, message, &hint)
    })
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
    let alone = entries.iter().all(|entry| {
        *entry.path == *manifest || matches!(recognise::by_path(&entry.path), Guess::Other | Guess::Project)
    });
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
