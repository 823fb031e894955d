//! `history.json` from run to run: what `shr review --baseline` takes over, adds and refuses.

use crate::common::{Ran, Scratch, files_below, root, shr};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

fn review(samples: &[&str], out: &Path, day: &str, more: &[&str]) -> Ran {
    let mut args: Vec<OsString> = vec!["review".into()];
    args.extend(samples.iter().map(|sample| root().join("samples").join(sample).into()));
    args.extend(["-o".into(), out.into(), "--as-of".into(), day.into()]);
    args.extend(more.iter().map(OsString::from));
    shr(args)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn days(path: &Path) -> Vec<String> {
    let runs = json(path)["runs"].as_array().unwrap().clone();
    runs.iter().map(|run| run["day"].as_str().unwrap().to_owned()).collect()
}

const SAMPLE: &[&str] = &["lumen-mdapi.zip"];
const DAYS: [&str; 3] = ["2026-09-30", "2026-10-31", "2026-11-24"];

#[test]
fn runs_are_added_one_by_one_and_a_day_stands_once() {
    let scratch = Scratch::new("movement-chain");
    let folders = ["one", "two", "three", "again"].map(|name| scratch.join(name));
    let text = |at: usize| folders[at].to_str().unwrap();
    let history = |at: usize| folders[at].join("history.json");
    let formats = "--format=md,json";
    assert_eq!(review(SAMPLE, &folders[0], DAYS[0], &[formats]).code, 1);
    assert_eq!(days(&history(0)), DAYS[..1], "a run without a baseline starts a history");
    let alone = fs::read_to_string(folders[0].join("report.md")).unwrap();
    assert!(!alone.contains("open findings went from"));
    // A report of an earlier version has no history.
    fs::remove_file(history(0)).unwrap();
    assert_eq!(review(SAMPLE, &folders[1], DAYS[1], &[formats, "--baseline", text(0)]).code, 1);
    assert_eq!(days(&history(1)), DAYS[..2]);
    assert_eq!(review(SAMPLE, &folders[2], DAYS[2], &[formats, "--baseline", text(1)]).code, 1);
    assert_eq!(days(&history(2)), DAYS);
    let told = fs::read_to_string(folders[2].join("report.md")).unwrap();
    assert!(told.contains("Over 3 runs since 2026-09-30, open findings went from"), "{told}");
    let assessment = json(&folders[2].join("assessment.json"));
    let open = |run: &Value| run["open"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let counts = &assessment["counts"];
    let counted = ["fail", "not_evaluable", "review"].map(|word| counts[word].as_u64().unwrap()).iter().sum::<u64>();
    assert_eq!(open(&json(&history(2))["runs"][2]), counted);
    let given = assessment["given"]["files"].as_array().unwrap();
    assert!(given.iter().any(|file| file["what"] == "history" && file["path"] == "history.json"), "{given:?}");
    assert_eq!(review(SAMPLE, &folders[3], DAYS[2], &[formats, "--baseline", text(2)]).code, 1);
    assert_eq!(days(&history(3)), DAYS, "the same day again is one run");
    assert_eq!(shr(["verify".into(), folders[2].clone()]).code, 0);
    let sums = fs::read_to_string(folders[2].join("SHA256SUMS")).unwrap();
    assert!(sums.contains("  history.json\n"), "{sums}");
    fs::write(history(2), "{}").unwrap();
    let changed = shr(["verify".into(), folders[2].clone()]);
    assert!(changed.code == 4 && changed.out.contains("history.json: differs"), "{}", changed.out);
}

#[test]
fn a_foreign_history_is_refused_and_nothing_is_written() {
    let scratch = Scratch::new("movement-foreign");
    let (old, new) = (scratch.join("old"), scratch.join("new"));
    assert_eq!(review(SAMPLE, &old, DAYS[0], &["--format=json"]).code, 1);
    let good = fs::read_to_string(old.join("history.json")).unwrap();
    let deep = "[".repeat(100_000);
    for (what, text) in [
        ("empty", String::new()),
        ("no JSON", "\u{0}\u{1b}]0;x\u{7}".to_owned()),
        ("another schema", good.replace("shr-history/1", "shr-history/9")),
        ("another day", good.replace(DAYS[0], "2026-09-29")),
        ("an unknown member", good.replacen("\"day\"", "\"note\": \"x\", \"day\"", 1)),
        ("nested deep", deep),
    ] {
        fs::write(old.join("history.json"), text).unwrap();
        let ran = review(SAMPLE, &new, DAYS[1], &["--format=json", "--baseline", old.to_str().unwrap()]);
        assert_eq!(ran.code, 2, "{what}: {}", ran.err);
        let lines: Vec<&str> = ran.err.lines().collect();
        assert!(lines.len() == 2 && lines[0].contains("history.json: "), "{what}: {}", ran.err);
        assert!(lines[1].starts_with("hint: ") && !ran.err.contains(['\u{1b}', '\u{7}']), "{what}: {}", ran.err);
        assert!(!new.exists(), "{what}");
    }
    let most = fs::metadata(old.join("assessment.json")).unwrap().len();
    fs::write(old.join("history.json"), good + &" ".repeat(usize::try_from(most).unwrap())).unwrap();
    let limit = format!("assessment-bytes={most}");
    let ran = review(SAMPLE, &new, DAYS[1], &["--baseline", old.to_str().unwrap(), "--limit", &limit]);
    assert!(ran.code == 2 && ran.err.contains("history.json: is larger than"), "{}", ran.err);
    assert!(ran.err.contains("hint: pass --limit assessment-bytes="), "{}", ran.err);
}

#[test]
fn orgs_have_a_history_each_which_pseudonyms_and_portfolios_leave_as_it_is() {
    let scratch = Scratch::new("movement-orgs");
    let both = &["lumen-mdapi.zip", "halden-metadata-only"];
    let run = |name: &str, day: &str, more: &[&str]| {
        let out = scratch.join(name);
        let mut all = vec!["--format=md,json"];
        all.extend(more);
        assert_ne!(review(both, &out, day, &all).code, 2);
        out
    };
    let histories = |folder: &Path| -> Vec<(String, Vec<u8>)> {
        files_below(folder).into_iter().filter(|(path, _)| path.ends_with("history.json")).collect()
    };
    let first = run("first", DAYS[0], &[]);
    let second = run("second", DAYS[1], &["--baseline", first.to_str().unwrap()]);
    let known = histories(&second);
    let paths: Vec<&str> = known.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["orgs/halden-metadata-only/history.json", "orgs/lumen-mdapi/history.json"]);
    for (path, _) in &known {
        assert_eq!(days(&second.join(path)), DAYS[..2]);
    }
    let (over, again) = (scratch.join("over"), run("again", DAYS[1], &["--baseline", first.to_str().unwrap()]));
    assert_eq!(histories(&again), known, "same input, same bytes");
    let args: [OsString; 7] = [
        "portfolio".into(),
        second.clone().into(),
        "-o".into(),
        over.clone().into(),
        "--format=md,json".into(),
        "--as-of".into(),
        DAYS[1].into(),
    ];
    assert_ne!(shr(args).code, 2);
    assert_eq!(histories(&over), known);
    let markdown = |folder: &Path| fs::read_to_string(folder.join("orgs/lumen-mdapi/report.md")).unwrap();
    assert!(markdown(&over).contains("Over 2 runs since"), "a portfolio shows the movement, too");
    let summed = |folder: &Path| fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(summed(&second).contains("2 of 2 orgs have earlier runs."), "{}", summed(&second));
    assert_eq!(summed(&second), summed(&over), "one report over all orgs, however it is made");
    assert!(!summed(&first).contains("earlier runs"));
    let hidden = run("hidden", DAYS[1], &["--baseline", first.to_str().unwrap(), "--redact"]);
    let (hidden, shown) = (histories(&hidden), known.iter().map(|(_, bytes)| bytes));
    assert!(shown.into_iter().all(|bytes| hidden.iter().any(|(_, other)| other == bytes)), "ids and numbers only");
}
