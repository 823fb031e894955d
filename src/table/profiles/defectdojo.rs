//! DefectDojo's generic findings import.
//!
//! It recognises a finding by title, CWE, file, line, description and service, so those hold nothing that moves: what was
//! seen and what is missing stand in the impact, and the place in the fields for the source of a data flow, which are not
//! compared. Its CSV reader takes a byte order mark for a part of the first heading, knows only commas, and fails on an
//! empty date, so there is no column `MitigatedDate`: what is listed is open. `Url` stays empty, because it names a
//! vulnerable host. Most texts are rendered as Markdown; the title is not.

use super::{Field, Shape, Source, column, markdown, nothing, truth};
use crate::model::{DispositionKind, Outcome, Severity};
use crate::text::visible::cell as shown;

/// Longest field of Python's CSV reader, less one for the guard against formulas.
const LONGEST_FIELD: usize = 131_072 - 1;
/// Lengths of the columns of DefectDojo's database.
const TITLE: usize = 511;
const ID: usize = 500;
const SERVICE: usize = 200;
const FILE: usize = 4_000;
const CVSS3: usize = 117;
const CVSS4: usize = 255;

const SEVERITIES: &[&str] = &["Critical", "High", "Medium", "Low", "Info"];

/// Its fields: the CSV's columns, then what only the JSON file tells.
pub(super) const FIELDS: &[Field] = &[
    // The first day: DefectDojo counts a finding's time to remediation from it.
    column("Date", |source| source.cell("first_seen")).key("date").shape(Shape::Date),
    column("Title", |source| source.name()).key("title").at_most(TITLE),
    column("CweId", cwe).key("cwe").shape(Shape::Number),
    column("Url", nothing),
    column("Severity", severity).key("severity").shape(Shape::Words(SEVERITIES)),
    markdown(column("Description", lasting).key("description").at_most(LONGEST_FIELD)),
    markdown(column("Mitigation", |source| source.cell("recommendation")).key("mitigation").at_most(LONGEST_FIELD)),
    markdown(column("Impact", impact).key("impact").at_most(LONGEST_FIELD)),
    markdown(column("References", references).key("references").at_most(LONGEST_FIELD)),
    column("Active", |source| truth(!settled(source))).key("active").shape(Shape::Truth),
    column("Verified", |source| truth(source.finding.result == Outcome::Fail)).key("verified").shape(Shape::Truth),
    column("FalsePositive", |source| truth(false_positive(source))).key("false_p").shape(Shape::Truth),
    column("Duplicate", |_| truth(false)),
    column("IsMitigated", |_| truth(false)).key("is_mitigated").shape(Shape::Truth),
    column("CVSSV3", |source| whole(source.cell("cvss31_vector"), CVSS3)).key("cvssv3"),
    column("CVSSV4", |source| whole(source.cell("cvss40_vector"), CVSS4)).key("cvssv4"),
    column("", |source| source.cell("cvss31_score")).key("cvssv3_score").shape(Shape::Number),
    column("", |source| source.cell("cvss40_score")).key("cvssv4_score").shape(Shape::Number),
    column("", |source| truth(accepted(source))).key("risk_accepted").shape(Shape::Truth),
    column("", |source| truth(source.decided(&[DispositionKind::NotApplicable])))
        .key("out_of_scope")
        .shape(Shape::Truth),
    column("", |source| source.cell("finding_id")).key("unique_id_from_tool").at_most(ID),
    column("", |source| source.cell("control_id")).key("vuln_id_from_tool").at_most(ID),
    column("", |source| source.cell("org_key")).key("service").at_most(SERVICE),
    column("", |source| source.cell("app_api_name")).key("component_name").at_most(ID),
    column("", |_| truth(true)).key("static_finding").shape(Shape::Truth),
    column("", |_| truth(false)).key("dynamic_finding").shape(Shape::Truth),
    column("", file).key("sast_source_file_path"),
    column("", line).key("sast_source_line").shape(Shape::Number),
    column("", |source| source.cell("proposed_due_date")).key("planned_remediation_date").shape(Shape::Date),
    column("", |_| "salesforce shr".to_owned()).key("tags").shape(Shape::List),
];

fn cwe(source: &Source<'_>) -> String {
    // The reader takes an empty number for an error, and 0 for none.
    source.control.cwe.first().copied().unwrap_or_default().to_string()
}

fn severity(source: &Source<'_>) -> String {
    match source.severity() {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::None => "Info",
    }
    .to_owned()
}

/// What is the same in every run, and in no other finding.
fn lasting(source: &Source<'_>) -> String {
    let lines = ["finding_id", "org_key", "app_api_name", "control_name"];
    lines.map(|column| format!("{column}: {}", source.cell(column))).join("\n")
}

fn impact(source: &Source<'_>) -> String {
    format!("result: {}\n{}", source.cell("result"), source.description())
}

fn references(source: &Source<'_>) -> String {
    let place = source.place().map(|item| shown(&item.place()).into_owned());
    let lines = [
        source.cell("finding_id"),
        source.cell("failed_criteria"),
        place.unwrap_or_default(),
        shown(&source.org.control.url).into_owned(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn accepted(source: &Source<'_>) -> bool {
    source.decided(&[DispositionKind::AcceptRisk, DispositionKind::Mitigated])
}

fn false_positive(source: &Source<'_>) -> bool {
    source.decided(&[DispositionKind::FalsePositive])
}

/// Whether a decision that is in force says that nothing is to be done.
fn settled(source: &Source<'_>) -> bool {
    accepted(source) || false_positive(source) || source.decided(&[DispositionKind::NotApplicable])
}

/// A part of a vector or of a path is none.
fn whole(text: String, longest: usize) -> String {
    if text.encode_utf16().count() > longest { String::new() } else { text }
}

fn file(source: &Source<'_>) -> String {
    source.place().map(|item| whole(shown(&item.path).into_owned(), FILE)).unwrap_or_default()
}

fn line(source: &Source<'_>) -> String {
    source.place().and_then(|item| item.line).map(|line| line.to_string()).unwrap_or_default()
}
