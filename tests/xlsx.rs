//! Workbooks: typed cells, lists, the fold, and what LibreOffice makes of them.

use crate::tracker::build::{App, accepted, app, date, id, org};
use calamine::{Reader, Xlsx};
use shr::limits::Limits;
use shr::model::{Assessment, Outcome};
use shr::render::csv::{self, Dialect};
use shr::render::theme::Theme;
use shr::render::xlsx::{self, Options};
use shr::table::columns::{FINDINGS, Owner};
use shr::table::narrow::is_detail;
use shr::table::rows;
use shr::text::wording::Wording;
use shr::tracker::book::Line;
use shr::tracker::read::read_within;
use shr::tracker::{Tracker, read};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

fn english() -> Wording {
    shr::controls::wording("en").unwrap()
}

fn options() -> Options<'static> {
    Options {
        created: date("2026-01-31"),
        all: true,
        report: "report.html",
        colours: Theme::default().colours,
        title: "Findings",
        author: "",
        client: "",
    }
}

/// Texts that spreadsheets like to break: formulas, umlauts, numbers that are none, dates that are none.
const HOSTILE: [&str; 12] = [
    "=HYPERLINK(\"https://example.com\")",
    "+41 44 000 00 00",
    "@SUM(1+1)",
    "-2+3",
    "'=1+1",
    "\u{200b}=1+1",
    "＝1+1",
    "00012",
    "301E10",
    "1/2",
    "Größe ÄÖÜ ß 日本語 😀; \"Zitat\", zweite",
    "TRUE",
];

fn hostile_org() -> Assessment {
    let apps: Vec<App> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let mut app = app(&format!("App_{at:02}"), Outcome::Fail);
            app.label = (*label).to_owned();
            app.disposition = Some(accepted(&app.name, "2026-06-30"));
            app
        })
        .collect();
    org("prod", "2026-01-31", &apps)
}

