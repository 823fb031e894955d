//! SARIF 2.1.0: one result per app and criterion, at the line of the metadata file that shows it.
//!
//! What each field holds is said in `docs/formats.md`.

use super::exchange::{Subject, address, file, name, object, observed};
use super::uuid;
use crate::model::{
    Delta, Disposition, DispositionState, EvidenceItem, Finding, InputRow, Observation, Outcome, Severity, Weight,
};
use crate::text::message::Message;
use crate::text::visible::visible;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Name of the file.
pub const FILE: &str = "findings.sarif";

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Stands for the folder or archive that was reviewed.
const BASE: &str = "SNAPSHOT";
/// Most further places of one result; `evidenceCount` tells how many there are.
const MOST_RELATED: usize = 50;

/// The findings of one org as a SARIF log with one run.
#[must_use]
pub fn sarif(subject: &Subject<'_>) -> Vec<u8> {
    file(&json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [Run::new(subject).value()]}))
}

struct Run<'a> {
    subject: &'a Subject<'a>,
    /// Place of a file in `artifacts`; only files that a result points to.
    artifacts: BTreeMap<&'a str, usize>,
    /// Files read, by path.
    inputs: BTreeMap<&'a str, &'a InputRow>,
    /// Some finding has a decision: then every result says whether it is suppressed, as the specification asks.
    decided: bool,
}

impl<'a> Run<'a> {
    fn new(subject: &'a Subject<'a>) -> Self {
        let seen = subject.tested().flat_map(|finding| &finding.observations);
        let mut artifacts: BTreeMap<&str, usize> =
            seen.flat_map(|seen| subject.evidence(seen)).map(|item| (item.path.as_str(), 0)).collect();
        artifacts.values_mut().enumerate().for_each(|(at, index)| *index = at);
        let decided = subject.tested().any(|finding| suppression(finding).is_some());
        let inputs = subject.assessment.inputs.iter().map(|input| (input.path.as_str(), input)).collect();
        Self { subject, artifacts, inputs, decided }
    }

    fn value(&self) -> Value {
        let a = self.subject.assessment;
        let mut run = object(json!({
            "tool": {"driver": self.driver()},
            "automationDetails": {
                "id": format!("shr/{}/{}/", a.control.id, visible(&a.org.key)),
                "guid": self.guid(&a.org.digest, a.as_of),
                "description": text(&[visible(&a.org.name), a.control.name.clone()].join(": ")),
            },
            "invocations": [self.invocation()],
            "language": self.subject.report.language,
            "baselineGuid": a.baseline.as_ref().map(|baseline| self.guid(&baseline.digest, baseline.as_of)),
            "originalUriBaseIds": {BASE: {"description": text(&visible(&a.org.source))}},
            "artifacts": self.artifacts.keys().map(|path| self.artifact(path)).collect::<Vec<_>>(),
            "columnKind": "utf16CodeUnits",
            "properties": object(json!({
                "orgKey": visible(&a.org.key),
                "orgId": visible(&a.org.id),
                "environment": visible(&a.org.environment),
                "snapshotDigest": a.org.digest,
                "snapshotAt": a.org.snapshot_at,
                "asOf": a.as_of,
                "result": a.result,
                "counts": a.counts,
                "population": a.population.conclusion,
            })),
        }));
        // An empty list says that nothing was found; a missing one, that nothing was looked for.
        if let Some(fields) = run.as_object_mut() {
            fields.insert("results".to_owned(), self.results().into());
        }
        run
    }

    /// A run is known by what it read, and as of when.
    fn guid(&self, digest: &str, as_of: jiff::civil::Date) -> String {
        uuid::of(&["sarif-run", &self.subject.assessment.org.key, digest, &as_of.to_string()])
    }

    fn driver(&self) -> Value {
        let a = self.subject.assessment;
        let rules: Vec<Value> = self.subject.report.control.criteria.iter().map(|view| self.rule(&view.id)).collect();
        json!({
            "name": "shr",
            "version": a.tool_version,
            "semanticVersion": a.tool_version,
            "fullName": format!("shr {}, rule set {}", a.tool_version, a.ruleset_version),
            "rules": rules,
            "properties": {"rulesetVersion": a.ruleset_version},
        })
    }

    fn rule(&self, id: &'a str) -> Value {
        let subject = self.subject;
        let view = subject.criterion(id);
        let weight = view.map_or("", |view| view.weight.as_str());
        let help = [subject.expected(id), subject.advice(id)].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let level = if self.is_supporting(id) { "note" } else { "error" };
        let mut tags = vec!["security".to_owned(), "salesforce".to_owned()];
        tags.extend(subject.report.control.cwe.iter().map(|number| format!("external/cwe/cwe-{number}")));
        object(json!({
            "id": id,
            "name": pascal(id),
            "shortDescription": text(subject.title(id)),
            "fullDescription": text(view.map_or("", |view| view.safe_when.as_str())),
            "help": if help.is_empty() { Value::Null } else { text(&help.join(". ")) },
            "helpUri": subject.assessment.control.url,
            "defaultConfiguration": {"level": level},
            "properties": object(json!({
                "tags": tags,
                "weight": visible(weight),
                "security-severity": self.worst(id).map(|score| score.to_string()),
            })),
        }))
    }

