//! CSV: dialects, quoting, the formula guard.

use crate::common::{files_below, root};
use crate::tracker::build::{app, org};
use proptest::prelude::*;
use shr::model::Outcome;
use shr::render::csv::{self, Dialect, bytes, guarded, unguarded};
use shr::table::{Heading, Row, Table};
use shr::text::wording::Wording;
use std::borrow::Cow;
use std::collections::BTreeSet;

fn english() -> Wording {
    shr::controls::wording("en").unwrap()
}

fn table(cells: &[&str], human: bool) -> Table<'static> {
    let header = (0..cells.len()).map(|at| Heading { name: format!("c{at}"), human, number: false }).collect();
    let cells = cells.iter().map(|cell| Cow::Owned((*cell).to_owned())).collect();
    Table { name: "t".to_owned(), header, rows: vec![Row { cells, see: "EV-003".into() }] }
}

fn one_cell(text: &str, dialect: Dialect) -> String {
    let bytes = csv::file(&table(&[text], false), dialect).remove(0).1;
    let text = String::from_utf8(bytes).unwrap();
    text.split_once("\r\n").unwrap().1.to_owned()
}

#[test]
fn excel_gets_a_bom_quotes_and_crlf() {
    let excel = csv::file(&table(&["a", "b\"c"], false), Dialect::Excel).remove(0);
    assert_eq!(excel.0, "t.csv");
    assert_eq!(String::from_utf8(excel.1).unwrap(), "\u{feff}\"c0\",\"c1\"\r\n\"a\",\"b\"\"c\"\r\n");
    let semicolon = csv::file(&table(&["a", "b"], false), Dialect::ExcelSemicolon).remove(0).1;
    assert_eq!(String::from_utf8(semicolon).unwrap(), "\u{feff}\"c0\";\"c1\"\r\n\"a\";\"b\"\r\n");
    let plain = csv::file(&table(&["a\nb"], false), Dialect::Rfc4180).remove(0).1;
    assert_eq!(String::from_utf8(plain).unwrap(), "\"c0\"\r\n\"a\nb\"\r\n");
}

#[test]
fn what_a_spreadsheet_would_run_is_guarded() {
    for text in [
        "=1+1",
        "+41 44 000",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\n=1",
        " =1",
        "\u{a0}=1",
        "\u{200b}=1",
        "\u{feff} =1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'=1",
        "''=1",
        "\u{202e}=1",
        "\u{3000}+1",
    ] {
        let cell = guarded(Cow::Borrowed(text));
        assert_eq!(cell, format!("'{text}"), "{text}");
        assert_eq!(unguarded(&cell), text);
    }
    for text in ["", "a=1", "'", "'a", "2026-01-01", "8.1", "1-2", "´=1", " ", "O'Neil", "→ =1"] {
        assert_eq!(guarded(Cow::Borrowed(text)), text);
        assert_eq!(unguarded(text), text);
    }
    assert_eq!(one_cell("\0=1", Dialect::Excel), "\"[U+0000]=1\"\r\n", "a NUL is shown, so nothing runs behind it");
}

#[test]
fn one_line_per_cell_and_no_cell_too_long() {
    assert_eq!(one_cell("a\nb\r\nc", Dialect::Excel), "\"a ⏎ b ⏎ c\"\r\n");
    let long = one_cell(&"ü𝄞".repeat(20_000), Dialect::Excel);
    let cell = long.trim_end().trim_matches('"');
    assert!(cell.ends_with("… [cut, see EV-003]"), "{}", &cell[cell.len() - 40..]);
    assert!(cell.encode_utf16().count() <= csv::LONGEST_CELL);
    assert!(cell.encode_utf16().count() > csv::LONGEST_CELL - 3);
    assert_eq!(one_cell(&"x".repeat(32_000), Dialect::Excel).len(), 32_000 + 4);
    let human = csv::file(&table(&[&"x".repeat(32_500)], true), Dialect::Excel).remove(0).1;
    assert!(human.len() > 32_500, "people's words are not cut");
}

#[test]
fn too_many_rows_make_a_second_file() {
    let header = vec![Heading { name: "n".to_owned(), human: false, number: false }];
    let rows = (0..csv::MOST_ROWS + 5).map(|at| Row { cells: vec![at.to_string().into()], see: "".into() }).collect();
    let table = Table { name: "findings".to_owned(), header, rows };
    let files = csv::file(&table, Dialect::Excel);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["findings.csv", "findings-2.csv"]);
    let lines = |at: usize| files[at].1.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines(0), 1_048_575);
    assert_eq!(lines(1), 1 + csv::MOST_ROWS + 5 - (csv::MOST_ROWS - 1));
    assert_eq!(csv::file(&table, Dialect::Rfc4180).len(), 1);
}

#[test]
fn four_files_from_an_assessment_and_a_header_even_without_apps() {
    let files = csv::files(&[&org("prod", "2026-01-31", &[])], &english(), Dialect::Excel, true);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["findings.csv", "criteria.csv", "population.csv", "family.csv"]);
    assert!(files[2].1.starts_with("\u{feff}\"org_key\",\"app_api_name\"".as_bytes()));
    let some = csv::files(&[&org("prod", "2026-01-31", &[app("A", Outcome::Fail)])], &english(), Dialect::Excel, true);
    assert_eq!(some[1].1.iter().filter(|byte| **byte == b'\n').count(), 3);
}

