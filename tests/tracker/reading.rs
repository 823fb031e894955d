//! Reading what spreadsheets make of a tracker.

use super::build::{app, date, org};
use super::english;
use shr::model::Outcome;
use shr::render::csv::{self, Dialect};
use shr::table::rows;
use shr::tracker::dates::{DateOrder, Day, day};
use shr::tracker::{Tracker, read};

fn tracker_text(dialect: Dialect) -> Vec<u8> {
    let org = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail), app("Wäsche_Übersicht", Outcome::Review)]);
    csv::files(&[&org], &english(), dialect, false).remove(0).1
}

fn small(cells: &str) -> Result<Tracker, String> {
    read(format!("finding_id,app_api_name,due_date,severity,comments\n{cells}").as_bytes(), None)
        .map_err(|faults| faults.to_string())
}

const A: &str = "SHR-CCF-7K2M-9QXA";

#[test]
fn every_encoding_and_separator_gives_the_same_tracker() {
    let expected = read(&tracker_text(Dialect::Excel), None).unwrap();
    assert_eq!(expected.rows.len(), 2);
    let text = String::from_utf8(tracker_text(Dialect::Rfc4180)).unwrap();
    let utf16 = |unit: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let tabs = text.replace("\",\"", "\"\t\"");
    for (name, bytes) in [
        ("semicolon", tracker_text(Dialect::ExcelSemicolon)),
        ("no bom", text.clone().into_bytes()),
        ("line feeds", text.replace("\r\n", "\n").into_bytes()),
        ("tabs", tabs.clone().into_bytes()),
        ("utf-16 le with bom", utf16(u16::to_le_bytes, &format!("\u{feff}{tabs}"))),
        ("utf-16 be with bom", utf16(u16::to_be_bytes, &format!("\u{feff}{tabs}"))),
        ("utf-16 le", utf16(u16::to_le_bytes, &tabs)),
    ] {
        assert_eq!(read(&bytes, None).unwrap(), expected, "{name}");
    }
}

#[test]
fn days_of_every_spreadsheet_become_iso() {
    let iso = date("2026-11-23");
    for text in ["2026-11-23", "2026-11-23T10:00:00Z", "2026/11/23", "23.11.2026", "23/11/2026", "11/23/2026", "46349"]
    {
        assert_eq!(day(text, None), Day::Known(iso), "{text}");
    }
    assert_eq!(day("45306", None), Day::Known(date("2024-01-15")), "the example of Excel's documentation");
    assert_eq!(day("03/04/2026", None), Day::Ambiguous(date("2026-04-03"), date("2026-03-04")));
    assert_eq!(day("03/04/2026", Some(DateOrder::DayFirst)), Day::Known(date("2026-04-03")));
    assert_eq!(day("03/04/2026", Some(DateOrder::MonthFirst)), Day::Known(date("2026-03-04")));
    assert_eq!(day("04/04/2026", None), Day::Known(date("2026-04-04")));
    let unreadable = ["2026", "12", "soon", "2026-13-01", "30.02.2026", "1/2/6", "-46349", "99999999999", "16-No-26"];
    for text in unreadable.into_iter().chain(["Nov 2026", "16 Foo 2026", "32. November 2026", "Nov Dec 2026", "maybe"])
    {
        assert_eq!(day(text, None), Day::Unreadable, "{text}");
    }
}

#[test]
fn days_as_they_are_shown_are_understood() {
    let named =
        ["23-Nov-26", "23-Nov-2026", "Nov 23, 2026", "November 23, 2026", "23 November 2026", "23. November 2026"];
    let german = ["23. Nov. 2026", "23-nov-26", "Montag, 23. November 2026", "Monday, November 23, 2026", "23/Nov/26"];
    let short = ["11/23/26", "23.11.26", "23/11/26", "2026-11-23 14:30", "2026-11-23T14:30:00.000Z"];
    for text in named.into_iter().chain(german).chain(short) {
        assert_eq!(day(text, None), Day::Known(date("2026-11-23")), "{text}");
    }
    let others = [("5. März 2026", "2026-03-05"), ("5 Mrz 26", "2026-03-05"), ("1-Mai-26", "2026-05-01")];
    for (text, right) in others.into_iter().chain([("24-Dez-26", "2026-12-24"), ("3 Sept 2026", "2026-09-03")]) {
        assert_eq!(day(text, None), Day::Known(date(right)), "{text}");
    }
    assert_eq!(day("03/04/26", None), Day::Ambiguous(date("2026-04-03"), date("2026-03-04")));
    assert_eq!(day("03.04.26", None), Day::Known(date("2026-04-03")));
}

