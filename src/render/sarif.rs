//! SARIF 2.1.0: one result per app and criterion, at the line of the metadata file that shows it.
//!
//! What each field holds is said in `docs/formats.md`. Readers do less than the standard allows: they rate by the rule,
//! take any suppression for a closed case, and want a line. So a suppression stands for a decision in force alone,
//! nothing of an app that passes is of kind `fail`, and every result has a line.

use super::exchange::{Subject, address, criterion_of, file, name, object, observed, path_of};
use super::uuid;
use crate::model::{Delta, DispositionState, EvidenceItem, Finding, InputRow, Observation, Outcome, Severity, Weight};
use crate::text::cut::first_units;
use crate::text::message::Message;
use crate::text::visible::visible;
use crate::view::ControlView;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Name of the file.
pub const FILE: &str = "findings.sarif";
/// Name of the file for GitHub code scanning.
pub const GITHUB_FILE: &str = "github.sarif";

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Stands for the folder or archive that was reviewed.
const BASE: &str = "SNAPSHOT";
/// Most further places of one result; `evidenceCount` tells how many there are.
const MOST_RELATED: usize = 50;
/// Most results of a run that GitHub takes.
const MOST_RESULTS: usize = 25_000;
/// Longest description of a rule that GitHub takes.
const LONGEST_DESCRIPTION: usize = 1_024;

/// The findings of one org as a SARIF log with one run.
#[must_use]
pub fn sarif(subject: &Subject<'_>) -> Vec<u8> {
    log(subject, Reader::Any)
}

/// The same for GitHub code scanning: it shows every result as an alert, whatever its kind, so these are the failing
/// ones, worst first; and it looks for files in the repository.
#[must_use]
pub fn github(subject: &Subject<'_>) -> Vec<u8> {
    log(subject, Reader::Github)
}

fn log(subject: &Subject<'_>, reader: Reader) -> Vec<u8> {
    file(&json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [Run::new(subject, reader).value()]}))
}

/// Whom a log is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Any,
    Github,
}

struct Run<'a> {
    subject: &'a Subject<'a>,
    reader: Reader,
    /// Place of a file in `artifacts`; only files that a result points to.
    artifacts: BTreeMap<&'a str, usize>,
    /// Files read, by path.
    inputs: BTreeMap<&'a str, &'a InputRow>,
    /// Some finding has a decision: then every result says whether it is suppressed, as the specification asks.
    decided: bool,
}

impl<'a> Run<'a> {
    fn new(subject: &'a Subject<'a>, reader: Reader) -> Self {
        let seen = subject.tested().flat_map(|finding| &finding.observations);
        let mut artifacts: BTreeMap<&str, usize> =
            seen.flat_map(|seen| subject.evidence(seen)).map(|item| (&*item.path, 0)).collect();
        artifacts.values_mut().enumerate().for_each(|(at, index)| *index = at);
        let decided = subject.tested().any(|finding| suppression(finding).is_some());
        let inputs = subject.assessment.inputs.iter().map(|input| (input.path.as_str(), input)).collect();
        Self { subject, reader, artifacts, inputs, decided }
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
            "originalUriBaseIds": self.base().map(|base| json!({base: {"description": text(&visible(&a.org.source))}})),
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

    /// What addresses are relative to; GitHub takes the top of the repository, and no name for it.
    fn base(&self) -> Option<&'static str> {
        (self.reader == Reader::Any).then_some(BASE)
    }

    /// A run is known by what it read, and as of when.
    fn guid(&self, digest: &str, as_of: jiff::civil::Date) -> String {
        uuid::of(&["sarif-run", &self.subject.assessment.org.key, digest, &as_of.to_string()])
    }

    fn driver(&self) -> Value {
        let a = self.subject.assessment;
        let rules = self.rules().map(|(control, id)| self.rule(control, id)).collect::<Vec<Value>>();
        json!({
            "name": "shr",
            "version": a.tool_version,
            "semanticVersion": a.tool_version,
            "fullName": format!("shr {}, rule set {}", a.tool_version, a.ruleset_version),
            "rules": rules,
            "properties": {"rulesetVersion": a.ruleset_version},
        })
    }

    /// The criteria of all controls, in their order.
    fn rules(&self) -> impl Iterator<Item = (&'a ControlView, &'a str)> {
        let controls = self.subject.report.controls.iter();
        controls.flat_map(|control| control.criteria.iter().map(move |view| (control, view.id.as_str())))
    }

