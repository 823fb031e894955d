//! The repository keeps its own rules: sizes, words, layers.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let walk = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    walk.into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root()).unwrap().to_owned(), text)
        })
        .collect()
}

#[test]
fn files_stay_under_500_lines() {
    let long: Vec<_> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter(|(_, text)| text.lines().count() >= 500)
        .map(|(path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split by concept: {long:#?}");
}

/// Which module of the crate may name which others.
const LAYERS: &[(&str, &[&str])] = &[
    ("src/text", &[]),
    ("src/snapshot", &["text"]),
    ("src/model", &["text", "snapshot"]),
    ("src/cvss", &["model"]),
    ("src/ingest", &["limits", "snapshot", "source", "text"]),
    ("src/source", &["limits", "snapshot", "text"]),
    ("src/drawing", &["model", "text"]),
    ("src/controls", &["cvss", "engagement", "model", "snapshot", "text"]),
    ("src/report", &["controls", "drawing", "model", "text"]),
    ("src/redact", &["model", "engagement", "snapshot", "text"]),
    ("src/render", &["drawing", "limits", "report", "table", "model", "text"]),
    ("src/table", &["controls", "model", "text"]),
    ("src/tracker", &["limits", "model", "render", "table", "text"]),
];

#[test]
fn layers_see_only_what_they_may() {
    let mut broken = Vec::new();
    for (folder, allowed) in LAYERS {
        let mut files = rust_files(folder);
        let single = root().join(format!("{folder}.rs"));
        if single.exists() {
            files.push((PathBuf::from(format!("{folder}.rs")), fs::read_to_string(single).unwrap()));
        }
        let own = folder.trim_start_matches("src/");
        for (path, text) in files {
            let code: String =
                text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
            for part in code.split("crate::").skip(1) {
                let module: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !module.is_empty() && module != own && !allowed.contains(&module.as_str()) {
                    broken.push(format!("{} uses crate::{module}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn libraries_stay_behind_their_one_file() {
    const BACK: &str = "src/render/pdf/back/";
    let homes = [("clap", "src/cli.rs"), ("printpdf", BACK), ("lopdf", BACK)];
    let mut leaks = Vec::new();
    for (library, home) in homes {
        for (path, text) in rust_files("src") {
            let path = path.to_string_lossy().replace('\\', "/");
            let used = text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(&format!("{library}::")));
            if used && !path.starts_with(home) {
                leaks.push(format!("{path} names {library}"));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn printpdf_and_we_use_one_lopdf() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let pinned: toml::Table = lock.parse().unwrap();
    let packages = pinned["package"].as_array().unwrap();
    let printpdf = packages.iter().find(|p| p["name"].as_str() == Some("printpdf")).unwrap();
    let needs = printpdf["dependencies"].as_array().unwrap();
    let wanted = needs.iter().filter_map(|d| d.as_str()).find(|d| d.starts_with("lopdf")).unwrap();
    let ours = packages.iter().find(|p| p["name"].as_str() == Some("shr")).unwrap()["dependencies"].as_array().unwrap();
    assert!(ours.iter().any(|d| d.as_str() == Some(wanted)), "printpdf uses {wanted}, shr does not");
}

#[test]
fn every_dependency_says_why() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut inside = false;
    let mut silent = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && line.contains(" = ") && !line.contains(" # ") {
            silent.push(line);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_changelog_knows_the_version() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let mut dead = Vec::new();
    let docs = walkdir::WalkDir::new(root().join("docs")).into_iter().map(|entry| entry.unwrap().into_path());
    let pages = docs.filter(|path| path.extension().is_some_and(|e| e == "md"));
    for page in pages.chain(["README.md", "samples/README.md"].map(|name| root().join(name))) {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            // `NAME` stands for any name.
            let inside = !file.is_empty() && ![":", " ", "NAME"].iter().any(|odd| file.contains(odd));
            if inside && !page.parent().unwrap().join(file).exists() {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
