//! How a finding came about: evidence, path of each permission, score, and what would change the result.

use super::page::Page;
use crate::catalogue::{Catalogue, Thresholds};
use crate::controls::{self, Explained};
use crate::model::{
    Assessment, DispositionKind, Evidence, Finding, Held, Missing, Observation, Outcome, Score, Settles, Source,
    Tenths, Way, Ways, Weight,
};
use crate::text::message::Message;
use crate::text::wording::Wording;
use std::collections::{BTreeMap, BTreeSet};

/// The reasoning behind one finding of an assessment.
#[must_use]
pub fn finding(assessment: &Assessment, finding: &Finding, control: &Catalogue, words: &Wording) -> String {
    let mut page = Page::new(words);
    let app = if finding.subject.label.is_empty() { finding.label().into_owned() } else { named(finding) };
    page.heading(1, &words.say(&Message::new("explain.finding").with("id", &finding.id).with("app", app)));
    let explained = controls::of(finding).map(|control| control.explained(finding));
    head(&mut page, finding, explained.as_ref());
    page.title(2, "explain.criteria");
    let held = Ways::of(&finding.rights.grants);
    let rights = explained.as_ref().filter(|explained| explained.power.is_some());
    let register: Register<'_> = assessment.evidence.iter().map(|evidence| (evidence.id.as_str(), evidence)).collect();
    let below: BTreeSet<&str> = if rights.is_some() { held.cited().collect() } else { BTreeSet::new() };
    for observation in &finding.observations {
        let in_rights = control.judging(finding).criterion(&observation.criterion).is_some_and(|one| one.in_rights);
        criterion(&mut page, &register, observation, if in_rights { Some(&below) } else { None });
    }
    if let Some(explained) = rights {
        privilege(&mut page, &register, finding, &held, explained);
    }
    page.title(2, "explain.score");
    match &finding.score {
        Some(score) => waterfall(&mut page, &assessment.control_of(finding).published_range, score),
        None => {
            let result = finding.basis.as_deref().unwrap_or(finding.result.word());
            page.say(&Message::new("explain.score.none").with("result", result));
        }
    }
    let instead = explained.as_ref().and_then(|explained| explained.instead.as_ref());
    changes(&mut page, assessment, finding, control.judging(finding), instead);
    if let Some(explained) = &explained {
        ways(&mut page, assessment, finding, explained);
    }
    page.text()
}

/// Evidence by its id.
type Register<'a> = BTreeMap<&'a str, &'a Evidence>;

fn named(finding: &Finding) -> String {
    format!("{} ({})", finding.label(), finding.subject.api_name)
}

