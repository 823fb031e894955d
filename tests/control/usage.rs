//! From the files to what a finding says of use, packages, policies, copies, implied and decomposed permissions.

use super::{add, assessed, named, observed};
use crate::spoiled::hostile::{Files, POLICY, hardened};
use shr::controls::client_credentials::Stated;
use shr::model::{Finding, Outcome};

const USE: &str = "use-observed";
const DEDICATED: &str = "execution-user-dedicated";
const SET: &str = "main/default/permissionsets/Sync_Minimal.permissionset-meta.xml";

/// An event log file: each row is event, user id, address, app id, app name, user name, and time.
fn log(files: &mut Files, rows: &[[&str; 7]]) {
    let mut text = String::from(
        "\"EVENT_TYPE\",\"TIMESTAMP\",\"USER_ID\",\"CLIENT_IP\",\"CONNECTED_APP_ID\",\"CONNECTED_APP_NAME\",\"USER_NAME\",\"CLIENT_NAME\",\"TIMESTAMP_DERIVED\"\n",
    );
    for [event, user, address, id, app, name, time] in rows {
        text.push_str(&format!(
            "\"{event}\",\"20261120080000.000\",\"{user}\",\"{address}\",\"{id}\",\"{app}\",\"{name}\",\"Sync\",\"{time}\"\n"
        ));
    }
    add(files, "exports/ApiTotalUsage-2026-11-20.csv", &text);
}

/// Login events: type, sub-type, address, and the user's name.
fn logins(files: &mut Files, rows: &[[&str; 4]]) {
    let mut text = String::from(
        "EVENT_TYPE,TIMESTAMP_DERIVED,USER_ID,USER_NAME,LOGIN_TYPE,LOGIN_SUB_TYPE,SOURCE_IP,LOGIN_STATUS\n",
    );
    for [kind, sub, address, name] in rows {
        text.push_str(&format!("Login,2026-11-20T08:00:00.000Z,,{name},{kind},{sub},{address},LOGIN_NO_ERROR\n"));
    }
    add(files, "exports/Login-2026-11-20.csv", &text);
}

fn second_app(files: &mut Files, label: &str) {
    add(
        files,
        "main/default/Other.eca-meta.xml",
        &format!("<ExternalClientApplication><label>{label}</label></ExternalClientApplication>"),
    );
}

const T1: &str = "2026-11-20T08:00:00.000Z";
const T2: &str = "2026-11-20T09:30:00.000Z";
const USER: &str = "svc.sync@acme.example.com";
const ID: &str = "005xx0000000001";

