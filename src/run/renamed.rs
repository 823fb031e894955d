//! An org that has another key than in an older tracker, and is known by its organisation id.

use super::Failure;
use crate::assess::finding_id;
use crate::controls;
use crate::model::Assessment;
use crate::tracker::Tracker;
use std::collections::{BTreeMap, BTreeSet};

/// Gives orgs the keys that the tracker has for their ids, and their findings the ids that follow from them: a folder
/// that is called after its month makes no new org. Tells the id, the key of the tracker and the key of the run of each.
/// Nothing is renamed where the id has several keys, or the key is another org's.
pub(super) fn as_in_tracker(
    tracker: &Tracker,
    orgs: &mut [Assessment],
) -> Result<Vec<(String, String, String)>, Failure> {
    let mut keys: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for line in &tracker.rows {
        let (id, key) = (tracker.named(line, "org_id"), tracker.named(line, "org_key"));
        if !id.is_empty() && !key.is_empty() {
            keys.entry(short(id)).or_default().insert(key);
        }
    }
    let taken: BTreeSet<String> = orgs.iter().map(|org| org.org.key.clone()).collect();
    let known: BTreeSet<&str> = keys.values().flatten().copied().collect();
    let control = controls::catalogue("en").map_err(|error| Failure::new("", error, ""))?;
    let mut told = Vec::new();
    for org in orgs.iter_mut().filter(|org| !known.contains(org.org.key.as_str()) && !org.org.id.is_empty()) {
        let Some(key) = keys.get(&short(&org.org.id)).filter(|keys| keys.len() == 1).and_then(|keys| keys.first())
        else {
            continue;
        };
        if taken.contains(*key) || org.control.id != control.id {
            continue;
        }
        let old = std::mem::replace(&mut org.org.key, (*key).to_owned());
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for finding in &mut org.findings {
            let id = finding_id(control.judging(finding), key, &finding.subject.api_name);
            renamed.insert(std::mem::replace(&mut finding.id, id.clone()), id);
        }
        for action in &mut org.actions {
            let ids = action.findings.iter_mut().chain(action.after.iter_mut().map(|after| &mut after.finding));
            ids.for_each(|id| *id = renamed.get(id).cloned().unwrap_or_default());
        }
        told.push((org.org.id.clone(), (*key).to_owned(), old));
    }
    Ok(told)
}

/// The 15 characters that tell an org; the last three of 18 follow from them.
fn short(id: &str) -> String {
    id.chars().take(15).collect()
}
