//! How long a session of a connected app lives without a request.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::{ORG_TIMEOUT, SESSION_TIMEOUT, word};
use crate::kit::client::{Answer, Client, Told, Value};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// Minutes that the page recommends at most.
const HOUR: u32 = 60;

fn answer(client: &Client<'_>) -> Answer {
    let minutes = |text: &str| text.parse().ok().filter(|minutes| *minutes > 0);
    let timeout: Value<u32> = Value::of_app(client.run, client.app, &SESSION_TIMEOUT, minutes);
    match &timeout.told {
        Told::Known(minutes) => {
            let (outcome, reason) = if *minutes <= HOUR { (Outcome::Pass, "short") } else { (Outcome::Fail, "long") };
            Answer::new(outcome, client.say(reason).with("minutes", *minutes), timeout.items)
        }
        Told::Absent => {
            let org = Value::of_org(client.run, &ORG_TIMEOUT, word);
            match org.known() {
                Some(_) => {
                    client.answer(Outcome::Review, "by-org", timeout.items.into_iter().chain(org.items).collect())
                }
                None => timeout.answered(),
            }
        }
        _ => timeout.answered(),
    }
}
