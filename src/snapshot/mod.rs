//! What an exported org shows: plain types, free of any file format.
//!
//! `ingest` fills them, `controls` reads them. Nothing here judges, and nothing here turns an
//! absent value into a default: what the export lacks is an empty [`Seen`] or a `None`.

mod access;
mod activity;
mod apps;
mod coverage;
mod index;
mod listing;
mod located;
mod org;
mod passed_over;
mod profiles;
mod settings;
mod stamp;
mod text;
mod untold;

pub use access::{
    Access, Assignment, Container, ContainerKind, ContainerRef, GroupStatus, ObjectAccess, ObjectGrant, ObjectRight,
    SfId, UNNAMED_OBJECT, User,
};
pub use activity::{Activity, ApiUse, Attempt, Login, Touched};
pub use apps::{App, AppKind, AppSource, Certificate, IpRelaxation, KeyKind, ScopeColumn, SecretPresence, UserRef};
pub use coverage::{Coverage, Doubt, Kind, Missing, Problem, ProblemCode};
pub use index::Index;
pub use listing::Listing;
pub use located::{Agreement, Located, Locator, Place, Seen, Setting, Switch};
pub use org::{Input, IpRange, OrgSettings, TransactionPolicy};
pub use passed_over::{Passed, PassedOver};
pub use profiles::{api_names, setup_name, standard_profiles};
pub use settings::Settings;
pub use stamp::{Stamp, instant};
pub use text::Text;
pub use untold::{Lack, Open, Untold};

use std::collections::BTreeMap;

/// One org as its export shows it.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Name of the folder or archive, without its path; the org key unless an engagement file names one.
    pub name: String,
    /// What was decided while reading (layout, which folders), for the report's method section.
    pub decisions: Vec<crate::text::message::Message>,
    /// Organisation ids that files or records mention (15 or 18 characters).
    pub org_ids: Vec<Located<SfId>>,
    /// External Client Apps by API name (with `ns__` prefix when namespaced). Names compare with case.
    pub apps: BTreeMap<String, App>,
    /// Connected apps by API name; one that only records show by its name there.
    pub connected: BTreeMap<String, App>,
    /// Users, profiles, permission sets, groups, muting sets and assignments.
    pub access: Access,
    /// Org-wide settings.
    pub org: OrgSettings,
    /// Transaction security policies.
    pub transaction_policies: Vec<TransactionPolicy>,
    /// Logins and API use.
    pub activity: Activity,
    /// For each kind of input, how much of it there is. A kind without an entry is [`Coverage::Absent`].
    pub coverage: BTreeMap<Kind, Coverage>,
    /// What speaks against an export being whole, the weightiest first.
    pub doubts: BTreeMap<Kind, Vec<Doubt>>,
    /// Metadata types that a manifest (`package.xml`) in the snapshot requests with `*`, each with its first place.
    pub requested_whole: BTreeMap<String, Locator>,
    /// What the org lists of each metadata type, where a list is in the snapshot.
    pub listings: BTreeMap<String, Listing>,
    /// What could not be read, with its place.
    pub problems: Vec<Problem>,
    /// Every file that was read, in path order.
    pub inputs: Vec<Input>,
    /// Files and folders that look like evidence and were not read, by what they are, then path.
    pub passed_over: Vec<PassedOver>,
    /// Files that were seen but are of no kind that this tool reads.
    pub ignored_files: usize,
}

impl Snapshot {
    /// What speaks against the exports of a kind being whole.
    #[must_use]
    pub fn doubts_of(&self, kind: Kind) -> &[Doubt] {
        self.doubts.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The coverage of one kind; `Absent` when nothing of it was seen.
    #[must_use]
    pub fn coverage_of(&self, kind: Kind) -> Coverage {
        self.coverage.get(&kind).copied().unwrap_or(Coverage::Absent)
    }
}
