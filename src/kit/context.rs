//! What a run brings besides snapshot and catalogue.

use super::doubt;
use crate::catalogue::Thresholds;
use crate::engagement::Engagement;
use crate::snapshot::{Coverage, Kind, Snapshot};
use crate::text::message::Message;
use jiff::civil::Date;

/// What a run brings besides snapshot and catalogue.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The day as of which assignments, certificates and statements count.
    pub as_of: Date,
    /// Day of the latest time stamp of the records, if that lies after the day as of which the snapshot is judged.
    pub stamped: Option<Date>,
    /// Key of the org.
    pub org_key: &'a str,
    /// Thresholds in force, overrides applied.
    pub thresholds: Thresholds,
    /// What people supplied: attestations, exclusions, sensitive objects, declared counts.
    pub engagement: &'a Engagement,
}

impl Context<'_> {
    /// Coverage of a kind, with the declared count of the engagement file taken into account.
    #[must_use]
    pub fn coverage(&self, snapshot: &Snapshot, kind: Kind) -> Coverage {
        let found = snapshot.coverage_of(kind);
        let counted = match (found, self.expected(kind)) {
            (Coverage::NotProven { got }, Some(expected)) if got == expected && !doubt::is_grave(snapshot, kind) => {
                Coverage::Complete { got }
            }
            (Coverage::NotProven { got } | Coverage::Complete { got }, Some(of)) if kind.is_records() && got < of => {
                Coverage::Truncated { got, of }
            }
            (found, _) => found,
        };
        match counted {
            Coverage::Complete { got } if self.taken_later().is_some() => Coverage::NotProven { got },
            counted => counted,
        }
    }

    /// The day of the snapshot, declared or by its latest time stamp, if it lies after the day as of which it is judged.
    /// One of the two is wrong, so nothing shows that what is there is what there was.
    #[must_use]
    pub fn taken_later(&self) -> Option<Date> {
        let declared = self.engagement.orgs.get(self.org_key).and_then(|org| org.snapshot_at);
        declared.filter(|day| *day > self.as_of).or(self.stamped)
    }

    /// What speaks against the exports of a kind being whole.
    #[must_use]
    pub fn doubts(&self, snapshot: &Snapshot, kind: Kind) -> Vec<Message> {
        doubt::sentences(snapshot, kind, self.coverage(snapshot, kind))
    }

    /// Rows or files that somebody declared for a kind.
    #[must_use]
    pub fn expected(&self, kind: Kind) -> Option<usize> {
        self.engagement.orgs.get(self.org_key)?.expected.get(kind.name()).copied()
    }
}
