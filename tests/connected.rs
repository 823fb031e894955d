//! The control on connected apps, from files to findings: one change at a time against an app in the state that the page
//! calls low risk.

mod outputs;
mod pairs;

use crate::hardened::judge_with;
use crate::spoiled::hostile::{Files, PROFILE, USERS, hardened, swap, xml};
use shr::controls::client_credentials::score::{RateLimit, ScopeClass, ScoreInputs, residual};
use shr::controls::client_credentials::{FlowState, NetworkState, Stated, UserState};
use shr::engagement::Engagement;
use shr::model::{Assessment, Conclusion, Finding, Impact, Level, Outcome, Source as Told, Tenths};
use shr::source::{Limits, Source};

pub(crate) const CONNECTED: &str = "main/default/connectedApps/Sync.connectedApp-meta.xml";
const USER: &str = "svc.sync@acme.example.com";
const ON: &str = "<isClientCredentialEnabled>true</isClientCredentialEnabled>";
const RUN_AS: &str = "<oauthClientCredentialUser>svc.sync@acme.example.com</oauthClientCredentialUser>";
const ENFORCE: &str = "<ipRelaxation>ENFORCE</ipRelaxation>";

/// Somebody watches the API use.
const WATCHED: &str = "[[attest]]\ncontrol = \"ca-ccf\"\ncriterion = \"api-monitored\"\nmet = true\nstatement = \"The SOC alerts on it\"\nby = \"A. Person\"\non = 2026-11-01\nexpires = 2027-06-30\n";

/// A connected app's file.
pub(crate) fn app(label: &str, oauth: &str, policy: &str) -> String {
    let oauth = if oauth.is_empty() { String::new() } else { format!("<oauthConfig>\n{oauth}\n</oauthConfig>\n") };
    xml("ConnectedApp", &format!("<label>{label}</label>\n{oauth}<oauthPolicy>\n{policy}\n</oauthPolicy>"))
}

/// An org whose one app is a connected app, on with everything else as the page calls low risk, once it is watched.
pub(crate) fn low_risk() -> Files {
    let mut files = hardened();
    files.retain(|path, _| !path.contains(".eca"));
    files.insert(
        CONNECTED.to_owned(),
        app("Sync", &format!("{ON}\n<scopes>Api</scopes>\n{RUN_AS}"), ENFORCE).into_bytes(),
    );
    files
}

pub(crate) fn assessed(files: &Files, engagement: &str) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    let engagement = Engagement::parse(engagement, "engagement.toml", &shr::controls::known()).unwrap();
    judge_with(&snapshot, &engagement)
}

pub(crate) fn on_app<'a>(assessment: &'a Assessment, control: &str, name: &str) -> &'a Finding {
    let mut own = assessment.findings.iter().filter(|finding| *finding.control == *control);
    own.find(|finding| finding.subject.api_name == name).unwrap()
}

fn outcome(finding: &Finding, criterion: &str) -> Outcome {
    finding.observations.iter().find(|one| one.criterion == criterion).unwrap().outcome()
}

/// What is changed, with which engagement file, and what it comes to: the result, a criterion with its outcome.
struct Row {
    name: &'static str,
    change: fn(&mut Files),
    engagement: &'static str,
    result: Outcome,
    criterion: (&'static str, Outcome),
}

const fn row(name: &'static str, result: Outcome, criterion: (&'static str, Outcome), change: fn(&mut Files)) -> Row {
    Row { name, change, engagement: WATCHED, result, criterion }
}

fn put(files: &mut Files, oauth: &str, policy: &str) {
    files.insert(CONNECTED.to_owned(), app("Sync", oauth, policy).into_bytes());
}

const GATE: &str = "flow-disabled";
const KNOWN: &str = "execution-user-identified";
const RIGHTS: &str = "execution-user-least-privilege";
const NETWORK: &str = "network-restricted";
const SECRET: &str = "secret-not-exposed";
const WATCH: &str = "api-monitored";

