//! One hardened app as a snapshot in memory; each test changes one thing of it.

use shr::catalogue::Catalogue;
use shr::engagement::Engagement;
use shr::model::{Assessment, Finding};
use shr::snapshot::{
    App, AppSource, Assignment, Container, ContainerKind, ContainerRef, Coverage, IpRange, IpRelaxation, Kind, Located,
    Locator, ObjectGrant, Place, SecretPresence, Seen, SfId, Snapshot, Switch, User, UserRef,
};
use std::sync::{Arc, LazyLock};

pub(crate) const APP: &str = "Order_Sync";
pub(crate) const USER: &str = "svc.order@example.com";

pub(crate) fn at(path: &str, line: u32) -> Locator {
    Locator::new(&Arc::from(path), Place::Line(line))
}

pub(crate) fn seen<T>(value: T, raw: &str, path: &str) -> Seen<T> {
    let mut seen = Seen::default();
    seen.push(Located::new(value, raw, at(path, 3)));
    seen
}

pub(crate) fn id(text: &str) -> SfId {
    SfId::parse(text).unwrap()
}

pub(crate) fn range(first: &str, last: &str) -> IpRange {
    let one = |text: &str| Located::new(text.to_owned(), text, at("profiles/Sync.profile", 5));
    IpRange { start: one(first), end: one(last), description: None }
}

pub(crate) fn app(name: &str) -> App {
    let kinds = [Kind::AppFile, Kind::GlobalOauthFile, Kind::OauthPolicyFile, Kind::AppPolicyFile];
    App {
        name: name.to_owned(),
        sources: kinds.map(|kind| AppSource { kind, at: at("eca/policy", 1), raw: name.to_owned() }).to_vec(),
        policy_flow: seen(Switch::On, "true", "eca/policy"),
        setting_flow: seen(Switch::On, "true", "eca/setting"),
        enabled: seen(Switch::On, "true", "eca/plcy"),
        oauth_plugin_enabled: seen(Switch::On, "true", "eca/plcy"),
        execution_user: seen(UserRef::Username(USER.to_owned()), USER, "eca/policy"),
        ip_relaxation: seen(IpRelaxation::Enforce, "Enforce", "eca/policy"),
        scopes: seen(vec!["Api".to_owned()], "Api", "eca/oauth"),
        secret: seen(SecretPresence::Masked, "", "eca/setting"),
        ..App::default()
    }
}

pub(crate) fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot { name: "fixture".to_owned(), ..Snapshot::default() };
    snapshot.apps.insert(APP.to_owned(), app(APP));
    let user = id("005000000000001");
    let row = |text: &str| at(text, 1);
    snapshot.access.users.push(User {
        at: row("User.json"),
        id: Some(Located::new(user, "005000000000001", row("User.json"))),
        username: Some(Located::new(USER.to_uppercase().into(), USER, row("User.json"))),
        full_name: None,
        active: Some(Located::new(Switch::On, "true", row("User.json"))),
        profile_id: None,
        profile_name: Some(Located::new("Sync".into(), "Sync", row("User.json"))),
        user_type: None,
        license: None,
        last_login: None,
    });
    let mut profile = Container::new(ContainerKind::Profile, "Sync");
    profile.from_file = true;
    profile.sources.push(at("profiles/Sync.profile", 1));
    for name in ["ApiUserOnly", "ApiEnabled"] {
        profile
            .permissions
            .insert(name.to_owned(), vec![Located::new(Switch::On, "true", at("profiles/Sync.profile", 9))]);
    }
    let grants = &mut profile.objects.entry("Order".to_owned()).or_default().grants;
    grants.insert(ObjectGrant::Read, vec![at("profiles/Sync.profile", 12)]);
    grants.insert(ObjectGrant::Edit, vec![at("profiles/Sync.profile", 13)]);
    profile.login_ranges = seen(vec![range("203.0.113.7", "203.0.113.7")], "203.0.113.7", "profiles/Sync.profile");
    snapshot.access.containers.push(profile);
    snapshot.access.assignments.push(Assignment {
        at: row("PermissionSetAssignment.json"),
        assignee: Some(Located::new(user, "005000000000001", row("PermissionSetAssignment.json"))),
        permission_set: vec![Located::new(
            ContainerRef::Id(id("0PS000000000001")),
            "0PS000000000001",
            row("PermissionSetAssignment.json"),
        )],
        group: Vec::new(),
        owned_by_profile: Some(Located::new(Switch::On, "true", row("PermissionSetAssignment.json"))),
        expires: None,
        active: None,
    });
    for kind in [Kind::UserRecords, Kind::AssignmentRecords, Kind::ObjectPermissionRecords] {
        snapshot.coverage.insert(kind, Coverage::Complete { got: 1 });
    }
    snapshot
}

static CONTROL: LazyLock<Catalogue> = LazyLock::new(|| shr::controls::catalogue("en").unwrap());

pub(crate) fn judge_with(snapshot: &Snapshot, engagement: &Engagement) -> Assessment {
    shr::assess::assess(snapshot, &CONTROL, engagement, "org", jiff::civil::date(2026, 11, 24))
}

pub(crate) fn judge(snapshot: &Snapshot) -> Finding {
    let assessment = judge_with(snapshot, &Engagement::default());
    assessment.findings.into_iter().find(|finding| finding.subject.api_name == APP).unwrap()
}
