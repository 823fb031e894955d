//! Days that force a decision: what Salesforce ends, certificates, and what people stated until a day.

use super::Run;
use crate::controls;
use crate::kit;
use crate::kit::client::certificate::{State, state};
use crate::model::{Deadline, DispositionState, FamilyRow, Finding};
use crate::text::message::Message;
use std::collections::BTreeSet;

/// All of them by their day; those of which only a release is announced come last.
pub(super) fn deadlines(
    run: &Run<'_>,
    evaluation: &kit::Run<'_>,
    family: &[FamilyRow],
    findings: &[Finding],
) -> Vec<Deadline> {
    let mut all: Vec<Deadline> = announced(family);
    all.extend(certificates(evaluation));
    all.extend(decided(findings));
    all.extend(stated(run));
    all.sort_by(|a, b| {
        let key =
            |one: &Deadline| (one.day.is_none(), one.day, one.release.clone(), one.what.clone(), one.apps.clone());
        key(a).cmp(&key(b))
    });
    all
}

/// What Salesforce announced to end, where rows of the control show that it touches something.
fn announced(family: &[FamilyRow]) -> Vec<Deadline> {
    let mut all = Vec::new();
    for entry in controls::sheets().map(|sheet| &sheet.entry) {
        let Some(end) = &entry.deadline else { continue };
        let rows = family.iter().filter(|row| *row.control == *entry.id);
        let touched: Vec<&FamilyRow> =
            rows.filter(|row| end.outcomes.iter().any(|word| word == row.outcome.word())).collect();
        // A control without a subject has a row about none.
        let apps: BTreeSet<String> =
            touched.iter().map(|row| row.subject.to_string()).filter(|name| !name.is_empty()).collect();
        if touched.iter().any(|row| !entry.is_about("org") && row.subject.is_empty()) || touched.is_empty() {
            continue;
        }
        all.push(Deadline {
            day: end.day.parse().ok(),
            release: end.release.clone(),
            what: Message::new(format!("{}.deadline", entry.id)),
            apps: apps.into_iter().collect(),
            source: end.source.clone(),
        });
    }
    all
}

/// The last day of each certificate, also one that has passed.
fn certificates(run: &kit::Run<'_>) -> Vec<Deadline> {
    let apps = run.snapshot.apps.values().chain(run.snapshot.connected.values());
    let ends = apps.filter_map(|app| match state(run, app) {
        State::Valid(day) => Some((app, day, "deadline.certificate")),
        State::Expired(day) => Some((app, day, "deadline.certificate-expired")),
        _ => None,
    });
    ends.map(|(app, day, key)| one(Some(day), Message::new(key), &app.name)).collect()
}

/// The last day of each decision that holds.
fn decided(findings: &[Finding]) -> Vec<Deadline> {
    let decisions = findings.iter().filter_map(|finding| Some((finding, finding.disposition.as_ref()?)));
    let valid = decisions.filter(|(_, decision)| decision.state == DispositionState::Valid);
    let ends = valid.map(|(finding, decision)| {
        let by = Message::new("deadline.decision").with("by", decision.approver.as_str());
        one(decision.expires, by, &finding.subject.api_name)
    });
    ends.collect()
}

/// The last day of each fact and statement about this org that has not passed.
fn stated(run: &Run<'_>) -> Vec<Deadline> {
    let engagement = run.engagement;
    let facts = engagement.facts.iter().map(|fact| (&fact.org, &fact.app, &fact.by, fact.expires));
    let statements = engagement.attestations.iter().map(|one| (&one.org, &one.app, &one.by, one.expires));
    let ours = facts.chain(statements).filter(|(org, ..)| run.is_ours(org));
    let ends = ours.filter_map(|(_, app, by, expires)| {
        let day = expires.filter(|day| *day >= run.context.as_of)?;
        Some(one(Some(day), Message::new("deadline.statement").with("by", by.as_str()), app))
    });
    ends.collect()
}

fn one(day: Option<jiff::civil::Date>, what: Message, app: &str) -> Deadline {
    let apps = Some(app.to_owned()).filter(|app| !app.is_empty()).into_iter().collect();
    Deadline { day, release: String::new(), what, apps, source: String::new() }
}
