//! Properties of the whole way from files to findings: what is missing never makes a pass, worse evidence never looks
//! better, and the form of an export never matters.

mod exempt;
mod fixtures;
mod form;
mod hidden;
mod hide;
mod places;
mod plants;
mod reform;
mod worse;

use crate::samples::{AS_OF, engagement, files, samples};
use crate::spoiled::hostile::{CASES, Files, hardened};
use rayon::prelude::*;
use serde_json::Value;
use shr::assess::assess;
use shr::catalogue::Catalogue;
use shr::controls::client_credentials::FlowState;
use shr::controls::client_credentials::Stated;
use shr::engagement::Engagement;
use shr::model::{Assessment, FamilyRow, Finding, Outcome};
use shr::snapshot::{Agreement, App, Container, Seen, Snapshot};
use shr::source::{Limits, Source};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

static CONTROL: LazyLock<Catalogue> = LazyLock::new(|| shr::controls::catalogue("en").unwrap());

/// An org with what people supplied for it.
struct Org {
    key: String,
    files: Files,
    engagement: Engagement,
}

impl Org {
    fn read(&self, files: &Files) -> Snapshot {
        let source = Source::memory(&*self.key, files.iter().map(|(path, bytes)| (path, bytes.clone())));
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

/// An org whose one app is a connected app in the state of low risk, but for monitoring.
fn connected() -> Org {
    Org { key: "acme".to_owned(), files: crate::connected::low_risk(), engagement: Engagement::default() }
}

/// The samples, the hardened org, and the hardened org with each change that has a known result.
fn orgs() -> Vec<Org> {
    let mut all = large();
    all.push(small());
    all.push(connected());
    all.extend(CASES.iter().map(|case| {
        let mut org = Org { key: case.name.to_owned(), ..small() };
        (case.edit)(&mut org.files);
        org
    }));
    all
}

fn by_app(assessment: &Assessment) -> BTreeMap<&str, &Finding> {
    assessment.findings.iter().map(|finding| (finding.subject.api_name.as_str(), finding)).collect()
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

fn stands_against<T: PartialEq>(seen: &Seen<T>, path: &str) -> bool {
    matches!(seen.agreement(), Agreement::Contradictory(copies) if copies.iter().any(|copy| &*copy.at.path == path))
}

/// Whether a file holds one of two contradicting copies or switches that bear on an app.
fn contradicts(snapshot: &Snapshot, app: &App, finding: &Finding, path: &str) -> bool {
    let sides = app.policy_flow.iter().chain(app.setting_flow.iter());
    let one_side = finding.flow_state() == FlowState::Contradictory && sides.into_iter().any(|c| &*c.at.path == path);
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
    let (rows, after_rows) = (&before.family, &after.family);
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
        .chain(new_rows(org, rows, after_rows, what))
        .collect()
}

/// The same of the rows of sheet controls.
fn new_rows<'a>(
    org: &'a Org,
    before: &'a [FamilyRow],
    after: &'a [FamilyRow],
    what: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let was = |now: &FamilyRow| {
        let row = before.iter().find(|row| row.control == now.control && row.subject == now.subject)?;
        (row.outcome < Outcome::Pass).then_some(row.outcome)
    };
    let passed = after.iter().filter(|row| row.outcome == Outcome::Pass);
    passed.filter_map(move |now| {
        let was = was(now)?;
        Some(format!("{}: {} of {} was {was} and is pass without {what}", org.key, now.control, now.subject))
    })
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
                    let may = |name: &str| {
                        let app = snapshot.apps.get(name);
                        app.is_some_and(|app| may_make_a_pass(&snapshot, app, was[name], path))
                    };
                    after.findings.retain(|finding| !may(&finding.subject.api_name));
                    after.family.retain(|row| !may(&row.subject));
                    let open = |app: &str| was.get(app).is_some_and(|finding| finding.result < Outcome::Pass);
                    let open = after.findings.iter().filter(|finding| open(&finding.subject.api_name)).count();
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
