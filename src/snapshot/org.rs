//! Org-wide settings, address ranges, and the files read.

use super::{Kind, Located, Locator, Seen, Settings, Stamp, Switch};

/// An address range as written; `controls` decides what it means.
#[derive(Clone, Debug)]
pub struct IpRange {
    /// First address.
    pub start: Located<String>,
    /// Last address.
    pub end: Located<String>,
    /// Description given to it.
    pub description: Option<String>,
}

/// Ranges are the same when their addresses are; where they stand does not matter.
impl PartialEq for IpRange {
    fn eq(&self, other: &Self) -> bool {
        self.start.value == other.start.value && self.end.value == other.end.value
    }
}
impl Eq for IpRange {}

/// Org-wide settings that touch this control.
#[derive(Clone, Debug, Default)]
pub struct OrgSettings {
    /// Trusted ranges (`networkAccess`): they skip identity verification and restrict nothing.
    pub trusted_ranges: Vec<IpRange>,
    /// Login ranges are checked on every request.
    pub enforce_ranges_every_request: Seen<Switch>,
    /// Transaction security policies act at all.
    pub transaction_policies_enabled: Seen<Switch>,
    /// Consumer secrets can be read through REST.
    pub secret_in_rest_api: Seen<Switch>,
    /// Consumer secrets can be retrieved with metadata.
    pub secret_in_metadata: Seen<Switch>,
    /// OAuth and session settings of the org, by element.
    pub settings: Settings,
}

/// A transaction security policy.
#[derive(Clone, Debug)]
pub struct TransactionPolicy {
    /// Developer name (file stem).
    pub name: String,
    /// Its file.
    pub at: Locator,
    /// Event it listens to (`ApiEvent`, `BulkApiResultEventStore`, …).
    pub event: Seen<String>,
    /// Whether it is switched on.
    pub active: Seen<Switch>,
    /// Whether its action blocks.
    pub blocks: Seen<Switch>,
    /// `CustomApexPolicy`, `CustomConditionBuilderPolicy`.
    pub kind: Seen<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// Path inside the snapshot.
    pub path: std::sync::Arc<str>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// What it was read as.
    pub kind: Kind,
    /// Records in it; `None` for metadata.
    pub rows: Option<usize>,
    /// Records that the export says there are (`totalSize`).
    pub announced: Option<usize>,
    /// The latest time stamp in its records.
    pub newest: Option<Stamp>,
}
