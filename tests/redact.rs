//! `--redact`: no name of a sample is left in any byte of any output, and nothing else changes.

mod canaries;

use crate::common::{Ran, Scratch, root, shr};
use crate::samples::SAMPLES;
use canaries::Canaries;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ALL: &str = "--format=md,pdf,html,docx,csv,xlsx,json,sarif,oscal,ocsf";
const PROFILES: &str = "--profile=poam,defectdojo,jira,github";

fn review(samples: &[&str], out: &Path, more: &[&str]) -> Ran {
    review_with(&root().join("samples/engagement.toml"), samples, out, more)
}

fn review_with(engagement: &Path, samples: &[&str], out: &Path, more: &[&str]) -> Ran {
    let folder = root().join("samples");
    // The volume that shows everything shows every name that is left.
    let mut args: Vec<String> = vec!["review".into(), "--workpapers".into()];
    args.extend(samples.iter().map(|name| folder.join(name).display().to_string()));
    args.extend(["--engagement".into(), engagement.display().to_string()]);
    args.extend(["-o".into(), out.display().to_string(), "--all".into(), "--as-of=2026-11-24".into()]);
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    let ran = shr(args);
    assert_ne!(ran.code, 2, "{}", ran.err);
    ran
}

/// An engagement file with names in its prose, and the names to look for.
fn planted(scratch: &Scratch, clients: bool) -> (PathBuf, Canaries) {
    let (path, text) = (scratch.join("engagement.toml"), canaries::engagement());
    std::fs::write(&path, &text).unwrap();
    (path, Canaries::collect(&toml::from_str(&text).unwrap(), clients))
}

#[test]
fn the_names_are_those_of_the_inputs_and_the_search_finds_them_in_every_format() {
    let scratch = Scratch::new("redact-canaries");
    let (engagement, canaries) = planted(&scratch, true);
    for name in [
        "nora.lindqvist@halden-freight.example.com",
        "market.feed@lumen-orchards.example.com",
        "integrations@halden-freight.example.com",
        "svc.order",
        "Amira Haddad",
        "haddad",
        "Order Intake (integration)",
        "Ingrid Solheim",
        "quist",
        "Marlow & Quist Assurance",
        "Halden Freight",
        "00Dxx0000000002EAA",
    ] {
        assert!(canaries.names.contains(name), "{name} is not among {:#?}", canaries.names);
    }
    assert_eq!(canaries.skipped, SKIPPED.iter().map(|&one| one.to_owned()).collect::<BTreeSet<_>>());

    let out = scratch.join("named");
    review_with(&engagement, &["halden-prod"], &out, &[ALL, PROFILES]);
    let found = canaries.in_files(&out);
    for file in [
        "report.md",
        "report.pdf",
        "report.html",
        "report.docx",
        "workpapers.md",
        "workpapers.pdf",
        "workpapers.html",
        "workpapers.docx",
        "evidence.csv",
        "findings.csv",
        "findings.xlsx",
        "assessment.json",
        "findings.sarif",
        "oscal-assessment-results.json",
        "findings.ocsf.ndjson",
        "figures/execution-users.svg",
    ] {
        assert!(found.iter().any(|at| at.starts_with(&format!("{file}: "))), "nothing found in {file}: {found:#?}");
    }
    for name in ["Ingrid Solheim", "nora.lindqvist", "Amira Haddad", "Jörg Bäcker"] {
        assert!(found.contains(&format!("report.md: {name}")), "{name} is not found: {found:#?}");
    }
}

/// What is not looked for, and why.
const SKIPPED: &[&str] = &[
    "Chief Information Officer is a role",
    "Crop Forecast is the name of an app",
    "Halden Freight AG is client or org: hidden in a portfolio only",
    "Head of Platform is a role",
    "Lumen Orchards is client or org: hidden in a portfolio only",
    "Market Feed is the name of an app",
    "Market.Feed is the name of an app",
    "Platform desk is a role",
    "Platform team is a role",
    "__INTEGRATION_USER__ is no user name",
    "a is too short",
    "assurance is a common word",
    "c is too short",
    "crop.forecast is the name of an app",
    "integrations is a single common word before an `@`",
    "market.feed is the name of an app",
    "platform is a single common word before an `@`",
    "r is too short",
    "t is too short",
    "tarn is a word of an org's name",
];

#[test]
fn no_name_is_left_in_any_output_of_one_org() {
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("redact-{sample}"));
        let (engagement, canaries) = planted(&scratch, false);
        let out = scratch.join("report");
        let ran = review_with(&engagement, &[sample], &out, &["--redact", ALL, PROFILES]);
        assert_eq!(canaries.in_files(&out), Vec::<String>::new(), "{sample}");
        assert_eq!(canaries.in_texts(&[ran.out, ran.err]), BTreeSet::new(), "{sample}");
    }
}

