//! Faults planted into orgs that pass.

use super::Org;
use super::fixtures::*;
use crate::spoiled::hostile::{
    ASSIGNMENTS, FLAG, Files, GLOBAL, MODIFY_ALL, OBJECTS, PLAIN, POLICY, PROFILE, RANGE, SET, SWITCHES, USERS,
    assignment_row, expiring, hardened, hold, object_row, swap, xml,
};

/// A fault put into an org that passes.
pub(super) struct Plant {
    pub name: &'static str,
    pub into: fn() -> Files,
    pub edit: fn(&mut Files),
    /// Declared numbers of rows, for exports that carry none.
    pub declared: &'static str,
}

impl Plant {
    /// The numbers of rows before the fault was planted.
    pub(super) fn before(&self) -> &'static str {
        if self.declared.is_empty() { "" } else { DECLARED }
    }

    pub(super) fn org(&self) -> Org {
        let mut org = Fixture { name: self.name, make: self.into, declared: self.declared }.org();
        (self.edit)(&mut org.files);
        org
    }
}

const fn plant(name: &'static str, into: fn() -> Files, edit: fn(&mut Files)) -> Plant {
    Plant { name, into, edit, declared: "" }
}

fn add_row(files: &mut Files, path: &str, row: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    let (rows, tail) = text.split_once("],\"totalSize\":").unwrap();
    let (total, end) = tail.split_once(',').unwrap();
    let total = total.parse::<usize>().unwrap() + 1;
    put(files, path, format!("{rows},{row}],\"totalSize\":{total},{end}"));
}

fn powerful(row: &str, right: &str) -> String {
    row.replace(&format!("\"{right}\":false"), &format!("\"{right}\":true"))
}

const WIDE: &str =
    "<loginIpRanges><endAddress>13.111.255.255</endAddress><startAddress>13.108.0.0</startAddress></loginIpRanges>";

