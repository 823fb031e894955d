//! Movement over runs: `history.json`, its schema, what the report and `shr track --stats` say of it.

use super::build::{App, accepted, app, date, org};
use super::english;
use super::files::{Folder, path, run};
use boon::{Compiler, Schemas};
use shr::drawing::Shape;
use shr::history::{History, MOST, median};
use shr::model::{Assessment, Outcome};
use shr::report::portfolio::Moved;
use shr::report::{self, OrgSummary};
use std::collections::BTreeMap;
use std::fs;

const F: Option<Outcome> = Some(Outcome::Fail);
const P: Option<Outcome> = Some(Outcome::Pass);
const R: Option<Outcome> = Some(Outcome::Review);
const N: Option<Outcome> = Some(Outcome::NotEvaluable);
const X: Option<Outcome> = Some(Outcome::NotTested);

/// Six runs of seven apps; none where an app is not in the snapshot. Scores of failing apps are 8.8, of others 8.1,
/// but for `E`.
const DAYS: [&str; 6] = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-12-31"];
const APPS: [(&str, [Option<Outcome>; 6]); 7] = [
    ("A", [F, F, P, P, F, P]),
    ("B", [F, P, P, F, P, P]),
    ("C", [None, F, F, F, F, F]),
    ("D", [P, F, F, None, None, None]),
    ("E", [R, R, F, F, P, P]),
    ("G", [N, N, P, P, P, P]),
    ("H", [F, F, F, X, X, F]),
];

fn apps(at: usize) -> Vec<App> {
    let there = APPS.iter().filter_map(|(name, results)| Some((name, results[at]?)));
    let made = there.map(|(name, result)| {
        let mut made = app(name, result);
        if *name == "E" {
            made.score = 95;
        }
        if *name == "C" && at >= 3 {
            made.disposition = Some(accepted("C", "2027-06-30"));
        }
        made
    });
    made.collect()
}

fn next(old: Option<&(Assessment, History)>, day: &str, apps: &[App]) -> (Assessment, History) {
    next_of("prod", old, day, apps)
}

fn next_of(key: &str, old: Option<&(Assessment, History)>, day: &str, apps: &[App]) -> (Assessment, History) {
    let mut new = org(key, day, apps);
    match old {
        Some((old, _)) => shr::delta::compare(old, &mut new),
        None => shr::delta::first(&mut new),
    }
    let history = History::of(old.map(|(_, history)| history), old.map(|(old, _)| old), &new);
    (new, history)
}

fn chain() -> (Assessment, History) {
    chain_of("prod", DAYS.len())
}

fn chain_of(key: &str, runs: usize) -> (Assessment, History) {
    let runs = DAYS.iter().enumerate().take(runs);
    runs.fold(None, |old, (at, day)| Some(next_of(key, old.as_ref(), day, &apps(at)))).unwrap()
}

/// What the table above says of each run, counted from it alone: open, new, fixed with days, reopened.
type Counted = (u64, u32, Vec<i32>, usize);

fn counted() -> Vec<Counted> {
    let open = |result: Option<Outcome>| matches!(result, F | R | N);
    let mut all = vec![(0, 0, Vec::new(), 0); DAYS.len()];
    for (_, results) in APPS {
        let mut first: Option<usize> = None;
        for at in 0..DAYS.len() {
            let before = if at == 0 { None } else { results[at - 1] };
            // An app that was away comes back as a new one.
            if at > 0 && before.is_none() {
                first = None;
            }
            if open(results[at]) {
                all[at].0 += 1;
                match first {
                    None => all[at].1 += 1,
                    Some(_) if before == P && results[at] == F => all[at].3 += 1,
                    Some(_) => {}
                }
                first.get_or_insert(at);
            }
            if let (F, P, Some(first)) = (before, results[at], first) {
                all[at].2.push((date(DAYS[at]) - date(DAYS[first])).get_days());
            }
        }
    }
    all.iter_mut().for_each(|(_, _, days, _)| days.sort_unstable());
    all
}

