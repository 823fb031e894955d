//! Rows of the three tables, from assessments.

use super::columns::{CRITERIA, Column, FINDINGS, POPULATION, STATUSES};
use super::{Row, Table, shown};
use crate::model::{
    AddressBlock, Assessment, DispositionKind, Evidence, Finding, Observation, Outcome, Settles, Severity, Weight,
};
use crate::text::message::Message;
use crate::text::wording::Wording;
use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What separates several values in one cell.
pub const SEPARATOR: &str = "; ";

/// The tracker: one row per app whose result is not `pass` (`all`: per app), worst first.
#[must_use]
pub fn findings<'a>(assessments: &[&'a Assessment], wording: &Wording, all: bool) -> Vec<Row<'a>> {
    let list = ordered(assessments, all);
    list.into_par_iter().with_min_len(256).map(|(org, one)| finding(org, one, wording)).collect()
}

/// One row per app and criterion, apps in the order of the tracker, criteria in that of the catalogue.
#[must_use]
pub fn criteria<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Vec<Row<'a>> {
    let registers: Vec<BTreeMap<&str, &Evidence>> =
        assessments.iter().map(|org| org.evidence.iter().map(|e| (e.id.as_str(), e)).collect()).collect();
    let register = |org: &Assessment| {
        assessments.iter().position(|other| std::ptr::eq(*other, org)).and_then(|at| registers.get(at))
    };
    let none = BTreeMap::new();
    let mut rows = Vec::new();
    for (org, finding) in ordered(assessments, true) {
        let register = register(org).unwrap_or(&none);
        rows.extend(finding.observations.iter().map(|seen| criterion_row(org, finding, seen, register, wording)));
    }
    rows
}

/// One row per app read, in the order of the tracker.
#[must_use]
pub fn population<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Vec<Row<'a>> {
    ordered(assessments, true).into_iter().map(|(org, finding)| population_row(org, finding, wording)).collect()
}

/// The three tables with their names.
#[must_use]
pub fn tables<'a>(assessments: &[&'a Assessment], wording: &Wording, all: bool) -> [Table<'a>; 3] {
    let findings = table("findings", FINDINGS, findings(assessments, wording, all));
    [findings, criteria_table(assessments, wording), population_table(assessments, wording)]
}

/// [`criteria`] as a table.
#[must_use]
pub fn criteria_table<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Table<'a> {
    table("criteria", CRITERIA, criteria(assessments, wording))
}

/// [`population`] as a table.
#[must_use]
pub fn population_table<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Table<'a> {
    table("population", POPULATION, population(assessments, wording))
}

fn table<'a>(name: &str, columns: &[Column], rows: Vec<Row<'a>>) -> Table<'a> {
    Table { name: name.to_owned(), header: columns.iter().map(Column::heading).collect(), rows }
}

/// Findings of all orgs, worst first: result, then score downwards, then org key and app name.
#[must_use]
pub fn ordered<'a>(assessments: &[&'a Assessment], all: bool) -> Vec<(&'a Assessment, &'a Finding)> {
    let mut list: Vec<_> = assessments
        .iter()
        .flat_map(|org| org.findings.iter().map(move |finding| (*org, finding)))
        .filter(|(_, finding)| all || finding.result != Outcome::Pass)
        .collect();
    // Two steps: assessments hold their findings by app name, so the first costs nothing, and the second compares
    // small keys instead of names.
    list.par_sort_by(|(org_a, a), (org_b, b)| {
        (&org_a.org.key, &a.app.api_name, &a.id).cmp(&(&org_b.org.key, &b.app.api_name, &b.id))
    });
    list.par_sort_by_cached_key(|(_, finding)| {
        (finding.result, std::cmp::Reverse(finding.score.as_ref().map(|score| score.residual31.1)))
    });
    list
}

/// Days that a rating leaves for remediation, after FedRAMP's windows: 30 for critical and high, 90, 180.
#[must_use]
pub const fn window_days(severity: Severity) -> Option<i32> {
    match severity {
        Severity::Critical | Severity::High => Some(30),
        Severity::Medium => Some(90),
        Severity::Low => Some(180),
        Severity::None => None,
    }
}

/// Whether a result asks somebody to act.
#[must_use]
pub const fn is_open(result: Outcome) -> bool {
    matches!(result, Outcome::Fail | Outcome::NotEvaluable | Outcome::Review)
}

