//! `shr track`: an older tracker and a new run become the next tracker; checks, due lists and counts of a tracker.

use crate::assessment::Assessment;
use crate::render::csv::{self, Dialect};
use crate::render::xlsx;
use crate::tracker::{self, DateOrder, Fault, Faults, Options, Tracker, rows};
use crate::wording::Wording;
use jiff::civil::Date;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What to merge, and how to write it.
#[derive(Clone, Debug)]
pub struct Track<'a> {
    /// The tracker that people worked in: CSV or `.xlsx`. It is only read.
    pub tracker: &'a Path,
    /// Folder of the new run (`assessment.json`, or `orgs/*/assessment.json`), or one such file.
    pub from: &'a Path,
    /// Folder of the run that the tracker was written from, where it is at hand.
    pub baseline: Option<&'a Path>,
    /// New tracker; `.xlsx` makes a workbook, everything else CSV.
    pub output: &'a Path,
    /// Flavour of CSV.
    pub dialect: Dialect,
    /// Order of day and month in `3/4/2026`.
    pub order: Option<DateOrder>,
    /// Day as of which acceptances and due dates are judged; the latest as-of day of the run when not given.
    pub as_of: Option<Date>,
    /// Adds rows for apps that pass, too.
    pub all: bool,
}

/// Why a tracker could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TrackError {
    /// A file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is no assessment of this version.
    #[error("{}: not an assessment: {source}", path.display())]
    Assessment {
        /// The path.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// No assessment in a folder.
    #[error("{}: there is no assessment.json in it", .0.display())]
    Nothing(PathBuf),
    /// The tracker holds what cannot be merged.
    #[error("{}", faults_text(path, faults))]
    Tracker {
        /// The path.
        path: PathBuf,
        /// Each with row and column.
        faults: Faults,
    },
    /// The output is the input.
    #[error("{}: the tracker itself is never written: name another file", .0.display())]
    SameFile(PathBuf),
    /// The output cannot be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The workbook writer refused.
    #[error(transparent)]
    Workbook(#[from] xlsx::WorkbookError),
    /// Standard output is closed or full.
    #[error(transparent)]
    Out(#[from] io::Error),
}

fn faults_text(path: &Path, faults: &Faults) -> String {
    faults.0.iter().map(|fault| fault_line(path, fault)).collect::<Vec<_>>().join("\n")
}

/// `PATH:ROW: column X: what is wrong`, and the hint on a line of its own.
fn fault_line(path: &Path, fault: &Fault) -> String {
    let place = if fault.row == 0 { path.display().to_string() } else { format!("{}:{}", path.display(), fault.row) };
    let column = if fault.column.is_empty() { String::new() } else { format!("column {}: ", fault.column) };
    let hint = if fault.hint.is_empty() { String::new() } else { format!("\nhint: {}", fault.hint) };
    format!("{place}: {column}{}{hint}", fault.message)
}

/// Merges and writes the new tracker, and tells every change on `out`. Gives the paths written.
///
/// # Errors
/// When something cannot be read or written, or the tracker holds what cannot be merged. Nothing is written then.
pub fn track(args: &Track<'_>, wording: &Wording, out: &mut dyn Write) -> Result<Vec<PathBuf>, TrackError> {
    if same_file(args.tracker, args.output) {
        return Err(TrackError::SameFile(args.output.to_owned()));
    }
    let old = load(args.tracker, args.order)?;
    let runs = assessments(args.from)?;
    let runs: Vec<&Assessment> = runs.iter().collect();
    let before = args.baseline.map(assessments).transpose()?.unwrap_or_default();
    let before: Vec<&Assessment> = before.iter().collect();
    let as_of = args.as_of.or_else(|| runs.iter().map(|run| run.as_of).max()).unwrap_or_default();
    let previous = rows::findings(&before, wording, true);
    let new = rows::findings(&runs, wording, true);
    let options = Options {
        all: args.all,
        previous: args.baseline.is_some().then_some(previous.as_slice()),
        ..Options::of(&runs, as_of, wording)
    };
    let merged = tracker::merge(old, &new, &options)
        .map_err(|faults| TrackError::Tracker { path: args.tracker.to_owned(), faults })?;
    let written = save(args, &merged.tracker, wording, as_of)?;
    write!(out, "{}", tracker::changes::text(&merged.changes, wording))?;
    for path in &written {
        writeln!(out, "{}", path.display())?;
    }
    Ok(written)
}

/// Reads a tracker from a file.
///
/// # Errors
/// When the file cannot be read, or holds what [`tracker::read`] refuses.
pub fn load(path: &Path, order: Option<DateOrder>) -> Result<Tracker, TrackError> {
    let bytes = fs::read(path).map_err(|source| TrackError::Read { path: path.to_owned(), source })?;
    tracker::read(&bytes, order).map_err(|faults| TrackError::Tracker { path: path.to_owned(), faults })
}

/// Writes what a person should mend in a tracker; gives the number of remarks.
///
/// # Errors
/// When the tracker cannot be read, or `out` not written.
pub fn check(path: &Path, order: Option<DateOrder>, as_of: Date, out: &mut dyn Write) -> Result<usize, TrackError> {
    let faults = tracker::lint(&load(path, order)?, as_of);
    for fault in &faults {
        writeln!(out, "{}", fault_line(path, fault))?;
    }
    Ok(faults.len())
}

/// Writes the open findings and acceptances that end within so many days.
///
/// # Errors
/// When the tracker cannot be read, or `out` not written.
pub fn due(
    path: &Path,
    order: Option<DateOrder>,
    as_of: Date,
    days: i32,
    out: &mut dyn Write,
) -> Result<(), TrackError> {
    for due in tracker::due(&load(path, order)?, as_of, days) {
        let what = match (due.acceptance, due.proposed) {
            (true, _) => "acceptance ends",
            (false, true) => "proposed",
            (false, false) => "due",
        };
        let owner = if due.owner.is_empty() { "no owner" } else { &due.owner };
        let [app, owner] = [due.app.as_str(), owner].map(|text| tracker::table::shown(text).replace('\n', " "));
        writeln!(out, "{}  {:>4} days  {what:<15}  {}  {app}  {owner}", due.day, due.days_left, due.id)?;
    }
    Ok(())
}

/// Writes where a tracker stands.
///
/// # Errors
/// When the tracker cannot be read, or `out` not written.
pub fn stats(path: &Path, order: Option<DateOrder>, as_of: Date, out: &mut dyn Write) -> Result<(), TrackError> {
    write!(out, "{}", tracker::stats(&load(path, order)?, as_of))?;
    Ok(())
}

/// Assessments of a run: the file itself, `DIR/assessment.json`, or `DIR/orgs/*/assessment.json` in order of name.
///
/// # Errors
/// When a file cannot be read or is no assessment, or there is none.
pub fn assessments(from: &Path) -> Result<Vec<Assessment>, TrackError> {
    let mut paths = Vec::new();
    if from.is_file() {
        paths.push(from.to_owned());
    } else {
        let orgs = from.join("orgs");
        if orgs.is_dir() {
            let entries = fs::read_dir(&orgs).map_err(|source| TrackError::Read { path: orgs.clone(), source })?;
            paths.extend(entries.filter_map(Result::ok).map(|entry| entry.path().join("assessment.json")));
            paths.retain(|path| path.is_file());
            paths.sort();
        }
        if paths.is_empty() && from.join("assessment.json").is_file() {
            paths.push(from.join("assessment.json"));
        }
    }
    if paths.is_empty() {
        return Err(TrackError::Nothing(from.to_owned()));
    }
    paths.iter().map(|path| assessment(path)).collect()
}

fn assessment(path: &Path) -> Result<Assessment, TrackError> {
    let bytes = fs::read(path).map_err(|source| TrackError::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| TrackError::Assessment { path: path.to_owned(), source })
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn save(args: &Track<'_>, merged: &Tracker, wording: &Wording, as_of: Date) -> Result<Vec<PathBuf>, TrackError> {
    let workbook = args.output.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("xlsx"));
    if workbook {
        let options = xlsx::Options { created: as_of, all: args.all, report: "" };
        let bytes = xlsx::tracker(merged, wording, &options)?;
        write_whole(args.output, &bytes)?;
        return Ok(vec![args.output.to_owned()]);
    }
    let mut written = Vec::new();
    for (part, (_, bytes)) in csv::file(&merged.table(), args.dialect).into_iter().enumerate() {
        let path = part_path(args.output, part);
        write_whole(&path, &bytes)?;
        written.push(path);
    }
    Ok(written)
}

/// `new.csv`, `new-2.csv`, …
fn part_path(output: &Path, part: usize) -> PathBuf {
    if part == 0 {
        return output.to_owned();
    }
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    let kind = output.extension().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!("{stem}-{}.{kind}", part + 1))
}

/// Writes beside the target and renames, so that an interrupted run leaves no half file.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), TrackError> {
    let error = |source| TrackError::Write { path: path.to_owned(), source };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.part"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&beside).map_err(error)?;
    let done = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, path));
    done.map_err(|source| {
        fs::remove_file(&beside).ok();
        error(source)
    })
}
