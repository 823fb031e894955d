//! What the tool says about one row of a tracker: delta, proposals, notes.

use super::read::settled_day;
use crate::model::{Delta, Outcome, Severity};
use crate::table::cells::{DISPOSITIONS, SEPARATOR, STATUSES, window_days};
use crate::table::columns::{AT, FINDINGS, Kind, News};
use crate::text::message::Message;
use crate::text::wording::Wording;
use jiff::civil::Date;
use jiff::{ToSpan, Unit};

/// Human cells that the judgement looks at.
pub(super) struct People<'a> {
    pub(super) status: &'a str,
    pub(super) disposition: &'a str,
    pub(super) due: &'a str,
    pub(super) accepted_by: &'a str,
    pub(super) accepted_until: &'a str,
    pub(super) rationale: &'a str,
}

impl<'a> People<'a> {
    pub(super) fn of(cell: impl Fn(usize) -> &'a str) -> Self {
        Self {
            status: cell(AT.status),
            disposition: cell(AT.disposition),
            due: cell(AT.due_date),
            accepted_by: cell(AT.accepted_by),
            accepted_until: cell(AT.accepted_until),
            rationale: cell(AT.rationale),
        }
    }
}

/// Whether a decision of people stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Acceptance {
    /// Nobody decided anything.
    None,
    /// It holds until that day, which counts.
    Valid,
    /// Its last day has passed.
    Expired(Date),
    /// These columns are empty or unreadable.
    Lacks(Vec<&'static str>),
    /// The word is none of ours.
    Unknown,
}

pub(super) fn acceptance(people: &People<'_>, as_of: Date) -> Acceptance {
    let word = people.disposition.trim();
    if word.is_empty() {
        return Acceptance::None;
    }
    if !DISPOSITIONS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return Acceptance::Unknown;
    }
    let until = settled_day(people.accepted_until);
    let needs = [
        ("accepted_by", people.accepted_by.trim().is_empty()),
        ("accepted_until", until.is_none()),
        ("rationale", people.rationale.trim().is_empty()),
    ];
    let lacks: Vec<&'static str> = needs.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
    match until {
        Some(until) if until < as_of => Acceptance::Expired(until),
        Some(_) if lacks.is_empty() => Acceptance::Valid,
        _ => Acceptance::Lacks(lacks),
    }
}

/// The last five machine columns before the versions, as they have to read.
pub(super) struct Judgement {
    pub(super) proposed_status: String,
    pub(super) proposed_due: String,
    pub(super) overdue: String,
    pub(super) notes: Vec<String>,
}

/// What stands on a row whose app was judged in this run.
pub(super) struct Judged<'a> {
    pub(super) result: Option<Outcome>,
    pub(super) severity: &'a str,
    pub(super) delta: Option<Delta>,
    pub(super) first_seen: &'a str,
    pub(super) complete: bool,
    /// It failed, and passes in a run that cannot close it.
    pub(super) pending: bool,
}

/// Whether a row failed and passes now in a run that is not proven complete; its note remembers it for a later run.
pub(super) fn pending(row: &Compared<'_>, wording: &Wording) -> bool {
    let failed = row.known(AT.result).and_then(Outcome::read) == Some(Outcome::Fail);
    let passes = Outcome::read(cell(row.new, AT.result)) == Some(Outcome::Pass);
    passes && !row.complete && (failed || remembered(cell(row.old, AT.merge_note), wording))
}

pub(super) fn cell<'a>(cells: &[&'a str], column: usize) -> &'a str {
    cells.get(column).copied().unwrap_or_default()
}

fn remembered(note: &str, wording: &Wording) -> bool {
    let text = wording.word("note.pass-incomplete");
    note.split(SEPARATOR).any(|part| part == text)
}

/// A sentence as a part of a note, whose parts [`SEPARATOR`] keeps apart.
pub(super) fn note(wording: &Wording, message: &Message) -> String {
    wording.say(message).replace(SEPARATOR, ", ")
}

