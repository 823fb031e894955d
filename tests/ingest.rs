//! What the ingest makes of every kind of file and every shape of export.

use shr::ingest;
use shr::snapshot::*;
use shr::source::{Limits, Source};

pub(crate) fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let source = Source::memory("acme", files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())));
    ingest::read(&source, &Limits::default()).unwrap()
}

const POLICY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ExtlClntAppOauthConfigurablePolicies xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    <clientCredentialsFlowUser>bot@example.com</clientCredentialsFlowUser>\n    <externalClientApplication>Sync</externalClientApplication>\n    <ipRelaxationPolicyType>Enforce_relaxrefresh</ipRelaxationPolicyType>\n    <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>\n</ExtlClntAppOauthConfigurablePolicies>\n";

#[test]
fn a_policy_file_gives_its_app_with_lines() {
    let s = snapshot(&[("force-app/main/default/wrong/x.ecaOauthPlcy-meta.xml", POLICY)]);
    assert_eq!(s.problems, []);
    let app = &s.apps["Sync"];
    let flow = app.policy_flow.agreed().unwrap();
    assert_eq!((flow.value, flow.raw.as_str(), flow.at.place), (Switch::On, "true", Place::Line(6)));
    assert_eq!(app.ip_relaxation.agreed().unwrap().value, IpRelaxation::EnforceRelaxRefresh);
    assert_eq!(app.execution_user.agreed().unwrap().value, UserRef::Username("BOT@example.com".into()));
    assert_eq!(app.sources[0].at.place, Place::Line(4));
    assert!(app.setting_flow.is_empty());
}

#[test]
fn users_come_from_csv_and_json() {
    let csv = "Id,Username,IsActive,ProfileId,Profile.Name\n005xx0000000001AAA,bot@example.com,true,00exx0000000001,System Administrator\n";
    let json = r#"{"status":0,"result":{"records":[{"attributes":{"type":"User","url":"/x"},"Id":"005xx0000000001","Username":"bot@example.com","IsActive":true,"ProfileId":"00exx0000000001AAA","Profile":{"attributes":{"type":"Profile","url":"/y"},"Name":"System Administrator"}}],"totalSize":1,"done":true},"warnings":[]}"#;
    for (path, text) in [("u.csv", csv), ("u.json", json)] {
        let s = snapshot(&[(path, text)]);
        assert_eq!(s.problems, [], "{path}");
        let user = &s.access.users[0];
        assert_eq!(user.at.place, Place::Row(1));
        assert_eq!(user.username.as_ref().unwrap().value, "bot@example.com");
        assert_eq!(user.active.as_ref().unwrap().value, Switch::On);
        assert_eq!(user.profile_name.as_ref().unwrap().value, "System Administrator");
    }
}
