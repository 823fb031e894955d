//! Whether the secret is asked for where a code is exchanged for a token.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::SECRET_OPTIONAL;
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let optional = client.switch(&SECRET_OPTIONAL);
    match optional.known() {
        Some(false) => client.answer(Outcome::Pass, "required", optional.items),
        Some(true) => client.without_secret(client.has_pkce(), optional.items),
        None => optional.answered(),
    }
}
