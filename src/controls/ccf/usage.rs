//! What shows the use of an app and of its execution user: login history and event log files.
//!
//! Rows are matched tolerantly and quoted as they stand. What no row shows is never called unused.

use super::case::{Case, Found, Gap, Run, coverage_gap, together};
use super::ranges::Width;
use super::supporting::plain;
use crate::assessment::{EvidenceItem, FlowState, Outcome};
use crate::message::Message;
use crate::snapshot::{ApiUse, Coverage, Kind, Locator, Login, Setting, SfId, instant};
use std::collections::{BTreeMap, BTreeSet};

/// Most addresses that a sentence names.
const ADDRESSES: usize = 20;

fn own_id<'a>(case: &Case<'a>) -> Option<&'a SfId> {
    case.user.record.and_then(|user| user.id.as_ref()).map(|id| &id.value)
}

/// Whether a row is of the execution user: by record id, or by user name without case.
fn is_users(case: &Case<'_>, id: &Setting<SfId>, name: &Setting<String>) -> bool {
    let by_id = id.as_ref().zip(own_id(case)).is_some_and(|(row, own)| row.value == *own);
    let own_name = case.user.name.to_lowercase();
    by_id || (!own_name.is_empty() && name.as_ref().is_some_and(|name| name.value.to_lowercase() == own_name))
}

fn logins<'a>(case: &Case<'a>) -> Vec<&'a Login> {
    case.run.log.logins_of(own_id(case), &case.user.name)
}

fn is_person(login: &Login) -> bool {
    let says = |setting: &Setting<String>, wanted: &str| {
        setting.as_ref().is_some_and(|text| text.value.trim().eq_ignore_ascii_case(wanted))
    };
    says(&login.application, "Browser") || says(&login.login_type, "Application")
}

/// A text of a login with the name of its column, which differs between the login history and event log files.
fn mark(login: &Login, history: &str, event: &str, text: &Setting<String>) -> Option<EvidenceItem> {
    let column = if login.from_event_log { event } else { history };
    text.as_ref().map(|text| EvidenceItem::seen(column, text))
}

/// The text by which a login is a person's.
fn person_mark(login: &Login) -> EvidenceItem {
    let kind = mark(login, "LoginType", "LOGIN_TYPE", &login.login_type);
    let application = || mark(login, "Application", "APPLICATION", &login.application);
    kind.or_else(application).unwrap_or_else(|| EvidenceItem::missing("LoginType", &login.at))
}

pub(super) fn dedicated(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return Found::not_applicable(case);
    }
    let key =
        |what: &str| Message::new(format!("execution-user-dedicated.{what}")).with("user", case.user.name.as_str());
    if !case.shared_with.is_empty() {
        let message = key("shared").with("apps", case.shared_with.clone());
        let mut items = case.user.items.clone();
        for app in case.shared_with.iter().filter_map(|name| case.run.snapshot.apps.get(name)) {
            items.extend(app.execution_user.iter().map(|copy| EvidenceItem::seen(super::user::SETTING, copy)));
        }
        return Found::new(Outcome::Fail, message, items);
    }
    let person: Vec<&Login> = logins(case).into_iter().filter(|login| is_person(login)).collect();
    if !person.is_empty() {
        let message = key("person").with("count", person.len());
        let rows: Vec<Row<'_>> = person.iter().map(|login| Row::of_login(login, person_mark(login))).collect();
        return Found::new(Outcome::Fail, message, latest(&rows).into_iter().flat_map(Row::items).collect());
    }
    if case.user.record.is_none() {
        let gap = super::privilege::user_gap(&case.user);
        return Found::new(Outcome::NotEvaluable, key("unknown"), case.user.items.clone()).gap(gap);
    }
    match history_gap(&case.run) {
        Some(gap) => {
            let outcome = Gap::outcome(std::slice::from_ref(&gap));
            Found::new(outcome, key("no-history"), case.user.items.clone()).gap(gap)
        }
        None => Found::new(Outcome::Pass, key("pass"), case.user.items.clone()),
    }
}

