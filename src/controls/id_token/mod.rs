//! How long an ID token is valid.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::ID_TOKEN;
use crate::kit::client::{Answer, Client, Told, Value};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// Minutes within which a token that was caught is of little use, as the page recommends.
const SHORT: u32 = 2;
/// Most minutes that Setup takes.
const MOST: u32 = 720;

fn answer(client: &Client<'_>) -> Answer {
    let minutes = |text: &str| text.parse().ok().filter(|minutes| (1..=MOST).contains(minutes));
    let validity = Value::of_app(client.run, client.app, ID_TOKEN.of(client.app.kind), minutes);
    let answer = match &validity.told {
        Told::Known(minutes) => {
            let (outcome, reason) = if *minutes <= SHORT { (Outcome::Pass, "short") } else { (Outcome::Fail, "long") };
            Answer::new(outcome, client.say(reason).with("minutes", *minutes), validity.items)
        }
        Told::Absent => client.answer(Outcome::Review, "absent", validity.items),
        _ => validity.answered(),
    };
    client.id_token().guard(answer)
}
