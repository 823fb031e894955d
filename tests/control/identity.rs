//! Who the user is, how sure a result is, and where something that is not there would stand.

use super::{one, switch};
use crate::hardened::{APP, at, judge, judge_with, seen, snapshot};
use shr::controls::client_credentials::Stated;
use shr::controls::client_credentials::UserState;
use shr::engagement::{Engagement, Exclusion};
use shr::model::{Assessment, Confidence, Finding, Outcome};
use shr::snapshot::{AppSource, Coverage, Input, Kind, Located, Locator, Place, Seen, Snapshot, Switch, UserRef};
use shr::table::{columns, rows};

type Change = fn(&mut Snapshot);

fn inactive(s: &mut Snapshot) {
    s.access.users[0].active = Some(Located::new(Switch::Off, "false", at("User.json", 1)));
}

#[test]
fn every_judged_app_says_how_sure_its_result_is() {
    let rows: &[(&str, Change, Confidence)] = &[
        ("on, all known", |_| {}, Confidence::High),
        ("on, privilege open", |s| s.access.assignments.clear(), Confidence::Medium),
        ("unknown", |s| one(s).policy_flow = Seen::default(), Confidence::Low),
        ("off by the policy", |s| one(s).policy_flow = switch("false"), Confidence::High),
        (
            "off by both sides",
            |s| {
                one(s).policy_flow = switch("false");
                one(s).setting_flow = switch("false");
            },
            Confidence::High,
        ),
        (
            "off by the policy, no setting read",
            |s| {
                one(s).policy_flow = switch("false");
                one(s).setting_flow = Seen::default();
            },
            Confidence::High,
        ),
        (
            "off by the setting alone",
            |s| {
                one(s).policy_flow = Seen::default();
                one(s).setting_flow = switch("false");
            },
            Confidence::Medium,
        ),
        ("contradictory, all known", |s| one(s).policy_flow = switch("both"), Confidence::High),
        (
            "contradictory, user not exported",
            |s| {
                one(s).policy_flow = switch("both");
                s.access.users.clear();
            },
            Confidence::Low,
        ),
        ("dormant by the app", |s| one(s).enabled = switch("false"), Confidence::High),
        ("dormant by the plug-in", |s| one(s).oauth_plugin_enabled = switch("false"), Confidence::High),
        ("dormant by the user", inactive, Confidence::High),
        (
            "dormant by the user of an export that nothing proves",
            |s| {
                inactive(s);
                s.coverage.insert(Kind::UserRecords, Coverage::NotProven { got: 1 });
            },
            Confidence::Medium,
        ),
    ];
    for (name, change, expected) in rows {
        let mut s = snapshot();
        change(&mut s);
        let assessment = judge_with(&s, &Engagement::default());
        let finding = of(&assessment);
        assert_eq!(finding.confidence, Some(*expected), "{name}");
        assert!(finding.score.as_ref().is_none_or(|score| Some(score.confidence) == finding.confidence), "{name}");
        assert_eq!(cell(&assessment, "findings", "confidence"), expected.word(), "{name}");
    }
    let [org, criterion] = [const { String::new() }; 2];
    let (by, why) = ("A. Marlow".to_owned(), "retired".to_owned());
    let exclusion = Exclusion {
        about: shr::engagement::About::all_of("eca-ccf-policies"),
        line: 1,
        org,
        app: APP.to_owned(),
        criterion,
        by,
        why,
    };
    let engagement = Engagement { exclusions: vec![exclusion], ..Engagement::default() };
    assert_eq!(of(&judge_with(&snapshot(), &engagement)).confidence, None, "nothing was judged");
}

fn of(assessment: &Assessment) -> &Finding {
    assessment.findings.iter().find(|finding| finding.subject.api_name == APP).unwrap()
}

/// A cell of the app's row.
fn cell(assessment: &Assessment, table: &str, column: &str) -> String {
    let wording = shr::controls::wording("en").unwrap();
    let tables = rows::tables(&[assessment], &wording, true);
    let (at, columns) = match table {
        "findings" => (0, &*columns::FINDINGS),
        _ => (2, &*columns::POPULATION),
    };
    let place = |name: &str| columns::position(columns, name).unwrap();
    let row = tables[at].rows.iter().find(|row| row.cells[place("app_api_name")] == APP).unwrap();
    row.cells[place(column)].clone().into_owned()
}

#[test]
fn cells_for_names_hold_names_or_nothing() {
    let rows: &[(&str, Change, &str, UserState, bool)] = &[
        ("active", |_| {}, "SVC.ORDER@EXAMPLE.COM", UserState::Active, true),
        ("inactive", inactive, "SVC.ORDER@EXAMPLE.COM", UserState::Inactive, false),
        ("nobody named", |s| one(s).execution_user = Seen::default(), "", UserState::Unnamed, false),
        (
            "no policy",
            |s| {
                one(s).execution_user = Seen::default();
                one(s).sources.retain(|source| source.kind != Kind::OauthPolicyFile);
            },
            "",
            UserState::Unknown,
            false,
        ),
        (
            "a placeholder",
            |s| one(s).execution_user = seen(UserRef::Placeholder("{{USER}}".to_owned()), "{{USER}}", "eca/policy"),
            "",
            UserState::Placeholder,
            false,
        ),
        ("not exported", |s| drop_users(s, Coverage::Absent), "svc.order@example.com", UserState::NotExported, false),
        (
            "not in a complete export",
            |s| drop_users(s, Coverage::Complete { got: 0 }),
            "svc.order@example.com",
            UserState::NotFound,
            false,
        ),
    ];
    for (name, change, user, state, can) in rows {
        let mut s = snapshot();
        change(&mut s);
        let assessment = judge_with(&s, &Engagement::default());
        let finding = of(&assessment);
        assert_eq!((finding.execution_user().name.as_str(), finding.execution_user().state), (*user, *state), "{name}");
        assert_eq!(finding.can_log_in(), *can, "{name}: on, and the user known to be active");
        for table in ["findings", "population"] {
            assert_eq!(cell(&assessment, table, "execution_user"), *user, "{name}, {table}");
            assert_eq!(cell(&assessment, table, "execution_user_state"), state.word(), "{name}, {table}");
        }
    }
    let mut s = snapshot();
    one(&mut s).policy_flow = switch("false");
    assert!(!judge(&s).can_log_in(), "an active user of a flow that is off");
}

