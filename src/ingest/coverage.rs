//! How much of each kind there is, and what proves it.

use super::part::Page;
use super::recognise::{self, Guess};
use crate::snapshot::{Coverage, Kind, Locator, Place, Problem, ProblemCode, SfId, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Fills the coverage of every kind from the files read, the counts of exports and the manifests.
pub(super) fn fill(snapshot: &mut Snapshot, pages: &[Page]) {
    compare_with_lists(snapshot);
    let mut files: BTreeMap<Kind, usize> = BTreeMap::new();
    for input in &snapshot.inputs {
        if !input.kind.is_records() && readable(snapshot, &input.path) {
            *files.entry(input.kind).or_default() += 1;
        }
    }
    for kind in Kind::ALL.iter().copied().filter(|kind| !kind.is_records()) {
        let got = files.get(&kind).copied().unwrap_or_default();
        let whole = snapshot.requested_whole.contains(manifest_name(kind));
        let spoilt = snapshot.problems.iter().any(|problem| problem.kind == Some(kind) && spoils(problem.code));
        let seen = snapshot.inputs.iter().any(|input| input.kind == kind);
        let listing = snapshot.listings.get(kind.name()).filter(|_| kind.is_listed());
        if let Some(listing) = listing.filter(|listing| !listing.missing.is_empty()) {
            let of = listing.components.len();
            snapshot.coverage.insert(kind, Coverage::Truncated { got: of - listing.missing.len(), of });
            continue;
        }
        let whole = whole || listing.is_some_and(|listing| listing.whole && listing.unlisted.is_empty());
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
        let coverage = of_records(&pages);
        snapshot.coverage.insert(kind, coverage);
        if let Coverage::Truncated { .. } = coverage {
            snapshot.problems.extend(pages.into_iter().filter(|page| is_cut(page)).map(cut_off));
        }
    }
}

/// Notes which listed components have no readable file, and which files are of no listed component.
fn compare_with_lists(snapshot: &mut Snapshot) {
    if snapshot.listings.is_empty() {
        return;
    }
    let mut held: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for input in snapshot.inputs.iter().filter(|input| readable(snapshot, &input.path)) {
        if let Guess::Metadata(meta) = recognise::by_path(&input.path) {
            held.entry(meta.kind.name()).or_default().insert(meta.name);
        }
    }
    for (name, listing) in &mut snapshot.listings {
        let held = held.remove(name.as_str()).unwrap_or_default();
        listing.missing = listing.components.keys().filter(|name| !held.contains(*name)).cloned().collect();
        listing.unlisted = held.into_iter().filter(|name| !listing.components.contains_key(name)).collect();
    }
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

/// Whether an export is all there by its own count.
fn is_whole(page: &Page) -> bool {
    page.announced == Some(page.rows) && page.done != Some(false)
}

/// Whether an export says itself that there is more.
fn is_cut(page: &Page) -> bool {
    page.done == Some(false) || page.announced.is_some_and(|announced| page.rows < announced)
}

/// Records are complete when each export is by its own count, or when its pages together are.
fn of_records(pages: &[&Page]) -> Coverage {
    let got = pages.iter().map(|page| page.rows).sum();
    if pages.iter().all(|page| is_whole(page)) {
        return Coverage::Complete { got };
    }
    if !pages.iter().any(|page| is_cut(page)) {
        return Coverage::NotProven { got };
    }
    let of = pages.iter().filter_map(|page| page.announced).max().unwrap_or_default();
    let ids: BTreeSet<&SfId> = pages.iter().flat_map(|page| &page.ids).collect();
    let one_answer = pages.len() > 1 && pages.iter().all(|page| page.announced == Some(of));
    let finished = pages.iter().any(|page| page.done == Some(true));
    if one_answer && finished && ids.len() == of && got == of {
        return Coverage::Complete { got: of };
    }
    Coverage::Truncated { got, of: of.max(got) }
}

/// Says that an export is cut off.
fn cut_off(page: &Page) -> Problem {
    let rows = page.rows;
    let message = match page.announced {
        Some(announced) => format!("holds {rows} of {announced} records"),
        None => format!("holds {rows} records and says that there are more"),
    };
    let hint = "raise the row limit of the query (org-max-query-limit) or use `sf data export bulk`";
    Problem::new(Locator::new(&page.path, Place::File), Some(page.kind), ProblemCode::Truncated, message, hint)
}
