//! From findings to the assessment: roll-up, completeness, evidence register, and what people decided.
//!
//! Nothing here changes what the evidence shows. Exclusions take an app out of the test, dispositions and responses
//! stand beside a result, and what cannot be told is said as a limitation.

mod completeness;
mod dates;
mod deadlines;
mod family;
mod identity;
mod limits;
mod passed;
mod plan;
mod problems;
mod register;
mod statements;
mod verdicts;

pub use identity::finding_id;

use crate::catalogue::Catalogue;
use crate::controls;
use crate::engagement::Engagement;
use crate::kit::{self, Context, Indexes};
use crate::limits::Limits;
use crate::model::{
    Action, Assessment, Conclusion, ConnectedAppRow, ControlRef, Counts, DispositionState, FamilyRow, Finding, Given,
    InputRow, NewestStamp, Outcome, SCHEMA, Threshold, shared,
};
use crate::snapshot::{App, Snapshot, Switch, UserRef};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a run is about; every part of this module reads it.
struct Run<'a> {
    snapshot: &'a Snapshot,
    control: &'a Catalogue,
    engagement: &'a Engagement,
    context: Context<'a>,
}

impl<'a> Run<'a> {
    fn new(
        snapshot: &'a Snapshot,
        control: &'a Catalogue,
        engagement: &'a Engagement,
        org_key: &'a str,
        as_of: Date,
    ) -> Self {
        let by = engagement.thresholds.iter().map(|(name, value)| (name.as_str(), *value));
        let thresholds = control.thresholds.clone().overridden(by);
        let stamped = dates::after(snapshot, as_of);
        Self { snapshot, control, engagement, context: Context { as_of, stamped, org_key, thresholds, engagement } }
    }

    /// Whether an entry of the engagement file that names this org (or none) speaks about the org of this run.
    fn is_ours(&self, org: &str) -> bool {
        org.is_empty() || org == self.context.org_key
    }
}

/// Judges a snapshot and puts everything together that the outputs need.
///
/// `org_key` names the org in the engagement file and in finding ids; `as_of` is the day on which assignments,
/// certificates, statements and decisions have to hold. The result is a pure function of the arguments.
#[must_use]
pub fn assess(
    snapshot: &Snapshot,
    control: &Catalogue,
    engagement: &Engagement,
    org_key: &str,
    as_of: Date,
) -> Assessment {
    assess_within(snapshot, control, engagement, org_key, as_of, &Limits::default())
}

/// The same with other limits of what is told.
#[must_use]
pub fn assess_within(
    snapshot: &Snapshot,
    control: &Catalogue,
    engagement: &Engagement,
    org_key: &str,
    as_of: Date,
    limits: &Limits,
) -> Assessment {
    let run = Run::new(snapshot, control, engagement, org_key, as_of);
    let indexes = Indexes::of(snapshot, &run.context);
    let evaluation = kit::Run::new(snapshot, control, &run.context, &indexes);
    let mut findings = Vec::new();
    let mut calls = BTreeMap::new();
    for control in controls::deep() {
        let judged = control.judge(&evaluation);
        findings.extend(judged.findings);
        calls.extend(judged.calls);
    }
    findings.sort_by(|a, b| a.subject.api_name.cmp(&b.subject.api_name));
    for finding in &mut findings {
        finding.id = finding_id(control, org_key, &finding.subject.api_name);
    }
    let mut attestations = statements::attestations(&run, &findings);
    attestations.extend(verdicts::dispositions(&run, &mut findings));
    attestations.sort_by(|a, b| (a.line, &a.app).cmp(&(b.line, &b.app)));
    verdicts::responses(&run, &mut findings);
    let actions = plan::plan(control, &findings, &calls);
    refer(&mut findings, &actions);
    let mut rights = shared(&mut findings);
    let evidence = register::number(&mut findings, &mut rights);
    let population = completeness::population(&run, &findings);
    let family = family::rows(&evaluation, &findings, &population);
    let deadlines = deadlines::deadlines(&run, &evaluation, &family, &findings);
    let coverage = completeness::rows(&run);
    let dates = dates::statements(&run);
    let mut limitations = limits::limitations(&run, &findings, &coverage);
    limitations.extend(dates.iter().cloned());
    Assessment {
        schema: SCHEMA.to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ruleset_version: control.version.clone(),
        control: control_ref(control),
        as_of,
        document: engagement.document.clone(),
        org: identity::org(&run),
        result: roll_up(&findings, population.conclusion),
        counts: Counts::of(findings.iter().map(|finding| finding.result)),
        population,
        family,
        strict: family::strict(engagement),
        deadlines,
        connected_apps: connected_apps(snapshot),
        coverage,
        problems: problems::rows(snapshot, limits),
        inputs: inputs(snapshot),
        evidence,
        thresholds: thresholds(&run),
        attestations,
        dates,
        limitations,
        decisions: snapshot.decisions.clone(),
        passed_over: passed::lines(snapshot),
        given: Given::default(),
        baseline: None,
        redaction: None,
        findings,
        rights,
        actions,
    }
}

