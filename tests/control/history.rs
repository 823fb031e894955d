//! What a login history proves: whole, declared, torn, contradicted, and as Setup offers it.

use super::observed;
use crate::spoiled::hostile::{Files, hardened};
use jiff::civil::date;
use shr::assess::assess;
use shr::assessment::{Assessment, CoverageState, Outcome};
use shr::catalog::Control;
use shr::engagement::Engagement;
use shr::source::{Limits, Source};
use shr::wording::Wording;

const DEDICATED: &str = "execution-user-dedicated";
const USERS: &str = "exports/User.json";
const HEAD: &str = "Id,UserId,LoginTime,LoginType,LoginSubType,Application,SourceIp,Status\n";
const MACHINE: &str = "0Yaxx0000000001AAA,005xx0000000001AAA,2026-11-20T08:00:00.000Z,Remote Access 2.0,OauthClientCredentials,Sync,203.0.113.7,Success\n";
const NOBODY: &str = "0Yaxx0000000002AAA,,2026-11-20T08:00:00.000Z,Application,,Browser,203.0.113.7,Success\n";
const SETUP: &str = "Username,Login Time,Source IP,Location,Login Type,Status,Browser,Platform,Application,Client Version,API Type,API Version,Login URL,Login Subtype\n";

fn judged(files: &Files, engagement: &str) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    let engagement = Engagement::parse(engagement, "engagement.toml").unwrap();
    assess(&snapshot, &Control::load().unwrap(), &engagement, "acme", date(2026, 11, 24))
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
        let said = Wording::load(language).unwrap().say(&row.doubts[0]);
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
    let wording = Wording::load("en").unwrap();
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
