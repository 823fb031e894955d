//! Logins and API use. Silence proves nothing here.

use super::{Located, Locator, ObjectGrant, Setting, SfId, Text};

/// What the snapshot shows of use.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// Login rows.
    pub logins: Vec<Login>,
    /// Event log rows.
    pub api_use: Vec<ApiUse>,
}

/// What came of a login or a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It succeeded.
    Succeeded,
    /// It failed: its status is anything but a success.
    Failed,
    /// The row tells no status.
    NotTold,
}

/// A row of the LoginHistory export.
#[derive(Clone, Debug)]
pub struct Login {
    /// Its row.
    pub at: Locator,
    /// Who.
    pub user: Setting<SfId>,
    /// When, as written (ISO 8601).
    pub time: Setting<Text>,
    /// `LoginType`, raw.
    pub login_type: Setting<Text>,
    /// `LoginSubType`, raw.
    pub sub_type: Setting<Text>,
    /// Application name.
    pub application: Setting<Text>,
    /// Source address.
    pub source_ip: Setting<Text>,
    /// Status (`Success`, …).
    pub status: Setting<Text>,
    /// User name, where the row has it (event log files do).
    pub username: Setting<Text>,
    /// Whether the row is of an event log file; the same login may also be in LoginHistory.
    pub from_event_log: bool,
}

impl Login {
    /// What came of it: only a status of success makes a login. The login history says `Success`, login events say
    /// `LOGIN_NO_ERROR`, or `S` for the request.
    #[must_use]
    pub fn attempt(&self) -> Attempt {
        const SUCCESS: [&str; 3] = ["Success", "LOGIN_NO_ERROR", "S"];
        match &self.status {
            None => Attempt::NotTold,
            Some(status) if SUCCESS.iter().any(|word| word.eq_ignore_ascii_case(status.value.trim())) => {
                Attempt::Succeeded
            }
            Some(_) => Attempt::Failed,
        }
    }
}

/// Calls of an event log file (ApiTotalUsage, RestApi, BulkApi2) that differ in nothing but their time: a busy day has a
/// million rows, and few kinds of them.
#[derive(Clone, Debug)]
pub struct ApiUse {
    /// How many rows there are.
    pub count: usize,
    /// The latest of them.
    pub at: Locator,
    /// `EVENT_TYPE`, raw.
    pub event: Setting<Text>,
    /// App id as logged.
    pub app_id: Setting<SfId>,
    /// App name as logged: its label or its API name.
    pub app: Setting<Text>,
    /// User name as logged.
    pub username: Setting<Text>,
    /// User id as logged.
    pub user: Setting<SfId>,
    /// Source address.
    pub source_ip: Setting<Text>,
    /// When the latest was, as written.
    pub time: Setting<Text>,
    /// The column and the text by which calls failed; `None` when they succeeded, or no column tells.
    pub failure: Option<(&'static str, Located<Text>)>,
    /// The objects that they reached.
    pub touched: Option<Touched>,
}

/// Objects that calls reached, and what they did with them.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The column that names the objects.
    pub column: &'static str,
    /// Its text.
    pub text: Located<Text>,
    /// API names of the objects.
    pub objects: Vec<String>,
    /// The rights that it takes; none when the row does not tell what was done.
    pub rights: Vec<ObjectGrant>,
}

impl ApiUse {
    /// Orders by time; of rows of one time the first in the file counts as the later.
    #[must_use]
    pub fn is_later_than(&self, other: &Self) -> bool {
        self.moment() > other.moment()
    }

    fn moment(&self) -> (Option<jiff::Timestamp>, &str, std::cmp::Reverse<&Locator>) {
        let text = self.time.as_ref().map_or("", |time| time.value.as_str());
        (super::instant(text), text, std::cmp::Reverse(&self.at))
    }
}
