//! What the portfolio keeps of one org: a few kB, so that a thousand orgs fit in memory.

use crate::controls::client_credentials::Stated;
use crate::controls::client_credentials::{Claims, FlowState, NetworkState, PrivilegeState};
use crate::model::{
    Assessment, Basis, Conclusion, Counts, DispositionState, Finding, Outcome, Redaction, Severity, Tenths,
};
use crate::report::text::label;
use crate::text::message::Message;
use jiff::civil::Date;

/// One org in the portfolio.
#[derive(Clone, Debug, PartialEq)]
pub struct OrgSummary {
    /// Stable key; its report is `orgs/KEY/report.md`.
    pub key: String,
    /// Name for readers.
    pub name: String,
    /// Organisation id; empty when unknown.
    pub id: String,
    /// Environment as the assessment words it.
    pub environment: String,
    /// Client.
    pub client: String,
    /// Day of the snapshot, if declared.
    pub snapshot_at: Option<Date>,
    /// Day as of which it was judged.
    pub as_of: Date,
    /// Version of the rules.
    pub ruleset_version: String,
    /// Worst result.
    pub result: Outcome,
    /// Apps by result.
    pub counts: Counts,
    /// Whether the list of apps is whole.
    pub population: Conclusion,
    /// What its headline counts.
    pub claims: Claims,
    /// Names are pseudonyms.
    pub redaction: Option<Redaction>,
    /// Apps, worst first.
    pub apps: Vec<AppSummary>,
}

/// One app in the portfolio.
#[derive(Clone, Debug, PartialEq)]
pub struct AppSummary {
    /// Finding id.
    pub id: String,
    /// API name.
    pub api_name: String,
    /// Label for readers.
    pub label: String,
    /// Result.
    pub result: Outcome,
    /// Why it passes.
    pub basis: Option<Basis>,
    /// CVSS 3.1 and the severity word.
    pub score: Option<(Tenths, Severity)>,
    /// State of the flow.
    pub flow: FlowState,
    /// Name of the execution user; empty when unknown.
    pub user: String,
    /// Power of the execution user.
    pub privilege: PrivilegeState,
    /// Network.
    pub network: NetworkState,
    /// Permissions that matter most, at most five.
    pub grants: Vec<String>,
    /// Fingerprint of its certificate; empty when none was seen.
    pub certificate: String,
    /// Outcome of each criterion.
    pub outcomes: Vec<(String, Outcome)>,
    /// The result in one sentence; kept for findings only.
    pub because: Option<Message>,
    /// Acceptance: whether it holds, and until when.
    pub acceptance: Option<(DispositionState, Option<Date>)>,
}

/// An org of which nothing could be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrgFailure {
    /// Folder or archive.
    pub name: String,
    /// What went wrong.
    pub message: String,
}

impl OrgSummary {
    /// What the portfolio report needs of an assessment.
    #[must_use]
    pub fn of(a: &Assessment) -> Self {
        Self {
            key: a.org.key.clone(),
            name: if a.org.name.is_empty() { a.org.key.clone() } else { a.org.name.clone() },
            id: a.org.id.clone(),
            environment: a.org.environment.clone(),
            client: a.document.client.clone(),
            snapshot_at: a.org.snapshot_at,
            as_of: a.as_of,
            ruleset_version: a.ruleset_version.clone(),
            result: a.result,
            counts: a.counts,
            population: a.population.conclusion,
            claims: Claims::of(a),
            redaction: a.redaction,
            apps: crate::report::text::worst_first(&a.findings).into_iter().map(AppSummary::of).collect(),
        }
    }
}

impl AppSummary {
    fn of(f: &Finding) -> Self {
        Self {
            id: f.id.clone(),
            api_name: f.subject.api_name.clone(),
            label: label(f),
            result: f.result,
            basis: f.basis,
            score: f.score.as_ref().map(|s| (s.residual31.1, s.severity)),
            flow: f.flow_state(),
            user: f.execution_user().name.clone(),
            privilege: f.privilege().state,
            network: f.network().state,
            grants: f.rights.grants.iter().take(5).map(|g| g.name.clone()).collect(),
            certificate: fingerprint(f),
            outcomes: f.observations.iter().map(|o| (o.criterion.clone(), o.outcome())).collect(),
            because: f.result.is_open().then(|| f.because.clone()),
            acceptance: f.disposition.as_ref().map(|d| (d.state, d.expires)),
        }
    }
}

/// The certificate's fingerprint among what was observed: a run of at least 40 hexadecimal digits.
fn fingerprint(f: &Finding) -> String {
    let of_certificate = f.observations.iter().filter(|o| o.criterion == "certificate-alternative");
    let words = of_certificate.flat_map(|o| o.observed.iter().flat_map(|text| text.split_whitespace()));
    let plain = words.map(|word| word.replace(':', "").to_lowercase());
    plain.into_iter().find(|word| word.len() >= 40 && word.bytes().all(|b| b.is_ascii_hexdigit())).unwrap_or_default()
}
