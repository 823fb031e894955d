//! What the criteria look at: one app's case.

use super::dedicated::Browser;
use super::network;
use super::score::Scores;
use super::user::Others;
use crate::kit::access::{self, Resolved};
use crate::kit::app::Flow;
use crate::kit::{Found, Run};
use crate::model::{Outcome, UsedObject};
use crate::snapshot::App;
use crate::text::message::Message;

/// One app with everything that was found out about it.
pub(super) struct Case<'a> {
    pub(super) run: Run<'a>,
    pub(super) scores: &'a Scores,
    pub(super) app: &'a App,
    pub(super) flow: Flow,
    pub(super) user: Resolved<'a>,
    pub(super) others: Others<'a>,
    pub(super) used: Vec<UsedObject>,
    pub(super) browser: Browser<'a>,
    pub(super) privilege: access::Judged,
    pub(super) network: network::Judged,
}

/// Whose logins and calls are looked for: an app and its execution user.
#[derive(Clone, Copy)]
pub(super) struct Caller<'c, 'a> {
    pub(super) run: Run<'a>,
    pub(super) app: &'a App,
    pub(super) user: &'c Resolved<'a>,
    pub(super) others: &'c Others<'a>,
}

impl<'a> Case<'a> {
    pub(super) fn caller(&self) -> Caller<'_, 'a> {
        Caller { run: self.run, app: self.app, user: &self.user, others: &self.others }
    }
}

/// What a criterion finds of an app whose flow is off.
pub(super) fn not_applicable(case: &Case<'_>) -> Found {
    Found::new(Outcome::NotApplicable, Message::new("criterion.flow-off"), case.flow.items.clone())
}
