//! Comparison with a baseline.
//!
//! Findings are matched by id. A finding moved when its result, flow, privilege, network, execution user, scopes or
//! the settings seen for a criterion differ; places in files and sentences do not count.

use crate::catalogue::FactEntry;
use crate::controls;
use crate::model::{Assessment, Baseline, Conclusion, Delta, Finding, Observation, Outcome};
use crate::text::message::Message;
use crate::text::visible::cell;
use crate::text::wording::Wording;
use jiff::civil::Date;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Sets the first day of every finding of a run that has no baseline: its own day for what is open, none for what
/// passes. A later `pass` with a first day is one that had been open before.
pub fn first(assessment: &mut Assessment) {
    let day = day(assessment);
    for finding in &mut assessment.findings {
        finding.first_seen = finding.result.is_open().then_some(day);
    }
}

/// Compares an assessment with an older one of the same org: sets `delta`, `moved` and `first_seen` of every finding,
/// and the baseline with what is gone.
///
/// An app that is missing now is gone only if the new population is proven complete. Assessments of another schema,
/// control, catalogue version or org are not comparable; findings keep their first day all the same.
pub fn compare(old: &Assessment, new: &mut Assessment) {
    let comparable = comparable(old, new);
    let (old_day, new_day) = (day(old), day(new));
    let older: BTreeMap<&str, &Finding> = old.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
    for finding in &mut new.findings {
        let before = older.get(finding.id.as_str()).copied();
        finding.moved = before.map(|before| moved(before, finding)).unwrap_or_default();
        finding.delta = Some(match before {
            None => Delta::New,
            Some(_) if !comparable => Delta::NotComparable,
            Some(before) => delta(before, finding),
        });
        let earlier = before.and_then(|before| first_day(before, old_day));
        finding.first_seen = earlier.or_else(|| finding.result.is_open().then_some(new_day));
    }
    let now: BTreeSet<&str> = new.findings.iter().map(|finding| finding.id.as_str()).collect();
    let gone = old.findings.iter().filter(|finding| {
        let whole = new.population_of(finding).conclusion == Conclusion::Complete;
        whole && comparable && !now.contains(finding.id.as_str())
    });
    let gone = gone.map(|finding| (finding.id.clone(), finding.subject.api_name.clone())).collect();
    new.baseline =
        Some(Baseline { digest: old.org.digest.clone(), as_of: old.as_of, snapshot_at: old.org.snapshot_at, gone });
}

fn comparable(old: &Assessment, new: &Assessment) -> bool {
    old.schema == new.schema
        && old.ruleset_version == new.ruleset_version
        && old.control.id == new.control.id
        && old.org.key == new.org.key
}

/// The day of a run: that of its snapshot, else the day as of which it was judged.
pub(crate) fn day(assessment: &Assessment) -> Date {
    assessment.org.snapshot_at.unwrap_or(assessment.as_of)
}

/// First day of a finding of the baseline. One without it (written before there was a baseline) is as old as the run.
fn first_day(finding: &Finding, run: Date) -> Option<Date> {
    finding.first_seen.or_else(|| finding.result.is_open().then_some(run))
}

fn delta(old: &Finding, new: &Finding) -> Delta {
    match (old.result, new.result) {
        (Outcome::NotEvaluable, _) | (_, Outcome::NotEvaluable) => Delta::NotComparable,
        (a, b) if a != b && [a, b].contains(&Outcome::NotTested) => Delta::NotComparable,
        (Outcome::Fail, Outcome::Pass) => Delta::Resolved,
        (Outcome::Pass, Outcome::Fail) if old.first_seen.is_some() => Delta::Reopened,
        (a, b) if a != b || !new.moved.is_empty() => Delta::Changed,
        _ => Delta::Unchanged,
    }
}

/// What differs, each as `name: before → now`.
fn moved(old: &Finding, new: &Finding) -> Vec<String> {
    let mut list = Vec::new();
    for ((name, before), (_, now)) in stated(old).iter().zip(&stated(new)) {
        if before != now {
            list.push(format!("{name}: {} → {}", or_dash(before), or_dash(now)));
        }
    }
    let grants = [names(old), names(new)];
    list.extend(moved_grants(&grants));
    let held: BTreeSet<&str> = grants[0].intersection(&grants[1]).copied().collect();
    for now in &new.observations {
        match old.observations.iter().find(|before| before.criterion == now.criterion) {
            Some(before) => list.extend(moved_settings(before, now, &held)),
            None => list.push(format!("{}: – → {}", now.criterion, now.outcome())),
        }
    }
    let mut seen = BTreeSet::new();
    list.retain(|line| seen.insert(line.clone()));
    list
}

