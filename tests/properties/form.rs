//! The form of an export never matters: line ends, marks, case, lengths of ids, names and order of files.

use super::worse::{between, granted};
use super::{CONTROL, Org, large, small};
use crate::samples::AS_OF;
use crate::spoiled::hostile::Files;
use serde_json::Value;
use shr::assess::assess;
use shr::controls::client_credentials::Stated;
use shr::model::{Assessment, Finding};
use shr::source::{Limits, Source};

/// What a finding says without its places. Values as written belong to the form, so `words` leaves them out.
fn meaning(finding: &Finding, words: bool) -> Value {
    let say = |message: &shr::text::message::Message| {
        if words { serde_json::to_value(message).unwrap() } else { Value::from(&*message.key) }
    };
    let observed = finding
        .observations
        .iter()
        .map(|one| serde_json::json!([one.criterion, one.outcome().word(), say(&one.because)]));
    let grants = finding.rights.grants.iter().map(|grant| serde_json::json!([grant.name, grant.on_activation]));
    let asked = finding.questions.iter().map(|one| serde_json::json!([one.criterion, say(&one.text), one.requests]));
    serde_json::json!({
        "id": finding.id,
        "app": finding.subject.api_name,
        "label": finding.subject.label,
        "result": finding.result.word(),
        "basis": finding.basis,
        "because": say(&finding.because),
        "flow": finding.flow_state().word(),
        "user": finding.execution_user().state,
        "shared": finding.execution_user().shared_with,
        "privilege": finding.privilege().state.word(),
        "impact": finding.privilege().impact,
        "grants": grants.collect::<Vec<_>>(),
        "objects": finding.rights.objects,
        "broken": finding.privilege().broken.iter().map(say).collect::<Vec<_>>(),
        "network": finding.network().state.word(),
        "ranges": finding.network().ranges,
        "score": finding.score.as_ref().map(|score| (&score.residual31, &score.residual40, score.interval31)),
        "observed": observed.collect::<Vec<_>>(),
        "asked": asked.collect::<Vec<_>>(),
        "notes": finding.notes.iter().map(|note| say(&placeless(note))).collect::<Vec<_>>(),
        "effect": finding.effect.iter().map(say).collect::<Vec<_>>(),
    })
}

/// A note without the places that it names: those are names of files.
fn placeless(note: &shr::text::message::Message) -> shr::text::message::Message {
    let mut note = note.clone();
    note.args.retain(|name| !matches!(name, "copies" | "place"));
    note
}

fn same(org: &Org, files: &Files, words: bool, what: &str) {
    let all = |assessment: &Assessment| -> Vec<Value> {
        assessment.findings.iter().map(|finding| meaning(finding, words)).collect()
    };
    let (before, after) = (all(&org.assess(&org.files)), all(&org.assess(files)));
    assert_eq!(before.len(), after.len(), "{}: {what}", org.key);
    for (was, now) in before.iter().zip(&after) {
        let (Some(was), Some(now)) = (was.as_object(), now.as_object()) else { panic!("not an object") };
        let differ: Vec<String> = was
            .iter()
            .filter(|(name, value)| now.get(*name) != Some(value))
            .map(|(name, value)| format!("{name}: {value} became {}", now[name]))
            .collect();
        assert!(differ.is_empty(), "{}: {} with {what}: {}", org.key, was["app"], differ.join("\n"));
    }
}

fn text_files(files: &Files) -> impl Iterator<Item = (&String, &str)> {
    let known = |path: &str| [".xml", ".json", ".csv"].iter().any(|suffix| path.ends_with(suffix));
    files.iter().filter(move |(path, _)| known(path)).map(|(path, bytes)| (path, std::str::from_utf8(bytes).unwrap()))
}

fn rewritten(org: &Org, rewrite: impl Fn(&str, &str) -> String) -> Files {
    let mut files = org.files.clone();
    for (path, text) in text_files(&org.files) {
        files.insert(path.clone(), rewrite(path, text).into_bytes());
    }
    files
}

/// 18-character ids lose their suffix, in JSON and in CSV.
fn short_ids(text: &str) -> String {
    let is_id = |word: &str| word.len() == 18 && word.contains("xx0000");
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_id(bare) { word.replacen(bare, &bare[..15], 1) } else { word.to_owned() }
        })
        .collect()
}

