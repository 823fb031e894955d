//! What a reader has to know about the limits of this run.
//!
//! Two limits are not repeated here because outputs read them off the assessment itself: an undeclared day of the
//! snapshot (`org.snapshot_at`) and what people excluded (`not_tested`, with who and why).

use super::{Run, completeness, identity};
use crate::controls;
use crate::model::{Conclusion, CoverageRow, CoverageState, Finding, Outcome};
use crate::snapshot::{AppKind, Coverage, Kind, ProblemCode};
use crate::text::message::Message;
use std::collections::BTreeSet;

/// Kinds that tell the same: it is enough that one of them is there. The first names them.
const SAME: &[&[Kind]] = &[
    &[Kind::OauthPolicyFile, Kind::OauthPolicyRecords],
    &[Kind::AppPolicyFile, Kind::AppPolicyRecords],
    &[Kind::OauthSettingsFile, Kind::OauthSettingsRecords],
    &[Kind::GlobalOauthFile],
    &[Kind::ConnectedAppFile],
    &[Kind::ProfileFile, Kind::ProfileRecords, Kind::PermissionSetRecords],
    &[Kind::PermissionSetFile, Kind::PermissionSetRecords],
    &[Kind::UserRecords],
    &[Kind::AssignmentRecords],
    &[Kind::ObjectPermissionRecords],
    &[Kind::TransactionPolicyFile],
    &[Kind::LoginRecords, Kind::EventRecords],
];

/// All limits, the weightiest first.
pub(super) fn limitations(run: &Run<'_>, findings: &[Finding], coverage: &[CoverageRow]) -> Vec<Message> {
    let mut all = Vec::new();
    all.extend(unread(run));
    all.extend(truncated(coverage));
    all.extend(not_retrieved(coverage));
    all.extend(missing(run, findings));
    all.extend(no_connected_apps(run));
    all.extend(not_proven(coverage));
    all.extend(declared(coverage));
    all.extend(unknown_values(run));
    all.extend(ids(run));
    all.extend(later_than_judged(run));
    all.extend(unknown_names(run, findings));
    all
}

fn unread(run: &Run<'_>) -> Option<Message> {
    let lost = run.snapshot.problems.iter().filter(|problem| completeness::loses(problem.code));
    let files: BTreeSet<&str> = lost.map(|problem| problem.at.path.as_ref()).collect();
    (!files.is_empty()).then(|| Message::new("assess.limitation.unread").with("n", files.len()))
}

fn truncated(coverage: &[CoverageRow]) -> impl Iterator<Item = Message> {
    let truncated = coverage.iter().filter(|row| row.records && row.state == CoverageState::Truncated);
    truncated.map(|row| counted("assess.limitation.truncated", row))
}

fn counted(key: &'static str, row: &CoverageRow) -> Message {
    let message = Message::new(key).with("object", row.kind.as_str()).with("got", row.received);
    message.with("of", row.expected.unwrap_or(row.received))
}

/// Components that the org lists and of which no file came along.
fn not_retrieved(coverage: &[CoverageRow]) -> impl Iterator<Item = Message> {
    coverage.iter().filter(|row| !row.missing.is_empty()).map(|row| {
        let message = Message::new("assess.limitation.not-retrieved").with("object", row.kind.as_str());
        message.with("names", row.missing.clone()).with("n", row.missing.len())
    })
}

/// Kinds that are not there and leave something open.
fn missing(run: &Run<'_>, findings: &[Finding]) -> Option<Message> {
    let tested = findings.iter().filter(|finding| finding.result != Outcome::NotTested);
    let open = tested.flat_map(|finding| &finding.observations);
    let open = open.filter(|seen| matches!(seen.outcome(), Outcome::NotEvaluable | Outcome::Review));
    let open: BTreeSet<&str> = open.map(|seen| seen.criterion.as_str()).collect();
    let absent = SAME
        .iter()
        .filter(|kinds| kinds.iter().all(|kind| run.context.coverage(run.snapshot, *kind) == Coverage::Absent));
    let missing = absent.filter(|kinds| {
        kinds.iter().flat_map(|kind| completeness::feeds(run, *kind)).any(|id| open.contains(id.as_str()))
    });
    let names: Vec<String> = missing.filter_map(|kinds| kinds.first()).map(|kind| kind.name().to_owned()).collect();
    (!names.is_empty()).then(|| Message::new("assess.limitation.missing").with("kinds", names))
}

