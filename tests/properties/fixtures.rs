//! Orgs that pass, each with its evidence in another form.

use super::Org;
use super::places::delimited;
use crate::spoiled::hostile::{
    ASSIGNMENTS, FLAG, Files, GLOBAL, OBJECTS, PLAIN, POLICY, PROFILE, RANGE, SET, SWITCHES, USERS, assignment_row,
    export, hardened, swap, xml,
};
use shr::engagement::Engagement;

/// An org whose one app is judged safe, or one thing about it is.
pub(super) struct Fixture {
    pub name: &'static str,
    pub make: fn() -> Files,
    /// Declared numbers of rows, for exports that carry none.
    pub declared: &'static str,
}

impl Fixture {
    pub(super) fn org(&self) -> Org {
        let text = format!("[[org]]\nkey = \"acme\"\n{}", self.declared);
        let engagement = Engagement::parse(&text, "engagement.toml", &shr::controls::known()).unwrap();
        Org { key: "acme".to_owned(), files: (self.make)(), engagement }
    }
}

pub(super) const GROUP: &str = "main/default/permissionsetgroups/Sync_Group.permissionsetgroup-meta.xml";
pub(super) const MUTING: &str = "main/default/mutingpermissionsets/Sync_Muted.mutingpermissionset-meta.xml";
pub(super) const COMPONENTS: &str = "exports/PermissionSetGroupComponent.json";
pub(super) const GROUPS: &str = "exports/PermissionSetGroup.json";
pub(super) const SETS: &str = "exports/PermissionSet.json";
pub(super) const HISTORY: &str = "exports/LoginHistory.json";
pub(super) const APPS: &str = "exports/ExternalClientApplication.json";
pub(super) const POLICIES: &str = "exports/ExtlClntAppOauthPlcyCnfg.json";
pub(super) const SWITCH_ROWS: &str = "exports/ExtlClntAppPlcyCnfg.json";
pub(super) const SCOPE_ROWS: &str = "exports/ExtlClntAppOauthSettings.json";
pub(super) const OAUTH: &str = "main/default/Sync_oauth.ecaOauth-meta.xml";
pub(super) const PROFILES: &str = "exports/Profile.json";
pub(super) const CALLS: &str = "exports/ApiTotalUsage.csv";
pub(super) const ECA: &str = "main/default/Sync.eca-meta.xml";

pub(super) const DECLARED: &str =
    "expected = { User = 2, PermissionSetAssignment = 3, ObjectPermissions = 2, LoginHistory = 2 }";

pub(super) const PASSING: &[Fixture] = &[
    Fixture { name: "files and counted exports", make: hardened, declared: "" },
    Fixture { name: "a permission set by its record", make: set_by_record, declared: "" },
    Fixture { name: "a group by files", make: group_by_files, declared: "" },
    Fixture { name: "a group by records", make: group_by_records, declared: "" },
    Fixture { name: "policies by records", make: policies_by_records, declared: "" },
    Fixture { name: "delimited exports", make: delimited_exports, declared: DECLARED },
    Fixture { name: "a login history", make: with_history, declared: "" },
    Fixture { name: "identity scopes", make: identity_scopes, declared: "" },
    Fixture { name: "off by the policy", make: off_by_policy, declared: "" },
    Fixture { name: "off by the setting", make: off_by_setting, declared: "" },
    Fixture { name: "disabled", make: disabled, declared: "" },
    Fixture { name: "inactive user", make: inactive, declared: "" },
    Fixture { name: "two packages", make: two_directories, declared: "" },
    Fixture { name: "a profile by its record", make: profile_by_record, declared: "" },
    Fixture { name: "a certificate instead", make: certificate_instead, declared: "" },
    Fixture { name: "no app by its export", make: no_app, declared: "" },
    Fixture { name: "no app by a manifest", make: no_app_by_manifest, declared: "" },
    Fixture { name: "calls in a log", make: with_calls, declared: "" },
];

pub(super) fn put(files: &mut Files, path: &str, text: String) {
    files.insert(path.to_owned(), text.into_bytes());
}

pub(super) fn of_type(object: &str, members: &str) -> String {
    format!("{{\"attributes\":{{\"type\":\"{object}\"}},{members}}}")
}

pub(super) fn permission(name: &str) -> String {
    format!("<userPermissions><enabled>true</enabled><name>{name}</name></userPermissions>")
}

