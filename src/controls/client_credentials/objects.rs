//! Objects that event logs show to be used, and what that says against rights and the list of sensitive objects.

use super::case::{Caller, Case};
use super::usage::{Whose, calls, whose_call};
use crate::kit::{Run, is_sensitive};
use crate::model::{EvidenceItem, Right, UsedObject};
use crate::snapshot::{ApiUse, ObjectGrant, Touched};
use crate::text::message::{Arg, Message};
use std::collections::{BTreeMap, BTreeSet};

/// Most objects that a sentence names.
const OBJECTS: usize = 10;

/// What is known of one object.
#[derive(Default)]
struct Seen<'a> {
    object: &'a str,
    rights: BTreeSet<Right>,
    calls: usize,
    /// The latest call of each kind.
    latest: BTreeMap<&'a [ObjectGrant], (&'a ApiUse, &'a Touched)>,
}

fn word_of(grant: ObjectGrant) -> Right {
    match grant {
        ObjectGrant::Create => Right::Create,
        ObjectGrant::Edit => Right::Edit,
        ObjectGrant::Delete => Right::Delete,
        _ => Right::Read,
    }
}

/// The objects of calls that succeeded and are the app's, or its user's without the name of an app; sensitive ones first.
pub(super) fn used(caller: &Caller<'_, '_>) -> Vec<UsedObject> {
    let mut objects: BTreeMap<String, Seen<'_>> = BTreeMap::new();
    for call in calls(caller).into_iter().filter(|call| call.failure.is_none()) {
        let Some(touched) = &call.touched else { continue };
        if !matches!(whose_call(caller, call), Whose::Own(_) | Whose::User(_)) {
            continue;
        }
        for object in &touched.objects {
            let seen = objects.entry(object.to_ascii_lowercase()).or_default();
            if seen.object.is_empty() {
                seen.object = object;
            }
            seen.rights.extend(touched.rights.iter().map(|grant| word_of(*grant)));
            seen.calls += call.count;
            let known = seen.latest.entry(&touched.rights).or_insert((call, touched));
            if call.is_later_than(known.0) {
                *known = (call, touched);
            }
        }
    }
    let mut used: Vec<UsedObject> = objects.into_values().map(|seen| of(&caller.run, &seen)).collect();
    used.sort_by(|a, b| b.sensitive.cmp(&a.sensitive).then_with(|| a.object.cmp(&b.object)));
    used
}

fn of(run: &Run<'_>, seen: &Seen<'_>) -> UsedObject {
    let calls = seen.latest.values().map(|(call, _)| *call);
    let last = calls.reduce(|known, call| if call.is_later_than(known) { call } else { known });
    UsedObject {
        object: seen.object.to_owned(),
        rights: seen.rights.iter().copied().collect(),
        calls: seen.calls,
        last: last.and_then(|call| call.time.as_ref()).map(|time| time.raw.to_string()).unwrap_or_default(),
        sensitive: is_sensitive(run, seen.object),
        evidence: Vec::new(),
        items: seen.latest.values().map(|(_, touched)| EvidenceItem::seen(touched.column, &touched.text)).collect(),
    }
}

/// What was done with which objects, one sentence for each right.
pub(super) fn sentences(case: &Case<'_>) -> Vec<Message> {
    let rights = [Right::Read, Right::Create, Right::Edit, Right::Delete];
    let of_right = rights.iter().map(|right| sentence(case, right.word(), &|used| used.rights.contains(right)));
    let untold = sentence(case, "untold", &|used| used.rights.is_empty());
    of_right.chain([untold, sentence(case, "sensitive", &|used| used.sensitive)]).flatten().collect()
}

fn sentence(case: &Case<'_>, what: &str, of: &dyn Fn(&UsedObject) -> bool) -> Option<Message> {
    let names: Vec<String> = case.used.iter().filter(|used| of(used)).map(|used| used.object.clone()).collect();
    let message = Message::new(format!("use-observed.objects.{what}"));
    (!names.is_empty()).then(|| message.with("objects", Arg::some(names, OBJECTS)))
}

/// Objects on the engagement's list that event logs show to be used.
pub(super) fn sensitive(used: &[UsedObject]) -> Vec<String> {
    used.iter().filter(|used| used.sensitive).map(|used| used.object.clone()).collect()
}