fn read_back(bytes: &[u8], separator: u8) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(text.as_bytes());
    let record = reader.records().nth(1).unwrap().unwrap();
    record.iter().map(|cell| unguarded(cell).replace(csv::BREAK, "\n")).collect()
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "['=+@\\t\\n\" ;,\u{200b}\u{feff}＝＠-]{0,6}", "['= ]{0,4}[a-z\u{202e}\r\n]{0,4}",]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_undoes_writing(cells in prop::collection::vec(any_cell(), 1..5)) {
        let texts: Vec<String> = cells.iter().map(|cell| shr::text::visible::printable(cell).replace(csv::BREAK, "\n")).collect();
        let table = table(&texts.iter().map(String::as_str).collect::<Vec<_>>(), false);
        for (dialect, separator) in [(Dialect::Excel, b','), (Dialect::ExcelSemicolon, b';'), (Dialect::Rfc4180, b',')] {
            let written = bytes(&table.header, &table.rows, dialect);
            prop_assert_eq!(&read_back(&written, separator), &texts);
        }
    }

    #[test]
    fn no_cell_starts_a_formula(text in any_cell()) {
        let cell = guarded(Cow::Borrowed(&text)).into_owned();
        prop_assert_eq!(unguarded(&cell), &text);
        let invisible = |c: char| c.is_whitespace() || shr::text::visible::has_no_width(c);
        let first = cell.trim_start_matches(invisible).chars().next();
        prop_assert!(!first.is_some_and(|c| "=+-@＝＋－＠\0".contains(c)), "{cell}");
    }
}

#[test]
fn metadata_describes_every_column_of_every_file() {
    let names = ["findings.csv", "findings-2.csv", "criteria.csv", "population.csv", "report.pdf"];
    for &dialect in Dialect::ALL {
        let files = shr::render::metadata::files(&names, None, dialect, &english());
        let described: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(described.len(), 5, "{described:?}");
        let json = |at: usize| serde_json::from_slice::<serde_json::Value>(&files[at].1).unwrap();
        assert_eq!(json(0)["tableSchema"]["columns"].as_array().unwrap().len(), 57);
        assert_eq!(json(0)["dialect"]["delimiter"], dialect.separator().to_string());
        let columns = json(0)["tableSchema"]["columns"].as_array().unwrap().clone();
        let score = columns.iter().find(|column| column["name"] == "cvss31_score").unwrap();
        let comma = serde_json::json!({"base": "decimal", "format": {"decimalChar": ","}});
        assert_eq!(score["datatype"], if dialect.decimal() == ',' { comma } else { "number".into() });
        assert_eq!(json(4)["resources"][1]["path"], "findings-2.csv");
        assert_eq!(json(4)["resources"][2]["schema"]["primaryKey"][1], "criterion");
    }
}

#[test]
fn every_key_is_made_of_columns_of_its_table() {
    let names = ["findings.csv", "criteria.csv", "population.csv", "family.csv", "evidence.csv"];
    let files = shr::render::metadata::files(&names, None, Dialect::Excel, &english());
    assert_eq!(files.len(), names.len() + 1);
    for (name, bytes) in &files[..names.len()] {
        let schema = serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["tableSchema"].take();
        let columns: Vec<&serde_json::Value> =
            schema["columns"].as_array().unwrap().iter().map(|column| &column["name"]).collect();
        let key = schema["primaryKey"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(key.is_empty(), name.starts_with("findings"), "{name}");
        assert!(key.iter().all(|part| columns.contains(&part)), "{name}: {key:?}");
    }
}

/// Programs that read a table by its description refuse one whose keys are not unique.
#[test]
fn every_key_of_the_samples_is_that_of_one_row() {
    let files = files_below(&root().join("samples/expected"));
    let mut rows = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".csv-metadata.json")) {
        let described: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let Some(key) = described["tableSchema"]["primaryKey"].as_array() else { continue };
        let table = path.strip_suffix("-metadata.json").unwrap();
        let (_, text) = files.iter().find(|(path, _)| path == table).unwrap();
        let mut reader = ::csv::Reader::from_reader(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
        let header = reader.headers().unwrap().clone();
        let places: Vec<usize> = key.iter().map(|name| header.iter().position(|own| own == *name).unwrap()).collect();
        let mut seen = BTreeSet::new();
        for record in reader.records().map(Result::unwrap) {
            let key: Vec<String> = places.iter().map(|at| record[*at].to_owned()).collect();
            assert!(seen.insert(key.clone()), "{table}: {key:?} twice");
            rows += 1;
        }
    }
    assert!(rows > 1_000, "{rows} rows");
}

#[test]
fn every_character_that_nobody_sees_is_shown_and_no_other() {
    for c in '\0'..=char::MAX {
        let text = format!("a{c}b");
        let control = c.is_control() && c != '\n';
        let hidden = control || shr::text::visible::has_no_width(c);
        assert_eq!(shr::text::visible::cell(&text) != text, hidden, "{:04X}", u32::from(c));
        assert_eq!(shr::text::visible::printable(&text) != text, control && c != '\t', "{:04X}", u32::from(c));
    }
}

#[test]
fn a_score_is_written_with_one_decimal() {
    for tenths in 0..=u8::MAX {
        let expected = format!("{}.{}", tenths / 10, tenths % 10);
        assert_eq!(shr::model::Tenths(tenths).to_string(), expected);
        assert_eq!(format!("{:>5}", shr::model::Tenths(tenths)), format!("{expected:>5}"));
    }
}