/// A file of the archive as text.
fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn sheets_are_typed_folded_filtered_and_linked() {
    let org = hostile_org();
    let book = xlsx::workbook(&[&org], &english(), &options()).unwrap();
    let names = part(&book, "xl/workbook.xml");
    let order: Vec<usize> = ["Work", "Summary", "Findings", "Criteria", "Population", "Lists"]
        .iter()
        .map(|name| names.find(&format!("name=\"{name}\"")).unwrap())
        .collect();
    assert!(order.is_sorted(), "{names}");
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    no_foreign_formula(&book);
    for piece in [
        "tabSelected=\"1\"",
        "<autoFilter ref=\"A1:AW13\"",
        // In sight up to the app, the detail folded away behind fifteen columns.
        "<pane xSplit=\"3\" ySplit=\"1\" topLeftCell=\"D2\"",
        "outlineLevel=\"1\"",
        "Lists'!$A$2:$A$5",
        "Lists'!$B$2:$B$5",
        "type=\"date\"",
    ] {
        assert!(sheet.contains(piece), "{piece}");
    }
    assert!(!sheet.contains("<sheetProtection"), "a protected sheet can be neither sorted nor unfolded");
    let hidden = sheet.split("<col ").skip(1).filter(|column| column.contains("hidden=\"1\"")).count();
    assert!(hidden > 0, "folded");
    let anchor = id("prod", "App_00").to_lowercase();
    assert!(sheet.contains(&format!("location=\"{anchor}\"")), "{anchor}");
    let links = part(&book, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(links.contains("Target=\"report.html\""), "{links}");
    assert!(part(&book, "xl/charts/chart1.xml").contains("Summary!$B$"));
    assert!(part(&book, "xl/charts/chart1.xml").contains("<a:pattFill"), "told apart without colour");
    for number in [3, 4, 5, 6] {
        assert!(!part(&book, &format!("xl/worksheets/sheet{number}.xml")).contains("<f>"));
    }
}

#[test]
fn sheets_print_on_landscape_pages_with_their_headings() {
    let book = xlsx::workbook(&[&hostile_org()], &english(), &options()).unwrap();
    for (number, wide) in [(1, 2), (2, 1), (3, 4), (4, 2), (5, 1)] {
        let sheet = part(&book, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""), "{number}");
        let fit = if wide == 1 { "fitToHeight=\"0\"".to_owned() } else { format!("fitToWidth=\"{wide}\"") };
        assert!(sheet.contains(&fit), "sheet {number}: {}", &sheet[sheet.find("<pageSetup").unwrap()..]);
    }
    let names = part(&book, "xl/workbook.xml");
    assert!(names.contains("Work!$1:$1") && names.contains("Criteria!$1:$1"), "{names}");
    let rows = part(&book, "xl/worksheets/sheet1.xml");
    assert!(rows.contains("<row r=\"2\" ht=\""), "heights are said, so that no row is a line of cut text");
    let without = xlsx::workbook(&[&hostile_org()], &english(), &Options { report: "", ..options() }).unwrap();
    assert!(
        !part(&without, "xl/worksheets/sheet1.xml").contains("<hyperlink "),
        "no link to a report that is not there"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let org = hostile_org();
    let [first, second] = [0, 1].map(|_| xlsx::workbook(&[&org], &english(), &options()).unwrap());
    assert_eq!(first, second);
    assert!(part(&first, "docProps/core.xml").contains("2026-01-31T00:00:00Z"));
}

#[test]
fn a_workbook_names_itself() {
    let org = hostile_org();
    let named = Options { title: "Flow <review>\u{202e}", author: "Marlow & Quist", client: "Halden", ..options() };
    let own = Tracker::from_rows(&rows::findings(&[&org], &english(), true));
    let books = [
        xlsx::workbook(&[&org], &english(), &named).unwrap(),
        xlsx::tracker(&own.table(), &english(), &named).unwrap(),
        xlsx::plan(&[], "prod", &named).unwrap(),
    ];
    for book in books {
        let core = part(&book, "docProps/core.xml");
        for text in ["<dc:title>Flow &lt;review&gt;[U+202E]<", "<dc:creator>Marlow &amp; Quist<", "<dc:subject>Halden<"]
        {
            assert!(core.contains(text), "{core}");
        }
        assert!(part(&book, "docProps/app.xml").contains("<Company>Halden<"));
    }
}

#[test]
fn a_workbook_reads_back_as_its_csv_does() {
    let org = hostile_org();
    let wording = english();
    let book = xlsx::workbook(&[&org], &wording, &options()).unwrap();
    let text = csv::findings(&[&org], &wording, Dialect::Excel, true).remove(0).1;
    let (book, text) = (read(&book, None).unwrap(), read(&text, None).unwrap());
    same_cells(&book, &text, "workbook");
    let own = Tracker::from_rows(&rows::findings(&[&org], &wording, true));
    same_cells(&read(&xlsx::tracker(&own.table(), &wording, &options()).unwrap(), None).unwrap(), &text, "tracker");
}

/// All that the tool says of a finding stands on a sheet of its own, and nothing that people write.
#[test]
fn the_sheet_of_findings_says_what_the_csv_says() {
    let org = hostile_org();
    let wording = english();
    let text = read(&csv::findings(&[&org], &wording, Dialect::Excel, true).remove(0).1, None).unwrap();
    let own = Tracker::from_rows(&rows::findings(&[&org], &wording, true));
    let books = [
        xlsx::workbook(&[&org], &wording, &options()).unwrap(),
        xlsx::tracker(&own.table(), &wording, &options()).unwrap(),
    ];
    for book in books {
        let sheet = findings(&book);
        assert_eq!(sheet.len(), text.rows.len());
        for (found, line) in sheet.iter().zip(&text.rows) {
            for (column, definition) in FINDINGS.iter().enumerate() {
                let stated = matches!(definition.owner, Owner::Once | Owner::Machine);
                let expected = Some(text.cell(line, column)).filter(|_| stated);
                assert_eq!(found.get(definition.name).map(String::as_str), expected, "{}", definition.name);
            }
        }
        for (line, label) in sheet.iter().zip(HOSTILE) {
            assert_eq!(line["app_label"], label.replace('\u{200b}', "[U+200B]"));
        }
    }
}

/// The cells of the sheet of findings count with those of the sheet to work on.
#[test]
fn both_sheets_are_read_within_the_limit_of_cells() {
    let org = hostile_org();
    let book = xlsx::workbook(&[&org], &english(), &options()).unwrap();
    let known = read(&book, None).unwrap();
    let (rows, beside) = (known.rows.len() as u64, known.book.as_ref().unwrap().beside.len() as u64);
    let width = known.header.len() as u64 - beside;
    let of_work = (rows + 1) * width;
    let within = |tracker_cells: u64| {
        let limits = Limits { tracker_cells, ..Limits::default() };
        read_within(&book, None, &limits).map(drop)
    };
    assert!(beside == 10 && within(of_work + rows * beside).is_ok());
    let fault = within(of_work + rows * beside - 1).unwrap_err().to_string();
    assert!(fault.contains("cells"), "{fault}");
}

/// What people write into rows of their own stays where they work, whatever the column.
#[test]
fn a_row_of_people_loses_nothing() {
    let mut tracker = Tracker::from_rows(&rows::findings(&[&hostile_org()], &english(), true));
    let place = |name: &str| FINDINGS.iter().position(|column| column.name == name).unwrap();
    let mut cells = vec![String::new(); FINDINGS.len()];
    cells[place("condition")] = "seen on the phone".to_owned();
    cells[place("owner")] = "Bea".to_owned();
    tracker.rows.insert(3, Line { row: 0, cells });
    let book = xlsx::tracker(&tracker.table(), &english(), &options()).unwrap();
    let back = read(&book, None).unwrap();
    assert_eq!(back.named(&back.rows[3], "condition"), "seen on the phone");
    let beside = &back.header[back.book.as_ref().unwrap().beside.clone()];
    let is_beside = |name: &str| beside.iter().any(|heading| heading == name);
    assert!(is_beside("effect") && !is_beside("condition"), "what nobody wrote into is on the other sheet alone");
    assert_eq!(findings(&book).len() + 1, back.rows.len());
}

/// The rows of the sheet of findings, by heading.
fn findings(book: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(book)).unwrap();
    let cells = book.worksheet_range("Findings").unwrap();
    let mut rows = cells.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<String>>());
    let header = rows.next().unwrap();
    let unguarded = |cell: String| csv::unguarded(&cell).to_string();
    rows.map(|row| header.iter().cloned().zip(row.into_iter().map(unguarded)).collect()).collect()
}

