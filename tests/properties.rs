//! Properties of the whole way from files to findings: what is missing never makes a pass, worse evidence never looks
//! better, and the form of an export never matters.

use crate::samples::{AS_OF, engagement, files, samples};
use crate::spoiled::hostile::{CASES, Files, hardened};
use rayon::prelude::*;
use serde_json::Value;
use shr::assess::assess;
use shr::assessment::{Assessment, Finding, FlowState, Outcome, Score};
use shr::catalog::Control;
use shr::engagement::Engagement;
use shr::snapshot::{Agreement, App, Container, Seen, Snapshot};
use shr::source::{Limits, Source};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

static CONTROL: LazyLock<Control> = LazyLock::new(|| Control::load().unwrap());

/// An org with what people supplied for it.
struct Org {
    key: String,
    files: Files,
    engagement: Engagement,
}

impl Org {
    fn read(&self, files: &Files) -> Snapshot {
        let source = Source::memory(self.key.as_str(), files.iter().map(|(path, bytes)| (path, bytes.clone())));
        shr::ingest::read(&source, &Limits::default()).unwrap()
    }

    fn assess(&self, files: &Files) -> Assessment {
        assess(&self.read(files), &CONTROL, &self.engagement, &self.key, AS_OF)
    }
}

/// The two large samples with their engagement file.
fn large() -> Vec<Org> {
    ["halden-prod", "halden-uat"]
        .map(|key| Org { key: key.to_owned(), files: files(&samples().join(key)), engagement: engagement() })
        .into()
}

/// The hardened org.
fn small() -> Org {
    Org { key: "acme".to_owned(), files: hardened(), engagement: Engagement::default() }
}

/// The samples, the hardened org, and the hardened org with each change that has a known result.
fn orgs() -> Vec<Org> {
    let mut all = large();
    all.push(small());
    all.extend(CASES.iter().map(|case| {
        let mut org = Org { key: case.name.to_owned(), ..small() };
        (case.edit)(&mut org.files);
        org
    }));
    all
}

fn by_app(assessment: &Assessment) -> BTreeMap<&str, &Finding> {
    assessment.findings.iter().map(|finding| (finding.app.api_name.as_str(), finding)).collect()
}

fn without(files: &Files, path: &str) -> Files {
    let mut files = files.clone();
    files.remove(path);
    files
}

/// Fails with all faults at once.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// ---- what is missing

fn stands_against<T: PartialEq>(seen: &Seen<T>, path: &str) -> bool {
    matches!(seen.agreement(), Agreement::Contradictory(copies) if copies.iter().any(|copy| &*copy.at.path == path))
}

/// Whether a file holds one of two contradicting copies or switches that bear on an app.
fn contradicts(snapshot: &Snapshot, app: &App, finding: &Finding, path: &str) -> bool {
    let sides = app.policy_flow.iter().chain(app.setting_flow.iter());
    let one_side = finding.flow_state == FlowState::Contradictory && sides.into_iter().any(|c| &*c.at.path == path);
    let ranges = |container: &&Container| stands_against(&container.login_ranges, path);
    one_side
        || stands_against(&app.policy_flow, path)
        || stands_against(&app.setting_flow, path)
        || stands_against(&app.enabled, path)
        || stands_against(&app.oauth_plugin_enabled, path)
        || stands_against(&app.execution_user, path)
        || stands_against(&app.ip_relaxation, path)
        || snapshot.access.containers.iter().any(|container| ranges(&container))
}

/// The three files whose absence may make a pass.
fn may_make_a_pass(snapshot: &Snapshot, app: &App, finding: &Finding, path: &str) -> bool {
    let secret = finding.observations.iter().find(|one| one.criterion == "secret-not-exposed").unwrap();
    let its_secret = secret.outcome() == Outcome::Fail && app.secret.iter().any(|copy| &*copy.at.path == path);
    let unreadable = snapshot.problems.iter().any(|problem| &*problem.at.path == path);
    its_secret || unreadable || contradicts(snapshot, app, finding, path)
}

