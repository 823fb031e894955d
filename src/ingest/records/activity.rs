//! Logins and API use.

use crate::ingest::file_facts::{FileFacts, Said};
use crate::ingest::values::{File, Record};
use crate::snapshot::{ApiUse, Located, Login, Setting, SfId, Text};
use std::collections::BTreeMap;

/// A `LoginHistory` row, by a query or as Setup offers it for download: with blanks in the headings, and users by name.
pub(super) fn login(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let (user, username) = (record.id(file, "userid"), record.text("username"));
    if user.is_none() && username.is_none() {
        file.unlinked(record.at(), "names no user", "select UserId");
    }
    part.rows.logins.push(Login {
        at: record.at(),
        user,
        time: first(record, &["logintime", "login time"]),
        login_type: first(record, &["logintype", "login type"]),
        sub_type: first(record, &["loginsubtype", "login subtype"]),
        application: record.text("application"),
        source_ip: first(record, &["sourceip", "source ip"]),
        status: record.text("status"),
        username,
        from_event_log: false,
    });
}

/// A row of an event log file: a login, or a call.
pub(super) fn event(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    if first(record, &["client_ip", "source_ip", "user_name", "user_id", "user_id_derived", "timestamp"]).is_none() {
        return; // the list of log files, not what is in them
    }
    const WHO: &[&str] = &["user_name", "user_id", "user_id_derived", "connected_app_id", "connected_app_name"];
    if first(record, WHO).is_none() {
        file.unlinked(record.at(), "names neither user nor app", "download the event log file again as it is");
    }
    if record.cell("event_type").is_some_and(|event| event.eq_ignore_ascii_case("Login")) {
        part.rows.logins.push(Login {
            at: record.at(),
            user: id(record, &["user_id", "user_id_derived"]),
            time: first(record, &["timestamp_derived", "timestamp"]),
            login_type: record.text("login_type"),
            sub_type: record.text("login_sub_type"),
            application: record.text("application"),
            source_ip: record.text("source_ip"),
            status: first(record, &["login_status", "status", "request_status"]),
            username: record.text("user_name"),
            from_event_log: true,
        });
    } else {
        call(record, part);
    }
}

fn first(record: &Record<'_>, names: &[&str]) -> Setting<Text> {
    names.iter().find_map(|name| record.text(name))
}

/// The first cell that holds an id. Other forms of ids in these logs are no fault of the export.
fn id(record: &Record<'_>, names: &[&str]) -> Setting<SfId> {
    names.iter().find_map(|name| {
        let text = record.text(name)?;
        SfId::parse(&text.value).map(|id| Located::new(id, text.raw, text.at))
    })
}

/// A call. `CLIENT_NAME` is what the caller says of itself, so it names no app.
fn call(record: &Record<'_>, part: &mut FileFacts) {
    part.said.push(Said::ApiUse(Box::new(ApiUse {
        count: 1,
        at: record.at(),
        event: record.text("event_type"),
        app_id: id(record, &["connected_app_id"]),
        app: record.text("connected_app_name"),
        username: record.text("user_name"),
        user: id(record, &["user_id", "user_id_derived"]),
        source_ip: record.text("client_ip"),
        time: first(record, &["timestamp_derived", "timestamp"]),
        failure: failure(record),
        touched: super::objects::touched(record),
    })));
}

/// The cell by which a call failed: a status code of HTTP from 400 on, a request status of failure, a job that ended so.
fn failure(record: &Record<'_>) -> Option<(&'static str, Located<Text>)> {
    const WORDS: [&str; 7] = ["f", "a", "failure", "failed", "error", "unauthorized", "aborted"];
    const COLUMNS: [(&str, &str); 4] = [
        ("status_code", "STATUS_CODE"),
        ("request_status", "REQUEST_STATUS"),
        ("job_status", "JOB_STATUS"),
        ("status", "STATUS"),
    ];
    COLUMNS.into_iter().find_map(|(name, column)| {
        let text = record.text(name)?;
        let word = text.value.trim();
        let failed = word.parse().is_ok_and(|code: u32| code >= 400)
            || WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
        failed.then_some((column, text))
    })
}

/// Puts calls together that differ in nothing but their time.
pub(super) fn condense(said: Vec<Said>) -> Vec<Said> {
    let mut calls: BTreeMap<_, Box<ApiUse>> = BTreeMap::new();
    let mut rest = Vec::new();
    for one in said {
        let Said::ApiUse(call) = one else {
            rest.push(one);
            continue;
        };
        let names = [&call.event, &call.app, &call.username, &call.source_ip]
            .map(|setting| setting.as_ref().map(|text| text.value.clone()));
        let failure = call.failure.as_ref().map(|(_, text)| text.value.clone());
        let touched = call.touched.as_ref().map(|touched| (touched.objects.clone(), touched.rights.clone()));
        let ids = [&call.app_id, &call.user].map(|setting| setting.as_ref().map(|id| id.value.key().to_owned()));
        let key = (names, failure, touched, ids);
        match calls.get_mut(&key) {
            Some(known) => {
                let count = known.count + call.count;
                if call.is_later_than(known) {
                    *known = call;
                }
                known.count = count;
            }
            None => drop(calls.insert(key, call)),
        }
    }
    let mut calls: Vec<Box<ApiUse>> = calls.into_values().collect();
    calls.sort_by(|a, b| a.at.cmp(&b.at));
    rest.extend(calls.into_iter().map(Said::ApiUse));
    rest
}
