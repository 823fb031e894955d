//! What this control states of an app besides its result: the flow, the execution user, its power, from where, scopes, and
//! which way out the evidence speaks for.

use crate::kit::access::{Privilege, PrivilegeState, UserState};
use crate::kit::app::FlowState;
use crate::model::{Facts, Finding, NetworkRange, is_zero, words};
use crate::text::message::Message;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// The facts of one app, as they are written.
#[derive(Clone, Debug, Serialize)]
pub struct StatedFacts {
    /// State of the flow.
    pub flow_state: FlowState,
    /// Distribution state as written; empty when unknown.
    pub distribution_state: String,
    /// The execution user.
    pub execution_user: ExecutionUser,
    /// What it may do.
    pub privilege: Privilege,
    /// From where.
    pub network: Network,
    /// OAuth scopes as written; none when the export lacks the list.
    pub scopes: Option<Vec<String>>,
    /// The app of the other kind that it was migrated from or to; empty where none is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub paired_with: String,
    /// What the evidence speaks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
}

/// Facts of one run. An org may have thousands of apps that stand alike: what they state is held once.
#[derive(Debug, Default)]
pub(super) struct Alike(Mutex<BTreeMap<u64, Vec<Facts>>>);

impl Alike {
    /// The same facts, shared with those that are equal.
    pub(super) fn shared(&self, facts: Facts) -> Facts {
        let mut hasher = DefaultHasher::new();
        facts.hash(&mut hasher);
        // A thread that panicked left what it had found, and that holds.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.entry(hasher.finish()).or_default();
        if let Some(one) = same.iter().find(|one| **one == facts) {
            return one.clone();
        }
        same.push(facts.clone());
        facts
    }
}

/// A finding's facts, read back.
pub trait Stated {
    /// State of the flow.
    fn flow_state(&self) -> FlowState;
    /// The execution user.
    fn execution_user(&self) -> ExecutionUser;
    /// What the execution user may do.
    fn privilege(&self) -> Privilege;
    /// From where.
    fn network(&self) -> Network;
    /// OAuth scopes as written, custom ones included; `None` when the export lacks the list.
    fn scopes(&self) -> Option<Vec<String>>;
    /// What the evidence speaks for; none for an app that passes or was left out.
    fn advice(&self) -> Option<Advice>;
    /// How powerful the user is.
    fn power(&self) -> PrivilegeState;
    /// The evidence of it is incomplete.
    fn is_lower_bound(&self) -> bool;
    /// What restricts the source of a login.
    fn network_state(&self) -> NetworkState;
    /// IP relaxation as written; empty when absent.
    fn relaxation(&self) -> &str;
    /// What is known about the execution user.
    fn user_state(&self) -> UserState;
    /// Its name, as [`ExecutionUser::name`].
    fn user_name(&self) -> &str;
    /// Name of its profile, when known.
    fn user_profile(&self) -> &str;
    /// The app of the other kind that it was migrated from or to; empty where none is known.
    fn paired_with(&self) -> &str;
    /// Whether somebody can log in through the app as far as is known: its flow is on, and the user that tokens are
    /// issued for is known to be active.
    fn can_log_in(&self) -> bool {
        self.flow_state() == FlowState::On && self.user_state() == UserState::Active
    }
}

/// A fact as its type. One of another form was refused when the assessment was read.
fn stated<T: DeserializeOwned>(finding: &Finding, key: &str) -> Option<T> {
    finding.facts.read(key).ok().flatten()
}

impl Stated for Finding {
    fn flow_state(&self) -> FlowState {
        FlowState::read(self.facts.text("flow_state")).unwrap_or(FlowState::Unknown)
    }

    fn power(&self) -> PrivilegeState {
        PrivilegeState::read(self.facts.text("privilege.state")).unwrap_or_default()
    }

    fn is_lower_bound(&self) -> bool {
        self.facts.holds("privilege.at_least")
    }

    fn network_state(&self) -> NetworkState {
        NetworkState::read(self.facts.text("network.state")).unwrap_or_default()
    }

    fn relaxation(&self) -> &str {
        self.facts.text("network.relaxation")
    }

    fn user_state(&self) -> UserState {
        UserState::read(self.facts.text("execution_user.state")).unwrap_or_default()
    }

    fn user_name(&self) -> &str {
        self.facts.text("execution_user.name")
    }

    fn user_profile(&self) -> &str {
        self.facts.text("execution_user.profile")
    }

    fn paired_with(&self) -> &str {
        self.facts.text("paired_with")
    }

    fn execution_user(&self) -> ExecutionUser {
        stated(self, "execution_user").unwrap_or_default()
    }

    fn privilege(&self) -> Privilege {
        let read: Privilege = stated(self, "privilege").unwrap_or_default();
        Privilege { rights: Arc::clone(&self.rights), ..read }
    }

    fn network(&self) -> Network {
        stated(self, "network").unwrap_or_default()
    }

    fn scopes(&self) -> Option<Vec<String>> {
        stated(self, "scopes")
    }

    fn advice(&self) -> Option<Advice> {
        stated(self, "advice")
    }
}

/// Whether facts are those of this control: what it cannot read back would count as not stated. Fails with the fact
/// that is of another form.
pub(crate) fn check(facts: &Facts) -> Result<(), String> {
    fn of<T: DeserializeOwned>(facts: &Facts, key: &str) -> Result<(), String> {
        facts.read::<T>(key).map(drop).map_err(|error| format!("{key}: {error}"))
    }
    of::<FlowState>(facts, "flow_state")?;
    of::<ExecutionUser>(facts, "execution_user")?;
    of::<Privilege>(facts, "privilege")?;
    of::<Network>(facts, "network")?;
    of::<Option<Vec<String>>>(facts, "scopes")?;
    of::<Option<Advice>>(facts, "advice")
}

/// The user that tokens are issued for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "is_zero")]
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

impl Default for NetworkState {
    /// What nothing tells.
    fn default() -> Self {
        Self::Unknown
    }
}

/// From where the app can log in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

words! {
    /// The ways out of the catalogue.
    WayOut {
        /// Switch the flow off.
        Disable = "disable",
        /// Replace it by JWT bearer.
        Jwt = "jwt",
        /// Keep it and harden it.
        Harden = "harden",
    }
}

/// What the evidence of one app speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// The way; none as long as something has to be found out that decides between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<WayOut>,
    /// Why this way, or what decides.
    pub because: Message,
    /// What is seen to hold: words that the conditions of the catalogue's steps are made of.
    pub holds: Vec<String>,
    /// Why the app needs an execution user of its own; empty when it does not, or nobody can tell.
    pub reasons: Vec<Message>,
    /// Why the profile cannot take login ranges; none when it can, or when a user of its own comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Message>,
    /// What has to be explained before login ranges are enforced: logins from outside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Message>,
    /// Permission sets and groups that give powerful rights.
    pub sets: Vec<String>,
}

impl Advice {
    /// Whether a word is seen to hold.
    #[must_use]
    pub fn holds(&self, word: &str) -> bool {
        self.holds.iter().any(|known| known == word)
    }
}
