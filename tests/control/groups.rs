//! Permission set groups: members, muting, status, calculated results.

use super::holding::{Row, all_columns, assign, check, group, muted_group, set};
use crate::hardened::{at, seen};
use shr::controls::client_credentials::PrivilegeState;
use shr::model::Outcome;
use shr::snapshot::{ContainerKind, GroupStatus, Located, ObjectGrant, Switch};

const ROWS: &[Row] = {
    use Outcome::{Fail, NotEvaluable, Pass};
    use PrivilegeState::{Broad, Moderate, Narrow, Unknown};
    &[
        (
            "a group gives its members",
            |s| {
                set(s, "Strong", &["ModifyAllData"]);
                group(s, "G", &["Strong"], &[]);
                assign(s, None, Some("G"));
            },
            Broad,
            Fail,
            "",
            &["ModifyAllData"],
        ),
        ("muting takes away inside its group", muted_group, Narrow, Pass, "", &[]),
        (
            "muting does not reach a direct assignment of the same set",
            |s| {
                muted_group(s);
                assign(s, Some("Strong"), None);
            },
            Broad,
            Fail,
            "",
            &["ModifyAllData"],
        ),
        (
            "muting does not reach another group",
            |s| {
                muted_group(s);
                group(s, "Other", &["Strong"], &[]);
                assign(s, None, Some("Other"));
            },
            Broad,
            Fail,
            "",
            &["ModifyAllData"],
        ),
        (
            "muting does not reach the profile",
            |s| {
                muted_group(s);
                let place = Located::new(Switch::On, "true", at("profiles/Sync.profile", 20));
                s.access.containers[0].permissions.insert("ModifyAllData".to_owned(), vec![place]);
            },
            Broad,
            Fail,
            "",
            &["ModifyAllData"],
        ),
        (
            "muting takes away only what it names",
            |s| {
                muted_group(s);
                s.access.containers[1].permissions.insert(
                    "ViewAllData".to_owned(),
                    vec![Located::new(Switch::On, "true", at("sets/Strong.permissionset", 9))],
                );
            },
            Moderate,
            Fail,
            "",
            &["ViewAllData"],
        ),
        (
            "muting takes object rights away",
            |s| {
                muted_group(s);
                for at_set in [1, 2] {
                    let objects = &mut s.access.containers[at_set].objects;
                    objects
                        .entry("Account".to_owned())
                        .or_default()
                        .grants
                        .insert(ObjectGrant::ModifyAllRecords, vec![at("sets/Strong.permissionset", 11)]);
                }
            },
            Narrow,
            Pass,
            "",
            &[],
        ),
        (
            "a false in a muting set mutes nothing",
            |s| {
                muted_group(s);
                s.access.containers[2].permissions.insert(
                    "ModifyAllData".to_owned(),
                    vec![Located::new(Switch::Off, "false", at("sets/Mute.permissionset", 5))],
                );
            },
            Broad,
            Fail,
            "",
            &["ModifyAllData"],
        ),
        (
            "a missing muting set mutes nothing",
            |s| {
                muted_group(s);
                s.access.containers.retain(|one| one.kind != ContainerKind::Muting);
            },
            Broad,
            Fail,
            "gap.muting-missing",
            &["ModifyAllData"],
        ),
        (
            "a missing muting set is a gap",
            |s| {
                set(s, "Weak", &["ApiEnabled"]);
                group(s, "G", &["Weak"], &["Nowhere"]);
                assign(s, None, Some("G"));
            },
            Unknown,
            NotEvaluable,
            "gap.muting-missing",
            &[],
        ),
        (
            "a permission set named like a missing muting set does not mute",
            |s| {
                muted_group(s);
                s.access.containers.retain(|one| one.kind != ContainerKind::Muting);
                set(s, "Mute", &["ModifyAllData"]);
            },
            Broad,
            Fail,
            "gap.muting-missing",
            &["ModifyAllData"],
        ),
        (
            "a member that is not in the snapshot",
            |s| {
                group(s, "G", &["pkg__Managed"], &[]);
                assign(s, None, Some("G"));
            },
            Unknown,
            NotEvaluable,
            "gap.set-missing",
            &[],
        ),
        (
            "a member that only the label of another set means",
            |s| {
                group(s, "G", &["Managed"], &[]);
                set(s, "Weak", &[]);
                s.access.containers.last_mut().unwrap().other_names.insert("Managed".to_owned());
                assign(s, None, Some("G"));
            },
            Unknown,
            NotEvaluable,
            "gap.set-missing",
            &[],
        ),
        (
            "a group that is not current",
            |s| {
                set(s, "Weak", &[]);
                group(s, "G", &["Weak"], &[]).status =
                    seen(GroupStatus::NotCurrent, "Outdated", "groups/G.permissionsetgroup");
                assign(s, None, Some("G"));
            },
            Unknown,
            NotEvaluable,
            "gap.group-status",
            &[],
        ),
        (
            "a group without a status",
            |s| {
                set(s, "Weak", &[]);
                group(s, "G", &["Weak"], &[]).status = shr::snapshot::Seen::default();
                assign(s, None, Some("G"));
            },
            Unknown,
            NotEvaluable,
            "gap.group-status",
            &[],
        ),
        (
            "a group that is not in the snapshot",
            |s| {
                assign(s, None, Some("G"));
            },
            Unknown,
            NotEvaluable,
            "gap.group-missing",
            &[],
        ),
        (
            "a calculated group needs no members",
            |s| {
                let group = group(s, "G", &["pkg__Managed"], &["Nowhere"]);
                group.mutings.clear();
                group.calculated = true;
                all_columns(group);
                assign(s, None, Some("G"));
            },
            Narrow,
            Pass,
            "",
            &[],
        ),
        (
            "what a calculated group holds is held after muting",
            |s| {
                muted_group(s);
                let group = s.access.containers.last_mut().unwrap();
                group.calculated = true;
                all_columns(group);
                group.permissions.insert(
                    "ViewAllData".to_owned(),
                    vec![Located::new(Switch::On, "true", at("PermissionSet.json", 3))],
                );
            },
            Moderate,
            Fail,
            "",
            &["ViewAllData"],
        ),
    ]
};

#[test]
fn what_groups_give_and_take() {
    check(ROWS);
}
