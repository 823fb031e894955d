//! The plan of action and milestones.

use super::results::control_id;
use super::risk::open;
use super::{Desk, NAMESPACE, line, properties};
use crate::model::Finding;
use crate::render::exchange::{Subject, file, object};
use crate::text::visible::visible;
use serde_json::{Value, json};

/// Name of the file.
pub const POAM_FILE: &str = "oscal-poam.json";

/// OSCAL plan of action and milestones of one org; `None` when nothing is open, because a plan without items is not
/// valid.
#[must_use]
pub fn poam(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let open = open(subject);
    if open.is_empty() {
        return None;
    }
    let desk = Desk { subject };
    let a = subject.assessment;
    let system = [&a.org.id, &a.org.key].map(|text| visible(text)).into_iter().find(|text| !text.is_empty());
    let findings: Vec<Value> = open.iter().filter_map(|finding| desk.finding(finding)).collect();
    let mut components = vec![desk.tool()];
    components.extend(open.iter().map(|finding| desk.component(finding)));
    let resources = desk.resources(&open);
    let plan = object(json!({
        "uuid": desk.run_id("plan-of-action-and-milestones"),
        "metadata": desk.metadata(&subject.report.title),
        "system-id": system.map(|id| json!({"identifier-type": NAMESPACE, "id": id})),
        "local-definitions": {"components": components},
        "observations": desk.observations(&open),
        "risks": desk.risks(&open),
        "findings": findings,
        "poam-items": open.iter().map(|finding| desk.item_of(finding)).collect::<Vec<_>>(),
        "back-matter": if resources.is_empty() { Value::Null } else { json!({"resources": resources}) },
    }));
    Some(file(&json!({"plan-of-action-and-milestones": plan})))
}

impl<'a> Desk<'a> {
    fn item_of(&self, finding: &'a Finding) -> Value {
        let row = self.subject.row(finding);
        let filed: Vec<String> = self.subject.report.control.nist.iter().map(|id| control_id(id)).collect();
        let filed: Vec<(&str, &str)> = filed.iter().map(|id| ("control-id", id.as_str())).collect();
        let mut props = self.finding_properties(finding);
        props.extend(properties(&filed));
        let of_finding = self.finding(finding).map(|told| json!([{"finding-uuid": told["uuid"]}]));
        object(json!({
            "uuid": self.id("poam-item", &finding.id),
            "title": line(&row.get("title")),
            "description": line(&self.subject.say(&finding.because)),
            "props": props,
            "origins": [self.origin()],
            "related-findings": of_finding,
            "related-observations": self.related_observations(finding),
            "related-risks": [{"risk-uuid": self.risk_id(finding)}],
            "remarks": line(&row.get("recommendation")),
        }))
    }
}
