//! Exports against each other: what one of them names has to be in the export that claims to hold it.

use super::counts::Counted;
use crate::snapshot::{
    Assignment, ContainerRef, Coverage, Doubt, Kind, Located, Locator, Missing, SfId, Snapshot, Switch, User, instant,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Names that a doubt carries; the others are counted.
const NAMED: usize = 3;

/// A login history is asked for over so many days; last logins further back than that may have left it.
const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A user's last login and its row in the history are stamped at the same moment.
const SAME: SignedDuration = SignedDuration::from_secs(60);

/// Something that is named and not there.
struct Named<'s> {
    id: &'s SfId,
    name: &'s str,
    at: &'s Locator,
}

/// Takes completeness away from exports that lack what others name.
pub(super) fn contradict(snapshot: &mut Snapshot, exports: &[Counted<'_>]) {
    let found: Vec<(Kind, Doubt)> = exports.iter().filter_map(|one| Some((one.kind, of(snapshot, one)?))).collect();
    for (kind, doubt) in found {
        if let Some(Coverage::Complete { got }) = snapshot.coverage.get(&kind).copied() {
            snapshot.coverage.insert(kind, Coverage::NotProven { got });
        }
        // What contradicts the export weighs more than that its number is a usual one.
        snapshot.doubts.entry(kind).or_default().insert(0, doubt);
    }
}

/// What speaks against an export that nothing else shows to be cut.
fn of(snapshot: &Snapshot, export: &Counted<'_>) -> Option<Doubt> {
    if !matches!(snapshot.coverage_of(export.kind), Coverage::Complete { .. } | Coverage::NotProven { .. }) {
        return None;
    }
    let assignments = snapshot.access.assignments.iter();
    match export.kind {
        Kind::UserRecords => missing(export, Missing::Users, assignments.filter_map(assignee)),
        Kind::PermissionSetRecords => missing(export, Missing::PermissionSets, assignments.filter_map(assigned_set)),
        Kind::GroupRecords => missing(export, Missing::Groups, assignments.filter_map(|row| named(&row.group))),
        Kind::ProfileRecords => missing(export, Missing::Profiles, snapshot.access.users.iter().filter_map(profile_of)),
        Kind::LoginRecords => last_logins(snapshot, export),
        _ => None,
    }
}

fn missing<'s>(export: &Counted<'_>, what: Missing, named: impl Iterator<Item = Named<'s>>) -> Option<Doubt> {
    let mut lacking: BTreeMap<&SfId, Named<'s>> = BTreeMap::new();
    for one in named.filter(|one| export.keys.lack(one.id)) {
        lacking.entry(one.id).or_insert(one);
    }
    doubt(what, lacking.into_values().map(|one| (one.name.to_owned(), one.at)).collect())
}

/// The doubt that these names and places are, in the order of their places.
fn doubt(missing: Missing, mut lacking: Vec<(String, &Locator)>) -> Option<Doubt> {
    lacking.sort_by_key(|(_, at)| *at);
    let at = lacking.first()?.1.clone();
    let more = lacking.len().saturating_sub(NAMED);
    let names = lacking.into_iter().take(NAMED).map(|(name, _)| name).collect();
    Some(Doubt::Contradicted { missing, names, more, at })
}

fn assignee(row: &Assignment) -> Option<Named<'_>> {
    let id = row.assignee.as_ref()?;
    Some(Named { id: &id.value, name: &id.raw, at: &row.at })
}

/// The set of a row that is known not to be one of a profile or group: their own sets may be left out on purpose.
fn assigned_set(row: &Assignment) -> Option<Named<'_>> {
    let owned = row.owned_by_profile.as_ref().map(|owned| owned.value);
    if owned == Some(Switch::Off) && row.group.is_empty() { named(&row.permission_set) } else { None }
}

/// A container by its id and, where it is told, its name.
fn named(references: &[Located<ContainerRef>]) -> Option<Named<'_>> {
    let (id, at) = references.iter().find_map(|one| Some((one.value.id()?, &one.at)))?;
    let name = references.iter().find_map(|one| one.value.name());
    Some(Named { id, name: name.unwrap_or(id.key()), at })
}

fn profile_of(user: &User) -> Option<Named<'_>> {
    let id = user.profile_id.as_ref()?;
    let name = user.profile_name.as_ref().map_or(id.raw.as_str(), |name| name.value.as_str());
    Some(Named { id: &id.value, name, at: &user.at })
}

/// A user whose last login lies in the time of the history.
struct LastLogin<'s> {
    key: u128,
    time: Timestamp,
    user: &'s User,
}

/// Users whose last login lies in the time of the history, which has no row of it.
fn last_logins(snapshot: &Snapshot, export: &Counted<'_>) -> Option<Doubt> {
    let (oldest, newest) = export.span()?;
    let from = newest.checked_sub(HISTORY).map_or(oldest, |start| start.min(oldest));
    let last = snapshot.access.users.iter().filter_map(last_login);
    let mut open: Vec<LastLogin<'_>> = last.filter(|last| from <= last.time && last.time <= newest).collect();
    open.sort_by_key(|last| last.key);
    let mut logins: Vec<(u128, Timestamp)> = Vec::new();
    for login in snapshot.activity.logins.iter().filter(|login| !login.from_event_log) {
        // A row that names its user otherwise may be of any of them.
        let key = login.user.as_ref()?.value.number();
        let time = login.time.as_ref().filter(|_| open.binary_search_by_key(&key, |last| last.key).is_ok());
        logins.extend(time.and_then(|time| instant(&time.value)).map(|time| (key, time)));
    }
    logins.sort_unstable();
    open.retain(|last| !last.is_among(&logins));
    let unseen = open.iter().map(|last| last.user).map(|user| match &user.username {
        Some(name) => (name.value.to_string(), &user.at),
        None => (user.at.to_string(), &user.at),
    });
    doubt(Missing::LastLogins, unseen.collect())
}

impl LastLogin<'_> {
    /// Whether sorted logins have it. Times of the two exports may differ a little.
    fn is_among(&self, logins: &[(u128, Timestamp)]) -> bool {
        let from = (self.key, self.time.checked_sub(SAME).unwrap_or(Timestamp::MIN));
        let next = logins.get(logins.partition_point(|login| *login < from));
        next.is_some_and(|(key, time)| *key == self.key && time.duration_since(self.time) <= SAME)
    }
}

fn last_login(user: &User) -> Option<LastLogin<'_>> {
    let (id, last) = (user.id.as_ref()?, user.last_login.as_ref()?);
    Some(LastLogin { key: id.value.number(), time: instant(&last.value)?, user })
}
