//! Parts of a snapshot that show different moments are said, and change no result.

use super::{AS_OF, keys, parse, said};
use crate::spoiled::hostile::{Files, hardened};
use shr::assess::assess;
use shr::controls::client_credentials::Basis;
use shr::model::{Assessment, Conclusion, CoverageState, Outcome};
use shr::source::{Limits, Source};

const USERS: &str = "exports/User.json";
const POLICY: &str = "main/default/Sync_oauthPlcy.ecaOauthPlcy-meta.xml";

fn judged(files: &Files, engagement: &str) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    assess(&snapshot, &shr::controls::catalogue("en").unwrap(), &parse(engagement), "acme", AS_OF)
}

fn declared(day: &str) -> String {
    format!("[[org]]\nkey = \"acme\"\nsnapshot_at = {day}\n")
}

fn add(files: &mut Files, path: &str, text: &str) {
    files.insert(path.to_owned(), text.as_bytes().to_vec());
}

/// The last login of the execution user.
fn last_login(files: &mut Files, time: &str) {
    let text = String::from_utf8(files[USERS].clone()).unwrap();
    let with = text.replace("\"LastLoginDate\":null", &format!("\"LastLoginDate\":\"{time}\""));
    assert_ne!(with, text);
    files.insert(USERS.to_owned(), with.into_bytes());
}

fn login(files: &mut Files, time: &str, status: &str) {
    let header = "Id,UserId,LoginTime,LoginType,Status\n";
    add(files, "exports/LoginHistory.csv", &format!("{header}0Yaxx0000000001,005xx0000000001,{time},Other,{status}\n"));
}

fn policy_record(files: &mut Files, relaxation: &str) {
    let header = "ExternalClientApplication.DeveloperName,IsClientCredentialsFlowEnabled,IpRelaxationPolicyType,LastModifiedDate\n";
    let row = format!("Sync,true,{relaxation},2026-11-19T10:00:00.000Z\n");
    add(files, "exports/ExtlClntAppOauthPlcyCnfg.csv", &format!("{header}{row}"));
}

type Row = (&'static str, fn(&mut Files), &'static str, &'static [&'static str], &'static str);

