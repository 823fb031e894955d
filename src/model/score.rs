//! Scores as the assessment states them. How one comes about is the control's business.

use super::words::{Word, words};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// A CVSS score in tenths: `81` is 8.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenths(pub u8);

impl Tenths {
    /// The score with its decimal place. There are few, and every row of a table has several.
    #[must_use]
    pub fn text(self) -> &'static str {
        static TEXTS: LazyLock<Vec<String>> =
            LazyLock::new(|| (0..=u8::MAX).map(|n| format!("{}.{}", n / 10, n % 10)).collect());
        TEXTS.get(usize::from(self.0)).map_or("", String::as_str)
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

words! {
    /// Severity band (the same in CVSS 3.1 and 4.0). The order is ascending.
    Severity {
        /// 0.0
        None = "none",
        /// 0.1 to 3.9
        Low = "low",
        /// 4.0 to 6.9
        Medium = "medium",
        /// 7.0 to 8.9
        High = "high",
        /// 9.0 to 10.0
        Critical = "critical",
    }
}

impl Severity {
    /// The band of a score.
    #[must_use]
    pub const fn of(score: Tenths) -> Self {
        match score.0 {
            0 => Self::None,
            1..=39 => Self::Low,
            40..=69 => Self::Medium,
            70..=89 => Self::High,
            _ => Self::Critical,
        }
    }
}

words! {
    /// How much of the decisive evidence is there. The order is ascending.
    Confidence {
        /// Privilege and network unknown, or the flow is.
        Low = "low",
        /// One of them unknown.
        Medium = "medium",
        /// Both known.
        High = "high",
    }
}

words! {
    /// Level of one impact metric. The order is ascending.
    Level {
        /// None
        N = "N",
        /// Low
        L = "L",
        /// High
        H = "H",
    }
}

/// Impact on confidentiality, integrity and availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Confidentiality.
    pub c: Level,
    /// Integrity.
    pub i: Level,
    /// Availability.
    pub a: Level,
}

impl Impact {
    /// No impact at all.
    pub const NONE: Self = Self { c: Level::N, i: Level::N, a: Level::N };

    /// The larger of both in each metric.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { c: self.c.max(other.c), i: self.i.max(other.i), a: self.a.max(other.a) }
    }

    /// The smaller of both in each metric.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self { c: self.c.min(other.c), i: self.i.min(other.i), a: self.a.min(other.a) }
    }
}

/// One rule applied: the vectors and scores after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The rule: a word of the control.
    pub rule: Word,
    /// Whether its condition held.
    pub applied: bool,
    /// Metrics it set, in CVSS 3.1 notation (`MC:H/MI:H/MA:H`); empty when nothing changed.
    pub metrics: String,
    /// CVSS 3.1 score after it.
    pub score31: Tenths,
    /// CVSS 4.0 score after it.
    pub score40: Tenths,
    /// Why it applied or did not.
    pub because: crate::text::message::Message,
}

/// Smallest and largest score that the gaps still allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Smallest.
    pub low: Tenths,
    /// Largest.
    pub high: Tenths,
}

impl Interval {
    /// Both scores.
    #[must_use]
    pub fn text(self) -> String {
        [self.low.text(), " to ", self.high.text()].concat()
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

/// Inherent score, the steps, and what remains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Base vector, CVSS 3.1, and its score.
    pub inherent31: (String, Tenths),
    /// Base vector, CVSS 4.0, and its score.
    pub inherent40: (String, Tenths),
    /// The five rules in order.
    pub steps: Vec<Step>,
    /// Residual vector, CVSS 3.1 (headline), and its score.
    pub residual31: (String, Tenths),
    /// Residual vector, CVSS 4.0, and its score.
    pub residual40: (String, Tenths),
    /// What the CVSS 3.1 score could become once the gaps are filled.
    pub interval31: Interval,
    /// The same for CVSS 4.0.
    pub interval40: Interval,
    /// Higher of the two bands.
    pub severity: Severity,
    /// How much of the decisive evidence is there.
    pub confidence: Confidence,
    /// The residual 3.1 score lies above the published range.
    pub above_range: bool,
    /// The flow's state is unknown or contradictory: the score holds only if the flow is on.
    pub if_on: bool,
    /// The CVSS 3.1 environmental arithmetic, line by line, for pencil and paper.
    pub arithmetic: Vec<String>,
    /// The same for CVSS 4.0: equivalence classes, lookups, interpolation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arithmetic40: Vec<String>,
}
