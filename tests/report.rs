//! The view model of an org report, and the Markdown made of it.

pub(crate) mod fixture;

use shr::assessment::{Assessment, Counts, NetworkState};
use shr::catalog::Control;
use shr::render::markdown::{self, Templates};
use shr::report::{self, OrgFailure, OrgSummary};
use shr::wording::Wording;

/// The Markdown of an assessment with the built-in templates.
pub(crate) fn written(assessment: &Assessment) -> String {
    let (control, words) = (Control::load().unwrap(), Wording::load("en").unwrap());
    let model = report::build(assessment, &control, &words);
    markdown::org(&model, &Templates::builtin().unwrap())
        .unwrap_or_else(|e| panic!("{e}\n{}\n{}", e.source_line, e.hint))
}

/// A second org with the same apps, of which some are set up differently.
pub(crate) fn sandbox(control: &Control) -> Assessment {
    let mut other = fixture::assessment(control);
    other.org.key = "halden-uat".into();
    other.org.name = "Halden | UAT".into();
    other.org.environment = "sandbox".into();
    other.org.snapshot_at = None;
    other.findings.truncate(5);
    other.findings[1].network.state = NetworkState::Narrow;
    other.counts = Counts::of(other.findings.iter().map(|f| f.result));
    other
}

fn portfolio_model() -> report::Portfolio {
    let (control, words) = (Control::load().unwrap(), Wording::load("en").unwrap());
    let summaries = [OrgSummary::of(&fixture::assessment(&control)), OrgSummary::of(&sandbox(&control))];
    let failures = [OrgFailure { name: "broken.zip".into(), message: "not a zip archive".into() }];
    report::portfolio(&summaries, &failures, &control, &words)
}

/// Set `SHR_LOOK` to a folder to look at what the tests see.
#[test]
fn the_reports_are_written_and_can_be_looked_at() {
    let (control, words) = (Control::load().unwrap(), Wording::load("en").unwrap());
    let text = written(&fixture::assessment(&control));
    let many = markdown::portfolio(&portfolio_model(), &Templates::builtin().unwrap()).unwrap();
    if let Ok(dir) = std::env::var("SHR_LOOK") {
        let dir = std::path::Path::new(&dir);
        std::fs::write(dir.join("report.md"), &text).unwrap();
        std::fs::write(dir.join("portfolio.md"), &many).unwrap();
        let summaries = [OrgSummary::of(&fixture::assessment(&control)), OrgSummary::of(&sandbox(&control))];
        let mut drawings = report::figures::org(&fixture::assessment(&control), &words);
        drawings.extend(report::figures::portfolio(&summaries, &control, &words));
        for drawing in drawings {
            std::fs::write(dir.join(format!("{}.svg", drawing.name)), shr::render::svg::svg(&drawing, None)).unwrap();
        }
    }
    assert!(text.starts_with("# Client credentials flow"));
    assert!(many.contains("`broken.zip`: not a zip archive"));
    assert!(many.contains("](orgs/halden-uat/report.md)"));
}
