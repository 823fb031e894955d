//! What to do about each app, from what the snapshot shows: the way out that the evidence speaks for, and the actions.
//!
//! This is the one place where actions are made; plan, card, tracker and the files for other tools word what they find
//! here. Three rules keep them from harm. Nothing is advised on a user or a profile before it is known whom it serves and
//! binds: an app whose user serves somebody else gets a user of its own, and a profile that binds others, or may, is
//! copied first. No way is recommended on evidence that is not there. And what an action achieves is not a phrase: the
//! app is judged again with the action applied, and an action that changes nothing is not offered.

mod again;
mod ground;
mod moves;
mod route;

use super::case::Case;
use crate::controls::client_credentials::Advice;
use crate::kit::Move;
use crate::model::{Finding, Outcome};
use ground::{Fit, Ground, Place};

/// Advice on one app, and what it calls for. An app that passes or was left out gets no advice on ways.
pub(super) fn on(case: &Case<'_>, finding: &Finding) -> (Option<Advice>, Vec<Move>) {
    if finding.result == Outcome::NotTested {
        return (None, Vec::new());
    }
    if !finding.result.is_open() || !ground::in_use(finding) {
        return (None, moves::beside(case, finding));
    }
    let ground = Ground::of(case, finding);
    let advice = route::advice(case, finding, &ground);
    let mut moves = moves::of(case, finding, &ground, &advice);
    moves.shrink_to_fit();
    (Some(advice), moves)
}