fn drop_users(s: &mut Snapshot, coverage: Coverage) {
    s.access.users.clear();
    s.coverage.insert(Kind::UserRecords, coverage);
}

/// Places of the app, one file for each kind.
fn files(s: &mut Snapshot) {
    let place = |kind, path: &str| AppSource { kind, at: at(path, 4), raw: APP.to_owned() };
    one(s).sources = vec![
        place(Kind::AppFile, "a.eca"),
        place(Kind::GlobalOauthFile, "a.ecaGlblOauth"),
        place(Kind::GlobalOauthFile, "b.ecaGlblOauth"),
        place(Kind::OauthPolicyFile, "a.ecaOauthPlcy"),
    ];
}

fn manifest(s: &mut Snapshot, path: &str) {
    s.requested_whole.insert(Kind::TransactionPolicyFile.name().to_owned(), crate::hardened::at("package.xml", 4));
    s.inputs.push(Input {
        path: path.into(),
        bytes: 1,
        sha256: String::new(),
        kind: Kind::ManifestFile,
        rows: None,
        announced: None,
        newest: None,
    });
}

#[test]
fn what_is_not_there_is_shown_by_the_file_that_would_hold_it() {
    const CERTIFICATE: &str = "certificate-alternative";
    const USER: &str = "execution-user-identified";
    let rows: &[(&str, Change, &str, &[&str])] = &[
        ("no certificate", files, CERTIFICATE, &["a.ecaGlblOauth", "b.ecaGlblOauth"]),
        (
            "no certificate, flow off",
            |s| {
                files(s);
                one(s).policy_flow = switch("false");
            },
            CERTIFICATE,
            &["a.ecaGlblOauth", "b.ecaGlblOauth"],
        ),
        (
            "no file that would hold a certificate, flow off",
            |s| {
                files(s);
                one(s).policy_flow = switch("false");
                one(s).sources.retain(|source| source.kind != Kind::GlobalOauthFile);
            },
            CERTIFICATE,
            &[],
        ),
        (
            "nobody named",
            |s| {
                files(s);
                one(s).execution_user = Seen::default();
            },
            USER,
            &["a.ecaOauthPlcy"],
        ),
        (
            "nobody named in a record",
            |s| {
                let at = Locator::new(&"ExtlClntAppOauthPlcyCnfg.json".into(), Place::Row(2));
                one(s).sources = vec![AppSource { kind: Kind::OauthPolicyRecords, at, raw: APP.to_owned() }];
                one(s).execution_user = Seen::default();
            },
            USER,
            &["ExtlClntAppOauthPlcyCnfg.json"],
        ),
        (
            "no IP relaxation",
            |s| {
                files(s);
                one(s).ip_relaxation = Seen::default();
            },
            "network-restricted",
            &["a.ecaOauthPlcy", "profiles/Sync.profile:5"],
        ),
        ("no policy of the type", |s| manifest(s, "package.xml"), "request-rate-limited", &["package.xml"]),
    ];
    for (name, change, criterion, places) in rows {
        let mut s = snapshot();
        change(&mut s);
        let finding = judge(&s);
        let seen = finding.observations.iter().find(|one| one.criterion == *criterion).unwrap();
        let cited: Vec<String> = seen.items.iter().map(shr::model::EvidenceItem::place).collect();
        assert_eq!(cited, *places, "{name}: {}", seen.because.key);
    }
}

#[test]
fn a_policy_record_without_the_column_says_nothing_of_the_user() {
    use crate::spoiled::hostile::{POLICY, hardened};
    const COLUMN: &str = ",ClientCredentialsFlowUser";
    for (column, cell, state) in [("", "", UserState::Unknown), (COLUMN, ",", UserState::Unnamed)] {
        let mut files = hardened();
        files.remove(POLICY);
        let text = format!(
            "ExternalClientApplication.DeveloperName,IsClientCredentialsFlowEnabled,IpRelaxationPolicyType{column}\n\
             Sync,true,Enforce{cell}\n"
        );
        files.insert("exports/ExtlClntAppOauthPlcyCnfg.csv".to_owned(), text.into_bytes());
        let source = shr::source::Source::memory("acme", files);
        let read = shr::ingest::read(&source, &shr::source::Limits::default()).unwrap();
        let assessment = judge_with(&read, &Engagement::default());
        let finding = assessment.findings.iter().find(|finding| finding.subject.api_name == "Sync").unwrap();
        assert_eq!(finding.execution_user().state, state, "{column}");
        let seen = finding.observations.iter().find(|one| one.criterion == "execution-user-identified").unwrap();
        let expected = if state == UserState::Unnamed { Outcome::Fail } else { Outcome::NotEvaluable };
        assert_eq!((seen.outcome(), finding.result), (expected, Outcome::NotEvaluable), "{column}");
    }
}
