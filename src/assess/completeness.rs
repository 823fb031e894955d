//! Received against expected: for each kind of input, and for the list of apps.

use super::Run;
use crate::controls;
use crate::model::{Conclusion, CoverageRow, CoverageState, Finding, Outcome, Population, Word};
use crate::snapshot::{AppKind, Coverage, Kind, ProblemCode, Snapshot};
use crate::text::message::Message;

/// Ids of the criteria that a kind feeds, in catalogue order.
pub(super) fn feeds(run: &Run<'_>, kind: Kind) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for control in run.judging() {
        let Some(request) = control.request_for(kind.name(), kind.is_records()) else { continue };
        let fed = control.criteria.iter().filter(|criterion| criterion.requests.contains(&request.id));
        let fed = fed.filter(|one| kind.is_records() || one.reads.iter().any(|read| read == kind.name()));
        let new: Vec<&Word> = fed.map(|one| &one.id).filter(|id| !ids.iter().any(|known| **id == *known)).collect();
        ids.extend(new.into_iter().map(Word::to_string));
    }
    ids
}

/// One row for each kind that feeds a criterion or is there.
pub(super) fn rows(run: &Run<'_>) -> Vec<CoverageRow> {
    let rows = Kind::ALL.iter().map(|kind| row(run, *kind));
    rows.filter(|row| !row.feeds.is_empty() || row.state != CoverageState::Absent).collect()
}

fn row(run: &Run<'_>, kind: Kind) -> CoverageRow {
    let coverage = run.context.coverage(run.snapshot, kind);
    let declared = run.context.expected(kind).filter(|count| is_counted(run.snapshot, kind, *count));
    let (state, counted) = match coverage {
        Coverage::Complete { got } => (CoverageState::Complete, kind.is_records().then_some(got)),
        Coverage::Truncated { of, .. } => (CoverageState::Truncated, Some(of)),
        Coverage::Absent => (CoverageState::Absent, None),
        Coverage::NotProven { .. } => (CoverageState::NotProven, None),
    };
    let files = run.snapshot.inputs.iter().filter(|input| input.kind == kind).map(|input| input.path.to_string());
    let request = run.control.request_for(kind.name(), kind.is_records());
    let listing = run.snapshot.listings.get(kind.name()).filter(|_| kind.is_listed());
    let counted = counted.or(listing.filter(|listing| listing.whole).map(|listing| listing.components.len()));
    CoverageRow {
        kind: kind.name().to_owned(),
        records: kind.is_records(),
        state,
        received: coverage.got(),
        expected: declared.or(counted),
        missing: listing.map(|listing| listing.missing.clone()).unwrap_or_default(),
        unlisted: listing.map(|listing| listing.unlisted.clone()).unwrap_or_default(),
        doubts: run.context.doubts(run.snapshot, kind),
        files: files.collect(),
        feeds: feeds(run, kind),
        request: request.map(|request| request.id.clone()).unwrap_or_default(),
    }
}

/// Whether a declared count speaks about this kind. Files and rows of one name share it: it is about the form that is
/// there, and of two forms about the one that agrees.
fn is_counted(snapshot: &Snapshot, kind: Kind, declared: usize) -> bool {
    let others = Kind::ALL.iter().filter(|other| **other != kind && other.name() == kind.name());
    let others: Vec<Coverage> = others.map(|other| snapshot.coverage_of(*other)).collect();
    let mut others = others.iter().filter(|other| **other != Coverage::Absent);
    match snapshot.coverage_of(kind) {
        Coverage::Absent => others.next().is_none(),
        own => own.got() == declared || others.all(|other| other.got() != declared),
    }
}

/// Whether the list of apps of a kind is whole, and what shows it.
pub(super) fn population<'f>(
    run: &Run<'_>,
    kind: AppKind,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Population {
    let tested = findings.into_iter().filter(|finding| finding.result != Outcome::NotTested);
    let judged = tested.filter(|one| controls::of(one).is_some_and(|control| control.is_evaluated(one)));
    let ((conclusion, because), records, received) = match kind {
        AppKind::External => (conclusion(run), Kind::AppRecords, run.snapshot.apps.len()),
        AppKind::Connected => (connected(run), Kind::ConnectedAppRecords, run.snapshot.connected.len()),
    };
    Population {
        conclusion,
        because: because.with("found", received),
        expected: run.context.expected(records),
        received,
        evaluated: judged.count(),
    }
}

