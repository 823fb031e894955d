//! `--redact`: no name of a sample is left in any byte of any output, and nothing else changes.

use crate::common::{Scratch, files_below, root, shr};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const SAMPLES: &[&str] = &["halden-prod", "halden-metadata-only", "lumen-mdapi.zip", "halden-uat", "tarn-no-apps"];
const ALL: &str = "--format=md,pdf,html,csv,xlsx,json";
/// Persons and firms of the engagement file, as they stand there.
const PEOPLE: &[&str] =
    &["Ingrid Solheim", "Solheim", "Marlow & Quist", "T. Quist", "A. Marlow", "R. Tarn", "C. Wrede", "Jörg Bäcker"];
/// Names of client and orgs.
const CLIENTS: &[&str] = &[
    "Halden Freight",
    "Lumen Orchards",
    "Tarn Analytics",
    "halden-prod",
    "halden-uat",
    "halden-metadata-only",
    "lumen-mdapi",
    "tarn-no-apps",
    "00Dxx0000000001EAA",
    "00Dxx0000000002EAA",
];
/// People of the User exports.
const USERS: &[&str] = &["Nora Lindqvist", "Amira Haddad"];

fn review(samples: &[&str], out: &Path, more: &[&str]) -> crate::common::Ran {
    let folder = root().join("samples");
    let mut args: Vec<String> = vec!["review".into()];
    args.extend(samples.iter().map(|name| folder.join(name).display().to_string()));
    args.extend(["--engagement".into(), folder.join("engagement.toml").display().to_string()]);
    args.extend(["-o".into(), out.display().to_string(), "--all".into(), "--as-of=2026-11-24".into()]);
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    let ran = shr(args);
    assert_ne!(ran.code, 2, "{}", ran.err);
    ran
}

/// Text of a file, unpacked where it is packed.
fn texts(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut out = vec![String::from_utf8_lossy(bytes).into_owned()];
    if path.ends_with(".xlsx") {
        let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for at in 0..book.len() {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut book.by_index(at).unwrap(), &mut text).unwrap();
            out.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    if path.ends_with(".pdf") {
        let pdf = lopdf::Document::load_mem(bytes).unwrap();
        for object in pdf.objects.values() {
            strings(object, &mut out);
            if let Ok(stream) = object.as_stream() {
                let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                out.push(String::from_utf8_lossy(&content).into_owned());
            }
        }
        let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
        out.push(pdf.extract_text(&pages).unwrap_or_default().replace('\n', " "));
    }
    out
}

/// Titles, bookmarks, alternative texts and properties of a PDF.
fn strings(object: &lopdf::Object, out: &mut Vec<String>) {
    match object {
        lopdf::Object::String(..) => out.extend(lopdf::decode_text_string(object)),
        lopdf::Object::Array(items) => items.iter().for_each(|item| strings(item, out)),
        lopdf::Object::Dictionary(entries) => entries.iter().for_each(|(_, item)| strings(item, out)),
        lopdf::Object::Stream(stream) => stream.dict.iter().for_each(|(_, item)| strings(item, out)),
        _ => {}
    }
}

fn leaks(out: &Path, forbidden: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in files_below(out) {
        let mut all = texts(&path, &bytes);
        all.push(path.clone());
        for name in forbidden {
            if all.iter().any(|text| text.to_lowercase().contains(&name.to_lowercase())) {
                found.push(format!("{path}: {name}"));
            }
        }
    }
    found
}

#[test]
fn no_name_is_left_in_any_output_of_one_org() {
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("redact-{sample}"));
        let out = scratch.join("report");
        let ran = review(&[sample], &out, &["--redact", ALL, "--profile=poam,defectdojo,jira"]);
        let forbidden: Vec<&str> =
            PEOPLE.iter().chain(USERS).copied().chain(["example.com", "@halden", "@lumen"]).collect();
        assert_eq!(leaks(&out, &forbidden), Vec::<String>::new(), "{sample}");
        assert!(!forbidden.iter().any(|name| (ran.out.clone() + &ran.err).contains(name)), "{sample}: {}", ran.err);
    }
}

#[test]
fn a_portfolio_hides_client_and_orgs_and_combining_gives_the_same() {
    let scratch = Scratch::new("redact-portfolio");
    let out = scratch.join("report");
    let ran = review(SAMPLES, &out, &["--redact", ALL]);
    let forbidden: Vec<&str> = PEOPLE.iter().chain(CLIENTS).chain(USERS).copied().chain(["example.com"]).collect();
    assert_eq!(leaks(&out, &forbidden), Vec::<String>::new());
    assert!(!CLIENTS.iter().any(|name| ran.err.contains(name)), "{}", ran.err);

    let (plain, late) = (scratch.join("plain"), scratch.join("late"));
    review(SAMPLES, &plain, &["--format=json"]);
    let (from, to) = (plain.display().to_string(), late.display().to_string());
    let ran = shr(["portfolio", &from, "-o", &to, "--redact", "--format=md,csv,json"]);
    assert_ne!(ran.code, 2, "{}", ran.err);
    assert_eq!(leaks(&late, &forbidden), Vec::<String>::new());
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
        text.split("user-").skip(1).filter_map(|rest| rest.get(..8)).map(str::to_owned).collect()
    };
    let (a, b) = (codes(&read(&first)), codes(&read(&second)));
    assert!(!a.is_empty() && a.len() == b.len() && a.is_disjoint(&b));
    assert_eq!(leaks(&second, &["a long secret"]), Vec::<String>::new());
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
    let control = shr::catalog::Control::load().unwrap();
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
