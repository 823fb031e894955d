//! What shows the use of an app and of its execution user: login history and event log files.
//!
//! Rows are matched tolerantly and quoted as they stand. An attempt that failed is no use, and a row that names another
//! app is that app's. What no row shows is never called unused.

use super::case::{Caller, Case, not_applicable};
use super::objects;
use crate::controls::client_credentials::FlowState;
use crate::kit::log::{Named, is_of_flow};
use crate::kit::ranges::Width;
use crate::kit::row::{Row, counted, last, latest, mark};
use crate::kit::{Found, Gap, coverage_gap, together};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{ApiUse, Attempt, Coverage, Kind, Login, Setting, SfId, Text};
use crate::text::message::{Arg, Message};
use crate::text::spelling::plain;
use std::collections::{BTreeMap, BTreeSet};

/// Most addresses that a sentence names.
const ADDRESSES: usize = 20;

/// The request for the login history.
const HISTORY: &str = "login-history";

fn own_id<'a>(caller: &Caller<'_, 'a>) -> Option<&'a SfId> {
    caller.user.record.and_then(|user| user.id.as_ref()).map(|id| &id.value)
}

/// Whether a row is of the execution user: by record id, or by user name without case.
fn is_users(caller: &Caller<'_, '_>, id: &Setting<SfId>, name: &Setting<Text>) -> bool {
    let by_id = id.as_ref().zip(own_id(caller)).is_some_and(|(row, own)| row.value == *own);
    let own_name = caller.user.name.to_lowercase();
    by_id || (!own_name.is_empty() && name.as_ref().is_some_and(|name| name.value.to_lowercase() == own_name))
}

/// Logins of the execution user.
pub(super) fn logins<'a>(caller: &Caller<'_, 'a>) -> Vec<&'a Login> {
    caller.run.log.logins_of(own_id(caller), &caller.user.name)
}

/// Calls of the execution user, and calls that name the app.
pub(super) fn calls<'a>(caller: &Caller<'_, 'a>) -> Vec<&'a ApiUse> {
    caller.run.log.calls_of((own_id(caller), &caller.user.name), caller.app)
}

/// Whose a login or a call is.
pub(super) enum Whose {
    /// This app's.
    Own(EvidenceItem),
    /// The execution user's, who runs as this app alone; the row names no app.
    User(EvidenceItem),
    /// The execution user's, whom other apps have too; the row names no app.
    Shared,
    /// The execution user's through another app.
    Other(String),
    /// The execution user's through something that no app of the snapshot is called.
    Stranger(String),
    /// It carries a name that other apps have, too.
    Ambiguous(String, BTreeSet<String>),
    Nobody,
}

/// Texts that stand where an application has no name.
const NO_NAME: [&str; 4] = ["na", "none", "null", "unknown"];

/// Whose a row is by the application that it names; `own` is the evidence that it is this app's.
fn by_name(caller: &Caller<'_, '_>, name: &Setting<Text>, of_user: bool, column: &str, user: EvidenceItem) -> Whose {
    let stated = name.as_ref().filter(|text| !NO_NAME.contains(&plain(&text.value).as_str()));
    let meant = stated.map(|text| caller.run.log.apps_named(&text.value)).unwrap_or_default();
    let own = Named::of(caller.app);
    let others = meant.iter().filter(|one| **one != own).map(|one| one.name().to_owned());
    match stated {
        Some(text) if meant.contains(&own) && meant.len() == 1 => Whose::Own(EvidenceItem::seen(column, text)),
        Some(text) if meant.contains(&own) => Whose::Ambiguous(text.value.to_string(), others.collect()),
        _ if !of_user => Whose::Nobody,
        Some(_) if !meant.is_empty() => Whose::Other(others.collect::<Vec<_>>().join(" / ")),
        // Without a label of its own the app may be called anything.
        Some(text) if !caller.app.label.is_empty() => Whose::Stranger(text.value.to_string()),
        _ if !caller.others.names().is_empty() => Whose::Shared,
        _ => Whose::User(user),
    }
}

