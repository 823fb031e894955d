//! What could not be read, and whose judgement it touches.

use crate::assessment::ProblemRow;
use crate::snapshot::{App, Kind, Place, Problem, Snapshot};

/// One row for each problem, with the apps that it touches.
pub(super) fn rows(snapshot: &Snapshot) -> Vec<ProblemRow> {
    let row = |problem: &Problem| ProblemRow {
        place: place(problem),
        message: problem.message.clone(),
        hint: problem.hint.clone(),
        touches: touched(snapshot, problem),
    };
    snapshot.problems.iter().map(row).collect()
}

/// `path`, `path:line`, `path:line:column` or `path, row n`.
fn place(problem: &Problem) -> String {
    match (problem.at.place, problem.column) {
        (Place::Line(_), column @ 1..) => format!("{}:{column}", problem.at),
        _ => problem.at.to_string(),
    }
}

/// A problem that names its app touches that app. One that does not may belong to any app that lacks such a file.
fn touched(snapshot: &Snapshot, problem: &Problem) -> Vec<String> {
    if problem.kind.is_some_and(decides_nothing) {
        return Vec::new();
    }
    if !problem.apps.is_empty() {
        return problem.apps.clone();
    }
    let may_be_its = |app: &App| problem.kind.is_none_or(|kind| !app.has(kind));
    snapshot.apps.values().filter(|app| may_be_its(app)).map(|app| app.name.clone()).collect()
}

/// Kinds that no criterion of this control reads.
fn decides_nothing(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ManifestFile
            | Kind::ProjectFile
            | Kind::CopyFile
            | Kind::ListingRecords
            | Kind::ConnectedAppFile
            | Kind::SecuritySettingsFile
            | Kind::AppSettingsFile
            | Kind::ConnectedAppSettingsFile
            | Kind::OauthOidcSettingsFile
    )
}
