//! What stands in a cell: an app's finding, or one of its criteria, as text.

use crate::catalogue::{FactEntry, FactKind};
use crate::model::{
    AddressBlock, Assessment, Disposition, DispositionKind, DispositionState, Evidence, Finding, Grant, Observation,
    Outcome, Score, Settles, Severity, Stated, Weight,
};
use crate::text::fill::fill_to;
use crate::text::message::Message;
use crate::text::visible::cell as shown;
use crate::text::wording::{Wording, missing};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::fmt::temporal::DateTimePrinter;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// What separates several values in one cell.
pub const SEPARATOR: &str = "; ";

/// Room for a cell of some sentences: most have one or two.
const SENTENCES: usize = 256;

/// Words of `status`.
pub const STATUSES: [&str; 4] = ["Open", "In Progress", "Blocked", "Fixed"];
/// Words of `disposition`: those of Salesforce's Security Health Review, and False Positive.
pub const DISPOSITIONS: [&str; 4] =
    ["Accept Risk", "Mitigated by Alternative Control", "Not Applicable", "False Positive"];

/// The app that a row is about.
pub struct Case<'a, 'w> {
    pub(super) org: &'a Assessment,
    pub(super) finding: &'a Finding,
    pub(super) wording: &'w Wording,
    /// Evidence of all its criteria, each once; many tables do without.
    refs: OnceCell<Vec<&'a str>>,
}

/// The criterion that a row is about, with the evidence of its org by id.
pub struct Seen<'a, 'r> {
    pub(super) observation: &'a Observation,
    pub(super) register: &'r BTreeMap<&'a str, &'a Evidence>,
}

impl<'a, 'w> Case<'a, 'w> {
    pub(super) fn new(org: &'a Assessment, finding: &'a Finding, wording: &'w Wording) -> Self {
        Self { org, finding, wording, refs: OnceCell::new() }
    }

    /// Where the whole text of a cell that had to be cut can be read.
    pub(super) fn see(&self) -> Cow<'a, str> {
        shown(self.refs().first().copied().unwrap_or(&self.finding.id))
    }

    fn refs(&self) -> &[&'a str] {
        self.refs.get_or_init(|| {
            let ids = self.finding.observations.iter().flat_map(|seen| &seen.evidence);
            let mut refs: Vec<&str> = ids.map(String::as_str).collect();
            refs.sort_unstable();
            refs.dedup();
            refs
        })
    }

    pub(super) fn seen_on(&self) -> Date {
        self.org.org.snapshot_at.unwrap_or(self.org.as_of)
    }

    pub(super) fn first_seen(&self) -> Date {
        self.finding.first_seen.unwrap_or(self.seen_on())
    }

    /// A cell that stays empty without a score.
    pub(super) fn of_score(&self, cell: fn(&'a Score) -> Cow<'a, str>) -> Cow<'a, str> {
        self.finding.score.as_deref().map(cell).unwrap_or_default()
    }

    /// A cell that stays empty until somebody has decided.
    pub(super) fn of_decision(&self, cell: fn(&'a Disposition) -> Cow<'a, str>) -> Cow<'a, str> {
        self.finding.disposition.as_ref().map(cell).unwrap_or_default()
    }

    /// How many places show what is said of the app besides those that it cites.
    fn further(&self) -> usize {
        self.finding.observations.iter().map(|seen| seen.further).sum()
    }
}

/// Title of a ticket: free of dates, counts and scores, which importers that compare titles would take for a new one.
pub(super) fn title<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    const LONGEST_APP: usize = 60;
    let finding = case.finding;
    let mut app = shown(&finding.subject.api_name);
    // A text has at most as many characters as bytes.
    let cut = (app.len() > LONGEST_APP).then(|| app.char_indices().nth(LONGEST_APP)).flatten();
    if let Some((cut, _)) = cut {
        app = [app.get(..cut).unwrap_or_default(), "…"].concat().into();
    }
    let word = match &finding.basis {
        Some(basis) if finding.result == Outcome::Pass => basis,
        _ => finding.result.word(),
    };
    let own = ["title.", &finding.control, ".", word].concat();
    let key = if case.wording.raw(&own).is_some() { own } else { ["title.", word].concat() };
    filled(case.wording, &key, &[("app", &app)]).into()
}

pub(super) fn failed_criteria<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let failed = case.finding.observations.iter().filter(|seen| seen.outcome() == Outcome::Fail);
    join(failed.map(|seen| seen.criterion.as_str()))
}

