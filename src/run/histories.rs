//! The history beside an assessment.

use super::{Failure, unread};
use crate::history::History;
use crate::limits::Limits;
use crate::model::{Assessment, GivenFile};
use crate::{manifest, source::regular};
use std::io::ErrorKind;
use std::path::Path;

pub(super) const FILE: &str = "history.json";

/// Reads the history that stands beside an assessment, which may be somebody else's; none when there is none.
pub(super) fn beside(
    path: &Path,
    assessment: &Assessment,
    limits: &Limits,
) -> Result<Option<(History, GivenFile)>, Failure> {
    let path = path.with_file_name(FILE);
    let hint = "take the one that shr review wrote with the report, or remove it: the history then starts there";
    let bytes = match regular::read(&path, limits.assessment_bytes) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unread(&path, &error, "assessment-bytes", hint)),
    };
    let history = History::read(&bytes, assessment).map_err(|fault| Failure::new(path.display(), fault, hint))?;
    let (bytes, sha256) = (bytes.len() as u64, manifest::sha256(&bytes));
    Ok(Some((history, GivenFile { what: "history".to_owned(), path: FILE.to_owned(), bytes, sha256 })))
}

/// The history up to a run that is written already: the one beside it, else what the run tells by itself.
pub(super) fn up_to(path: &Path, assessment: &Assessment, limits: &Limits) -> Result<History, Failure> {
    let known = beside(path, assessment, limits)?.map(|(history, _)| history);
    Ok(known.unwrap_or_else(|| History::of(None, None, assessment)))
}
