//! `shr pack`: one finding, or those of one owner, out of a finished report: a folder to hand on.

use super::folder::{Staging, guard_inputs};
use super::formats::{self, Files, Page, Writer};
use super::kept::Kept;
use super::outputs;
use super::settings::Settings;
use super::{Console, Failure, Surroundings, exit, explain, unread};
use crate::cli::Pack;
use crate::limits::Limits;
use crate::model::Assessment;
use crate::render::{markdown, remediation};
use crate::report;
use crate::source::regular;
use crate::tracker::read;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(super) fn pack(options: &Pack, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<u8, Failure> {
    let settings = Settings::load(&options.rendering, None, surroundings)?;
    let wanted = wanted(options, &settings.limits)?;
    if !settings.writers().any(|writer| matches!(writer, Writer::Pages(_))) {
        let hint = "pass --format md, html, docx or pdf";
        return Err(Failure::new("", "a pack is written as Markdown, HTML, Word or PDF only", hint));
    }
    guard_inputs(&options.output, explain::assessment_files(&options.report)?.iter().map(PathBuf::as_path))?;
    settings.guard_map(&options.output, options.rendering.force)?;
    let paths = explain::assessment_files(&options.report)?;
    let several = paths.len() > 1;
    let mut staging = Staging::open(&options.output, options.rendering.force)?;
    let mut found = BTreeSet::new();
    for path in &paths {
        let assessment = explain::read_assessment(path, &settings.limits)?;
        let (key, ids) = (settings.shown_key(&assessment.org.key, several), chosen(&assessment, &wanted));
        let Some(files) = of_org(assessment, path, &ids, options, &settings, several, console)? else { continue };
        found.extend(ids.iter().cloned());
        let folder = if several { format!("{key}/") } else { String::new() };
        for (name, bytes) in &files {
            staging.write(&format!("{folder}{name}"), bytes)?;
        }
    }
    if found.is_empty() {
        return Err(Failure::new(options.report.display(), "holds no open finding of that kind", hint(options)));
    }
    let asked = options.finding.iter().map(|id| id.trim().to_uppercase());
    if let Some(id) = asked.into_iter().find(|id| !found.contains(id)) {
        let message = format!("holds no open finding {id}");
        return Err(Failure::new(options.report.display(), message, "report.md and findings.csv list the ids"));
    }
    let written = staging.finish(settings.manifest())?;
    settings.write_map()?;
    for path in written.iter().filter(|path| path.parent() == Some(options.output.as_path())) {
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(exit::CLEAN)
}

fn hint(options: &Pack) -> &'static str {
    match options.owner {
        Some(_) => {
            "the owner is what stands in the column `owner` of the tracker; --tracker FILE names another tracker"
        }
        None => "report.md and findings.csv list the ids",
    }
}

/// Ids of the findings that are asked for, in upper case.
fn wanted(options: &Pack, limits: &Limits) -> Result<BTreeSet<String>, Failure> {
    let mut ids: BTreeSet<String> = options.finding.iter().map(|id| id.trim().to_uppercase()).collect();
    let Some(owner) = &options.owner else { return Ok(ids) };
    if owner.trim().is_empty() {
        return Err(Failure::new("--owner", "names nobody", "name the owner as the tracker does"));
    }
    let path = options.tracker.clone().unwrap_or_else(|| options.report.join("findings.csv"));
    let bytes = regular::read(&path, limits.tracker_bytes)
        .map_err(|error| unread(&path, &error, "tracker-bytes", "name the tracker with --tracker FILE"))?;
    let tracker = read::read_within(&bytes, None, limits).map_err(|faults| {
        let first = faults.0.first().map(ToString::to_string).unwrap_or_default();
        Failure::new(path.display(), first, "shr track --check lists every fault of it")
    })?;
    let same = |cell: &str| cell.trim().to_lowercase() == owner.trim().to_lowercase();
    let own = tracker.rows.iter().filter(|line| same(tracker.named(line, "owner")));
    ids.extend(own.map(|line| tracker.named(line, "finding_id").trim().to_uppercase()));
    Ok(ids)
}

fn chosen(assessment: &Assessment, wanted: &BTreeSet<String>) -> BTreeSet<String> {
    let open = assessment.findings.iter().filter(|finding| finding.result.is_open() && wanted.contains(&finding.id));
    open.map(|finding| finding.id.clone()).collect()
}

/// The files of one org; none when nothing of it is asked for.
fn of_org(
    mut assessment: Assessment,
    path: &Path,
    ids: &BTreeSet<String>,
    options: &Pack,
    settings: &Settings,
    several: bool,
    console: &mut Console<'_>,
) -> Result<Option<Files>, Failure> {
    let mut owner = options.owner.clone().unwrap_or_default();
    if let Some(redacting) = &settings.redacting {
        redacting.assessment(&mut assessment, None, several)?;
        owner = String::new();
    }
    let view = report::pack(&assessment, &settings.control, &settings.wording, ids, &owner);
    let Some(view) = view else { return Ok(None) };
    let text = markdown::pack(&view, &settings.templates).map_err(|error| settings.template_failure(&error))?;
    let document = &assessment.document;
    let page = Page {
        volume: "pack",
        text: &text,
        blocks: OnceCell::new(),
        figures: &[],
        title: &view.title,
        author: &document.prepared_by,
        draft: !document.is_final,
        header_left: outputs::headed(&assessment),
        header_right: &document.classification,
        run: assessment.org.digest.chars().take(12).collect(),
    };
    let (mut files, warnings) = formats::pages(&page, settings)?;
    warnings.iter().for_each(|warning| console.warn(warning));
    if settings.writes_kit() && assessment.redaction.is_none() {
        files.extend(kit(&assessment, path, ids, settings)?);
    }
    Ok(Some(files))
}

/// The part of the kit for these findings. Policies are those that the report kept to go back to.
fn kit(assessment: &Assessment, path: &Path, ids: &BTreeSet<String>, settings: &Settings) -> Result<Files, Failure> {
    let mut apps = report::kit(assessment, &settings.control, &settings.wording);
    apps.retain(|app| ids.contains(&app.id));
    let kept = Kept::beside(path, &settings.limits);
    let original = |path: &str| {
        let name = format!("{}/{}", outputs::KIT, remediation::kept(path));
        kept.as_ref()?.read(&name, &settings.limits).and_then(|bytes| String::from_utf8(bytes).ok())
    };
    outputs::kit_of(&apps, assessment, settings, &original)
}
