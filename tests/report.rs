//! The view model of an org report, and the Markdown made of it.

pub(crate) mod fixture;

use shr::catalog::Control;
use shr::render::markdown::{self, Templates};
use shr::report;
use shr::wording::Wording;

/// The Markdown of an assessment with the built-in templates.
pub(crate) fn written(assessment: &shr::assessment::Assessment) -> String {
    let (control, words) = (Control::load().unwrap(), Wording::load("en").unwrap());
    let model = report::build(assessment, &control, &words);
    markdown::org(&model, &Templates::builtin(&words).unwrap()).unwrap_or_else(|e| panic!("{e}\n{}\n{}", e.source_line, e.hint))
}

#[test]
fn the_report_can_be_looked_at() {
    let control = Control::load().unwrap();
    let text = written(&fixture::assessment(&control));
    if let Ok(dir) = std::env::var("SHR_LOOK") {
        let dir = std::path::Path::new(&dir);
        std::fs::write(dir.join("report.md"), &text).unwrap();
        let words = Wording::load("en").unwrap();
        for drawing in report::figures::org(&fixture::assessment(&control), &words) {
            std::fs::write(dir.join(format!("{}.svg", drawing.name)), shr::render::svg::svg(&drawing, None)).unwrap();
        }
    }
    assert!(text.starts_with("# Client credentials flow"));
}
