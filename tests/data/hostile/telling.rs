//! Permissions and rights that an export names and does not tell: none of them counts as a no.

use super::cases::{OPEN, PASS};
use super::{
    ASSIGNMENTS, Case, Files, MODIFY_ALL, OBJECTS, PLAIN, PROFILE, SET, USERS, assignment_row, export, hold, swap, xml,
};

pub(super) const FAIL: &[&str] = &["fail"];
const OFF: &str = "<hasActivationRequired>false</hasActivationRequired>";

fn set(body: &str) -> String {
    format!("{OFF}<label>Extra</label>{body}")
}

fn permission(body: &str) -> String {
    set(&format!("<userPermissions>{body}</userPermissions>"))
}

/// Object rights of a set with one element replaced.
fn rights(from: &str, to: &str) -> String {
    let names = ["allowCreate", "allowDelete", "allowEdit", "allowRead", "modifyAllRecords", "viewAllRecords"];
    let rights: String = names.iter().map(|name| format!("<{name}>false</{name}>")).collect();
    let whole = format!("<objectPermissions>{rights}<object>Order__c</object></objectPermissions>");
    assert!(whole.contains(from), "{from}");
    set(&whole.replace(from, to))
}

/// A group whose member holds Modify All Data, less a muting set.
fn muted(files: &mut Files, muting: &str) {
    let folder = "main/default";
    let body = "<label>G</label><permissionSets>Strong</permissionSets><mutingPermissionSets>Mute</mutingPermissionSets><status>Updated</status>";
    let parts = [
        ("permissionsetgroups/G.permissionsetgroup-meta.xml", xml("PermissionSetGroup", &format!("{OFF}{body}"))),
        ("permissionsets/Strong.permissionset-meta.xml", xml("PermissionSet", MODIFY_ALL)),
        ("mutingpermissionsets/Mute.mutingpermissionset-meta.xml", xml("MutingPermissionSet", muting)),
    ];
    files.extend(parts.map(|(path, text)| (format!("{folder}/{path}"), text.into_bytes())));
    let rest = PLAIN.replace(
        "\"PermissionSetGroup\":null",
        "\"PermissionSetGroup\":{\"DeveloperName\":\"G\",\"NamespacePrefix\":null}",
    );
    let row = assignment_row(3, "0PSxx0000000009AAA", "G", false, &rest);
    swap(files, ASSIGNMENTS, "],\"totalSize\":2", &format!(",{row}],\"totalSize\":3"));
}

const MUTES: &str =
    "<label>M</label><userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";

/// The set of the user as a record with every permission column, one of them changed.
pub(super) fn as_record(files: &mut Files, from: &str, to: &str) {
    files.remove(SET);
    let names = include_str!("../../../src/ingest/records/permission_names.txt").lines();
    let columns: Vec<String> = names.map(|name| format!("\"Permissions{name}\":false")).collect();
    let lead = "\"attributes\":{\"type\":\"PermissionSet\"},\"Id\":\"0PSxx0000000002AAA\",\"Name\":\"Sync_Minimal\",\"NamespacePrefix\":null,\"IsOwnedByProfile\":false,\"HasActivationRequired\":false";
    let row = format!("{{{lead},{}}}", columns.join(","));
    assert!(row.contains(from), "{from}");
    let text = export(&[row.replace(from, to)]);
    files.insert("exports/PermissionSet.json".to_owned(), text.into_bytes());
}

/// The set of the user as a record that tells everything and has a Metadata field besides.
fn metadata(files: &mut Files, field: &str) {
    as_record(files, "\"HasActivationRequired\"", &format!("\"Metadata\":{{{field}}},\"HasActivationRequired\""));
}

const METADATA_RIGHTS: &str = "\"objectPermissions\":[{\"allowCreate\":false,\"allowDelete\":false,\"allowEdit\":false,\"allowRead\":true,\"modifyAllRecords\":false,\"object\":\"Order__c\",\"viewAllRecords\":false}]";

