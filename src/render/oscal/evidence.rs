//! Observations, and the files that they were made on.

use super::{Desk, line, properties};
use crate::model::{EvidenceItem, Finding, Observation, Outcome, Source};
use crate::render::exchange::{address, midnight, name, object, observed};
use crate::text::escape::markdown;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most pieces of evidence of one observation; the property `evidence-count` tells how many there are.
const MOST_EVIDENCE: usize = 50;

impl<'a> Desk<'a> {
    /// Every criterion that was judged, app by app.
    pub(super) fn observations(&self, findings: &[&'a Finding]) -> Vec<Value> {
        let judged = findings.iter().flat_map(|finding| finding.observations.iter().map(move |seen| (*finding, seen)));
        let told = judged.filter(|(_, seen)| seen.outcome() != Outcome::NotTested);
        told.map(|(finding, seen)| self.observation(finding, seen)).collect()
    }

    fn observation(&self, finding: &Finding, seen: &'a Observation) -> Value {
        let evidence = self.subject.evidence(seen);
        // What a person stated was not examined by anybody.
        let method = if seen.source == Source::Attested { "INTERVIEW" } else { "EXAMINE" };
        let title =
            format!("{}: {}", name(finding), self.subject.title(self.subject.control(finding), &seen.criterion));
        object(json!({
            "uuid": self.observation_id(finding, seen),
            "title": line(&title),
            "description": line(&self.subject.say(&seen.because)),
            "props": properties(&[
                ("criterion", &seen.criterion),
                ("outcome", seen.outcome().word()),
                ("weight", seen.weight.word()),
                ("source", seen.source.word()),
                ("evidence-count", &(evidence.len() + seen.further).to_string()),
            ]),
            "methods": [method],
            "types": ["control-objective"],
            "origins": [self.origin()],
            "subjects": self.subjects(finding),
            "relevant-evidence": evidence.iter().take(MOST_EVIDENCE).map(|item| self.item(item)).collect::<Vec<_>>(),
            "collected": midnight(self.subject.day()),
        }))
    }

    fn item(&self, item: &EvidenceItem) -> Value {
        let line = item.line.map(|line| line.to_string()).unwrap_or_default();
        let row = item.row.map(|row| row.to_string()).unwrap_or_default();
        object(json!({
            "href": format!("#{}", self.id("file", &item.path)),
            "description": markdown(&format!("{}: {}", item.place(), observed(item))),
            "props": properties(&[("line", &line), ("row", &row), ("setting", &item.setting)]),
        }))
    }

    /// The files behind some findings, with their hashes.
    pub(super) fn resources(&self, findings: &[&'a Finding]) -> Vec<Value> {
        let items = findings.iter().flat_map(|finding| finding.observations.iter());
        let paths: BTreeSet<&str> =
            items.flat_map(|seen| self.subject.evidence(seen)).map(|item| &*item.path).collect();
        let inputs: BTreeMap<&str, &str> =
            self.subject.assessment.inputs.iter().map(|input| (input.path.as_str(), input.sha256.as_str())).collect();
        paths.into_iter().map(|path| self.resource(path, inputs.get(path).copied())).collect()
    }

    fn resource(&self, path: &str, sha256: Option<&str>) -> Value {
        let hashes = sha256.map(|hash| json!([{"algorithm": "SHA-256", "value": hash}]));
        json!({
            "uuid": self.id("file", path),
            "title": line(path),
            "props": [{"name": "type", "value": "evidence"}],
            "rlinks": [object(json!({"href": address(path), "hashes": hashes}))],
        })
    }
}
