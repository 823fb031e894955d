//! The chapter: the sibling controls in two pages, and in full for the workpapers.

use super::Desk;
use crate::catalogue::Entry;
use crate::controls;
use crate::model::{Deadline, FamilyRow, Outcome};
use crate::text::message::{Arg, Message};
use crate::view::words::{mark, result_word, say, symbol};
use crate::view::{
    AskedView, CauseView, ChapterControl, ChapterGroup, ChapterLine, ChapterRow, ChapterView, DeadlineView,
};
use std::collections::BTreeMap;

/// Most causes that the report names.
const CAUSES: usize = 5;
/// Most questions that the report asks.
const QUESTIONS: usize = 3;
/// Days within which an end forces a decision: a year, and time to budget for it.
const AHEAD: i64 = 400;
/// Most apps that a cell names.
const APPS: usize = 2;
/// Kinds of subjects, in their order.
const KINDS: [&str; 3] = ["org", "eca", "connected_app"];
/// Outcomes in the order of the columns.
const OUTCOMES: [Outcome; 6] =
    [Outcome::Fail, Outcome::Review, Outcome::NotEvaluable, Outcome::Pass, Outcome::NotApplicable, Outcome::NotTested];
/// Published controls that contradict each other, and how each was read.
const READINGS: [&str; 6] = ["code-credentials", "titled-otherwise", "bands", "rotation", "custom", "titles"];

