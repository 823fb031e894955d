//! The evidence register: every place that an observation or a right cites, once and numbered.

use crate::model::{Evidence, EvidenceItem, Finding, GrantStep, Rights};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Numbers the evidence of all findings and of what their users hold in path order, and writes the ids into
/// observations, steps and rights.
pub(super) fn number(findings: &mut [Finding], rights: &mut [Arc<Rights>]) -> Vec<Evidence> {
    let mut items: BTreeSet<&EvidenceItem> = BTreeSet::new();
    for finding in findings.iter() {
        items.extend(finding.observations.iter().flat_map(|observation| &observation.items));
        items.extend(finding.used_objects.iter().flat_map(|used| &used.items));
    }
    for rights in rights.iter() {
        let grants = rights.grants.iter();
        items.extend(grants.flat_map(|grant| grant.paths.iter().flatten()).filter_map(|step| step.item.as_ref()));
        items.extend(rights.object_rights.iter().flat_map(|object| &object.rights).flat_map(|held| &held.items));
    }
    let ids: BTreeMap<EvidenceItem, String> =
        items.into_iter().enumerate().map(|(at, item)| (item.clone(), format!("EV-{:03}", at + 1))).collect();
    for finding in findings.iter_mut() {
        for observation in &mut finding.observations {
            let mut cited = BTreeSet::new();
            let known = observation.items.iter().filter_map(|item| ids.get(item));
            observation.evidence = known.filter(|id| cited.insert(*id)).cloned().collect();
        }
        for used in &mut finding.used_objects {
            used.evidence = used.items.iter().filter_map(|item| ids.get(item)).cloned().collect();
        }
        // The list alone holds them while they are changed, so that nothing is copied.
        finding.rights = Arc::default();
    }
    for rights in rights.iter_mut().map(Arc::make_mut) {
        for step in steps(rights) {
            let id = step.item.as_ref().and_then(|item| ids.get(item));
            step.evidence = id.cloned().unwrap_or_default();
        }
        for held in rights.object_rights.iter_mut().flat_map(|object| &mut object.rights) {
            held.evidence = held.items.iter().filter_map(|item| ids.get(item)).cloned().collect();
        }
    }
    for finding in findings {
        let numbered = finding.rights_number.and_then(|number| rights.get(number.checked_sub(1)?));
        finding.rights = numbered.cloned().unwrap_or_default();
    }
    ids.into_iter().map(|(item, id)| Evidence { id, item }).collect()
}

fn steps(rights: &mut Rights) -> impl Iterator<Item = &mut GrantStep> {
    rights.grants.iter_mut().flat_map(|grant| grant.paths.iter_mut().flatten())
}
