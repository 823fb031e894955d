//! Components that are stored in several files: in which layout ever, a piece finds its component.

use super::{container, snapshot};
use shr::snapshot::*;

const HEAD: &str = "<PermissionSet><label>Bot</label></PermissionSet>";
const PROFILE: &str = "<Profile><userLicense>Salesforce</userLicense></Profile>";
const MUTING: &str = "<MutingPermissionSet><label>Bot</label></MutingPermissionSet>";
const RIGHT: &str = "<enabled>true</enabled><name>ModifyAllData</name>";

/// Where the main file lies, what it holds, where the piece lies, and its root element; empty where the piece is the
/// repeated element itself.
type Layout = (&'static str, &'static str, &'static str, &'static str);

const LAYOUTS: &[Layout] = &[
    // one folder for each element
    (
        "p/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/Bot/userPermissions/X.userPermission-meta.xml",
        "",
    ),
    (
        "p/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/Bot/userPermissions/X.userPermissions-meta.xml",
        "PermissionSet",
    ),
    // all pieces beside the main file
    (
        "p/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/Bot/Bot.userPermission-meta.xml",
        "PermissionSet",
    ),
    (
        "p/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/Bot/Bot.userPermissions-meta.xml",
        "PermissionSet",
    ),
    // one file for each element, named after it
    (
        "p/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/Bot/userPermissions.xml",
        "PermissionSet",
    ),
    // deeper, and below a package directory that has the name of a type
    (
        "p/permissionsets/Team/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/Team/Bot/Bot.userPermission-meta.xml",
        "PermissionSet",
    ),
    (
        "permissionsets/main/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "permissionsets/main/permissionsets/Bot/Bot.userPermission-meta.xml",
        "PermissionSet",
    ),
    (
        "profiles/main/permissionsets/Bot/Bot.permissionset-meta.xml",
        HEAD,
        "profiles/main/permissionsets/Bot/Bot.userPermission-meta.xml",
        "PermissionSet",
    ),
    // other case, and the main file beside the folder
    (
        "p/permissionsets/bot/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/bot/USERPERMISSIONS/X.userpermissions-META.xml",
        "PermissionSet",
    ),
    (
        "p/permissionsets/Bot.permissionset-meta.xml",
        HEAD,
        "p/permissionsets/bot/userPermissions/X.userPermission-meta.xml",
        "",
    ),
    ("p/permissionsets/Bot.permissionset", HEAD, "p/permissionsets/Bot.userPermission", ""),
    // flat, without any folder of a type
    ("p/Bot.permissionset-meta.xml", HEAD, "p/userPermissions/X.userPermission-meta.xml", ""),
    // profiles and muting sets
    (
        "p/profiles/Bot/Bot.profile-meta.xml",
        PROFILE,
        "p/profiles/Bot/userPermissions/X.userPermissions-meta.xml",
        "Profile",
    ),
    ("p/profiles/Bot.profile-meta.xml", PROFILE, "p/profiles/decomposed/Bot/userPermissions/X.xml", "Profile"),
    (
        "p/mutingpermissionsets/Bot/Bot.mutingpermissionset-meta.xml",
        MUTING,
        "p/mutingpermissionsets/Bot/userPermissions/X.userPermissions-meta.xml",
        "MutingPermissionSet",
    ),
];

fn piece(root: &str) -> String {
    match root {
        "" => format!("<UserPermission>{RIGHT}</UserPermission>"),
        root => format!("<{root}><userPermissions>{RIGHT}</userPermissions></{root}>"),
    }
}

fn kind(main: &str) -> ContainerKind {
    match main {
        HEAD => ContainerKind::PermissionSet,
        PROFILE => ContainerKind::Profile,
        _ => ContainerKind::Muting,
    }
}

#[test]
fn a_piece_belongs_to_the_main_file_above_it() {
    for (path, main, place, root) in LAYOUTS {
        // Others beside it, with the name of a part or of the component, change nothing.
        let text = piece(root);
        let s = snapshot(&[
            (path, main),
            (place, &text),
            ("z/permissionsets/Other.permissionset", "<PermissionSet><label>Other</label></PermissionSet>"),
        ]);
        assert_eq!(s.problems, [], "{place}");
        let bot = container(&s, kind(main), "Bot");
        assert!(bot.permissions.contains_key("ModifyAllData"), "{place}");
        assert!(bot.in_pieces, "{place}");
        assert_eq!(s.access.containers.len(), 2, "{place}");
        assert_eq!(bot.sources.len(), 2, "{place}");
        let other = container(&s, ContainerKind::PermissionSet, "Other");
        assert!(!other.in_pieces && other.permissions.is_empty(), "{place}");
    }
}

