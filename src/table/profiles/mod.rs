//! The findings in the headings of other trackers.
//!
//! * `poam`: FedRAMP's Plan of Action and Milestones; users may add columns but not alter headers.
//! * `defectdojo`: DefectDojo's generic findings import. It recognises a finding by severity, title and description,
//!   so these hold no dates, counts or evidence numbers. Its reader takes a byte order mark for a part of the first
//!   heading, knows only commas, and fails on an empty date, so there is no column `MitigatedDate`: what is listed is
//!   open. `Url` stays empty, because it names a vulnerable host.
//! * `jira`: Jira's CSV import; labels repeat their column, the finding id is one of them.

use super::cells::{disposition_word, window_days};
use super::columns::{AT, FINDINGS, position};
use super::rows::{findings, ordered};
use super::{Heading, Row, Table};
use crate::catalogue::Catalogue;
use crate::model::{Assessment, DispositionKind, DispositionState, Finding, Outcome, Severity};
use crate::text::choice::choices;
use crate::text::visible::cell as shown;
use crate::text::wording::Wording;
use jiff::ToSpan;
use std::borrow::Cow;

choices! {
    /// A tracker whose headings the findings can also be written in; the word is the stem of its file.
    Profile {
        /// FedRAMP plan of action and milestones
        Poam = "poam",
        /// DefectDojo generic import
        DefectDojo = "defectdojo",
        /// Jira import
        Jira = "jira",
    }
}

/// FedRAMP's 27 headings, exact.
pub const POAM: [&str; 27] = [
    "POAM ID",
    "Controls",
    "Weakness Name",
    "Weakness Description",
    "Weakness Detector Source",
    "Weakness Source Identifier",
    "Asset Identifier",
    "Point of Contact",
    "Resources Required",
    "Overall Remediation Plan",
    "Original Detection Date",
    "Scheduled Completion Date",
    "Planned Milestones",
    "Milestone Changes",
    "Status Date",
    "Vendor Dependency",
    "Last Vendor Check-in Date",
    "Vendor Dependent Product Name",
    "Original Risk Rating",
    "Adjusted Risk Rating",
    "Risk Adjustment",
    "False Positive",
    "Operational Requirement",
    "Deviation Rationale",
    "Supporting Documents",
    "Comments",
    "Auto-Approve",
];

/// DefectDojo's headings.
pub const DEFECTDOJO: [&str; 16] = [
    "Date",
    "Title",
    "CweId",
    "Url",
    "Severity",
    "Description",
    "Mitigation",
    "Impact",
    "References",
    "Active",
    "Verified",
    "FalsePositive",
    "Duplicate",
    "IsMitigated",
    "CVSSV3",
    "CVSSV4",
];

/// Jira's headings; `Labels` repeats.
pub const JIRA: [&str; 8] =
    ["Summary", "Issue Type", "Priority", "Due Date", "Description", "Labels", "Labels", "Labels"];

impl Profile {
    /// Its headings.
    #[must_use]
    pub const fn header(self) -> &'static [&'static str] {
        match self {
            Self::Poam => &POAM,
            Self::DefectDojo => &DEFECTDOJO,
            Self::Jira => &JIRA,
        }
    }
}

/// The open findings (`fail`, `not_evaluable`, `review`) in the headings of a profile, worst first.
#[must_use]
pub fn table(assessments: &[&Assessment], control: &Catalogue, wording: &Wording, profile: Profile) -> Table<'static> {
    let rows = findings(assessments, wording, false);
    let all = ordered(assessments, false);
    let open = rows.iter().zip(all).filter(|(_, (_, finding))| finding.result.is_open());
    let rows = open.map(|(row, (org, finding))| {
        let source = Source { row, org, control, finding, wording };
        let cells = match profile {
            Profile::Poam => poam(&source),
            Profile::DefectDojo => defectdojo(&source),
            Profile::Jira => jira(&source),
        };
        Row { cells: cells.into_iter().map(Cow::Owned).collect(), see: Cow::Owned(row.see.to_string()) }
    });
    Table {
        name: profile.word().to_owned(),
        header: profile.header().iter().map(|name| Heading { name: (*name).to_owned(), human: false }).collect(),
        rows: rows.collect(),
    }
}

/// A finding with its row of the tracker.
struct Source<'a> {
    row: &'a Row<'a>,
    org: &'a Assessment,
    control: &'a Catalogue,
    finding: &'a Finding,
    wording: &'a Wording,
}

