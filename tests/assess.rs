//! From findings to the assessment: roll-up, completeness, evidence, decisions, exit code.

mod completeness;
mod dates;
mod decisions;
mod identity;
mod limits;

use jiff::civil::{Date, date};
use shr::assess::{assess, exit_code};
use shr::controls::client_credentials::Basis;
use shr::controls::client_credentials::{Stated, UserState};
use shr::engagement::Engagement;
use shr::model::{Assessment, Delta, Disposition, DispositionKind, DispositionState, EvidenceItem, Finding, Outcome};
use shr::snapshot::Snapshot;
use shr::source::{Limits, Source};
use shr::text::message::Message;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const AS_OF: Date = date(2026, 11, 24);

/// Files of a snapshot, to be put together line by line.
#[derive(Clone, Default)]
pub(crate) struct Org(BTreeMap<String, String>);

impl Org {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn file(mut self, path: &str, text: impl Into<String>) -> Self {
        self.0.insert(path.to_owned(), text.into());
        self
    }

    pub(crate) fn text(&self, path: &str) -> String {
        self.0[path].clone()
    }

    fn child(self, app: &str, suffix: &str, root: &str, body: &str) -> Self {
        let text = format!(
            "<{root} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n\
             <externalClientApplication>{app}</externalClientApplication>\n{body}\n</{root}>\n"
        );
        self.file(&format!("force-app/{app}.{suffix}"), text)
    }

    fn policy(self, app: &str, body: &str) -> Self {
        self.child(app, "ecaOauthPlcy-meta.xml", "ExtlClntAppOauthConfigurablePolicies", body)
    }

    /// Flow off by the policy: `pass`.
    pub(crate) fn off(self, app: &str) -> Self {
        self.policy(app, "<isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled>")
    }

    /// Flow on, nothing else known: `not_evaluable`.
    pub(crate) fn on(self, app: &str) -> Self {
        self.policy(
            app,
            "<clientCredentialsFlowUser>bot@example.com</clientCredentialsFlowUser>\n\
             <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>",
        )
    }

    /// Flow on and its secret in clear text: `fail`.
    pub(crate) fn exposed(self, app: &str) -> Self {
        self.on(app).settings(app, true)
    }

    /// Policy on, setting off: `review`.
    pub(crate) fn contradictory(self, app: &str) -> Self {
        self.on(app).settings(app, false)
    }

    fn settings(self, app: &str, on: bool) -> Self {
        let secret = if on { "<consumerSecret>clear-text-of-a-test</consumerSecret>\n" } else { "" };
        let body = format!("{secret}<isClientCredentialsFlowEnabled>{on}</isClientCredentialsFlowEnabled>");
        self.child(app, "ecaGlblOauth-meta.xml", "ExtlClntAppGlobalOauthSettings", &body)
    }

    /// A manifest that asks for every app.
    pub(crate) fn manifest(self) -> Self {
        let types = "<types><members>*</members><name>ExternalClientApplication</name></types>";
        let xmlns = "http://soap.sforce.com/2006/04/metadata";
        // A manifest is a proof only beside what was retrieved with it.
        let beside = format!("<Profile xmlns=\"{xmlns}\"><custom>true</custom></Profile>\n");
        self.file("profiles/Beside.profile", beside)
            .file("package.xml", format!("<Package xmlns=\"{xmlns}\">{types}<version>64.0</version></Package>\n"))
    }

    /// A JSON export of apps that announces `total` rows.
    pub(crate) fn app_rows(self, names: &[&str], total: usize) -> Self {
        let row = |(n, name): (usize, &&str)| {
            format!(
                "{{\"attributes\":{{\"type\":\"ExternalClientApplication\"}},\"Id\":\"0xI00000000000{n}AAA\",\
                 \"DeveloperName\":\"{name}\"}}"
            )
        };
        let rows: Vec<String> = names.iter().enumerate().map(row).collect();
        let done = total == names.len();
        let text = format!("{{\"records\":[{}],\"totalSize\":{total},\"done\":{done}}}", rows.join(","));
        self.file("ExternalClientApplication.json", text)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let files = self.0.iter().map(|(path, text)| (path.as_str(), text.as_bytes()));
        shr::ingest::read(&Source::memory("acme-folder", files), &Limits::default()).unwrap()
    }

    pub(crate) fn assess(&self, engagement: &str) -> Assessment {
        assess(&self.snapshot(), &shr::controls::catalogue("en").unwrap(), &parse(engagement), "acme", AS_OF)
    }
}

pub(crate) fn parse(engagement: &str) -> Engagement {
    Engagement::parse(engagement, "engagement.toml", &shr::controls::known()).unwrap()
}

