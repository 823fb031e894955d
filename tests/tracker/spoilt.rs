//! What spreadsheets and people do to machine cells is no news of the org: a table of edits, and what each may change.

use super::build::{app, date, org};
use shr::model::{Assessment, Outcome};
use shr::table::rows;
use shr::text::wording::Wording;
use shr::tracker::merge::{Options, merge};
use shr::tracker::{Tracker, changes, language};

fn words(language: &str) -> Wording {
    shr::controls::wording(language).unwrap()
}

fn tracker(run: &Assessment, wording: &Wording) -> Tracker {
    Tracker::from_rows(&rows::findings(&[run], wording, true))
}

fn set(tracker: &mut Tracker, column: &str, text: &str) {
    let place = tracker.header.iter().position(|name| name == column).unwrap();
    tracker.rows.iter_mut().for_each(|row| row.cells[place] = text.to_owned());
}

fn without(tracker: &Tracker, columns: &[&str]) -> Tracker {
    let kept = |name: &&String| !columns.contains(&name.as_str());
    let mut other = Tracker::with_header(tracker.header.iter().filter(kept).cloned().collect());
    for row in &tracker.rows {
        let mut row = row.clone();
        let cells = row.cells.iter().zip(&tracker.header).filter(|(_, name)| kept(name));
        row.cells = cells.map(|(cell, _)| cell.clone()).collect();
        other.rows.push(row);
    }
    other
}

/// The delta of each row a month later, when only `Mended` has changed.
fn next_month(old: Tracker, previous: Option<&Assessment>) -> Vec<String> {
    let wording = words("en");
    let now = org("prod", "2026-02-28", &[app("Stays", Outcome::Fail), app("Mended", Outcome::Pass)]);
    let new = rows::findings(&[&now], &wording, true);
    let before = previous.map(|run| rows::findings(&[run], &wording, true));
    let options = Options { previous: before.as_deref(), ..Options::of(&[&now], date("2026-02-28"), &wording) };
    let merged = merge(old, &new, &options).unwrap().tracker;
    let mut rows: Vec<String> = merged
        .rows
        .iter()
        .map(|row| {
            ["app_api_name", "delta", "proposed_status", "first_seen"].map(|name| merged.named(row, name)).join(" ")
        })
        .collect();
    rows.sort();
    rows
}

fn first_month() -> Assessment {
    org("prod", "2026-01-31", &[app("Stays", Outcome::Fail), app("Mended", Outcome::Fail)])
}

const RIGHT: [&str; 2] = ["Mended resolved Fixed 2026-01-31", "Stays unchanged Open 2026-01-31"];

#[test]
fn absent_columns_and_spoilt_cells_are_unknown_not_different() {
    let run = first_month();
    let whole = tracker(&run, &words("en"));
    let columns = ["ruleset_version", "tool_version", "condition", "effect", "severity", "cvss31_score", "network"];
    for column in
        columns.into_iter().chain(["cvss31_vector", "confidence", "basis", "evidence_refs", "scopes", "delta"])
    {
        assert_eq!(next_month(without(&whole, &[column]), None), RIGHT, "without {column}");
    }
    assert_eq!(next_month(without(&whole, &columns), None), RIGHT, "without all of them");
    let cells = [
        ("cvss31_score", "05. Apr"),
        ("cvss40_score", "2026-04-05"),
        ("cvss31_score", ""),
        ("condition", "another sentence"),
        ("recommendation", ""),
        ("ruleset_version", "2026.11"),
        ("ruleset_version", ""),
        ("severity", "Hoch"),
        ("confidence", ""),
        ("network", "?"),
    ];
    for (column, text) in cells {
        let mut edited = whole.clone();
        set(&mut edited, column, text);
        let found = next_month(edited, None);
        // The rules of the invented run are 1.0.0, so a version that can be read as another one is another one.
        let other = (column, text) == ("ruleset_version", "2026.11");
        assert_eq!(found[1].contains("not_comparable"), other, "{column} = {text:?}: {found:?}");
        assert!(other || found == RIGHT, "{column} = {text:?}: {found:?}");
    }
}

/// With the run before at hand, what people did to a machine cell is known as that.
#[test]
fn the_run_before_tells_what_a_cell_was() {
    let run = first_month();
    let whole = tracker(&run, &words("en"));
    for (column, text) in
        [("result", "pass"), ("severity", "low"), ("network", "narrow"), ("scopes", ""), ("cvss31_score", "1")]
    {
        let mut edited = whole.clone();
        set(&mut edited, column, text);
        assert_eq!(next_month(edited, Some(&run)), RIGHT, "{column}");
    }
    let earlier = org("prod", "2026-01-31", &[app("Stays", Outcome::Fail), app("Mended", Outcome::Fail)]);
    assert_eq!(next_month(without(&whole, &["first_seen"]), Some(&earlier)), RIGHT, "the first day");
    let mut none = whole.clone();
    none.rows.retain(|row| whole.named(row, "app_api_name") != "Stays");
    assert_eq!(next_month(none, Some(&earlier)), RIGHT, "a deleted row buys no time");
}

/// A sort of the first column alone gives the decisions on one app to another.
#[test]
fn an_id_in_the_row_of_another_app_is_refused() {
    let (run, wording) = (first_month(), words("en"));
    let new = rows::findings(&[&run], &wording, true);
    let refused = |old: Tracker| merge(old, &new, &Options::of(&[&run], date("2026-02-01"), &wording)).unwrap_err();
    let mut swapped = tracker(&run, &wording);
    let (first, second) = (swapped.rows[0].cells[0].clone(), swapped.rows[1].cells[0].clone());
    (swapped.rows[0].cells[0], swapped.rows[1].cells[0]) = (second, first);
    let faults = refused(swapped);
    assert_eq!(faults.0.len(), 2, "{faults}");
    assert!(faults.0.iter().all(|fault| fault.column == "app_api_name"), "{faults}");
    let mut elsewhere = tracker(&run, &wording);
    set(&mut elsewhere, "org_key", "other");
    assert!(refused(elsewhere).0.iter().all(|fault| fault.column == "org_key"));
    // An empty cell says nothing, and a spreadsheet may have changed the case.
    for text in ["", "STAYS"] {
        let mut edited = tracker(&run, &wording);
        let at = edited.rows.iter().position(|row| edited.named(row, "app_api_name") == "Stays").unwrap();
        let place = edited.header.iter().position(|name| name == "app_api_name").unwrap();
        edited.rows[at].cells[place] = text.to_owned();
        let merged = merge(edited, &new, &Options::of(&[&run], date("2026-02-01"), &wording)).unwrap();
        assert_eq!(merged.tracker.rows[at].cells[place], "Stays");
    }
}

#[test]
fn a_run_and_its_own_tracker_have_nothing_to_say_to_each_other() {
    let run = first_month();
    let languages = ["en", "de"].map(words);
    for wording in &languages {
        let old = tracker(&run, wording);
        let spoken = language::of_tracker(&old, &[&run], &languages).unwrap();
        assert_eq!(spoken.language, wording.language);
        let new = rows::findings(&[&run], spoken, true);
        let merged = merge(old.clone(), &new, &Options::of(&[&run], date("2026-01-31"), spoken)).unwrap();
        let proposals: Vec<_> = merged.changes.iter().filter(|one| one.column.is_empty()).collect();
        assert!(proposals.is_empty(), "{}", changes::text(&merged.changes, wording));
    }
    let empty = Tracker::with_header(tracker(&run, &languages[0]).header);
    assert!(language::of_tracker(&empty, &[&run], &languages).is_none(), "no text tells the language");
}
