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
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to).unwrap_or_default();
    let (day, time) = ((part(0, 4), part(4, 6), part(6, 8)), (part(8, 10), part(10, 12), part(12, 14)));
    format!("{}-{}-{}T{}:{}:{}Z", day.0, day.1, day.2, time.0, time.1, time.2).parse().ok()
}
