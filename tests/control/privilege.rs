//! What reaches the execution user: sets, expiry, activation, implications, conditions, coverage.

use super::holding::{Row, all_columns, assign, check, expires, grants, group, hold, hold_object, set};
use super::observed;
use crate::hardened::{APP, id, judge, judge_with, seen, snapshot};
use shr::controls::client_credentials::PrivilegeState;
use shr::controls::client_credentials::Stated;
use shr::engagement::Engagement;
use shr::model::{Impact, Level, Outcome};
use shr::snapshot::{Coverage, Kind, Located, ObjectGrant, Switch};

const ROWS: &[Row] = {
    use Outcome::{Fail, NotEvaluable, Pass, Review};
    use PrivilegeState::{Broad, BulkRead, Elevated, Moderate, Narrow, NarrowReadOnly, Unknown};
    &[
        ("nothing", |_| {}, Narrow, Pass, "", &[]),
        ("a harmless set", |s| hold(s, &["ApiEnabled"]), Narrow, Pass, "", &[]),
        ("a direct set", |s| hold(s, &["ModifyAllData"]), Broad, Fail, "least.permissions", &["ModifyAllData"]),
        // ---- assignments
        ("expired yesterday", |s| expires(s, jiff::civil::date(2026, 11, 23)), Narrow, Pass, "", &[]),
        ("until today", |s| expires(s, jiff::civil::date(2026, 11, 24)), Broad, Fail, "", &["ModifyAllData"]),
        ("until tomorrow", |s| expires(s, jiff::civil::date(2026, 11, 25)), Broad, Fail, "", &["ModifyAllData"]),
        (
            "assigned to somebody else",
            |s| {
                hold(s, &["ModifyAllData"]);
                let row = s.access.assignments.last_mut().unwrap();
                row.assignee = Some(Located::new(id("005000000000002"), "005000000000002", row.at.clone()));
            },
            Narrow,
            Pass,
            "",
            &[],
        ),
        ("no row of the user", |s| s.access.assignments.clear(), Unknown, NotEvaluable, "gap.no-assignment-row", &[]),
        (
            "rows without the column",
            |s| s.access.assignments[0].assignee = None,
            Unknown,
            NotEvaluable,
            "gap.assignment-columns",
            &[],
        ),
        (
            "an assigned set that is not in the snapshot",
            |s| {
                assign(s, Some("pkg__Managed"), None);
            },
            Unknown,
            NotEvaluable,
            "gap.set-missing",
            &[],
        ),
        (
            "an assigned set that only a label means",
            |s| {
                set(s, "Weak", &[]);
                s.access.containers.last_mut().unwrap().other_names.insert("Managed".to_owned());
                assign(s, Some("Managed"), None);
            },
            Unknown,
            NotEvaluable,
            "gap.set-missing",
            &[],
        ),
        (
            "a missing set with the name of the profile",
            |s| {
                assign(s, Some("Sync"), None);
            },
            Unknown,
            NotEvaluable,
            "gap.set-missing",
            &[],
        ),
        (
            "a missing set with the name of the profile, column not selected",
            |s| {
                assign(s, Some("Sync"), None).owned_by_profile = None;
            },
            Unknown,
            NotEvaluable,
            "gap.set-missing",
            &[],
        ),
        (
            "the profile's own set by id, column not selected",
            |s| {
                s.access.containers[0].ids.push(id("0PS000000000001"));
                s.access.assignments[0].owned_by_profile = None;
            },
            Narrow,
            Pass,
            "",
            &[],
        ),
        (
            "a set known by a record with every column",
            |s| {
                hold(s, &[]);
                all_columns(s.access.containers.last_mut().unwrap());
            },
            Narrow,
            Pass,
            "",
            &[],
        ),
        (
            "a set known by a record with some columns",
            |s| {
                hold(s, &[]);
                let set = s.access.containers.last_mut().unwrap();
                all_columns(set);
                set.record_columns.remove("ModifyAllData");
            },
            Unknown,
            NotEvaluable,
            "gap.container-columns",
            &[],
        ),
        (
            "a set known by a record that does not say whether it needs activation",
            |s| {
                hold(s, &[]);
                let set = s.access.containers.last_mut().unwrap();
                all_columns(set);
                set.activation_required = shr::snapshot::Seen::default();
            },
            Unknown,
            NotEvaluable,
            "gap.container-columns",
            &[],
        ),
        (
            "the profile is not in the snapshot",
            |s| s.access.containers.clear(),
            Unknown,
            NotEvaluable,
            "gap.profile-missing",
            &[],
        ),
        // ---- activation
        (
            "a session-based set counts as held",
            |s| {
                hold(s, &["ModifyAllData"]);
                s.access.containers[1].activation_required = seen(Switch::On, "true", "sets/Extra.permissionset");
            },
            Broad,
            Fail,
            "",
            &["ModifyAllData"],
        ),
        // ---- grades
        (
            "a permission that nobody graded",
            |s| hold(s, &["SomethingNew"]),
            Narrow,
            Review,
            "least.unclassified",
            &["SomethingNew"],
        ),
        (
            "a moderate one breaks a condition",
            |s| hold(s, &["ViewSetup"]),
            Narrow,
            Review,
            "least.permissions",
            &["ViewSetup"],
        ),
        (
            "view all data, beside an object to edit",
            |s| hold(s, &["ViewAllData"]),
            Moderate,
            Fail,
            "least.permissions",
            &["ViewAllData"],
        ),
        (
            "view all on one object",
            |s| {
                s.access.containers[0].objects.clear();
                hold_object(s, "Account", ObjectGrant::ViewAllRecords);
            },
            BulkRead,
            Fail,
            "least.all-records",
            &["Account: viewAllRecords"],
        ),
        (
            "view all fields of one object",
            |s| {
                s.access.containers[0].objects.clear();
                hold_object(s, "Account", ObjectGrant::ViewAllFields);
            },
            BulkRead,
            Fail,
            "least.all-records",
            &["Account: viewAllFields"],
        ),
        (
            "view all, and edit elsewhere",
            |s| hold_object(s, "Account", ObjectGrant::ViewAllRecords),
            Moderate,
            Fail,
            "least.all-records",
            &["Account: viewAllRecords"],
        ),
        (
            "modify all on one object",
            |s| hold_object(s, "Account", ObjectGrant::ModifyAllRecords),
            Elevated,
            Fail,
            "least.all-records",
            &["Account: modifyAllRecords", "Account: viewAllRecords"],
        ),
        ("one object to delete from", |s| hold_object(s, "Account", ObjectGrant::Delete), Narrow, Pass, "", &[]),
        (
            "ten objects",
            |s| (1..10).for_each(|n| hold_object(s, &format!("O{n}__c"), ObjectGrant::Read)),
            Narrow,
            Pass,
            "",
            &[],
        ),
        (
            "eleven objects",
            |s| (1..11).for_each(|n| hold_object(s, &format!("O{n}__c"), ObjectGrant::Read)),
            Narrow,
            Review,
            "least.objects",
            &[],
        ),
        (
            "no API Only User",
            |s| drop(s.access.containers[0].permissions.remove("ApiUserOnly")),
            Narrow,
            Review,
            "least.api-only",
            &[],
        ),
        (
            "API Only User on activation",
            |s| {
                s.access.containers[0].permissions.remove("ApiUserOnly");
                hold(s, &["ApiUserOnly"]);
                s.access.containers[1].activation_required = seen(Switch::On, "true", "sets/Extra.permissionset");
            },
            Narrow,
            Review,
            "least.api-only",
            &[],
        ),
        (
            "reads only",
            |s| {
                s.access.containers[0].objects.get_mut("Order").unwrap().grants.remove(&ObjectGrant::Edit);
                s.access.containers[0].permissions.remove("ApiEnabled");
            },
            NarrowReadOnly,
            Pass,
            "",
            &[],
        ),
        // ---- coverage
        (
            "object rights not exported",
            |s| {
                s.coverage.remove(&Kind::ObjectPermissionRecords);
            },
            Unknown,
            NotEvaluable,
            "gap.absent",
            &[],
        ),
        (
            "object rights cut off",
            |s| {
                s.coverage.insert(Kind::ObjectPermissionRecords, Coverage::Truncated { got: 1, of: 2 });
            },
            Unknown,
            NotEvaluable,
            "gap.truncated",
            &[],
        ),
        (
            "object rights not proven",
            |s| {
                s.coverage.insert(Kind::ObjectPermissionRecords, Coverage::NotProven { got: 1 });
            },
            Unknown,
            Review,
            "gap.not-proven",
            &[],
        ),
        (
            "assignments not proven",
            |s| {
                s.coverage.insert(Kind::AssignmentRecords, Coverage::NotProven { got: 1 });
            },
            Unknown,
            Review,
            "gap.not-proven",
            &[],
        ),
        (
            "one gap for a person and one for an export",
            |s| {
                s.coverage.insert(Kind::AssignmentRecords, Coverage::NotProven { got: 1 });
                s.coverage.remove(&Kind::ObjectPermissionRecords);
            },
            Unknown,
            NotEvaluable,
            "gap.absent",
            &[],
        ),
        (
            "a bad grant is conclusive whatever is missing",
            |s| {
                hold(s, &["ViewAllData"]);
                s.coverage.clear();
            },
            Moderate,
            Fail,
            "gap.absent",
            &["ViewAllData"],
        ),
    ]
};

