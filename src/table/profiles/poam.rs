//! FedRAMP's Plan of Action and Milestones, by the present template (2.1) and its completion guide (2.2).
//!
//! The three deviations are approved by the authorizing official, of whom a snapshot knows nothing. So a column is
//! `Pending` where the rating was lowered or somebody decided so, and never `Yes`; and the completion date follows the
//! original rating, because only an approved adjustment may move it.

use super::{Field, Shape, Source, column, nothing};
use crate::model::{DispositionKind, DispositionState, Severity};
use crate::table::cells::{completion, disposition_word, original};
use crate::text::visible::cell as shown;

const RATINGS: Shape = Shape::Words(&["Low", "Moderate", "High"]);
const ADJUSTED: Shape = Shape::Words(&["Low", "Moderate", "High", "N/A"]);
const DEVIATION: Shape = Shape::Words(&["Yes", "No", "Pending"]);
const YES_NO: Shape = Shape::Words(&["Yes", "No"]);

/// FedRAMP's 31 headings, exact.
pub(super) const FIELDS: &[Field] = &[
    column("POAM ID", |source| source.cell("finding_id")),
    // Readers split at commas and blanks.
    column("Controls", |source| source.control.nist.join(", ")),
    column("Weakness Name", |source| source.name()),
    column("Weakness Description", |source| source.description()),
    column("Weakness Detector Source", |source| source.wording.word("profile.detector")),
    column("Weakness Source Identifier", |source| source.cell("control_id")),
    column("Asset Identifier", |source| format!("{}: {}", source.cell("org_key"), source.cell("app_api_name"))),
    column("Point of Contact", |source| source.cell("owner")),
    column("Resources Required", nothing),
    column("Overall Remediation Plan", |source| source.cell("recommendation")),
    column("Original Detection Date", |source| source.cell("first_seen")).shape(Shape::Date),
    column("Scheduled Completion Date", due).shape(Shape::Date),
    column("Planned Milestones", nothing),
    column("Milestone Changes", nothing),
    column("Status Date", |source| source.cell("last_seen")).shape(Shape::Date),
    column("Vendor Dependency", no).shape(YES_NO),
    column("Last Vendor Check-in Date", nothing).shape(Shape::Date),
    column("Vendor Dependent Product Name", nothing),
    column("Original Risk Rating", |source| original_rating(source).to_owned()).shape(RATINGS),
    column("Adjusted Risk Rating", |source| adjusted(source).unwrap_or("N/A").to_owned()).shape(ADJUSTED),
    column("Risk Adjustment", |source| pending(adjusted(source).is_some())).shape(DEVIATION),
    column("False Positive", |source| pending(requested(source, DispositionKind::FalsePositive))).shape(DEVIATION),
    column("Operational Requirement", |source| pending(requested(source, DispositionKind::AcceptRisk)))
        .shape(DEVIATION),
    column("Deviation Rationale", rationale),
    column("Supporting Documents", documents),
    column("Comments", comments),
    column("Auto-Approve", no).shape(YES_NO),
    column("Binding Operational Directive 22-01 tracking", no).shape(YES_NO),
    column("Binding Operational Directive 22-01 Due Date", nothing).shape(Shape::Date),
    column("CVE", nothing),
    // The name under which the service is sold, which no snapshot tells.
    column("Service Name", nothing),
];

fn no(_: &Source<'_>) -> String {
    "No".to_owned()
}

fn pending(requested: bool) -> String {
    if requested { "Pending" } else { "No" }.to_owned()
}

/// FedRAMP's word for a severity.
const fn rating(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "High",
        Severity::Medium => "Moderate",
        Severity::Low | Severity::None => "Low",
    }
}

fn original_rating(source: &Source<'_>) -> &'static str {
    source.finding.score.as_deref().map_or("", |score| rating(original(score)))
}

/// The lowered rating, where it has another word than the original one.
fn adjusted(source: &Source<'_>) -> Option<&'static str> {
    let lowered = rating(source.finding.score.as_deref()?.severity);
    (lowered != original_rating(source)).then_some(lowered)
}

fn due(source: &Source<'_>) -> String {
    let first = source.cell("first_seen").parse().ok();
    let day = first.and_then(|first| completion(source.finding, first));
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Whether people asked for a deviation of this kind, and their request has not lapsed.
fn requested(source: &Source<'_>, kind: DispositionKind) -> bool {
    source.finding.disposition.as_ref().is_some_and(|decided| {
        decided.kind == kind && matches!(decided.state, DispositionState::Valid | DispositionState::Incomplete)
    })
}

/// `Deviation Type : Rationale`, a line for each.
fn rationale(source: &Source<'_>) -> String {
    let mut lines = Vec::new();
    if let (Some(score), Some(_)) = (source.finding.score.as_deref(), adjusted(source)) {
        let (from, (vector, to)) = (score.inherent31.1, &score.residual31);
        lines.push(format!("Risk Adjustment : CVSS 3.1 {from} to {to} ({})", shown(vector)));
    }
    let said = source.cell("rationale");
    for (kind, name) in [
        (DispositionKind::FalsePositive, "False Positive"),
        (DispositionKind::AcceptRisk, "Operational Requirement"),
        (DispositionKind::Mitigated, "Risk Adjustment"),
    ] {
        let counts = kind != DispositionKind::Mitigated || adjusted(source).is_some();
        if counts && requested(source, kind) && !said.is_empty() {
            lines.push(format!("{name} : {said}"));
        }
    }
    lines.join("\n")
}

fn documents(source: &Source<'_>) -> String {
    let evidence = source.cell("evidence_refs");
    if evidence.is_empty() { evidence } else { format!("Evidence : {evidence}") }
}

/// Result, and what people decided whatever has become of it: an acceptance by the client approves no deviation.
fn comments(source: &Source<'_>) -> String {
    let mut parts = vec![source.cell("result")];
    if let Some(decided) = &source.finding.disposition {
        parts.push(format!("{} ({})", disposition_word(decided.kind), decided.state.word()));
        parts.extend(["accepted_by", "accepted_until"].map(|column| source.cell(column)));
        parts.push(source.cell("rationale"));
    }
    parts.push(source.cell("comments"));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}