fn head(page: &mut Page<'_>, finding: &Finding, explained: Option<&Explained>) {
    let facts = Message::new("explain.finding.facts").with("result", finding.result.word());
    page.say_item(&facts.with("flow", explained.map_or("", |explained| &*explained.state)));
    if let Some(basis) = &finding.basis {
        page.say_item(&Message::new("explain.finding.basis").with("basis", &**basis));
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

/// A criterion with its evidence. What the ways and rights below cite is counted here and printed there.
fn criterion(page: &mut Page<'_>, register: &Register<'_>, observation: &Observation, below: Option<&BTreeSet<&str>>) {
    let line = Message::new("explain.observation")
        .with("outcome", observation.outcome().word())
        .with("criterion", observation.criterion.as_str())
        .with("weight", observation.weight.word());
    page.say_item(&line.with("because", observation.because.clone()));
    if observation.source == Source::Attested {
        page.say_below(&Message::new("explain.attested"));
    }
    let (folded, own): (Vec<&String>, Vec<&String>) =
        observation.evidence.iter().partition(|id| below.is_some_and(|below| below.contains(id.as_str())));
    for evidence in own.into_iter().filter_map(|id| register.get(id.as_str())) {
        page.say_below(&place(evidence));
    }
    let (folded, more) =
        if below.is_some() { (folded.len() + observation.further, 0) } else { (0, observation.further) };
    if folded > 0 {
        page.say_below(&Message::new("explain.evidence.below").with("n", folded));
    }
    if more > 0 {
        page.say_below(&Message::new("explain.evidence.others").with("n", more));
    }
}

fn place(evidence: &Evidence) -> Message {
    let what = evidence.item.observed().unwrap_or_else(|| evidence.item.setting.clone());
    let line = Message::new("explain.evidence").with("id", &evidence.id).with("place", evidence.item.place());
    line.with("what", what)
}

fn privilege(page: &mut Page<'_>, register: &Register<'_>, finding: &Finding, held: &Ways<'_>, explained: &Explained) {
    page.title(2, "explain.grants");
    if let Some(power) = &explained.power {
        page.say_item(power);
    }
    if finding.rights.grants.is_empty() {
        page.say_item(&Message::new("explain.grants.none"));
    }
    for (number, way) in (1..).zip(&held.ways) {
        page.say_item(&Message::new("explain.way.line").with("number", number_of(number)).with("steps", joined(way)));
    }
    for one in &held.held {
        grant(page, one);
    }
    for object in &finding.rights.object_rights {
        let words: Vec<String> = object.rights.iter().map(|held| held.right.to_string()).collect();
        let mut ids: Vec<String> = object.rights.iter().flat_map(|held| held.evidence.clone()).collect();
        ids.sort();
        ids.dedup();
        let line = Message::new("explain.object").with("object", &object.object).with("rights", words.join(", "));
        page.say_item(&line.with("evidence", ids.join(", ")));
    }
    for sentence in &explained.conditions {
        page.say_item(sentence);
    }
    page.gap();
    page.say(&explained.network);
    places(page, register, finding, held);
}

/// A number that stands as it is, and selects no plural.
fn number_of(number: usize) -> String {
    number.to_string()
}

/// A grant in one statement: what it is, its own evidence, its ways by number, and what comes with it.
fn grant(page: &mut Page<'_>, held: &Held<'_>) {
    let grant = held.grant;
    let impact = grant.impact;
    let label = if grant.label.is_empty() { &grant.category } else { &grant.label };
    let ways: Vec<String> = held.ways.iter().map(ToString::to_string).collect();
    let key = if ways.is_empty() { "explain.grant" } else { "explain.grant.ways" };
    let line = Message::new(key)
        .with("name", &grant.name)
        .with("label", label)
        .with("tier", &grant.tier)
        .with("impact", format!("{}/{}/{}", impact.c, impact.i, impact.a))
        .with("evidence", held.evidence.join(", "));
    page.say_item(&line.with("ways", ways.join(", ")));
    if grant.on_activation {
        page.say_below(&Message::new("explain.grant.activation"));
    }
    if !held.brings.is_empty() {
        page.say_below(&Message::new("explain.grant.brings").with("permissions", held.brings.join(", ")));
    }
}

/// The steps of a way, from what grants to the user, each with its evidence.
fn joined(way: &Way) -> String {
    let steps = way.steps.iter().map(|step| match step.evidence.as_slice() {
        [] => format!("{} {}", step.what, step.name),
        evidence => format!("{} {} [{}]", step.what, step.name, evidence.join(", ")),
    });
    steps.collect::<Vec<_>>().join(" > ")
}

/// Every piece of evidence that the ways and rights cite, with its place.
fn places(page: &mut Page<'_>, register: &Register<'_>, finding: &Finding, held: &Ways<'_>) {
    let rights = finding.rights.object_rights.iter().flat_map(|object| &object.rights);
    let of_rights = rights.flat_map(|held| held.evidence.iter().map(String::as_str));
    let cited: BTreeSet<&str> = held.cited().chain(of_rights).collect();
    let known: Vec<&Evidence> = cited.into_iter().filter_map(|id| register.get(id).copied()).collect();
    if known.is_empty() {
        return;
    }
    page.title(3, "explain.places");
    for evidence in known {
        page.say_item(&place(evidence));
    }
}

/// A score in both versions: vector and number.
fn vectors(key: &'static str, v31: &(String, Tenths), v40: &(String, Tenths)) -> Message {
    Message::new(key)
        .with("score31", v31.1.to_string())
        .with("vector31", &v31.0)
        .with("score40", v40.1.to_string())
        .with("vector40", &v40.0)
}

fn waterfall(page: &mut Page<'_>, range: &str, score: &Score) {
    page.say_item(&vectors("explain.score.inherent", &score.inherent31, &score.inherent40));
    for step in &score.steps {
        let key = if step.metrics.is_empty() { "explain.score.step" } else { "explain.score.step.metrics" };
        let line = Message::new(key)
            .with("rule", Message::new(format!("explain.rule.{}", step.rule)))
            .with("because", step.because.clone())
            .with("metrics", &step.metrics)
            .with("score31", step.score31.to_string());
        page.say_item(&line.with("score40", step.score40.to_string()));
    }
    let residual = vectors("explain.score.residual", &score.residual31, &score.residual40)
        .with("severity", score.severity.word())
        .with("confidence", score.confidence.word());
    page.say_item(&residual);
    let interval = Message::new("explain.score.interval").with("interval31", score.interval31.to_string());
    page.say_item(&interval.with("interval40", score.interval40.to_string()));
    if score.if_on {
        page.say_item(&Message::new("explain.score.if-on"));
    }
    if score.above_range {
        page.say_item(&Message::new("explain.score.above").with("range", range));
    }
    if !score.arithmetic.is_empty() {
        page.title(3, "explain.score.arithmetic");
        page.items(&score.arithmetic);
    }
    if !score.arithmetic40.is_empty() {
        page.title(3, "explain.score.arithmetic40");
        page.say(&Message::new("explain.score.table40"));
        page.gap();
        page.items(&score.arithmetic40);
    }
}

/// What keeps the result from being a pass, with what would turn each of it.
fn changes(
    page: &mut Page<'_>,
    assessment: &Assessment,
    finding: &Finding,
    control: &Catalogue,
    instead: Option<&Message>,
) {
    page.title(2, "explain.change");
    if matches!(finding.result, Outcome::Pass | Outcome::NotApplicable | Outcome::NotTested) {
        page.say(&Message::new("explain.change.nothing"));
        return;
    }
    let thresholds = in_force(assessment, control);
    for observation in finding.observations.iter().filter(|seen| seen.weight == Weight::Decisive) {
        if matches!(observation.outcome(), Outcome::Pass | Outcome::NotApplicable) {
            continue;
        }
        if let Some(criterion) = control.criterion(&observation.criterion) {
            let line = Message::new("explain.change.criterion").with("criterion", criterion.id.as_str());
            page.say_item(&line.with("expected", thresholds.fill(&criterion.expected)));
        }
    }
    for question in &finding.questions {
        page.say_item(&Message::new("explain.change.question").with("text", question.text.clone()));
        for phrase in Missing::phrases(&question.missing) {
            page.say_below(&Message::new("explain.change.missing").with("part", phrase));
        }
        let supplied = question.settles == Settles::Export && !question.requests.is_empty();
        if supplied {
            page.say_below(&Message::new("explain.change.exports").with("requests", question.requests.join(", ")));
        }
    }
    if let Some(instead) = instead {
        page.say_item(instead);
    }
}

/// What the plan says about the app, in its words.
fn ways(page: &mut Page<'_>, assessment: &Assessment, finding: &Finding, explained: &Explained) {
    let listed = assessment.actions_of(finding);
    if listed.is_empty() {
        return;
    }
    page.title(2, "explain.actions");
    if let Some(way) = &explained.way {
        page.say(way);
        page.gap();
    }
    for (number, action) in listed {
        let line = Message::new("explain.action").with("number", number_of(number));
        page.say_item(&line.with("what", action.for_app(&finding.label())).with("effect", action.effect.clone()));
    }
}

/// The thresholds that the assessment was made with; the catalogue's where it names none.
fn in_force(assessment: &Assessment, control: &Catalogue) -> Thresholds {
    let stated = assessment.thresholds.iter().filter_map(|one| Some((one.name.as_str(), one.value.parse().ok()?)));
    control.thresholds.clone().overridden(stated)
}
