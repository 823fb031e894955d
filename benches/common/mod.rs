//! Synthetic orgs of any size, the same bytes on every run.
//!
//! The proportions of a profile follow what large real profiles look like: 60 % field permissions, 28 % class
//! accesses, under 2 % of what the control needs.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

const NS: &str = "xmlns=\"http://soap.sforce.com/2006/04/metadata\"";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// How large an org is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Profile files.
    pub(crate) profiles: usize,
    /// Bytes of each profile, about.
    pub(crate) profile_bytes: usize,
    /// Permission set files.
    pub(crate) permission_sets: usize,
    /// Bytes of each permission set, about.
    pub(crate) permission_set_bytes: usize,
    /// External Client Apps, each with its five files.
    pub(crate) apps: usize,
    /// Apps that differ from the plain hardened one: `false` switches the flow of all apps on and keeps them hardened.
    pub(crate) mixed: bool,
    /// Files of kinds that are not read.
    pub(crate) other_files: usize,
    /// People beside the execution users.
    pub(crate) people: usize,
}

impl Size {
    /// A whole-org retrieval: 40 profiles of 1.8 MB, 150 permission sets, 5 apps, 20,000 other files.
    pub(crate) const WHOLE_ORG: Self = Self {
        profiles: 40,
        profile_bytes: 1_800_000,
        permission_sets: 150,
        permission_set_bytes: 43_000,
        apps: 5,
        mixed: true,
        other_files: 20_000,
        people: 400,
    };

    /// One org with this many apps, the flow of each one on or off in turn.
    #[must_use]
    pub(crate) const fn apps(apps: usize) -> Self {
        Self {
            profiles: 12,
            profile_bytes: 20_000,
            permission_sets: 20,
            permission_set_bytes: 4_000,
            apps,
            mixed: true,
            other_files: 0,
            people: 10,
        }
    }

    /// One of many small orgs.
    #[must_use]
    pub(crate) const fn small(apps: usize) -> Self {
        Self { profiles: 8, profile_bytes: 4_000, permission_sets: 10, permission_set_bytes: 1_500, ..Self::apps(apps) }
    }
}

/// Writes `count` orgs as direct children of `dir`.
pub(crate) fn orgs(dir: &Path, count: usize, size: Size) -> io::Result<()> {
    (0..count).try_for_each(|n| org(&dir.join(format!("org-{n:04}")), n, size))
}

/// Writes one org in source format with exports into `dir`; `seed` varies the apps and their users.
pub(crate) fn org(dir: &Path, seed: usize, size: Size) -> io::Result<()> {
    let main = dir.join("force-app/main/default");
    put(
        &dir.join("sfdx-project.json"),
        "{ \"packageDirectories\": [{ \"path\": \"force-app\", \"default\": true }], \"sourceApiVersion\": \"65.0\" }\n",
    )?;
    for n in 0..size.profiles {
        put(&main.join(format!("profiles/Generated {n:03}.profile-meta.xml")), &profile(n, size.profile_bytes))?;
    }
    for n in 0..size.permission_sets {
        let path = main.join(format!("permissionsets/Generated_{n:03}.permissionset-meta.xml"));
        put(&path, &permission_set(n, size.permission_set_bytes))?;
    }
    for n in 0..size.apps {
        app(&main, seed, n, size)?;
    }
    for n in 0..size.other_files {
        let path = main.join(format!("classes/{:03}/Generated{n:05}.cls", n / 100));
        put(
            &path,
            &format!("public class Generated{n:05} {{\n{}}}\n", "    // nothing to see here\n".repeat(n % 150)),
        )?;
    }
    exports(&dir.join("exports"), seed, size)
}

/// What an app of this number shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Hardened,
    Administrator,
    Bypass,
    OneSwitchAway,
    NoRanges,
    NoPolicy,
    Disabled,
    Inactive,
}

fn shape(seed: usize, n: usize, size: Size) -> Shape {
    const SHAPES: [Shape; 8] = [
        Shape::Hardened,
        Shape::Administrator,
        Shape::Bypass,
        Shape::OneSwitchAway,
        Shape::NoRanges,
        Shape::NoPolicy,
        Shape::Disabled,
        Shape::Inactive,
    ];
    if size.mixed { SHAPES[(seed + n) % SHAPES.len()] } else { Shape::Hardened }
}

fn app_name(n: usize) -> String {
    format!("Generated_App_{n:04}")
}

fn username(seed: usize, n: usize) -> String {
    format!("app.{n:04}@org-{seed:04}.example.com")
}

/// An invented record id: prefix, `xx`, number, and the suffix that an id of these characters has.
fn id(prefix: &str, n: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let short = format!("{prefix}xx{n:0width$}", width = 13 - prefix.len());
    let suffix = short.as_bytes().chunks(5).map(|chunk| {
        let bits = chunk.iter().enumerate().filter(|(_, b)| b.is_ascii_uppercase()).fold(0, |n, (i, _)| n | 1 << i);
        char::from(ALPHABET[bits])
    });
    short.chars().chain(suffix).collect()
}