pub(crate) fn finding<'a>(assessment: &'a Assessment, app: &str) -> &'a Finding {
    assessment.findings.iter().find(|finding| finding.subject.api_name == app).unwrap()
}

/// Keys of messages, in order.
pub(crate) fn keys(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| &*message.key).collect()
}

/// The sentence of a message; every key and argument has to be there.
pub(crate) fn said(message: &Message) -> String {
    let text = shr::controls::wording("en").unwrap().say(message);
    assert!(!text.contains('⟨'), "{text}");
    text
}

#[test]
fn the_worst_result_is_the_orgs_and_the_counts_are_of_apps() {
    let off = Org::new().off("A");
    let cases = [
        (off.clone(), Outcome::Pass, [0, 0, 0, 1, 0, 0]),
        (off.clone().contradictory("B"), Outcome::Review, [0, 0, 1, 1, 0, 0]),
        (off.clone().contradictory("B").on("C"), Outcome::NotEvaluable, [0, 1, 1, 1, 0, 0]),
        (off.contradictory("B").on("C").exposed("D"), Outcome::Fail, [1, 1, 1, 1, 0, 0]),
        (Org::new().manifest(), Outcome::NotApplicable, [0; 6]),
        (Org::new().app_rows(&[], 0), Outcome::NotApplicable, [0; 6]),
        (Org::new().file("readme.txt", "nothing"), Outcome::NotEvaluable, [0; 6]),
    ];
    for (n, (org, result, counts)) in cases.iter().enumerate() {
        let a = org.assess("");
        assert_eq!((n, a.result), (n, *result));
        assert_eq!((n, Outcome::ALL.iter().map(|o| a.counts.get(*o)).collect::<Vec<_>>()), (n, counts.to_vec()));
        assert!(a.findings.is_sorted_by(|x, y| x.subject.api_name < y.subject.api_name));
    }
}

#[test]
fn an_excluded_app_is_not_tested_and_says_who_and_why() {
    let exclude = "[[exclude]]\napp = \"D\"\nby = \"Ada Auditor\"\nwhy = \"belongs to another engagement\"\n";
    let org = Org::new().off("A").exposed("D");
    let a = org.assess(exclude);
    let excluded = finding(&a, "D");
    assert_eq!((excluded.result, excluded.basis.clone()), (Outcome::NotTested, None));
    assert!(excluded.score.is_none());
    assert_eq!(excluded.because.args.get("by"), Some(&"Ada Auditor".into()));
    assert_eq!(excluded.because.args.get("why"), Some(&"belongs to another engagement".into()));
    assert_eq!((a.result, a.counts.not_tested, a.counts.fail), (Outcome::Pass, 1, 0));
    assert_eq!(a.population.evaluated, 1);
    assert_eq!(exit_code(&a), 0, "what a person left out is not open");

    for (scope, result) in [("org = \"acme\"\n", Outcome::NotTested), ("org = \"other\"\n", Outcome::Fail)] {
        assert_eq!(finding(&org.assess(&format!("{exclude}{scope}")), "D").result, result, "{scope}");
    }
    let criterion = exclude.replace("app = \"D\"", "app = \"D\"\ncriterion = \"use-observed\"");
    assert_eq!(finding(&org.assess(&criterion), "D").result, Outcome::Fail, "a criterion alone excludes no app");
}

#[test]
fn every_cited_place_is_registered_once_and_numbered_in_path_order() {
    let profile = "<Profile xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n<userPermissions>\n\
                   <enabled>true</enabled>\n<name>ModifyAllData</name>\n</userPermissions>\n</Profile>\n";
    let users = "Id,Username,IsActive,ProfileId,Profile.Name\n\
                 005xx0000000001AAA,bot@example.com,true,00exx0000000001AAA,Bot\n";
    let org = Org::new().exposed("B").exposed("A").off("C");
    let a = org.file("force-app/Bot.profile-meta.xml", profile).file("User.csv", users).assess("");
    let registered: BTreeMap<&str, &EvidenceItem> = a.evidence.iter().map(|e| (e.id.as_str(), &e.item)).collect();
    assert_eq!(registered.len(), a.evidence.len(), "ids are unique");
    let expected: Vec<String> = (1..=a.evidence.len()).map(|n| format!("EV-{n:03}")).collect();
    assert_eq!(a.evidence.iter().map(|e| e.id.clone()).collect::<Vec<_>>(), expected);
    assert!(a.evidence.windows(2).all(|pair| pair[0].item < pair[1].item), "in path order, none twice");

    let mut cited = BTreeSet::new();
    let mut steps = 0;
    for finding in &a.findings {
        for seen in &finding.observations {
            let places: BTreeSet<&EvidenceItem> = seen.items.iter().collect();
            let found: BTreeSet<&EvidenceItem> = seen.evidence.iter().map(|id| registered[id.as_str()]).collect();
            assert_eq!(places, found, "{} {}", finding.subject.api_name, seen.criterion);
            assert_eq!(seen.evidence.len(), found.len(), "no id twice in one observation");
            cited.extend(seen.evidence.iter().cloned());
        }
        for step in finding.rights.grants.iter().flat_map(|grant| grant.paths.iter().flatten()) {
            match &step.item {
                Some(item) => assert_eq!(registered[step.evidence.as_str()], item),
                None => assert_eq!(step.evidence, ""),
            }
            steps += usize::from(!step.evidence.is_empty());
            cited.extend(Some(step.evidence.clone()).filter(|id| !id.is_empty()));
        }
    }
    assert!(steps >= 2, "both apps run as an administrator");
    assert_eq!(cited.len(), a.evidence.len(), "nothing is registered that nobody cites");
    let policy = a.evidence.iter().filter(|e| *e.item.path == *"force-app/A.ecaOauthPlcy-meta.xml").count();
    assert!(policy >= 2, "two settings of one file are two places");
}

