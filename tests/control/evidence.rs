//! What the evidence of a criterion shows: a value for each setting, or why there is none.

use super::one;
use crate::hardened::{at, id, judge, judge_with, seen, snapshot};
use jiff::civil::date;
use shr::engagement::Engagement;
use shr::model::Unseen;
use shr::snapshot::{
    Certificate, Container, ContainerKind, Input, KeyKind, Kind, Located, Locator, ObjectGrant, Place, SecretPresence,
    Seen, Snapshot, Switch,
};

fn row(path: &str, number: u32) -> Locator {
    Locator { place: Place::Row(number), ..at(path, 1) }
}

fn modify_all(s: &mut Snapshot, places: Vec<Locator>) {
    let objects = &mut s.access.containers[0].objects;
    objects.entry("Account".to_owned()).or_default().grants.insert(ObjectGrant::ModifyAllRecords, places);
}

fn certificate(key: KeyKind) -> Seen<Certificate> {
    let (not_before, not_after) = (date(2026, 3, 1), date(2028, 3, 1));
    let read = Certificate::Read { fingerprint: "ab".repeat(32), not_before, not_after, key };
    seen(read, "", "eca/setting")
}

/// What is done, its change, a criterion, and what has to be among what its evidence shows.
type Row = (&'static str, fn(&mut Snapshot), &'static str, &'static str);

const ROWS: &[Row] = &[
    ("a masked secret", |_| {}, "secret-not-exposed", "consumerSecret: withheld"),
    (
        "a secret in clear text",
        |s| one(s).secret = seen(SecretPresence::ClearText, "", "eca/setting"),
        "secret-not-exposed",
        "consumerSecret: withheld",
    ),
    (
        "no secret in the file",
        |s| one(s).secret = seen(SecretPresence::Absent, "", "eca/setting"),
        "secret-not-exposed",
        "consumerSecret: absent",
    ),
    ("an active user", |_| {}, "execution-user-identified", "IsActive = true"),
    (
        "a user without that column",
        |s| s.access.users[0].active = None,
        "execution-user-identified",
        "IsActive: absent",
    ),
    ("an assignment", |_| {}, "execution-user-least-privilege", "AssigneeId = 005000000000001"),
    (
        "a right of a file",
        |s| modify_all(s, vec![at("profiles/Sync.profile", 20)]),
        "execution-user-least-privilege",
        "Account: modifyAllRecords = true",
    ),
    (
        "a right of a row",
        |s| modify_all(s, vec![row("ObjectPermissions.json", 2)]),
        "execution-user-least-privilege",
        "Account: modifyAllRecords = true",
    ),
    (
        "an empty list of scopes",
        |s| one(s).scopes = seen(Vec::new(), "", "eca/oauth"),
        "scopes-minimal",
        "commaSeparatedOauthScopes: empty",
    ),
    (
        "an RSA certificate",
        |s| one(s).certificate = certificate(KeyKind::Rsa(2048)),
        "certificate-alternative",
        "certificate = notAfter 2028-03-01, RSA 2048, SHA-256 abababababababababababababababababababababababababababababababab",
    ),
    (
        "a certificate that cannot be decoded",
        |s| one(s).certificate = seen(Certificate::Unreadable, "", "eca/setting"),
        "certificate-alternative",
        "certificate: withheld",
    ),
    (
        "a profile without ranges",
        |s| s.access.containers[0].login_ranges = Seen::default(),
        "network-restricted",
        "loginIpRanges: absent",
    ),
    (
        "a profile with an empty list of ranges",
        |s| s.access.containers[0].login_ranges = seen(Vec::new(), "[]", "Profile.json"),
        "network-restricted",
        "loginIpRanges = []",
    ),
];

#[test]
fn what_is_seen_has_a_value_or_a_reason_for_none() {
    let mut faults = Vec::new();
    for (name, change, criterion, wanted) in ROWS {
        let mut snapshot = snapshot();
        change(&mut snapshot);
        let assessment = judge_with(&snapshot, &Engagement::default());
        for evidence in &assessment.evidence {
            let item = &evidence.item;
            let secret = ["consumerSecret", "certificate"].contains(&item.setting.as_str());
            if item.seen.is_some() == item.unseen.is_some() || (item.unseen == Some(Unseen::Withheld) && !secret) {
                faults.push(format!("{name}: {} {} is shown as {:?}", item.place(), item.setting, item.observed()));
            }
        }
        let finding = &assessment.findings[0];
        let observed = &finding.observations.iter().find(|seen| seen.criterion == *criterion).unwrap().observed;
        if !observed.iter().any(|text| text == wanted) {
            faults.push(format!("{name}: `{wanted}` is not in {observed:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A container is shown by what its place says of it: a file by its name, its own row by its id, a row of rights by that
/// of its parent.
#[test]
fn a_container_is_shown_by_its_name_or_id() {
    let mut snapshot = snapshot();
    let mut set = Container::new(ContainerKind::PermissionSet, "Loader");
    set.ids.push(id("0PS000000000007"));
    set.sources.push(row("PermissionSet.json", 4));
    let granted = Located::new(Switch::On, "true", row("PermissionSet.json", 4));
    set.permissions.insert("ModifyAllData".to_owned(), vec![granted]);
    set.objects
        .entry("Account".to_owned())
        .or_default()
        .grants
        .insert(ObjectGrant::ViewAllRecords, vec![row("ObjectPermissions.json", 2)]);
    snapshot.access.containers.push(set);
    let first = snapshot.access.assignments[0].clone();
    let place = row("PermissionSetAssignment.json", 2);
    let mut second = first.clone();
    second.permission_set[0].value = shr::snapshot::ContainerRef::Id(id("0PS000000000007"));
    second.owned_by_profile = Some(Located::new(Switch::Off, "false", place.clone()));
    second.at = place;
    snapshot.access.assignments.push(second);
    modify_all(&mut snapshot, vec![at("profiles/Sync.profile", 20)]);
    let files = [
        ("PermissionSet.json", Kind::PermissionSetRecords),
        ("ObjectPermissions.json", Kind::ObjectPermissionRecords),
        ("PermissionSetAssignment.json", Kind::AssignmentRecords),
    ];
    snapshot.inputs.extend(files.map(|(path, kind)| Input {
        path: path.into(),
        bytes: 1,
        sha256: String::new(),
        kind,
        rows: Some(4),
        announced: None,
        newest: None,
    }));
    let finding = judge(&snapshot);
    let steps = finding.rights.grants.iter().flat_map(|grant| grant.paths.iter().flatten());
    let shown: Vec<String> = steps
        .filter(|step| ["profile", "permission_set"].contains(&step.what.as_str()))
        .filter_map(|step| step.item.as_ref()?.observed())
        .collect();
    let set = id("0PS000000000007");
    for wanted in ["profile = Sync".to_owned(), format!("Id = {set}"), format!("ParentId = {set}")] {
        assert!(shown.contains(&wanted), "`{wanted}` is not in {shown:?}");
    }
}