pub(super) fn whose_call(caller: &Caller<'_, '_>, call: &ApiUse) -> Whose {
    let of_user = is_users(caller, &call.user, &call.username);
    if let Some(id) = &call.app_id
        && let Some(owner) = caller.run.log.app_with(&id.value)
    {
        return match owner == Named::of(caller.app) {
            true => Whose::Own(EvidenceItem::seen("CONNECTED_APP_ID", id)),
            false if of_user => Whose::Other(owner.name().to_owned()),
            false => Whose::Nobody,
        };
    }
    by_name(caller, &call.app, of_user, "CONNECTED_APP_NAME", user_mark(call))
}

fn user_mark(call: &ApiUse) -> EvidenceItem {
    match (&call.username, &call.user) {
        (Some(name), _) => EvidenceItem::seen("USER_NAME", name),
        (None, Some(id)) => EvidenceItem::seen("USER_ID", id),
        (None, None) => EvidenceItem::missing("USER_ID", &call.at),
    }
}

/// Whether a row of the history that does not tell its sub-type may be of this flow. Logins by browser are not.
fn may_be_of_flow(login: &Login) -> bool {
    let by_app = login.login_type.as_ref().is_none_or(|text| plain(&text.value).starts_with("remoteaccess"));
    let open = !login.from_event_log && login.sub_type.is_none() && by_app;
    open && login.attempt() != Attempt::Failed
}

/// Everything that shows use of one app, and what does not.
#[derive(Default)]
struct Use<'a> {
    history: Vec<Row<'a>>,
    events: Vec<Row<'a>>,
    calls: Vec<Row<'a>>,
    user_calls: Vec<Row<'a>>,
    /// Logins through this app as another user than the one that the policy names.
    as_others: Vec<Row<'a>>,
    other_users: BTreeSet<String>,
    failed_logins: Vec<Row<'a>>,
    failed_calls: Vec<Row<'a>>,
    /// Logins and calls by the status with which they failed.
    statuses: [BTreeMap<String, usize>; 2],
    /// Logins of the flow that tell no status.
    not_told: usize,
    /// Rows that tell no application although they have a place for it.
    unnamed: usize,
    /// Rows of the history that may be of this flow: they do not tell their sub-type.
    unsure: Vec<Row<'a>>,
    shared: usize,
    others: BTreeMap<String, usize>,
    strangers: BTreeMap<String, usize>,
    other_calls: BTreeMap<String, usize>,
    ambiguous: BTreeMap<(String, BTreeSet<String>), usize>,
}

impl<'a> Use<'a> {
    fn of(case: &Case<'a>) -> Self {
        let (mut found, caller) = (Self::default(), case.caller());
        for login in logins(&caller) {
            if is_of_flow(login) {
                found.login(&caller, login);
            } else if may_be_of_flow(login) {
                found.unsure.push(Row::of_login(login, EvidenceItem::missing("LoginSubType", &login.at)));
            }
        }
        for login in
            case.run.log.logins_through(case.app).filter(|login| !is_users(&caller, &login.user, &login.username))
        {
            found.login_as_other(&caller, login);
        }
        for call in calls(&caller) {
            found.call(&caller, call);
        }
        found
    }