fn new_passes(org: &Org, before: &Assessment, after: &Assessment, what: &str) -> Vec<String> {
    let (before, after) = (by_app(before), by_app(after));
    let passed = after.iter().filter(|(_, finding)| finding.result == Outcome::Pass);
    passed
        .filter_map(|(app, now)| {
            let was = before.get(app).map(|finding| finding.result);
            let open = was.is_some_and(|was| was < Outcome::Pass);
            open.then(|| {
                format!("{}: {app} was {} and is {} {:?} without {what}", org.key, was.unwrap(), now.result, now.basis)
            })
        })
        .collect()
}

#[test]
fn deleting_a_file_never_makes_a_pass() {
    let checked = AtomicUsize::new(0);
    let faults: Vec<String> = orgs()
        .par_iter()
        .flat_map(|org| {
            let snapshot = org.read(&org.files);
            let before = org.assess(&org.files);
            let was = by_app(&before);
            // A file of no kind that is read changes nothing.
            let read: Vec<&str> = snapshot.inputs.iter().map(|input| &*input.path).collect();
            let paths = read.into_par_iter().filter(|path| org.files.contains_key(*path));
            let found: Vec<String> = paths
                .flat_map_iter(|path| {
                    let mut after = org.assess(&without(&org.files, path));
                    after.findings.retain(|finding| {
                        let name = finding.app.api_name.as_str();
                        let app = snapshot.apps.get(name);
                        !app.is_some_and(|app| may_make_a_pass(&snapshot, app, was[name], path))
                    });
                    let open = |app: &str| was.get(app).is_some_and(|finding| finding.result < Outcome::Pass);
                    let open = after.findings.iter().filter(|finding| open(&finding.app.api_name)).count();
                    checked.fetch_add(open, Ordering::Relaxed);
                    new_passes(org, &before, &after, path)
                })
                .collect();
            found
        })
        .collect();
    none(&faults);
    let checked = checked.into_inner();
    assert!(checked > 1500, "only {checked} deletions that could make a pass");
}

/// The rows of an export, wherever its form keeps them.
fn rows_of(export: &mut Value) -> Option<&mut Vec<Value>> {
    let holder = if export.get("result").is_some() { export.get_mut("result") } else { Some(export) };
    holder?.get_mut("records")?.as_array_mut()
}

#[test]
fn deleting_a_row_of_a_counted_export_never_makes_a_pass() {
    let mut all = large();
    all.push(small());
    let mut rows = 0;
    for org in &all {
        let before = org.assess(&org.files);
        let exports = org.files.keys().filter(|path| path.starts_with("exports/") && path.ends_with(".json"));
        let mut variants: Vec<(String, Files)> = Vec::new();
        for path in exports {
            let export: Value = serde_json::from_slice(&org.files[path]).unwrap();
            let count = rows_of(&mut export.clone()).unwrap().len();
            for row in 0..count {
                let mut cut = export.clone();
                rows_of(&mut cut).unwrap().remove(row);
                let mut files = org.files.clone();
                files.insert(path.clone(), serde_json::to_vec(&cut).unwrap());
                variants.push((format!("row {} of {path}", row + 1), files));
            }
        }
        rows += variants.len();
        let faults: Vec<String> = variants
            .par_iter()
            .flat_map_iter(|(what, files)| new_passes(org, &before, &org.assess(files), what))
            .collect();
        none(&faults);
    }
    assert!(rows > 60, "only {rows} rows");
}

#[test]
fn deleting_lines_of_a_csv_with_a_declared_count_never_makes_a_pass() {
    let org = &large()[0];
    let before = org.assess(&org.files);
    let path = "exports/ObjectPermissions.csv";
    let text = String::from_utf8(org.files[path].clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 20);
    for line in 1..lines.len() {
        let kept: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != line).map(|(_, text)| *text).collect();
        let mut files = org.files.clone();
        files.insert(path.to_owned(), kept.join("\n").into_bytes());
        let after = org.assess(&files);
        none(&new_passes(org, &before, &after, &format!("row {line} of {path}")));
        let hardened =
            after.findings.iter().filter(|finding| finding.score.is_some() && finding.result == Outcome::Pass);
        assert_eq!(hardened.count(), 0, "row {line}: least privilege without all rows");
    }
}