/// Why the login history does not show who does not log in. Nothing counts its rows, so that it is whole need not be
/// proven, but nothing may speak against it.
fn history_gap(run: &Run<'_>) -> Option<Gap> {
    let kind = Kind::LoginRecords;
    let trusted = matches!(run.coverage(kind), Coverage::NotProven { .. }) && run.snapshot.doubts_of(kind).is_empty();
    if trusted { None } else { coverage_gap(run, kind, "login-history") }
}

/// A row that shows use: when, from where, and the text by which it was recognised.
struct Row<'a> {
    count: usize,
    at: &'a Locator,
    time: &'a Setting<String>,
    address: &'a Setting<String>,
    address_column: &'static str,
    mark: EvidenceItem,
}

impl<'a> Row<'a> {
    fn of_login(login: &'a Login, mark: EvidenceItem) -> Self {
        let address_column = if login.from_event_log { "SOURCE_IP" } else { "SourceIp" };
        Self { count: 1, at: &login.at, time: &login.time, address: &login.source_ip, address_column, mark }
    }

    fn of_call(call: &'a ApiUse, mark: EvidenceItem) -> Self {
        Self {
            count: call.count,
            at: &call.at,
            time: &call.time,
            address: &call.source_ip,
            address_column: "CLIENT_IP",
            mark,
        }
    }

    fn items(&self) -> Vec<EvidenceItem> {
        let address = self.address.as_ref().map(|text| EvidenceItem::seen(self.address_column, text));
        std::iter::once(self.mark.clone()).chain(address).collect()
    }

    /// Orders by time; of rows of one time the first in the file counts as the later.
    fn when(&self) -> (Option<jiff::Timestamp>, &str, std::cmp::Reverse<&Locator>) {
        let text = self.time.as_ref().map_or("", |text| text.value.as_str());
        (instant(text), text, std::cmp::Reverse(self.at))
    }
}

/// The latest row of each source address: a year of hourly logins is cited by a few rows.
fn latest<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r Row<'a>> {
    let mut kept: BTreeMap<&str, &Row<'a>> = BTreeMap::new();
    for row in rows {
        let address = row.address.as_ref().map_or("", |text| text.value.as_str());
        if kept.get(address).is_none_or(|known| known.when() < row.when()) {
            kept.insert(address, row);
        }
    }
    kept.into_values().collect()
}

