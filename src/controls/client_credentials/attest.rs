//! Statements and exclusions of people, about an app.

use super::case::Case;
use super::criteria::named;
use crate::engagement::{Attestation, Exclusion};
use crate::kit::attest::{answering, combine, fits, word_of};
use crate::kit::{Found, Gap};
use crate::model::{EvidenceItem, Outcome};
use crate::text::message::Message;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The exclusion that covers a criterion of an app, or the whole app when `criterion` is empty.
pub(super) fn exclusion<'a>(case: &Case<'a>, criterion: &str) -> Option<&'a Exclusion> {
    case.run.context.engagement.exclusions.iter().find(|one| {
        one.about.is_of(&case.run.control.key, word_of(case.app.kind))
            && fits(&one.org, case.run.context.org_key)
            && fits(&one.app, &case.app.name)
            && one.criterion == criterion
    })
}

/// Applies the first statement that counts. Gives the result and whether it is a person's answer.
pub(super) fn answer(case: &Case<'_>, criterion: &str, found: Found) -> (Found, bool) {
    let attestable = case.run.control.criterion(criterion).is_some_and(|one| one.attestable);
    let statement = answering(case.run.context, &case.run.control.key, &case.app.name, criterion);
    let Some(statement) = statement.filter(|_| attestable && found.outcome != Outcome::NotApplicable) else {
        return (found, false);
    };
    if criterion == "governance-recorded" {
        return (governance(case, statement), true);
    }
    let (outcome, contradicted) = combine(found.outcome, statement.met);
    if !contradicted && outcome == found.outcome {
        return (found, false);
    }
    let key = match (contradicted, statement.met) {
        (true, _) => "attested.contradicted",
        (false, true) => "attested.met",
        (false, false) => "attested.not-met",
    };
    let because = Message::new(key)
        .with("by", statement.by.as_str())
        .with("on", statement.on.map(|on| on.to_string()).unwrap_or_default())
        .with("statement", statement.statement.as_str())
        .with("evidence", found.because.clone());
    let items = if found.items.is_empty() { about(case) } else { found.items };
    let answered = Found::new(outcome, because, items);
    let by = statement.by.as_str();
    (if contradicted { answered.gap(Gap::person("gap.attested-contradicted").with("by", by)) } else { answered }, true)
}

/// The app that a statement is about: the statement itself stands in the engagement file.
fn about(case: &Case<'_>) -> Vec<EvidenceItem> {
    named(case.app).take(1).collect()
}

fn key(statement: &Attestation, what: &str) -> Message {
    Message::new(format!("governance-recorded.{what}")).with("by", statement.by.as_str())
}

fn governance(case: &Case<'_>, statement: &Attestation) -> Found {
    let details = statement.details.iter().map(|(name, text)| (name.as_str(), text.trim()));
    let details: BTreeMap<&str, &str> = details.filter(|(_, text)| !text.is_empty()).collect();
    let [rotated, reviewed] =
        ["rotated_on", "reviewed_on"].map(|name| details.get(name).and_then(|text| text.parse::<Date>().ok()));
    let items = about(case);
    if !statement.met {
        return Found::new(Outcome::Fail, key(statement, "not-met"), items);
    }
    let as_of = case.run.context.as_of;
    let limit = case.run.context.thresholds.get("rotation_days");
    let rotated = rotated.filter(|day| *day <= as_of);
    if let Some(day) = rotated
        && (as_of - day).get_days() > i32::try_from(limit).unwrap_or(i32::MAX)
    {
        let message = key(statement, "rotation-old").with("date", day.to_string()).with("limit", limit);
        return Found::new(Outcome::Fail, message, items);
    }
    let texts = ["owner", "justification", "secret_storage"];
    let mut missing: Vec<String> =
        texts.iter().filter(|name| !details.contains_key(*name)).map(|name| (*name).to_owned()).collect();
    if rotated.is_none() {
        missing.push("rotated_on".to_owned());
    }
    if reviewed.is_none_or(|day| day > as_of) {
        missing.push("reviewed_on".to_owned());
    }
    if missing.is_empty() {
        return Found::new(Outcome::Pass, key(statement, "pass"), items);
    }
    let gap = Gap::person("gap.governance-missing").with("missing", missing.clone());
    Found::new(Outcome::Review, key(statement, "missing").with("missing", missing), items).gap(gap)
}