    fn is_supporting(&self, id: &str) -> bool {
        let mut seen = self.subject.assessment.findings.iter().flat_map(|finding| &finding.observations);
        seen.find(|seen| seen.criterion == id).is_some_and(|seen| seen.weight == Weight::Supporting)
    }

    /// Highest score of the failing apps that a criterion makes fail: some readers take the severity from the rule.
    fn worst(&self, id: &str) -> Option<crate::model::Tenths> {
        let failing = self.subject.tested().filter(|finding| {
            finding.observations.iter().any(|seen| seen.criterion == id && makes_fail(finding, seen))
        });
        failing.filter_map(|finding| finding.score.as_ref()).map(|score| score.residual31.1).max()
    }

    /// What could not be read, what was left out, and what limits the run.
    fn invocation(&self) -> Value {
        let a = self.subject.assessment;
        let problems = a.problems.iter().map(|problem| {
            let parts = [&problem.place, &problem.message, &problem.hint].map(|part| visible(part));
            let said = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
            json!({"level": "warning", "message": text(&said), "descriptor": {"id": "unreadable"}})
        });
        let limits = a.limitations.iter().map(|limit| {
            json!({"level": "note", "message": text(&self.subject.say(limit)), "descriptor": {"id": "limitation"}})
        });
        let excluded = a.findings.iter().filter(|finding| finding.result == Outcome::NotTested).map(|finding| {
            let said = format!("{} ({}): {}", name(finding), finding.id, self.subject.say(&finding.because));
            json!({"level": "note", "message": text(&said), "descriptor": {"id": "not_tested"}})
        });
        let gone = a.baseline.iter().flat_map(|baseline| &baseline.gone).map(|(id, app)| {
            let said = self.subject.say(&Message::new("sarif.gone").with("app", app).with("id", id));
            json!({"level": "note", "message": text(&said), "descriptor": {"id": "gone"}})
        });
        object(json!({
            "executionSuccessful": true,
            "toolExecutionNotifications": problems.chain(limits).collect::<Vec<_>>(),
            "toolConfigurationNotifications": excluded.chain(gone).collect::<Vec<_>>(),
        }))
    }

    fn artifact(&self, path: &str) -> Value {
        let input = self.inputs.get(path);
        object(json!({
            "location": {"uri": address(path), "uriBaseId": BASE},
            "length": input.map(|input| input.bytes),
            "hashes": input.map(|input| json!({"sha-256": input.sha256})),
        }))
    }

    fn results(&self) -> Vec<Value> {
        let pairs =
            self.subject.tested().flat_map(|finding| finding.observations.iter().map(move |seen| (finding, seen)));
        pairs.filter_map(|(finding, seen)| self.result(finding, seen)).collect()
    }

    fn result(&self, finding: &'a Finding, seen: &'a Observation) -> Option<Value> {
        let kind = match seen.outcome() {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Review => "review",
            Outcome::NotApplicable => "notApplicable",
            Outcome::NotEvaluable => "open",
            Outcome::NotTested => return None,
        };
        let subject = self.subject;
        let evidence = subject.evidence(seen);
        let unique = format!("{}/{}", finding.id, seen.criterion);
        let score = finding.score.as_ref().map(|score| score.residual31.1);
        let mut result = object(json!({
            "ruleId": seen.criterion,
            "ruleIndex": subject.report.control.criteria.iter().position(|view| view.id == seen.criterion),
            "kind": kind,
            "level": level(finding, seen),
            "message": text(&format!("{}: {}", name(finding), subject.say(&seen.because))),
            "locations": [self.location(finding, evidence.first().copied())],
            "relatedLocations": self.related(&evidence),
            "correlationGuid": uuid::of(&["sarif-result", &unique]),
            "fingerprints": {"shrResult/v1": unique},
            "partialFingerprints": {"shrFindingId/v1": finding.id, "shrCriterion/v1": seen.criterion},
            "baselineState": finding.delta.and_then(baseline_state),
            "rank": score.filter(|_| makes_fail(finding, seen)).map(|score| score.0),
            "properties": object(json!({
                "findingId": finding.id,
                "appResult": finding.result,
                "appBasis": finding.basis,
                "outcome": seen.outcome(),
                "weight": seen.weight,
                "source": seen.source,
                "severity": finding.score.as_ref().map(|score| score.severity),
                "security-severity": score.map(|score| score.to_string()),
                "cvss31": finding.score.as_ref().map(|score| score.residual31.0.as_str()),
                "cvss40": finding.score.as_ref().map(|score| score.residual40.0.as_str()),
                "delta": finding.delta,
                "firstSeen": finding.first_seen,
                "evidence": seen.evidence,
                "evidenceCount": evidence.len() + seen.further,
            })),
        }));
        if let (true, Some(fields)) = (self.decided, result.as_object_mut()) {
            let open = matches!(seen.outcome(), Outcome::Fail | Outcome::Review | Outcome::NotEvaluable);
            let list: Vec<Value> = suppression(finding).filter(|_| open).into_iter().collect();
            fields.insert("suppressions".to_owned(), list.into());
        }
        Some(result)
    }

