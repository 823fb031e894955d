//! What has to hold in a catalogue: unique ids, references that resolve, the published numbers.

use super::{Catalogue, FactKind, Output, Vocabulary};
use crate::model::{Right, Severity, Weight};
use std::collections::BTreeSet;

/// SHR's headings with their keys, in the order of the published page.
const SECTIONS: [(&str, &str); 12] = [
    ("control_name", "Control Name"),
    ("recommended_configuration", "Recommended Configuration"),
    ("control_overview", "Control Overview"),
    ("security_risk", "Security Risk If Not Configured"),
    ("threat_scenarios", "Threat Scenarios"),
    ("cvss_range", "Estimated CVSS Score Range"),
    ("risk_impact", "Risk Impact Considerations"),
    ("higher_risk", "Higher Risk When"),
    ("low_risk", "Low Risk When"),
    ("business_considerations", "Business and Integration Considerations"),
    ("remediation", "Recommended Remediation"),
    ("guidance", "Security Health Review Guidance"),
];
const TIERS: [&str; 5] = ["critical", "high", "moderate", "low", "protective"];
const SIDES: [&str; 4] = ["higher", "low", "risk", "practice"];
const EFFORTS: [&str; 3] = ["low", "medium", "high"];
const RELATIONS: [&str; 2] = ["direct", "related"];

/// Everything that is wrong with a control; nothing when it can be used.
pub(super) fn faults(control: &Catalogue) -> Vec<String> {
    let mut faults = Vec::new();
    published(control, &mut faults);
    unique(control, &mut faults);
    criteria(control, &mut faults);
    permissions(control, &mut faults);
    threats(control, &mut faults);
    standards(control, &mut faults);
    remediations(control, &mut faults);
    requests(control, &mut faults);
    declared(control, &mut faults);
    faults
}

/// What the published page gives.
fn published(control: &Catalogue, faults: &mut Vec<String>) {
    if Severity::of(control.range_low) != Severity::of(control.range_high) {
        faults.push(format!("published range {} to {} is of two severities", control.range_low, control.range_high));
    }
    let sections: Vec<_> = control.sections.iter().map(|s| (s.id.as_str(), s.title.as_str())).collect();
    if sections != SECTIONS {
        faults.push("the sections are not SHR's twelve headings in their order".to_owned());
    }
    for section in control.sections.iter().filter(|section| section.text.trim().is_empty()) {
        faults.push(format!("section `{}` has no text", section.id));
    }
    if control.retrieved.parse::<jiff::civil::Date>().is_err() {
        faults.push(format!("`{}` is no date", control.retrieved));
    }
    if control.thresholds.named().any(|(_, value)| value == 0) {
        faults.push("a threshold is 0".to_owned());
    }
}

fn unique(control: &Catalogue, faults: &mut Vec<String>) {
    let groups: [(&str, Vec<&str>); 6] = [
        ("phrase", control.phrases.iter().map(|p| p.id.as_str()).collect()),
        ("criterion", control.criteria.iter().map(|c| c.id.as_str()).collect()),
        ("threat", control.threats.iter().map(|t| t.id.as_str()).collect()),
        ("remediation", control.remediations.iter().map(|r| r.id.as_str()).collect()),
        ("request", control.requests.iter().map(|r| r.id.as_str()).collect()),
        ("request file", control.requests.iter().map(|r| r.file.as_str()).collect()),
    ];
    for (what, ids) in groups {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                faults.push(format!("{what} `{id}` stands twice"));
            }
            if what != "request file" && !id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'.') {
                faults.push(format!("{what} `{id}` is not lower case with hyphens"));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for standard in &control.standards {
        if !seen.insert((&standard.framework, &standard.id)) {
            faults.push(format!("standard `{} {}` stands twice", standard.framework, standard.id));
        }
    }
}