#[test]
fn a_portfolio_hides_client_and_orgs_also_when_it_is_made_of_reports_with_names() {
    let scratch = Scratch::new("redact-portfolio");
    let (engagement, canaries) = planted(&scratch, true);
    let out = scratch.join("report");
    let ran = review_with(&engagement, &SAMPLES, &out, &["--redact", ALL, PROFILES]);
    assert_eq!(canaries.in_files(&out), Vec::<String>::new());
    assert_eq!(canaries.in_texts(&[ran.out.replace(&out.display().to_string(), ""), ran.err]), BTreeSet::new());

    let (plain, late) = (scratch.join("plain"), scratch.join("late"));
    review(&SAMPLES, &plain, &["--format=json"]);
    let (from, to) = (plain.display().to_string(), late.display().to_string());
    let ran = shr(["portfolio", &from, "-o", &to, "--redact", "--all", "--format=md,html,csv,json", PROFILES]);
    assert_ne!(ran.code, 2, "{}", ran.err);
    assert_eq!(canaries.in_files(&late), Vec::<String>::new());
    assert_eq!(canaries.in_texts(&[ran.out.replace(&to, ""), ran.err]), BTreeSet::new());
    let at_once = scratch.join("at-once");
    review(&SAMPLES, &at_once, &["--redact", "--format=csv"]);
    for table in ["findings.csv", "criteria.csv", "population.csv"] {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(table)).unwrap();
        assert_eq!(read(&late), read(&at_once), "{table}");
    }
}

#[test]
fn redacting_changes_names_only_and_the_same_name_everywhere_alike() {
    let scratch = Scratch::new("redact-same");
    let (plain, one, both) = (scratch.join("plain"), scratch.join("one"), scratch.join("both"));
    review(&["halden-prod"], &plain, &[]);
    review(&["halden-prod"], &one, &["--redact", ALL]);
    review(&["halden-prod", "halden-uat"], &both, &["--redact"]);
    let rows = |path: &Path| -> Vec<BTreeMap<String, String>> {
        let text = std::fs::read_to_string(path).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.deserialize().map(Result::unwrap).collect()
    };
    let (before, after) = (rows(&plain.join("findings.csv")), rows(&one.join("findings.csv")));
    assert_eq!(before.len(), after.len());
    let mut users = BTreeMap::new();
    for (a, b) in before.iter().zip(&after) {
        for same in [
            "finding_id",
            "org_key",
            "app_api_name",
            "result",
            "basis",
            "severity",
            "cvss31_score",
            "cvss31_vector",
            "cvss40_score",
            "cvss_interval",
            "confidence",
            "failed_criteria",
            "privilege",
            "network",
            "first_seen",
        ] {
            assert_eq!(a[same], b[same], "{same} of {}", a["finding_id"]);
        }
        if a["execution_user"].contains('@') {
            assert!(b["execution_user"].starts_with("user-"), "{}", b["execution_user"]);
            users.insert(a["execution_user"].clone(), b["execution_user"].clone());
        }
    }
    let json = |folder: &Path| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(folder.join("assessment.json")).unwrap()).unwrap()
    };
    let mut redacted = json(&one);
    assert!(redacted.as_object_mut().unwrap().remove("redaction").is_some());
    let mut named = json(&plain);
    // How the folder was recognised names folders beside it, which may be other clients'.
    assert!(named.as_object_mut().unwrap().remove("decisions").is_some_and(|all| all.as_array().unwrap().len() == 1));
    assert_eq!(redacted.as_object_mut().unwrap().remove("decisions"), Some(serde_json::json!([])));
    // The redacted run was asked with one option more.
    named["given"]["options"] = redacted["given"]["options"].clone();
    let mut differing = BTreeSet::new();
    differences("", &named, &redacted, &mut differing);
    let known =
        ["execution_user.name", "profile_users", "extracted_by", "prepared_for", "approver", "seen", "paths.name"];
    assert!(known.iter().all(|field| differing.iter().any(|at| at.ends_with(field))), "{differing:#?}");
    assert!(users.len() > 5);
    assert_eq!(users.values().collect::<BTreeSet<_>>().len(), users.len(), "pseudonyms collide");
    let key = shr::redact::Redactor::new(shr::redact::Key::built_in()).org("halden-prod");
    for (name, report) in
        [("report.md", &one), ("report.html", &one), (&format!("orgs/{key}/report.md") as &str, &both)]
    {
        let text = std::fs::read_to_string(report.join(name)).unwrap();
        for row in after.iter().filter(|row| row["result"] == "fail") {
            assert!(text.contains(&row["execution_user"]), "{name} lacks {}", row["execution_user"]);
        }
    }
    let text = std::fs::read_to_string(one.join("report.md")).unwrap();
    assert!(text.contains("Pseudonyms, made with the built-in key") && text.contains("Chief Information Officer"));
}

