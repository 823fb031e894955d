//! A manifest proves what a retrieval delivered only where the Metadata API puts it; elsewhere it is a request.

use super::snapshot;
use shr::snapshot::{Coverage, Kind};

const WHOLE: &str = "<Package><types><members>*</members><name>ExternalClientApplication</name></types><version>64.0</version></Package>";
const PROFILE: &str = "<Profile/>";

#[test]
fn where_a_manifest_counts() {
    // What lies in the snapshot besides the manifest at the first path, and whether the manifest proves the type.
    let rows: &[(&str, &[&str], bool)] = &[
        ("package.xml", &[], true),
        ("package.xml", &["README.txt"], true),
        ("package.xml", &["profiles/A.profile"], true),
        ("unpackaged/package.xml", &["unpackaged/profiles/A.profile"], true),
        ("unpackaged/package.xml", &["unpackaged/profiles/A.profile", "exports/Contact.csv"], true),
        ("src/package.xml", &["src/profiles/A.profile", "other/profiles/B.profile"], true),
        // a request: alone in its folder while the metadata is elsewhere
        ("manifest/package.xml", &["force-app/main/default/profiles/A.profile-meta.xml"], false),
        ("manifest/package.xml", &["unpackaged/profiles/A.profile"], false),
        ("package.xml", &["unpackaged/profiles/A.profile"], false),
        ("a/package.xml", &["ab/profiles/A.profile"], false),
        ("package.xml", &["A.profile"], false),
        // a request beside source format
        ("package.xml", &["profiles/A.profile-meta.xml"], false),
        // inside a project, whatever lies beside it
        ("package.xml", &["sfdx-project.json", "profiles/A.profile"], false),
        ("mdapi/package.xml", &["sfdx-project.json", "mdapi/profiles/A.profile"], false),
        ("manifest/package.xml", &["sfdx-project.json"], false),
        // a project beside it is another matter
        ("mdapi/package.xml", &["project/sfdx-project.json", "mdapi/profiles/A.profile"], true),
    ];
    for (manifest, beside, proves) in rows {
        let mut files = vec![(*manifest, WHOLE)];
        files.extend(beside.iter().map(|path| (*path, if path.ends_with(".json") { "{}" } else { PROFILE })));
        let snapshot = snapshot(&files);
        let expected = if *proves { Coverage::Complete { got: 0 } } else { Coverage::Absent };
        assert_eq!(snapshot.coverage_of(Kind::AppFile), expected, "{manifest} with {beside:?}");
        assert_eq!(snapshot.requested_whole.is_empty(), !proves, "{manifest} with {beside:?}");
    }
}

#[test]
fn a_manifest_proves_nothing_about_a_type_that_its_version_does_not_have() {
    let rows = [
        ("ExternalClientApplication", "<version>59.0</version>", Kind::AppFile, true),
        ("ExternalClientApplication", "<version>66</version>", Kind::AppFile, true),
        ("ExternalClientApplication", "<version>58.0</version>", Kind::AppFile, false),
        ("ExternalClientApplication", "", Kind::AppFile, false),
        ("ExternalClientApplication", "<version/>", Kind::AppFile, false),
        ("ExternalClientApplication", "<version>latest</version>", Kind::AppFile, false),
        ("ExternalClientApplication", "<version>58.0</version><version>64.0</version>", Kind::AppFile, false),
        // the type is there since 59, its switch of the flow since 60
        ("ExtlClntAppOauthConfigurablePolicies", "<version>59.0</version>", Kind::OauthPolicyFile, false),
        ("ExtlClntAppOauthConfigurablePolicies", "<version>60.0</version>", Kind::OauthPolicyFile, true),
        ("ExtlClntAppGlobalOauthSettings", "<version>59.0</version>", Kind::GlobalOauthFile, false),
        ("ExtlClntAppConfigurablePolicies", "<version>59.0</version>", Kind::AppPolicyFile, false),
        ("PermissionSetGroup", "<version>44.0</version>", Kind::GroupFile, false),
        ("MutingPermissionSet", "<version>46.0</version>", Kind::MutingFile, true),
        ("Profile", "<version>20.0</version>", Kind::ProfileFile, true),
        ("Profile", "", Kind::ProfileFile, false),
    ];
    for (name, version, kind, proves) in rows {
        let manifest = format!("<Package><types><members>*</members><name>{name}</name></types>\n{version}</Package>");
        let snapshot = snapshot(&[("package.xml", manifest.as_str())]);
        let expected = if proves { Coverage::Complete { got: 0 } } else { Coverage::Absent };
        assert_eq!(snapshot.coverage_of(kind), expected, "{name} {version}");
        let told = name.starts_with("Ext") && !proves;
        assert_eq!(snapshot.problems.len(), usize::from(told), "{name} {version}: {:?}", snapshot.problems);
    }
}

#[test]
fn named_members_prove_themselves_only() {
    let manifest = "<Package><types><members>Tide_Relay</members><name>ExternalClientApplication</name></types>\
                    <version>64.0</version></Package>";
    let snapshot = snapshot(&[("package.xml", manifest), ("profiles/A.profile", PROFILE)]);
    assert_eq!(snapshot.coverage_of(Kind::AppFile), Coverage::Absent);
}