    fn login(&mut self, caller: &Caller<'_, 'a>, login: &'a Login) {
        let kind = mark(login, "LoginType", "LOGIN_TYPE", &login.login_type);
        let flow = mark(login, "LoginSubType", "LOGIN_SUB_TYPE", &login.sub_type).or(kind);
        let Some(flow) = flow else { return };
        let column = if login.from_event_log { "APPLICATION" } else { "Application" };
        match (by_name(caller, &login.application, true, column, flow.clone()), login.attempt()) {
            (Whose::Own(_) | Whose::User(_) | Whose::Shared, Attempt::NotTold) => self.not_told += 1,
            (Whose::Own(_) | Whose::User(_), Attempt::Failed) => {
                let status = login.status.as_ref().map(|status| status.raw.to_string()).unwrap_or_default();
                *self.statuses[0].entry(status).or_default() += 1;
                self.failed_logins.push(Row::of_login(login, flow));
            }
            (_, Attempt::Failed | Attempt::NotTold) => {}
            (Whose::Own(name), Attempt::Succeeded) => {
                let mut row = Row::of_login(login, flow);
                row.marks.push(name);
                self.rows_of(login).push(row);
            }
            (Whose::User(_), Attempt::Succeeded) => {
                self.unnamed += usize::from(!login.from_event_log && login.application.is_none());
                self.rows_of(login).push(Row::of_login(login, flow));
            }
            (Whose::Shared, Attempt::Succeeded) => self.shared += 1,
            (Whose::Other(name), Attempt::Succeeded) => *self.others.entry(name).or_default() += 1,
            (Whose::Stranger(name), Attempt::Succeeded) => *self.strangers.entry(name).or_default() += 1,
            (Whose::Ambiguous(name, apps), Attempt::Succeeded) => {
                *self.ambiguous.entry((name, apps)).or_default() += 1;
            }
            (Whose::Nobody, Attempt::Succeeded) => {}
        }
    }

    fn login_as_other(&mut self, caller: &Caller<'_, 'a>, login: &'a Login) {
        let column = if login.from_event_log { "APPLICATION" } else { "Application" };
        let nobody = EvidenceItem::missing(column, &login.at);
        if let Whose::Own(name) = by_name(caller, &login.application, false, column, nobody)
            && login.attempt() == Attempt::Succeeded
        {
            let ids = login.user.as_ref().map(|id| caller.run.index.users_with(&id.value)).unwrap_or_default();
            let known = ids.iter().find_map(|user| user.username.as_ref()).or(login.username.as_ref());
            let shown =
                known.map(|name| name.value.to_string()).or_else(|| login.user.as_ref().map(|id| id.raw.to_string()));
            self.other_users.extend(shown);
            self.as_others.push(Row::of_login(login, name));
        }
    }

