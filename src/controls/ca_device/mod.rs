//! Whether a connected app can be authorised by a code that somebody types on another device.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::DEVICE;
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let on = client.switch_of(&DEVICE);
    match on.known() {
        Some(false) => client.answer(Outcome::Pass, "off", on.items),
        Some(true) => client.answer(Outcome::Fail, "on", on.items),
        None => on.answered(),
    }
}
