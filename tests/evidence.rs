//! The samples as an oracle: results as `samples/README.md` states them, and evidence that stands where it says.
#![allow(clippy::use_debug)] // secrets must not show in Debug output either

use crate::samples::{AS_OF, MARKERS, SAMPLES, engagement, files, key, row, samples, snapshot};
use shr::assess::assess;
use shr::controls::client_credentials::Stated;
use shr::engagement::Engagement;
use shr::model::{Assessment, DispositionState, EvidenceItem, Finding, Outcome, Unseen};
use shr::snapshot::Switch;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

fn assessed(sample: &str, engagement: &Engagement) -> Assessment {
    let control = shr::controls::catalogue("en").unwrap();
    assess(&snapshot(&samples().join(sample)), &control, engagement, key(sample), AS_OF)
}

/// A line with its entities resolved.
fn decoded(line: &str) -> String {
    quick_xml::escape::unescape(line).map_or_else(|_| line.to_owned(), std::borrow::Cow::into_owned)
}

/// Whether a name is the one that the file gives to what it holds: its percent-decoded stem.
fn names_its_file(path: &str, name: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(file).decode_utf8_lossy().starts_with(&format!("{name}."))
}

/// What is wrong with one piece of evidence; empty when it stands where it says.
fn fault(item: &EvidenceItem, files: &BTreeMap<String, Vec<u8>>) -> Option<String> {
    let Some(bytes) = files.get(&*item.path) else { return Some("no such file".into()) };
    let text = String::from_utf8_lossy(bytes);
    // `Account: viewAllRecords`, `ecaOauthPlcy isClientCredentialsFlowEnabled`: the setting's own name comes last.
    let name = item.setting.rsplit([' ', ':']).next().unwrap_or_default();
    match (item.line, item.row) {
        (Some(_), Some(_)) => Some("both a line and a row".into()),
        (Some(line), None) => {
            let lines: Vec<String> = text.lines().map(decoded).collect();
            let at = usize::try_from(line).unwrap().wrapping_sub(1);
            let Some(found) = lines.get(at) else { return Some(format!("the file has {} lines", lines.len())) };
            let raw = text.lines().nth(at).unwrap_or_default();
            // A certificate is shown by what it says, not by its body.
            let shown = item.seen.as_deref().filter(|_| item.setting != "certificate");
            let wanted = shown.unwrap_or(&item.setting);
            // A range is cited at its first address; the last one stands next to it.
            let range = wanted.split_once(" to ").filter(|_| item.setting.ends_with("Ranges"));
            let near = &lines[at.saturating_sub(3)..lines.len().min(at + 4)];
            let stands = match range {
                Some((first, last)) => found.contains(first) && near.iter().any(|line| line.contains(last)),
                None if shown.is_some() => {
                    found.contains(wanted) || raw.contains(wanted) || names_its_file(&item.path, wanted)
                }
                None => found.contains(name) || names_its_file(&item.path, wanted),
            };
            (!stands).then(|| format!("`{wanted}` is not in `{}`", raw.trim()))
        }
        (None, Some(n)) => {
            let Some(cells) = row(&item.path, bytes, n) else { return Some("no such row".into()) };
            let setting = name.to_lowercase();
            let column = cells.get(&setting).or_else(|| cells.get(&format!("permissions{setting}")));
            // A step of a path names a container, and a place an app, by whichever column the row has for it.
            let step = ["profile", "permission_set", "group", "user", "assignment", "externalclientapplication"]
                .contains(&setting.as_str());
            let cell = column.or_else(|| cells.values().find(|cell| step && Some(*cell) == item.seen.as_ref()));
            match (cell, &item.seen) {
                (None, _) => Some(format!("row without column `{}`", item.setting)),
                // A right on an object is shown as it is granted, in whichever word a row says so.
                (Some(cell), Some(seen)) if item.setting.contains(": ") && seen == "true" => {
                    (Switch::parse(cell) != Switch::On).then(|| format!("granted expected, `{cell}` stands there"))
                }
                (Some(cell), Some(seen)) if cell.trim() != seen => {
                    Some(format!("`{seen}` expected, `{cell}` stands there"))
                }
                _ => None,
            }
        }
        (None, None) => match &item.seen {
            Some(seen) => (!text.contains(seen.as_str())).then(|| format!("`{seen}` is nowhere in the file")),
            None if item.unseen != Some(Unseen::Absent) => Some("nothing is shown of it".into()),
            None => text.contains(&format!("<{name}>")).then(|| "said to be absent, but it is there".into()),
        },
    }
}