pub(super) fn set_by_record() -> Files {
    let mut files = hardened();
    files.remove(SET);
    let columns = super::CONTROL.permissions.keys().map(|name| format!("\"Permissions{name}\":false"));
    let columns = columns.collect::<Vec<_>>().join(",");
    let row = of_type(
        "PermissionSet",
        &format!(
            "\"Id\":\"0PSxx0000000002AAA\",\"Name\":\"Sync_Minimal\",\"Label\":\"Sync\",\"NamespacePrefix\":null,\"IsOwnedByProfile\":false,\"Type\":\"Regular\",\"HasActivationRequired\":false,{columns}"
        ),
    );
    put(&mut files, SETS, export(&[row]));
    files
}

const IN_GROUP: &str = "\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetGroup\":{\"DeveloperName\":\"Sync_Group\",\"NamespacePrefix\":null},\"ExpirationDate\":null";

/// The set reaches the user through a group, which mutes what would be too much of it.
pub(super) fn group_by_files() -> Files {
    let mut files = hardened();
    let assigned = [
        assignment_row(1, "0PSxx0000000001AAA", "X00exx000000001", true, PLAIN),
        assignment_row(2, "0PSxx0000000003AAA", "Sync_Group", false, IN_GROUP),
    ];
    put(&mut files, ASSIGNMENTS, export(&assigned));
    // No assignment tells the set's id any more, so its name alone has to.
    swap(&mut files, OBJECTS, "{\"Name\":\"Sync_Minimal\"}", "{\"Name\":\"Sync_Minimal\",\"NamespacePrefix\":null}");
    swap(&mut files, SET, "<label>Sync</label>", &format!("<label>Sync</label>\n{}", permission("ModifyAllData")));
    let group = "<label>Sync</label><hasActivationRequired>false</hasActivationRequired>\n<mutingPermissionSets>Sync_Muted</mutingPermissionSets>\n<permissionSets>Sync_Minimal</permissionSets>\n<status>Updated</status>";
    put(&mut files, GROUP, xml("PermissionSetGroup", group));
    put(&mut files, MUTING, xml("MutingPermissionSet", &format!("<label>Sync</label>{}", permission("ModifyAllData"))));
    files
}

pub(super) fn group_by_records() -> Files {
    let mut files = group_by_files();
    files.remove(GROUP);
    let group = of_type(
        "PermissionSetGroup",
        "\"Id\":\"0PGxx0000000001AAA\",\"DeveloperName\":\"Sync_Group\",\"NamespacePrefix\":null,\"MasterLabel\":\"Sync\",\"Status\":\"Updated\",\"HasActivationRequired\":false",
    );
    put(&mut files, GROUPS, export(&[group]));
    let component = |n: usize, id: &str, name: &str| {
        of_type(
            "PermissionSetGroupComponent",
            &format!(
                "\"Id\":\"0PHxx{n:010}AAA\",\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetId\":\"{id}\",\"PermissionSet\":{{\"Name\":\"{name}\",\"NamespacePrefix\":null}}"
            ),
        )
    };
    let rows = [component(1, "0PSxx0000000002AAA", "Sync_Minimal"), component(2, "0QMxx0000000001AAA", "Sync_Muted")];
    put(&mut files, COMPONENTS, export(&rows));
    files
}

pub(super) fn policies_by_records() -> Files {
    let mut files = hardened();
    for path in [POLICY, SWITCHES, OAUTH, ECA, GLOBAL] {
        files.remove(path);
    }
    let app = "\"ExternalClientApplicationId\":\"0xIxx0000000001AAA\",\"ExternalClientApplication\":{\"DeveloperName\":\"Sync\",\"NamespacePrefix\":null}";
    let rows = [
        (APPS, "ExternalClientApplication", "\"Id\":\"0xIxx0000000001AAA\",\"DeveloperName\":\"Sync\",\"MasterLabel\":\"Sync\",\"NamespacePrefix\":null,\"DistributionState\":\"Local\"".to_owned()),
        (POLICIES, "ExtlClntAppOauthPlcyCnfg", format!("\"Id\":\"0xJxx0000000001AAA\",{app},\"IsClientCredentialsFlowEnabled\":true,\"ClientCredentialsFlowUser\":\"svc.sync@acme.example.com\",\"IpRelaxationPolicyType\":\"Enforce\",\"PermittedUsersPolicyType\":\"AdminApprovedPreAuthorized\"")),
        (SWITCH_ROWS, "ExtlClntAppPlcyCnfg", format!("\"Id\":\"0xKxx0000000001AAA\",{app},\"IsEnabled\":true,\"OauthPluginStatus\":\"Enabled\"")),
        (SCOPE_ROWS, "ExtlClntAppOauthSettings", format!("\"Id\":\"0xLxx0000000001AAA\",{app},\"OauthScopesAPI\":true,\"OauthScopesFULL\":false")),
    ];
    for (path, object, members) in rows {
        put(&mut files, path, export(&[of_type(object, &members)]));
    }
    files
}

