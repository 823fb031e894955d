//! What has to hold in a catalogue: unique ids, references that resolve, the published numbers.

use super::Control;
use crate::model::{Right, Severity, Tenths, Weight};
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
const WAYS_OUT: [&str; 3] = ["disable", "jwt", "harden"];
const EFFORTS: [&str; 3] = ["low", "medium", "high"];
const RELATIONS: [&str; 2] = ["direct", "related"];
/// Words that a step's condition can be made of, besides criteria that do not pass.
const CONDITIONS: [&str; 21] = [
    "user:named",
    "user:unnamed",
    "user:new",
    "user:kept",
    "user:open",
    "user:alone",
    "sets:known",
    "profile:own",
    "profile:copy",
    "ranges:here",
    "ranges:elsewhere",
    "policy:relaxed",
    "policy:on",
    "setting:on",
    "session:open",
    "scopes:open",
    "rate:open",
    "permitted:open",
    "permitted:listed",
    "certificate:none",
    "certificate:set",
];
/// What the texts of a way out may have filled in.
const SLOTS: [&str; 12] = [
    "app",
    "user",
    "profile",
    "permission_sets",
    "ranges",
    "integration_user",
    "integration_profile",
    "bound",
    "outside",
    "reasons",
    "scopes",
    "relaxation",
];
/// Facts other than permissions that a threat can need.
const CIRCUMSTANCES: [&str; 4] = ["network:none", "network:wide", "secret:clear_text", "user:shared"];

/// Everything that is wrong with a control; nothing when it can be used.
pub(super) fn faults(control: &Control) -> Vec<String> {
    let mut faults = Vec::new();
    published(control, &mut faults);
    unique(control, &mut faults);
    criteria(control, &mut faults);
    permissions(control, &mut faults);
    threats(control, &mut faults);
    standards(control, &mut faults);
    remediations(control, &mut faults);
    requests(control, &mut faults);
    faults
}

/// Facts of the published page, which nobody may reword.
fn published(control: &Control, faults: &mut Vec<String>) {
    let facts = [
        (control.id.as_str(), "shr_configure_oauth_policies_configure_client_credential_flow_policies"),
        (
            control.name.as_str(),
            "External Client Apps: Configure OAuth Policies: Configure Client Credential Flow Policies",
        ),
        (control.range_word.as_str(), "High"),
        (control.base31.as_str(), "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N"),
        (control.base40.as_str(), "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N"),
    ];
    for (found, wanted) in facts.iter().filter(|(found, wanted)| found != wanted) {
        faults.push(format!("`{found}` should be `{wanted}`"));
    }
    if (control.range_low, control.range_high) != (Tenths(70), Tenths(89))
        || Severity::of(control.range_low) != Severity::of(control.range_high)
    {
        faults.push(format!("published range {} to {} should be 7.0 to 8.9", control.range_low, control.range_high));
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
    if control.thresholds.named().iter().any(|(_, value)| *value == 0) {
        faults.push("a threshold is 0".to_owned());
    }
}

fn unique(control: &Control, faults: &mut Vec<String>) {
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

fn criteria(control: &Control, faults: &mut Vec<String>) {
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
        let filled = criterion.rule_text(&control.thresholds);
        if filled.contains(['{', '}']) {
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

fn permissions(control: &Control, faults: &mut Vec<String>) {
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

fn threats(control: &Control, faults: &mut Vec<String>) {
    for threat in &control.threats {
        for need in &threat.needs {
            let known = match need.split_once(':') {
                Some(("category", category)) => control.permissions.values().any(|p| p.has_category(category)),
                Some(("object", right)) => Right::ALL.iter().any(|known| known.word() == right),
                Some(_) => CIRCUMSTANCES.contains(&need.as_str()),
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

fn standards(control: &Control, faults: &mut Vec<String>) {
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

fn remediations(control: &Control, faults: &mut Vec<String>) {
    let ids: Vec<_> = control.remediations.iter().map(|way| way.id.as_str()).collect();
    if ids != WAYS_OUT {
        faults.push(format!("the ways out should be {}", WAYS_OUT.join(", ")));
    }
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
        let known = |word: &&str| CONDITIONS.contains(word) || control.criterion(word).is_some();
        for word in way.conditions.iter().flat_map(|text| text.split_whitespace()).filter(|word| !known(word)) {
            faults.push(format!("remediation `{}` has the unknown condition `{word}`", way.id));
        }
        for name in way.steps.iter().chain(&way.verification).flat_map(|text| placeholders(text)) {
            if !SLOTS.contains(&name) {
                faults.push(format!("remediation `{}` has the unknown placeholder `{name}`", way.id));
            }
        }
    }
}

fn requests(control: &Control, faults: &mut Vec<String>) {
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
        if !control.criteria.iter().any(|criterion| criterion.requests.contains(id)) {
            faults.push(format!("no criterion uses request `{id}`"));
        }
    }
}

/// The names between braces in a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
