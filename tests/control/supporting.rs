//! Supporting criteria: dedicated user, rate limit, scopes, use, API only.

use super::{Row, check, observed, one, twice};
use crate::control::gate::problem;
use crate::hardened::{APP, app, at, id, judge, seen, snapshot};
use shr::model::Outcome;
use shr::snapshot::{
    Coverage, Doubt, Kind, Located, Login, ProblemCode, Seen, Snapshot, Switch, Text, TransactionPolicy,
};

const DEDICATED: &str = "execution-user-dedicated";
const RATE: &str = "request-rate-limited";
const SCOPES: &str = "scopes-minimal";
const USE: &str = "use-observed";
const API: &str = "execution-user-api-only";

fn text(text: &str) -> Option<Located<Text>> {
    Some(Located::new(text.into(), text, at("LoginHistory.csv", 2)))
}

/// A login of the execution user in a history that is complete.
fn login<'a>(s: &'a mut Snapshot, kind: &str, sub: &str, application: &str, from: &str) -> &'a mut Login {
    s.coverage.insert(Kind::LoginRecords, Coverage::Complete { got: 1 });
    s.activity.logins.push(Login {
        at: at("LoginHistory.csv", 2),
        user: Some(Located::new(id("005000000000001AAA"), "005000000000001AAA", at("LoginHistory.csv", 2))),
        time: text("2026-11-20T08:00:00Z"),
        login_type: text(kind),
        sub_type: text(sub),
        application: text(application),
        source_ip: text(from),
        status: text("Success"),
        username: None,
        from_event_log: false,
    });
    s.activity.logins.last_mut().unwrap()
}

fn history(s: &mut Snapshot, coverage: Coverage) {
    s.coverage.insert(Kind::LoginRecords, coverage);
}

/// A transaction security policy that is active and blocks.
fn policy<'a>(s: &'a mut Snapshot, event: &str) -> &'a mut TransactionPolicy {
    s.transaction_policies.push(TransactionPolicy {
        name: "Block".to_owned(),
        at: at("t/Block.transactionSecurityPolicy", 1),
        event: seen(event.to_owned(), event, "t/Block.transactionSecurityPolicy"),
        active: seen(Switch::On, "true", "t/Block.transactionSecurityPolicy"),
        blocks: seen(Switch::On, "true", "t/Block.transactionSecurityPolicy"),
        kind: Seen::default(),
    });
    s.transaction_policies.last_mut().unwrap()
}

fn off() -> Seen<Switch> {
    seen(Switch::Off, "false", "eca/policy")
}

fn scopes(s: &mut Snapshot, all: &[&str]) {
    one(s).scopes = seen(all.iter().map(|one| (*one).to_owned()).collect(), "list", "eca/oauth");
}