#[test]
fn every_piece_of_evidence_stands_where_it_says() {
    let engagement = engagement();
    let mut faults = String::new();
    let mut walked = 0;
    for sample in SAMPLES {
        let files = files(&samples().join(sample));
        let assessment = assessed(sample, &engagement);
        for evidence in &assessment.evidence {
            walked += 1;
            let item = &evidence.item;
            assert!(
                item.seen.is_some() != item.unseen.is_some(),
                "{sample}: {}: a value or why there is none",
                evidence.id
            );
            let secret = ["consumerSecret", "certificate"].contains(&item.setting.as_str());
            assert!(
                secret || item.unseen != Some(Unseen::Withheld),
                "{sample}: {}: withheld for secrets only",
                evidence.id
            );
            if let Some(fault) = fault(&evidence.item, &files) {
                let item = &evidence.item;
                let _ = writeln!(faults, "{sample}: {} ({}) {}: {fault}", item.place(), item.setting, evidence.id);
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(walked > 300, "only {walked} pieces of evidence in all samples");
}

#[test]
fn every_place_in_text_exists() {
    let engagement = engagement();
    for sample in SAMPLES {
        let files = files(&samples().join(sample));
        let assessment = assessed(sample, &engagement);
        let apps = assessment.findings.iter().flat_map(|f| f.subject.sources.iter().cloned());
        let connected = assessment.connected_apps.iter().map(|app| app.place.clone());
        for place in apps.chain(connected) {
            let row_of = place.rsplit_once(", row ").map(|(path, n)| (path, n, true));
            let line_of = place.rsplit_once(':').map(|(path, n)| (path, n, false));
            let (path, number, is_row) = row_of.or(line_of).unwrap_or((place.as_str(), "1", false));
            let bytes = files.get(path).unwrap_or_else(|| panic!("{sample}: {place}: no such file"));
            let number: u32 = number.parse().unwrap_or_else(|_| panic!("{sample}: {place}: no place"));
            if is_row {
                assert!(row(path, bytes, number).is_some(), "{sample}: {place}: no such row");
            } else {
                let lines = String::from_utf8_lossy(bytes).lines().count();
                assert!((1..=lines).contains(&usize::try_from(number).unwrap()), "{sample}: {place}: {lines} lines");
            }
        }
    }
}

#[test]
fn evidence_ids_are_unique_and_all_of_them_are_used() {
    let engagement = engagement();
    for sample in SAMPLES {
        let assessment = assessed(sample, &engagement);
        let known: BTreeSet<&str> = assessment.evidence.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(known.len(), assessment.evidence.len(), "{sample}: an evidence id stands twice");
        let mut used = BTreeSet::new();
        for finding in &assessment.findings {
            for observation in &finding.observations {
                if observation.outcome() == Outcome::Pass && observation.source == shr::model::Source::Export {
                    let place = format!("{sample}: {}: {}", finding.subject.api_name, observation.criterion);
                    assert!(!observation.evidence.is_empty(), "{place}: a pass without evidence");
                }
                used.extend(observation.evidence.iter().map(String::as_str));
            }
            let steps = finding.rights.grants.iter().flat_map(|grant| grant.paths.iter().flatten());
            used.extend(steps.map(|step| step.evidence.as_str()).filter(|id| !id.is_empty()));
            let rights = finding.rights.object_rights.iter().flat_map(|object| &object.rights);
            used.extend(rights.flat_map(|held| held.evidence.iter().map(String::as_str)));
        }
        assert!(used.is_subset(&known), "{sample}: unknown ids {:?}", used.difference(&known).collect::<Vec<_>>());
        assert!(known.is_subset(&used), "{sample}: unused ids {:?}", known.difference(&used).collect::<Vec<_>>());
    }
}

#[test]
fn dangerous_permissions_are_traced_to_the_user() {
    let assessment = assessed("halden-prod", &engagement());
    let warehouse = finding(&assessment, "Data_Warehouse_Loader");
    let modify = warehouse.rights.grants.iter().find(|g| g.name == "ModifyAllData").expect("Modify All Data is held");
    let steps: BTreeSet<&str> = modify.paths.iter().flatten().map(|step| step.name.as_str()).collect();
    assert!(steps.contains("Data_Platform_Loader"), "the permission set: {steps:?}");
    assert!(steps.contains("Data_Platform_Admins"), "the group: {steps:?}");
    assert!(modify.paths.iter().flatten().all(|step| !step.evidence.is_empty()), "each step has its evidence");
    let names: Vec<&str> = warehouse.rights.grants.iter().map(|g| g.name.as_str()).collect();
    assert!(!names.contains(&"DataExport"), "the muting set takes it away inside its group: {names:?}");
    let claims = finding(&assessment, "Claims_Intake");
    let names: Vec<&str> = claims.rights.grants.iter().map(|g| g.name.as_str()).collect();
    assert!(!names.contains(&"ModifyAllData"), "the assignment has expired: {names:?}");
    let view = claims.rights.grants.iter().find(|g| g.name == "ViewAllData").expect("View All Data is held");
    assert!(view.on_activation, "the set is session-based");
}

#[test]
fn no_secret_reaches_an_output() {
    let engagement = engagement();
    for sample in SAMPLES {
        let path = samples().join(sample);
        let mut markers: Vec<String> = MARKERS.map(str::to_owned).to_vec();
        for bytes in files(&path).values() {
            let text = String::from_utf8_lossy(bytes);
            let bodies = text.split("<certificate>").skip(1).filter_map(|rest| rest.split('<').next());
            markers.extend(bodies.flat_map(str::lines).map(|line| line.chars().take(40).collect()));
        }
        let snapshot = snapshot(&path);
        let assessment = assess(&snapshot, &shr::controls::catalogue("en").unwrap(), &engagement, key(sample), AS_OF);
        let outputs = [format!("{snapshot:?}"), format!("{assessment:?}"), serde_json::to_string(&assessment).unwrap()];
        for marker in markers.iter().filter(|marker| marker.len() > 5) {
            assert!(outputs.iter().all(|text| !text.contains(marker.as_str())), "{sample}: {marker} shows");
        }
    }
    let expected = samples().join("expected");
    for entry in walkdir::WalkDir::new(expected).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file())
    {
        let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned();
        for marker in MARKERS {
            assert!(!text.contains(marker), "{}: {marker} shows", entry.path().display());
        }
    }
}

/// The rows of the table between `<!-- name -->` and `<!-- /name -->`, without its header.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(samples().join("README.md")).unwrap();
    let (_, rest) = text.split_once(&format!("<!-- {name} -->")).unwrap();
    let (body, _) = rest.split_once(&format!("<!-- /{name} -->")).unwrap();
    let rows = body.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn finding<'a>(assessment: &'a Assessment, app: &str) -> &'a Finding {
    let found = assessment.findings.iter().find(|finding| finding.subject.api_name == app);
    found.unwrap_or_else(|| panic!("{}: no finding for {app}", assessment.org.key))
}

