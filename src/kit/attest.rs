//! Statements of people. A statement answers an open question; it never overrules evidence.

use crate::engagement::Attestation;
use crate::model::Outcome;
use jiff::civil::Date;

/// Whether an entry that names this (or nothing) speaks about it.
pub(crate) fn fits(own: &str, wanted: &str) -> bool {
    own.is_empty() || own == wanted
}

/// Why a statement does not count on a day; `None` when it counts.
#[must_use]
pub(crate) fn void(attestation: &Attestation, as_of: Date) -> Option<&'static str> {
    let named = !attestation.by.trim().is_empty() && !attestation.statement.trim().is_empty();
    match (attestation.on, attestation.expires) {
        (Some(on), Some(_)) if !named || on > as_of => Some("incomplete"),
        (Some(_), Some(expires)) if expires < as_of => Some("expired"),
        (Some(_), Some(_)) => None,
        _ => Some("incomplete"),
    }
}

/// Whether a statement speaks about this app of this org.
pub(crate) fn applies(attestation: &Attestation, org: &str, app: &str) -> bool {
    fits(&attestation.org, org) && fits(&attestation.app, app)
}

/// What an outcome becomes under a statement, and whether the statement contradicts the evidence.
#[must_use]
pub(crate) fn combine(found: Outcome, met: bool) -> (Outcome, bool) {
    match (found, met) {
        (Outcome::Review | Outcome::NotEvaluable, true) => (Outcome::Pass, false),
        (Outcome::Review | Outcome::NotEvaluable, false) => (Outcome::Fail, false),
        (Outcome::Fail, true) | (Outcome::Pass, false) => (Outcome::Review, true),
        (other, _) => (other, false),
    }
}