#[test]
fn each_run_of_a_chain_is_counted_as_the_table_says() {
    let (_, history) = chain();
    assert_eq!(history.runs.iter().map(|run| run.day.to_string()).collect::<Vec<_>>(), DAYS);
    for (run, (open, new, days, reopened)) in history.runs.iter().zip(counted()) {
        let mut fixed: Vec<i32> = run.resolved.values().map(|days| i32::try_from(*days).unwrap()).collect();
        fixed.sort_unstable();
        assert_eq!((run.open.total(), run.new, fixed, run.reopened.len()), (open, new, days, reopened), "{}", run.day);
    }
    let first = &history.runs[0];
    assert_eq!((first.open.critical, first.open.high, first.ages), (1, 4, [5, 0, 0, 0]), "E is critical");
    assert_eq!(history.runs.iter().map(|run| run.accepted).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1]);
    let last = history.runs.last().unwrap();
    assert_eq!((last.open.total(), last.ages), (2, [0, 0, 0, 2]), "C since February, H since January");
}

#[test]
fn the_movement_adds_up_and_has_the_median_of_the_fixes() {
    let (_, history) = chain();
    let counted = counted();
    let moved = history.movement().unwrap();
    let sum = |of: fn(&Counted) -> usize| counted[1..].iter().map(of).sum::<usize>() as u64;
    assert_eq!((moved.before, moved.open), (counted[0].0, counted[5].0));
    assert_eq!((moved.new, moved.resolved), (sum(|run| run.1 as usize), sum(|run| run.2.len())));
    assert_eq!(moved.reopened, sum(|run| run.3));
    let signed = |n: u64| i64::try_from(n).unwrap();
    assert_eq!(
        signed(moved.before) + signed(moved.new) + signed(moved.reopened) - signed(moved.resolved) + moved.other,
        signed(moved.open)
    );
    // A 59 and 334, B 28 and 120, E 120 days: the third of five.
    assert_eq!((moved.resolved, moved.median_days), (5, Some(120)));
    for (run, other) in history.steps().skip(1) {
        assert!(other.is_some(), "{}", run.day);
    }
    let others: i64 = history.steps().filter_map(|(_, other)| other).sum();
    assert_eq!(others, moved.other);
    for (days, expected) in [(vec![], None), (vec![7], Some(7)), (vec![9, 1], Some(5)), (vec![4, 1], Some(3))] {
        assert_eq!(median(days), expected);
    }
}

#[test]
fn the_same_day_again_takes_the_place_of_that_day() {
    let (old, history) = chain();
    let again = next(Some(&(old.clone(), history.clone())), DAYS[5], &apps(5));
    assert_eq!(again.1, history, "the same snapshot again changes nothing");
    // A was fixed, and is found to fail after all; C was open and is fixed; K is new.
    let mut other = apps(5);
    for made in &mut other {
        match made.name.as_str() {
            "A" => *made = app("A", Outcome::Fail),
            "C" => *made = app("C", Outcome::Pass),
            _ => {}
        }
    }
    other.push(app("K", Outcome::Fail));
    let third = next(Some(&again), DAYS[5], &other);
    let (was, is) = (&history.runs[5], third.1.runs.last().unwrap());
    assert_eq!((third.1.runs.len(), is.open.total(), is.new), (6, 3, 1));
    let id = |name: &str| old.findings.iter().find(|finding| finding.subject.api_name == name).unwrap().id.clone();
    assert_eq!(was.resolved, BTreeMap::from([(id("A"), 334)]));
    assert_eq!(is.resolved, BTreeMap::from([(id("C"), 306)]), "A is open, as it was the run before");
    assert!(is.reopened.is_empty(), "against the days before, nothing was reopened");
    other.pop();
    let fourth = next(Some(&third), DAYS[5], &other);
    assert_eq!(fourth.1.runs.last().unwrap().new, 0, "K was opened and went within the day");
}

#[test]
fn a_history_starts_with_its_baseline_and_ends_with_its_run() {
    let first = next(None, DAYS[0], &apps(0));
    assert_eq!((first.1.runs.len(), first.1.movement()), (1, None));
    let mut second = org("prod", DAYS[1], &apps(1));
    shr::delta::compare(&first.0, &mut second);
    assert_eq!(History::of(None, Some(&first.0), &second), History::of(Some(&first.1), Some(&first.0), &second));
    let (last, history) = chain();
    let back = next(Some(&(last, history)), DAYS[2], &apps(2));
    let back = back.1.runs;
    assert_eq!((back.len(), back[2].resolved.len(), back[2].reopened.len()), (3, 1, 0), "later runs are not its past");
}

