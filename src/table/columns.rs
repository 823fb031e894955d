//! The columns of every table: one definition from which header, metadata, sheets and merging are made.

use super::Heading;
use crate::model::{
    Basis, Confidence, Delta, FlowState, NetworkState, Outcome, PrivilegeState, Severity, Source, UserState, Weight,
};
use crate::text::wording::Wording;

/// Who writes a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The tool, once: identity of the row and its first day.
    Once,
    /// The tool, in every run.
    Machine,
    /// People. The tool never writes it after it created the row.
    Human,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An identifier: text that must never be read as a number.
    Id,
    /// Text.
    Text,
    /// `YYYY-MM-DD`, or empty.
    Date,
    /// A decimal number with a point, or empty.
    Number,
    /// One of these words, or empty.
    Words(fn() -> Vec<&'static str>),
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Header.
    pub name: &'static str,
    /// Who writes it.
    pub owner: Owner,
    /// What stands in it.
    pub kind: Kind,
    /// Width in a workbook, in characters.
    pub width: u8,
}

impl Column {
    /// What the column holds, in the language of the run.
    #[must_use]
    pub fn about(&self, wording: &Wording) -> String {
        wording.word(&format!("column.{}", self.name))
    }

    /// Its heading.
    #[must_use]
    pub fn heading(&self) -> Heading {
        Heading { name: self.name.to_owned(), human: self.owner == Owner::Human }
    }
}

/// Place of a column by name.
#[must_use]
pub fn position(columns: &[Column], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.name == name)
}

const fn once(name: &'static str, kind: Kind, width: u8) -> Column {
    Column { name, owner: Owner::Once, kind, width }
}
const fn machine(name: &'static str, kind: Kind, width: u8) -> Column {
    Column { name, owner: Owner::Machine, kind, width }
}
const fn human(name: &'static str, kind: Kind, width: u8) -> Column {
    Column { name, owner: Owner::Human, kind, width }
}

macro_rules! word_list {
    ($($name:ident = $from:ident),+ $(,)?) => {
        $(fn $name() -> Vec<&'static str> { $from::ALL.iter().map(|word| word.word()).collect() })+
    };
}
word_list! {
    outcomes = Outcome, bases = Basis, severities = Severity, confidences = Confidence, privileges = PrivilegeState,
    networks = NetworkState, deltas = Delta, flow_states = FlowState, user_states = UserState, weights = Weight, sources = Source,
}

/// Words of `status`.
pub const STATUSES: [&str; 4] = ["Open", "In Progress", "Blocked", "Fixed"];
/// Words of `disposition`: those of Salesforce's Security Health Review, and False Positive.
pub const DISPOSITIONS: [&str; 4] =
    ["Accept Risk", "Mitigated by Alternative Control", "Not Applicable", "False Positive"];
const ENVIRONMENTS: [&str; 5] = ["production", "sandbox", "scratch", "developer", "unknown"];

fn statuses() -> Vec<&'static str> {
    STATUSES.to_vec()
}
fn dispositions() -> Vec<&'static str> {
    DISPOSITIONS.to_vec()
}
fn environments() -> Vec<&'static str> {
    ENVIRONMENTS.to_vec()
}

