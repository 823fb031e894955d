//! Whom the tokens of an app are issued for.

use super::{places, would_hold};
use crate::kit::Run;
use crate::kit::access::{Resolved, UserState, identity, is_placeholder, one_profile, rows};
use crate::kit::attest::{fits, word_of};
use crate::model::EvidenceItem;
use crate::snapshot::{App, AppKind, Coverage, Kind, SfId, Switch, User, UserRef};
use crate::text::message::Arg;
use std::collections::BTreeSet;

/// Looks the named user up in the User export.
pub(crate) fn resolve<'a>(run: &Run<'a>, app: &'a App) -> Resolved<'a> {
    let setting = places(app.kind).user;
    let mut items: Vec<EvidenceItem> =
        app.execution_user.iter().map(|copy| EvidenceItem::seen(setting, copy)).collect();
    let identities = identities(run, app);
    let said = stated(run, app);
    items.extend(app.names_nobody.iter().map(|at| EvidenceItem::value(setting, at, "")));
    let unread = unread(run, app);
    let attested = app.execution_user.is_empty() && said.is_some();
    if attested {
        items.extend(app.sources.iter().map(|source| EvidenceItem::missing(setting, &source.at)));
        items.dedup();
    }
    let Some(first) = app.execution_user.iter().map(|copy| &copy.value).next().or(said.as_ref()) else {
        items.extend(would_hold(app, setting, places(app.kind).policies));
        // A record is a policy that names nobody only if its column was selected; a file always tells, but that of a
        // connected app, which names none although Setup does.
        let policy = app.kind == AppKind::External && (app.has(Kind::OauthPolicyFile) || !app.names_nobody.is_empty());
        let state = match (&unread, policy) {
            (Some(_), _) => UserState::Unreadable,
            (None, true) => UserState::Unnamed,
            (None, false) => UserState::Unknown,
        };
        return Resolved { state, name: String::new(), record: None, items, unread, attested };
    };
    let name = match first {
        UserRef::Username(name) | UserRef::Placeholder(name) => name.clone(),
        UserRef::Id(id) => id.to_string(),
    };
    if identities.len() > 1 || !app.names_nobody.is_empty() {
        return Resolved { state: UserState::Contradictory, name, record: None, items, unread, attested };
    }
    if is_placeholder(first) {
        return Resolved { state: UserState::Placeholder, name, record: None, items, unread, attested };
    }
    if unread.is_some() {
        return Resolved { state: UserState::Unreadable, name, record: None, items, unread, attested };
    }
    let rows: Vec<&User> = rows(run, first);
    let Some(record) = rows.first().copied() else {
        let state = match run.coverage(Kind::UserRecords) {
            Coverage::Complete { .. } => UserState::NotFound,
            _ => UserState::NotExported,
        };
        return Resolved { state, name, record: None, items, unread, attested };
    };
    let shown = record.username.as_ref().map_or(name, |username| username.value.to_string());
    let active: BTreeSet<Option<Switch>> = rows.iter().map(|row| row.active.as_ref().map(|on| on.value)).collect();
    let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.id.as_ref().map(|id| &id.value)).collect();
    for row in &rows {
        items.push(match &row.active {
            Some(active) => EvidenceItem::seen("IsActive", active),
            None => EvidenceItem::missing("IsActive", &row.at),
        });
    }
    let agreed = ids.len() <= 1 && one_profile(&rows);
    let state = match active.first() {
        _ if active.len() > 1 || !agreed => UserState::Contradictory,
        Some(Some(Switch::On)) => UserState::Active,
        Some(Some(Switch::Off)) => UserState::Inactive,
        _ => UserState::NotExported,
    };
    Resolved { state, name: shown, record: agreed.then_some(record), items, unread, attested }
}

/// The user that a person states for a connected app, whose file need not name one. Only a statement that says who made
/// it, and that has not run out, counts; the first of several.
pub(crate) fn stated(run: &Run<'_>, app: &App) -> Option<UserRef> {
    let context = run.context;
    let mut facts = context.engagement.facts.iter().filter(|fact| !fact.run_as.trim().is_empty());
    let fact = facts.find(|fact| {
        app.kind == AppKind::Connected
            && fits(&fact.org, context.org_key)
            && fits(&fact.kind, word_of(app.kind))
            && fact.app == app.name
            && !fact.by.trim().is_empty()
            && fact.on.is_none_or(|on| on <= context.as_of)
            && fact.expires.is_none_or(|last| last >= context.as_of)
    })?;
    let user = fact.run_as.trim();
    Some(SfId::parse(user).map_or_else(|| UserRef::Username(user.to_owned()), UserRef::Id))
}

/// Everybody whom an app is said to run as: all copies of the setting, and a person's statement.
pub(crate) fn identities(run: &Run<'_>, app: &App) -> BTreeSet<String> {
    let copies = app.execution_user.iter().map(|copy| identity(run, &copy.value));
    copies.chain(stated(run, app).map(|user| identity(run, &user))).collect()
}

/// Files that could not be read and may name another execution user of the app, or hold another record of the user.
fn unread(run: &Run<'_>, app: &App) -> Option<Arg> {
    let files = run.lost.of_app(app, places(app.kind).policies).and(run.lost.whole(Kind::UserRecords));
    (!files.is_empty()).then(|| files.named())
}
