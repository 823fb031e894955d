//! The engagement file: what people supply. The format is described in `templates/engagement.toml`.

mod notices;
mod read;
mod table;

pub use notices::{Notice, SeenOrg, notices};
pub use read::{EngagementError, Known};

use crate::model::{DispositionKind, Document};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Whether a text can be the key of an org: it names a folder of the report, so letters, digits, `-`, `_` and `.` only,
/// and neither hidden nor a way up.
#[must_use]
pub fn is_org_key(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    plain && !text.is_empty() && text.len() <= 200 && !text.starts_with('.')
}

/// `engagement.toml`, read and checked. Empty when there is none.
#[derive(Clone, Debug, Default)]
pub struct Engagement {
    /// Title page facts.
    pub document: Document,
    /// Orgs by stable key.
    pub orgs: BTreeMap<String, OrgFacts>,
    /// Apps or criteria left out on purpose.
    pub exclusions: Vec<Exclusion>,
    /// Answers that people gave.
    pub attestations: Vec<Attestation>,
    /// Decisions that people took.
    pub dispositions: Vec<DispositionEntry>,
    /// Facts that people stated.
    pub facts: Vec<Fact>,
    /// Sheet controls that count for the exit code.
    pub strict: Strict,
    /// Cause and management response by org key and app.
    pub responses: Vec<Response>,
    /// Thresholds by name in the place of the catalogue's.
    pub thresholds: BTreeMap<String, u64>,
    /// Objects on which any access breaks least privilege.
    pub sensitive_objects: Vec<String>,
    /// Key of the pseudonyms of `--redact`, when the engagement has one of its own. A secret: no output shows it.
    pub redact_key: Option<RedactKey>,
    /// The workpapers are written beside the report.
    pub workpapers: bool,
    /// Theme file, relative to the engagement file.
    pub theme: Option<String>,
}

/// A secret text that debug output does not show.
#[derive(Clone)]
pub struct RedactKey(pub(crate) String);

impl std::fmt::Debug for RedactKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedactKey")
    }
}

/// What somebody declared about an org.
#[derive(Clone, Debug, Default)]
pub struct OrgFacts {
    /// Line in the engagement file.
    pub line: u32,
    /// Name for readers.
    pub name: String,
    /// Folder or archive name of its snapshot, when it differs from the key.
    pub snapshot: String,
    /// Organisation id.
    pub id: String,
    /// `production`, `sandbox`, `scratch`, `developer`.
    pub environment: String,
    /// Day of the snapshot.
    pub snapshot_at: Option<Date>,
    /// Who extracted it.
    pub extracted_by: String,
    /// With which request.
    pub request: String,
    /// Declared row counts by object or metadata type name (`User = 412`).
    pub expected: BTreeMap<String, usize>,
}

/// What an entry is about, as far as its control and the kind of its app go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Id of the control; `sheet` for all that are judged by their setting alone.
    pub control: String,
    /// `org`, `eca`, `connected_app`; empty for all kinds.
    pub kind: String,
}

/// All sheet controls at once, where an entry names a control.
pub const SHEET: &str = "sheet";

impl About {
    /// About all subjects of a control.
    #[must_use]
    pub fn all_of(control: &str) -> Self {
        Self { control: control.to_owned(), kind: String::new() }
    }

    /// Whether the entry speaks about subjects of a kind under a deep control.
    #[must_use]
    pub fn is_of(&self, control: &str, kind: &str) -> bool {
        self.control == control && (self.kind.is_empty() || self.kind == kind)
    }

    /// Whether the entry speaks about subjects of a kind under a sheet control.
    #[must_use]
    pub fn is_of_sheet(&self, control: &str, kind: &str) -> bool {
        self.is_of(control, kind) || self.is_of(SHEET, kind)
    }
}

/// A fact that no export holds, stated by a person.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// Line in the engagement file.
    pub line: u32,
    /// Org key; empty for all.
    pub org: String,
    /// App API name.
    pub app: String,
    /// `eca` or `connected_app`; empty for both.
    pub kind: String,
    /// User name that the client credentials flow runs as; empty when the fact is another one.
    pub run_as: String,
    /// `public` or `private`: whether the client can keep a secret; empty when the fact is another one.
    pub client: String,
    /// Who.
    pub by: String,
    /// When.
    pub on: Option<Date>,
    /// Reference to their evidence.
    pub evidence: String,
    /// Last day on which it counts.
    pub expires: Option<Date>,
}

/// Sheet controls whose outcome counts for the exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Strict {
    /// None.
    #[default]
    No,
    /// All.
    All,
    /// Those of these ids.
    Some(Vec<String>),
}

/// Something left out on purpose.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// Line in the engagement file.
    pub line: u32,
    /// Control and kind.
    pub about: About,
    /// Org key; empty for all.
    pub org: String,
    /// App API name; empty for all.
    pub app: String,
    /// Criterion; empty for the whole app.
    pub criterion: String,
    /// Who excluded it.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A person's answer to a criterion's question.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// Line in the engagement file.
    pub line: u32,
    /// Control and kind.
    pub about: About,
    /// Org key; empty for all.
    pub org: String,
    /// App API name; empty for all.
    pub app: String,
    /// Criterion that it answers; empty for a sheet control, which has none.
    pub criterion: String,
    /// `true`: the criterion is met; `false`: it is not.
    pub met: bool,
    /// The statement.
    pub statement: String,
    /// Who.
    pub by: String,
    /// When.
    pub on: Option<Date>,
    /// Reference to their evidence.
    pub evidence: String,
    /// Last day on which it counts.
    pub expires: Option<Date>,
    /// Further typed answers that the criterion knows.
    pub details: BTreeMap<String, String>,
}

/// A decision as written.
#[derive(Clone, Debug)]
pub struct DispositionEntry {
    /// Line in the engagement file.
    pub line: u32,
    /// Control and kind of the app (`app_kind`: `kind` is the decision here).
    pub about: About,
    /// Org key; empty for all.
    pub org: String,
    /// App API name.
    pub app: String,
    /// What was decided.
    pub kind: DispositionKind,
    /// Why.
    pub rationale: String,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub on: Option<Date>,
    /// Until when.
    pub expires: Option<Date>,
}

/// Management's words on one app.
#[derive(Clone, Debug)]
pub struct Response {
    /// Line in the engagement file.
    pub line: u32,
    /// Org key; empty for all.
    pub org: String,
    /// App API name.
    pub app: String,
    /// Cause.
    pub cause: String,
    /// Response and action plan.
    pub response: String,
    /// What the finding means for the business.
    pub business_impact: String,
    /// A comment of whoever writes the report.
    pub comment: String,
}
