//! Ranges, switches and whole files that are garbled, torn or badly merged: none of them leaves a pass or a fail that
//! rests on what they may hold.

use super::cases::{OPEN, PASS};
use super::telling::{FAIL, as_record};
use super::{
    Case, FLAG, Files, GLOBAL, MODIFY_ALL, PLAIN, POLICY, PROFILE, RANGE, SET, SWITCHES, USERS, export, hold, swap,
};

const OTHER_POLICY: &str = "other/Sync_oauthPlcy.ecaOauthPlcy-meta.xml";
const OTHER_PROFILE: &str = "other/profiles/Sync Robot.profile-meta.xml";

/// Cuts a copy of a file off before a text, and puts it where another package directory would have it.
fn torn(files: &mut Files, path: &str, to: &str, before: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    let end = text.find(before).unwrap();
    files.insert(to.to_owned(), text.as_bytes()[..end].to_vec());
}

/// Every change with its right answers.
pub(crate) const TORN: &[Case] = &[
    // ---- ranges
    Case {
        name: "a range with two ends",
        edit: |f| swap(f, PROFILE, "</endAddress>", "</endAddress><endAddress>203.0.113.250</endAddress>"),
        expect: OPEN,
    },
    Case {
        name: "a range without its start",
        edit: |f| swap(f, PROFILE, "<startAddress>203.0.113.0</startAddress>", ""),
        expect: OPEN,
    },
    Case {
        name: "a second range without addresses",
        edit: |f| {
            swap(f, PROFILE, RANGE, &format!("{RANGE}<loginIpRanges><description>x</description></loginIpRanges>"))
        },
        expect: OPEN,
    },
    // ---- leftover merge marks
    Case {
        name: "a merge mark between blocks that are read",
        edit: |f| swap(f, PROFILE, RANGE, &format!("{RANGE}\n=======\n")),
        expect: OPEN,
    },
    Case {
        name: "a merge mark inside a block that is read",
        edit: |f| swap(f, PROFILE, "<endAddress>", "<description>x</description>\n>>>>>>> main\n<endAddress>"),
        expect: OPEN,
    },
    Case {
        name: "a merge mark before the first element of a block",
        edit: |f| swap(f, PROFILE, "<endAddress>", "=======<endAddress>"),
        expect: OPEN,
    },
    Case {
        name: "a merge mark inside a block that is not read",
        edit: |f| {
            swap(
                f,
                PROFILE,
                RANGE,
                &format!(
                    "{RANGE}<fieldPermissions><editable>true</editable>\n=======\n<field>A.B</field></fieldPermissions>"
                ),
            )
        },
        expect: OPEN,
    },
    Case {
        name: "a merge mark between blocks that are not read",
        edit: |f| {
            swap(
                f,
                PROFILE,
                RANGE,
                &format!(
                    "{RANGE}<tabVisibilities><tab>A</tab></tabVisibilities>\n>>>>>>> x\n<tabVisibilities><tab>B</tab></tabVisibilities>"
                ),
            )
        },
        expect: OPEN,
    },
    Case {
        name: "a comment between elements is no mark",
        edit: |f| {
            swap(
                f,
                PROFILE,
                RANGE,
                &format!(
                    "{RANGE}<!-- ======= --><fieldPermissions><!-- x --><field>A.B<!-- y --></field></fieldPermissions>"
                ),
            )
        },
        expect: PASS,
    },
    Case {
        name: "a merge mark in the policy",
        edit: |f| swap(f, POLICY, FLAG, &format!("=======\n{FLAG}")),
        expect: OPEN,
    },
    // ---- switches of the app
    Case {
        name: "setting off, policy empty",
        edit: |f| {
            swap(f, GLOBAL, FLAG, &FLAG.replace("true", "false"));
            swap(f, POLICY, FLAG, "<isClientCredentialsFlowEnabled></isClientCredentialsFlowEnabled>");
        },
        expect: OPEN,
    },
    Case {
        name: "one policy off, its copy empty",
        edit: |f| {
            let off = FLAG.replace("true", "false");
            swap(f, POLICY, FLAG, &off);
            let copy = String::from_utf8(f[POLICY].clone()).unwrap().replace(&off, "<isClientCredentialsFlowEnabled/>");
            f.insert(OTHER_POLICY.into(), copy.into_bytes());
        },
        expect: OPEN,
    },
    Case {
        name: "app disabled, in a copy empty",
        edit: |f| {
            hold(f, MODIFY_ALL, PLAIN);
            swap(f, SWITCHES, "<isEnabled>true", "<isEnabled>false");
            let copy =
                String::from_utf8(f[SWITCHES].clone()).unwrap().replace("<isEnabled>false</isEnabled>", "<isEnabled/>");
            f.insert("other/Sync_plcy.ecaPlcy-meta.xml".into(), copy.into_bytes());
        },
        expect: FAIL,
    },
    Case {
        name: "IP relaxation empty in a copy",
        edit: |f| {
            let copy = String::from_utf8(f[POLICY].clone()).unwrap().replace(">Enforce<", "><");
            f.insert(OTHER_POLICY.into(), copy.into_bytes());
        },
        expect: OPEN,
    },
    Case {
        name: "a user that is perhaps active",
        edit: |f| swap(f, USERS, "\"IsActive\":true", "\"IsActive\":null"),
        expect: PASS, // hardened if active, dormant if not
    },
    Case {
        name: "a policy record that does not tell the user",
        edit: |f| {
            f.remove(POLICY);
            let row = "{\"attributes\":{\"type\":\"ExtlClntAppOauthPlcyCnfg\"},\"Id\":\"0yuxx0000000001AAA\",\"ExternalClientApplication\":{\"DeveloperName\":\"Sync\",\"NamespacePrefix\":null},\"IsClientCredentialsFlowEnabled\":true,\"IpRelaxationPolicyType\":\"Enforce\"}";
            f.insert("exports/ExtlClntAppOauthPlcyCnfg.json".into(), export(&[row.to_owned()]).into_bytes());
        },
        expect: OPEN,
    },
    // ---- torn files
    Case {
        name: "a second policy, cut off behind its link",
        edit: |f| torn(f, POLICY, OTHER_POLICY, "<ipRelaxation"),
        expect: OPEN,
    },
    Case {
        name: "a second policy of that file name, cut off before its link",
        edit: |f| torn(f, POLICY, OTHER_POLICY, "<externalClientApplication>"),
        expect: OPEN,
    },
    Case {
        name: "a second profile, cut off at once",
        edit: |f| torn(f, PROFILE, OTHER_PROFILE, "<custom>"),
        expect: OPEN,
    },
    Case {
        name: "a second set of the user, cut off",
        edit: |f| torn(f, SET, "other/permissionsets/Sync_Minimal.permissionset-meta.xml", "<label>"),
        expect: OPEN,
    },
    Case {
        name: "a second profile of somebody else, cut off",
        edit: |f| torn(f, PROFILE, "other/profiles/Somebody Else.profile-meta.xml", "<custom>"),
        expect: PASS,
    },
    Case {
        name: "off by the setting, of which another file is cut off",
        edit: |f| {
            f.remove(POLICY);
            torn(f, GLOBAL, "other/Sync_glbloauth.ecaGlblOauth-meta.xml", FLAG);
            swap(f, GLOBAL, FLAG, &FLAG.replace("true", "false"));
        },
        expect: OPEN,
    },
    Case {
        name: "a second export of users, cut off",
        edit: |f| torn(f, USERS, "other/User.json", "\"IsActive\""),
        expect: OPEN,
    },
    Case {
        name: "an export of permission sets, cut off, beside files that tell all",
        edit: |f| {
            let file = f[SET].clone();
            as_record(f, "\"PermissionsModifyAllData\":false", "\"PermissionsModifyAllData\":true");
            torn(f, "exports/PermissionSet.json", "exports/PermissionSet.json", "],\"totalSize\"");
            f.insert(SET.into(), file);
        },
        expect: OPEN,
    },
    Case {
        name: "an export of policies, cut off, beside files that tell all",
        edit: |f| {
            f.insert(
                "exports/ExtlClntAppOauthPlcyCnfg.json".into(),
                b"{\"records\":[{\"attributes\":{\"type\":".to_vec(),
            );
        },
        expect: OPEN,
    },
];
