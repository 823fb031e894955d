//! Any bytes as the sheet of a workbook that people have: a merge in place leaves every cell of theirs as it was, can be
//! read again, and a second one finds nothing to do.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shr::model::Assessment;
use shr::render::theme::Theme;
use shr::render::xlsx::{self, patch};
use shr::table::columns::{FINDINGS, Owner};
use shr::table::rows;
use shr::text::wording::Wording;
use shr::tracker::{DateOrder, Options, Tracker, inplace, merge, read};
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

static WORDING: LazyLock<Wording> = LazyLock::new(|| shr::controls::wording("en").expect("English"));
static RUN: LazyLock<Assessment> = LazyLock::new(|| shr_fuzz::judged("a/Other.eca", b"<ExternalClientApplication/>"));
/// The parts of a workbook of the tool.
static PARTS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(parts);

fn parts() -> Vec<(String, Vec<u8>)> {
    let tracker = Tracker::from_rows(&rows::findings(&[&*RUN], &WORDING, true));
    let options = xlsx::Options {
        created: shr_fuzz::today(),
        all: true,
        report: "",
        colours: Theme::default().colours,
        title: "",
        author: "",
        client: "",
    };
    let book = xlsx::tracker(&tracker.table(), &WORDING, &options).expect("a workbook");
    let mut archive = ZipArchive::new(Cursor::new(book)).expect("an archive");
    let parts = 0..archive.len();
    let part = |at| {
        let mut part = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        (part.name().expect("its name").into_owned(), bytes)
    };
    parts.map(part).collect()
}

/// The workbook with this sheet in place of the one to work on.
fn book(sheet: &[u8]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in PARTS.iter() {
        out.start_file(name.as_str(), stored).expect("a part");
        out.write_all(if name == "xl/worksheets/sheet1.xml" { sheet } else { bytes }).expect("its bytes");
    }
    out.finish().expect("an archive").into_inner()
}

/// What stands in the columns of people, row by row.
fn typed(tracker: &Tracker) -> Vec<(usize, Vec<(&str, &str)>)> {
    let machine = |name: &str| FINDINGS.iter().any(|column| column.name == name && column.owner != Owner::Human);
    let rows = tracker.rows.iter().filter(|line| line.row > 0).map(|line| {
        let cells = tracker.header.iter().map(String::as_str).zip(line.cells.iter().map(String::as_str));
        (line.row, cells.filter(|(name, cell)| !machine(name) && !cell.is_empty()).collect())
    });
    rows.collect()
}

fuzz_target!(|sheet: &[u8]| {
    let book = book(sheet);
    let cost = (4 << 20) + sheet.len() * 16;
    let Ok(old) = shr_fuzz::metered(cost, || read(&book, Some(DateOrder::DayFirst))) else { return };
    let Some(from) = old.book.clone().filter(|from| from.sheet == "Work") else { return };
    let before = old.clone();
    let new = rows::findings(&[&*RUN], &WORDING, true);
    let options = Options::of(&[&*RUN], shr_fuzz::today(), &WORDING);
    let Ok(merged) = merge(old, &new, &options) else { return };
    let edits = inplace::edits(&merged, &from);
    let Ok(next) = shr_fuzz::metered(cost, || patch::patched(&book, &from.sheet, &edits)) else { return };
    let back = read(&next, Some(DateOrder::DayFirst)).expect("what was patched can be read");
    let kept = typed(&back);
    for row in typed(&before).iter().filter(|(_, cells)| !cells.is_empty()) {
        assert!(kept.contains(row), "row {} of people is not what it was: {:?}", row.0, row.1);
    }
    let again = merge(back, &new, &options).expect("what was merged can be merged");
    assert!(again.changes.is_empty(), "a second merge changes {:?}", again.changes);
});