const ROWS: &[Row] = &[
    // ---- the switch
    row("on, with everything of the low-risk state", Outcome::Review, (GATE, Outcome::Fail), |_| {}),
    row("off", Outcome::Pass, (GATE, Outcome::Pass), |f| swap(f, CONNECTED, "Enabled>true", "Enabled>false")),
    row("not stated", Outcome::NotEvaluable, (GATE, Outcome::NotEvaluable), |f| swap(f, CONNECTED, ON, "")),
    row("a word that is none", Outcome::NotEvaluable, (GATE, Outcome::NotEvaluable), |f| {
        swap(f, CONNECTED, "Enabled>true", "Enabled>perhaps");
    }),
    row("two copies that differ", Outcome::Review, (GATE, Outcome::Review), |f| {
        let off = "<isClientCredentialEnabled>false</isClientCredentialEnabled>";
        f.insert("extra/Sync.connectedApp-meta.xml".to_owned(), app("Sync", off, ENFORCE).into_bytes());
    }),
    row("an inactive user", Outcome::Review, (GATE, Outcome::Review), |f| {
        swap(f, USERS, "\"IsActive\":true", "\"IsActive\":false");
    }),
    row("no OAuth", Outcome::NotApplicable, (GATE, Outcome::NotApplicable), |f| put(f, "", ENFORCE)),
    row("torn", Outcome::NotEvaluable, (GATE, Outcome::NotEvaluable), |f| {
        f.insert(CONNECTED.to_owned(), b"<ConnectedApp><oauthConfig>".to_vec());
    }),
    row("off, and a copy that is torn", Outcome::NotEvaluable, (GATE, Outcome::NotEvaluable), |f| {
        swap(f, CONNECTED, "Enabled>true", "Enabled>false");
        f.insert("extra/Sync.connectedApp".to_owned(), b"<ConnectedApp><oauthConfig>".to_vec());
    }),
    // ---- the run-as user
    row("no user known", Outcome::Fail, (KNOWN, Outcome::NotEvaluable), |f| swap(f, CONNECTED, RUN_AS, "")),
    row("no user known: rights", Outcome::Fail, (RIGHTS, Outcome::NotEvaluable), |f| swap(f, CONNECTED, RUN_AS, "")),
    row("no user known: API only", Outcome::Fail, ("execution-user-api-only", Outcome::NotEvaluable), |f| {
        swap(f, CONNECTED, RUN_AS, "");
    }),
    row("a placeholder", Outcome::Fail, (KNOWN, Outcome::NotEvaluable), |f| swap(f, CONNECTED, USER, "__USER__")),
    row("nobody of a whole export", Outcome::Fail, (KNOWN, Outcome::Fail), |f| {
        swap(f, CONNECTED, USER, "nobody@acme.example.com");
    }),
    Row {
        engagement: "[[fact]]\napp = \"Sync\"\nkind = \"connected_app\"\nrun_as = \"SVC.sync@acme.example.com\"\nby = \"A\"\non = 2026-11-01\nexpires = 2027-06-30\n",
        ..row("a person states the user", Outcome::Fail, (KNOWN, Outcome::Pass), |f| swap(f, CONNECTED, RUN_AS, ""))
    },
    Row {
        engagement: "[[fact]]\napp = \"Sync\"\nrun_as = \"svc.sync@acme.example.com\"\nby = \"A\"\non = 2026-01-01\nexpires = 2026-11-01\n",
        ..row("the statement has run out", Outcome::Fail, (KNOWN, Outcome::NotEvaluable), |f| {
            swap(f, CONNECTED, RUN_AS, "");
        })
    },
    Row {
        engagement: "[[fact]]\napp = \"Sync\"\nkind = \"eca\"\nrun_as = \"svc.sync@acme.example.com\"\nby = \"A\"\non = 2026-11-01\nexpires = 2027-06-30\n",
        ..row("a statement on the other kind of app", Outcome::Fail, (KNOWN, Outcome::NotEvaluable), |f| {
            swap(f, CONNECTED, RUN_AS, "");
        })
    },
    Row {
        engagement: "[[fact]]\napp = \"Sync\"\nrun_as = \"other@acme.example.com\"\nby = \"A\"\non = 2026-11-01\nexpires = 2027-06-30\n",
        ..row("file and person differ", Outcome::Fail, (KNOWN, Outcome::Review), |_| {})
    },
    // ---- the network
    row("bypass", Outcome::Fail, (NETWORK, Outcome::Fail), |f| swap(f, CONNECTED, ">ENFORCE<", ">BYPASS<")),
    row("relaxed at refresh", Outcome::Review, (NETWORK, Outcome::Pass), |f| {
        swap(f, CONNECTED, ">ENFORCE<", ">ENFORCE_RELAXREFRESH<");
    }),
    row("a second factor", Outcome::Fail, (NETWORK, Outcome::Review), |f| {
        swap(f, CONNECTED, ">ENFORCE<", ">BYPASS_2FACTOR<");
    }),
    row("no policy", Outcome::Fail, (NETWORK, Outcome::NotEvaluable), |f| swap(f, CONNECTED, ENFORCE, "")),
    row("ranges of the app do not count", Outcome::Fail, (NETWORK, Outcome::Fail), |f| {
        let range = crate::spoiled::hostile::RANGE;
        swap(f, PROFILE, range, "");
        swap(f, CONNECTED, "<label>", "<ipRanges><end>203.0.113.9</end><start>203.0.113.9</start></ipRanges>\n<label>");
    }),
    // ---- the others that decide
    row("a secret", Outcome::Fail, (SECRET, Outcome::Fail), |f| {
        swap(f, CONNECTED, ON, &format!("<consumerSecret>0123456789ABCDEF0123456789ABCDEF</consumerSecret>\n{ON}"));
    }),
    row("Modify All Data", Outcome::Fail, (RIGHTS, Outcome::Fail), |f| {
        crate::spoiled::hostile::hold(f, crate::spoiled::hostile::MODIFY_ALL, crate::spoiled::hostile::PLAIN);
    }),
    Row { engagement: "", ..row("nobody says who watches", Outcome::Fail, (WATCH, Outcome::NotEvaluable), |_| {}) },
    Row {
        engagement: "",
        ..row("a policy that notifies", Outcome::Fail, (WATCH, Outcome::Review), |f| policy(f, "true", "Notification"))
    },
    Row {
        engagement: "",
        ..row("a policy that notifies limits nothing", Outcome::Fail, ("request-rate-limited", Outcome::Fail), |f| {
            policy(f, "true", "Notification");
        })
    },
    Row {
        engagement: "",
        ..row("no policy is active", Outcome::Fail, (WATCH, Outcome::Fail), |f| policy(f, "false", "Notification"))
    },
    row("watched by attestation, whatever the policies", Outcome::Review, (WATCH, Outcome::Pass), |f| {
        policy(f, "true", "Notification");
    }),
];

