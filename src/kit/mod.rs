//! What any control needs to judge: the run with its indexes, criteria's findings and gaps, statements of people, logins
//! and calls, login ranges, what a user may do
//! (`access`), and what an app is read as (`app`).

pub(crate) mod access;
pub(crate) mod app;
pub(crate) mod attest;
mod blocks;
mod call;
pub(crate) mod client;
mod context;
pub(crate) mod doubt;
mod found;
pub(crate) mod holders;
pub(crate) mod log;
pub(crate) mod lost;
pub(crate) mod ranges;
pub(crate) mod row;

pub(crate) use call::Move;
pub use context::Context;
pub(crate) use found::{Found, Gap, coverage_gap, lost_gap, together};

use crate::catalogue::Catalogue;
use crate::snapshot::{Coverage, Index, Kind, Snapshot};
use holders::Holders;
use log::Log;
use lost::Lost;

/// Indexes over one snapshot, made once for all controls.
pub(crate) struct Indexes<'a> {
    index: Index<'a>,
    log: Log<'a>,
    holders: Holders<'a>,
    lost: Lost<'a>,
}

impl<'a> Indexes<'a> {
    /// Reads the snapshot once.
    pub(crate) fn of(snapshot: &'a Snapshot, context: &Context<'_>) -> Self {
        let index = Index::new(&snapshot.access).with(&snapshot.inputs);
        let users = context.coverage(snapshot, Kind::UserRecords);
        let holders = Holders::new(&snapshot.access.users, &index, users);
        Self { log: Log::new(snapshot), holders, lost: Lost::of(snapshot), index }
    }
}

/// One evaluation of one snapshot by one control.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) control: &'a Catalogue,
    pub(crate) context: &'a Context<'a>,
    pub(crate) index: &'a Index<'a>,
    pub(crate) log: &'a Log<'a>,
    pub(crate) holders: &'a Holders<'a>,
    pub(crate) lost: &'a Lost<'a>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        control: &'a Catalogue,
        context: &'a Context<'a>,
        indexes: &'a Indexes<'a>,
    ) -> Self {
        let Indexes { index, log, holders, lost } = indexes;
        Self { snapshot, control, context, index, log, holders, lost }
    }

    pub(crate) fn coverage(&self, kind: Kind) -> Coverage {
        self.context.coverage(self.snapshot, kind)
    }
}

/// Whether an object is on the engagement's list.
pub(crate) fn is_sensitive(run: &Run<'_>, object: &str) -> bool {
    run.context.engagement.sensitive_objects.iter().any(|listed| listed.eq_ignore_ascii_case(object))
}