impl Source<'_> {
    fn cell(&self, column: &str) -> String {
        let place = position(&FINDINGS, column);
        place.and_then(|place| self.row.cells.get(place)).map(ToString::to_string).unwrap_or_default()
    }

    fn severity(&self) -> Option<Severity> {
        self.finding.score.as_ref().map(|score| score.severity)
    }

    fn severity_or_info(&self) -> Severity {
        self.severity().unwrap_or(Severity::None)
    }

    fn decided(&self, kind: DispositionKind) -> bool {
        let decided = self.finding.disposition.as_ref();
        decided.is_some_and(|decided| decided.state == DispositionState::Valid && decided.kind == kind)
    }

    fn due(&self) -> String {
        let first = self.row.cells.get(AT.first_seen).and_then(|day| day.parse::<jiff::civil::Date>().ok());
        let days = self.severity().and_then(window_days);
        let day = first.zip(days).and_then(|(first, days)| first.checked_add(days.days()).ok());
        day.map(|day| day.to_string()).unwrap_or_default()
    }

    /// Condition, then effect.
    fn description(&self) -> String {
        let parts = [self.cell("condition"), self.cell("effect"), self.cell("missing_evidence")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// FedRAMP's word for a severity.
const fn rating(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "High",
        Severity::Medium => "Moderate",
        Severity::Low | Severity::None => "Low",
    }
}

fn yes_no(yes: bool) -> String {
    if yes { "Yes" } else { "No" }.to_owned()
}

fn poam(source: &Source<'_>) -> Vec<String> {
    let inherent = source.finding.score.as_ref().map(|score| Severity::of(score.inherent31.1));
    let original = inherent.map(rating).unwrap_or_default();
    let adjusted = source.severity().map(rating).unwrap_or_default();
    let moved = !adjusted.is_empty() && adjusted != original;
    let decided = source.finding.disposition.as_ref();
    vec![
        source.cell("finding_id"),
        source.control.nist.join("; "),
        source.cell("title"),
        source.description(),
        source.wording.word("profile.detector"),
        source.cell("control_id"),
        format!("{}: {}", source.cell("org_key"), source.cell("app_api_name")),
        source.cell("owner"),
        String::new(),
        source.cell("recommendation"),
        source.cell("first_seen"),
        source.due(),
        String::new(),
        String::new(),
        source.cell("last_seen"),
        "No".to_owned(),
        String::new(),
        String::new(),
        original.to_owned(),
        if moved { adjusted.to_owned() } else { "N/A".to_owned() },
        yes_no(moved),
        yes_no(source.decided(DispositionKind::FalsePositive)),
        yes_no(source.decided(DispositionKind::AcceptRisk)),
        decided.map(|decided| shown(&decided.rationale).into_owned()).unwrap_or_default(),
        source.cell("evidence_refs"),
        decided.map(|decided| disposition_word(decided.kind).to_owned()).unwrap_or_default(),
        "No".to_owned(),
    ]
}

fn truth(yes: bool) -> String {
    yes.to_string().to_uppercase()
}

fn defectdojo(source: &Source<'_>) -> Vec<String> {
    let severity = match source.severity_or_info() {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::None => "Info",
    };
    let accepted = source.decided(DispositionKind::AcceptRisk) || source.decided(DispositionKind::Mitigated);
    let false_positive = source.decided(DispositionKind::FalsePositive);
    vec![
        // The first day: DefectDojo counts a finding's time to remediation from it.
        source.cell("first_seen"),
        source.cell("title"),
        source.control.cwe.first().map(u32::to_string).unwrap_or_default(),
        String::new(),
        severity.to_owned(),
        stable_description(source),
        source.cell("recommendation"),
        source.cell("effect"),
        format!(
            "{}\n{}\n{}",
            source.cell("finding_id"),
            source.cell("failed_criteria"),
            shown(&source.org.control.url)
        ),
        truth(!accepted && !false_positive),
        truth(source.finding.result == Outcome::Fail),
        truth(false_positive),
        truth(false),
        truth(false),
        source.cell("cvss31_vector"),
        source.cell("cvss40_vector"),
    ]
}

/// Free of dates, counts and numbers of evidence, so that an importer that compares descriptions finds the same one.
fn stable_description(source: &Source<'_>) -> String {
    let lines = ["org_key", "app_api_name", "control_name"];
    let lines = lines.map(|column| format!("{column}: {}", source.cell(column)));
    lines.join("\n")
}

/// A label of Jira has no blanks.
fn label(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_")
}

fn jira(source: &Source<'_>) -> Vec<String> {
    let priority = match source.severity_or_info() {
        Severity::Critical => "Highest",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::None => "Lowest",
    };
    let description = format!("{}\n{}", source.description(), source.cell("recommendation"));
    vec![
        source.cell("title"),
        "Task".to_owned(),
        priority.to_owned(),
        source.due(),
        description,
        label(&source.cell("finding_id")),
        label(&source.cell("org_key")),
        label(&source.cell("delta")),
    ]
}