/// Profile 0 is an administrator, 1 has no ranges, all others are API only with 16 addresses.
fn profile(n: usize, bytes: usize) -> String {
    let mut text = format!("{HEAD}<Profile {NS}>\n");
    let mut i = 0;
    while text.len() < bytes * 28 / 100 {
        let on = i % 3 == 0;
        let _ = writeln!(
            text,
            "    <classAccesses>\n        <apexClass>Generated{i:05}</apexClass>\n        <enabled>{on}</enabled>\n    </classAccesses>"
        );
        i += 1;
    }
    text.push_str("    <custom>true</custom>\n");
    while text.len() < bytes * 88 / 100 {
        let _ = writeln!(
            text,
            "    <fieldPermissions>\n        <editable>{}</editable>\n        <field>Generated_{}__c.Field_{i}__c</field>\n        <readable>true</readable>\n    </fieldPermissions>",
            i % 2 == 0,
            i % 200
        );
        i += 1;
    }
    while text.len() < bytes {
        let _ = writeln!(
            text,
            "    <layoutAssignments>\n        <layout>Generated_{i}__c-Generated Layout</layout>\n    </layoutAssignments>"
        );
        i += 1;
    }
    if n > 1 {
        let _ = writeln!(
            text,
            "    <loginIpRanges>\n        <endAddress>203.0.113.{}</endAddress>\n        <startAddress>203.0.113.{}</startAddress>\n    </loginIpRanges>",
            n % 16 * 16 + 15,
            n % 16 * 16
        );
    }
    text.push_str("    <userLicense>Salesforce Integration</userLicense>\n");
    let granted: &[&str] = match n {
        0 => &["ApiEnabled", "ModifyAllData", "ManageUsers", "ViewAllData", "ViewSetup"],
        _ => &["ApiEnabled", "ApiUserOnly", "ChatterInternalUser"],
    };
    permissions(&mut text, granted);
    text.push_str("</Profile>\n");
    text
}

fn permission_set(n: usize, bytes: usize) -> String {
    let mut text = format!("{HEAD}<PermissionSet {NS}>\n");
    let mut i = 0;
    while text.len() < bytes * 9 / 10 {
        let _ = writeln!(
            text,
            "    <fieldPermissions>\n        <editable>false</editable>\n        <field>Generated_{n}__c.Field_{i}__c</field>\n        <readable>true</readable>\n    </fieldPermissions>"
        );
        i += 1;
    }
    let _ = writeln!(
        text,
        "    <hasActivationRequired>false</hasActivationRequired>\n    <label>Generated {n}</label>\n    <objectPermissions>\n        <allowCreate>false</allowCreate>\n        <allowDelete>false</allowDelete>\n        <allowEdit>true</allowEdit>\n        <allowRead>true</allowRead>\n        <modifyAllRecords>false</modifyAllRecords>\n        <object>Generated_{n}__c</object>\n        <viewAllRecords>false</viewAllRecords>\n    </objectPermissions>"
    );
    text.push_str("</PermissionSet>\n");
    text
}

fn permissions(text: &mut String, names: &[&str]) {
    for name in names {
        let _ = writeln!(
            text,
            "    <userPermissions>\n        <enabled>true</enabled>\n        <name>{name}</name>\n    </userPermissions>"
        );
    }
}

fn app(main: &Path, seed: usize, n: usize, size: Size) -> io::Result<()> {
    let name = app_name(n);
    let shape = shape(seed, n, size);
    let file = |folder: &str, stem: String, root: &str, body: String| {
        put(&main.join(folder).join(format!("{stem}-meta.xml")), &format!("{HEAD}<{root} {NS}>\n{body}</{root}>\n"))
    };
    let link = format!("    <externalClientApplication>{name}</externalClientApplication>\n");
    file(
        "externalClientApps",
        format!("{name}.eca"),
        "ExternalClientApplication",
        format!(
            "    <distributionState>Local</distributionState>\n    <label>Generated app {n}</label>\n    <orgScopedExternalApp>{}:{name}</orgScopedExternalApp>\n",
            &id("00D", seed + 1)[..15]
        ),
    )?;
    file(
        "extlClntAppOauthSettings",
        format!("{name}_oauth.ecaOauth"),
        "ExtlClntAppOauthSettings",
        format!("    <commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>\n{link}"),
    )?;
    file(
        "extlClntAppGlobalOauthSets",
        format!("{name}_glbloauth.ecaGlblOauth"),
        "ExtlClntAppGlobalOauthSettings",
        format!("{link}    <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>\n"),
    )?;
    if shape != Shape::NoPolicy {
        let relaxation = if shape == Shape::Bypass { "Bypass" } else { "Enforce" };
        let on = shape != Shape::OneSwitchAway;
        let user = username(seed, n);
        file(
            "extlClntAppOauthPolicies",
            format!("{name}_oauthPlcy.ecaOauthPlcy"),
            "ExtlClntAppOauthConfigurablePolicies",
            format!(
                "    <clientCredentialsFlowUser>{user}</clientCredentialsFlowUser>\n{link}    <ipRelaxationPolicyType>{relaxation}</ipRelaxationPolicyType>\n    <isClientCredentialsFlowEnabled>{on}</isClientCredentialsFlowEnabled>\n"
            ),
        )?;
    }
    let on = shape != Shape::Disabled;
    file(
        "extlClntAppPolicies",
        format!("{name}_plcy.ecaPlcy"),
        "ExtlClntAppConfigurablePolicies",
        format!("{link}    <isEnabled>{on}</isEnabled>\n    <isOauthPluginEnabled>true</isOauthPluginEnabled>\n"),
    )
}