/// That nothing shows connected apps does not mean that there are none.
fn no_connected_apps(run: &Run<'_>) -> Option<Message> {
    let unproven = completeness::population(run, AppKind::Connected, []).conclusion != Conclusion::Complete;
    let judged = run.control.all().nth(1).is_some();
    let missing = judged && unproven && run.snapshot.connected.is_empty();
    missing.then(|| Message::new("assess.limitation.no-connected-apps"))
}

fn not_proven(coverage: &[CoverageRow]) -> Option<Message> {
    let exports = coverage.iter().filter(|row| row.records && row.state == CoverageState::NotProven);
    let names: Vec<String> = exports.filter(|row| !row.feeds.is_empty()).map(|row| row.kind.clone()).collect();
    (!names.is_empty()).then(|| Message::new("assess.limitation.not-proven").with("kinds", names))
}

/// More than was declared: somebody counted something else, or another day.
fn declared(coverage: &[CoverageRow]) -> impl Iterator<Item = Message> {
    let more = coverage.iter().filter(|row| row.expected.is_some_and(|expected| row.received > expected));
    more.map(|row| counted("assess.limitation.more-than-declared", row))
}

fn unknown_values(run: &Run<'_>) -> Option<Message> {
    let unknown = run.snapshot.problems.iter().filter(|problem| problem.code == ProblemCode::UnknownValue);
    let unknown: usize = unknown.map(|problem| 1 + problem.more).sum();
    (unknown > 0).then(|| Message::new("assess.limitation.unknown-values").with("n", unknown))
}

fn ids(run: &Run<'_>) -> Vec<Message> {
    let seen = identity::seen_ids(run.snapshot);
    let names: Vec<String> = seen.iter().map(|id| id.long()).collect();
    let mut all = Vec::new();
    if let Some(declared) = identity::declared_id(run).filter(|id| !seen.is_empty() && !seen.contains(id)) {
        let message = Message::new("assess.limitation.org-id-differs").with("declared", declared.long());
        all.push(message.with("ids", names.clone()));
    }
    if names.len() > 1 {
        all.push(Message::new("assess.limitation.several-org-ids").with("ids", names));
    }
    all
}

/// A snapshot that is younger than the day of judgement: what was set in between is judged by an older day.
fn later_than_judged(run: &Run<'_>) -> Option<Message> {
    let taken = run.context.taken_later()?;
    let message = Message::new("assess.limitation.later-than-judged").with("taken", taken.to_string());
    Some(message.with("as_of", run.context.as_of.to_string()))
}

/// Exclusions and responses about apps that are not there: most likely a name is misspelt.
fn unknown_names(run: &Run<'_>, findings: &[Finding]) -> Vec<Message> {
    let known: BTreeSet<&str> = findings.iter().map(|finding| finding.subject.api_name.as_str()).collect();
    let excluded = run.engagement.exclusions.iter().filter(|one| run.is_ours(&one.org));
    let excluded = excluded.filter(|one| controls::is_deep(&one.about.control)).map(|one| &one.app);
    let answered = run.engagement.responses.iter().filter(|one| run.is_ours(&one.org)).map(|one| &one.app);
    let mut said = Vec::new();
    for (key, mut names) in [
        ("assess.limitation.exclusion-unknown-app", excluded.collect::<BTreeSet<_>>()),
        ("assess.limitation.response-unknown-app", answered.collect()),
    ] {
        names.retain(|name| !name.is_empty() && !known.contains(name.as_str()));
        if !names.is_empty() {
            said.push(Message::new(key).with("apps", names.into_iter().cloned().collect::<Vec<_>>()));
        }
    }
    said
}
