//! Worse evidence never looks better: not in the result, not in a score.

use super::{CONTROL, Org, by_app, connected, large, none, small};
use crate::spoiled::hostile::Files;
use rayon::prelude::*;
use shr::model::{Assessment, Score};
use std::collections::BTreeMap;

/// A change of one file for the worse, `None` where it does not apply.
type Worsen = fn(&str, &str) -> Option<String>;

fn before_end(text: &str, root: &str, more: &str) -> Option<String> {
    let end = format!("</{root}>");
    text.contains(&end).then(|| text.replacen(&end, &format!("{more}\n{end}"), 1))
}

fn is_set(path: &str) -> bool {
    path.ends_with(".permissionset-meta.xml")
}

fn is_profile(path: &str) -> bool {
    path.ends_with(".profile-meta.xml")
}

fn never_better(org: &Org, before: &Assessment, files: &Files, what: &str) -> Vec<String> {
    let after = org.assess(files);
    let (was, now) = (by_app(before), by_app(&after));
    let high =
        |score: &Option<std::sync::Arc<Score>>| score.as_ref().map(|score| (score.residual31.1, score.residual40.1));
    was.iter()
        .filter_map(|(app, was)| {
            let now = now.get(app)?;
            let scores = match (high(&was.score), high(&now.score)) {
                (Some(was), Some(now)) => now.0 >= was.0 && now.1 >= was.1,
                (Some(_), None) => false,
                (None, _) => true,
            };
            let fine = now.result <= was.result && scores;
            (!fine).then(|| {
                let scores = (high(&was.score), high(&now.score));
                format!("{}: {app}: {} became {} with {what}, scores {scores:?}", org.key, was.result, now.result)
            })
        })
        .collect()
}

fn critical() -> Vec<String> {
    let all = CONTROL.permissions.iter().filter(|(_, graded)| graded.tier == "critical");
    let names: Vec<String> = all.map(|(name, _)| name.clone()).collect();
    assert!(names.len() > 10);
    names
}

#[test]
fn a_critical_permission_more_never_looks_better() {
    let mut all = large();
    all.extend([small(), connected()]);
    for org in &all {
        let before = org.assess(&org.files);
        let mut variants: Vec<(String, Files)> = Vec::new();
        // Every permission in all places at once, and one permission in each place on its own.
        for permission in critical() {
            let mut files = org.files.clone();
            for path in org.files.keys().filter(|path| is_set(path) || is_profile(path)) {
                files.insert(path.clone(), granted(&org.files[path], path, &permission));
            }
            variants.push((format!("{permission} everywhere"), files));
        }
        for path in org.files.keys().filter(|path| is_set(path) || is_profile(path)) {
            let mut files = org.files.clone();
            files.insert(path.clone(), granted(&org.files[path], path, "ModifyAllData"));
            variants.push((format!("ModifyAllData in {path}"), files));
        }
        let faults: Vec<String> =
            variants.par_iter().flat_map_iter(|(what, files)| never_better(org, &before, files, what)).collect();
        none(&faults);
    }
}

pub(super) fn granted(bytes: &[u8], path: &str, permission: &str) -> Vec<u8> {
    let root = if is_profile(path) { "Profile" } else { "PermissionSet" };
    let more = format!("<userPermissions><enabled>true</enabled><name>{permission}</name></userPermissions>");
    before_end(std::str::from_utf8(bytes).unwrap(), root, &more).unwrap().into_bytes()
}

/// Replaces what stands between two texts, everywhere.
pub(super) fn between(text: &str, from: &str, to: &str, new: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once(from) {
        let (_, after) = tail.split_once(to)?;
        out.push_str(head);
        out.push_str(from);
        out.push_str(new);
        out.push_str(to);
        rest = after;
    }
    (!out.is_empty()).then(|| out + rest)
}

const WORSE: &[(&str, Worsen)] = &[
    ("ranges as wide as IPv4", |path, text| {
        let open = between(text, "<startAddress>", "</startAddress>", "0.0.0.0")?;
        is_profile(path).then(|| between(&open, "<endAddress>", "</endAddress>", "255.255.255.255"))?
    }),
    ("a wide range more", |path, text| {
        let range = "<loginIpRanges><endAddress>13.111.255.255</endAddress><startAddress>13.108.0.0</startAddress></loginIpRanges>";
        (is_profile(path) && text.contains("<loginIpRanges>")).then(|| before_end(text, "Profile", range))?
    }),
    ("no ranges", |path, text| {
        let hidden = text.replace("<loginIpRanges>", "<unknownRanges>").replace("</loginIpRanges>", "</unknownRanges>");
        (is_profile(path) && hidden != text).then_some(hidden)
    }),
    ("Bypass", |path, text| {
        let policy = path.ends_with(".ecaOauthPlcy-meta.xml") || path.ends_with("ExtlClntAppOauthPlcyCnfg.json");
        let worse = text.replace(">Enforce<", ">Bypass<").replace(">Enforce_RelaxRefresh<", ">Bypass<");
        let worse = worse.replace("\"Enforce\"", "\"Bypass\"").replace("\"Enforce_RelaxRefresh\"", "\"Bypass\"");
        (policy && worse != text).then_some(worse)
    }),
    ("full scope", |path, text| {
        let end = "</commaSeparatedOauthScopes>";
        text.contains(end).then(|| {
            let _ = path;
            text.replace(end, &format!(", Full{end}"))
        })
    }),
    ("secret in clear text", |path, text| {
        let secret = "<consumerSecret>SAMPLE-SECRET-DO-NOT-USE</consumerSecret>";
        let file = path.ends_with(".ecaGlblOauth-meta.xml") && !text.contains("<consumerSecret>");
        file.then(|| before_end(text, "ExtlClntAppGlobalOauthSettings", secret))?
    }),
    ("modify all on every object", |path, text| {
        let worse = text.replace("<modifyAllRecords>false", "<modifyAllRecords>true");
        ((is_set(path) || is_profile(path)) && worse != text).then_some(worse)
    }),
    ("view all in the records", |path, text| {
        let worse = text.replace("\"PermissionsViewAllRecords\": false", "\"PermissionsViewAllRecords\": true");
        (path.contains("ObjectPermissions") && worse != text).then_some(worse)
    }),
];

#[test]
fn worse_settings_never_look_better() {
    let mut all = large();
    all.push(small());
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for org in &all {
        let before = org.assess(&org.files);
        for (what, worsen) in WORSE {
            let mut files = org.files.clone();
            for (path, bytes) in &org.files {
                if let Some(worse) = std::str::from_utf8(bytes).ok().and_then(|text| worsen(path, text)) {
                    *used.entry(what).or_default() += 1;
                    files.insert(path.clone(), worse.into_bytes());
                }
            }
            none(&never_better(org, &before, &files, what));
        }
    }
    let idle: Vec<&str> = WORSE.iter().map(|(what, _)| *what).filter(|what| !used.contains_key(what)).collect();
    assert_eq!(idle, [""; 0], "changed nothing");
}
