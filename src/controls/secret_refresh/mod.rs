//! Whether the secret is asked for where a refresh token is exchanged for an access token.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::SECRET_FOR_REFRESH;
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let required = client.switch(&SECRET_FOR_REFRESH);
    let answer = match required.known() {
        Some(true) => client.answer(Outcome::Pass, "required", required.items),
        Some(false) => client.without_secret(client.rotates(), required.items),
        None => required.answered(),
    };
    client.refresh().guard(answer)
}
