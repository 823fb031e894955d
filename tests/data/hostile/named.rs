//! Names and ids: what a name alone does not tell never leaves a pass, and one thing under two spellings stays one.

use super::cases::{OPEN, PASS};
use super::{
    ASSIGNMENTS, Case, Files, OBJECTS, PLAIN, POLICY, PROFILE, SET, USERS, assignment_row, export, object_row, swap,
    xml,
};

const POWER: &str = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";

/// Adds a third assignment of a set.
fn assigned(files: &mut Files, set: &str, name: &str) {
    let row = assignment_row(3, set, name, false, PLAIN);
    swap(files, ASSIGNMENTS, "],\"totalSize\":2", &format!(",{row}],\"totalSize\":3"));
}

/// Takes a column out of an export.
fn without(files: &mut Files, path: &str, column: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    assert!(text.contains(column), "{path} lacks {column}");
    files.insert(path.to_owned(), text.replace(column, "").into_bytes());
}

const SPACE: &str = "\"NamespacePrefix\":null,";

/// The profile under another name in the User export, with a standard profile's file in the place of its own.
fn called(files: &mut Files, label: &str, file: &str) {
    let profile = files.remove(PROFILE).unwrap();
    files.insert(format!("main/default/profiles/{file}.profile-meta.xml"), profile);
    swap(files, USERS, "\"Name\":\"Sync Robot\"", &format!("\"Name\":\"{label}\""));
}

fn powerful(files: &mut Files, file: &str) {
    let path = format!("main/default/profiles/{file}.profile-meta.xml");
    swap(files, &path, "<custom>", &format!("{POWER}<custom>"));
}

/// A packaged set with the name of the user's own one, in a file.
fn packaged(files: &mut Files) {
    let body = format!("<hasActivationRequired>false</hasActivationRequired><label>P</label>{POWER}");
    files.insert("main/gale__Sync_Minimal.permissionset-meta.xml".into(), xml("PermissionSet", &body).into_bytes());
}

/// The assignments as the answer of a command, with these members beside the result.
fn wrapped(files: &mut Files, members: &str) {
    let rows = String::from_utf8(files[ASSIGNMENTS].clone()).unwrap();
    files.insert(ASSIGNMENTS.to_owned(), format!("{{{members},\"result\":{rows}}}").into_bytes());
}

