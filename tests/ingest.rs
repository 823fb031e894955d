//! What the ingest makes of every kind of file and every shape of export.

use shr::ingest;
use shr::snapshot::*;
use shr::source::{Limits, Source};

pub(crate) fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let source = Source::memory("acme", files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())));
    ingest::read(&source, &Limits::default()).unwrap()
}

const POLICY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ExtlClntAppOauthConfigurablePolicies xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    <clientCredentialsFlowUser>bot@example.com</clientCredentialsFlowUser>\n    <externalClientApplication>Sync</externalClientApplication>\n    <ipRelaxationPolicyType>Enforce_relaxrefresh</ipRelaxationPolicyType>\n    <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>\n</ExtlClntAppOauthConfigurablePolicies>\n";

#[test]
fn a_policy_file_gives_its_app_with_lines() {
    let s = snapshot(&[("force-app/main/default/wrong/x.ecaOauthPlcy-meta.xml", POLICY)]);
    assert_eq!(s.problems, []);
    let app = &s.apps["Sync"];
    let flow = app.policy_flow.agreed().unwrap();
    assert_eq!((flow.value, flow.raw.as_str(), flow.at.place), (Switch::On, "true", Place::Line(6)));
    assert_eq!(app.ip_relaxation.agreed().unwrap().value, IpRelaxation::EnforceRelaxRefresh);
    assert_eq!(app.execution_user.agreed().unwrap().value, UserRef::Username("BOT@example.com".into()));
    assert_eq!(app.sources[0].at.place, Place::Line(4));
    assert!(app.setting_flow.is_empty());
}

#[test]
fn users_come_from_csv_and_json() {
    let csv = "Id,Username,IsActive,ProfileId,Profile.Name\n005xx0000000001AAA,bot@example.com,true,00exx0000000001,System Administrator\n";
    let json = r#"{"status":0,"result":{"records":[{"attributes":{"type":"User","url":"/x"},"Id":"005xx0000000001","Username":"bot@example.com","IsActive":true,"ProfileId":"00exx0000000001AAA","Profile":{"attributes":{"type":"Profile","url":"/y"},"Name":"System Administrator"}}],"totalSize":1,"done":true},"warnings":[]}"#;
    for (path, text) in [("u.csv", csv), ("u.json", json)] {
        let s = snapshot(&[(path, text)]);
        assert_eq!(s.problems, [], "{path}");
        let user = &s.access.users[0];
        assert_eq!(user.at.place, Place::Row(1));
        assert_eq!(user.username.as_ref().unwrap().value, "bot@example.com");
        assert_eq!(user.active.as_ref().unwrap().value, Switch::On);
        assert_eq!(user.profile_name.as_ref().unwrap().value, "System Administrator");
    }
}

/// Everything but places: what has to be the same however the same facts were exported.
fn without_places(s: &Snapshot) -> String {
    let text = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        s.apps, s.access, s.org, s.transaction_policies, s.activity, s.connected_apps
    );
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("Locator {") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(") }").map(|e| e + 3).into_iter().chain(rest.find("File }").map(|e| e + 6)).min().unwrap();
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The same model as one with raw texts lower-cased and all ids cut to 15 characters.
fn folded(s: &Snapshot) -> String {
    let mut text = String::new();
    for (n, part) in without_places(s).split("SfId(\"").enumerate() {
        match n {
            0 => text.push_str(part),
            _ => text.push_str(&format!("SfId(\"{}{}", &part[..15], &part[part.find('"').unwrap()..])),
        }
    }
    let mut out = String::new();
    let mut parts = text.split("raw: \"");
    out.push_str(parts.next().unwrap());
    for part in parts {
        out.push_str(&part[part.find('"').unwrap()..]);
    }
    out
}

const USERS: &[(&str, &str, &str, &str)] = &[
    ("005xx0000000001", "bot@example.com", "true", "System Administrator"),
    ("005xx0000000002", "zoë@example.com", "false", "Söme, \"Profile\""),
];

fn users_json(attributes: bool, strings: bool, dotted: bool) -> String {
    let rows: Vec<String> = USERS
        .iter()
        .map(|(id, name, active, profile)| {
            let profile = profile.replace('"', "\\\"");
            let active = if strings { format!("\"{active}\"") } else { (*active).to_owned() };
            let about = |kind: &str| match attributes {
                true => format!("\"attributes\":{{\"type\":\"{kind}\",\"url\":\"/services/data/v65.0/x\"}},"),
                false => String::new(),
            };
            let named = match dotted {
                true => format!("\"Profile.Name\":\"{profile}\""),
                false => format!("\"Profile\":{{{}\"Name\":\"{profile}\"}}", about("Profile")),
            };
            format!(
                "{{{}\"Id\":\"{id}AAA\",\"Username\":\"{name}\",\"IsActive\":{active},\"UserType\":null,{named}}}",
                about("User")
            )
        })
        .collect();
    format!("[{}]", rows.join(",\n"))
}

