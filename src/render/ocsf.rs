//! OCSF 1.5: one Compliance Finding (class 2003) per app, one per line.
//!
//! What each field holds is said in `docs/formats.md`.

use super::exchange::{Subject, criterion_of, midnight, name, object, observed, path_of};
use super::uuid;
use crate::catalogue::Output;
use crate::controls;
use crate::model::{Confidence, Delta, DispositionState, EvidenceItem, Finding, Observation, Outcome, Severity};
use crate::text::visible::visible;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Name of the file: log shippers and query engines read a JSON object per line.
pub const FILE: &str = "findings.ocsf.ndjson";

const VERSION: &str = "1.5.0";
/// Most pieces of evidence in one event; `unmapped.evidence_count` tells how many there are.
const MOST_EVIDENCE: usize = 100;

/// The findings of one org. What does not apply or was not tested has no word in the class and is left out.
#[must_use]
pub fn ocsf(subject: &Subject<'_>) -> Vec<u8> {
    let told = subject.tested().filter(|finding| status(finding.result).is_some());
    told.map(|finding| format!("{}\n", event(subject, finding))).collect::<String>().into_bytes()
}

/// Number and name of a compliance status.
fn status(result: Outcome) -> Option<(u8, &'static str)> {
    match result {
        Outcome::Pass => Some((1, "Pass")),
        Outcome::Review | Outcome::NotEvaluable => Some((2, "Warning")),
        Outcome::Fail => Some((3, "Fail")),
        Outcome::NotApplicable | Outcome::NotTested => None,
    }
}

fn event(subject: &Subject<'_>, finding: &Finding) -> Value {
    let a = subject.assessment;
    let row = subject.row(finding);
    let (activity, activity_name) = match finding.delta {
        None | Some(Delta::New) => (1, "Create"),
        Some(Delta::Resolved | Delta::Gone) => (3, "Close"),
        Some(_) => (2, "Update"),
    };
    let (state, state_name) = state(finding);
    let (severity, severity_name) = severity(finding);
    let (confidence, confidence_name) = confidence(finding);
    object(json!({
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_300 + activity,
        "type_name": format!("Compliance Finding: {activity_name}"),
        "time": milliseconds(subject.day()),
        "severity_id": severity,
        "severity": severity_name,
        "status_id": state,
        "status": state_name,
        "status_code": finding.result,
        "status_detail": subject.say(&finding.because),
        "confidence_id": confidence,
        "confidence": confidence_name,
        "message": row.get("title"),
        "comment": finding.disposition.as_ref().map(|decided| visible(&decided.rationale)),
        "metadata": metadata(subject, finding),
        "finding_info": finding_info(subject, finding, &row.get("title")),
        "compliance": compliance(subject, finding),
        "resources": [resource(subject, finding)],
        "evidences": evidences(subject, finding),
        "remediation": remediation(&row.get("recommendation"), &a.control_of(finding).url),
        "unmapped": unmapped(subject, finding),
    }))
}

/// A valid decision suppresses; nothing else that people say changes the state.
fn state(finding: &Finding) -> (u8, &'static str) {
    let valid = finding.disposition.as_ref().is_some_and(|decided| decided.state == DispositionState::Valid);
    match finding.delta {
        Some(Delta::Resolved) => (4, "Resolved"),
        _ if valid => (3, "Suppressed"),
        _ => (1, "New"),
    }
}

fn severity(finding: &Finding) -> (u8, &'static str) {
    let severity = finding.score.as_ref().map(|score| score.severity);
    match severity.filter(|_| finding.result != Outcome::Pass) {
        Some(Severity::Critical) => (5, "Critical"),
        Some(Severity::High) => (4, "High"),
        Some(Severity::Medium) => (3, "Medium"),
        Some(Severity::Low) => (2, "Low"),
        Some(Severity::None) => (1, "Informational"),
        None if finding.result == Outcome::Pass => (1, "Informational"),
        None => (0, "Unknown"),
    }
}

fn confidence(finding: &Finding) -> (u8, &'static str) {
    match finding.confidence {
        Some(Confidence::Low) => (1, "Low"),
        Some(Confidence::Medium) => (2, "Medium"),
        Some(Confidence::High) => (3, "High"),
        None => (0, "Unknown"),
    }
}

fn metadata(subject: &Subject<'_>, finding: &Finding) -> Value {
    let a = subject.assessment;
    object(json!({
        "version": VERSION,
        "product": {"name": "shr", "vendor_name": "shr", "version": a.tool_version, "lang": subject.report.language},
        "uid": uuid::of(&["ocsf-event", &finding.id, &a.org.digest, &a.as_of.to_string()]),
        "correlation_uid": finding.id,
        "tenant_uid": visible(&a.org.id),
        "event_code": finding.result,
        "labels": [format!("org:{}", visible(&a.org.key))],
        "original_time": midnight(subject.day()),
    }))
}

