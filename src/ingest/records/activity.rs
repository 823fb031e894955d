//! Logins and API use.

use crate::ingest::part::Said;
use crate::ingest::values::{File, Record};
use crate::snapshot::{ApiUse, Login, SfId};

/// A `LoginHistory` row.
pub(super) fn login(file: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    said.push(Said::Login(Box::new(Login {
        at: record.at(),
        user: record.id(file, "userid"),
        time: record.text("logintime"),
        login_type: record.text("logintype"),
        sub_type: record.text("loginsubtype"),
        application: record.text("application"),
        source_ip: record.text("sourceip"),
        status: record.text("status"),
    })));
}

/// A row of an event log file (`ApiTotalUsage`, `RestApi`).
pub(super) fn api_use(_: &mut File<'_>, record: &Record<'_>, said: &mut Vec<Said>) {
    let first = |names: &[&str]| names.iter().find_map(|name| record.text(name));
    if first(&["client_ip", "user_name", "user_id", "user_id_derived", "timestamp"]).is_none() {
        return; // the list of log files, not what is in them
    }
    let user = first(&["user_id", "user_id_derived"]);
    said.push(Said::ApiUse(Box::new(ApiUse {
        at: record.at(),
        app: first(&["connected_app_name", "client_name", "connected_app_id"]),
        username: first(&["user_name"]),
        user: user
            .and_then(|text| SfId::parse(&text.value).map(|id| crate::snapshot::Located::new(id, text.raw, text.at))),
        source_ip: first(&["client_ip"]),
        time: first(&["timestamp_derived", "timestamp"]),
    })));
}