fn counted(rows: &[Row<'_>]) -> usize {
    rows.iter().map(|row| row.count).sum()
}

fn last(rows: &[Row<'_>]) -> String {
    let last = rows.iter().max_by(|a, b| a.when().cmp(&b.when()));
    last.and_then(|row| row.time.as_ref()).map(|time| time.raw.clone()).unwrap_or_default()
}

/// Whose a call is.
enum Whose {
    /// It names this app.
    App(EvidenceItem),
    /// It is of the execution user and names no app of the snapshot.
    User(EvidenceItem),
    /// It is of the execution user through another app.
    OtherApp(String),
    /// It carries a name that other apps have, too.
    Ambiguous(String, BTreeSet<String>),
    Nobody,
}

fn whose(case: &Case<'_>, call: &ApiUse) -> Whose {
    let (log, own) = (case.run.log, case.app.name.as_str());
    let of_user = is_users(case, &call.user, &call.username);
    if let Some(id) = &call.app_id
        && let Some(owner) = log.app_with(&id.value)
    {
        return match owner == own {
            true => Whose::App(EvidenceItem::seen("CONNECTED_APP_ID", id)),
            false if of_user => Whose::OtherApp(owner.to_owned()),
            false => Whose::Nobody,
        };
    }
    let names = call.app.as_ref().map(|text| log.apps_named(&text.value)).unwrap_or_default();
    let twin = log.is_connected(own);
    match &call.app {
        Some(text) if names.contains(own) && names.len() == 1 && !twin => {
            Whose::App(EvidenceItem::seen("CONNECTED_APP_NAME", text))
        }
        Some(text) if names.contains(own) => {
            let others = names.into_iter().filter(|name| twin || *name != own).map(str::to_owned);
            Whose::Ambiguous(text.value.clone(), others.collect())
        }
        Some(_) if of_user && !names.is_empty() => Whose::OtherApp(names.into_iter().collect::<Vec<_>>().join(" / ")),
        _ if of_user => Whose::User(user_mark(call)),
        _ => Whose::Nobody,
    }
}

fn user_mark(call: &ApiUse) -> EvidenceItem {
    match (&call.username, &call.user) {
        (Some(name), _) => EvidenceItem::seen("USER_NAME", name),
        (None, Some(id)) => EvidenceItem::seen("USER_ID", id),
        (None, None) => EvidenceItem::missing("USER_ID", &call.at),
    }
}

/// Everything that shows use of one app.
#[derive(Default)]
struct Use<'a> {
    history: Vec<Row<'a>>,
    events: Vec<Row<'a>>,
    calls: Vec<Row<'a>>,
    user_calls: Vec<Row<'a>>,
    others: BTreeMap<String, usize>,
    ambiguous: BTreeMap<(String, BTreeSet<String>), usize>,
}

impl<'a> Use<'a> {
    fn of(case: &Case<'a>) -> Self {
        let mut found = Self::default();
        for login in logins(case) {
            let texts = [&login.sub_type, &login.login_type];
            if texts.into_iter().flatten().any(|text| plain(&text.value).contains("clientcredentials")) {
                let sub_type = mark(login, "LoginSubType", "LOGIN_SUB_TYPE", &login.sub_type);
                let kind = || mark(login, "LoginType", "LOGIN_TYPE", &login.login_type);
                let rows = if login.from_event_log { &mut found.events } else { &mut found.history };
                rows.extend(sub_type.or_else(kind).map(|mark| Row::of_login(login, mark)));
            }
        }
        let names = case.app.label.iter().map(|label| label.value.as_str()).chain([case.app.name.as_str()]);
        for call in case.run.log.calls_of((own_id(case), &case.user.name), &case.app.ids, names) {
            match whose(case, call) {
                Whose::App(mark) => found.calls.push(Row::of_call(call, mark)),
                Whose::User(mark) => found.user_calls.push(Row::of_call(call, mark)),
                Whose::OtherApp(name) => *found.others.entry(name).or_default() += call.count,
                Whose::Ambiguous(name, others) => *found.ambiguous.entry((name, others)).or_default() += call.count,
                Whose::Nobody => {}
            }
        }
        found
    }

    fn groups(&self) -> [(&'static str, &Vec<Row<'a>>); 4] {
        [("logins", &self.history), ("events", &self.events), ("calls", &self.calls), ("user-calls", &self.user_calls)]
    }

    fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.groups().into_iter().flat_map(|(_, rows)| rows.iter())
    }

    /// One sentence for each group that has rows.
    fn sentences(&self, user: &str) -> Vec<Message> {
        let key = |what: &str| Message::new(format!("use-observed.{what}")).with("user", user);
        let groups = self.groups().into_iter().filter(|(_, rows)| !rows.is_empty());
        let mut all: Vec<Message> =
            groups.map(|(what, rows)| key(what).with("count", counted(rows)).with("last", last(rows))).collect();
        all.extend(self.facts(user));
        all
    }

    /// Calls that may or do belong elsewhere.
    fn facts(&self, user: &str) -> Vec<Message> {
        let key = |what: &str| Message::new(format!("use-observed.{what}")).with("user", user);
        let mut all = Vec::new();
        for ((name, others), count) in &self.ambiguous {
            let others: Vec<String> = others.iter().cloned().collect();
            all.push(key("ambiguous").with("name", name.as_str()).with("apps", others).with("count", *count));
        }
        if !self.others.is_empty() {
            let names: Vec<String> = self.others.keys().cloned().collect();
            all.push(key("other-calls").with("apps", names).with("count", self.others.values().sum::<usize>()));
        }
        all
    }
}

