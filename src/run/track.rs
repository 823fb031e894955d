//! `shr track` and `shr diff`: what people typed meets what is new.

use super::{
    Console, Failure, Surroundings, as_of, exit, explain, folder, histories, load_wording, renamed, renewed, unread,
};
use crate::cli::Track;
use crate::delta;
use crate::history::{self, History};
use crate::limits::Limits;
use crate::manifest::Manifest;
use crate::model::Assessment;
use crate::render::theme::Theme;
use crate::render::xlsx::work::is_calculated;
use crate::render::{csv, xlsx};
use crate::source::regular;
use crate::table::rows;
use crate::text::wording::{Wording, languages};
use crate::tracker::book::{Fault, Faults, Tracker};
use crate::tracker::merge::{self, Merged};
use crate::tracker::{What, changes, inplace, language, lint, meeting, read};
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
        (Some(from), Some(output)) => carry_over(options, &bytes, tracker, from, output, day, console),
        _ => Err(Failure::new("", "--from DIR and -o FILE are needed to write a tracker", "shr track --help")),
    }
}

/// Merges and writes. The old tracker is only ever read.
fn carry_over(
    options: &Track,
    original: &[u8],
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
    let mut assessments = explain::assessments(from, &limits)?;
    for (id, known, new) in renamed::as_in_tracker(&old, &mut assessments)? {
        let message =
            format!("{id} is `{known}` in the tracker and `{new}` in the run: the tracker's key and ids stay");
        console.error(&Failure::new(options.tracker.display(), message, "name the key in the engagement file"));
    }
    let orgs: Vec<&Assessment> = assessments.iter().collect();
    let wording = language_of(options, &old, &orgs, from)?;
    let baseline = options.baseline.as_deref();
    let mut earlier = baseline.map(|from| explain::assessments(from, &limits)).transpose()?.unwrap_or_default();
    renamed::as_in_tracker(&old, &mut earlier)?;
    let earlier: Vec<&Assessment> = earlier.iter().collect();
    let previous = rows::findings(&earlier, &wording, true);
    let new = rows::findings(&orgs, &wording, true);
    let previous = (!previous.is_empty()).then_some(previous.as_slice());
    let how = merge::Options { all: options.all, previous, ..merge::Options::of(&orgs, day, &wording) };
    let obstacles = obstacles(&old, output);
    if !obstacles.is_empty() {
        return Ok(refuse(&options.tracker, &Faults(obstacles), console));
    }
    if let Some(left) = inplace::left_behind(&old).filter(|_| !is_workbook(output)) {
        let message =
            format!("is written with values only; what stays behind of {}: {left}", options.tracker.display());
        console.error(&Failure::new(output.display(), message, "write -o NAME.xlsx to keep the workbook as it is"));
    }
    let mut merged = match merge::merge(old, &new, &how) {
        Ok(merged) => merged,
        Err(faults) => return Ok(refuse(&options.tracker, &faults, console)),
    };
    // What is not asked for is not written, so its column has not been added either.
    let left_out = |column: &str| options.columns.as_ref().is_some_and(|columns| columns.leaves_out(column));
    merged.changes.retain(|one| one.what != What::ColumnAdded || !left_out(one.column));
    console.print(&changes::text(&merged.changes, &load_wording("en")?))?;
    // In a workbook such formulas stay; what they show is not known until it is opened.
    let unread = inplace::unstored(&merged.tracker).into_iter().chain(lint::not_understood(&merged.tracker));
    tell(&options.tracker, &unread.collect::<Vec<_>>(), console);
    let mut files = files(options, output, original, &merged, &wording, day)?;
    if let ([(_, book)], true, true) = (files.as_mut_slice(), is_workbook(output), merged.tracker.book.is_some()) {
        let (next, left) = renewed::sheets(output, std::mem::take(book), &merged.tracker, &orgs, &wording)?;
        *book = next;
        for (sheet, reason) in left {
            let message = format!("the sheet `{sheet}` stays that of an older run: {reason}");
            console.error(&Failure::new(options.tracker.display(), message, ""));
        }
    }
    for (path, bytes) in files {
        write_beside(&path, &bytes)?;
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(exit::CLEAN)
}

/// The language to write in: the one that was asked for, that of the tracker, that of the run.
fn language_of(options: &Track, old: &Tracker, orgs: &[&Assessment], from: &Path) -> Result<Wording, Failure> {
    if let Some(asked) = &options.lang {
        return load_wording(asked);
    }
    let known: Vec<Wording> = languages().into_iter().map(load_wording).collect::<Result<_, _>>()?;
    if let Some(spoken) = language::of_tracker(old, orgs, &known) {
        return Ok(spoken.clone());
    }
    let most = options.bounds.limits().assessment_bytes;
    let manifest = regular::read(&from.join("manifest.json"), most).ok();
    let manifest = manifest.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    let of_run = manifest.map(|manifest| manifest.options.lang).filter(|lang| languages().contains(&lang.as_str()));
    load_wording(of_run.as_deref().unwrap_or("en"))
}

/// The new tracker as CSV, in parts when it has more rows than a sheet, or as a workbook: the one that was read with its
/// cells set, or a new one where a CSV was read.
fn files(
    options: &Track,
    output: &Path,
    original: &[u8],
    merged: &Merged,
    wording: &Wording,
    day: Date,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    if !is_workbook(output) {
        // Formulas of the sheet to work on are made anew in every workbook, and are nothing to a file of values.
        let columns = options.columns.as_ref();
        let dropped = |name: &str| is_calculated(name) || columns.is_some_and(|columns| columns.leaves_out(name));
        let whole = merged.tracker.book.is_none() && columns.is_none();
        let values = (!whole).then(|| merged.tracker.without(dropped));
        let table = values.as_ref().unwrap_or(&merged.tracker).table();
        let parts = csv::file(&table, options.dialect).into_iter().enumerate();
        return Ok(parts.map(|(part, (_, bytes))| (part_path(output, part), bytes)).collect());
    }
    let bytes = match &merged.tracker.book {
        Some(book) => {
            let edits = inplace::edits(merged, book);
            let failed = |e| Failure::new(options.tracker.display(), e, "mend it in the spreadsheet, or write a .csv");
            xlsx::patch::patched(original, &book.sheet, &edits).map_err(failed)?
        }
        None => workbook(&merged.tracker, wording, day)?,
    };
    Ok(vec![(output.to_owned(), bytes)])
}

fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx") || end.eq_ignore_ascii_case("xlsm"))
}

