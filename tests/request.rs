//! What `shr request` writes works: the manifest names every type that is read, the queries every column, the script runs.

use shr::engagement::Engagement;
use shr::run::request;
use shr::snapshot::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn files() -> BTreeMap<String, String> {
    let control = shr::controls::catalogue("en").unwrap();
    request::files(&control).into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// Members by type of the manifest; fails when it is not well-formed.
fn manifest() -> BTreeMap<String, BTreeSet<String>> {
    let text = files().remove("package.xml").unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut path, mut members, mut types) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => path.push(tag.name().as_ref().to_owned()),
            quick_xml::events::Event::End(_) => drop(path.pop()),
            quick_xml::events::Event::Text(text) => {
                let text = text.trim().to_owned();
                match path.join("/").as_str() {
                    "Package/types/members" => assert!(members.insert(text)),
                    "Package/types/name" => assert!(types.insert(text, std::mem::take(&mut members)).is_none()),
                    _ => {}
                }
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty() && members.is_empty());
    types
}

#[test]
fn the_manifest_names_every_metadata_type_that_is_read() {
    let types = manifest();
    let settings = &types["Settings"];
    for kind in Kind::ALL.iter().filter(|kind| !kind.is_records()) {
        match kind {
            Kind::ManifestFile | Kind::ProjectFile | Kind::OtherAppFile => {}
            kind => match kind.name().strip_suffix("Settings").filter(|name| settings.contains(*name)) {
                Some(_) => {}
                None => assert!(types.get(kind.name()).is_some_and(|m| m.contains("*")), "{}", kind.name()),
            },
        }
    }
}

#[test]
fn every_record_export_that_is_read_has_a_query_under_its_name() {
    let files = files();
    for kind in Kind::ALL.iter().filter(|kind| kind.is_records()) {
        if matches!(kind, Kind::UnknownRecords | Kind::ListingRecords) {
            continue; // not rows of an object
        }
        let soql = files.get(&format!("soql/{}.soql", kind.name()));
        assert!(soql.is_some_and(|soql| soql.contains(&format!("FROM {}", kind.name()))), "{}", kind.name());
    }
}

/// The columns that the joins need; without one of them an export cannot be read or cannot be joined.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        "User",
        &[
            "Id",
            "Username",
            "IsActive",
            "UserType",
            "ProfileId",
            "Profile.Name",
            "Profile.UserLicense.Name",
            "LastLoginDate",
        ],
    ),
    ("Profile", &["Id", "Name", "PermissionsModifyAllData", "PermissionsApiUserOnly"]),
    (
        "PermissionSet",
        &[
            "Id",
            "Name",
            "NamespacePrefix",
            "Type",
            "IsOwnedByProfile",
            "ProfileId",
            "PermissionSetGroupId",
            "HasActivationRequired",
            "PermissionsManageUsers",
            "PermissionsTwoFactorApi",
        ],
    ),
    (
        "PermissionSetAssignment",
        &[
            "AssigneeId",
            "PermissionSetId",
            "PermissionSet.Name",
            "PermissionSet.NamespacePrefix",
            "PermissionSet.IsOwnedByProfile",
            "PermissionSet.Profile.Name",
            "PermissionSetGroup.NamespacePrefix",
            "PermissionSetGroupId",
            "PermissionSetGroup.DeveloperName",
            "ExpirationDate",
            "IsActive",
        ],
    ),
    ("PermissionSetGroup", &["Id", "DeveloperName", "NamespacePrefix", "Status", "HasActivationRequired"]),
    ("PermissionSetGroupComponent", &["PermissionSetGroupId", "PermissionSetId"]),
    ("MutingPermissionSet", &["Id", "DeveloperName", "PermissionsModifyAllData"]),
    (
        "ObjectPermissions",
        &[
            "ParentId",
            "Parent.NamespacePrefix",
            "Parent.Profile.Name",
            "SobjectType",
            "PermissionsRead",
            "PermissionsCreate",
            "PermissionsEdit",
            "PermissionsDelete",
            "PermissionsViewAllRecords",
            "PermissionsModifyAllRecords",
            "PermissionsViewAllFields",
        ],
    ),
    ("ExternalClientApplication", &["Id", "DeveloperName", "MasterLabel", "NamespacePrefix", "DistributionState"]),
    (
        "ExtlClntAppOauthPlcyCnfg",
        &[
            "ExternalClientApplicationId",
            "ExternalClientApplication.DeveloperName",
            "IsClientCredentialsFlowEnabled",
            "ClientCredentialsFlowUser",
            "IpRelaxationPolicyType",
            "PermittedUsersPolicyType",
            "LastModifiedDate",
        ],
    ),
    ("ExtlClntAppPlcyCnfg", &["ExternalClientApplicationId", "IsEnabled", "OauthPluginStatus"]),
    ("ExtlClntAppOauthSettings", &["FIELDS(STANDARD)", "ExternalClientApplication.DeveloperName"]),
    ("LoginHistory", &["UserId", "LoginTime", "LoginType", "LoginSubType", "Application", "SourceIp", "Status"]),
];

