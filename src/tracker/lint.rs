//! Questions to a tracker: is it sound, what is due, where does it stand.

use super::book::{Fault, Line, Tracker};
use super::columns::{FINDINGS, Kind, Owner, STATUSES, at};
use super::judge::{Acceptance, People, acceptance};
use super::read::{is_no_day, settled_day, short};
use super::rows::is_open;
use crate::assessment::{Delta, Outcome, Severity};
use jiff::Unit;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;

/// Longest cell that Excel holds, in UTF-16 units.
const EXCEL_CELL: usize = 32_767;

/// Everything that a person should mend, in the order of the rows. What [`super::read()`] refuses is not repeated here.
#[must_use]
pub fn lint(tracker: &Tracker, as_of: Date) -> Vec<Fault> {
    let mut faults = headings(tracker);
    for line in &tracker.rows {
        cells(tracker, line, &mut faults);
        if !tracker.cell(line, at::FINDING_ID).is_empty() {
            decisions(tracker, line, as_of, &mut faults);
        }
    }
    faults
}

fn headings(tracker: &Tracker) -> Vec<Fault> {
    let mut faults = Vec::new();
    for column in FINDINGS {
        if !tracker.header.iter().any(|name| name == column.name) {
            faults.push(fault(1, column.name, "the column is missing", "the next merge adds it, empty"));
        }
    }
    for name in &tracker.header {
        if FINDINGS.iter().any(|column| column.name == name) {
            continue;
        }
        let close = FINDINGS
            .iter()
            .filter(|column| !tracker.header.iter().any(|other| other == column.name))
            .find(|column| strsim::damerau_levenshtein(&name.to_lowercase(), column.name) <= 2);
        if let Some(column) = close {
            let hint = format!("did you mean `{}`?", column.name);
            faults.push(fault(1, name, "the heading is not one of the tracker's", &hint));
        }
    }
    faults
}

fn cells(tracker: &Tracker, line: &Line, faults: &mut Vec<Fault>) {
    let ours = !tracker.cell(line, at::FINDING_ID).is_empty();
    for (column, definition) in FINDINGS.iter().enumerate() {
        let text = tracker.cell(line, column);
        if text.is_empty() {
            continue;
        }
        if is_no_day(column, text) {
            let message = format!("`{}` is no day", short(text));
            faults.push(fault(line.row, definition.name, &message, "write it as YYYY-MM-DD"));
        }
        if definition.owner == Owner::Human && text.encode_utf16().count() > EXCEL_CELL {
            faults.push(fault(line.row, definition.name, "the text is longer than Excel's 32,767 characters", ""));
        }
        if let (Kind::Words(words), true) = (definition.kind, ours) {
            let words = words();
            if !words.iter().any(|word| word.eq_ignore_ascii_case(text.trim())) {
                let message = format!("`{}` is not one of the words of this column", short(text));
                faults.push(fault(line.row, definition.name, &message, &nearest(text, &words)));
            }
        }
    }
}

fn nearest(text: &str, words: &[&str]) -> String {
    let distance = |word: &&&str| strsim::damerau_levenshtein(&word.to_lowercase(), &text.trim().to_lowercase());
    match words.iter().min_by_key(distance) {
        Some(word) if distance(&word) <= 3 => format!("did you mean `{word}`?"),
        _ => format!("write one of {}", words.join(", ")),
    }
}

fn decisions(tracker: &Tracker, line: &Line, as_of: Date, faults: &mut Vec<Fault>) {
    if !open(tracker, line) {
        return;
    }
    let accepted = acceptance(&people(tracker, line), as_of);
    match &accepted {
        Acceptance::Expired(day) => {
            let message = format!("the acceptance expired on {day}");
            faults.push(fault(line.row, "accepted_until", &message, "renew it, or act on the finding"));
        }
        Acceptance::Lacks(columns) => {
            for column in columns {
                faults.push(fault(line.row, column, "the decision needs this cell to hold", ""));
            }
        }
        Acceptance::Valid | Acceptance::None | Acceptance::Unknown => {}
    }
    if accepted == Acceptance::Valid {
        return;
    }
    if tracker.cell(line, at::OWNER).trim().is_empty() {
        faults.push(fault(line.row, "owner", "an open finding without owner", ""));
    }
    let due = tracker.cell(line, at::DUE);
    match settled_day(due) {
        Some(day) if day < as_of => {
            faults.push(fault(line.row, "due_date", &format!("it was due on {day}"), ""));
        }
        None if due.is_empty() => {
            let proposed = tracker.cell(line, at::PROPOSED_DUE);
            let hint = if proposed.is_empty() { String::new() } else { format!("proposed is {proposed}") };
            faults.push(fault(line.row, "due_date", "an open finding without due date", &hint));
        }
        _ => {}
    }
}

