//! Limits have names, an option, and hints that lead through.

use crate::common::{Scratch, shr};
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
