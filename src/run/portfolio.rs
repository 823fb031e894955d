//! `shr portfolio`: one report over assessments already written, byte for byte what one run over all had written.

use super::batch::{Batch, Org};
use super::folder::Staging;
use super::folder::entries_below;
use super::formats::Files;
use super::outputs;
use super::settings::Settings;
use super::{Console, Failure, Surroundings, explain, unread};
use crate::cli::Portfolio;
use crate::source::regular;
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
    assessment.given.show_as(&settings.given);
    if let Some(redacting) = &settings.redacting {
        redacting.assessment(&mut assessment, None, true)?;
    }
    if assessment.redaction.is_some() {
        return outputs::org(assessment, settings, true, None);
    }
    let kept = kit_beside(path, settings)?;
    let mut org = outputs::org(assessment, settings, true, Some(&|_| None))?;
    if !kept.is_empty() && settings.writes_kit() {
        org.files.retain(|(path, _)| !path.starts_with(&format!("{}/", outputs::KIT)));
        org.files.extend(kept);
    }
    Ok(org)
}

/// The kit that was written with an assessment: it holds files of the snapshot, which is not here.
fn kit_beside(assessment: &Path, settings: &Settings) -> Result<Files, Failure> {
    let Some(report) = assessment.parent() else { return Ok(Files::new()) };
    let folder = report.join(outputs::KIT);
    if !folder.is_dir() {
        return Ok(Files::new());
    }
    let mut files = Files::new();
    for entry in entries_below(&folder)?.into_iter().filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(report).map(|path| path.to_string_lossy().replace('\\', "/"));
        let bytes = regular::read(entry.path(), settings.limits.asset_bytes);
        let bytes = bytes.map_err(|error| unread(entry.path(), &error, "asset-bytes", ""))?;
        files.extend(name.ok().map(|name| (name, bytes)));
    }
    Ok(files)
}
