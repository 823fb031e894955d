//! Merging twice gives what merging once gave, whatever was done to the tracker.

use super::build::{App, app, date, org};
use super::english;
use proptest::prelude::*;
use shr::model::{Conclusion, Outcome};
use shr::render::csv::{self, Dialect};
use shr::render::theme::Theme;
use shr::render::xlsx;
use shr::render::xlsx::work::is_calculated;
use shr::table::columns::{FINDINGS, Owner};
use shr::table::rows;
use shr::text::wording::Wording;
use shr::tracker::{Options, Tracker, changes, merge, read};
use std::sync::OnceLock;

/// Something that a person does to a tracker.
#[derive(Clone, Debug)]
enum Edit {
    Cell(usize, usize, String),
    DeleteRow(usize),
    OwnRow(usize, String),
    OwnColumn(usize, String),
    DeleteColumn(usize),
    SwapColumns(usize, usize),
    SwapRows(usize, usize),
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "", "Open", "Fixed", "Accept Risk", "2026-01-01", "2027-01-01", "pass", "fail", "review", "resolved",
            "reopened", "gone", "new", "high", "low", "=1+1", "'", "2026-02-28 edited", "45306", "1.1.0", "prod",
            "a; b\nc", "'=1+1", "''", "=HYPERLINK(\"x\")", "\"quoted\", and; more", "zwei\nZeilen ⏎ drei", "31.12.2026",
            "46349", "Müßig", "-5", "  blanks  ", "_x0041_", "\t=1", "acceptance expired 2026-01-01", "failed before, passes in a run that is not proven complete",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let n = 0..100usize;
    prop_oneof![
        8 => (n.clone(), n.clone(), any_text()).prop_map(|(row, column, text)| Edit::Cell(row, column, text)),
        1 => n.clone().prop_map(Edit::DeleteRow),
        1 => (n.clone(), any_text()).prop_map(|(row, text)| Edit::OwnRow(row, text)),
        1 => (n.clone(), "[A-Z][a-z]{0,5} ?") .prop_map(|(column, name)| Edit::OwnColumn(column, name)),
        1 => n.clone().prop_map(Edit::DeleteColumn),
        1 => (n.clone(), n.clone()).prop_map(|(a, b)| Edit::SwapColumns(a, b)),
        1 => (n.clone(), n).prop_map(|(a, b)| Edit::SwapRows(a, b)),
    ]
}

fn is_identity(heading: &str) -> bool {
    ["finding_id", "org_key", "app_api_name"].contains(&heading)
}

/// How the edited tracker was saved.
#[derive(Clone, Copy, Debug)]
enum Save {
    Csv(Dialect),
    Workbook,
}

impl Save {
    fn bytes(self, tracker: &Tracker, wording: &Wording) -> Vec<u8> {
        match self {
            Self::Csv(dialect) => csv::file(&tracker.table(), dialect).remove(0).1,
            Self::Workbook => {
                let options = xlsx::Options {
                    created: date("2026-02-28"),
                    all: true,
                    report: "",
                    colours: Theme::default().colours,
                    title: "",
                    author: "",
                    client: "",
                };
                xlsx::tracker(&tracker.table(), wording, &options).unwrap()
            }
        }
    }
}

fn any_save() -> impl Strategy<Value = Save> {
    prop_oneof![
        4 => prop::sample::select(Dialect::ALL.to_vec()).prop_map(Save::Csv),
        1 => Just(Save::Workbook),
    ]
}

/// Applies edits to header and cells; the id cells stay, because a foreign id is refused.
fn edited(tracker: &Tracker, edits: &[Edit], save: Save, wording: &Wording) -> Vec<u8> {
    let mut header = tracker.header.clone();
    let mut rows: Vec<Vec<String>> = tracker.rows.iter().map(|line| line.cells.clone()).collect();
    for edit in edits {
        let (height, width) = (rows.len().max(1), header.len());
        match edit {
            Edit::Cell(row, column, text) if !rows.is_empty() && !is_identity(&header[column % width]) => {
                rows[row % height][column % width] = text.clone();
            }
            Edit::DeleteRow(row) if !rows.is_empty() => drop(rows.remove(row % height)),
            Edit::OwnRow(row, text) => {
                let mut cells = vec![text.clone(); width];
                for name in ["finding_id", "first_seen", "due_date"] {
                    if let Some(at) = header.iter().position(|heading| heading == name) {
                        cells[at] = String::new();
                    }
                }
                rows.insert(row % height, cells);
            }
            Edit::OwnColumn(at, name) => {
                header.insert(at % width, name.clone());
                rows.iter_mut().for_each(|row| row.insert(at % width, name.clone()));
            }
            Edit::DeleteColumn(at) if !is_identity(&header[at % width]) => {
                header.remove(at % width);
                rows.iter_mut().for_each(|row| drop(row.remove(at % width)));
            }
            Edit::SwapColumns(a, b) => {
                header.swap(a % width, b % width);
                rows.iter_mut().for_each(|row| row.swap(a % width, b % width));
            }
            Edit::SwapRows(a, b) if !rows.is_empty() => rows.swap(a % height, b % height),
            _ => {}
        }
    }
    let mut tracker = Tracker::with_header(header);
    tracker.rows = rows.into_iter().map(|cells| shr::tracker::Line { row: 0, cells }).collect();
    save.bytes(&tracker, wording)
}

