//! What is asked for: the one component or field that is missing, never an export that is there and whole.

use super::one;
use crate::hardened::{APP, at, id, judge_with, seen, snapshot};
use shr::engagement::Engagement;
use shr::model::{Assessment, Missing, Question, Settles};
use shr::snapshot::{Container, ContainerRef, Coverage, Kind, Located, Seen, Snapshot, Switch};

const LEAST: &str = "execution-user-least-privilege";
const NETWORK: &str = "network-restricted";
const KNOWN: &str = "execution-user-identified";

/// What is done, its change, a criterion, what it lacks in words, what a retrieval names, and the requests that are left.
type Row = (&'static str, fn(&mut Snapshot), &'static str, &'static str, &'static str, &'static [&'static str]);

fn without(s: &mut Snapshot, kinds: &[Kind]) {
    one(s).sources.retain(|source| !kinds.contains(&source.kind));
}

fn no_policy(s: &mut Snapshot) {
    without(s, &[Kind::OauthPolicyFile]);
    let app = one(s);
    (app.policy_flow, app.execution_user, app.ip_relaxation) = (Seen::default(), Seen::default(), Seen::default());
}

/// A second assignment, to a set of a package that no file describes.
fn packaged(s: &mut Snapshot) {
    let mut second = s.access.assignments[0].clone();
    let place = second.at.clone();
    second.permission_set = vec![
        Located::new(ContainerRef::Id(id("0PS000000000077")), "0PS000000000077", place.clone()),
        Located::new(ContainerRef::Name("tidepkg__Runtime".into()), "Runtime", place.clone()),
    ];
    second.owned_by_profile = Some(Located::new(Switch::Off, "false", place));
    s.access.assignments.push(second);
}

fn exported(s: &mut Snapshot, kind: Kind) {
    s.coverage.insert(kind, Coverage::Complete { got: 1 });
}

const ROWS: &[Row] = &[
    (
        "no policy",
        no_policy,
        "flow-disabled",
        "the OAuth policy of Order_Sync",
        "ExtlClntAppOauthConfigurablePolicies",
        &["metadata", "oauth-policy"],
    ),
    (
        "no policy, and its relaxation with it",
        no_policy,
        NETWORK,
        "the OAuth policy of Order_Sync",
        "ExtlClntAppOauthConfigurablePolicies",
        &["metadata", "oauth-policy"],
    ),
    (
        "no policy file, though the export of policies is whole",
        |s| {
            no_policy(s);
            exported(s, Kind::OauthPolicyRecords);
        },
        "flow-disabled",
        "the OAuth policy of Order_Sync",
        "ExtlClntAppOauthConfigurablePolicies",
        &["metadata"],
    ),
    (
        "a policy without relaxation",
        |s| one(s).ip_relaxation = Seen::default(),
        NETWORK,
        "ipRelaxationPolicyType in the OAuth policy of Order_Sync",
        "ExtlClntAppOauthConfigurablePolicies",
        &["metadata", "oauth-policy"],
    ),
    (
        "a policy that names nobody",
        |s| one(s).execution_user = Seen::default(),
        KNOWN,
        "an execution user in the OAuth policy of Order_Sync",
        "",
        &[],
    ),
    (
        "a user whom a whole export lacks",
        |s| s.access.users.clear(),
        KNOWN,
        "a User row of svc.order@example.com",
        "",
        &[],
    ),
    (
        "a user of whom nothing tells whether he is active",
        |s| s.access.users[0].active = None,
        KNOWN,
        "IsActive of SVC.ORDER@EXAMPLE.COM in the User export",
        "",
        &["user"],
    ),
    (
        "no export of users",
        |s| {
            s.access.users.clear();
            s.coverage.remove(&Kind::UserRecords);
        },
        KNOWN,
        "",
        "",
        &["user"],
    ),
    (
        "a set of a package that is in no file",
        packaged,
        LEAST,
        "the permission set tidepkg__Runtime",
        "PermissionSet:tidepkg__Runtime",
        &["permission-set", "metadata"],
    ),
    (
        "a set of a package that a whole export lacks",
        |s| {
            packaged(s);
            exported(s, Kind::PermissionSetRecords);
        },
        LEAST,
        "the permission set tidepkg__Runtime",
        "PermissionSet:tidepkg__Runtime",
        &["metadata"],
    ),
    (
        "no profile",
        |s| s.access.containers.retain(|one: &Container| one.name != "Sync"),
        NETWORK,
        "the profile Sync",
        "Profile",
        &["metadata", "profile"],
    ),
    (
        "a profile by its record only",
        |s| {
            s.access.containers[0].from_file = false;
            s.access.containers[0].login_ranges = Seen::default();
        },
        NETWORK,
        "readable login IP ranges of the profile Sync",
        "Profile:Sync",
        &["metadata"],
    ),
    (
        "no list of scopes",
        |s| one(s).scopes = Seen::default(),
        "scopes-minimal",
        "the OAuth settings of Order_Sync",
        "ExtlClntAppOauthSettings",
        &["metadata", "oauth-settings"],
    ),
    (
        "no rows of rights",
        |s| {
            s.coverage.remove(&Kind::ObjectPermissionRecords);
        },
        LEAST,
        "",
        "",
        &["object-permissions"],
    ),
];