#[test]
fn queries_select_the_columns_that_joins_need() {
    let files = files();
    for (stem, columns) in COLUMNS {
        let soql = &files[&format!("soql/{stem}.soql")];
        let list = soql.strip_prefix("SELECT ").unwrap().split(" FROM ").next().unwrap();
        let selected: Vec<&str> = list.split(", ").collect();
        for column in *columns {
            assert!(selected.contains(column), "{stem}: {column} in {soql}");
        }
        let distinct: BTreeSet<_> = selected.iter().collect();
        assert_eq!(distinct.len(), selected.len(), "{stem}: a column stands twice");
        assert_eq!(soql.lines().count(), 1, "the script edits a query as one line");
    }
}

#[test]
fn the_engagement_file_is_the_template_and_is_read() {
    let files = files();
    assert!(Engagement::parse(&files["engagement.toml"], "engagement.toml", &shr::controls::known()).is_ok());
}

#[test]
fn the_checklist_lists_every_export() {
    let files = files();
    let checklist = &files["CHECKLIST.md"];
    for (stem, _) in COLUMNS {
        assert!(checklist.contains(&format!("| `soql/{stem}.soql` | `{stem}.csv` |")), "{stem}");
    }
    assert!(!checklist.contains('@') && !files["export.sh"].contains('@'));
}

#[test]
fn script_and_manifest_name_one_api_version() {
    let files = files();
    let (_, rest) = files["package.xml"].split_once("<version>").unwrap();
    let (version, _) = rest.split_once('<').unwrap();
    assert!(files["export.sh"].contains(&format!("\napi={version}\n")));
}

/// A folder that is removed again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shr-request-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path).unwrap();
        for (file, text) in files() {
            let file = path.join("request").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(path)
    }

    /// Runs the script with a stand-in for `sf` that knows no permission column `gone`, fails for `failing`.
    fn run(&self, gone: &str, failing: &str, args: &[&str]) -> Output {
        let bin = self.0.join("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join("sf"), SF).unwrap();
        assert!(Command::new("chmod").arg("+x").arg(bin.join("sf")).status().unwrap().success());
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        Command::new("sh")
            .arg(self.0.join("request/export.sh"))
            .args(args)
            .current_dir(&self.0)
            .env("PATH", path)
            .env("GONE", gone)
            .env("FAILING", failing)
            .output()
            .unwrap()
    }

    fn read(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.0.join(path)).unwrap_or_default()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Behaves like `sf` as far as the script uses it.
const SF: &str = r##"#!/bin/sh
what="$1 $2 $3"
file=; query=; target=; csv=no; output=; type=
while [ $# -gt 0 ]; do
    case $1 in
        --file | --query-file) file=$2 ;;
        --query) query=$2 ;;
        --metadata-type) type=$2 ;;
        --target-metadata-dir) target=$2 ;;
        --output-file) output=$2 ;;
        --result-format) csv=yes ;;
    esac
    shift
done
[ -n "$file" ] && query=$(cat "$file")
case $what in
    "project retrieve start")
        [ -f sfdx-project.json ] || exit 1
        mkdir -p "$target/unpackaged" && : >"$target/unpackaged.zip" && echo '<Package/>' >"$target/unpackaged/package.xml"
        echo '{"status":0}' ;;
    "data export bulk") printf '"Id"\n"1"\n"2"\n' >"$output" ;;
    "org list metadata")
        [ "$type" = ExtlClntAppOauthSecuritySettings ] && { echo '{"status":1,"message":"INVALID_TYPE: Unknown type"}'; exit 1; }
        printf '{"status":0,"result":[{"fullName":"A","fileName":"f/A","type":"%s"}],"warnings":[]}\n' "$type" ;;
    "api request rest") printf 'EVENT_TYPE,CLIENT_IP\nApiTotalUsage,192.0.2.1\n' ;;
    *)
        if [ -n "$FAILING" ] && echo "$query" | grep -q "FROM $FAILING"; then
            echo '{"status":1,"name":"INVALID_TYPE","message":"sObject type is not supported."}'; exit 1
        fi
        if [ -n "$GONE" ] && echo "$query" | grep -q "[ ,]$GONE[ ,]"; then
            echo "{\"status\":1,\"message\":\"ERROR at Row:1:Column:9\\nNo such column '$GONE' on entity 'X'.\"}"; exit 1
        fi
        if [ "$csv" = yes ]; then
            printf 'Id,EventType,LogDate,LogFileLength\n0ATxx0000000001,ApiTotalUsage,2026-11-20T00:00:00.000+0000,12\n'
        else
            printf '{"status":0,"result":{"records":[],"totalSize":2,"done":true,"query":"%s"}}\n' "$query"
        fi ;;
