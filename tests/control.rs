//! The control, one change at a time against a hardened app.

mod certificate;
mod company;
mod evidence;
mod forms;
mod gate;
mod groups;
mod history;
mod holding;
mod identity;
mod missing;
mod network;
mod objects;
mod privilege;
mod shared;
mod statements;
mod supporting;
mod telling;
mod usage;

use crate::hardened::{APP, app, at, judge, judge_with, range, seen, snapshot};
use crate::spoiled::hostile::Files;
use shr::controls::client_credentials::Basis;
use shr::controls::client_credentials::Stated;
use shr::controls::client_credentials::{FlowState, NetworkState, PrivilegeState};
use shr::engagement::Engagement;
use shr::model::{Assessment, Finding, Outcome};
use shr::snapshot::{Coverage, IpRange, IpRelaxation, Kind, Located, SecretPresence, Seen, Snapshot, Switch, UserRef};
use shr::source::{Limits, Source};

/// What a folder of files is judged to be.
pub(crate) fn assessed(files: &Files) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    crate::hardened::judge_with(&snapshot, &Engagement::default())
}

/// The finding on an app.
pub(crate) fn named<'a>(assessment: &'a Assessment, app: &str) -> &'a Finding {
    assessment.findings.iter().find(|finding| finding.subject.api_name == app).unwrap()
}

/// Adds a file, or replaces it.
pub(crate) fn add(files: &mut Files, path: &str, text: &str) {
    files.insert(path.to_owned(), text.as_bytes().to_vec());
}

/// Outcome of a criterion and the key of its reason. A review asks a person, a missing input names an export or asks.
pub(crate) fn observed<'a>(finding: &'a Finding, criterion: &str) -> (Outcome, &'a str) {
    let one = finding.observations.iter().find(|one| one.criterion == criterion).unwrap();
    if matches!(one.outcome(), Outcome::Review | Outcome::NotEvaluable) {
        let asked = finding.questions.iter().any(|question| question.criterion == criterion);
        assert!(asked, "{criterion}: {} asks nothing", one.because.key);
    }
    (one.outcome(), &one.because.key)
}

