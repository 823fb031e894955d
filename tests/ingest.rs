//! What the ingest makes of every kind of file and every shape of export.

mod certificates;
mod discovery;
mod files;
mod fragments;
mod listings;
mod manifests;
mod many;
mod names;
mod records;
mod rows;
mod tables;

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
        s.apps, s.access, s.org, s.transaction_policies, s.activity, s.connected
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
        ("csv caret", "a.csv", users_csv('^', true, false, "\n", true).into(), Coverage::NotProven { got: 2 }),
        ("csv backquote", "a.csv", users_csv('`', true, false, "\n", false).into(), Coverage::NotProven { got: 2 }),
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
        "<Profile>\n    <fieldPermissions>\n        <editable>true</editable>\n        <field>A.B</field>\n    </fieldPermissions>\n    <loginIpRanges>\n        <description>Vendor</description>\n        <endAddress>203.0.113.9</endAddress>\n        <startAddress>203.0.113.1</startAddress>\n    </loginIpRanges>\n    <objectPermissions>\n        <allowRead>true</allowRead><allowCreate>false</allowCreate><allowDelete>false</allowDelete>\n        <allowEdit>false</allowEdit><modifyAllRecords>false</modifyAllRecords>\n        <object>Account</object><viewAllRecords>false</viewAllRecords>\n    </objectPermissions>\n    <userLicense>Salesforce</userLicense>\n    <userPermissions>\n        <enabled>true</enabled>\n        <name>ModifyAllData</name>\n    </userPermissions>\n    <userPermissions>\n        <enabled>false</enabled>\n        <name>ViewAllData</name>\n    </userPermissions>\n</Profile>\n",
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
    Index::new(&s.access)
        .container(kind, &ContainerRef::Name(name.into()))
        .unwrap_or_else(|| panic!("no {kind:?} {name}"))
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
    let stated = |name: &str| admin.permissions[name].iter().map(|place| place.value).collect::<Vec<_>>();
    assert_eq!((stated("ModifyAllData"), stated("ViewAllData")), (vec![Switch::On], vec![Switch::Off]));
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
    let team = Index::new(&s.access)
        .container(ContainerKind::Group, &ContainerRef::Id(SfId::parse("0PGxx0000000001AAA").unwrap()))
        .unwrap();
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

/// An odd case: its name, the files, and a look at what came out of them.
type Case = (&'static str, &'static [(&'static str, &'static str)], fn(&Snapshot));

fn check(cases: &[Case]) {
    for (case, files, look) in cases {
        let s = snapshot(files);
        if let Err(panic) = std::panic::catch_unwind(|| look(&s)) {
            let problems: Vec<String> = s.problems.iter().map(ToString::to_string).collect();
            panic!("{case}: {:?}; problems {problems:?}", panic.downcast_ref::<String>());
        }
    }
}