#[test]
fn the_oldest_runs_leave_a_long_history() {
    let mut old = next(None, "2026-01-01", &apps(0));
    for days in 1..=MOST + 4 {
        let day = date("2026-01-01") + jiff::Span::new().days(days as i64);
        old = next(Some(&old), &day.to_string(), &apps(days % 2));
    }
    assert_eq!((old.1.runs.len(), old.1.runs[0].day), (MOST, date("2026-01-06")));
    let drawn = shown(&old, "en").figures.movement.unwrap();
    assert_eq!(drawn.twin.len(), 13);
    assert!(drawn.twin[12].starts_with("108 earlier runs"), "{}", drawn.twin[12]);
}

fn shown((run, history): &(Assessment, History), language: &str) -> report::Report {
    let (control, words) = (shr::controls::catalogue(language).unwrap(), shr::controls::wording(language).unwrap());
    let mut model = report::build(run, &control, &words);
    report::add_movement(&mut model, run, history, &words);
    model
}

#[test]
fn the_report_tells_the_movement_in_both_languages_and_draws_it() {
    let chain = chain();
    let english = shown(&chain, "en");
    let said = "Over 6 runs since 2026-01-31, open findings went from 5 to 2: 2 new, 5 fixed (median 120 days after first \
                sight), 2 reopened.";
    let other = "2 more are no longer open because the app is gone, left out or judged otherwise.";
    let (summary, changes) = (&english.summary.change, &english.changes.sentence);
    assert!(summary.starts_with("Against the baseline") && summary.ends_with(said), "{summary}");
    assert!(!summary.contains("apart"), "the days of the snapshots stand with the changes: {summary}");
    assert!(changes.contains("214 days apart.") && changes.ends_with(&format!("{said} {other}")), "{changes}");
    let german = shown(&chain, "de");
    let said = "In 6 Läufen seit dem 2026-01-31: offene Feststellungen von 5 auf 2, 2 neu, 5 behoben (im Median nach 120 \
                Tagen), 2 wieder offen.";
    assert!(german.summary.change.ends_with(said), "{}", german.summary.change);
    assert!(german.changes.sentence.contains("2 weitere sind nicht mehr offen"), "{}", german.changes.sentence);
    let figure = english.figures.movement.as_ref().unwrap();
    assert_eq!(figure.twin[0], "2026-01-31: 1 critical and 4 high.");
    assert!(figure.alt.ends_with("2026-12-31: 2 high."), "{}", figure.alt);
    let drawing = english.figures.drawings().into_iter().find(|drawing| drawing.name == "movement").unwrap();
    let bars = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Rect { .. })).count();
    let severities: usize = chain.1.runs.iter().map(|run| run.open.counts().iter().filter(|of| of.1 > 0).count()).sum();
    assert_eq!(bars, severities + 2, "a part for each severity of a run, and two in the legend");
}

#[test]
fn a_report_without_movement_stays_as_it_is() {
    let first = next(None, DAYS[0], &apps(0));
    let (control, words) = (shr::controls::catalogue("en").unwrap(), english());
    let plain = serde_json::to_string(&report::build(&first.0, &control, &words)).unwrap();
    assert_eq!(serde_json::to_string(&shown(&first, "en")).unwrap(), plain);
    let same = next(Some(&first), DAYS[1], &apps(0));
    assert!(shown(&same, "en").figures.movement.is_none(), "two runs that are alike are one value");
}