    fn rows_of(&mut self, login: &Login) -> &mut Vec<Row<'a>> {
        if login.from_event_log { &mut self.events } else { &mut self.history }
    }

    fn call(&mut self, caller: &Caller<'_, 'a>, call: &'a ApiUse) {
        let whose = whose_call(caller, call);
        if let Some((_, status)) = &call.failure {
            if let Whose::Own(mark) | Whose::User(mark) = whose {
                *self.statuses[1].entry(status.raw.to_string()).or_default() += call.count;
                self.failed_calls.push(Row::of_call(call, mark));
            }
            return;
        }
        match whose {
            Whose::Own(mark) => self.calls.push(Row::of_call(call, mark)),
            Whose::User(mark) => {
                self.unnamed += usize::from(call.app.is_none());
                self.user_calls.push(Row::of_call(call, mark));
            }
            Whose::Shared => self.shared += call.count,
            Whose::Other(name) => *self.other_calls.entry(name).or_default() += call.count,
            Whose::Stranger(name) => *self.strangers.entry(name).or_default() += call.count,
            Whose::Ambiguous(name, apps) => *self.ambiguous.entry((name, apps)).or_default() += call.count,
            Whose::Nobody => {}
        }
    }

    fn groups(&self) -> [(&'static str, &Vec<Row<'a>>); 5] {
        [
            ("logins", &self.history),
            ("events", &self.events),
            ("as-others", &self.as_others),
            ("calls", &self.calls),
            ("user-calls", &self.user_calls),
        ]
    }

    fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.groups().into_iter().flat_map(|(_, rows)| rows.iter())
    }

    /// The latest row of each address, of use and of attempts.
    fn items(&self) -> Vec<EvidenceItem> {
        let attempts = [&self.failed_logins, &self.failed_calls];
        let rows = self.groups().map(|(_, rows)| rows).into_iter().chain(attempts);
        rows.flat_map(|rows| latest(rows)).flat_map(Row::items).collect()
    }

    /// One sentence for each group that has rows.
    fn sentences(&self, case: &Case<'_>) -> Vec<Message> {
        let groups = self.groups().into_iter().filter(|(_, rows)| !rows.is_empty());
        let mut all: Vec<Message> =
            groups.map(|(what, rows)| key(case, what).with("count", counted(rows)).with("last", last(rows))).collect();
        for one in all.iter_mut().filter(|one| one.key.ends_with(".as-others")) {
            one.args.insert("users", some(self.other_users.clone()));
        }
        all.extend(objects::sentences(case));
        all.extend(self.facts(case));
        all
    }

    /// Attempts that failed, and rows that may or do belong elsewhere.
    fn facts(&self, case: &Case<'_>) -> Vec<Message> {
        let mut all = Vec::new();
        for (what, statuses) in ["failed-logins", "failed-calls"].into_iter().zip(&self.statuses) {
            if !statuses.is_empty() {
                let each = statuses.iter().map(|(status, count)| format!("{status}: {count}")).collect::<Vec<_>>();
                all.push(key(case, what).with("count", statuses.values().sum::<usize>()).with("statuses", each));
            }
        }
        if self.not_told > 0 {
            all.push(key(case, "no-status").with("count", self.not_told));
        }
        if self.shared > 0 {
            all.push(key(case, "shared").with("count", self.shared).with("apps", case.others.names()));
        }
        for ((name, others), count) in &self.ambiguous {
            let others: Vec<String> = others.iter().cloned().collect();
            all.push(key(case, "ambiguous").with("name", name.as_str()).with("apps", others).with("count", *count));
        }
        let elsewhere =
            [("other-logins", &self.others), ("other-calls", &self.other_calls), ("strangers", &self.strangers)];
        for (what, counts) in elsewhere.into_iter().filter(|(_, counts)| !counts.is_empty()) {
            let names = some(counts.keys().cloned().collect());
            all.push(key(case, what).with("apps", names).with("count", counts.values().sum::<usize>()));
        }
        all
    }
}

fn key(case: &Case<'_>, what: &str) -> Message {
    Message::new(format!("use-observed.{what}")).with("user", case.user.name.as_str())
}

pub(super) fn use_observed(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let found = Use::of(case);
    let covered = [Kind::LoginRecords, Kind::EventRecords]
        .into_iter()
        .any(|kind| !matches!(case.run.coverage(kind), Coverage::Absent));
    let nothing = found.rows().next().is_none();
    if !covered {
        let gap = Gap::export("gap.use", &[HISTORY, "event-log-file"]);
        return Found::new(Outcome::NotEvaluable, key(case, "no-data"), Vec::new()).gap(gap);
    }
    if case.user.record.is_none() && nothing {
        // There is data, and nothing tells which rows of it are of this app.
        let gap = crate::kit::access::user_gap(&case.user);
        return Found::new(Outcome::NotEvaluable, key(case, "no-user"), case.user.items.clone()).gap(gap);
    }
    if nothing {
        return silence(case, &found);
    }
    let [inside, outside, unplaced] = placed(case, &found);
    let mut sentences = found.sentences(case);
    let incomparable = incomparable(case, &found, &unplaced);
    for (what, addresses) in [("inside", inside), ("unplaced", unplaced)] {
        if !addresses.is_empty() {
            sentences.push(key(case, what).with("addresses", some(addresses)));
        }
    }
    let used = together(sentences).unwrap_or_default();
    let mut items = found.items();
    items.extend(case.used.iter().flat_map(|used| used.items.iter().cloned()));
    let mut gaps = Vec::new();
    if outside.is_empty() && incomparable.is_some() {
        gaps.extend(incomparable);
        let mut left = Found::new(Gap::outcome(&gaps), key(case, "incomparable").with("use", used), items);
        left.gaps = gaps;
        return left;
    }
    let sensitive = objects::sensitive(&case.used);
    if !sensitive.is_empty() {
        gaps.push(Gap::person("gap.use-sensitive").with("objects", Arg::some(sensitive, ADDRESSES)));
    }
    let open = case.network.merged.as_ref().is_some_and(|merged| merged.width == Width::Empty);
    let because = match (outside.is_empty(), gaps.is_empty()) {
        (true, true) => return Found::new(Outcome::Pass, key(case, "pass").with("use", used), items),
        (true, false) => key(case, "sensitive").with("use", used),
        (false, _) => {
            let outside = some(outside);
            gaps.push(Gap::person("gap.use-outside").with("addresses", outside.clone()));
            key(case, if open { "open" } else { "outside" }).with("use", used).with("addresses", outside)
        }
    };
    let mut found = Found::new(Outcome::Review, because, items);
    found.gaps = gaps;
    found
}

