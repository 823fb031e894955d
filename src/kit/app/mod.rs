//! What any control on apps reads of one: the flow, the user that tokens are issued for, and which apps are one app
//! that was migrated.

pub(crate) mod flow;
mod pairs;
mod user;

pub use flow::FlowState;
pub(crate) use flow::{Flow, Places, SWITCH, Side, Why, places, side, unreadable};
pub(crate) use pairs::Pairs;
pub(crate) use user::{resolve, stated};

use crate::kit::Run;
use crate::model::EvidenceItem;
use crate::snapshot::{App, Kind};

/// The flow of an app, dormancy included. Its user is looked up only where the flow is on.
pub(crate) fn gate(run: &Run<'_>, app: &App) -> Flow {
    let mut flow = flow::read(run, app);
    if flow.state == FlowState::On {
        let user = resolve(run, app);
        flow::dormant(run, &mut flow, app, user.state, &user.items);
    }
    flow
}

/// The app's files and records that would hold a setting which none of them states.
pub(crate) fn would_hold(app: &App, setting: &str, kinds: &[Kind]) -> Vec<EvidenceItem> {
    let places = app.sources.iter().filter(|source| kinds.contains(&source.kind));
    let mut items: Vec<EvidenceItem> = places.map(|source| EvidenceItem::missing(setting, &source.at)).collect();
    items.dedup();
    items
}
