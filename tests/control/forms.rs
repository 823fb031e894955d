//! How files and records join, through the whole way from bytes to findings.

use super::{assessed, named, observed};
use crate::spoiled::hostile::{Files, GLOBAL, POLICY, hardened};
use shr::controls::client_credentials::Basis;
use shr::controls::client_credentials::Stated;
use shr::controls::client_credentials::{FlowState, PrivilegeState, UserState};
use shr::model::Outcome;

const PROFILE: &str = "main/default/profiles/Sync Robot.profile-meta.xml";
const USERS: &str = "exports/User.json";

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

fn swap(files: &mut Files, path: &str, from: &str, to: &str) {
    let old = text(files, path);
    assert!(old.contains(from), "{path} does not hold {from}");
    files.insert(path.to_owned(), old.replace(from, to).into_bytes());
}

fn moved(files: &mut Files, from: &str, to: &str) {
    let bytes = files.remove(from).unwrap();
    files.insert(to.to_owned(), bytes);
}

#[test]
fn placeholders_are_four_forms_and_nothing_else() {
    let placeholder = ["__USER__", "$USER", "${USER}", "{{ user }}", "{{user}}"];
    let name = ["__USER", "USER__", "user$name@example.com", "<user>", "TODO", "{user}", "svc.other@acme.example.com"];
    let rows = placeholder.iter().map(|text| (*text, UserState::Placeholder, Outcome::NotEvaluable));
    for (written, state, outcome) in rows.chain(name.iter().map(|text| (*text, UserState::NotFound, Outcome::Fail))) {
        let mut files = hardened();
        let escaped = written.replace('<', "&lt;").replace('>', "&gt;");
        swap(&mut files, POLICY, "svc.sync@acme.example.com", &escaped);
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        assert_eq!(finding.execution_user().state, state, "{written}");
        assert_eq!(observed(finding, "execution-user-identified").0, outcome, "{written}");
        assert_eq!(finding.result, Outcome::NotEvaluable, "{written}");
    }
}

fn policy_record(fields: &str) -> Vec<u8> {
    let app = "\"ExternalClientApplicationId\":\"0xIxx0000000001AAA\"";
    let row = format!(
        "{{\"attributes\":{{\"type\":\"ExtlClntAppOauthPlcyCnfg\"}},\"Id\":\"0yuxx0000000001AAA\",{app},{fields}}}"
    );
    format!("{{\"records\":[{row}],\"totalSize\":1,\"done\":true}}").into_bytes()
}

const BY_NAME: &str = "\"ExternalClientApplication\":{\"DeveloperName\":\"Sync\",\"NamespacePrefix\":null},";

#[test]
fn records_and_metadata_that_disagree_are_a_review_that_cites_both() {
    let records = "exports/ExtlClntAppOauthPlcyCnfg.json";
    let rows = [
        ("IsClientCredentialsFlowEnabled\":false", "flow-disabled"),
        ("IpRelaxationPolicyType\":\"Bypass\"", "network-restricted"),
    ];
    for (field, criterion) in rows {
        let mut files = hardened();
        files.insert(records.to_owned(), policy_record(&format!("{BY_NAME}\"{field}")));
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        assert_eq!((finding.result, observed(finding, criterion).0), (Outcome::Review, Outcome::Review), "{field}");
        let observation = finding.observations.iter().find(|one| one.criterion == criterion).unwrap();
        let cited = |path: &str| {
            assessment.evidence.iter().any(|one| *one.item.path == *path && observation.evidence.contains(&one.id))
        };
        assert!(cited(POLICY) && cited(records), "{field}: {:?}", observation.items);
    }
}

#[test]
fn a_policy_record_of_an_unknown_app_is_an_app_named_by_its_id() {
    let mut files = hardened();
    let fields = "\"IsClientCredentialsFlowEnabled\":true,\"ClientCredentialsFlowUser\":\"005xx0000000001AAA\"";
    files.insert("exports/ExtlClntAppOauthPlcyCnfg.json".to_owned(), policy_record(fields));
    let assessment = assessed(&files);
    let finding = named(&assessment, "0xIxx0000000001AAA");
    assert_eq!((finding.flow_state(), finding.execution_user().state), (FlowState::On, UserState::Active));
    assert_eq!(finding.execution_user().shared_with, ["Sync"], "a user by id and by name is one user");
}

#[test]
fn children_join_by_their_link_and_names_compare_with_case() {
    let mut files = hardened();
    moved(&mut files, POLICY, "anywhere/Other_Name.ecaOauthPlcy");
    moved(&mut files, GLOBAL, "profiles/zzz.ecaGlblOauth-meta.xml");
    let assessment = assessed(&files);
    assert_eq!(assessment.findings.len(), 1);
    assert_eq!(assessment.findings[0].basis, Some(Basis::Hardened.into()));
    swap(&mut files, "anywhere/Other_Name.ecaOauthPlcy", ">Sync<", ">sync<");
    let assessment = assessed(&files);
    assert_eq!(assessment.findings.len(), 2, "`sync` is not `Sync`");
    assert_eq!(named(&assessment, "Sync").flow_state(), FlowState::Unknown);
}

