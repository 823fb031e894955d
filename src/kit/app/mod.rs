//! What any control on External Client Apps reads of one: the flow, and the user that tokens are issued for.

pub(crate) mod flow;
mod user;

pub use flow::FlowState;
pub(crate) use flow::{Flow, POLICIES, Side, Why, side, unreadable};
pub(crate) use user::{SETTING, resolve};

use crate::model::EvidenceItem;
use crate::snapshot::{App, Kind};

/// The app's files and records that would hold a setting which none of them states.
pub(crate) fn would_hold(app: &App, setting: &str, kinds: &[Kind]) -> Vec<EvidenceItem> {
    let places = app.sources.iter().filter(|source| kinds.contains(&source.kind));
    let mut items: Vec<EvidenceItem> = places.map(|source| EvidenceItem::missing(setting, &source.at)).collect();
    items.dedup();
    items
}
