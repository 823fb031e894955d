//! From the files to who else uses the execution user: logins by status and application, connected apps, other apps.

use super::{add, assessed, named};
use crate::spoiled::hostile::{Files, POLICY, hardened};
use shr::controls::client_credentials::Stated;
use shr::model::Outcome;
use std::fmt::Write as _;

const USE: &str = "use-observed";
const DEDICATED: &str = "execution-user-dedicated";
const USER: &str = "svc.sync@acme.example.com";
const ID: &str = "005xx0000000001AAA";
const FLOW: [&str; 2] = ["Remote Access 2.0", "OauthClientCredentials"];

/// A whole login history; each row is user id, type, sub-type, application, address, status. A dash leaves a column out.
fn history(files: &mut Files, rows: &[[&str; 6]]) {
    const COLUMNS: [&str; 6] = ["UserId", "LoginType", "LoginSubType", "Application", "SourceIp", "Status"];
    let mut records = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let mut cells = format!("\"LoginTime\":\"2026-11-{:02}T08:00:00.000+0000\"", number + 1);
        for (column, cell) in COLUMNS.iter().zip(row).filter(|(_, cell)| **cell != "-") {
            let _ = write!(cells, ",\"{column}\":\"{cell}\"");
        }
        records.push(format!(
            "{{\"attributes\":{{\"type\":\"LoginHistory\"}},\"Id\":\"0Yaxx000000000{number}AAA\",{cells}}}"
        ));
    }
    let text = format!("{{\"totalSize\":{},\"done\":true,\"records\":[{}]}}", rows.len(), records.join(","));
    add(files, "exports/LoginHistory.json", &text);
}

fn flow<'a>(application: &'a str, address: &'a str, status: &'a str) -> [&'a str; 6] {
    [ID, FLOW[0], FLOW[1], application, address, status]
}

fn browser(status: &str) -> [&str; 6] {
    [ID, "Application", "-", "Browser", "192.0.2.18", status]
}

/// A second app: label, and the user of its policy.
fn second(files: &mut Files, label: &str, user: &str) {
    let eca = format!("<ExternalClientApplication><label>{label}</label></ExternalClientApplication>");
    add(files, "main/default/Other.eca-meta.xml", &eca);
    let policy = String::from_utf8(files[POLICY].clone()).unwrap();
    let policy = policy.replace(">Sync</externalClientApplication>", ">Other</externalClientApplication>");
    add(files, "main/default/Other.ecaOauthPlcy-meta.xml", &policy.replace(USER, user));
}

fn connected(files: &mut Files, path: &str, switch: &str, user: &str) {
    let switch = match switch {
        "" => String::new(),
        value => format!("<isClientCredentialEnabled>{value}</isClientCredentialEnabled>"),
    };
    let user = match user {
        "" => String::new(),
        name => format!("<oauthClientCredentialUser>{name}</oauthClientCredentialUser>"),
    };
    let text =
        format!("<ConnectedApp><label>Old portal</label><oauthConfig>{switch}{user}</oauthConfig></ConnectedApp>");
    add(files, path, &text);
}

const PORTAL: &str = "main/default/connectedApps/Old_Portal.connectedApp-meta.xml";
const PORTAL_AGAIN: &str = "second/connectedApps/Old_Portal.connectedApp-meta.xml";

struct Row {
    name: &'static str,
    edit: fn(&mut Files),
    criterion: &'static str,
    outcome: Outcome,
    says: &'static [&'static str],
    silent_on: &'static [&'static str],
    cites: &'static [&'static str],
}

const fn row(name: &'static str, criterion: &'static str, outcome: Outcome, edit: fn(&mut Files)) -> Row {
    Row { name, edit, criterion, outcome, says: &[], silent_on: &[], cites: &[] }
}

