//! Findings as readers get them.

use super::Finding;
use std::cmp::Reverse;

impl Finding {
    /// Label for readers; the API name stands in for an empty one.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.subject.label.trim().is_empty() { &self.subject.api_name } else { &self.subject.label }
    }
}

/// Worst result first, then the higher score, then the name.
#[must_use]
pub fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut order: Vec<&Finding> = findings.iter().collect();
    order.sort_by_cached_key(|f| {
        let score = f.score.as_ref().map(|s| s.residual31.1);
        (f.result, Reverse(score), f.label().to_lowercase(), f.subject.api_name.clone())
    });
    order
}
