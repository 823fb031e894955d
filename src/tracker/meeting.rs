//! What a tracker says to the people who meet over it: what is due, and where it stands.

use super::book::{Line, Tracker};
use super::judge::{Acceptance, acceptance};
use super::lint::{open, people};
use super::read::{settled_day, short};
use crate::history::{AGES, age_class};
use crate::model::{Delta, Outcome, Severity};
use crate::table::cells::STATUSES;
use crate::table::columns::AT;
use crate::text::aligned::aligned;
use jiff::Unit;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A finding to act on soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Row in the sheet.
    pub row: usize,
    /// Finding id.
    pub id: String,
    /// Org.
    pub org: String,
    /// App.
    pub app: String,
    /// Severity; empty when the finding has no score.
    pub severity: String,
    /// Owner; empty when nobody is named.
    pub owner: String,
    /// Last day: people's, else the proposed one.
    pub day: Date,
    /// The day is only proposed.
    pub proposed: bool,
    /// Days left; negative when it is overdue.
    pub days_left: i32,
    /// It is the end of an acceptance that falls due, not the finding.
    pub acceptance: bool,
}

/// Open findings and acceptances that end within `days` of the day, overdue ones first.
#[must_use]
pub fn due(tracker: &Tracker, as_of: Date, days: i32) -> Vec<Due> {
    let mut list: Vec<Due> = tracker.rows.iter().filter_map(|line| due_line(tracker, line, as_of)).collect();
    list.retain(|due| due.days_left <= days);
    list.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    list
}

fn due_line(tracker: &Tracker, line: &Line, as_of: Date) -> Option<Due> {
    if !open(tracker, line) {
        return None;
    }
    let accepted = acceptance(&people(tracker, line), as_of) == Acceptance::Valid;
    let set = settled_day(tracker.cell(line, if accepted { AT.accepted_until } else { AT.due_date }));
    let day = set.or_else(|| settled_day(tracker.cell(line, AT.proposed_due_date)))?;
    Some(Due {
        row: line.row,
        id: tracker.cell(line, AT.finding_id).to_owned(),
        org: tracker.cell(line, AT.org_key).to_owned(),
        app: tracker.cell(line, AT.app_api_name).to_owned(),
        severity: tracker.cell(line, AT.severity).to_owned(),
        owner: tracker.cell(line, AT.owner).to_owned(),
        day,
        proposed: set.is_none(),
        days_left: as_of.until((Unit::Day, day)).ok()?.get_days(),
        acceptance: accepted,
    })
}

/// The list as lines of aligned columns, overdue ones first; empty when nothing is due.
#[must_use]
pub fn due_text(list: &[Due]) -> String {
    if list.is_empty() {
        return String::new();
    }
    let head = ["day", "days", "what", "severity", "owner", "org", "app", "finding_id", "row"].map(str::to_owned);
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(list.iter().map(Due::cells)).map(Vec::from).collect();
    const DAYS: usize = 1;
    aligned(&rows, |column| column == DAYS)
}

impl Due {
    fn cells(&self) -> [String; 9] {
        let what = match (self.acceptance, self.proposed, self.days_left < 0) {
            (true, ..) => "acceptance ends",
            (_, true, true) => "overdue (proposed)",
            (_, true, false) => "due (proposed)",
            (_, false, true) => "overdue",
            (_, false, false) => "due",
        };
        let owner = if self.owner.trim().is_empty() { "no owner" } else { &self.owner };
        let severity = if self.severity.is_empty() { "none" } else { &self.severity };
        let (day, days, number) = (self.day.to_string(), self.days_left.to_string(), self.row.to_string());
        [&day, &days, what, severity, owner, &self.org, &self.app, &self.id, &number].map(short)
    }
}

/// Where a tracker stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Rows of findings.
    pub findings: usize,
    /// Rows that people added.
    pub manual: usize,
    /// Findings by result.
    pub results: BTreeMap<String, usize>,
    /// Open findings by severity.
    pub severities: BTreeMap<String, usize>,
    /// Findings by status; rows without one count under the empty word.
    pub statuses: BTreeMap<String, usize>,
    /// Open findings by owner; those without one count under the empty word.
    pub owners: BTreeMap<String, usize>,
    /// Findings by delta.
    pub deltas: BTreeMap<String, usize>,
    /// Open findings under a decision that holds.
    pub accepted: usize,
    /// Open findings whose decision has expired.
    pub expired: usize,
    /// Open findings past their due date, without those under a decision that holds.
    pub overdue: usize,
    /// Open findings by age in days since the first sight: up to 30, 90, 180, more.
    pub ages: [usize; 4],
}