fn users_csv(delimiter: char, quoted: bool, upper: bool, end: &str, short: bool) -> String {
    let header = ["Id", "Username", "IsActive", "UserType", "Profile.Name"];
    let cell = |text: &str| match quoted || text.contains([delimiter, '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let line = |cells: Vec<String>| cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(&delimiter.to_string());
    let mut lines = vec![line(header.iter().map(|h| if upper { h.to_uppercase() } else { (*h).to_owned() }).collect())];
    for (id, name, active, profile) in USERS {
        let id = if short { (*id).to_owned() } else { format!("{id}AAA") };
        let active = if upper { active.to_uppercase() } else { (*active).to_owned() };
        lines.push(line(vec![id, (*name).to_owned(), active, String::new(), (*profile).to_owned()]));
    }
    lines.join(end) + end
}

#[test]
fn every_json_and_csv_shape_gives_the_same_model() {
    let records = users_json(true, false, false);
    let inner = format!("{{\"records\":{records},\"totalSize\":2,\"done\":true}}");
    let utf16 = |text: String, big: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let shapes: Vec<(&str, &str, Vec<u8>, Coverage)> = vec![
        (
            "wrapper",
            "a.json",
            format!("{{\"status\":0,\"result\":{inner},\"warnings\":[]}}").into(),
            Coverage::Complete { got: 2 },
        ),
        ("inner", "a.json", inner.clone().into(), Coverage::Complete { got: 2 }),
        (
            "wrapper with outputFile",
            "a.json",
            format!(
                "{{\"status\":0,\"result\":{},\"warnings\":[]}}",
                inner.replace("\"done\"", "\"outputFile\":\"x.json\",\"done\"")
            )
            .into(),
            Coverage::Complete { got: 2 },
        ),
        ("bom", "a.json", format!("\u{feff}{inner}").into(), Coverage::Complete { got: 2 }),
        ("crlf", "a.json", inner.replace('\n', "\r\n").into(), Coverage::Complete { got: 2 }),
        ("bare flat", "a.json", users_json(false, true, true).into(), Coverage::NotProven { got: 2 }),
        ("bare nested", "a.json", users_json(false, false, false).into(), Coverage::NotProven { got: 2 }),
        (
            "rest, first page",
            "a.json",
            format!("{{\"totalSize\":9,\"done\":false,\"nextRecordsUrl\":\"/q-2000\",\"records\":{records}}}").into(),
            Coverage::Truncated { got: 2, of: 9 },
        ),
        (
            "row limit",
            "a.json",
            inner.replace("\"totalSize\":2", "\"totalSize\":50001").into(),
            Coverage::Truncated { got: 2, of: 50_001 },
        ),
        ("csv", "a.csv", users_csv(',', false, false, "\n", false).into(), Coverage::NotProven { got: 2 }),
        ("csv quoted crlf", "a.csv", users_csv(',', true, false, "\r\n", false).into(), Coverage::NotProven { got: 2 }),
        ("csv upper case", "a.csv", users_csv(',', true, true, "\n", false).into(), Coverage::NotProven { got: 2 }),
        (
            "csv semicolon bom",
            "a.csv",
            format!("\u{feff}{}", users_csv(';', false, false, "\r\n", false)).into(),
            Coverage::NotProven { got: 2 },
        ),
        (
            "csv sep line",
            "a.csv",
            format!("sep=;\r\n{}", users_csv(';', false, false, "\r\n", false)).into(),
            Coverage::NotProven { got: 2 },
        ),
        ("csv tab", "a.csv", users_csv('\t', false, false, "\n", true).into(), Coverage::NotProven { got: 2 }),
        ("csv pipe", "a.tsv", users_csv('|', false, false, "\n", true).into(), Coverage::NotProven { got: 2 }),
        (
            "csv utf-16 le",
            "a.csv",
            utf16(users_csv(',', true, false, "\r\n", false), false),
            Coverage::NotProven { got: 2 },
        ),
        (
            "csv utf-16 be",
            "a.csv",
            utf16(users_csv('\t', false, false, "\r\n", false), true),
            Coverage::NotProven { got: 2 },
        ),
    ];
    let mut first = None;
    for (shape, path, bytes, coverage) in shapes {
        let s = ingest::read(&Source::memory("acme", [(path, bytes)]), &Limits::default()).unwrap();
        assert_eq!(s.coverage_of(Kind::UserRecords), coverage, "{shape}");
        let truncated = matches!(coverage, Coverage::Truncated { .. });
        assert_eq!(
            s.problems.iter().map(|p| p.code).collect::<Vec<_>>(),
            vec![ProblemCode::Truncated; usize::from(truncated)],
            "{shape}"
        );
        assert_eq!((s.inputs.len(), s.inputs[0].rows, s.inputs[0].kind), (1, Some(2), Kind::UserRecords), "{shape}");
        assert_eq!(s.access.users[1].at.place, Place::Row(2), "{shape}");
        let model = folded(&s);
        assert!(model.contains("zoë@example.com") && model.contains("Söme, \\\"Profile\\\""), "{shape}: {model}");
        assert_eq!(*first.get_or_insert_with(|| model.clone()), model, "{shape}");
    }
}

const FILES: &[(&str, &str)] = &[
    (
        "force-app/main/default/externalClientApps/Sync.eca-meta.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ExternalClientApplication xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    <distributionState>Local</distributionState>\n    <label>Nightly &amp; sync</label>\n    <orgScopedExternalApp>00Dxx0000000001:Sync</orgScopedExternalApp>\n</ExternalClientApplication>\n",
    ),
    ("force-app/main/default/extlClntAppOauthPolicies/any.ecaOauthPlcy-meta.xml", POLICY),
    (
        "force-app/main/default/extlClntAppPolicies/p.ecaPlcy-meta.xml",
        "<ExtlClntAppConfigurablePolicies>\n<externalClientApplication>Sync</externalClientApplication>\n<isEnabled>true</isEnabled><isOauthPluginEnabled>false</isOauthPluginEnabled></ExtlClntAppConfigurablePolicies>",
    ),
    (
        "force-app/main/default/extlClntAppOauthSettings/s.ecaOauth-meta.xml",
        "<ExtlClntAppOauthSettings>\n<commaSeparatedOauthScopes\n  >Api, RefreshToken,\n   SFApiPlatform</commaSeparatedOauthScopes>\n<externalClientApplication>Sync</externalClientApplication>\n<trustedIpRanges><endIpAddress>192.0.2.9</endIpAddress><startIpAddress>192.0.2.1</startIpAddress></trustedIpRanges></ExtlClntAppOauthSettings>",
    ),
    (
        "force-app/main/default/profiles/Admin.profile-meta.xml",
        "<Profile>\n    <fieldPermissions>\n        <editable>true</editable>\n        <field>A.B</field>\n    </fieldPermissions>\n    <loginIpRanges>\n        <description>Vendor</description>\n        <endAddress>203.0.113.9</endAddress>\n        <startAddress>203.0.113.1</startAddress>\n    </loginIpRanges>\n    <objectPermissions>\n        <allowRead>true</allowRead>\n        <allowEdit>false</allowEdit>\n        <object>Account</object>\n    </objectPermissions>\n    <userLicense>Salesforce</userLicense>\n    <userPermissions>\n        <enabled>true</enabled>\n        <name>ModifyAllData</name>\n    </userPermissions>\n    <userPermissions>\n        <enabled>false</enabled>\n        <name>ViewAllData</name>\n    </userPermissions>\n</Profile>\n",
    ),
    (
        "force-app/main/default/profiles/Custom%3A Sales Profile.profile-meta.xml",
        "<Profile><userLicense>Salesforce</userLicense></Profile>",
    ),
    (
        "force-app/main/default/permissionsets/Bot.permissionset-meta.xml",
        "<PermissionSet><hasActivationRequired>true</hasActivationRequired><label>The bot</label><license>Api</license><userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions></PermissionSet>",
    ),
    (
        "force-app/main/default/permissionsetgroups/Team.permissionsetgroup-meta.xml",
        "<PermissionSetGroup><label>Team</label>\n<mutingPermissionSets>Mute</mutingPermissionSets>\n<permissionSets>Bot</permissionSets>\n<permissionSets>vendor__Set</permissionSets>\n<status>Outdated</status></PermissionSetGroup>",
    ),
    (
        "force-app/main/default/mutingpermissionsets/Mute.mutingpermissionset-meta.xml",
        "<MutingPermissionSet><userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions></MutingPermissionSet>",
    ),
    (
        "force-app/main/default/settings/Event.settings-meta.xml",
        "<EventSettings><enableTransactionSecurityPolicies>true</enableTransactionSecurityPolicies></EventSettings>",
    ),
    (
        "records/PermissionSetAssignment.csv",
        "Id,AssigneeId,PermissionSetId,PermissionSet.Name,PermissionSet.IsOwnedByProfile,PermissionSetGroupId,PermissionSetGroup.DeveloperName,ExpirationDate\n0Paxx0000000001,005xx0000000001,0PSxx0000000001,X00ex,true,,,\n0Paxx0000000002,005xx0000000001,0PSxx0000000002,Bot,false,,,2026-12-31T00:00:00.000+0000\n0Paxx0000000003,005xx0000000001,0PSxx0000000009,,false,0PGxx0000000001,Team,\n",
    ),
    (
        "records/User.csv",
        "Id,Username,IsActive,ProfileId,Profile.Name\n005xx0000000001,bot@example.com,true,00exx0000000001,System Administrator\n",
    ),
    (
        "records/ObjectPermissions.csv",
        "Id,ParentId,SobjectType,PermissionsRead,PermissionsModifyAllRecords\n110xx0000000001,0PSxx0000000001,Contact,true,true\n110xx0000000002,0PSxx0000000002,Lead,true,false\n",
    ),
];

fn container<'s>(s: &'s Snapshot, kind: ContainerKind, name: &str) -> &'s Container {
    s.access.find(kind, &ContainerRef::Name(name.into())).unwrap_or_else(|| panic!("no {kind:?} {name}"))
}