#[test]
fn files_of_other_features_and_broken_apps_are_in_the_population() {
    let mut files = hardened();
    let link = "<externalClientApplication>Phone</externalClientApplication>";
    let mobile = format!("<ExtlClntAppMobileSettings>{link}</ExtlClntAppMobileSettings>");
    files.insert("main/default/x.ecaMobile-meta.xml".to_owned(), mobile.into_bytes());
    files.insert("main/default/Torn.eca-meta.xml".to_owned(), b"<ExternalClientApplication><label>".to_vec());
    let assessment = assessed(&files);
    for app in ["Phone", "Torn"] {
        assert_eq!(named(&assessment, app).result, Outcome::NotEvaluable, "{app}");
    }
    assert_eq!(named(&assessment, "Sync").result, Outcome::Pass);
    assert_eq!(shr::assess::exit_code(&assessment), 3);
}

#[test]
fn a_standard_profile_is_found_by_either_of_its_names() {
    for (file, shown) in [
        ("Admin", "System Administrator"),
        ("Standard", "Standard User"),
        ("StandardAul", "Standard Platform User"),
        ("ContractManager", "Contract Manager"),
        ("MarketingProfile", "Marketing User"),
        ("SolutionManager", "Solution Manager"),
        ("ReadOnly", "Read Only"),
        ("Read Only", "Read Only"),
        ("Sales %26 Robots", "Sales & Robots"),
    ] {
        let mut files = hardened();
        moved(&mut files, PROFILE, &format!("main/default/profiles/{file}.profile-meta.xml"));
        swap(&mut files, USERS, "Sync Robot", shown);
        let assessment = assessed(&files);
        let finding = named(&assessment, "Sync");
        assert_eq!(finding.basis, Some(Basis::Hardened.into()), "{file}: {shown}");
        // Readers get the name that Setup shows, wherever a profile is named.
        assert_eq!(finding.execution_user().profile, shown, "{file}");
        assert_eq!(finding.network().because.args.get("profile"), Some(&shown.into()), "{file}");
    }
}

#[test]
fn copies_of_a_profile_unite_their_permissions_and_one_without_ranges_says_nothing() {
    let mut files = hardened();
    let grant = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";
    let copy = |body: &str| format!("<Profile>{body}</Profile>").into_bytes();
    let other = "other/profiles/Sync Robot.profile-meta.xml";
    files.insert(other.to_owned(), copy(""));
    assert_eq!(named(&assessed(&files), "Sync").basis, Some(Basis::Hardened.into()));
    files.insert(other.to_owned(), copy(grant));
    let assessment = assessed(&files);
    let finding = named(&assessment, "Sync");
    assert_eq!((finding.result, finding.privilege().state), (Outcome::Fail, PrivilegeState::Broad));
}

#[test]
fn rights_in_files_never_prove_that_there_are_no_others() {
    let mut files = hardened();
    files.remove("exports/ObjectPermissions.json");
    let assessment = assessed(&files);
    let finding = named(&assessment, "Sync");
    assert_eq!((finding.result, finding.privilege().state), (Outcome::NotEvaluable, PrivilegeState::Unknown));
    assert_eq!(finding.rights.objects, ["Order__c"], "what they grant is known");
}

#[test]
fn an_empty_population_is_proven_by_records_or_a_retrieved_manifest() {
    let apps = "ExternalClientApplication";
    let whole =
        format!("<Package><types><members>*</members><name>{apps}</name></types><version>64.0</version></Package>");
    let empty = |done: bool, size: usize| format!("{{\"records\":[],\"totalSize\":{size},\"done\":{done}}}");
    let export = "exports/ExternalClientApplication.json";
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Outcome);
    let rows: [Case<'_>; 6] = [
        ("nothing about apps", &[], Outcome::NotEvaluable),
        ("complete export", &[(export, &empty(true, 0))], Outcome::NotApplicable),
        ("cut-off export", &[(export, &empty(false, 7))], Outcome::NotEvaluable),
        ("CSV without rows", &[("exports/ExternalClientApplication.csv", "Id,DeveloperName\n")], Outcome::NotEvaluable),
        (
            "manifest of a retrieval",
            &[("unpackaged/package.xml", &whole), ("unpackaged/profiles/B.profile", "<Profile/>")],
            Outcome::NotApplicable,
        ),
        ("manifest of a request", &[("manifest/package.xml", &whole)], Outcome::NotEvaluable),
    ];
    for (name, more, outcome) in rows {
        let mut files: Files = hardened().into_iter().filter(|(path, _)| path == USERS || path == PROFILE).collect();
        files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
        let assessment = assessed(&files);
        assert_eq!((assessment.findings.len(), assessment.result), (0, outcome), "{name}");
    }
}