#[test]
fn no_apps_no_orgs_and_long_texts_make_workbooks_too() {
    let wording = english();
    for orgs in [vec![], vec![org("prod", "2026-01-31", &[])]] {
        let orgs: Vec<&Assessment> = orgs.iter().collect();
        let book = xlsx::workbook(&orgs, &wording, &options()).unwrap();
        assert!(read(&book, None).unwrap().rows.is_empty());
    }
    let mut long = app("Long", Outcome::Fail);
    long.label = "=ü".repeat(30_000);
    let org = org("prod", "2026-01-31", &[long]);
    let mut tracker = Tracker::from_rows(&rows::findings(&[&org], &wording, true));
    let comments = FINDINGS.iter().position(|column| column.name == "comments").unwrap();
    tracker.rows[0].cells[comments] = "x".repeat(40_000);
    let book = xlsx::tracker(&tracker.table(), &wording, &options()).unwrap();
    assert!(findings(&book)[0]["app_label"].ends_with("… [cut, see EV-001]"));
    let back = read(&book, None).unwrap();
    assert_eq!(back.named(&back.rows[0], "comments").len(), 32_767);
}

/// The only formulas of the sheet are those that count days, so no text from an org has become one.
fn no_foreign_formula(book: &[u8]) {
    let sheet = part(book, "xl/worksheets/sheet1.xml");
    for formula in sheet.split("<f").skip(1).filter(|rest| rest.starts_with(['>', ' '])) {
        let text = formula.split_once('>').unwrap().1.split("</f>").next().unwrap().replace("&quot;", "\"");
        let ours = text.contains("TODAY()") && (text.starts_with("IF(ISNUMBER(") || text.starts_with("IF(AG"));
        assert!(ours, "a cell became a formula: {text}");
    }
}