/// Every change with its right answers.
pub(crate) const NAMED: &[Case] = &[
    Case {
        name: "a copy of the set whose name has another case and that grants more",
        edit: |f| {
            let copy = String::from_utf8(f[SET].clone()).unwrap().replace("<label>", &format!("{POWER}<label>"));
            f.insert("extra/sync_minimal.permissionset-meta.xml".into(), copy.into_bytes());
        },
        expect: &["fail"],
    },
    Case {
        name: "a copy of the profile without the meta of its ending",
        edit: |f| {
            let copy = String::from_utf8(f[PROFILE].clone()).unwrap().replace("<custom>", &format!("{POWER}<custom>"));
            f.insert("extra/Sync Robot.profile.xml".into(), copy.into_bytes());
        },
        expect: &["fail"],
    },
    Case {
        name: "assignments that name the set in another case",
        edit: |f| swap(f, ASSIGNMENTS, "\"Sync_Minimal\"", "\"SYNC_MINIMAL\""),
        expect: PASS,
    },
    Case {
        name: "the answer of a command that failed, with the rows that it had",
        edit: |f| wrapped(f, "\"status\":1"),
        expect: OPEN,
    },
    Case {
        name: "the answer of a command that warns of missing rows",
        edit: |f| {
            wrapped(f, "\"status\":0,\"warnings\":[\"The query result is missing 8 records due to a 2 record limit\"]")
        },
        expect: OPEN,
    },
    Case {
        name: "the answer of a command that warns of something else",
        edit: |f| wrapped(f, "\"status\":0,\"warnings\":[\"A newer version is available\"]"),
        expect: PASS,
    },
    Case {
        name: "assignments without the column of the namespace, one id under each name",
        edit: |f| without(f, ASSIGNMENTS, SPACE),
        expect: PASS,
    },
    Case {
        name: "two ids under one name without namespace",
        edit: |f| {
            assigned(f, "0PSxx0000000003AAA", "Sync_Minimal");
            without(f, ASSIGNMENTS, SPACE);
        },
        expect: OPEN,
    },
    Case {
        name: "two ids under one name that is told to have no namespace",
        edit: |f| assigned(f, "0PSxx0000000003AAA", "Sync_Minimal"),
        expect: OPEN,
    },
    Case {
        name: "a name without namespace, and a packaged set of that name in the files",
        edit: |f| {
            packaged(f);
            without(f, ASSIGNMENTS, SPACE);
        },
        expect: OPEN,
    },
    Case { name: "a packaged set of that name in the files, and the namespace is told", edit: packaged, expect: PASS },
    Case {
        name: "names without namespace and without ids",
        edit: |f| {
            without(f, ASSIGNMENTS, SPACE);
            without(f, ASSIGNMENTS, "\"PermissionSetId\":\"0PSxx0000000002AAA\",");
        },
        expect: OPEN,
    },
    Case {
        name: "a record tells by id that the set is the packaged one",
        edit: |f| {
            packaged(f);
            without(f, ASSIGNMENTS, SPACE);
            let rows = "Id,Name,NamespacePrefix,IsOwnedByProfile\n0PSxx0000000002AAA,Sync_Minimal,gale,false\n";
            drop(f.insert("exports/PermissionSet.csv".into(), rows.into()));
        },
        expect: &["fail"],
    },
    Case {
        name: "a list of components tells by id that the set is the packaged one",
        edit: |f| {
            packaged(f);
            without(f, ASSIGNMENTS, SPACE);
            let list = "{\"status\":0,\"result\":[{\"fullName\":\"gale__Sync_Minimal\",\"fileName\":\"permissionsets/gale__Sync_Minimal.permissionset\",\"type\":\"PermissionSet\",\"id\":\"0PSxx0000000002AAA\",\"namespacePrefix\":\"gale\",\"manageableState\":\"installed\"}]}";
            drop(f.insert("lists/PermissionSet.json".into(), list.into()));
        },
        expect: &["fail"],
    },
    Case {
        name: "an org with a namespace: records have it, files do not",
        edit: |f| {
            let project = "{\"packageDirectories\":[{\"path\":\"main\"}],\"namespace\":\"gale\"}";
            f.insert("sfdx-project.json".into(), project.into());
            swap(f, POLICY, ">Sync<", ">gale__Sync<");
            let text = String::from_utf8(f[ASSIGNMENTS].clone()).unwrap();
            let named = text
                .replace("\"Sync_Minimal\",\"NamespacePrefix\":null", "\"Sync_Minimal\",\"NamespacePrefix\":\"gale\"");
            assert_ne!(text, named);
            f.insert(ASSIGNMENTS.into(), named.into_bytes());
        },
        expect: PASS,
    },
    Case {
        name: "the administrator's profile in German",
        edit: |f| {
            called(f, "Systemadministrator", "Admin");
            powerful(f, "Admin");
        },
        expect: &["fail"],
    },
    Case {
        name: "the administrator's profile in Japanese",
        edit: |f| {
            called(f, "システム管理者", "Admin");
            powerful(f, "Admin");
        },
        expect: &["fail"],
    },
    Case {
        name: "a standard profile in a language that the table lacks",
        edit: |f| {
            called(f, "Ylläpitäjä", "Admin");
            powerful(f, "Admin");
        },
        expect: OPEN,
    },
    Case {
        name: "the same, and a list of components tells the profile by its id",
        edit: |f| {
            called(f, "Ylläpitäjä", "Admin");
            powerful(f, "Admin");
            let list = "{\"status\":0,\"result\":[{\"fullName\":\"Admin\",\"fileName\":\"profiles/Admin.profile\",\"type\":\"Profile\",\"id\":\"00exx0000000001AAA\"}]}";
            drop(f.insert("lists/Profile.json".into(), list.into()));
        },
        expect: &["fail"],
    },
    Case {
        name: "a profile of its own with the translated name of a standard one, and both are there",
        edit: |f| {
            called(f, "Systemadministrator", "Systemadministrator");
            let power = format!("<custom>false</custom>{POWER}");
            drop(f.insert("main/Admin.profile-meta.xml".into(), xml("Profile", &power).into_bytes()));
        },
        expect: OPEN,
    },
    Case {
        name: "a name in Setup that two profiles have",
        edit: |f| {
            called(f, "Authenticated Website", "Authenticated Website");
            without(f, USERS, "\"ProfileId\":\"00exx0000000001AAA\",");
        },
        expect: OPEN,
    },
    Case {
        name: "a name in Setup that two profiles have, and another id has the other API name",
        edit: |f| {
            called(f, "Authenticated Website", "Authenticated Website");
            let rows = "Id,Name\n00exx0000000001AAA,Authenticated Website\n00exx0000000008AAA,PlatformPortal\n";
            f.insert("exports/Profile.csv".into(), rows.into());
            let power = format!("<custom>false</custom>{POWER}");
            drop(f.insert("main/PlatformPortal.profile-meta.xml".into(), xml("Profile", &power).into_bytes()));
        },
        expect: PASS,
    },
    Case {
        name: "rights of a set that nothing shows",
        edit: |f| {
            let row = object_row(2, "Case")
                .replace("0PSxx0000000002AAA\",\"Parent\":{\"Name\":\"Sync_Minimal\"}", "0PSxx0000000077AAA\"");
            drop(f.insert(OBJECTS.into(), export(&[object_row(1, "Order__c"), row]).into_bytes()));
        },
        expect: OPEN,
    },
    Case {
        name: "rights of another set that the row itself shows",
        edit: |f| {
            let other = "0PSxx0000000077AAA\",\"Parent\":{\"Name\":\"Other\",\"NamespacePrefix\":null,\"IsOwnedByProfile\":false}";
            let row =
                object_row(2, "Case").replace("0PSxx0000000002AAA\",\"Parent\":{\"Name\":\"Sync_Minimal\"}", other);
            drop(f.insert(OBJECTS.into(), export(&[object_row(1, "Order__c"), row]).into_bytes()));
        },
        expect: PASS,
    },
    Case {
        name: "all rights of the profile's own set, which its name leads to",
        edit: |f| {
            swap(
                f,
                ASSIGNMENTS,
                &format!("{},\n", assignment_row(1, "0PSxx0000000001AAA", "X00exx000000001", true, PLAIN)),
                "",
            );
            swap(f, ASSIGNMENTS, "\"totalSize\":2", "\"totalSize\":1");
            let own = "0PSxx0000000001AAA\",\"Parent\":{\"Name\":\"X00exx0000000001\"}";
            let row = object_row(2, "Case").replace("0PSxx0000000002AAA\",\"Parent\":{\"Name\":\"Sync_Minimal\"}", own);
            let row = row.replace("false", "true");
            drop(f.insert(OBJECTS.into(), export(&[object_row(1, "Order__c"), row]).into_bytes()));
        },
        expect: &["fail"],
    },
    Case {
        name: "a group's own record without permission columns beside a member that is missing",
        edit: |f| {
            let group = "\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetGroup\":{\"DeveloperName\":\"Team\",\"NamespacePrefix\":null},\"ExpirationDate\":null";
            let row = assignment_row(3, "0PSxx0000000009AAA", "X0PGxx", false, group);
            swap(f, ASSIGNMENTS, "],\"totalSize\":2", &format!(",{row}],\"totalSize\":3"));
            let body = "<hasActivationRequired>false</hasActivationRequired><label>T</label><permissionSets>gale__Gone</permissionSets><status>Updated</status>";
            f.insert("main/Team.permissionsetgroup-meta.xml".into(), xml("PermissionSetGroup", body).into_bytes());
            let rows = "Id,Name,NamespacePrefix,Type,IsOwnedByProfile,PermissionSetGroupId\n0PSxx0000000009AAA,X0PGxx,,Group,false,0PGxx0000000001AAA\n";
            drop(f.insert("exports/PermissionSet.csv".into(), rows.into()));
        },
        expect: OPEN,
    },
    Case {
        name: "accents that the file system stores apart",
        edit: |f| {
            called(f, "Str\u{f6}mung", "Stro\u{308}mung");
            let set = f.remove(SET).unwrap();
            f.insert("main/default/permissionsets/Me\u{301}re.permissionset-meta.xml".into(), set);
            swap(f, ASSIGNMENTS, "\"Name\":\"Sync_Minimal\"", "\"Name\":\"M\u{e9}re\"");
        },
        expect: PASS,
    },
];
