//! Advice harms nobody: guards of the plan and of the cards, over orgs that were made up and over the samples.

mod apply;
mod files;
mod guards;
mod world;

use guards::broken;
use proptest::prelude::*;
use shr::controls::client_credentials::ActionKind;
use shr::controls::client_credentials::Stated;
use shr::controls::client_credentials::WayOut;
use shr::model::{Assessment, Finding};
use std::collections::BTreeSet;
use world::{App, Draw, Profile, Ranges, Set, User, Users, World};

/// One app with a user, a profile and powers of its own: what is advised may be done there and then.
fn own() -> World {
    World {
        users: vec![
            User {
                name: "svc.order@example.com".into(),
                active: true,
                profile: 0,
                sets: vec![0],
                person: false,
                license: "Salesforce Integration",
            },
            User {
                name: "ada@example.com".into(),
                active: true,
                profile: 1,
                sets: Vec::new(),
                person: true,
                license: "Salesforce",
            },
        ],
        profiles: vec![
            Profile {
                api: "Order Robot".into(),
                name: "Order Robot".into(),
                custom: Some(true),
                permissions: vec!["ApiEnabled", "ApiUserOnly"],
                ranges: Ranges::None,
            },
            Profile {
                api: "Admin".into(),
                name: "System Administrator".into(),
                custom: Some(false),
                permissions: vec!["ApiEnabled", "ModifyAllData", "ManageUsers"],
                ranges: Ranges::None,
            },
        ],
        sets: vec![Set {
            name: "Order_Full".into(),
            permissions: vec!["ModifyAllData", "CustomizeApplication", "ViewAllData"],
            objects: vec![("Order__c".into(), [true, false, true, false, false, false])],
        }],
        apps: vec![App {
            name: "Order_Sync".into(),
            user: Some(Some(0)),
            policy: Some(true),
            setting: Some(true),
            relaxation: Some("Enforce"),
            secret: false,
            scopes: "Api",
            certificate: false,
        }],
        connected: None,
        export: Users::Complete,
        history: true,
        session: false,
    }
}

fn kinds(assessment: &Assessment) -> Vec<&'static str> {
    let catalogue = shr::controls::catalogue("en").unwrap();
    let own = assessment.actions.iter().filter(|one| one.findings.iter().any(|id| id.starts_with("SHR-CCF-")));
    let known = own.filter(|one| catalogue.action(&one.kind).is_some_and(|kind| !kind.later));
    known.map(|one| ActionKind::read(&one.kind).unwrap().word()).collect()
}

fn finding<'a>(assessment: &'a Assessment, app: &str) -> &'a Finding {
    assessment.findings.iter().find(|finding| finding.subject.api_name == app).unwrap()
}