fn all(engagement: &Engagement) -> BTreeMap<String, Assessment> {
    SAMPLES.iter().map(|sample| (key(sample).to_owned(), assessed(sample, engagement))).collect()
}

#[test]
fn results_are_what_the_readme_expects() {
    let all = all(&engagement());
    let mut faults = String::new();
    let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let rows = table("results");
    for row in &rows {
        let [sample, app, result, basis, flow, privilege, network, score, _why] = row.as_slice() else {
            panic!("a row with other columns: {row:?}");
        };
        listed.entry(sample).or_default().insert(app);
        let finding = finding(&all[sample], app);
        let seen = [
            (result, finding.result.to_string()),
            (basis, finding.basis.as_deref().map_or("-".into(), |b| b.to_string())),
            (flow, finding.flow_state().to_string()),
            (privilege, finding.privilege().state.to_string()),
            (network, finding.network().state.to_string()),
            (score, finding.score.as_ref().map_or("-".into(), |s| s.residual31.1.to_string())),
        ];
        for (wanted, seen) in seen {
            if wanted != "?" && *wanted != seen {
                let _ =
                    writeln!(faults, "{sample} {app}: expected {wanted}, computed {seen} ({})", finding.because.key);
            }
        }
    }
    for (sample, assessment) in &all {
        let computed: BTreeSet<&str> = assessment.findings.iter().map(|f| f.subject.api_name.as_str()).collect();
        let listed = listed.get(sample.as_str()).cloned().unwrap_or_default();
        if computed != listed {
            let _ = writeln!(faults, "{sample}: apps {:?}", computed.symmetric_difference(&listed).collect::<Vec<_>>());
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn criteria_are_what_the_readme_expects() {
    const COLUMNS: [(&str, &str); 12] = [
        ("FD", "flow-disabled"),
        ("LP", "execution-user-least-privilege"),
        ("NR", "network-restricted"),
        ("SX", "secret-not-exposed"),
        ("ID", "execution-user-identified"),
        ("AO", "execution-user-api-only"),
        ("DE", "execution-user-dedicated"),
        ("RL", "request-rate-limited"),
        ("SC", "scopes-minimal"),
        ("CA", "certificate-alternative"),
        ("UO", "use-observed"),
        ("GO", "governance-recorded"),
    ];
    let all = all(&engagement());
    let mut faults = String::new();
    for row in table("criteria") {
        let (sample, app) = (&row[0], &row[1]);
        let finding = finding(&all[sample.as_str()], app);
        for ((_, criterion), wanted) in COLUMNS.iter().zip(&row[2..]) {
            let observation = finding.observations.iter().find(|o| o.criterion == *criterion);
            let seen = observation.map(|o| match o.outcome() {
                Outcome::Fail => "F",
                Outcome::NotEvaluable => "N",
                Outcome::Review => "R",
                Outcome::Pass => "P",
                Outcome::NotApplicable => "A",
                Outcome::NotTested => "T",
            });
            if wanted != "?" && Some(wanted.as_str()) != seen {
                let because = observation.map_or("", |o| &*o.because.key);
                let seen = seen.unwrap_or("nothing");
                let _ = writeln!(faults, "{sample} {app} {criterion}: expected {wanted}, computed {seen} ({because})");
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn an_org_without_apps_is_not_applicable_when_the_manifest_proves_it() {
    let assessment = assessed("tarn-no-apps", &engagement());
    assert_eq!(assessment.result, Outcome::NotApplicable);
    assert_eq!(assessment.counts.total(), 0);
}

#[test]
fn a_csv_export_proves_completeness_only_with_a_declared_count() {
    let with = assessed("halden-prod", &engagement());
    let without = assessed("halden-prod", &Engagement::default());
    assert_eq!(finding(&with, "Carrier_Tracking_Sync").result, Outcome::Pass);
    assert_eq!(finding(&without, "Carrier_Tracking_Sync").result, Outcome::Review);
    let mut wrong = engagement();
    wrong.orgs.get_mut("halden-prod").unwrap().expected.insert("ObjectPermissions".into(), 29);
    let cut = assessed("halden-prod", &wrong);
    assert_eq!(finding(&cut, "Carrier_Tracking_Sync").result, Outcome::NotEvaluable, "28 of 29 rows");
}

#[test]
fn decisions_of_people_are_sorted_and_never_change_a_result() {
    let mut decided = engagement();
    let mut gone = decided.dispositions.first().expect("the samples have decisions").clone();
    gone.app = "Old_Portal".into();
    decided.dispositions.push(gone);
    let with = assessed("halden-prod", &decided);
    let without = assessed("halden-prod", &Engagement { dispositions: Vec::new(), ..engagement() });
    for (a, b) in with.findings.iter().zip(&without.findings) {
        assert_eq!((a.result, a.basis.clone()), (b.result, b.basis.clone()), "{}", a.subject.api_name);
    }
    let of = |app: &str| finding(&with, app).disposition.as_ref().map(|d| d.state);
    assert_eq!(of("Dock_Gateway"), Some(DispositionState::Valid));
    assert_eq!(of("Order_Intake"), Some(DispositionState::Expired));
    let elsewhere: BTreeMap<_, _> =
        with.attestations.iter().filter_map(|a| a.disposition.as_ref()).map(|d| (d.app.as_str(), d.state)).collect();
    let billing = of("Billing_Export").or_else(|| elsewhere.get("Billing_Export").copied());
    assert_eq!(billing, Some(DispositionState::Unused));
    assert_eq!(elsewhere.get("Old_Portal"), Some(&DispositionState::UnknownApp));
    let expired = with.attestations.iter().find(|a| a.app == "Customs_Declaration").expect("reported");
    assert_eq!(expired.state, "expired");
}
