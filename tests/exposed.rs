//! A consumer secret in clear text fails its app wherever it stands, and reaches no output; what is no secret does not.

use crate::spoiled::hostile::{Files, GLOBAL, hardened};
use jiff::civil::date;
use shr::assess::{assess, exit_code};
use shr::engagement::Engagement;
use shr::model::{Assessment, Outcome};
use shr::source::{Limits, Source};

const SECRET: &str = "0123456789ABCDEF-SAMPLE-SECRET";
const ELEMENT: &str = "<consumerSecret>0123456789ABCDEF-SAMPLE-SECRET</consumerSecret>";
const LINK: &str = "<externalClientApplication>Sync</externalClientApplication>";
const ROOT: &str = "ExtlClntAppGlobalOauthSettings";

fn judged(files: Files) -> Assessment {
    let limits = Limits::default();
    let snapshot = shr::ingest::read(&Source::memory("acme", files), &limits).unwrap();
    assess(&snapshot, &shr::controls::catalogue("en").unwrap(), &Engagement::default(), "acme", date(2026, 11, 24))
}

/// Outcome of the criterion, the key of its reason, and the places that it cites.
fn secret(assessment: &Assessment, app: &str) -> (Outcome, String, Vec<String>) {
    let finding = assessment.findings.iter().find(|one| one.subject.api_name == app).unwrap();
    let seen = finding.observations.iter().find(|one| one.criterion == "secret-not-exposed").unwrap();
    let places = seen.items.iter().map(|item| item.place()).collect();
    (seen.outcome(), seen.because.key.rsplit('.').next().unwrap().to_owned(), places)
}

fn settings(inner: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<{ROOT}>\n{LINK}\n{inner}\n</{ROOT}>\n")
}

#[test]
fn a_secret_in_clear_text_fails_wherever_it_stands() {
    let whole = settings(ELEMENT);
    let commented = settings(&format!("<!-- {ELEMENT} -->"));
    let torn = format!("<{ROOT}>\n{LINK}\n\n{ELEMENT}\n<isCl");
    let cases = [
        (GLOBAL, whole.clone()),
        (GLOBAL, commented),
        (GLOBAL, settings(&format!("<label><![CDATA[\n{ELEMENT}]]></label>")).replace("\n<label>", "<label>")),
        (GLOBAL, settings(&format!("{ELEMENT}<consumerSecret>****</consumerSecret>"))),
        (GLOBAL, torn.clone()),
        ("main/default/Sync_x.ecaGlobalOauth-meta.xml", whole.clone()),
        ("main/default/Sync_x.ECAGLBLOAUTH", whole.clone()),
        ("main/default/Sync_x.xml", whole.clone()),
        ("main/default/extlClntAppGlobalOauthSets/Sync_x.globaloauthset", whole.clone()),
        (
            "main/default/Sync_x.ecaOauth-meta.xml",
            format!("<ExtlClntAppOauthSettings>\n{LINK}\n\n<!--{ELEMENT}-->\n</ExtlClntAppOauthSettings>"),
        ),
        (
            "main/default/Sync.eca-meta.xml",
            format!("<ExternalClientApplication>\n<!-- a\nb -->\n<!--{ELEMENT}-->\n</ExternalClientApplication>"),
        ),
        ("main/default/Sync_x.ecaGlblOauth-meta.xml.bak", whole.clone()),
        ("main/default/Sync_x.ecaGlblOauth-meta.xml.orig", torn.clone()),
        ("main/default/Sync_x.ecaGlblOauth-meta.xml~", whole.clone()),
        ("main/default/Sync_x.ecaGlblOauth.old", whole.clone()),
        ("main/default/Sync_x.ecaGlblOauth-meta copy.xml", whole.clone()),
        ("main/default/Sync_x.ecaGlblOauth-meta (1).xml", whole.clone()),
        ("main/default/.Sync_x.ecaGlblOauth-meta.xml.swp", whole.clone()),
        ("main/default/Sync_x.xml.bak", whole.clone()),
        ("main/default/Sync_x.ecaGlblOauth-meta.xml.rej", format!("@@ -1 +1 @@\n-x\n\n+    {ELEMENT}\n")),
        (
            "main/default/Sync.connectedApp-meta.xml",
            format!("<ConnectedApp>\n<oauthConfig>\n\n{ELEMENT}</oauthConfig>\n</ConnectedApp>"),
        ),
        (
            "main/default/Sync.connectedApp.bak",
            format!("<ConnectedApp>\n<oauthConfig>\n\n{ELEMENT}</oauthConfig>\n</ConnectedApp>"),
        ),
    ];
    for (path, text) in cases {
        let mut files = hardened();
        files.insert(path.to_owned(), text.into_bytes());
        let assessment = judged(files);
        let (outcome, key, places) = secret(&assessment, "Sync");
        assert_eq!((outcome, key.as_str()), (Outcome::Fail, "fail"), "{path}");
        assert_eq!(places, [format!("{path}:4")], "{path}");
        let finding = assessment.findings.iter().find(|one| one.subject.api_name == "Sync").unwrap();
        assert_eq!(finding.result, Outcome::Fail, "{path}");
        let told = serde_json::to_string(&assessment).unwrap();
        assert!(!told.contains("SAMPLE-SECRET") && !told.contains(SECRET), "{path}");
    }
}

