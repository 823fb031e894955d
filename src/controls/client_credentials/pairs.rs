//! A connected app and the External Client App that it was migrated to: both findings say so.

use super::{FlowState, Stated};
use crate::kit::Run;
use crate::kit::app::Pairs;
use crate::model::{Finding, Outcome};
use crate::snapshot::AppKind;
use crate::text::message::{Arg, Message};
use std::collections::BTreeMap;

/// Puts a note on both findings of each pair, with both scores.
pub(super) fn say(run: &Run<'_>, findings: &mut [Finding]) {
    let pairs = Pairs::of(run.snapshot);
    let places: BTreeMap<(&str, &str), usize> =
        findings.iter().enumerate().map(|(at, one)| ((&*one.subject.kind, &*one.subject.api_name), at)).collect();
    let mut notes: Vec<(usize, Message)> = Vec::new();
    for connected in run.snapshot.connected.keys() {
        let Some(external) = pairs.of_name(AppKind::Connected, connected) else { continue };
        let sides = [places.get(&(EXTERNAL, external)), places.get(&(CONNECTED, connected.as_str()))];
        let [Some(&old), Some(&new)] = [sides[1], sides[0]] else { continue };
        let [Some(eca), Some(ca)] = [findings.get(new), findings.get(old)] else { continue };
        notes.push((new, note(eca, ca, "external")));
        notes.push((old, note(eca, ca, "connected")));
    }
    drop(places);
    for (at, note) in notes {
        if let Some(finding) = findings.get_mut(at) {
            finding.notes.insert(0, note);
        }
    }
}

const EXTERNAL: &str = "external_client_app";
const CONNECTED: &str = "connected_app";

/// What one side says of the other.
fn note(eca: &Finding, ca: &Finding, side: &str) -> Message {
    let on = |finding: &Finding| match finding.flow_state() {
        _ if finding.result == Outcome::NotTested => None,
        FlowState::On => Some(true),
        FlowState::Off => Some(false),
        FlowState::Dormant | FlowState::Unknown | FlowState::Contradictory => None,
    };
    let state = match (on(eca), on(ca)) {
        (Some(true), Some(true)) => "both-on",
        (Some(true), Some(false)) => "moved",
        (Some(false), Some(true)) => "left",
        (Some(false), Some(false)) => "both-off",
        _ => "open",
    };
    let state = Message::new(format!("note.pair.{state}"));
    let other = if side == "external" { ca } else { eca };
    Message::new(format!("note.pair.{side}"))
        .with("app", other.subject.api_name.as_str())
        .with("eca", score(eca))
        .with("ca", score(ca))
        .with("state", state)
}

fn score(finding: &Finding) -> Arg {
    match &finding.score {
        Some(score) => score.residual31.1.to_string().into(),
        None => Message::new("note.pair.no-score").into(),
    }
}