    fn rule(&self, control: &'a ControlView, id: &'a str) -> Value {
        let subject = self.subject;
        let view = criterion_of(control, id);
        let weight = view.map_or("", |view| view.weight.as_str());
        let help = [subject.expected(control, id), subject.advice(control, id)]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>();
        // GitHub refuses a rule without help.
        let help = if help.is_empty() { subject.title(control, id).to_owned() } else { help.join(". ") };
        let full = view.map_or("", |view| view.safe_when.as_str());
        let level = if self.is_supporting(control, id) { "note" } else { "error" };
        let mut tags = vec!["security".to_owned(), "salesforce".to_owned()];
        tags.extend(control.cwe.iter().map(|number| format!("external/cwe/cwe-{number}")));
        object(json!({
            "id": subject.rule_id(control, id),
            "name": pascal(&subject.rule_id(control, id)),
            "shortDescription": text(subject.title(control, id)),
            "fullDescription": text(first_units(if full.is_empty() { &help } else { full }, LONGEST_DESCRIPTION)),
            "help": text(&help),
            "helpUri": control.url,
            "defaultConfiguration": {"level": level},
            "properties": object(json!({
                "tags": tags,
                "weight": visible(weight),
                "security-severity": self.worst(control, id).map(|score| score.to_string()),
            })),
        }))
    }

    fn is_supporting(&self, control: &ControlView, id: &str) -> bool {
        let own = self.subject.assessment.findings.iter().filter(|finding| *finding.control == control.key);
        let mut seen = own.flat_map(|finding| &finding.observations);
        seen.find(|seen| seen.criterion == id).is_some_and(|seen| seen.weight == Weight::Supporting)
    }

    /// Highest score of the failing apps that a criterion makes fail: some readers take the severity from the rule.
    fn worst(&self, control: &ControlView, id: &str) -> Option<crate::model::Tenths> {
        let own = self.subject.tested().filter(|finding| *finding.control == control.key);
        let failing = own.filter(|finding| {
            finding.observations.iter().any(|seen| seen.criterion == id && seen.makes_fail(finding.result))
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
            "location": object(json!({"uri": address(path), "uriBaseId": self.base()})),
            "length": input.map(|input| input.bytes),
            "hashes": input.map(|input| json!({"sha-256": input.sha256})),
        }))
    }

    fn results(&self) -> Vec<Value> {
        let pairs =
            self.subject.tested().flat_map(|finding| finding.observations.iter().map(move |seen| (finding, seen)));
        let told = pairs.filter_map(|(finding, seen)| Some((finding, seen, kind(finding, seen)?)));
        let mut told: Vec<_> = told.filter(|(_, _, kind)| self.reader == Reader::Any || *kind == "fail").collect();
        if self.reader == Reader::Github {
            told.sort_by_key(|(finding, _, _)| {
                std::cmp::Reverse(finding.score.as_ref().map(|score| score.residual31.1))
            });
            told.truncate(MOST_RESULTS);
        }
        told.into_iter().map(|(finding, seen, kind)| self.result(finding, seen, kind)).collect()
    }

    fn result(&self, finding: &'a Finding, seen: &'a Observation, kind: &str) -> Value {
        let subject = self.subject;
        let control = subject.control(finding);
        let evidence = subject.evidence(seen);
        let unique = format!("{}/{}", finding.id, seen.criterion);
        let score = finding.score.as_ref().map(|score| score.residual31.1);
        let mut result = object(json!({
            "ruleId": subject.rule_id(control, &seen.criterion),
            "ruleIndex": self.rules().position(|(one, id)| one.key == control.key && seen.criterion == id),
            "kind": kind,
            "level": level(finding, seen, kind),
            "message": text(&format!("{}: {}", name(finding), subject.say(&seen.because))),
            "locations": [self.location(finding, &evidence)],
            "relatedLocations": self.related(&evidence),
            "correlationGuid": uuid::of(&["sarif-result", &unique]),
            "fingerprints": {"shrResult/v1": unique},
            "partialFingerprints": {
                "shrFindingId/v1": finding.id,
                "shrCriterion/v1": seen.criterion,
                "primaryLocationLineHash": line_hash(&unique),
            },
            "baselineState": finding.delta.and_then(baseline_state),
            "rank": score.filter(|_| seen.makes_fail(finding.result)).map(|score| score.0),
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
                "decision": decision(finding),
                "evidence": seen.evidence,
                "evidenceCount": evidence.len() + seen.further,
            })),
        }));
        if let (true, Some(fields)) = (self.decided, result.as_object_mut()) {
            let open = matches!(seen.outcome(), Outcome::Fail | Outcome::Review | Outcome::NotEvaluable);
            let list: Vec<Value> = suppression(finding).filter(|_| open).into_iter().collect();
            fields.insert("suppressions".to_owned(), list.into());
        }
        result
    }

    /// The first place of the evidence with a line; else, because a setting that is absent and a record have none, the
    /// line that names the app, in that file if there is one; else the first line of the file.
    fn location(&self, finding: &Finding, evidence: &[&EvidenceItem]) -> Value {
        let first = evidence.first();
        let path = first.map(|item| &*item.path);
        let named = || finding.subject.sources.iter().filter_map(|source| named_line(source));
        let source = finding.subject.sources.first().map(|source| source.split(", row ").next().unwrap_or(source));
        let place = first
            .and_then(|item| Some((&*item.path, item.line.filter(|line| *line > 0)?)))
            .or_else(|| named().find(|(named, _)| Some(*named) == path))
            .or_else(|| named().next())
            .or_else(|| Some((path.or(source)?, 1)));
        let physical = place.map(|(path, line)| self.at(path, Some(line)));
        let app = visible(&finding.subject.api_name);
        let org = visible(&self.subject.assessment.org.key);
        let logical = json!([{"name": app, "fullyQualifiedName": path_of(&org, finding), "kind": "resource"}]);
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
        self.at(&item.path, item.line.filter(|line| *line > 0))
    }

    fn at(&self, path: &str, line: Option<u32>) -> Value {
        let index = self.artifacts.get(path);
        object(json!({
            "artifactLocation": object(json!({"uri": address(path), "uriBaseId": self.base(), "index": index})),
            "region": line.map(|line| json!({"startLine": line})),
        }))
    }
}

