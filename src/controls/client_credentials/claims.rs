//! How an app counts in headline, summary, figures and portfolio.
//!
//! Unknown is counted as unknown, never with the bad or with the good. What a person left out stands in no number but
//! its own.

use super::facts::{NetworkState, Stated};
use super::words::Basis;
use crate::kit::access::PrivilegeState;
use crate::kit::app::FlowState;
use crate::model::{Finding, Outcome};
use crate::snapshot::AppKind;
use crate::view::claims::{Claims, LOOKED_AT};

/// Apps that a person left out.
pub(super) const LEFT_OUT: &str = "left_out";
/// Apps among those left out whose flow is on.
pub(super) const LEFT_OUT_ON: &str = "left_out_on";
/// Apps that can log in: the flow is on, and an active execution user is known.
pub(super) const CAN_LOG_IN: &str = "can_log_in";
/// Apps that are hardened.
pub(super) const HARDENED: &str = "hardened";

/// Apps that were looked at, of one kind.
pub(super) const JUDGED: &str = "judged";

/// What a count of one kind of app is called.
pub(super) fn of_kind(kind: AppKind, name: &str) -> String {
    match kind {
        AppKind::External => name.to_owned(),
        AppKind::Connected => format!("connected.{name}"),
    }
}

/// Counts an app: the state of its flow, and of apps with the flow on power and network.
pub(super) fn count(kind: AppKind, finding: &Finding, claims: &mut Claims) {
    let mut add = |name: &str| claims.add(of_kind(kind, name));
    let flow = finding.flow_state();
    if finding.result == Outcome::NotTested {
        add(LEFT_OUT);
        if flow == FlowState::On {
            add(LEFT_OUT_ON);
        }
        return;
    }
    add(JUDGED);
    add(&of_flow(flow));
    if flow == FlowState::On {
        if finding.can_log_in() {
            add(CAN_LOG_IN);
        }
        if finding.basis.as_ref().is_some_and(|basis| *basis == Basis::Hardened) {
            add(HARDENED);
        }
        add(&of_power(finding.power()));
        add(&of_network(finding.network_state()));
    }
    claims.add(LOOKED_AT);
}

/// The count of apps whose flow has this state.
pub(super) fn of_flow(state: FlowState) -> String {
    format!("flow.{state}")
}

/// The count of apps with the flow on whose user has this power.
pub(super) fn of_power(state: PrivilegeState) -> String {
    format!("power.{state}")
}

/// The count of apps with the flow on that can log in from there.
pub(super) fn of_network(state: NetworkState) -> String {
    format!("network.{state}")
}
