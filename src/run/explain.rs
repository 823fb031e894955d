//! `shr explain` and `shr controls`.

use super::{Console, Failure, exit, load_control, load_wording};
use crate::assessment::Assessment;
use crate::explain;
use std::path::{Path, PathBuf};

pub(super) fn controls(console: &mut Console<'_>) -> Result<u8, Failure> {
    let text = explain::list(&load_control()?, &load_wording("en")?);
    console.print(&text).map(|()| exit::CLEAN)
}

pub(super) fn explain(what: Option<&str>, from: &Path, console: &mut Console<'_>) -> Result<u8, Failure> {
    let control = load_control()?;
    let wording = load_wording("en")?;
    let text = match what {
        None | Some("control") => explain::control(&control, &wording),
        Some(id) if id == control.id => explain::control(&control, &wording),
        Some(id) if id.to_uppercase().starts_with("SHR-") => {
            let wanted = id.to_uppercase();
            let found = assessments(from)?.into_iter().find_map(|assessment| {
                let finding = assessment.findings.iter().find(|f| f.id == wanted)?;
                Some(explain::finding(&assessment, finding, &control, &wording))
            });
            found.ok_or_else(|| {
                let hint = "findings.csv and report.md list the ids; --from DIR names another report folder";
                Failure::new(from.display(), format!("holds no finding {wanted}"), hint)
            })?
        }
        Some(id) => match control.criteria.iter().find(|c| c.id == id) {
            Some(criterion) => explain::criterion(&control, criterion, &wording),
            None => return Err(unknown(id, &control)),
        },
    };
    console.print(&text).map(|()| exit::CLEAN)
}

fn unknown(id: &str, control: &crate::catalog::Control) -> Failure {
    let nearest =
        control.criteria.iter().map(|c| (strsim::jaro_winkler(id, &c.id), &c.id)).max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match nearest {
        Some((similarity, name)) if similarity > 0.75 => format!("did you mean `{name}`?"),
        _ => "shr controls lists the criteria".to_owned(),
    };
    Failure::new("", format!("`{id}` is no control, criterion or finding id"), hint)
}

/// The assessments of a report folder (one org, or `orgs/KEY/` of several), or a single file, in path order.
pub(super) fn assessments(from: &Path) -> Result<Vec<Assessment>, Failure> {
    assessment_files(from)?.iter().map(|path| read_assessment(path)).collect()
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

/// Reads one assessment.
pub(super) fn read_assessment(path: &Path) -> Result<Assessment, Failure> {
    let hint = "name a report folder of shr review with json among its formats";
    let bytes = std::fs::read(path).map_err(|e| Failure::io(path, &e, hint))?;
    let assessment: Assessment = serde_json::from_slice(&bytes).map_err(|e| {
        let place = format!("{}:{}:{}", path.display(), e.line(), e.column());
        Failure::new(place, format!("is no assessment of this version: {e}"), hint)
    })?;
    if assessment.schema == crate::assessment::SCHEMA {
        return Ok(assessment);
    }
    let message = format!("has schema `{}`; this version reads `{}`", assessment.schema, crate::assessment::SCHEMA);
    Err(Failure::new(path.display(), message, "review the snapshot again with this version"))
}
