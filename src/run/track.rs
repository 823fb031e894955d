//! `shr track` and `shr diff`: what people typed meets what is new.

use super::{Console, Failure, Surroundings, as_of, exit, explain, folder, load_wording, unread};
use crate::cli::Track;
use crate::delta;
use crate::limits::Limits;
use crate::model::Assessment;
use crate::render::theme::Theme;
use crate::render::{csv, xlsx};
use crate::source::regular;
use crate::table::rows;
use crate::text::wording::Wording;
use crate::tracker::book::{Fault, Faults, Tracker};
use crate::tracker::{changes, lint, meeting, merge, read};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

pub(super) fn track(options: &Track, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<u8, Failure> {
    let limits = options.bounds.limits();
    let bytes = regular::read(&options.tracker, limits.tracker_bytes)
        .map_err(|e| unread(&options.tracker, &e, "tracker-bytes", "name the tracker, a .csv or .xlsx file"))?;
    let tracker = match read::read_within(&bytes, options.date_order, &limits) {
        Ok(tracker) => tracker,
        Err(faults) => return Ok(refuse(&options.tracker, &faults, console)),
    };
    let day = as_of(options.as_of, surroundings)?;
    if options.check {
        return check(&options.tracker, &tracker, day, console);
    }
    if options.due.is_some() || options.stats {
        return meet(options, &tracker, day, console);
    }
    match (&options.from, &options.output) {
        (Some(from), Some(output)) => carry_over(options, tracker, from, output, day, console),
        _ => Err(Failure::new("", "--from DIR and -o FILE are needed to write a tracker", "shr track --help")),
    }
}

/// Merges and writes. The old tracker is only ever read.
fn carry_over(
    options: &Track,
    old: Tracker,
    from: &Path,
    output: &Path,
    day: Date,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    if output.exists() && !options.force {
        return Err(Failure::new(output.display(), "exists already", "choose another name with -o, or pass --force"));
    }
    if std::fs::canonicalize(output).is_ok_and(|o| std::fs::canonicalize(&options.tracker).is_ok_and(|t| t == o)) {
        let message = "is the tracker being read, which is never changed";
        return Err(Failure::new(output.display(), message, "choose another name"));
    }
    let limits = options.bounds.limits();
    let wording = load_wording("en")?;
    let assessments = explain::assessments(from, &limits)?;
    let orgs: Vec<&Assessment> = assessments.iter().collect();
    let earlier =
        options.baseline.as_deref().map(|from| explain::assessments(from, &limits)).transpose()?.unwrap_or_default();
    let earlier: Vec<&Assessment> = earlier.iter().collect();
    let previous = rows::findings(&earlier, &wording, true);
    let new = rows::findings(&orgs, &wording, true);
    let previous = (!previous.is_empty()).then_some(previous.as_slice());
    let how = merge::Options { all: options.all, previous, ..merge::Options::of(&orgs, day, &wording) };
    let merged = match merge::merge(old, &new, &how) {
        Ok(merged) => merged,
        Err(faults) => return Ok(refuse(&options.tracker, &faults, console)),
    };
    console.print(&changes::text(&merged.changes, &wording))?;
    for (path, bytes) in files(output, &merged.tracker, &wording, options.dialect, day)? {
        write_beside(&path, &bytes)?;
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(exit::CLEAN)
}

/// The new tracker as a workbook or as CSV, in parts when it has more rows than a sheet.
fn files(
    output: &Path,
    tracker: &Tracker,
    wording: &Wording,
    dialect: csv::Dialect,
    day: Date,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    if output.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        return Ok(vec![(output.to_owned(), workbook(tracker, wording, day)?)]);
    }
    let parts = csv::file(&tracker.table(), dialect).into_iter().enumerate();
    Ok(parts.map(|(part, (_, bytes))| (part_path(output, part), bytes)).collect())
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

fn workbook(tracker: &Tracker, wording: &Wording, created: Date) -> Result<Vec<u8>, Failure> {
    let title = wording.word("sheet.title");
    let colours = Theme::default().colours;
    let options = xlsx::Options { created, all: true, report: "", colours, title: &title, author: "", client: "" };
    xlsx::tracker(&tracker.table(), wording, &options).map_err(|e| Failure::new("", e, ""))
}

/// Writes beside the target, then renames: an interrupted run leaves no half tracker.
fn write_beside(output: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut part = output.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    folder::write_private(part, bytes)?;
    std::fs::rename(part, output).map_err(|e| Failure::io(output, &e, ""))
}

fn check(path: &Path, tracker: &Tracker, day: Date, console: &mut Console<'_>) -> Result<u8, Failure> {
    let faults = lint::lint(tracker, day);
    for fault in &faults {
        console.print(&format!("{}\n", shown(path, fault)))?;
    }
    if faults.is_empty() {
        console.print(&format!("{}: {} rows, nothing to correct\n", path.display(), tracker.rows.len()))?;
        return Ok(exit::CLEAN);
    }
    Ok(exit::OPEN)
}

/// A fault as a failure: `PATH:ROW: column X: what is wrong`, and the hint.
fn shown(path: &Path, fault: &Fault) -> Failure {
    let place = if fault.row == 0 { path.display().to_string() } else { format!("{}:{}", path.display(), fault.row) };
    let column = if fault.column.is_empty() { String::new() } else { format!("column {}: ", fault.column) };
    Failure::new(place, format!("{column}{}", fault.message), &fault.hint)
}

/// What is due and where the tracker stands, for people or as JSON.
fn meet(options: &Track, tracker: &Tracker, day: Date, console: &mut Console<'_>) -> Result<u8, Failure> {
    let due = options.due.map(|days| meeting::due(tracker, day, i32::try_from(days).unwrap_or(i32::MAX)));
    let stats = options.stats.then(|| meeting::stats(tracker, day));
    if options.json {
        let mut object = serde_json::json!({"as_of": day.to_string()});
        if let Some(due) = due {
            object["due"] = serde_json::json!(due);
        }
        if let Some(stats) = stats {
            object["stats"] = serde_json::json!(stats);
        }
        return console.json(&object).map(|()| exit::CLEAN);
    }
    let parts = [due.map(|due| meeting::due_text(&due)), stats.map(|stats| stats.to_string())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    console.print(&parts.join("\n")).map(|()| exit::CLEAN)
}

fn refuse(path: &Path, faults: &Faults, console: &mut Console<'_>) -> u8 {
    for fault in &faults.0 {
        console.error(&shown(path, fault));
    }
    exit::ERROR
}

pub(super) fn diff(
    old: &Path,
    new: &Path,
    json: bool,
    limits: &Limits,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let wording = load_wording("en")?;
    let (old_orgs, new_orgs) = (explain::assessments(old, limits)?, explain::assessments(new, limits)?);
    let mut differences = Vec::new();
    for later in &new_orgs {
        match old_orgs.iter().find(|earlier| earlier.org.key == later.org.key) {
            Some(earlier) if json => differences.push(delta::diff_json(earlier, later)),
            Some(earlier) => console.print(&delta::diff_text(earlier, later, &wording))?,
            None if old_orgs.len() == 1 && new_orgs.len() == 1 => {
                let message = format!(
                    "is of org `{}`, the older one of `{}`",
                    later.org.key,
                    old_orgs.first().map_or("", |o| &o.org.key)
                );
                return Err(Failure::new(new.display(), message, "compare two assessments of one org"));
            }
            None if json => differences.push(serde_json::json!({"org": later.org.key, "only_in": "new"})),
            None => console.print(&format!("{}: only in {}\n", later.org.key, new.display()))?,
        }
    }
    for earlier in old_orgs.iter().filter(|earlier| new_orgs.iter().all(|later| later.org.key != earlier.org.key)) {
        if json {
            differences.push(serde_json::json!({"org": earlier.org.key, "only_in": "old"}));
        } else {
            console.print(&format!("{}: only in {}\n", earlier.org.key, old.display()))?;
        }
    }
    if json {
        let object = serde_json::json!({"schema": delta::DIFF_SCHEMA, "orgs": differences});
        console.json(&object)?;
    }
    Ok(exit::CLEAN)
}
