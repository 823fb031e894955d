//! Limits have names, an option, and hints that lead through.

use crate::common::{Scratch, shr};
use shr::engagement::Engagement;
use shr::limits::{Change, Limits};
use shr::model::Assessment;
use shr::source::Source;
use std::fs;
use std::path::PathBuf;

const AS_OF: [&str; 4] = ["--format", "md,json", "--as-of", "2026-11-24"];

fn args(parts: &[&dyn AsRef<std::path::Path>]) -> Vec<PathBuf> {
    parts.iter().map(|part| part.as_ref().to_owned()).chain(AS_OF.map(PathBuf::from)).collect()
}

/// A snapshot with an app and an export of some hundred users.
fn snapshot(scratch: &Scratch) -> PathBuf {
    let folder = scratch.join("relay");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("Relay.eca-meta.xml"),
        "<ExternalClientApplication><label>Relay</label></ExternalClientApplication>",
    )
    .unwrap();
    let rows: String = (0..300).map(|n| format!("005xx00000{n:05},u{n}@example.com,true\n")).collect();
    fs::write(folder.join("User.csv"), format!("Id,Username,IsActive\n{rows}")).unwrap();
    folder
}

#[test]
fn a_hint_names_the_option_that_lets_the_file_through() {
    let scratch = Scratch::new("limits-hint");
    let (folder, first, second) = (snapshot(&scratch), scratch.join("a"), scratch.join("b"));
    let ran = shr(args(&[&"review", &folder, &"-o", &first, &"--limit", &"file-bytes=5kB"]));
    let told = fs::read_to_string(first.join("assessment.json")).unwrap() + &ran.err;
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(told.contains("is larger than 5000 bytes"), "{told}");
    assert!(told.contains("--limit file-bytes=20kB"), "{told}");
    let ran = shr(args(&[&"review", &folder, &"-o", &second, &"--limit", &"file-bytes=20kB"]));
    let told = fs::read_to_string(second.join("assessment.json")).unwrap() + &ran.err;
    assert!(!told.contains("is larger than"), "{told}");
}

#[test]
fn a_changed_limit_is_part_of_the_printed_command_and_of_the_manifest() {
    let scratch = Scratch::new("limits-given");
    let (folder, report) = (snapshot(&scratch), scratch.join("r"));
    let limits = ["--limit", "file-bytes=5kB", "--limit", "entries=500", "--limit", "xml-depth=64"];
    let all: Vec<PathBuf> =
        args(&[&"review", &folder, &"-o", &report]).into_iter().chain(limits.map(PathBuf::from)).collect();
    shr(all);
    let text = fs::read_to_string(report.join("report.md")).unwrap();
    assert!(
        text.contains("--limit file-bytes=5kB --limit entries=500"),
        "{}",
        text.lines().filter(|l| l.contains("--limit")).collect::<String>()
    );
    assert!(!text.contains("xml-depth"), "a default is not repeated");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(report.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["options"]["limits"], serde_json::json!({"entries": 500, "file-bytes": 5000}));
    let again = shr(["verify".into(), report.clone(), "--reproduce".into(), folder]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    // A portfolio shows with which limits each org was judged.
    let portfolio = scratch.join("p");
    assert_eq!(shr(args(&[&"portfolio", &report, &"-o", &portfolio])).code, 3);
    let text = fs::read_to_string(portfolio.join("orgs/relay/report.md")).unwrap();
    assert!(text.contains("--limit file-bytes=5kB"));
}

#[test]
fn every_command_that_reads_has_the_option_and_refuses_what_is_none() {
    for command in [
        vec!["review", "x"],
        vec!["portfolio", "x"],
        vec!["track", "x", "--check"],
        vec!["diff", "x", "x"],
        vec!["verify", "x"],
        vec!["explain", "SHR-0000"],
    ] {
        let with = |limit: &str| shr(command.iter().copied().chain(["--limit", limit]).map(PathBuf::from));
        let unknown = with("file-byte=1");
        assert_eq!(unknown.code, 2, "{command:?}");
        assert!(unknown.err.contains("did you mean `file-bytes`?"), "{command:?}: {}", unknown.err);
        assert!(with("entries=2MB").err.contains("whole number"), "{command:?}");
        assert!(!with("entries=2").err.contains("--limit"), "{command:?}: {}", with("entries=2").err);
    }
}

#[test]
fn files_of_every_kind_name_their_limit() {
    let scratch = Scratch::new("limits-files");
    let (folder, out) = (snapshot(&scratch), scratch.join("r"));
    fs::write(scratch.join("long.toml"), "#".repeat(3000)).unwrap();
    let long = scratch.join("long.toml");
    for (option, limit) in [("--engagement", "text-bytes"), ("--theme", "text-bytes"), ("--font", "asset-bytes")] {
        let limited = format!("{limit}=2kB");
        let ran = shr(args(&[&"review", &folder, &"-o", &out, &option, &long, &"--limit", &limited]));
        assert_eq!(ran.code, 2, "{option}");
        assert!(ran.err.contains(&format!("--limit {limit}=5kB")), "{option}: {}", ran.err);
    }
    let report = scratch.join("ok");
    shr(args(&[&"review", &folder, &"-o", &report]));
    let assessment = report.join("assessment.json");
    for command in [vec!["diff".into(), assessment.clone(), assessment.clone()], vec!["portfolio".into(), report]] {
        let ran = shr(command.into_iter().chain(["--limit", "assessment-bytes=1kB"].map(PathBuf::from)));
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("--limit assessment-bytes="), "{}", ran.err);
    }
}

