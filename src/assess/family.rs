//! The rows of the sheet controls: each subject under each control of its kind.

use crate::catalogue::Catalogue;
use crate::controls::{self, Registered};
use crate::kit::Run;
use crate::model::{Conclusion, EvidenceItem, FamilyRow, Finding, Outcome, Population, Source, Word};
use crate::snapshot::App;
use crate::text::message::Message;
use std::collections::{BTreeMap, BTreeSet};

/// One row for each app and control; a control without subjects has one of its own.
pub(super) fn rows(run: &Run<'_>, findings: &[Finding], population: &Population) -> Vec<FamilyRow> {
    let apps = run.snapshot.apps.values();
    let mut rows: Vec<FamilyRow> = Vec::new();
    let findings: BTreeMap<&str, &Finding> = findings.iter().map(|one| (one.subject.api_name.as_str(), one)).collect();
    for (app, sheet) in apps.flat_map(|app| controls::sheets().map(move |sheet| (app, sheet))) {
        rows.push(row(run, sheet, app, findings.get(app.name.as_str()).copied()));
    }
    if rows.is_empty() {
        rows.extend(controls::sheets().map(|sheet| none(sheet, population.conclusion)));
    }
    rows
}

fn row(run: &Run<'_>, sheet: &Registered, app: &App, finding: Option<&Finding>) -> FamilyRow {
    let entry = &sheet.entry;
    let found = sheet.sheet.app(run, app);
    let outcome = found.counts();
    FamilyRow {
        subject: app.name.clone(),
        label: finding.map(|finding| finding.subject.label.clone()).unwrap_or_default(),
        outcome,
        because: found.because,
        observed: once(found.items.iter().filter_map(EvidenceItem::observed)),
        places: once(found.items.iter().map(EvidenceItem::place)),
        modifiers: finding.map(|finding| modifiers(run.control, sheet, finding)).unwrap_or_default(),
        root_cause: if outcome.is_open() { format!("{}:{}", entry.cause, app.name) } else { String::new() },
        ..none(sheet, Conclusion::NotProven)
    }
}

/// Texts in their order, each once: a setting that several copies state is one thing seen.
fn once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    texts.filter(|text| known.insert(text.clone())).collect()
}

/// The row of a control that has no subject: proven, or not.
fn none(sheet: &Registered, conclusion: Conclusion) -> FamilyRow {
    let (outcome, key) = match conclusion {
        Conclusion::Complete => (Outcome::NotApplicable, "family.no-subject"),
        _ => (Outcome::NotEvaluable, "family.no-subject-proven"),
    };
    FamilyRow {
        control: sheet.entry.id.clone().into(),
        kind: sheet.entry.subject.clone().into(),
        subject: String::new(),
        label: String::new(),
        outcome,
        because: Message::new(key),
        observed: Vec::new(),
        places: Vec::new(),
        source: Source::Export,
        modifiers: Vec::new(),
        root_cause: String::new(),
    }
}

/// What the page names and the evidence of the app shows, by the tokens that the deep control declares.
fn modifiers(control: &Catalogue, sheet: &Registered, finding: &Finding) -> Vec<Word> {
    let named = sheet.entry.higher.iter().chain(&sheet.entry.lower);
    let shown = named.filter(|name| {
        control.tokens.iter().any(|token| {
            token.id == **name
                && match &token.criterion {
                    Some(criterion) => {
                        let seen = finding.observations.iter().find(|one| one.criterion == *criterion);
                        seen.is_some_and(|one| token.words.contains(&one.because.key))
                    }
                    None => token.words.iter().any(|word| word == finding.facts.text(&token.path)),
                }
        })
    });
    shown.map(|name| Word::from(name.clone())).collect()
}
