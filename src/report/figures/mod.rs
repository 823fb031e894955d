//! Figures, drawn from the assessment: each with an alternative text and a twin in words, and none when it
//! would show one value or nothing. What only a control can draw stands in its folder.

mod age;
mod bars;
mod counts;
pub(super) mod movement;
mod risk;

pub(super) use age::by_org as ages_by_org;

use crate::controls;
use crate::model::{Assessment, worst_first};
use crate::text::wording::Wording;
pub use crate::view::Drawn;

/// The figures of one org that have something to show.
#[must_use]
pub fn org(assessment: &Assessment, wording: &Wording) -> Vec<Drawn> {
    let order = worst_first(&assessment.findings);
    let of_controls = controls::deep().flat_map(|control| control.figures(&order, wording));
    let general = [
        counts::results(assessment.counts, wording),
        risk::intervals(&order, assessment, wording),
        risk::quadrant(&assessment.actions, wording),
        age::ageing(&order, assessment.org.snapshot_at.unwrap_or(assessment.as_of), wording),
    ];
    of_controls.chain(general.into_iter().flatten()).collect()
}
