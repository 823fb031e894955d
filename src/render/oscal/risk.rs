//! Risks: what an open finding means, how bad it is, and what people decided.

use super::{Desk, NAMESPACE, line, properties};
use crate::model::{DispositionKind, DispositionState, Finding, Outcome};
use crate::render::exchange::{Subject, midnight, object};
use crate::table::cells::{completion, disposition_word};
use crate::text::escape::markdown;
use serde_json::{Value, json};

/// Where OSCAL wants CVSS 3.1 metrics.
const CVSS31: &str = "http://www.first.org/cvss/v3.1";

impl<'a> Desk<'a> {
    /// Whether a finding is a risk: everything that asks somebody to act.
    pub(super) fn has_risk(&self, finding: &Finding) -> bool {
        finding.result.is_open()
    }

    pub(super) fn risk_id(&self, finding: &Finding) -> String {
        self.id("risk", &finding.id)
    }

    pub(super) fn risks(&self, findings: &[&'a Finding]) -> Vec<Value> {
        findings.iter().filter(|finding| self.has_risk(finding)).map(|finding| self.risk(finding)).collect()
    }

    fn risk(&self, finding: &'a Finding) -> Value {
        let row = self.subject.row(finding);
        let facets = facets(finding);
        let characterizations = (!facets.is_empty()).then(|| json!([{"origin": self.origin(), "facets": facets}]));
        let first = row.get("first_seen").parse::<jiff::civil::Date>().ok();
        let deadline = first.and_then(|first| completion(finding, first));
        let effect = self.subject.says(&finding.effect);
        object(json!({
            "uuid": self.risk_id(finding),
            "title": line(&row.get("title")),
            "description": line(&self.subject.say(&finding.because)),
            "statement": line(if effect.is_empty() { &self.subject.assessment.control_of(finding).name } else { &effect }),
            "props": self.decision_properties(finding),
            "status": status(finding),
            "origins": [self.origin()],
            "characterizations": characterizations,
            "mitigating-factors": self.mitigating(finding),
            "deadline": deadline.map(midnight),
            "remediations": self.remediations(finding, &row.get("recommendation")),
            "related-observations": self.related_observations(finding),
        }))
    }

    fn decision_properties(&self, finding: &Finding) -> Vec<Value> {
        let mut list = self.finding_properties(finding);
        if let Some(decided) = &finding.disposition {
            let [on, expires] =
                [decided.on, decided.expires].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
            list.extend(properties(&[
                ("disposition", disposition_word(decided.kind)),
                ("disposition-state", decided.state.word()),
                ("rationale", &decided.rationale),
                ("approver", &decided.approver),
                ("decided-on", &on),
                ("accepted-until", &expires),
            ]));
        }
        list
    }

    /// The alternative control that people name, when the decision holds.
    fn mitigating(&self, finding: &Finding) -> Option<Value> {
        let decided = finding.disposition.as_ref()?;
        let holds = decided.kind == DispositionKind::Mitigated && decided.state == DispositionState::Valid;
        holds.then(|| json!([{"uuid": self.id("mitigation", &finding.id), "description": line(&decided.rationale)}]))
    }

    /// Our recommendation, and what management says it will do.
    fn remediations(&self, finding: &Finding, advice: &str) -> Vec<Value> {
        let response = finding.management_response.as_deref().unwrap_or_default();
        let told = [("recommendation", advice), ("planned", response)];
        let told = told.into_iter().filter(|(_, text)| !text.trim().is_empty());
        told.map(|(lifecycle, text)| {
            json!({
                "uuid": self.id(lifecycle, &finding.id),
                "lifecycle": lifecycle,
                "title": self.word(&format!("oscal.{lifecycle}")),
                "description": markdown(text),
            })
        })
        .collect()
    }
}

/// A valid decision is an approved deviation, an incomplete one was requested, an expired one counts for nothing.
fn status(finding: &Finding) -> &'static str {
    match finding.disposition.as_ref().map(|decided| decided.state) {
        Some(DispositionState::Valid) => "deviation-approved",
        Some(DispositionState::Incomplete) => "deviation-requested",
        _ if finding.result == Outcome::Fail => "open",
        _ => "investigating",
    }
}

fn facets(finding: &Finding) -> Vec<Value> {
    let Some(score) = &finding.score else { return Vec::new() };
    let own = [
        ("severity", score.severity.word()),
        ("confidence", score.confidence.word()),
        ("cvss31-score", &score.residual31.1.to_string()),
        ("cvss31-vector", &score.residual31.0),
        ("cvss31-inherent-score", &score.inherent31.1.to_string()),
        ("cvss31-interval", &score.interval31.to_string()),
        ("cvss40-score", &score.residual40.1.to_string()),
        ("cvss40-vector", &score.residual40.0),
    ];
    let mut list: Vec<Value> =
        own.iter().map(|(name, value)| json!({"name": name, "system": NAMESPACE, "value": value})).collect();
    let metrics = score.inherent31.0.split('/').filter_map(|metric| metric.split_once(':'));
    let named = metrics.filter_map(|(metric, value)| Some((metric_name(metric)?, level(value)?)));
    list.extend(named.map(|(name, value)| json!({"name": name, "system": CVSS31, "value": value})));
    list
}

/// OSCAL's name of a CVSS 3.1 base metric.
fn metric_name(metric: &str) -> Option<&'static str> {
    Some(match metric {
        "AV" => "access-vector",
        "AC" => "attack-complexity",
        "PR" => "privileges-required",
        "UI" => "user-interaction",
        "S" => "scope",
        "C" => "confidentiality-impact",
        "I" => "integrity-impact",
        "A" => "availability-impact",
        _ => return None,
    })
}

fn level(value: &str) -> Option<&'static str> {
    Some(match value {
        "N" => "none",
        "L" => "low",
        "H" => "high",
        "U" => "unchanged",
        "C" => "changed",
        "R" => "required",
        _ => return None,
    })
}

/// Findings that go into the plan of action: whatever asks somebody to act.
pub(super) fn open<'a>(subject: &Subject<'a>) -> Vec<&'a Finding> {
    subject.assessment.findings.iter().filter(|finding| finding.result.is_open()).collect()
}
