//! The report of one org.

mod back;
mod card;
mod evidence;
mod front;
mod plan;
mod rights;
mod score;

use super::figures;
use crate::catalogue::{Catalogue, Output};
use crate::model::Assessment;
use crate::text::wording::Wording;
use crate::view::words::{anchor, fact, headings, label, mark, say};
use crate::view::{Content, Desk, Figures, Report};

/// Builds the report of one org: worded, ordered, formatted.
#[must_use]
pub fn build(assessment: &Assessment, control: &Catalogue, wording: &Wording) -> Report {
    let desk = Desk::new(assessment, control, wording);
    let plan = plan::plan(&desk);
    Report {
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
        inventory_columns: headings(control, Output::Inventory, wording),
        inventory: desk.inventory(),
        connected: desk.connected(),
        evidence: desk.register(),
        definitions: desk.definitions(),
        standards: desk.standards(),
        inputs: desk.inputs(),
        contents: contents(wording),
    }
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
    let headings = SECTIONS.iter().map(|id| (*id, wording.word(&format!("report.{id}.title"))));
    headings.map(|(id, heading)| Content { anchor: id.to_owned(), heading }).collect()
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
