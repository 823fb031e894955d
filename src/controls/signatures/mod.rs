//! Whether an app signs what it asks for with a certificate of its own.

use crate::controls::{Judge, Sheet};
use crate::kit::app::{FlowState, gate};
use crate::kit::client::certificate::{State, items, sharing, state, unread_elsewhere};
use crate::kit::client::setting::BLOCK_PASSWORD;
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;
use crate::text::message::Arg;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// Files that a sentence names.
const FILES: usize = 3;

fn answer(client: &Client<'_>) -> Answer {
    let items = items(client.app);
    let say = |outcome, reason: &str| client.answer(outcome, reason, items.clone());
    let with = |outcome, reason: &str, name: &'static str, value: Arg| {
        Answer::new(outcome, client.say(reason).with(name, value), items.clone())
    };
    match state(client.run, client.app) {
        State::Contradictory => say(Outcome::Review, "contradictory").disputed(),
        State::Unread(files) => with(Outcome::NotEvaluable, "unread", "files", files),
        State::Missing => say(Outcome::NotEvaluable, "missing"),
        State::Unreadable => say(Outcome::NotEvaluable, "unreadable"),
        State::None => without(client),
        State::Expired(day) => {
            Answer { until: Some(day), ..with(Outcome::Fail, "expired", "date", day.to_string().into()) }
        }
        State::NotYet(day) => with(Outcome::Fail, "not-yet", "date", day.to_string().into()),
        State::Weak(bits) => with(Outcome::Fail, "weak", "bits", bits.into()),
        State::OtherKey => say(Outcome::Fail, "other-key"),
        State::Valid(day) => {
            let sharing = sharing(client.run, client.app, client.twin);
            let unread = unread_elsewhere(client.run);
            let answer = match (sharing.is_empty(), unread.is_empty()) {
                (false, _) => with(Outcome::Fail, "shared", "apps", sharing.into()),
                (true, false) => with(Outcome::NotEvaluable, "own-untold", "files", Arg::some(unread, FILES)),
                (true, true) => with(Outcome::Pass, "valid", "date", day.to_string().into()),
            };
            Answer { until: Some(day), ..answer }
        }
    }
}

/// Without a certificate: an app that logs in by a secret alone should have one; one that logs in as nobody need not.
fn without(client: &Client<'_>) -> Answer {
    let flow = gate(client.run, client.app);
    let items = items(client.app).into_iter().chain(flow.items).collect();
    match flow.state {
        FlowState::On | FlowState::Dormant => client.answer(Outcome::Fail, "none", items),
        FlowState::Contradictory => client.answer(Outcome::Review, "none-contradictory", items).disputed(),
        FlowState::Unknown => client.answer(Outcome::NotEvaluable, "none-unknown", items),
        FlowState::Off => {
            let password = client.org().switch(&BLOCK_PASSWORD);
            let items = items.into_iter().chain(password.items.clone()).collect();
            match password.is(&true) {
                true => client.answer(Outcome::NotApplicable, "none-no-server", items),
                false => client.answer(Outcome::Review, "none-off", items),
            }
        }
    }
}