/// What a finding states in a word or two: its result and the facts that a comparison lists, in their places.
fn stated(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut facts: Vec<&FactEntry> = controls::facts().filter(|fact| fact.moves.is_some()).collect();
    facts.sort_by_key(|fact| fact.moves);
    let mut all = vec![("result", finding.result.word().to_owned())];
    all.extend(facts.into_iter().map(|fact| match finding.facts.list(&fact.path) {
        Some(texts) => (fact.name.as_str(), texts.collect::<Vec<_>>().join(" ")),
        None => (fact.name.as_str(), finding.facts.text(&fact.path).to_owned()),
    }));
    all
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

fn names(finding: &Finding) -> BTreeSet<&str> {
    finding.rights.grants.iter().map(|grant| grant.name.as_str()).collect()
}

fn moved_grants([before, now]: &[BTreeSet<&str>; 2]) -> Vec<String> {
    let lost = before.difference(now).map(|name| format!("privileges: – {name}"));
    let gained = now.difference(before).map(|name| format!("privileges: + {name}"));
    lost.chain(gained).collect()
}

/// Settings of a criterion with their texts before and now; the outcome when no setting explains it. Where one of them
/// cites the first of many places, what is held then and now is the same whether it is cited or not.
fn moved_settings(old: &Observation, new: &Observation, held: &BTreeSet<&str>) -> Vec<String> {
    let some = old.further > 0 || new.further > 0;
    let (before, now) = (settings(old), settings(new));
    let names: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    let differ = names.into_iter().filter(|name| before.get(name) != now.get(name) && !(some && held.contains(name)));
    let mut list: Vec<String> =
        differ.map(|name| format!("{name}: {} → {}", texts(&before, name), texts(&now, name))).collect();
    if list.is_empty() && old.outcome() != new.outcome() {
        list.push(format!("{}: {} → {}", new.criterion, old.outcome(), new.outcome()));
    }
    list
}

fn texts(settings: &BTreeMap<&str, BTreeSet<&str>>, name: &str) -> String {
    let texts = settings.get(name).into_iter().flatten().copied().collect::<Vec<_>>().join(", ");
    or_dash(&texts).to_owned()
}

/// `setting = value` texts by setting.
fn settings(seen: &Observation) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut map: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for text in &seen.observed {
        let (name, value) = text.split_once(" = ").unwrap_or((text, ""));
        map.entry(name).or_default().insert(value);
    }
    map
}

/// What changed between two assessments, as lines of text: span, counts, and each finding that is not as before.
#[must_use]
pub fn diff_text(old: &Assessment, new: &Assessment, wording: &Wording) -> String {
    let mut compared = new.clone();
    compare(old, &mut compared);
    let days = days_between(old, new);
    let span = Message::new("diff.span")
        .with("org", &new.org.key)
        .with("from", day(old).to_string())
        .with("to", day(new).to_string())
        .with("days", days.unsigned_abs());
    let mut lines = vec![wording.say(&span)];
    if !comparable(old, new) {
        lines.push(wording.word("diff.not-comparable"));
    }
    for delta in [Delta::New, Delta::Reopened, Delta::Changed, Delta::Resolved, Delta::NotComparable, Delta::Unchanged]
    {
        let findings: Vec<&Finding> = compared.findings.iter().filter(|finding| finding.delta == Some(delta)).collect();
        if findings.is_empty() {
            continue;
        }
        lines.push(format!("{delta} {}", findings.len()));
        for finding in findings.into_iter().filter(|_| delta != Delta::Unchanged) {
            lines.push(format!("  {} {} {}", finding.id, finding.subject.api_name, finding.result));
            lines.extend(finding.moved.iter().map(|moved| format!("    {moved}")));
        }
    }
    let gone = gone(&compared);
    if !gone.is_empty() {
        lines.push(format!("{} {}", Delta::Gone, gone.len()));
        lines.extend(gone.iter().map(|(id, app)| format!("  {id} {app}")));
    }
    let unseen = unseen(old, &compared);
    if !unseen.is_empty() {
        lines.push(wording.say(&Message::new("diff.unseen").with("count", unseen.len())));
        lines.extend(unseen.iter().map(|finding| format!("  {} {}", finding.id, finding.subject.api_name)));
    }
    lines.iter().map(|line| cell(line).replace('\n', " ") + "\n").collect()
}

fn days_between(old: &Assessment, new: &Assessment) -> i32 {
    day(old).until((jiff::Unit::Day, day(new))).map(|span| span.get_days()).unwrap_or_default()
}

/// Findings of the baseline whose apps are shown to be gone, with the names of those.
fn gone(compared: &Assessment) -> BTreeMap<String, String> {
    compared.baseline.as_ref().map(|baseline| baseline.gone.clone()).unwrap_or_default()
}

/// Version of the form of [`diff_json`].
pub const DIFF_SCHEMA: &str = "shr-diff/1";

/// What [`diff_text`] says, for machines: span, counts, and each finding with its delta and what moved.
#[must_use]
pub fn diff_json(old: &Assessment, new: &Assessment) -> serde_json::Value {
    let mut compared = new.clone();
    compare(old, &mut compared);
    let (gone, unseen) = (gone(&compared), unseen(old, &compared));
    let mut counts: BTreeMap<&str, usize> = Delta::ALL.iter().map(|delta| (delta.word(), 0)).collect();
    for delta in compared.findings.iter().filter_map(|finding| finding.delta) {
        *counts.entry(delta.word()).or_default() += 1;
    }
    counts.insert(Delta::Gone.word(), gone.len());
    json!({
        "org": new.org.key,
        "from": day(old),
        "to": day(new),
        "days": days_between(old, new),
        "comparable": comparable(old, new),
        "counts": counts,
        "findings": compared.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "gone": gone.iter().map(|(id, app)| json!({"id": id, "app": app})).collect::<Vec<_>>(),
        "not_seen": unseen
            .iter()
            .map(|finding| json!({"id": finding.id, "app": finding.subject.api_name}))
            .collect::<Vec<_>>(),
    })
}

fn finding_json(finding: &Finding) -> serde_json::Value {
    json!({
        "id": finding.id,
        "app": finding.subject.api_name,
        "result": finding.result,
        "delta": finding.delta,
        "moved": finding.moved,
        "first_seen": finding.first_seen,
    })
}

/// Findings of the baseline that are neither in the new assessment nor shown to be gone.
fn unseen<'a>(old: &'a Assessment, new: &Assessment) -> Vec<&'a Finding> {
    let gone = gone(new);
    let now: BTreeSet<&str> = new.findings.iter().map(|finding| finding.id.as_str()).collect();
    let missing = old.findings.iter().filter(|finding| !now.contains(finding.id.as_str()));
    missing.filter(|finding| !gone.contains_key(&finding.id)).collect()
}