/// The same of connected apps: only a complete export of their records, or a retrieval that asked for all of them, shows
/// that none is missing.
fn connected(run: &Run<'_>) -> (Conclusion, Message) {
    let (kind, snapshot) = (Kind::ConnectedAppRecords, run.snapshot);
    let said = |what: &str| Message::new(format!("assess.population.connected.{what}"));
    let export = run.context.coverage(snapshot, kind);
    if let Coverage::Truncated { got, of } = export {
        return (Conclusion::Incomplete, said("truncated").with("got", got).with("of", of));
    }
    if let Some(taken) = run.context.taken_later() {
        let later = said("later").with("taken", taken.to_string());
        return (Conclusion::NotProven, later.with("as_of", run.context.as_of.to_string()));
    }
    let all = snapshot.connected.values().all(|app| app.has(kind));
    match export {
        Coverage::Complete { .. } if all && !lost(snapshot, kind) => (Conclusion::Complete, said("export")),
        _ if requested_whole(snapshot, Kind::ConnectedAppFile) => (Conclusion::Complete, said("manifest")),
        _ if snapshot.connected.is_empty() => (Conclusion::NotProven, said("none")),
        _ => (Conclusion::NotProven, said("not-proven")),
    }
}

/// First what shows that apps are missing, then what shows that none is: the export's own count before a person's.
fn conclusion(run: &Run<'_>) -> (Conclusion, Message) {
    let export = run.snapshot.coverage_of(Kind::AppRecords);
    if let Coverage::Truncated { got, of } = export {
        return (Conclusion::Incomplete, Message::new("assess.population.truncated").with("got", got).with("of", of));
    }
    if let Some(taken) = run.context.taken_later() {
        let later = Message::new("assess.population.later").with("taken", taken.to_string());
        return (Conclusion::NotProven, later.with("as_of", run.context.as_of.to_string()));
    }
    let declared = run.context.expected(Kind::AppRecords);
    match (export, declared) {
        (_, Some(declared)) if declared != run.snapshot.apps.len() => {
            (Conclusion::Incomplete, Message::new("assess.population.declared-differs").with("declared", declared))
        }
        (Coverage::Complete { .. }, _) if export_lists_all(run.snapshot) => {
            (Conclusion::Complete, Message::new("assess.population.export"))
        }
        (_, Some(declared)) => {
            (Conclusion::Complete, Message::new("assess.population.declared").with("declared", declared))
        }
        (Coverage::Complete { got }, _) => {
            (Conclusion::NotProven, Message::new("assess.population.export-differs").with("got", got))
        }
        _ if list_names_all(run.snapshot) => (Conclusion::Complete, Message::new("assess.population.listing")),
        _ if requested_whole(run.snapshot, Kind::AppFile) => {
            (Conclusion::Complete, Message::new("assess.population.manifest"))
        }
        _ if run.snapshot.listings.contains_key(Kind::AppFile.name()) => {
            (Conclusion::NotProven, Message::new("assess.population.listing-differs"))
        }
        _ => (Conclusion::NotProven, Message::new("assess.population.not-proven")),
    }
}

/// Whether the export of apps has a row for every app that anything names, and no row besides. The same rows may be
/// there twice, as CSV and as JSON: then one of the files agrees.
fn export_lists_all(snapshot: &Snapshot) -> bool {
    let found = snapshot.apps.len();
    let rows = snapshot.coverage_of(Kind::AppRecords).got();
    let mut exports = snapshot.inputs.iter().filter(|input| input.kind == Kind::AppRecords);
    snapshot.apps.values().all(|app| app.has(Kind::AppRecords))
        && (rows == found || exports.any(|input| input.rows == Some(found)))
        && !lost(snapshot, Kind::AppRecords)
}

fn lost(snapshot: &Snapshot, kind: Kind) -> bool {
    snapshot.problems.iter().any(|problem| problem.kind == Some(kind) && loses(problem.code))
}

/// Whether the org's own list of apps names every app that anything names. That each listed app is in the population
/// holds by itself.
fn list_names_all(snapshot: &Snapshot) -> bool {
    let listing = snapshot.listings.get(Kind::AppFile.name()).filter(|listing| listing.whole);
    listing.is_some_and(|listing| snapshot.apps.keys().all(|name| listing.components.contains_key(name)))
        && !lost(snapshot, Kind::ListingRecords)
}

/// Whether a manifest asked for all apps of a kind and every file that came back could be read. A link that was not followed may
/// hide any file, so it counts as one that could not.
fn requested_whole(snapshot: &Snapshot, wanted: Kind) -> bool {
    let lost = snapshot.problems.iter().any(|problem| match problem.kind {
        Some(kind) => kind == wanted && loses(problem.code),
        None => problem.code == ProblemCode::Unreadable,
    });
    snapshot.requested_whole.contains_key(wanted.name()) && !lost
}

/// Whether a problem of this class means that something was not read.
pub(super) fn loses(code: ProblemCode) -> bool {
    use ProblemCode::{Exposed, Mended, Truncated, UnknownValue};
    !matches!(code, UnknownValue | Truncated | Exposed | Mended)
}
