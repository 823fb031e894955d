//! The view model of an org report, and the Markdown made of it.

mod claims;
pub(crate) mod fixture;
mod folding;
mod shown;

use shr::catalogue::Catalogue;
use shr::controls::client_credentials::{Basis, FlowState, NetworkState, PrivilegeState, Rule, Stated, UserState};
use shr::model::{Assessment, Counts};
use shr::render::markdown::{self, Templates};
use shr::report::{self, OrgFailure, OrgSummary};

/// The Markdown of both volumes of an assessment, report first, with the built-in templates.
pub(crate) fn volumes(assessment: &Assessment) -> [String; 2] {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let (model, templates) = (report::build(assessment, &control, &words), Templates::builtin().unwrap());
    [markdown::org(&model, &templates), markdown::workpapers(&model, &templates)]
        .map(|text| text.unwrap_or_else(|e| panic!("{e}\n{}\n{}", e.source_line, e.hint)))
}

/// The workpapers of an assessment, which show everything.
pub(crate) fn written(assessment: &Assessment) -> String {
    let [_, workpapers] = volumes(assessment);
    workpapers
}

/// A second org with the same apps, of which some are set up differently.
pub(crate) fn sandbox(control: &Catalogue) -> Assessment {
    let mut other = fixture::assessment(control);
    other.org.key = "halden-uat".into();
    other.org.name = "Halden | UAT".into();
    other.org.environment = "sandbox".into();
    other.org.snapshot_at = None;
    other.findings.truncate(5);
    let mut network = other.findings[1].network();
    network.state = NetworkState::Narrow;
    other.findings[1].facts.set("network", &network);
    other.counts = Counts::of(other.findings.iter().map(|f| f.result));
    other
}

fn portfolio_model() -> report::Portfolio {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let summaries = [OrgSummary::of(&fixture::assessment(&control)), OrgSummary::of(&sandbox(&control))];
    let failures = [OrgFailure { name: "broken.zip".into(), message: "not a zip archive".into() }];
    report::portfolio(&summaries, &failures, &control, &words)
}

/// Set `SHR_LOOK` to a folder to look at what the tests see.
#[test]
fn the_reports_are_written_and_can_be_looked_at() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let [text, workpapers] = volumes(&fixture::assessment(&control));
    let many = markdown::portfolio(&portfolio_model(), &Templates::builtin().unwrap()).unwrap();
    if let Ok(dir) = std::env::var("SHR_LOOK") {
        let dir = std::path::Path::new(&dir);
        std::fs::write(dir.join("report.md"), &text).unwrap();
        std::fs::write(dir.join("workpapers.md"), &workpapers).unwrap();
        std::fs::write(dir.join("portfolio.md"), &many).unwrap();
        let drawn = report::figures::org(&fixture::assessment(&control), &words);
        for report::figures::Drawn { drawing, .. } in drawn {
            std::fs::write(
                dir.join(format!("{}.svg", drawing.name)),
                shr::render::svg::svg(&drawing, &shr::render::theme::Theme::default().colours),
            )
            .unwrap();
        }
    }
    assert!(text.starts_with("# Client credentials flow"));
    assert!(workpapers.starts_with("# Workpapers: Client credentials flow"));
    assert!(many.contains("`broken.zip`: not a zip archive"));
    assert!(many.contains("](orgs/halden-uat/report.md)"));
}