#[test]
fn what_is_no_secret_is_told_as_what_it_is() {
    let cases = [
        ("__SYNC_SECRET__", "placeholder"),
        ("$SYNC_SECRET", "placeholder"),
        ("${SYNC_SECRET}", "placeholder"),
        ("{{ sync.secret }}", "placeholder"),
        ("********", "masked"),
        ("", "absent"),
    ];
    for (text, expected) in cases {
        let mut files = hardened();
        files.insert(GLOBAL.to_owned(), settings(&format!("<consumerSecret>{text}</consumerSecret>")).into_bytes());
        let (outcome, key, _) = secret(&judged(files), "Sync");
        assert_eq!((outcome, key.as_str()), (Outcome::Pass, expected), "{text}");
    }
}

#[test]
fn a_copy_is_read_for_secrets_and_for_nothing_else() {
    let policy = "main/default/Sync_x.ecaOauthPlcy-meta.xml.bak";
    let mut files = hardened();
    let open = "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>Sync</externalClientApplication><ipRelaxationPolicyType>Bypass</ipRelaxationPolicyType></ExtlClntAppOauthConfigurablePolicies>";
    files.insert(policy.to_owned(), open.as_bytes().to_vec());
    let assessment = judged(files);
    let finding = &assessment.findings[0];
    assert_eq!((finding.result, assessment.problems.len()), (Outcome::Pass, 0), "{:?}", assessment.problems);
    assert!(assessment.inputs.iter().any(|input| input.path == policy), "what was opened is an input");
    let because = &finding.observations.iter().find(|one| one.criterion == "secret-not-exposed").unwrap().because;
    let said = shr::controls::wording("en").unwrap().say(because);
    assert!(said.contains(".ecaOauthPlcy-meta.xml.bak") && said.contains(".ecaGlblOauth,"), "{said}");
}

#[test]
fn a_secret_of_no_known_app_is_a_problem_and_never_a_silent_pass() {
    for path in ["main/default/Legacy.connectedApp-meta.xml", "old/Legacy.ecaGlblOauth-meta.xml.bak"] {
        let mut files = hardened();
        let text = format!("<ConnectedApp><oauthConfig>{ELEMENT}</oauthConfig></ConnectedApp>");
        files.insert(path.to_owned(), text.into_bytes());
        let assessment = judged(files);
        let problems: Vec<_> = assessment.problems.iter().map(|one| one.place.as_str()).collect();
        assert_eq!(problems, [format!("{path}:1")]);
        assert_eq!((secret(&assessment, "Sync").0, exit_code(&assessment)), (Outcome::Pass, 3), "{path}");
        assert!(!serde_json::to_string(&assessment).unwrap().contains("SAMPLE-SECRET"));
    }
}

#[test]
fn the_longest_name_owns_a_file_without_a_link() {
    let mut files = hardened();
    let header = "<ExternalClientApplication><label>EU</label></ExternalClientApplication>";
    files.insert("main/default/Sync_EU.eca-meta.xml".to_owned(), header.as_bytes().to_vec());
    files.insert("main/default/Sync_EU_x.ecaGlblOauth-meta.xml".to_owned(), format!("<{ROOT}>{ELEMENT}").into_bytes());
    let assessment = judged(files);
    assert_eq!(secret(&assessment, "Sync_EU").0, Outcome::Fail);
    assert_eq!(secret(&assessment, "Sync").0, Outcome::Pass);
}

#[test]
fn files_of_other_kinds_are_not_opened() {
    let mut files = hardened();
    let before = judged(files.clone()).inputs.len();
    for path in ["main/build.xml", "main/Sync.cls", "main/Order__c.object-meta.xml", "docs/Sync.txt"] {
        files.insert(path.to_owned(), format!("<project>{ELEMENT}</project>").into_bytes());
    }
    let assessment = judged(files);
    assert_eq!((assessment.inputs.len(), assessment.problems.len()), (before, 0));
}