#[test]
fn a_whole_org_is_read_and_joined() {
    let s = snapshot(FILES);
    assert_eq!(s.problems, []);
    assert_eq!(s.org_ids[0].value, SfId::parse("00Dxx0000000001").unwrap());
    let app = &s.apps["Sync"];
    assert_eq!(app.sources.len(), 4);
    let label = app.label.agreed().unwrap();
    assert_eq!((label.value.as_str(), label.raw.as_str()), ("Nightly & sync", "Nightly &amp; sync"));
    assert_eq!(app.scopes.agreed().unwrap().value, ["Api", "RefreshToken", "SFApiPlatform"]);
    assert_eq!(app.scopes.agreed().unwrap().at.place, Place::Line(3));
    assert_eq!(app.trusted_ranges[0].start.value, "192.0.2.1");
    assert_eq!(app.oauth_plugin_enabled.agreed().unwrap().value, Switch::Off);
    let admin = container(&s, ContainerKind::Profile, "System Administrator");
    assert_eq!(admin.name, "Admin");
    assert_eq!(admin.permissions.keys().collect::<Vec<_>>(), ["ModifyAllData"]);
    assert_eq!(admin.permissions["ModifyAllData"][0].at.place, Place::Line(18));
    assert_eq!(admin.login_ranges.agreed().unwrap().value[0].start.at.place, Place::Line(9));
    for id in ["00exx0000000001", "0PSxx0000000001"] {
        assert!(admin.ids.contains(&SfId::parse(id).unwrap()), "{id}");
    }
    assert_eq!(admin.objects["Account"].grants.keys().collect::<Vec<_>>(), [&ObjectGrant::Read]);
    assert_eq!(admin.objects["Contact"].grants[&ObjectGrant::ModifyAllRecords][0].place, Place::Row(1));
    let bot = container(&s, ContainerKind::PermissionSet, "Bot");
    assert_eq!(bot.activation_required.agreed().unwrap().value, Switch::On);
    assert!(
        bot.objects.contains_key("Lead") && !bot.objects["Lead"].grants.contains_key(&ObjectGrant::ModifyAllRecords)
    );
    assert_eq!(container(&s, ContainerKind::Muting, "Mute").permissions.len(), 1);
    let team =
        s.access.find(ContainerKind::Group, &ContainerRef::Id(SfId::parse("0PGxx0000000001AAA").unwrap())).unwrap();
    assert_eq!((team.members.len(), team.mutings.len()), (2, 1));
    assert_eq!(team.status.agreed().unwrap().value, GroupStatus::NotCurrent);
    container(&s, ContainerKind::Profile, "Custom: Sales Profile");
    assert_eq!(s.access.assignments[1].expires.as_ref().unwrap().value, jiff::civil::date(2026, 12, 31));
    assert_eq!(s.org.transaction_policies_enabled.agreed().unwrap().value, Switch::On);
    assert_eq!(s.access.containers.len(), 5, "{:?}", s.access.containers.iter().map(|c| &c.name).collect::<Vec<_>>());
}

