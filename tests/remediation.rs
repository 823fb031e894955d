//! The kit: what it deploys is the snapshot's own files with the named elements changed, and nothing else.

use crate::common::{Scratch, files_below, root, shr};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SAMPLES: [&str; 4] = ["halden-prod", "halden-metadata-only", "halden-uat", "lumen-mdapi.zip"];

fn review(snapshot: &Path, out: &Path) -> serde_json::Value {
    let engagement = root().join("samples/engagement.toml");
    let mut args: Vec<PathBuf> = vec!["review".into(), snapshot.to_owned(), "-o".into(), out.to_owned()];
    args.extend(["--engagement".into(), engagement, "--format".into(), "md,json".into(), "--force".into()]);
    args.extend(["--as-of", "2026-11-24"].map(PathBuf::from));
    let ran = shr(args);
    assert!(matches!(ran.code, 0 | 1 | 3), "{}", ran.err);
    serde_json::from_slice(&std::fs::read(out.join("assessment.json")).unwrap()).unwrap()
}

/// Files of the kit of a sample, by path below it.
fn kit(test: &str, sample: &str) -> (Scratch, BTreeMap<String, String>) {
    let scratch = Scratch::new(&format!("kit-{test}-{sample}"));
    review(&root().join("samples").join(sample), &scratch.join("out"));
    let files = files_below(&scratch.join("out/remediation"));
    let files = files.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect();
    (scratch, files)
}

/// Names of the children of the root, with their texts; panics on what is not well-formed.
fn children(path: &str, text: &str) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut depth, mut out) = (0, Vec::<(String, String)>::new());
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{path}: {e}")) {
            quick_xml::events::Event::Start(tag) => {
                if depth == 1 {
                    out.push((tag.local_name().as_ref().to_owned(), String::new()));
                }
                depth += 1;
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Text(text) if depth >= 2 => {
                out.last_mut().unwrap().1.push_str(text.as_ref());
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{path}");
    out
}

#[test]
fn every_file_is_well_formed_in_order_and_listed() {
    for sample in SAMPLES {
        let (_scratch, files) = kit("formed", sample);
        assert!(files.contains_key("README.md") && files.contains_key("verify.sh"), "{sample}: {:?}", files.keys());
        let mut lying: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".xml")) {
            let names: Vec<String> = children(path, text).into_iter().map(|(name, _)| name).collect();
            assert!(!names.is_empty(), "{sample}: {path}");
            if path.starts_with("force-app") {
                assert!(names.is_sorted(), "{sample}: {path}: {names:?}");
            }
            let stem = path.rsplit('/').next().unwrap().trim_end_matches("-meta.xml");
            let member = stem.rsplit_once('.').unwrap().0.to_owned();
            lying.entry(path.split('/').next().unwrap()).or_default().insert(member);
        }
        for (folder, manifest) in [("force-app", "manifest/package.xml"), ("after-move", "manifest/after-move.xml")] {
            let listed: BTreeSet<String> = files.get(manifest).map_or_else(BTreeSet::new, |text| {
                text.split("<members>").skip(1).map(|part| part.split("</").next().unwrap().to_owned()).collect()
            });
            assert_eq!(listed, lying.get(folder).cloned().unwrap_or_default(), "{sample}: {manifest}");
        }
        if let Some(project) = files.get("sfdx-project.json") {
            let project: serde_json::Value = serde_json::from_str(project).unwrap();
            for folder in project["packageDirectories"].as_array().unwrap() {
                let folder = format!("{}/", folder["path"].as_str().unwrap());
                assert!(files.keys().any(|path| path.starts_with(&folder)), "{sample}: {folder} is empty");
            }
        }
        let script = std::process::Command::new("sh").arg("-n").arg("-c").arg(&files["verify.sh"]).output();
        assert!(script.is_ok_and(|ran| ran.status.success()), "{sample}: verify.sh is no shell script");
    }
}

