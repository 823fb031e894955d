//! Whom the tokens of an External Client App are issued for.

use super::{POLICIES, would_hold};
use crate::kit::Run;
use crate::kit::access::{Resolved, UserState, identity, is_placeholder, one_profile, rows};
use crate::model::EvidenceItem;
use crate::snapshot::{App, Coverage, Kind, Switch, User, UserRef};
use crate::text::message::Arg;
use std::collections::BTreeSet;

pub(crate) const SETTING: &str = "clientCredentialsFlowUser";

/// Looks the named user up in the User export.
pub(crate) fn resolve<'a>(run: &Run<'a>, app: &'a App) -> Resolved<'a> {
    let mut items: Vec<EvidenceItem> =
        app.execution_user.iter().map(|copy| EvidenceItem::seen(SETTING, copy)).collect();
    let identities: BTreeSet<String> = app.execution_user.iter().map(|copy| identity(run, &copy.value)).collect();
    items.extend(app.names_nobody.iter().map(|at| EvidenceItem::value(SETTING, at, "")));
    let unread = unread(run, app);
    let Some(first) = app.execution_user.iter().next() else {
        items.extend(would_hold(app, SETTING, &POLICIES));
        // A record is a policy that names nobody only if its column was selected; a file always tells.
        let policy = app.has(Kind::OauthPolicyFile) || !app.names_nobody.is_empty();
        let state = match (&unread, policy) {
            (Some(_), _) => UserState::Unreadable,
            (None, true) => UserState::Unnamed,
            (None, false) => UserState::Unknown,
        };
        return Resolved { state, name: String::new(), record: None, items, unread };
    };
    let name = match &first.value {
        UserRef::Username(name) | UserRef::Placeholder(name) => name.clone(),
        UserRef::Id(id) => id.to_string(),
    };
    if identities.len() > 1 || !app.names_nobody.is_empty() {
        return Resolved { state: UserState::Contradictory, name, record: None, items, unread };
    }
    if is_placeholder(&first.value) {
        return Resolved { state: UserState::Placeholder, name, record: None, items, unread };
    }
    if unread.is_some() {
        return Resolved { state: UserState::Unreadable, name, record: None, items, unread };
    }
    let rows: Vec<&User> = rows(run, &first.value);
    let Some(record) = rows.first().copied() else {
        let state = match run.coverage(Kind::UserRecords) {
            Coverage::Complete { .. } => UserState::NotFound,
            _ => UserState::NotExported,
        };
        return Resolved { state, name, record: None, items, unread };
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
    Resolved { state, name: shown, record: agreed.then_some(record), items, unread }
}

/// Files that could not be read and may name another execution user of the app, or hold another record of the user.
fn unread(run: &Run<'_>, app: &App) -> Option<Arg> {
    let files = run.lost.of_app(app, &POLICIES).and(run.lost.whole(Kind::UserRecords));
    (!files.is_empty()).then(|| files.named())
}