impl Desk<'_> {
    /// The sheet rows of the chapter.
    fn sheet_rows(&self) -> impl Iterator<Item = &FamilyRow> {
        self.a.family.iter().filter(|row| !row.is_deep())
    }

    /// The chapter in short; nothing for an org without an app, or where an assessment of an earlier version has no rows.
    pub(super) fn chapter(&self) -> Option<ChapterView> {
        // Without an app the report says why, and nothing else; the workpapers and tables hold the org's settings.
        if self.a.family.iter().all(|row| row.subject.is_empty()) {
            return None;
        }
        let w = self.w;
        let rows: Vec<&FamilyRow> = self.sheet_rows().collect();
        let standing = Standing::of(&rows);
        let mut asked = self.chapter_asked(&rows);
        let more = asked.len().saturating_sub(QUESTIONS);
        asked.truncate(QUESTIONS);
        let asked_more = if more == 0 { String::new() } else { say!(w, "report.chapter.asked-more", n = more) };
        let listed = |key: &'static str, names: Vec<String>| match names.is_empty() {
            true => String::new(),
            false => w.say(&Message::new(key).with("controls", Arg::from(names))),
        };
        Some(ChapterView {
            lead: self.chapter_lead(&rows),
            columns: OUTCOMES.iter().map(|outcome| symbol(*outcome).to_owned()).collect(),
            legend: OUTCOMES.map(|outcome| format!("{} {}", symbol(outcome), result_word(w, outcome))).join(" · "),
            groups: self.chapter_groups(&rows, &standing),
            stands: listed("report.chapter.stands", standing.names(Outcome::Pass)),
            untold: listed("report.chapter.untold", standing.names(Outcome::NotEvaluable)),
            elsewhere: listed("report.chapter.elsewhere", standing.names(Outcome::NotApplicable)),
            causes: self.chapter_causes(&rows),
            asked,
            asked_more,
            exports: self.chapter_exports(&rows),
            deadlines: self.near_deadlines().map(|one| self.deadline(one)).collect(),
            known: say!(w, "report.chapter.known", n = controls::KNOWN.len()),
        })
    }

    fn chapter_lead(&self, rows: &[&FamilyRow]) -> String {
        let open = rows.iter().filter(|row| row.outcome.is_open());
        let mut causes: Vec<&str> = open.clone().map(|row| &*row.root_cause).collect();
        causes.sort_unstable();
        causes.dedup();
        let controls = controls::sheets().count();
        let (open, causes) = (open.count(), causes.len());
        say!(self.w, "report.chapter.lead", controls = controls, rows = open, causes = causes)
    }

    /// Rows by kind of subject and outcome, with a line for each control of which something is open.
    fn chapter_groups(&self, rows: &[&FamilyRow], standing: &Standing<'_>) -> Vec<ChapterGroup> {
        let kinds = KINDS.iter().filter_map(|kind| {
            let own = rows.iter().filter(|row| *row.kind == **kind).map(|row| row.outcome).collect::<Vec<_>>();
            let name = self.w.word(&format!("report.chapter.kind.{kind}"));
            let group = ChapterGroup { name, cells: counts(&own), lines: self.chapter_lines(standing, kind) };
            (!own.is_empty()).then_some(group)
        });
        let all: Vec<Outcome> = rows.iter().map(|row| row.outcome).collect();
        let name = self.w.word("report.chapter.all");
        kinds.chain([ChapterGroup { name, cells: counts(&all), lines: Vec::new() }]).collect()
    }

    fn chapter_lines(&self, standing: &Standing<'_>, kind: &str) -> Vec<ChapterLine> {
        let own = standing.0.iter().filter(|(row, _)| *row.kind == *kind);
        let lines = own.filter(|(_, outcomes)| settled(outcomes).is_none()).filter_map(|(row, outcomes)| {
            let published = controls::published(&row.control)?;
            let band = match published.band.is_empty() {
                true => self.w.word("report.chapter.no-band"),
                false => published.band,
            };
            Some(ChapterLine { name: short(&published.name), band, cells: counts(outcomes) })
        });
        lines.collect()
    }

    /// The causes that settle most rows, with what to do.
    fn chapter_causes(&self, rows: &[&FamilyRow]) -> Vec<CauseView> {
        let mut by_cause: BTreeMap<&str, Vec<&FamilyRow>> = BTreeMap::new();
        // What a finding is about, the plan settles.
        let planned: Vec<&str> = self.a.family.iter().filter(|row| row.is_deep()).map(|row| &*row.root_cause).collect();
        let own = rows.iter().filter(|row| !planned.contains(&&*row.root_cause));
        for row in own.filter(|row| matches!(row.outcome, Outcome::Fail | Outcome::Review)) {
            // Causes of one kind differ by their app, and have one remedy.
            let kind = row.root_cause.split(':').next().unwrap_or_default();
            by_cause.entry(kind).or_default().push(row);
        }
        let worst = |rows: &[&FamilyRow]| rows.iter().filter(|row| row.outcome == Outcome::Fail).count();
        // Where nothing fails, a question decides, and there is nothing to repair yet.
        let mut causes: Vec<(&str, Vec<&FamilyRow>)> =
            by_cause.into_iter().filter(|(_, rows)| worst(rows) > 0).collect();
        causes.sort_by_key(|(cause, rows)| {
            (std::cmp::Reverse(worst(rows)), std::cmp::Reverse(rows.len()), (*cause).to_owned())
        });
        // Controls of both kinds of apps may ask for the same.
        let mut remedies: Vec<(String, Vec<&FamilyRow>)> = Vec::new();
        for (_, rows) in causes {
            // What fails says best what to do.
            let first = rows.iter().find(|row| row.outcome == Outcome::Fail).or(rows.first());
            let what = first.map(|row| self.chapter_text(row, "recommendation")).unwrap_or_default();
            match remedies.iter_mut().find(|(known, _)| *known == what) {
                Some((_, known)) => known.extend(rows),
                None => remedies.push((what, rows)),
            }
        }
        let views = remedies.into_iter().take(CAUSES).map(|(what, rows)| CauseView {
            what,
            settles: rows.len().to_string(),
            apps: self.some_apps(&rows),
        });
        views.collect()
    }

    /// Each control's question once, with the apps that it is asked of; first those that settle most.
    fn chapter_asked(&self, rows: &[&FamilyRow]) -> Vec<AskedView> {
        let mut asked: Vec<Vec<&FamilyRow>> = Vec::new();
        for entry in controls::sheets().map(|sheet| &sheet.entry) {
            let is_asked = |row: &&&FamilyRow| *row.control == *entry.id && is_for_people(entry, row);
            let own: Vec<&FamilyRow> = rows.iter().filter(is_asked).copied().collect();
            if !own.is_empty() {
                asked.push(own);
            }
        }
        asked.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
        let views = (1..).zip(&asked).map(|(number, rows)| AskedView {
            number,
            text: rows.first().map(|row| self.chapter_text(row, "question")).unwrap_or_default(),
            apps: self.some_apps(rows),
        });
        views.collect()
    }

    /// Metadata types that would tell what rows lack, with how many rows each would settle.
    fn chapter_exports(&self, rows: &[&FamilyRow]) -> Vec<String> {
        let mut by_type: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.outcome == Outcome::NotEvaluable) {
            if let Some(name) = row.because.text_of("type") {
                *by_type.entry(name.to_owned()).or_default() += 1;
            }
        }
        let said =
            by_type.into_iter().map(|(name, rows)| say!(self.w, "report.chapter.export", type = name, rows = rows));
        said.collect()
    }

    /// Those that are at hand; tables hold all.
    fn near_deadlines(&self) -> impl Iterator<Item = &Deadline> {
        let last = self.a.as_of.checked_add(jiff::ToSpan::days(AHEAD)).unwrap_or(self.a.as_of);
        self.a.deadlines.iter().filter(move |one| one.day.is_none_or(|day| day <= last))
    }

    fn deadline(&self, one: &Deadline) -> DeadlineView {
        let day = one.day.map_or_else(|| one.release.clone(), |day| day.to_string());
        let (apps, more) = crate::view::words::first(&one.apps, APPS);
        let apps = if one.apps.is_empty() { self.w.word("report.chapter.kind.org") } else { self.listed(&apps, more) };
        DeadlineView { day, what: self.w.say(&one.what), apps, source: one.source.clone() }
    }

    fn listed(&self, names: &[String], more: usize) -> String {
        let names = names.join(", ");
        if more == 0 { names } else { say!(self.w, "report.chapter.more", names = names, n = more) }
    }

    /// The subjects of rows, the first by name.
    fn some_apps(&self, rows: &[&FamilyRow]) -> String {
        let mut names: Vec<String> = Vec::new();
        for row in rows {
            let name = if row.details().label.is_empty() { &row.subject } else { &row.details().label };
            if !name.is_empty() && !names.iter().any(|known| **known == **name) {
                names.push(name.to_string());
            }
        }
        if names.is_empty() {
            return self.w.word("report.chapter.kind.org");
        }
        let (shown, more) = crate::view::words::first(&names, APPS);
        self.listed(&shown, more)
    }

    fn chapter_text(&self, row: &FamilyRow, key: &str) -> String {
        self.w.word(&format!("{}.{key}", row.control))
    }

    /// Every row, by control, with what is published of it.
    pub(super) fn chapter_full(&self) -> Vec<ChapterControl> {
        let w = self.w;
        let mut all: Vec<ChapterControl> = Vec::new();
        for (number, entry) in (1..).zip(controls::sheets().map(|sheet| &sheet.entry)) {
            let rows: Vec<&FamilyRow> = self.sheet_rows().filter(|row| *row.control == *entry.id).collect();
            if rows.is_empty() {
                continue;
            }
            let band = if entry.band.is_empty() { w.word("report.chapter.no-band") } else { entry.band.clone() };
            let expected = w.word(&format!("{}.expected", entry.id));
            all.push(ChapterControl {
                number,
                id: entry.id.clone(),
                name: entry.name.clone(),
                about: say!(w, "report.chapter.about", page = entry.page.clone(), band = band, expected = expected),
                question: match rows.iter().find(|row| is_for_people(entry, row)) {
                    Some(row) => say!(w, "report.chapter.question", question = self.chapter_text(row, "question")),
                    None => String::new(),
                },
                rows: rows.into_iter().map(|row| self.chapter_row(row)).collect(),
            });
        }
        all
    }

    fn chapter_row(&self, row: &FamilyRow) -> ChapterRow {
        let label = match (&*row.subject, &*row.kind) {
            ("", kind) => self.w.word(&format!("report.chapter.kind.{kind}")),
            (subject, _) => subject.to_owned(),
        };
        ChapterRow {
            label,
            outcome: mark(self.w, row.outcome),
            because: self.w.say(&row.because),
            observed: row.details().observed.join("; "),
            places: row.details().places.join("; "),
        }
    }

    /// Controls that are known and not judged.
    pub(super) fn known(&self) -> Vec<String> {
        controls::KNOWN.iter().map(|id| self.w.word(&format!("family.known.{id}"))).collect()
    }

    /// Published controls that contradict each other, and how each was read.
    pub(super) fn contradictions(&self) -> Vec<String> {
        READINGS.iter().map(|id| self.w.word(&format!("family.reading.{id}"))).collect()
    }
}

