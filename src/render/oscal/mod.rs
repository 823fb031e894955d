//! OSCAL: assessment results, and the plan of action and milestones for what is open.
//!
//! Both documents hold the same observations, findings and risks under the same identifiers, so that a reader can join
//! them. What each field holds is said in `docs/formats.md`.

mod evidence;
mod poam;
mod results;
mod risk;

pub use poam::{POAM_FILE, poam};
pub use results::{RESULTS_FILE, results};

use super::exchange::{Subject, midnight, name, object};
use super::uuid;
use crate::catalogue::Output;
use crate::controls;
use crate::model::{Finding, Observation, Outcome};
use crate::text::escape::markdown;
use crate::text::message::Message;
use crate::text::visible::visible;
use serde_json::{Value, json};

/// Version of OSCAL that the documents are written for.
const VERSION: &str = "1.2.1";
/// Namespace of our own properties.
const NAMESPACE: &str = "urn:shr:oscal";

/// One org as OSCAL tells it.
struct Desk<'a> {
    subject: &'a Subject<'a>,
}

impl<'a> Desk<'a> {
    /// A sentence of these formats.
    fn word(&self, key: &str) -> String {
        self.subject.say(&Message::new(key.to_owned()))
    }

    /// The id of something of this org.
    fn id(&self, what: &str, name: &str) -> String {
        uuid::of(&["oscal", what, &self.subject.assessment.org.key, name])
    }

    /// The id of something of this run: another snapshot or another day gives another one.
    fn run_id(&self, what: &str) -> String {
        let a = self.subject.assessment;
        uuid::of(&["oscal", what, &a.org.key, &a.org.digest, &a.as_of.to_string(), &a.tool_version])
    }

    fn metadata(&self, title: &str) -> Value {
        let a = self.subject.assessment;
        let version = visible(&a.document.version);
        let tool = format!("shr {}", a.tool_version);
        let document = &a.document;
        let mut roles = Vec::new();
        let mut parties = Vec::new();
        let mut responsible = Vec::new();
        for (role, name) in [
            ("prepared-by", &document.prepared_by),
            ("prepared-for", &document.prepared_for),
            ("client", &document.client),
        ] {
            let name = visible(name);
            if !name.is_empty() {
                let id = self.id("party", role);
                roles.push(json!({"id": role, "title": self.word(&format!("oscal.role.{role}"))}));
                parties.push(json!({"uuid": id, "type": "organization", "name": name}));
                responsible.push(json!({"role-id": role, "party-uuids": [id]}));
            }
        }
        object(json!({
            "title": line(title),
            "last-modified": midnight(a.as_of),
            "version": if version.is_empty() { a.as_of.to_string() } else { version },
            "oscal-version": VERSION,
            "props": properties(&[
                ("tool", &tool),
                ("ruleset-version", &a.ruleset_version),
                ("as-of", &a.as_of.to_string()),
                ("snapshot-digest", &a.org.digest),
                ("org-key", &a.org.key),
                ("marking", &document.classification),
            ]),
            "roles": roles,
            "parties": parties,
            "responsible-parties": responsible,
        }))
    }

    /// The tool, which made every observation.
    fn tool(&self) -> Value {
        let a = self.subject.assessment;
        json!({
            "uuid": self.tool_id(),
            "type": "software",
            "title": "shr",
            "description": self.word("oscal.tool"),
            "props": properties(&[("software-version", &a.tool_version), ("ruleset-version", &a.ruleset_version)]),
            "status": {"state": "operational"},
        })
    }

    fn tool_id(&self) -> String {
        uuid::of(&["oscal", "tool", &self.subject.assessment.tool_version])
    }

    fn origin(&self) -> Value {
        json!({"actors": [{"type": "tool", "actor-uuid": self.tool_id()}]})
    }