#[test]
fn every_word_of_the_vocabulary_has_a_text() {
    use shr::model::*;
    let words = shr::controls::wording("en").unwrap();
    let mut keys = Vec::new();
    let mut add = |group: &str, list: Vec<&str>| keys.extend(list.iter().map(|word| format!("{group}.{word}")));
    add("report.privilege", PrivilegeState::ALL.iter().map(|v| v.word()).collect());
    add("report.define.privilege", PrivilegeState::ALL.iter().map(|v| v.word()).collect());
    add("figure.users.power", PrivilegeState::ALL.iter().map(|v| v.word()).collect());
    add("report.define.network", NetworkState::ALL.iter().map(|v| v.word()).collect());
    add("report.user-state", UserState::ALL.iter().map(|v| v.word()).collect());
    add("report.flow", FlowState::ALL.iter().map(|v| v.word()).collect());
    add("report.basis", Basis::ALL.iter().map(|v| v.word()).collect());
    add("report.define.basis", Basis::ALL.iter().map(|v| v.word()).collect());
    add("report.define.result", Outcome::ALL.iter().map(|v| v.word()).collect());
    add("report.delta", Delta::ALL.iter().map(|v| v.word()).collect());
    add("report.severity", Severity::ALL.iter().map(|v| v.word()).collect());
    add("report.confidence", Confidence::ALL.iter().map(|v| v.word()).collect());
    add("report.rule", Rule::ALL.iter().map(|v| v.word()).collect());
    add("report.disposition", DispositionKind::ALL.iter().map(|v| v.word()).collect());
    add("report.disposition-state", DispositionState::ALL.iter().map(|v| v.word()).collect());
    add("report.coverage", CoverageState::ALL.iter().map(|v| v.word()).collect());
    add("report.conclusion", Conclusion::ALL.iter().map(|v| v.word()).collect());
    add("report.weight", Weight::ALL.iter().map(|v| v.word()).collect());
    add(
        "report.criterion",
        shr::controls::catalogue("en").unwrap().criteria.iter().map(|c| &*c.id.to_string().leak()).collect(),
    );
    for key in &keys {
        assert!(words.raw(key).is_some(), "no text for {key}");
    }
    let text = volumes(&fixture::assessment(&shr::controls::catalogue("en").unwrap())).concat();
    for prefix in ["⟨report.", "⟨figure.", "⟨portfolio."] {
        assert!(!text.contains(prefix), "{prefix} has a hole");
    }
}

#[test]
fn findings_are_ordered_worst_first_and_actions_name_names() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let model = report::build(&fixture::assessment(&control), &control, &words);
    let order: Vec<(&str, &str)> =
        model.findings.iter().map(|f| (f.result.word.as_str(), f.api_name.as_str())).collect();
    assert_eq!(order[..3], [("fail", "Ledger_Sync"), ("fail", "Crew_Portal"), ("fail", "Freight_Quotes")]);
    assert!(order[3..5].iter().all(|(r, _)| *r == "not evaluable") && order[5..].iter().all(|(r, _)| *r == "review"));
    assert_eq!(model.summary.actions.len(), 3);
    assert!(model.summary.actions[0].what.contains("Ledger Sync"), "{}", model.summary.actions[0].what);
    let second = &model.summary.actions[1].what;
    assert!(second.contains("a dedicated user each") && second.contains("erp-int@"), "{second}");
    // What the card says of an app is what the plan lists, and the other way round.
    for card in &model.findings {
        let way = card.recommendation.as_ref().unwrap();
        let listed = model.plan.iter().filter(|line| line.apps.iter().any(|app| app.anchor == card.anchor));
        let numbers: Vec<String> = listed.map(|line| line.number.to_string()).collect();
        assert!(numbers.iter().all(|number| way.plan.contains(number.as_str())), "{}: {numbers:?}", way.plan);
        assert_eq!(way.plan.is_empty(), numbers.is_empty(), "{}", card.label);
    }
    let verdict = [model.summary.glance.clone(), model.verdict.clone()].concat().join(" ");
    assert!(
        verdict.contains("switched on for 6 of 11 External Client Apps.")
            && verdict.contains("Worst: Ledger Sync, critical, CVSS 9.8"),
        "{verdict}"
    );
    assert_eq!(model.in_order.len() + model.findings.len(), 12);
    assert_eq!(model.decisions[0].left, "20 days ago");
}

#[test]
fn an_org_without_apps_still_gets_a_report() {
    let control = shr::controls::catalogue("en").unwrap();
    let [text, workpapers] = volumes(&fixture::of(&control, Vec::new()));
    assert!(text.contains("The snapshot shows no External Client App."));
    assert!(text.contains("No External Client App was found, and nothing proves that there is none."));
    assert!(!text.contains("!["));
    assert!(workpapers.contains("No earlier assessment was given to compare with."));
}
