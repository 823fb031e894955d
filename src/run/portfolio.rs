//! `shr portfolio`: one report over assessments already written, byte for byte what one run over all had written.

use super::batch::{Batch, Org};
use super::folder::{Staging, guard_inputs};
use super::formats::Files;
use super::kept::Kept;
use super::outputs;
use super::settings::Settings;
use super::{Console, Failure, Surroundings, explain, histories};
use crate::cli::Portfolio;
use std::path::{Path, PathBuf};

pub(super) fn portfolio(
    options: &Portfolio,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let settings = Settings::load(&options.rendering, None, surroundings)?;
    let mut files: Vec<PathBuf> = Vec::new();
    for report in &options.reports {
        files.extend(explain::assessment_files(report)?);
    }
    let mut keyed = Vec::new();
    for path in files {
        let key = explain::read_assessment(&path, &settings.limits)?.org.key;
        keyed.push((settings.shown_key(&key, true), path));
    }
    keyed.sort();
    if let Some(pair) = keyed.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let message = format!("is a second assessment of org `{}`", pair[0].0);
        return Err(Failure::new(pair[1].1.display(), message, "leave one of them out"));
    }
    guard_inputs(&options.output, keyed.iter().map(|(_, path)| path.as_path()))?;
    settings.guard_map(&options.output, options.rendering.force)?;
    let mut staging = Staging::open(&options.output, options.rendering.force)?;
    let mut batch = Batch::new(&settings);
    for (key, path) in &keyed {
        match org(path, &settings) {
            Ok(org) => batch.add(org, true, &mut staging, console)?,
            Err(failure) => batch.fail(key, path, failure, console),
        }
    }
    let (manifest, code) = batch.finish(true, &mut staging, console)?;
    let written = staging.finish(manifest)?;
    settings.write_map()?;
    for path in written.iter().filter(|p| p.parent() == Some(options.output.as_path())) {
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(code)
}

/// One org, redacted when asked for; one that was redacted before keeps its pseudonyms.
fn org(path: &Path, settings: &Settings) -> Result<Org, Failure> {
    let mut assessment = explain::read_assessment(path, &settings.limits)?;
    let history = histories::up_to(path, &assessment, &settings.limits)?;
    assessment.given.show_as(&settings.given);
    if let Some(redacting) = &settings.redacting {
        redacting.assessment(&mut assessment, None, true)?;
    }
    if assessment.redaction.is_some() {
        return outputs::org(assessment, &history, settings, true, None);
    }
    let kept = kit_beside(path, settings);
    let anew: Option<outputs::Original<'_>> =
        if matches!(&kept, Ok(files) if !files.is_empty()) { None } else { Some(&|_| None) };
    let mut org = outputs::org(assessment, &history, settings, true, anew)?;
    match kept {
        Ok(files) if settings.writes_kit() => org.files.extend(files),
        Ok(_) => {}
        Err(failure) => org.warnings.push(failure),
    }
    Ok(org)
}

/// The kit that was written with an assessment: it holds files of the snapshot, which is not here. None when a file of
/// it is not as it was written.
fn kit_beside(assessment: &Path, settings: &Settings) -> Result<Files, Failure> {
    let Some(kept) = Kept::beside(assessment, &settings.limits) else { return Ok(Files::new()) };
    let mut files = Files::new();
    for name in kept.kit() {
        let Some(bytes) = kept.read(name, &settings.limits) else {
            let place = assessment.with_file_name(name);
            let message = "is not as shr wrote it; no file of the snapshot goes into the kit of this portfolio";
            return Err(Failure::new(place.display(), message, "review the snapshot again to have them"));
        };
        files.push((name.to_owned(), bytes));
    }
    Ok(files)
}
