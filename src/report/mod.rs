//! What a reader sees: the view model, its wording and its figures.

pub mod drawing;