type Row = (&'static str, fn(&mut World), &'static [&'static str]);

/// What is changed, and the actions on what is known to be wrong, in their order.
const ROWS: &[Row] = &[
    ("everything is its own", |_| {}, &["rights", "ranges", "jwt"]),
    ("another user has the profile", |w| w.users[1].profile = 0, &["rights", "own_profile", "jwt"]),
    (
        "an inactive user has the profile",
        |w| {
            w.users[1].profile = 0;
            w.users[1].active = false;
        },
        &["rights", "ranges", "jwt"],
    ),
    ("a standard profile", |w| w.profiles[0].custom = Some(false), &["rights", "own_profile", "jwt"]),
    ("a profile of which nothing says whose it is", |w| w.profiles[0].custom = None, &["rights", "own_profile", "jwt"]),
    ("a User export without a count", |w| w.export = Users::NotProven, &["rights", "own_profile", "jwt"]),
    (
        "two apps run as the user",
        |w| w.apps.push(App { name: "Rate_Card".into(), ..w.apps[0].clone() }),
        &["own_user", "jwt"],
    ),
    (
        "two apps that are hardened but for a secret and the user that they share",
        |w| {
            w.users[0].sets.clear();
            w.profiles[0].ranges = Ranges::Narrow;
            w.apps.push(App { name: "Rate_Card".into(), ..w.apps[0].clone() });
            w.apps[0].secret = true;
        },
        &["rotate", "own_user", "jwt"],
    ),
    (
        "another app whose flow is off names the user",
        |w| w.apps.push(App { name: "Old".into(), policy: Some(false), ..w.apps[0].clone() }),
        &["rights", "ranges", "jwt"],
    ),
    ("a connected app runs as the user", |w| w.connected = Some(0), &["own_user", "jwt"]),
    ("a person signs in as the user", |w| w.users[0].person = true, &["own_user", "jwt"]),
    (
        "nothing shows that no person signs in as the user",
        |w| {
            w.profiles[0].permissions = vec!["ApiEnabled"];
            w.users[0].license = "Salesforce";
            w.history = false;
        },
        &["own_user", "jwt"],
    ),
    (
        "the only administrator",
        |w| {
            w.apps[0].user = Some(Some(1));
            w.users.swap_remove(0);
            w.apps[0].user = Some(Some(0));
        },
        &["own_user", "jwt"],
    ),
    (
        "the last one who can manage users, by a set",
        |w| {
            w.sets[0].permissions.push("ManageUsers");
            w.users[1].active = false;
        },
        &["own_user", "jwt"],
    ),
    ("one of two who can manage users", |w| w.sets[0].permissions.push("ManageUsers"), &["rights", "ranges", "jwt"]),
    ("rights come from the profile", |w| w.profiles[0].permissions.push("ModifyAllData"), &["own_user", "jwt"]),
    (
        "ranges that the policy voids",
        |w| {
            w.profiles[0].ranges = Ranges::Narrow;
            w.apps[0].relaxation = Some("Bypass");
        },
        &["enforce", "rights", "jwt"],
    ),
    (
        "no ranges, and a policy that would void them",
        |w| w.apps[0].relaxation = Some("Bypass"),
        &["rights", "ranges", "jwt"],
    ),
    ("narrow ranges", |w| w.profiles[0].ranges = Ranges::Narrow, &["rights", "jwt"]),
    ("few rights", |w| w.users[0].sets.clear(), &["ranges", "jwt"]),
    ("a secret in clear text", |w| w.apps[0].secret = true, &["rotate", "rights", "ranges", "jwt"]),
    ("a certificate is there", |w| w.apps[0].certificate = true, &["finish", "rights", "ranges"]),
    ("nobody named", |w| w.apps[0].user = None, &["disable"]),
    ("a user whom the complete export does not hold", |w| w.apps[0].user = Some(None), &[]),
    ("no policy", |w| w.apps[0].policy = None, &[]),
    ("a policy that is on against a setting that is off", |w| w.apps[0].setting = Some(false), &[]),
    ("an inactive user", |w| w.users[0].active = false, &[]),
];

#[test]
fn each_situation_gets_what_is_safe_there() {
    let mut faults = Vec::new();
    for (name, change, expected) in ROWS {
        let mut world = own();
        change(&mut world);
        let assessment = world.assess();
        if kinds(&assessment) != *expected {
            faults.push(format!("{name}: {:?}, expected {expected:?}", kinds(&assessment)));
        }
        faults.extend(broken(&world, &assessment).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// No way is recommended before what decides between them is known, and the flow is never to be on.
#[test]
fn without_evidence_there_is_a_question_instead_of_a_way() {
    type Way = (&'static str, fn(&mut World), Option<WayOut>, &'static str);
    let rows: [Way; 6] = [
        ("fails", |_| {}, Some(WayOut::Jwt), "advice.jwt"),
        ("no policy", |w| w.apps[0].policy = None, None, "advice.settle.flow"),
        ("two switches that disagree", |w| w.apps[0].setting = Some(false), None, "advice.settle.copies"),
        ("not in the complete export", |w| w.apps[0].user = Some(None), None, "advice.settle.not-found"),
        ("nobody named", |w| w.apps[0].user = None, Some(WayOut::Disable), "advice.disable"),
        ("no User export", |w| w.export = Users::Absent, None, "advice.settle.evidence"),
    ];
    for (name, change, way, because) in rows {
        let mut world = own();
        change(&mut world);
        let assessment = world.assess();
        let advice = finding(&assessment, "Order_Sync").advice().unwrap();
        assert_eq!((advice.way, &*advice.because.key), (way, because), "{name}");
    }
}

#[test]
fn a_list_that_is_cut_says_how_many_follow_and_the_effect_is_what_remains() {
    let assessment = own().assess();
    let rights = assessment.actions.iter().find(|one| one.kind == ActionKind::Rights).unwrap();
    let all: BTreeSet<&String> = finding(&assessment, "Order_Sync")
        .rights
        .grants
        .iter()
        .flat_map(|grant| grant.implies.iter().chain([&grant.name]))
        .collect();
    for (language, more) in [("en", "more)"), ("de", "weitere)")] {
        let words = shr::controls::wording(language).unwrap();
        let said = words.say(&rights.what);
        // Three are named, and what comes along with them is counted, too.
        assert!(said.contains(&format!("{} {more}", all.len() - 3)), "{said}");
        for name in ["Modify All Data", "Customize Application"] {
            assert!(said.contains(name), "{said}");
        }
        let mut world = own();
        world.sets[0].permissions = vec!["QueryAllFiles"];
        let assessment = world.assess();
        let one = assessment.actions.iter().find(|one| one.kind == ActionKind::Rights).unwrap();
        assert!(!words.say(&one.what).contains(more), "{}", words.say(&one.what));
    }
    // What stays with the user for another reason is part of the effect.
    let mut world = own();
    world.profiles[0].permissions.push("TransferAnyLead");
    let assessment = world.assess();
    for one in assessment.actions.iter().filter(|one| one.kind == ActionKind::Rights) {
        assert!(
            !shr::controls::wording("en").unwrap().say(&one.effect).contains("no longer reaches beyond"),
            "{one:?}"
        );
    }
}

#[test]
fn the_samples_break_no_guard() {
    for name in ["halden-prod", "halden-metadata-only", "halden-uat", "lumen-mdapi.zip"] {
        let snapshot = crate::samples::snapshot(&crate::samples::samples().join(name));
        let control = shr::controls::catalogue("en").unwrap();
        let key = crate::samples::key(name);
        let a = shr::assess::assess(&snapshot, &control, &crate::samples::engagement(), key, crate::samples::AS_OF);
        let words = shr::controls::wording("en").unwrap();
        for (number, action) in (1..).zip(&a.actions) {
            let (what, effect) = (words.say(&action.what), words.say(&action.effect));
            assert!(!what.contains(['⟨', '{']) && !effect.contains(['⟨', '{']), "{name}: {what} {effect}");
            for app in &action.apps {
                let finding = finding(&a, app);
                assert!(finding.actions.contains(&number), "{name}: {app} {number}");
                let user = &finding.execution_user();
                let alone = user.shared_with.is_empty() && user.profile_shared_by == Some(0);
                if action.kind == ActionKind::Ranges {
                    assert!(alone && action.target == user.profile, "{name}: {what}");
                }
                if action.kind == ActionKind::Rights || action.kind == ActionKind::OwnProfile {
                    assert!(user.shared_with.is_empty() && user.profile != "System Administrator", "{name}: {what}");
                }
            }
        }
        // The administrator, who is a person and serves two apps, is left alone.
        let nora = a.actions.iter().filter(|one| one.target.starts_with("nora."));
        assert!(nora.clone().all(|one| one.kind == ActionKind::OwnUser), "{name}");
        assert!(a.actions.iter().all(|one| one.target != "System Administrator"), "{name}");
    }
}

/// Every printed action of every sample, done to the files of the sample: what is promised is what is found afterwards.
#[test]
fn the_printed_effect_of_every_sample_is_the_real_one() {
    let control = shr::controls::catalogue("en").unwrap();
    let limits = shr::source::Limits::default();
    let mut done = BTreeSet::new();
    let mut faults = Vec::new();
    let mut connected = 0;
    for name in crate::samples::SAMPLES {
        let key = crate::samples::key(name);
        let files = files::Files(crate::samples::files(&crate::samples::samples().join(name)), key);
        let assess = |files: &files::Files| {
            let source = shr::source::Source::memory(name, files.0.clone());
            let snapshot = shr::ingest::read(&source, &limits).unwrap();
            let mut engagement = crate::samples::engagement();
            // Whoever exports again states the counts again.
            let counts = &mut engagement.orgs.get_mut(key).unwrap().expected;
            counts.extend(
                ["ObjectPermissions", "User"].iter().filter_map(|one| Some(((*one).into(), files.count(one)?))),
            );
            shr::assess::assess(&snapshot, &control, &engagement, key, crate::samples::AS_OF)
        };
        let before = assess(&files);
        for action in &before.actions {
            let Some(changed) = files.applied(&before.findings, action) else {
                assert!(action.after.is_empty(), "{name}: {action:?}");
                continue;
            };
            let after = assess(&changed);
            done.insert(ActionKind::read(&action.kind).unwrap());
            assert_eq!(
                action.after.iter().map(|one| &one.finding).collect::<Vec<_>>(),
                Vec::from_iter(&action.findings)
            );
            for promised in &action.after {
                let now = after.findings.iter().find(|finding| finding.id == promised.finding).unwrap();
                connected += usize::from(now.subject.kind == "connected_app");
                let score = now.score.as_ref().map(|score| score.residual31.1);
                if (promised.result, promised.score) != (now.result, score) {
                    faults.push(format!("{name}, {}: {promised:?} is {} {score:?}", action.kind, now.result));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(done.len(), 8, "{done:?}");
    assert!(connected > 2, "only {connected} effects on connected apps");
}

/// What is drawn below is not all of one kind.
#[test]
fn the_orgs_that_are_drawn_call_for_every_kind_of_action() {
    let mut seen = BTreeSet::new();
    let mut state = 7u32;
    for _ in 0..250 {
        let bytes: Vec<u8> = (0..150)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        seen.extend(Draw(bytes.iter()).world().assess().actions.iter().filter_map(|one| ActionKind::read(&one.kind)));
    }
    let missing: Vec<_> = ActionKind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_action_breaks_a_guard(bytes in proptest::collection::vec(any::<u8>(), 150)) {
        let world = Draw(bytes.iter()).world();
        let assessment = world.assess();
        let faults = broken(&world, &assessment);
        prop_assert!(faults.is_empty(), "{}\n{world:#?}", faults.join("\n"));
    }
}