fn criteria(control: &Catalogue, faults: &mut Vec<String>) {
    if control.criteria.iter().filter(|criterion| criterion.weight == Weight::Gate).count() != 1 {
        faults.push("there has to be one gate".to_owned());
    }
    for criterion in &control.criteria {
        let id = &criterion.id;
        for text in [&criterion.title, &criterion.safe_when, &criterion.rule, &criterion.expected] {
            if text.trim().is_empty() {
                faults.push(format!("criterion `{id}` lacks a text"));
            }
        }
        if criterion.rule_text(&control.thresholds).contains(['{', '}']) {
            faults.push(format!("the rule of `{id}` has a placeholder that is no threshold"));
        }
        for phrase in criterion.serves.iter().filter(|phrase| control.phrase(phrase).is_none()) {
            faults.push(format!("criterion `{id}` serves the unknown phrase `{phrase}`"));
        }
        for request in criterion.requests.iter().filter(|request| control.request(request).is_none()) {
            faults.push(format!("criterion `{id}` names the unknown request `{request}`"));
        }
        if criterion.serves.is_empty() {
            faults.push(format!("criterion `{id}` serves no phrase"));
        }
        if criterion.requests.is_empty() && !criterion.attestable {
            faults.push(format!("nothing can answer criterion `{id}`"));
        }
    }
    for phrase in &control.phrases {
        if !SIDES.contains(&phrase.side.as_str()) {
            faults.push(format!("phrase `{}` has the unknown side `{}`", phrase.id, phrase.side));
        }
        if !control.criteria.iter().any(|criterion| criterion.serves.contains(&phrase.id)) {
            faults.push(format!("no criterion serves phrase `{}`", phrase.id));
        }
    }
}

fn permissions(control: &Catalogue, faults: &mut Vec<String>) {
    for (name, permission) in &control.permissions {
        if !TIERS.contains(&permission.tier.as_str()) {
            faults.push(format!("permission `{name}` has the unknown tier `{}`", permission.tier));
        }
        if [&permission.label, &permission.category, &permission.gain].iter().any(|text| text.trim().is_empty()) {
            faults.push(format!("permission `{name}` lacks a text"));
        }
    }
    for (name, implied) in &control.implications {
        for unknown in std::iter::once(name).chain(implied).filter(|name| !control.permissions.contains_key(*name)) {
            faults.push(format!("the implications name the unknown permission `{unknown}`"));
        }
    }
}

fn threats(control: &Catalogue, faults: &mut Vec<String>) {
    for threat in &control.threats {
        for need in &threat.needs {
            let known = match need.split_once(':') {
                Some(("category", category)) => control.permissions.values().any(|p| p.has_category(category)),
                Some(("object", right)) => Right::ALL.iter().any(|known| known.word() == right),
                Some(_) => control.vocabulary.circumstances.contains(need),
                None => control.permissions.contains_key(need),
            };
            if !known {
                faults.push(format!("threat `{}` needs the unknown `{need}`", threat.id));
            }
        }
        if threat.needs.is_empty() {
            faults.push(format!("threat `{}` needs nothing", threat.id));
        }
        for id in threat.references.iter().filter(|id| !control.standards.iter().any(|s| s.id == **id)) {
            faults.push(format!("threat `{}` refers to the unknown standard `{id}`", threat.id));
        }
    }
}

fn standards(control: &Catalogue, faults: &mut Vec<String>) {
    for standard in &control.standards {
        if !RELATIONS.contains(&standard.relation.as_str()) {
            faults.push(format!("standard `{}` has the unknown relation `{}`", standard.id, standard.relation));
        }
        if standard.source.trim().is_empty() || standard.title.trim().is_empty() || standard.criteria.is_empty() {
            faults.push(format!("standard `{}` lacks a title, a source or its criteria", standard.id));
        }
        for id in standard.criteria.iter().filter(|id| control.criterion(id).is_none()) {
            faults.push(format!("standard `{}` names the unknown criterion `{id}`", standard.id));
        }
    }
    let filed = control.cwe.iter().map(|number| format!("CWE-{number}")).chain(control.nist.iter().cloned());
    for id in filed.filter(|id| !control.standards.iter().any(|standard| standard.id == *id)) {
        faults.push(format!("findings are filed under `{id}`, which is not among the standards"));
    }
}

