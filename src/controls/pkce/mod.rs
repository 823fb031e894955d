//! Whether codes are bound to the client that asked for them by a proof key.

use crate::controls::{Judge, Sheet};
use crate::kit::client::{Answer, Client};

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    client.pkce()
}
