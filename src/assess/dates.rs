//! What the dates in the evidence say about when its parts were taken.
//!
//! A stamp of a record is a lower bound: the export that holds it was not taken earlier. Nothing in a snapshot gives an
//! upper bound (times of files and zip entries are those of a copy), so four comparisons are sound, and only these are
//! made: a stamp against the declared day, logins against last logins, a changed policy record against the file that
//! disagrees with it, and the org's own list of components against the files. They are said. Only a stamp after the day as
//! of which the snapshot is judged takes from the exports that they are complete.

use super::{Run, identity};
use crate::snapshot::{Agreement, App, Kind, Located, Locator, Login, Seen, Snapshot, Text, User, instant};
use crate::text::message::Message;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Exports of one session are hours apart, and clocks of one org agree; a day is no accident.
const APART: SignedDuration = SignedDuration::from_hours(24);

/// Everything that the dates show against each other.
pub(super) fn statements(run: &Run<'_>) -> Vec<Message> {
    let mut all = later_than_the_day(run);
    all.extend(logins_against_users(run));
    all.extend(run.snapshot.apps.values().filter_map(changed_policy));
    all.extend(unlisted(run));
    all
}

/// The instant at which a day is over in every time zone of the world.
fn over(day: Date) -> Option<Timestamp> {
    let midnight = day.tomorrow().ok()?.to_datetime(Time::midnight());
    TimeZone::UTC.to_timestamp(midnight).ok()?.checked_add(SignedDuration::from_hours(12)).ok()
}

/// The day of the latest time stamp of the records, if that day is later everywhere than the one given.
pub(super) fn after(snapshot: &Snapshot, day: Date) -> Option<Date> {
    let latest = snapshot.inputs.iter().filter_map(|input| input.newest.as_ref()).map(|stamp| stamp.time).max()?;
    over(day).filter(|end| latest >= *end).map(|_| TimeZone::UTC.to_datetime(latest).date())
}

/// Exports that hold something younger than the day on which they are said to be taken, or as of which they are judged.
fn later_than_the_day(run: &Run<'_>) -> Vec<Message> {
    let declared = identity::facts(run).and_then(|facts| facts.snapshot_at);
    let as_of = run.context.as_of;
    let mut all = Vec::new();
    for stamp in run.snapshot.inputs.iter().filter_map(|input| input.newest.as_ref()) {
        let (key, day) = match declared {
            Some(day) if over(day).is_some_and(|end| stamp.time >= end) => ("assess.dates.after-declared", day),
            _ if over(as_of).is_some_and(|end| stamp.time >= end) => ("assess.dates.after-judged", as_of),
            _ => continue,
        };
        let message = Message::new(key).with("setting", stamp.setting.as_str()).with("value", stamp.raw.as_str());
        all.push(message.with("place", stamp.at.to_string()).with("day", day.to_string()));
    }
    all
}

/// Logins of the login history that tell when they were, with that.
fn logins(snapshot: &Snapshot) -> impl Iterator<Item = (&Login, &Located<Text>, Timestamp)> {
    let rows = snapshot.activity.logins.iter().filter(|login| !login.from_event_log);
    rows.filter_map(|login| Some((login, login.time.as_ref()?, instant(&login.time.as_ref()?.value)?)))
}

/// Users who logged in, with when they last did.
fn users(snapshot: &Snapshot) -> impl Iterator<Item = (&User, &Located<Text>, Timestamp)> {
    let rows = snapshot.access.users.iter();
    rows.filter_map(|user| Some((user, user.last_login.as_ref()?, instant(&user.last_login.as_ref()?.value)?)))
}