/// SARIF's word for an outcome; none for what is left out. What fails in an app that passes asks nobody to act.
fn kind(finding: &Finding, seen: &Observation) -> Option<&'static str> {
    Some(match seen.outcome() {
        Outcome::Pass => "pass",
        Outcome::Fail if finding.result.is_open() => "fail",
        Outcome::Fail => "informational",
        Outcome::Review => "review",
        Outcome::NotApplicable => "notApplicable",
        Outcome::NotEvaluable => "open",
        Outcome::NotTested => return None,
    })
}

/// GitHub's fingerprint: sixteen digits and a count. It is over identity alone, so that a line that moves is no new alert.
fn line_hash(unique: &str) -> String {
    let hash: String = uuid::of(&["sarif-line", unique]).chars().filter(char::is_ascii_hexdigit).take(16).collect();
    format!("{hash}:1")
}

/// `none` unless the kind is `fail`, as the specification asks; then by the app's severity. What does not make its app
/// fail is a note.
fn level(finding: &Finding, seen: &Observation, kind: &str) -> &'static str {
    if kind != "fail" {
        return "none";
    }
    if !seen.makes_fail(finding.result) {
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

/// A decision that is in force, as a suppression. Readers close a case whatever status a suppression has.
fn suppression(finding: &Finding) -> Option<Value> {
    let decided = finding.disposition.as_ref().filter(|decided| decided.state == DispositionState::Valid)?;
    Some(object(json!({
        "guid": uuid::of(&["sarif-suppression", &finding.id, decided.kind.word()]),
        "kind": "external",
        "status": "accepted",
        "justification": visible(&decided.rationale),
    })))
}

/// What people decided on the app, whether or not it is in force.
fn decision(finding: &Finding) -> Option<Value> {
    let decided = finding.disposition.as_ref()?;
    Some(object(json!({
        "disposition": decided.kind,
        "state": decided.state,
        "rationale": visible(&decided.rationale),
        "approver": visible(&decided.approver),
        "on": decided.on,
        "expires": decided.expires,
    })))
}

/// Path and line of `path:line`.
fn named_line(source: &str) -> Option<(&str, u32)> {
    let (path, line) = source.rsplit_once(':')?;
    Some((path, line.parse().ok().filter(|line| *line > 0)?))
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