pub(super) const PLANTS: &[Plant] = &[
    plant("Modify All Data in a set", hardened, |f| hold(f, MODIFY_ALL, PLAIN)),
    plant("Modify All Data until tomorrow", hardened, |f| hold(f, MODIFY_ALL, &expiring("2026-11-25"))),
    plant("Modify All Data in a set with activation", hardened, |f| {
        hold(f, &MODIFY_ALL.replace("false", "true"), PLAIN);
    }),
    plant("Modify All Data in the profile", hardened, |f| {
        swap(f, PROFILE, "<userLicense>", &format!("{}<userLicense>", permission("ModifyAllData")));
    }),
    plant("a moderate permission", hardened, |f| {
        hold(f, &MODIFY_ALL.replace("ModifyAllData", "ViewAllUsers"), PLAIN);
    }),
    plant("a permission that nobody graded", hardened, |f| {
        hold(f, &MODIFY_ALL.replace("ModifyAllData", "FoldSpaceAndTime"), PLAIN);
    }),
    plant("all records of an object in a file", hardened, |f| {
        swap(f, SET, "<modifyAllRecords>false", "<modifyAllRecords>true");
    }),
    plant("all records of an object in a row", hardened, |f| {
        add_row(f, OBJECTS, &powerful(&object_row(2, "Ledger__c"), "PermissionsModifyAllRecords"));
    }),
    plant("all fields of an object in a row", hardened, |f| {
        add_row(f, OBJECTS, &powerful(&object_row(2, "Ledger__c"), "PermissionsViewAllFields"));
    }),
    plant("all records of an object in the profile's own set", hardened, |f| {
        let row = object_row(2, "Ledger__c").replace("0PSxx0000000002AAA", "0PSxx0000000001AAA");
        let row = row.replace("{\"Name\":\"Sync_Minimal\"}", "{\"Name\":\"X00exx000000001\"}");
        add_row(f, OBJECTS, &powerful(&row, "PermissionsViewAllRecords"));
    }),
    plant("a set that is not in the snapshot", hardened, |f| {
        add_row(f, ASSIGNMENTS, &assignment_row(3, "0PSxx0000000009AAA", "Elsewhere", false, PLAIN));
    }),
    plant("a packaged set that is not in the snapshot", hardened, |f| {
        let row = assignment_row(3, "0PSxx0000000009AAA", "Sync_Minimal", false, PLAIN);
        add_row(f, ASSIGNMENTS, &row.replace("\"NamespacePrefix\":null", "\"NamespacePrefix\":\"gale\""));
    }),
    plant("Modify All Data in a set by its record", set_by_record, |f| {
        swap(f, SETS, "\"PermissionsModifyAllData\":false", "\"PermissionsModifyAllData\":true");
    }),
    plant("a group without its muting set", group_by_files, |f| {
        swap(f, GROUP, "<mutingPermissionSets>Sync_Muted</mutingPermissionSets>", "");
    }),
    plant("a muting set that does not mute it", group_by_files, |f| {
        swap(f, MUTING, "<enabled>true", "<enabled>false");
    }),
    plant("a second muting set that does not mute it", group_by_files, |f| {
        let weak = String::from_utf8(f[MUTING].clone()).unwrap().replace("ModifyAllData", "ViewSetup");
        put(f, &MUTING.replace("main/", "extra/"), weak);
    }),
    plant("a group that is not current", group_by_files, |f| swap(f, GROUP, "Updated", "Outdated")),
    plant("a member that is missing", group_by_files, |f| {
        swap(f, GROUP, "<permissionSets>", "<permissionSets>Elsewhere</permissionSets><permissionSets>");
    }),
    plant("a member by records that is missing", group_by_records, |f| {
        let row = "{\"attributes\":{\"type\":\"PermissionSetGroupComponent\"},\"Id\":\"0PHxx0000000003AAA\",\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetId\":\"0PSxx0000000009AAA\",\"PermissionSet\":{\"Name\":\"Elsewhere\",\"NamespacePrefix\":null}}";
        add_row(f, COMPONENTS, row);
    }),
    plant("a member by records that is powerful", group_by_records, |f| {
        let path = "main/default/permissionsets/Extra.permissionset-meta.xml";
        put(f, path, xml("PermissionSet", &MODIFY_ALL.replace("ModifyAllData", "ManageUsers")));
        let row = "{\"attributes\":{\"type\":\"PermissionSetGroupComponent\"},\"Id\":\"0PHxx0000000003AAA\",\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetId\":\"0PSxx0000000007AAA\",\"PermissionSet\":{\"Name\":\"Extra\",\"NamespacePrefix\":null}}";
        add_row(f, COMPONENTS, row);
    }),
    plant("a group by records that is not current", group_by_records, |f| swap(f, GROUPS, "Updated", "Outdated")),
    plant("a wide range beside the narrow one", hardened, |f| swap(f, PROFILE, RANGE, &format!("{RANGE}\n{WIDE}"))),
    plant("no ranges", hardened, |f| swap(f, PROFILE, RANGE, "")),
    plant("ranges that another copy does not have", two_directories, |f| {
        swap(f, &PROFILE.replace("main/", "extra/"), "203.0.113.15", "203.0.255.255");
    }),
    plant("Bypass", hardened, |f| swap(f, POLICY, ">Enforce<", ">Bypass<")),
    plant("Bypass by its record", policies_by_records, |f| swap(f, POLICIES, "\"Enforce\"", "\"Bypass\"")),
    plant("a second policy that is on", off_by_policy, |f| {
        let off = String::from_utf8(f.remove(POLICY).unwrap()).unwrap();
        put(f, &POLICY.replace("main/", "extra/one/"), off.replace("Enabled>false<", "Enabled>true<"));
        put(f, &POLICY.replace("main/", "extra/two/"), off);
    }),
    plant("the flow is on", off_by_policy, |f| {
        swap(f, POLICY, &FLAG.replace("true", "false"), FLAG);
        swap(f, POLICY, ">Enforce<", ">Bypass<");
    }),
    plant("the app is enabled", disabled, |f| swap(f, SWITCHES, "<isEnabled>false", "<isEnabled>true")),
    plant("the user is active", inactive, |f| swap(f, USERS, "\"IsActive\":false", "\"IsActive\":true")),
    plant("the user is active in a second row", inactive, |f| {
        let text = String::from_utf8(f[USERS].clone()).unwrap();
        let row = text[text.find('[').unwrap() + 1..text.rfind(']').unwrap()].to_owned();
        add_row(f, USERS, &row.replace("\"IsActive\":false", "\"IsActive\":true"));
    }),
    plant("a person's login", with_history, |f| {
        add_row(f, HISTORY, &login(3, 1, "Application", "Ui", "Browser"));
    }),
    plant("a person's login by its type alone", with_history, |f| {
        add_row(f, HISTORY, &login(3, 1, "Application", "Ui", "N/A"));
    }),
    plant("a login from elsewhere", with_history, |f| {
        let row = login(3, 1, "Remote Access 2.0", "OauthClientCredentials", "Sync");
        add_row(f, HISTORY, &row.replace("203.0.113.4", "198.51.100.7"));
    }),
    plant("a broad scope", identity_scopes, |f| swap(f, OAUTH, "Basic, OpenID", "Basic, Full")),
    plant("a secret", hardened, |f| {
        swap(f, GLOBAL, FLAG, &format!("<consumerSecret>SAMPLE-SECRET-DO-NOT-USE</consumerSecret>{FLAG}"));
    }),
    plant("Modify All Data in the profile by its record", profile_by_record, |f| {
        swap(f, PROFILES, "\"PermissionsModifyAllData\":false", "\"PermissionsModifyAllData\":true");
    }),
    plant("an app by its row", no_app, |f| {
        let row = "\"Id\":\"0xIxx0000000001AAA\",\"DeveloperName\":\"Sync\",\"MasterLabel\":\"Sync\",\"NamespacePrefix\":null,\"DistributionState\":\"Local\"";
        put(f, APPS, crate::spoiled::hostile::export(&[of_type("ExternalClientApplication", row)]));
    }),
    plant("an app by its file", no_app_by_manifest, |f| {
        put(f, "externalClientApps/Sync.eca", xml("ExternalClientApplication", "<label>Sync</label>"));
    }),
    plant("a call from elsewhere", with_calls, |f| swap(f, CALLS, "203.0.113.4", "198.51.100.7")),
    plant("another app with the same certificate", certificate_instead, |f| {
        let other = String::from_utf8(f[GLOBAL].clone()).unwrap().replace(">Sync<", ">Other<");
        put(f, "main/default/Other_glbloauth.ecaGlblOauth-meta.xml", other);
        put(f, "main/default/Other.eca-meta.xml", xml("ExternalClientApplication", "<label>Other</label>"));
        let policy = String::from_utf8(f[POLICY].clone()).unwrap().replace(">Sync<", ">Other<");
        put(f, "main/default/Other_oauthPlcy.ecaOauthPlcy-meta.xml", policy);
    }),
    plant("not API only", hardened, |f| swap(f, PROFILE, "ApiUserOnly", "ChatterInternalUser")),
    plant("API only on activation", hardened, |f| {
        swap(f, PROFILE, &permission("ApiUserOnly"), "");
        hold(f, &MODIFY_ALL.replace("ModifyAllData", "ApiUserOnly").replace("false", "true"), PLAIN);
    }),
    Plant {
        name: "all records of an object in a line",
        into: delimited_exports,
        edit: |f| {
            let path = "exports/ObjectPermissions.csv";
            let mut text = String::from_utf8(f[path].clone()).unwrap();
            text.push_str("\"110xx0000000003AAA\",\"0PSxx0000000002AAA\",\"Sync_Minimal\",\"\",\"Ledger__c\",\"true\",\"true\",\"true\",\"true\",\"true\",\"true\",\"false\"\n");
            put(f, path, text);
        },
        declared: "expected = { User = 2, PermissionSetAssignment = 3, ObjectPermissions = 3, LoginHistory = 2 }",
    },
    Plant {
        name: "Modify All Data assigned in a line",
        into: delimited_exports,
        edit: |f| {
            let path = "exports/PermissionSetAssignment.csv";
            let mut text = String::from_utf8(f[path].clone()).unwrap();
            text.push_str("\"0Paxx0000000004AAA\",\"005xx0000000001AAA\",\"0PSxx0000000003AAA\",\"Extra\",\"\",\"false\",\"\",\"\"\n");
            put(f, path, text);
            put(f, "main/default/permissionsets/Extra.permissionset-meta.xml", xml("PermissionSet", MODIFY_ALL));
        },
        declared: "expected = { User = 2, PermissionSetAssignment = 4, ObjectPermissions = 2, LoginHistory = 2 }",
    },
    Plant {
        name: "a person's login in a line",
        into: delimited_exports,
        edit: |f| {
            let path = "exports/LoginHistory.csv";
            let mut text = String::from_utf8(f[path].clone()).unwrap();
            text.push_str("\"0Yaxx0000000003AAA\",\"005xx0000000001AAA\",\"2026-11-21T11:00:00.000Z\",\"Application\",\"Ui\",\"Browser\",\"203.0.113.5\",\"Success\"\n");
            put(f, path, text);
        },
        declared: "expected = { User = 2, PermissionSetAssignment = 3, ObjectPermissions = 2, LoginHistory = 3 }",
    },
];