pub(super) fn use_observed(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return Found::not_applicable(case);
    }
    let key = |what: &str| Message::new(format!("use-observed.{what}")).with("user", case.user.name.as_str());
    let found = Use::of(case);
    let covered = [Kind::LoginRecords, Kind::EventRecords]
        .into_iter()
        .any(|kind| !matches!(case.run.coverage(kind), Coverage::Absent));
    let nothing = found.rows().next().is_none();
    if !covered || (case.user.record.is_none() && nothing) {
        let gap = Gap::export("gap.use", &["login-history", "event-log-file"]);
        return Found::new(Outcome::NotEvaluable, key("no-data"), Vec::new()).gap(gap);
    }
    if nothing {
        return silence(case, &found);
    }
    let [inside, outside, unplaced] = placed(case, &found);
    let mut sentences = found.sentences(&case.user.name);
    for (what, addresses) in [("inside", inside), ("unplaced", unplaced)] {
        if !addresses.is_empty() {
            sentences.push(key(what).with("addresses", some(addresses)));
        }
    }
    let used = together(sentences).unwrap_or_default();
    let items = found.groups().into_iter().flat_map(|(_, rows)| latest(rows)).flat_map(Row::items).collect();
    if outside.is_empty() {
        return Found::new(Outcome::Pass, key("pass").with("use", used), items);
    }
    let outside = some(outside);
    let gap = Gap::person("gap.use-outside").with("addresses", outside.clone());
    let open = case.network.merged.as_ref().is_some_and(|merged| merged.width == Width::Empty);
    Found::new(
        Outcome::Review,
        key(if open { "open" } else { "outside" }).with("use", used).with("addresses", outside),
        items,
    )
    .gap(gap)
}

/// Source addresses inside the login ranges, outside, and those that cannot be compared.
fn placed(case: &Case<'_>, found: &Use<'_>) -> [BTreeSet<String>; 3] {
    let mut sets = [const { BTreeSet::new() }; 3];
    for address in found.rows().filter_map(|row| row.address.as_ref()) {
        let held = case.network.merged.as_ref().and_then(|merged| merged.holds(&address.value));
        let set = match held {
            Some(true) => &mut sets[0],
            Some(false) => &mut sets[1],
            None => &mut sets[2],
        };
        set.insert(address.value.clone());
    }
    sets
}

fn some(addresses: BTreeSet<String>) -> Vec<String> {
    let more = addresses.len() > ADDRESSES;
    let shown = addresses.into_iter().take(ADDRESSES);
    shown.chain(more.then(|| "…".to_owned())).collect()
}

/// No row can be told to be of this flow. Data that is there is for a person to judge; a cut-off export is a gap.
fn silence(case: &Case<'_>, found: &Use<'_>) -> Found {
    let user = case.user.name.as_str();
    let silence = Message::new("use-observed.silence").with("user", user);
    let because = match together(found.facts(user)) {
        Some(facts) => Message::new("use-observed.silence-but").with("user", user).with("facts", facts),
        None => silence,
    };
    let whole = [Kind::LoginRecords, Kind::EventRecords]
        .into_iter()
        .any(|kind| matches!(case.run.coverage(kind), Coverage::Complete { .. } | Coverage::NotProven { .. }));
    let items = case.user.items.clone();
    if whole {
        Found::new(Outcome::Review, because, items).gap(Gap::person("gap.use-silence"))
    } else {
        let gap = Gap::export("gap.use", &["login-history", "event-log-file"]);
        Found::new(Outcome::NotEvaluable, because, items).gap(gap)
    }
}