#[test]
fn what_is_written_fits_the_schema_and_is_read_back() {
    let text = include_str!("../../docs/history.schema.json");
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.add_resource("urn:shr:history:1", serde_json::from_str(text).unwrap()).unwrap();
    let index = compiler.compile("urn:shr:history:1", &mut schemas).unwrap();
    let (run, history) = chain();
    let value = serde_json::to_value(&history).unwrap();
    assert!(schemas.validate(&value, index).is_ok(), "{:#}", schemas.validate(&value, index).unwrap_err());
    assert_eq!(History::read(value.to_string().as_bytes(), &run).unwrap(), history);
    for (what, break_it) in HOSTILE {
        let mut value = value.clone();
        break_it(&mut value);
        let fault = History::read(value.to_string().as_bytes(), &run).unwrap_err();
        assert!(!fault.contains('\n') && !fault.is_empty(), "{what}: {fault}");
    }
    for (what, break_it) in &HOSTILE[..7] {
        let mut value = value.clone();
        break_it(&mut value);
        assert!(schemas.validate(&value, index).is_err(), "{what}");
    }
}

type Break = fn(&mut serde_json::Value);

/// What is no history; the schema can tell the first seven.
const HOSTILE: [(&str, Break); 12] = [
    ("another version", |v| v["schema"] = "shr-history/2".into()),
    ("an unknown member", |v| v["runs"][0]["note"] = "x".into()),
    ("no run", |v| v["runs"] = serde_json::json!([])),
    ("a negative count", |v| v["runs"][0]["new"] = (-1).into()),
    ("a malformed id", |v| v["runs"][1]["reopened"] = serde_json::json!(["<script>"])),
    ("an age too many", |v| v["runs"][0]["ages"] = serde_json::json!([1, 1, 1, 1, 1])),
    ("too many runs", |v| v["runs"] = vec![v["runs"][0].clone(); MOST + 1].into()),
    ("days out of order", |v| v["runs"].as_array_mut().unwrap().swap(0, 1)),
    ("the same day twice", |v| v["runs"][1]["day"] = DAYS[0].into()),
    ("more new than open", |v| v["runs"][0]["new"] = 4_000_000_000_u32.into()),
    ("counts that overflow", |v| v["runs"][0]["ages"] = serde_json::json!([u32::MAX, u32::MAX, u32::MAX, u32::MAX])),
    ("another run", |v| drop(v["runs"].as_array_mut().unwrap().pop())),
];

#[test]
fn stats_show_the_movement_below_the_counts() {
    let folder = Folder::new("movement");
    let (last, history) = chain();
    let report = folder.run("report", &[&last]);
    let tracker = folder.0.join("tracker.csv");
    let bytes = shr::render::csv::findings(&[&last], &english(), shr::render::csv::Dialect::Excel, false);
    fs::write(&tracker, &bytes[0].1).unwrap();
    let stats = |more: &[&str]| {
        let mut args = vec!["track", path(&tracker), "--stats", "--from", path(&report), "--as-of", "2026-12-31"];
        args.extend(more);
        run(&args)
    };
    let alone = stats(&[]).out;
    assert!(alone.contains("movement   prod: one run, nothing to compare\n"), "{alone}");
    fs::write(report.join("history.json"), serde_json::to_vec(&history).unwrap()).unwrap();
    let told = stats(&[]).out;
    let (counts, moved) = told.split_once("\n\n").unwrap();
    assert!(counts.starts_with("findings "), "{told}");
    let lines: Vec<&str> = moved.lines().collect();
    assert_eq!(
        lines[0],
        "movement   prod: 6 runs from 2026-01-31 to 2026-12-31, open 5 to 2: 2 new, 5 fixed (median 120 days after the \
         first sight), 2 reopened, -2 otherwise"
    );
    assert_eq!(lines.len(), 8, "{moved}");
    for (line, (open, new, days, reopened)) in lines[2..].iter().zip(counted()) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let ours = [open.to_string(), new.to_string(), days.len().to_string(), reopened.to_string()];
        assert_eq!([cells[1], cells[8], cells[9], cells[11]], ours.each_ref().map(String::as_str), "{line}");
    }
    let value: serde_json::Value = serde_json::from_str(&stats(&["--json"]).out).unwrap();
    assert_eq!(value["history"][0]["org"], "prod");
    assert_eq!(value["history"][0]["movement"]["median_days"], 120);
    assert_eq!(value["history"][0]["runs"].as_array().unwrap().len(), 6);
    fs::write(report.join("history.json"), "{\"schema\":\"\u{1b}[2J\"}").unwrap();
    let refused = stats(&[]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("history.json") && refused.err.contains("\nhint: "), "{}", refused.err);
    assert!(!refused.err.contains('\u{1b}'));
}

