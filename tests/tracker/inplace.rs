//! A merge into the workbook that people have changes the cells of the tool and nothing else.

use super::build::{app, date, org};
use super::english;
use crate::common::{Scratch, shr};
use rust_xlsxwriter::{Format, Formula, Note, Workbook};
use shr::model::{Assessment, Outcome};
use shr::render::xlsx::patch::{Edits, patched};
use shr::table::columns::FINDINGS;
use shr::table::rows;
use shr::tracker::{Options, Tracker, inplace, merge, read};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

fn parts(book: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn january() -> Assessment {
    org("prod", "2026-01-31", &[app("Alpha", Outcome::Fail), app("Beta", Outcome::Fail)])
}

fn february() -> Assessment {
    org("prod", "2026-02-28", &[app("Alpha", Outcome::Pass), app("Beta", Outcome::Fail), app("Gamma", Outcome::Fail)])
}

/// A workbook as a team has it after a month: a title, columns moved and coloured, formulas, notes, a sheet of their own.
fn lived_in() -> Vec<u8> {
    let tracker = Tracker::from_rows(&rows::findings(&[&january()], &english(), true));
    let mut book = Workbook::new();
    let own = book.add_worksheet();
    own.set_name("Meeting notes").unwrap();
    own.write_string(0, 0, "typed by people").unwrap();
    own.write_formula(1, 0, Formula::new("=COUNTIF('our list'!A4:A9,\"SHR*\")").set_result("2")).unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("our list").unwrap();
    let red = Format::new().set_background_color("FFC7CE");
    let day = Format::new().set_num_format("dd/mm/yyyy");
    sheet.merge_range(0, 0, 0, 5, "Integrations under review", &Format::new().set_bold()).unwrap();
    for (name, at) in tracker.header.iter().zip(0u16..) {
        sheet.write_string_with_format(2, at, name, &Format::new().set_bold()).unwrap();
        if name == "due_date" {
            sheet.set_column_format(at, &day).unwrap();
        }
    }
    let last = u16::try_from(tracker.header.len()).unwrap();
    sheet.write_string(2, last, "Days left").unwrap();
    sheet.write_string(2, last + 1, "Delta EUR").unwrap();
    for (line, row) in tracker.rows.iter().zip(3u32..) {
        for (cell, at) in line.cells.iter().zip(0u16..).filter(|(cell, _)| !cell.is_empty()) {
            match tracker.header[usize::from(at)].as_str() {
                "cvss31_score" => {
                    sheet.write_number_with_format(row, at, cell.parse::<f64>().unwrap(), &red).unwrap();
                }
                _ => {
                    sheet.write_string_with_format(row, at, cell, &red).unwrap();
                }
            }
        }
        let column = |name: &str| u16::try_from(tracker.header.iter().position(|own| own == name).unwrap()).unwrap();
        sheet.write_string(row, column("owner"), "Ada").unwrap();
        sheet.write_number_with_format(row, column("due_date"), 46_200.0, &day).unwrap();
        sheet.write_formula(row, last, Formula::new("=1+1").set_result("")).unwrap();
        sheet.write_number(row, last + 1, -5.0).unwrap();
        sheet.insert_note(row, column("owner"), &Note::new("please ask Bea first")).unwrap();
    }
    sheet.autofilter(2, 0, 4, last + 1).unwrap();
    book.save_to_buffer().unwrap()
}

fn merged(book: &[u8], run: &Assessment, day: &str) -> Vec<u8> {
    let wording = english();
    let old = read(book, None).unwrap();
    let new = rows::findings(&[run], &wording, true);
    let merged = merge(old, &new, &Options::of(&[run], date(day), &wording)).unwrap();
    let from = merged.tracker.book.clone().unwrap();
    patched(book, &from.sheet, &inplace::edits(&merged, &from)).unwrap()
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

#[test]
fn without_edits_every_sheet_is_as_it_was() {
    let book = lived_in();
    let (before, after) = (parts(&book), parts(&patched(&book, "our list", &Edits::default()).unwrap()));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in &before {
        let same = *bytes == after[name];
        assert!(same || name == "xl/workbook.xml", "{name}: {}", text(&after, name));
    }
}

#[test]
fn only_cells_of_the_tool_change() {
    let book = lived_in();
    let next = merged(&book, &february(), "2026-02-28");
    let (before, after) = (parts(&book), parts(&next));
    for (name, bytes) in &before {
        let ours = ["xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/calcChain.xml"].contains(&name.as_str());
        assert!(ours || *bytes == after[name], "{name} changed");
    }
    let sheet = text(&after, "xl/worksheets/sheet2.xml");
    // Formulas, numbers, looks and merged titles stay; filters reach on to the row of the new app.
    assert_eq!(sheet.matches("<f>1+1</f>").count(), 2);
    assert_eq!(sheet.matches("<v>-5</v>").count(), 2);
    assert_eq!(sheet.matches("<mergeCell ").count(), 1);
    let filter = sheet.split("<autoFilter ref=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(filter.starts_with("A3:") && filter.ends_with('6'), "{filter}");
    assert!(text(&after, "xl/workbook.xml").contains("fullCalcOnLoad=\"1\""));
    assert!(text(&after, "xl/workbook.xml").contains("$6"), "the hidden name of the filter");

    let (old, new) = (read(&book, None).unwrap(), read(&next, None).unwrap());
    assert_eq!(new.header, old.header);
    assert_eq!(new.rows.len(), 3);
    let cells = |at: usize, name: &str| new.named(&new.rows[at], name).to_owned();
    assert_eq!([cells(0, "result"), cells(0, "delta"), cells(0, "proposed_status")], ["pass", "resolved", "Fixed"]);
    assert_eq!([cells(2, "app_api_name"), cells(2, "delta"), cells(2, "cvss31_score")], ["Gamma", "new", "8.8"]);
    // The new row looks like the rows above it.
    let look =
        |row: u32| sheet.split(&format!("<c r=\"A{row}\" s=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(look(6), look(5));
    for (line, was) in new.rows.iter().zip(&old.rows) {
        for column in ["owner", "due_date", "Delta EUR", "Days left"] {
            assert_eq!(new.named(line, column), old.named(was, column), "{column}");
        }
    }
    // And a merge of the merged workbook with the same run finds nothing to write.
    let again = merged(&next, &february(), "2026-02-28");
    assert_eq!(parts(&again)["xl/worksheets/sheet2.xml"], after["xl/worksheets/sheet2.xml"]);
}

#[test]
fn a_column_that_was_deleted_comes_back_at_the_right_end() {
    let tracker = Tracker::from_rows(&rows::findings(&[&january()], &english(), true));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("findings").unwrap();
    let kept = |name: &str| !["severity", "first_seen", "comments"].contains(&name);
    let columns: Vec<usize> = (0..tracker.header.len()).filter(|at| kept(&tracker.header[*at])).collect();
    for (at, place) in (0u16..).zip(&columns) {
        sheet.write_string(0, at, &tracker.header[*place]).unwrap();
        for (row, line) in (1u32..).zip(&tracker.rows) {
            sheet.write_string(row, at, &line.cells[*place]).unwrap();
        }
    }
    let next = merged(&book.save_to_buffer().unwrap(), &february(), "2026-02-28");
    let new = read(&next, None).unwrap();
    assert!(new.header.ends_with(&["severity", "first_seen", "comments"].map(str::to_owned)), "{:?}", new.header);
    assert_eq!(new.header.len(), FINDINGS.len());
    assert!(new.rows.iter().skip(1).all(|line| new.named(line, "severity") == "high"));
}

#[test]
fn what_a_file_of_values_cannot_keep_is_said_before_it_is_written() {
    let folder = Scratch::new("left-behind");
    let samples = crate::samples::samples();
    let path = |name: &str| folder.join(name).into_os_string();
    let engagement = samples.join("engagement.toml").into_os_string();
    let sample = samples.join("halden-uat").into_os_string();
    let args = ["review".into(), sample, "--engagement".into(), engagement, "-o".into(), path("r")];
    shr(args.into_iter().chain(["--format", "xlsx,json,csv", "--as-of", "2026-11-24"].map(Into::into)));
    std::fs::copy(folder.join("r").join("findings.xlsx"), folder.join("old.xlsx")).unwrap();
    let track = |output: &str| {
        let args = ["track".into(), path("old.xlsx"), "--from".into(), path("r"), "-o".into(), path(output)];
        shr(args.into_iter().chain(["--as-of", "2026-11-24"].map(std::ffi::OsString::from)))
    };
    let csv = track("new.csv");
    assert!(csv.err.contains("values only") && csv.err.contains("formats") && csv.err.contains("notes"), "{}", csv.err);
    let book = track("new.xlsx");
    assert_eq!((book.code, book.err.as_str()), (0, ""), "{}", book.out);
    assert!(book.out.starts_with("Nothing changed."), "{}", book.out);
    let other = track("new.xlsm");
    assert_eq!(other.code, 2);
    assert!(other.err.contains("write -o NAME.xlsx"), "{}", other.err);
}
