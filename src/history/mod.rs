//! Movement over the runs of one org: `history.json`.
//!
//! A run with a baseline takes over the runs that the baseline knows and adds its own. The file holds days, ids of
//! findings and numbers, no names, so it is the same with and without pseudonyms.

pub mod text;

use crate::delta::day;
use crate::model::{Assessment, Delta, DispositionState, Finding, Outcome, Severity};
use crate::table::rows::is_finding_id;
use jiff::Unit;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the form of [`History`].
pub const SCHEMA: &str = "shr-history/1";
/// Runs that a history holds; the oldest ones leave it. Ten years of monthly runs.
pub const MOST: usize = 120;
/// Last days of the classes of age; what is older is in a class of its own.
pub const AGES: [i32; 3] = [30, 90, 180];

/// The runs of one org up to one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// [`SCHEMA`].
    pub schema: String,
    /// One for each day, in their order.
    pub runs: Vec<Entry>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Day of the snapshot, else the day as of which it was judged.
    pub day: Date,
    /// Open findings.
    pub open: Open,
    /// Open findings that were first seen on this day.
    pub new: u32,
    /// Findings that had failed and pass now, with the days since they were first seen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resolved: BTreeMap<String, u32>,
    /// Findings that had been fixed and fail again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reopened: BTreeSet<String>,
    /// Open findings under a decision that holds.
    pub accepted: u32,
    /// Open findings by age: up to 30, 90 and 180 days since they were first seen, and more.
    pub ages: [u32; 4],
}

/// Open findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Critical.
    pub critical: u32,
    /// High.
    pub high: u32,
    /// Medium.
    pub medium: u32,
    /// Low.
    pub low: u32,
    /// Of score 0.
    pub none: u32,
    /// Without a score.
    pub unscored: u32,
}

impl Open {
    /// Words and counts, worst first.
    #[must_use]
    pub const fn counts(self) -> [(&'static str, u32); 6] {
        let Self { critical, high, medium, low, none, unscored } = self;
        [
            (Severity::Critical.word(), critical),
            (Severity::High.word(), high),
            (Severity::Medium.word(), medium),
            (Severity::Low.word(), low),
            (Severity::None.word(), none),
            ("unscored", unscored),
        ]
    }

    /// All of them.
    #[must_use]
    pub fn total(self) -> u64 {
        self.counts().iter().map(|(_, count)| u64::from(*count)).sum()
    }

    fn add(&mut self, severity: Option<Severity>) {
        let count = match severity {
            Some(Severity::Critical) => &mut self.critical,
            Some(Severity::High) => &mut self.high,
            Some(Severity::Medium) => &mut self.medium,
            Some(Severity::Low) => &mut self.low,
            Some(Severity::None) => &mut self.none,
            None => &mut self.unscored,
        };
        *count = count.saturating_add(1);
    }
}

/// The class of an age in days: its place in [`AGES`], or the one after them.
#[must_use]
pub fn age_class(days: i32) -> usize {
    AGES.iter().position(|last| days <= *last).unwrap_or(AGES.len())
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

impl Entry {
    /// What a run shows by itself. One that was compared with a later run tells of no fix and no relapse.
    fn of(run: &Assessment) -> Self {
        let day = day(run);
        let forward = run.baseline.as_ref().is_some_and(|old| old.snapshot_at.unwrap_or(old.as_of) <= day);
        let mut entry = Self {
            day,
            open: Open::default(),
            new: 0,
            resolved: BTreeMap::new(),
            reopened: BTreeSet::new(),
            accepted: 0,
            ages: [0; 4],
        };
        for finding in &run.findings {
            let first = finding.first_seen.unwrap_or(day);
            if finding.result.is_open() {
                entry.count_open(finding, first);
            }
            // What was opened and fixed between two exports of one day is neither.
            let days = u32::try_from(days_between(first, day)).unwrap_or(0);
            match finding.delta {
                Some(Delta::Resolved) if forward && days > 0 => {
                    entry.resolved.insert(finding.id.clone(), days);
                }
                Some(Delta::Reopened) if forward && first < day => {
                    entry.reopened.insert(finding.id.clone());
                }
                _ => {}
            }
        }
        entry
    }

    fn count_open(&mut self, finding: &Finding, first: Date) {
        self.open.add(finding.score.as_ref().map(|score| score.severity));
        self.new += u32::from(first == self.day);
        let accepted = finding.disposition.as_ref().is_some_and(|made| made.state == DispositionState::Valid);
        self.accepted += u32::from(accepted);
        if let Some(count) = self.ages.get_mut(age_class(days_between(first, self.day))) {
            *count += 1;
        }
    }

    /// Takes the place of an earlier run of the same day, to which it was compared: what that run had found against the
    /// days before still counts as far as it still holds.
    fn replace(&mut self, earlier: Self, run: &Assessment) {
        let results: BTreeMap<&str, Outcome> =
            run.findings.iter().map(|finding| (finding.id.as_str(), finding.result)).collect();
        let now = |id: &str| results.get(id).copied();
        self.resolved.retain(|id, _| !earlier.reopened.contains(id));
        self.reopened.retain(|id| !earlier.resolved.contains_key(id));
        let fixed = earlier.resolved.into_iter().filter(|(id, _)| now(id) == Some(Outcome::Pass));
        self.resolved.extend(fixed);
        self.reopened.extend(earlier.reopened.into_iter().filter(|id| now(id) == Some(Outcome::Fail)));
    }

    /// What is wrong with an entry that somebody else wrote; none when it is one.
    fn fault(&self) -> Option<&'static str> {
        let (open, aged) = (self.open.total(), self.ages.iter().map(|count| u64::from(*count)).sum::<u64>());
        let ids = self.resolved.keys().chain(&self.reopened);
        if ids.into_iter().any(|id| !is_finding_id(id)) {
            Some("names a finding by what is no id")
        } else if aged != open || u64::from(self.new) > open || u64::from(self.accepted) > open {
            Some("has counts that do not agree")
        } else {
            None
        }
    }
}

impl History {
    /// The history of a run: that of its baseline (made from the baseline itself where it has none) and the run.
    #[must_use]
    pub fn of(earlier: Option<&Self>, baseline: Option<&Assessment>, run: &Assessment) -> Self {
        let mut entry = Entry::of(run);
        let mut runs = match (earlier, baseline) {
            (Some(earlier), _) => earlier.runs.clone(),
            (None, Some(baseline)) => vec![Entry::of(baseline)],
            (None, None) => Vec::new(),
        };
        runs.retain(|known| known.day <= entry.day);
        if let Some(same) = runs.pop_if(|known| known.day == entry.day) {
            entry.replace(same, run);
        }
        runs.push(entry);
        runs.drain(..runs.len().saturating_sub(MOST));
        Self { schema: SCHEMA.to_owned(), runs }
    }

