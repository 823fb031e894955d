//! What could not be read, and whose judgement it touches.

use crate::limits::{self, Limits};
use crate::model::ProblemRow;
use crate::snapshot::{Kind, Place, Problem, Snapshot};
use std::collections::BTreeMap;

/// One row for each problem, with the apps that it touches. The first one beyond the limit stands for all further ones.
pub(super) fn rows(snapshot: &Snapshot, limits: &Limits) -> Vec<ProblemRow> {
    let named = limits::count(limits.problem_apps);
    let mut by_kind: BTreeMap<Option<Kind>, Touched> = BTreeMap::new();
    let listed = limits::count(limits.problems);
    let mut rows = Vec::new();
    for problem in snapshot.problems.iter().take(listed.saturating_add(1)) {
        let Touched { names, more } = match problem.apps.is_empty() {
            true => by_kind.entry(problem.kind).or_insert_with_key(|kind| touched(snapshot, *kind, named)).clone(),
            false => Touched::of(named_by(problem), named),
        };
        rows.push(ProblemRow {
            place: place(problem),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            touches: names,
            touches_more: more,
            more: 0,
        });
    }
    let further = snapshot.problems.len().saturating_sub(listed);
    if further > 1
        && let Some(last) = rows.last_mut()
    {
        last.more = further - 1;
        let problems = if last.more == 1 { "problem is" } else { "problems are" };
        last.message = format!("{}; {} further {problems} not listed", last.message, last.more);
        let option = limits::option("problems", snapshot.problems.len() as u64);
        last.hint = format!("mend those that are listed and run the review again, or pass {option}");
    }
    rows
}

/// Apps by name, up to a limit.
#[derive(Clone)]
struct Touched {
    names: Vec<String>,
    more: usize,
}

impl Touched {
    fn of<'a>(mut apps: impl Iterator<Item = &'a str>, named: usize) -> Self {
        Self { names: apps.by_ref().take(named).map(str::to_owned).collect(), more: apps.count() }
    }
}

/// `path`, `path:line`, `path:line:column` or `path, row n`.
fn place(problem: &Problem) -> String {
    match (problem.at.place, problem.column) {
        (Place::Line(_), column @ 1..) => format!("{}:{column}", problem.at),
        _ => problem.at.to_string(),
    }
}

/// A problem that names its apps touches those.
fn named_by(problem: &Problem) -> impl Iterator<Item = &str> {
    let decides = !problem.kind.is_some_and(decides_nothing);
    problem.apps.iter().filter(move |_| decides).map(String::as_str)
}

/// One that names none may belong to any app that lacks a file of its kind.
fn touched(snapshot: &Snapshot, kind: Option<Kind>, named: usize) -> Touched {
    let decides = !kind.is_some_and(decides_nothing);
    let own = match kind {
        Some(Kind::ConnectedAppFile | Kind::ConnectedAppRecords) => &snapshot.connected,
        _ => &snapshot.apps,
    };
    let apps = own.values().filter(|app| decides && kind.is_none_or(|kind| !app.has(kind)));
    Touched::of(apps.map(|app| app.name.as_str()), named)
}

/// Kinds that no criterion of this control reads.
fn decides_nothing(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ManifestFile
            | Kind::ProjectFile
            | Kind::CopyFile
            | Kind::ListingRecords
            | Kind::SecuritySettingsFile
            | Kind::AppSettingsFile
            | Kind::ConnectedAppSettingsFile
            | Kind::OauthOidcSettingsFile
    )
}
