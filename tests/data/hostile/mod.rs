//! One hardened org, and what can be wrong with each of its files. Everything is made here; nothing is stored.

mod cases;
mod joined;
mod named;
mod rows;
mod telling;
mod torn;

pub(crate) use cases::CASES;
pub(crate) use joined::JOINED;
pub(crate) use named::NAMED;
pub(crate) use rows::ROWS;
use std::collections::BTreeMap;
use std::io::Write as _;
pub(crate) use telling::TELLING;
pub(crate) use torn::TORN;

/// Paths with their bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A change of the hardened org, and every answer that is right for it: `result` or `result basis`.
pub(crate) struct Case {
    /// What is done.
    pub(crate) name: &'static str,
    /// Does it.
    pub(crate) edit: fn(&mut Files),
    /// Right answers.
    pub(crate) expect: &'static [&'static str],
}

pub(crate) const GLOBAL: &str = "main/default/Sync_glbloauth.ecaGlblOauth-meta.xml";
pub(crate) const POLICY: &str = "main/default/Sync_oauthPlcy.ecaOauthPlcy-meta.xml";
pub(crate) const SWITCHES: &str = "main/default/Sync_plcy.ecaPlcy-meta.xml";
pub(crate) const PROFILE: &str = "main/default/profiles/Sync Robot.profile-meta.xml";
pub(crate) const SET: &str = "main/default/permissionsets/Sync_Minimal.permissionset-meta.xml";
pub(crate) const USERS: &str = "exports/User.json";
pub(crate) const ASSIGNMENTS: &str = "exports/PermissionSetAssignment.json";
pub(crate) const OBJECTS: &str = "exports/ObjectPermissions.json";
pub(crate) const RANGE: &str =
    "<loginIpRanges><endAddress>203.0.113.15</endAddress><startAddress>203.0.113.0</startAddress></loginIpRanges>";

pub(crate) fn xml(root: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n{body}\n</{root}>\n"
    )
}

pub(crate) fn object_row(n: usize, object: &str) -> String {
    format!(
        "{{\"attributes\":{{\"type\":\"ObjectPermissions\"}},\"Id\":\"110xx{n:010}AAA\",\"ParentId\":\"0PSxx0000000002AAA\",\"Parent\":{{\"Name\":\"Sync_Minimal\"}},\"SobjectType\":\"{object}\",\"PermissionsRead\":true,\"PermissionsCreate\":false,\"PermissionsEdit\":false,\"PermissionsDelete\":false,\"PermissionsViewAllRecords\":false,\"PermissionsModifyAllRecords\":false,\"PermissionsViewAllFields\":false}}"
    )
}

pub(crate) fn assignment_row(n: usize, set: &str, name: &str, owned: bool, rest: &str) -> String {
    format!(
        "{{\"attributes\":{{\"type\":\"PermissionSetAssignment\"}},\"Id\":\"0Paxx{n:010}AAA\",\"AssigneeId\":\"005xx0000000001AAA\",\"PermissionSetId\":\"{set}\",\"PermissionSet\":{{\"Name\":\"{name}\",\"NamespacePrefix\":null,\"IsOwnedByProfile\":{owned}}},{rest}}}"
    )
}

pub(crate) const PLAIN: &str = "\"PermissionSetGroupId\":null,\"PermissionSetGroup\":null,\"ExpirationDate\":null";

pub(crate) fn export(rows: &[String]) -> String {
    format!("{{\"records\":[{}],\"totalSize\":{},\"done\":true}}", rows.join(",\n"), rows.len())
}

