//! A connected app and the External Client App that it was migrated to.

use super::{CONNECTED, WATCHED, app, assessed, low_risk, on_app};
use crate::spoiled::hostile::{Files, GLOBAL, POLICY, hardened, swap};
use shr::controls::client_credentials::Stated;
use shr::model::{Assessment, Outcome};

const KEY: &str = "<consumerKey>3MVG9abcdefghijklmnop</consumerKey>";
const CALLBACK: &str = "<callbackUrl>https://sync.example.com/back</callbackUrl>";
const SWITCH: &str = "<isClientCredentialEnabled>true</isClientCredentialEnabled>";

/// The hardened External Client App with a connected app beside it: name, label, and what both files hold.
fn both(name: &str, label: &str, eca: &str, connected: &str) -> Files {
    let mut files = hardened();
    let path = CONNECTED.replace("Sync", name);
    files.insert(
        path,
        app(label, &format!("{connected}\n{SWITCH}"), "<ipRelaxation>ENFORCE</ipRelaxation>").into_bytes(),
    );
    swap(&mut files, GLOBAL, "<isClientCredentialsFlowEnabled>", &format!("{eca}\n<isClientCredentialsFlowEnabled>"));
    files
}

fn paired(assessment: &Assessment, name: &str) -> [String; 2] {
    [("eca-ccf-policies", "Sync"), ("ca-ccf", name)]
        .map(|(control, name)| on_app(assessment, control, name).paired_with().to_owned())
}

#[test]
fn one_key_or_two_of_name_callback_and_certificate_make_a_pair() {
    for (what, name, label, eca, connected, is_pair) in [
        ("the same key", "Old", "Old", KEY, KEY, true),
        ("another key", "Old", "Old", KEY, "<consumerKey>3MVG9zyxwvutsrqponm</consumerKey>", false),
        ("name and callback", "sync", "Other", CALLBACK, CALLBACK, true),
        ("label and callback", "Old", "SYNC", CALLBACK, CALLBACK, true),
        ("the name alone", "Sync", "Sync", "", "", false),
        ("the callback alone", "Old", "Old", CALLBACK, CALLBACK, false),
        ("a key on one side", "Sync", "Sync", KEY, "", false),
    ] {
        let assessment = assessed(&both(name, label, eca, connected), "");
        let wanted = if is_pair { [name.to_owned(), "Sync".to_owned()] } else { [String::new(), String::new()] };
        assert_eq!(paired(&assessment, name), wanted, "{what}");
    }
}

#[test]
fn of_several_candidates_none_is_taken() {
    let mut files = both("Old", "Old", KEY, KEY);
    files.insert(CONNECTED.replace("Sync", "Older"), app("Older", KEY, "").into_bytes());
    assert_eq!(paired(&assessed(&files, ""), "Old"), [String::new(), String::new()]);
}

/// What both findings say, by the state of both switches.
#[test]
fn both_findings_say_so_with_both_scores() {
    let words = shr::controls::wording("en").unwrap();
    for (eca_on, connected_on, state) in [
        (true, true, "open twice"),
        (true, false, "the published band went from Critical to High"),
        (false, true, "stays open beside the migrated app"),
        (false, false, "off in both"),
    ] {
        let mut files = both("Old", "Old", KEY, KEY);
        if !eca_on {
            swap(&mut files, POLICY, "FlowEnabled>true", "FlowEnabled>false");
        }
        if !connected_on {
            swap(&mut files, &CONNECTED.replace("Sync", "Old"), "Enabled>true", "Enabled>false");
        }
        let assessment = assessed(&files, "");
        for (control, name) in [("eca-ccf-policies", "Sync"), ("ca-ccf", "Old")] {
            let finding = on_app(&assessment, control, name);
            let said: Vec<String> = finding.notes.iter().map(|note| words.say(note)).collect();
            assert!(said.iter().any(|note| note.contains(state)), "{control}: {state}: {said:?}");
            if let Some(score) = &finding.score {
                let own = format!("{} here", score.residual31.1);
                assert!(said.iter().any(|note| note.contains(&own)), "{control}: {own}: {said:?}");
            }
        }
    }
}

/// The user that both sides of a pair run as is no second integration; anybody else's app is.
#[test]
fn a_pair_shares_its_user() {
    let user = "<oauthClientCredentialUser>svc.sync@acme.example.com</oauthClientCredentialUser>";
    let dedicated = |assessment: &Assessment, control: &str, name: &str| {
        let finding = on_app(assessment, control, name);
        finding.observations.iter().find(|one| one.criterion == "execution-user-dedicated").unwrap().outcome()
    };
    for (key, fails) in [(KEY, false), ("", true)] {
        let assessment = assessed(&both("Old", "Old", KEY, &format!("{key}{user}")), "");
        for (control, name) in [("eca-ccf-policies", "Sync"), ("ca-ccf", "Old")] {
            assert_eq!(dedicated(&assessment, control, name) == Outcome::Fail, fails, "{control} {key}");
        }
    }
}

/// A connected app that may run as anybody keeps nobody from being told: the question is asked of a person.
#[test]
fn a_connected_app_whose_user_is_untold_is_asked_about() {
    let assessment = assessed(&both("Old", "Old", "", ""), "");
    let finding = on_app(&assessment, "eca-ccf-policies", "Sync");
    let asked = finding.questions.iter().any(|one| one.text.key == "gap.dedicated-untold-connected");
    assert!(asked, "{:?}", finding.questions);
    assert_eq!(finding.result, Outcome::Pass);
    assert_eq!(assessed(&low_risk(), WATCHED).result, Outcome::NotEvaluable, "no External Client App was exported");
}
