//! What people decided about findings, and what management says. Neither changes a result.

use super::Run;
use crate::controls;
use crate::engagement::DispositionEntry;
use crate::model::{AttestationUse, Disposition, DispositionState, Finding, Outcome};
use crate::text::message::{Arg, Message};
use jiff::Unit;
use jiff::civil::Date;

/// Longest time that a decision may hold, in days: a year, leap years included. After it somebody has to look again.
const LONGEST: i32 = 366;

/// Puts each decision to its finding; gives a row for each that met none.
///
/// Of several decisions about one app the last one in the file counts.
pub(super) fn dispositions(run: &Run<'_>, findings: &mut [Finding]) -> Vec<AttestationUse> {
    let mut entries: Vec<&DispositionEntry> =
        run.engagement.dispositions.iter().filter(|entry| run.is_ours(&entry.org)).collect();
    entries.retain(|entry| controls::is_deep(&entry.about.control));
    entries.sort_by_key(|entry| entry.line);
    let mut left = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let overruled = entries.iter().skip(at + 1).any(|later| later.app == entry.app && later.about == entry.about);
        let of_control = findings.iter_mut().filter(|finding| *finding.control == *entry.about.control);
        match of_control.into_iter().find(|finding| finding.subject.api_name == entry.app) {
            None => left.push(unmet(entry, DispositionState::UnknownApp)),
            Some(finding) if !overruled && is_decided_on(finding.result) => {
                finding.disposition = Some(disposition(entry, state(entry, run.context.as_of)));
            }
            Some(_) => left.push(unmet(entry, DispositionState::Unused)),
        }
    }
    left
}

/// Whether there is something to decide.
fn is_decided_on(result: Outcome) -> bool {
    matches!(result, Outcome::Fail | Outcome::NotEvaluable | Outcome::Review)
}

/// Whether a decision holds on a day; its last day counts. One without its own day is measured from the day of
/// judgement: it was taken then or before, so it runs at least that long.
pub(super) fn state(entry: &DispositionEntry, as_of: Date) -> DispositionState {
    let Some(expires) = entry.expires else { return DispositionState::Incomplete };
    let on = entry.on.unwrap_or(as_of);
    let days = on.until((Unit::Day, expires)).map_or(i32::MAX, |span| span.get_days());
    if expires < as_of {
        DispositionState::Expired
    } else if entry.rationale.trim().is_empty() || entry.approver.trim().is_empty() || on > as_of || days > LONGEST {
        DispositionState::Incomplete
    } else {
        DispositionState::Valid
    }
}

fn disposition(entry: &DispositionEntry, state: DispositionState) -> Disposition {
    Disposition {
        kind: entry.kind,
        app: entry.app.clone(),
        state,
        rationale: entry.rationale.clone(),
        approver: entry.approver.clone(),
        on: entry.on,
        expires: entry.expires,
    }
}

fn unmet(entry: &DispositionEntry, state: DispositionState) -> AttestationUse {
    let decision = Message::new(format!("report.disposition.{}", entry.kind));
    let statement = Message::new("assess.disposition.statement")
        .with("kind", decision)
        .with("rationale", entry.rationale.as_str())
        .with("by", entry.approver.as_str())
        .with("on", day(entry.on))
        .with("until", day(entry.expires));
    AttestationUse {
        line: entry.line,
        app: entry.app.clone(),
        criterion: String::new(),
        state: state.word().to_owned(),
        statement,
        disposition: Some(disposition(entry, state)),
    }
}

/// A day, or that nobody gave one.
pub(super) fn day(day: Option<Date>) -> Arg {
    day.map_or_else(|| Message::new("assess.day.unknown").into(), |day| day.to_string().into())
}

/// Cause, management's response, business impact and comment; of several texts about one app the last one counts.
pub(super) fn responses(run: &Run<'_>, findings: &mut [Finding]) {
    for response in run.engagement.responses.iter().filter(|one| run.is_ours(&one.org)) {
        for finding in findings.iter_mut().filter(|finding| finding.subject.api_name == response.app) {
            if !response.cause.is_empty() {
                finding.cause = Some(response.cause.clone());
            }
            if !response.response.is_empty() {
                finding.management_response = Some(response.response.clone());
            }
            if !response.business_impact.is_empty() {
                finding.business_impact = Some(response.business_impact.clone());
            }
            if !response.comment.is_empty() {
                finding.comment = Some(response.comment.clone());
            }
        }
    }
}
