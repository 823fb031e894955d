//! Spreadsheets of 100,000 findings (or `SHR_FINDINGS`): writing, reading, merging.
#![allow(missing_docs, clippy::unwrap_used)]

#[allow(dead_code, unreachable_pub)]
#[path = "../tests/tracker/build.rs"]
mod build;

use divan::Bencher;
use shr::model::{Assessment, Outcome};
use shr::render::csv::{self, Dialect};
use shr::render::xlsx;
use shr::table::{Row, rows};
use shr::text::wording::Wording;
use shr::tracker::{Options, Tracker, merge, read};
use std::sync::OnceLock;

/// 100,000, or what the environment says.
fn findings() -> usize {
    std::env::var("SHR_FINDINGS").map_or(100_000, |text| text.parse().unwrap())
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc; // as in the binary

fn main() {
    divan::main();
}

/// A run over that many apps; the second month has other results for every tenth app.
fn run(day: &str, moved: usize) -> Assessment {
    let results = [Outcome::Fail, Outcome::Review, Outcome::NotEvaluable, Outcome::Fail];
    let apps: Vec<build::App> = (0..findings())
        .map(|at| {
            let turn = if at % 10 == 0 { moved } else { 0 };
            build::app(&format!("Integration_App_{at:06}"), results[(at + turn) % results.len()])
        })
        .collect();
    build::org("prod", day, &apps)
}

fn january() -> &'static Assessment {
    static RUN: OnceLock<Assessment> = OnceLock::new();
    RUN.get_or_init(|| run("2026-01-31", 0))
}

fn february() -> &'static Assessment {
    static RUN: OnceLock<Assessment> = OnceLock::new();
    RUN.get_or_init(|| run("2026-02-28", 1))
}

fn english() -> &'static Wording {
    static WORDING: OnceLock<Wording> = OnceLock::new();
    WORDING.get_or_init(|| shr::controls::wording("en").unwrap())
}

fn january_rows() -> Vec<Row<'static>> {
    rows::findings(&[january()], english(), true)
}

#[divan::bench(sample_count = 5)]
fn rows_from_assessment(bencher: Bencher) {
    january();
    bencher.bench(|| rows::findings(&[january()], english(), true));
}

#[divan::bench(sample_count = 20)]
fn findings_csv_from_assessment(bencher: Bencher) {
    january();
    bencher.bench(|| csv::findings(&[january()], english(), Dialect::Excel, true));
}

#[divan::bench(sample_count = 20)]
fn findings_csv_from_rows(bencher: Bencher) {
    let tracker = Tracker::from_rows(&january_rows());
    let table = tracker.table();
    bencher.bench_local(|| csv::file(&table, Dialect::Excel));
}

#[divan::bench(sample_count = 5)]
fn tracker_xlsx(bencher: Bencher) {
    let tracker = Tracker::from_rows(&january_rows());
    let options = xlsx::Options {
        created: build::date("2026-01-31"),
        all: true,
        report: "report.html",
        colours: shr::render::theme::Theme::default().colours,
        title: "Findings",
        author: "",
        client: "",
    };
    bencher.bench_local(|| xlsx::tracker(&tracker.table(), english(), &options).unwrap());
}

#[divan::bench(sample_count = 5)]
fn read_csv(bencher: Bencher) {
    let tracker = Tracker::from_rows(&january_rows());
    let bytes = csv::file(&tracker.table(), Dialect::Excel).remove(0).1;
    bencher.bench_local(|| read(&bytes, None).unwrap());
}

#[divan::bench(sample_count = 5)]
fn merge_two(bencher: Bencher) {
    let tracker = Tracker::from_rows(&january_rows());
    let new = rows::findings(&[february()], english(), true);
    let options = Options::of(&[february()], build::date("2026-02-28"), english());
    bencher.with_inputs(|| tracker.clone()).bench_local_values(|tracker| merge(tracker, &new, &options).unwrap());
}

/// The workbook of January that people have, and the rows of February: read, merged, and its cells set in place.
#[divan::bench(sample_count = 5)]
fn merge_workbooks(bencher: Bencher) {
    let options = xlsx::Options {
        created: build::date("2026-01-31"),
        all: true,
        report: "",
        title: "",
        author: "",
        client: "",
        colours: shr::render::theme::Theme::default().colours,
    };
    let tracker = Tracker::from_rows(&january_rows());
    let limits = shr::limits::Limits { workbook_bytes: u64::MAX, tracker_cells: u64::MAX, ..Default::default() };
    let book = xlsx::tracker(&tracker.table(), english(), &options).unwrap();
    let new = rows::findings(&[february()], english(), true);
    let how = Options::of(&[february()], build::date("2026-02-28"), english());
    bencher.bench_local(|| {
        let old = shr::tracker::read::read_within(&book, None, &limits).unwrap();
        let merged = merge(old, &new, &how).unwrap();
        let from = merged.tracker.book.clone().unwrap();
        let edits = shr::tracker::inplace::edits(&merged, &from);
        xlsx::patch::patched(&book, &from.sheet, &edits).unwrap()
    });
}
