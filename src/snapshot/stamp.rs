//! Times that an org stamped on its records: each says that the export which holds it was not taken earlier.

use super::Locator;
use jiff::Timestamp;

/// A time stamp of a record, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// The instant.
    pub time: Timestamp,
    /// Column that holds it, as written.
    pub setting: String,
    /// The text as written.
    pub raw: String,
    /// Its row.
    pub at: Locator,
}

/// The instant that a time stamp of an export means: ISO 8601 with an offset (`Z`, `+0000`, `+00:00`), or the compact
/// form of event log files (`20261115220411.123`), which is in UTC. A day alone or a local time is no instant.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| compact(text))
}

fn compact(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 14 || fraction.len() > 9 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (day, time) = whole.split_at(8);
    format!("{day}T{time}Z").parse().ok()
}
