//! Twelve monthly runs over one tracker, with what people and their spreadsheets do to it in between.

use super::build::{App, app, date, org};
use super::english;
use jiff::Unit;
use shr::model::{Assessment, Conclusion, Outcome};
use shr::render::csv::{self, Dialect};
use shr::render::theme::Theme;
use shr::table::columns::{FINDINGS, Kind, Owner};
use shr::table::{Row, rows};
use shr::text::wording::Wording;
use shr::tracker::{Merged, Options, Tracker, What, merge, read};
use std::collections::BTreeMap;

/// A tracker file as a person sees it.
pub(crate) struct Sheet {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// How a spreadsheet writes the file.
#[derive(Clone, Copy)]
enum Save {
    Tool,
    GermanExcel,
    LibreOffice,
    /// A workbook, as Excel saves one: typed days and numbers.
    Workbook,
}

impl Sheet {
    pub(crate) fn open(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
        let header = records.next().unwrap();
        Self { header, rows: records.collect() }
    }

    fn column(&self, name: &str) -> usize {
        self.header.iter().position(|heading| heading == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn row(&self, app: &str) -> usize {
        let column = self.column("app_api_name");
        self.rows.iter().position(|row| row[column] == app).unwrap_or_else(|| panic!("no row {app}"))
    }

    fn get(&self, app: &str, column: &str) -> &str {
        &self.rows[self.row(app)][self.column(column)]
    }

    fn set(&mut self, app: &str, cells: &[(&str, &str)]) {
        let row = self.row(app);
        for (column, text) in cells {
            let column = self.column(column);
            self.rows[row][column] = (*text).to_owned();
        }
    }

    fn insert_column(&mut self, at: usize, name: &str) {
        self.header.insert(at, name.to_owned());
        for (number, row) in self.rows.iter_mut().enumerate() {
            row.insert(at, format!("{name} {number}"));
        }
    }

    fn move_column(&mut self, name: &str, to: usize) {
        let from = self.column(name);
        for row in std::iter::once(&mut self.header).chain(&mut self.rows) {
            let cell = row.remove(from);
            row.insert(to, cell);
        }
    }

    fn workbook(&self) -> Vec<u8> {
        let mut tracker = Tracker::with_header(self.header.clone());
        // A person sees cells without guard; the workbook's writer guards them again.
        let shown = |cell: &String| csv::unguarded(cell).replace(csv::BREAK, "\n");
        tracker.rows =
            self.rows.iter().map(|row| shr::tracker::Line { row: 0, cells: row.iter().map(shown).collect() }).collect();
        let options = shr::render::xlsx::Options {
            created: date("2026-01-31"),
            all: true,
            report: "",
            colours: Theme::default().colours,
            title: "",
            author: "",
            client: "",
        };
        shr::render::xlsx::tracker(&tracker.table(), &english(), &options).unwrap()
    }

    fn save(&self, save: Save) -> Vec<u8> {
        let mut out = Vec::new();
        if matches!(save, Save::Tool | Save::GermanExcel) {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        let (separator, always, end) = match save {
            Save::Tool => (b',', true, ::csv::Terminator::CRLF),
            Save::GermanExcel => (b';', false, ::csv::Terminator::CRLF),
            Save::LibreOffice => (b',', false, ::csv::Terminator::Any(b'\n')),
            Save::Workbook => return self.workbook(),
        };
        let style = if always { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary };
        let mut writer =
            ::csv::WriterBuilder::new().delimiter(separator).terminator(end).quote_style(style).from_writer(&mut out);
        writer.write_record(&self.header).unwrap();
        for row in &self.rows {
            let cells = row.iter().zip(&self.header).map(|(cell, heading)| saved(cell, heading, save));
            writer.write_record(cells).unwrap();
        }
        writer.flush().unwrap();
        drop(writer);
        out
    }
}

/// German Excel turns days into serial numbers (when a column was formatted) and points into commas.
fn saved(cell: &str, heading: &str, save: Save) -> String {
    let kind = FINDINGS.iter().find(|column| column.name == heading).map(|column| column.kind);
    match (save, kind) {
        (Save::GermanExcel, Some(Kind::Date)) if cell.len() == 10 => {
            (date("1899-12-30").until((Unit::Day, date(cell))).unwrap().get_days()).to_string()
        }
        (Save::GermanExcel, Some(Kind::Number)) => cell.trim_end_matches(".0").replace('.', ","),
        _ => cell.to_owned(),
    }
}

/// The tracker and the run before.
struct Life {
    wording: Wording,
    before: Assessment,
    sheet: Sheet,
    merged: Option<Merged>,
}

impl Life {
    fn start(day: &str, apps: &[App]) -> Self {
        let wording = english();
        let mut before = org("prod", day, apps);
        shr::delta::first(&mut before);
        let sheet = Sheet::open(&csv::files(&[&before], &wording, Dialect::Excel, false)[0].1);
        Self { wording, before, sheet, merged: None }
    }

    /// One month: the edited sheet, saved in some way, meets the next run.
    fn month(&mut self, day: &str, save: Save, apps: &[App], change: impl FnOnce(&mut Assessment)) {
        let mut now = org("prod", day, apps);
        change(&mut now);
        shr::delta::compare(&self.before, &mut now);
        let old = read(&self.sheet.save(save), None).unwrap();
        let previous = rows::findings(&[&self.before], &self.wording, true);
        let new = rows::findings(&[&now], &self.wording, true);
        let options = Options { previous: Some(&previous), ..Options::of(&[&now], date(day), &self.wording) };
        let merged = merge(old.clone(), &new, &options).unwrap();
        people_keep_their_words(&old, &merged.tracker);
        merging_again_changes_nothing(&merged.tracker, &new, &options);
        self.sheet = Sheet::open(&csv::file(&merged.tracker.table(), Dialect::Excel)[0].1);
        self.merged = Some(merged);
        self.before = now;
    }

    fn told(&self, what: What) -> Vec<String> {
        let changes = &self.merged.as_ref().unwrap().changes;
        changes.iter().filter(|change| change.what == what).map(|change| self.wording.say(&change.message())).collect()
    }

    fn expect(&self, app: &str, cells: &[(&str, &str)]) {
        for (column, expected) in cells {
            let found = self.sheet.get(app, column);
            assert_eq!(found, *expected, "{} {app} {column}", self.before.as_of);
        }
    }
}

/// No cell that belongs to people differs after a merge, and no row or column of theirs is lost or moved.
fn people_keep_their_words(old: &Tracker, new: &Tracker) {
    assert_eq!(new.header[..old.header.len()], old.header[..]);
    let machine: Vec<&str> =
        FINDINGS.iter().filter(|column| column.owner != Owner::Human).map(|column| column.name).collect();
    for (before, after) in old.rows.iter().zip(&new.rows) {
        let manual = old.named(before, "finding_id").is_empty();
        for (at, heading) in old.header.iter().enumerate() {
            if manual || !machine.contains(&heading.as_str()) {
                assert_eq!(before.cells[at], after.cells[at], "{heading}");
            }
        }
    }
    assert!(new.rows.len() >= old.rows.len());
}

fn merging_again_changes_nothing(tracker: &Tracker, new: &[Row<'_>], options: &Options<'_>) {
    let again = merge(tracker.clone(), new, &Options { previous: None, ..options.clone() }).unwrap();
    assert_eq!(again.tracker, *tracker);
    assert!(again.changes.is_empty(), "{}", shr::tracker::changes::text(&again.changes, options.wording));
    for &dialect in Dialect::ALL {
        let text = csv::file(&tracker.table(), dialect).remove(0).1;
        let again = merge(read(&text, None).unwrap(), new, options).unwrap();
        let cells = |tracker: &Tracker| tracker.rows.iter().map(|line| line.cells.clone()).collect::<Vec<_>>();
        assert_eq!(cells(&again.tracker), cells(tracker), "{}", dialect.word());
    }
}

#[test]
#[allow(clippy::too_many_lines)]
fn a_year_of_a_tracker() {
    use Outcome::{Fail, Pass, Review};
    let apps = |results: &[(&str, Outcome)]| -> Vec<App> { results.iter().map(|(name, r)| app(name, *r)).collect() };
    let all = |erp, billing, portal| {
        apps(&[("ERP_Sync", erp), ("Billing", billing), ("Portal", portal), ("HR", Pass), ("Legacy", Fail)])
    };
    let same = |_: &mut Assessment| {};

    // January: the first tracker, without the app that passes.
    let mut life = Life::start("2026-01-31", &all(Fail, Fail, Review));
    assert_eq!(life.sheet.rows.len(), 4);
    life.expect("ERP_Sync", &[("status", ""), ("proposed_status", "Open"), ("proposed_due_date", "2026-03-02")]);

    // People start to work: umlauts, a guarded formula, a line break, an acceptance, an own column and an own row.
    life.sheet.insert_column(3, "Team");
    life.sheet.set(
        "ERP_Sync",
        &[
            ("owner", "Jörg Müßig"),
            ("status", "In Progress"),
            ("due_date", "2026-03-15"),
            ("comments", "'=HYPERLINK(\"https://example.com\") ⏎ zweite Zeile; \"Zitat\""),
        ],
    );
    life.sheet.set(
        "Billing",
        &[
            ("disposition", "Accept Risk"),
            ("accepted_by", "Head of IT"),
            ("accepted_until", "2026-04-30"),
            ("rationale", "Replacement in Q3"),
        ],
    );
    let mut own = vec![String::new(); life.sheet.header.len()];
    own[life.sheet.column("title")] = "Check the sandbox, too".to_owned();
    own[life.sheet.column("owner")] = "Ana".to_owned();
    life.sheet.rows.insert(1, own);

    // February: nothing changed; German Excel saved semicolons, serial days and decimal commas.
    life.month("2026-02-28", Save::GermanExcel, &all(Fail, Fail, Review), same);
    life.expect("ERP_Sync", &[("delta", "unchanged"), ("first_seen", "2026-01-31"), ("last_seen", "2026-02-28")]);
    life.expect("ERP_Sync", &[("proposed_status", "In Progress"), ("overdue_days", "0"), ("merge_note", "")]);
    life.expect("Billing", &[("proposed_status", ""), ("proposed_due_date", ""), ("merge_note", "")]);
    assert_eq!(life.sheet.header[3], "Team");
    assert_eq!(life.sheet.rows[1][life.sheet.column("title")], "Check the sandbox, too");
    assert!(life.told(What::Restored).is_empty(), "{:?}", life.told(What::Restored));

    // March: the app passes, but the population is not proven complete: nothing is closed.
    life.month("2026-03-31", Save::Tool, &all(Pass, Fail, Review), |now| {
        now.population.conclusion = Conclusion::NotProven;
    });
    life.expect("ERP_Sync", &[("result", "pass"), ("delta", "changed"), ("proposed_status", "")]);
    life.expect("ERP_Sync", &[("merge_note", "failed before, passes in a run that is not proven complete")]);

    // April: proven complete. Billing's acceptance still counts on its last day.
    life.month("2026-04-30", Save::LibreOffice, &all(Pass, Fail, Review), same);
    life.expect("ERP_Sync", &[("delta", "resolved"), ("proposed_status", "Fixed"), ("status", "In Progress")]);
    life.expect("Billing", &[("proposed_status", ""), ("merge_note", "")]);
    assert_eq!(life.told(What::Resolved).len(), 1);

    // May: the acceptance has expired.
    life.sheet.set("ERP_Sync", &[("status", "Fixed"), ("status_date", "2026-05-02")]);
    life.month("2026-05-31", Save::Tool, &all(Pass, Fail, Review), same);
    life.expect("Billing", &[("proposed_status", "Open"), ("merge_note", "acceptance expired 2026-04-30")]);
    life.expect("Billing", &[("disposition", "Accept Risk"), ("accepted_until", "2026-04-30"), ("result", "fail")]);
    life.expect("ERP_Sync", &[("delta", "resolved"), ("status", "Fixed")]);

    // June: it was renewed; somebody deleted the row of Legacy, which still fails.
    life.sheet.set("Billing", &[("accepted_until", "2026-12-15")]);
    let legacy = life.sheet.row("Legacy");
    life.sheet.rows.remove(legacy);
    life.month("2026-06-30", Save::Workbook, &all(Pass, Fail, Review), same);
    life.expect("Billing", &[("proposed_status", ""), ("merge_note", "")]);
    life.expect("Legacy", &[("first_seen", "2026-01-31"), ("delta", "unchanged"), ("proposed_status", "Open")]);
    assert!(life.sheet.get("Legacy", "merge_note").starts_with("2026-06-30 row restored"));
    assert_eq!(life.told(What::RowRestored).len(), 1);

    // July: the first app fails again, the portal is gone.
    let without_portal =
        |erp, billing| apps(&[("ERP_Sync", erp), ("Billing", billing), ("HR", Pass), ("Legacy", Fail)]);
    life.month("2026-07-31", Save::Tool, &without_portal(Fail, Fail), same);
    life.expect("ERP_Sync", &[("delta", "reopened"), ("proposed_status", "Open"), ("first_seen", "2026-01-31")]);
    life.expect("ERP_Sync", &[("merge_note", "marked Fixed, but the evidence does not show it")]);
    life.expect("Portal", &[("delta", "gone"), ("proposed_status", ""), ("result", "review")]);
    life.expect("Legacy", &[("merge_note", ""), ("delta", "unchanged")]);

    // August: Billing is fixed under its acceptance. Columns in another order, serial days again.
    life.sheet.move_column("comments", 0);
    life.sheet.move_column("finding_id", 9);
    life.month("2026-08-31", Save::GermanExcel, &without_portal(Fail, Pass), same);
    life.expect("Billing", &[("delta", "resolved"), ("disposition", "Accept Risk"), ("accepted_until", "2026-12-15")]);
    life.expect("ERP_Sync", &[("delta", "unchanged")]);
    assert_eq!(life.sheet.header[0], "comments");
    assert_eq!(life.sheet.get("ERP_Sync", "comments").split(' ').next(), Some("'=HYPERLINK(\"https://example.com\")"));

    // September: Billing fails again. The acceptance holds, so nothing is proposed.
    life.month("2026-09-30", Save::LibreOffice, &without_portal(Fail, Fail), same);
    life.expect("Billing", &[("delta", "reopened"), ("proposed_status", ""), ("proposed_due_date", "")]);
    life.expect("Billing", &[("merge_note", "reopened, the decision still holds")]);

    // October: somebody beautified machine cells, and deleted a human column and a machine column.
    life.sheet.set("ERP_Sync", &[("result", "pass"), ("severity", "low"), ("app_label", "nice")]);
    for name in ["scopes", "ticket"] {
        let column = life.sheet.column(name);
        life.sheet.header.remove(column);
        life.sheet.rows.iter_mut().for_each(|row| drop(row.remove(column)));
    }
    life.month("2026-10-31", Save::Tool, &without_portal(Fail, Fail), same);
    life.expect("ERP_Sync", &[("result", "fail"), ("severity", "high"), ("app_label", "ERP Sync")]);
    let note = life.sheet.get("ERP_Sync", "merge_note");
    assert!(note.ends_with("2026-10-31 restored after editing: app_label, result and severity"), "{note}");
    assert_eq!(life.told(What::ColumnAdded), ["scopes", "ticket"]);
    assert!(life.told(What::Restored).iter().any(|line| line.contains("severity: \"low\" back to \"high\"")));
    assert!(life.sheet.header.ends_with(&["scopes".to_owned(), "ticket".to_owned()]));

    // November: a new app, and a newer rule set with which nothing can be compared.
    let mut with_new = without_portal(Fail, Fail);
    with_new.push(app("Chat_Bot", Fail));
    life.month("2026-11-30", Save::Workbook, &with_new, |now| now.ruleset_version = "1.1.0".to_owned());
    life.expect("ERP_Sync", &[("delta", "not_comparable")]);
    life.expect("Chat_Bot", &[("delta", "new"), ("first_seen", "2026-11-30"), ("proposed_due_date", "2026-12-30")]);

    // December: as before; the acceptance of Billing has run out.
    life.month("2026-12-31", Save::GermanExcel, &with_new, |now| now.ruleset_version = "1.1.0".to_owned());
    life.expect("Chat_Bot", &[("delta", "unchanged"), ("overdue_days", "")]);
    life.expect("Billing", &[("merge_note", "acceptance expired 2026-12-15"), ("proposed_status", "Open")]);
    life.expect("ERP_Sync", &[("overdue_days", "291"), ("owner", "Jörg Müßig"), ("Team", "Team 1")]);
    assert_eq!(life.sheet.rows[1][life.sheet.column("owner")], "Ana");

    // The year in numbers.
    let tracker = read(&life.sheet.save(Save::Tool), None).unwrap();
    let stats = shr::tracker::stats(&tracker, date("2026-12-31"));
    assert_eq!((stats.findings, stats.manual, stats.expired, stats.overdue), (5, 1, 1, 1));
    assert_eq!(stats.deltas, BTreeMap::from([("gone".to_owned(), 1), ("unchanged".to_owned(), 4)]));
    let due: Vec<String> =
        shr::tracker::due(&tracker, date("2026-12-31"), 14).iter().map(|due| due.app.clone()).collect();
    assert_eq!(due, ["Billing", "Legacy", "ERP_Sync", "Chat_Bot"]);
}
