//! `shr explain` and `shr controls`.

use super::{Console, Failure, exit, load_control_in, load_wording, unread};
use crate::catalogue::{Catalogue, Criterion};
use crate::cli::Form;
use crate::engagement::is_org_key;
use crate::explain;
use crate::limits::Limits;
use crate::model::Assessment;
use crate::source::regular;
use crate::text::nearest::did_you_mean;
use std::path::{Path, PathBuf};

/// Columns of a terminal.
const COLUMNS: usize = 80;

pub(super) fn controls(form: &Form, console: &mut Console<'_>) -> Result<u8, Failure> {
    let (control, wording) = (load_control_in(&form.lang)?, load_wording(&form.lang)?);
    show(form, console, || explain::list_json(&control, &wording), || explain::list(&control, &wording))
}

pub(super) fn explain(
    what: Option<&str>,
    from: &Path,
    form: &Form,
    limits: &Limits,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let wording = load_wording(&form.lang)?;
    let control = load_control_in(&form.lang)?;
    if let Some(entry) = what.and_then(explain::sheet_named) {
        return show(form, console, || explain::sheet_value(entry, &wording), || explain::sheet(entry, &wording));
    }
    match what {
        Some(id) if id.to_uppercase().starts_with("SHR-") => {
            let (assessment, at) = find(&id.to_uppercase(), from, limits)?;
            let finding = &assessment.findings[at];
            let value = || explain::finding_json(&assessment, finding, &control);
            show(form, console, value, || explain::finding(&assessment, finding, &control, &wording))
        }
        None | Some("control") => {
            show(form, console, || explain::control_json(&control), || explain::control(&control, &wording))
        }
        Some(id) => {
            if let Some(one) = control.all().find(|one| one.key == id || one.id == id) {
                return show(form, console, || explain::control_json(one), || explain::control(one, &wording));
            }
            let Some((one, criterion)) = criterion(&control, id) else { return Err(unknown(id, &control)) };
            let value = || explain::criterion_json(one, criterion);
            show(form, console, value, || explain::criterion(one, criterion, &wording))
        }
    }
}

/// A criterion with its control: `flow-disabled` of the first control that has one, `ca-ccf/flow-disabled` of that one.
fn criterion<'c>(control: &'c Catalogue, id: &str) -> Option<(&'c Catalogue, &'c Criterion)> {
    match id.split_once('/') {
        Some((key, id)) => control.known(key).and_then(|one| Some((one, one.criterion(id)?))),
        None => control.all().find_map(|one| Some((one, one.criterion(id)?))),
    }
}

fn show(
    form: &Form,
    console: &mut Console<'_>,
    value: impl FnOnce() -> serde_json::Value,
    text: impl FnOnce() -> String,
) -> Result<u8, Failure> {
    if form.json {
        console.json(&value())?;
    } else {
        console.print(&explain::wrapped(&text(), COLUMNS))?;
    }
    Ok(exit::CLEAN)
}

/// The assessment that holds a finding, and the finding's place in it.
fn find(wanted: &str, from: &Path, limits: &Limits) -> Result<(Assessment, usize), Failure> {
    for assessment in assessments(from, limits)? {
        if let Some(at) = assessment.findings.iter().position(|f| f.id == wanted) {
            return Ok((assessment, at));
        }
    }
    let hint = "findings.csv and report.md list the ids; --from DIR names another report folder";
    Err(Failure::new(from.display(), format!("holds no finding {wanted}"), hint))
}

fn unknown(id: &str, control: &Catalogue) -> Failure {
    let criteria = control.all().flat_map(|one| one.criteria.iter().map(|criterion| criterion.id.as_str()));
    let hint = did_you_mean(id, criteria.chain(control.all().map(|one| one.key.as_str())));
    let hint = hint.unwrap_or_else(|| "shr controls lists the criteria".to_owned());
    Failure::new("", format!("`{id}` is no control, criterion or finding id"), hint)
}

/// The assessments of a report folder (one org, or `orgs/KEY/` of several), or a single file, in path order.
pub(super) fn assessments(from: &Path, limits: &Limits) -> Result<Vec<Assessment>, Failure> {
    assessment_files(from)?.iter().map(|path| read_assessment(path, limits)).collect()
}

/// Paths of the assessments in a report folder.
pub(super) fn assessment_files(from: &Path) -> Result<Vec<PathBuf>, Failure> {
    if from.is_file() {
        return Ok(vec![from.to_owned()]);
    }
    let orgs = from.join("orgs");
    if !orgs.is_dir() {
        return Ok(vec![from.join("assessment.json")]);
    }
    let entries = std::fs::read_dir(&orgs).map_err(|e| Failure::io(&orgs, &e, ""))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|e| e.path().join("assessment.json")).filter(|p| p.exists()).collect();
    files.sort();
    Ok(files)
}

/// Reads one assessment, which may be somebody else's.
pub(super) fn read_assessment(path: &Path, limits: &Limits) -> Result<Assessment, Failure> {
    let hint = "name a report folder of shr review with json among its formats";
    let bytes = regular::read(path, limits.assessment_bytes).map_err(|e| unread(path, &e, "assessment-bytes", hint))?;
    let assessment = crate::controls::read(&bytes).map_err(|e| {
        let place = format!("{}:{}:{}", path.display(), e.line(), e.column());
        Failure::new(place, format!("is no assessment of this version: {e}"), hint)
    })?;
    if assessment.schema == crate::model::SCHEMA {
        let key = &assessment.org.key;
        if is_org_key(key) {
            return Ok(assessment);
        }
        let hint = "review the snapshot again: the key names a folder, so letters, digits, `-`, `_` and `.` only";
        return Err(Failure::new(path.display(), format!("`{key}` cannot be an org key"), hint));
    }
    let message = format!("has schema `{}`; this version reads `{}`", assessment.schema, crate::model::SCHEMA);
    Err(Failure::new(path.display(), message, "review the snapshot again with this version"))
}
