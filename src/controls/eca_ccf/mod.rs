//! Whether the client credentials flow is switched off where an External Client App is developed and where it is
//! administered.

use crate::controls::{Judge, Sheet};
use crate::kit::app::{FlowState, Side, gate, side};
use crate::kit::client::{Answer, Client};
use crate::model::Outcome;

/// The control.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let flow = gate(client.run, client.app);
    let (outcome, reason) = judged(flow.state, side(&client.app.setting_flow));
    let answer = client.answer(outcome, reason, flow.items);
    if flow.state == FlowState::Contradictory { answer.disputed() } else { answer }
}

/// The outcome by the state of the flow and by the developer's setting, which alone is what the page is about.
fn judged(flow: FlowState, setting: Side) -> (Outcome, &'static str) {
    match (flow, setting) {
        (FlowState::On, _) => (Outcome::Fail, "on"),
        (FlowState::Dormant, _) => (Outcome::Review, "dormant"),
        (FlowState::Contradictory, _) => (Outcome::Review, "contradictory"),
        (FlowState::Off, Side::Off) => (Outcome::Pass, "off"),
        (FlowState::Off, Side::On) => (Outcome::Review, "one-switch"),
        (FlowState::Unknown, Side::On) => (Outcome::Fail, "setting-on"),
        (FlowState::Off, _) => (Outcome::NotEvaluable, "setting-unknown"),
        (FlowState::Unknown, _) => (Outcome::NotEvaluable, "unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Side::{Absent, Contradictory, Off, On, Unknown};

    #[test]
    fn every_state_has_the_outcome_of_the_chapter() {
        let any = [On, Off, Absent, Unknown, Contradictory];
        for setting in any {
            assert_eq!(judged(FlowState::On, setting).0, Outcome::Fail);
            assert_eq!(judged(FlowState::Dormant, setting).0, Outcome::Review);
            assert_eq!(judged(FlowState::Contradictory, setting).0, Outcome::Review);
        }
        let of = |state| any.map(|setting| judged(state, setting).0);
        let open = Outcome::NotEvaluable;
        assert_eq!(of(FlowState::Off), [Outcome::Review, Outcome::Pass, open, open, open]);
        assert_eq!(of(FlowState::Unknown), [Outcome::Fail, open, open, open, open]);
    }
}
