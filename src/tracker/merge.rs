//! An older tracker and a new run become the next tracker.
//!
//! People's columns, rows and order stay; the tool rewrites its own columns and tells every change. Merging twice
//! gives what merging once gave.

use super::book::{Fault, Faults, Line, Tracker};
use super::changes::{Change, What};
use super::judge::{Compared, Judged, People, cell, delta, judge, note, pending, same, sound};
use super::whole::{Whole, code};
use crate::model::{Assessment, Delta, Outcome};
use crate::table::Row;
use crate::table::cells::SEPARATOR;
use crate::table::columns::{AT, FINDINGS, News, Owner};
use crate::table::rows::is_finding_id;
use crate::text::message::Message;
use crate::text::wording::Wording;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What merging has to know besides the two tables.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Day as of which acceptances and due dates are judged.
    pub as_of: Date,
    /// Orgs of the run, and whether the lists of apps of each are proven complete.
    pub orgs: BTreeMap<String, Whole>,
    /// Adds rows for apps that pass, too.
    pub all: bool,
    /// Rows of the run that the tracker was written from, where it is at hand: shows which machine cells were edited.
    pub previous: Option<&'a [Row<'a>]>,
    /// Words of the notes.
    pub wording: &'a Wording,
}

impl<'a> Options<'a> {
    /// The options that assessments imply.
    #[must_use]
    pub fn of(assessments: &[&Assessment], as_of: Date, wording: &'a Wording) -> Self {
        let orgs = assessments.iter();
        let orgs = orgs.map(|org| (org.org.key.clone(), Whole::of(org)));
        Self { as_of, orgs: orgs.collect(), all: false, previous: None, wording }
    }
}

/// A merged tracker and what merging did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The next tracker.
    pub tracker: Tracker,
    /// Every change, in the order of the rows.
    pub changes: Vec<Change>,
    /// Cells of older rows that the tool wrote: row in the sheet, column of the definition.
    pub written: Vec<(usize, usize)>,
    /// Columns that the older tracker had; those that were missing stand behind them.
    pub old_width: usize,
}

/// Merges an older tracker with the rows of a run.
///
/// `new` are the rows of *every* app ([`crate::table::rows::findings`] with `all`), so that what passes now is known.
/// Fails when a row carries another id than the run gives to its app.
pub fn merge(old: Tracker, new: &[Row<'_>], options: &Options<'_>) -> Result<Merged, Faults> {
    let old_width = old.header.len();
    let (mut merge, mut told) = Merge::start(old, new, options)?;
    let mut lines = std::mem::take(&mut merge.tracker.rows);
    // Lines know nothing of each other; what they tell is put together in their order.
    let parts: Vec<Told> = lines.par_chunks_mut(CHUNK).map(|lines| merge.lines(lines)).collect();
    parts.into_iter().for_each(|part| told.add(part));
    let known: HashSet<&str> = lines.iter().map(|line| merge.tracker.cell(line, AT.finding_id)).collect();
    let added = merge.append(new, &known, &mut told);
    told.stamps();
    drop(known);
    lines.extend(added);
    let mut tracker = merge.tracker;
    tracker.rows = lines;
    Ok(Merged { tracker, changes: told.changes, written: told.written, old_width })
}

/// Lines that one task merges.
const CHUNK: usize = 512;

struct Merge<'a> {
    /// The tracker; its rows are elsewhere while they are merged.
    tracker: Tracker,
    /// Rows of the run by finding id. Hashed, and only ever asked: no order of it is seen.
    new: HashMap<&'a str, &'a Row<'a>>,
    previous: HashMap<&'a str, &'a Row<'a>>,
    options: &'a Options<'a>,
    /// For each column of the definition whether the tracker came without it.
    absent: Vec<bool>,
    /// What notes on today's events begin with.
    today: String,
}

/// What merging did so far.
#[derive(Default)]
struct Told {
    changes: Vec<Change>,
    /// Rows in which a column that moves with every run was rewritten, by column.
    stamped: BTreeMap<usize, usize>,
    written: Vec<(usize, usize)>,
}

impl Told {
    fn add(&mut self, later: Self) {
        self.changes.extend(later.changes);
        self.written.extend(later.written);
        for (column, rows) in later.stamped {
            *self.stamped.entry(column).or_default() += rows;
        }
    }

