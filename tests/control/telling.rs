//! What an export does not tell: words for on and off, gaps that name it with its place, torn copies, scopes in columns.

use super::observed;
use crate::spoiled::hostile::{Files, POLICY, hardened};
use shr::controls::client_credentials::Stated;
use shr::controls::client_credentials::UserState;
use shr::engagement::Engagement;
use shr::model::{Assessment, Finding, Outcome};
use shr::snapshot::Switch;
use shr::source::{Limits, Source};

const OBJECTS: &str = "exports/ObjectPermissions.json";
const PROFILE: &str = "main/default/profiles/Sync Robot.profile-meta.xml";
const SCOPES: &str = "main/default/Sync_oauth.ecaOauth-meta.xml";
const SCOPE_ROWS: &str = "exports/ExtlClntAppOauthSettings.json";

fn assessed(files: &Files) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    crate::hardened::judge_with(&shr::ingest::read(&source, &Limits::default()).unwrap(), &Engagement::default())
}

fn judged(files: &Files) -> Finding {
    assessed(files).findings.into_iter().find(|finding| finding.subject.api_name == "Sync").unwrap()
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

fn swapped(path: &str, from: &str, to: &str) -> Files {
    let mut files = hardened();
    let old = text(&files, path);
    assert!(old.contains(from), "{path} does not hold {from}");
    files.insert(path.to_owned(), old.replacen(from, to, 1).into_bytes());
    files
}

#[test]
fn words_for_on_and_off_are_told_apart_in_any_case() {
    let pairs = include_str!("../../src/snapshot/switches.txt").lines().filter(|line| !line.starts_with('#'));
    let mut seen = 0;
    for pair in pairs {
        let words: Vec<&str> = pair.split_whitespace().take(2).collect();
        for (word, value) in words.iter().zip([Switch::On, Switch::Off]) {
            for spelled in [(*word).to_owned(), word.to_uppercase(), format!(" {word}\u{a0}")] {
                assert_eq!(Switch::parse(&spelled), value, "{spelled}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} words");
    for word in ["", " ", "maybe", "null", "-", "2", "10", "tru", "wahr?", "0.5", "NaN", "x"] {
        assert_eq!(Switch::parse(word), Switch::NotTold, "{word}");
    }
}

#[test]
fn rights_saved_by_a_spreadsheet_are_read_in_its_language() {
    for (on, off) in
        [("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("TOSI", "EPÄTOSI"), ("1,0", "0,0"), ("Y", "N"), ("ИСТИНА", "ЛОЖЬ")]
    {
        let mut files = hardened();
        let columns = "Read,Create,Edit,Delete,ViewAllRecords,ModifyAllRecords,ViewAllFields".split(',');
        let head: Vec<String> = columns.map(|right| format!("Permissions{right}")).collect();
        let cells = |word: &str| format!("{on};{off};{off};{off};{word};{off};{off}");
        files.remove(OBJECTS);
        for word in [on, off] {
            let row = format!("110xx0000000001AAA;0PSxx0000000002AAA;Order__c;{}", cells(word));
            let csv = format!("Id;ParentId;SobjectType;{}\n{row}\n", head.join(";"));
            files.insert("exports/ObjectPermissions.csv".to_owned(), csv.into_bytes());
            let finding = judged(&files);
            let (outcome, _) = observed(&finding, "execution-user-least-privilege");
            assert_eq!(outcome == Outcome::Fail, word == on, "{on}/{off}, View All is {word}");
            assert_ne!(outcome, Outcome::Pass, "a CSV export proves no completeness");
        }
    }
}

#[test]
fn each_right_that_was_not_selected_is_named_with_its_container_and_place() {
    let words = [shr::controls::wording("en").unwrap(), shr::controls::wording("de").unwrap()];
    for right in ["Read", "Create", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords", "ViewAllFields"] {
        let stated = if right == "Read" { "true" } else { "false" };
        let column = format!("Permissions{right}");
        for (to, key) in [("", "gap.rights-columns"), (&format!(",\"{column}\":null"), "gap.not-told")] {
            let finding = judged(&swapped(OBJECTS, &format!(",\"{column}\":{stated}"), to));
            assert_eq!(observed(&finding, "execution-user-least-privilege").0, Outcome::NotEvaluable, "{right}");
            assert_eq!(observed(&finding, "execution-user-api-only").0, Outcome::Pass, "{right}: not about rights");
            let privilege = finding.privilege();
            let gap = privilege.gaps.iter().find(|gap| gap.key == key).unwrap();
            for wording in &words {
                let said = wording.say(gap);
                let right = if to.is_empty() { column.clone() } else { format!("Order__c: {}", metadata(right)) };
                for part in [right.as_str(), "Sync_Minimal", "ObjectPermissions.json, row 1"] {
                    assert!(said.contains(part), "{part}: {said}");
                }
            }
        }
    }
}

fn metadata(right: &str) -> String {
    match right {
        "Read" | "Create" | "Edit" | "Delete" => format!("allow{right}"),
        _ => format!("{}{}", right[..1].to_lowercase(), &right[1..]),
    }
}

#[test]
fn what_a_block_leaves_open_is_named_with_its_line() {
    let twice = "<enabled>false</enabled><enabled>true</enabled><name>ModifyAllData</name>";
    let from = "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>";
    let files = swapped(PROFILE, from, &format!("{from}\n<userPermissions>{twice}</userPermissions>"));
    let line = text(&files, PROFILE).lines().position(|line| line.contains("ModifyAllData")).unwrap() + 1;
    let finding = judged(&files);
    let said = shr::controls::wording("en").unwrap().say(&finding.privilege().gaps[0]);
    assert!(said.contains(&format!("ModifyAllData ({PROFILE}:{line})")), "{said}");
    let observation = finding.observations.iter().find(|one| one.criterion == "execution-user-least-privilege");
    let cited = observation.unwrap().items.iter().find(|item| item.setting == "ModifyAllData").unwrap();
    assert_eq!((cited.line, cited.seen.as_deref()), (u32::try_from(line).ok(), Some("true")));
}

#[test]
fn a_policy_that_ends_early_names_no_user_wrongly() {
    let whole = text(&hardened(), POLICY);
    for (copy, path) in [(false, POLICY), (true, "other/Sync_oauthPlcy.ecaOauthPlcy-meta.xml")] {
        let ends = whole.char_indices().map(|(at, _)| at).filter(|at| at % 9 == 0 && *at < whole.trim_end().len());
        for end in ends {
            let mut files = hardened();
            files.insert(path.to_owned(), whole.as_bytes()[..end].to_vec());
            let finding = judged(&files);
            let read = (finding.execution_user().state, observed(&finding, "execution-user-identified").0);
            let gate = observed(&finding, "flow-disabled").0;
            // Without a link it is not known whose file it is; the app has none of the kind, or one of that name.
            assert_eq!(read, (UserState::Unreadable, Outcome::NotEvaluable), "copy {copy}, cut at {end}");
            assert_eq!(observed(&finding, "network-restricted").0, Outcome::NotEvaluable, "copy {copy}, cut at {end}");
            assert_eq!(gate, if copy { Outcome::Review } else { Outcome::NotEvaluable }, "copy {copy}, cut at {end}");
            assert_eq!(finding.result, Outcome::NotEvaluable, "copy {copy}, cut at {end}");
        }
    }
}

#[test]
fn a_torn_copy_of_the_profile_decides_neither_way() {
    let mut files = hardened();
    let profile = text(&files, PROFILE);
    let open = profile.replace("203.0.113.0<", "0.0.0.0<").replace("203.0.113.15<", "255.255.255.255<");
    files.insert(PROFILE.to_owned(), open.into_bytes());
    assert_eq!(observed(&judged(&files), "network-restricted").0, Outcome::Fail);
    let torn = profile.as_bytes()[..profile.find("<userLicense>").unwrap()].to_vec();
    files.insert("other/profiles/Sync Robot.profile-meta.xml".to_owned(), torn);
    let finding = judged(&files);
    for criterion in ["network-restricted", "execution-user-least-privilege", "execution-user-api-only"] {
        let (outcome, _) = observed(&finding, criterion);
        let held = criterion == "execution-user-api-only"; // what one copy grants is granted
        assert_eq!(outcome, if held { Outcome::Pass } else { Outcome::NotEvaluable }, "{criterion}");
    }
}

fn scope_row(columns: &str) -> Vec<u8> {
    let app = "\"ExternalClientApplication\":{\"DeveloperName\":\"Sync\",\"NamespacePrefix\":null}";
    let row = format!(
        "{{\"attributes\":{{\"type\":\"ExtlClntAppOauthSettings\"}},\"Id\":\"0xSxx0000000001EAA\",{app},{columns}}}"
    );
    format!("{{\"records\":[{row}],\"totalSize\":1,\"done\":true}}").into_bytes()
}

#[test]
fn columns_of_scopes_prove_what_they_say_and_no_list() {
    let rows: &[(&str, Option<&str>, Outcome, &str)] = &[
        ("\"OauthScopesOPENID\":true,\"OauthScopesPROFILE\":false", None, Outcome::NotEvaluable, "in-part"),
        ("\"OauthScopesAPI\":true", None, Outcome::NotEvaluable, "in-part"),
        ("\"OauthScopesAPI\":null", None, Outcome::NotEvaluable, "in-part"),
        ("\"OauthScopesFULL\":true", None, Outcome::Fail, "fail"),
        ("\"OauthScopesFULL\":\"WAHR\"", None, Outcome::Fail, "fail"),
        ("\"OauthScopesOPENID\":true", Some("OpenID"), Outcome::Pass, "pass"),
        ("\"OauthScopesOPENID\":true,\"OauthScopesFULL\":null", Some("OpenID"), Outcome::Pass, "pass"),
        ("\"OauthScopesFULL\":true", Some("OpenID"), Outcome::Review, "contradictory"),
        ("\"OauthScopesOPENID\":false", Some("OpenID"), Outcome::Review, "contradictory"),
    ];
    for (columns, list, outcome, key) in rows {
        let mut files = hardened();
        match list {
            Some(list) => files = swapped(SCOPES, ">Api<", &format!(">{list}<")),
            None => drop(files.remove(SCOPES)),
        }
        files.insert(SCOPE_ROWS.to_owned(), scope_row(columns));
        let finding = judged(&files);
        let (seen, reason) = observed(&finding, "scopes-minimal");
        assert_eq!((seen, reason), (*outcome, format!("scopes-minimal.{key}").as_str()), "{columns} {list:?}");
        let identity = finding.score.unwrap().steps.iter().any(|step| step.because.key == "score.scopes.identity");
        assert_eq!(identity, *outcome == Outcome::Pass, "{columns} {list:?}: rule S");
    }
}