/// What is done, its change, the criterion that it is about, its outcome, and the last part of the key of its reason.
pub(crate) type Row = (&'static str, fn(&mut Snapshot), &'static str, Outcome, &'static str);

/// Judges every row and fails with all faults at once; whatever is said has words.
pub(crate) fn check(rows: &[Row]) {
    let wording = shr::controls::wording("en").unwrap();
    let mut faults = Vec::new();
    for (name, change, criterion, outcome, key) in rows {
        let mut snapshot = snapshot();
        change(&mut snapshot);
        let finding = judge(&snapshot);
        let seen = observed(&finding, criterion);
        if seen.0 != *outcome || seen.1.rsplit_once('.').map(|(_, last)| last) != Some(key) {
            faults.push(format!("{name}: {} by {}, expected {outcome} by {key}", seen.0, seen.1));
        }
        let reasons = finding.observations.iter().map(|one| &one.because);
        for message in reasons.chain(finding.questions.iter().map(|one| &one.text)).chain(&finding.notes) {
            if wording.say(message).contains('⟨') {
                faults.push(format!("{name}: no words for {}", message.key));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn one(snapshot: &mut Snapshot) -> &mut shr::snapshot::App {
    snapshot.apps.get_mut(APP).unwrap()
}

/// A second copy of a setting, in another file.
pub(crate) fn twice<T: Clone>(value: T, first: &str, other: T, second: &str) -> Seen<T> {
    let mut both = seen(value, first, "eca/a");
    both.push(Located::new(other, second, at("eca/b", 1)));
    both
}

#[test]
fn table_and_catalogue_name_the_same_criteria() {
    let control = shr::controls::catalogue("en").unwrap();
    let judged: Vec<&str> = shr::controls::client_credentials::criteria().collect();
    for one in control.all() {
        let catalogue: Vec<&str> = one.criteria.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(judged.iter().filter(|id| catalogue.contains(id)).copied().collect::<Vec<_>>(), catalogue);
    }
    assert_eq!(judged.len(), control.known("ca-ccf").unwrap().criteria.len());
}

#[test]
fn the_fixture_is_hardened() {
    let finding = judge(&snapshot());
    assert_eq!(
        (finding.result, finding.basis.clone()),
        (Outcome::Pass, Some(Basis::Hardened.into())),
        "{:?}",
        finding.privilege()
    );
    assert_eq!(finding.score.as_ref().unwrap().residual31.1.to_string(), "3.7");
    assert_eq!((finding.privilege().state, finding.network().state), (PrivilegeState::Narrow, NetworkState::Narrow));
}

fn switch(text: &str) -> Seen<Switch> {
    match text {
        "absent" => Seen::default(),
        "both" => {
            let mut both = seen(Switch::On, "true", "a");
            both.push(Located::new(Switch::Off, "false", at("b", 1)));
            both
        }
        other => seen(Switch::parse(other), other, "eca/file"),
    }
}

#[test]
fn every_row_of_the_flow_table() {
    for s in ["true", "false", "absent", "both"] {
        for p in ["true", "false", "absent", "both"] {
            for e in ["true", "false", "absent"] {
                let mut snapshot = snapshot();
                let app = snapshot.apps.get_mut(APP).unwrap();
                (app.setting_flow, app.policy_flow, app.enabled) = (switch(s), switch(p), switch(e));
                let finding = judge(&snapshot);
                let (state, gate) = match (s, p) {
                    ("both", _) | (_, "both") | ("false", "true") => (FlowState::Contradictory, Outcome::Review),
                    (_, "true") if e == "false" => (FlowState::Dormant, Outcome::Review),
                    (_, "true") => (FlowState::On, Outcome::Review),
                    (_, "false") | ("false", _) => (FlowState::Off, Outcome::Pass),
                    _ => (FlowState::Unknown, Outcome::NotEvaluable),
                };
                let result = match state {
                    FlowState::Contradictory => Outcome::Review,
                    FlowState::Unknown => Outcome::NotEvaluable,
                    _ => Outcome::Pass,
                };
                let place = format!("S {s}, P {p}, enabled {e}");
                assert_eq!(finding.flow_state(), state, "{place}");
                assert_eq!(finding.observations[0].outcome(), gate, "{place}");
                assert_eq!(finding.result, result, "{place}");
                let unscored = matches!(state, FlowState::Off | FlowState::Dormant);
                assert_eq!(finding.score.is_none(), unscored, "{place}");
            }
        }
    }
}

fn with_ranges(ranges: &[(&str, &str)], policy: Option<IpRelaxation>) -> Snapshot {
    let mut snapshot = snapshot();
    let ranges: Vec<IpRange> = ranges.iter().map(|(first, last)| range(first, last)).collect();
    snapshot.access.containers[0].login_ranges =
        if ranges.is_empty() { Seen::default() } else { seen(ranges, "r", "profiles/Sync.profile") };
    snapshot.apps.get_mut(APP).unwrap().ip_relaxation =
        policy.map_or_else(Seen::default, |policy| seen(policy, "policy", "eca/policy"));
    snapshot
}

#[test]
fn network_reference_cases() {
    use IpRelaxation::{Bypass, Bypass2Factor, Enforce, EnforceRelaxRefresh};
    use NetworkState::{Narrow, None as Open, Unknown, Wide};
    use Outcome::{Fail, NotEvaluable, Pass, Review};
    let one: &[(&str, &str)] = &[("8.8.8.8", "8.8.8.8")];
    type Row<'a> = (&'a [(&'a str, &'a str)], Option<IpRelaxation>, NetworkState, Outcome);
    let rows: &[Row<'_>] = &[
        (&[("203.0.113.7", "203.0.113.7")], Some(Enforce), Narrow, Pass),
        (&[("198.51.100.0", "198.51.100.255")], Some(EnforceRelaxRefresh), Narrow, Pass),
        (&[("198.51.100.0", "198.51.101.0")], Some(Enforce), Wide, Fail),
        (&[("8.8.8.0", "8.8.8.127"), ("8.8.8.128", "8.8.9.0")], Some(Enforce), Wide, Fail),
        (&[("0.0.0.0", "255.255.255.255")], Some(Enforce), Open, Fail),
        (&[("0.0.0.0", "127.255.255.255"), ("128.0.0.0", "255.255.255.255")], Some(Enforce), Open, Fail),
        (&[("::ffff:8.8.8.8", "::ffff:8.8.8.8")], Some(Enforce), Narrow, Pass),
        (&[("10.0.0.0", "10.255.255.255")], Some(Enforce), Unknown, Review),
        (&[("10.0.0.0", "10.255.255.255")], None, Unknown, NotEvaluable),
        (&[("10.0.0.0", "10.0.0.9"), ("8.8.8.8", "8.8.8.8")], Some(Enforce), Narrow, Pass),
        (&[("2001:db8::", "2001:db8::ffff:ffff:ffff:ffff")], Some(Enforce), Narrow, Pass),
        (&[("2001:db8::", "2001:db8:0:1::")], Some(Enforce), Wide, Fail),
        (&[("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")], Some(Enforce), Open, Fail),
        (one, Some(Bypass), Open, Fail),
        (one, Some(Bypass2Factor), Unknown, Review),
        (one, None, Unknown, NotEvaluable),
        (one, Some(IpRelaxation::Unknown), Unknown, NotEvaluable),
        (&[("8.8.0.0", "8.8.8.8")], None, Unknown, NotEvaluable),
        (&[], Some(Enforce), Open, Fail),
        (&[], None, Open, Fail),
        (&[("8.8.8.9", "8.8.8.8")], Some(Enforce), Unknown, NotEvaluable),
        (&[("8.8.8.8", "2001:db8::")], Some(Enforce), Unknown, NotEvaluable),
        (&[("13.108.0.0", "13.111.255.255")], Some(Enforce), Wide, Fail),
    ];
    for (ranges, policy, state, outcome) in rows {
        let finding = judge(&with_ranges(ranges, *policy));
        assert_eq!(finding.network().state, *state, "{ranges:?} {policy:?}");
        assert_eq!(finding.observations[2].outcome(), *outcome, "{ranges:?} {policy:?}");
    }
}

fn permit(snapshot: &mut Snapshot, name: &str) {
    let place = Located::new(Switch::On, "true", at("profiles/Sync.profile", 20));
    snapshot.access.containers[0].permissions.insert(name.to_owned(), vec![place]);
}

type Patch = fn(&mut Snapshot);

fn patches() -> Vec<(&'static str, Patch, Outcome)> {
    use Outcome::{Fail, NotEvaluable, Pass, Review};
    fn one(snapshot: &mut Snapshot) -> &mut shr::snapshot::App {
        snapshot.apps.get_mut(APP).unwrap()
    }
    vec![
        ("modify all data", |s| permit(s, "ModifyAllData"), Fail),
        ("view all data", |s| permit(s, "ViewAllData"), Fail),
        ("one moderate permission breaks a condition", |s| permit(s, "ViewSetup"), Review),
        ("an unclassified permission", |s| permit(s, "SomethingNew"), Review),
        ("no api only", |s| drop(s.access.containers[0].permissions.remove("ApiUserOnly")), Review),
        ("secret in clear text", |s| one(s).secret = seen(SecretPresence::ClearText, "", "eca/setting"), Fail),
        ("no secret file", |s| one(s).secret = Seen::default(), Pass),
        ("no user named", |s| one(s).execution_user = Seen::default(), NotEvaluable),
        (
            "placeholder",
            |s| one(s).execution_user = seen(UserRef::Placeholder("__USER__".to_owned()), "__USER__", "eca/policy"),
            NotEvaluable,
        ),
        ("user not in a complete export", |s| s.access.users.clear(), NotEvaluable),
        ("profile missing", |s| s.access.containers.clear(), NotEvaluable),
        ("no assignment row", |s| s.access.assignments.clear(), NotEvaluable),
        (
            "object permissions absent",
            |s| {
                s.coverage.remove(&Kind::ObjectPermissionRecords);
            },
            NotEvaluable,
        ),
        (
            "object permissions not proven",
            |s| {
                s.coverage.insert(Kind::ObjectPermissionRecords, Coverage::NotProven { got: 1 });
            },
            Review,
        ),
        (
            "assignments truncated",
            |s| {
                s.coverage.insert(Kind::AssignmentRecords, Coverage::Truncated { got: 1, of: 2 });
            },
            NotEvaluable,
        ),
        (
            "user inactive",
            |s| s.access.users[0].active = Some(Located::new(Switch::Off, "false", at("User.json", 1))),
            Pass,
        ),
    ]
}

#[test]
fn one_change_at_a_time() {
    for (name, patch, expected) in patches() {
        let mut snapshot = snapshot();
        patch(&mut snapshot);
        let finding = judge(&snapshot);
        assert_eq!(finding.result, expected, "{name}: {:?}", finding.because);
    }
}

#[test]
fn every_sentence_has_words() {
    let wording = shr::controls::wording("en").unwrap();
    let mut snapshots: Vec<Snapshot> = patches()
        .into_iter()
        .map(|(_, patch, _)| {
            let mut snapshot = snapshot();
            patch(&mut snapshot);
            snapshot
        })
        .collect();
    snapshots.push(with_ranges(&[], None));
    let mut shared = snapshot();
    shared.apps.insert("Other".to_owned(), app("Other"));
    snapshots.push(shared);
    for snapshot in snapshots {
        let assessment = judge_with(&snapshot, &Engagement::default());
        for finding in &assessment.findings {
            let observed = finding.observations.iter().map(|one| &one.because);
            let asked = finding.questions.iter().map(|one| &one.text);
            let steps = finding.score.iter().flat_map(|score| score.steps.iter().map(|step| &step.because));
            let rest = [&finding.effect, &finding.notes, &finding.does_not_count, &finding.privilege().broken];
            let all = observed.chain(asked).chain(steps).chain(rest.into_iter().flatten());
            for message in all.chain([&finding.because, &finding.network().because]) {
                let said = wording.say(message);
                assert!(!said.contains('⟨') && !said.is_empty(), "{}: {said}", message.key);
            }
        }
        assert!(!wording.say(&assessment.population.because).contains('⟨'));
    }
}
