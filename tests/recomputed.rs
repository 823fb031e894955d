//! Every count and claim of summary, verdict and results, and the tables, computed again from what was printed beside
//! them. Nothing here is shared with what printed it: the sentences are read as text, in English and in German, and a
//! sentence that no rule here knows is a fault.

mod generated;
mod pattern;
mod plan;
mod printed;
mod summary;
mod tables;
mod verdict;

use crate::common::{Scratch, shr};
use crate::samples::{SAMPLES, key, samples};
use pattern::Holes;
use printed::Printed;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Reports an org in one language.
fn reported(name: &str, snapshot: &Path, engagement: Option<&Path>, german: bool) -> Printed {
    let scratch = Scratch::new(&format!("recomputed-{name}-{german}"));
    let out = scratch.join("out");
    let mut args: Vec<PathBuf> = vec!["review".into(), snapshot.to_owned(), "-o".into(), out.clone()];
    args.extend(
        ["--as-of", "2026-11-24", "--all", "--workpapers", "--format", "md,csv,json", "--lang"].map(PathBuf::from),
    );
    args.push(if german { "de" } else { "en" }.into());
    if let Some(engagement) = engagement {
        args.extend(["--engagement".into(), engagement.to_owned()]);
    }
    let ran = shr(args);
    assert!(matches!(ran.code, 0 | 1 | 3), "{name}: {}: {}", ran.code, ran.err);
    Printed::read(name, german, &out)
}

/// All samples and the generated orgs, in both languages.
fn all() -> Vec<Printed> {
    let scratch = Scratch::new("recomputed-orgs");
    let mut orgs: Vec<(String, PathBuf, Option<PathBuf>)> = SAMPLES
        .iter()
        .map(|name| (key(name).to_owned(), samples().join(name), Some(samples().join("engagement.toml"))))
        .collect();
    orgs.extend(generated::write(scratch.path()).into_iter().map(|(name, path)| (name, path, None)));
    let runs: Vec<_> = orgs.iter().flat_map(|org| [(org, false), (org, true)]).collect();
    let report = |((name, path, engagement), german): &(&(String, PathBuf, Option<PathBuf>), bool)| {
        reported(name, path, engagement.as_deref(), *german)
    };
    runs.par_iter().map(report).collect()
}
/// A sentence in both languages, and what has to be so for it to be true.
type Claim = (&'static str, &'static str, fn(&Printed, &Holes) -> Option<String>);

/// `None` when they are equal, else both.
fn equal<T: PartialEq + std::fmt::Debug>(said: &T, counted: &T) -> Option<String> {
    (said != counted).then(|| format!("says {said:?}, counted {counted:?}"))
}

fn number(holes: &Holes, name: &str) -> usize {
    holes[name].parse().unwrap()
}

const FLOW: &str = "/facts/flow_state";
const ON: (&str, &[&str]) = (FLOW, &["on"]);
const ACTIVE: (&str, &[&str]) = ("/facts/execution_user/state", &["active"]);
/// Results from the worst to the best.
/// Names of severities in both languages, worst first.
const SEVERITIES: [(&str, &str); 4] =
    [("critical", "kritisch"), ("high", "hoch"), ("medium", "mittel"), ("low", "gering")];
const RESULTS: [&str; 6] = ["fail", "not_evaluable", "review", "pass", "not_applicable", "not_tested"];

/// How many apps have this result, by `population.csv`.
fn with_result(printed: &Printed, result: &str) -> usize {
    printed.population.iter().filter(|row| row["result"] == result).count()
}

/// Everything that is wrong in a report.
fn faults(printed: &Printed) -> Vec<String> {
    let mut faults = Vec::new();
    verdict::verdict(printed, &mut faults);
    summary::summary(printed, &mut faults);
    tables::results(printed, &mut faults);
    tables::symbols(printed, &mut faults);
    tables::tables(printed, &mut faults);
    plan::check(printed, &mut faults);
    faults
}

#[test]
fn every_claim_is_that_of_the_assessment() {
    let all = all();
    assert!(all.len() >= 20);
    let faults: Vec<String> = all.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Where a number starts and ends, in the lines that hold claims: verdict, tiles, severities, effects.
fn numbers(printed: &Printed) -> Vec<(usize, usize)> {
    let text = printed.markdown.as_str();
    let at = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let mut lines: Vec<&str> = vec![printed.cover()];
    lines.extend(printed.tiles().last());
    lines.extend(printed.section("summary").into_iter().filter(|line| line.starts_with("| ") && !line.contains("---")));
    lines.extend(verdict::glance(printed));
    let rows = printed.section("plan").into_iter().filter(|line| line.contains("](#shr-"));
    lines.extend(rows.filter_map(|row| row.split(" | ").nth(4)));
    let mut all = Vec::new();
    for line in lines {
        for (from, _) in line.match_indices(|c: char| c.is_ascii_digit()) {
            let digit = |at: usize| line.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
            if from == 0 || !digit(from - 1) {
                let length = (0..).take_while(|n| digit(from + n)).count();
                all.push((at(line) + from, at(line) + from + length));
            }
        }
    }
    all
}

#[test]
fn a_changed_number_is_noticed() {
    let engagement = samples().join("engagement.toml");
    for german in [false, true] {
        let mut printed = reported("noticed", &samples().join("halden-prod"), Some(&engagement), german);
        let whole = printed.markdown.clone();
        let numbers = numbers(&printed);
        assert!(numbers.len() > 60, "{numbers:?}");
        for (from, to) in numbers {
            let other = whole[from..to].parse::<u64>().unwrap() + 1;
            printed.markdown = format!("{}{other}{}", &whole[..from], &whole[to..]);
            assert!(!faults(&printed).is_empty(), "`{}` became {other}", &whole[from.saturating_sub(40)..to]);
        }
    }
}

#[test]
fn a_changed_name_is_noticed() {
    let engagement = samples().join("engagement.toml");
    let mut printed = reported("names", &samples().join("halden-prod"), Some(&engagement), false);
    let whole = printed.markdown.clone();
    let plan = whole.find("id=\"plan\"").unwrap();
    for (name, other) in [
        ("svc.claims", "svc.lookup"),
        ("Integration Dock", "Integration Claims"),
        ("Claims Intake needs", "Dock Gateway needs"),
        ("| Rotate the consumer secret of Rate Card Publisher Zürich", "| Rotate the consumer secret of Dock Gateway"),
        ("| Find out in Setup whether the flow of", "| Finish the move of"),
    ] {
        assert!(whole[plan..].contains(name), "{name} is not in the plan");
        printed.markdown = format!("{}{}", &whole[..plan], whole[plan..].replacen(name, other, 1));
        assert!(!faults(&printed).is_empty(), "{name} became {other}");
    }
}