/// Whether a text has the form `SHR-CCF-XXXX-XXXX` in Crockford's base 32.
#[must_use]
pub fn is_finding_id(id: &str) -> bool {
    let crockford = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() && !b"ILOU".contains(&byte);
    let Some((first, second)) = id.strip_prefix("SHR-CCF-").and_then(|rest| rest.split_once('-')) else { return false };
    [first, second].into_iter().all(|part| part.len() == 4 && part.bytes().all(crockford))
}

/// SHR's words for a decision.
#[must_use]
pub const fn disposition_word(kind: DispositionKind) -> &'static str {
    match kind {
        DispositionKind::AcceptRisk => "Accept Risk",
        DispositionKind::Mitigated => "Mitigated by Alternative Control",
        DispositionKind::NotApplicable => "Not Applicable",
        DispositionKind::FalsePositive => "False Positive",
    }
}

/// The row of one finding.
#[must_use]
pub fn finding<'a>(org: &'a Assessment, finding: &'a Finding, wording: &Wording) -> Row<'a> {
    let seen_on = org.org.snapshot_at.unwrap_or(org.as_of);
    let first_seen = finding.first_seen.unwrap_or(seen_on);
    let score = finding.score.as_ref();
    let open = is_open(finding.result);
    let refs = evidence_refs(finding);
    let see = refs.first().map_or(shown(&finding.id), |id| shown(id));
    let decided = finding.disposition.as_ref();
    let cells = vec![
        shown(&finding.id),
        shown(&org.org.key),
        shown(&org.org.id),
        shown(&org.org.environment),
        shown(&org.control.id),
        shown(&org.control.name),
        shown(&finding.app.api_name),
        shown(&finding.app.label),
        title(finding, wording).into(),
        finding.result.word().into(),
        finding.basis.map_or("", |basis| basis.word()).into(),
        score.map_or("", |score| score.severity.word()).into(),
        number(score.map(|score| score.residual31.1)),
        score.map_or(Cow::Borrowed(""), |score| shown(&score.residual31.0)),
        number(score.map(|score| score.residual40.1)),
        score.map_or(Cow::Borrowed(""), |score| shown(&score.residual40.0)),
        score.map_or(Cow::Borrowed(""), |score| score.interval31.to_string().into()),
        shown(&org.control.published_range),
        finding.confidence.map_or("", |confidence| confidence.word()).into(),
        failed_criteria(finding).into(),
        condition(finding, wording),
        shown(&finding.execution_user.name),
        finding.execution_user.state.word().into(),
        finding.privilege.state.word().into(),
        privileges(finding, wording),
        finding.network.state.word().into(),
        network_limits(finding, wording),
        scopes(finding, wording),
        sentences(&finding.effect, wording),
        recommendation(org, finding, wording),
        missing_evidence(finding, wording),
        listed(join(refs.iter().copied()), further(finding), wording),
        day(Some(first_seen)),
        day(Some(seen_on)),
        day(org.org.snapshot_at),
        finding.delta.map_or("", |delta| delta.word()).into(),
        baseline_run(org),
        "".into(),
        decided.map_or("", |decided| disposition_word(decided.kind)).into(),
        "".into(),
        "".into(),
        "".into(),
        supplied(finding.management_response.as_deref()),
        decided.map_or(Cow::Borrowed(""), |decided| shown(&decided.approver)),
        day(decided.and_then(|decided| decided.expires)),
        decided.map_or(Cow::Borrowed(""), |decided| shown(&decided.rationale)),
        "".into(),
        supplied(finding.cause.as_deref()),
        "".into(),
        "".into(),
        if open { STATUSES[0].into() } else { "".into() },
        if open { proposed_due(first_seen, score.map(|score| score.severity)) } else { "".into() },
        "".into(),
        "".into(),
        shown(&org.ruleset_version),
        shown(&org.tool_version),
    ];
    Row { cells, see }
}

fn criterion_row<'a>(
    org: &'a Assessment,
    finding: &'a Finding,
    seen: &'a Observation,
    register: &BTreeMap<&str, &'a Evidence>,
    wording: &Wording,
) -> Row<'a> {
    let expected = format!("expected.{}", seen.criterion);
    let place = |id: &String| register.get(id.as_str()).map_or_else(|| id.clone(), |evidence| evidence.item.place());
    let places: Vec<String> = seen.evidence.iter().map(place).collect();
    let cells = vec![
        shown(&finding.id),
        shown(&org.org.key),
        shown(&finding.app.api_name),
        shown(&seen.criterion),
        seen.weight.word().into(),
        seen.outcome().word().into(),
        said(&seen.because, wording),
        listed(join(seen.observed.iter().map(String::as_str)), seen.further, wording),
        wording.raw(&expected).unwrap_or_default().to_owned().into(),
        listed(owned(unique(places.iter().map(String::as_str)).join(SEPARATOR)), seen.further, wording),
        seen.source.word().into(),
    ];
    let see = seen.evidence.first().map_or(shown(&finding.id), |id| shown(id));
    Row { cells, see }
}