/// What is done, the declared day, the statements, and a part of the first one.
const ROWS: &[Row] = &[
    ("no dates", |_| {}, "2026-11-20", &[], ""),
    ("a stamp of the declared day", |f| last_login(f, "2026-11-20T23:59:00.000+0000"), "2026-11-20", &[], ""),
    ("the declared day goes on in the west", |f| last_login(f, "2026-11-21T11:59:59.000+0000"), "2026-11-20", &[], ""),
    (
        "later than the declared day everywhere",
        |f| last_login(f, "2026-11-21T12:00:00.000+0000"),
        "2026-11-20",
        &["after-declared"],
        "exports/User.json, row 1 holds LastLoginDate 2026-11-21T12:00:00.000+0000, later than 2026-11-20",
    ),
    (
        "a changed policy after the declared day",
        |f| policy_record(f, "Enforce"),
        "2026-11-17",
        &["after-declared"],
        "exports/ExtlClntAppOauthPlcyCnfg.csv, row 1 holds LastModifiedDate",
    ),
    (
        "an event log after the declared day",
        |f| add(f, "Log.csv", "EVENT_TYPE,TIMESTAMP,CLIENT_IP\nApiTotalUsage,20261123120000.000,192.0.2.1\n"),
        "2026-11-20",
        &["after-declared"],
        "Log.csv, row 1 holds TIMESTAMP 20261123120000.000",
    ),
    (
        "a list made after the declared day",
        |f| {
            add(
                f,
                "l.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"Sync\",\"fileName\":\"x\",\"type\":\"ExternalClientApplication\",\"lastModifiedDate\":\"2026-11-23T00:00:00.000Z\"}]}",
            );
        },
        "2026-11-20",
        &["after-declared"],
        "l.json, row 1 holds lastModifiedDate",
    ),
    (
        "later than the day of judgement, nothing declared",
        |f| last_login(f, "2026-11-25T12:00:00.000Z"),
        "",
        &["after-judged"],
        "the day as of which the snapshot was judged",
    ),
    (
        "an expiry date lies ahead and is no stamp",
        |f| {
            let path = "exports/PermissionSetAssignment.json";
            let text = String::from_utf8(f[path].clone()).unwrap();
            add(
                f,
                path,
                &text.replacen("\"ExpirationDate\":null", "\"ExpirationDate\":\"2027-01-01T00:00:00.000+0000\"", 1),
            );
        },
        "2026-11-20",
        &[],
        "",
    ),
    (
        "a login a day after the last login of the user",
        |f| {
            last_login(f, "2026-11-10T08:00:00.000+0000");
            login(f, "2026-11-11T08:00:01.000Z", "Success");
        },
        "2026-11-20",
        &["user-before-login"],
        "svc.sync@acme.example.com logging in at 2026-11-11T08:00:01.000Z (exports/LoginHistory.csv, row 1)",
    ),
    (
        "exports of one session",
        |f| {
            last_login(f, "2026-11-10T08:00:00.000+0000");
            login(f, "2026-11-11T08:00:00.000Z", "Success");
        },
        "2026-11-20",
        &[],
        "",
    ),
    (
        "a login that failed is no last login",
        |f| {
            last_login(f, "2026-11-10T08:00:00.000+0000");
            login(f, "2026-11-15T08:00:00.000Z", "Invalid Password");
        },
        "2026-11-20",
        &[],
        "",
    ),
    (
        "a history that ends before the last login of the user",
        |f| {
            last_login(f, "2026-11-15T08:00:00.000+0000");
            login(f, "2026-11-10T08:00:00.000Z", "Success");
        },
        "2026-11-20",
        &["login-before-user"],
        "The login history ends at 2026-11-10T08:00:00.000Z",
    ),
    (
        "a policy record that was changed, and a file that says otherwise",
        |f| policy_record(f, "Bypass"),
        "2026-11-20",
        &["policy-changed"],
        "differs from the file in ipRelaxationPolicyType (main/default/Sync_oauthPlcy.ecaOauthPlcy-meta.xml:5)",
    ),
    ("a policy record that agrees", |f| policy_record(f, "ENFORCE"), "2026-11-20", &[], ""),
    (
        "a file that the org does not list",
        |f| {
            add(
                f,
                "lists/PermissionSet.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"Other\",\"fileName\":\"x\",\"type\":\"PermissionSet\"}]}",
            );
        },
        "2026-11-20",
        &["unlisted"],
        "files of PermissionSet that the org's list (lists/PermissionSet.json) does not name: Sync_Minimal",
    ),
];

#[test]
fn what_the_dates_show_is_said_with_its_places() {
    for (name, edit, day, expected, part) in ROWS {
        let mut files = hardened();
        edit(&mut files);
        let a = judged(&files, &if day.is_empty() { String::new() } else { declared(day) });
        let found: Vec<&str> =
            keys(&a.dates).into_iter().map(|key| key.strip_prefix("assess.dates.").unwrap()).collect();
        assert_eq!((*name, &found[..]), (*name, *expected));
        let text = a.dates.first().map(said).unwrap_or_default();
        assert!(text.contains(part), "{name}: {text}");
        assert!(a.dates.iter().all(|message| a.limitations.contains(message)), "{name}: not among the limitations");
        assert!(!text.contains('⟨'), "{name}: {text}");
    }
}

#[test]
fn dates_change_no_result_and_no_exit_code() {
    // A policy that disagrees with its file, and a stamp after the day of judgement, are other faults besides.
    let harmless = |expected: &[&str]| !expected.contains(&"policy-changed") && !expected.contains(&"after-judged");
    for (name, edit, ..) in ROWS.iter().filter(|(_, _, _, expected, _)| harmless(expected)) {
        let mut files = hardened();
        edit(&mut files);
        let (early, late) = (judged(&files, &declared("2026-01-01")), judged(&files, &declared("2026-11-24")));
        let results = |a: &Assessment| -> Vec<_> {
            a.findings.iter().map(|f| (f.result, f.basis.clone(), f.score.clone())).collect()
        };
        assert_eq!(results(&early), results(&late), "{name}");
        assert_eq!(
            (early.findings[0].result, early.findings[0].basis.clone()),
            (Outcome::Pass, Some(Basis::Hardened.into())),
            "{name}"
        );
        assert_eq!(shr::assess::exit_code(&early), shr::assess::exit_code(&late), "{name}");
    }
}