fn finding_info(subject: &Subject<'_>, finding: &Finding, title: &str) -> Value {
    let a = subject.assessment;
    let control = a.control_of(finding);
    let files: BTreeSet<String> =
        finding.observations.iter().flat_map(|seen| subject.evidence(seen)).map(|item| visible(&item.path)).collect();
    object(json!({
        "uid": finding.id,
        "title": title,
        "desc": format!("{} {}", subject.say(&finding.because), subject.says(&finding.effect)).trim(),
        "types": ["Salesforce configuration"],
        "analytic": {"name": control.name, "uid": control.id, "type_id": 1, "type": "Rule", "version": a.ruleset_version},
        "data_sources": files,
        "first_seen_time": finding.first_seen.map(milliseconds),
        "last_seen_time": milliseconds(subject.day()),
        "product_uid": "shr",
        "src_url": control.url,
    }))
}

fn compliance(subject: &Subject<'_>, finding: &Finding) -> Value {
    let a = subject.assessment;
    let (id, word) = status(finding.result).unwrap_or((0, "Unknown"));
    let standards = &subject.report.standards;
    let frameworks: BTreeSet<&str> = standards.iter().map(|standard| standard.framework.as_str()).collect();
    let requirements: Vec<String> = standards.iter().map(|s| format!("{} {}", s.framework, s.id)).collect();
    let told = finding.observations.iter().filter(|seen| seen.outcome() != Outcome::NotTested);
    object(json!({
        "control": a.control_of(finding).name,
        "category": if finding.subject.is_connected() { "Connected Apps" } else { "External Client Apps" },
        "standards": std::iter::once("Salesforce Security Health Review").chain(frameworks).collect::<Vec<_>>(),
        "requirements": requirements,
        "status_id": id,
        "status": word,
        "status_code": finding.result,
        "status_detail": subject.say(&finding.because),
        "checks": told.map(|seen| check(subject, finding, seen)).collect::<Vec<_>>(),
    }))
}

/// A criterion. One that does not apply has no number in the class: `Other` with our word.
fn check(subject: &Subject<'_>, finding: &Finding, seen: &Observation) -> Value {
    let id = status(seen.outcome()).map_or(99, |(id, _)| id);
    let control = subject.control(finding);
    let view = criterion_of(control, &seen.criterion);
    object(json!({
        "uid": subject.rule_id(control, &seen.criterion),
        "name": view.map_or("", |view| view.title.as_str()),
        "desc": subject.say(&seen.because),
        "status_id": id,
        "status": seen.outcome(),
        "version": subject.assessment.ruleset_version,
    }))
}

fn resource(subject: &Subject<'_>, finding: &Finding) -> Value {
    let shown = controls::facts().filter(|fact| fact.shown.contains(&Output::Ocsf));
    let facts: Map<String, Value> =
        shown.map(|fact| (fact.name.clone(), visible(finding.facts.text(&fact.path)).into())).collect();
    let app = visible(&finding.subject.api_name);
    object(json!({
        "uid": path_of(&visible(&subject.assessment.org.key), finding),
        "name": name(finding),
        "uid_alt": app,
        "type": if finding.subject.is_connected() { "ConnectedApp" } else { "ExternalClientApplication" },
        "namespace": visible(&finding.subject.namespace),
        "data": object(Value::Object(facts)),
    }))
}

fn evidences(subject: &Subject<'_>, finding: &Finding) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let items = finding.observations.iter().flat_map(|seen| subject.evidence(seen));
    items.filter(|item| known.insert(*item)).take(MOST_EVIDENCE).map(evidence).collect()
}

fn evidence(item: &EvidenceItem) -> Value {
    json!({
        "name": observed(item),
        "data": object(json!({"path": visible(&item.path), "line": item.line, "row": item.row})),
    })
}

fn remediation(advice: &str, url: &str) -> Value {
    if advice.is_empty() { Value::Null } else { json!({"desc": advice, "references": [url]}) }
}

/// Our own fields, for which the class has no place.
fn unmapped(subject: &Subject<'_>, finding: &Finding) -> Value {
    let a = subject.assessment;
    let score = finding.score.as_ref();
    let decided = finding.disposition.as_ref();
    let further: usize = finding.observations.iter().map(|seen| seen.further).sum();
    let evidence: BTreeSet<&String> = finding.observations.iter().flat_map(|seen| &seen.evidence).collect();
    object(json!({
        "org_key": visible(&a.org.key),
        "environment": visible(&a.org.environment),
        "as_of": a.as_of,
        "snapshot_digest": a.org.digest,
        "basis": finding.basis,
        "cvss31_score": score.map(|score| score.residual31.1.to_string()),
        "cvss31_vector": score.map(|score| score.residual31.0.as_str()),
        "cvss31_interval": score.map(|score| score.interval31.to_string()),
        "cvss40_score": score.map(|score| score.residual40.1.to_string()),
        "cvss40_vector": score.map(|score| score.residual40.0.as_str()),
        "delta": finding.delta,
        "disposition": decided.map(|decided| decided.kind),
        "disposition_state": decided.map(|decided| decided.state),
        "disposition_expires": decided.and_then(|decided| decided.expires),
        "evidence_count": evidence.len() + further,
    }))
}

/// Milliseconds from 1970 to the beginning of a day in UTC.
fn milliseconds(day: Date) -> i64 {
    const DAY: i64 = 86_400_000;
    let epoch = jiff::civil::date(1970, 1, 1);
    day.since((jiff::Unit::Day, epoch)).map_or(0, |span| i64::from(span.get_days()) * DAY)
}
