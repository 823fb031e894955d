//! How powerful a user is.

use crate::model::{Impact, Rights, words};
use crate::text::message::Message;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

words! {
    /// Power of the execution user. The order is ascending.
    PrivilegeState {
        /// Reads a few objects.
        NarrowReadOnly = "narrow_read_only",
        /// Reads and writes a few objects.
        Narrow = "narrow",
        /// Incomplete evidence, nothing bad found.
        Unknown = "unknown",
        /// Reads whole objects or all data.
        BulkRead = "bulk_read",
        /// Reads in bulk and writes a little.
        Moderate = "moderate",
        /// Writes in bulk, or changes configuration.
        Elevated = "elevated",
        /// Administrative power.
        Broad = "broad",
    }
}

impl Default for PrivilegeState {
    /// What nothing tells.
    fn default() -> Self {
        Self::Unknown
    }
}

/// What the execution user of an app may do, and whether that is little enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privilege {
    /// The state.
    pub state: PrivilegeState,
    /// The evidence is incomplete: the state is a lower bound.
    pub at_least: bool,
    /// Impact of what is proven.
    pub impact: Option<Impact>,
    /// What the user holds. The assessment writes it in its list.
    #[serde(skip)]
    pub rights: Arc<Rights>,
    /// Conditions of least privilege that do not hold.
    pub broken: Vec<Message>,
    /// What is missing for a complete picture.
    pub gaps: Vec<Message>,
    /// Least privilege holds.
    pub least: bool,
}
