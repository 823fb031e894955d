//! What a reader sees: the view model, its wording and its figures.
//!
//! [`build`] makes a [`Report`] of one assessment, [`portfolio()`] a [`Portfolio`] of many orgs' summaries.
//! Templates and writers see nothing else.

pub mod figures;
mod movement;
mod org;
pub mod portfolio;

pub use crate::view::{CARDS, Report, symbol};
pub use movement::add_movement;
pub use org::{build, build_report, build_with, kit, pack};
pub use portfolio::{OrgFailure, OrgSummary, Portfolio, portfolio};
