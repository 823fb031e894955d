//! A report in Markdown of any length, for the benches of the PDF.

use shr::render::meta::Meta;

/// A report of about as many pages: one of 18 after its cover and contents, again and again.
pub fn markdown(pages: usize) -> String {
    let source = include_str!("../../tests/data/pdf/report.md");
    let (cover, body) = source.split_once("<!-- page -->").unwrap_or((source, ""));
    std::iter::once(cover)
        .chain(std::iter::repeat_n(body, pages.div_ceil(18)))
        .collect::<Vec<_>>()
        .join("<!-- page -->")
}

/// What the report says about itself.
pub fn meta() -> Meta {
    Meta {
        title: "Report".into(),
        author: "Example Assurance Ltd".into(),
        subject: "Client credentials flow".into(),
        language: "en".into(),
        date: jiff::civil::date(2026, 5, 14),
        header_left: "Northwind Harbour GmbH".into(),
        header_right: "CONFIDENTIAL".into(),
        footer_left: "run 3f9a-11c2".into(),
        page_of: "Page {page} of {pages}".into(),
        draft: None,
        contents_title: "Contents".into(),
        most_pages: u64::MAX,
    }
}