#[test]
fn texts_that_look_like_markup_stay_texts() {
    let wording = english();
    for label in ["_x0041_", "_x005F_", "a & b <b>\"c\"</b> ]]>", " blanks at both ends ", "_x41_ é 𝄞", "a__x000D_b"]
    {
        let mut odd = app("Odd", Outcome::Fail);
        odd.label = label.to_owned();
        let org = org("prod", "2026-01-31", &[odd]);
        let book = xlsx::workbook(&[&org], &wording, &options()).unwrap();
        assert_eq!(findings(&book)[0]["app_label"], label);
    }
    let mut odd = app("Odd", Outcome::Fail);
    odd.label = "a\u{fffe}b\u{ffff}".to_owned();
    let book = xlsx::workbook(&[&org("prod", "2026-01-31", &[odd])], &wording, &options()).unwrap();
    assert!(part(&book, "xl/worksheets/sheet3.xml").contains("a\u{fffd}b\u{fffd}"), "no characters outside XML");
}

#[test]
fn many_rows_come_in_their_order_with_a_link_each() {
    let apps: Vec<App> = (0..9_500).map(|at| app(&format!("App_{at:05}"), Outcome::Fail)).collect();
    let org = org("prod", "2026-01-31", &apps);
    let wording = english();
    let own = Tracker::from_rows(&rows::findings(&[&org], &wording, true));
    let book = xlsx::tracker(&own.table(), &wording, &options()).unwrap();
    let back = read(&book, None).unwrap();
    assert_eq!(back.rows.len(), 9_500, "more than one group of chunks");
    assert!(back.rows.iter().enumerate().all(|(at, line)| line.row == at + 2));
    same_cells(&back, &own, "9,500 rows");
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<hyperlink ").count(), 9_500);
    assert!(sheet.contains("<dimension ref=\"A1:AW9501\""));
}

fn same_cells(found: &Tracker, expected: &Tracker, what: &str) {
    let names = |tracker: &Tracker| {
        let names = tracker.header.iter().filter(|name| !xlsx::work::is_calculated(name));
        names.cloned().collect::<std::collections::BTreeSet<String>>()
    };
    assert_eq!(names(found), names(expected), "{what}");
    assert_eq!(found.rows.len(), expected.rows.len(), "{what}");
    for (a, b) in found.rows.iter().zip(&expected.rows) {
        for (column, definition) in FINDINGS.iter().enumerate() {
            let (a, b) = (found.cell(a, column), expected.cell(b, column));
            let number = |text: &str| text.parse::<f64>().ok();
            let same = a == b || number(a).is_some_and(|a| Some(a) == number(b));
            assert!(same, "{what} {}: {a} / {b}", definition.name);
        }
    }
}

// LibreOffice, where it is installed.

/// A folder of this test; converts a file in it and gives the new file.
struct Office {
    folder: PathBuf,
}