/// A user's last login and the login history tell of the same events, so they cannot be a day apart.
fn logins_against_users(run: &Run<'_>) -> Vec<Message> {
    let mut newest: BTreeMap<&str, (&Login, &Located<Text>, Timestamp)> = BTreeMap::new();
    for (login, time, at) in logins(run.snapshot) {
        let won = login.status.as_ref().is_some_and(|status| status.value.eq_ignore_ascii_case("success"));
        if let Some(user) = login.user.as_ref().filter(|_| won)
            && newest.get(user.value.key()).is_none_or(|(.., known)| *known < at)
        {
            newest.insert(user.value.key(), (login, time, at));
        }
    }
    let mut all = Vec::new();
    let behind = users(run.snapshot).filter_map(|(user, last, seen)| {
        let (login, time, at) = newest.get(user.id.as_ref()?.value.key()).copied()?;
        (at.duration_since(seen) > APART).then_some((at.duration_since(seen), user, last, login, time))
    });
    if let Some((_, user, last, login, time)) = behind.max_by_key(|&(by, user, ..)| (by, Reverse(&user.at))) {
        let name = user.username.as_ref().map_or_else(|| user.at.to_string(), |name| name.value.to_string());
        let message = Message::new("assess.dates.user-before-login").with("user", name);
        let message = message.with("last", last.raw.as_str()).with("last_place", user.at.to_string());
        all.push(message.with("login", time.raw.as_str()).with("login_place", login.at.to_string()));
    }
    let newest_login = logins(run.snapshot).max_by_key(|&(row, _, at)| (at, Reverse(&row.at)));
    let newest_user = users(run.snapshot).max_by_key(|&(row, _, at)| (at, Reverse(&row.at)));
    if let (Some((login, time, at)), Some((user, last, seen))) = (newest_login, newest_user)
        && seen.duration_since(at) > APART
    {
        let message = Message::new("assess.dates.login-before-user").with("login", time.raw.as_str());
        let message = message.with("login_place", login.at.to_string()).with("last", last.raw.as_str());
        all.push(message.with("last_place", user.at.to_string()));
    }
    all
}

/// A policy record that was changed and a file that says otherwise: the file shows another moment than the record.
fn changed_policy(app: &App) -> Option<Message> {
    let changed = app.policy_changed.as_ref()?;
    let places = [
        disagreeing(&app.policy_flow, "isClientCredentialsFlowEnabled", &changed.at),
        disagreeing(&app.execution_user, "clientCredentialsFlowUser", &changed.at),
        disagreeing(&app.ip_relaxation, "ipRelaxationPolicyType", &changed.at),
    ];
    let (settings, files): (Vec<String>, Vec<Locator>) = places.into_iter().flatten().unzip();
    let file = files.first()?;
    let message = Message::new("assess.dates.policy-changed").with("app", app.name.as_str());
    let message = message.with("settings", settings).with("file", file.to_string());
    Some(message.with("value", changed.raw.as_str()).with("place", changed.at.to_string()))
}

/// The place of a copy in another file that contradicts the copy of this row.
fn disagreeing<T: PartialEq>(seen: &Seen<T>, setting: &str, row: &Locator) -> Option<(String, Locator)> {
    let Agreement::Contradictory(copies) = seen.agreement() else { return None };
    let own = copies.iter().find(|copy| copy.at == *row)?;
    let other = copies.iter().find(|copy| copy.at.path != row.path && copy.value != own.value)?;
    Some((setting.to_owned(), other.at.clone()))
}

/// Files of components that the org does not list.
fn unlisted(run: &Run<'_>) -> impl Iterator<Item = Message> {
    let lists = Kind::ALL.iter().filter(|kind| kind.is_listed());
    let lists = lists.filter_map(|kind| Some((kind, run.snapshot.listings.get(kind.name())?)));
    lists.filter(|(_, listing)| !listing.unlisted.is_empty()).map(|(kind, listing)| {
        let places: Vec<String> = listing.files.iter().map(ToString::to_string).collect();
        let message = Message::new("assess.dates.unlisted").with("object", kind.name());
        message.with("names", listing.unlisted.clone()).with("places", places)
    })
}
