//! Speed of the PDF: a report of 30 pages and one of 300.
#![allow(missing_docs, clippy::unwrap_used)]

use divan::Bencher;
use shr::render::pdf::{PdfMeta, pdf};
use shr::render::theme::Theme;

fn main() {
    divan::main();
}

fn report(pages: usize) -> String {
    let source = include_str!("../tests/data/pdf/report.md");
    let (cover, body) = source.split_once("<!-- page -->").unwrap();
    // The source sets about 18 pages after its cover and contents.
    std::iter::once(cover)
        .chain(std::iter::repeat_n(body, pages.div_ceil(18)))
        .collect::<Vec<_>>()
        .join("<!-- page -->")
}

#[divan::bench(args = [30, 300], sample_count = 10)]
fn tagged(bencher: Bencher<'_, '_>, pages: usize) {
    let markdown = report(pages);
    let meta = PdfMeta {
        title: "Report".into(),
        author: "Example Assurance Ltd".into(),
        subject: "Client credentials flow".into(),
        language: "en".into(),
        date: jiff::civil::date(2026, 5, 14),
        header_left: "Northwind Harbour GmbH".into(),
        header_right: "CONFIDENTIAL".into(),
        footer_left: "run 3f9a-11c2".into(),
        page_of: "Page {page} of {pages}".into(),
        watermark: None,
        contents_title: "Contents".into(),
    };
    let theme = Theme::default();
    bencher.bench(|| pdf(&markdown, &[], &theme, &meta).unwrap().pages);
}