/// A table as a CSV export writes it.
fn table(files: &mut Files, path: &str, header: &str, rows: &[&str]) {
    let line = |text: &&str| text.split('|').map(str::to_owned).collect::<Vec<String>>();
    let lines: Vec<Vec<String>> = std::iter::once(&header).chain(rows).map(line).collect();
    put(files, path, delimited(&lines));
}

pub(super) fn delimited_exports() -> Files {
    let mut files = hardened();
    for path in [USERS, ASSIGNMENTS, OBJECTS] {
        files.remove(path);
    }
    table(
        &mut files,
        "exports/User.csv",
        "Id|Username|Name|IsActive|UserType|ProfileId|Profile.Name",
        &[
            "005xx0000000001AAA|svc.sync@acme.example.com|Sync|true|Standard|00exx0000000001AAA|Sync Robot",
            "005xx0000000002AAA|mira@acme.example.com|Mira|true|Standard|00exx0000000002AAA|Clerk",
        ],
    );
    table(
        &mut files,
        "exports/PermissionSetAssignment.csv",
        "Id|AssigneeId|PermissionSetId|PermissionSet.Name|PermissionSet.NamespacePrefix|PermissionSet.IsOwnedByProfile|PermissionSetGroupId|ExpirationDate",
        &[
            "0Paxx0000000001AAA|005xx0000000001AAA|0PSxx0000000001AAA|X00exx000000001||true||",
            "0Paxx0000000002AAA|005xx0000000001AAA|0PSxx0000000002AAA|Sync_Minimal||false||",
            "0Paxx0000000003AAA|005xx0000000002AAA|0PSxx0000000004AAA|X00exx000000002||true||",
        ],
    );
    table(
        &mut files,
        "exports/ObjectPermissions.csv",
        "Id|ParentId|Parent.Name|Parent.NamespacePrefix|SobjectType|PermissionsRead|PermissionsCreate|PermissionsEdit|PermissionsDelete|PermissionsViewAllRecords|PermissionsModifyAllRecords|PermissionsViewAllFields",
        &[
            "110xx0000000001AAA|0PSxx0000000002AAA|Sync_Minimal||Order__c|true|false|false|false|false|false|false",
            "110xx0000000002AAA|0PSxx0000000004AAA|X00exx000000002||Order__c|true|false|false|false|false|false|false",
        ],
    );
    table(
        &mut files,
        "exports/LoginHistory.csv",
        "Id|UserId|LoginTime|LoginType|LoginSubType|Application|SourceIp|Status",
        &[
            "0Yaxx0000000001AAA|005xx0000000001AAA|2026-11-20T10:00:00.000Z|Remote Access 2.0|OauthClientCredentials|Sync|203.0.113.4|Success",
            "0Yaxx0000000002AAA|005xx0000000002AAA|2026-11-20T11:00:00.000Z|Application|Ui|Browser|203.0.113.5|Success",
        ],
    );
    files
}

pub(super) fn login(n: usize, user: usize, kind: &str, sub: &str, application: &str) -> String {
    of_type(
        "LoginHistory",
        &format!(
            "\"Id\":\"0Yaxx{n:010}AAA\",\"UserId\":\"005xx{user:010}AAA\",\"LoginTime\":\"2026-11-2{n}T10:00:00.000+0000\",\"LoginType\":\"{kind}\",\"LoginSubType\":\"{sub}\",\"Application\":\"{application}\",\"SourceIp\":\"203.0.113.4\",\"Status\":\"Success\""
        ),
    )
}

