//! How much of each kind there is, and what proves it.

use super::counts::Counted;
use super::crosscheck;
use super::file_facts::ExportPage;
use crate::snapshot::{Coverage, Doubt, Kind, Locator, ProblemCode, Snapshot};
use crate::source::family;
use crate::source::recognise::{self, Guess};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fills the coverage of every kind from the files read, the counts of exports and the manifests.
pub(super) fn fill(snapshot: &mut Snapshot, pages: &[ExportPage]) {
    let spoilt = spoilt_files(snapshot);
    compare_with_lists(snapshot, &spoilt);
    let mut files: BTreeMap<Kind, usize> = BTreeMap::new();
    for input in &snapshot.inputs {
        if !input.kind.is_records() && !spoilt.contains(&input.path) {
            *files.entry(input.kind).or_default() += 1;
        }
    }
    for kind in Kind::ALL.iter().copied().filter(|kind| !kind.is_records() && *kind != Kind::ProjectFile) {
        let got = files.get(&kind).copied().unwrap_or_default();
        let whole = snapshot.requested_whole.contains_key(manifest_name(kind));
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
    of_records(snapshot, pages);
}

/// Records are judged by what was used of them, then held against each other.
fn of_records(snapshot: &mut Snapshot, pages: &[ExportPage]) {
    let mut by_kind: BTreeMap<Kind, Vec<&ExportPage>> = BTreeMap::new();
    for page in pages {
        by_kind.entry(page.kind).or_default().push(page);
    }
    for (kind, unread) in unread(snapshot, pages) {
        snapshot.doubts.insert(kind, vec![unread]);
    }
    let exports: Vec<Counted<'_>> = by_kind.into_iter().map(|(kind, pages)| Counted::new(kind, pages)).collect();
    for export in &exports {
        let (coverage, doubts) = export.judged();
        let coverage = match coverage {
            Coverage::Complete { got } if snapshot.doubts.contains_key(&export.kind) => Coverage::NotProven { got },
            coverage => coverage,
        };
        snapshot.coverage.insert(export.kind, coverage);
        if !doubts.is_empty() {
            snapshot.doubts.entry(export.kind).or_default().extend(doubts);
        }
        if let Coverage::Truncated { .. } = coverage {
            snapshot.problems.extend(export.cut_off());
        }
    }
    crosscheck::contradict(snapshot, &exports);
}

/// Files of each kind of records of which nothing could be read. A query that failed has no answer that is lost.
fn unread(snapshot: &Snapshot, pages: &[ExportPage]) -> BTreeMap<Kind, Doubt> {
    use ProblemCode::{Malformed, TooLarge, Unreadable};
    let read: BTreeSet<&str> = pages.iter().map(|page| &*page.path).collect();
    let mut files: BTreeMap<Kind, BTreeSet<&Locator>> = BTreeMap::new();
    for problem in &snapshot.problems {
        let loses = matches!(problem.code, Malformed | TooLarge | Unreadable) && !read.contains(&*problem.at.path);
        if let Some(kind) = problem.kind.filter(|kind| loses && kind.is_records() && *kind != Kind::UnknownRecords) {
            files.entry(kind).or_default().insert(&problem.at);
        }
    }
    let doubt =
        |files: BTreeSet<&Locator>| Some(Doubt::Unread { files: files.len(), first: (*files.first()?).clone() });
    files.into_iter().filter_map(|(kind, files)| Some((kind, doubt(files)?))).collect()
}

/// Notes which listed components have no readable file, and which files are of no listed component.
fn compare_with_lists(snapshot: &mut Snapshot, spoilt: &BTreeSet<Arc<str>>) {
    if snapshot.listings.is_empty() {
        return;
    }
    let mut held: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for input in snapshot.inputs.iter().filter(|input| !spoilt.contains(&input.path)) {
        let name = match recognise::by_path(&input.path) {
            Guess::Metadata(meta) => (!meta.piece).then_some(meta.name),
            Guess::Export(_) | Guess::Project => None,
            Guess::Other => family::look(&input.path).map(|look| look.stem),
        };
        if let Some(name) = name {
            held.entry(input.kind.name()).or_default().insert(name);
        }
    }
    for (name, listing) in &mut snapshot.listings {
        let held = held.remove(name.as_str()).unwrap_or_default();
        listing.missing = listing.components.keys().filter(|name| !held.contains(*name)).cloned().collect();
        listing.unlisted = held.into_iter().filter(|name| !listing.components.contains_key(name)).collect();
    }
}

/// Files that something made unusable.
fn spoilt_files(snapshot: &Snapshot) -> BTreeSet<Arc<str>> {
    let spoilt = snapshot.problems.iter().filter(|problem| spoils(problem.code));
    spoilt.map(|problem| Arc::clone(&problem.at.path)).collect()
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