    /// An app as a part of the system under assessment.
    fn component(&self, finding: &Finding) -> Value {
        let facts = &finding.facts;
        let shown: Vec<_> = controls::facts().filter(|fact| fact.shown.contains(&Output::Oscal)).collect();
        let in_use = shown.iter().find_map(|fact| Some((facts.text(&fact.path), fact.operational.as_deref()?)));
        let state = match in_use {
            Some((now, operational)) if now != operational => {
                let remarks = Message::new("oscal.flow").with("state", now);
                json!({"state": "other", "remarks": self.subject.say(&remarks)})
            }
            _ => json!({"state": "operational"}),
        };
        let app = &finding.subject;
        let names = shown.iter().map(|fact| (fact.name.replace('_', "-"), facts.text(&fact.path)));
        let names: Vec<(String, &str)> = names.collect();
        let mut props = vec![("api-name", app.api_name.as_str()), ("namespace", app.namespace.as_str())];
        props.extend(names.iter().map(|(name, text)| (name.as_str(), *text)));
        json!({
            "uuid": self.component_id(finding),
            "type": "software",
            "title": line(&name(finding)),
            "description": markdown(&self.subject.say(&Message::new(if app.is_connected() { "oscal.app.connected" } else { "oscal.app" }).with("app", &app.api_name))),
            "props": properties(&props),
            "status": state,
        })
    }

    fn component_id(&self, finding: &Finding) -> String {
        self.id("component", &finding.id)
    }

    fn subjects(&self, finding: &Finding) -> Value {
        json!([{"subject-uuid": self.component_id(finding), "type": "component", "title": line(&name(finding))}])
    }

    fn observation_id(&self, finding: &Finding, seen: &Observation) -> String {
        self.id("observation", &format!("{}/{}", finding.id, seen.criterion))
    }

    fn related_observations(&self, finding: &Finding) -> Vec<Value> {
        let told = finding.observations.iter().filter(|seen| seen.outcome() != Outcome::NotTested);
        told.map(|seen| json!({"observation-uuid": self.observation_id(finding, seen)})).collect()
    }

    /// An app against the control. What does not apply and what nobody can tell is no finding, only observations.
    fn finding(&self, finding: &'a Finding) -> Option<Value> {
        let (state, reason, remarks) = match finding.result {
            Outcome::Pass => ("satisfied", "pass", String::new()),
            Outcome::Fail => ("not-satisfied", "fail", String::new()),
            Outcome::Review => ("not-satisfied", "other", self.word("oscal.review")),
            Outcome::NotApplicable | Outcome::NotEvaluable | Outcome::NotTested => return None,
        };
        let row = self.subject.row(finding);
        let control = self.subject.assessment.control_of(finding);
        let risk = self.has_risk(finding).then(|| json!([{"risk-uuid": self.risk_id(finding)}]));
        Some(object(json!({
            "uuid": self.id("finding", &finding.id),
            "title": line(&row.get("title")),
            "description": line(&self.subject.say(&finding.because)),
            "props": self.finding_properties(finding),
            "origins": [self.origin()],
            "target": object(json!({
                "type": "objective-id",
                "target-id": token(&control.id),
                "title": line(&control.name),
                "status": object(json!({"state": state, "reason": reason, "remarks": remarks})),
            })),
            "related-observations": self.related_observations(finding),
            "related-risks": risk,
        })))
    }

    fn finding_properties(&self, finding: &Finding) -> Vec<Value> {
        properties(&[
            ("finding-id", &finding.id),
            ("result", finding.result.word()),
            ("basis", finding.basis.as_deref().unwrap_or_default()),
            ("delta", finding.delta.map_or("", |delta| delta.word())),
            ("app-api-name", &finding.subject.api_name),
        ])
    }
}

/// Properties that have a value.
fn properties(pairs: &[(&str, &str)]) -> Vec<Value> {
    let shown = pairs.iter().map(|(name, value)| (name, visible(value))).filter(|(_, value)| !value.is_empty());
    shown.map(|(name, value)| json!({"name": name, "ns": NAMESPACE, "value": value})).collect()
}

/// One line of markup that shows exactly a text; a dash where there is none, because markup lines are never empty.
fn line(text: &str) -> String {
    let shown = markdown(text);
    if shown.is_empty() { "–".to_owned() } else { shown }
}

/// A token: letters, digits, `.`, `-`, `_`; no digit first.
fn token(text: &str) -> String {
    let out = text.replace(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'), "-");
    if out.starts_with(|c: char| c.is_ascii_alphabetic()) { out } else { format!("_{out}") }
}