pub(super) fn judge(judged: &Judged<'_>, people: &People<'_>, as_of: Date, wording: &Wording) -> Judgement {
    let open = judged.result.is_some_and(Outcome::is_open);
    let accepted = acceptance(people, as_of);
    let status = STATUSES.iter().copied().find(|word| word.eq_ignore_ascii_case(people.status.trim()));
    let mut notes = Vec::new();
    if open {
        match &accepted {
            Acceptance::Expired(day) => {
                notes.push(note(wording, &Message::new("note.acceptance-expired").with("day", day.to_string())));
            }
            Acceptance::Lacks(columns) => {
                let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
                notes.push(note(wording, &Message::new("note.acceptance-lacks").with("columns", columns)));
            }
            Acceptance::Unknown => notes.push(note(wording, &Message::new("note.disposition-unknown"))),
            Acceptance::Valid | Acceptance::None => {}
        }
        if status == Some("Fixed") && accepted != Acceptance::Valid {
            notes.push(note(wording, &Message::new("note.fixed-still-open")));
        }
        if accepted == Acceptance::Valid && judged.delta == Some(Delta::Reopened) {
            notes.push(note(wording, &Message::new("note.acceptance-stays")));
        }
    }
    if judged.pending {
        notes.push(note(wording, &Message::new("note.pass-incomplete")));
    }
    let proposed = match (open, &accepted) {
        (true, Acceptance::Valid) => "",
        (true, Acceptance::Expired(_)) => "Open",
        (true, _) => status.filter(|word| matches!(*word, "In Progress" | "Blocked")).unwrap_or("Open"),
        (false, _) => {
            let was_open = judged.delta == Some(Delta::Resolved) || status.is_some();
            if judged.result == Some(Outcome::Pass) && judged.complete && was_open { "Fixed" } else { "" }
        }
    };
    let acts = open && accepted != Acceptance::Valid;
    Judgement {
        proposed_status: proposed.to_owned(),
        proposed_due: if acts { due(judged.first_seen, judged.severity) } else { String::new() },
        overdue: if acts { overdue(people.due, as_of) } else { String::new() },
        notes,
    }
}

fn due(first_seen: &str, severity: &str) -> String {
    let days = Severity::read(severity).and_then(window_days);
    let day = settled_day(first_seen).zip(days).and_then(|(first, days)| first.checked_add(days.days()).ok());
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn overdue(due: &str, as_of: Date) -> String {
    let days = settled_day(due).and_then(|due| due.until((Unit::Day, as_of)).ok()).map(|span| span.get_days().max(0));
    days.map(|days| days.to_string()).unwrap_or_default()
}

/// A row of the older tracker against what the run found.
pub(super) struct Compared<'a> {
    /// Cells of the tracker as they stand there.
    pub(super) old: &'a [&'a str],
    /// What the older run found, as far as it is known: a machine cell that is absent, spoilt or edited says nothing.
    pub(super) known: &'a [Option<&'a str>],
    pub(super) new: &'a [&'a str],
    /// The older row was already written from this run; what differs, people edited.
    pub(super) repeated: bool,
    pub(super) complete: bool,
}

impl<'a> Compared<'a> {
    fn known(&self, column: usize) -> Option<&'a str> {
        self.known.get(column).copied().flatten()
    }

    /// Whether both sides were judged by rules that are known to differ.
    fn other_rules(&self) -> bool {
        let rules = self.known(AT.ruleset_version).filter(|rules| !rules.is_empty());
        rules.is_some_and(|rules| !same_rules(rules, cell(self.new, AT.ruleset_version)))
    }
}

/// Whether two versions of the rules are one. Trackers of earlier versions have them without the letter, and a
/// spreadsheet that took `2026.10` for a number made it `2026.1`.
fn same_rules(old: &str, new: &str) -> bool {
    let bare = |version: &str| version.strip_prefix('r').unwrap_or(version).to_owned();
    let number = |version: &str| bare(version).replace(',', ".").parse::<f64>().ok();
    old == new || !old.starts_with('r') && number(old).is_some_and(|old| Some(old) == number(new))
}

