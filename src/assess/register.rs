//! The evidence register: every place that an observation or a grant cites, once and numbered.

use crate::assessment::{Evidence, EvidenceItem, Finding, GrantStep};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers the evidence of all findings in path order and writes the ids into observations and steps.
pub(super) fn number(findings: &mut [Finding]) -> Vec<Evidence> {
    let mut items: BTreeSet<EvidenceItem> = BTreeSet::new();
    for finding in findings.iter() {
        items.extend(finding.observations.iter().flat_map(|observation| observation.items.iter().cloned()));
        let grants = finding.privilege.grants.iter();
        items.extend(grants.flat_map(|grant| grant.paths.iter().flatten()).filter_map(|step| step.item.clone()));
        let rights = finding.privilege.object_rights.iter().flat_map(|object| &object.rights);
        items.extend(rights.flat_map(|held| held.items.iter().cloned()));
        items.extend(finding.used_objects.iter().flat_map(|used| used.items.iter().cloned()));
    }
    let ids: BTreeMap<EvidenceItem, String> =
        items.into_iter().enumerate().map(|(at, item)| (item, format!("EV-{:03}", at + 1))).collect();
    for finding in findings {
        for observation in &mut finding.observations {
            let mut cited = BTreeSet::new();
            let known = observation.items.iter().filter_map(|item| ids.get(item));
            observation.evidence = known.filter(|id| cited.insert(*id)).cloned().collect();
        }
        for step in steps(finding) {
            let id = step.item.as_ref().and_then(|item| ids.get(item));
            step.evidence = id.cloned().unwrap_or_default();
        }
        for held in finding.privilege.object_rights.iter_mut().flat_map(|object| &mut object.rights) {
            held.evidence = held.items.iter().filter_map(|item| ids.get(item)).cloned().collect();
        }
        for used in &mut finding.used_objects {
            used.evidence = used.items.iter().filter_map(|item| ids.get(item)).cloned().collect();
        }
    }
    ids.into_iter().map(|(item, id)| Evidence { id, item }).collect()
}

fn steps(finding: &mut Finding) -> impl Iterator<Item = &mut GrantStep> {
    finding.privilege.grants.iter_mut().flat_map(|grant| grant.paths.iter_mut().flatten())
}
