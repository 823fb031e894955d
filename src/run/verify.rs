//! `shr verify`: hash a report again; with snapshots, review again and compare bytes.

use super::stage::Stage;
use super::{Console, Failure, Surroundings, exit, folder, review};
use crate::cli::{Bounds, Rendering, Review};
use crate::limits::{Change, Limits};
use crate::manifest::{self, Difference, MANIFEST, Manifest, SUMS};
use crate::model::PseudonymKey;
use crate::render::csv::Dialect;
use crate::render::format::Format;
use crate::source::regular;
use crate::table::profiles::Profile;
use std::path::{Path, PathBuf};

/// What a report was made from.
pub(super) struct From<'a> {
    /// Snapshots; empty when nothing is to be reproduced.
    pub(super) snapshots: &'a [PathBuf],
    pub(super) engagement: Option<&'a Path>,
    /// Key of the pseudonyms.
    pub(super) key: Option<&'a Path>,
    /// What the report folder may cost; a review again has the limits of the manifest.
    pub(super) limits: Limits,
}

pub(super) fn verify(
    dir: &Path,
    from: &From<'_>,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let manifest = folder::read_manifest(dir, &from.limits).ok_or_else(|| {
        let hint = "name a report folder that shr review wrote";
        Failure::new(dir.join(MANIFEST).display(), "is missing or no manifest of this version", hint)
    })?;
    let mut differences = manifest::check(&manifest, dir);
    let sums = regular::read_text(&dir.join(SUMS), from.limits.manifest_bytes).ok();
    match sums {
        None => differences.push(Difference::Missing(SUMS.to_owned())),
        // The manifest's own hash stands there too; only the outputs' lines are compared.
        Some(text) if !manifest::sums(&manifest.outputs).lines().all(|line| text.lines().any(|l| l == line)) => {
            differences.push(Difference::Changed(SUMS.to_owned()));
        }
        Some(_) => {}
    }
    if !from.snapshots.is_empty() {
        differences.extend(reproduced(dir, &manifest, from, surroundings, console)?);
    }
    for difference in &differences {
        console.print(&format!("{}: {difference}\n", dir.display()))?;
    }
    if differences.is_empty() {
        let how =
            if from.snapshots.is_empty() { "as written" } else { "as written, and written again to the same bytes" };
        console.print(&format!("{}: {} files {how}\n", dir.display(), manifest.outputs.len()))?;
        return Ok(exit::CLEAN);
    }
    Ok(exit::DIFFERENT)
}

fn unknown(dir: &Path) -> Failure {
    let hint = "use the version of shr that wrote the report";
    Failure::new(dir.join(MANIFEST).display(), "names options that this version does not know", hint)
}

/// Reviews the snapshots again with the options of the manifest, and compares every output.
fn reproduced(
    dir: &Path,
    manifest: &Manifest,
    from: &From<'_>,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<Vec<Difference>, Failure> {
    let options = &manifest.options;
    let format: Option<Vec<Format>> = options.format.iter().map(|word| Format::of(word)).collect();
    let own = options.redact.as_deref() == Some(PseudonymKey::Own.word());
    if own && from.key.is_none() && from.engagement.is_none() {
        let hint = "pass that key to --redact-key, or the engagement file that holds it to --engagement";
        return Err(Failure::new(dir.display(), "was redacted with a key of its own", hint));
    }
    let changes = options.limits.iter().map(|(name, value)| Change::new(name, *value));
    let room = Stage::temporary("verify")?;
    // One folder deeper: a stage is locked, and writing takes a lock on the folder around the report.
    let again = room.path().join("again").join("report");
    let rendering = Rendering {
        format: format.ok_or_else(|| unknown(dir))?,
        all: options.all,
        strict: options.strict,
        workpapers: options.workpapers,
        as_of: Some(options.as_of.parse().map_err(|_| unknown(dir))?),
        dialect: Dialect::of(&options.dialect).ok_or_else(|| unknown(dir))?,
        columns: options.columns.as_deref().map(str::parse).transpose().map_err(|_| unknown(dir))?,
        cards: options.cards,
        profile: options.profile.iter().filter_map(|word| Profile::of(word)).collect(),
        lang: options.lang.clone(),
        theme: None,
        templates: None,
        font: Vec::new(),
        redact: options.redact.is_some(),
        redact_key: from.key.filter(|_| options.redact.is_some()).map(Path::to_owned),
        redact_map: None,
        force: true,
        bounds: Bounds { limit: changes.collect::<Result<_, _>>().map_err(|_| unknown(dir))? },
    };
    let review = Review {
        snapshots: from.snapshots.to_vec(),
        output: again.clone(),
        engagement: from.engagement.map(Path::to_owned),
        baseline: None,
        rendering,
        json: false,
        check_templates: false,
    };
    review::write(&review, surroundings, console)?;
    Ok(manifest::check(manifest, &again))
}