/// Where two assessments differ: in strings only, and only where one shows a pseudonym.
fn differences(at: &str, plain: &serde_json::Value, redacted: &serde_json::Value, into: &mut BTreeSet<String>) {
    use serde_json::Value::{Array, Object, String};
    match (plain, redacted) {
        (Object(a), Object(b)) => {
            assert!(a.keys().eq(b.keys()), "{at}: {a:?} {b:?}");
            a.iter().zip(b.values()).for_each(|((key, a), b)| differences(&format!("{at}.{key}"), a, b, into));
        }
        (Array(a), Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).for_each(|(a, b)| differences(at, a, b, into));
        }
        (String(a), String(b)) if a != b => {
            let shown = |(at, _)| b.get(at..).is_some_and(starts_with_pseudonym);
            assert!(b.match_indices(['u', 'p']).any(shown), "{at}: {a} became {b}");
            into.insert(at.to_owned());
        }
        _ => assert_eq!(plain, redacted, "{at}"),
    }
}

fn starts_with_pseudonym(text: &str) -> bool {
    let length = text.find('-').map_or(0, |at| at + 9);
    text.get(..length).is_some_and(shr::redact::is_pseudonym)
}

#[test]
fn another_key_gives_other_pseudonyms_and_the_report_reproduces() {
    let scratch = Scratch::new("redact-key");
    let (first, second, key) = (scratch.join("first"), scratch.join("second"), scratch.join("key"));
    std::fs::write(&key, "a long secret of the auditor\n").unwrap();
    let (key_text, engagement) =
        (key.display().to_string(), root().join("samples/engagement.toml").display().to_string());
    let map = scratch.join("map.csv").display().to_string();
    review(&["halden-uat"], &first, &["--redact"]);
    review(&["halden-uat"], &second, &["--redact", "--redact-key", &key_text, "--redact-map", &map]);
    let read = |out: &Path| std::fs::read_to_string(out.join("assessment.json")).unwrap();
    let codes = |text: &str| -> BTreeSet<String> {
        // Words of the vocabulary begin so, too: `execution-user-api-only`.
        let found = text.match_indices("user-").filter_map(|(at, word)| text.get(at..at + word.len() + 8));
        found.filter(|word| shr::redact::is_pseudonym(word)).map(str::to_owned).collect()
    };
    let (a, b) = (codes(&read(&first)), codes(&read(&second)));
    assert!(!a.is_empty() && a.len() == b.len() && a.is_disjoint(&b));
    let secret = Canaries { names: BTreeSet::from(["a long secret".to_owned()]), ..Canaries::default() };
    assert_eq!(secret.in_files(&second), Vec::<String>::new());
    let mapped = std::fs::read_to_string(&map).unwrap();
    assert!(mapped.contains("Ingrid Solheim") && b.iter().all(|code| mapped.contains(code)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&map).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let uat = root().join("samples/halden-uat").display().to_string();
    let (dir, other) = (second.display().to_string(), first.display().to_string());
    let again = shr(["verify", &dir, "--reproduce", &uat, "--engagement", &engagement, "--redact-key", &key_text]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    assert_eq!(shr(["verify", &other, "--reproduce", &uat, "--engagement", &engagement]).code, 0);
    assert_eq!(shr(["verify", &dir, "--reproduce", &uat]).code, 2);
    let inside = second.join("map.csv").display().to_string();
    let refused = shr(["review", &uat, "-o", &dir, "--redact", "--redact-map", &inside]);
    assert!(refused.code == 2 && refused.err.contains("lies in the report folder"), "{}", refused.err);
}

#[test]
fn redacting_twice_changes_nothing() {
    use shr::redact::{Key, Names, Redactor};
    let engagement = crate::samples::engagement();
    let control = shr::controls::catalogue("en").unwrap();
    for sample in SAMPLES {
        let snapshot = crate::samples::snapshot(&crate::samples::samples().join(sample));
        let day = jiff::civil::date(2026, 11, 24);
        let key = crate::samples::key(sample);
        for clients in [false, true] {
            let mut once = shr::assess::assess(&snapshot, &control, &engagement, key, day);
            let redactor = Redactor::new(Key::built_in());
            let mut names = Names::of(&engagement, clients);
            names.add_snapshot(&snapshot);
            redactor.assessment(&mut once, &names, clients).unwrap();
            let mut twice = once.clone();
            redactor.assessment(&mut twice, &names, clients).unwrap();
            assert_eq!(once, twice, "{sample}");
        }
    }
}
