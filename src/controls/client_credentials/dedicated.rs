//! Whether the execution user serves the app alone: other apps, connected apps, and persons who sign in as it.

use super::case::{Caller, Case, not_applicable};
use super::usage::logins;
use super::user::names;
use crate::controls::client_credentials::FlowState;
use crate::kit::app::{SWITCH, places};
use crate::kit::log::{Named, is_of_flow};
use crate::kit::row::{Row, latest, mark};
use crate::kit::{Found, Gap, coverage_gap, together};
use crate::model::{EvidenceItem, Outcome, Settles};
use crate::snapshot::{App, AppKind, Attempt, Kind, Located, Login, Setting, Text, UserRef};
use crate::text::message::{Arg, Message};
use std::collections::BTreeSet;

/// Sentences that would only add to what is proven.
const UNTOLD: [&str; 2] = ["execution-user-dedicated.untold", "execution-user-dedicated.untold-connected"];
/// Most apps that a sentence names.
const APPS: usize = 10;
const HISTORY: &[&str] = &["login-history"];

/// What the logins of the execution user by browser came to.
#[derive(Clone, Default)]
pub(super) struct Browser<'a> {
    succeeded: Vec<&'a Login>,
    failed: Vec<&'a Login>,
    not_told: Vec<&'a Login>,
    /// Rows of the history that lack the type or the application, by which a person would show.
    unsure: Vec<&'a Login>,
}

impl<'a> Browser<'a> {
    pub(super) fn of(caller: &Caller<'_, 'a>) -> Self {
        let mut found = Self::default();
        for login in logins(caller) {
            if !is_person(login) {
                if lacks_kind(login) && login.attempt() != Attempt::Failed {
                    found.unsure.push(login);
                }
                continue;
            }
            match login.attempt() {
                Attempt::Succeeded => found.succeeded.push(login),
                Attempt::Failed => found.failed.push(login),
                Attempt::NotTold => found.not_told.push(login),
            }
        }
        found
    }

    /// Logins that succeeded: a person uses the account. A login event may tell of a login that the history has, too.
    pub(super) fn logins(&self) -> usize {
        let events = self.succeeded.iter().filter(|login| login.from_event_log).count();
        events.max(self.succeeded.len() - events)
    }
}

/// Whether a row is of a person: by its application, or by its login type, which event log files give as a letter.
fn is_person(login: &Login) -> bool {
    let types: &[&str] = if login.from_event_log { &["Application", "A"] } else { &["Application"] };
    is_one_of(&login.application, &["Browser"]) || is_one_of(&login.login_type, types)
}

fn is_one_of(setting: &Setting<Text>, words: &[&str]) -> bool {
    let text = setting.as_ref().map_or("", |text| text.value.trim());
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a row of the history does not tell what kind of login it is. Login events have no column for the application
/// in every version, and their type alone tells.
fn lacks_kind(login: &Login) -> bool {
    !login.from_event_log && (login.login_type.is_none() || login.application.is_none())
}

/// The text by which a login is or is not a person's.
fn kind_mark(login: &Login) -> EvidenceItem {
    mark(login, "LoginType", "LOGIN_TYPE", &login.login_type)
        .or_else(|| mark(login, "Application", "APPLICATION", &login.application))
        .unwrap_or_else(|| EvidenceItem::missing("LoginType", &login.at))
}

/// The latest row of each address, with its type and, where it failed, its status.
fn cited(rows: &[&Login]) -> Vec<EvidenceItem> {
    let rows: Vec<Row<'_>> = rows.iter().map(|login| Row::of_login(login, kind_mark(login))).collect();
    latest(&rows).into_iter().flat_map(Row::items).collect()
}

fn statuses(rows: &[&Login]) -> Vec<String> {
    let texts: BTreeSet<&str> =
        rows.iter().filter_map(|login| login.status.as_ref()).map(|status| status.raw.as_str()).collect();
    texts.into_iter().map(str::to_owned).collect()
}

fn connected_items(apps: &[&App]) -> Vec<EvidenceItem> {
    let mut items = Vec::new();
    for app in apps {
        items.extend(app.execution_user.iter().map(|user| EvidenceItem::seen(places(app.kind).user, user)));
        items.extend(app.setting_flow.iter().map(|switch| EvidenceItem::seen(SWITCH, switch)));
        if app.setting_flow.is_empty() {
            items.extend(app.sources.iter().map(|source| EvidenceItem::missing(SWITCH, &source.at)));
        }
    }
    items
}

/// Every copy of the setting by which one of these apps names its user.
fn named_users<'a>(case: &Case<'a>, apps: &[String]) -> impl Iterator<Item = &'a Located<UserRef>> {
    apps.iter().filter_map(|name| case.run.snapshot.apps.get(name)).flat_map(|app| app.execution_user.iter())
}

