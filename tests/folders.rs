//! A control is a folder: what it declares is named nowhere else, and what it needs elsewhere is one line.

use crate::common::root;
use shr::controls::client_credentials::{ActionKind, Basis, FlowState, NetworkState, PrivilegeState, UserState};
use shr::snapshot::Kind;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A folder of `src/controls` with its `control.toml`.
struct Folder {
    name: String,
    path: PathBuf,
    control: Table,
}

fn folders() -> Vec<Folder> {
    let below = walkdir::WalkDir::new(root().join("src/controls")).max_depth(1).min_depth(1).sort_by_file_name();
    let folders = below.into_iter().map(|entry| entry.unwrap().into_path()).filter(|path| path.is_dir());
    folders
        .map(|path| {
            let text = fs::read_to_string(path.join("control.toml")).expect("a folder of a control");
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            Folder { name, control: text.parse().unwrap(), path }
        })
        .collect()
}

impl Folder {
    /// The tables of its controls: one of which a finding is made, or those of a page and its twin.
    fn controls(&self) -> Vec<&Table> {
        let sheets = self.control.get("control").and_then(Value::as_array).into_iter().flatten();
        let sheets: Vec<&Table> = sheets.filter_map(Value::as_table).collect();
        if sheets.is_empty() { vec![&self.control] } else { sheets }
    }

    /// Texts that a sheet control says: its own and those that its folder shares.
    fn texts(&self) -> BTreeSet<&str> {
        let all = self.controls().into_iter().chain([&self.control]).filter_map(|one| one.get("text")?.as_table());
        all.flat_map(Table::keys).map(String::as_str).collect()
    }

    /// The texts at a key of each entry of an array.
    fn of<'a>(&'a self, array: &str, key: &'a str) -> impl Iterator<Item = &'a str> {
        let entries = self.control.get(array).and_then(Value::as_array);
        entries.into_iter().flatten().filter_map(move |entry| entry.get(key)?.as_str())
    }

    /// Ids, facts and words that it declares. A single plain word means something elsewhere, too.
    fn declared(&self) -> BTreeSet<&str> {
        let ids = ["criterion", "basis", "action", "phrase", "remediation", "threat"].map(|array| self.of(array, "id"));
        let facts = self.of("fact", "name").chain(self.of("fact", "path"));
        let conditions = self.control.get("vocabulary").and_then(|words| words.get("conditions")?.as_array());
        let conditions = conditions.into_iter().flatten().filter_map(Value::as_str);
        let own = self.controls().into_iter().filter_map(|control| control["id"].as_str());
        let all = ids.into_iter().flatten().chain(facts).chain(conditions).chain(own);
        all.filter(|word| word.contains(['-', '_', '.', ':'])).collect()
    }
}

/// The string literals of a file, tests and comments left out.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    files.filter(|path| path.is_file()).collect()
}

#[test]
fn nothing_outside_a_folder_names_what_it_declares() {
    let files = sources(&root().join("src")).into_iter().chain(sources(&root().join("templates")));
    let texts: Vec<(PathBuf, String)> =
        files.filter_map(|path| Some((path.clone(), fs::read_to_string(path).ok()?))).collect();
    let mut named = Vec::new();
    for folder in folders() {
        let declared = folder.declared();
        assert!(!declared.is_empty(), "{}", folder.name);
        for (path, text) in texts.iter().filter(|(path, _)| !path.starts_with(&folder.path)) {
            // A message key begins with the id of its criterion.
            let is_named = |literal: &&str| {
                let first = literal.split('.').next().unwrap_or_default();
                declared.contains(literal) || (declared.contains(first) && first.contains('-'))
            };
            // The blank engagement file shows people what to type: criteria are its examples.
            let engagement = path.ends_with("engagement.toml");
            named.extend(literals(text).filter(is_named).filter(|_| !engagement).map(|literal| {
                format!("{} names {literal:?} of {}", path.strip_prefix(root()).unwrap().display(), folder.name)
            }));
        }
    }
    assert!(named.is_empty(), "{named:#?}");
}

#[test]
fn every_folder_is_registered_once() {
    let registry = fs::read_to_string(root().join("src/controls/mod.rs")).unwrap();
    let list = registry.split("static ALL").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    for folder in folders() {
        // A folder has a control for each file of a control in it.
        let controls = fs::read_dir(&folder.path).unwrap().map(|entry| entry.unwrap().file_name());
        let controls = controls.filter(|name| ["control.toml", "connected.toml"].contains(&name.to_str().unwrap()));
        let lines = list.matches(&format!("&{}::", folder.name)).count();
        assert_eq!(lines, controls.count(), "{} is no line of ALL", folder.name);
    }
}

#[test]
fn what_a_control_reads_is_a_kind_of_file() {
    let kinds: BTreeSet<&str> = Kind::ALL.iter().filter(|kind| !kind.is_records()).map(|kind| kind.name()).collect();
    for folder in folders() {
        let criteria = folder.control.get("criterion").and_then(Value::as_array).into_iter().flatten();
        let own = folder.controls().into_iter().filter_map(|control| control.get("reads"));
        let lists = criteria.filter_map(|criterion| criterion.get("reads")).chain(own).filter_map(Value::as_array);
        let reads: Vec<&str> = lists.flatten().filter_map(Value::as_str).collect();
        // What no export tells, a person states.
        let told = !folder.texts().contains("in-no-export");
        assert_eq!(!reads.is_empty(), told, "{} reads {reads:?}", folder.name);
        let unknown: Vec<_> = reads.iter().filter(|name| !kinds.contains(**name)).collect();
        assert!(unknown.is_empty(), "{} reads {unknown:?}", folder.name);
    }
}

