//! Jira's CSV import. Labels repeat their column; the finding id is one of them. The description is rendered as wiki
//! markup; the summary is not.

use super::{Field, Shape, Source, column};
use crate::model::Severity;
use crate::text::foreign;

/// Jira's own limits, the description's less one for the guard against formulas.
const SUMMARY: usize = 255;
const DESCRIPTION: usize = 32_767 - 1;
const LABEL: usize = 255;

const PRIORITIES: &[&str] = &["Highest", "High", "Medium", "Low", "Lowest"];

/// Its columns.
pub(super) const FIELDS: &[Field] = &[
    column("Summary", |source| source.name()).at_most(SUMMARY),
    column("Issue Type", |_| "Task".to_owned()),
    column("Priority", priority).shape(Shape::Words(PRIORITIES)),
    column("Due Date", |source| source.cell("proposed_due_date")).shape(Shape::Date),
    column("Description", description).at_most(DESCRIPTION).rendered(foreign::jira),
    column("Labels", |source| label(&source.cell("finding_id"))),
    column("Labels", |source| label(&source.cell("org_key"))),
    column("Labels", |source| label(&source.cell("delta"))),
];

fn priority(source: &Source<'_>) -> String {
    match source.severity() {
        Severity::Critical => "Highest",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::None => "Lowest",
    }
    .to_owned()
}

/// What to do stands first, so that a description that is too long keeps it.
fn description(source: &Source<'_>) -> String {
    let parts = [source.cell("title"), source.cell("recommendation"), source.description()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A label of Jira has no blanks.
fn label(text: &str) -> String {
    crate::text::cut::first_units(&text.split_whitespace().collect::<Vec<_>>().join("_"), LABEL).to_owned()
}
