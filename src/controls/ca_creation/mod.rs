//! Whether nobody can create connected apps any more. The switch stands in no export.

use crate::controls::{Judge, Sheet};
use crate::kit::client::{Answer, Org};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::Org(answer) };

fn answer(org: &Org<'_>) -> Answer {
    org.answer(Outcome::NotEvaluable, "in-no-export", Vec::new())
}
