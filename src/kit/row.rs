//! Rows of logins and calls as evidence: when, from where, and by which texts they were recognised.

use crate::model::EvidenceItem;
use crate::snapshot::{ApiUse, Attempt, Locator, Login, Setting, Text, instant};
use crate::text::message::{Arg, Message};
use std::collections::BTreeMap;

/// A text of a login with the name of its column, which differs between the login history and event log files.
pub(crate) fn mark(login: &Login, history: &str, event: &str, text: &Setting<Text>) -> Option<EvidenceItem> {
    let column = if login.from_event_log { event } else { history };
    text.as_ref().map(|text| EvidenceItem::seen(column, text))
}

/// A row that shows use, or an attempt: when, from where, and the texts by which it was recognised.
pub(crate) struct Row<'a> {
    count: usize,
    at: &'a Locator,
    time: &'a Setting<Text>,
    pub(crate) address: &'a Setting<Text>,
    address_column: &'static str,
    pub(crate) marks: Vec<EvidenceItem>,
}

impl<'a> Row<'a> {
    /// A login; one that failed, or does not tell, shows its status.
    pub(crate) fn of_login(login: &'a Login, own: EvidenceItem) -> Self {
        let address_column = if login.from_event_log { "SOURCE_IP" } else { "SourceIp" };
        let failed = login.attempt() == Attempt::Failed;
        let status = failed.then(|| mark(login, "Status", "LOGIN_STATUS", &login.status)).flatten();
        let marks = std::iter::once(own).chain(status).collect();
        Self { count: 1, at: &login.at, time: &login.time, address: &login.source_ip, address_column, marks }
    }

    pub(crate) fn of_call(call: &'a ApiUse, own: EvidenceItem) -> Self {
        let status = call.failure.as_ref().map(|(column, status)| EvidenceItem::seen(column, status));
        Self {
            count: call.count,
            at: &call.at,
            time: &call.time,
            address: &call.source_ip,
            address_column: "CLIENT_IP",
            marks: std::iter::once(own).chain(status).collect(),
        }
    }

    pub(crate) fn items(&self) -> Vec<EvidenceItem> {
        let address = self.address.as_ref().map(|text| EvidenceItem::seen(self.address_column, text));
        self.marks.iter().cloned().chain(address).collect()
    }

    /// Orders by time; of rows of one time the first in the file counts as the later.
    fn when(&self) -> (Option<jiff::Timestamp>, &str, std::cmp::Reverse<&Locator>) {
        let text = self.time.as_ref().map_or("", |text| text.value.as_str());
        (instant(text), text, std::cmp::Reverse(self.at))
    }
}

/// The latest row of each source address: a year of hourly logins is cited by a few rows.
pub(crate) fn latest<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r Row<'a>> {
    let mut kept: BTreeMap<&str, &Row<'a>> = BTreeMap::new();
    for row in rows {
        let address = row.address.as_ref().map_or("", |text| text.value.as_str());
        if kept.get(address).is_none_or(|known| known.when() < row.when()) {
            kept.insert(address, row);
        }
    }
    kept.into_values().collect()
}

pub(crate) fn counted(rows: &[Row<'_>]) -> usize {
    rows.iter().map(|row| row.count).sum()
}

/// When the last of the rows was. Of local times, as Setup writes them, nothing tells which is the last.
pub(crate) fn last(rows: &[Row<'_>]) -> Arg {
    let last = rows.iter().max_by(|a, b| a.when().cmp(&b.when()));
    let time = last.and_then(|row| row.time.as_ref());
    let comparable = rows.len() == 1 || rows.iter().all(|row| row.when().0.is_some());
    match time {
        Some(time) if comparable => Arg::from(time.raw.as_str()),
        _ => Arg::from(Message::new("row.last-untold")),
    }
}