#[test]
fn a_policy_is_that_of_the_snapshot_but_for_the_named_elements() {
    let mut seen = 0;
    for sample in ["halden-prod", "halden-metadata-only", "halden-uat"] {
        let (_scratch, files) = kit("steps", sample);
        let snapshot = files_below(&root().join("samples").join(sample));
        for (path, after) in files.iter().filter(|(path, _)| path.starts_with("after-move/")) {
            let before = &files[&path.replace("after-move/", "rollback/")];
            let file = path.rsplit('/').next().unwrap();
            let own = snapshot.iter().find(|(path, _)| path.ends_with(&format!("/{file}"))).unwrap();
            assert_eq!(before.as_bytes(), own.1, "{sample}: {path} goes back to the file of the snapshot");
            let (was, is) = (children(path, before), children(path, after));
            let changed: Vec<_> = is.iter().filter(|child| !was.contains(child)).collect();
            let allowed = [
                "isClientCredentialsFlowEnabled",
                "ipRelaxationPolicyType",
                "commaSeparatedPermissionSet",
                "permittedUsersPolicyType",
            ];
            assert!(!changed.is_empty(), "{sample}: {path} changes nothing");
            for (name, text) in changed {
                assert!(allowed.contains(&name.as_str()), "{sample}: {path} changes {name}");
                let known = ["false", "Enforce", "AdminApprovedPreAuthorized"].contains(&text.as_str());
                let set =
                    files.contains_key(&format!("force-app/main/default/permissionsets/{text}.permissionset-meta.xml"));
                assert!(known || set, "{sample}: {path}: {name} becomes {text}");
            }
            let lost = was.iter().filter(|(name, _)| !is.iter().any(|(other, _)| other == name)).count();
            assert_eq!(lost, 0, "{sample}: {path} loses an element");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} policies");
}

/// The second deployment does what it says: with its files in the place of the snapshot's, these flows are off.
#[test]
fn a_snapshot_with_the_deployed_policies_has_these_flows_off() {
    let scratch = Scratch::new("kit-applied");
    let sample = root().join("samples/halden-metadata-only");
    let before = review(&sample, &scratch.join("before"));
    let applied = scratch.join("halden-metadata-only");
    for (path, bytes) in files_below(&sample) {
        let file = path.rsplit('/').next().unwrap();
        let deployed = scratch.join("before/remediation/after-move/main/default/extlClntAppOauthPolicies").join(file);
        let bytes = std::fs::read(deployed).unwrap_or(bytes);
        std::fs::create_dir_all(applied.join(&path).parent().unwrap()).unwrap();
        std::fs::write(applied.join(&path), bytes).unwrap();
    }
    let after = review(&applied, &scratch.join("after"));
    let mut off = 0;
    for (was, is) in before["findings"].as_array().unwrap().iter().zip(after["findings"].as_array().unwrap()) {
        if was["facts"]["flow_state"] != is["facts"]["flow_state"] {
            assert_eq!(is["facts"]["flow_state"], "off", "{}", was["subject"]["api_name"]);
            assert_eq!(is["result"], "pass", "{}", was["subject"]["api_name"]);
            off += 1;
        }
    }
    let files = files_below(&scratch.join("before/remediation/after-move"));
    assert_eq!(off, files.len(), "each file of the second deployment switches one flow off");
}

#[test]
fn cards_and_kit_name_each_other_and_no_secret_is_in_it() {
    for sample in SAMPLES {
        let (scratch, files) = kit("named", sample);
        let report = std::fs::read_to_string(scratch.join("out/report.md")).unwrap();
        let mut named = 0;
        for part in report.split("remediation/").skip(1).filter(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
            let file = part.split(".md").next().unwrap();
            assert!(files.contains_key(&format!("{file}.md")), "{sample}: no {file}.md");
            named += 1;
        }
        assert!(named > 0, "{sample}: no card names a runbook");
        for (path, text) in &files {
            assert!(!text.to_lowercase().contains("<consumersecret"), "{sample}: {path}");
            assert!(!text.contains("⟨"), "{sample}: {path} lacks a text");
        }
    }
}

/// A redacted run writes none: files of the snapshot have names in them.
#[test]
fn a_redacted_run_writes_no_kit_and_names_none() {
    let scratch = Scratch::new("kit-redacted");
    let out = scratch.join("out");
    let sample = root().join("samples/halden-uat");
    let ran = shr(["review".into(), sample, "-o".into(), out.clone(), "--redact".into()]);
    assert!(matches!(ran.code, 0 | 1 | 3), "{}", ran.err);
    assert!(!out.join("remediation").exists());
    assert!(!std::fs::read_to_string(out.join("report.md")).unwrap().contains("remediation/"));
}

/// A policy that carries more than settings is not copied, and a label is a word of the script, not a command.
#[test]
fn what_a_hostile_file_or_label_brings_along_is_not_in_the_kit() {
    let scratch = Scratch::new("kit-hostile");
    let sample = root().join("samples/halden-metadata-only");
    let hostile = scratch.join("halden-metadata-only");
    for (path, bytes) in files_below(&sample) {
        let mut text = String::from_utf8(bytes).unwrap();
        if path.ends_with("Claims_Intake_oauthPlcy.ecaOauthPlcy-meta.xml") {
            text = text.replacen("<isClient", "<consumerSecret>hunter2hunter2</consumerSecret><isClient", 1);
        } else if path.ends_with("Fleet_Telemetry_oauthPlcy.ecaOauthPlcy-meta.xml") {
            text = text.replacen("<Extl", "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><Extl", 1);
        } else if path.ends_with("externalClientApps/Rate_Card_Publisher.eca-meta.xml") {
            text = text.replace("Rate Card Publisher Zürich", "x'; touch $(pwned) `pwned`; echo '");
        }
        std::fs::create_dir_all(hostile.join(&path).parent().unwrap()).unwrap();
        std::fs::write(hostile.join(&path), text).unwrap();
    }
    review(&hostile, &scratch.join("out"));
    let files = files_below(&scratch.join("out/remediation"));
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("hunter2") && !text.contains("<!DOCTYPE"), "{path}");
    }
    let script = &files.iter().find(|(path, _)| path == "verify.sh").unwrap().1;
    let script = String::from_utf8_lossy(script);
    assert!(script.contains("touch $(pwned)"), "the label is there");
    let bin = scratch.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::write(bin.join("sf"), "#!/bin/sh\n").unwrap();
    std::fs::set_permissions(bin.join("sf"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let ran = std::process::Command::new("sh")
        .args(["-c", &script, "verify.sh", "org"])
        .env("PATH", path)
        .current_dir(scratch.path())
        .output()
        .unwrap();
    // What asks about users that are still to be created is not asked, and the script says so.
    assert_eq!(ran.status.code(), Some(i32::from(script.contains("NEW_USER_"))));
    assert!(ran.stderr.is_empty() && !scratch.join("pwned").exists(), "the label ran");
}

/// The switch is set in the app's own policy, or in none.
#[test]
fn a_policy_that_is_not_surely_the_apps_own_is_not_prepared() {
    const CLAIMS: &str = "Claims_Intake_oauthPlcy.ecaOauthPlcy-meta.xml";
    let sample = root().join("samples/halden-prod");
    let (folder, text) = files_below(&sample)
        .into_iter()
        .find_map(|(path, bytes)| Some((path.strip_suffix(CLAIMS)?.to_owned(), String::from_utf8(bytes).unwrap())))
        .unwrap();
    type Put = fn(&str) -> Vec<(&'static str, String)>;
    let cases: &[(&str, Put, &str)] = &[
        ("mark", |text| vec![(CLAIMS, format!("\u{feff}{text}"))], ""),
        (
            "comment",
            |text| vec![(CLAIMS, text.replacen("?>", "?><!-- consumerSecret: Zx9SECRET777x -->", 1))],
            "a secret",
        ),
        (
            "copy",
            |text| vec![(CLAIMS, text.to_owned()), ("copy/Claims_oauthPlcy.ecaOauthPlcy-meta.xml", text.to_owned())],
            "more than once",
        ),
        ("pattern", |text| vec![("*.ecaOauthPlcy-meta.xml", text.to_owned())], "a name that cannot be deployed"),
        (
            "case",
            |text| vec![("copy/CUSTOMS_Declaration_oauthPlcy.ecaOauthPlcy-meta.xml", text.to_owned())],
            "the same file name",
        ),
    ];
    for (name, put, says) in cases {
        let scratch = Scratch::new(&format!("kit-own-{name}"));
        let org = scratch.join("halden-prod");
        for (path, bytes) in files_below(&sample).into_iter().filter(|(path, _)| !path.ends_with(CLAIMS)) {
            std::fs::create_dir_all(org.join(&path).parent().unwrap()).unwrap();
            std::fs::write(org.join(&path), bytes).unwrap();
        }
        for (path, text) in put(&text) {
            let path = org.join(format!("{folder}{path}"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        review(&org, &scratch.join("out"));
        let files = files_below(&scratch.join("out/remediation"));
        let own = |text: &[u8]| String::from_utf8_lossy(text).contains("<externalClientApplication>Claims_Intake<");
        let policies = files.iter().filter(|(path, text)| path.starts_with("after-move/") && own(text)).count();
        let others = files.iter().filter(|(path, text)| path.starts_with("after-move/") && !own(text)).count();
        let runbooks: Vec<_> = files.iter().filter(|(path, _)| path.ends_with(".md")).collect();
        let said = |words: &str| runbooks.iter().any(|(_, text)| String::from_utf8_lossy(text).contains(words));
        assert!(others > 2, "{name}: the other apps have theirs");
        assert_eq!(policies, usize::from(says.is_empty() || *name == "case"), "{name}");
        assert!(said(says), "{name}: no runbook says `{says}`");
        assert!(files.iter().all(|(_, text)| !String::from_utf8_lossy(text).contains("Zx9SECRET")), "{name}");
        let names: std::collections::BTreeSet<String> = files.iter().map(|(path, _)| path.to_lowercase()).collect();
        assert_eq!(names.len(), files.len(), "{name}: two files are one on a machine that knows no case");
    }
}

/// A name may be longer than a file system takes, and of letters that no component may have.
#[test]
fn names_of_the_kit_are_names_that_file_systems_and_orgs_take() {
    let sample = root().join("samples/halden-prod");
    let scratch = Scratch::new("kit-names");
    for (n, name) in [&"A".repeat(300), "名前", "..", "x/y", "hldpkg__Intake"].into_iter().enumerate() {
        let org = scratch.join(&format!("org-{n}"));
        for (path, bytes) in files_below(&sample) {
            let text = String::from_utf8(bytes).unwrap();
            let text = text.replace("Rate_Card_Publisher", name);
            std::fs::create_dir_all(org.join(&path).parent().unwrap()).unwrap();
            std::fs::write(org.join(&path), text).unwrap();
        }
        let out = scratch.join(&format!("out-{n}"));
        let ran = shr(["review".into(), org, "-o".into(), out.clone(), "--format".into(), "md".into()]);
        assert!(matches!(ran.code, 1 | 3), "{name}: {}", ran.err);
        for (path, _) in files_below(&out.join("remediation")) {
            let file = path.rsplit('/').next().unwrap();
            assert!(file.len() <= 120, "{name}: {path}");
            if let Some(set) = file.strip_suffix(".permissionset-meta.xml") {
                let plain = set.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let allowed = plain && !set.contains("__") && set.starts_with(|c: char| c.is_ascii_alphabetic());
                assert!(allowed && set.len() <= 80, "{name}: {path}");
            }
        }
    }
}