/// Columns of `findings.csv`, the tracker: one row per app.
pub const FINDINGS: &[Column] = &[
    once("finding_id", Kind::Id, 20),
    once("org_key", Kind::Id, 18),
    machine("org_id", Kind::Id, 20),
    machine("environment", Kind::Words(environments), 13),
    machine("control_id", Kind::Id, 24),
    machine("control_name", Kind::Text, 30),
    once("app_api_name", Kind::Id, 28),
    machine("app_label", Kind::Text, 28),
    machine("title", Kind::Text, 50),
    machine("result", Kind::Words(outcomes), 14),
    machine("basis", Kind::Words(bases), 16),
    machine("severity", Kind::Words(severities), 10),
    machine("cvss31_score", Kind::Number, 8),
    machine("cvss31_vector", Kind::Text, 30),
    machine("cvss40_score", Kind::Number, 8),
    machine("cvss40_vector", Kind::Text, 30),
    machine("cvss_interval", Kind::Text, 13),
    machine("published_range", Kind::Text, 17),
    machine("confidence", Kind::Words(confidences), 11),
    machine("failed_criteria", Kind::Text, 34),
    machine("condition", Kind::Text, 60),
    machine("execution_user", Kind::Text, 30),
    machine("execution_user_state", Kind::Words(user_states), 16),
    machine("privilege", Kind::Words(privileges), 17),
    machine("privileges", Kind::Text, 40),
    machine("network", Kind::Words(networks), 10),
    machine("network_limits", Kind::Text, 34),
    machine("scopes", Kind::Text, 24),
    machine("effect", Kind::Text, 60),
    machine("recommendation", Kind::Text, 60),
    machine("missing_evidence", Kind::Text, 40),
    machine("evidence_refs", Kind::Text, 24),
    once("first_seen", Kind::Date, 12),
    machine("last_seen", Kind::Date, 12),
    machine("snapshot_at", Kind::Date, 12),
    machine("delta", Kind::Words(deltas), 15),
    machine("baseline_run", Kind::Text, 25),
    human("status", Kind::Words(statuses), 13),
    human("disposition", Kind::Words(dispositions), 30),
    human("owner", Kind::Text, 20),
    human("due_date", Kind::Date, 12),
    human("remediation_plan", Kind::Text, 40),
    human("management_response", Kind::Text, 40),
    human("accepted_by", Kind::Text, 20),
    human("accepted_until", Kind::Date, 14),
    human("rationale", Kind::Text, 40),
    human("ticket", Kind::Text, 16),
    human("cause", Kind::Text, 30),
    human("comments", Kind::Text, 40),
    human("status_date", Kind::Date, 12),
    machine("proposed_status", Kind::Words(statuses), 15),
    machine("proposed_due_date", Kind::Date, 17),
    machine("overdue_days", Kind::Number, 12),
    machine("merge_note", Kind::Text, 40),
    machine("ruleset_version", Kind::Id, 15),
    machine("tool_version", Kind::Id, 12),
];

/// Columns of `criteria.csv`: one row per app and criterion.
pub const CRITERIA: &[Column] = &[
    machine("finding_id", Kind::Id, 20),
    machine("org_key", Kind::Id, 18),
    machine("app_api_name", Kind::Id, 28),
    machine("criterion", Kind::Id, 30),
    machine("weight", Kind::Words(weights), 11),
    machine("outcome", Kind::Words(outcomes), 14),
    machine("because", Kind::Text, 60),
    machine("observed", Kind::Text, 50),
    machine("expected", Kind::Text, 50),
    machine("evidence", Kind::Text, 60),
    machine("source", Kind::Words(sources), 10),
];

/// Columns of `population.csv`: one row per app read.
pub const POPULATION: &[Column] = &[
    machine("org_key", Kind::Id, 18),
    machine("app_api_name", Kind::Id, 28),
    machine("app_label", Kind::Text, 28),
    machine("namespace", Kind::Id, 14),
    machine("distribution_state", Kind::Text, 18),
    machine("flow_state", Kind::Words(flow_states), 14),
    machine("execution_user", Kind::Text, 30),
    machine("execution_user_state", Kind::Words(user_states), 16),
    machine("result", Kind::Words(outcomes), 14),
    machine("sources", Kind::Text, 70),
];

/// Place of a column of [`FINDINGS`], found by the compiler; past the end when there is none (a test says so).
pub(crate) const fn place(name: &str) -> usize {
    let mut at = 0;
    while at < FINDINGS.len() {
        if same(FINDINGS[at].name.as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    at
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Places of the columns of [`FINDINGS`] that reading, merging and linting name.
#[allow(missing_docs)]
pub mod at {
    use super::place;
    pub const FINDING_ID: usize = place("finding_id");
    pub const ORG_KEY: usize = place("org_key");
    pub const APP: usize = place("app_api_name");
    pub const TITLE: usize = place("title");
    pub const RESULT: usize = place("result");
    pub const SEVERITY: usize = place("severity");
    pub const EVIDENCE: usize = place("evidence_refs");
    pub const FIRST_SEEN: usize = place("first_seen");
    pub const LAST_SEEN: usize = place("last_seen");
    pub const SNAPSHOT: usize = place("snapshot_at");
    pub const DELTA: usize = place("delta");
    pub const BASELINE: usize = place("baseline_run");
    pub const STATUS: usize = place("status");
    pub const DISPOSITION: usize = place("disposition");
    pub const OWNER: usize = place("owner");
    pub const DUE: usize = place("due_date");
    pub const ACCEPTED_BY: usize = place("accepted_by");
    pub const ACCEPTED_UNTIL: usize = place("accepted_until");
    pub const RATIONALE: usize = place("rationale");
    pub const PROPOSED_STATUS: usize = place("proposed_status");
    pub const PROPOSED_DUE: usize = place("proposed_due_date");
    pub const OVERDUE: usize = place("overdue_days");
    pub const NOTE: usize = place("merge_note");
    pub const RULESET: usize = place("ruleset_version");
    pub const TOOL: usize = place("tool_version");
}