#[test]
fn what_reaches_the_user() {
    check(ROWS);
}

#[test]
fn a_bad_grant_on_incomplete_evidence_is_said_as_at_least_and_never_lowers_the_score() {
    let (mut open, mut bad) = (snapshot(), snapshot());
    open.coverage.clear();
    bad.coverage.clear();
    hold(&mut bad, &["ViewAllData"]);
    let (open, bad) = (judge(&open), judge(&bad));
    assert!(bad.privilege().at_least && open.privilege().at_least);
    assert_eq!(observed(&bad, "execution-user-least-privilege").1, "execution-user-least-privilege.fail-at-least");
    assert!(bad.score.unwrap().residual31.1 >= open.score.unwrap().residual31.1);
}

#[test]
fn activation_is_said() {
    let mut s = snapshot();
    set(&mut s, "Strong", &["ModifyAllData"]);
    group(&mut s, "G", &["Strong"], &[]).activation_required = seen(Switch::On, "true", "groups/G.permissionsetgroup");
    assign(&mut s, None, Some("G"));
    let finding = judge(&s);
    assert!(finding.rights.grants[0].on_activation, "the group needs activation, so its members do");
    assert!(finding.notes.iter().any(|note| note.key == "note.on-activation"));
    assign(&mut s, Some("Strong"), None);
    let finding = judge(&s);
    assert!(!finding.rights.grants[0].on_activation, "also held without activation");
    assert_eq!(finding.rights.grants[0].paths.len(), 2);
}