const ROWS: &[Row] = &[
    // ---- status
    Row {
        says: &["1 login of", "1 attempt of", "(Invalid Password: 1)"],
        silent_on: &["2 logins"],
        cites: &["LoginHistory.json, row 1", "LoginHistory.json, row 2"],
        ..row("a failed attempt is no login", USE, Outcome::Pass, |f| {
            history(f, &[flow("Sync", "203.0.113.4", "Success"), flow("Sync", "203.0.113.4", "Invalid Password")]);
        })
    },
    Row {
        says: &["2 logins of"],
        ..row("success in any case", USE, Outcome::Pass, |f| {
            history(f, &[flow("Sync", "203.0.113.4", "SUCCESS"), flow("Sync", "203.0.113.4", " success ")]);
        })
    },
    Row {
        says: &["no use", "2 attempts of", "Restricted IP: 1", "User locked out: 1"],
        silent_on: &["login of", "logins of", "203.0.113.9"],
        ..row("nothing but failed attempts", USE, Outcome::Review, |f| {
            history(f, &[flow("Sync", "203.0.113.9", "Restricted IP"), flow("Sync", "203.0.113.9", "User locked out")]);
        })
    },
    Row {
        says: &["1 row of this flow tells no status"],
        silent_on: &["login of"],
        ..row("no status was selected", USE, Outcome::NotEvaluable, |f| {
            history(f, &[flow("Sync", "203.0.113.4", "-")]);
        })
    },
    Row {
        says: &["1 login event of", "1 attempt of", "LOGIN_ERROR_INVALID_PASSWORD: 1"],
        ..row("the same in login events", USE, Outcome::Pass, |f| {
            add(
                f,
                "exports/Login-2026-11-20.csv",
                "EVENT_TYPE,TIMESTAMP_DERIVED,USER_NAME,LOGIN_TYPE,LOGIN_SUB_TYPE,SOURCE_IP,LOGIN_STATUS\n\
                 Login,2026-11-20T08:00:00.000Z,svc.sync@acme.example.com,i,OauthClientCredentials,203.0.113.4,LOGIN_NO_ERROR\n\
                 Login,2026-11-20T09:00:00.000Z,svc.sync@acme.example.com,i,OauthClientCredentials,203.0.113.4,LOGIN_ERROR_INVALID_PASSWORD\n",
            );
        })
    },
    Row {
        says: &["1 call in event log files names this app", "3 calls failed", "401: 1", "F: 1", "Failure: 1"],
        ..row("calls that failed", USE, Outcome::Pass, |f| {
            add(
                f,
                "exports/RestApi-2026-11-20.csv",
                "EVENT_TYPE,TIMESTAMP_DERIVED,USER_ID,CLIENT_IP,CONNECTED_APP_NAME,STATUS_CODE,REQUEST_STATUS\n\
                 RestApi,2026-11-20T08:00:00.000Z,,203.0.113.4,Sync,200,S\n\
                 RestApi,2026-11-20T08:00:00.000Z,,203.0.113.4,Sync,401,F\n\
                 RestApi,2026-11-20T08:00:00.000Z,,203.0.113.4,Sync,,F\n\
                 RestApi,2026-11-20T08:00:00.000Z,,203.0.113.4,Sync,,Failure\n",
            );
        })
    },
    // ---- application
    Row {
        says: &["1 login of svc.sync@acme.example.com through this flow names Other, not this app."],
        silent_on: &["look like", "looks like", "198.51.100.99"],
        ..row("a login of the same user through another app", USE, Outcome::Review, |f| {
            second(f, "Order Desk", USER);
            history(f, &[flow("Order Desk", "198.51.100.99", "Success")]);
        })
    },
    Row {
        says: &["1 login of"],
        ..row("the same row is the other app's: by its API name without blanks", USE, Outcome::Pass, |f| {
            second(f, "Order Desk", USER);
            history(f, &[flow("SYNC", "203.0.113.4", "Success")]);
        })
    },
    Row {
        says: &["names Old_Portal, not this app"],
        ..row("a login through a connected app", USE, Outcome::Review, |f| {
            connected(f, PORTAL, "false", "");
            history(f, &[flow("Old portal", "198.51.100.99", "Success")]);
        })
    },
    Row {
        says: &["1 row of svc.sync@acme.example.com names Warehouse robot, which no app of this snapshot is called"],
        silent_on: &["198.51.100.99"],
        ..row("a login through something else", USE, Outcome::Review, |f| {
            history(f, &[flow("Warehouse robot", "198.51.100.99", "Success")]);
        })
    },
    Row {
        says: &["1 login of", "1 call in event log files"],
        silent_on: &["which no app of this snapshot is called"],
        ..row("a name that a call with the app's id goes by", USE, Outcome::Pass, |f| {
            add(f, "exports/ExternalClientApplication.csv", "Id,DeveloperName\n0xIxx0000000001AAA,Sync\n");
            let columns = "EVENT_TYPE,TIMESTAMP_DERIVED,USER_ID,CLIENT_IP,CONNECTED_APP_ID,CONNECTED_APP_NAME";
            let row = "ApiTotalUsage,2026-11-20T08:00:00.000Z,,203.0.113.4,0xIxx0000000001,Warehouse robot";
            add(f, "exports/ApiTotalUsage-2026-11-20.csv", &format!("{columns}\n{row}\n"));
            history(f, &[flow("Warehouse robot", "203.0.113.4", "Success")]);
        })
    },
    Row {
        says: &["1 login of"],
        ..row("a login that names no application", USE, Outcome::Pass, |f| {
            history(f, &[flow("N/A", "203.0.113.4", "Success")]);
        })
    },
    Row {
        says: &[
            "1 row of svc.sync@acme.example.com names no app: whether it is of this app or of Other cannot be told.",
        ],
        silent_on: &["looks like"],
        ..row("no application, and the user is shared", USE, Outcome::Review, |f| {
            second(f, "Order Desk", USER);
            history(f, &[flow("-", "203.0.113.4", "Success")]);
        })
    },
    Row {
        says: &["carries the name Sync, which is also that of Other"],
        ..row("a label that two apps have", USE, Outcome::Review, |f| {
            second(f, "Sync", "svc.other@acme.example.com");
            history(f, &[flow("Sync", "203.0.113.4", "Success")]);
        })
    },
    // ---- dedicated
    Row {
        says: &["No other app of this snapshot runs as"],
        cites: &["exports/LoginHistory.json, row 1"],
        ..row("a whole history without a person", DEDICATED, Outcome::Pass, |f| {
            history(f, &[flow("Sync", "203.0.113.4", "Success")]);
        })
    },
    Row {
        says: &["is also the execution user of Other.", "1 row by browser"],
        cites: &["LoginHistory.json, row 2", "main/default/Other.ecaOauthPlcy-meta.xml"],
        ..row("every reason, not the first only", DEDICATED, Outcome::Fail, |f| {
            second(f, "Order Desk", USER);
            history(f, &[flow("Sync", "203.0.113.4", "Success"), browser("Success")]);
        })
    },
    Row {
        says: &["connected app Old_Portal"],
        cites: &[PORTAL],
        ..row("a connected app with the flow on", DEDICATED, Outcome::Fail, |f| {
            connected(f, PORTAL, "true", "SVC.Sync@acme.example.com");
            history(f, &[]);
        })
    },
    Row {
        says: &["connected app Old_Portal"],
        cites: &[PORTAL, PORTAL_AGAIN],
        ..row(
            "a connected app in two copies, one with the user and one with the switch",
            DEDICATED,
            Outcome::Fail,
            |f| {
                connected(f, PORTAL, "", USER);
                connected(f, PORTAL_AGAIN, "true", "");
            },
        )
    },
    Row {
        says: &["connected app Old_Portal"],
        ..row("a connected app by user id", DEDICATED, Outcome::Fail, |f| connected(f, PORTAL, "true", ID))
    },
    row("a connected app with the flow off", DEDICATED, Outcome::Pass, |f| {
        connected(f, PORTAL, "false", USER);
        history(f, &[]);
    }),
    Row {
        says: &["whether the flow is on there is not stated"],
        cites: &[PORTAL],
        ..row("a connected app that does not tell", DEDICATED, Outcome::Review, |f| {
            connected(f, PORTAL, "", USER);
            history(f, &[]);
        })
    },
    Row {
        says: &["1 attempt to sign in", "(Invalid Password)", "does not show that a person uses"],
        cites: &["LoginHistory.json, row 1"],
        ..row("failed attempts by browser", DEDICATED, Outcome::Review, |f| history(f, &[browser("Invalid Password")]))
    },
    Row {
        says: &["1 row by browser", "1 attempt to sign in"],
        cites: &["LoginHistory.json, row 1", "LoginHistory.json, row 2"],
        ..row("one that succeeded beside one that failed", DEDICATED, Outcome::Fail, |f| {
            let other = [ID, "Application", "-", "Browser", "192.0.2.77", "Invalid Password"];
            history(f, &[browser("Success"), other]);
        })
    },
    Row {
        says: &["tells no status"],
        ..row("a browser without a status", DEDICATED, Outcome::NotEvaluable, |f| history(f, &[browser("-")]))
    },
    Row {
        says: &["1 row by browser"],
        ..row("a login event whose type is a letter", DEDICATED, Outcome::Fail, |f| {
            add(
                f,
                "exports/Login-2026-11-20.csv",
                "EVENT_TYPE,TIMESTAMP_DERIVED,USER_ID,LOGIN_TYPE,SOURCE_IP,LOGIN_STATUS\n\
                 Login,2026-11-20T08:00:00.000Z,005xx0000000001,A,203.0.113.4,LOGIN_NO_ERROR\n",
            );
        })
    },
    Row {
        says: &["without a whole login history"],
        ..row("a row that names no user", DEDICATED, Outcome::NotEvaluable, |f| {
            let nobody = ["-", "Application", "-", "Browser", "192.0.2.18", "Success"];
            history(f, &[flow("Sync", "203.0.113.4", "Success"), nobody]);
        })
    },
    Row {
        says: &["Nothing in this snapshot tells whom Other runs as"],
        ..row("another app whose user is not told", DEDICATED, Outcome::NotEvaluable, |f| {
            add(
                f,
                "main/default/Other.eca-meta.xml",
                "<ExternalClientApplication><label>Order Desk</label></ExternalClientApplication>",
            );
            history(f, &[]);
        })
    },
    Row {
        says: &["tells whom App01, App02, ", "and 2 more run as", "may serve those apps, too"],
        ..row("more apps than a sentence holds", DEDICATED, Outcome::NotEvaluable, |f| {
            for number in 1..=12 {
                add(f, &format!("main/default/App{number:02}.eca-meta.xml"), "<ExternalClientApplication/>");
            }
            history(f, &[]);
        })
    },
    Row {
        says: &["1 attempt of"],
        ..row("no failed attempt through another app", USE, Outcome::Review, |f| {
            second(f, "Order Desk", USER);
            history(f, &[flow("Sync", "203.0.113.4", "Failed: Not approved"), flow("Order Desk", "203.0.113.4", "No")]);
        })
    },
    Row {
        says: &[
            "1 login through this flow names this app and another user than the policy does (ada@acme.example.com)",
        ],
        cites: &["LoginHistory.json, row 2"],
        ..row("a login through this app as somebody else", USE, Outcome::Pass, |f| {
            let users = String::from_utf8(f["exports/User.json"].clone()).unwrap();
            let other = "{\"Id\":\"005xx0000000009AAA\",\"Username\":\"ada@acme.example.com\",\"IsActive\":true},";
            let users = users.replacen("\"records\":[", &format!("\"records\":[{other}"), 1);
            assert!(users.contains("ada@"), "{users}");
            add(f, "exports/User.json", &users.replace("\"totalSize\":1", "\"totalSize\":2"));
            let ada = ["005xx0000000009AAA", FLOW[0], FLOW[1], "Sync", "203.0.113.5", "Success"];
            history(f, &[flow("Sync", "203.0.113.4", "Success"), ada]);
        })
    },
    Row {
        says: &[
            "Logins of svc.sync@acme.example.com through this flow name Other, of which no policy tells whom it runs as.",
        ],
        cites: &["LoginHistory.json, row 1"],
        ..row("another app of which no policy tells, seen with this user", DEDICATED, Outcome::Fail, |f| {
            let eca = "<ExternalClientApplication><label>Order Desk</label></ExternalClientApplication>";
            add(f, "main/default/Other.eca-meta.xml", eca);
            history(f, &[flow("Order Desk", "203.0.113.4", "Success")]);
        })
    },
    row("another app with a user of its own", DEDICATED, Outcome::Pass, |f| {
        second(f, "Order Desk", "svc.other@acme.example.com");
        history(f, &[]);
    }),
];