    /// Tells the new text of a cell, or counts it when the column moves with every run.
    fn cell(&mut self, what: What, row: usize, id: &str, column: usize, from: &str, to: &str) {
        let stamp = FINDINGS.get(column).is_some_and(|column| column.news == News::Stamp);
        if stamp && what == What::Updated {
            *self.stamped.entry(column).or_default() += 1;
        } else {
            self.changes.push(Change::cell(what, row, id, column, from, to));
        }
    }

    fn stamps(&mut self) {
        for (column, rows) in std::mem::take(&mut self.stamped) {
            let name = FINDINGS.get(column).map_or("", |column| column.name);
            self.changes.push(Change::column(What::Stamped, name, rows));
        }
    }
}

impl<'a> Merge<'a> {
    fn start(mut tracker: Tracker, new: &'a [Row<'a>], options: &'a Options<'a>) -> Result<(Self, Told), Faults> {
        let mut changes = Vec::new();
        let absent: Vec<bool> = tracker.places.iter().map(Option::is_none).collect();
        for (definition, absent) in FINDINGS.iter().zip(&absent) {
            if *absent {
                changes.push(Change::column(What::ColumnAdded, definition.name, 0));
                tracker.header.push(definition.name.to_owned());
            }
        }
        if !changes.is_empty() {
            let width = tracker.header.len();
            let mut wider = Tracker::with_header(std::mem::take(&mut tracker.header));
            wider.rows = tracker.rows;
            wider.book = tracker.book;
            wider.rows.iter_mut().for_each(|line| line.cells.resize(width, String::new()));
            tracker = wider;
        }
        let merge = Self {
            tracker,
            new: by_id(new),
            previous: by_id(options.previous.unwrap_or_default()),
            options,
            absent,
            today: format!("{} ", options.as_of),
        };
        let mut faults = merge.foreign_ids(new);
        faults.extend(merge.swapped_ids());
        if faults.is_empty() { Ok((merge, Told { changes, ..Told::default() })) } else { Err(Faults(faults)) }
    }

    /// Rows whose id the run does not know although it knows their app.
    fn foreign_ids(&self, new: &[Row<'_>]) -> Vec<Fault> {
        let ids = self.tracker.rows.iter().map(|line| (line, self.tracker.cell(line, AT.finding_id)));
        let foreign: Vec<(&Line, &str)> = ids.filter(|(_, id)| !id.is_empty() && !self.new.contains_key(id)).collect();
        if foreign.is_empty() {
            return Vec::new();
        }
        // A connected app and an External Client App may have one name: an id of one is no mistake for that of the other.
        let mut apps: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
        for row in new {
            let app = (text(row, AT.org_key), text(row, AT.app_api_name));
            apps.entry(app).or_default().push(text(row, AT.finding_id));
        }
        let mut faults = Vec::new();
        for (line, id) in foreign {
            let app = (self.tracker.cell(line, AT.org_key), self.tracker.cell(line, AT.app_api_name));
            let of_app = apps.get(&app).into_iter().flatten();
            let mut expected = of_app.filter(|known| !is_finding_id(id) || code(id) == code(known));
            let message = match expected.next() {
                Some(expected) => format!("{id} is unknown: the app of this row has {expected}"),
                None if app.0.is_empty() || app.1.is_empty() => format!("{id} is unknown, and the row names no app"),
                None => continue,
            };
            let hint = "restore the id; leave it empty in rows of your own";
            faults.push(Fault::new(line.row, "finding_id", message, hint));
        }
        faults
    }

    /// Rows that name another app than the one whose id they carry: what people decided there is of one of the two, and
    /// only they know of which.
    fn swapped_ids(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for line in &self.tracker.rows {
            let id = self.tracker.cell(line, AT.finding_id);
            let Some(row) = self.new.get(id).copied() else { continue };
            for column in [AT.org_key, AT.app_api_name] {
                let (own, right) = (self.tracker.cell(line, column), text(row, column));
                if own.is_empty() || own.eq_ignore_ascii_case(right) {
                    continue;
                }
                let message = format!("{id} is of {right}, and the row says {}", super::read::short(own));
                let hint = "bring the id back to the row of its app: was only a part of the columns sorted?";
                faults.push(Fault::new(line.row, FINDINGS.get(column).map_or("", |column| column.name), message, hint));
            }
        }
        faults
    }

    fn lines(&self, lines: &mut [Line]) -> Told {
        let mut told = Told::default();
        lines.iter_mut().for_each(|line| self.line(line, &mut told));
        told
    }

    fn line(&self, line: &mut Line, told: &mut Told) {
        let id = self.tracker.cell(line, AT.finding_id);
        if id.is_empty() {
            return;
        }
        match self.new.get(id).copied() {
            Some(row) => self.update(line, row, told),
            None => self.orphan(line, told),
        }
    }

    /// Rewrites the machine cells of a row whose app is in the run.
    fn update(&self, line: &mut Line, row: &Row<'_>, told: &mut Told) {
        let id = text(row, AT.finding_id);
        let old: Vec<&str> = (0..FINDINGS.len()).map(|column| self.tracker.cell(line, column)).collect();
        let new: Vec<&str> = (0..FINDINGS.len()).map(|column| text(row, column)).collect();
        let same_run = cell(&old, AT.last_seen) == cell(&new, AT.last_seen);
        let moves = self.moves(id, &old, &new, same_run);
        let complete = self.options.orgs.get(cell(&new, AT.org_key)).is_some_and(|whole| whole.holds(id));
        let known = self.known(id, &old);
        let repeated =
            same_run && moves.iter().all(|(what, column)| *what == What::Restored || self.is_absent(*column));
        let compared = Compared { old: &old, known: &known, new: &new, repeated, complete };
        let (delta, computed) = self.computed(id, &compared, &moves);
        if let Some(delta) = delta.filter(|delta| delta.word() != cell(&old, AT.delta)) {
            told.changes.push(Change::row(What::of_delta(delta), line.row, id, text(row, AT.app_api_name)));
        }
        for (what, column) in moves.iter().filter(|(_, column)| !self.is_absent(*column)) {
            told.cell(*what, line.row, id, *column, cell(&old, *column), cell(&new, *column));
        }
        for (_, column) in moves {
            told.written.push((line.row, column));
            if let Some(own) = self.cell_of(line, column) {
                // The memory of the old text is used again.
                own.clear();
                own.push_str(cell(&new, column));
            }
        }
        self.write_computed(line, id, computed, told);
    }

    fn is_absent(&self, column: usize) -> bool {
        self.absent.get(column).copied().unwrap_or(true)
    }

    /// What the older run found, cell by cell: what it wrote, where its report is at hand, else what the tracker still
    /// shows of it.
    fn known<'r>(&'r self, id: &str, old: &[&'r str]) -> Vec<Option<&'r str>> {
        let previous = self.previous.get(id).copied();
        let written = previous.filter(|row| text(row, AT.last_seen) == cell(old, AT.last_seen));
        let known = |column: usize| {
            let shown = Some(cell(old, column)).filter(|cell| !self.is_absent(column) && sound(column, cell));
            match written {
                Some(row) => Some(text(row, column)),
                None => shown.or_else(|| previous.map(|row| text(row, column))),
            }
        };
        (0..FINDINGS.len()).map(known).collect()
    }

    /// Machine columns whose cells say something else than the run: edited ones, and those with news.
    fn moves(&self, id: &str, old: &[&str], new: &[&str], same_run: bool) -> Vec<(What, usize)> {
        let previous = self.previous.get(id).copied();
        let mut moves = Vec::new();
        for (column, definition) in FINDINGS.iter().enumerate() {
            let ours = matches!(definition.owner, Owner::Once | Owner::Machine);
            let (before, now) = (cell(old, column), cell(new, column));
            if !ours || same(column, before, now) {
                continue;
            }
            let edited = match previous {
                _ if self.is_absent(column) => false,
                _ if definition.owner == Owner::Once => true,
                Some(previous) => !same(column, before, text(previous, column)),
                None => same_run,
            };
            moves.push((if edited { What::Restored } else { What::Updated }, column));
        }
        moves
    }

    /// Delta, and the cells that follow from both sides and from what people wrote.
    fn computed(&self, id: &str, row: &Compared<'_>, moves: &[(What, usize)]) -> (Option<Delta>, [(usize, String); 7]) {
        let (delta, baseline) = delta(row, self.options.wording);
        let first_seen = earlier(cell(row.old, AT.first_seen), &self.first_seen(id, cell(row.new, AT.first_seen)));
        let judged = Judged {
            result: Outcome::read(cell(row.new, AT.result)),
            severity: cell(row.new, AT.severity),
            delta,
            first_seen: &first_seen,
            complete: row.complete,
            pending: pending(row, self.options.wording),
        };
        let judgement = judge(&judged, &people(row.old), self.options.as_of, self.options.wording);
        let edited: Vec<usize> =
            moves.iter().filter(|(what, _)| *what == What::Restored).map(|(_, column)| *column).collect();
        let mut events = Vec::new();
        if !edited.is_empty() {
            events.push(self.event(Message::new("note.restored").with("columns", names(&edited))));
        }
        let note = self.note(cell(row.old, AT.merge_note), judgement.notes, events);
        let cells = [
            (AT.first_seen, first_seen),
            (AT.delta, delta.map(|delta| delta.word().to_owned()).unwrap_or_default()),
            (AT.baseline_run, baseline),
            (AT.proposed_status, judgement.proposed_status),
            (AT.proposed_due_date, judgement.proposed_due),
            (AT.overdue_days, judgement.overdue),
            (AT.merge_note, note),
        ];
        (delta, cells)
    }

    /// Sets the computed cells and tells those whose change says something of its own.
    fn write_computed(
        &self,
        line: &mut Line,
        id: &str,
        computed: impl IntoIterator<Item = (usize, String)>,
        told: &mut Told,
    ) {
        let row = line.row;
        for (column, value) in computed {
            let Some(cell) = self.cell_of(line, column).filter(|cell| **cell != value) else { continue };
            if column != AT.delta {
                told.cell(What::Updated, row, id, column, cell, &value);
            }
            *cell = value;
            told.written.push((row, column));
        }
    }

    /// A row whose app the run does not show.
    fn orphan(&self, line: &mut Line, told: &mut Told) {
        let id = self.tracker.cell(line, AT.finding_id).to_owned();
        let org = self.tracker.cell(line, AT.org_key).to_owned();
        let Some(complete) = self.options.orgs.get(&org).map(|whole| whole.holds(&id)) else { return };
        let (delta, key) = if complete { (Delta::Gone, "note.gone") } else { (Delta::NotComparable, "note.not-seen") };
        let note = note(self.options.wording, &Message::new(key).with("org", &org));
        if self.tracker.cell(line, AT.delta) != delta.word() {
            let app = self.tracker.cell(line, AT.app_api_name).to_owned();
            let what = if complete { What::Gone } else { What::NotSeen };
            told.changes.push(Change::row(what, line.row, &id, &app));
        }
        let note = self.note(self.tracker.cell(line, AT.merge_note), vec![note], Vec::new());
        let last_seen = self.tracker.cell(line, AT.last_seen).to_owned();
        let computed = [
            (AT.delta, delta.word().to_owned()),
            (AT.baseline_run, last_seen),
            (AT.proposed_status, String::new()),
            (AT.proposed_due_date, String::new()),
            (AT.overdue_days, String::new()),
            (AT.merge_note, note),
        ];
        self.write_computed(line, &id, computed, told);
    }

    /// Adds the rows of the run that the tracker lacks, in the order of the run.
    fn append(&self, new: &[Row<'_>], known: &HashSet<&str>, told: &mut Told) -> Vec<Line> {
        let lacking = new.iter().filter(|row| !known.contains(text(row, AT.finding_id)));
        let wanted = lacking.filter(|row| self.options.all || text(row, AT.result) != Outcome::Pass.word());
        wanted.map(|row| self.added(row, told)).collect()
    }

    /// The first day of a finding as far as the run and the one before it know: a deleted cell or row buys no time.
    fn first_seen(&self, id: &str, new: &str) -> String {
        earlier(self.previous.get(id).map_or("", |row| text(row, AT.first_seen)), new)
    }

    fn added(&self, row: &Row<'_>, told: &mut Told) -> Line {
        let id = text(row, AT.finding_id);
        let first_seen = self.first_seen(id, text(row, AT.first_seen));
        let mut cells: Vec<String> = row.cells.iter().map(|cell| cell.to_string()).collect();
        let new: Vec<&str> = row.cells.iter().map(AsRef::as_ref).collect();
        let delta = Delta::read(text(row, AT.delta));
        // A finding with a past that the tracker does not show was in it and has been deleted.
        let deleted = self.previous.contains_key(id)
            || delta.is_some_and(|delta| delta != Delta::New)
            || first_seen.as_str() < text(row, AT.last_seen);
        let delta = match (delta, deleted) {
            (Some(delta), _) => delta,
            (None, true) => Delta::Unchanged,
            (None, false) => Delta::New,
        };
        let judged = Judged {
            result: Outcome::read(cell(&new, AT.result)),
            severity: text(row, AT.severity),
            delta: Some(delta),
            first_seen: &first_seen,
            complete: self
                .options
                .orgs
                .get(text(row, AT.org_key))
                .is_some_and(|whole| whole.holds(text(row, AT.finding_id))),
            pending: false,
        };
        let judgement = judge(&judged, &people(&new), self.options.as_of, self.options.wording);
        let events = if deleted { vec![self.event(Message::new("note.row-restored"))] } else { Vec::new() };
        let computed = [
            (AT.first_seen, first_seen),
            (AT.delta, delta.word().to_owned()),
            (AT.proposed_status, judgement.proposed_status),
            (AT.proposed_due_date, judgement.proposed_due),
            (AT.overdue_days, judgement.overdue),
            (AT.merge_note, self.note("", judgement.notes, events)),
        ];
        for (column, value) in computed {
            if let Some(cell) = cells.get_mut(column) {
                *cell = value;
            }
        }
        let what = if deleted { What::RowRestored } else { What::New };
        told.changes.push(Change::row(what, 0, id, text(row, AT.app_api_name)));
        let mut line = Line { row: 0, cells: vec![String::new(); self.tracker.header.len()] };
        for (column, value) in cells.into_iter().enumerate() {
            if let Some(cell) = self.cell_of(&mut line, column) {
                *cell = value;
            }
        }
        line
    }

    /// Something that happened in this merge: dated, so that it is kept as long as the day is the same and no longer.
    fn event(&self, message: Message) -> String {
        format!("{} {}", self.options.as_of, note(self.options.wording, &message))
    }

    /// Standing notes, then the day's events: those of an earlier merge of the same day, and new ones.
    fn note(&self, old: &str, standing: Vec<String>, events: Vec<String>) -> String {
        if old.is_empty() && standing.is_empty() && events.is_empty() {
            return String::new();
        }
        let mut parts = standing;
        let kept = old.split(SEPARATOR).filter(|part| part.starts_with(&self.today)).map(str::to_owned);
        for part in kept.chain(events) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(SEPARATOR)
    }

    fn cell_of<'l>(&self, line: &'l mut Line, column: usize) -> Option<&'l mut String> {
        let place = self.tracker.places.get(column).copied().flatten()?;
        line.cells.get_mut(place)
    }
}

fn by_id<'a>(rows: &'a [Row<'a>]) -> HashMap<&'a str, &'a Row<'a>> {
    rows.iter().map(|row| (text(row, AT.finding_id), row)).collect()
}

fn names(columns: &[usize]) -> Vec<String> {
    columns.iter().filter_map(|column| FINDINGS.get(*column)).map(|column| column.name.to_owned()).collect()
}

/// The earlier of two days; the second when the first is none.
fn earlier(old: &str, new: &str) -> String {
    if old == new {
        return new.to_owned();
    }
    match (super::read::settled_day(old), super::read::settled_day(new)) {
        (Some(old), Some(new)) => old.min(new).to_string(),
        (Some(old), None) => old.to_string(),
        _ => new.to_owned(),
    }
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> &'a str {
    row.cells.get(column).map_or("", AsRef::as_ref)
}

fn people<'a>(cells: &[&'a str]) -> People<'a> {
    People::of(|column| cell(cells, column))
}
