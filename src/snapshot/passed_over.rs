//! What lies in a snapshot, looks like evidence and was not read.

use crate::text::choice::choices;

/// A file or folder that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedOver {
    /// What it is.
    pub what: Passed,
    /// Its path inside the snapshot.
    pub path: String,
}

choices! {
    /// Why something that looks like evidence was not read, by its word in message keys.
    Passed {
        /// An archive with files of an org, beside metadata that is unpacked or beside another archive.
        Archive = "archive",
        /// Packed in a form that is not read, or damaged.
        Packed = "packed",
        /// A workbook that may hold records.
        Workbook = "workbook",
        /// Named after an object, but neither CSV nor JSON.
        Ending = "ending",
        /// A copy of a file that would be read.
        Copy = "copy",
        /// A copy of a file of an app, in which secrets were looked for and nothing else.
        CopyOfApp = "copy-of-app",
        /// A report folder of this tool.
        Report = "report",
    }
}
