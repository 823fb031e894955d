//! Whether the user that an app runs as can do nothing but call interfaces.

use crate::controls::{Judge, Sheet};
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// What the control that judges the flow to the bottom found: this page asks the same.
fn answer(client: &Client<'_>) -> Answer {
    match client.observed("api-only-user") {
        Some(seen) => Answer::new(seen.outcome(), seen.because.clone(), seen.items.clone()),
        None => client.answer(Outcome::NotEvaluable, "not-judged", Vec::new()),
    }
}