impl Office {
    #[allow(clippy::print_stderr)]
    fn start(test: &str) -> Option<Self> {
        let found = Command::new("soffice").arg("--version").output().is_ok_and(|output| output.status.success());
        if !found {
            eprintln!("skipped: {test} needs soffice (LibreOffice)");
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("office-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Some(Self { folder })
    }

    fn convert(&self, bytes: &[u8], from: &str, to: &str, more: &[&str]) -> Vec<u8> {
        let (source, out) = (self.folder.join(format!("tracker.{from}")), self.folder.join("out"));
        std::fs::write(&source, bytes).unwrap();
        let profile = format!("-env:UserInstallation=file://{}", self.folder.join("profile").display());
        let mut command = Command::new("soffice");
        command.args([profile.as_str(), "--headless", "--norestore"]).args(more);
        let done = command.args(["--convert-to", to, "--outdir"]).arg(&out).arg(&source).output().unwrap();
        let kind = to.split(':').next().unwrap();
        std::fs::read(out.join(format!("tracker.{kind}")))
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)))
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// CSV filter: comma, quote, UTF-8, from line 1; quoted cells as text, days not guessed.
const CSV_IN: &str = "--infilter=CSV:44,34,76,1,,0,true,false,false";
const SEMICOLON_IN: &str = "--infilter=CSV:59,34,76,1,,0,true,false,false";
/// CSV filter for writing: comma, quote, UTF-8, cells as shown.
const CSV_OUT: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false";

#[test]
fn a_workbook_survives_libreoffice() {
    let Some(office) = Office::start("workbook") else { return };
    let org = hostile_org();
    let wording = english();
    let own = Tracker::from_rows(&rows::findings(&[&org], &wording, true));
    let book = xlsx::tracker(&own.table(), &wording, &options()).unwrap();
    let expected = read(&book, None).unwrap();
    let saved = office.convert(&book, "xlsx", "xlsx", &[]);
    same_cells(&read(&saved, None).unwrap(), &expected, "saved as workbook");
    no_foreign_formula(&saved);
    let text = office.convert(&book, "xlsx", CSV_OUT, &[]);
    // A CSV has one sheet, so what stands on the other is not in it.
    let detail = |name: &str| FINDINGS.iter().any(|column| column.name == name && is_detail(column));
    same_cells(&read(&text, None).unwrap(), &expected.without(detail), "saved as CSV");
}

#[test]
fn a_csv_survives_libreoffice() {
    let Some(office) = Office::start("csv") else { return };
    let org = hostile_org();
    let wording = english();
    for (dialect, filter) in
        [(Dialect::Excel, CSV_IN), (Dialect::ExcelSemicolon, SEMICOLON_IN), (Dialect::Rfc4180, CSV_IN)]
    {
        let text = csv::findings(&[&org], &wording, dialect, true).remove(0).1;
        let expected = read(&text, None).unwrap();
        let book = office.convert(&text, "csv", "xlsx", &[filter]);
        no_foreign_formula(&book);
        same_cells(&read(&book, None).unwrap(), &expected, "opened and saved as workbook");
        let again = office.convert(&book, "xlsx", CSV_OUT, &[]);
        same_cells(&read(&again, None).unwrap(), &expected, "and saved as CSV");
    }
}

/// The sheet to work on begins with what is worst, whatever its result; within a severity the order is that of the CSV.
#[test]
fn the_sheet_to_work_on_is_sorted_by_severity() {
    let mut apps: Vec<App> = Vec::new();
    for (name, result, score) in [
        ("Low_fail", Outcome::Fail, 30),
        ("High_unknown", Outcome::NotEvaluable, 81),
        ("High_fail", Outcome::Fail, 88),
        ("Left_out", Outcome::NotTested, 88),
        ("Critical_review", Outcome::Review, 98),
    ] {
        let mut one = app(name, result);
        one.score = score;
        apps.push(one);
    }
    let org = org("prod", "2026-01-31", &apps);
    let book = read(&xlsx::workbook(&[&org], &english(), &options()).unwrap(), None).unwrap();
    let names: Vec<&str> = book.rows.iter().map(|line| book.named(line, "app_api_name")).collect();
    let severities: Vec<&str> = book.rows.iter().map(|line| book.named(line, "severity")).collect();
    assert_eq!(severities, ["critical", "high", "high", "low", ""]);
    assert_eq!(names, ["Critical_review", "High_fail", "High_unknown", "Low_fail", "Left_out"]);
}
