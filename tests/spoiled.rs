//! A hardened org with one thing changed: the result follows, and nothing panics.

#[path = "data/hostile/mod.rs"]
pub(crate) mod hostile;

use hostile::{CASES, Files, GLOBAL, JOINED, NAMED, POLICY, ROWS, TELLING, TORN, archives, hardened};
use jiff::civil::date;
use shr::assess::assess;
use shr::catalogue::Catalogue;
use shr::controls::client_credentials::Stated;
use shr::engagement::Engagement;
use shr::model::{Assessment, Outcome};
use shr::source::{Limits, Source};
use std::fmt::Write as _;

fn assessed(control: &Catalogue, files: Files) -> Assessment {
    let limits = Limits::default();
    let snapshot = shr::ingest::read(&Source::memory("acme", files), &limits).unwrap();
    assess(&snapshot, control, &Engagement::default(), "acme", date(2026, 11, 24))
}

#[test]
fn each_change_of_a_hardened_org_has_its_result() {
    let control = shr::controls::catalogue("en").unwrap();
    let mut faults = String::new();
    for case in CASES.iter().chain(ROWS).chain(TELLING).chain(TORN).chain(JOINED).chain(NAMED) {
        let mut files = hardened();
        (case.edit)(&mut files);
        let assessment = assessed(&control, files);
        let Some(finding) = assessment.findings.iter().find(|f| f.subject.api_name == "Sync") else {
            let _ = writeln!(faults, "{}: the app is not in the population", case.name);
            continue;
        };
        let basis = finding.basis.as_deref().map_or_else(String::new, |basis| format!(" {basis}"));
        let seen = format!("{}{basis}", finding.result);
        if !case.expect.contains(&seen.as_str()) {
            let _ = writeln!(
                faults,
                "{}: expected {}, computed {seen} ({})",
                case.name,
                case.expect.join(" or "),
                finding.because.key
            );
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// What was found, without the places that name files.
fn judged(assessment: &Assessment) -> String {
    let mut all = String::new();
    for finding in &assessment.findings {
        let outcomes = finding.observations.iter().map(|one| format!("{}={}", one.criterion, one.outcome()));
        let found: Vec<String> =
            outcomes.chain(finding.privilege().gaps.iter().map(|gap| gap.key.to_string())).collect();
        let _ = writeln!(all, "{} {} {}", finding.subject.api_name, finding.result, found.join(" "));
    }
    all
}

#[test]
fn the_order_in_which_exports_are_read_never_changes_a_result() {
    let control = shr::controls::catalogue("en").unwrap();
    let mut faults = String::new();
    for case in JOINED.iter().chain(NAMED) {
        let mut files = hardened();
        (case.edit)(&mut files);
        let before = judged(&assessed(&control, files.clone()));
        let renamed = files.into_iter().map(|(path, bytes)| match path.strip_prefix("exports/") {
            // Exports say what they are; other names only turn their order round.
            Some(file) if bytes.starts_with(b"{") => {
                let first = 255 - file.bytes().map(u32::from).sum::<u32>() % 256;
                (format!("exports/{first:03}.json"), bytes)
            }
            _ => (path, bytes),
        });
        let after = judged(&assessed(&control, renamed.collect()));
        if before != after {
            let _ = writeln!(faults, "{}:\n{before}{after}", case.name);
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_file_without_its_bytes_never_makes_a_pass() {
    let control = shr::controls::catalogue("en").unwrap();
    let mut faults = String::new();
    for path in hardened().keys() {
        for share in [0, 1, 2, 3] {
            let mut files = hardened();
            let bytes = files.get_mut(path).unwrap();
            bytes.truncate(bytes.len() * share / 4);
            let assessment = assessed(&control, files);
            let passes = assessment.findings.iter().any(|f| f.result == Outcome::Pass);
            // Labels, scopes and the setting's own file decide nothing when the policy stands.
            let decides = [POLICY, ".profile", ".permissionset", "exports/"].iter().any(|part| path.contains(part));
            if passes && decides {
                let _ = writeln!(faults, "{path} cut to {share}/4: pass");
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_secret_shows_nowhere_even_when_its_file_is_broken() {
    let control = shr::controls::catalogue("en").unwrap();
    let secret = "<consumerSecret>SAMPLE-SECRET-DO-NOT-USE</consumerSecret>";
    for tail in ["</ExtlClntAppGlobalOauthSettings>", "<unclosed>", "</crossed>", "<a b=\"", "&broken;", "\u{0}"] {
        let mut files = hardened();
        let text = String::from_utf8(files[GLOBAL].clone()).unwrap();
        let broken = text.replace("</ExtlClntAppGlobalOauthSettings>", &format!("{secret}{tail}"));
        files.insert(GLOBAL.into(), broken.into_bytes());
        let assessment = serde_json::to_string(&assessed(&control, files)).unwrap();
        assert!(!assessment.contains("SAMPLE-SECRET"), "after {tail:?}");
    }
}

#[test]
fn hostile_archives_are_refused_or_read_without_harm() {
    let dir = std::env::temp_dir().join(format!("shr-archives-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let limits = Limits::default();
    for (name, bytes) in archives() {
        let path = dir.join("org.zip");
        std::fs::write(&path, bytes).unwrap();
        if let Ok(source) = Source::open(&path, &limits) {
            for entry in source.entries() {
                assert!(!entry.path.starts_with('/') && !entry.path.contains(".."), "{name}: {}", entry.path);
            }
            let snapshot = shr::ingest::read(&source, &limits).unwrap();
            assert!(!snapshot.problems.is_empty(), "{name}: read as if nothing was wrong");
        }
    }
    std::fs::remove_dir_all(&dir).unwrap();
}
