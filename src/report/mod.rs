//! What a reader sees: the view model, its wording and its figures.

pub mod drawing;
pub mod figures;
pub mod measure;
pub mod model;
mod org;
mod text;

pub use model::Report;
pub use org::build;
pub use text::symbol;