/// What stands in the way of a file of this kind: formulas without a result where values are written, macros in a
/// workbook without, cells that are longer than a workbook can hold.
fn obstacles(tracker: &Tracker, output: &Path) -> Vec<Fault> {
    match &tracker.book {
        _ if !is_workbook(output) => inplace::unstored(tracker),
        None => lint::too_long(tracker),
        Some(book) => {
            let macros = output.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsm"));
            let other = book.macros != macros;
            let end = if book.macros { "xlsm" } else { "xlsx" };
            let message = format!("the tracker is an .{end} workbook, the new one has another ending");
            other.then(|| Fault::whole(message, format!("write -o NAME.{end}"))).into_iter().collect()
        }
    }
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
    let faults: Vec<Fault> = inplace::unstored(tracker).into_iter().chain(lint::lint(tracker, day)).collect();
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
    let moved = match &options.from {
        Some(from) if options.stats => movement(from, &options.bounds.limits())?,
        _ => Vec::new(),
    };
    if options.json {
        let mut object = serde_json::json!({"as_of": day.to_string()});
        if let Some(due) = due {
            object["due"] = serde_json::json!(due);
        }
        if let Some(stats) = stats {
            object["stats"] = serde_json::json!(stats);
        }
        if !moved.is_empty() {
            let orgs = moved.iter().map(|(org, history)| history::text::value(org, history));
            object["history"] = orgs.collect::<Vec<_>>().into();
        }
        return console.json(&object).map(|()| exit::CLEAN);
    }
    let parts = [due.map(|due| meeting::due_text(&due)), stats.map(|stats| stats.to_string())];
    let moved = moved.iter().map(|(org, history)| history::text::text(org, history));
    let parts: Vec<String> = parts.into_iter().flatten().chain(moved).filter(|text| !text.is_empty()).collect();
    console.print(&parts.join("\n")).map(|()| exit::CLEAN)
}

/// The orgs of a report folder with their histories.
fn movement(from: &Path, limits: &Limits) -> Result<Vec<(String, History)>, Failure> {
    let read = |path: &PathBuf| {
        let assessment = explain::read_assessment(path, limits)?;
        let history = histories::up_to(path, &assessment, limits)?;
        Ok((assessment.org.key, history))
    };
    explain::assessment_files(from)?.iter().map(read).collect()
}

/// Names cells that nothing was read from.
fn tell(path: &Path, faults: &[Fault], console: &mut Console<'_>) {
    const MOST: usize = 20;
    for fault in faults.iter().take(MOST) {
        console.error(&shown(path, fault));
    }
    if faults.len() > MOST {
        let more = format!("{} more cells are not understood", faults.len() - MOST);
        console.error(&Failure::new(path.display(), more, "shr track --check lists them"));
    }
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
