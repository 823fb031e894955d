//! What the criteria look at: one app's case.

use super::dedicated::Browser;
use super::network;
use super::score::Scores;
use super::user::Others;
use crate::kit::access::{self, Resolved};
use crate::kit::app::{Flow, Places, Why, places};
use crate::kit::{Found, Run};
use crate::model::{Outcome, UsedObject};
use crate::snapshot::{App, AppKind};
use crate::text::message::Message;

/// One app with everything that was found out about it.
pub(super) struct Case<'a> {
    pub(super) run: Run<'a>,
    pub(super) scores: &'a Scores,
    pub(super) app: &'a App,
    /// The app of the other kind that it was migrated from or to.
    pub(super) pair: Option<&'a str>,
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
    pub(super) fn is_connected(&self) -> bool {
        self.app.kind == AppKind::Connected
    }

    /// Where this kind of app states things.
    pub(super) fn places(&self) -> &'static Places {
        places(self.app.kind)
    }

    pub(super) fn caller(&self) -> Caller<'_, 'a> {
        Caller { run: self.run, app: self.app, user: &self.user, others: &self.others }
    }
}

/// What a criterion finds of an app whose flow is off.
pub(super) fn not_applicable(case: &Case<'_>) -> Found {
    let why = if case.flow.why == Why::NoOauth { "criterion.no-oauth" } else { "criterion.flow-off" };
    Found::new(Outcome::NotApplicable, Message::new(why), case.flow.items.clone())
}