/// Every change with its right answers.
pub(crate) const TELLING: &[Case] = &[
    // ---- cells
    Case { name: "a set as a record that tells everything", edit: |f| as_record(f, "{", "{"), expect: PASS },
    Case {
        name: "a permission cell that is null",
        edit: |f| as_record(f, "\"PermissionsModifyAllData\":false", "\"PermissionsModifyAllData\":null"),
        expect: OPEN,
    },
    Case {
        name: "a permission cell that is empty, of a permission that nobody graded",
        edit: |f| {
            as_record(f, "\"PermissionsApiEnabled\":false", "\"PermissionsApiEnabled\":false,\"PermissionsNew\":\"\"")
        },
        expect: OPEN,
    },
    Case {
        name: "a permission cell with a word",
        edit: |f| as_record(f, "\"PermissionsManageUsers\":false", "\"PermissionsManageUsers\":\"perhaps\""),
        expect: OPEN,
    },
    Case {
        name: "a permission cell in another language",
        edit: |f| as_record(f, "\"PermissionsModifyAllData\":false", "\"PermissionsModifyAllData\":\"VRAI\""),
        expect: FAIL,
    },
    Case {
        name: "a permission column that was not selected",
        edit: |f| as_record(f, "\"PermissionsViewAllData\":false,", ""),
        expect: OPEN,
    },
    Case {
        name: "a set that does not tell whether it needs activation",
        edit: |f| as_record(f, "\"HasActivationRequired\":false", "\"HasActivationRequired\":null"),
        expect: OPEN,
    },
    Case {
        name: "a row that tells nothing of one column, beside a file that tells all",
        edit: |f| {
            let file = f[SET].clone();
            as_record(f, "\"PermissionsModifyAllData\":false", "\"PermissionsModifyAllData\":null");
            f.insert(SET.into(), file);
        },
        expect: OPEN,
    },
    // ---- columns in other exports
    Case {
        name: "a permission in the export of assignments",
        edit: |f| {
            swap(
                f,
                ASSIGNMENTS,
                "\"IsOwnedByProfile\":false",
                "\"IsOwnedByProfile\":false,\"PermissionsModifyAllData\":true",
            )
        },
        expect: FAIL,
    },
    Case {
        name: "a permission in the export of assignments that is not told",
        edit: |f| {
            swap(
                f,
                ASSIGNMENTS,
                "\"IsOwnedByProfile\":false",
                "\"IsOwnedByProfile\":false,\"PermissionsModifyAllData\":null",
            )
        },
        expect: OPEN,
    },
    Case {
        name: "a permission of the profile's own set in the export of assignments",
        edit: |f| {
            swap(
                f,
                ASSIGNMENTS,
                "\"IsOwnedByProfile\":true",
                "\"IsOwnedByProfile\":true,\"PermissionsModifyAllData\":true",
            )
        },
        expect: FAIL,
    },
    Case {
        name: "a permission of the assignee's profile",
        edit: |f| {
            swap(
                f,
                ASSIGNMENTS,
                "\"AssigneeId\":",
                "\"Assignee\":{\"ProfileId\":\"00exx0000000001AAA\",\"Profile\":{\"PermissionsModifyAllData\":true}},\"AssigneeId\":",
            )
        },
        expect: FAIL,
    },
    Case {
        name: "a permission of the profile in the export of users",
        edit: |f| swap(f, USERS, "\"Profile\":{", "\"Profile\":{\"PermissionsViewAllData\":true,"),
        expect: FAIL,
    },
    Case {
        name: "a permission of the profile in the export of users that is not told",
        edit: |f| swap(f, USERS, "\"Profile\":{", "\"Profile\":{\"PermissionsViewAllData\":\"?\","),
        expect: OPEN,
    },
    Case {
        name: "a permission in the export of object rights",
        edit: |f| swap(f, OBJECTS, "\"Parent\":{", "\"Parent\":{\"PermissionsAuthorApex\":true,"),
        expect: FAIL,
    },
    Case {
        name: "a permission in a sub-query for assignments",
        edit: |f| {
            swap(
                f,
                USERS,
                "\"IsActive\":true",
                "\"IsActive\":true,\"PermissionSetAssignments\":{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"0Paxx0000000002AAA\",\"PermissionSetId\":\"0PSxx0000000002AAA\",\"PermissionSet\":{\"PermissionsModifyAllData\":true}}]}",
            )
        },
        expect: FAIL,
    },
    Case {
        name: "a permission in the export of assignments that is off",
        edit: |f| {
            for owned in ["true", "false"] {
                let from = format!("\"IsOwnedByProfile\":{owned}");
                swap(f, ASSIGNMENTS, &from, &format!("{from},\"PermissionsModifyAllData\":\"FAUX\""));
            }
        },
        expect: PASS,
    },
    Case {
        name: "a permission in the export of assignments with a word",
        edit: |f| {
            swap(
                f,
                ASSIGNMENTS,
                "\"IsOwnedByProfile\":false",
                "\"IsOwnedByProfile\":false,\"PermissionsModifyAllData\":\"NEIN?\"",
            )
        },
        expect: OPEN,
    },
    // ---- the Metadata field of the Tooling API
    Case {
        name: "an entry of the Metadata field without a value",
        edit: |f| metadata(f, "\"userPermissions\":[{\"enabled\":null,\"name\":\"ModifyAllData\"}]"),
        expect: OPEN,
    },
    Case {
        name: "an entry of the Metadata field with a word",
        edit: |f| metadata(f, "\"userPermissions\":[{\"enabled\":\"perhaps\",\"name\":\"ModifyAllData\"}]"),
        expect: OPEN,
    },
    Case {
        name: "an entry of the Metadata field without its name",
        edit: |f| metadata(f, "\"userPermissions\":[{\"enabled\":true}]"),
        expect: OPEN,
    },
    Case {
        name: "an entry of the Metadata field in another language",
        edit: |f| metadata(f, "\"userPermissions\":[{\"enabled\":\"SANT\",\"name\":\"ModifyAllData\"}]"),
        expect: FAIL,
    },
    Case {
        name: "rights of the Metadata field, one of which is missing",
        edit: |f| metadata(f, &METADATA_RIGHTS.replace("\"modifyAllRecords\":false,", "")),
        expect: OPEN,
    },
    Case { name: "rights of the Metadata field, all told", edit: |f| metadata(f, METADATA_RIGHTS), expect: PASS },
    // ---- object rights
    Case {
        name: "object rights without their object",
        edit: |f| swap(f, OBJECTS, "\"SobjectType\":\"Order__c\"", "\"SobjectType\":null"),
        expect: OPEN,
    },
    Case {
        name: "Modify All on an object that is not told",
        edit: |f| {
            swap(f, OBJECTS, "\"SobjectType\":\"Order__c\",", "");
            swap(f, OBJECTS, "\"PermissionsModifyAllRecords\":false", "\"PermissionsModifyAllRecords\":true");
        },
        expect: FAIL,
    },
    Case {
        name: "an object right in another language",
        edit: |f| swap(f, OBJECTS, "\"PermissionsViewAllRecords\":false", "\"PermissionsViewAllRecords\":\"prawda\""),
        expect: FAIL,
    },
    Case {
        name: "rights without Modify All, not selected",
        edit: |f| swap(f, OBJECTS, "\"PermissionsModifyAllRecords\":false,", ""),
        expect: OPEN,
    },
    Case {
        name: "rights without View All Fields, not selected",
        edit: |f| swap(f, OBJECTS, ",\"PermissionsViewAllFields\":false", ""),
        expect: OPEN,
    },
    Case {
        name: "a right that is null",
        edit: |f| swap(f, OBJECTS, "\"PermissionsEdit\":false", "\"PermissionsEdit\":null"),
        expect: OPEN,
    },
    // ---- blocks
    Case {
        name: "a permission that is off and on in one block",
        edit: |f| {
            hold(f, &permission("<enabled>false</enabled><enabled>true</enabled><name>ModifyAllData</name>"), PLAIN)
        },
        expect: OPEN,
    },
    Case {
        name: "a permission block of two permissions",
        edit: |f| {
            hold(f, &permission("<enabled>true</enabled><name>ApiEnabled</name><name>ModifyAllData</name>"), PLAIN)
        },
        expect: OPEN,
    },
    Case {
        name: "a permission without a value",
        edit: |f| hold(f, &permission("<name>ModifyAllData</name>"), PLAIN),
        expect: OPEN,
    },
    Case {
        name: "a permission with an empty value",
        edit: |f| hold(f, &permission("<enabled/><name>ModifyAllData</name>"), PLAIN),
        expect: OPEN,
    },
    Case {
        name: "a value without its permission",
        edit: |f| hold(f, &permission("<enabled>true</enabled>"), PLAIN),
        expect: OPEN,
    },
    Case {
        name: "a right that stands twice",
        edit: |f| {
            let twice = "<modifyAllRecords>false</modifyAllRecords><modifyAllRecords>true</modifyAllRecords>";
            hold(f, &rights("<modifyAllRecords>false</modifyAllRecords>", twice), PLAIN);
        },
        expect: OPEN,
    },
    Case {
        name: "a right that is missing in its block",
        edit: |f| hold(f, &rights("<viewAllRecords>false</viewAllRecords>", ""), PLAIN),
        expect: OPEN,
    },
    Case {
        name: "rights of a block without its object",
        edit: |f| hold(f, &rights("<object>Order__c</object>", ""), PLAIN),
        expect: OPEN,
    },
    Case {
        name: "View All Fields, which older versions do not write, with a word",
        edit: |f| hold(f, &rights("<object>", "<viewAllFields>maybe</viewAllFields><object>"), PLAIN),
        expect: OPEN,
    },
    Case {
        name: "two blocks of one object that say different things, none of them much",
        edit: |f| {
            let one = rights("", "");
            let block = &one[one.find("<objectPermissions>").unwrap()..];
            let other = block.replace("<allowRead>false", "<allowRead>true");
            hold(f, &format!("{one}{other}"), PLAIN);
        },
        expect: OPEN,
    },
    Case {
        name: "a profile of which no file lists an enabled permission",
        edit: |f| {
            let api = "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>";
            let only = api.replace("ApiEnabled", "ApiUserOnly");
            swap(f, PROFILE, api, "");
            swap(f, PROFILE, &only, "");
            hold(f, &set(&format!("{api}{only}")), PLAIN);
        },
        expect: OPEN,
    },
    Case {
        name: "API Only User through a set that does not tell whether it needs activation",
        edit: |f| {
            let only = "<userPermissions><enabled>true</enabled><name>ApiUserOnly</name></userPermissions>";
            swap(f, PROFILE, only, "");
            hold(f, &format!("<label>Extra</label>{only}"), PLAIN);
        },
        expect: OPEN,
    },
    Case {
        name: "API Only User through a set that needs none",
        edit: |f| {
            let only = "<userPermissions><enabled>true</enabled><name>ApiUserOnly</name></userPermissions>";
            swap(f, PROFILE, only, "");
            hold(f, &set(only), PLAIN);
        },
        expect: PASS,
    },
    // ---- muting
    Case { name: "a group less its muting set", edit: |f| muted(f, MUTES), expect: PASS },
    Case {
        name: "a muting set that is off and on",
        edit: |f| muted(f, &MUTES.replace("<enabled>", "<enabled>false</enabled><enabled>")),
        expect: FAIL,
    },
    Case { name: "a muting set with a word", edit: |f| muted(f, &MUTES.replace("true", "perhaps")), expect: FAIL },
    Case { name: "a muting set that cannot be read", edit: |f| muted(f, "<label>M</label><unclosed>"), expect: FAIL },
    Case {
        name: "a group with a member that has no name",
        edit: |f| {
            muted(f, MUTES);
            let group = "main/default/permissionsetgroups/G.permissionsetgroup-meta.xml";
            swap(f, group, "<status>", "<permissionSets></permissionSets><status>");
        },
        expect: OPEN,
    },
];