fn fault(row: usize, column: &str, message: &str, hint: &str) -> Fault {
    Fault { row, column: column.to_owned(), message: message.to_owned(), hint: hint.to_owned() }
}

fn people<'a>(tracker: &Tracker, line: &'a Line) -> People<'a> {
    People {
        status: tracker.cell(line, at::STATUS),
        disposition: tracker.cell(line, at::DISPOSITION),
        due: tracker.cell(line, at::DUE),
        accepted_by: tracker.cell(line, at::ACCEPTED_BY),
        accepted_until: tracker.cell(line, at::ACCEPTED_UNTIL),
        rationale: tracker.cell(line, at::RATIONALE),
    }
}

fn result(tracker: &Tracker, line: &Line) -> Option<Outcome> {
    let word = tracker.cell(line, at::RESULT);
    Outcome::ALL.iter().copied().find(|outcome| outcome.word() == word)
}

fn open(tracker: &Tracker, line: &Line) -> bool {
    let gone = tracker.cell(line, at::DELTA) == Delta::Gone.word();
    !gone && result(tracker, line).is_some_and(is_open)
}

/// A finding to act on soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Row in the sheet.
    pub row: usize,
    /// Finding id.
    pub id: String,
    /// App.
    pub app: String,
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
    let set = settled_day(tracker.cell(line, if accepted { at::ACCEPTED_UNTIL } else { at::DUE }));
    let day = set.or_else(|| settled_day(tracker.cell(line, at::PROPOSED_DUE)))?;
    Some(Due {
        row: line.row,
        id: tracker.cell(line, at::FINDING_ID).to_owned(),
        app: tracker.cell(line, at::APP).to_owned(),
        owner: tracker.cell(line, at::OWNER).to_owned(),
        day,
        proposed: set.is_none(),
        days_left: as_of.until((Unit::Day, day)).ok()?.get_days(),
        acceptance: accepted,
    })
}

/// Where a tracker stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
        if tracker.cell(line, at::FINDING_ID).is_empty() {
            stats.manual += 1;
            continue;
        }
        stats.findings += 1;
        let mut count = |map: fn(&mut Stats) -> &mut BTreeMap<String, usize>, word: &str| {
            *map(&mut stats).entry(word.trim().to_owned()).or_default() += 1;
        };
        count(|stats| &mut stats.results, tracker.cell(line, at::RESULT));
        count(|stats| &mut stats.statuses, tracker.cell(line, at::STATUS));
        count(|stats| &mut stats.deltas, tracker.cell(line, at::DELTA));
        if open(tracker, line) {
            count(|stats| &mut stats.severities, tracker.cell(line, at::SEVERITY));
            count_open(&mut stats, tracker, line, as_of);
        }
    }
    stats
}

fn count_open(stats: &mut Stats, tracker: &Tracker, line: &Line, as_of: Date) {
    let accepted = acceptance(&people(tracker, line), as_of);
    stats.accepted += usize::from(accepted == Acceptance::Valid);
    stats.expired += usize::from(matches!(accepted, Acceptance::Expired(_)));
    let late = settled_day(tracker.cell(line, at::DUE)).is_some_and(|due| due < as_of);
    stats.overdue += usize::from(late && accepted != Acceptance::Valid);
    let first = settled_day(tracker.cell(line, at::FIRST_SEEN));
    if let Some(age) = first.and_then(|first| first.until((Unit::Day, as_of)).ok()).map(|span| span.get_days()) {
        let class = [30, 90, 180].iter().position(|limit| age <= *limit).unwrap_or(3);
        if let Some(count) = stats.ages.get_mut(class) {
            *count += 1;
        }
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = |words: &mut dyn Iterator<Item = &'static str>, counts: &BTreeMap<String, usize>| {
            let known: Vec<String> =
                words.filter_map(|word| counts.get(word).map(|count| format!("{word} {count}"))).collect();
            known.join(", ")
        };
        writeln!(f, "findings   {} (and {} rows of your own)", self.findings, self.manual)?;
        writeln!(f, "result     {}", order(&mut Outcome::ALL.iter().map(|word| word.word()), &self.results))?;
        let mut severities = Severity::ALL.iter().rev().map(|word| word.word());
        writeln!(f, "severity   {}", order(&mut severities, &self.severities))?;
        writeln!(f, "delta      {}", order(&mut Delta::ALL.iter().map(|word| word.word()), &self.deltas))?;
        writeln!(f, "status     {}", order(&mut STATUSES.iter().copied(), &self.statuses))?;
        writeln!(f, "decisions  {} hold, {} expired", self.accepted, self.expired)?;
        writeln!(f, "overdue    {}", self.overdue)?;
        let [month, quarter, half, more] = self.ages;
        writeln!(f, "age        up to 30 days {month}, up to 90 {quarter}, up to 180 {half}, older {more}")
    }
}
