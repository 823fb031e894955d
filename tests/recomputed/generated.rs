//! Orgs of many apps, each app a hardened one with a change of its own.

use crate::spoiled::hostile::{CASES, Files, hardened};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many orgs the changes are dealt out to.
const ORGS: usize = 5;

/// The files of one app under names and ids of its own; `None` when an export of it cannot be joined with others.
fn renamed(files: &Files, n: usize) -> Option<(Files, BTreeMap<String, Vec<Value>>)> {
    let (mut own, mut rows) = (Files::new(), BTreeMap::new());
    for (path, bytes) in files {
        let text = String::from_utf8(bytes.clone()).ok()?;
        let text = text.replace("Sync", &format!("Sync{n}")).replace("svc.sync@", &format!("svc.sync{n}@"));
        let text = text.replace("xx00", &format!("xx{n:02}"));
        if path.starts_with("exports/") && path.ends_with(".json") {
            let export: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
            let all = export["records"].as_array()?.clone();
            if export["totalSize"] != all.len() || export["done"] != true {
                return None;
            }
            rows.insert(path.clone(), all);
        } else if path.starts_with("exports/") || path.starts_with("lists/") {
            return None;
        } else {
            own.insert(path.replace("Sync", &format!("Sync{n}")), text.into_bytes());
        }
    }
    Some((own, rows))
}

/// Writes them below a folder; gives their names and paths.
pub(super) fn write(below: &Path) -> Vec<(String, PathBuf)> {
    let mut orgs: Vec<(Files, BTreeMap<String, Vec<Value>>)> = vec![Default::default(); ORGS];
    for (n, case) in CASES.iter().enumerate().take(100) {
        let mut files = hardened();
        (case.edit)(&mut files);
        let Some((own, rows)) = renamed(&files, n) else { continue };
        let (all, exports) = &mut orgs[n % ORGS];
        all.extend(own);
        for (path, more) in rows {
            exports.entry(path).or_default().extend(more);
        }
    }
    let mut written = Vec::new();
    for (n, (mut files, exports)) in orgs.into_iter().enumerate() {
        files.insert("sfdx-project.json".to_owned(), b"{ \"packageDirectories\": [{ \"path\": \"main\" }] }".to_vec());
        for (path, rows) in exports {
            let export = json!({ "totalSize": rows.len(), "records": rows, "done": true });
            files.insert(path, serde_json::to_vec_pretty(&export).unwrap());
        }
        let (name, root) = (format!("generated-{n}"), below.join(format!("generated-{n}")));
        for (path, bytes) in &files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        assert!(files.len() > 50, "{name} has {} files", files.len());
        written.push((name, root));
    }
    written
}
