//! Figures, drawn from the assessment: each with an alternative text and a twin in words, and none when it
//! would show one value or nothing.

mod age;
mod counts;
mod heat;
mod risk;
mod users;

pub use heat::portfolio;

use super::text::worst_first;
use super::view::FigureView;
use crate::drawing::Drawing;
use crate::model::Assessment;
use crate::text::wording::Wording;

/// A figure with the sentences that say the same.
pub struct Drawn {
    /// The figure.
    pub drawing: Drawing,
    /// The sentences.
    pub twin: Vec<String>,
}

impl Drawn {
    pub(super) fn view(self, wording: &Wording) -> FigureView {
        let Self { drawing, twin } = self;
        let caption = wording.word(&format!("figure.{}.caption", drawing.name));
        FigureView { name: drawing.name.clone(), alt: drawing.alt.clone(), caption, twin, drawing }
    }
}

/// The figures of one org that have something to show.
#[must_use]
pub fn org(assessment: &Assessment, wording: &Wording) -> Vec<Drawn> {
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