/// A transaction security policy on API events.
fn policy(files: &mut Files, active: &str, action: &str) {
    let block = action == "Block";
    let text = xml(
        "TransactionSecurityPolicy",
        &format!(
            "<action><block>{block}</block><notifications></notifications></action>\n<active>{active}</active>\n<eventName>ApiEvent</eventName>"
        ),
    );
    let path = "main/default/transactionSecurityPolicies/Api.transactionSecurityPolicy-meta.xml";
    files.insert(path.to_owned(), text.into_bytes());
}

#[test]
fn each_row_of_the_control_comes_to_its_result() {
    let words = ["en", "de"].map(|language| shr::controls::wording(language).unwrap());
    let mut faults = Vec::new();
    for row in ROWS {
        let mut files = low_risk();
        (row.change)(&mut files);
        let assessment = assessed(&files, row.engagement);
        let finding = on_app(&assessment, "ca-ccf", "Sync");
        let found = (finding.result, outcome(finding, row.criterion.0));
        if found != (row.result, row.criterion.1) {
            faults.push(format!("{}: {found:?}, {:?}", row.name, finding.because));
        }
        let reasons = finding.observations.iter().map(|one| &one.because);
        let said = reasons.chain(finding.questions.iter().map(|one| &one.text)).chain(&finding.notes);
        let moves = assessment.actions.iter().flat_map(|one| [&one.what, &one.why, &one.effect]);
        for message in said.chain(moves).chain([&finding.because]).chain(&finding.effect) {
            for words in words.iter().filter(|words| words.say(message).contains('⟨')) {
                faults.push(format!("{}: {}: no words for {}", row.name, words.language, message.key));
            }
        }
        assert_eq!(finding.subject.kind, "connected_app");
        assert!(finding.id.starts_with("SHR-CAC-"), "{}", finding.id);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_passes_or_cannot_be_used_has_no_score() {
    for (change, scored) in [(None, true), (Some(("Enabled>true", "Enabled>false")), false)] {
        let mut files = low_risk();
        if let Some((from, to)) = change {
            swap(&mut files, CONNECTED, from, to);
        }
        let assessment = assessed(&files, WATCHED);
        assert_eq!(on_app(&assessment, "ca-ccf", "Sync").score.is_some(), scored);
    }
    let mut dormant = low_risk();
    swap(&mut dormant, USERS, "\"IsActive\":true", "\"IsActive\":false");
    let assessment = assessed(&dormant, WATCHED);
    let finding = on_app(&assessment, "ca-ccf", "Sync");
    assert_eq!((finding.flow_state(), finding.score.is_none()), (FlowState::Dormant, true));
}

#[test]
fn a_stated_user_is_marked_as_attested() {
    let mut files = low_risk();
    swap(&mut files, CONNECTED, RUN_AS, "");
    let fact = "[[fact]]\napp = \"Sync\"\nrun_as = \"svc.sync@acme.example.com\"\nby = \"A\"\non = 2026-11-01\nexpires = 2027-06-30\n";
    let assessment = assessed(&files, &format!("{fact}{WATCHED}"));
    let finding = on_app(&assessment, "ca-ccf", "Sync");
    let known = finding.observations.iter().find(|one| one.criterion == KNOWN).unwrap();
    assert_eq!((known.outcome(), known.source), (Outcome::Pass, Told::Attested));
    assert_eq!((finding.user_state(), finding.result), (UserState::Active, Outcome::Review));
}

/// The scores of the method, which the page's band was read to hold.
#[test]
fn the_scores_are_those_of_the_method() {
    let catalogue = shr::controls::catalogue("en").unwrap();
    let control = catalogue.known("ca-ccf").unwrap();
    let score = |impact: (Level, Level, Level), network, exposed| {
        let (c, i, a) = impact;
        let inputs = ScoreInputs {
            base31: control.base31.clone(),
            base40: control.base40.clone(),
            range_high: control.range_high,
            impact: Impact { c, i, a },
            complete: true,
            rate: RateLimit::Present,
            scopes: ScopeClass::Data,
            network,
            secret_exposed: exposed,
            flow_unknown: false,
            if_on: false,
        };
        let (v31, v40) = residual(&inputs);
        (v31.to_string(), v40.to_string())
    };
    let told = |v31: &str, v40: &str| (v31.to_owned(), v40.to_owned());
    use Level::{H, L, N};
    assert_eq!(score((H, H, N), NetworkState::None, false), told("9.1", "9.3"));
    assert_eq!(score((H, H, L), NetworkState::None, false), told("9.4", "9.3"));
    assert_eq!(score((H, H, H), NetworkState::None, false), told("9.8", "9.3"));
    assert_eq!(score((L, L, N), NetworkState::Narrow, false), told("4.2", "2.3"));
    // An exposed secret is what the base assumes.
    assert_eq!(score((H, H, N), NetworkState::None, true), told("9.1", "9.3"));
    let below = score((H, L, N), NetworkState::None, false);
    assert!(below.0.parse::<f32>().unwrap() < 9.0, "{below:?}");
}

#[test]
fn the_published_facts_are_those_of_the_page() {
    for language in ["en", "de"] {
        let catalogue = shr::controls::catalogue(language).unwrap();
        let control = catalogue.known("ca-ccf").unwrap();
        assert_eq!(control.id, "shr_api_enable_oauth_settings_disable_client_credentials_flow");
        assert_eq!(control.name, "Connected Apps: API (Enable OAuth Settings): Disable Client Credentials Flow");
        assert_eq!((control.range_word.as_str(), control.code.as_str()), ("Critical", "CAC"));
        assert_eq!((control.range_low, control.range_high), (Tenths(90), Tenths(100)));
        assert_eq!(control.base31, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N");
        assert_eq!(control.base40, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N");
        let ids: Vec<&str> = control.criteria.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids[..5], [GATE, RIGHTS, NETWORK, SECRET, WATCH]);
        assert_eq!(ids.len(), catalogue.criteria.len() + 1);
        assert_eq!(control.thresholds, catalogue.thresholds);
    }
}

fn part(assessment: &Assessment) -> (Outcome, Conclusion, usize) {
    let part = assessment.controls.iter().find(|part| part.key == "ca-ccf").unwrap();
    (part.result, part.population.conclusion, part.counts.total())
}

const RECORDS: &str = "exports/ConnectedApplication.json";

fn records(names: &[&str]) -> Vec<u8> {
    let rows = names.iter().enumerate().map(|(at, name)| {
        format!(
            "{{\"attributes\":{{\"type\":\"ConnectedApplication\"}},\"Id\":\"0H4xx000000000{at}AAA\",\"Name\":\"{name}\",\"OptionsAllowAdminApprovedUsersOnly\":true}}"
        )
    });
    crate::spoiled::hostile::export(&rows.collect::<Vec<_>>()).into_bytes()
}

#[test]
fn the_list_of_connected_apps_is_whole_by_their_records_alone() {
    let mut files = low_risk();
    assert_eq!(part(&assessed(&files, "")), (Outcome::Fail, Conclusion::NotProven, 1));
    files.insert(RECORDS.to_owned(), records(&["Sync"]));
    assert_eq!(part(&assessed(&files, "")), (Outcome::Fail, Conclusion::Complete, 1));
    // One that only its record shows is judged, too, and one without a record makes the list open again.
    files.insert(RECORDS.to_owned(), records(&["Packaged"]));
    let assessment = assessed(&files, "");
    assert_eq!(part(&assessment), (Outcome::Fail, Conclusion::NotProven, 2));
    assert_eq!(on_app(&assessment, "ca-ccf", "Packaged").result, Outcome::NotEvaluable);
    // Without a row there is none, and the control does not apply.
    files.remove(CONNECTED);
    files.insert(RECORDS.to_owned(), records(&[]));
    assert_eq!(part(&assessed(&files, "")), (Outcome::NotApplicable, Conclusion::Complete, 0));
}

/// An org without connected apps is judged as it was before they were, and told what is missing.
#[test]
fn without_connected_apps_nothing_else_changes() {
    let assessment = assessed(&hardened(), "");
    assert_eq!(part(&assessment), (Outcome::NotEvaluable, Conclusion::NotProven, 0));
    assert_eq!((assessment.result, assessment.counts.total()), (Outcome::Pass, 1));
    assert_eq!(shr::assess::exit_code(&assessment), 0);
    let said = assessment.limitations.iter().filter(|one| one.key == "assess.limitation.no-connected-apps");
    assert_eq!(said.count(), 1);
    let mut whole = hardened();
    whole.insert(RECORDS.to_owned(), records(&[]));
    let assessment = assessed(&whole, "");
    assert!(!assessment.limitations.iter().any(|one| one.key == "assess.limitation.no-connected-apps"));
}

/// Nothing that is taken away from the files makes a pass, and no line more in them does.
#[test]
fn deleting_evidence_never_makes_a_pass() {
    let mut bad = low_risk();
    crate::spoiled::hostile::hold(&mut bad, crate::spoiled::hostile::MODIFY_ALL, crate::spoiled::hostile::PLAIN);
    for (files, engagement) in [(low_risk(), WATCHED), (low_risk(), ""), (bad, WATCHED)] {
        for path in files.keys() {
            let text = String::from_utf8(files[path].clone()).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for at in 0..=lines.len() {
                let mut changed = files.clone();
                if at == lines.len() {
                    changed.remove(path);
                } else {
                    let kept = lines.iter().enumerate().filter(|(line, _)| *line != at).map(|(_, text)| *text);
                    changed.insert(path.clone(), kept.collect::<Vec<_>>().join("\n").into_bytes());
                }
                let assessment = assessed(&changed, engagement);
                for finding in &assessment.findings {
                    assert_ne!(finding.result, Outcome::Pass, "{path} without line {at}");
                }
            }
        }
    }
}

#[test]
fn worse_evidence_never_looks_better() {
    let scores = |assessment: &Assessment| {
        let finding = on_app(assessment, "ca-ccf", "Sync");
        (finding.result, finding.score.as_ref().map(|score| (score.residual31.1, score.residual40.1)).unwrap())
    };
    let good = scores(&assessed(&low_risk(), WATCHED));
    for row in ROWS.iter().filter(|row| row.result == Outcome::Fail) {
        let mut files = low_risk();
        (row.change)(&mut files);
        let (result, now) = scores(&assessed(&files, row.engagement));
        assert!(result <= good.0 && now.0 >= good.1.0 && now.1 >= good.1.1, "{}: {now:?} after {:?}", row.name, good.1);
    }
}