#[test]
fn declared_words_are_those_of_the_code() {
    let catalogue = shr::controls::catalogue("en").unwrap();
    macro_rules! words {
        ($kind:ident) => {
            $kind::ALL.iter().map(|word| word.word()).collect::<Vec<_>>()
        };
    }
    let fact = |name: &str| catalogue.facts.iter().find(|fact| fact.name == name).unwrap().words.clone();
    assert_eq!(catalogue.bases.iter().map(|basis| &basis.id).collect::<Vec<_>>(), words!(Basis));
    assert_eq!(catalogue.actions.iter().map(|kind| &kind.id).collect::<Vec<_>>(), words!(ActionKind));
    assert_eq!(fact("flow_state"), words!(FlowState));
    assert_eq!(fact("execution_user_state"), words!(UserState));
    assert_eq!(fact("privilege"), words!(PrivilegeState));
    assert_eq!(fact("network"), words!(NetworkState));
}

/// A sheet control is what its walk-through says: these files, and nothing else.
#[test]
fn the_walk_through_of_a_sheet_control_is_true() {
    let text = fs::read_to_string(root().join("docs/contributing.md")).unwrap();
    let section = text.split("## A sheet control").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let told: BTreeSet<&str> = section.split('`').filter(|word| word.starts_with("src/controls/eca_ccf/")).collect();
    let there: BTreeSet<String> = sources(&root().join("src/controls/eca_ccf"))
        .into_iter()
        .map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    assert_eq!(told, there.iter().map(String::as_str).collect());
    assert!(section.contains("`src/controls/mod.rs`"));
}

/// The id of a published page is its name without the kind of app at its beginning, in lower case, with one `_` for every
/// run of other characters. Two pages are called otherwise than their control, as published.
#[test]
fn page_ids_follow_from_the_published_names() {
    const OTHERWISE: [(&str, &str); 2] = [
        ("ca-creation", "shr_manage_connect_apps_allow_creation_of_connected_apps_off"),
        ("ca-ip-relaxation", "shr_manage_oauth_access_policies_for_a_connected_app_ip_relaxation"),
    ];
    let mut checked = 0;
    for folder in folders().iter().filter(|folder| folder.control.contains_key("control")) {
        for control in folder.controls() {
            let [id, name, page] = ["id", "name", "page"].map(|key| control[key].as_str().unwrap());
            let leads = ["External Client Apps: ", "Connected Apps: ", "Connected App: "];
            let short = leads.iter().find_map(|lead| name.strip_prefix(lead)).unwrap_or(name).to_lowercase();
            let words = short.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            let by_rule = format!("shr_{}", words.collect::<Vec<_>>().join("_"));
            let known = OTHERWISE.iter().find(|(own, _)| *own == id).map(|(_, page)| (*page).to_owned());
            assert_eq!(page, known.unwrap_or(by_rule), "{id}");
            checked += 1;
        }
    }
    assert_eq!(checked, 29);
}

/// Literals that stand for a reason: those after an outcome, and those that are said.
fn reasons(code: &str) -> Vec<&str> {
    let parts: Vec<&str> = code.split('"').collect();
    let pairs = parts.windows(2).step_by(2).map(|pair| (pair[0].trim_end(), pair[1]));
    let is_reason = |before: &str| {
        let outcome = before.strip_suffix(',').and_then(|before| before.rsplit_once("Outcome::"));
        before.ends_with(".say(") || outcome.is_some_and(|(_, word)| word.chars().all(char::is_alphabetic))
    };
    let reasons = pairs.filter(|(before, _)| is_reason(before)).map(|(_, literal)| literal);
    reasons.filter(|literal| literal.chars().all(|c| c.is_ascii_lowercase() || c == '-')).collect()
}

/// Every reason that a sheet control can give has its text in each control of the folder, and no text is left over.
#[test]
fn the_texts_of_sheet_controls_are_those_that_the_code_says() {
    let shared: String =
        sources(&root().join("src/kit/client")).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for folder in folders().into_iter().filter(|folder| folder.control.contains_key("control")) {
        let code = fs::read_to_string(folder.path.join("mod.rs")).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap();
        let said: BTreeSet<&str> = literals(code).chain(literals(&shared)).collect();
        // A key may be put together from two words.
        let is_said = |key: &str| {
            let parts = key.match_indices('-').map(|(at, _)| (&key[..at], &key[at + 1..]));
            said.contains(key) || parts.into_iter().any(|(a, b)| said.contains(a) && said.contains(b))
        };
        let texts = folder.texts();
        let general = ["expected", "question", "recommendation", "caveat", "deadline"];
        for key in texts.iter().filter(|key| !general.contains(key)) {
            assert!(is_said(key), "{}: nothing says `{key}`", folder.name);
        }
        for reason in reasons(code) {
            let whole = texts.contains(reason) || texts.iter().any(|key| key.ends_with(&format!("-{reason}")));
            assert!(whole, "{}: no text `{reason}`", folder.name);
        }
    }
}