    /// The first place of the evidence; where there is none, the place that names the app.
    fn location(&self, finding: &Finding, item: Option<&EvidenceItem>) -> Value {
        let physical = match item {
            Some(item) => Some(self.place(item)),
            None => finding.subject.sources.first().map(|source| named_place(source)),
        };
        let app = visible(&finding.subject.api_name);
        let org = visible(&self.subject.assessment.org.key);
        let logical = json!([{"name": app, "fullyQualifiedName": format!("{org}/{app}"), "kind": "resource"}]);
        object(json!({"physicalLocation": physical, "logicalLocations": logical}))
    }

    fn related(&self, evidence: &[&EvidenceItem]) -> Vec<Value> {
        let shown = evidence.iter().take(MOST_RELATED).enumerate();
        shown
            .map(|(id, item)| {
                object(json!({
                    "id": id,
                    "physicalLocation": self.place(item),
                    "message": text(&observed(item)),
                    "properties": item.row.map(|row| json!({"row": row})),
                }))
            })
            .collect()
    }

    fn place(&self, item: &EvidenceItem) -> Value {
        let index = self.artifacts.get(item.path.as_str());
        object(json!({
            "artifactLocation": object(json!({"uri": address(&item.path), "uriBaseId": BASE, "index": index})),
            "region": item.line.filter(|line| *line > 0).map(|line| json!({"startLine": line})),
        }))
    }
}

/// Whether this criterion is what makes a failing app fail.
fn makes_fail(finding: &Finding, seen: &Observation) -> bool {
    finding.result == Outcome::Fail && seen.outcome() == Outcome::Fail && seen.weight != Weight::Supporting
}

/// `none` unless the kind is `fail`, as the specification asks; then by the app's severity. What does not make its app
/// fail is a note.
fn level(finding: &Finding, seen: &Observation) -> &'static str {
    if seen.outcome() != Outcome::Fail {
        return "none";
    }
    if !makes_fail(finding, seen) {
        return "note";
    }
    match finding.score.as_ref().map(|score| score.severity) {
        Some(Severity::Critical | Severity::High) | None => "error",
        Some(Severity::Medium) => "warning",
        Some(Severity::Low | Severity::None) => "note",
    }
}

/// An app that is gone has no result, and what cannot be compared has no state.
fn baseline_state(delta: Delta) -> Option<&'static str> {
    match delta {
        Delta::New => Some("new"),
        Delta::Unchanged => Some("unchanged"),
        Delta::Changed | Delta::Resolved | Delta::Reopened => Some("updated"),
        Delta::Gone | Delta::NotComparable => None,
    }
}

/// A decision as a suppression: readers hide a result only when it is `accepted`.
fn suppression(finding: &Finding) -> Option<Value> {
    let decided: &Disposition = finding.disposition.as_ref()?;
    let status = match decided.state {
        DispositionState::Valid => "accepted",
        DispositionState::Incomplete => "underReview",
        DispositionState::Expired => "rejected",
        DispositionState::UnknownApp | DispositionState::Unused => return None,
    };
    Some(object(json!({
        "guid": uuid::of(&["sarif-suppression", &finding.id, decided.kind.word()]),
        "kind": "external",
        "status": status,
        "justification": visible(&decided.rationale),
        "properties": object(json!({
            "disposition": decided.kind,
            "state": decided.state,
            "approver": visible(&decided.approver),
            "on": decided.on,
            "expires": decided.expires,
        })),
    })))
}

/// `path:line` as a place.
fn named_place(source: &str) -> Value {
    let split = source.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse::<u32>().ok()?)));
    let (path, line) = split.map_or((source, None), |(path, line)| (path, Some(line)));
    let path = path.split(", row ").next().unwrap_or(path);
    let mut place = Map::new();
    place.insert("artifactLocation".to_owned(), json!({"uri": address(path), "uriBaseId": BASE}));
    if let Some(line) = line.filter(|line| *line > 0) {
        place.insert("region".to_owned(), json!({"startLine": line}));
    }
    Value::Object(place)
}

/// A message in which org text stays text: braces would be placeholders, and `[a](b)` a link.
fn text(said: &str) -> Value {
    let said = visible(said).replace('{', "{{").replace('}', "}}").replace("](", "] (");
    json!({"text": said})
}

/// `FlowDisabled` of `flow-disabled`.
fn pascal(id: &str) -> String {
    let mut out = String::new();
    for word in id.split('-') {
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
    }
    out
}
