//! Controls: each a directory with its catalogue and its criteria.

pub mod catalogue;
pub mod client_credentials;

use crate::model::Assessment;
use serde::de::Error as _;

/// Reads an assessment, also one of an earlier form.
///
/// # Errors
/// What is no assessment, refers to what is not there, or states facts that its control cannot read.
pub fn read(bytes: &[u8]) -> Result<Assessment, serde_json::Error> {
    let assessment: Assessment = match serde_json::from_slice(bytes) {
        Ok(assessment) => assessment,
        Err(error) => match client_credentials::earlier::upgraded(bytes) {
            Some(earlier) => serde_json::from_value(earlier)?,
            None => return Err(error),
        },
    };
    for finding in &assessment.findings {
        let said = client_credentials::check(&finding.facts);
        said.map_err(|fault| serde_json::Error::custom(format!("{}: {fault}", finding.id)))?;
    }
    Ok(assessment)
}
