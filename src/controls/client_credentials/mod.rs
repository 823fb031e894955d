//! The control on the client credentials flow of External Client Apps.
//!
//! Population → flow → execution user → privilege and network → twelve criteria → one finding per app.

mod advice;
pub(crate) mod attest;
mod blocks;
mod case;
mod claims;
mod criteria;
mod dedicated;
mod doubt;
pub(crate) mod earlier;
mod facts;
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
pub mod score;
mod supporting;
mod usage;
mod user;

pub(crate) use advice::{Move, plan};
pub use case::Context;
pub use claims::{Claims, Tally};
pub(crate) use facts::check;
pub use facts::{
    AddressBlock, Advice, ExecutionUser, FlowState, Network, NetworkRange, NetworkState, Privilege, PrivilegeState,
    Stated, StatedFacts, UserState, WayOut,
};

use crate::controls::catalogue::Control;
use crate::controls::client_credentials::score::Scores;
use crate::model::Finding;
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
    let (holders, lost, scores, alike) = (&holders, &lost, &Scores::default(), &facts::Alike::default());
    let run = Run { snapshot, control, context, index: &index, log: &log, holders, lost, scores, alike };
    let running = user::Running::of(&run);
    let Users { shared, apart } = Users::of(run);
    // Straight into their place: an org may have thousands of apps of which nothing tells the user.
    let (mut findings, mut moves) = (Vec::new(), Vec::new());
    let alone = apart.par_iter().map(|app| {
        let reach = Arc::new(privilege::reach(&run, &app.1));
        judge(&case_of(run, &running, app, &reach))
    });
    alone.unzip_into_vecs(&mut findings, &mut moves);
    let together = shared.par_iter().flat_map(|apps| {
        // Apart from the first all have the same, and what one user holds is gone before the next one's is held.
        let Some((_, user)) = apps.first() else { return Vec::new() };
        let reach = Arc::new(privilege::reach(&run, user));
        apps.par_iter().map(|app| judge(&case_of(run, &running, app, &reach))).collect::<Vec<_>>()
    });
    for (finding, calls) in together.collect::<Vec<_>>() {
        findings.push(finding);
        moves.push(calls);
    }
    let calls = findings.iter().map(|finding| finding.subject.api_name.clone()).zip(moves).collect();
    (findings, calls)
}

/// The apps with their users. Of a user who is not known nothing reaches two apps.
struct Users<'a> {
    /// Those together that run as one user.
    shared: Vec<Vec<(&'a App, Resolved<'a>)>>,
    apart: Vec<(&'a App, Resolved<'a>)>,
}

impl<'a> Users<'a> {
    fn of(run: Run<'a>) -> Self {
        let mut known: BTreeMap<(&Locator, String), Vec<(&App, Resolved<'_>)>> = BTreeMap::new();
        let mut apart = Vec::new();
        for app in run.snapshot.apps.values() {
            let user = user::resolve(&run, app);
            match user.record {
                Some(record) => known.entry((&record.at, user.name.clone())).or_default().push((app, user)),
                None => apart.push((app, user)),
            }
        }
        Self { shared: known.into_values().collect(), apart }
    }
}

fn judge(case: &Case<'_>) -> (Finding, Vec<Move>) {
    let mut finding = finding::of(case);
    let (advice, moves) = advice::on(case, &finding);
    if let Some(advice) = advice {
        finding.facts.set("advice", &advice);
    }
    finding.facts = case.run.alike.shared(std::mem::take(&mut finding.facts));
    (finding, moves)
}

fn case_of<'a>(
    run: Run<'a>,
    running: &user::Running<'a>,
    (app, user): &(&'a App, Resolved<'a>),
    reach: &Arc<privilege::Reach>,
) -> Case<'a> {
    let user = user.clone();
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
