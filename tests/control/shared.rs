//! Apps that run as one user share its rights: held once, written once, and counted the same everywhere.

use crate::hardened::{APP, USER, app, at, id, judge_with, seen, snapshot};
use shr::controls::client_credentials::Stated;
use shr::engagement::Engagement;
use shr::model::{Assessment, Finding, Outcome, Ways};
use shr::snapshot::{Located, ObjectGrant, Snapshot, UserRef};
use std::collections::BTreeSet;
use std::sync::Arc;

const PRIVILEGE: &str = "execution-user-least-privilege";

/// Apps that run as one user, who reads all records of so many objects.
fn crowd(apps: usize, objects: usize) -> Snapshot {
    let mut snapshot = snapshot();
    for number in 1..apps {
        let name = format!("App_{number:03}");
        snapshot.apps.insert(name.clone(), app(&name));
    }
    for number in 0..objects {
        let line = 100 + u32::try_from(number).unwrap();
        let grants =
            &mut snapshot.access.containers[0].objects.entry(format!("Crew_{number:04}__c")).or_default().grants;
        for right in [ObjectGrant::Read, ObjectGrant::ViewAllRecords] {
            grants.insert(right, vec![at("profiles/Sync.profile", line)]);
        }
    }
    snapshot
}

fn judged(snapshot: &Snapshot) -> Assessment {
    judge_with(snapshot, &Engagement::default())
}

fn read(text: &str) -> Result<Assessment, serde_json::Error> {
    shr::controls::read(text.as_bytes())
}

fn written(assessment: &Assessment) -> String {
    serde_json::to_string(assessment).unwrap()
}

fn cited(finding: &Finding) -> BTreeSet<String> {
    Ways::of(&finding.rights.grants).cited().map(str::to_owned).collect()
}

#[test]
fn more_objects_cost_the_same_however_many_apps_run_as_the_user() {
    let bytes = |apps, objects| written(&judged(&crowd(apps, objects))).len();
    let (one, many) = (bytes(1, 600) - bytes(1, 300), bytes(30, 600) - bytes(30, 300));
    assert!(many < one + one / 20, "300 objects take {one} bytes with one app and {many} with thirty");
    let (few, all) = (bytes(30, 600) - bytes(15, 600), bytes(60, 600) - bytes(30, 600));
    assert!(all < few * 5 / 2, "15 apps take {few} bytes, 30 more take {all}");
}

#[test]
fn one_user_is_held_once_whatever_names_it() {
    let mut crowd = crowd(4, 20);
    let user = "005000000000001";
    let names = [UserRef::Id(id(user)), UserRef::Username(USER.to_uppercase()), UserRef::Username(USER.to_owned())];
    for (app, name) in crowd.apps.values_mut().zip(names) {
        app.execution_user = seen(name, user, "eca/policy");
    }
    let assessment = judged(&crowd);
    assert_eq!(assessment.rights.len(), 1);
    for finding in &assessment.findings {
        assert_eq!(finding.rights_number, Some(1), "{}", finding.subject.api_name);
        assert!(Arc::ptr_eq(&finding.rights, &assessment.rights[0]));
    }
}

#[test]
fn users_of_one_profile_are_two_users() {
    let mut crowd = crowd(3, 20);
    let mut other = crowd.access.users[0].clone();
    other.id = Some(Located::new(id("005000000000002"), "005000000000002", at("User.json", 2)));
    other.username = Some(Located::new("svc.other@example.com".into(), "svc.other@example.com", at("User.json", 2)));
    other.at = at("User.json", 2);
    crowd.access.users.push(other);
    let own = UserRef::Username("svc.other@example.com".to_owned());
    crowd.apps.get_mut(APP).unwrap().execution_user = seen(own, "svc.other@example.com", "eca/policy");
    let assessment = judged(&crowd);
    let users: Vec<&str> = assessment.rights.iter().map(|rights| rights.user.as_str()).collect();
    assert_eq!(users.len(), 2, "{users:?}");
    for finding in &assessment.findings {
        assert_eq!(finding.rights.user, finding.execution_user().name);
    }
}

#[test]
fn what_an_app_cites_and_what_stands_with_the_user_is_all_there_is() {
    for objects in [1, 40, 98, 99, 100, 101, 400] {
        let assessment = judged(&crowd(2, objects));
        for finding in &assessment.findings {
            let seen = finding.observations.iter().find(|one| one.criterion == PRIVILEGE).unwrap();
            assert_eq!(seen.outcome(), Outcome::Fail);
            let all = cited(finding);
            let shown = seen.evidence.iter().filter(|id| all.contains(*id)).count();
            assert_eq!(shown + seen.further, all.len(), "{objects} objects");
            assert_eq!(seen.further > 0, all.len() > 100, "{objects} objects");
            let known: BTreeSet<&String> = assessment.evidence.iter().map(|one| &one.id).collect();
            assert!(all.iter().all(|id| known.contains(id)), "the register holds what is cited");
            let way = finding.rights.grants[0].paths[0].iter().skip(1);
            assert!(way.into_iter().all(|step| seen.evidence.contains(&step.evidence)), "an app cites the way");
        }
    }
}