fn list(of: &str, names: &[&str]) -> String {
    let entry = |name: &&str| format!("{{\"fullName\":\"{name}\",\"fileName\":\"x/{name}\",\"type\":\"{of}\"}}");
    format!("{{\"status\":0,\"result\":[{}],\"warnings\":[]}}", names.iter().map(entry).collect::<Vec<_>>().join(","))
}

#[test]
fn the_list_of_apps_proves_or_disproves_the_population() {
    let rows: &[(&str, String, Conclusion, &str, usize)] = &[
        ("the app", list("ExternalClientApplication", &["Sync"]), Conclusion::Complete, "listing", 1),
        (
            "an app without a file",
            list("ExternalClientApplication", &["Sync", "Lost"]),
            Conclusion::Complete,
            "listing",
            2,
        ),
        (
            "another app alone",
            list("ExternalClientApplication", &["Lost"]),
            Conclusion::NotProven,
            "listing-differs",
            2,
        ),
        (
            "a selection",
            "[{\"fullName\":\"Sync\",\"fileName\":\"x\",\"type\":\"ExternalClientApplication\"}]".to_owned(),
            Conclusion::NotProven,
            "listing-differs",
            1,
        ),
    ];
    for (name, text, conclusion, key, apps) in rows {
        let mut files = hardened();
        add(&mut files, "lists/ExternalClientApplication.json", text);
        let a = judged(&files, "");
        assert_eq!((*name, a.population.conclusion, a.findings.len()), (*name, *conclusion, *apps));
        assert_eq!(a.population.because.key, format!("assess.population.{key}"), "{name}");
        if let Some(lost) = a.findings.iter().find(|finding| finding.subject.api_name == "Lost") {
            assert_eq!(lost.result, Outcome::NotEvaluable, "{name}");
            assert!(lost.subject.sources[0].starts_with("lists/ExternalClientApplication.json, row "), "{name}");
        }
        let alone: Files = [("lists/ExternalClientApplication.json".to_owned(), text.clone().into_bytes())].into();
        let fewer = judged(&alone, "");
        assert!(fewer.findings.iter().all(|finding| finding.result == Outcome::NotEvaluable), "{name}");
    }
    let none: Files = [("lists/ExternalClientApplication.json".to_owned(), list("", &[]).into_bytes())].into();
    let a = judged(&none, "");
    assert_eq!((a.result, a.population.conclusion), (Outcome::NotApplicable, Conclusion::Complete));
    assert!(said(&a.population.because).contains("names 0 apps"), "{}", said(&a.population.because));
}

#[test]
fn what_was_listed_and_not_retrieved_is_named() {
    let mut files = hardened();
    add(&mut files, "lists/Profile.json", &list("Profile", &["Admin", "Sync Robot"]));
    add(&mut files, "lists/MutingPermissionSet.json", &list("MutingPermissionSet", &[]));
    let a = judged(&files, "");
    let row = |kind: &str| a.coverage.iter().find(|row| row.kind == kind && !row.records).unwrap();
    let profiles = row("Profile");
    assert_eq!((profiles.state, profiles.received, profiles.expected), (CoverageState::Truncated, 1, Some(2)));
    assert_eq!(profiles.missing, ["Admin"]);
    assert_eq!(row("MutingPermissionSet").state, CoverageState::Complete);
    let told: Vec<String> = a.limitations.iter().map(said).collect();
    assert!(told.iter().any(|text| text.contains("1 component of Profile") && text.contains("Admin")), "{told:?}");
    assert_eq!(a.findings[0].result, Outcome::Pass, "no rule rests on a profile that nobody has");
}

#[test]
fn a_listed_policy_that_was_not_retrieved_leaves_its_app_open() {
    let mut files = hardened();
    files.remove(POLICY);
    add(&mut files, "lists/Policies.json", &list("ExtlClntAppOauthConfigurablePolicies", &["Sync_oauthPlcy"]));
    let a = judged(&files, "");
    assert_eq!(a.findings[0].result, Outcome::NotEvaluable);
    let row = a.coverage.iter().find(|row| row.kind == "ExtlClntAppOauthConfigurablePolicies").unwrap();
    assert_eq!((row.state, &row.missing[..]), (CoverageState::Truncated, &["Sync_oauthPlcy".to_owned()][..]));
}