/// A portfolio of orgs with so many runs each.
fn portfolio(runs: &[(&str, usize)], language: &str) -> report::Portfolio {
    let (control, words) = (shr::controls::catalogue(language).unwrap(), shr::controls::wording(language).unwrap());
    let orgs = runs.iter().map(|(key, runs)| {
        let (run, history) = chain_of(key, *runs);
        OrgSummary { moved: Moved::of(&run, &history), ..OrgSummary::of(&run) }
    });
    report::portfolio(&orgs.collect::<Vec<_>>(), &[], &control, &words)
}

#[test]
fn a_portfolio_adds_up_what_moved_in_its_orgs() {
    let orgs = [("prod", 6), ("uat", 3), ("new", 1)];
    let moved = portfolio(&orgs, "en").moved.unwrap();
    let counted = counted();
    // Open before and now, new, fixed with days, reopened: from the table alone.
    let expected = |runs: usize| {
        let later = &counted[1..runs];
        let days: Vec<i32> = later.iter().flat_map(|run| run.2.clone()).collect();
        let (new, back) = (later.iter().map(|run| run.1).sum::<u32>(), later.iter().map(|run| run.3).sum::<usize>());
        (counted[0].0, counted[runs - 1].0, u64::from(new), days, back as u64)
    };
    let median = |mut days: Vec<i32>| {
        days.sort_unstable();
        let (low, high) = (days[(days.len() - 1) / 2], days[days.len() / 2]);
        low + (high - low + 1) / 2
    };
    let rows: Vec<(&str, &[String])> = moved.rows.iter().map(|row| (row.key.as_str(), &row.cells[..])).collect();
    assert_eq!(rows.len(), 2, "an org with one run has no line: {rows:?}");
    for (key, runs) in &orgs[..2] {
        let (_, cells) = rows.iter().find(|(known, _)| known == key).unwrap();
        let (before, open, new, days, back) = expected(*runs);
        let other = i64::try_from(open).unwrap() - i64::try_from(before + new + back).unwrap() + days.len() as i64;
        let other = if other == 0 { "0".to_owned() } else { format!("{other:+}").replace('-', "−") };
        let numbers = [*runs as u64, before, open, new, days.len() as u64].map(|n| n.to_string());
        let rest = [median(days).to_string(), back.to_string(), other];
        assert_eq!(cells.to_vec(), numbers.into_iter().chain(rest).collect::<Vec<_>>(), "{key}");
    }
    let (a, b) = (expected(6), expected(3));
    let days = [a.3, b.3].concat();
    let said = format!(
        "2 of 3 orgs have earlier runs. From the first to the last run of each of them, open findings went from {} to {}: {} \
         new, {} fixed (median {} days after first sight), {} reopened.",
        a.0 + b.0,
        a.1 + b.1,
        a.2 + b.2,
        days.len(),
        median(days),
        a.4 + b.4
    );
    let other = "more are no longer open because the app is gone, left out or judged otherwise.";
    assert!(moved.said[0].starts_with(&said) && moved.said[0].ends_with(other), "{}", moved.said[0]);
    assert_eq!(moved.said.len(), 2);
    assert_eq!(moved.said.last().unwrap(), "1 org has one run only, so nothing is said of its movement.");
    let ageing = moved.ageing.unwrap();
    assert_eq!(ageing.twin.len(), 2, "{:?}", ageing.twin);
    assert!(ageing.twin.iter().any(|line| line.ends_with(": 2 more than 180 days.")), "{:?}", ageing.twin);
}

#[test]
fn a_portfolio_of_first_runs_says_nothing_of_movement() {
    let first = portfolio(&[("prod", 1), ("uat", 1)], "en");
    assert!(first.moved.is_none());
    assert!(!first.glance.iter().any(|line| line.contains("earlier run")), "{:?}", first.glance);
    let german = portfolio(&[("prod", 6), ("uat", 3)], "de");
    let said = &german.moved.unwrap().said[0];
    assert!(said.starts_with("Zu 2 von 2 Orgs gibt es frühere Läufe."), "{said}");
    assert!(german.glance.contains(said));
}
