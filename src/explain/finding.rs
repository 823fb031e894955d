//! How a finding came about: evidence, path of each permission, score, and what would change the result.

use super::page::Page;
use crate::assessment::{
    Assessment, DispositionKind, Evidence, Finding, FlowState, Grant, GrantStep, Observation, Outcome, Score, Settles,
    Source, Weight,
};
use crate::catalog::{Control, Thresholds};
use crate::message::Message;
use crate::wording::Wording;

/// The reasoning behind one finding of an assessment.
#[must_use]
pub fn finding(assessment: &Assessment, finding: &Finding, control: &Control, words: &Wording) -> String {
    let mut page = Page::new(words);
    let app = if finding.app.label.is_empty() { finding.app.api_name.clone() } else { named(finding) };
    page.heading(1, &words.say(&Message::new("explain.finding").with("id", &finding.id).with("app", app)));
    head(&mut page, finding);
    page.title(2, "explain.criteria");
    for observation in &finding.observations {
        criterion(&mut page, assessment, observation);
    }
    if !matches!(finding.flow_state, FlowState::Off) {
        privilege(&mut page, finding);
    }
    page.title(2, "explain.score");
    match &finding.score {
        Some(score) => waterfall(&mut page, assessment, score),
        None => {
            let result = finding.basis.map_or(finding.result.word(), |basis| basis.word());
            page.say(&Message::new("explain.score.none").with("result", result));
        }
    }
    changes(&mut page, assessment, finding, control);
    page.text()
}

fn named(finding: &Finding) -> String {
    format!("{} ({})", finding.app.label, finding.app.api_name)
}

fn head(page: &mut Page<'_>, finding: &Finding) {
    let facts = Message::new("explain.finding.facts").with("result", finding.result.word());
    page.say_item(&facts.with("flow", finding.flow_state.word()));
    if let Some(basis) = finding.basis {
        page.say_item(&Message::new("explain.finding.basis").with("basis", basis.word()));
    }
    page.say_item(&Message::new("explain.finding.because").with("because", finding.because.clone()));
    if let Some(decision) = &finding.disposition {
        let kind: DispositionKind = decision.kind;
        let line = Message::new("explain.finding.decision").with("kind", kind.word());
        page.say_item(&line.with("state", decision.state.word()));
    }
    if let Some(delta) = finding.delta {
        page.say_item(&Message::new("explain.finding.delta").with("delta", delta.word()));
    }
}

fn criterion(page: &mut Page<'_>, assessment: &Assessment, observation: &Observation) {
    let line = Message::new("explain.observation")
        .with("outcome", observation.outcome().word())
        .with("criterion", &observation.criterion)
        .with("weight", observation.weight.word());
    page.say_item(&line.with("because", observation.because.clone()));
    if observation.source == Source::Attested {
        page.say_below(&Message::new("explain.attested"));
    }
    for evidence in observation.evidence.iter().filter_map(|id| find(assessment, id)) {
        let what = match &evidence.item.seen {
            Some(seen) => format!("{} = {seen}", evidence.item.setting),
            None => evidence.item.setting.clone(),
        };
        let line = Message::new("explain.evidence").with("id", &evidence.id).with("place", evidence.item.place());
        page.say_below(&line.with("what", what));
    }
}

fn find<'a>(assessment: &'a Assessment, id: &str) -> Option<&'a Evidence> {
    assessment.evidence.iter().find(|evidence| evidence.id == id)
}

fn privilege(page: &mut Page<'_>, finding: &Finding) {
    page.title(2, "explain.grants");
    let privilege = &finding.privilege;
    let key = if privilege.at_least { "explain.privilege.at-least" } else { "explain.privilege" };
    page.say_item(&Message::new(key).with("state", privilege.state.word()));
    if privilege.grants.is_empty() {
        page.say_item(&Message::new("explain.grants.none"));
    }
    for grant in &privilege.grants {
        page.say_item(&held(grant));
        if grant.on_activation {
            page.say_below(&Message::new("explain.grant.activation"));
        }
        for path in &grant.paths {
            page.say_below(&Message::new("explain.path").with("steps", joined(path)));
        }
    }
    for sentence in privilege.broken.iter().chain(&privilege.gaps) {
        page.say_item(sentence);
    }
    let network = Message::new("explain.network").with("state", finding.network.state.word());
    page.gap();
    page.say(&network.with("because", finding.network.because.clone()));
}

