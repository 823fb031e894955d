//! The assessment results.

use super::{Desk, line, properties, token};
use crate::model::{Finding, Outcome};
use crate::render::exchange::{Subject, file, midnight, name, object};
use crate::text::escape::markdown;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Name of the file.
pub const RESULTS_FILE: &str = "oscal-assessment-results.json";

/// OSCAL assessment results of one org.
#[must_use]
pub fn results(subject: &Subject<'_>) -> Vec<u8> {
    let desk = Desk { subject };
    let tested: Vec<&Finding> = subject.tested().collect();
    let plan = desk.id("plan", "examination");
    let mut resources = vec![desk.plan(&plan)];
    resources.extend(desk.resources(&tested));
    file(&json!({"assessment-results": {
        "uuid": desk.run_id("assessment-results"),
        "metadata": desk.metadata(&subject.report.title),
        "import-ap": {"href": format!("#{plan}"), "remarks": desk.word("oscal.no-plan")},
        "results": [desk.result(&tested)],
        "back-matter": {"resources": resources},
    }}))
}

impl<'a> Desk<'a> {
    /// Stands for the assessment plan.
    fn plan(&self, uuid: &str) -> Value {
        let a = self.subject.assessment;
        json!({
            "uuid": uuid,
            "title": line(&a.control.name),
            "description": self.word("oscal.plan"),
            "rlinks": [{"href": a.control.url}],
        })
    }

    fn result(&self, tested: &[&'a Finding]) -> Value {
        let a = self.subject.assessment;
        let findings: Vec<Value> = tested.iter().filter_map(|finding| self.finding(finding)).collect();
        let mut components = vec![self.tool()];
        components.extend(tested.iter().map(|finding| self.component(finding)));
        let title = format!("{}: {}", a.org.name, a.control.name);
        object(json!({
            "uuid": self.run_id("result"),
            "title": line(title.trim_start_matches(": ")),
            "description": line(&self.subject.say(&a.population.because)),
            "start": midnight(self.subject.day()),
            "end": midnight(a.as_of.max(self.subject.day())),
            "props": self.result_properties(),
            "local-definitions": {"components": components},
            "reviewed-controls": self.reviewed_controls(),
            "observations": self.observations(tested),
            "risks": self.risks(tested),
            "findings": findings,
            "remarks": self.remarks(),
        }))
    }

    /// The six counts, and what they are about.
    fn result_properties(&self) -> Vec<Value> {
        let a = self.subject.assessment;
        let counts: Vec<(String, String)> = Outcome::ALL
            .iter()
            .map(|outcome| (format!("apps-{}", outcome.word().replace('_', "-")), a.counts.get(*outcome).to_string()))
            .collect();
        let mut pairs: Vec<(&str, &str)> = vec![
            ("result", a.result.word()),
            ("population", a.population.conclusion.word()),
            ("org-id", &a.org.id),
            ("environment", &a.org.environment),
        ];
        pairs.extend(counts.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        properties(&pairs)
    }

    /// The controls of SP 800-53 that the criteria bear on directly, and the published control as the objective.
    fn reviewed_controls(&self) -> Value {
        let controls = &self.subject.report.controls;
        let names: Vec<&str> = controls.iter().map(|one| one.name.as_str()).collect();
        let ids = controls.iter().map(|one| self.subject.assessment.published(&one.key));
        let objectives: Vec<Value> = ids.map(|one| json!({"objective-id": token(&one.id)})).collect();
        let nist = self.subject.report.standards.iter().filter(|s| s.framework.starts_with("NIST SP 800-53"));
        let ids: BTreeSet<String> = nist.map(|standard| control_id(&standard.id)).collect();
        let reviewed: Vec<Value> = ids.iter().map(|id| json!({"control-id": id})).collect();
        let selection = if reviewed.is_empty() {
            json!({"include-all": {}})
        } else {
            json!({"description": self.word("oscal.controls"), "include-controls": reviewed})
        };
        json!({
            "description": line(&names.join("; ")),
            "links": controls.iter().map(|one| json!({"href": one.url, "rel": "reference"})).collect::<Vec<_>>(),
            "control-selections": [selection],
            "control-objective-selections": [{"include-objectives": objectives}],
        })
    }

    /// What was left out, and what limits the result.
    fn remarks(&self) -> String {
        let a = self.subject.assessment;
        let excluded = a.findings.iter().filter(|finding| finding.result == Outcome::NotTested);
        let excluded = excluded.map(|finding| format!("{}: {}", name(finding), self.subject.say(&finding.because)));
        let limits = a.limitations.iter().map(|limit| self.subject.say(limit));
        let problems = a.problems.iter().map(|problem| format!("{}: {}", problem.place, problem.message));
        excluded.chain(limits).chain(problems).map(|text| markdown(&text)).collect::<Vec<_>>().join("\n\n")
    }
}

/// `ac-6.5` of `AC-6(5)`, as the OSCAL catalogue of SP 800-53 writes it.
pub(super) fn control_id(id: &str) -> String {
    token(&id.to_lowercase().replace('(', ".").replace(')', ""))
}