/// Sentences with their evidence, and what they leave open.
#[derive(Default)]
struct Said {
    sentences: Vec<Message>,
    items: Vec<EvidenceItem>,
    /// Further places that show it, which other apps cite.
    further: usize,
    gaps: Vec<Gap>,
}

impl Said {
    fn say(&mut self, message: Message, items: Vec<EvidenceItem>) {
        self.sentences.push(message);
        self.items.extend(items);
    }
}

fn key(case: &Case<'_>, what: &str) -> Message {
    Message::new(format!("execution-user-dedicated.{what}")).with("user", case.user.name.as_str())
}

/// Every reason for which the user does not serve the app alone.
fn reasons(case: &Case<'_>) -> Said {
    let (mut said, others, browser) = (Said::default(), &case.others, &case.browser);
    if !others.apps.is_empty() {
        let mut items = case.user.items.clone();
        // Those that the sentence names; each of the others cites its own.
        let named = if others.apps.len() < APPS + 2 { others.apps.len() } else { APPS };
        let (named, unnamed) = others.apps.split_at(named);
        let setting = places(AppKind::External).user;
        items.extend(named_users(case, named).map(|copy| EvidenceItem::seen(setting, copy)));
        said.further = named_users(case, unnamed).count();
        said.say(key(case, "shared").with("apps", Arg::some(others.apps.clone(), APPS)), items);
    }
    if !others.connected.is_empty() {
        let own = said.items.is_empty().then(|| case.user.items.clone());
        let items = own.into_iter().flatten().chain(connected_items(&others.connected)).collect();
        said.say(key(case, "connected").with("apps", names(&others.connected)), items);
    }
    let through = through_untold(case);
    if !through.is_empty() {
        let apps: BTreeSet<&str> = through.iter().map(|(app, _)| *app).collect();
        let rows: Vec<Row<'_>> = through.into_iter().map(|(_, row)| row).collect();
        let items = latest(&rows).into_iter().flat_map(Row::items).collect();
        let apps = apps.into_iter().map(str::to_owned).collect();
        said.say(key(case, "through").with("apps", Arg::some(apps, APPS)), items);
    }
    if !browser.succeeded.is_empty() {
        said.say(key(case, "person").with("count", browser.succeeded.len()), cited(&browser.succeeded));
    }
    said
}

/// Logins of the user through this flow that name an app of which no policy tells whom it runs as.
fn through_untold<'a>(case: &Case<'a>) -> Vec<(&'a str, Row<'a>)> {
    let rows = logins(&case.caller()).into_iter().filter(|login| is_of_flow(login));
    let succeeded = rows.filter(|login| login.attempt() == Attempt::Succeeded);
    let named = succeeded.filter_map(|login| {
        let name = login.application.as_ref()?;
        let apps = case.run.log.apps_named(&name.value);
        let [named] = apps.iter().copied().collect::<Vec<Named<'_>>>()[..] else { return None };
        let app = case.others.untold.get(named)?;
        let column = if login.from_event_log { "APPLICATION" } else { "Application" };
        Some((app, Row::of_login(login, EvidenceItem::seen(column, name))))
    });
    if case.others.untold.is_empty() { Vec::new() } else { named.collect() }
}

