//! The same for machines: `--json` of `shr explain` and `shr controls`.

use crate::catalogue::{Catalogue, Criterion};
use crate::controls;
use crate::model::{Assessment, Evidence, Finding, Way, Ways};
use crate::text::wording::Wording;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Version of what `--json` prints.
const SCHEMA: &str = "shr-explain/2";

/// The control with its criteria, sections, readings, threats, ways out, standards and exports.
#[must_use]
pub fn control(control: &Catalogue) -> Value {
    let sections = control.sections.iter().map(|s| json!({"id": s.id, "title": s.title, "text": s.text}));
    let ways = control.remediations.iter().map(|way| {
        let steps = way.steps.iter().zip(way.conditions.iter().map(Some).chain(std::iter::repeat(None)));
        json!({
            "id": way.id, "title": way.title, "when": way.when, "effort": way.effort,
            "steps": steps.map(|(text, when)| json!({"text": text, "when": when})).collect::<Vec<_>>(),
            "verification": way.verification, "side_effects": way.side_effects,
        })
    });
    let threats = control.threats.iter().map(|t| json!({"id": t.id, "needs": t.needs, "references": t.references}));
    let requests = control.requests.iter().map(|r| json!({"id": r.id, "file": r.file, "why": r.why}));
    let mut value = head("control", control);
    value["sections"] = sections.collect();
    value["considerations"] = json!(control.considerations);
    value["criteria"] = control.criteria.iter().map(|one| of_criterion(control, one)).collect();
    value["thresholds"] = control.thresholds.named().map(|(n, v)| json!({"name": n, "value": v})).collect();
    value["threats"] = threats.collect();
    value["ways_out"] = ways.collect();
    value["standards"] = standards(control, |_| true);
    value["readings"] = json!(control.readings);
    value["requests"] = requests.collect();
    value
}

/// A criterion's rule with the catalogue's thresholds, what it serves, and where its evidence comes from.
#[must_use]
pub fn criterion(control: &Catalogue, criterion: &Criterion) -> Value {
    let mut value = head("criterion", control);
    value["criterion"] = of_criterion(control, criterion);
    value["standards"] = standards(control, |criteria| criteria.iter().any(|id| criterion.id == *id));
    value
}

/// The control and its criteria, one short entry each.
#[must_use]
pub fn list(control: &Catalogue, words: &Wording) -> Value {
    let listed = |control: &Catalogue| -> Value {
        let criteria = control.criteria.iter();
        criteria.map(|c| json!({"id": c.id, "weight": c.weight, "title": c.title})).collect()
    };
    let mut value = head("controls", control);
    value["criteria"] = listed(control);
    let others = control.siblings.iter().map(|one| {
        let mut value = head("controls", one);
        value["criteria"] = listed(one);
        value
    });
    value["others"] = others.collect();
    value["sheets"] = controls::sheets().map(|sheet| super::sheet::value(&sheet.entry, words)).collect();
    value
}

/// A finding as the assessment holds it, its ways once, and the evidence that it cites.
#[must_use]
pub fn finding(assessment: &Assessment, finding: &Finding, control: &Catalogue) -> Value {
    let held = Ways::of(&finding.rights.grants);
    let rights = finding.rights.object_rights.iter().flat_map(|object| &object.rights);
    let mut cited: BTreeSet<&str> = held.cited().collect();
    cited.extend(finding.observations.iter().flat_map(|o| o.evidence.iter().map(String::as_str)));
    cited.extend(rights.flat_map(|held| held.evidence.iter().map(String::as_str)));
    let evidence: Vec<&Evidence> = assessment.evidence.iter().filter(|e| cited.contains(e.id.as_str())).collect();
    let ways = (1..).zip(&held.ways).map(|(number, way): (usize, &Way)| {
        let steps = way.steps.iter().map(|s| json!({"what": s.what, "name": s.name, "evidence": s.evidence}));
        json!({"number": number, "steps": steps.collect::<Vec<_>>()})
    });
    let grants = held
        .held
        .iter()
        .map(|one| json!({"name": one.grant.name, "evidence": one.evidence, "ways": one.ways, "brings": one.brings}));
    let actions = assessment.actions_of(finding).into_iter();
    let mut value = head("finding", control.judging(finding));
    value["org"] = json!(assessment.org.key);
    value["as_of"] = json!(assessment.as_of);
    value["finding"] = alone(finding);
    value["actions"] = actions.map(|(number, action)| json!({"number": number, "action": action})).collect();
    value["ways"] = ways.collect();
    value["grants"] = grants.collect();
    value["evidence"] = json!(evidence);
    value
}

/// A finding with what its user holds in it, for there is no list to refer to.
fn alone(finding: &Finding) -> Value {
    let mut value = json!(finding);
    if !finding.rights.is_empty() {
        value["rights"] = json!(finding.rights);
    }
    value
}

fn head(kind: &str, control: &Catalogue) -> Value {
    json!({
        "schema": SCHEMA,
        "kind": kind,
        "control": {
            "id": control.id, "name": control.name, "url": control.url, "retrieved": control.retrieved,
            "published_range": {
                "word": control.range_word, "low": control.range_low.to_string(), "high": control.range_high.to_string(),
            },
            "base31": control.base31, "base40": control.base40, "version": control.version,
        },
    })
}

fn of_criterion(control: &Catalogue, criterion: &Criterion) -> Value {
    json!({
        "id": criterion.id, "weight": criterion.weight, "title": criterion.title, "safe_when": criterion.safe_when,
        "rule": criterion.rule_text(&control.thresholds), "expected": control.thresholds.fill(&criterion.expected),
        "serves": criterion.serves, "requests": criterion.requests, "attestable": criterion.attestable,
    })
}

fn standards(control: &Catalogue, wanted: impl Fn(&[String]) -> bool) -> Value {
    let concerning = control.standards.iter().filter(|s| wanted(&s.criteria));
    let entry = concerning.map(|s| {
        json!({"framework": s.framework, "id": s.id, "title": s.title, "relation": s.relation, "criteria": s.criteria})
    });
    entry.collect()
}
