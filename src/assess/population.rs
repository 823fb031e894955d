//! Whether the list of apps is whole, and the org's result.

use crate::assessment::{Conclusion, Finding, Outcome, Population};
use crate::controls::ccf::Context;
use crate::message::Message;
use crate::snapshot::{Coverage, Kind, Snapshot};

/// Concludes on the list of apps: proven by a complete record export or a manifest with `*`, and by declared counts.
pub(super) fn conclude(snapshot: &Snapshot, context: &Context<'_>, evaluated: usize) -> Population {
    let records = context.coverage(snapshot, Kind::AppRecords);
    let declared = context.expected(Kind::AppRecords);
    let received = snapshot.apps.len();
    let whole = snapshot.requested_whole.contains(Kind::AppFile.name());
    let lost = snapshot.problems.iter().any(|problem| {
        problem.kind.is_some_and(|kind| kind <= Kind::OtherAppFile || kind == Kind::AppRecords) && problem.app.is_none()
    });
    let (conclusion, key, expected) = match (records, declared) {
        (_, Some(declared)) if received < declared => {
            (Conclusion::Incomplete, "population.fewer-than-declared", Some(declared))
        }
        (Coverage::Truncated { of, .. }, _) => (Conclusion::Incomplete, "population.truncated", Some(of)),
        _ if lost => (Conclusion::Incomplete, "population.unreadable", declared),
        (_, Some(declared)) if received == declared => (Conclusion::Complete, "population.declared", Some(declared)),
        (_, Some(declared)) => (Conclusion::NotProven, "population.more-than-declared", Some(declared)),
        (Coverage::Complete { got }, None) => (Conclusion::Complete, "population.records", Some(got)),
        _ if whole => (Conclusion::Complete, "population.manifest", None),
        _ => (Conclusion::NotProven, "population.not-proven", None),
    };
    let because = Message::new(key).with("received", received).with("expected", expected.unwrap_or(received));
    Population { conclusion, because, expected, received, evaluated }
}

/// The worst result; without apps, not applicable when the list is proven whole, else not evaluable.
pub(super) fn roll_up(findings: &[Finding], population: &Population) -> Outcome {
    Outcome::worst(findings.iter().map(|finding| finding.result)).unwrap_or(match population.conclusion {
        Conclusion::Complete => Outcome::NotApplicable,
        Conclusion::Incomplete | Conclusion::NotProven => Outcome::NotEvaluable,
    })
}
