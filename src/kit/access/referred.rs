//! What rows refer to: the profile of a user, and what to ask for where a set, group or profile cannot be told.

use crate::kit::{Gap, Run};
use crate::snapshot::{
    Container, ContainerKind, ContainerRef, Coverage, Index, Kind, Located, User, standard_profiles,
};

/// The profile of a user, if the snapshot holds it. The id decides; a name does only where no other profile has it.
pub(crate) fn profile_of<'a>(index: &Index<'a>, user: &User) -> Option<&'a Container> {
    let id = user.profile_id.as_ref().map(|id| &id.value);
    let by_id = id.and_then(|id| index.container(ContainerKind::Profile, &ContainerRef::Id(*id)));
    by_id.or_else(|| {
        let name = ContainerRef::Name(user.profile_name.as_ref()?.value.clone());
        let profile = index.container(ContainerKind::Profile, &name)?;
        let mut ids = profile.ids.iter().filter(|known| known.key().starts_with("00e"));
        (id.is_none() || ids.all(|known| Some(known) == id)).then_some(profile)
    })
}

/// A user's profile by the name that Setup shows: as the user's record has it, else as the profile is known by.
pub(crate) fn profile_name<'a>(profile: Option<&'a Container>, user: &'a User) -> &'a str {
    let stated = user.profile_name.as_ref().map(|name| name.value.as_str());
    stated.or(profile.map(Container::setup_name)).unwrap_or_default()
}

/// Why the snapshot does not tell the user's profile.
pub(crate) fn profile_gap(run: &Run<'_>, user: &User) -> Gap {
    let name = user.profile_name.as_ref().map_or("", |name| name.value.as_str());
    if standard_profiles(name).count() > 1 {
        return Gap::export("gap.profile-ambiguous", &["user", "profile"]).with("profile", name);
    }
    translation_gap(run, name)
        .unwrap_or_else(|| Gap::export("gap.profile-missing", &["metadata", "profile"]).with("user", name))
}

/// The question whether a profile's name is that of a standard profile in another language, where files of such
/// profiles are there.
pub(crate) fn translation_gap(run: &Run<'_>, name: &str) -> Option<Gap> {
    let files = run.index.standard_profiles().filter(|profile| profile.from_file);
    let files: Vec<String> =
        files.filter_map(|profile| profile.sources.first()).map(|at| at.path.to_string()).collect();
    let unmatched = !name.is_empty() && standard_profiles(name).next().is_none() && !files.is_empty();
    let gap = Gap::export("gap.profile-translated", &["profile", "user"]);
    unmatched.then(|| gap.with("profile", name).with("files", files))
}

/// A name before an id, which only this export has.
pub(crate) fn named(references: &[Located<ContainerRef>]) -> Option<String> {
    let name = references.iter().find_map(|reference| reference.value.name());
    name.or_else(|| Some(references.first()?.raw.as_str())).map(str::to_owned)
}

/// A set that is referred to and not in the snapshot. That an export of sets is there and lacks it contradicts it.
pub(crate) fn set_gap(run: &Run<'_>, name: &str) -> Gap {
    let absent = run.coverage(Kind::PermissionSetRecords) == Coverage::Absent;
    let key = if absent { "gap.set-missing" } else { "gap.set-unlisted" };
    Gap::export(key, &["permission-set", "metadata"]).with("container", name)
}

/// Why a name alone does not tell what is assigned.
pub(crate) fn bare_gap(references: &[Located<ContainerRef>]) -> Option<Gap> {
    let name = references.iter().find_map(|reference| match &reference.value {
        ContainerRef::Bare(name) => Some(name.as_str()),
        ContainerRef::Id(_) | ContainerRef::Name(_) => None,
    })?;
    let requests = ["permission-set-assignment", "permission-set", "permission-set-group"];
    Some(Gap::export("gap.name-without-namespace", &requests).with("container", name))
}
