//! What headlines, summaries, figures and portfolios count: the one source of these numbers.

use std::collections::BTreeMap;

/// How many subjects there are of each sort, by a name that the control gives it. Those of several orgs add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims(BTreeMap<String, usize>);

/// Subjects that were looked at: all but those that a person left out.
pub(crate) const LOOKED_AT: &str = "looked_at";

impl Claims {
    /// Counts one more.
    pub(crate) fn add(&mut self, name: impl Into<String>) {
        *self.0.entry(name.into()).or_default() += 1;
    }

    /// Subjects of a sort.
    pub(crate) fn of(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Subjects of several orgs together.
    #[must_use]
    pub(crate) fn plus(mut self, other: &Self) -> Self {
        for (name, n) in &other.0 {
            *self.0.entry(name.clone()).or_default() += n;
        }
        self
    }
}
