//! Components in pieces and in copies: what is not all there never leaves a pass.

use super::cases::PASS;
use super::{ASSIGNMENTS, Case, Files, PROFILE, RANGE, SET, assignment_row, swap, xml};

const POWER: &str = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";

/// Moves the user's profile into a folder of its own.
fn profile_in_folder(files: &mut Files) -> &'static str {
    let profile = files.remove(PROFILE).unwrap();
    files.insert("main/default/profiles/Sync Robot/Sync Robot.profile-meta.xml".into(), profile);
    "main/default/profiles/Sync Robot/Sync Robot.profile-meta.xml"
}

fn add(files: &mut Files, path: &str, root: &str, body: &str) {
    files.insert(path.to_owned(), xml(root, body).into_bytes());
}

/// A group that the user holds, with a powerful set and a muting set that takes its power away.
fn muted(files: &mut Files) {
    let group = "\"PermissionSetGroupId\":\"0PGxx0000000001AAA\",\"PermissionSetGroup\":{\"DeveloperName\":\"Team\",\"NamespacePrefix\":null},\"ExpirationDate\":null";
    let row = assignment_row(3, "0PSxx0000000009AAA", "Team", false, group);
    swap(files, ASSIGNMENTS, "],\"totalSize\":2", &format!(",{row}],\"totalSize\":3"));
    let head = "<hasActivationRequired>false</hasActivationRequired><label>Extra</label>";
    add(files, "main/Extra.permissionset-meta.xml", "PermissionSet", &format!("{head}{POWER}"));
    add(files, "main/Quiet.mutingpermissionset-meta.xml", "MutingPermissionSet", &format!("<label>Q</label>{POWER}"));
    add(files, GROUP, "PermissionSetGroup", LISTS);
}

const GROUP: &str = "main/Team.permissionsetgroup-meta.xml";
const LISTS: &str = "<hasActivationRequired>false</hasActivationRequired><label>Team</label><mutingPermissionSets>Quiet</mutingPermissionSets><permissionSets>Extra</permissionSets><status>Updated</status>";

/// Every change with its right answers.
pub(crate) const JOINED: &[Case] = &[
    Case {
        name: "a profile of which the login ranges are stored apart",
        edit: |f| {
            let main = profile_in_folder(f);
            swap(f, main, RANGE, "");
            let path = "main/default/profiles/Sync Robot/loginIpRanges/a.loginIpRanges-meta.xml";
            add(f, path, "Profile", RANGE);
        },
        expect: &["review"],
    },
    Case {
        name: "a profile in pieces without any login range",
        edit: |f| {
            let main = profile_in_folder(f);
            swap(f, main, RANGE, "");
        },
        expect: &["review"],
    },
    Case {
        name: "a profile of which a piece opens half of IPv4",
        edit: |f| {
            profile_in_folder(f);
            let half = RANGE.replace("203.0.113.0", "0.0.0.0").replace("203.0.113.15", "127.255.255.255");
            add(f, "main/default/profiles/Sync Robot/loginIpRanges/b.loginIpRanges-meta.xml", "Profile", &half);
        },
        expect: &["fail"],
    },
    Case {
        name: "a profile of which a piece is powerful",
        edit: |f| {
            add(
                f,
                "main/default/profiles/sync robot/userPermissions/ModifyAllData.userPermissions-meta.xml",
                "Profile",
                POWER,
            );
        },
        expect: &["fail"],
    },
    Case {
        name: "a folder of parts in another format beside a permission set",
        edit: |f| {
            drop(f.insert("main/default/permissionsets/Sync_Minimal/userPermissions.yaml".into(), b"x: y".to_vec()))
        },
        expect: &["review"],
    },
    Case {
        name: "a piece of the permission set that is cut off",
        edit: |f| {
            let path = "main/default/permissionsets/Sync_Minimal/userPermissions/X.userPermission-meta.xml";
            drop(f.insert(path.into(), b"<UserPermission><enabled>true".to_vec()));
        },
        expect: super::cases::OPEN,
    },
    Case { name: "a group with a muting set", edit: muted, expect: PASS },
    Case {
        name: "a muting set of which a copy mutes less",
        edit: |f| {
            muted(f);
            add(f, "other/Quiet.mutingpermissionset-meta.xml", "MutingPermissionSet", "<label>Q</label>");
        },
        expect: &["fail"],
    },
    Case {
        name: "a muting set of which a copy mutes more",
        edit: |f| {
            muted(f);
            let more = POWER.replace("ModifyAllData", "ViewAllData");
            add(
                f,
                "other/Quiet.mutingpermissionset-meta.xml",
                "MutingPermissionSet",
                &format!("<label>Q</label>{POWER}{more}"),
            );
        },
        expect: PASS,
    },
    Case {
        name: "a muting set of which the record leaves the right",
        edit: |f| {
            muted(f);
            let row = "Id,DeveloperName,NamespacePrefix,PermissionsModifyAllData\n0QMxx0000000001AAA,Quiet,,false\n";
            drop(f.insert("exports/MutingPermissionSet.csv".into(), row.into()));
        },
        expect: &["fail"],
    },
    Case {
        name: "a group of which a copy has no muting set",
        edit: |f| {
            muted(f);
            let without = LISTS.replace("<mutingPermissionSets>Quiet</mutingPermissionSets>", "");
            add(f, "other/Team.permissionsetgroup-meta.xml", "PermissionSetGroup", &without);
        },
        expect: &["fail"],
    },
    Case {
        name: "a set of which a copy is powerful",
        edit: |f| {
            let set = f[SET].clone();
            f.insert("other/Sync_Minimal.permissionset-meta.xml".into(), set);
            swap(f, "other/Sync_Minimal.permissionset-meta.xml", "<label>", &format!("{POWER}<label>"));
        },
        expect: &["fail"],
    },
];
