//! Of which lists of apps of an org it is shown that nothing is missing.

use crate::model::{Assessment, Conclusion};
use std::collections::BTreeMap;

/// The lists of an org: that of the first control, and those of the others by the letters in the ids of their findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    first: bool,
    others: BTreeMap<String, bool>,
}

impl Whole {
    pub(super) fn of(assessment: &Assessment) -> Self {
        let others = assessment.controls.iter().skip(1);
        let others = others.map(|part| (part.code.clone(), part.population.conclusion == Conclusion::Complete));
        Self { first: assessment.population.conclusion == Conclusion::Complete, others: others.collect() }
    }

    /// Whether the list that a finding is from is whole.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.others.get(code(id)).copied().unwrap_or(self.first)
    }
}

/// The letters of a control in the id of a finding (`CCF` in `SHR-CCF-XXXX-XXXX`).
pub(super) fn code(id: &str) -> &str {
    id.split('-').nth(1).unwrap_or_default()
}
