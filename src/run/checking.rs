//! `--check-templates`: renders everything that a template may be asked for, and writes nothing.

use super::batch::Batch;
use super::outputs;
use super::review::{self, Baseline, Job};
use super::settings::Settings;
use super::{Console, Failure, Surroundings, exit};
use crate::cli::Review;
use crate::model::{Assessment, Delta, Disposition, DispositionKind, DispositionState};
use crate::render::markdown;
use crate::report;
use crate::source::Source;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The sample that templates are checked against when no snapshot is given.
const SAMPLE: &[u8] = include_bytes!("../../samples/lumen-mdapi.zip");

/// Fails with file and line of the first template that cannot be rendered.
pub(super) fn check_templates(
    options: &Review,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let settings = Settings::load(&options.rendering, options.engagement.as_deref(), surroundings)?;
    let settings = settings.checking();
    let mut batch = Batch::new(&settings);
    let jobs = review::jobs(&options.snapshots, &settings, &mut batch, console);
    let mut summaries = Vec::new();
    for job in &jobs {
        summaries.push(review::review_one(job, &settings, &Baseline::default(), false)?.0.summary);
    }
    if options.snapshots.is_empty() {
        let job = Job { key: "sample".to_owned(), path: PathBuf::new(), decisions: Vec::new() };
        let source = Source::embedded("sample.zip", SAMPLE);
        let source = source.map_err(|error| Failure::new("the built-in sample", error, ""))?;
        summaries.push(review::review_source(&source, &job, &settings, &Baseline::default(), false)?.0.summary);
    }
    outputs::portfolio(&summaries, &[], &settings)?;
    if batch.failed() > 0 || summaries.is_empty() {
        return Ok(exit::ERROR);
    }
    console.print(&format!("the templates render for {} without error\n", review::counted(summaries.len(), "org")))?;
    Ok(exit::CLEAN)
}

/// Gives every finding what only people state, so that the places for it are rendered too.
pub(super) fn fill(assessment: &mut Assessment) {
    for finding in &mut assessment.findings {
        let said = || Some("As stated.".to_owned());
        finding.cause = finding.cause.take().or_else(said);
        finding.management_response = finding.management_response.take().or_else(said);
        finding.business_impact = finding.business_impact.take().or_else(said);
        finding.comment = finding.comment.take().or_else(said);
        finding.delta.get_or_insert(Delta::New);
        if finding.result.is_open() {
            finding.disposition.get_or_insert_with(|| Disposition {
                kind: DispositionKind::AcceptRisk,
                app: finding.subject.api_name.clone(),
                state: DispositionState::Valid,
                rationale: "As stated.".to_owned(),
                approver: "A. Person".to_owned(),
                on: Some(assessment.as_of),
                expires: Some(assessment.as_of),
            });
        }
    }
}

/// Renders the pack of all open findings.
pub(super) fn pack(assessment: &Assessment, settings: &Settings) -> Result<(), Failure> {
    let ids: BTreeSet<String> = assessment.findings.iter().map(|finding| finding.id.clone()).collect();
    match report::pack(assessment, &settings.control, &settings.wording, &ids, "A. Person") {
        Some(view) => markdown::pack(&view, &settings.templates).map(drop).map_err(|e| settings.template_failure(&e)),
        None => Ok(()),
    }
}