/// Counts a tracker.
#[must_use]
pub fn stats(tracker: &Tracker, as_of: Date) -> Stats {
    let mut stats = Stats::default();
    for line in &tracker.rows {
        if tracker.cell(line, AT.finding_id).is_empty() {
            stats.manual += 1;
            continue;
        }
        stats.findings += 1;
        count(&mut stats.results, tracker.cell(line, AT.result));
        count(&mut stats.statuses, tracker.cell(line, AT.status));
        count(&mut stats.deltas, tracker.cell(line, AT.delta));
        if open(tracker, line) {
            count(&mut stats.severities, tracker.cell(line, AT.severity));
            count(&mut stats.owners, tracker.cell(line, AT.owner));
            count_open(&mut stats, tracker, line, as_of);
        }
    }
    stats
}

fn count(words: &mut BTreeMap<String, usize>, word: &str) {
    *words.entry(word.trim().to_owned()).or_default() += 1;
}

fn count_open(stats: &mut Stats, tracker: &Tracker, line: &Line, as_of: Date) {
    let accepted = acceptance(&people(tracker, line), as_of);
    stats.accepted += usize::from(accepted == Acceptance::Valid);
    stats.expired += usize::from(matches!(accepted, Acceptance::Expired(_)));
    let late = settled_day(tracker.cell(line, AT.due_date)).is_some_and(|due| due < as_of);
    stats.overdue += usize::from(late && accepted != Acceptance::Valid);
    let first = settled_day(tracker.cell(line, AT.first_seen));
    let age = first.and_then(|first| first.until((Unit::Day, as_of)).ok()).map(|span| span.get_days());
    if let Some(count) = age.and_then(|age| stats.ages.get_mut(age_class(age))) {
        *count += 1;
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "findings   {} (and {} rows of your own)", self.findings, self.manual)?;
        writeln!(f, "result     {}", in_order(Outcome::ALL.iter().map(|word| word.word()), &self.results))?;
        writeln!(f, "severity   {}", in_order(Severity::ALL.iter().rev().map(|word| word.word()), &self.severities))?;
        writeln!(f, "delta      {}", in_order(Delta::ALL.iter().map(|word| word.word()), &self.deltas))?;
        writeln!(f, "status     {}", in_order(STATUSES.iter().copied(), &self.statuses))?;
        writeln!(f, "owner      {}", self.owners_by_count())?;
        writeln!(f, "decisions  {} hold, {} expired", self.accepted, self.expired)?;
        writeln!(f, "overdue    {}", self.overdue)?;
        let [month, quarter, half, more] = self.ages;
        let [a, b, c] = AGES;
        writeln!(f, "age        up to {a} days {month}, up to {b} {quarter}, up to {c} {half}, older {more}")
    }
}

/// Counts in the order of the known words. Words of nobody's list, and cells without one, count as well.
fn in_order(words: impl Iterator<Item = &'static str>, counts: &BTreeMap<String, usize>) -> String {
    let known: Vec<&str> = words.collect();
    let shown = known.iter().filter_map(|word| counts.get(*word).map(|count| format!("{word} {count}")));
    let others = counts.iter().filter(|(word, _)| !known.contains(&word.as_str()));
    let others = others.map(|(word, count)| format!("{} {count}", if word.is_empty() { "none" } else { word }));
    short_list(&shown.chain(others).collect::<Vec<_>>())
}

impl Stats {
    /// Owners with the most open findings first.
    fn owners_by_count(&self) -> String {
        let mut owners: Vec<(&String, usize)> = self.owners.iter().map(|(owner, count)| (owner, *count)).collect();
        owners.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let shown = owners.into_iter().map(|(owner, count)| {
            if owner.is_empty() { format!("no owner {count}") } else { format!("{} {count}", short(owner)) }
        });
        short_list(&shown.collect::<Vec<_>>())
    }
}

fn short_list(parts: &[String]) -> String {
    if parts.is_empty() { "–".to_owned() } else { parts.join(", ") }
}