pub(super) fn with_history() -> Files {
    let mut files = hardened();
    let rows = [
        login(1, 1, "Remote Access 2.0", "OauthClientCredentials", "Sync"),
        login(2, 2, "Application", "Ui", "Browser"),
    ];
    put(&mut files, HISTORY, export(&rows));
    files
}

pub(super) fn identity_scopes() -> Files {
    let mut files = hardened();
    swap(&mut files, OAUTH, ">Api<", ">Basic, OpenID<");
    files
}

pub(super) fn off_by_policy() -> Files {
    let mut files = hardened();
    swap(&mut files, POLICY, FLAG, &FLAG.replace("true", "false"));
    files
}

fn off_by_setting() -> Files {
    let mut files = hardened();
    swap(&mut files, GLOBAL, FLAG, &FLAG.replace("true", "false"));
    files.remove(POLICY);
    files
}

pub(super) fn disabled() -> Files {
    let mut files = hardened();
    swap(&mut files, PROFILE, RANGE, "");
    swap(&mut files, SWITCHES, "<isEnabled>true", "<isEnabled>false");
    files
}

pub(super) fn inactive() -> Files {
    let mut files = hardened();
    swap(&mut files, PROFILE, RANGE, "");
    swap(&mut files, USERS, "\"IsActive\":true", "\"IsActive\":false");
    files
}

/// The same profile and set in two package directories.
pub(super) fn two_directories() -> Files {
    let mut files = hardened();
    for path in [PROFILE, SET] {
        let copy = files[path].clone();
        files.insert(path.replace("main/", "extra/"), copy);
    }
    files
}

/// What the profile grants stands in a record as well, which also says that it is the user's.
pub(super) fn profile_by_record() -> Files {
    let mut files = hardened();
    let columns = super::CONTROL.permissions.keys().filter(|name| *name != "ApiEnabled" && *name != "ApiUserOnly");
    let columns: Vec<String> = columns.take(12).map(|name| format!("\"Permissions{name}\":false")).collect();
    let row = of_type(
        "Profile",
        &format!(
            "\"Id\":\"00exx0000000001AAA\",\"Name\":\"Sync Robot\",\"UserLicense\":{{\"Name\":\"Salesforce Integration\"}},\"PermissionsModifyAllData\":false,\"PermissionsApiUserOnly\":true,{}",
            columns.join(",")
        ),
    );
    put(&mut files, PROFILES, export(&[row]));
    files
}

/// A certificate of the samples, valid on the day.
fn certificate() -> String {
    let path = "force-app/main/default/extlClntAppGlobalOauthSets/Billing_Export_glbloauth.ecaGlblOauth-meta.xml";
    let text = std::fs::read_to_string(crate::samples::samples().join("halden-prod").join(path)).unwrap();
    let from = text.find("<certificate>").unwrap();
    text[from..text.find("</certificate>").unwrap()].to_owned() + "</certificate>"
}

pub(super) fn certificate_instead() -> Files {
    let mut files = off_by_policy();
    swap(&mut files, GLOBAL, FLAG, &format!("{}\n{FLAG}", certificate()));
    files
}

pub(super) fn no_app() -> Files {
    let mut files = Files::new();
    put(&mut files, "sfdx-project.json", "{\"packageDirectories\":[{\"path\":\"main\"}]}".to_owned());
    put(&mut files, APPS, export(&[]));
    files
}

/// A retrieval of everything that asked for all apps and brought none.
pub(super) fn no_app_by_manifest() -> Files {
    let mut files = Files::new();
    let types = "<types><members>*</members><name>ExternalClientApplication</name></types>\n<types><members>*</members><name>Profile</name></types>\n<version>64.0</version>";
    put(&mut files, "package.xml", xml("Package", types));
    let body =
        "<custom>false</custom>\n<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>";
    put(&mut files, "profiles/Clerk.profile", xml("Profile", body));
    files
}

pub(super) fn with_calls() -> Files {
    let mut files = hardened();
    table(
        &mut files,
        CALLS,
        "EVENT_TYPE|TIMESTAMP_DERIVED|CLIENT_IP|CONNECTED_APP_NAME|USER_NAME",
        &[
            "ApiTotalUsage|2026-11-20T10:00:00.000Z|203.0.113.4|Sync|svc.sync@acme.example.com",
            "ApiTotalUsage|2026-11-20T10:00:00.000Z|198.51.100.4|Other|mira@acme.example.com",
        ],
    );
    files
}