#[test]
fn logins_and_company_are_named_with_what_shows_them() {
    let [english, german] = ["en", "de"].map(|language| shr::controls::wording(language).unwrap());
    let mut faults = Vec::new();
    for row in ROWS {
        let mut files = hardened();
        (row.edit)(&mut files);
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        let seen = finding.observations.iter().find(|one| one.criterion == row.criterion).unwrap();
        let text = english.say(&seen.because);
        let mut fault = |what: String| faults.push(format!("{}: {what}: {text}", row.name));
        if seen.outcome() != row.outcome {
            fault(format!("{}", seen.outcome()));
        }
        row.says.iter().filter(|part| !text.contains(**part)).for_each(|part| fault(format!("lacks `{part}`")));
        row.silent_on.iter().filter(|part| text.contains(**part)).for_each(|part| fault(format!("says `{part}`")));
        let places: Vec<String> = assessment
            .evidence
            .iter()
            .filter(|one| seen.evidence.contains(&one.id))
            .map(|one| one.item.place())
            .collect();
        let cited = |wanted: &&&str| places.iter().any(|place| place.contains(**wanted));
        row.cites.iter().filter(|wanted| !cited(wanted)).for_each(|part| fault(format!("{part} not in {places:?}")));
        let questions = finding.questions.iter().map(|one| &one.text);
        for message in questions.chain([&seen.because]) {
            if [&english, &german].iter().any(|wording| wording.say(message).contains('⟨')) {
                fault(format!("no words for {}", message.key));
            }
        }
        if finding.result != Outcome::Pass {
            fault("a supporting criterion moves the result".to_owned());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_login_of_another_app_asks_nobody_about_its_address() {
    let mut files = hardened();
    second(&mut files, "Order Desk", USER);
    history(&mut files, &[flow("Order Desk", "198.51.100.99", "Success")]);
    let assessment = assessed(&files);
    let asked = |app: &str| {
        let questions = named(&assessment, app).questions.iter().filter(|one| one.criterion == USE);
        questions.map(|one| one.text.key.clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked("Other"), ["gap.use-outside"], "whose login it is");
    assert_eq!(asked("Sync"), ["gap.use-silence"]);
}

#[test]
fn who_else_uses_the_account_is_a_fact_of_the_finding() {
    let mut files = hardened();
    connected(&mut files, PORTAL, "true", USER);
    history(&mut files, &[browser("Success"), browser("Invalid Password")]);
    let assessment = assessed(&files);
    let user = &named(&assessment, "Sync").execution_user();
    assert_eq!((user.connected_apps.as_slice(), user.browser_logins), (&["Old_Portal".to_owned()][..], 1));
    assert!(named(&assessment, "Sync").phrases.contains(&"risk.accountability".to_owned()));
}