fn any_apps() -> impl Strategy<Value = Vec<App>> {
    let one = prop::sample::select(vec![
        Outcome::Fail,
        Outcome::Fail,
        Outcome::Pass,
        Outcome::Review,
        Outcome::NotEvaluable,
        Outcome::NotTested,
    ]);
    prop::collection::vec(prop::option::of(one), 5).prop_map(|results| {
        let named = results.into_iter().enumerate();
        named.filter_map(|(at, result)| Some(app(&format!("App_{at}"), result?))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merge_is_a_fixed_point(
        first in any_apps(),
        second in any_apps(),
        edits in prop::collection::vec(any_edit(), 0..25),
        complete in any::<bool>(),
        same_day in any::<bool>(),
        saves in (any_save(), any_save()),
    ) {
        static WORDING: OnceLock<Wording> = OnceLock::new();
        let wording = WORDING.get_or_init(english);
        let old = org("prod", "2026-01-31", &first);
        let mut now = org("prod", if same_day { "2026-01-31" } else { "2026-02-28" }, &second);
        now.population.conclusion = if complete { Conclusion::Complete } else { Conclusion::NotProven };
        let bytes = edited(&Tracker::from_rows(&rows::findings(&[&old], wording, true)), &edits, saves.0, wording);
        // Edits can leave what reading refuses (two own columns of one of our names, an ambiguous day).
        let Ok(old) = read(&bytes, None) else { return Ok(()) };
        let new = rows::findings(&[&now], wording, true);
        let options = Options::of(&[&now], date("2026-02-28"), wording);
        let once = merge(old.clone(), &new, &options).unwrap();
        let twice = merge(once.tracker.clone(), &new, &options).unwrap();
        prop_assert_eq!(&twice.tracker, &once.tracker, "{}", changes::text(&twice.changes, wording));
        prop_assert!(twice.changes.is_empty(), "{}", changes::text(&twice.changes, wording));

        // Saved in any dialect, or as a workbook, read and merged again it is the same; a workbook has scores as numbers.
        let reread = read(&saves.1.bytes(&once.tracker, wording), None).unwrap();
        let again = merge(reread, &new, &options).unwrap();
        let number = |text: &str| text.parse::<f64>().ok().filter(|_| matches!(saves.1, Save::Workbook));
        prop_assert_eq!(again.tracker.rows.len(), once.tracker.rows.len());
        // A workbook has the columns to work with first, and some of formulas besides.
        let cells = |tracker: &Tracker, row: &shr::tracker::Line| {
            let pairs = tracker.header.iter().cloned().zip(row.cells.iter().cloned());
            let mut pairs: Vec<(String, String)> = pairs.filter(|(name, _)| !is_calculated(name)).collect();
            pairs.sort();
            pairs
        };
        for (found, expected) in again.tracker.rows.iter().zip(&once.tracker.rows) {
            let (found, expected) = (cells(&again.tracker, found), cells(&once.tracker, expected));
            prop_assert_eq!(found.len(), expected.len());
            for ((heading, a), (_, b)) in found.iter().zip(&expected) {
                let same = a == b || number(a).is_some_and(|a| number(b) == Some(a));
                prop_assert!(same, "{}: {:?} / {:?} in {:?}", heading, a, b, saves.1);
            }
        }

        // People's cells, rows and columns are as they were, in their order.
        prop_assert_eq!(&once.tracker.header[..old.header.len()], &old.header[..]);
        let machine = |name: &str| FINDINGS.iter().any(|c| c.name == name && c.owner != Owner::Human);
        for (before, after) in old.rows.iter().zip(&once.tracker.rows) {
            for (at, name) in old.header.iter().enumerate() {
                if !machine(name) || old.named(before, "finding_id").is_empty() {
                    prop_assert_eq!(&before.cells[at], &after.cells[at]);
                }
            }
        }
        // Every app that is not in order has exactly one row, and it says what the run says.
        for row in &new {
            let line = once.tracker.find(&row.cells[0]);
            let result = row.cells[9].as_ref();
            prop_assert!(line.is_some() || result == "pass");
            if let Some(line) = line {
                prop_assert_eq!(once.tracker.named(line, "result"), result);
            }
        }
    }
}