/// The org that passes: one app, one user, one profile with 16 addresses, one set that reads one object.
pub(crate) fn hardened() -> Files {
    let user = "{\"attributes\":{\"type\":\"User\"},\"Id\":\"005xx0000000001AAA\",\"Username\":\"svc.sync@acme.example.com\",\"Name\":\"Sync\",\"IsActive\":true,\"UserType\":\"Standard\",\"ProfileId\":\"00exx0000000001AAA\",\"Profile\":{\"Name\":\"Sync Robot\",\"UserLicense\":{\"Name\":\"Salesforce Integration\"}},\"LastLoginDate\":null}";
    let link = "<externalClientApplication>Sync</externalClientApplication>";
    let permission =
        |name: &str| format!("<userPermissions><enabled>true</enabled><name>{name}</name></userPermissions>");
    let assigned = [
        assignment_row(1, "0PSxx0000000001AAA", "X00exx000000001", true, PLAIN),
        assignment_row(2, "0PSxx0000000002AAA", "Sync_Minimal", false, PLAIN),
    ];
    let files = [
        (
            "main/default/Sync.eca-meta.xml",
            xml("ExternalClientApplication", "<distributionState>Local</distributionState>\n<label>Sync</label>"),
        ),
        (
            "main/default/Sync_oauth.ecaOauth-meta.xml",
            xml(
                "ExtlClntAppOauthSettings",
                &format!("<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>\n{link}"),
            ),
        ),
        (
            GLOBAL,
            xml(
                "ExtlClntAppGlobalOauthSettings",
                &format!("{link}\n<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>"),
            ),
        ),
        (
            POLICY,
            xml(
                "ExtlClntAppOauthConfigurablePolicies",
                &format!(
                    "<clientCredentialsFlowUser>svc.sync@acme.example.com</clientCredentialsFlowUser>\n{link}\n<ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\n<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>"
                ),
            ),
        ),
        (
            SWITCHES,
            xml(
                "ExtlClntAppConfigurablePolicies",
                &format!("{link}\n<isEnabled>true</isEnabled>\n<isOauthPluginEnabled>true</isOauthPluginEnabled>"),
            ),
        ),
        (
            PROFILE,
            xml(
                "Profile",
                &format!(
                    "<custom>true</custom>\n{RANGE}\n<userLicense>Salesforce Integration</userLicense>\n{}\n{}",
                    permission("ApiEnabled"),
                    permission("ApiUserOnly")
                ),
            ),
        ),
        (
            SET,
            xml(
                "PermissionSet",
                "<hasActivationRequired>false</hasActivationRequired>\n<label>Sync</label>\n<objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Order__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>",
            ),
        ),
        (USERS, export(&[user.to_owned()])),
        (ASSIGNMENTS, export(&assigned)),
        (OBJECTS, export(&[object_row(1, "Order__c")])),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect()
}

/// Replaces a text in a file that holds it.
pub(crate) fn swap(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    assert!(text.contains(from), "{path} does not hold {from}");
    files.insert(path.to_owned(), text.replacen(from, to, 1).into_bytes());
}

/// Adds a permission set that the user holds directly.
pub(crate) fn hold(files: &mut Files, body: &str, rest: &str) {
    files.insert(
        "main/default/permissionsets/Extra.permissionset-meta.xml".into(),
        xml("PermissionSet", body).into_bytes(),
    );
    let row = assignment_row(3, "0PSxx0000000003AAA", "Extra", false, rest);
    swap(files, ASSIGNMENTS, "],\"totalSize\":2", &format!(",{row}],\"totalSize\":3"));
}

pub(crate) fn expiring(day: &str) -> String {
    format!("\"PermissionSetGroupId\":null,\"PermissionSetGroup\":null,\"ExpirationDate\":\"{day}T00:00:00.000+0000\"")
}

pub(crate) const MODIFY_ALL: &str = "<hasActivationRequired>false</hasActivationRequired><label>Extra</label><userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";
pub(crate) const FLAG: &str = "<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>";
/// Archives that no export produces; each has to be refused or read without harm.
pub(crate) fn archives() -> Vec<(&'static str, Vec<u8>)> {
    let good = archive(&hardened().iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    vec![
        ("cut off", good[..good.len() / 2].to_vec()),
        ("without its directory", good[..good.len() - 30].to_vec()),
        ("one byte changed", flipped),
        ("only a signature", b"PK\x03\x04".to_vec()),
        ("text named .zip", b"not an archive".to_vec()),
        ("empty", Vec::new()),
        ("climbs out", archive(&[("../../escape.ecaOauthPlcy", b"x")])),
        ("absolute path", archive(&[("/tmp/escape.ecaOauthPlcy", b"x")])),
        ("bomb", archive(&[("a.profile", &vec![b' '; 30_000_000])])),
    ]
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (path, bytes) in files {
        writer.start_file(*path, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
