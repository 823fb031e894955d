//! Rows that are lost, and what an export with a lost row still proves.

use super::snapshot;
use shr::snapshot::*;
use std::fmt::Write as _;

#[test]
fn many_faults_of_one_kind_in_one_file_are_told_by_three_places_and_a_number() {
    let mut text = "Id,ExternalClientApplication.DeveloperName,IsClientCredentialsFlowEnabled\n".to_owned();
    for row in 0..100_000 {
        let _ = writeln!(text, "{row},App{},perhaps", row % 7);
    }
    for row in 0..5 {
        let _ = writeln!(text, "{row},,true");
    }
    let s = snapshot(&[("ExtlClntAppOauthPlcyCnfg.csv", &text)]);
    let told: Vec<_> = s.problems.iter().map(|p| (p.code, p.at.place, p.more)).collect();
    let unknown = |row, more| (ProblemCode::UnknownValue, Place::Row(row), more);
    let unlinked = |row, more| (ProblemCode::Unlinked, Place::Row(row), more);
    assert_eq!(
        told,
        [
            unknown(1, 0),
            unknown(2, 0),
            unknown(3, 0),
            unknown(4, 99_996),
            unlinked(100_001, 0),
            unlinked(100_002, 0),
            unlinked(100_003, 0),
            unlinked(100_004, 1),
        ]
    );
    assert_eq!(s.problems[3].apps.len(), 7, "the last of them names every app that it stands for");
    assert!(s.problems[3].message.contains("99996 further places"), "{}", s.problems[3].message);
    assert!(s.problems[7].message.ends_with("1 further place"), "{}", s.problems[7].message);
}

#[test]
fn four_faults_of_one_kind_are_four_and_each_file_is_told_by_itself() {
    let rows =
        "Id,ExternalClientApplication.DeveloperName,IsClientCredentialsFlowEnabled\n1,A,x\n2,B,x\n3,C,x\n4,D,x\n";
    let s = snapshot(&[("a/ExtlClntAppOauthPlcyCnfg.csv", rows), ("b/ExtlClntAppOauthPlcyCnfg.csv", rows)]);
    assert_eq!(s.problems.len(), 8);
    assert!(s.problems.iter().all(|p| p.more == 0 && p.apps.len() == 1));
}

/// What is exported, the kind, what is held of it, and which doubts remain.
type Export = (&'static str, &'static [(&'static str, &'static str)], Kind, Coverage, &'static [&'static str]);

const U: &str = "Id,Username,IsActive,ProfileId\n005xx0000000001,a@example.com,true,00exx0000000001\n";

const fn whole(got: usize) -> Coverage {
    Coverage::Complete { got }
}

const fn open(got: usize) -> Coverage {
    Coverage::NotProven { got }
}

const fn cut(got: usize, of: usize) -> Coverage {
    Coverage::Truncated { got, of }
}

