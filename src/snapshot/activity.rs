//! Logins and API use. Silence proves nothing here.

use super::{Locator, Setting, SfId};

/// What the snapshot shows of use.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// Login rows.
    pub logins: Vec<Login>,
    /// Event log rows.
    pub api_use: Vec<ApiUse>,
}

/// A row of the LoginHistory export.
#[derive(Clone, Debug)]
pub struct Login {
    /// Its row.
    pub at: Locator,
    /// Who.
    pub user: Setting<SfId>,
    /// When, as written (ISO 8601).
    pub time: Setting<String>,
    /// `LoginType`, raw.
    pub login_type: Setting<String>,
    /// `LoginSubType`, raw.
    pub sub_type: Setting<String>,
    /// Application name.
    pub application: Setting<String>,
    /// Source address.
    pub source_ip: Setting<String>,
    /// Status (`Success`, …).
    pub status: Setting<String>,
    /// User name, where the row has it (event log files do).
    pub username: Setting<String>,
    /// Whether the row is of an event log file; the same login may also be in LoginHistory.
    pub from_event_log: bool,
}

/// A row of an event log file about calls (ApiTotalUsage, RestApi, BulkApi2).
#[derive(Clone, Debug)]
pub struct ApiUse {
    /// Its row.
    pub at: Locator,
    /// `EVENT_TYPE`, raw.
    pub event: Setting<String>,
    /// App id as logged.
    pub app_id: Setting<SfId>,
    /// App name as logged: its label or its API name.
    pub app: Setting<String>,
    /// User name as logged.
    pub username: Setting<String>,
    /// User id as logged.
    pub user: Setting<SfId>,
    /// Source address.
    pub source_ip: Setting<String>,
    /// When, as written.
    pub time: Setting<String>,
}