const ROWS: &[Row] = {
    use Outcome::{Fail, NotApplicable, NotEvaluable, Pass, Review};
    &[
        // ---- dedicated
        ("no history", |_| {}, DEDICATED, NotEvaluable, "no-history"),
        ("a history without a person", |s| history(s, Coverage::Complete { got: 0 }), DEDICATED, Pass, "pass"),
        ("nothing proves it whole", |s| history(s, Coverage::NotProven { got: 0 }), DEDICATED, Review, "not-proven"),
        (
            "a cut-off history",
            |s| history(s, Coverage::Truncated { got: 1, of: 2 }),
            DEDICATED,
            NotEvaluable,
            "no-history",
        ),
        (
            "a person by browser",
            |s| {
                login(s, "Remote Access 2.0", "x", "Browser", "203.0.113.7");
            },
            DEDICATED,
            Fail,
            "person",
        ),
        (
            "a person by login type",
            |s| {
                login(s, "application", "x", "y", "203.0.113.7");
            },
            DEDICATED,
            Fail,
            "person",
        ),
        (
            "a history with a row that could not be used",
            |s| {
                let first = at("LoginHistory.csv", 2);
                s.doubts.insert(Kind::LoginRecords, vec![Doubt::Lost { rows: 1, first }]);
                history(s, Coverage::Truncated { got: 1, of: 2 });
            },
            DEDICATED,
            NotEvaluable,
            "no-history",
        ),
        (
            "the flow itself",
            |s| {
                login(s, "Remote Access 2.0", "OauthClientCredentials", "Sync", "203.0.113.7");
            },
            DEDICATED,
            Pass,
            "pass",
        ),
        (
            "another app with the same user",
            |s| drop(s.apps.insert("Other".to_owned(), app("Other"))),
            DEDICATED,
            Fail,
            "shared",
        ),
        ("the user is not known", |s| s.access.users.clear(), DEDICATED, NotEvaluable, "unknown"),
        // ---- rate limit
        ("nothing in scope", |_| {}, RATE, NotEvaluable, "not-in-scope"),
        (
            "in scope by the manifest",
            |s| {
                s.requested_whole.insert("TransactionSecurityPolicy".to_owned(), crate::hardened::at("package.xml", 4));
            },
            RATE,
            Fail,
            "none",
        ),
        (
            "a manifest of other types",
            |s| {
                s.requested_whole.insert("Profile".to_owned(), crate::hardened::at("package.xml", 4));
            },
            RATE,
            NotEvaluable,
            "not-in-scope",
        ),
        ("the switch of the org is off", |s| s.org.transaction_policies_enabled = off(), RATE, Fail, "switch-off"),
        (
            "the switch of the org is on",
            |s| s.org.transaction_policies_enabled = seen(Switch::On, "true", "e"),
            RATE,
            NotEvaluable,
            "not-in-scope",
        ),
        (
            "the switch of the org is on and off",
            |s| s.org.transaction_policies_enabled = twice(Switch::On, "true", Switch::Off, "false"),
            RATE,
            NotEvaluable,
            "not-in-scope",
        ),
        (
            "the switch is off, whatever policies say",
            |s| {
                s.org.transaction_policies_enabled = off();
                policy(s, "ApiEvent");
            },
            RATE,
            Fail,
            "switch-off",
        ),
        (
            "a blocking policy",
            |s| {
                policy(s, "ApiEvent");
            },
            RATE,
            Review,
            "blocking",
        ),
        (
            "a blocking policy, event in other case",
            |s| {
                policy(s, "apievent");
            },
            RATE,
            Review,
            "blocking",
        ),
        (
            "a blocking policy on bulk results",
            |s| {
                policy(s, "BulkApiResultEventStore");
            },
            RATE,
            Review,
            "blocking",
        ),
        (
            "a blocking policy on another event",
            |s| {
                policy(s, "ReportEvent");
            },
            RATE,
            Fail,
            "not-blocking",
        ),
        ("a policy that notifies", |s| policy(s, "ApiEvent").blocks = off(), RATE, Fail, "not-blocking"),
        ("a policy that is not active", |s| policy(s, "ApiEvent").active = off(), RATE, Fail, "not-blocking"),
        (
            "a policy whose action is not known",
            |s| policy(s, "ApiEvent").blocks = seen(Switch::NotTold, "maybe", "t"),
            RATE,
            Review,
            "blocking",
        ),
        (
            "a policy that cannot be read",
            |s| problem(s, Kind::TransactionPolicyFile, None, ProblemCode::Malformed),
            RATE,
            NotEvaluable,
            "not-in-scope",
        ),
        (
            "one policy notifies, another cannot be read",
            |s| {
                policy(s, "ApiEvent").blocks = off();
                problem(s, Kind::TransactionPolicyFile, None, ProblemCode::Malformed);
            },
            RATE,
            NotEvaluable,
            "unreadable",
        ),
        (
            "in scope by the manifest, and a policy cannot be read",
            |s| {
                s.requested_whole.insert("TransactionSecurityPolicy".to_owned(), crate::hardened::at("package.xml", 4));
                problem(s, Kind::TransactionPolicyFile, None, ProblemCode::Malformed);
            },
            RATE,
            NotEvaluable,
            "unreadable",
        ),
        (
            "a policy with an odd value beside one that notifies",
            |s| {
                policy(s, "ApiEvent").blocks = off();
                problem(s, Kind::TransactionPolicyFile, None, ProblemCode::UnknownValue);
            },
            RATE,
            Fail,
            "not-blocking",
        ),
        (
            "an exempt user",
            |s| {
                policy(s, "ApiEvent");
                let place = Located::new(Switch::On, "true", at("profiles/Sync.profile", 20));
                s.access.containers[0].permissions.insert("TransactionSecurityExempt".to_owned(), vec![place]);
            },
            RATE,
            Fail,
            "exempt",
        ),
        ("flow off", |s| one(s).policy_flow = off(), RATE, NotApplicable, "flow-off"),
        // ---- scopes
        (
            "identity only",
            |s| scopes(s, &["Basic", "OpenID", "Profile", "Email", "Address", "Phone", "CustomPermissions"]),
            SCOPES,
            Pass,
            "pass",
        ),
        ("id in other writing", |s| scopes(s, &["id", "openid"]), SCOPES, Pass, "pass"),
        (
            "identity scopes beside a row of scopes that names no app",
            |s| {
                scopes(s, &["OpenID"]);
                problem(s, Kind::OauthSettingsRecords, None, ProblemCode::Unlinked);
            },
            SCOPES,
            NotEvaluable,
            "torn",
        ),
        ("full", |s| scopes(s, &["Basic", "Full"]), SCOPES, Fail, "fail"),
        ("web", |s| scopes(s, &["Api", "web"]), SCOPES, Fail, "fail"),
        ("refresh token", |s| scopes(s, &["Api", "refresh_token"]), SCOPES, Fail, "fail"),
        ("offline access", |s| scopes(s, &["Api", "OfflineAccess"]), SCOPES, Fail, "fail"),
        ("api", |s| scopes(s, &["Api"]), SCOPES, Review, "review"),
        ("a product", |s| scopes(s, &["Basic", "CDPIngest"]), SCOPES, Review, "review"),
        ("one that is not known", |s| scopes(s, &["Novelty"]), SCOPES, Review, "review"),
        (
            "a custom one beside identity",
            |s| {
                scopes(s, &["OpenID"]);
                one(s).custom_scopes = seen(vec!["Orders".to_owned()], "Orders", "eca/oauth");
            },
            SCOPES,
            Review,
            "review",
        ),
        ("no list", |s| one(s).scopes = Seen::default(), SCOPES, NotEvaluable, "unknown"),
        ("an empty list", |s| scopes(s, &[]), SCOPES, Review, "empty"),
        (
            "lists that disagree",
            |s| one(s).scopes = twice(vec!["Api".to_owned()], "Api", vec!["OpenID".to_owned()], "OpenID"),
            SCOPES,
            Review,
            "contradictory",
        ),
        (
            "lists that disagree, one of them broad: which one is in force?",
            |s| one(s).scopes = twice(vec!["Full".to_owned()], "Full", vec!["OpenID".to_owned()], "OpenID"),
            SCOPES,
            Review,
            "contradictory",
        ),
        // ---- use
        ("no data", |_| {}, USE, NotEvaluable, "no-data"),
        ("silence of a complete history", |s| history(s, Coverage::Complete { got: 5 }), USE, Review, "silence"),
        (
            "silence of a history without a count",
            |s| history(s, Coverage::NotProven { got: 5 }),
            USE,
            Review,
            "silence",
        ),
        (
            "silence of a cut-off history",
            |s| history(s, Coverage::Truncated { got: 5, of: 9 }),
            USE,
            NotEvaluable,
            "silence",
        ),
        (
            "logins of another kind",
            |s| {
                login(s, "Application", "x", "Browser", "203.0.113.7");
            },
            USE,
            Review,
            "silence",
        ),
        (
            "seen from inside",
            |s| {
                login(s, "Remote Access 2.0", "OauthClientCredentials", "Sync", "203.0.113.7");
            },
            USE,
            Pass,
            "pass",
        ),
        (
            "seen in another writing",
            |s| {
                login(s, "OAuth client credentials", "", "Sync", "203.0.113.7");
            },
            USE,
            Pass,
            "pass",
        ),
        (
            "seen from outside",
            |s| {
                login(s, "Remote Access 2.0", "OauthClientCredentials", "Sync", "8.8.8.8");
            },
            USE,
            Review,
            "outside",
        ),
        (
            "the user is not known",
            |s| {
                login(s, "Remote Access 2.0", "OauthClientCredentials", "Sync", "8.8.8.8");
                s.access.users.clear();
            },
            USE,
            NotEvaluable,
            "no-user",
        ),
        (
            "flow off, whatever the history",
            |s| {
                login(s, "Remote Access 2.0", "OauthClientCredentials", "Sync", "8.8.8.8");
                one(s).policy_flow = off();
            },
            USE,
            NotApplicable,
            "flow-off",
        ),
        // ---- API only
        ("effective", |_| {}, API, Pass, "pass"),
        ("not effective", |s| drop(s.access.containers[0].permissions.remove("ApiUserOnly")), API, Fail, "fail"),
        (
            "not found, and a set is missing",
            |s| {
                s.access.containers[0].permissions.remove("ApiUserOnly");
                s.access.assignments.clear();
            },
            API,
            NotEvaluable,
            "unknown",
        ),
        (
            "not found, and only object rights are missing",
            |s| {
                s.access.containers[0].permissions.remove("ApiUserOnly");
                s.coverage.remove(&Kind::ObjectPermissionRecords);
            },
            API,
            Fail,
            "fail",
        ),
        ("found, whatever else is missing", |s| s.access.assignments.clear(), API, Pass, "pass"),
    ]
};

