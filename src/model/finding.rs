//! One app judged.

use super::words::words;
use super::{Basis, Confidence, Delta, FlowState, Observation, Outcome, Privilege, Score};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// Everything about one app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// `SHR-CCF-XXXX-XXXX`.
    pub id: String,
    /// The app.
    pub app: AppRow,
    /// State of the flow.
    pub flow_state: FlowState,
    /// Machine result.
    pub result: Outcome,
    /// Why it passes, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The result in one sentence.
    pub because: Message,
    /// The threat in one or more sentences: what *this* token could do. Threat scenario ids are message keys.
    pub effect: Vec<Message>,
    /// One observation per criterion, in catalogue order.
    pub observations: Vec<Observation>,
    /// The execution user.
    pub execution_user: ExecutionUser,
    /// What the execution user may do.
    pub privilege: Privilege,
    /// From where.
    pub network: Network,
    /// OAuth scopes as written, custom ones included; `None` when the export lacks the list.
    pub scopes: Option<Vec<String>>,
    /// The score; none for a pass by `flow_off`, `replaced_by_jwt` or `dormant`, or when not tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Arc<Score>>,
    /// How sure the result is; none for an app that a person left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Objects that event logs show the app, or its user without the name of an app, to have reached; sensitive ones
    /// first. What is not here is not shown to be unused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_objects: Vec<UsedObject>,
    /// Ids of the control's phrases (higher and low risk) that the evidence matches.
    pub phrases: Vec<String>,
    /// What a person or an export has to answer.
    pub questions: Vec<Question>,
    /// Facts that are present but do not count, and why.
    pub does_not_count: Vec<Message>,
    /// What the evidence speaks for; none for an app that passes or was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<super::Advice>,
    /// Numbers of its actions in the assessment's list, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<usize>,
    /// Notes that move nothing (one switch away, session based, IP ranges ignored, …).
    pub notes: Vec<Message>,
    /// What people decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
    /// Cause, as stated by people in the engagement file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Management's response, as supplied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management_response: Option<String>,
    /// First snapshot date that showed it (carried from the baseline).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<jiff::civil::Date>,
    /// Change against the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<Delta>,
    /// What moved, for `changed`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<String>,
}

impl Finding {
    /// Whether somebody can log in through the app as far as is known: its flow is on, and the user that tokens are
    /// issued for is known to be active.
    #[must_use]
    pub fn can_log_in(&self) -> bool {
        self.flow_state == FlowState::On && self.execution_user.state == UserState::Active
    }
}

/// What is known about the app itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppRow {
    /// API name with namespace.
    pub api_name: String,
    /// Label; empty when no file gives one.
    pub label: String,
    /// Namespace; empty for a local app.
    pub namespace: String,
    /// Distribution state as written; empty when unknown.
    pub distribution_state: String,
    /// Places that name the app, `path:line`.
    pub sources: Vec<String>,
}

words! {
    /// What is known about the execution user.
    UserState {
        /// In the User export, and active.
        Active = "active",
        /// In the User export, and inactive.
        Inactive = "inactive",
        /// Named, but no User export tells more.
        NotExported = "not_exported",
        /// Named, but not in a complete User export.
        NotFound = "not_found",
        /// A placeholder stands where the name should be.
        Placeholder = "placeholder",
        /// The policy names nobody.
        Unnamed = "unnamed",
        /// No policy, so nobody can tell.
        Unknown = "unknown",
        /// Copies disagree.
        Contradictory = "contradictory",
        /// A file that may name the user, or tell of it, cannot be read.
        Unreadable = "unreadable",
    }
}

/// The user that tokens are issued for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionUser {
    /// User name, or id when only that is known; empty when nobody is named, no policy was read, or a placeholder stands
    /// where the name should be.
    pub name: String,
    /// What is known.
    pub state: UserState,
    /// Name of the profile, when known.
    pub profile: String,
    /// License, when known.
    pub license: String,
    /// Other apps that run as this user.
    pub shared_with: Vec<String>,
    /// Connected apps whose client credentials flow runs as this user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connected_apps: Vec<String>,
    /// Logins by browser that succeeded, in login history and login events: a person uses the account.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub browser_logins: usize,
    /// Last login as written in the User export.
    pub last_login: String,
    /// Other active users of the User export that have the same profile; `None` when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_shared_by: Option<usize>,
    /// The first of them by name; [`ExecutionUser::profile_shared_by`] counts them all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_users: Vec<String>,
}