/// Gives each finding the numbers of its actions.
fn refer(findings: &mut [Finding], actions: &[Action]) {
    let mut numbers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, action) in (1..).zip(actions) {
        for app in &action.apps {
            numbers.entry(app).or_default().push(number);
        }
    }
    for finding in findings {
        finding.actions = numbers.remove(finding.subject.api_name.as_str()).unwrap_or_default();
    }
}

/// Exit code of one org: 1 when an app fails without a valid disposition; else 3 when something is `review` or
/// `not_evaluable`, or a file could not be read; else 0. Of the sheet controls those count that the engagement named.
#[must_use]
pub fn exit_code(assessment: &Assessment) -> u8 {
    let accepted = |finding: &Finding| {
        finding.disposition.as_ref().is_some_and(|decision| decision.state == DispositionState::Valid)
    };
    let open = |result: Outcome| matches!(result, Outcome::Review | Outcome::NotEvaluable);
    let counts = |row: &&FamilyRow| assessment.strict.contains(&row.control) && !row.accepted;
    let rows: Vec<Outcome> = assessment.family.iter().filter(counts).map(|row| row.outcome).collect();
    let fails = assessment.findings.iter().any(|finding| finding.result == Outcome::Fail && !accepted(finding));
    if fails || rows.contains(&Outcome::Fail) {
        1
    } else if open(assessment.result)
        || assessment.findings.iter().any(|finding| open(finding.result))
        || rows.into_iter().any(open)
        || !assessment.problems.is_empty()
    {
        3
    } else {
        0
    }
}

/// The worst result. Without an app the control does not apply, if it is proven that there is none.
fn roll_up(findings: &[Finding], population: Conclusion) -> Outcome {
    let none = if population == Conclusion::Complete { Outcome::NotApplicable } else { Outcome::NotEvaluable };
    Outcome::worst(findings.iter().map(|finding| finding.result)).unwrap_or(none)
}

/// Thresholds in force. One that the engagement file states comes from there, even with the catalogue's number.
fn thresholds(run: &Run<'_>) -> Vec<Threshold> {
    let stated = &run.engagement.thresholds;
    let named = run.context.thresholds.named().map(|(name, value)| Threshold {
        name: name.to_owned(),
        value: value.to_string(),
        from: (if stated.contains_key(name) { "engagement" } else { "catalogue" }).to_owned(),
    });
    named.collect()
}

fn control_ref(control: &Catalogue) -> ControlRef {
    ControlRef {
        id: control.id.clone(),
        name: control.name.clone(),
        url: control.url.clone(),
        published_range: format!("{} {} to {}", control.range_word, control.range_low, control.range_high),
        range_low: control.range_low,
        range_high: control.range_high,
    }
}

fn inputs(snapshot: &Snapshot) -> Vec<InputRow> {
    let row = |input: &crate::snapshot::Input| InputRow {
        path: input.path.to_string(),
        bytes: input.bytes,
        sha256: input.sha256.clone(),
        kind: input.kind.name().to_owned(),
        rows: input.rows,
        newest: input.newest.as_ref().map(|stamp| NewestStamp {
            value: stamp.raw.to_string(),
            setting: stamp.setting.clone(),
            place: stamp.at.to_string(),
        }),
    };
    let mut rows: Vec<InputRow> = snapshot.inputs.iter().map(row).collect();
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    rows
}

fn connected_apps(snapshot: &Snapshot) -> Vec<ConnectedAppRow> {
    snapshot.connected.values().map(connected_app).collect()
}

fn connected_app(app: &App) -> ConnectedAppRow {
    let switches: BTreeSet<Switch> = app.setting_flow.iter().map(|switch| switch.value).collect();
    let user = app.execution_user.iter().next().map(|user| match &user.value {
        UserRef::Username(text) | UserRef::Placeholder(text) => text.clone(),
        UserRef::Id(id) => id.long(),
    });
    ConnectedAppRow {
        api_name: app.name.clone(),
        label: app.label.iter().next().map(|label| label.value.clone()).unwrap_or_default(),
        client_credentials: match switches.first() {
            Some(Switch::On) => "on",
            Some(Switch::Off) if switches.len() == 1 => "off",
            _ => "unknown",
        }
        .to_owned(),
        execution_user: user.unwrap_or_default(),
        place: app.sources.first().map(|source| source.at.to_string()).unwrap_or_default(),
    }
}