#[test]
fn a_report_of_too_many_pages_is_not_written_and_the_hint_lets_it_through() {
    let scratch = Scratch::new("limits-pages");
    let (folder, report) = (snapshot(&scratch), scratch.join("r"));
    let review = |limit: &str| {
        let args = ["--format", "pdf,csv", "--as-of", "2026-11-24", "--limit", limit].map(PathBuf::from);
        shr(["review".into(), folder.clone(), "-o".into(), report.clone()].into_iter().chain(args))
    };
    let ran = review("pages=1");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("report.pdf: would have"), "{}", ran.err);
    assert!(!report.exists(), "nothing is written of a report that lacks its PDF");
    let hint = ran.err.split("--limit ").nth(1).and_then(|rest| rest.split(',').next()).unwrap().to_owned();
    assert!(hint.starts_with("pages="), "{hint}");
    let ran = review(&hint);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(report.join("report.pdf").exists() && report.join("findings.csv").exists());
}

#[test]
fn a_tracker_names_the_limit_that_it_passes() {
    let scratch = Scratch::new("limits-tracker");
    let wide = scratch.join("wide.csv");
    fs::write(&wide, format!("finding_id{}\n", ",x".repeat(1500))).unwrap();
    let check = |limit: &str| shr(["track", wide.to_str().unwrap(), "--check", "--limit", limit]);
    for (limit, option) in [
        ("tracker-columns=1024", "--limit tracker-columns=2000"),
        ("tracker-columns=2000", ""),
        ("tracker-bytes=1kB", "--limit tracker-bytes=5kB"),
    ] {
        let ran = check(limit);
        assert_eq!(ran.err.contains("--limit"), !option.is_empty(), "{limit}: {}", ran.err);
        assert!(ran.err.contains(option), "{limit}: {}", ran.err);
    }
    let cells = shr([
        "track",
        wide.to_str().unwrap(),
        "--check",
        "--limit",
        "tracker-columns=9000",
        "--limit",
        "tracker-cells=1000",
    ]);
    assert!(cells.err.contains("--limit tracker-cells=2000"), "{}", cells.err);
}

fn read(files: Vec<(String, String)>, changes: &[&str]) -> Assessment {
    let changes: Vec<Change> = changes.iter().map(|change| change.parse().unwrap()).collect();
    let limits = Limits::with(&changes);
    let snapshot = shr::ingest::read(&Source::memory("acme", files), &limits).unwrap();
    let control = shr::controls::catalogue("en").unwrap();
    let day = jiff::civil::date(2026, 11, 24);
    shr::assess::assess_within(&snapshot, &control, &Engagement::default(), "acme", day, &limits)
}

fn app(name: &str, inside: &str) -> (String, String) {
    let text = format!("<ExternalClientApplication>{inside}</ExternalClientApplication>");
    (format!("externalClientApps/{name}.eca-meta.xml"), text)
}

#[test]
fn a_long_label_is_cut_and_said_and_a_long_name_is_a_gap() {
    let long = "a".repeat(200);
    let told = read(vec![app("Relay", &format!("<label>{long}</label>"))], &["text-length=100"]);
    let label = &told.findings[0].subject.label;
    assert!(label.starts_with(&"a".repeat(100)) && !label.contains(&"a".repeat(101)), "{label}");
    assert!(label.contains("200 characters"), "{label}");
    let [problem] = &told.problems[..] else { panic!("{:?}", told.problems) };
    assert!(problem.message.contains("`label` has 200 characters"), "{}", problem.message);
    assert!(problem.hint.contains("--limit text-length=200"), "{}", problem.hint);

    // What a judgement may rest on is not cut but not there: the profile may hold anything.
    let profile = |name: &str| {
        format!("<Profile><userPermissions><name>{name}</name><enabled>true</enabled></userPermissions></Profile>")
    };
    let path = "profiles/Sales.profile-meta.xml".to_owned();
    let fine = read(vec![(path.clone(), profile("ApiEnabled"))], &["text-length=100"]);
    assert_eq!(fine.problems, []);
    let lost = read(vec![(path, profile(&long))], &["text-length=100"]);
    assert!(lost.problems[0].message.contains("`name` has 200 characters"), "{:?}", lost.problems);
    assert!(lost.problems[0].hint.contains("--limit text-length=200"), "{:?}", lost.problems);
}

#[test]
fn a_long_path_is_named_and_its_file_counts_as_unread() {
    let name = "x".repeat(300);
    let told = read(vec![app("Relay", ""), app(&name, "")], &["path-length=100"]);
    let [problem] = &told.problems[..] else { panic!("{:?}", told.problems) };
    assert!(problem.hint.contains("--limit path-length=500"), "{}", problem.hint);
    assert_eq!(told.findings.len(), 2, "the app is there, and nothing is known of it");
}

