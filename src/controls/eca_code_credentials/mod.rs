//! Whether an External Client App that signs users in from its own page may use the flow made for that.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::{CODE_CREDENTIALS, ORG_CODE_CREDENTIALS};
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let own = client.switch(&CODE_CREDENTIALS);
    match own.known() {
        None => return own.answered(),
        Some(false) => return client.answer(Outcome::Review, "off", own.items),
        Some(true) => {}
    }
    let org = client.org().switch(&ORG_CODE_CREDENTIALS);
    let items = own.items.iter().chain(&org.items).cloned().collect();
    match org.known() {
        Some(true) => client.answer(Outcome::Pass, "on", items),
        Some(false) => client.answer(Outcome::Review, "off-in-org", items),
        None => org.answered(),
    }
}
