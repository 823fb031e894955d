//! Rows of exports that are lost, doubled, or too round in number: none of them leaves a pass.

use super::cases::{OPEN, PASS};
use super::{ASSIGNMENTS, Case, Files, OBJECTS, USERS, export, object_row, swap};

/// Adds an export of records.
fn add(files: &mut Files, path: &str, rows: &[&str]) {
    files.insert(path.to_owned(), export(&rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>()).into_bytes());
}

/// Adds one row to an export, in its count, too.
fn one_more(files: &mut Files, path: &str, rows: usize, row: &str) {
    let (from, to) = (format!("],\"totalSize\":{rows}"), format!(",{row}],\"totalSize\":{}", rows + 1));
    swap(files, path, &from, &to);
}

fn all_rights_on(object: &str, parent: &str) -> String {
    let row = object_row(2, object).replace("false", "true");
    row.replace("\"ParentId\":\"0PSxx0000000002AAA\",\"Parent\":{\"Name\":\"Sync_Minimal\"}", parent)
}

/// Every change with its right answers.
pub(crate) const ROWS: &[Case] = &[
    Case {
        name: "object permissions that name their set by a label only",
        edit: |f| one_more(f, OBJECTS, 1, &all_rights_on("Case", "\"Parent\":{\"Label\":\"Sync\"}")),
        expect: OPEN,
    },
    Case {
        name: "object permissions of a set whose id is garbled",
        edit: |f| one_more(f, OBJECTS, 1, &all_rights_on("Case", "\"ParentId\":\"0PSxx\"")),
        expect: OPEN,
    },
    Case {
        name: "an assignment without its user",
        edit: |f| swap(f, ASSIGNMENTS, "\"AssigneeId\":\"005xx0000000001AAA\"", "\"AssigneeId\":null"),
        expect: OPEN,
    },
    Case {
        name: "an assignment of nothing",
        edit: |f| one_more(f, ASSIGNMENTS, 2, "{\"Id\":\"0Paxx0000000003AAA\",\"AssigneeId\":\"005xx0000000001AAA\"}"),
        expect: OPEN,
    },
    Case {
        name: "one assignment twice, another missing",
        edit: |f| swap(f, ASSIGNMENTS, "0Paxx0000000002AAA", "0Paxx0000000001AAA"),
        expect: OPEN,
    },
    Case {
        name: "the whole export of assignments twice",
        edit: |f| drop(f.insert("copy/PermissionSetAssignment.json".into(), f[ASSIGNMENTS].clone())),
        expect: PASS,
    },
    Case {
        name: "a permission set row that names no set",
        edit: |f| {
            let row = "{\"attributes\":{\"type\":\"PermissionSet\"},\"Id\":null,\"Name\":null,\"IsOwnedByProfile\":false,\"PermissionsModifyAllData\":true}";
            add(f, "exports/PermissionSet.json", &[row]);
        },
        expect: OPEN,
    },
    Case {
        name: "permission sets as records that cannot be read",
        edit: |f| {
            drop(f.insert("exports/PermissionSet.json".into(), b"{\"records\":[{\"attributes\":{\"type\"".to_vec()))
        },
        expect: OPEN,
    },
    Case {
        name: "a second file of object permissions that cannot be read",
        edit: |f| drop(f.insert("more/ObjectPermissions.csv".into(), b"Id,ParentId,SobjectType\n\"x,y,z\n".to_vec())),
        expect: OPEN,
    },
    Case {
        name: "a group member without its set",
        edit: |f| {
            let row = "{\"attributes\":{\"type\":\"PermissionSetGroupComponent\"},\"Id\":\"0PRxx0000000001AAA\",\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetId\":null}";
            add(f, "exports/PermissionSetGroupComponent.json", &[row]);
        },
        expect: OPEN,
    },
    Case {
        name: "a user row without a name takes nothing from the user who is there",
        edit: |f| one_more(f, USERS, 1, "{\"Id\":\"005xx0000000002AAA\",\"Username\":null,\"IsActive\":true}"),
        expect: PASS,
    },
    Case {
        name: "the user may be the one whose name is lost",
        edit: |f| swap(f, USERS, "\"Username\":\"svc.sync@acme.example.com\"", "\"Username\":null"),
        expect: OPEN,
    },
    Case {
        name: "as many object permissions as a usual limit allows",
        edit: |f| {
            let rows: Vec<String> = (1..=200).map(|n| object_row(n, if n > 1 { "Case" } else { "Order__c" })).collect();
            f.insert(OBJECTS.to_owned(), export(&rows).into_bytes());
        },
        expect: &["review"],
    },
];
