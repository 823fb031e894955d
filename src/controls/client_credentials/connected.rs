//! What is said of a connected app in other words than of an External Client App.

use super::facts::{Advice, Network};
use crate::kit::Move;
use crate::kit::access::Privilege;
use crate::model::Finding;
use crate::text::message::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What the keys of sentences on connected apps begin with, where another sentence has the rest of the key.
pub(super) const OWN: &str = "ca.";

/// Keys that have a sentence on connected apps. Both languages have the same.
static KEYS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    // A file that cannot be read ends every run before anything is judged.
    let texts: toml::Table = toml::from_str(include_str!("connected.text.en.toml")).unwrap_or_default();
    texts.keys().filter_map(|key| key.strip_prefix(OWN)).map(str::to_owned).collect()
});

/// A key, or that of the sentence on connected apps in its place.
pub(super) fn own(key: &str) -> String {
    if KEYS.contains(key) { format!("{OWN}{key}") } else { key.to_owned() }
}

/// Puts the sentences on connected apps where a finding and its moves have others.
pub(super) fn word(finding: &mut Finding, moves: &mut [Move]) {
    message(&mut finding.because);
    for observation in &mut finding.observations {
        message(&mut observation.because);
    }
    for question in &mut finding.questions {
        message(&mut question.text);
    }
    for said in [&mut finding.effect, &mut finding.notes, &mut finding.does_not_count] {
        said.iter_mut().for_each(message);
    }
    fact::<Network>(finding, "network", |network| message(&mut network.because));
    fact::<Privilege>(finding, "privilege", |privilege| {
        privilege.broken.iter_mut().chain(&mut privilege.gaps).for_each(message);
    });
    fact::<Advice>(finding, "advice", |advice| {
        message(&mut advice.because);
        advice.reasons.iter_mut().chain(&mut advice.bound).chain(&mut advice.outside).for_each(message);
    });
    for one in moves {
        [&mut one.what, &mut one.why, &mut one.gain].into_iter().for_each(message);
    }
}

/// A fact with its sentences replaced.
fn fact<T: DeserializeOwned + Serialize>(finding: &mut Finding, key: &str, change: impl FnOnce(&mut T)) {
    if let Ok(Some(mut stated)) = finding.facts.read::<Option<T>>(key).map(Option::flatten) {
        change(&mut stated);
        finding.facts.set(key, &stated);
    }
}

fn message(message: &mut Message) {
    message.rekey(&own);
}
