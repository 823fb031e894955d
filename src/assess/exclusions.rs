//! Apps that a person left out.

use super::Run;
use crate::engagement::Exclusion;
use crate::model::{Finding, Outcome};
use crate::text::message::Message;

/// Entries of this org that leave out whole apps.
pub(super) fn of_apps<'a>(run: &Run<'a>) -> impl Iterator<Item = &'a Exclusion> {
    let ours = run.engagement.exclusions.iter().filter(|one| run.is_ours(&one.org));
    ours.filter(|one| one.criterion.is_empty() && !one.app.is_empty())
}

/// Makes excluded apps `not_tested`, with who and why. Those that the control already left out stay as they are.
pub(super) fn apply(run: &Run<'_>, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.result != Outcome::NotTested) {
        let Some(by) = of_apps(run).find(|one| one.app == finding.subject.api_name) else { continue };
        finding.result = Outcome::NotTested;
        finding.basis = None;
        finding.score = None;
        finding.because = Message::new("assess.excluded.app").with("by", by.by.as_str()).with("why", by.why.as_str());
    }
}
