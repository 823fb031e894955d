//! The reports under `samples/expected` are what the tool writes, byte for byte, twice.
//!
//! After an intended change: `SHR_BLESS=1 cargo test golden`, then read the difference like a reviewer.

use crate::common::{Scratch, files_below, root, shr};
use std::path::{Path, PathBuf};

/// The org whose workpapers are a sample, too.
const WITH_WORKPAPERS: &str = "halden-prod";

/// Expected folder, snapshots, exit code.
const RUNS: &[(&str, &[&str], u8)] = &[
    ("halden-prod", &["halden-prod"], 1),
    ("halden-metadata-only", &["halden-metadata-only"], 1),
    ("lumen-mdapi", &["lumen-mdapi.zip"], 1),
    ("halden-uat", &["halden-uat"], 1),
    ("ostra-prod", &["ostra-prod"], 0),
    ("portfolio", &["halden-prod", "halden-metadata-only", "lumen-mdapi.zip", "halden-uat"], 1),
];

fn review(snapshots: &[&str], into: &Path) -> u8 {
    let samples = root().join("samples");
    let mut args: Vec<PathBuf> = vec!["review".into()];
    args.extend(snapshots.iter().map(|name| samples.join(name)));
    args.extend(["--engagement".into(), samples.join("engagement.toml"), "-o".into(), into.to_owned()]);
    args.extend(["--as-of", "2026-11-24", "--format", "md,pdf,csv,json"].map(PathBuf::from));
    if snapshots == [WITH_WORKPAPERS] {
        args.push("--workpapers".into());
    }
    let ran = shr(args);
    assert!(!ran.err.contains("panic"), "{}", ran.err);
    ran.code
}

fn differences(expected: &Path, actual: &Path) -> Vec<String> {
    let (expected, actual) = (files_below(expected), files_below(actual));
    let name = |files: &[(String, Vec<u8>)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    if name(&expected) != name(&actual) {
        return vec![format!("files differ: {:?} against {:?}", name(&expected), name(&actual))];
    }
    expected.iter().zip(&actual).filter(|(a, b)| a.1 != b.1).map(|(a, b)| first_difference(&a.0, &a.1, &b.1)).collect()
}

fn first_difference(path: &str, expected: &[u8], actual: &[u8]) -> String {
    let (Ok(expected), Ok(actual)) = (std::str::from_utf8(expected), std::str::from_utf8(actual)) else {
        return format!("{path}: bytes differ");
    };
    let lines = expected.lines().zip(actual.lines()).enumerate();
    match lines.into_iter().find(|(_, (a, b))| a != b) {
        Some((n, (a, b))) => format!("{path}:{}: expected `{a}`, got `{b}`", n + 1),
        None => format!("{path}: one is a beginning of the other"),
    }
}

#[test]
fn samples_give_the_golden_reports_byte_for_byte_twice() {
    let bless = std::env::var_os("SHR_BLESS").is_some();
    for (name, snapshots, code) in RUNS {
        let scratch = Scratch::new(&format!("golden-{name}"));
        let (first, second) = (scratch.join("first"), scratch.join("second"));
        assert_eq!(review(snapshots, &first), *code, "{name}");
        assert_eq!(review(snapshots, &second), *code, "{name}");
        assert_eq!(differences(&first, &second), Vec::<String>::new(), "{name}: two runs differ");
        let expected = root().join("samples/expected").join(name);
        if bless {
            let _ = std::fs::remove_dir_all(&expected);
            for (path, bytes) in files_below(&first) {
                let target = expected.join(path);
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                std::fs::write(target, bytes).unwrap();
            }
        }
        assert_eq!(differences(&expected, &first), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn no_expected_folder_is_left_over() {
    let known: Vec<&str> = RUNS.iter().map(|run| run.0).collect();
    for entry in std::fs::read_dir(root().join("samples/expected")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name.as_str()), "samples/expected/{name} belongs to no run");
    }
}