/// What keeps the rows from showing that all use came from inside the ranges, and was this app's.
fn incomparable(case: &Case<'_>, found: &Use<'_>, unplaced: &BTreeSet<String>) -> Option<Gap> {
    let history = case.run.coverage(Kind::LoginRecords) != Coverage::Absent;
    let open = history.then(|| coverage_gap(&case.run, Kind::LoginRecords, HISTORY)).flatten();
    if open.is_some() {
        return open;
    }
    if found.not_told > 0 {
        return Some(Gap::export("gap.login-status", &[HISTORY]));
    }
    let mut addresses = found.unsure.iter().map(|row| row.address.as_ref());
    if addresses.any(|address| address.is_none_or(|one| holds(case, &one.value) != Some(true))) {
        return Some(Gap::export("gap.login-kind", &[HISTORY]));
    }
    if found.rows().any(|row| row.address.is_none()) || found.rows().count() == found.unnamed {
        return Some(Gap::export("gap.use-columns", &[HISTORY, "event-log-file"]));
    }
    let gap = Gap::export("gap.use-unplaced", &["metadata", "profile"]);
    (!unplaced.is_empty()).then(|| gap.with("addresses", some(unplaced.clone())))
}

fn holds(case: &Case<'_>, address: &str) -> Option<bool> {
    case.network.merged.as_ref().and_then(|merged| merged.holds(address))
}

/// Source addresses inside the login ranges, outside, and those that cannot be compared.
fn placed(case: &Case<'_>, found: &Use<'_>) -> [BTreeSet<String>; 3] {
    let mut sets = [const { BTreeSet::new() }; 3];
    for address in found.rows().filter_map(|row| row.address.as_ref()) {
        let set = match holds(case, &address.value) {
            Some(true) => &mut sets[0],
            Some(false) => &mut sets[1],
            None => &mut sets[2],
        };
        set.insert(address.value.to_string());
    }
    sets
}

fn some(addresses: BTreeSet<String>) -> Arg {
    Arg::some(addresses.into_iter().collect(), ADDRESSES)
}

/// No row can be told to be of this flow. Data that is there is for a person to judge; a cut-off export is a gap.
fn silence(case: &Case<'_>, found: &Use<'_>) -> Found {
    let because = match together(found.facts(case)) {
        Some(facts) => key(case, "silence-but").with("facts", facts),
        None => key(case, "silence"),
    };
    let whole = [Kind::LoginRecords, Kind::EventRecords]
        .into_iter()
        .any(|kind| matches!(case.run.coverage(kind), Coverage::Complete { .. } | Coverage::NotProven { .. }));
    let items = case.user.items.iter().cloned().chain(found.items()).collect();
    if found.not_told > 0 {
        let gap = Gap::export("gap.login-status", &[HISTORY]);
        Found::new(Outcome::NotEvaluable, because, items).gap(gap)
    } else if whole {
        Found::new(Outcome::Review, because, items).gap(Gap::person("gap.use-silence"))
    } else {
        let gap = Gap::export("gap.use", &[HISTORY, "event-log-file"]);
        Found::new(Outcome::NotEvaluable, because, items).gap(gap)
    }
}