#[test]
fn unknown_never_scores_below_known_good() {
    let org = small();
    let before = org.assess(&org.files);
    let known = before.findings[0].score.as_ref().unwrap();
    for path in org.files.keys() {
        for finding in &org.assess(&without(&org.files, path)).findings {
            let Some(score) = &finding.score else { continue };
            assert!(score.residual31.1 >= known.residual31.1, "{path}: {}", score.residual31.1);
            assert!(score.residual40.1 >= known.residual40.1, "{path}: {}", score.residual40.1);
        }
    }
}

// ---- worse evidence

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
    let high = |score: &Option<Score>| score.as_ref().map(|score| (score.residual31.1, score.residual40.1));
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
    all.push(small());
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

fn granted(bytes: &[u8], path: &str, permission: &str) -> Vec<u8> {
    let root = if is_profile(path) { "Profile" } else { "PermissionSet" };
    let more = format!("<userPermissions><enabled>true</enabled><name>{permission}</name></userPermissions>");
    before_end(std::str::from_utf8(bytes).unwrap(), root, &more).unwrap().into_bytes()
}

/// Replaces what stands between two texts, everywhere.
fn between(text: &str, from: &str, to: &str, new: &str) -> Option<String> {
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

// ---- form

/// What a finding says without its places. Values as written belong to the form, so `words` leaves them out.
fn meaning(finding: &Finding, words: bool) -> Value {
    let say = |message: &shr::message::Message| {
        if words { serde_json::to_value(message).unwrap() } else { Value::from(message.key.as_str()) }
    };
    let observed = finding
        .observations
        .iter()
        .map(|one| serde_json::json!([one.criterion, one.outcome().word(), say(&one.because)]));
    let grants = finding.privilege.grants.iter().map(|grant| serde_json::json!([grant.name, grant.on_activation]));
    let asked = finding.questions.iter().map(|one| serde_json::json!([one.criterion, say(&one.text), one.requests]));
    serde_json::json!({
        "id": finding.id,
        "app": finding.app.api_name,
        "label": finding.app.label,
        "result": finding.result.word(),
        "basis": finding.basis.map(|basis| basis.word()),
        "because": say(&finding.because),
        "flow": finding.flow_state.word(),
        "user": finding.execution_user.state,
        "shared": finding.execution_user.shared_with,
        "privilege": finding.privilege.state.word(),
        "impact": finding.privilege.impact,
        "grants": grants.collect::<Vec<_>>(),
        "objects": finding.privilege.objects,
        "broken": finding.privilege.broken.iter().map(say).collect::<Vec<_>>(),
        "network": finding.network.state.word(),
        "ranges": finding.network.ranges,
        "score": finding.score.as_ref().map(|score| (&score.residual31, &score.residual40, score.interval31)),
        "observed": observed.collect::<Vec<_>>(),
        "asked": asked.collect::<Vec<_>>(),
        "notes": finding.notes.iter().map(say).collect::<Vec<_>>(),
        "effect": finding.effect.iter().map(say).collect::<Vec<_>>(),
    })
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

/// 18-character ids lose their suffix.
fn short_ids(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.push('"');
        }
        let id = part.len() == 18 && part.contains("xx0000") && part.bytes().all(|b| b.is_ascii_alphanumeric());
        out.push_str(if id { &part[..15] } else { part });
    }
    out
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
        let short =
            rewritten(org, |path, text| if path.ends_with(".json") { short_ids(text) } else { text.to_owned() });
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
        let backwards =
            Source::memory(org.key.as_str(), org.files.iter().rev().map(|(path, bytes)| (path, bytes.clone())));
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
