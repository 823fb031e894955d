//! Any text as the Markdown of a report, set as PDF and HTML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shr::render::blocks::blocks;
use shr::render::html::{HtmlMeta, html};
use shr::render::meta::Meta;
use shr::render::pdf::pdf;
use shr::render::theme::Theme;
use std::sync::LazyLock;

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);

fuzz_target!(|text: &str| {
    let meta = Meta {
        title: "Report".into(),
        author: "Author".into(),
        subject: "Subject".into(),
        language: "en".into(),
        date: shr_fuzz::today(),
        header_left: "left".into(),
        header_right: "right".into(),
        footer_left: "run".into(),
        page_of: "{page} / {pages}".into(),
        draft: Some("DRAFT".into()),
        contents_title: "Contents".into(),
        most_pages: u64::MAX,
    };
    // A page that is full has some hundred bytes of text at least, and one with a single heading costs as much.
    shr_fuzz::metered(text.len() * 8, || pdf(&blocks(text), &[], &THEME, &meta).expect("any text can be set"));
    let meta = HtmlMeta {
        title: "Report".into(),
        language: "en".into(),
        contents_title: "Contents".into(),
        skip: "Skip".into(),
        ..HtmlMeta::default()
    };
    let _ = shr_fuzz::metered(text.len(), || html(&blocks(text), &[], &THEME, &meta));
});
