//! What `shr explain` and `shr controls` print: plain text that reads as Markdown.
//!
//! Org text is data: control and direction characters are shown, so that nothing reaches the terminal as a command and no
//! value starts a line of its own.

mod finding;
mod json;
mod page;
mod sheet;

pub use finding::finding;
pub use json::{control as control_json, criterion as criterion_json, finding as finding_json, list as list_json};
pub use page::wrapped;
pub use sheet::{named as sheet_named, page as sheet, value as sheet_value};

use crate::catalogue::{Catalogue, Criterion, Remediation, Standard};
use crate::text::message::Message;
use crate::text::wording::Wording;
use page::Page;

/// The control as catalogued: its sections, criteria, numbers, readings and ways out.
#[must_use]
pub fn control(control: &Catalogue, words: &Wording) -> String {
    let mut page = Page::new(words);
    page.heading(1, &control.name);
    facts(&mut page, control);
    for section in &control.sections {
        page.heading(2, &section.title);
        page.line(&section.text);
        if section.id == "business_considerations" {
            page.gap();
            page.items(&control.considerations);
        }
    }
    page.title(2, "explain.criteria");
    for criterion in &control.criteria {
        page.say_item(&criterion_line(criterion));
    }
    thresholds(&mut page, control);
    page.title(2, "explain.threats");
    for threat in &control.threats {
        let needs = threat.needs.join(", ");
        let line = Message::new("explain.threat.line").with("id", &threat.id).with("needs", needs);
        page.say_item(&line.with("references", threat.references.join(", ")));
    }
    page.title(2, "explain.ways");
    page.say(&Message::new("explain.ways.slots"));
    for way in &control.remediations {
        way_out(&mut page, way);
    }
    page.title(2, "explain.standards");
    for standard in &control.standards {
        page.say_item(&standard_line(standard));
    }
    page.title(2, "explain.readings");
    page.items(&control.readings);
    page.title(2, "explain.requests");
    for request in &control.requests {
        let line = Message::new("explain.request.line").with("id", &request.id).with("file", &request.file);
        page.say_item(&line.with("why", &request.why));
    }
    page.gap();
    page.say(&Message::new("explain.more"));
    page.text()
}

/// A criterion: its rule with the catalogue's thresholds, what it serves, and where its evidence comes from.
#[must_use]
pub fn criterion(control: &Catalogue, criterion: &Criterion, words: &Wording) -> String {
    let mut page = Page::new(words);
    write_criterion(&mut page, 1, control, criterion);
    page.text()
}

/// Controls and criteria in one line each.
#[must_use]
pub fn list(control: &Catalogue, words: &Wording) -> String {
    let mut page = Page::new(words);
    for (at, one) in control.all().enumerate() {
        if at > 0 {
            page.gap();
        }
        page.line(&one.name);
        facts(&mut page, one);
        page.gap();
        for criterion in &one.criteria {
            page.say_item(&criterion_line(criterion));
        }
    }
    sheet::list(&mut page);
    page.text()
}

/// The controls, each followed by every criterion: `docs/control.md`.
#[must_use]
pub fn handbook(control: &Catalogue, words: &Wording) -> String {
    let each = control.all().map(|one| {
        let mut page = Page::new(words);
        for criterion in &one.criteria {
            write_criterion(&mut page, 2, one, criterion);
        }
        format!("{}\n{}", self::control(one, words), page.text())
    });
    each.collect::<Vec<_>>().join("\n")
}

fn facts(page: &mut Page<'_>, control: &Catalogue) {
    let range = Message::new("explain.range").with("word", &control.range_word);
    let versions = Message::new("explain.versions").with("catalogue", &control.version);
    for fact in [
        Message::new("explain.id").with("id", &control.id),
        Message::new("explain.page").with("url", &control.url).with("day", &control.retrieved),
        range.with("low", control.range_low.to_string()).with("high", control.range_high.to_string()),
        Message::new("explain.base31").with("vector", &control.base31),
        Message::new("explain.base40").with("vector", &control.base40),
        versions.with("permissions", &control.permissions_version).with("count", control.permissions.len()),
    ] {
        page.say_item(&fact);
    }
}

fn criterion_line(criterion: &Criterion) -> Message {
    let line = Message::new("explain.criterion.line").with("id", criterion.id.as_str()).with("title", &criterion.title);
    line.with("weight", criterion.weight.word())
}

fn standard_line(standard: &Standard) -> Message {
    Message::new("explain.standard.line")
        .with("framework", &standard.framework)
        .with("id", &standard.id)
        .with("title", &standard.title)
        .with("relation", &standard.relation)
        .with("criteria", standard.criteria.join(", "))
}

fn thresholds(page: &mut Page<'_>, control: &Catalogue) {
    page.title(2, "explain.thresholds");
    for (name, value) in control.thresholds.named() {
        let meaning = Message::new(format!("explain.threshold.{name}"));
        let line = Message::new("explain.threshold.line").with("name", name).with("value", value);
        page.say_item(&line.with("meaning", meaning));
    }
}

fn way_out(page: &mut Page<'_>, way: &Remediation) {
    page.heading(3, &way.title);
    page.say(&Message::new("explain.way.when").with("when", &way.when));
    page.gap();
    page.say(&Message::new("explain.way.effort").with("effort", &way.effort));
    page.title(4, "explain.way.steps");
    page.numbered(&way.steps);
    page.title(4, "explain.way.verification");
    page.items(&way.verification);
    page.title(4, "explain.way.effects");
    page.items(&way.side_effects);
}

fn write_criterion(page: &mut Page<'_>, level: usize, control: &Catalogue, criterion: &Criterion) {
    page.heading(level, &criterion.id);
    page.line(&criterion.title);
    page.gap();
    page.say_item(&Message::new("explain.weight").with("weight", criterion.weight.word()));
    page.say_item(&Message::new("explain.safe").with("text", &criterion.safe_when));
    page.title(level + 1, "explain.rule");
    page.line(&criterion.rule_text(&control.thresholds));
    page.gap();
    let expected = control.thresholds.fill(&criterion.expected);
    page.say(&Message::new("explain.expected").with("text", expected));
    page.title(level + 1, "explain.serves");
    for phrase in criterion.serves.iter().filter_map(|id| control.phrase(id)) {
        let side = Message::new(format!("explain.side.{}", phrase.side));
        page.say_item(&Message::new("explain.serves.line").with("side", side).with("text", &phrase.text));
    }
    page.title(level + 1, "explain.supplied");
    for request in criterion.requests.iter().filter_map(|id| control.request(id)) {
        let line = Message::new("explain.request.line").with("id", &request.id).with("file", &request.file);
        page.say_item(&line.with("why", &request.why));
    }
    let attested = if criterion.attestable { "explain.attestable" } else { "explain.unattestable" };
    page.say_item(&Message::new(attested));
    let concerning: Vec<_> =
        control.standards.iter().filter(|s| s.criteria.iter().any(|id| criterion.id == *id)).collect();
    if !concerning.is_empty() {
        page.title(level + 1, "explain.standards.of");
        for standard in concerning {
            page.say_item(&standard_line(standard));
        }
    }
}