/// An object that event logs show to be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedObject {
    /// API name of the object.
    pub object: String,
    /// What was done: the rights that it takes. Empty when the log does not tell.
    pub rights: Vec<super::Right>,
    /// Calls that succeeded.
    pub calls: usize,
    /// When the last of them was, as written.
    pub last: String,
    /// It is on the engagement's list of sensitive objects.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub sensitive: bool,
    /// Ids of the latest row of each kind of call. Filled in when the assessment is put together.
    pub evidence: Vec<String>,
    /// Evidence as found.
    #[serde(skip)]
    pub items: Vec<super::EvidenceItem>,
}

words! {
    /// What restricts the source of a login. The order is ascending in risk.
    NetworkState {
        /// Narrow ranges that are enforced.
        Narrow = "narrow",
        /// Cannot be told.
        Unknown = "unknown",
        /// Ranges that are enforced but too wide.
        Wide = "wide",
        /// Nothing.
        None = "none",
    }
}

/// From where the app can log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The state.
    pub state: NetworkState,
    /// IP relaxation as written; empty when absent.
    pub relaxation: String,
    /// Ranges of the profile after merging.
    pub ranges: Vec<NetworkRange>,
    /// Number of IPv4 addresses covered, as text (it can be large); empty when there are no ranges.
    pub addresses: String,
    /// Why.
    pub because: Message,
}

/// A merged range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkRange {
    /// First address.
    pub first: String,
    /// Last address.
    pub last: String,
    /// Number of addresses, as text; `/64` counts for IPv6 are written `n /64`.
    pub size: String,
    /// What its addresses are. Any block but the public one never matches an internet caller and was set aside.
    pub block: AddressBlock,
}

words! {
    /// What addresses are (IANA special-purpose registries).
    AddressBlock {
        /// Addresses that a caller from the internet can have.
        Public = "public",
        /// Private use (RFC 1918, unique local addresses of IPv6).
        Private = "private",
        /// Shared by a carrier's customers (RFC 6598).
        Shared = "shared",
        /// The host itself.
        Loopback = "loopback",
        /// One link only.
        LinkLocal = "link_local",
        /// Groups of receivers; no sender has one.
        Multicast = "multicast",
        /// Set aside by the registries and assigned to nobody.
        Reserved = "reserved",
        /// No address in particular.
        Unspecified = "unspecified",
    }
}

words! {
    /// Who or what settles a question.
    Settles {
        /// A person.
        Person = "person",
        /// An export.
        Export = "export",
    }
}

/// Something to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Criterion that it belongs to.
    pub criterion: String,
    /// Person or export.
    pub settles: Settles,
    /// The question.
    pub text: Message,
    /// Ids of the requests that would supply it (`user`, `permission-set-assignment`, `metadata`, …).
    pub requests: Vec<Cow<'static, str>>,
    /// The one component or field that is missing; none when a whole export is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<super::Missing>,
}

words! {
    /// Kinds of decisions, in SHR's own words.
    DispositionKind {
        /// Accept Risk
        AcceptRisk = "accept_risk",
        /// Mitigated by Alternative Control
        Mitigated = "mitigated_by_alternative_control",
        /// Not Applicable
        NotApplicable = "not_applicable",
        /// False Positive
        FalsePositive = "false_positive",
    }
}

words! {
    /// Whether a decision holds.
    DispositionState {
        /// It holds on the as-of day.
        Valid = "valid",
        /// Its last day has passed.
        Expired = "expired",
        /// It lacks what it needs (rationale, approver, expiry), or starts later.
        Incomplete = "incomplete",
        /// No app of that name was found.
        UnknownApp = "unknown_app",
        /// The app does not need it.
        Unused = "unused",
    }
}

/// A decision of people about a finding. It never changes the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// What was decided.
    pub kind: DispositionKind,
    /// App that it names.
    pub app: String,
    /// Whether it holds.
    pub state: DispositionState,
    /// Why.
    pub rationale: String,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub on: Option<jiff::civil::Date>,
    /// Until when (the day itself included).
    pub expires: Option<jiff::civil::Date>,
}
