//! The report of one org.

mod back;
mod card;
mod evidence;
mod front;
mod plan;
mod remedy;
mod rights;
mod score;
mod target;

use super::figures;
use super::text::{anchor, fact, label, mark, say, worst_first};
use super::view::{Content, Figures, Report};
use crate::controls::catalogue::Control;
use crate::model::{Assessment, Evidence, Finding};
use crate::text::wording::Wording;
use std::collections::BTreeMap;

/// What the parts of the report share.
struct Desk<'a> {
    a: &'a Assessment,
    control: &'a Control,
    w: &'a Wording,
    /// Worst first; a finding's number is its place here, from 1.
    order: Vec<&'a Finding>,
    evidence: BTreeMap<&'a str, &'a Evidence>,
    /// Findings by API name.
    apps: BTreeMap<&'a str, &'a Finding>,
}

impl<'a> Desk<'a> {
    /// Findings with their numbers.
    fn numbered(&self) -> impl Iterator<Item = (usize, &'a Finding)> + '_ {
        self.order.iter().enumerate().map(|(i, f)| (i + 1, *f))
    }

    /// Title of a criterion; its id when the catalogue lacks it.
    fn criterion(&self, id: &str) -> String {
        self.control.criteria.iter().find(|c| c.id == id).map_or_else(|| id.to_owned(), |c| c.title.clone())
    }

    fn criteria(&self, ids: &[String]) -> String {
        self.w.join(&ids.iter().map(|id| self.criterion(id)).collect::<Vec<_>>())
    }
}

/// Builds the report of one org: worded, ordered, formatted.
#[must_use]
pub fn build(assessment: &Assessment, control: &Control, wording: &Wording) -> Report {
    let desk = Desk {
        a: assessment,
        control,
        w: wording,
        order: worst_first(&assessment.findings),
        evidence: assessment.evidence.iter().map(|e| (e.id.as_str(), e)).collect(),
        apps: assessment.findings.iter().map(|f| (f.subject.api_name.as_str(), f)).collect(),
    };
    let plan = plan::plan(&desk);
    let mut report = Report {
        language: wording.language.clone(),
        title: desk.title(),
        subtitle: desk.subtitle(),
        draft: !assessment.document.is_final,
        classification: assessment.document.classification.clone(),
        org: assessment.org.key.clone(),
        cover: desk.cover(),
        summary: desk.summary(&plan),
        figures: figure_views(figures::org(assessment, wording), wording),
        scope: desk.scope(),
        control: desk.control_view(),
        method: desk.method(),
        population: desk.population(),
        results: desk.matrix(),
        findings: desk.numbered().filter(|(_, f)| f.result.is_open()).map(|(n, f)| desk.card(n, f)).collect(),
        questions: desk.questions(),
        in_order: desk.numbered().filter(|(_, f)| !f.result.is_open()).map(|(n, f)| desk.in_order(n, f)).collect(),
        decisions: desk.decisions(),
        attestations: desk.attestations(),
        plan,
        changes: desk.changes(),
        limitations: desk.limitations(),
        conclusion: desk.conclusion(),
        signatures: desk.signatures(),
        inventory: desk.inventory(),
        connected: desk.connected(),
        evidence: desk.register(),
        definitions: desk.definitions(),
        standards: desk.standards(),
        inputs: desk.inputs(),
        contents: Vec::new(),
    };
    report.contents = contents(wording);
    report
}

/// The sections, as their headings stand.
fn contents(wording: &Wording) -> Vec<Content> {
    const SECTIONS: &[&str] = &[
        "summary",
        "scope",
        "criteria",
        "method",
        "population",
        "results",
        "findings",
        "questions",
        "in-order",
        "decisions",
        "plan",
        "changes",
        "limitations",
        "conclusion",
        "inventory",
        "evidence",
        "definitions",
        "standards",
        "inputs",
    ];
    let content =
        |id: &&str| Content { anchor: (*id).to_owned(), heading: wording.word(&format!("report.{id}.title")) };
    SECTIONS.iter().map(content).collect()
}

/// The figures that were drawn, with captions.
fn figure_views(drawn: Vec<figures::Drawn>, wording: &Wording) -> Figures {
    let mut views = Figures::default();
    for figure in drawn {
        let place = match figure.drawing.name.as_str() {
            "funnel" => &mut views.funnel,
            "results" => &mut views.results,
            "risk-matrix" => &mut views.matrix,
            "score-intervals" => &mut views.intervals,
            "execution-users" => &mut views.graph,
            "effort-risk" => &mut views.quadrant,
            "ageing" => &mut views.ageing,
            _ => continue,
        };
        *place = Some(figure.view(wording));
    }
    views
}