#[test]
fn the_exit_code_follows_what_fails_what_is_open_and_what_was_not_read() {
    let broken = ("force-app/X.profile-meta.xml", "<Profile>");
    let off = Org::new().off("A");
    let cases = [
        ("nothing open", off.clone(), 0),
        ("one failing", off.clone().exposed("B"), 1),
        ("one failing, one open", off.clone().exposed("B").on("C"), 1),
        ("one open", off.clone().on("C"), 3),
        ("one for a person", off.clone().contradictory("C"), 3),
        ("a file that cannot be read", off.clone().file(broken.0, broken.1), 3),
        ("no app, proven", Org::new().manifest(), 0),
        ("no app, not proven", Org::new().file("a.txt", ""), 3),
    ];
    for (name, org, code) in &cases {
        assert_eq!((name, exit_code(&org.assess(""))), (name, *code));
    }
}

#[test]
fn only_a_valid_decision_takes_a_failing_app_out_of_the_exit_code() {
    let a = Org::new().exposed("B").exposed("C").assess("");
    let decided = |states: [Option<DispositionState>; 2]| {
        let mut a = a.clone();
        for (finding, state) in a.findings.iter_mut().zip(states) {
            finding.disposition = state.map(|state| Disposition {
                kind: DispositionKind::AcceptRisk,
                app: finding.subject.api_name.clone(),
                state,
                rationale: "r".into(),
                approver: "a".into(),
                on: None,
                expires: None,
            });
        }
        (exit_code(&a), a.result)
    };
    let valid = Some(DispositionState::Valid);
    assert_eq!(decided([valid, valid]), (0, Outcome::Fail), "the result stays");
    for other in [None, Some(DispositionState::Expired), Some(DispositionState::Incomplete)] {
        assert_eq!(decided([valid, other]), (1, Outcome::Fail));
    }
    let open = Org::new().exposed("B").on("C").assess(
        "[[disposition]]\napp = \"B\"\nkind = \"Accept Risk\"\nrationale = \"r\"\napprover = \"a\"\n\
         on = 2026-11-01\nexpires = 2026-12-31\n",
    );
    assert_eq!(exit_code(&open), 3, "accepted, but something else is open");
}

#[test]
fn thresholds_say_where_they_come_from() {
    let own = shr::controls::catalogue("en").unwrap().thresholds;
    let a = Org::new().assess("");
    assert!(a.thresholds.iter().all(|t| t.from == "catalogue"));
    let values: Vec<(&str, u64)> = a.thresholds.iter().map(|t| (t.name.as_str(), t.value.parse().unwrap())).collect();
    assert_eq!(values, own.named().collect::<Vec<_>>());
    let stated = format!("[thresholds]\nipv4_range = 16\nobjects = {}\n", own.get("objects"));
    let a = Org::new().assess(&stated);
    let of = |name: &str| {
        let row = a.thresholds.iter().find(|t| t.name == name).unwrap();
        (row.value.as_str(), row.from.as_str())
    };
    assert_eq!(of("ipv4_range"), ("16", "engagement"));
    assert_eq!(of("objects"), (own.get("objects").to_string().as_str(), "engagement"), "stated, if only to confirm");
    assert_eq!(of("ipv4_total").1, "catalogue");
    assert_eq!(of("rsa_bits").1, "catalogue");
}

