//! One row for each odd case that metadata files show.

use super::{Case, check, container};
use shr::snapshot::*;

const CASES: &[Case] = &[
    (
        "what file managers and package managers leave behind",
        &[
            ("a/._Sync.eca-meta.xml", "\u{0}"),
            ("__MACOSX/Sync.eca", "x"),
            (".sf/B.eca", "x"),
            ("node_modules/C.eca", "x"),
            ("x.ecard", "x"),
        ],
        |s| {
            assert_eq!((s.apps.len(), s.problems.len(), s.ignored_files), (0, 0, 2), "{:?}", s.problems);
        },
    ),
    (
        "true in a muting set is muted, and stays in the muting set",
        &[(
            "a/M.mutingpermissionset",
            "<MutingPermissionSet><label>M m</label><userPermissions><enabled>true</enabled><name>DataExport</name></userPermissions></MutingPermissionSet>",
        )],
        |s| {
            assert!(container(s, ContainerKind::Muting, "M").permissions.contains_key("DataExport"));
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "a decomposed permission set, one folder for each type",
        &[
            ("permissionsets/Bot/Bot.permissionset-meta.xml", "<PermissionSet><label>Bot</label></PermissionSet>"),
            (
                "permissionsets/Bot/userPermissions/ApiEnabled.userPermission-meta.xml",
                "<UserPermission><enabled>true</enabled><name>ApiEnabled</name></UserPermission>",
            ),
            (
                "permissionsets/Bot/objectPermissions/Account.objectPermission-meta.xml",
                "<ObjectPermission><allowRead>true</allowRead><object>Account</object></ObjectPermission>",
            ),
        ],
        |s| {
            let bot = container(s, ContainerKind::PermissionSet, "Bot");
            assert!(bot.permissions.contains_key("ApiEnabled") && bot.objects.contains_key("Account"));
            assert_eq!((s.access.containers.len(), bot.sources.len()), (1, 3));
        },
    ),
    (
        "a decomposed permission set with its pieces on top",
        &[
            (
                "x/permissionsets/Bot/Bot.userPermission-meta.xml",
                "<PermissionSet><userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions></PermissionSet>",
            ),
            (
                "x/permissionsets/Bot/objectSettings/Account.objectSettings-meta.xml",
                "<PermissionSet><objectPermissions><allowRead>true</allowRead><object>Account</object></objectPermissions></PermissionSet>",
            ),
        ],
        |s| {
            let bot = container(s, ContainerKind::PermissionSet, "Bot");
            assert!(bot.permissions.contains_key("ApiEnabled") && bot.objects.contains_key("Account"));
        },
    ),
    (
        "copies of a profile: permissions united, ranges kept apart",
        &[
            (
                "a/Bot.profile",
                "<Profile><loginIpRanges><startAddress>192.0.2.1</startAddress><endAddress>192.0.2.1</endAddress></loginIpRanges><userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions></Profile>",
            ),
            (
                "b/Bot.profile",
                "<Profile><loginIpRanges><startAddress>192.0.2.2</startAddress><endAddress>192.0.2.2</endAddress></loginIpRanges><userPermissions><enabled>true</enabled><name>ViewSetup</name></userPermissions></Profile>",
            ),
            ("c/Bot.profile", "<Profile/>"),
        ],
        |s| {
            let bot = container(s, ContainerKind::Profile, "Bot");
            assert_eq!((bot.permissions.len(), bot.login_ranges.iter().count()), (2, 2));
            assert!(matches!(bot.login_ranges.agreement(), Agreement::Contradictory(_)));
        },
    ),
    (
        "copies of a policy contradict",
        &[
            (
                "a/x.ecaOauthPlcy",
                "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>A</externalClientApplication><isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled></ExtlClntAppOauthConfigurablePolicies>",
            ),
            (
                "b/x.ecaOauthPlcy",
                "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>A</externalClientApplication><isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled></ExtlClntAppOauthConfigurablePolicies>",
            ),
        ],
        |s| {
            assert!(matches!(s.apps["A"].policy_flow.agreement(), Agreement::Contradictory([_, _])));
        },
    ),
    (
        "unknown values are kept and said",
        &[(
            "a/x.ecaOauthPlcy",
            "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>A</externalClientApplication>\n<isClientCredentialsFlowEnabled>maybe</isClientCredentialsFlowEnabled>\n<ipRelaxationPolicyType>Loose</ipRelaxationPolicyType></ExtlClntAppOauthConfigurablePolicies>",
        )],
        |s| {
            let app = &s.apps["A"];
            assert_eq!(app.policy_flow.agreed().unwrap().value, Switch::NotTold);
            assert_eq!(app.ip_relaxation.agreed().unwrap().raw, "Loose");
            let said: Vec<_> =
                s.problems.iter().map(|p| (p.code, p.at.place, p.apps.first().map(String::as_str))).collect();
            assert_eq!(
                said,
                [
                    (ProblemCode::UnknownValue, Place::Line(2), Some("A")),
                    (ProblemCode::UnknownValue, Place::Line(3), Some("A"))
                ]
            );
        },
    ),
    (
        "an empty element is no value, and a setting that has to have one is not told",
        &[(
            "a/x.ecaOauthPlcy",
            "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>A</externalClientApplication><ipRelaxationPolicyType/><clientCredentialsFlowUser> </clientCredentialsFlowUser></ExtlClntAppOauthConfigurablePolicies>",
        )],
        |s| {
            assert_eq!(s.apps["A"].ip_relaxation.agreed().unwrap().value, IpRelaxation::Unknown);
            assert!(s.apps["A"].execution_user.is_empty());
            assert_eq!(s.problems[0].message, "`ipRelaxationPolicyType` is empty");
        },
    ),
    (
        "a masked secret is none in clear text",
        &[
            (
                "x.ecaGlblOauth",
                "<ExtlClntAppGlobalOauthSettings><consumerSecret>******</consumerSecret><externalClientApplication>A</externalClientApplication></ExtlClntAppGlobalOauthSettings>",
            ),
            (
                "y.ecaGlblOauth",
                "<ExtlClntAppGlobalOauthSettings><externalClientApplication>B</externalClientApplication></ExtlClntAppGlobalOauthSettings>",
            ),
        ],
        |s| {
            assert_eq!(s.apps["A"].secret.agreed().unwrap().value, SecretPresence::Masked);
            assert_eq!(s.apps["B"].secret.agreed().unwrap().value, SecretPresence::Absent);
        },
    ),
    (
        "another feature's file makes its app part of the population",
        &[(
            "x.ecaMobile",
            "<ExtlClntAppMobileSettings>\n<externalClientApplication>A</externalClientApplication></ExtlClntAppMobileSettings>",
        )],
        |s| {
            assert_eq!(
                s.apps["A"].sources[0],
                AppSource {
                    kind: Kind::OtherAppFile,
                    at: Locator::new(&"x.ecaMobile".into(), Place::Line(2)),
                    raw: "A".into()
                }
            );
        },
    ),
    (
        "security settings of an app",
        &[(
            "x.ecaOauthSecurity",
            "<ExtlClntAppOauthSecuritySettings><externalClientApplication>A</externalClientApplication><tokenIpRanges><startIpAddress>2001:db8::1</startIpAddress><endIpAddress>2001:db8::2</endIpAddress></tokenIpRanges></ExtlClntAppOauthSecuritySettings>",
        )],
        |s| {
            assert_eq!(s.apps["A"].token_ranges[0].end.value, "2001:db8::2");
        },
    ),
    (
        "a connected app with its switch",
        &[(
            "connectedApps/Old.connectedApp-meta.xml",
            "<ConnectedApp><label>Old one</label><oauthConfig><isClientCredentialEnabled>true</isClientCredentialEnabled><oauthClientCredentialUser>bot@example.com</oauthClientCredentialUser></oauthConfig></ConnectedApp>",
        )],
        |s| {
            let app = &s.connected["Old"];
            assert_eq!((app.name.as_str(), app.setting_flow.agreed().unwrap().value), ("Old", Switch::On));
        },
    ),
    (
        "a manifest with * proves a type",
        &[
            (
                "package.xml",
                "<Package><types><members>*</members><name>ExternalClientApplication</name></types><types><members>Admin</members><name>Profile</name></types><version>64.0</version></Package>",
            ),
            ("profiles/Admin.profile", "<Profile/>"),
        ],
        |s| {
            assert_eq!(s.coverage_of(Kind::AppFile), Coverage::Complete { got: 0 });
            assert_eq!(s.coverage_of(Kind::ProfileFile), Coverage::NotProven { got: 1 });
        },
    ),
    (
        "a transaction security policy",
        &[(
            "t/Block.transactionSecurityPolicy-meta.xml",
            "<TransactionSecurityPolicy><action><block>true</block></action><active>true</active><eventName>ApiEvent</eventName><type>CustomConditionBuilderPolicy</type></TransactionSecurityPolicy>",
        )],
        |s| {
            let policy = &s.transaction_policies[0];
            assert_eq!((policy.name.as_str(), policy.blocks.agreed().unwrap().value), ("Block", Switch::On));
        },
    ),
    (
        "org-wide ranges and switches",
        &[
            (
                "Security.settings",
                "<SecuritySettings><networkAccess><ipRanges><end>192.0.2.9</end><start>192.0.2.1</start></ipRanges></networkAccess><sessionSettings><enforceIpRangesEveryRequest>true</enforceIpRangesEveryRequest></sessionSettings></SecuritySettings>",
            ),
            ("ExternalClientApp.settings-meta.xml", "<ExternalClientAppSettings/>"),
        ],
        |s| {
            assert_eq!(s.org.trusted_ranges[0].start.value, "192.0.2.1");
            assert_eq!(s.org.enforce_ranges_every_request.agreed().unwrap().value, Switch::On);
            assert!(s.org.secret_in_rest_api.is_empty());
        },
    ),
    (
        "files of other kinds are counted, not read",
        &[
            ("externalClientApps/.DS_Store", "\u{0}"),
            ("classes/A.cls", "x"),
            ("sfdx-project.json", "{"),
            ("lwc/a/data.json", "{\"records\":"),
            ("README.md", ""),
            ("x.csv", "a,b\n1,2\n"),
            (
                "Account.json",
                "{\"totalSize\":0,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Account\",\"url\":\"/a\"}}]}",
            ),
        ],
        |s| {
            assert_eq!((s.ignored_files, s.inputs.len(), s.problems.len()), (7, 0, 0), "{:?}", s.problems);
        },
    ),
    (
        "newer, deprecated and unused fields of an app are passed over",
        &[
            (
                "A.ecaGlblOauth",
                "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<ExtlClntAppGlobalOauthSettings><externalClientApplication>A</externalClientApplication><isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled><isDPopEnabled>true</isDPopEnabled><isEnforceRefreshTokenTTL>false</isEnforceRefreshTokenTTL><isNamedUserJwtEnabled>true</isNamedUserJwtEnabled><callbackUrl\n    >https://example.com/cb</callbackUrl></ExtlClntAppGlobalOauthSettings>",
            ),
            (
                "A.ecaOauthPlcy",
                "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>A</externalClientApplication><isNamedUserJwtEnabled>true</isNamedUserJwtEnabled><refreshTokenPolicyType>Zero</refreshTokenPolicyType><refreshTokenValidityPeriod>0</refreshTokenValidityPeriod></ExtlClntAppOauthConfigurablePolicies>",
            ),
        ],
        |s| {
            assert_eq!(s.problems, []);
            let app = &s.apps["A"];
            assert!(app.certificate.is_empty(), "JWT access tokens are not the JWT bearer flow");
            assert!(app.policy_flow.is_empty() && app.execution_user.is_empty(), "what is absent is not false");
            assert_eq!(app.setting_flow.agreed().unwrap().value, Switch::On);
        },
    ),
    (
        "a connected app of old, with SAML alone",
        &[("connectedapps/Old.connectedapp", "<ConnectedApp><label>Old</label><samlConfig/></ConnectedApp>")],
        |s| {
            let app = &s.connected["Old"];
            assert!(s.problems.is_empty() && app.setting_flow.is_empty() && app.execution_user.is_empty());
            assert!(app.settings.of("samlConfig").count() == 1 && app.settings.of("oauthConfig").count() == 0);
        },
    ),
    (
        "empty settings say nothing",
        &[
            ("settings/ExternalClientApp.settings", "<ExternalClientAppSettings/>"),
            ("settings/Event.settings", "<EventSettings></EventSettings>"),
        ],
        |s| {
            assert!(s.problems.is_empty() && s.inputs.len() == 2);
            assert!(s.org.secret_in_rest_api.is_empty() && s.org.transaction_policies_enabled.is_empty());
        },
    ),
    (
        "comments, prefixes and CDATA",
        &[(
            "x.eca",
            "<?xml version=\"1.0\"?>\n<!-- a -->\n<m:ExternalClientApplication xmlns:m=\"x\"><m:label>A<!-- b --> <![CDATA[& B]]> &#x43;</m:label></m:ExternalClientApplication>\n",
        )],
        |s| {
            assert_eq!(s.apps["x"].label.agreed().unwrap().value, "A & B C");
        },
    ),
    ("the hash of each file", &[("x.eca", "<ExternalClientApplication/>")], |s| {
        assert_eq!(s.inputs[0].sha256.len(), 64);
        assert_eq!((s.inputs[0].bytes, s.inputs[0].rows), (28, None));
    }),
];

#[test]
fn odd_files_are_read_as_they_are_meant() {
    check(CASES);
}

#[test]
fn a_bracket_inside_a_tag_is_malformed_whether_its_element_is_kept_or_not() {
    for odd in ["<<a/>", "<a<b/>", "<text<a></text<a>", "<a <b/>"] {
        for path in ["x.profile", "x.ecaMobile"] {
            let text = format!("<Profile><x>{odd}</x></Profile>");
            assert!(!super::snapshot(&[(path, &text)]).problems.is_empty(), "{odd} in {path}");
        }
    }
    let quoted = "<Profile><x><a b=\"<\"/></x></Profile>";
    assert!(super::snapshot(&[("x.profile", quoted)]).problems.is_empty());
}