fn population_row<'a>(org: &'a Assessment, finding: &'a Finding, _wording: &Wording) -> Row<'a> {
    let app = &finding.app;
    let cells = vec![
        shown(&org.org.key),
        shown(&app.api_name),
        shown(&app.label),
        shown(&app.namespace),
        shown(&app.distribution_state),
        finding.flow_state.word().into(),
        shown(&finding.execution_user.name),
        finding.execution_user.state.word().into(),
        finding.result.word().into(),
        join(app.sources.iter().map(String::as_str)),
    ];
    Row { cells, see: shown(&finding.id) }
}

/// Title of a ticket: free of dates, counts and scores, which importers that compare titles would take for a new one.
fn title(finding: &Finding, wording: &Wording) -> String {
    const LONGEST_APP: usize = 60;
    let mut app = shown(&finding.app.api_name);
    if let Some((cut, _)) = app.char_indices().nth(LONGEST_APP) {
        app = format!("{}…", app.get(..cut).unwrap_or_default()).into();
    }
    let word = match finding.basis {
        Some(basis) if finding.result == Outcome::Pass => basis.word(),
        _ => finding.result.word(),
    };
    filled(wording, &["title.", word], &[("{app}", &app)])
}

/// A sentence of this module with texts in its slots. Every row has several, so this spares the detour of a
/// [`Message`]; keys that the language lacks are shown as [`Wording::say`] shows them.
fn filled(wording: &Wording, key: &[&str], slots: &[(&str, &str)]) -> String {
    let key = key.concat();
    let Some(text) = wording.raw(&key) else { return format!("⟨{key}⟩") };
    let mut out = String::with_capacity(text.len() + slots.iter().map(|(_, value)| value.len()).sum::<usize>());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        match slots.iter().find_map(|(slot, value)| Some((value, from.strip_prefix(slot)?))) {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn failed_criteria(finding: &Finding) -> String {
    let failed = finding.observations.iter().filter(|seen| seen.outcome() == Outcome::Fail);
    failed.map(|seen| seen.criterion.as_str()).collect::<Vec<_>>().join(SEPARATOR)
}

/// The result in a sentence, and the settings of the criteria that make it.
fn condition<'a>(finding: &Finding, wording: &Wording) -> Cow<'a, str> {
    let weighs = |seen: &&Observation| seen.weight != Weight::Supporting && seen.outcome() != Outcome::NotApplicable;
    let settings =
        unique(finding.observations.iter().filter(weighs).flat_map(|seen| &seen.observed).map(String::as_str));
    let mut text = wording.say(&finding.because);
    if !settings.is_empty() {
        text.push(' ');
        text.push_str(&filled(
            wording,
            &["condition.settings"],
            &[("{settings}", &listed(settings.join(SEPARATOR).into(), further(finding), wording))],
        ));
    }
    owned(text)
}

/// Most rights that a cell names.
const RIGHTS: usize = 30;

fn privileges<'a>(finding: &'a Finding, wording: &Wording) -> Cow<'a, str> {
    let name = |grant: &'a crate::model::Grant| {
        if grant.label.is_empty() { grant.name.as_str() } else { grant.label.as_str() }
    };
    let grants = &finding.privilege.rights.grants;
    let more = grants.len().saturating_sub(RIGHTS);
    listed(join(grants.iter().take(RIGHTS).map(name)), more, wording)
}

fn network_limits<'a>(finding: &Finding, wording: &Wording) -> Cow<'a, str> {
    let range = |range: &crate::model::NetworkRange| {
        let slots = [("{first}", range.first.as_str()), ("{last}", range.last.as_str())];
        match range.block {
            AddressBlock::Public => filled(wording, &["range.public"], &slots),
            aside => {
                let block = wording.word(&["block.", aside.word()].concat());
                filled(wording, &["range.aside"], &[slots[0], slots[1], ("{block}", &block)])
            }
        }
    };
    owned(finding.network.ranges.iter().map(range).collect::<Vec<_>>().join(SEPARATOR))
}

fn scopes<'a>(finding: &'a Finding, wording: &Wording) -> Cow<'a, str> {
    match &finding.scopes {
        Some(scopes) => join(scopes.iter().map(String::as_str)),
        None => wording.word("cell.unknown").into(),
    }
}

