//! Does what an action says, to the org itself. Shares nothing with what made the action.

use super::world::{App, Profile, Ranges, Rights, Set, User, Users, World};
use shr::controls::client_credentials::ActionKind;
use shr::model::{Action, Assessment, Finding, Right};
use shr::text::message::Arg;

/// The org after an action; `None` for what only finds out more.
pub(super) fn applied(world: &World, before: &Assessment, action: &Action) -> Option<World> {
    let mut after = world.clone();
    for name in &action.apps {
        let finding = before.findings.iter().find(|finding| finding.subject.api_name == *name).unwrap();
        one(&mut after, finding, action)?;
    }
    Some(after)
}

fn one(world: &mut World, finding: &Finding, action: &Action) -> Option<()> {
    let at = world.apps.iter().position(|app| app.name == finding.subject.api_name)?;
    let user = world.apps[at].user.flatten();
    match ActionKind::read(&action.kind)? {
        ActionKind::Rotate => world.apps[at].secret = false,
        ActionKind::OwnUser => {
            let set = minimal(world, finding);
            let profile = profile(world, "Own", Vec::new());
            let name = format!("own.{at}@example.com");
            let sets = vec![set];
            world.users.push(User {
                name,
                active: true,
                profile,
                sets,
                person: false,
                license: "Salesforce Integration",
            });
            world.apps[at].user = Some(Some(world.users.len() - 1));
            // Whoever creates a user exports again.
            world.export = Users::Complete;
        }
        ActionKind::Rights => {
            let Some(Arg::List(taken)) = action.what.args.get("sets") else { panic!("{action:?}") };
            let names: Vec<String> = world.sets.iter().map(|set| set.name.clone()).collect();
            world.users[user?].sets.retain(|set| !taken.contains(&names[*set]));
            let set = minimal(world, finding);
            world.users[user?].sets.push(set);
        }
        ActionKind::OwnProfile => {
            let copied = world.profiles[world.users[user?].profile].permissions.clone();
            world.users[user?].profile = profile(world, "Clone", copied);
        }
        ActionKind::Ranges => {
            let own = world.users[user?].profile;
            assert_eq!(world.profiles[own].name, action.target);
            world.profiles[own].ranges = Ranges::Narrow;
        }
        ActionKind::Enforce => world.apps[at].relaxation = Some("Enforce"),
        ActionKind::Finish | ActionKind::Disable | ActionKind::Jwt => off(&mut world.apps[at]),
        ActionKind::Settle | ActionKind::Export | ActionKind::Answer | ActionKind::Tidy => return None,
    }
    if action.what.key.ends_with(".relaxed") {
        world.apps[at].relaxation = Some("Enforce");
    }
    Some(())
}

fn off(app: &mut App) {
    app.policy = Some(false);
    app.setting = app.setting.map(|_| false);
}

/// A custom profile of an integration's own, which admits one address.
fn profile(world: &mut World, word: &str, mut permissions: Vec<&'static str>) -> usize {
    if permissions.is_empty() {
        permissions.extend(["ApiEnabled", "ApiUserOnly"]);
    }
    let name = format!("{word} {}", world.profiles.len());
    world.profiles.push(Profile { api: name.clone(), name, custom: Some(true), permissions, ranges: Ranges::Narrow });
    world.profiles.len() - 1
}

/// The permission set that the card proposes: the API, and today's rights less those that ignore sharing.
fn minimal(world: &mut World, finding: &Finding) -> usize {
    let of = |object: &shr::model::ObjectRights| -> Rights {
        let holds = |right: Right| object.rights.iter().any(|held| held.right == right);
        let all = holds(Right::ModifyAll);
        let (edit, delete) = (holds(Right::Edit), holds(Right::Delete));
        // No log of these orgs shows that anything is deleted.
        [true, holds(Right::Create), all || edit || delete, false, false, false]
    };
    let objects = finding.rights.object_rights.iter().map(|object| (object.object.clone(), of(object))).collect();
    let name = format!("Minimal_{}", world.sets.len());
    world.sets.push(Set { name, permissions: vec!["ApiEnabled", "ApiUserOnly"], objects });
    world.sets.len() - 1
}
