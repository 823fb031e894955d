//! The report of one org.

mod back;
mod brief;
mod card;
mod chapter;
mod evidence;
mod front;
mod pack;
mod plan;
mod rights;
mod score;
mod testing;

use super::figures;
use crate::catalogue::{Catalogue, Output};
use crate::model::Assessment;
use crate::text::wording::Wording;
use crate::view::words::{anchor, fact, headings, label, mark, say};
use crate::view::{CARDS, Content, Desk, Figures, KitAppView, Report};
pub(super) use back::change_counted;
pub use pack::pack;

/// Builds report and workpapers of one org: worded, ordered, formatted.
#[must_use]
pub fn build(assessment: &Assessment, control: &Catalogue, wording: &Wording) -> Report {
    build_with(assessment, control, wording, CARDS)
}

/// The same with at most so many cards in the report.
#[must_use]
pub fn build_with(assessment: &Assessment, control: &Catalogue, wording: &Wording, cards: usize) -> Report {
    let desk = Desk::new(assessment, control, wording).with_cards(cards);
    let short = brief(&desk);
    Report {
        findings: desk.numbered().filter(|(_, f)| f.result.is_open()).map(|(n, f)| desk.card(n, f)).collect(),
        in_order: desk.numbered().filter(|(_, f)| !f.result.is_open()).map(|(n, f)| desk.in_order(n, f)).collect(),
        tests: desk.tests(),
        chapter_full: desk.chapter_full(),
        known: desk.known(),
        contradictions: desk.contradictions(),
        inventory_columns: headings(control, Output::Inventory, wording),
        inventory: desk.inventory(),
        evidence: desk.register(),
        definitions: desk.definitions(),
        inputs: desk.inputs(),
        workpapers: contents(wording, "workpapers", &workpapers(&short)),
        ..short
    }
}

/// Builds the report alone, with at most so many cards: what only the workpapers show is left empty.
#[must_use]
pub fn build_report(assessment: &Assessment, control: &Catalogue, wording: &Wording, cards: usize) -> Report {
    brief(&Desk::new(assessment, control, wording).with_cards(cards))
}

/// What repairs each app that has something to do, in the order of the report.
#[must_use]
pub fn kit(assessment: &Assessment, control: &Catalogue, wording: &Wording) -> Vec<KitAppView> {
    let desk = Desk::new(assessment, control, wording);
    let apps = desk.numbered().filter_map(|(number, f)| desk.kit_app(number, f));
    apps.collect()
}

fn brief(desk: &Desk<'_>) -> Report {
    let (assessment, wording) = (desk.a, desk.w);
    let plan = plan::plan(desk);
    let questions = desk.questions();
    let (cards, rest) = desk.cards();
    let (settled, settled_more) = desk.in_short_order();
    let decisions = desk.decisions();
    let chapter = desk.chapter();
    let mut sections: Vec<&str> = SECTIONS.to_vec();
    sections.retain(|id| match *id {
        "results" | "plan" | "findings" | "questions" | "in-order" => !assessment.findings.is_empty(),
        "decisions" => !decisions.is_empty(),
        "chapter" => chapter.is_some(),
        _ => true,
    });
    let (plan_shown, plan_more) = desk.plan_shown(&plan);
    Report {
        language: wording.language.clone(),
        title: desk.title(),
        subtitle: desk.subtitle(),
        draft: !assessment.document.is_final,
        classification: assessment.document.classification.clone(),
        org: assessment.org.key.clone(),
        workpapers_title: say!(wording, "workpapers.title", title = desk.title()),
        verdict: desk.verdict(),
        tiles: desk.tiles(),
        front: desk.front(),
        closing: desk.closing(),
        cover: desk.cover(),
        severity_columns: desk.severity_columns(),
        severities: desk.severities(),
        cards,
        rest,
        otherwise: desk.otherwise(),
        exports: desk.gaps(),
        asked: desk.asked(&questions),
        settled,
        settled_more,
        unread: desk.unread(),
        summary: desk.summary(&plan),
        figures: figure_views(figures::org(assessment, wording), wording),
        scope: desk.scope(),
        control: desk.control_view(desk.control),
        controls: desk.judging().map(|control| desk.control_view(control)).collect(),
        parts: desk.parts(),
        method: desk.method(),
        population: desk.population(),
        results: desk.matrix(),
        questions,
        decisions,
        chapter,
        attestations: desk.attestations(),
        plan,
        plan_shown,
        plan_more,
        changes: desk.changes(),
        limitations: desk.limitations(),
        conclusion: desk.conclusion(),
        signatures: desk.signatures(),
        standards: desk.standards(),
        contents: contents(wording, "report", &sections),
        ..Report::default()
    }
}

/// Sections of the workpapers that have something to show.
fn workpapers(report: &Report) -> Vec<&'static str> {
    let mut sections = WORKPAPERS.to_vec();
    sections.retain(|id| match *id {
        "attestations" => !report.attestations.is_empty(),
        "chapter" | "contradictions" => report.chapter.is_some(),
        _ => true,
    });
    sections
}

/// Sections of the report; those that have nothing to show are left out.
const SECTIONS: &[&str] =
    &["summary", "results", "plan", "findings", "questions", "in-order", "chapter", "decisions", "scope", "conclusion"];

/// Those of them that are appendices.
const APPENDICES: &[&str] = &["inventory", "evidence", "definitions", "standards", "contradictions", "inputs"];

/// Sections of the workpapers.
const WORKPAPERS: &[&str] = &[
    "tests",
    "results",
    "plan",
    "findings",
    "questions",
    "in-order",
    "chapter",
    "attestations",
    "population",
    "criteria",
    "method",
    "changes",
    "limitations",
    "inventory",
    "evidence",
    "definitions",
    "standards",
    "contradictions",
    "inputs",
];

/// The sections of a volume, as their headings stand: numbered, appendices with letters.
pub(in crate::report) fn contents(wording: &Wording, volume: &str, sections: &[&str]) -> Vec<Content> {
    let (mut numbers, mut letters) = (1..=99_u8, 'A'..='Z');
    let headings = sections.iter().map(|id| {
        let place = match APPENDICES.contains(id) {
            true => letters.next().map(String::from),
            false => numbers.next().map(|n| n.to_string()),
        };
        let title = wording.word(&format!("{volume}.{id}.title"));
        Content { anchor: (*id).to_owned(), heading: format!("{} {title}", place.unwrap_or_default()) }
    });
    headings.collect()
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
