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
