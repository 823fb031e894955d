//! Lists of components: every shape of the command's answer, and what it shows of the files.

use super::{Case, check, snapshot};
use shr::snapshot::*;

const APP: &str = "<ExternalClientApplication/>";

fn listing<'s>(s: &'s Snapshot, of: &str) -> &'s Listing {
    &s.listings[of]
}

const CASES: &[Case] = &[
    (
        "a whole list, and a file for each component",
        &[
            (
                "lists/Profile.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"Custom%3A Sales\",\"fileName\":\"profiles/Custom%3A Sales.profile\",\"type\":\"Profile\"},{\"fullName\":\"Admin\",\"fileName\":\"profiles/Admin.profile\",\"type\":\"Profile\"}],\"warnings\":[]}",
            ),
            ("profiles/Admin.profile", "<Profile/>"),
            ("profiles/Custom%3A Sales.profile", "<Profile/>"),
        ],
        |s| {
            let profiles = listing(s, "Profile");
            assert!(profiles.whole && profiles.missing.is_empty() && profiles.unlisted.is_empty());
            assert_eq!(profiles.components.keys().collect::<Vec<_>>(), ["Admin", "Custom: Sales"]);
            assert_eq!(profiles.components["Admin"][0].to_string(), "lists/Profile.json, row 2");
            assert_eq!(s.coverage_of(Kind::ProfileFile), Coverage::Complete { got: 2 });
            assert_eq!(s.coverage_of(Kind::ProfileRecords), Coverage::Absent);
            assert_eq!(s.coverage_of(Kind::ListingRecords), Coverage::Complete { got: 2 });
        },
    ),
    (
        "a component without a file, and a file that is not listed",
        &[
            (
                "l.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"Lost\",\"fileName\":\"permissionsets/Lost.permissionset\",\"type\":\"PermissionSet\"},{\"fullName\":\"Held\",\"fileName\":\"permissionsets/Held.permissionset\",\"type\":\"PermissionSet\"}]}",
            ),
            ("permissionsets/Held.permissionset", "<PermissionSet/>"),
            ("permissionsets/Other.permissionset", "<PermissionSet/>"),
        ],
        |s| {
            let sets = listing(s, "PermissionSet");
            assert_eq!((&sets.missing[..], &sets.unlisted[..]), (&["Lost".to_owned()][..], &["Other".to_owned()][..]));
            assert_eq!(s.coverage_of(Kind::PermissionSetFile), Coverage::Truncated { got: 1, of: 2 });
        },
    ),
    (
        "a file that cannot be read is missing",
        &[
            (
                "l.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"A\",\"fileName\":\"profiles/A.profile\",\"type\":\"Profile\"}]}",
            ),
            ("profiles/A.profile", "<Profile>"),
        ],
        |s| assert_eq!(listing(s, "Profile").missing, ["A"]),
    ),
    (
        "a decomposed permission set is one component",
        &[
            (
                "l.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"Bot\",\"fileName\":\"permissionsets/Bot.permissionset\",\"type\":\"PermissionSet\"}]}",
            ),
            ("permissionsets/Bot/Bot.permissionset-meta.xml", "<PermissionSet/>"),
            (
                "permissionsets/Bot/userPermissions/ApiEnabled.userPermission-meta.xml",
                "<UserPermission><enabled>true</enabled><name>ApiEnabled</name></UserPermission>",
            ),
        ],
        |s| assert_eq!(s.coverage_of(Kind::PermissionSetFile), Coverage::Complete { got: 2 }),
    ),
    (
        "a bare array shows what is missing, and never that nothing is",
        &[
            ("l.json", "[{\"fullName\":\"A\",\"fileName\":\"profiles/A.profile\",\"type\":\"Profile\"}]"),
            ("profiles/A.profile", "<Profile/>"),
        ],
        |s| {
            assert!(!listing(s, "Profile").whole);
            assert_eq!(s.coverage_of(Kind::ProfileFile), Coverage::NotProven { got: 1 });
        },
    ),
    (
        "an object instead of an array, wrapped and not",
        &[
            (
                "a.json",
                "{\"status\":0,\"result\":{\"fullName\":\"A\",\"fileName\":\"externalClientApps/A.eca\",\"type\":\"ExternalClientApplication\"}}",
            ),
            (
                "b.json",
                "{\"fullName\":\"B\",\"fileName\":\"externalClientApps/B.eca\",\"type\":\"ExternalClientApplication\"}",
            ),
            ("A.eca", APP),
        ],
        |s| {
            let apps = listing(s, "ExternalClientApplication");
            assert!(apps.whole, "one of both is the whole answer");
            assert_eq!(apps.missing, ["B"]);
            assert_eq!(s.apps["B"].sources[0].kind, Kind::ListingRecords);
            assert_eq!(s.coverage_of(Kind::AppFile), Coverage::Truncated { got: 1, of: 2 });
        },
    ),
    (
        "an empty list is told by the name of its file",
        &[
            ("lists/ExternalClientApplication.json", "{\"status\":0,\"result\":[],\"warnings\":[]}"),
            ("list-TransactionSecurityPolicy.json", "{\"status\":0,\"result\":[]}"),
            ("nothing.json", "{\"status\":0,\"result\":[]}"),
        ],
        |s| {
            let names: Vec<_> = s.listings.keys().collect();
            assert_eq!(names, ["ExternalClientApplication", "TransactionSecurityPolicy"]);
            assert_eq!(s.coverage_of(Kind::AppFile), Coverage::Complete { got: 0 });
            assert_eq!((s.inputs.len(), s.ignored_files), (2, 1));
        },
    ),
    (
        "a list that failed is a problem and no empty list",
        &[(
            "lists/ExternalClientApplication.json",
            "{\"status\":1,\"name\":\"NoOrgFound\",\"message\":\"x\",\"warnings\":[]}",
        )],
        |s| {
            assert!(s.listings.is_empty());
            assert_eq!(s.problems[0].code, ProblemCode::FailedExport);
        },
    ),
    (
        "a row without a name is said",
        &[("l.json", "{\"status\":0,\"result\":[{\"fileName\":\"profiles/A.profile\",\"type\":\"Profile\"}]}")],
        |s| assert_eq!(s.problems[0].code, ProblemCode::Unlinked),
    ),
    (
        "a namespaced app, with and without its prefix, and its id",
        &[
            (
                "l.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"ns__A\",\"namespacePrefix\":\"ns\",\"fileName\":\"x\",\"type\":\"ExternalClientApplication\",\"id\":\"0xIxx0000000001AAA\"},{\"fullName\":\"B\",\"namespacePrefix\":\"ns\",\"fileName\":\"x\",\"type\":\"ExternalClientApplication\"}]}",
            ),
            (
                "ExtlClntAppOauthPlcyCnfg.csv",
                "ExternalClientApplicationId,IsClientCredentialsFlowEnabled\n0xIxx0000000001,true\n",
            ),
        ],
        |s| {
            assert_eq!(s.apps.keys().collect::<Vec<_>>(), ["ns__A", "ns__B"]);
            assert_eq!(listing(s, "ExternalClientApplication").missing, ["ns__A", "ns__B"]);
            assert_eq!(s.apps["ns__A"].policy_flow.agreed().unwrap().value, Switch::On);
            assert_eq!(s.apps["ns__A"].namespace.agreed().unwrap().value, "ns");
        },
    ),
    (
        "lists of types that are not read, and other answers of the command line",
        &[
            (
                "c.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"C\",\"fileName\":\"classes/C.cls\",\"type\":\"ApexClass\"}]}",
            ),
            ("limits.json", "{\"status\":0,\"result\":[{\"name\":\"DailyApiRequests\",\"max\":1,\"remaining\":1}]}"),
        ],
        |s| assert_eq!((s.inputs.len(), s.problems.len(), s.listings.len()), (0, 0, 0)),
    ),
    (
        "the latest time stamp of an export",
        &[(
            "User.csv",
            "Id,Username,IsActive,LastLoginDate,CreatedDate\n005xx0000000001,a@example.com,true,2026-11-15T22:00:00.000+0000,2020-01-01T00:00:00.000Z\n005xx0000000002,b@example.com,true,,2026-11-15T23:30:00.000+02:00\n005xx0000000003,c@example.com,true,soon,2026-11-20\n",
        )],
        |s| {
            let newest = s.inputs[0].newest.as_ref().unwrap();
            assert_eq!((newest.setting.as_str(), newest.at.place), ("LastLoginDate", Place::Row(1)));
            assert_eq!(newest.raw, "2026-11-15T22:00:00.000+0000");
        },
    ),
];

