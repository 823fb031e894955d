//! Numbers that decide.

use crate::text::fill::fill;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Thresholds by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Thresholds(BTreeMap<String, u64>);

impl Thresholds {
    /// The value of a threshold. One that the catalogue lacks lets nothing through: it is 0.
    #[must_use]
    pub fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Every threshold as name and value, in report order.
    pub fn named(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The same with the values of others in the place of its own; names that it lacks are left out.
    #[must_use]
    pub fn overridden<'a>(mut self, by: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        for (name, value) in by {
            if let Some(own) = self.0.get_mut(name) {
                *own = value;
            }
        }
        self
    }

    /// A text with each `{name}` of a threshold replaced by its value. Other braces stay as they are.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        fill(text, |slot| self.0.get(slot).map(u64::to_string))
    }
}