/// What may mean that somebody or something else uses the account, and is no proof of it.
fn doubts(case: &Case<'_>) -> Said {
    let (mut said, others, browser) = (Said::default(), &case.others, &case.browser);
    let user = case.user.name.as_str();
    if !others.perhaps.is_empty() {
        let apps = names(&others.perhaps);
        said.gaps.push(Gap::person("gap.dedicated-connected").with("apps", apps.clone()).with("user", user));
        said.say(key(case, "perhaps").with("apps", apps), connected_items(&others.perhaps));
    }
    if !browser.failed.is_empty() {
        let count = browser.failed.len();
        let message = key(case, "attempts").with("count", count).with("statuses", statuses(&browser.failed));
        said.gaps.push(Gap::person("gap.dedicated-attempts").with("user", user).with("count", count));
        said.say(message, cited(&browser.failed));
    }
    if !browser.not_told.is_empty() {
        said.gaps.push(Gap::export("gap.login-status", HISTORY));
        said.say(key(case, "no-status").with("count", browser.not_told.len()), cited(&browser.not_told));
    }
    if !browser.unsure.is_empty() {
        said.gaps.push(Gap::export("gap.login-kind", HISTORY));
        said.say(key(case, "no-kind").with("count", browser.unsure.len()), cited(&browser.unsure));
    }
    if case.user.record.is_some_and(|user| user.id.is_none()) {
        said.gaps.push(Gap::export("gap.user-id-for-logins", &["user"]).with("user", user));
        said.say(key(case, "no-id"), Vec::new());
    }
    let untold = |kind| {
        let (names, n) = (others.untold.names(kind), others.untold.len(kind));
        (n > 0).then(|| Arg::some_of(names.map(str::to_owned), n, APPS))
    };
    if let Some(apps) = untold(AppKind::Connected) {
        said.gaps.push(Gap::person("gap.dedicated-untold-connected").with("apps", apps.clone()).with("user", user));
        said.say(key(case, "untold-connected").with("apps", apps), Vec::new());
    }
    if let Some(apps) = untold(AppKind::External) {
        let gap = Gap::export("gap.dedicated-untold", &["metadata", "oauth-policy"]);
        said.gaps.push(gap.with("apps", apps.clone()).with("user", user));
        said.say(key(case, "untold").with("apps", apps), Vec::new());
    }
    said
}

/// What keeps the login history from showing that no person signs in.
fn history_gap(case: &Case<'_>) -> Option<(Message, Gap)> {
    let gap = coverage_gap(&case.run, Kind::LoginRecords, "login-history")?;
    let what = match gap.settles {
        Settles::Export => "no-history",
        Settles::Person => "not-proven",
    };
    Some((key(case, what), gap))
}

/// The latest login of the user from each address, with its type: what the history shows instead of a person.
fn history_items(case: &Case<'_>) -> Vec<EvidenceItem> {
    let logins: Vec<&Login> = logins(&case.caller()).into_iter().filter(|login| !login.from_event_log).collect();
    cited(&logins)
}

pub(super) fn dedicated(case: &Case<'_>) -> Found {
    if case.flow.state == FlowState::Off {
        return not_applicable(case);
    }
    let (found, doubts) = (reasons(case), doubts(case));
    if !found.sentences.is_empty() {
        // Those that are not told would only add to what is proven.
        let told = doubts.sentences.into_iter().filter(|message| !UNTOLD.contains(&&*message.key));
        let because = together(found.sentences.into_iter().chain(told).collect());
        let items = found.items.into_iter().chain(doubts.items).collect();
        return Found { further: found.further, ..Found::new(Outcome::Fail, because.unwrap_or_default(), items) };
    }
    if case.user.record.is_none() {
        let gap = crate::kit::access::user_gap(&case.user);
        return Found::new(Outcome::NotEvaluable, key(case, "unknown"), case.user.items.clone()).gap(gap);
    }
    let mut sentences = Vec::new();
    let mut gaps = Vec::new();
    if let Some((sentence, gap)) = history_gap(case) {
        sentences.push(sentence);
        gaps.push(gap);
    }
    sentences.extend(doubts.sentences);
    gaps.extend(doubts.gaps);
    let mut items = case.user.items.clone();
    items.extend(history_items(case));
    items.extend(doubts.items.into_iter().filter(|item| !case.user.items.contains(item)));
    let Some(because) = together(sentences) else {
        return Found::new(Outcome::Pass, key(case, "pass"), items);
    };
    let mut found = Found::new(Gap::outcome(&gaps), because, items);
    found.gaps = gaps;
    found
}