/// Words of Salesforce's enumerations, which compare without case.
fn shouted(path: &str, text: &str) -> String {
    if !path.ends_with("-meta.xml") {
        return text.to_owned();
    }
    let words = ["Enforce", "Enforce_RelaxRefresh", "Bypass", "true", "false", "Updated", "ApiEvent"];
    words.iter().fold(text.to_owned(), |text, word| {
        text.replace(&format!(">{word}<"), &format!(">{}<", word.to_ascii_uppercase()))
    })
}

#[test]
fn the_form_of_an_export_never_matters() {
    let mut all = large();
    all.push(small());
    for org in &all {
        same(org, &rewritten(org, |_, text| text.replace("\r\n", "\n").replace('\n', "\r\n")), true, "CRLF");
        let marked = rewritten(org, |_, text| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')));
        same(org, &marked, true, "byte order mark");
        let user = |text: &str| between(text, "<clientCredentialsFlowUser>svc.", "@", "").is_some();
        let cased = rewritten(org, |path, text| {
            if path.ends_with(".ecaOauthPlcy-meta.xml") && user(text) {
                text.replace("<clientCredentialsFlowUser>svc.", "<clientCredentialsFlowUser>SVC.")
            } else {
                text.to_owned()
            }
        });
        assert!(cased != org.files, "no user name was changed");
        same(org, &cased, false, "user names in other case");
        let shouting = rewritten(org, shouted);
        assert!(shouting != org.files, "no enumeration was changed");
        same(org, &shouting, false, "enumerations in other case");
        let export = |path: &str| path.ends_with(".json") || path.ends_with(".csv");
        let short = rewritten(org, |path, text| if export(path) { short_ids(text) } else { text.to_owned() });
        assert!(short != org.files, "no id was changed");
        same(org, &short, false, "ids of 15 characters");
    }
}

#[test]
fn names_and_order_of_files_never_matter() {
    let mut all = large();
    all.push(small());
    for org in &all {
        let total = org.files.len();
        let mut renamed = Files::new();
        for (at, (path, bytes)) in org.files.iter().enumerate() {
            // The file names of apps, profiles, sets and policies are names of what they hold, those of CSV tell the object.
            let linked = [".ecaOauth", ".ecaGlblOauth", ".ecaOauthPlcy", ".ecaPlcy"].iter();
            let suffix = linked.map(|suffix| format!("{suffix}-meta.xml")).find(|suffix| path.ends_with(suffix));
            let export = (path.starts_with("exports/") && path.ends_with(".json")).then(|| ".json".to_owned());
            let name = match suffix.or(export) {
                Some(suffix) => format!("moved/{:04}{suffix}", total - at),
                None => path.clone(),
            };
            renamed.insert(name, bytes.clone());
        }
        assert!(renamed.keys().any(|path| path.starts_with("moved/")));
        same(org, &renamed, true, "files renamed");
        let backwards = Source::memory(&*org.key, org.files.iter().rev().map(|(path, bytes)| (path, bytes.clone())));
        let snapshot = shr::ingest::read(&backwards, &Limits::default()).unwrap();
        let after = assess(&snapshot, &CONTROL, &org.engagement, &org.key, AS_OF);
        assert_eq!(
            serde_json::to_string(&after).unwrap(),
            serde_json::to_string(&org.assess(&org.files)).unwrap(),
            "{}: order of files",
            org.key
        );
    }
}

#[test]
fn ids_follow_the_key_of_the_org_and_nothing_else() {
    let mut org = small();
    let before = org.assess(&org.files);
    let mut files = org.files.clone();
    files.insert("elsewhere/notes.txt".to_owned(), b"x".to_vec());
    let worse =
        granted(&files["main/default/profiles/Sync Robot.profile-meta.xml"], "x.profile-meta.xml", "ModifyAllData");
    files.insert("main/default/profiles/Sync Robot.profile-meta.xml".to_owned(), worse);
    let after = org.assess(&files);
    assert_ne!(after.findings[0].result, before.findings[0].result);
    assert_eq!(after.findings[0].id, before.findings[0].id);
    org.key = "other".to_owned();
    assert_ne!(org.assess(&org.files).findings[0].id, before.findings[0].id);
}
