//! The control on the client credentials flow of External Client Apps.
//!
//! Population → flow → execution user → privilege and network → twelve criteria → one finding per app.

mod advice;
pub(crate) mod attest;
mod blocks;
mod case;
mod criteria;
mod dedicated;
mod doubt;
mod finding;
mod flow;
mod holders;
mod log;
mod lost;
mod missing;
mod network;
mod notes;
mod objects;
mod privilege;
mod ranges;
mod row;
mod supporting;
mod usage;
mod user;

pub(crate) use advice::{Move, plan};
pub use case::Context;

use crate::assessment::{Finding, FlowState};
use crate::catalog::Control;
use crate::scoring::Scores;
use crate::snapshot::{App, Index, Kind, Locator, Snapshot};
use case::{Caller, Case, Run};
use dedicated::Browser;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use user::Resolved;

/// Ids of the criteria that this module can judge, in the order of its table.
pub fn criteria() -> impl Iterator<Item = &'static str> {
    criteria::TABLE.iter().map(|(id, _)| *id)
}

/// Judges every app of the snapshot: one finding each, by API name, and what each app calls for. Finding ids and evidence
/// ids are filled in when the assessment is put together, and then the actions.
#[must_use]
pub(crate) fn evaluate(
    snapshot: &Snapshot,
    control: &Control,
    context: &Context<'_>,
) -> (Vec<Finding>, BTreeMap<String, Vec<Move>>) {
    let index = Index::new(&snapshot.access).with(&snapshot.inputs);
    let log = log::Log::new(snapshot);
    let users = context.coverage(snapshot, Kind::UserRecords);
    let holders = holders::Holders::new(&snapshot.access.users, &index, users);
    let lost = lost::Lost::of(snapshot);
    let (holders, lost, scores) = (&holders, &lost, &Scores::default());
    let run = Run { snapshot, control, context, index: &index, log: &log, holders, lost, scores };
    let running = user::Running::of(&run);
    let judged: Vec<(Finding, Vec<Move>)> = by_user(run)
        .par_iter()
        .flat_map(|apps| {
            // Apart from the first all have the same, and what one user holds is gone before the next one's is held.
            let Some((_, user)) = apps.first() else { return Vec::new() };
            let reach = Arc::new(privilege::reach(&run, user));
            let judged = |(app, user): &(&App, Resolved<'_>)| judge(&case_of(run, &running, app, user.clone(), &reach));
            apps.par_iter().map(judged).collect::<Vec<_>>()
        })
        .collect();
    let by_app = |(finding, moves): (Finding, Vec<Move>)| {
        let name = finding.app.api_name.clone();
        (finding, (name, moves))
    };
    judged.into_iter().map(by_app).unzip()
}

/// The apps with their users, those together that run as one user. Of a user who is not known nothing reaches two apps.
fn by_user<'a>(run: Run<'a>) -> Vec<Vec<(&'a App, Resolved<'a>)>> {
    let mut known: BTreeMap<(&Locator, String), Vec<(&App, Resolved<'_>)>> = BTreeMap::new();
    let mut apart = Vec::new();
    for app in run.snapshot.apps.values() {
        let user = user::resolve(&run, app);
        match user.record {
            Some(record) => known.entry((&record.at, user.name.clone())).or_default().push((app, user)),
            None => apart.push(vec![(app, user)]),
        }
    }
    known.into_values().chain(apart).collect()
}

fn judge(case: &Case<'_>) -> (Finding, Vec<Move>) {
    let mut finding = finding::of(case);
    let (advice, moves) = advice::on(case, &finding);
    finding.advice = advice;
    (finding, moves)
}

fn case_of<'a>(
    run: Run<'a>,
    running: &user::Running<'a>,
    app: &'a App,
    user: Resolved<'a>,
    reach: &Arc<privilege::Reach>,
) -> Case<'a> {
    let mut flow = flow::read(&run, app);
    flow::dormant(&run, &mut flow, app, user.state, &user.items);
    let others = running.beside(&run, app);
    let caller = Caller { run, app, user: &user, others: &others };
    let (used, browser) = match flow.state {
        FlowState::Off => (Vec::new(), Browser::default()),
        _ => (objects::used(&caller), Browser::of(&caller)),
    };
    let privilege = privilege::judge(&run, &user, reach, &used);
    let network = network::judge(&run, app, &user);
    Case { run, app, flow, user, others, used, browser, privilege, network }
}
