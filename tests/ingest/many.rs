//! Exports of many rows: what they say stays the same, and no row makes the others slower.

use super::snapshot;
use shr::snapshot::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Far more than a debug build needs on a busy machine, and far less than work that grows with rows times rows takes.
const A_MOMENT: Duration = Duration::from_secs(40);

fn permission(name: &str) -> Open {
    Open::Permission(Some(name.to_owned()))
}

fn set<'s>(s: &'s Snapshot, name: &str) -> &'s Container {
    s.access.containers.iter().find(|container| container.name == name).unwrap()
}

fn open(container: &Container) -> Vec<(Open, Lack, Place)> {
    container.untold.iter().map(|(what, place)| (what.clone(), place.value, place.at.place)).collect()
}

#[test]
fn rows_of_a_wide_export_leave_open_what_they_do_not_fill() {
    const ROWS: usize = 5_000;
    const COLUMNS: usize = 2_000;
    let wide: String = (0..COLUMNS).map(|n| format!(",\"PermissionsX{n}\":false")).collect();
    let mut json = format!("{{\"totalSize\":{ROWS},\"done\":true,\"records\":[{{\"Id\":\"0PSxx0000000000AAA\"{wide}}}");
    for n in 1..ROWS {
        let _ = write!(json, ",{{\"Id\":\"0PSxx{n:010}AAA\",\"PermissionsX7\":true,\"PermissionsX8\":\"perhaps\"}}");
    }
    json.push_str("]}");
    let start = Instant::now();
    let s = snapshot(&[("PermissionSet.json", &json)]);
    assert_eq!(s.access.containers.len(), ROWS);
    assert!(set(&s, "0PSxx0000000000AAA").untold.is_empty());
    let last = set(&s, "0PSxx0000004999AAA");
    assert!(last.permissions.contains_key("X7") && !last.untold.holds(&permission("X7")));
    assert!(last.untold.holds(&permission("X9")) && last.untold.holds(&permission("X8")));
    let open = open(last);
    assert_eq!(open.len(), COLUMNS - 1);
    assert!(open.contains(&(permission("X8"), Lack::Unknown, Place::Row(5_000))));
    assert!(open.contains(&(permission("X9"), Lack::Empty, Place::Row(5_000))));
    assert!(open.is_sorted());
    assert!(start.elapsed() < A_MOMENT, "{:?}", start.elapsed());
}

#[test]
fn a_permission_is_open_at_the_first_row_that_leaves_it_empty() {
    let rows = "Id,Name,NamespacePrefix,PermissionsA,PermissionsB,PermissionsC\n\
        0PSxx0000000001,One,,true,true,false\n0PSxx0000000001,One,,,true,false\n\
        0PSxx0000000001,One,,true,,false\n0PSxx0000000001,One,,,,false\n";
    let again = "Id,Name,NamespacePrefix,PermissionsB,PermissionsD\n0PSxx0000000001,One,,,true\n";
    let s = snapshot(&[("a/PermissionSet.csv", rows), ("b/PermissionSet.csv", again)]);
    let one = set(&s, "One");
    let empty = |name: &str, row| (permission(name), Lack::Empty, Place::Row(row));
    assert_eq!(open(one), [empty("A", 2), empty("B", 3)]);
    assert!(!one.untold.holds(&permission("C")) && !one.untold.holds(&permission("D")));
    assert_eq!(one.record_columns.iter().map(|name| &**name).collect::<Vec<_>>(), ["A", "B", "C", "D"]);
}

#[test]
fn assignments_that_lead_to_one_set_leave_open_what_none_of_them_fills_first() {
    let mut rows = "Id,AssigneeId,PermissionSetId,PermissionSet.Name,PermissionSet.NamespacePrefix,\
        PermissionSet.PermissionsApiEnabled,PermissionSet.PermissionsViewSetup\n"
        .to_owned();
    for n in 0..3_000 {
        let told = if n == 0 { "true,false" } else { ",true" };
        let _ = writeln!(rows, "0Paxx{n:010},005xx{n:010},0PSxx0000000001,One,,{told}");
    }
    let s = snapshot(&[("PermissionSetAssignment.csv", &rows)]);
    let one = set(&s, "One");
    assert_eq!(open(one), [(permission("ApiEnabled"), Lack::Empty, Place::Row(2))]);
    assert_eq!(one.permissions["ViewSetup"].len(), 1, "the first place stands for all of them");
}

#[test]
fn many_rows_of_one_user_are_compared_by_what_they_say() {
    const ROWS: usize = 20_000;
    let mut rows = "Id,Username,IsActive\n".to_owned();
    for n in 0..ROWS {
        let _ = writeln!(rows, "005xx0000000009AAA,a{}@example.com,true", n % (ROWS / 2));
    }
    let start = Instant::now();
    let s = snapshot(&[("User.csv", &rows)]);
    let names: BTreeSet<&str> =
        s.access.users.iter().filter_map(|user| Some(user.username.as_ref()?.value.as_ref())).collect();
    assert_eq!((s.access.users.len(), names.len()), (ROWS / 2, ROWS / 2));
    assert_eq!(s.access.users[0].at.place, Place::Row(1), "the first of equal rows is kept");
    assert!(start.elapsed() < A_MOMENT, "{:?}", start.elapsed());
}

#[test]
fn keys_that_differ_in_case_alone_are_one_column_and_the_later_key_counts() {
    let json = r#"[{"attributes":{"type":"User"},"Id":"005xx0000000009AAA","username":"a@x.org","Username":"b@x.org","IsActive":true}]"#;
    let s = snapshot(&[("User.json", json)]);
    let names: Vec<_> = s.access.users.iter().map(|user| user.username.as_ref().unwrap().value.to_string()).collect();
    assert_eq!(names, ["b@x.org"]);
}
