//! What the org itself lists, by component, whether or not a file of it was retrieved.

use super::Locator;
use std::collections::BTreeMap;

/// The components of one metadata type, as `sf org list metadata` names them.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// By full name, percent-decoded, with every row that names it.
    pub components: BTreeMap<String, Vec<Locator>>,
    /// The files that hold the list, also those without a row.
    pub files: Vec<Locator>,
    /// Whether a file is the answer of the command as it stands: the command has no limit of rows, so such a list is
    /// whole. Anything else may be a selection; it can show that something is missing, never that nothing is.
    pub whole: bool,
    /// Listed components of which the snapshot holds no readable file.
    pub missing: Vec<String>,
    /// Files of the type whose component is not listed.
    pub unlisted: Vec<String>,
}
