//! Whether consumer secrets can be read through the Metadata API or the REST API.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::{SECRET_IN_METADATA, SECRET_IN_REST};
use crate::kit::client::{Answer, Org};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::Org(answer) };

fn answer(org: &Org<'_>) -> Answer {
    let element = if org.control == "org-secret-rest" { &SECRET_IN_REST } else { &SECRET_IN_METADATA };
    let open = org.switch(element);
    match open.known() {
        Some(false) => org.answer(Outcome::Pass, "off", open.items),
        Some(true) => org.answer(Outcome::Fail, "on", open.items),
        None => open.answered(),
    }
}
