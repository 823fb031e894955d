//! What a run was given besides its snapshot: enough to type the same command again, and to know the same files.

use serde::{Deserialize, Serialize};

/// Options and files of a run that shape its outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Options other than the defaults, in the order in which they are printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<GivenOption>,
    /// Files besides the snapshot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<GivenFile>,
}

/// An option as it is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenOption {
    /// `--lang`
    pub option: String,
    /// Its value; empty for a switch. A file is named without its folder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// A file that shaped the outputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenFile {
    /// `engagement`, `baseline`, `history`, `theme`, `template`, `font`.
    pub what: String,
    /// Its name without its folder.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// What decides how an org is judged. The rest shapes how that is shown, and is that of whoever shows it.
const JUDGED: &[&str] = &["--engagement", "--baseline", "--limit", "engagement", "baseline", "history"];

impl Given {
    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.options.is_empty() && self.files.is_empty()
    }

    /// Adds an option.
    pub fn option(&mut self, option: &str, value: impl Into<String>) {
        self.options.push(GivenOption { option: option.to_owned(), value: value.into() });
    }

    /// The same judgement shown with other options: `shown` takes the place of what shaped the outputs before.
    pub fn show_as(&mut self, shown: &Self) {
        self.options.retain(|one| JUDGED.contains(&one.option.as_str()));
        self.files.retain(|one| JUDGED.contains(&one.what.as_str()));
        self.options.extend(shown.options.iter().filter(|one| !JUDGED.contains(&one.option.as_str())).cloned());
        self.files.extend(shown.files.iter().filter(|one| !JUDGED.contains(&one.what.as_str())).cloned());
    }
}