/// The result in a sentence, and the settings of the criteria that make it.
pub(super) fn condition<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let weighing = case.finding.observations.iter().filter(|seen| weighs(seen));
    let settings = unique(weighing.flat_map(|seen| &seen.observed).map(String::as_str));
    let pairs = case.finding.notes.iter().filter(|note| note.key.starts_with("note.pair."));
    let mut text = String::with_capacity(SENTENCES);
    case.wording.say_all(&mut text, std::iter::once(&case.finding.because).chain(pairs));
    if !settings.is_empty() {
        let settings = match settings.as_slice() {
            [one] => Cow::Borrowed(*one),
            several => several.join(SEPARATOR).into(),
        };
        let settings = listed(settings, case.further(), case.wording);
        text.push(' ');
        add_filled(&mut text, case.wording, "condition.settings", &[("settings", &settings)]);
    }
    owned(text)
}

fn weighs(seen: &Observation) -> bool {
    seen.weight != Weight::Supporting && seen.outcome() != Outcome::NotApplicable
}

/// Most rights that a cell names.
const RIGHTS: usize = 30;

fn privileges<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let grants = &case.finding.rights.grants;
    listed(join(grants.iter().take(RIGHTS).map(right)), grants.len().saturating_sub(RIGHTS), case.wording)
}

fn right(grant: &Grant) -> &str {
    if grant.label.is_empty() { &grant.name } else { &grant.label }
}

/// What a finding states of itself.
pub(super) fn fact<'a>(fact: &FactEntry, case: &Case<'a, '_>) -> Cow<'a, str> {
    let facts = &case.finding.facts;
    match fact.kind {
        FactKind::Text => shown(facts.text(&fact.path)),
        FactKind::Word => facts.text(&fact.path).into(),
        FactKind::List => match facts.list(&fact.path) {
            Some(texts) => join(texts),
            None => case.wording.word("cell.unknown").into(),
        },
        FactKind::Ranges => {
            // Where they stand, because a copy of each in every row costs time.
            let ranges: Vec<String> = facts.structures(&fact.path).map(|one| range(one, case.wording)).collect();
            owned(joined(ranges))
        }
        FactKind::Rights => privileges(case),
    }
}

fn range(range: Stated<'_>, wording: &Wording) -> String {
    let [first, last] = ["first", "last"].map(|key| (key, range.text(key)));
    let block = range.text("block");
    if block == AddressBlock::Public.word() {
        return filled(wording, "range.public", &[first, last]);
    }
    let block = wording.word(&["block.", block].concat());
    filled(wording, "range.aside", &[first, last, ("block", &block)])
}

pub(super) fn effect<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let mut text = String::with_capacity(SENTENCES);
    case.wording.say_all(&mut text, &case.finding.effect);
    owned(text)
}

/// The actions of the plan that the app calls for, in its order and words.
pub(super) fn recommendation<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let label = case.finding.label();
    let actions = case.org.actions_of(case.finding).into_iter();
    let said: Vec<Message> = actions.map(|(_, action)| action.for_app(&label)).collect();
    let mut text = String::with_capacity(SENTENCES);
    case.wording.say_all(&mut text, &said);
    owned(text)
}

pub(super) fn missing_evidence<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let missing = case.finding.questions.iter().filter(|question| question.settles == Settles::Export);
    let mut texts: Vec<String> = missing.map(|question| case.wording.say(&question.text)).collect();
    // Items of a list, so no full stops between them.
    texts.iter_mut().for_each(|text| text.truncate(text.trim_end_matches('.').len()));
    if texts.len() > 1 {
        return owned(unique(texts.iter().map(String::as_str)).join(SEPARATOR));
    }
    owned(joined(texts))
}

pub(super) fn evidence_refs<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    listed(join(case.refs().iter().copied()), case.further(), case.wording)
}

/// Day and digest of the run that `delta` refers to.
pub(super) fn baseline_run<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let Some(baseline) = &case.org.baseline else { return "".into() };
    let digest: String = baseline.digest.chars().take(12).collect();
    owned(format!("{} {digest}", baseline.as_of))
}

/// Whether somebody has to act: the finding is open, and no decision on it stands.
fn acts(case: &Case<'_, '_>) -> bool {
    let decided = case.finding.disposition.as_ref();
    case.finding.result.is_open() && decided.is_none_or(|decided| decided.state != DispositionState::Valid)
}

pub(super) fn proposed_status<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    if acts(case) { STATUSES[0].into() } else { "".into() }
}

