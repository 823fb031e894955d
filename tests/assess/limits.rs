//! What a reader is told about the limits of a run.

use super::{Org, said};

const USERS: &str = "Id,Username,IsActive,ProfileId\n005xx0000000001AAA,bot@example.com,true,00exx0000000001AAA\n";

/// Sentences of one limit.
fn told(org: &Org, engagement: &str, key: &str) -> Vec<String> {
    let key = format!("assess.limitation.{key}");
    let all = org.assess(engagement).limitations;
    all.iter().for_each(|message| drop(said(message)));
    all.iter().filter(|message| message.key == key).map(said).collect()
}

#[test]
fn missing_inputs_are_named_when_something_is_open_for_them() {
    let on = told(&Org::new().on("A"), "", "missing");
    assert_eq!(on.len(), 1);
    for kind in ["User", "PermissionSetAssignment", "ObjectPermissions", "Profile", "TransactionSecurityPolicy"] {
        assert!(on[0].contains(kind), "{kind} is missing from: {}", on[0]);
    }
    assert!(!on[0].contains("ExtlClntAppOauthConfigurablePolicies"), "the policy is there: {}", on[0]);
    let with_users = told(&Org::new().on("A").file("User.csv", USERS), "", "missing");
    assert!(!with_users[0].contains("User,"), "{}", with_users[0]);
    let off = told(&Org::new().off("A"), "", "missing");
    assert!(off.iter().all(|text| !text.contains("User") && !text.contains("Profile")), "flow off needs none: {off:?}");
    let exclude = "[[exclude]]\napp = \"A\"\nby = \"Ada\"\nwhy = \"w\"\n";
    assert_eq!(told(&Org::new().on("A"), exclude, "missing"), Vec::<String>::new(), "nothing is wanted for it");
    assert_eq!(told(&Org::new().manifest(), "", "missing"), Vec::<String>::new(), "no app, nothing to judge");
}

#[test]
fn each_limit_is_told_when_it_holds_and_not_otherwise() {
    let off = Org::new().off("A");
    let json = "{\"records\":[{\"attributes\":{\"type\":\"User\"},\"Id\":\"005xx0000000001AAA\",\
                \"Username\":\"a@example.com\"}],\"totalSize\":9,\"done\":true}";
    let perhaps = "<ExtlClntAppConfigurablePolicies><externalClientApplication>A</externalClientApplication>\
                   <isEnabled>perhaps</isEnabled></ExtlClntAppConfigurablePolicies>";
    let fact = |line: &str| format!("[[org]]\nkey = \"acme\"\n{line}\n");
    let exclude = |app: &str| format!("[[exclude]]\napp = \"{app}\"\nby = \"Ada\"\nwhy = \"w\"\n");
    let response = |app: &str| format!("[[response]]\napp = \"{app}\"\ncause = \"c\"\n");
    let cases = [
        ("unread", off.clone().file("force-app/x.profile-meta.xml", "<broken"), String::new(), "1 file could not"),
        ("truncated", off.clone().file("User.json", json), String::new(), "Of User 1 of 9 rows are there"),
        (
            "truncated",
            off.clone().file("User.csv", USERS),
            fact("[org.expected]\nUser = 4"),
            "Of User 1 of 4 rows are there",
        ),
        ("not-proven", off.clone().file("User.csv", USERS), String::new(), "this export is whole: User"),
        (
            "more-than-declared",
            off.clone().file("User.csv", USERS),
            fact("[org.expected]\nUser = 0"),
            "holds 1, more than the 0",
        ),
        ("unknown-values", off.clone().file("force-app/A.ecaPlcy-meta.xml", perhaps), String::new(), "1 setting has"),
        ("later-than-judged", off.clone(), fact("snapshot_at = 2026-11-25"), "2026-11-25"),
        ("exclusion-unknown-app", off.clone(), exclude("a"), "an app that the snapshot does not show: a"),
        ("response-unknown-app", off.clone(), response("B"), "response about an app"),
    ];
    for (key, org, engagement, text) in cases {
        let told_here = told(&org, &engagement, key);
        assert_eq!(told_here.len(), 1, "{key}: {told_here:?}");
        assert!(told_here[0].contains(text), "{key}: {}", told_here[0]);
        assert_eq!(told(&off, "", key), Vec::<String>::new(), "{key} without cause");
    }
    for (key, engagement) in [
        ("later-than-judged", fact("snapshot_at = 2026-11-24")),
        ("exclusion-unknown-app", exclude("A")),
        ("exclusion-unknown-app", format!("{}org = \"other\"\n", exclude("B"))),
        ("response-unknown-app", response("A")),
    ] {
        assert_eq!(told(&off, &engagement, key), Vec::<String>::new(), "{key}: {engagement}");
    }
}
