//! `shr diff`: what changed between two assessments.

use super::track::{TrackError, assessments};
use crate::delta::diff_text;
use crate::wording::Wording;
use std::io::Write;
use std::path::Path;

/// Writes what changed between two runs (folders or `assessment.json`), org by org. Gives whether anything did.
///
/// # Errors
/// When a run cannot be read, or `out` not written.
pub fn diff(old: &Path, new: &Path, wording: &Wording, out: &mut dyn Write) -> Result<bool, TrackError> {
    let (before, now) = (assessments(old)?, assessments(new)?);
    let mut differs = false;
    for run in &now {
        // One org on both sides is compared even when its key was changed: the text then says so.
        let only = if before.len() == 1 && now.len() == 1 { before.first() } else { None };
        match before.iter().find(|other| other.org.key == run.org.key).or(only) {
            Some(other) => {
                differs |= other.findings != run.findings;
                write!(out, "{}", diff_text(other, run, wording))?;
            }
            None => {
                differs = true;
                writeln!(out, "{}: only in {}", run.org.key, new.display())?;
            }
        }
    }
    for run in before.iter().filter(|_| now.len() != 1 || before.len() != 1) {
        if !now.iter().any(|other| other.org.key == run.org.key) {
            differs = true;
            writeln!(out, "{}: only in {}", run.org.key, old.display())?;
        }
    }
    Ok(differs)
}