type Row = (&'static str, fn(&mut Files), &'static str, Outcome, &'static str, &'static [&'static str]);

/// What is added, the criterion, its outcome and the last part of its key, and parts of the sentence.
const ROWS: &[Row] = &[
    ("no log", |_| {}, USE, Outcome::NotEvaluable, "no-data", &[]),
    (
        "calls that name the app by its label",
        |f| {
            log(
                f,
                &[
                    ["ApiTotalUsage", "", "203.0.113.4", "", "sync", "", T2],
                    ["ApiTotalUsage", "", "203.0.113.4", "", "Sync", "", T1],
                ],
            )
        },
        USE,
        Outcome::Pass,
        "pass",
        &[
            "2 calls in event log files name this app, the last at 2026-11-20T09:30:00.000Z.",
            "inside the profile's login ranges: 203.0.113.4.",
        ],
    ),
    (
        "calls from outside the ranges",
        |f| {
            log(
                f,
                &[
                    ["RestApi", "", "203.0.113.4", "", "Sync", "", T1],
                    ["RestApi", "", "198.51.100.9", "", "Sync", "", T2],
                ],
            )
        },
        USE,
        Outcome::Review,
        "outside",
        &[
            "2 calls",
            "inside the profile's login ranges: 203.0.113.4.",
            "outside the profile's login ranges: 198.51.100.9.",
        ],
    ),
    (
        "calls that name the app by its id",
        |f| {
            add(f, "exports/ExternalClientApplication.csv", "Id,DeveloperName\n0xIxx0000000001AAA,Sync\n");
            log(f, &[["ApiTotalUsage", "", "203.0.113.4", "0xIxx0000000001", "something else", "", T1]]);
        },
        USE,
        Outcome::Pass,
        "pass",
        &["1 call in event log files names this app"],
    ),
    (
        "calls of the execution user, by name in another case",
        |f| log(f, &[["BulkApi2", "", "203.0.113.5", "", "", "SVC.Sync@ACME.example.com", T1]]),
        USE,
        Outcome::NotEvaluable,
        "incomparable",
        &["1 call of svc.sync@acme.example.com in event log files names no app of the snapshot"],
    ),
    (
        "calls of the execution user, by id",
        |f| {
            log(
                f,
                &[
                    ["RestApi", ID, "203.0.113.5", "", "", "", T1],
                    ["RestApi", "005xx0000000001AAA", "", "", "", "", T1],
                ],
            )
        },
        USE,
        Outcome::NotEvaluable,
        "incomparable",
        &["2 calls of"],
    ),
    (
        "what the caller says of itself names no app",
        |f| log(f, &[["ApiTotalUsage", "005xx0000000002", "203.0.113.4", "", "", "other@acme.example.com", T1]]),
        USE,
        Outcome::Review,
        "silence",
        &["does not mean that the flow is unused"],
    ),
    (
        "a label that two apps have",
        |f| {
            second_app(f, "Sync");
            log(f, &[["ApiTotalUsage", "", "203.0.113.4", "", "Sync", "", T1]]);
        },
        USE,
        Outcome::Review,
        "silence-but",
        &["1 call carries the name Sync, which is also that of Other: whose it is cannot be told."],
    ),
    (
        "a connected app of the same name",
        |f| {
            add(f, "connectedApps/Sync.connectedApp", "<ConnectedApp><label>Sync</label></ConnectedApp>");
            log(f, &[["ApiTotalUsage", "", "203.0.113.4", "", "Sync", "", T1]]);
        },
        USE,
        Outcome::Review,
        "silence-but",
        &["which is also that of Sync"],
    ),
    (
        "the execution user through another app",
        |f| {
            second_app(f, "Other app");
            log(f, &[["ApiTotalUsage", ID, "203.0.113.4", "", "Other app", USER, T1]]);
        },
        USE,
        Outcome::Review,
        "silence-but",
        &["svc.sync@acme.example.com also calls through Other (1 call)."],
    ),
    (
        "an address that is none",
        |f| log(f, &[["ApiTotalUsage", "", "Salesforce.com IP", "", "Sync", "", T1]]),
        USE,
        Outcome::NotEvaluable,
        "incomparable",
        &["cannot be compared with login ranges: Salesforce.com IP."],
    ),
    (
        "login events of this flow",
        |f| logins(f, &[["Remote Access 2.0", "OauthClientCredentials", "203.0.113.6", USER]]),
        USE,
        Outcome::Pass,
        "pass",
        &["1 login event of svc.sync@acme.example.com looks like this flow, the last at 2026-11-20T08:00:00.000Z."],
    ),
    (
        "a list of log files is no use",
        |f| {
            add(
                f,
                "EventLogFile.csv",
                "Id,EventType,LogDate,LogFileLength\n0ATxx0000000001,RestApi,2026-11-20T00:00:00.000+0000,12\n",
            )
        },
        USE,
        Outcome::Review,
        "silence",
        &[],
    ),
    (
        "a login event by browser is a person",
        |f| {
            logins(
                f,
                &[["Application", "", "203.0.113.6", "SVC.sync@acme.example.com"], ["Other", "", "203.0.113.6", USER]],
            )
        },
        DEDICATED,
        Outcome::Fail,
        "person",
        &["1 row by browser in login history or login events"],
    ),
    (
        "a login event of somebody else",
        |f| logins(f, &[["Application", "", "203.0.113.6", "ada@acme.example.com"]]),
        DEDICATED,
        Outcome::NotEvaluable,
        "no-history",
        &[],
    ),
];

#[test]
fn event_logs_show_use_and_never_that_there_is_none() {
    let wording = shr::controls::wording("en").unwrap();
    let german = shr::controls::wording("de").unwrap();
    for (name, edit, criterion, outcome, key, parts) in ROWS {
        let mut files = hardened();
        edit(&mut files);
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        let seen = observed(finding, criterion);
        assert_eq!((*name, seen.0, seen.1), (*name, *outcome, format!("{criterion}.{key}").as_str()));
        let because = &finding.observations.iter().find(|one| one.criterion == *criterion).unwrap().because;
        let text = wording.say(because);
        for part in *parts {
            assert!(text.contains(part), "{name}: {text}");
        }
        assert!(!text.contains('⟨') && !german.say(because).contains('⟨'), "{name}: {text}");
        assert_eq!(finding.result, Outcome::Pass, "{name}: supporting evidence makes and breaks no result");
    }
}

#[test]
fn use_is_cited_by_the_latest_row_of_each_address() {
    let mut files = hardened();
    let row = |address, time| ["ApiTotalUsage", "", address, "", "Sync", "", time];
    log(
        &mut files,
        &[row("203.0.113.4", T2), row("203.0.113.4", T1), row("198.51.100.9", T1), row("198.51.100.9", T2)],
    );
    let assessment = assessed(&files);
    let finding = named(&assessment, "Sync");
    let seen = finding.observations.iter().find(|one| one.criterion == USE).unwrap();
    let cited: Vec<String> = assessment
        .evidence
        .iter()
        .filter(|one| seen.evidence.contains(&one.id))
        .map(|one| format!("{} {} = {}", one.item.place(), one.item.setting, one.item.seen.as_deref().unwrap_or("")))
        .collect();
    let path = "exports/ApiTotalUsage-2026-11-20.csv";
    let expected = [
        format!("{path}, row 1 CLIENT_IP = 203.0.113.4"),
        format!("{path}, row 1 CONNECTED_APP_NAME = Sync"),
        format!("{path}, row 4 CLIENT_IP = 198.51.100.9"),
        format!("{path}, row 4 CONNECTED_APP_NAME = Sync"),
    ];
    assert_eq!(cited, expected);
}

#[test]
fn every_copy_of_a_contradicting_setting_is_cited_side_by_side() {
    let mut files = hardened();
    let policy = String::from_utf8(files.remove(POLICY).unwrap()).unwrap();
    let off = policy.replace("Enabled>true<", "Enabled>false<");
    add(&mut files, "retrieved/verified/Sync.ecaOauthPlcy-meta.xml", &policy);
    add(&mut files, "retrieved/temporary/Sync.ecaOauthPlcy-meta.xml", &off);
    add(&mut files, "retrieved/old/extlClntAppOauthPolicies/Sync_p.ecaOauthPlcy-meta.xml", &policy);
    add(
        &mut files,
        "exports/ExtlClntAppOauthPlcyCnfg.csv",
        "ExternalClientApplication.DeveloperName,IsClientCredentialsFlowEnabled,LastModifiedDate\nSync,false,2026-11-18T10:00:00.000Z\n",
    );
    let assessment = assessed(&files);
    let finding = named(&assessment, "Sync");
    assert_eq!(finding.result, Outcome::Review);
    let seen = finding.observations.iter().find(|one| one.criterion == "flow-disabled").unwrap();
    let cited: Vec<&str> =
        assessment.evidence.iter().filter(|one| seen.evidence.contains(&one.id)).map(|one| &*one.item.path).collect();
    for path in files.keys().filter(|path| path.contains("ecaOauthPlcy") || path.contains("PlcyCnfg")) {
        assert!(cited.contains(&path.as_str()), "{path} is not cited: {cited:?}");
    }
    let wording = shr::controls::wording("en").unwrap();
    let notes: Vec<String> = finding.notes.iter().map(|note| wording.say(note)).collect();
    let copies =
        notes.iter().find(|note| note.starts_with("Copies of isClientCredentialsFlowEnabled disagree")).unwrap();
    for part in [
        "false (exports/ExtlClntAppOauthPlcyCnfg.csv, row 1)",
        "true (retrieved/old/",
        "false (retrieved/temporary/",
        "true (retrieved/verified/",
    ] {
        assert!(copies.contains(part), "{part}: {copies}");
    }
    let changed =
        "The policy record was last changed at 2026-11-18T10:00:00.000Z (exports/ExtlClntAppOauthPlcyCnfg.csv, row 1).";
    assert!(notes.iter().any(|note| note == changed), "{notes:?}");
}

#[test]
fn names_that_disagree_are_said() {
    let mut files = hardened();
    add(&mut files, "exports/ExternalClientApplication.csv", "DeveloperName,MasterLabel\nSync,Other name\n");
    let assessment = assessed(&files);
    let wording = shr::controls::wording("en").unwrap();
    let notes: Vec<String> = named(&assessment, "Sync").notes.iter().map(|note| wording.say(note)).collect();
    assert!(notes.iter().any(|note| note.starts_with("Copies of label disagree: Other name (exports/")), "{notes:?}");
}

#[test]
fn who_can_change_a_packaged_app_is_said() {
    let keys = |finding: &Finding| finding.notes.iter().map(|note| note.key.clone()).collect::<Vec<_>>();
    let mut files = hardened();
    assert!(!keys(named(&assessed(&files), "Sync")).iter().any(|key| key.starts_with("note.pack")));
    for (path, text) in files.clone() {
        let text = String::from_utf8(text).unwrap();
        let link = text.replace(">Sync</externalClientApplication>", ">acme__Sync</externalClientApplication>");
        let path = if path.ends_with("Sync.eca-meta.xml") { path.replace("Sync.eca", "acme__Sync.eca") } else { path };
        add(&mut files, &path, &link);
    }
    files.remove("main/default/Sync.eca-meta.xml");
    let assessment = assessed(&files);
    let finding = named(&assessment, "acme__Sync");
    assert_eq!(keys(finding), ["note.packaged"]);
    assert!(shr::controls::wording("en").unwrap().say(&finding.notes[0]).contains("package namespace acme"));
    let mut files = hardened();
    add(
        &mut files,
        "main/default/Sync.eca-meta.xml",
        "<ExternalClientApplication><distributionState>AutoInstalled</distributionState></ExternalClientApplication>",
    );
    assert_eq!(keys(named(&assessed(&files), "Sync")), ["note.managed"]);
    let mut files = hardened();
    let grant = "<PermissionSet><hasActivationRequired>false</hasActivationRequired><userPermissions><enabled>true</enabled><name>ViewAllData</name></userPermissions></PermissionSet>";
    add(&mut files, "main/default/permissionsets/acme__Reader.permissionset-meta.xml", grant);
    let assignments = String::from_utf8(files["exports/PermissionSetAssignment.json"].clone()).unwrap();
    let row = "{\"Id\":\"0Paxx0000000009AAA\",\"AssigneeId\":\"005xx0000000001AAA\",\"PermissionSetId\":\"0PSxx0000000009AAA\",\"PermissionSet\":{\"Name\":\"Reader\",\"NamespacePrefix\":\"acme\",\"IsOwnedByProfile\":false}}";
    let more = assignments.replace("],\"totalSize\":2", &format!(",{row}],\"totalSize\":3"));
    add(&mut files, "exports/PermissionSetAssignment.json", &more);
    let assessment = assessed(&files);
    let finding = named(&assessment, "Sync");
    assert_eq!((finding.result, keys(finding)), (Outcome::Fail, vec!["note.packaged-sets".into()]));
}

#[test]
fn transaction_policies_say_what_they_cover() {
    let text = |event: &str, active: &str, block: &str| {
        format!(
            "<TransactionSecurityPolicy><action><block>{block}</block></action><active>{active}</active><eventName>{event}</eventName></TransactionSecurityPolicy>"
        )
    };
    let rows = [
        (
            "ApiEvent",
            "true",
            "true",
            "blocking",
            "P (ApiEvent, read calls by query, but no writes): active, its action blocks.",
        ),
        (
            "BulkApiResultEventStore",
            "true",
            "false",
            "not-blocking",
            "P (BulkApiResultEventStore, downloads of bulk results only): active, its action does not block.",
        ),
        (
            "LoginEvent",
            "true",
            "true",
            "not-blocking",
            "P (LoginEvent, logins, but no requests): active, its action blocks.",
        ),
        (
            "ReportEvent",
            "false",
            "true",
            "not-blocking",
            "P (ReportEvent, no API calls): not active, its action blocks.",
        ),
    ];
    let wording = shr::controls::wording("en").unwrap();
    for (event, active, block, key, part) in rows {
        let mut files = hardened();
        add(&mut files, "t/P.transactionSecurityPolicy", &text(event, active, block));
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        let seen = finding.observations.iter().find(|one| one.criterion == "request-rate-limited").unwrap();
        assert_eq!(seen.because.key, format!("request-rate-limited.{key}"), "{event}");
        assert!(wording.say(&seen.because).contains(part), "{}", wording.say(&seen.because));
        assert!(seen.observed.contains(&format!("eventName = {event}")), "{:?}", seen.observed);
        // One that the org lists and the snapshot lacks may be the one that blocks.
        let list = "{\"status\":0,\"result\":[{\"fullName\":\"P\",\"fileName\":\"x\",\"type\":\"TransactionSecurityPolicy\"},{\"fullName\":\"Q\",\"fileName\":\"x\",\"type\":\"TransactionSecurityPolicy\"}]}";
        add(&mut files, "l.json", list);
        let key = if key == "blocking" { "blocking" } else { "incomplete" };
        let assessment = assessed(&files);
        assert_eq!(
            observed(named(&assessment, "Sync"), "request-rate-limited").1,
            format!("request-rate-limited.{key}")
        );
    }
    let mut files = hardened();
    add(&mut files, "lists/TransactionSecurityPolicy.json", "{\"status\":0,\"result\":[]}");
    let assessment = assessed(&files);
    assert_eq!(
        observed(named(&assessment, "Sync"), "request-rate-limited"),
        (Outcome::Fail, "request-rate-limited.none")
    );
}

#[test]
fn a_file_written_by_hand_implies_what_comes_along() {
    let mut files = hardened();
    let set = String::from_utf8(files[SET].clone()).unwrap();
    let by_hand = set.replace(
        "<label>",
        "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions><label>",
    );
    add(&mut files, SET, &by_hand);
    let assessment = assessed(&files);
    let finding = named(&assessment, "Sync");
    let grant = finding.rights.grants.iter().find(|grant| grant.name == "ModifyAllData").unwrap();
    assert!(grant.implies.iter().any(|name| name == "ViewAllData"), "{:?}", grant.implies);
    let steps = &grant.paths[0];
    assert_eq!(steps[0].name, "ModifyAllData", "the stronger one is traced to its own line");
    assert!(finding.rights.grants.iter().all(|grant| grant.name != "ViewAllData"), "folded into the stronger one");
}

/// Where a decomposed permission set keeps its rights: both ways that the platform knows.
const PIECES: [&str; 2] = [
    "main/default/permissionsets/Sync_Minimal/objectPermissions/Order__c.objectPermission-meta.xml",
    "main/default/permissionsets/Sync_Minimal/objectSettings/Order__c.objectSettings-meta.xml",
];

#[test]
fn a_decomposed_permission_set_never_shows_that_it_is_all_there() {
    for piece in PIECES {
        let mut files = hardened();
        let main = String::from_utf8(files.remove(SET).unwrap()).unwrap();
        let (head, rest) = main.split_once("<objectPermissions>").unwrap();
        let (body, tail) = rest.split_once("</objectPermissions>").unwrap();
        add(
            &mut files,
            "main/default/permissionsets/Sync_Minimal/Sync_Minimal.permissionset-meta.xml",
            &format!("{head}{tail}"),
        );
        let object = if piece.ends_with("objectPermission-meta.xml") {
            format!("<ObjectPermission>{body}</ObjectPermission>")
        } else {
            format!("<PermissionSet><objectPermissions>{body}</objectPermissions></PermissionSet>")
        };
        add(&mut files, piece, &object);
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        assert_eq!(finding.result, Outcome::Review, "{piece}: {:?}", finding.privilege().gaps);
        assert_eq!(finding.privilege().gaps[0].key, "gap.container-pieces");
        let power = "main/default/permissionsets/Sync_Minimal/userPermissions/ModifyAllData.userPermission-meta.xml";
        add(&mut files, power, "<UserPermission><enabled>true</enabled><name>ModifyAllData</name></UserPermission>");
        assert_eq!(named(&assessed(&files), "Sync").result, Outcome::Fail, "one piece is conclusive");
        files.remove(power);
        assert_eq!(named(&assessed(&files), "Sync").result, Outcome::Review, "and leaves no trace when it is gone");
        // A copy in one file tells what there is.
        files.insert(SET.to_owned(), hardened()[SET].clone());
        assert_eq!(named(&assessed(&files), "Sync").result, Outcome::Pass);
    }
}