#[test]
fn an_expired_assignment_is_noted() {
    let mut s = snapshot();
    expires(&mut s, jiff::civil::date(2026, 11, 23));
    assert!(judge(&s).notes.iter().any(|note| note.key == "note.assignment-expired"));
}

#[test]
fn implied_permissions_fold_into_the_stronger_one() {
    let control = shr::controls::catalogue("en").unwrap();
    let strong = "ModifyAllData";
    let graded = |name: &&String| control.permissions.get(*name).is_some_and(|one| one.tier != "low");
    let first = control.implications[strong].iter().find(graded).unwrap().as_str();
    let mut s = snapshot();
    hold(&mut s, &[strong, first]);
    let finding = judge(&s);
    assert_eq!(grants(&finding), [strong]);
    assert!(finding.rights.grants[0].implies.iter().any(|name| name == first));
    let privilege = finding.privilege();
    let broken = privilege.broken.iter().find(|one| one.key == "least.permissions").unwrap();
    assert!(serde_json::to_string(broken).unwrap().contains(&control.permissions[strong].label));
}

#[test]
fn an_unclassified_permission_scores_low_low() {
    let mut s = snapshot();
    s.access.containers[0].objects.clear();
    s.access.containers[0].permissions.remove("ApiEnabled");
    hold(&mut s, &["SomethingNew"]);
    let grant = &judge(&s).rights.grants[0];
    assert_eq!((grant.tier.as_str(), grant.impact), ("unclassified", Impact { c: Level::L, i: Level::L, a: Level::N }));
}

#[test]
fn sensitive_objects_and_thresholds_come_from_the_engagement() {
    let mut engagement = Engagement { sensitive_objects: vec!["ORDER".to_owned()], ..Engagement::default() };
    let find = |engagement: &Engagement| {
        let all = judge_with(&snapshot(), engagement).findings;
        all.into_iter().find(|finding| finding.subject.api_name == APP).unwrap()
    };
    let finding = find(&engagement);
    assert_eq!((finding.result, finding.privilege().state), (Outcome::Review, PrivilegeState::Narrow));
    assert_eq!(finding.privilege().broken[0].key, "least.sensitive");
    engagement.sensitive_objects.clear();
    engagement.thresholds.insert("objects".to_owned(), 0);
    assert_eq!(find(&engagement).privilege().broken[0].key, "least.objects");
}

#[test]
fn a_declared_count_proves_or_disproves_an_export() {
    for (declared, outcome) in [(1, Outcome::Pass), (2, Outcome::NotEvaluable)] {
        let mut s = snapshot();
        s.coverage.insert(Kind::ObjectPermissionRecords, Coverage::NotProven { got: 1 });
        let mut engagement = Engagement::default();
        engagement.orgs.entry("org".to_owned()).or_default().expected.insert("ObjectPermissions".to_owned(), declared);
        assert_eq!(judge_with(&s, &engagement).findings[0].result, outcome, "declared {declared}");
    }
}
