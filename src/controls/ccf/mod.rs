//! The control on the client credentials flow of External Client Apps.
//!
//! Population → flow → execution user → privilege and network → twelve criteria → one finding per app.

pub(crate) mod attest;
mod blocks;
mod case;
mod criteria;
mod dedicated;
mod doubt;
mod finding;
mod flow;
mod log;
mod missing;
mod network;
mod notes;
mod objects;
mod privilege;
mod ranges;
mod supporting;
mod usage;
mod user;

pub use case::Context;

use crate::assessment::{Finding, FlowState};
use crate::catalog::Control;
use crate::snapshot::{App, Index, Snapshot};
use case::{Caller, Case, Run};
use rayon::prelude::*;

/// Ids of the criteria that this module can judge, in the order of its table.
pub fn criteria() -> impl Iterator<Item = &'static str> {
    criteria::TABLE.iter().map(|(id, _)| *id)
}

/// Judges every app of the snapshot: one finding each, by API name. Finding ids and evidence ids are filled in
/// when the assessment is put together.
#[must_use]
pub fn evaluate(snapshot: &Snapshot, control: &Control, context: &Context<'_>) -> Vec<Finding> {
    let index = Index::new(&snapshot.access).with(&snapshot.inputs);
    let log = log::Log::new(snapshot);
    let run = Run { snapshot, control, context, index: &index, log: &log };
    let running = user::Running::of(&run);
    let apps: Vec<&App> = snapshot.apps.values().collect();
    apps.par_iter().map(|app| finding::of(&case_of(run, &running, app))).collect()
}

fn case_of<'a>(run: Run<'a>, running: &user::Running<'a>, app: &'a App) -> Case<'a> {
    let mut flow = flow::read(&run, app);
    let user = user::resolve(&run, app);
    flow::dormant(&run, &mut flow, app, user.state, &user.items);
    let others = running.beside(&run, app);
    let used = match flow.state {
        FlowState::Off => Vec::new(),
        _ => objects::used(&Caller { run, app, user: &user, others: &others }),
    };
    let privilege = privilege::judge(&run, &user, &used);
    let network = network::judge(&run, app, &user);
    Case { run, app, flow, user, others, used, privilege, network }
}
