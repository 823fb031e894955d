//! What a login history proves: whole, declared, torn, contradicted, and as Setup offers it.

use super::observed;
use crate::spoiled::hostile::{Files, hardened};
use jiff::civil::date;
use shr::assess::assess;
use shr::engagement::Engagement;
use shr::model::{Assessment, CoverageState, Outcome};
use shr::source::{Limits, Source};

const DEDICATED: &str = "execution-user-dedicated";
const USERS: &str = "exports/User.json";
const HEAD: &str = "Id,UserId,LoginTime,LoginType,LoginSubType,Application,SourceIp,Status\n";
const MACHINE: &str = "0Yaxx0000000001AAA,005xx0000000001AAA,2026-11-20T08:00:00.000Z,Remote Access 2.0,OauthClientCredentials,Sync,203.0.113.7,Success\n";
const NOBODY: &str = "0Yaxx0000000002AAA,,2026-11-20T08:00:00.000Z,Application,,Browser,203.0.113.7,Success\n";
const SETUP: &str = "Username,Login Time,Source IP,Location,Login Type,Status,Browser,Platform,Application,Client Version,API Type,API Version,Login URL,Login Subtype\n";

fn judged(files: &Files, engagement: &str) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    let engagement = Engagement::parse(engagement, "engagement.toml", &shr::controls::known()).unwrap();
    assess(&snapshot, &shr::controls::catalogue("en").unwrap(), &engagement, "acme", date(2026, 11, 24))
}

fn declared(rows: usize) -> String {
    format!("[[org]]\nkey = \"acme\"\nexpected = {{ LoginHistory = {rows} }}\n")
}

/// What is done, the file and its text, how many rows are declared, and what follows.
type Row = (&'static str, &'static str, String, Option<usize>, Outcome);

#[test]
fn who_does_not_log_in_is_shown_by_a_whole_history_alone() {
    let rows = |rows: &[&str]| format!("{HEAD}{}", rows.concat());
    let setup = |who: &str, application: &str| {
        format!(
            "{SETUP}{who},11/22/2026 4:01:02 AM PST,198.51.100.9,CH,Application,Success,Chrome,Mac,{application},N/A,,,,\n"
        )
    };
    let cases: Vec<Row> = vec![
        ("declared", "exports/LoginHistory.csv", rows(&[MACHINE]), Some(1), Outcome::Pass),
        ("not declared", "exports/LoginHistory.csv", rows(&[MACHINE]), None, Outcome::Review),
        ("fewer than declared", "exports/LoginHistory.csv", rows(&[MACHINE]), Some(2), Outcome::NotEvaluable),
        ("one row twice", "exports/LoginHistory.csv", rows(&[MACHINE, MACHINE]), Some(2), Outcome::NotEvaluable),
        ("one row twice, declared once", "x.csv", rows(&[MACHINE, MACHINE]), Some(1), Outcome::NotEvaluable),
        ("a row of nobody", "exports/LoginHistory.csv", rows(&[MACHINE, NOBODY]), Some(2), Outcome::NotEvaluable),
        ("a row of nobody alone", "exports/LoginHistory.csv", rows(&[NOBODY]), Some(1), Outcome::NotEvaluable),
        (
            "Setup: a person",
            "exports/LoginHistory.csv",
            setup("svc.sync@acme.example.com", "Browser"),
            None,
            Outcome::Fail,
        ),
        ("Setup, by any name", "Logins.csv", setup("SVC.sync@acme.example.com", "Browser"), Some(1), Outcome::Fail),
        ("Setup: somebody else", "User.csv", setup("ada@acme.example.com", "Browser"), Some(1), Outcome::Pass),
        ("Setup: a row of nobody", "Logins.csv", setup("", "Browser"), Some(1), Outcome::NotEvaluable),
    ];
    for (name, path, text, count, outcome) in cases {
        let mut files = hardened();
        files.insert(path.to_owned(), text.into_bytes());
        let assessment = judged(&files, &count.map(declared).unwrap_or_default());
        let finding = &assessment.findings[0];
        assert_eq!((name, observed(finding, DEDICATED).0), (name, outcome));
        assert_eq!((name, finding.result), (name, Outcome::Pass), "the export of users stays what it is");
    }
}