/// `{"records":[…],"totalSize":n,"done":true}`: complete by its own count.
fn records(object: &str, rows: &[String]) -> String {
    let mut text = String::from("{\"records\":[");
    for (n, row) in rows.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\n{{\"attributes\":{{\"type\":\"{object}\"}},{row}}}");
    }
    let _ = writeln!(text, "\n],\"totalSize\":{},\"done\":true}}", rows.len());
    text
}

fn exports(dir: &Path, seed: usize, size: Size) -> io::Result<()> {
    let (mut users, mut assignments) = (Vec::new(), Vec::new());
    let total = size.apps + size.people;
    for n in 0..total {
        let is_app = n < size.apps;
        let shape = if is_app { shape(seed, n, size) } else { Shape::Hardened };
        let profile = match shape {
            Shape::Administrator => 0,
            Shape::NoRanges => 1,
            _ => 2 + n % (size.profiles - 2),
        };
        let name = if is_app { username(seed, n) } else { format!("person.{n:04}@org-{seed:04}.example.com") };
        users.push(format!(
            "\"Id\":\"{}\",\"Username\":\"{name}\",\"Name\":\"Generated {n}\",\"IsActive\":{},\"UserType\":\"Standard\",\"ProfileId\":\"{}\",\"Profile\":{{\"Name\":\"Generated {profile:03}\",\"UserLicense\":{{\"Name\":\"Salesforce Integration\"}}}},\"LastLoginDate\":null",
            id("005", n + 1),
            shape != Shape::Inactive,
            id("00e", profile + 1),
        ));
        let set = n % size.permission_sets;
        for (k, set_id, set_name, owned) in [
            (0, id("0PS", 5000 + profile), format!("X00exx{profile:09}"), true),
            (1, id("0PS", set + 1), format!("Generated_{set:03}"), false),
        ] {
            assignments.push(format!(
                "\"Id\":\"{}\",\"AssigneeId\":\"{}\",\"PermissionSetId\":\"{set_id}\",\"PermissionSet\":{{\"Name\":\"{set_name}\",\"NamespacePrefix\":null,\"IsOwnedByProfile\":{owned}}},\"PermissionSetGroupId\":null,\"PermissionSetGroup\":null,\"ExpirationDate\":null",
                id("0Pa", n * 2 + k + 1),
                id("005", n + 1),
            ));
        }
    }
    let objects: Vec<_> = (0..size.permission_sets)
        .map(|n| {
            format!("\"Id\":\"{}\",\"ParentId\":\"{}\",\"Parent\":{{\"Name\":\"Generated_{n:03}\"}},\"SobjectType\":\"Generated_{n}__c\",\"PermissionsRead\":true,\"PermissionsCreate\":false,\"PermissionsEdit\":true,\"PermissionsDelete\":false,\"PermissionsViewAllRecords\":false,\"PermissionsModifyAllRecords\":false,\"PermissionsViewAllFields\":false", id("110", n + 1), id("0PS", n + 1))
        })
        .collect();
    let apps: Vec<_> = (0..size.apps)
        .map(|n| {
            format!(
                "\"Id\":\"{}\",\"DeveloperName\":\"{}\",\"MasterLabel\":\"Generated app {n}\",\"NamespacePrefix\":null,\"DistributionState\":\"Local\"",
                id("0xI", n + 1),
                app_name(n)
            )
        })
        .collect();
    put(&dir.join("User.json"), &records("User", &users))?;
    put(&dir.join("PermissionSetAssignment.json"), &records("PermissionSetAssignment", &assignments))?;
    put(&dir.join("ObjectPermissions.json"), &records("ObjectPermissions", &objects))?;
    put(&dir.join("ExternalClientApplication.json"), &records("ExternalClientApplication", &apps))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}
