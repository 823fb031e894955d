//! Comparison of two assessments.

use super::build::{App, app, date, org};
use super::english;
use shr::delta::{compare, diff_text, first};
use shr::model::{Assessment, Conclusion, Delta, Outcome};
use std::collections::BTreeMap;

fn run(day: &str, apps: &[App]) -> Assessment {
    let mut run = org("prod", day, apps);
    first(&mut run);
    run
}

fn deltas(run: &Assessment) -> BTreeMap<&str, &str> {
    run.findings.iter().map(|finding| (finding.subject.api_name.as_str(), finding.delta.unwrap().word())).collect()
}

#[test]
fn results_before_and_now_make_the_delta() {
    use Outcome::{Fail, NotEvaluable, NotTested, Pass, Review};
    for (before, now, expected) in [
        (Fail, Fail, Delta::Unchanged),
        (Pass, Pass, Delta::Unchanged),
        (NotTested, NotTested, Delta::Unchanged),
        (Fail, Pass, Delta::Resolved),
        (Pass, Fail, Delta::Changed),
        (Review, Pass, Delta::Changed),
        (Fail, Review, Delta::Changed),
        (Fail, NotEvaluable, Delta::NotComparable),
        (NotEvaluable, NotEvaluable, Delta::NotComparable),
        (NotEvaluable, Pass, Delta::NotComparable),
        (Fail, NotTested, Delta::NotComparable),
        (NotTested, Pass, Delta::NotComparable),
    ] {
        let old = run("2026-01-31", &[app("A", before)]);
        let mut new = run("2026-02-28", &[app("A", now)]);
        compare(&old, &mut new);
        assert_eq!(new.findings[0].delta, Some(expected), "{before} {now}");
    }
}

#[test]
fn a_relapse_is_reopened_even_after_months_and_keeps_its_first_day() {
    let months = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"];
    let results = [Outcome::Fail, Outcome::Pass, Outcome::Pass, Outcome::Fail];
    let mut last = run(months[0], &[app("A", results[0])]);
    let mut words = Vec::new();
    for (day, result) in months.iter().zip(results).skip(1) {
        let mut now = run(day, &[app("A", result)]);
        compare(&last, &mut now);
        words.push(now.findings[0].delta.unwrap().word());
        assert_eq!(now.findings[0].first_seen, Some(date("2026-01-31")));
        last = now;
    }
    assert_eq!(words, ["resolved", "unchanged", "reopened"]);
}

#[test]
fn what_moved_is_named_with_both_values() {
    let old = run("2026-01-31", &[app("A", Outcome::Fail)]);
    let mut other = app("A", Outcome::Fail);
    other.relaxation = "Bypass_2factor".to_owned();
    let mut new = run("2026-02-28", &[other]);
    std::sync::Arc::make_mut(&mut new.findings[0].rights).grants.clear();
    compare(&old, &mut new);
    assert_eq!(new.findings[0].delta, Some(Delta::Changed));
    assert_eq!(
        new.findings[0].moved,
        ["privileges: – ModifyAllData", "ipRelaxationPolicyType: Bypass → Bypass_2factor"]
    );
    let mut lines = run("2026-02-28", &[app("A", Outcome::Fail)]);
    lines.evidence[0].item.line = Some(99);
    compare(&old, &mut lines);
    assert_eq!(lines.findings[0].delta, Some(Delta::Unchanged), "places do not count");
}

#[test]
fn gone_needs_a_complete_population_and_a_comparable_run() {
    let old = run("2026-01-31", &[app("A", Outcome::Fail), app("B", Outcome::Fail)]);
    let mut new = run("2026-02-28", &[app("A", Outcome::Fail), app("C", Outcome::Fail)]);
    compare(&old, &mut new);
    assert_eq!(deltas(&new), BTreeMap::from([("A", "unchanged"), ("C", "new")]));
    let gone: Vec<&String> = new.baseline.as_ref().unwrap().gone.values().collect();
    assert_eq!(gone, ["B"]);
    assert_eq!(new.baseline.as_ref().unwrap().snapshot_at, Some(date("2026-01-31")));
    for change in
        [(|new: &mut Assessment| new.population.conclusion = Conclusion::NotProven) as fn(&mut Assessment), |new| {
            new.ruleset_version = "2.0.0".to_owned()
        }]
    {
        change(&mut new);
        compare(&old, &mut new);
        assert!(new.baseline.as_ref().unwrap().gone.is_empty());
        let text = diff_text(&old, &new, &english());
        assert!(text.contains("1 not seen") && text.contains(" B\n"), "{text}");
    }
    assert_eq!(deltas(&new), BTreeMap::from([("A", "not_comparable"), ("C", "new")]));
}

#[test]
fn the_text_tells_span_counts_and_moves() {
    let old = run("2026-01-31", &[app("A", Outcome::Fail), app("B", Outcome::Fail), app("D", Outcome::Review)]);
    let new = run("2026-03-02", &[app("A", Outcome::Pass), app("D", Outcome::Review)]);
    let text = diff_text(&old, &new, &english());
    assert!(text.starts_with("prod: 2026-01-31 to 2026-03-02, 30 days apart\n"), "{text}");
    assert!(text.contains("resolved 1\n") && text.contains("A pass\n    result: fail → pass\n"), "{text}");
    assert!(text.contains("gone 1\n") && text.contains("unchanged 1\n"), "{text}");
    assert!(!text.contains('⟨'), "{text}");
}
