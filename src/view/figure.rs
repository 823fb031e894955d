//! A figure before it is part of a report.

use super::FigureView;
use crate::drawing::Drawing;
use crate::text::wording::Wording;

/// A figure with the sentences that say the same.
pub struct Drawn {
    /// The figure.
    pub drawing: Drawing,
    /// The sentences.
    pub twin: Vec<String>,
}

impl Drawn {
    pub(crate) fn view(self, wording: &Wording) -> FigureView {
        let Self { drawing, twin } = self;
        let caption = wording.word(&format!("figure.{}.caption", drawing.name));
        FigureView { name: drawing.name.clone(), alt: drawing.alt.clone(), caption, twin, drawing }
    }
}
