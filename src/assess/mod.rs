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
use crate::kit::{self, Context, Indexes, Move};
use crate::limits::Limits;
use crate::model::{
    Action, Assessment, Conclusion, ControlPart, ControlRef, Counts, DispositionState, FamilyRow, Finding, Given,
    InputRow, NewestStamp, Outcome, SCHEMA, Threshold, shared,
};
use crate::snapshot::{AppKind, Snapshot};
use jiff::civil::Date;
use std::collections::BTreeMap;

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

    /// The catalogues that something is judged by: the first, and those of other controls that have subjects.
    fn judging(&self) -> impl Iterator<Item = &'a Catalogue> {
        let connected = !self.snapshot.connected.is_empty();
        self.control.all().take(if connected { usize::MAX } else { 1 })
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
    let (mut findings, calls) = judged(&evaluation, org_key);
    let mut attestations = statements::attestations(&run, &findings);
    attestations.extend(verdicts::dispositions(&run, &mut findings));
    attestations.sort_by(|a, b| (a.line, &a.app).cmp(&(b.line, &b.app)));
    verdicts::responses(&run, &mut findings);
    let actions = plan::plan(control, &findings, &calls);
    drop(calls); // in a large org they take as much room as the rows that follow
    refer(&mut findings, &actions);
    let mut rights = shared(&mut findings);
    let evidence = register::number(&mut findings, &mut rights);
    let controls = parts(&run, &findings);
    let first = findings.iter().take_while(|finding| *finding.control == control.key).count();
    let (own, _) = findings.split_at(first);
    let population = completeness::population(&run, AppKind::External, own);
    let connected = completeness::population(&run, AppKind::Connected, []);
    let family = family::rows(&evaluation, &findings, [population.conclusion, connected.conclusion]);
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
        controls,
        as_of,
        document: engagement.document.clone(),
        org: identity::org(&run),
        result: roll_up(&findings, first, population.conclusion),
        counts: Counts::of(findings.iter().map(|finding| finding.result)),
        population,
        family,
        strict: family::strict(engagement),
        deadlines,
        connected_apps: Vec::new(),
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

/// The findings of all controls, control by control and each by the name of the app, and what each calls for by its id.
fn judged(evaluation: &kit::Run<'_>, org_key: &str) -> (Vec<Finding>, BTreeMap<String, Vec<Move>>) {
    let mut findings = Vec::new();
    let mut calls = BTreeMap::new();
    for control in controls::deep() {
        let Some(catalogue) = evaluation.control.known(control.id()) else { continue };
        let judged = control.judge(&kit::Run { control: catalogue, ..*evaluation });
        let mut own: Vec<(Finding, Vec<Move>)> = judged.findings.into_iter().zip(judged.calls).collect();
        own.sort_by(|(a, _), (b, _)| a.subject.api_name.cmp(&b.subject.api_name));
        findings.reserve_exact(own.len());
        for (mut finding, moves) in own {
            finding.id = finding_id(catalogue, org_key, &finding.subject.api_name);
            calls.insert(finding.id.clone(), moves);
            findings.push(finding);
        }
    }
    controls::deep().for_each(|control| control.pair(evaluation, &mut findings));
    (findings, calls)
}

/// What each control comes to, in the order of the report. One without subjects does not apply if that is proven, else it
/// could not be evaluated.
fn parts(run: &Run<'_>, findings: &[Finding]) -> Vec<ControlPart> {
    let parts = controls::deep().filter_map(|control| {
        let catalogue = run.control.known(control.id())?;
        let own: Vec<&Finding> = findings.iter().filter(|finding| *finding.control == *control.id()).collect();
        let population = completeness::population(run, control.kind(), own.iter().copied());
        let results = || own.iter().map(|finding| finding.result);
        Some(ControlPart {
            key: control.id().to_owned(),
            code: catalogue.code.clone(),
            control: control_ref(catalogue),
            result: Outcome::worst(results()).unwrap_or(none(population.conclusion)),
            counts: Counts::of(results()),
            population,
        })
    });
    parts.collect()
}

/// Gives each finding the numbers of its actions.
fn refer(findings: &mut [Finding], actions: &[Action]) {
    let mut numbers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, action) in (1..).zip(actions) {
        for id in &action.findings {
            numbers.entry(id).or_default().push(number);
        }
    }
    for finding in findings {
        finding.actions = numbers.remove(finding.id.as_str()).unwrap_or_default();
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

/// The worst result of all findings. The first control counts without an app, too: connected apps say nothing of the
/// External Client Apps that an export may lack. The others count where they have subjects, and have a part of their own.
fn roll_up(findings: &[Finding], first: usize, population: Conclusion) -> Outcome {
    let lacking = (first == 0).then(|| none(population));
    let results = findings.iter().map(|finding| finding.result).chain(lacking);
    Outcome::worst(results).unwrap_or(none(population))
}

/// The result of a control without subjects.
const fn none(population: Conclusion) -> Outcome {
    match population {
        Conclusion::Complete => Outcome::NotApplicable,
        Conclusion::Incomplete | Conclusion::NotProven => Outcome::NotEvaluable,
    }
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
