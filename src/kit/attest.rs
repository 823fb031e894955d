//! Statements of people. A statement answers an open question; it never overrules evidence.

use super::Context;
use crate::engagement::Attestation;
use crate::model::Outcome;
use crate::snapshot::AppKind;
use jiff::civil::Date;

/// Whether an entry that names this (or nothing) speaks about it.
pub(crate) fn fits(own: &str, wanted: &str) -> bool {
    own.is_empty() || own == wanted
}

/// What an engagement file calls a kind of app.
pub(crate) const fn word_of(kind: AppKind) -> &'static str {
    match kind {
        AppKind::External => "eca",
        AppKind::Connected => "connected_app",
    }
}

/// Whether a statement counts on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Counts,
    Expired,
    /// It lacks who, what, when or until when, or is of a day to come.
    Incomplete,
}

/// Whether a statement counts on a day.
pub(crate) fn standing(one: &Attestation, as_of: Date) -> Standing {
    let named = !one.by.trim().is_empty() && !one.statement.trim().is_empty();
    match one.expires {
        Some(last) if last < as_of => Standing::Expired,
        Some(_) if named && one.on.is_some_and(|on| on <= as_of) => Standing::Counts,
        _ => Standing::Incomplete,
    }
}

/// The statement that answers a criterion of a control for an app: the first one about it that counts.
pub(crate) fn answering<'a>(
    context: &Context<'a>,
    control: &str,
    app: &str,
    criterion: &str,
) -> Option<&'a Attestation> {
    context.engagement.attestations.iter().find(|one| {
        one.about.control == control
            && one.criterion == criterion
            && fits(&one.org, context.org_key)
            && fits(&one.app, app)
            && standing(one, context.as_of) == Standing::Counts
    })
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