/// The actions of the plan that the app calls for, in its order and words.
fn recommendation<'a>(org: &Assessment, finding: &Finding, wording: &Wording) -> Cow<'a, str> {
    let actions = org.actions_of(finding).into_iter();
    let said: Vec<String> = actions.map(|(_, action)| wording.say(&action.for_app(finding.label()))).collect();
    owned(said.join(" "))
}

fn missing_evidence<'a>(finding: &Finding, wording: &Wording) -> Cow<'a, str> {
    let missing = finding.questions.iter().filter(|question| question.settles == Settles::Export);
    let texts: Vec<String> = missing.map(|question| wording.say(&question.text)).collect();
    // Items of a list, so no full stops between them.
    owned(unique(texts.iter().map(|text| text.trim_end_matches('.'))).join(SEPARATOR))
}

fn evidence_refs(finding: &Finding) -> Vec<&str> {
    let mut ids: Vec<&str> =
        finding.observations.iter().flat_map(|seen| seen.evidence.iter().map(String::as_str)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Day and digest of the run that `delta` refers to.
fn baseline_run(org: &Assessment) -> Cow<'_, str> {
    match &org.baseline {
        Some(baseline) => {
            let digest: String = baseline.digest.chars().take(12).collect();
            owned(format!("{} {digest}", baseline.as_of))
        }
        None => "".into(),
    }
}

/// Last day of the window that the severity leaves, counted from the first sight.
fn proposed_due<'a>(first_seen: Date, severity: Option<Severity>) -> Cow<'a, str> {
    let days = severity.and_then(window_days);
    day(days.and_then(|days| first_seen.checked_add(days.days()).ok()))
}

fn said<'a>(message: &Message, wording: &Wording) -> Cow<'a, str> {
    owned(wording.say(message))
}

fn sentences<'a>(messages: &[Message], wording: &Wording) -> Cow<'a, str> {
    match messages {
        [] => Cow::Borrowed(""),
        [one] => said(one, wording),
        several => owned(several.iter().map(|message| wording.say(message)).collect::<Vec<_>>().join(" ")),
    }
}

fn owned<'a>(text: String) -> Cow<'a, str> {
    match shown(&text) {
        Cow::Borrowed(_) => Cow::Owned(text),
        Cow::Owned(other) => Cow::Owned(other),
    }
}

fn supplied(text: Option<&str>) -> Cow<'_, str> {
    shown(text.unwrap_or_default())
}

fn number<'a>(score: Option<crate::model::Tenths>) -> Cow<'a, str> {
    score.map_or(Cow::Borrowed(""), crate::model::Tenths::text)
}

fn day<'a>(date: Option<Date>) -> Cow<'a, str> {
    let Some(date) = date else { return Cow::Borrowed("") };
    let Ok(year @ 0..=9999) = u16::try_from(date.year()) else { return date.to_string().into() };
    let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
    let digit = |value: u16| char::from(b'0' + u8::try_from(value % 10).unwrap_or_default());
    let mut text = String::with_capacity(10);
    text.extend([year / 1000, year / 100, year / 10, year].map(digit));
    for part in [month, day].map(u16::from) {
        text.push('-');
        text.extend([part / 10, part].map(digit));
    }
    text.into()
}

fn join<'a>(mut parts: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let Some(first) = parts.next() else { return Cow::Borrowed("") };
    match parts.next() {
        None => shown(first),
        Some(second) => {
            let mut text = [first, SEPARATOR, second].concat();
            for part in parts {
                text.push_str(SEPARATOR);
                text.push_str(part);
            }
            owned(text)
        }
    }
}

/// The first texts of a list, and how many more there are.
fn listed<'a>(first: Cow<'a, str>, more: usize, wording: &Wording) -> Cow<'a, str> {
    if more == 0 {
        return first;
    }
    [&first, SEPARATOR, &wording.say(&Message::new("cell.more").with("n", more))].concat().into()
}

/// How many places show what is said of a finding besides those that it cites.
fn further(finding: &Finding) -> usize {
    finding.observations.iter().map(|seen| seen.further).sum()
}

/// The texts without repetitions and empty ones, in their order.
fn unique<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    const FEW: usize = 16;
    let mut kept: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    for text in texts.filter(|text| !text.is_empty()) {
        // Nearly every list is short: looking through it takes less than keeping a set.
        if kept.len() == FEW {
            seen.extend(kept.iter().copied());
        }
        let new = if kept.len() < FEW { !kept.contains(&text) } else { seen.insert(text) };
        if new {
            kept.push(text);
        }
    }
    kept
}
