//! Settings that are read by the name of their element.

use super::{Located, Seen};
use std::collections::BTreeMap;

/// All copies of each setting that a component or the org states, by the name of the element (`isPkceRequired`), a
/// nested one with the name of its parent (`idTokenConfig.idTokenValidityInMinutes`). Texts as written, an empty element
/// as an empty text.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<&'static str, Seen<String>>);

impl Settings {
    /// The copies of a setting in path order; none where nothing states it.
    pub fn of(&self, name: &str) -> impl Iterator<Item = &Located<String>> {
        self.0.get(name).into_iter().flatten()
    }

    /// Adds a copy.
    pub fn push(&mut self, name: &'static str, copy: Located<String>) {
        self.0.entry(name).or_default().push(copy);
    }

    /// Takes over what another file or record states.
    pub fn unite(&mut self, more: Self) {
        for (name, copies) in more.0 {
            self.0.entry(name).or_default().extend(copies);
        }
    }
}
