//! The evidence register: every place once, numbered in path and line order.

use crate::assessment::{Evidence, EvidenceItem, Finding};
use std::collections::BTreeMap;

/// Numbers the evidence of all findings and writes the ids into observations and grant paths.
pub(super) fn register(findings: &mut [Finding]) -> Vec<Evidence> {
    let mut ids: BTreeMap<EvidenceItem, String> = BTreeMap::new();
    for finding in findings.iter() {
        let observed = finding.observations.iter().flat_map(|one| one.items.iter());
        let steps = finding.privilege.grants.iter().flat_map(|grant| grant.paths.iter().flatten());
        for item in observed.chain(steps.filter_map(|step| step.item.as_ref())) {
            ids.entry(item.clone()).or_default();
        }
    }
    for (n, id) in ids.values_mut().enumerate() {
        *id = format!("EV-{:03}", n + 1);
    }
    let id = |item: &EvidenceItem| ids.get(item).cloned().unwrap_or_default();
    for finding in findings {
        for observation in &mut finding.observations {
            let mut found: Vec<String> = observation.items.iter().map(id).collect();
            let mut seen = std::collections::BTreeSet::new();
            found.retain(|one| seen.insert(one.clone()));
            observation.evidence = found;
        }
        for step in finding.privilege.grants.iter_mut().flat_map(|grant| grant.paths.iter_mut().flatten()) {
            step.evidence = step.item.as_ref().map(id).unwrap_or_default();
        }
    }
    ids.into_iter().map(|(item, id)| Evidence { id, item }).collect()
}
