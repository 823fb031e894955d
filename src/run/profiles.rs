//! The files of each profile: a line of [`OUTPUTS`].

use super::Failure;
use super::formats::{Files, properties};
use super::settings::Settings;
use crate::model::{Assessment, Document};
use crate::render::exchange::Subject;
use crate::render::{csv, defectdojo, sarif, xlsx};
use crate::table::profiles::{self, Profile};
use crate::table::{Row, Table};

/// A file of a profile.
#[derive(Clone, Copy)]
pub(super) enum Output {
    /// Its columns, in the dialect of its reader.
    Csv,
    /// DefectDojo's findings as a list.
    Json,
    /// FedRAMP's workbook.
    Workbook,
    /// The assessment of one org with what its report says of it; there is none over several orgs.
    View(&'static str, fn(&Subject<'_>) -> Vec<u8>),
}

const OUTPUTS: &[(Profile, &[Output])] = &[
    (Profile::Poam, &[Output::Csv, Output::Workbook]),
    (Profile::DefectDojo, &[Output::Csv, Output::Json]),
    (Profile::Jira, &[Output::Csv]),
    (Profile::Github, &[Output::View(sarif::GITHUB_FILE, sarif::github)]),
];

/// What is written for a profile.
pub(super) fn outputs(profile: Profile) -> &'static [Output] {
    OUTPUTS.iter().find(|(known, _)| *known == profile).map_or(&[], |(_, outputs)| outputs)
}

/// Whether a profile tells of one org alone.
pub(super) fn is_per_org(profile: Profile) -> bool {
    outputs(profile).iter().all(|output| matches!(output, Output::View(..)))
}

/// Whether a profile is made from what the report says.
pub(super) fn has_view(profile: Profile) -> bool {
    outputs(profile).iter().any(|output| matches!(output, Output::View(..)))
}

/// Whether a profile has a workbook.
pub(super) fn has_workbook(profile: Profile) -> bool {
    outputs(profile).iter().any(|output| matches!(output, Output::Workbook))
}

/// The files of the profiles of a run, for one org; `view` is there when one of them is made from it.
pub(super) fn files(
    assessment: &Assessment,
    view: Option<&Subject<'_>>,
    settings: &Settings,
) -> Result<Files, Failure> {
    let mut files = Files::new();
    for profile in settings.profiles.iter().copied() {
        let rows = profiles::rows(&[assessment], &settings.control, &settings.wording, profile);
        for output in outputs(profile) {
            match (output, view) {
                (Output::Csv, _) => {
                    let table: Table<'_> = profiles::table(profile, &rows);
                    files.extend(csv::file(&table, settings.dialect.for_profile(profile)));
                }
                (Output::Json, _) => files.push((defectdojo::FILE.to_owned(), defectdojo::file(&rows))),
                (Output::Workbook, _) => {
                    let system =
                        if assessment.org.name.is_empty() { &assessment.org.key } else { &assessment.org.name };
                    files.push((xlsx::PLAN_FILE.to_owned(), workbook(&rows, system, &assessment.document, settings)?));
                }
                (Output::View(name, write), Some(view)) => files.push(((*name).to_owned(), write(view))),
                (Output::View(..), None) => {}
            }
        }
    }
    Ok(files)
}

/// FedRAMP's workbook for some rows.
pub(super) fn workbook(
    rows: &[Row<'_>],
    system: &str,
    document: &Document,
    settings: &Settings,
) -> Result<Vec<u8>, Failure> {
    let options = properties(document, "", settings);
    xlsx::plan(rows, system, &options).map_err(|error| Failure::new(xlsx::PLAN_FILE, error, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_its_files() {
        let told: Vec<Profile> = OUTPUTS.iter().map(|(profile, _)| *profile).collect();
        assert_eq!(told, Profile::ALL);
        assert!(OUTPUTS.iter().all(|(_, outputs)| !outputs.is_empty()));
    }
}
