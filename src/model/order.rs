//! Findings as readers get them.

use super::Finding;
use std::borrow::Cow;
use std::cmp::Reverse;

impl Finding {
    /// Label for readers; the API name stands in for an empty one. A connected app is called one, because the External
    /// Client App that it was migrated to often has the same label.
    #[must_use]
    pub fn label(&self) -> Cow<'_, str> {
        let label = if self.subject.label.trim().is_empty() { &self.subject.api_name } else { &self.subject.label };
        if self.subject.is_connected() { format!("{label} (connected app)").into() } else { label.into() }
    }
}

/// Worst result first, then the higher score, then the name.
#[must_use]
pub fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut order: Vec<&Finding> = findings.iter().collect();
    order.sort_by_cached_key(|f| {
        let score = f.score.as_ref().map(|s| s.residual31.1);
        (f.result, Reverse(score), f.label().to_lowercase(), f.subject.api_name.clone(), f.id.clone())
    });
    order
}