/// What a merge of the tracker with its own run would note on the decision: that it has expired, or what it lacks.
pub(super) fn merge_note<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let Some(decided) = case.finding.disposition.as_ref().filter(|_| case.finding.result.is_open()) else {
        return "".into();
    };
    let lacks = [
        ("accepted_by", decided.approver.trim().is_empty()),
        ("accepted_until", decided.expires.is_none()),
        ("rationale", decided.rationale.trim().is_empty()),
    ];
    let lacks: Vec<String> = lacks.iter().filter(|(_, empty)| *empty).map(|(name, _)| (*name).to_owned()).collect();
    let note = match (decided.state, decided.expires) {
        (DispositionState::Expired, Some(day)) => Message::new("note.acceptance-expired").with("day", day.to_string()),
        (DispositionState::Incomplete, _) if !lacks.is_empty() => {
            Message::new("note.acceptance-lacks").with("columns", lacks)
        }
        _ => return "".into(),
    };
    owned(case.wording.say(&note).replace(SEPARATOR, ", "))
}

/// Last day of the window that the severity leaves, counted from the first sight.
pub(super) fn proposed_due<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let open = case.finding.score.as_ref().filter(|_| acts(case));
    let days = open.and_then(|score| window_days(score.severity));
    day(days.and_then(|days| case.first_seen().checked_add(days.days()).ok()))
}

pub(super) fn evidence<'a>(case: &Case<'a, '_>, seen: &Seen<'a, '_>) -> Cow<'a, str> {
    let ids = seen.observation.evidence.iter();
    let places: Vec<String> = ids
        .map(|id| seen.register.get(id.as_str()).map_or_else(|| id.clone(), |evidence| evidence.item.place()))
        .collect();
    let places = unique(places.iter().map(String::as_str)).join(SEPARATOR);
    listed(owned(places), seen.observation.further, case.wording)
}

/// The rating that a finding had before what lowers it: that of the base vectors, never below the headline's.
#[must_use]
pub fn original(score: &Score) -> Severity {
    Severity::of(score.inherent31.1).max(Severity::of(score.inherent40.1)).max(score.severity)
}

/// Last day for remediation by the original rating, counted from the first sight: only an approved adjustment moves it,
/// and no snapshot tells of one. None without a rating.
#[must_use]
pub fn completion(finding: &Finding, first: Date) -> Option<Date> {
    let days = finding.score.as_deref().and_then(|score| window_days(original(score)))?;
    first.checked_add(days.days()).ok()
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

/// A sentence of this module with texts in its slots. Every row has several, so this spares the detour of a
/// [`Message`]; keys that the language lacks are shown as [`Wording::say`] shows them.
fn filled(wording: &Wording, key: &str, slots: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(wording.raw(key).map_or(0, str::len) + 32);
    add_filled(&mut text, wording, key, slots);
    text
}

fn add_filled(out: &mut String, wording: &Wording, key: &str, slots: &[(&str, &str)]) {
    let Some(text) = wording.raw(key) else { return missing(out, key) };
    fill_to(out, text, &mut |out, name| {
        let value = slots.iter().find(|(slot, _)| *slot == name);
        value.map(|(_, value)| out.push_str(value)).is_some()
    });
}

pub(super) fn owned<'a>(text: String) -> Cow<'a, str> {
    match shown(&text) {
        Cow::Borrowed(_) => Cow::Owned(text),
        Cow::Owned(other) => Cow::Owned(other),
    }
}

pub(super) fn day<'a>(date: Option<Date>) -> Cow<'a, str> {
    let Some(date) = date else { return Cow::Borrowed("") };
    // With room for the longest one, which the printer asks for.
    let mut text = String::with_capacity(32);
    // Writing into a text cannot fail.
    DateTimePrinter::new().print_date(&date, &mut text).ok();
    text.into()
}

pub(super) fn join<'a>(mut parts: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
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

/// The same of texts that are at hand.
fn joined(mut parts: Vec<String>) -> String {
    match parts.as_slice() {
        [_] => parts.pop().unwrap_or_default(),
        parts => parts.join(SEPARATOR),
    }
}

/// The first texts of a list, and how many more there are.
pub(super) fn listed<'a>(first: Cow<'a, str>, more: usize, wording: &Wording) -> Cow<'a, str> {
    if more == 0 {
        return first;
    }
    [&first, SEPARATOR, &wording.say(&Message::new("cell.more").with("n", more))].concat().into()
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
