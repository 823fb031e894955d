//! The changes. Columns: what is done, how, and every answer that is right.

use super::{
    ASSIGNMENTS, Case, FLAG, GLOBAL, MODIFY_ALL, OBJECTS, PLAIN, POLICY, PROFILE, RANGE, SET, SWITCHES, USERS,
    expiring, export, hold, object_row, swap,
};

pub(super) const OPEN: &[&str] = &["not_evaluable"];
pub(super) const PASS: &[&str] = &["pass hardened"];

/// Every change with its right answers. The day is 2026-11-24, so an assignment until that day still counts.
pub(crate) const CASES: &[Case] = &[
    // ---- forms that change nothing
    Case { name: "nothing changed", edit: |_| {}, expect: PASS },
    Case {
        name: "byte order mark",
        edit: |f| f.get_mut(USERS).unwrap().splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        expect: PASS,
    },
    Case {
        name: "CRLF",
        edit: |f| swap(f, POLICY, "</ipRelaxationPolicyType>\n", "</ipRelaxationPolicyType>\r\n"),
        expect: PASS,
    },
    Case { name: "user name in other case", edit: |f| swap(f, POLICY, "svc.sync@acme", "SVC.Sync@ACME"), expect: PASS },
    Case {
        name: "enumeration in other case",
        edit: |f| swap(f, POLICY, ">Enforce<", ">ENFORCE_relaxrefresh<"),
        expect: PASS,
    },
    Case {
        name: "ids of 15 characters",
        edit: |f| swap(f, ASSIGNMENTS, "005xx0000000001AAA", "005xx0000000001"),
        expect: PASS,
    },
    Case { name: "value in CDATA", edit: |f| swap(f, POLICY, ">Enforce<", "><![CDATA[Enforce]]><"), expect: PASS },
    Case {
        name: "value as character reference",
        edit: |f| swap(f, POLICY, ">Enforce<", ">&#69;nforce<"),
        expect: PASS,
    },
    Case {
        name: "blank and line break around a value",
        edit: |f| swap(f, POLICY, ">Enforce<", ">\n  Enforce\n <"),
        expect: PASS,
    },
    Case {
        name: "line break in a tag",
        edit: |f| swap(f, POLICY, "<ipRelaxationPolicyType>", "<ipRelaxationPolicyType\n>"),
        expect: PASS,
    },
    Case {
        name: "opposite value in a comment",
        edit: |f| swap(f, POLICY, FLAG, &format!("<!-- {} -->{FLAG}", FLAG.replace("true", "false"))),
        expect: PASS,
    },
    Case {
        name: "opposite value inside another element",
        edit: |f| {
            swap(f, POLICY, FLAG, &format!("<unknownThing>{}</unknownThing>{FLAG}", FLAG.replace("true", "false")))
        },
        expect: PASS,
    },
    Case {
        name: "the same policy twice",
        edit: |f| drop(f.insert("other/Sync.ecaOauthPlcy".into(), f[POLICY].clone())),
        expect: PASS,
    },
    Case {
        name: "folder of another type",
        edit: |f| {
            let b = f.remove(POLICY).unwrap();
            f.insert("connectedApps/x.ecaOauthPlcy".into(), b);
        },
        expect: PASS,
    },
    Case {
        name: "masked secret",
        edit: |f| swap(f, GLOBAL, FLAG, &format!("<consumerSecret>*****</consumerSecret>{FLAG}")),
        expect: PASS,
    },
    Case {
        name: "an assignment that has expired",
        edit: |f| hold(f, MODIFY_ALL, &expiring("2026-11-23")),
        expect: PASS,
    },
    Case { name: "no settings file", edit: |f| drop(f.remove(GLOBAL)), expect: PASS },
    Case {
        name: "IPv6 range of one /64",
        edit: |f| {
            swap(
                f,
                PROFILE,
                RANGE,
                "<loginIpRanges><endAddress>2001:db8::ffff:ffff:ffff:ffff</endAddress><startAddress>2001:db8::</startAddress></loginIpRanges>",
            )
        },
        expect: PASS,
    },
    // ---- the flow
    Case {
        name: "app disabled",
        edit: |f| swap(f, SWITCHES, "<isEnabled>true", "<isEnabled>false"),
        expect: &["pass dormant"],
    },
    Case {
        name: "OAuth plug-in disabled",
        edit: |f| swap(f, SWITCHES, "<isOauthPluginEnabled>true", "<isOauthPluginEnabled>false"),
        expect: &["pass dormant"],
    },
    Case {
        name: "user inactive",
        edit: |f| swap(f, USERS, "\"IsActive\":true", "\"IsActive\":false"),
        expect: &["pass dormant"],
    },
    Case {
        name: "lists that name more than there is",
        edit: |f| {
            for of in ["Profile", "PermissionSet", "ExternalClientApplication"] {
                let entry = |name: &str| format!("{{\"fullName\":\"{name}\",\"fileName\":\"x\",\"type\":\"{of}\"}}");
                let text = format!("{{\"status\":0,\"result\":[{},{}]}}", entry("Sync"), entry("More"));
                f.insert(format!("lists/{of}.json"), text.into_bytes());
            }
        },
        expect: PASS,
    },
    Case {
        name: "calls and logins from elsewhere",
        edit: |f| {
            let log = "EVENT_TYPE,CLIENT_IP,CONNECTED_APP_NAME\nRestApi,198.51.100.9,Sync\n";
            f.insert("exports/RestApi.csv".into(), log.into());
            let logins =
                "EVENT_TYPE,SOURCE_IP,USER_NAME,LOGIN_TYPE\nLogin,198.51.100.9,svc.sync@acme.example.com,Application\n";
            f.insert("exports/Login.csv".into(), logins.into());
        },
        expect: PASS,
    },
    Case {
        name: "a permission set in pieces, one of them powerful",
        edit: |f| {
            let folder = "main/default/permissionsets/Sync_Minimal";
            let set = f.remove(SET).unwrap();
            f.insert(format!("{folder}/Sync_Minimal.permissionset-meta.xml"), set);
            let power = "<UserPermission><enabled>true</enabled><name>ModifyAllData</name></UserPermission>";
            let path = format!("{folder}/userPermissions/ModifyAllData.userPermission-meta.xml");
            f.insert(path, power.into());
        },
        expect: &["fail"],
    },
    Case {
        name: "a permission set in pieces",
        edit: |f| {
            let set = f.remove(SET).unwrap();
            f.insert("main/default/permissionsets/Sync_Minimal/Sync_Minimal.permissionset-meta.xml".into(), set);
        },
        expect: &["review"],
    },
    Case {
        name: "policy off",
        edit: |f| swap(f, POLICY, FLAG, &FLAG.replace("true", "false")),
        expect: &["pass flow_off"],
    },
    Case {
        name: "setting off, policy on",
        edit: |f| swap(f, GLOBAL, FLAG, &FLAG.replace("true", "false")),
        expect: &["review"],
    },
    Case { name: "no policy file", edit: |f| drop(f.remove(POLICY)), expect: OPEN },
    Case { name: "policy without the switch", edit: |f| swap(f, POLICY, FLAG, ""), expect: OPEN },
    Case {
        name: "switch with an unknown word",
        edit: |f| swap(f, POLICY, FLAG, &FLAG.replace("true", "maybe")),
        expect: OPEN,
    },
    Case { name: "empty switch", edit: |f| swap(f, POLICY, FLAG, "<isClientCredentialsFlowEnabled/>"), expect: OPEN },
    Case {
        name: "the switch twice in one file",
        edit: |f| swap(f, POLICY, FLAG, &format!("{}{FLAG}", FLAG.replace("true", "false"))),
        expect: &["review", "not_evaluable"],
    },
    Case {
        name: "a second policy that says off",
        edit: |f| {
            drop(f.insert(
                "other/Sync.ecaOauthPlcy".into(),
                String::from_utf8(f[POLICY].clone()).unwrap().replace(">true<", ">false<").into_bytes(),
            ))
        },
        expect: &["review"],
    },
    Case {
        name: "a second policy with another user",
        edit: |f| {
            drop(f.insert(
                "other/Sync.ecaOauthPlcy".into(),
                String::from_utf8(f[POLICY].clone()).unwrap().replace("svc.sync@", "svc.other@").into_bytes(),
            ))
        },
        expect: &["review", "not_evaluable"],
    },
    Case {
        name: "relaxation twice in one file",
        edit: |f| {
            swap(
                f,
                POLICY,
                "<ipRelaxationPolicyType>",
                "<ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType><ipRelaxationPolicyType>",
            )
        },
        expect: &["pass hardened", "not_evaluable"],
    },
    Case {
        name: "two relaxations in one file",
        edit: |f| {
            swap(
                f,
                POLICY,
                "</ipRelaxationPolicyType>",
                "</ipRelaxationPolicyType><ipRelaxationPolicyType>Bypass</ipRelaxationPolicyType>",
            )
        },
        expect: &["review", "not_evaluable", "fail"],
    },
    Case {
        name: "two users in one file",
        edit: |f| {
            swap(
                f,
                POLICY,
                "</clientCredentialsFlowUser>",
                "</clientCredentialsFlowUser><clientCredentialsFlowUser>svc.other@acme.example.com</clientCredentialsFlowUser>",
            )
        },
        expect: &["review", "not_evaluable"],
    },
    Case {
        name: "masked secret, then one in clear text",
        edit: |f| {
            swap(
                f,
                GLOBAL,
                FLAG,
                &format!(
                    "<consumerSecret>****</consumerSecret><consumerSecret>SAMPLE-SECRET-DO-NOT-USE</consumerSecret>{FLAG}"
                ),
            )
        },
        expect: &["fail", "not_evaluable"],
    },
    Case {
        name: "app switched on and off in one file",
        edit: |f| swap(f, SWITCHES, "<isEnabled>true", "<isEnabled>false</isEnabled><isEnabled>true"),
        // Hardened whether the app is enabled or not; what must not come out is dormant.
        expect: &["pass hardened", "review", "not_evaluable"],
    },
    Case {
        name: "app of two names in one file",
        edit: |f| {
            swap(
                f,
                POLICY,
                "</externalClientApplication>",
                "</externalClientApplication><externalClientApplication>Other</externalClientApplication>",
            )
        },
        expect: &["review", "not_evaluable"],
    },
    // ---- files that cannot be read
    Case { name: "policy cut off", edit: |f| f.get_mut(POLICY).unwrap().truncate(150), expect: OPEN },
    Case { name: "policy empty", edit: |f| f.get_mut(POLICY).unwrap().clear(), expect: OPEN },
    Case {
        name: "policy with a document type",
        edit: |f| swap(f, POLICY, "?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"Enforce\">]>\n"),
        expect: OPEN,
    },
    Case {
        name: "policy in Latin-1",
        edit: |f| f.get_mut(POLICY).unwrap().extend_from_slice(b"<!-- M\xfcller -->"),
        expect: OPEN,
    },
    Case {
        name: "policy in UTF-16",
        edit: |f| {
            let wide: Vec<u8> =
                String::from_utf8(f[POLICY].clone()).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
            f.insert(POLICY.into(), [b"\xff\xfe".as_slice(), &wide].concat());
        },
        expect: OPEN,
    },
    Case {
        name: "policy nested too deep",
        edit: |f| swap(f, POLICY, FLAG, &format!("{}{}{FLAG}", "<a>".repeat(5000), "</a>".repeat(5000))),
        expect: OPEN,
    },
    Case {
        name: "policy with crossed tags",
        edit: |f| swap(f, POLICY, "</ipRelaxationPolicyType>", "</ipRelaxation>"),
        expect: OPEN,
    },
    Case {
        name: "policy with another root",
        edit: |f| swap(f, POLICY, "<ExtlClntAppOauthConfigurablePolicies ", "<Profile "),
        expect: OPEN,
    },
    Case {
        name: "users: failed query",
        edit: |f| {
            drop(f.insert(
                USERS.into(),
                b"{\"status\":1,\"name\":\"INVALID_FIELD\",\"message\":\"no such column\"}".to_vec(),
            ))
        },
        expect: OPEN,
    },
    Case { name: "users: not JSON", edit: |f| drop(f.insert(USERS.into(), b"{\"records\":[{".to_vec())), expect: OPEN },
    Case {
        name: "users: nested too deep",
        edit: |f| drop(f.insert(USERS.into(), "[".repeat(100_000).into_bytes())),
        expect: OPEN,
    },
    Case {
        name: "assignments: cut off",
        edit: |f| swap(f, ASSIGNMENTS, "\"totalSize\":2", "\"totalSize\":3"),
        expect: OPEN,
    },
    Case {
        name: "assignments: not done",
        edit: |f| swap(f, ASSIGNMENTS, "\"done\":true", "\"done\":false"),
        expect: OPEN,
    },
    Case { name: "assignments: none", edit: |f| drop(f.remove(ASSIGNMENTS)), expect: OPEN },
    Case {
        name: "assignments: of somebody else",
        edit: |f| {
            for _ in 0..2 {
                swap(f, ASSIGNMENTS, "005xx0000000001AAA", "005xx0000000009AAA");
            }
        },
        expect: OPEN,
    },
    Case {
        name: "object rights: cut off",
        edit: |f| swap(f, OBJECTS, "\"totalSize\":1", "\"totalSize\":2"),
        expect: OPEN,
    },
    Case { name: "object rights: none", edit: |f| drop(f.remove(OBJECTS)), expect: OPEN },
    Case {
        name: "object rights: without a count",
        edit: |f| drop(f.insert(OBJECTS.into(), format!("[{}]", object_row(1, "Order__c")).into_bytes())),
        expect: &["review"],
    },
    Case { name: "no profile file", edit: |f| drop(f.remove(PROFILE)), expect: OPEN },
    Case { name: "no permission set file", edit: |f| drop(f.remove(SET)), expect: OPEN },
    // ---- the user
    Case { name: "no User export", edit: |f| drop(f.remove(USERS)), expect: OPEN },
    Case { name: "user not in a complete export", edit: |f| swap(f, USERS, "svc.sync@", "svc.other@"), expect: OPEN },
    Case {
        name: "no user in the policy",
        edit: |f| {
            swap(f, POLICY, "<clientCredentialsFlowUser>svc.sync@acme.example.com</clientCredentialsFlowUser>", "")
        },
        expect: OPEN,
    },
    Case { name: "placeholder", edit: |f| swap(f, POLICY, "svc.sync@acme.example.com", "{{ user }}"), expect: OPEN },
    // ---- privilege
    Case { name: "Modify All Data", edit: |f| hold(f, MODIFY_ALL, PLAIN), expect: &["fail"] },
    Case {
        name: "Modify All Data until today",
        edit: |f| hold(f, MODIFY_ALL, &expiring("2026-11-24")),
        expect: &["fail"],
    },
    Case {
        name: "Modify All Data on activation",
        edit: |f| hold(f, &MODIFY_ALL.replace("false", "true"), PLAIN),
        expect: &["fail"],
    },
    Case {
        name: "a moderate permission",
        edit: |f| hold(f, &MODIFY_ALL.replace("ModifyAllData", "ViewAllUsers"), PLAIN),
        expect: &["review"],
    },
    Case {
        name: "a permission that nobody graded",
        edit: |f| hold(f, &MODIFY_ALL.replace("ModifyAllData", "FoldSpaceAndTime"), PLAIN),
        expect: &["review"],
    },
    Case {
        name: "View All on one object",
        edit: |f| swap(f, OBJECTS, "\"PermissionsViewAllRecords\":false", "\"PermissionsViewAllRecords\":true"),
        expect: &["fail"],
    },
    Case {
        name: "eleven objects",
        edit: |f| {
            drop(f.insert(
                OBJECTS.into(),
                export(&(1..=11).map(|n| object_row(n, &format!("Order_{n}__c"))).collect::<Vec<_>>()).into_bytes(),
            ))
        },
        expect: &["review"],
    },
    Case {
        name: "not API only",
        edit: |f| swap(f, PROFILE, "ApiUserOnly", "ChatterInternalUser"),
        expect: &["review"],
    },
    Case {
        name: "a group that is not in the snapshot",
        edit: |f| {
            hold(
                f,
                &MODIFY_ALL.replace("ModifyAllData", "ApiEnabled"),
                "\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetGroup\":{\"DeveloperName\":\"Gone\"},\"ExpirationDate\":null",
            )
        },
        expect: OPEN,
    },
    // ---- network
    Case { name: "no ranges", edit: |f| swap(f, PROFILE, RANGE, ""), expect: &["fail"] },
    Case {
        name: "the whole of IPv4",
        edit: |f| {
            swap(f, PROFILE, "203.0.113.15", "255.255.255.255");
            swap(f, PROFILE, "203.0.113.0", "0.0.0.0");
        },
        expect: &["fail"],
    },
    Case {
        name: "one range of two /64",
        edit: |f| {
            swap(
                f,
                PROFILE,
                RANGE,
                "<loginIpRanges><endAddress>2001:db8:0:1:ffff:ffff:ffff:ffff</endAddress><startAddress>2001:db8::</startAddress></loginIpRanges>",
            )
        },
        expect: &["fail"],
    },
    Case {
        name: "only private addresses",
        edit: |f| {
            swap(f, PROFILE, "203.0.113.15", "10.0.0.15");
            swap(f, PROFILE, "203.0.113.0", "10.0.0.0");
        },
        expect: &["review"],
    },
    Case {
        name: "range that ends before it starts",
        edit: |f| {
            swap(f, PROFILE, "203.0.113.15", "203.0.112.9");
        },
        expect: OPEN,
    },
    Case { name: "range of two families", edit: |f| swap(f, PROFILE, "203.0.113.15", "2001:db8::1"), expect: OPEN },
    Case { name: "address that is none", edit: |f| swap(f, PROFILE, "203.0.113.15", "203.0.113.999"), expect: OPEN },
    Case {
        name: "two profile copies with other ranges",
        edit: |f| {
            drop(f.insert(
                "other/Sync Robot.profile".into(),
                String::from_utf8(f[PROFILE].clone()).unwrap().replace("113.15", "113.31").into_bytes(),
            ))
        },
        expect: &["review"],
    },
    Case { name: "Bypass", edit: |f| swap(f, POLICY, ">Enforce<", ">bypass<"), expect: &["fail"] },
    Case { name: "Bypass_2factor", edit: |f| swap(f, POLICY, ">Enforce<", ">Bypass_2factor<"), expect: &["review"] },
    Case {
        name: "no relaxation in the policy",
        edit: |f| swap(f, POLICY, "<ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>", ""),
        expect: OPEN,
    },
    Case { name: "unknown relaxation", edit: |f| swap(f, POLICY, ">Enforce<", ">EnforceSometimes<"), expect: OPEN },
    // ---- secret
    Case {
        name: "secret in clear text",
        edit: |f| swap(f, GLOBAL, FLAG, &format!("<consumerSecret>SAMPLE-SECRET-DO-NOT-USE</consumerSecret>{FLAG}")),
        expect: &["fail"],
    },
];