/// Whether a row waits for a person: a decision, or what no export tells.
fn is_for_people(entry: &Entry, row: &FamilyRow) -> bool {
    row.outcome == Outcome::Review || (row.outcome == Outcome::NotEvaluable && entry.reads.is_empty())
}

/// The outcomes of each control for each kind of subject, with its first row.
struct Standing<'a>(Vec<(&'a FamilyRow, Vec<Outcome>)>);

impl<'a> Standing<'a> {
    fn of(rows: &[&'a FamilyRow]) -> Self {
        let mut all: Vec<(&FamilyRow, Vec<Outcome>)> = Vec::new();
        for row in rows.iter().copied() {
            let known = all.iter_mut().find(|(first, _)| first.control == row.control && first.kind == row.kind);
            match known {
                Some((_, outcomes)) => outcomes.push(row.outcome),
                None => all.push((row, vec![row.outcome])),
            }
        }
        all.sort_by_key(|(row, _)| KINDS.iter().position(|kind| *kind == &*row.kind));
        Self(all)
    }

    /// Controls that are settled so wherever they have a subject.
    fn names(&self, outcome: Outcome) -> Vec<String> {
        let own = self.0.iter().filter(|(_, outcomes)| settled(outcomes) == Some(outcome));
        own.map(|(row, _)| row.control.to_string()).collect()
    }
}

/// What all outcomes come to, where they need no line: nothing but this one, wherever the control applies.
fn settled(outcomes: &[Outcome]) -> Option<Outcome> {
    let mut applying = outcomes.iter().filter(|outcome| **outcome != Outcome::NotApplicable);
    let Some(first) = applying.next() else { return Some(Outcome::NotApplicable) };
    let is_plain = matches!(first, Outcome::Pass | Outcome::NotEvaluable);
    (is_plain && applying.all(|outcome| outcome == first)).then_some(*first)
}

/// The last part of a published name, which says what the control is; the parts before say of what.
fn short(name: &str) -> String {
    name.rsplit(": ").next().unwrap_or(name).to_owned()
}

/// How many have each outcome; nothing where none has.
fn counts(all: &[Outcome]) -> Vec<String> {
    let count = |wanted: Outcome| all.iter().filter(|outcome| **outcome == wanted).count();
    OUTCOMES.iter().map(|outcome| count(*outcome)).map(|n| if n == 0 { String::new() } else { n.to_string() }).collect()
}