#[test]
fn pieces_that_cannot_be_read_leave_their_mark() {
    // In another format, of an element without rights, or broken.
    let places = [
        ("p/permissionsets/Bot/userPermissions/X.userPermissions-meta.json", "{\"PermissionSet\":{}}"),
        ("p/permissionsets/Bot/userPermissions.yaml", "PermissionSet:"),
        ("p/permissionsets/Bot/userPermissions/X.yml", "PermissionSet:"),
        ("p/permissionsets/Bot/fieldPermissions/A.B.fieldPermission-meta.xml", "<FieldPermission/>"),
        ("p/permissionsets/Bot/Bot.classAccess-meta.xml", "<PermissionSet/>"),
        ("p/permissionsets/Bot/userPermissions/X.userPermission-meta.xml", "<UserPermission>"),
    ];
    for (place, text) in places {
        let s = snapshot(&[("p/permissionsets/Bot.permissionset-meta.xml", HEAD), (place, text)]);
        assert!(container(&s, ContainerKind::PermissionSet, "Bot").in_pieces, "{place}");
    }
    // A main file in a folder of its own is one of a decomposed component even when all its pieces are missing.
    let alone = snapshot(&[("p/profiles/Sub/bot/Bot.profile-meta.xml", PROFILE)]);
    assert!(container(&alone, ContainerKind::Profile, "Bot").in_pieces);
}

#[test]
fn what_has_only_the_name_of_a_piece_is_none() {
    let rows = "Id,ParentId,SobjectType,PermissionsRead\n110xx0000000001AAA,0PSxx0000000001AAA,Account,true\n";
    let beside = [
        ("p/ObjectPermissions.csv", rows),
        ("p/objectPermissions/page1.csv", rows),
        ("p/customPermissions/A.customPermission-meta.xml", "<CustomPermission/>"),
        ("p/deep/userPermissions/X.xml", "<manifest/>"),
        ("p/other/objectPermissions/readme.txt", "x"),
    ];
    for (place, text) in beside {
        let s = snapshot(&[("p/Bot.permissionset-meta.xml", HEAD), (place, text)]);
        assert!(!container(&s, ContainerKind::PermissionSet, "Bot").in_pieces, "{place}");
    }
}

#[test]
fn a_piece_of_several_components_is_said_and_leaves_all_of_them_open() {
    let text = piece("");
    let s = snapshot(&[
        ("p/permissionsets/Bot.permissionset-meta.xml", HEAD),
        ("p/permissionsets/Cat.permissionset-meta.xml", HEAD),
        ("p/permissionsets/userPermissions/X.userPermission-meta.xml", &text),
    ]);
    for name in ["Bot", "Cat"] {
        let set = container(&s, ContainerKind::PermissionSet, name);
        assert!(set.in_pieces && set.permissions.is_empty(), "{name}");
    }
    assert_eq!(s.problems.len(), 1);
    assert_eq!(s.problems[0].code, ProblemCode::Unlinked);
}

#[test]
fn ranges_in_pieces_are_one_list_that_may_be_longer() {
    let range = |last: u8| {
        format!(
            "<Profile><loginIpRanges><endAddress>203.0.113.{last}</endAddress><startAddress>203.0.113.{last}</startAddress></loginIpRanges></Profile>"
        )
    };
    let (first, second) = (range(1), range(2));
    let main = ("p/profiles/Bot/Bot.profile-meta.xml", PROFILE);
    let pieces = [
        ("p/profiles/Bot/loginIpRanges/a.loginIpRanges-meta.xml", first.as_str()),
        ("p/profiles/Bot/loginIpRanges/b.loginIpRanges-meta.xml", second.as_str()),
    ];
    let s = snapshot(&[main, pieces[0], pieces[1]]);
    let bot = container(&s, ContainerKind::Profile, "Bot");
    assert_eq!(bot.login_ranges.agreed().unwrap().value.len(), 2);
    assert!(bot.ranges_in_pieces);
    // The same profile in one file, elsewhere: that is all.
    let whole = format!("<Profile>{}{}</Profile>", &first[9..first.len() - 10], &second[9..second.len() - 10]);
    let s = snapshot(&[main, pieces[0], pieces[1], ("q/Bot.profile-meta.xml", &whole)]);
    let bot = container(&s, ContainerKind::Profile, "Bot");
    assert!(!bot.ranges_in_pieces && !bot.in_pieces);
}