    /// Reads the history that was written with an assessment. Fails with what is wrong when it is none, or that of
    /// another run.
    ///
    /// # Errors
    /// What is wrong, in one line.
    pub fn read(bytes: &[u8], run: &Assessment) -> Result<Self, String> {
        let history: Self =
            serde_json::from_slice(bytes).map_err(|error| format!("is no history of this version: {error}"))?;
        if history.schema != SCHEMA {
            return Err(format!("has schema `{}`; this version reads `{SCHEMA}`", history.schema));
        }
        if history.runs.len() > MOST {
            return Err(format!("has {} runs; a history has at most {MOST}", history.runs.len()));
        }
        if !history.runs.is_sorted_by(|a, b| a.day < b.day) {
            return Err("has runs that are not in the order of their days".to_owned());
        }
        if let Some((entry, fault)) = history.runs.iter().find_map(|entry| Some((entry, entry.fault()?))) {
            return Err(format!("is no history: the run of {} {fault}", entry.day));
        }
        match history.runs.last() {
            Some(last) if last.day == day(run) => Ok(history),
            _ => Err(format!("is not of the run beside it, which is of {}", day(run))),
        }
    }

    /// The movement over all runs; none when there is one run alone.
    #[must_use]
    pub fn movement(&self) -> Option<Movement> {
        let ([first, later @ ..], [.., last]) = (self.runs.as_slice(), self.runs.as_slice()) else { return None };
        if later.is_empty() {
            return None;
        }
        let (before, open) = (first.open.total(), last.open.total());
        let new = later.iter().map(|run| u64::from(run.new)).sum();
        let reopened = later.iter().map(|run| run.reopened.len() as u64).sum();
        let days = self.days_to_fix();
        let resolved = days.len() as u64;
        Some(Movement {
            runs: self.runs.len(),
            from: first.day,
            to: last.day,
            before,
            open,
            new,
            resolved,
            reopened,
            other: other(before, open, new, resolved, reopened),
            median_days: median(days),
            ages: last.ages,
        })
    }

    /// Days from the first sight to the fix of everything that was fixed after the first run.
    #[must_use]
    pub fn days_to_fix(&self) -> Vec<u32> {
        self.runs.iter().skip(1).flat_map(|run| run.resolved.values().copied()).collect()
    }

    /// Each run with what of its change is neither new, fixed nor reopened; none for the first, which has none before it.
    pub fn steps(&self) -> impl Iterator<Item = (&Entry, Option<i64>)> {
        let before = std::iter::once(None).chain(self.runs.iter().map(Some));
        self.runs.iter().zip(before).map(|(run, before)| {
            let moved = [run.resolved.len() as u64, run.reopened.len() as u64];
            let of =
                |before: &Entry| other(before.open.total(), run.open.total(), u64::from(run.new), moved[0], moved[1]);
            (run, before.map(of))
        })
    }
}

/// Movement between the first and the last run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// How many runs.
    pub runs: usize,
    /// Day of the first.
    pub from: Date,
    /// Day of the last.
    pub to: Date,
    /// Open in the first.
    pub before: u64,
    /// Open in the last.
    pub open: u64,
    /// Newly open after the first.
    pub new: u64,
    /// Fixed after the first.
    pub resolved: u64,
    /// Reopened after the first.
    pub reopened: u64,
    /// Change of the open findings that is none of these: apps that are gone, left out or judged otherwise.
    pub other: i64,
    /// Median of the days from the first sight to the fix, half days rounded up; none when nothing was fixed.
    pub median_days: Option<u32>,
    /// Ages of what is open in the last run, as in [`Entry::ages`].
    pub ages: [u32; 4],
}

fn other(before: u64, open: u64, new: u64, resolved: u64, reopened: u64) -> i64 {
    let [before, open, new, resolved, reopened] =
        [before, open, new, resolved, reopened].map(|count| i64::try_from(count).unwrap_or(i64::MAX / 8));
    open - before - new - reopened + resolved
}

/// The median, half days rounded up.
#[must_use]
pub fn median(mut days: Vec<u32>) -> Option<u32> {
    days.sort_unstable();
    let (low, high) = (days.get(days.len().checked_sub(1)? / 2)?, days.get(days.len() / 2)?);
    Some(low + (high - low).div_ceil(2))
}
