//! Which component or field a gap lacks, so that nothing is asked for that is there.

use super::case::Case;
use crate::kit::Gap;
use crate::kit::access::profile_of;
use crate::model::{Missing, Question, Settles, Word};
use crate::snapshot::{ContainerKind, ContainerRef, Coverage, Kind};
use crate::text::message::Arg;
use std::borrow::Cow;

/// Whose component or field is missing.
enum Of {
    App,
    User,
    /// The profile of the execution user.
    Profile,
    /// What the gap names in this argument.
    Named(&'static str),
    All,
}

/// How a retrieval names it.
enum By {
    /// By its type, and those that belong with it: the names of its files are not known.
    Types(&'static [&'static str]),
    /// By type and name.
    Name(&'static str),
    /// By the type that the container has, and by its name.
    Container,
    Nothing,
}

const POLICY: By = By::Types(&["ExtlClntAppOauthConfigurablePolicies"]);
const GLOBAL: By = By::Types(&["ExtlClntAppGlobalOauthSettings"]);

/// The gaps that lack one component or field, with what it is called, whose it is, and what a retrieval names.
const PARTS: &[(&str, &str, Of, By)] = &[
    ("gap.flow", "ExtlClntAppOauthConfigurablePolicies", Of::App, POLICY),
    ("gap.user-unknown", "ExtlClntAppOauthConfigurablePolicies", Of::App, POLICY),
    ("gap.user-placeholder", "clientCredentialsFlowUser", Of::App, POLICY),
    ("gap.user-unnamed", "clientCredentialsFlowUser", Of::App, By::Nothing),
    ("gap.dedicated-untold", "ExtlClntAppOauthConfigurablePolicies", Of::Named("apps"), POLICY),
    ("gap.relaxation-absent", "ipRelaxationPolicyType", Of::App, POLICY),
    ("gap.relaxation-unreadable", "readable-policy", Of::App, POLICY),
    ("gap.user-unreadable", "readable-file", Of::Named("files"), POLICY),
    ("gap.scopes", "ExtlClntAppOauthSettings", Of::App, By::Types(&["ExtlClntAppOauthSettings"])),
    ("gap.certificate", "ExtlClntAppGlobalOauthSettings", Of::App, GLOBAL),
    ("gap.secret-unreadable", "ExtlClntAppGlobalOauthSettings", Of::App, GLOBAL),
    ("gap.user-not-found", "User", Of::User, By::Nothing),
    ("gap.user-active", "IsActive", Of::User, By::Nothing),
    // Its name is known as Setup shows it; that of its file may be another.
    ("gap.profile-missing", "Profile", Of::Profile, By::Types(&["Profile"])),
    ("gap.ranges-unreadable", "loginIpRanges", Of::Profile, By::Name("Profile")),
    ("gap.profile-unreadable", "loginIpRanges", Of::Profile, By::Name("Profile")),
    ("gap.ranges-not-exported", "loginIpRanges", Of::Profile, By::Name("Profile")),
    ("gap.profile-without-permissions", "userPermissions", Of::Named("container"), By::Container),
    ("gap.container-whole", "userPermissions", Of::Named("container"), By::Container),
    ("gap.container-columns", "userPermissions", Of::Named("container"), By::Container),
    ("gap.container-unread", "userPermissions", Of::Named("container"), By::Container),
    ("gap.not-told", "userPermissions", Of::Named("container"), By::Container),
    ("gap.activation-not-told", "hasActivationRequired", Of::Named("container"), By::Container),
    ("gap.set-missing", "PermissionSet", Of::Named("container"), By::Name("PermissionSet")),
    ("gap.set-unlisted", "PermissionSet", Of::Named("container"), By::Name("PermissionSet")),
    ("gap.group-missing", "PermissionSetGroup", Of::Named("container"), By::Name("PermissionSetGroup")),
    ("gap.muting-missing", "MutingPermissionSet", Of::Named("container"), By::Name("MutingPermissionSet")),
    (
        "gap.rate-limit",
        "TransactionSecurityPolicy",
        Of::All,
        By::Types(&["TransactionSecurityPolicy", "Settings:Event"]),
    ),
];

/// The gaps that the one file of a connected app would close, with what it is called.
const OF_FILE: &[(&str, &str)] = &[
    ("gap.flow", "ConnectedApp"),
    ("gap.user-placeholder", "ConnectedApp"),
    ("gap.relaxation-absent", "ConnectedApp"),
    ("gap.relaxation-unreadable", "readable-connected-app"),
    ("gap.scopes", "ConnectedApp"),
    ("gap.certificate", "readable-connected-app"),
    ("gap.secret-unreadable", "readable-connected-app"),
];

/// Gaps that an export leaves although it is there, because a column or a row of it is not.
const OF_COLUMNS: &[&str] = &[
    "gap.user-active",
    "gap.user-without-id",
    "gap.assignment-columns",
    "gap.no-assignment-row",
    "gap.rights-columns",
    "gap.login-status",
    "gap.group-status",
    "gap.group-members",
];

/// The question that a gap leaves. It names the component or field that is missing, and asks for no export that is
/// there and whole.
pub(super) fn question(case: &Case<'_>, mut gap: Gap, criterion: &Word) -> Question {
    if case.is_connected() && gap.text.key == "gap.user-unknown" {
        // Files seldom name the user: whoever can look into Setup tells.
        gap = Gap { settles: Settles::Person, requests: Vec::new(), ..gap };
    }
    let mut missing = if gap.settles == Settles::Export { parts(case, &gap) } else { Vec::new() };
    let wanted = gap.requests.iter().filter(|id| is_wanted(case, id, &gap.text.key, !missing.is_empty()));
    let mut requests: Vec<Cow<'static, str>> = wanted.cloned().collect();
    // An org without policies has some ten of these for each of its apps.
    missing.shrink_to_fit();
    requests.shrink_to_fit();
    Question { criterion: criterion.clone(), settles: gap.settles, text: gap.text, requests, missing }
}

fn is_wanted(case: &Case<'_>, request: &str, gap: &str, is_named: bool) -> bool {
    let Some(request) = case.run.control.request(request) else { return true };
    let Some(kind) = Kind::ALL.iter().find(|kind| kind.is_records() && kind.name() == request.object) else {
        // Files: those of the app are there when what lacks is not in them but in the org.
        return gap != "gap.user-unnamed" && gap != "gap.relaxation-unknown";
    };
    match case.run.coverage(*kind) {
        _ if gap == "gap.user-unnamed" || gap == "gap.relaxation-unknown" => false,
        _ if OF_COLUMNS.contains(&gap) => true,
        Coverage::Absent | Coverage::Truncated { .. } => true,
        Coverage::NotProven { .. } => !is_named,
        Coverage::Complete { .. } => false,
    }
}

fn parts(case: &Case<'_>, gap: &Gap) -> Vec<Missing> {
    if case.is_connected()
        && let Some((_, part)) = OF_FILE.iter().find(|(key, _)| *key == gap.text.key)
    {
        let retrieve = vec![Cow::Owned(format!("ConnectedApp:{}", case.app.name))];
        return vec![Missing { part: Cow::Borrowed(part), name: case.app.name.clone(), retrieve }];
    }
    // Without a policy there is none of its fields either, and the policy is what is missing.
    let whole = gap.text.key == "gap.relaxation-absent"
        && ![Kind::OauthPolicyFile, Kind::OauthPolicyRecords].into_iter().any(|kind| case.app.has(kind));
    let key = if whole { "gap.flow" } else { &gap.text.key };
    let Some((_, part, of, by)) = PARTS.iter().find(|(known, ..)| *known == key) else { return Vec::new() };
    let names = match of {
        Of::App => vec![case.app.name.clone()],
        Of::User => vec![case.user.name.clone()],
        Of::Profile => profile(case).into_iter().collect(),
        Of::Named(argument) => match gap.text.args.get(argument) {
            Some(Arg::Text(text)) => vec![text.clone()],
            Some(Arg::List(list)) => list.clone(),
            _ => Vec::new(),
        },
        Of::All => vec![String::new()],
    };
    let names = names.into_iter().filter(|name| !name.is_empty() || matches!(of, Of::All));
    let missing = names.map(|name| {
        let retrieve = match by {
            By::Types(kinds) => kinds.iter().map(|kind| Cow::Borrowed(*kind)).collect(),
            By::Name(kind) => vec![Cow::Owned(format!("{kind}:{name}"))],
            By::Container => vec![Cow::Owned(format!("{}:{name}", type_of(case, &name)))],
            By::Nothing => Vec::new(),
        };
        Missing { part: Cow::Borrowed(*part), retrieve, name }
    });
    missing.collect()
}

/// Name of the execution user's profile, as far as anything tells it.
fn profile(case: &Case<'_>) -> Option<String> {
    let user = case.user.record?;
    let known = profile_of(case.run.index, user).map(|profile| profile.name.clone());
    known
        .or_else(|| user.profile_name.as_ref().map(|name| name.value.to_string()))
        .or_else(|| user.profile_id.as_ref().map(|id| id.value.to_string()))
}

/// The metadata type of a container.
fn type_of(case: &Case<'_>, name: &str) -> &'static str {
    const TYPES: [(ContainerKind, &str); 4] = [
        (ContainerKind::Profile, "Profile"),
        (ContainerKind::Group, "PermissionSetGroup"),
        (ContainerKind::Muting, "MutingPermissionSet"),
        (ContainerKind::PermissionSet, "PermissionSet"),
    ];
    let reference = ContainerRef::Name(name.into());
    for (kind, of_type) in TYPES {
        if case.run.index.container(kind, &reference).is_some_and(|container| container.name == name) {
            return of_type;
        }
    }
    "PermissionSet"
}