#[test]
fn supporting_criteria() {
    check(ROWS);
}

#[test]
fn supporting_criteria_never_make_or_break_a_result() {
    for (name, change, criterion, outcome, _) in ROWS {
        let mut s = snapshot();
        change(&mut s);
        let finding = judge(&s);
        if *outcome == Outcome::Fail
            && criterion != &API
            && finding.subject.api_name == APP
            && s.access.users.len() == 1
        {
            let exempt = observed(&finding, RATE).1 == "request-rate-limited.exempt";
            assert!(finding.result == Outcome::Pass || exempt, "{name}: {}", finding.result);
        }
    }
}

#[test]
fn what_does_not_restrict_is_said() {
    let mut s = snapshot();
    let range = crate::hardened::range("203.0.113.7", "203.0.113.7");
    one(&mut s).trusted_ranges.push(range.clone());
    one(&mut s).token_ranges.push(range.clone());
    one(&mut s).permitted_users =
        seen("AdminApprovedPreAuthorized".to_owned(), "AdminApprovedPreAuthorized", "eca/policy");
    s.org.trusted_ranges.push(range);
    s.access.containers[0].login_ranges = Seen::default();
    let finding = judge(&s);
    assert_eq!(finding.result, Outcome::Fail, "none of them restricts the flow");
    let keys: Vec<&str> = finding.does_not_count.iter().map(|one| &*one.key).collect();
    let wanted = ["trusted-ranges", "token-ranges", "org-ranges", "permitted-users"];
    assert_eq!(keys, wanted.map(|one| format!("does-not-count.{one}")));
}
