//! `shr review`: snapshots in, reports out.

use super::batch::{Batch, Org};
use super::checking;
use super::folder::Staging;
use super::histories;
use super::outputs;
use super::settings::Settings;
use super::{Console, Failure, Surroundings, exit, explain};
use crate::assess;
use crate::cli::Review;
use crate::engagement::SeenOrg;
use crate::history::History;
use crate::ingest::{self, SnapshotRoot};
use crate::limits::Limits;
use crate::model::{Assessment, GivenFile, GivenOption};
use crate::snapshot::SfId;
use crate::source::{Source, SourceError, regular};
use crate::text::message::Message;
use crate::text::visible;
use crate::{delta, manifest};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Assessments that a run compares with, and the files that hold them.
#[derive(Default)]
pub(super) struct Baseline {
    name: String,
    assessments: Vec<Assessment>,
    files: Vec<GivenFile>,
    /// What is beside each assessment.
    histories: Vec<Option<(History, GivenFile)>>,
}

impl Baseline {
    fn read(from: &Path, limits: &Limits) -> Result<Self, Failure> {
        let paths = explain::assessment_files(from)?;
        let assessments: Vec<Assessment> =
            paths.iter().map(|path| explain::read_assessment(path, limits)).collect::<Result<_, _>>()?;
        let mut files = Vec::new();
        for path in &paths {
            let bytes = regular::read(path, limits.assessment_bytes).map_err(|error| Failure::io(path, &error, ""))?;
            let (size, sha256) = (bytes.len() as u64, manifest::sha256(&bytes));
            files.push(GivenFile { what: "baseline".to_owned(), path: name_of(path), bytes: size, sha256 });
        }
        let beside = paths.iter().zip(&assessments).map(|(path, of)| histories::beside(path, of, limits));
        let histories = beside.collect::<Result<_, _>>()?;
        Ok(Self { name: name_of(from), assessments, files, histories })
    }

    /// Notes in an assessment that it was compared with one of these.
    fn note(&self, a: &mut Assessment, old: usize) {
        let option = GivenOption { option: "--baseline".to_owned(), value: self.name.clone() };
        a.given.options.insert(usize::from(!a.given.options.is_empty()), option);
        a.given.files.extend(self.files.get(old).cloned());
        a.given.files.extend(self.histories.get(old).cloned().flatten().map(|(_, file)| file));
    }

    fn history(&self, old: usize) -> Option<&History> {
        self.histories.get(old)?.as_ref().map(|(history, _)| history)
    }
}

/// One org to read.
pub(super) struct Job {
    pub(super) key: String,
    pub(super) path: PathBuf,
    /// What was decided about it when it was found.
    pub(super) decisions: Vec<Message>,
}