const EXPORTS: &[Export] = &[
    (
        "a row with a cell too many",
        &[(
            "User.csv",
            "Id,Username,IsActive\n005xx0000000001,a@example.com,true\n005xx0000000002,b@example.com,x,true\n",
        )],
        Kind::UserRecords,
        cut(1, 2),
        &["lost 1 User.csv, row 2"],
    ),
    (
        "a user without its name",
        &[(
            "User.json",
            r#"{"totalSize":2,"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true},{"Id":"005xx0000000002","Username":null,"IsActive":true}]}"#,
        )],
        Kind::UserRecords,
        cut(1, 2),
        &["lost 1 User.json, row 2"],
    ),
    (
        "an assignment without its user, and one without its set",
        &[(
            "PermissionSetAssignment.csv",
            "Id,AssigneeId,PermissionSetId\n0Paxx0000000001,,0PSxx0000000001\n0Paxx0000000002,005xx0000000001,\n0Paxx0000000003,005xx0000000001,0PSxx0000000001\n",
        )],
        Kind::AssignmentRecords,
        cut(1, 3),
        &["lost 2 PermissionSetAssignment.csv, row 1"],
    ),
    (
        "an assignment to something that is no id",
        &[("PermissionSetAssignment.csv", "Id,AssigneeId,PermissionSetId\n0Paxx0000000001,somebody,0PSxx0000000001\n")],
        Kind::AssignmentRecords,
        cut(0, 1),
        &["lost 1 PermissionSetAssignment.csv, row 1"],
    ),
    (
        "a member of a group that is not named, and a member of no group",
        &[(
            "PermissionSetGroupComponent.csv",
            "Id,PermissionSetGroupId,PermissionSetId\n0PRxx0000000001,0PGxx0000000001,\n0PRxx0000000002,,0PSxx0000000001\n",
        )],
        Kind::GroupComponentRecords,
        cut(0, 2),
        &["lost 2 PermissionSetGroupComponent.csv, row 1"],
    ),
    (
        "object permissions of nothing, and on nothing",
        &[(
            "ObjectPermissions.csv",
            "Id,ParentId,SobjectType,PermissionsRead\n110xx0000000001,,Case,true\n110xx0000000002,0PSxx0000000001,,true\n",
        )],
        Kind::ObjectPermissionRecords,
        cut(0, 2),
        &["lost 2 ObjectPermissions.csv, row 1"],
    ),
    (
        "a permission set, a muting set, a group and a profile without id and name",
        &[
            ("PermissionSet.csv", "Id,Name,IsOwnedByProfile\n,,false\n"),
            ("MutingPermissionSet.csv", "Id,DeveloperName\n-,\n"),
            ("PermissionSetGroup.csv", "Id,DeveloperName,Status\n,,Updated\n"),
            ("Profile.csv", "Id,Name,UserLicenseId\n,,x\n"),
        ],
        Kind::MutingRecords,
        cut(0, 1),
        &["lost 1 MutingPermissionSet.csv, row 1"],
    ),
    (
        "a login of nobody, and one by user name alone",
        &[(
            "LoginHistory.csv",
            "Id,UserId,Username,LoginTime\n0Yaxx0000000001,,,2026-11-01T00:00:00Z\n0Yaxx0000000002,,a@example.com,2026-11-01T00:00:00Z\n",
        )],
        Kind::LoginRecords,
        cut(1, 2),
        &["lost 1 LoginHistory.csv, row 1"],
    ),
    (
        "a call of nobody by nothing",
        &[(
            "RestApi.csv",
            "EVENT_TYPE,TIMESTAMP,CLIENT_IP,USER_ID\nRestApi,20261115220411.123,192.0.2.1,\nRestApi,20261115220411.123,192.0.2.1,005xx0000000001\n",
        )],
        Kind::EventRecords,
        cut(1, 2),
        &["lost 1 RestApi.csv, row 1"],
    ),
    (
        "an app and policies that belong to nothing",
        &[
            ("ExternalClientApplication.csv", "Id,DeveloperName,DistributionState\n,,Local\n"),
            ("ExtlClntAppOauthPlcyCnfg.csv", "Id,ExternalClientApplicationId,IpRelaxationPolicyType\n,,Enforce\n"),
            ("ExtlClntAppPlcyCnfg.csv", "Id,ExternalClientApplicationId,IsEnabled,OauthPluginStatus\n,,true,Enabled\n"),
        ],
        Kind::AppPolicyRecords,
        cut(0, 1),
        &["lost 1 ExtlClntAppPlcyCnfg.csv, row 1"],
    ),
    (
        "one row twice in a file",
        &[(
            "User.json",
            r#"{"totalSize":2,"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true},{"Id":"005xx0000000001AAA","Username":"a@example.com","IsActive":true}]}"#,
        )],
        Kind::UserRecords,
        cut(1, 2),
        &["repeated 1 User.json, row 2"],
    ),
    (
        "one row twice without an id",
        &[(
            "PermissionSetAssignment.csv",
            "AssigneeId,PermissionSetId\n005xx0000000001,0PSxx0000000001\n005xx0000000001,0PSxx0000000002\n005xx0000000001,0PSxx0000000001\n",
        )],
        Kind::AssignmentRecords,
        cut(2, 3),
        &["repeated 1 PermissionSetAssignment.csv, row 3"],
    ),
    (
        "two logins of one moment are two",
        &[(
            "LoginHistory.csv",
            "UserId,LoginTime\n005xx0000000001,2026-11-01T00:00:00Z\n005xx0000000001,2026-11-01T00:00:00Z\n",
        )],
        Kind::LoginRecords,
        open(2),
        &[],
    ),
    (
        "a count that does not say that the export is done",
        &[(
            "User.json",
            r#"{"totalSize":1,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true}]}"#,
        )],
        Kind::UserRecords,
        open(1),
        &[],
    ),
    (
        "an export that is done and does not say how many there are",
        &[(
            "User.json",
            r#"{"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true}]}"#,
        )],
        Kind::UserRecords,
        open(1),
        &[],
    ),
    (
        "an empty record",
        &[(
            "LoginHistory.json",
            r#"{"totalSize":2,"done":true,"records":[{"UserId":"005xx0000000001","LoginTime":"2026-11-20T00:00:00Z"},{}]}"#,
        )],
        Kind::LoginRecords,
        cut(1, 2),
        &["lost 1 LoginHistory.json, row 2"],
    ),
    (
        "a second file of the kind that cannot be read",
        &[
            (
                "a/User.json",
                r#"{"totalSize":1,"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true}]}"#,
            ),
            ("b/User.json", r#"{"totalSize":1,"done":true,"records":[{"Id":"005xx"#),
        ],
        Kind::UserRecords,
        open(1),
        &["unread 1 b/User.json:1"],
    ),
    (
        "the only file of the kind cannot be read",
        &[("PermissionSet.csv", "Id,Name,Name\n0PSxx0000000001,a,b\n")],
        Kind::PermissionSetRecords,
        Coverage::Absent,
        &["unread 1 PermissionSet.csv"],
    ),
    (
        "a query that failed says nothing of what another one answered",
        &[
            (
                "a/User.json",
                r#"{"totalSize":1,"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true}]}"#,
            ),
            ("b/User.json", r#"{"status":1,"name":"INVALID_SESSION_ID","message":"x"}"#),
        ],
        Kind::UserRecords,
        whole(1),
        &[],
    ),
    ("a whole copy counts once", &[("a/User.csv", U), ("b/User.csv", U)], Kind::UserRecords, open(1), &[]),
    (
        "a copy of a whole export, and a part of it, take nothing away",
        &[
            (
                "a/User.json",
                r#"{"totalSize":2,"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true},{"Id":"005xx0000000002","Username":"b@example.com","IsActive":true}]}"#,
            ),
            ("b/User.csv", U),
        ],
        Kind::UserRecords,
        whole(2),
        &[],
    ),
    (
        "an export that lacks a row of another one is not whole",
        &[
            (
                "a/User.json",
                r#"{"totalSize":1,"done":true,"records":[{"Id":"005xx0000000002","Username":"b@example.com","IsActive":true}]}"#,
            ),
            ("b/User.csv", U),
        ],
        Kind::UserRecords,
        open(2),
        &[],
    ),
    (
        "pages that overlap",
        &[
            (
                "p1.json",
                r#"{"totalSize":4,"done":false,"records":[{"attributes":{"type":"Profile"},"Id":"00exx0000000001","Name":"A"},{"attributes":{"type":"Profile"},"Id":"00exx0000000002","Name":"B"}]}"#,
            ),
            (
                "p2.json",
                r#"{"totalSize":4,"done":true,"records":[{"attributes":{"type":"Profile"},"Id":"00exx0000000002","Name":"B"},{"attributes":{"type":"Profile"},"Id":"00exx0000000003","Name":"C"}]}"#,
            ),
        ],
        Kind::ProfileRecords,
        cut(3, 4),
        &[],
    ),
    (
        "assignments of a user that the export of users lacks",
        &[
            (
                "User.json",
                r#"{"totalSize":1,"done":true,"records":[{"Id":"005xx0000000001","Username":"a@example.com","IsActive":true}]}"#,
            ),
            (
                "PermissionSetAssignment.csv",
                "Id,AssigneeId,PermissionSetId\n0Paxx0000000001,005xx0000000001,0PSxx0000000001\n0Paxx0000000002,005xx0000000009,0PSxx0000000001\n",
            ),
        ],
        Kind::UserRecords,
        open(1),
        &["lacks Users 1: 005xx0000000009 PermissionSetAssignment.csv, row 2"],
    ),
    (
        "an assigned set that the export of permission sets lacks; those of profiles may be left out",
        &[
            (
                "PermissionSet.json",
                r#"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"PermissionSet"},"Id":"0PSxx0000000001","Name":"A","IsOwnedByProfile":false}]}"#,
            ),
            (
                "PermissionSetAssignment.csv",
                "Id,AssigneeId,PermissionSetId,PermissionSet.Name,PermissionSet.NamespacePrefix,PermissionSet.IsOwnedByProfile\n0Paxx0000000001,005xx0000000001,0PSxx0000000007,X00e,,true\n0Paxx0000000002,005xx0000000001,0PSxx0000000008,Runtime,gale,false\n",
            ),
        ],
        Kind::PermissionSetRecords,
        open(1),
        &["lacks PermissionSets 1: gale__Runtime PermissionSetAssignment.csv, row 2"],
    ),
    (
        "profiles and groups that are named and not exported",
        &[
            ("Profile.json", r#"{"totalSize":0,"done":true,"records":[]}"#),
            ("User.csv", U),
            ("PermissionSetGroup.json", r#"{"totalSize":0,"done":true,"records":[]}"#),
            (
                "PermissionSetAssignment.csv",
                "Id,AssigneeId,PermissionSetId,PermissionSetGroupId\n0Paxx0000000001,005xx0000000001,0PSxx0000000001,0PGxx0000000001\n",
            ),
        ],
        Kind::GroupRecords,
        open(0),
        &["lacks Groups 1: 0PGxx0000000001 PermissionSetAssignment.csv, row 1"],
    ),
    (
        "a last login in the time of a history that has no row of it",
        &[
            (
                "User.csv",
                "Id,Username,IsActive,LastLoginDate\n005xx0000000001,a@example.com,true,2026-11-10T08:00:00.000Z\n005xx0000000002,b@example.com,true,2026-11-12T08:00:00.000Z\n",
            ),
            (
                "LoginHistory.json",
                r#"{"totalSize":1,"done":true,"records":[{"Id":"0Yaxx0000000001","UserId":"005xx0000000002","LoginTime":"2026-11-12T08:00:00.000+0000"}]}"#,
            ),
        ],
        Kind::LoginRecords,
        open(1),
        &["lacks LastLogins 1: a@example.com User.csv, row 1"],
    ),
    (
        "last logins before and behind a history, and one of the same moment",
        &[
            (
                "User.csv",
                "Id,Username,IsActive,LastLoginDate\n005xx0000000001,a@example.com,true,2026-06-10T08:00:00.000Z\n005xx0000000002,b@example.com,true,2026-11-13T08:00:00.000Z\n005xx0000000003,c@example.com,true,2026-11-12T08:00:30.000Z\n",
            ),
            (
                "LoginHistory.json",
                r#"{"totalSize":1,"done":true,"records":[{"Id":"0Yaxx0000000001","UserId":"005xx0000000003","LoginTime":"2026-11-12T08:00:00.000+0000"}]}"#,
            ),
        ],
        Kind::LoginRecords,
        whole(1),
        &[],
    ),
];

fn in_short(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Unread { files, first } => format!("unread {files} {first}"),
        Doubt::Lost { rows, first } => format!("lost {rows} {first}"),
        Doubt::Repeated { rows, first } => format!("repeated {rows} {first}"),
        Doubt::Limit { rows } => format!("limit {rows}"),
        Doubt::Contradicted { missing, names, more, at } => {
            format!("lacks {missing:?} {}: {} {at}", names.len() + more, names.join(", "))
        }
    }
}

#[test]
fn an_export_is_whole_only_when_every_row_was_used_once_and_nothing_contradicts() {
    for (name, files, kind, coverage, doubts) in EXPORTS {
        let s = snapshot(files);
        let told: Vec<String> = s.doubts_of(*kind).iter().map(in_short).collect();
        assert_eq!(
            (s.coverage_of(*kind), told),
            (*coverage, doubts.iter().map(|d| (*d).to_owned()).collect()),
            "{name}"
        );
        let backwards: Vec<_> = files.iter().rev().copied().collect();
        assert_eq!(snapshot(&backwards).doubts, s.doubts, "{name}, the other way round");
    }
}

#[test]
fn every_kind_of_record_loses_its_completeness_with_a_row() {
    let lost = EXPORTS.iter().filter(|(.., doubts)| doubts.iter().any(|doubt| doubt.starts_with("lost")));
    for (name, files, ..) in lost {
        let s = snapshot(files);
        for (kind, coverage) in &s.coverage {
            assert!(matches!(coverage, Coverage::Truncated { .. }), "{name}: {kind:?} {coverage:?}");
            assert!(s.problems.iter().any(|problem| problem.kind == Some(*kind)), "{name}: {kind:?} is not told");
        }
    }
}

#[test]
fn a_number_at_which_queries_are_cut_proves_nothing() {
    for (rows, coverage) in [(199, whole(199)), (200, open(200)), (201, whole(201)), (2_000, open(2_000))] {
        let list: Vec<String> = (0..rows)
            .map(|n| format!("{{\"attributes\":{{\"type\":\"Profile\"}},\"Id\":\"00exx{n:010}\",\"Name\":\"P{n}\"}}"))
            .collect();
        let text = format!("{{\"totalSize\":{rows},\"done\":true,\"records\":[{}]}}", list.join(","));
        let s = snapshot(&[("Profile.json", &text)]);
        assert_eq!(s.coverage_of(Kind::ProfileRecords), coverage);
        let limit = (coverage == open(rows)).then_some(Doubt::Limit { rows });
        assert_eq!(s.doubts_of(Kind::ProfileRecords), limit.as_slice());
    }
}

#[test]
fn names_of_what_is_missing_are_cut_and_counted() {
    let rows: String = (1..=9).map(|n| format!("0Paxx{n:010},005xx{n:010},0PSxx0000000001\n")).collect();
    let s = snapshot(&[
        ("User.csv", U),
        ("PermissionSetAssignment.csv", &format!("Id,AssigneeId,PermissionSetId\n{rows}")),
    ]);
    let [Doubt::Contradicted { names, more, .. }] = s.doubts_of(Kind::UserRecords) else { panic!("{:?}", s.doubts) };
    assert_eq!((names.len(), *more), (3, 5));
    assert!(s.problems.is_empty(), "what one export says of another is no fault of a file");
}
