//! What a question lacks, to the component or field.

use crate::text::message::{Arg, Message};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A component of the org, or a field of one, that the snapshot lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// What it is: a metadata type (`Profile`), an object (`User`) or a field (`ipRelaxationPolicyType`).
    pub part: Cow<'static, str>,
    /// Its name, or that of what has the field; empty when all of them are meant.
    pub name: String,
    /// What to name in a retrieval (`Profile:Sync`); empty when no retrieval supplies it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retrieve: Vec<Cow<'static, str>>,
}

impl Missing {
    /// Most names of one part that are said; the others are counted.
    const NAMED: usize = 3;

    /// One noun phrase for each part, in the order in which they come.
    pub fn phrases<'a>(missing: impl IntoIterator<Item = &'a Self>) -> Vec<Message> {
        let mut parts: Vec<(&str, Vec<String>)> = Vec::new();
        let mut known = BTreeSet::new();
        for one in missing.into_iter().filter(|one| known.insert((&one.part, &one.name))) {
            let at = parts.iter().position(|(part, _)| *part == one.part).unwrap_or_else(|| {
                parts.push((&one.part, Vec::new()));
                parts.len() - 1
            });
            if let Some((_, names)) = parts.get_mut(at) {
                names.push(one.name.clone());
            }
        }
        let parts = parts.into_iter();
        parts
            .map(|(part, names)| Message::new(format!("missing.{part}")).with("names", Arg::some(names, Self::NAMED)))
            .collect()
    }
}