pub(super) fn review(options: &Review, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<u8, Failure> {
    if options.check_templates {
        return checking::check_templates(options, surroundings, console);
    }
    let (written, code) = write(options, surroundings, console)?;
    console.print(&summary(options, &written, code)?)?;
    Ok(code)
}

/// Reviews and writes; gives the paths written (none when no org could be read) and the exit code.
pub(super) fn write(
    options: &Review,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<(Vec<PathBuf>, u8), Failure> {
    let settings = Settings::load(&options.rendering, options.engagement.as_deref(), surroundings)?;
    settings.guard_map(&options.output, options.rendering.force)?;
    let baseline =
        options.baseline.as_deref().map(|from| Baseline::read(from, &settings.limits)).transpose()?.unwrap_or_default();
    let mut batch = Batch::new(&settings);
    let mut jobs = jobs(&options.snapshots, &settings, &mut batch, console);
    if jobs.is_empty() {
        return Ok((Vec::new(), exit::ERROR));
    }
    let several = jobs.len() + batch.failed() > 1;
    jobs.sort_by_cached_key(|job| settings.shown_key(&job.key, several));
    let mut staging = Staging::open(&options.output, options.rendering.force)?;
    let shown = surroundings.progress && several && !console.quiet;
    let mut done = 0;
    for chunk in jobs.chunks(rayon::current_num_threads()) {
        let read: Vec<_> = chunk.par_iter().map(|job| review_one(job, &settings, &baseline, several)).collect();
        for (job, outcome) in chunk.iter().zip(read) {
            done += 1;
            if shown {
                console.progress(&format!("{done} of {} {}", jobs.len(), settings.shown_key(&job.key, several)));
            }
            match outcome {
                Ok((org, seen)) => {
                    batch.saw(&job.key, seen);
                    batch.add(org, several, &mut staging, console)?;
                }
                Err(failure) => batch.fail(&job.key, &job.path, failure, console),
            }
        }
    }
    console.clear();
    if batch.is_empty() {
        return Ok((Vec::new(), exit::ERROR));
    }
    batch.tell_mistakes(console);
    let (manifest, code) = batch.finish(several, &mut staging, console)?;
    let written = staging.finish(manifest)?;
    settings.write_map()?;
    Ok((written, code))
}

pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Reads, judges and renders one org. Pure but for reading the source.
pub(super) fn review_one(
    job: &Job,
    settings: &Settings,
    baseline: &Baseline,
    several: bool,
) -> Result<(Org, SeenOrg), Failure> {
    let source = Source::open(&job.path, &settings.limits).map_err(|error| failure_of(&error))?;
    review_source(&source, job, settings, baseline, several)
}

pub(super) fn review_source(
    source: &Source,
    job: &Job,
    settings: &Settings,
    baseline: &Baseline,
    several: bool,
) -> Result<(Org, SeenOrg), Failure> {
    let limits = &settings.limits;
    let mut snapshot = ingest::read(source, limits).map_err(|error| failure_of(&error))?;
    if snapshot.inputs.is_empty() && snapshot.problems.is_empty() {
        return Err(failure_of(&SourceError::Empty { path: job.path.display().to_string() }));
    }
    if settings.redacting.is_none() {
        // They name folders beside this org's: perhaps those of other clients.
        snapshot.decisions.splice(0..0, job.decisions.iter().cloned());
    }
    let Settings { control, engagement, as_of, limits, .. } = settings;
    let mut assessment = assess::assess_within(&snapshot, control, engagement, &job.key, *as_of, limits);
    let seen = SeenOrg::of(&assessment);
    assessment.given = settings.given.clone();
    let old = earlier(&baseline.assessments, job, settings, several)?;
    let renamed =
        if old.is_none() && settings.redacting.is_none() { renamed(&baseline.assessments, job, &seen) } else { None };
    if let Some((at, _)) = &old {
        baseline.note(&mut assessment, *at);
    }
    if let Some(redacting) = &settings.redacting {
        redacting.assessment(&mut assessment, Some(&snapshot), several)?;
    }
    match &old {
        Some((_, old)) => delta::compare(old, &mut assessment),
        None => delta::first(&mut assessment),
    }
    let earlier = old.as_ref().and_then(|(at, _)| baseline.history(*at));
    let history = History::of(earlier, old.as_ref().map(|(_, old)| old), &assessment);
    drop(old);
    drop(snapshot);
    if settings.checking {
        checking::fill(&mut assessment);
        checking::pack(&assessment, settings)?;
    }
    let original = |path: &str| {
        let entry = source.entries().iter().find(|entry| *entry.path == *path)?;
        let bytes = source.bytes(entry, limits).ok()?;
        String::from_utf8(bytes.into_owned()).ok()
    };
    let mut org = outputs::org(assessment, &history, settings, several, Some(&original))?;
    org.warnings.extend(renamed);
    Ok((org, seen))
}

/// The baseline calls the same org otherwise: ids of findings hang on the key, so every finding would be new.
fn renamed(baseline: &[Assessment], job: &Job, seen: &SeenOrg) -> Option<Failure> {
    let old = baseline.iter().find(|old| !old.org.id.is_empty() && old.org.id == seen.id)?;
    let message = format!("calls the org {} `{}`, this run `{}`: every finding is new", seen.id, old.org.key, job.key);
    let hint = "give the org one key in the engagement file: [[org]] with that key and id";
    Some(Failure::new("--baseline", message, hint))
}

/// The earlier assessment of an org, with the names that this run shows: pseudonyms are compared with pseudonyms.
fn earlier(
    baseline: &[Assessment],
    job: &Job,
    settings: &Settings,
    several: bool,
) -> Result<Option<(usize, Assessment)>, Failure> {
    let Some(redacting) = &settings.redacting else {
        let old = baseline.iter().enumerate().find(|(_, old)| old.org.key == job.key);
        if old.is_some_and(|(_, old)| old.redaction.is_some()) {
            let hint = "pass --redact, with the key that the baseline was redacted with, or name one with the names";
            return Err(Failure::new("--baseline", "shows pseudonyms, this run names", hint));
        }
        return Ok(old.map(|(at, old)| (at, old.clone())));
    };
    let found = baseline.iter().enumerate().find(|(_, old)| redacting.is_org(&old.org.key, &job.key));
    let Some((at, mut old)) = found.map(|(at, old)| (at, old.clone())) else { return Ok(None) };
    redacting.baseline(&mut old, several)?;
    old.org.key = settings.shown_key(&job.key, several);
    Ok(Some((at, old)))
}

fn failure_of(error: &SourceError) -> Failure {
    Failure::new("", error, error.hint())
}

/// Finds the orgs behind the arguments and gives each a key. What cannot be read is noted and never stops the rest.
pub(super) fn jobs(
    arguments: &[PathBuf],
    settings: &Settings,
    batch: &mut Batch<'_>,
    console: &mut Console<'_>,
) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    let mut taken = BTreeSet::new();
    for argument in arguments {
        let discovery = match ingest::discover(argument, &settings.limits) {
            Ok(discovery) => discovery,
            Err(error) => {
                batch.fail(&name_of(argument), argument, failure_of(&error), console);
                continue;
            }
        };
        console.note(&format!("{}: {}", argument.display(), discovery.decision));
        if !discovery.passed_over.is_empty() {
            let names = match settings.redacting {
                Some(_) => counted(discovery.passed_over.len(), "folder or archive"),
                None => discovery.passed_over.join(", "),
            };
            console.tell(&format!("{}: passed over, nothing of an org in it: {names}", argument.display()));
        }
        for root in discovery.roots {
            let key = org_key(&root, settings, &taken, console);
            if taken.insert(key.clone()) {
                jobs.push(Job { key, path: root.path, decisions: root.decisions });
            } else {
                let message = format!("is a second snapshot of org `{key}`");
                let hint = "give each org a key of its own in the engagement file ([[org]] key and snapshot)";
                batch.fail(&root.name, &root.path, Failure::new(root.path.display(), message, hint), console);
            }
        }
    }
    jobs.sort_by(|a, b| a.key.cmp(&b.key));
    jobs
}

/// The key of a snapshot: that of the engagement file's entry which has its organisation id, else of the entry which
/// has its name, else its own name in letters, digits, `-`, `_` and `.`. A second snapshot of an org keeps its name.
fn org_key(root: &SnapshotRoot, settings: &Settings, taken: &BTreeSet<String>, console: &mut Console<'_>) -> String {
    let orgs = &settings.engagement.orgs;
    let by_name = orgs.iter().find(|(key, facts)| **key == root.name || facts.snapshot == root.name);
    let by_name = by_name.map(|(key, _)| key);
    let by_id = declared_by_id(root, settings).filter(|key| !taken.contains(*key));
    if let (Some(named), Some(meant)) = (by_name, by_id)
        && named != meant
    {
        let (named, meant) = (settings.shown_key(named, true), settings.shown_key(meant, true));
        let message =
            format!("is called as the org `{named}`, and its organisation id is that of `{meant}`: read as that");
        let hint = "rename it, or correct the ids in the engagement file";
        console.warn(&Failure::new(root.path.display(), message, hint));
    }
    if let Some(key) = by_id.or(by_name) {
        return key.clone();
    }
    let key = root.name.replace(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'), "-");
    match key.trim_matches('.') {
        "" => "org".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// The key of the one entry of the engagement file that has an organisation id which the snapshot shows. A snapshot
/// that cannot be opened shows none; what is wrong with it is told when it is read.
fn declared_by_id<'a>(root: &SnapshotRoot, settings: &'a Settings) -> Option<&'a String> {
    let declared: Vec<(&String, SfId)> =
        settings.engagement.orgs.iter().filter_map(|(key, facts)| Some((key, SfId::parse(&facts.id)?))).collect();
    if declared.is_empty() {
        return None;
    }
    let limits = settings.limits;
    let seen = ingest::org_ids(&Source::open(&root.path, &limits).ok()?, &limits);
    let mut meant = declared.into_iter().filter(|(_, id)| seen.contains(id)).map(|(key, _)| key);
    meant.next().filter(|_| meant.next().is_none())
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// Standard output of a finished run.
fn summary(options: &Review, written: &[PathBuf], code: u8) -> Result<String, Failure> {
    if !options.json {
        let top = written.iter().filter(|path| path.parent() == Some(options.output.as_path()));
        return Ok(top.map(|path| format!("{}\n", path.display())).collect());
    }
    let files: Vec<String> = written.iter().map(|p| p.display().to_string()).collect();
    let output = options.output.display().to_string();
    let object = serde_json::json!({"exit_code": code, "files": files, "output": output});
    visible::json(&object).map_err(|e| Failure::new("", e, ""))
}