#[test]
fn faults_name_row_and_column() {
    for (rows, expected) in [
        (format!("{A},X,03/04/2026,,\n"), "row 2, column due_date: `03/04/2026` may be 2026-04-03 or 2026-03-04"),
        (format!("{A},X,#N/A,,\n"), "row 2, column due_date: `#N/A` is a spreadsheet error, not a value"),
        (format!("{A},X,,,Err:508\n"), "row 2, column comments: `Err:508` is a spreadsheet error, not a value"),
        (format!("{A},X,,,\n{A},X,,,\n"), "row 3, column finding_id: SHR-CCF-7K2M-9QXA stands in row 2 already"),
        ("7K2M9QXA,X,,,\n".to_owned(), "row 2, column finding_id: `7K2M9QXA` is no finding id"),
        (format!("{A},X,,,,stray\n"), "row 2: `stray` stands beyond the last heading"),
    ] {
        assert_eq!(small(&rows).unwrap_err(), expected);
    }
    let two = small(&format!("{A},#REF!,1/2/2026,,\n")).unwrap_err();
    assert_eq!(two.lines().count(), 2, "every fault is told: {two}");
    let no_id = read(b"a,b\n1,2\n", None).unwrap_err().to_string();
    assert!(no_id.contains("no column finding_id"), "{no_id}");
    assert!(read(b"finding_id\n\xe4\n", None).unwrap_err().to_string().contains("row 2: the file is not UTF-8"));
    assert!(read(b"PK\x03\x04 no archive", None).unwrap_err().to_string().contains("workbook"));
    assert!(read(b"", None).is_err());
}

#[test]
fn cells_come_back_as_they_were_meant() {
    let tracker = small(&format!("{A}, X ,46349,high,'=1+1\n,,,,mine\n\n")).unwrap();
    let line = &tracker.rows[0];
    assert_eq!(tracker.named(line, "app_api_name"), "X");
    assert_eq!(tracker.named(line, "due_date"), "2026-11-23");
    assert_eq!(tracker.named(line, "comments"), "=1+1");
    assert_eq!(tracker.rows[1].row, 3, "rows of people have no id");
    assert_eq!(tracker.rows.len(), 2, "empty rows are none");
    let unreadable = small(&format!("{A},X,next week,,\n")).unwrap();
    assert_eq!(unreadable.named(&unreadable.rows[0], "due_date"), "next week", "people's words stay");
}

#[test]
fn lint_tells_what_to_mend() {
    let wording = english();
    let org = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail)]);
    let mut tracker = Tracker::from_rows(&rows::findings(&[&org], &wording, false));
    let headings = tracker.header.clone();
    let place = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let edits = [
        ("status", "Opne"),
        ("due_date", "next week"),
        ("disposition", "Accept Risk"),
        ("accepted_until", "2026-01-01"),
        ("result", "passed"),
    ]
    .map(|(name, text)| (place(name), text));
    for (place, text) in edits {
        tracker.rows[0].cells[place] = text.to_owned();
    }
    tracker.rows[0].row = 2;
    let told = |tracker: &Tracker| -> Vec<String> {
        let faults = shr::tracker::lint(tracker, date("2026-02-28"));
        faults.iter().map(|fault| format!("{fault} ({})", fault.hint)).collect()
    };
    let first = told(&tracker).join("\n");
    assert!(first.contains("column status: `Opne` is not one of the words of this column (did you mean `Open`?)"));
    assert!(first.contains("column due_date: `next week` is no day"), "{first}");
    assert!(first.contains("column result: `passed`"), "{first}");
    let result = place("result");
    tracker.rows[0].cells[result] = "fail".to_owned();
    let second = told(&tracker).join("\n");
    assert!(second.contains("the acceptance expired on 2026-01-01"), "{second}");
    assert!(second.contains("an open finding without owner"), "{second}");
    tracker.header[place("owner")] = "Onwer".to_owned();
    let text = csv::file(&tracker.table(), Dialect::Excel).remove(0).1;
    let third = told(&read(&text, None).unwrap()).join("\n");
    assert!(third.contains("column Onwer: the heading is not one of the tracker's (did you mean `owner`?)"), "{third}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_bytes_make_reading_or_its_followers_panic(
        head in proptest::sample::select(vec!["", "\u{feff}", "finding_id,due_date,status\n", "PK\u{3}\u{4}", "finding_id;"]),
        tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        text in "[SHRC0-9F,;\t\"\n\u{0}'=#/.NA-]{0,120}",
    ) {
        let wording = english();
        let org = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail)]);
        let new = rows::findings(&[&org], &wording, true);
        for bytes in [[head.as_bytes(), &tail].concat(), [head.as_bytes(), text.as_bytes()].concat()] {
            let Ok(tracker) = read(&bytes, None) else { continue };
            let faults = shr::tracker::lint(&tracker, date("2026-02-28"));
            let visible = faults.iter().all(|fault| !fault.message.chars().any(char::is_control));
            proptest::prop_assert!(visible);
            let stats = shr::tracker::stats(&tracker, date("2026-02-28"));
            proptest::prop_assert_eq!(stats.findings + stats.manual, tracker.rows.len());
            let options = shr::tracker::Options::of(&[&org], date("2026-02-28"), &wording);
            if let Ok(merged) = shr::tracker::merge(tracker, &new, &options) {
                proptest::prop_assert!(!csv::file(&merged.tracker.table(), Dialect::Excel).is_empty());
            }
        }
    }
}
