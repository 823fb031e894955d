//! Figures, drawn from the assessment.

use super::drawing::Drawing;
use crate::assessment::Assessment;
use crate::wording::Wording;

/// The figures of one org that have something to show.
#[must_use]
pub fn org(_assessment: &Assessment, _wording: &Wording) -> Vec<Drawing> {
    Vec::new()
}
