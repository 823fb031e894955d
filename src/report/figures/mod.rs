//! Figures, drawn from the assessment: each with an alternative text and a twin in words, and none when it
//! would show one value or nothing.

mod age;
mod counts;
mod heat;
mod risk;
mod users;

pub use heat::portfolio;
pub(super) use heat::portfolio_drawn;

use super::text::worst_first;
use crate::drawing::Drawing;
use crate::model::Assessment;
use crate::text::wording::Wording;

/// A figure with the sentences that say the same.
pub(in crate::report) struct Drawn {
    pub(in crate::report) drawing: Drawing,
    pub(in crate::report) twin: Vec<String>,
}

/// The figures of one org that have something to show.
#[must_use]
pub fn org(assessment: &Assessment, wording: &Wording) -> Vec<Drawing> {
    org_with_twins(assessment, wording).into_iter().map(|drawn| drawn.drawing).collect()
}

pub(super) fn org_with_twins(assessment: &Assessment, wording: &Wording) -> Vec<Drawn> {
    let order = worst_first(&assessment.findings);
    [
        counts::funnel(&order, wording),
        counts::results(assessment.counts, wording),
        risk::matrix(&order, wording),
        risk::intervals(&order, &assessment.control, wording),
        users::graph(&order, wording),
        risk::quadrant(&assessment.actions, wording),
        age::ageing(&order, assessment.org.snapshot_at.unwrap_or(assessment.as_of), wording),
    ]
    .into_iter()
    .flatten()
    .collect()
}
