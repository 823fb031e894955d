//! How much of each kind there is, and what proves it.

use super::part::Page;
use crate::snapshot::{Coverage, Kind, Locator, Place, Problem, ProblemCode, SfId, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Fills the coverage of every kind from the files read, the counts of exports and the manifests.
pub(super) fn fill(snapshot: &mut Snapshot, pages: &[Page]) {
    let mut files: BTreeMap<Kind, usize> = BTreeMap::new();
    for input in &snapshot.inputs {
        if !input.kind.is_records() && readable(snapshot, &input.path) {
            *files.entry(input.kind).or_default() += 1;
        }
    }
    for kind in Kind::ALL.iter().copied().filter(|kind| !is_of_records(*kind)) {
        let got = files.get(&kind).copied().unwrap_or_default();
        let whole = snapshot.requested_whole.contains(manifest_name(kind));
        let spoilt = snapshot.problems.iter().any(|problem| problem.kind == Some(kind) && spoils(problem.code));
        let seen = snapshot.inputs.iter().any(|input| input.kind == kind);
        if whole && !spoilt {
            snapshot.coverage.insert(kind, Coverage::Complete { got });
        } else if seen || whole {
            snapshot.coverage.insert(kind, Coverage::NotProven { got });
        }
    }
    let mut by_kind: BTreeMap<Kind, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        by_kind.entry(page.kind).or_default().push(page);
    }
    for (kind, pages) in by_kind {
        snapshot.coverage.insert(kind, of_records(&pages));
    }
    report_truncation(snapshot);
}

fn is_of_records(kind: Kind) -> bool {
    kind.is_records()
}

/// Whether nothing made the file unusable.
fn readable(snapshot: &Snapshot, path: &std::sync::Arc<str>) -> bool {
    !snapshot.problems.iter().any(|problem| problem.at.path == *path && spoils(problem.code))
}

fn spoils(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::Unreadable | ProblemCode::Malformed | ProblemCode::TooLarge | ProblemCode::Unlinked)
}

/// The type that a manifest has to name for a kind.
fn manifest_name(kind: Kind) -> &'static str {
    match kind {
        Kind::EventSettingsFile
        | Kind::SecuritySettingsFile
        | Kind::AppSettingsFile
        | Kind::ConnectedAppSettingsFile
        | Kind::OauthOidcSettingsFile => "Settings",
        other => other.name(),
    }
}

/// Records are complete when each export is by its own count, or when its pages together are.
fn of_records(pages: &[&Page]) -> Coverage {
    let got = pages.iter().map(|page| page.rows).sum();
    let whole = |page: &Page| page.announced == Some(page.rows) && page.done != Some(false);
    if pages.iter().all(|page| whole(page)) {
        return Coverage::Complete { got };
    }
    let cut: Vec<&&Page> = pages.iter().filter(|page| !whole(page) && page.announced.is_some()).collect();
    let unfinished = pages.iter().any(|page| page.done == Some(false));
    if cut.is_empty() && !unfinished {
        return Coverage::NotProven { got };
    }
    let of = pages.iter().filter_map(|page| page.announced).max().unwrap_or_default();
    let ids: BTreeSet<&SfId> = cut.iter().flat_map(|page| &page.ids).collect();
    let same = cut.iter().all(|page| page.announced == Some(of));
    let rows: usize = cut.iter().map(|page| page.rows).sum();
    let finished = pages.iter().any(|page| page.done == Some(true));
    if cut.len() > 1 && same && finished && ids.len() == of && rows == of && cut.len() == pages.len() {
        return Coverage::Complete { got: of };
    }
    Coverage::Truncated { got, of: of.max(got) }
}

/// Says which exports are cut off.
fn report_truncation(snapshot: &mut Snapshot) {
    let mut problems = Vec::new();
    for input in snapshot.inputs.iter().filter(|input| input.kind.is_records()) {
        let Some(Coverage::Truncated { .. }) = snapshot.coverage.get(&input.kind) else { continue };
        let (Some(rows), Some(announced)) = (input.rows, input.announced) else { continue };
        if rows < announced {
            problems.push(Problem {
                at: Locator::new(&input.path, Place::File),
                column: 0,
                kind: Some(input.kind),
                app: None,
                code: ProblemCode::Truncated,
                message: format!("holds {rows} of {announced} records"),
                hint: "raise the row limit of the query (org-max-query-limit) or use `sf data export bulk`".to_owned(),
            });
        }
    }
    snapshot.problems.extend(problems);
}
