//! `shr portfolio`: one report over assessments already written, byte for byte what one run over all had written.

use super::batch::Batch;
use super::folder::Staging;
use super::render;
use super::settings::Settings;
use super::{Console, Failure, Surroundings, explain};
use crate::cli::Portfolio;
use std::path::PathBuf;

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
        keyed.push((explain::read_assessment(&path)?.org.key, path));
    }
    keyed.sort();
    if let Some(pair) = keyed.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let message = format!("is a second assessment of org `{}`", pair[0].0);
        return Err(Failure::new(pair[1].1.display(), message, "leave one of them out"));
    }
    let mut staging = Staging::open(&options.output, options.rendering.force)?;
    let mut batch = Batch::new(&settings);
    for (key, path) in &keyed {
        match explain::read_assessment(path).and_then(|assessment| render::org(&assessment, &settings, true)) {
            Ok(org) => batch.add(org, true, &mut staging, console)?,
            Err(failure) => batch.fail(key, failure, console),
        }
    }
    let (manifest, code) = batch.finish(true, &mut staging, console)?;
    let written = staging.finish(manifest)?;
    for path in written.iter().filter(|p| p.parent() == Some(options.output.as_path())) {
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(code)
}