#[test]
fn a_last_login_without_its_row_takes_completeness_away_and_is_said_once() {
    let mut files = hardened();
    let users = String::from_utf8(files[USERS].clone()).unwrap();
    let users = users.replace("\"LastLoginDate\":null", "\"LastLoginDate\":\"2026-11-18T03:20:00.000+0000\"");
    files.insert(USERS.to_owned(), users.into_bytes());
    files.insert("exports/LoginHistory.csv".to_owned(), format!("{HEAD}{MACHINE}").into_bytes());
    let assessment = judged(&files, &declared(1));
    let row = assessment.coverage.iter().find(|row| row.kind == "LoginHistory").unwrap();
    assert_eq!(
        (row.state, row.doubts.len()),
        (CoverageState::NotProven, 1),
        "a declared count settles no contradiction"
    );
    for language in ["en", "de"] {
        let said = shr::controls::wording(language).unwrap().say(&row.doubts[0]);
        assert!(said.contains("svc.sync@acme.example.com") && said.contains("exports/User.json, row 1"), "{said}");
    }
    assert_eq!(observed(&assessment.findings[0], DEDICATED).0, Outcome::NotEvaluable);
}

#[test]
fn local_times_do_not_tell_which_login_was_the_last() {
    let login = |time: &str| {
        format!(
            "svc.sync@acme.example.com,{time},203.0.113.7,CH,Remote Access 2.0,Success,,,Sync,N/A,,,,OauthClientCredentials\n"
        )
    };
    let wording = shr::controls::wording("en").unwrap();
    let both = [login("9/30/2026 4:01:02 AM PST"), login("11/22/2026 4:01:02 AM PST")].concat();
    for (rows, last) in [
        (
            both,
            "2 logins of svc.sync@acme.example.com in the login history look like this flow, the last at a time that",
        ),
        (login("9/30/2026 4:01:02 AM PST"), "the last at 9/30/2026 4:01:02 AM PST"),
    ] {
        let mut files = hardened();
        files.insert("Logins.csv".to_owned(), format!("{SETUP}{rows}").into_bytes());
        let assessment = judged(&files, "");
        let seen = assessment.findings[0].observations.iter().find(|one| one.criterion == "use-observed").unwrap();
        let said = wording.say(&seen.because);
        assert!(said.contains(last), "{said}");
    }
}

/// What is done, the rows, how many are declared, the criterion, and the last part of its sentence's key.
type Need = (&'static str, String, usize, &'static str, &'static str);

#[test]
fn statements_on_use_need_the_columns_that_carry_them() {
    const USE: &str = "use-observed";
    let outside = MACHINE.replace("0000000001AAA,005", "0000000002AAA,005").replace("203.0.113.7", "198.51.100.7");
    let both = |row: &str| format!("{HEAD}{MACHINE}{row}");
    let cases: Vec<Need> = vec![
        ("all told", both(""), 1, USE, "pass"),
        ("a login from elsewhere", both(&outside), 2, USE, "outside"),
        ("it does not tell its sub-type", both(&outside.replace("OauthClientCredentials", "")), 2, USE, "incomparable"),
        ("it does not tell its status", both(&outside.replace("Success", "")), 2, USE, "incomparable"),
        ("it does not tell its address", both(&outside.replace("198.51.100.7", "")), 2, USE, "incomparable"),
        ("it is not among the rows", both(""), 2, USE, "incomparable"),
        ("no row tells the application", format!("{HEAD}{}", MACHINE.replace(",Sync,", ",,")), 1, USE, "incomparable"),
        ("no application in one row of two", both(&outside.replace(",Sync,", ",,")), 2, DEDICATED, "no-kind"),
        ("no type in one row of two", both(&outside.replace("Remote Access 2.0", "")), 2, DEDICATED, "no-kind"),
    ];
    for (name, text, rows, criterion, key) in cases {
        let mut files = hardened();
        files.insert("exports/LoginHistory.csv".to_owned(), text.into_bytes());
        let assessment = judged(&files, &declared(rows));
        let (outcome, said) = observed(&assessment.findings[0], criterion);
        assert_eq!((name, said), (name, format!("{criterion}.{key}").as_str()));
        assert_eq!(outcome == Outcome::Pass, key == "pass", "{name}");
    }
}

#[test]
fn without_its_id_a_user_has_no_logins() {
    let mut files = hardened();
    files.insert("exports/LoginHistory.csv".to_owned(), format!("{HEAD}{MACHINE}").into_bytes());
    let users = String::from_utf8(files[USERS].clone()).unwrap();
    files.insert(USERS.to_owned(), users.replace("\"Id\":\"005xx0000000001AAA\",", "").into_bytes());
    let assessment = judged(&files, &declared(1));
    let (outcome, said) = observed(&assessment.findings[0], DEDICATED);
    assert_eq!((outcome, said), (Outcome::NotEvaluable, "execution-user-dedicated.no-id"));
}