/// Whether a machine cell can be what the tool wrote: a word of its column, a number, a day.
pub(super) fn sound(column: usize, cell: &str) -> bool {
    let Some(definition) = FINDINGS.get(column) else { return false };
    match definition.kind {
        Kind::Number => cell.parse::<f64>().is_ok_and(f64::is_finite),
        Kind::Date => settled_day(cell).is_some(),
        kind => kind.words().is_none_or(|words| words.contains(&cell)),
    }
}

/// Delta and the run that it refers to.
pub(super) fn delta(row: &Compared<'_>, wording: &Wording) -> (Option<Delta>, String) {
    let old_result = row.known(AT.result).and_then(Outcome::read);
    let new_result = Outcome::read(cell(row.new, AT.result));
    let old_delta = Delta::read(cell(row.old, AT.delta));
    let old_run = cell(row.old, AT.baseline_run).to_owned();
    let back = old_delta == Some(Delta::Gone);
    if row.repeated && !back && (old_result.is_none() || old_result == new_result) {
        let stays = old_delta.filter(|delta| fits(*delta, new_result));
        return match stays {
            Some(delta) => (Some(delta), old_run),
            None => (Delta::read(cell(row.new, AT.delta)), cell(row.new, AT.baseline_run).to_owned()),
        };
    }
    let run = cell(row.old, AT.last_seen).to_owned();
    let status = cell(row.old, AT.status);
    let was_resolved = old_delta == Some(Delta::Resolved) || status.trim().eq_ignore_ascii_case("Fixed");
    let delta = match (old_result, new_result) {
        // A resolved row stays resolved against the last run in which it failed, so that a relapse is known as one.
        (Some(Outcome::Pass), Some(Outcome::Pass)) if old_delta == Some(Delta::Resolved) => {
            return (Some(Delta::Resolved), old_run);
        }
        (Some(Outcome::Pass), Some(Outcome::Pass)) if remembered(cell(row.old, AT.merge_note), wording) => {
            return (Some(if row.complete { Delta::Resolved } else { Delta::Changed }), old_run);
        }
        (Some(Outcome::Pass), Some(Outcome::Fail)) if was_resolved => Delta::Reopened,
        (_, Some(Outcome::Fail)) if back => Delta::Reopened,
        (None, _) => Delta::NotComparable,
        _ if row.other_rules() => Delta::NotComparable,
        (Some(Outcome::NotEvaluable), _) | (_, Some(Outcome::NotEvaluable)) => Delta::NotComparable,
        (a, b) if a != b && [a, b].contains(&Some(Outcome::NotTested)) => Delta::NotComparable,
        (Some(Outcome::Fail), Some(Outcome::Pass)) if row.complete => Delta::Resolved,
        (a, b) if a != b || back => Delta::Changed,
        _ if moved(row) => Delta::Changed,
        _ => Delta::Unchanged,
    };
    (Some(delta), run)
}

/// Whether a delta can stand beside a result, so that an edited one does not survive.
fn fits(delta: Delta, result: Option<Outcome>) -> bool {
    match delta {
        Delta::Resolved => result == Some(Outcome::Pass),
        Delta::Reopened => result == Some(Outcome::Fail),
        Delta::Gone => false,
        Delta::New | Delta::Unchanged | Delta::Changed | Delta::NotComparable => true,
    }
}

fn moved(row: &Compared<'_>) -> bool {
    let columns = FINDINGS.iter().enumerate().filter(|(_, column)| column.news == News::Evidence);
    let mut cells = columns.filter_map(|(at, _)| Some((at, row.known(at)?, cell(row.new, at))));
    cells.any(|(at, old, new)| !same(at, old, new))
}

/// Whether two cells of a column say the same: numbers by value, long texts up to where a spreadsheet had them cut.
pub(super) fn same(column: usize, old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    match FINDINGS.get(column).map(|column| column.kind) {
        Some(Kind::Number) => {
            old.parse::<f64>().ok().zip(new.parse::<f64>().ok()).is_some_and(|(a, b)| (a - b).abs() < 1e-9)
        }
        _ => match old.rsplit_once("… [cut, see ") {
            Some((kept, _)) => new.starts_with(kept) || new.replace('\n', crate::render::csv::BREAK).starts_with(kept),
            None => false,
        },
    }
}
