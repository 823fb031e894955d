//! Any text as a template.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shr::render::markdown::{self, Templates};
use shr::report;
use std::sync::LazyLock;

static REPORT: LazyLock<report::Report> = LazyLock::new(|| {
    let wording = shr::controls::wording("en").expect("English");
    report::build(&shr_fuzz::judged("a/Other.eca", b"<ExternalClientApplication/>"), &shr_fuzz::CONTROL, &wording)
});

fuzz_target!(|text: &str| {
    for name in ["report.md.hbs", "partials/card.hbs"] {
        if let Ok(templates) = Templates::with_overrides(vec![(name.to_owned(), text.to_owned())]) {
            let _ = shr_fuzz::metered(text.len() + (1 << 20), || markdown::org(&REPORT, &templates));
        }
    }
});