#[test]
fn lists_show_what_the_files_are() {
    check(CASES);
}

#[test]
fn instants_have_an_offset_or_the_form_of_event_logs() {
    let same = "2026-11-15T22:04:11Z";
    for text in
        [same, "2026-11-15T22:04:11.000+0000", "2026-11-16T00:04:11+02:00", "20261115220411.000", " 20261115220411 "]
    {
        assert_eq!(instant(text), instant(same), "{text}");
        assert!(instant(text).is_some(), "{text}");
    }
    for text in ["", "2026-11-15", "2026-11-15T22:04:11", "20261115", "2026111522041x", "20261315220411", "N/A", "äöü"]
    {
        assert_eq!(instant(text), None, "{text}");
    }
}

/// The settings of an app, without the places that state them.
fn settings(s: &Snapshot) -> String {
    fn of<T: std::fmt::Debug + PartialEq>(seen: &Seen<T>) -> String {
        format!("{:?}", seen.agreed().map(|copy| &copy.value))
    }
    let app = s.apps.values().next().unwrap();
    [
        of(&app.policy_flow),
        of(&app.execution_user),
        of(&app.ip_relaxation),
        of(&app.permitted_users),
        of(&app.session_timeout_minutes),
    ]
    .join(" ")
}

#[test]
fn a_policy_is_the_same_as_metadata_and_in_every_shape_of_records() {
    let metadata = "<ExtlClntAppOauthConfigurablePolicies><clientCredentialsFlowUser>bot@example.com</clientCredentialsFlowUser><externalClientApplication>Sync</externalClientApplication><ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType><isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled><permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType><sessionTimeoutInMinutes>15</sessionTimeoutInMinutes></ExtlClntAppOauthConfigurablePolicies>";
    let expected = settings(&snapshot(&[("x.ecaOauthPlcy", metadata)]));
    assert!(expected.contains("On") && expected.contains("15"), "{expected}");
    let columns = [
        ("IsClientCredentialsFlowEnabled", "true"),
        ("ClientCredentialsFlowUser", "bot@example.com"),
        ("IpRelaxationPolicyType", "Enforce"),
        ("PermittedUsersPolicyType", "AllSelfAuthorized"),
        ("SessionTimeoutInMinutes", "15"),
    ];
    let plain = |value: &str| matches!(value, "true" | "15");
    let object = |attributes: bool, strings: bool, dotted: bool| {
        let mut cells: Vec<String> = columns
            .iter()
            .map(|(name, value)| match plain(value) && !strings {
                true => format!("\"{name}\":{value}"),
                false => format!("\"{name}\":\"{value}\""),
            })
            .collect();
        cells.push(match dotted {
            true => "\"ExternalClientApplication.DeveloperName\":\"Sync\"".to_owned(),
            false => "\"ExternalClientApplication\":{\"DeveloperName\":\"Sync\",\"NamespacePrefix\":null}".to_owned(),
        });
        if attributes {
            cells.insert(0, "\"attributes\":{\"type\":\"ExtlClntAppOauthPlcyCnfg\",\"url\":\"/x\"}".to_owned());
        }
        format!("{{{}}}", cells.join(","))
    };
    let csv = |delimiter: &str, quote: &str, upper: bool| {
        let mut names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.push("ExternalClientApplication.DeveloperName".to_owned());
        let mut cells: Vec<String> = columns.iter().map(|(_, value)| (*value).to_owned()).collect();
        cells.push("Sync".to_owned());
        let names = names.into_iter().map(|name| if upper { name.to_uppercase() } else { name });
        let line = |cells: Vec<String>| {
            cells.iter().map(|cell| format!("{quote}{cell}{quote}")).collect::<Vec<_>>().join(delimiter)
        };
        format!("{}\n{}\n", line(names.collect()), line(cells))
    };
    let inner = format!("{{\"records\":[{}],\"totalSize\":1,\"done\":true}}", object(true, false, false));
    let shapes = [
        ("wrapped", "a.json", format!("{{\"status\":0,\"result\":{inner},\"warnings\":[]}}")),
        ("inner", "a.json", inner.clone()),
        ("bare, flat, all strings", "a.json", format!("[{}]", object(false, true, true))),
        ("bare, nested", "ExtlClntAppOauthPlcyCnfg.json", format!("[{}]", object(false, false, false))),
        ("csv", "a.csv", csv(",", "", false)),
        ("csv of Data Loader", "a.csv", csv(",", "\"", true)),
        ("csv of Excel", "a.csv", format!("\u{feff}{}", csv(";", "", false).replace("true", "TRUE"))),
        ("csv with tabs", "a.csv", csv("\t", "", false)),
    ];
    for (shape, path, text) in shapes {
        let s = snapshot(&[(path, &text)]);
        assert_eq!((s.problems.len(), settings(&s)), (0, expected.clone()), "{shape}");
        assert_eq!(s.apps.keys().collect::<Vec<_>>(), ["Sync"], "{shape}");
    }
}
