//! What lies in a snapshot, looks like evidence and was not read.

/// A file or folder that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedOver {
    /// What it is.
    pub what: Passed,
    /// Its path inside the snapshot.
    pub path: String,
}

/// Why something that looks like evidence was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// An archive with files of an org, beside metadata that is unpacked or beside another archive.
    Archive,
    /// Packed in a form that is not read, or damaged.
    Packed,
    /// A workbook that may hold records.
    Workbook,
    /// Named after an object, but neither CSV nor JSON.
    Ending,
    /// A copy of a file that would be read.
    Copy,
    /// A copy of a file of an app, in which secrets were looked for and nothing else.
    CopyOfApp,
    /// A report folder of this tool.
    Report,
}

impl Passed {
    /// The word in message keys.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Packed => "packed",
            Self::Workbook => "workbook",
            Self::Ending => "ending",
            Self::Copy => "copy",
            Self::CopyOfApp => "copy-of-app",
            Self::Report => "report",
        }
    }
}