#[test]
fn a_user_who_is_not_known_has_no_entry() {
    let mut crowd = crowd(3, 5);
    crowd.access.users.clear();
    let assessment = judged(&crowd);
    assert!(assessment.rights.is_empty());
    assert!(assessment.findings.iter().all(|finding| finding.rights_number.is_none()));
}

/// The first form: each finding with the fields of its control and with the rights of its user.
fn earlier(assessment: &Assessment) -> String {
    let mut value = serde_json::to_value(assessment).unwrap();
    let list = value.as_object_mut().unwrap().remove("rights").unwrap();
    value["schema"] = "shr-assessment/1".into();
    for finding in value["findings"].as_array_mut().unwrap() {
        let finding = finding.as_object_mut().unwrap();
        let number = finding.remove("rights").and_then(|number| number.as_u64()).unwrap();
        let facts = finding.remove("facts").unwrap();
        finding.extend(facts.as_object().unwrap().clone());
        let mut app = finding.remove("subject").unwrap();
        app.as_object_mut().unwrap().remove("kind");
        app["distribution_state"] = finding.remove("distribution_state").unwrap();
        finding.insert("app".to_owned(), app);
        let privilege = finding["privilege"].as_object_mut().unwrap();
        for (key, held) in list[usize::try_from(number).unwrap() - 1].as_object().unwrap() {
            if key != "user" {
                privilege.insert(key.clone(), held.clone());
            }
        }
    }
    value.to_string()
}

#[test]
fn an_assessment_is_read_back_in_both_forms_and_written_in_one() {
    let assessment = judged(&crowd(3, 130));
    let text = written(&assessment);
    for form in [text.clone(), earlier(&assessment)] {
        let back = read(&form).unwrap();
        assert_eq!(written(&back), text);
        assert_eq!(back.rights.len(), 1);
        assert!(back.findings.iter().all(|one| Arc::ptr_eq(&one.rights, &back.rights[0])));
    }
}

#[test]
fn rights_that_are_not_there_are_an_error() {
    let text = written(&judged(&crowd(1, 3)));
    for number in ["0", "2", "18446744073709551615"] {
        let wrong = text.replace("\"rights\":1", &format!("\"rights\":{number}"));
        let error = read(&wrong).unwrap_err().to_string();
        assert!(error.contains(&format!("refers to rights {number}, which are not there")), "{error}");
    }
}

#[test]
fn what_moved_is_what_moved() {
    let before = judged(&crowd(2, 300));
    let mut changed = crowd(2, 300);
    let objects = &mut changed.access.containers[0].objects;
    objects.get_mut("Crew_0007__c").unwrap().grants.remove(&ObjectGrant::ViewAllRecords);
    let mut same = judged(&crowd(2, 300));
    shr::delta::compare(&before, &mut same);
    assert!(same.findings.iter().all(|finding| finding.moved.is_empty()));
    let mut after = judged(&changed);
    shr::delta::compare(&before, &mut after);
    for finding in &after.findings {
        assert_eq!(finding.moved.iter().filter(|line| line.starts_with("privileges")).count(), 1);
        let others = finding.moved.iter().filter(|line| !line.contains("Crew_0007__c: viewAllRecords"));
        assert_eq!(others.collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

#[test]
fn the_other_apps_of_a_user_are_named_with_a_place_each_and_counted() {
    for apps in [2, 11, 12, 13, 60] {
        let mut crowd = crowd(apps, 1);
        for (line, app) in (10..).zip(crowd.apps.values_mut()) {
            let user = Located::new(UserRef::Username(USER.to_owned()), USER, at("eca/policy", line));
            app.execution_user = shr::snapshot::Seen::default();
            app.execution_user.push(user);
        }
        let assessment = judged(&crowd);
        let words = shr::controls::wording("en").unwrap();
        let places = |finding: &Finding| {
            let seen = finding.observations.iter().find(|one| one.criterion == "execution-user-dedicated").unwrap();
            let users = seen.observed.iter().filter(|text| text.starts_with("clientCredentialsFlowUser"));
            (users.count(), seen.further, words.say(&seen.because))
        };
        for finding in &assessment.findings {
            let (cited, further, said) = places(finding);
            assert_eq!(cited + further, apps, "{said}");
            assert_eq!(further > 0, said.contains(&format!("and {further} more")), "{said}");
            assert!(cited <= 12, "{cited}");
        }
    }
}