fn asked(assessment: &Assessment, criterion: &str) -> Vec<Question> {
    let all = assessment.findings.iter().find(|finding| finding.subject.api_name == APP).unwrap().questions.iter();
    all.filter(|one| one.criterion == criterion && one.settles == Settles::Export).cloned().collect()
}

#[test]
fn a_question_names_what_is_missing_and_no_more() {
    let words = [shr::controls::wording("en").unwrap(), shr::controls::wording("de").unwrap()];
    let mut faults = Vec::new();
    for (name, change, criterion, wanted, retrieve, requests) in ROWS {
        let mut snapshot = snapshot();
        change(&mut snapshot);
        let assessment = judge_with(&snapshot, &Engagement::default());
        let questions = asked(&assessment, criterion);
        let said = |question: &Question| {
            let phrases = Missing::phrases(&question.missing);
            assert!(phrases.iter().all(|phrase| words.iter().all(|words| !words.say(phrase).contains('⟨'))), "{name}");
            phrases.iter().map(|phrase| words[0].say(phrase)).collect::<Vec<_>>().join("; ")
        };
        let fits = |question: &&Question| {
            let names: Vec<&str> = question.missing.iter().flat_map(|one| &one.retrieve).map(|part| &**part).collect();
            said(question) == *wanted && names.join(" ") == *retrieve && question.requests == *requests
        };
        if !questions.iter().any(|question| fits(&question)) {
            let all: Vec<_> = questions.iter().map(|one| (said(one), &one.missing, &one.requests)).collect();
            faults.push(format!("{name}: {all:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whoever is known to be inactive is known, and nothing is asked to find out.
#[test]
fn nothing_is_asked_about_a_user_who_is_there() {
    let mut snapshot = snapshot();
    snapshot.access.users[0].active = Some(Located::new(Switch::Off, "false", at("User.json", 1)));
    let assessment = judge_with(&snapshot, &Engagement::default());
    assert!(asked(&assessment, KNOWN).is_empty(), "{:?}", asked(&assessment, KNOWN));
    let requests = assessment.findings.iter().flat_map(|finding| &finding.questions).flat_map(|one| &one.requests);
    assert!(!requests.clone().any(|id| id == "user"), "{:?}", requests.collect::<Vec<_>>());
}

/// A login history that is there is not asked for: what lacks is whose rows to look for.
#[test]
fn the_login_history_is_not_asked_for_where_the_user_is_not_known() {
    let mut snapshot = snapshot();
    no_policy(&mut snapshot);
    exported(&mut snapshot, Kind::LoginRecords);
    let asked = asked(&judge_with(&snapshot, &Engagement::default()), "use-observed");
    assert!(
        !asked.is_empty() && asked.iter().all(|one| !one.requests.iter().any(|id| id == "login-history")),
        "{asked:?}"
    );
    assert!(asked.iter().all(|one| one.missing.iter().any(|missing| missing.name == APP)), "{asked:?}");
}

/// A question about several apps names what each of them lacks, and every criterion that it settles.
#[test]
fn a_question_about_several_apps_names_what_each_lacks() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let mut snapshot = snapshot();
    snapshot.apps.insert("Quote_Feed".to_owned(), crate::hardened::app("Quote_Feed"));
    for name in [APP, "Quote_Feed"] {
        snapshot.apps.get_mut(name).unwrap().scopes = Seen::default();
    }
    let report = shr::report::build(&judge_with(&snapshot, &Engagement::default()), &control, &words);
    let question = report.questions.iter().find(|one| one.text.contains("commaSeparatedOauthScopes")).unwrap();
    assert_eq!(question.apps.len(), 2);
    assert!(
        question.settles.starts_with("settled by the OAuth settings of Order_Sync and Quote_Feed"),
        "{}",
        question.settles
    );
}

/// In the report: the names in summary and open questions, a retrieval of these components, and no query of what is whole.
#[test]
fn the_report_asks_for_the_component() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let mut snapshot = snapshot();
    packaged(&mut snapshot);
    exported(&mut snapshot, Kind::PermissionSetRecords);
    one(&mut snapshot).ip_relaxation = seen(shr::snapshot::IpRelaxation::Enforce, "Enforce", "eca/policy");
    let report = shr::report::build(&judge_with(&snapshot, &Engagement::default()), &control, &words);
    let gaps = report.summary.gaps.join(" ");
    assert!(gaps.contains("the snapshot lacks the permission set tidepkg__Runtime. What settles it"), "{gaps}");
    let commands: Vec<&str> = report.population.gaps.iter().map(|gap| gap.command.as_str()).collect();
    assert!(
        commands.iter().any(|command| command.contains("--metadata 'PermissionSet:tidepkg__Runtime'")),
        "{commands:?}"
    );
    assert!(!commands.iter().any(|command| command.contains("--manifest")), "{commands:?}");
    let titles: Vec<&str> = report.population.gaps.iter().map(|gap| gap.title.as_str()).collect();
    assert!(!titles.contains(&"PermissionSet"), "{titles:?}");
    let question = report.questions.iter().find(|one| one.text.contains("tidepkg__Runtime")).unwrap();
    assert!(question.text.contains("the PermissionSet export has no row of it"), "{}", question.text);
    assert_eq!(question.settles, "settled by the permission set tidepkg__Runtime");
    assert!(report.questions.iter().all(|one| one.apps.len() == 1), "each app once");
}

/// Several apps that lack the same are one phrase, cut where it gets long.
#[test]
fn what_several_apps_lack_is_one_phrase() {
    let words = [shr::controls::wording("en").unwrap(), shr::controls::wording("de").unwrap()];
    let of = |n: usize| {
        let missing: Vec<Missing> = (0..n)
            .map(|at| Missing {
                part: "ExtlClntAppOauthConfigurablePolicies".into(),
                name: format!("App_{at}"),
                retrieve: Vec::new(),
            })
            .collect();
        let phrases = Missing::phrases(&missing);
        assert_eq!(phrases.len(), 1);
        words.each_ref().map(|words| words.say(&phrases[0]))
    };
    assert_eq!(of(1), ["the OAuth policy of App_0", "die OAuth-Richtlinie von App_0"]);
    assert_eq!(of(2), ["the OAuth policies of App_0 and App_1", "die OAuth-Richtlinien von App_0 und App_1"]);
    assert_eq!(of(9)[0], "the OAuth policies of App_0, App_1, App_2 and 6 more");
    assert_eq!(of(9)[1], "die OAuth-Richtlinien von App_0, App_1, App_2 und 6 weitere");
}