/// Every located text stands where it says.
#[test]
fn every_raw_text_stands_at_its_place() {
    let debug = format!("{:?}", snapshot(FILES));
    let mut checked = 0;
    for part in debug.split("raw: \"").skip(1) {
        let (raw, after) = part.split_once('"').unwrap();
        if !after.starts_with(", at: ") {
            continue; // an app's source, whose place stands before its text
        }
        let path = part.split("path: \"").nth(1).unwrap().split('"').next().unwrap();
        let place = part.split("place: ").nth(1).unwrap();
        let number: usize = place.split(['(', ')']).nth(1).unwrap().parse().unwrap();
        let text = FILES.iter().find(|(name, _)| *name == path).unwrap().1;
        let line = if place.starts_with("Line") { number - 1 } else { number };
        let words = raw.split(' ').next().unwrap();
        assert!(text.lines().nth(line).unwrap().contains(words), "{raw} at {path}:{number}");
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn order_names_line_ends_and_case_never_change_the_model() {
    type Change = fn(usize, &str, &str) -> (String, Vec<u8>);
    let changes: &[(&str, Change)] = &[
        ("crlf", |_, path, text| (path.into(), text.replace('\n', "\r\n").into())),
        ("bom", |_, path, text| (path.into(), format!("\u{feff}{text}").into())),
        ("mdapi names", |_, path, text| {
            (path.replace("-meta.xml", "").replace("force-app/main/default", "unpackaged/unpackaged"), text.into())
        }),
        ("upper-case suffix", |_, path, text| (path.replace("-meta.xml", "-META.XML"), text.into())),
        ("moved", |n, path, text| (format!("pkg{}/{}", 9 - n % 9, path.rsplit('/').next().unwrap()), text.into())),
        ("long ids", |_, path, text| {
            (path.into(), if path.ends_with("csv") { lengthened(text) } else { text.to_owned() }.into())
        }),
        ("enum case", |_, path, text| {
            (
                path.into(),
                text.replace("Enforce_relaxrefresh", "ENFORCE_RELAXREFRESH")
                    .replace(">true<", ">TRUE<")
                    .replace("Outdated", "OUTDATED")
                    .into(),
            )
        }),
        ("header case", |_, path, text| {
            let (head, body) = text.split_once('\n').unwrap_or((text, ""));
            (
                path.into(),
                if path.ends_with("csv") { format!("{}\n{body}", head.to_uppercase()) } else { text.to_owned() }.into(),
            )
        }),
    ];
    let usual = folded(&snapshot(FILES));
    for (name, change) in changes {
        let files: Vec<_> = FILES.iter().enumerate().rev().map(|(n, (path, text))| change(n, path, text)).collect();
        let s = ingest::read(&Source::memory("acme", files), &Limits::default()).unwrap();
        assert_eq!(s.problems, [], "{name}");
        let sorted = |model: &str| {
            let words =
                model.split(", ").map(|word| word.trim_start_matches("sources: [").trim_matches(']').to_owned());
            let mut words: Vec<String> = words.collect();
            words.sort();
            words
        };
        assert_eq!(sorted(&folded(&s)), sorted(&usual), "{name}");
    }
}

/// Ids of 15 characters made 18 long; the header stays, although some column names have 15 characters, too.
fn lengthened(text: &str) -> String {
    let long = |cell: &str| match SfId::parse(cell) {
        Some(id) if cell.len() == 15 => id.long(),
        _ => cell.to_owned(),
    };
    let (header, rows) = text.split_once('\n').unwrap();
    let rows = rows.lines().map(|line| line.split(',').map(long).collect::<Vec<_>>().join(",") + "\n");
    format!("{header}\n{}", rows.collect::<String>())
}

#[test]
fn threads_never_change_the_snapshot() {
    let source = Source::memory("acme", FILES.iter().map(|(path, text)| (*path, *text)));
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", ingest::read(&source, &Limits::default()).unwrap()))
    };
    assert_eq!(on(1), on(4));
}

/// One row for each odd case: files, and a look at what came out of them.
type Case = (&'static str, &'static [(&'static str, &'static str)], fn(&Snapshot));

const CASES: &[Case] = &[
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
        "an own set of a profile is the profile",
        &[
            (
                "PermissionSet.csv",
                "Id,Name,IsOwnedByProfile,ProfileId,Profile.Name,Type,PermissionSetGroupId,PermissionsModifyAllData,PermissionsApiEnabled\n0PSxx0000000001,X00ex,true,00exx0000000001,System Administrator,Profile,,true,false\n",
            ),
            ("Admin.profile", "<Profile/>"),
        ],
        |s| {
            let admin = container(s, ContainerKind::Profile, "Admin");
            assert_eq!((admin.ids.len(), admin.sources.len(), admin.from_file), (2, 2, true));
            assert_eq!(admin.permissions.keys().collect::<Vec<_>>(), ["ModifyAllData"]);
            assert_eq!(admin.record_columns.iter().collect::<Vec<_>>(), ["ApiEnabled", "ModifyAllData"]);
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "an own set finds its profile through the Profile export alone",
        &[
            (
                "PermissionSet.csv",
                "Id,Name,IsOwnedByProfile,ProfileId,PermissionsApiEnabled\n0PSxx0000000001,X00ex,TRUE,00exx0000000001,TRUE\n",
            ),
            ("Profile.csv", "Id,Name\n00exx0000000001AAA,Read Only\n"),
        ],
        |s| {
            assert!(container(s, ContainerKind::Profile, "ReadOnly").permissions.contains_key("ApiEnabled"));
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "a row of type Group is the calculated group",
        &[
            (
                "PermissionSet.csv",
                "Id,Name,IsOwnedByProfile,Type,PermissionSetGroupId,PermissionsApiEnabled\n0PSxx0000000001,Team,false,Group,0PGxx0000000001,true\n",
            ),
            ("PermissionSetGroup.csv", "Id,DeveloperName,Status\n0PGxx0000000001,Team,Updated\n"),
        ],
        |s| {
            let team = container(s, ContainerKind::Group, "Team");
            assert!(team.calculated && team.permissions.contains_key("ApiEnabled"));
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "members of a group by records, muting sets among them",
        &[
            ("PermissionSetGroup.csv", "Id,DeveloperName,Status\n0PGxx0000000001,Team,Updated\n"),
            (
                "PermissionSetGroupComponent.csv",
                "PermissionSetGroupId,PermissionSetId\n0PGxx0000000001,0PSxx0000000001\n0PGxx0000000001,0QMxx0000000001\n",
            ),
        ],
        |s| {
            let team = container(s, ContainerKind::Group, "Team");
            assert_eq!((team.members.len(), team.mutings.len()), (1, 1));
        },
    ),
    (
        "upper-case headers keep permission names",
        &[(
            "PermissionSet.csv",
            "\"ID\",\"NAME\",\"ISOWNEDBYPROFILE\",\"PERMISSIONSMODIFYALLDATA\"\n\"0PSxx0000000001\",\"Bot\",\"FALSE\",\"TRUE\"\n",
        )],
        |s| {
            assert!(container(s, ContainerKind::PermissionSet, "Bot").permissions.contains_key("ModifyAllData"));
        },
    ),
    (
        "a namespace becomes a prefix",
        &[("PermissionSet.csv", "Id,Name,NamespacePrefix,IsOwnedByProfile\n0PSxx0000000001,Set,vendor,false\n")],
        |s| {
            container(s, ContainerKind::PermissionSet, "vendor__Set");
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
            assert_eq!(app.policy_flow.agreed().unwrap().value, Switch::Unknown);
            assert_eq!(app.ip_relaxation.agreed().unwrap().raw, "Loose");
            let said: Vec<_> = s.problems.iter().map(|p| (p.code, p.at.place, p.app.as_deref())).collect();
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
        "an empty element is no value",
        &[(
            "a/x.ecaOauthPlcy",
            "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>A</externalClientApplication><ipRelaxationPolicyType/><clientCredentialsFlowUser> </clientCredentialsFlowUser></ExtlClntAppOauthConfigurablePolicies>",
        )],
        |s| {
            assert!(s.apps["A"].ip_relaxation.is_empty() && s.apps["A"].execution_user.is_empty());
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
            let app = &s.connected_apps[0];
            assert_eq!((app.name.as_str(), app.switch().unwrap().value), ("Old", Switch::On));
        },
    ),
    (
        "a policy record finds its app by id",
        &[
            (
                "ExtlClntAppOauthPlcyCnfg.csv",
                "Id,ExternalClientApplicationId,IsClientCredentialsFlowEnabled,ClientCredentialsFlowUser,IpRelaxationPolicyType\n1,0xIxx0000000001,true,005xx0000000001,ENFORCE\n",
            ),
            (
                "ExternalClientApplication.csv",
                "Id,DeveloperName,MasterLabel,NamespacePrefix\n0xIxx0000000001AAA,Sync,Sync it,ns\n",
            ),
        ],
        |s| {
            let app = &s.apps["ns__Sync"];
            assert_eq!(
                app.execution_user.agreed().unwrap().value,
                UserRef::Id(SfId::parse("005xx0000000001").unwrap())
            );
            assert_eq!((s.apps.len(), app.ids.len(), app.sources.len()), (1, 1, 2));
            assert_eq!(
                app.sources.iter().map(|source| source.raw.as_str()).collect::<Vec<_>>(),
                ["Sync", "0xIxx0000000001"]
            );
        },
    ),
    (
        "a policy record without its app is an app named by its id",
        &[(
            "x.json",
            "{\"records\":[{\"attributes\":{\"type\":\"ExtlClntAppOauthPlcyCnfg\",\"url\":\"/x\"},\"ExternalClientApplicationId\":\"0xIxx0000000001\",\"IsClientCredentialsFlowEnabled\":true}],\"totalSize\":1,\"done\":true}",
        )],
        |s| {
            assert_eq!(s.apps.keys().next().unwrap(), &SfId::parse("0xIxx0000000001").unwrap().long());
        },
    ),
    (
        "plug-in status and scopes of records",
        &[
            (
                "ExtlClntAppPlcyCnfg.csv",
                "ExternalClientApplication.DeveloperName,IsEnabled,OauthPluginStatus\nA,true,Notinstalled\nB,true,Enabled\nC,true,Broken\n",
            ),
            (
                "ExtlClntAppOauthSettings.csv",
                "ExternalClientApplication.DeveloperName,OauthScopesAPI,OauthScopesFULL,OauthScopesWeb\nA,true,true,false\n",
            ),
        ],
        |s| {
            let plugin = |name: &str| s.apps[name].oauth_plugin_enabled.agreed().unwrap().value;
            assert_eq!((plugin("A"), plugin("B"), plugin("C")), (Switch::Off, Switch::On, Switch::Unknown));
            assert_eq!(s.apps["A"].scopes.agreed().unwrap().value, ["Api", "Full"]);
            assert_eq!(s.problems.len(), 1);
        },
    ),
    (
        "a listing of components, also of a single one",
        &[
            (
                "l1.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"A\",\"fileName\":\"externalClientApps/A.eca\",\"type\":\"ExternalClientApplication\",\"id\":\"0xIxx0000000001\"}]}",
            ),
            (
                "l2.json",
                "{\"status\":0,\"result\":{\"fullName\":\"B\",\"fileName\":\"externalClientApps/B.eca\",\"type\":\"ExternalClientApplication\"}}",
            ),
            (
                "l3.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"P\",\"fileName\":\"profiles/P.profile\",\"type\":\"Profile\"}]}",
            ),
        ],
        |s| {
            assert_eq!(s.apps.keys().collect::<Vec<_>>(), ["A", "B"]);
            assert_eq!(s.ignored_files, 1);
        },
    ),
    (
        "no apps, proven by an export without rows",
        &[("ExternalClientApplication.json", "{\"records\":[],\"totalSize\":0,\"done\":true}")],
        |s| {
            assert_eq!(s.coverage_of(Kind::AppRecords), Coverage::Complete { got: 0 });
        },
    ),
    ("no rows and no header prove nothing", &[("User.csv", "\n"), ("PermissionSet.csv", "")], |s| {
        assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::NotProven { got: 0 });
        assert_eq!(s.coverage_of(Kind::PermissionSetRecords), Coverage::NotProven { got: 0 });
        assert_eq!(s.coverage_of(Kind::LoginRecords), Coverage::Absent);
    }),
    (
        "a manifest with * proves a type",
        &[
            (
                "package.xml",
                "<Package><types><members>*</members><name>ExternalClientApplication</name></types><types><members>Admin</members><name>Profile</name></types></Package>",
            ),
            ("Admin.profile", "<Profile/>"),
        ],
        |s| {
            assert_eq!(s.coverage_of(Kind::AppFile), Coverage::Complete { got: 0 });
            assert_eq!(s.coverage_of(Kind::ProfileFile), Coverage::NotProven { got: 1 });
        },
    ),
    (
        "pages of one answer together are complete",
        &[
            (
                "p1.json",
                "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"/q\",\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\"}]}",
            ),
            (
                "p2.json",
                "{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000002\",\"Username\":\"b@example.com\"}]}",
            ),
        ],
        |s| {
            assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::Complete { got: 2 });
        },
    ),
    (
        "the same page twice is still cut off",
        &[
            (
                "p1.json",
                "{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\"}]}",
            ),
            (
                "p2.json",
                "{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\"}]}",
            ),
        ],
        |s| {
            assert!(matches!(s.coverage_of(Kind::UserRecords), Coverage::Truncated { of: 2, .. }));
            assert_eq!((s.access.users.len(), s.problems.len()), (1, 2));
        },
    ),
    (
        "rows of a sub-query, nested and flat",
        &[
            (
                "u.json",
                "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"PermissionSetAssignments\":{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"PermissionSetAssignment\",\"url\":\"/a\"},\"PermissionSetId\":\"0PSxx0000000001\"},{\"attributes\":{\"type\":\"PermissionSetAssignment\",\"url\":\"/a\"},\"PermissionSetId\":\"0PSxx0000000002\"}]}}]}",
            ),
            (
                "v.csv",
                "Id,Username,PermissionSetAssignments.totalSize,PermissionSetAssignments.records.0.PermissionSet.Name\n005xx0000000002,b@example.com,1,Bot\n",
            ),
        ],
        |s| {
            assert_eq!(s.access.assignments.len(), 3);
            let of: Vec<_> =
                s.access.assignments.iter().map(|a| a.assignee.as_ref().unwrap().value.key().to_owned()).collect();
            assert_eq!(of, ["005xx0000000001", "005xx0000000001", "005xx0000000002"]);
        },
    ),
    (
        "login ranges in the Metadata field",
        &[(
            "p.json",
            "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Profile\",\"url\":\"/p\"},\"Name\":\"System Administrator\",\"Metadata\":{\"custom\":false,\"description\":null,\"loginIpRanges\":[{\"description\":null,\"endAddress\":\"192.0.2.9\",\"startAddress\":\"192.0.2.1\"}],\"userPermissions\":[{\"enabled\":true,\"name\":\"ApiEnabled\"}]}}]}",
        )],
        |s| {
            let admin = container(s, ContainerKind::Profile, "Admin");
            assert_eq!(admin.login_ranges.agreed().unwrap().value[0].end.value, "192.0.2.9");
            assert!(admin.permissions.contains_key("ApiEnabled") && !admin.from_file);
        },
    ),
    (
        "logins, also counted by group",
        &[
            (
                "a.json",
                "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"AggregateResult\"},\"LoginType\":\"Other Apex API\",\"Application\":\"N/A\",\"expr0\":4}]}",
            ),
            (
                "LoginHistory.csv",
                "UserId,LoginTime,LoginType,LoginSubType,Application,SourceIp,Status\n005xx0000000001,2026-01-02T03:04:05.000Z,Remote Access 2.0,OauthClientCredentials,Sync,192.0.2.1,Success\n",
            ),
        ],
        |s| {
            assert_eq!(s.activity.logins.len(), 2);
            assert_eq!(s.activity.logins[0].sub_type.as_ref().unwrap().raw, "OauthClientCredentials");
        },
    ),
    (
        "counts of users are no users",
        &[(
            "User.json",
            "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"AggregateResult\"},\"expr0\":4}]}",
        )],
        |s| {
            assert_eq!((s.access.users.len(), s.problems[0].code), (0, ProblemCode::Ambiguous));
        },
    ),
    (
        "an event log",
        &[(
            "2026-01-01_ApiTotalUsage.csv",
            "\"EVENT_TYPE\",\"TIMESTAMP_DERIVED\",\"USER_ID\",\"USER_NAME\",\"CLIENT_IP\",\"CONNECTED_APP_ID\",\"CONNECTED_APP_NAME\"\n\"ApiTotalUsage\",\"2026-01-01T00:00:00.000Z\",\"005xx0000000001\",\"bot@example.com\",\"192.0.2.1\",\"0H4\",\"Sync\"\n",
        )],
        |s| {
            assert_eq!(s.activity.api_use[0].app.as_ref().unwrap().value, "Sync");
            assert_eq!(s.coverage_of(Kind::EventRecords), Coverage::NotProven { got: 1 });
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
        "an export that cannot be told",
        &[("export.csv", "Id,Name\n1,a\n"), ("empty.json", "{\"totalSize\":0,\"done\":true,\"records\":[]}")],
        |s| {
            assert_eq!(
                s.problems.iter().map(|p| (p.code, p.kind)).collect::<Vec<_>>(),
                [(ProblemCode::Ambiguous, Some(Kind::UnknownRecords)); 2]
            );
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
fn odd_cases_are_read_as_they_are_meant() {
    for (case, files, check) in CASES {
        let s = snapshot(files);
        if let Err(panic) = std::panic::catch_unwind(|| check(&s)) {
            let problems: Vec<String> = s.problems.iter().map(ToString::to_string).collect();
            panic!("{case}: {:?}; problems {problems:?}", panic.downcast_ref::<String>());
        }
    }
}

#[test]
fn execution_users_and_placeholders() {
    let cases = [
        ("__BOT_USER__", true),
        ("$BOT_USER", true),
        ("${BOT_USER}", true),
        ("{{ bot }}", true),
        ("bot@example.com", false),
        ("$bot@example.com", false),
        ("__bot@example.com__", false),
        ("BOT", false),
    ];
    for (text, placeholder) in cases {
        let s = snapshot(&[("x.ecaOauthPlcy", &POLICY.replace("bot@example.com", text))]);
        let user = &s.apps["Sync"].execution_user.agreed().unwrap().value;
        assert_eq!(matches!(user, UserRef::Placeholder(p) if p == text), placeholder, "{text}");
    }
}
