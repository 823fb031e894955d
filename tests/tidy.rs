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

/// The modules of the crate from the ground up, and which of those before it each may name.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("limits", &["text"]),
    ("snapshot", &["text"]),
    ("source", &["text", "limits", "snapshot"]),
    ("ingest", &["text", "limits", "snapshot", "source"]),
    ("model", &["text", "snapshot"]),
    ("cvss", &["model"]),
    ("drawing", &["text", "model"]),
    ("catalogue", &["text", "model"]),
    ("view", &["text", "model", "drawing", "catalogue"]),
    ("engagement", &["text", "snapshot", "model", "catalogue"]),
    ("kit", &["text", "snapshot", "model", "catalogue", "engagement"]),
    ("controls", &["text", "snapshot", "model", "cvss", "drawing", "catalogue", "view", "engagement", "kit"]),
    ("assess", &["text", "limits", "snapshot", "model", "catalogue", "engagement", "kit", "controls"]),
    ("delta", &["text", "model", "catalogue", "controls"]),
    ("redact", &["text", "snapshot", "model", "catalogue", "engagement", "controls"]),
    ("explain", &["text", "model", "catalogue", "controls"]),
    ("table", &["text", "model", "catalogue", "controls"]),
    ("history", &["text", "model", "delta", "table"]),
    ("report", &["text", "model", "drawing", "catalogue", "view", "controls", "history"]),
    ("render", &["text", "limits", "model", "drawing", "catalogue", "view", "controls", "report", "table"]),
    ("tracker", &["text", "limits", "model", "table", "history", "render"]),
    ("manifest", &["source"]),
    ("cli", &["text", "limits", "table", "render", "tracker"]),
    (
        "run",
        &[
            "text",
            "limits",
            "snapshot",
            "source",
            "ingest",
            "model",
            "drawing",
            "catalogue",
            "view",
            "engagement",
            "controls",
            "assess",
            "delta",
            "history",
            "redact",
            "explain",
            "report",
            "table",
            "render",
            "tracker",
            "manifest",
            "cli",
        ],
    ),
    ("main", &["run"]),
];

/// The module of `src` that a file belongs to.
fn module_of(path: &Path) -> String {
    let below = path.strip_prefix("src").unwrap().components().next().unwrap();
    below.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules that a file names, with `crate::NAME`, `use crate::{NAME, …}` or, in the binary, `shr::NAME`.
fn named(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1).chain(code.split("use shr::").skip(1)) {
        let list = rest.strip_prefix('{').map_or("", |list| &list[..list.find(';').unwrap_or(list.len())]);
        let mut depth = 0;
        // Of a list in braces only what stands at its first level is a module.
        for part in list.split_inclusive([',', '{', '}']) {
            if depth == 0 {
                names.push(word(part.trim_start()));
            }
            depth += part.matches('{').count();
            depth = depth.saturating_sub(part.matches('}').count());
        }
        names.push(word(rest));
    }
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// As each module names only those before it, no circle of files closes across folders.
#[test]
fn layers_see_only_what_they_may() {
    let known: Vec<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    for (at, (module, allowed)) in LAYERS.iter().enumerate() {
        let later: Vec<_> = allowed.iter().filter(|name| !known[..at].contains(name)).collect();
        assert!(later.is_empty(), "{module} stands before {later:?}");
    }
    let mut broken = Vec::new();
    for (path, text) in rust_files("src") {
        let module = module_of(&path);
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            broken.push(format!("{} stands in no layer", path.display()));
            continue;
        };
        for name in named(&text).into_iter().filter(|name| known.contains(&name.as_str()) && *name != module) {
            if !allowed.contains(&name.as_str()) {
                broken.push(format!("{} uses crate::{name}", path.display()));
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
