//! Figure 7: orgs by criteria.

use crate::report::drawing::Drawing;

/// Placeholder.
#[must_use]
pub fn portfolio() -> Vec<Drawing> {
    Vec::new()
}