esac
"##;

#[cfg(unix)]
#[test]
fn the_script_is_valid_shell() {
    let scratch = Scratch::new("syntax");
    let output = Command::new("sh").arg("-n").arg(scratch.0.join("request/export.sh")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[cfg(unix)]
#[test]
fn the_script_exports_everything_into_one_folder() {
    let scratch = Scratch::new("all");
    let output = scratch.run("", "", &["my org", "snap"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (stem, _) in COLUMNS {
        let json = scratch.read(format!("snap/{stem}.json"));
        assert!(json.contains(&format!("FROM {stem}")), "{stem}: {json}");
    }
    assert!(scratch.0.join("snap/metadata/unpackaged/package.xml").exists());
    assert!(!scratch.0.join("snap/metadata/unpackaged.zip").exists(), "the archive would be read a second time");
    let listed: Vec<&str> = Kind::ALL.iter().filter(|kind| kind.is_listed()).map(|kind| kind.name()).collect();
    let checklist = &files()["CHECKLIST.md"];
    for name in &listed {
        let refused = *name == "ExtlClntAppOauthSecuritySettings";
        assert_eq!(scratch.read(format!("snap/lists/{name}.json")).contains(&format!("\"type\":\"{name}\"")), !refused);
        let command =
            format!("sf org list metadata --metadata-type {name} --target-org ORG --json > lists/{name}.json\n");
        assert!(checklist.contains(&command), "{name}");
    }
    assert_eq!(listed.len(), 12, "{listed:?}");
    let note = "ExtlClntAppOauthSecuritySettings: its components could not be listed: INVALID_TYPE: Unknown type";
    assert!(scratch.read("snap/NOTES.txt").contains(note), "a list that cannot be had is said, and fails nothing");
    assert!(String::from_utf8(output.stdout).unwrap().trim_end().ends_with("/snap"));
}

#[cfg(unix)]
#[test]
fn the_script_drops_columns_that_the_org_lacks_and_says_so() {
    for (gone, stem) in [("PermissionsUseAnyApiClient", "PermissionSet"), ("PermissionsWaveTabularDownload", "Profile")]
    {
        let scratch = Scratch::new(gone);
        let output = scratch.run(gone, "", &["org", "snap"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let json = scratch.read(format!("snap/{stem}.json"));
        assert!(!json.contains(gone) && json.contains("PermissionsModifyAllData, "), "{json}");
        assert!(!json.contains(",,") && !json.contains(", FROM"), "{json}");
        assert!(scratch.read("snap/NOTES.txt").contains(&format!("{stem}: this org has no column {gone}")));
    }
}

#[cfg(unix)]
#[test]
fn the_script_goes_on_after_a_failure_and_ends_with_one() {
    let scratch = Scratch::new("failing");
    let output = scratch.run("", "MutingPermissionSet", &["org", "snap"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!scratch.0.join("snap/MutingPermissionSet.json").exists());
    assert!(scratch.0.join("snap/LoginHistory.json").exists());
    let notes = scratch.read("snap/NOTES.txt");
    assert!(notes.contains("MutingPermissionSet: the query failed: sObject type is not supported."), "{notes}");
}

#[cfg(unix)]
#[test]
fn bulk_exports_note_the_count_and_event_logs_are_downloaded() {
    let scratch = Scratch::new("bulk");
    let output = scratch.run("", "", &["--csv", "--events", "org"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(scratch.read("snapshot-org/User.csv").contains("\"2\""));
    assert!(scratch.read("snapshot-org/NOTES.txt").contains("[org.expected] User = 2\n"));
    assert!(scratch.0.join("snapshot-org/Profile.json").exists());
    let log = scratch.read("snapshot-org/ApiTotalUsage-2026-11-20-0ATxx0000000001.csv");
    assert!(log.contains("EVENT_TYPE"), "{log}");
}

#[cfg(unix)]
#[test]
fn the_script_refuses_wrong_usage_and_an_old_folder() {
    let scratch = Scratch::new("usage");
    for args in [&[][..], &["--nothing", "org"], &["a", "b", "c"], &["org", "request"]] {
        let output = scratch.run("", "", args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
    let usage = String::from_utf8(scratch.run("", "", &[]).stderr).unwrap();
    assert!(usage.contains("sh export.sh [--csv] [--events] ORG [FOLDER]") && !usage.contains('#'), "{usage}");
}