fn remediations(control: &Catalogue, faults: &mut Vec<String>) {
    for way in &control.remediations {
        if !EFFORTS.contains(&way.effort.as_str()) {
            faults.push(format!("remediation `{}` has the unknown effort `{}`", way.id, way.effort));
        }
        if way.steps.is_empty() || way.verification.is_empty() || way.side_effects.is_empty() {
            faults.push(format!("remediation `{}` lacks steps, verification or side effects", way.id));
        }
        if way.conditions.len() != way.steps.len() {
            faults.push(format!("remediation `{}` has not one condition a step", way.id));
        }
        let Vocabulary { conditions, slots, .. } = &control.vocabulary;
        for word in way.conditions.iter().flat_map(|text| text.split_whitespace()) {
            if !conditions.iter().any(|known| known == word) && control.criterion(word).is_none() {
                faults.push(format!("remediation `{}` has the unknown condition `{word}`", way.id));
            }
        }
        for name in way.steps.iter().chain(&way.verification).flat_map(|text| placeholders(text)) {
            if !slots.iter().any(|slot| slot == name) {
                faults.push(format!("remediation `{}` has the unknown placeholder `{name}`", way.id));
            }
        }
    }
}

fn requests(control: &Catalogue, faults: &mut Vec<String>) {
    if control.request("metadata").is_none() {
        faults.push("there is no request `metadata`".to_owned());
    }
    for request in &control.requests {
        let id = &request.id;
        if (request.id == "metadata") != request.soql.is_empty() {
            faults.push(format!("request `{id}` has a query where there should be none, or none"));
        }
        if request.id != "metadata" && !request.soql.contains(&format!("FROM {}", request.object)) {
            faults.push(format!("request `{id}` does not query `{}`", request.object));
        }
        // A query travels in the address of a REST call, of which Salesforce takes 16,384 bytes with the headers; a blank or
        // comma takes three there.
        if control.soql(request).bytes().map(|b| if b.is_ascii_alphanumeric() { 1 } else { 3 }).sum::<usize>() > 12_000
        {
            faults.push(format!("the query of request `{id}` is too long"));
        }
        if request.siblings == control.criteria.iter().any(|criterion| criterion.requests.contains(id)) {
            faults.push(format!("a criterion uses request `{id}`, or none, and it says the opposite"));
        }
    }
}

/// What code that knows no control is told about this one.
fn declared(control: &Catalogue, faults: &mut Vec<String>) {
    let of_bases = control.bases.iter().flat_map(|basis| basis.shows.iter().map(|id| ("basis", &basis.id, id)));
    let of_actions = control.actions.iter().flat_map(|kind| kind.serves.iter().map(|id| ("action", &kind.id, id)));
    for (what, id, criterion) in of_bases.chain(of_actions).filter(|(.., id)| control.criterion(id).is_none()) {
        faults.push(format!("{what} `{id}` names the unknown criterion `{criterion}`"));
    }
    for fact in &control.facts {
        let name = &fact.name;
        if (fact.kind == FactKind::Rights) != fact.path.is_empty() {
            faults.push(format!("fact `{name}` lacks its path, or has one that nothing reads"));
        }
        if (fact.kind == FactKind::Word) == fact.words.is_empty() {
            faults.push(format!("fact `{name}` lacks its words, or has some that nothing reads"));
        }
        let exchanged = fact.shown.iter().any(|place| matches!(place, Output::Oscal | Output::Ocsf));
        if exchanged && !matches!(fact.kind, FactKind::Text | FactKind::Word) {
            faults.push(format!("fact `{name}` is no text that OSCAL or OCSF can hold"));
        }
    }
    for token in &control.tokens {
        let shown = match &token.criterion {
            Some(id) => token.path.is_empty() && control.criterion(id).is_some(),
            None => !token.path.is_empty(),
        };
        if !shown || token.words.is_empty() && token.criterion.is_none() {
            faults.push(format!("token `{}` is shown by nothing that there is", token.id));
        }
    }
    for name in control.fixed_thresholds.iter().filter(|name| control.thresholds.get(name) == 0) {
        faults.push(format!("`{name}` is no threshold"));
    }
}

/// The names between braces in a text.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