fn held(grant: &Grant) -> Message {
    let impact = grant.impact;
    let label = if grant.label.is_empty() { &grant.category } else { &grant.label };
    Message::new("explain.grant")
        .with("name", &grant.name)
        .with("label", label)
        .with("tier", &grant.tier)
        .with("impact", format!("{}/{}/{}", impact.c, impact.i, impact.a))
}

/// The steps of a path, from the permission to the user, each with its evidence.
fn joined(path: &[GrantStep]) -> String {
    let steps = path.iter().map(|step| match step.evidence.as_str() {
        "" => format!("{} {}", step.what, step.name),
        id => format!("{} {} [{id}]", step.what, step.name),
    });
    steps.collect::<Vec<_>>().join(" > ")
}

fn waterfall(page: &mut Page<'_>, assessment: &Assessment, score: &Score) {
    let pair = |key: &str, v31: &(String, crate::assessment::Tenths), v40: &(String, crate::assessment::Tenths)| {
        Message::new(key)
            .with("score31", v31.1.to_string())
            .with("vector31", &v31.0)
            .with("score40", v40.1.to_string())
            .with("vector40", &v40.0)
    };
    page.say_item(&pair("explain.score.inherent", &score.inherent31, &score.inherent40));
    for step in &score.steps {
        let key = if step.metrics.is_empty() { "explain.score.step" } else { "explain.score.step.metrics" };
        let line = Message::new(key)
            .with("rule", Message::new(format!("explain.rule.{}", step.rule)))
            .with("because", step.because.clone())
            .with("metrics", &step.metrics)
            .with("score31", step.score31.to_string());
        page.say_item(&line.with("score40", step.score40.to_string()));
    }
    let residual = pair("explain.score.residual", &score.residual31, &score.residual40)
        .with("severity", score.severity.word())
        .with("confidence", score.confidence.word());
    page.say_item(&residual);
    let interval = Message::new("explain.score.interval").with("interval31", score.interval31.to_string());
    page.say_item(&interval.with("interval40", score.interval40.to_string()));
    if score.if_on {
        page.say_item(&Message::new("explain.score.if-on"));
    }
    if score.above_range {
        let range = &assessment.control.published_range;
        page.say_item(&Message::new("explain.score.above").with("range", range));
    }
    if !score.arithmetic.is_empty() {
        page.title(3, "explain.score.arithmetic");
        page.items(&score.arithmetic);
    }
}

/// What keeps the result from being a pass, with what would turn each of it.
fn changes(page: &mut Page<'_>, assessment: &Assessment, finding: &Finding, control: &Control) {
    page.title(2, "explain.change");
    if matches!(finding.result, Outcome::Pass | Outcome::NotApplicable | Outcome::NotTested) {
        page.say(&Message::new("explain.change.nothing"));
        return;
    }
    let thresholds = in_force(assessment, control);
    let open = |observation: &&Observation| {
        observation.weight == Weight::Decisive
            && !matches!(observation.outcome(), Outcome::Pass | Outcome::NotApplicable)
    };
    for observation in finding.observations.iter().filter(open) {
        if let Some(criterion) = control.criterion(&observation.criterion) {
            let line = Message::new("explain.change.criterion").with("criterion", &criterion.id);
            page.say_item(&line.with("expected", thresholds.fill(&criterion.expected)));
        }
    }
    for question in &finding.questions {
        page.say_item(&Message::new("explain.change.question").with("text", question.text.clone()));
        if question.settles == Settles::Export && !question.requests.is_empty() {
            page.say_below(&Message::new("explain.change.exports").with("requests", question.requests.join(", ")));
        }
    }
    if finding.flow_state != FlowState::Off {
        page.say_item(&Message::new("explain.change.off"));
    }
}

/// The thresholds that the assessment was made with; the catalogue's where it names none.
fn in_force(assessment: &Assessment, control: &Control) -> Thresholds {
    let mut thresholds = control.thresholds;
    for threshold in &assessment.thresholds {
        let Ok(value) = threshold.value.parse::<u64>() else { continue };
        match threshold.name.as_str() {
            "ipv4_range" => thresholds.ipv4_range = value,
            "ipv4_total" => thresholds.ipv4_total = value,
            "ipv6_networks" => thresholds.ipv6_networks = value,
            "objects" => thresholds.objects = usize::try_from(value).unwrap_or(usize::MAX),
            "rotation_days" => thresholds.rotation_days = u32::try_from(value).unwrap_or(u32::MAX),
            _ => {}
        }
    }
    thresholds
}
