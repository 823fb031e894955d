//! What headline, summary, figures and portfolio count: the one source of these numbers.
//!
//! Unknown is counted as unknown, never with the bad or with the good. What a person left out stands in no number but
//! its own.

use super::facts::{FlowState, NetworkState, PrivilegeState, Stated};
use crate::model::{Assessment, Basis, Finding, Outcome};
use std::collections::BTreeMap;

/// How many apps have each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<T: Ord>(BTreeMap<T, usize>);

impl<T: Ord> Default for Tally<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord + Copy> Tally<T> {
    fn add(&mut self, value: T) {
        *self.0.entry(value).or_default() += 1;
    }

    /// Apps with one of these values.
    pub fn of(&self, values: &[T]) -> usize {
        values.iter().filter_map(|value| self.0.get(value)).sum()
    }

    fn merge(&mut self, other: &Self) {
        for (value, n) in &other.0 {
            *self.0.entry(*value).or_default() += n;
        }
    }
}

/// The counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Apps that were looked at: all but those that a person left out.
    pub looked_at: usize,
    /// Apps that a person left out.
    pub left_out: usize,
    /// Apps among those left out whose flow is on.
    pub left_out_on: usize,
    /// State of the flow of those that were looked at.
    pub flow: Tally<FlowState>,
    /// Apps that can log in: the flow is on, and an active execution user is known.
    pub can_log_in: usize,
    /// Apps that are hardened.
    pub hardened: usize,
    /// Power of the execution user, of apps with the flow on.
    pub privilege: Tally<PrivilegeState>,
    /// From where they can log in.
    pub network: Tally<NetworkState>,
}

impl Claims {
    /// Counts the apps of an org.
    #[must_use]
    pub fn of(assessment: &Assessment) -> Self {
        Self::over(assessment.findings.iter())
    }

    /// Counts apps.
    pub fn over<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut claims = Self::default();
        for finding in findings {
            claims.count(finding);
        }
        claims
    }

    fn count(&mut self, finding: &Finding) {
        let on = finding.flow_state() == FlowState::On;
        if finding.result == Outcome::NotTested {
            self.left_out += 1;
            self.left_out_on += usize::from(on);
            return;
        }
        self.looked_at += 1;
        self.flow.add(finding.flow_state());
        if !on {
            return;
        }
        self.can_log_in += usize::from(finding.can_log_in());
        self.hardened += usize::from(finding.basis == Some(Basis::Hardened));
        self.privilege.add(finding.privilege().state);
        self.network.add(finding.network().state);
    }

    /// Apps of several orgs together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.looked_at += other.looked_at;
        self.left_out += other.left_out;
        self.left_out_on += other.left_out_on;
        self.can_log_in += other.can_log_in;
        self.hardened += other.hardened;
        self.flow.merge(&other.flow);
        self.privilege.merge(&other.privilege);
        self.network.merge(&other.network);
        self
    }

    /// Apps with the flow switched on and usable.
    #[must_use]
    pub fn on(&self) -> usize {
        self.flow.of(&[FlowState::On])
    }
}