#[test]
fn an_overridden_threshold_is_the_one_that_judges() {
    let ranges = "<loginIpRanges><endAddress>203.0.113.31</endAddress><startAddress>203.0.113.0</startAddress>\
                  </loginIpRanges>";
    let profile = format!("<Profile xmlns=\"http://soap.sforce.com/2006/04/metadata\">{ranges}</Profile>\n");
    let users = "Id,Username,IsActive,ProfileId,Profile.Name\n\
                 005xx0000000001AAA,bot@example.com,true,00exx0000000001AAA,Bot\n";
    let body = "<clientCredentialsFlowUser>bot@example.com</clientCredentialsFlowUser>\n\
                <ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\n\
                <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>";
    let org = Org::new().policy("A", body).file("User.csv", users).file("force-app/Bot.profile-meta.xml", profile);
    let network = |engagement: &str| finding(&org.assess(engagement), "A").network().state.word();
    assert_eq!(network(""), "narrow");
    assert_eq!(network("[thresholds]\nipv4_range = 32\n"), "narrow");
    assert_eq!(network("[thresholds]\nipv4_range = 31\n"), "wide");
}

#[test]
fn an_assessment_reads_back_as_it_was_written() {
    let a = Org::new().off("A").exposed("B").assess("[document]\nclient = \"Acme\"\nfinal = true\n");
    assert_eq!((a.document.client.as_str(), a.document.is_final), ("Acme", true));
    let text = serde_json::to_string(&a).unwrap();
    let back: Assessment = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
    assert!(!text.contains("clear-text-of-a-test"), "a secret is in the assessment");
    assert_eq!(a.findings.iter().map(|f| f.basis.clone()).collect::<Vec<_>>(), [Some(Basis::FlowOff.into()), None]);
    assert_eq!(a.control.published_range, "High 7.0 to 8.9");
}

#[test]
fn an_assessment_keeps_to_its_published_schema() {
    let text = include_str!("../docs/assessment.schema.json");
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("urn:shr", serde_json::from_str(text).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("urn:shr", &mut schemas).unwrap();
    let said = "[[org]]\nkey = \"acme\"\nid = \"00Dxx0000001gPf\"\nsnapshot_at = 2026-11-20\n\
                [[disposition]]\napp = \"P\"\nkind = \"False Positive\"\n\
                [[attest]]\napp = \"Q\"\ncriterion = \"scopes-minimal\"\nmet = true\nstatement = \"s\"\nby = \"b\"\n";
    let full = Org::new().off("P").exposed("F").on("N").contradictory("R").app_rows(&["P"], 4);
    for org in [full.file("x.profile", "<broken"), Org::new().manifest()] {
        let value = serde_json::to_value(org.assess(said)).unwrap();
        assert!(schemas.validate(&value, index).is_ok(), "{:#}", schemas.validate(&value, index).unwrap_err());
    }
}

/// Last month's baselines have the fields of the control in the finding.
#[test]
fn an_assessment_of_the_first_form_is_read_and_compares() {
    let earlier = include_bytes!("data/assessment-1.json");
    let read = shr::controls::read(earlier).unwrap();
    assert_eq!(read.schema, shr::model::SCHEMA);
    let written = serde_json::to_vec(&read).unwrap();
    assert_eq!(shr::controls::read(&written).unwrap(), read);
    for finding in &read.findings {
        assert_eq!(finding.subject.kind, "external_client_app");
        assert!(!finding.execution_user().name.is_empty() || finding.execution_user().state != UserState::Active);
        assert_eq!(finding.rights_number.is_some(), !finding.rights.is_empty(), "{}", finding.id);
    }
    // The sample that it was written of, judged today, states the same.
    let name = "lumen-mdapi.zip";
    let snapshot = crate::samples::snapshot(&crate::samples::samples().join(name));
    let control = shr::controls::catalogue("en").unwrap();
    let mut now =
        assess(&snapshot, &control, &crate::samples::engagement(), crate::samples::key(name), crate::samples::AS_OF);
    now.ruleset_version.clone_from(&read.ruleset_version);
    shr::delta::compare(&read, &mut now);
    for finding in &now.findings {
        let same = if finding.result == Outcome::NotEvaluable { Delta::NotComparable } else { Delta::Unchanged };
        assert_eq!((finding.delta, &finding.moved), (Some(same), &Vec::new()), "{}", finding.id);
    }
    assert!(!now.findings.is_empty());
    // A fact of another form is refused, not taken for one that was not stated.
    let text = String::from_utf8(written).unwrap().replacen("\"flow_state\":\"", "\"flow_state\":\"half-", 1);
    let error = shr::controls::read(text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("flow_state") && error.contains("SHR-CCF-"), "{error}");
}