#[test]
fn many_problems_are_listed_up_to_a_limit_and_touch_apps_up_to_another() {
    let apps = (0..40).map(|n| app(&format!("App{n:02}"), ""));
    let torn = (0..30).map(|n| (format!("policies/P{n:02}.ecaOauthPlcy-meta.xml"), "<Extl".to_owned()));
    let all: Vec<_> = apps.chain(torn).collect();
    let told = read(all.clone(), &["problems=10", "problem-apps=5"]);
    assert_eq!(told.problems.len(), 11);
    assert!(told.problems.iter().all(|problem| (problem.touches.len(), problem.touches_more) == (5, 35)));
    let last = told.problems.last().unwrap();
    assert_eq!(last.more, 19);
    assert!(last.message.ends_with("19 further problems are not listed"), "{}", last.message);
    assert!(last.hint.contains("--limit problems=50"), "{}", last.hint);
    let whole = read(all, &["problems=30", "problem-apps=40"]);
    assert_eq!(whole.problems.len(), 30);
    assert!(whole.problems.iter().all(|problem| (problem.touches.len(), problem.touches_more) == (40, 0)));
    // The judgement is the same: what is listed is no evidence.
    let results = |told: &Assessment| told.findings.iter().map(|finding| finding.result).collect::<Vec<_>>();
    assert_eq!(results(&told), results(&whole));
}

#[test]
fn the_console_shows_the_first_problems_and_counts_the_others() {
    let scratch = Scratch::new("limits-console");
    let folder = snapshot(&scratch);
    for n in 0..30 {
        fs::write(folder.join(format!("P{n:02}.ecaOauthPlcy-meta.xml")), "<Extl").unwrap();
    }
    let ran =
        shr(args(&[&"review", &folder, &"-o", &scratch.join("r"), &"--limit", &"problems-printed=3", &"--workpapers"]));
    assert!(ran.err.contains("27 further problems"), "{}", ran.err);
    assert!(ran.err.contains("--limit problems-printed=50"), "{}", ran.err);
    assert_eq!(ran.err.lines().filter(|line| line.contains(".ecaOauthPlcy-meta.xml")).count(), 3, "{}", ran.err);
    let text = fs::read_to_string(scratch.join("r/workpapers.md")).unwrap();
    assert_eq!(text.matches("P29.ecaOauthPlcy").count().min(1), 1, "the workpapers list them all");
    let text = fs::read_to_string(scratch.join("r/report.md")).unwrap();
    assert!(text.contains("20 more problems: assessment.json"), "the report says how many it leaves out");
}

fn users(rows: usize, name: &str) -> (String, String) {
    let rows: String = (0..rows).map(|n| format!("005xx00000{n:05},u{n}@example.com,true,{name}\n")).collect();
    ("User.csv".to_owned(), format!("Id,Username,IsActive,Name\n{rows}"))
}

#[test]
fn an_export_beyond_its_rows_or_columns_is_not_used_in_part() {
    let parents: String = (0..3)
        .map(|n| {
            let child = |m: usize| format!(r#"{{"Id":"0Pa0000000{n}{m:04}","AssigneeId":"005xx0000000{n:03}","PermissionSetId":"0PS00000000000{n}"}}"#);
            let inner = (0..4).map(child).collect::<Vec<_>>().join(",");
            format!(
                r#"{{"attributes":{{"type":"User"}},"Id":"005xx0000000{n:03}","Username":"u{n}@x.org","IsActive":true,
                "PermissionSetAssignments":{{"totalSize":4,"done":true,"records":[{inner}]}}}}"#
            )
        })
        .collect::<Vec<_>>()
        .join(",");
    let nested = ("User.json".to_owned(), format!(r#"{{"totalSize":3,"done":true,"records":[{parents}]}}"#));
    for (file, limit, option) in [
        (users(30, "x"), "rows=29", "--limit rows=100"),
        (users(30, "x"), "columns=3", "--limit columns=10"),
        (nested.clone(), "rows=11", "--limit rows=50"),
        (nested.clone(), "columns=5", "--limit columns=10"),
    ] {
        let told = read(vec![app("Relay", ""), file], &[limit]);
        assert_eq!(told.problems.len(), 1, "{limit}: {:?}", told.problems);
        assert!(told.problems[0].hint.contains(option), "{limit}: {:?}", told.problems);
    }
    for (file, limits) in [(users(30, "x"), ["rows=30", "columns=4"]), (nested, ["rows=12", "columns=30"])] {
        let told = read(vec![app("Relay", ""), file], &limits);
        assert_eq!(told.problems, [], "{limits:?}");
    }
}

#[test]
fn a_long_cell_is_cut_and_told_once_for_its_column() {
    let told = read(vec![app("Relay", ""), users(30, &"n".repeat(500))], &["text-length=100"]);
    let [problem] = &told.problems[..] else { panic!("{:?}", told.problems) };
    assert!(problem.message.contains("`Name` has 500 characters"), "{}", problem.message);
    assert!(problem.message.contains("30 cells"), "{}", problem.message);
}
