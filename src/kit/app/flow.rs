//! The gate: can the flow be used for this app?

use crate::kit::Run;
use crate::kit::access::UserState;
use crate::model::{EvidenceItem, words};
use crate::snapshot::{App, AppKind, Kind, Seen, Switch};

words! {
    /// State of the flow.
    FlowState {
        /// It can be used.
        On = "on",
        /// It cannot be used.
        Off = "off",
        /// On, but the app, its plug-in or its execution user is switched off.
        Dormant = "dormant",
        /// The files that would tell are missing.
        Unknown = "unknown",
        /// Copies or switches disagree.
        Contradictory = "contradictory",
    }
}

/// One side of the flow switch, all copies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    On,
    Off,
    Absent,
    Unknown,
    Contradictory,
}

/// A copy that does not tell leaves the whole side unknown, unless the others contradict each other anyway.
pub(crate) fn side(seen: &Seen<Switch>) -> Side {
    match [Switch::On, Switch::Off, Switch::NotTold].map(|value| seen.iter().any(|copy| copy.value == value)) {
        [true, true, _] => Side::Contradictory,
        [_, _, true] => Side::Unknown,
        [true, false, false] => Side::On,
        [false, true, false] => Side::Off,
        [false, false, false] => Side::Absent,
    }
}

/// What the gate found.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) state: FlowState,
    pub(crate) setting: Side,
    pub(crate) why: Why,
    pub(crate) items: Vec<EvidenceItem>,
}

/// Which row of the state table applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    On,
    OnSettingMissing,
    OffByPolicy,
    OneSwitchAway,
    OffBySetting,
    CopiesDisagree,
    SidesDisagree,
    NoPolicy,
    UnknownValue,
    Unreadable,
    AppDisabled,
    PluginDisabled,
    UserInactive,
    /// The file of a connected app does not state the switch.
    NotStated,
    /// No file of the connected app is there.
    NoFile,
    /// The connected app has no OAuth.
    NoOauth,
}

impl Why {
    /// What a control says of it: the last part of its key.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::OnSettingMissing => "on-setting-missing",
            Self::OffByPolicy => "off-by-policy",
            Self::OneSwitchAway => "one-switch-away",
            Self::OffBySetting => "off-by-setting",
            Self::CopiesDisagree => "copies-disagree",
            Self::SidesDisagree => "sides-disagree",
            Self::NoPolicy => "no-policy",
            Self::UnknownValue => "unknown-value",
            Self::Unreadable => "unreadable",
            Self::AppDisabled => "app-disabled",
            Self::PluginDisabled => "plugin-disabled",
            Self::UserInactive => "user-inactive",
            Self::NotStated => "not-stated",
            Self::NoFile => "no-file",
            Self::NoOauth => "no-oauth",
        }
    }
}

/// The state table without dormancy.
pub(crate) fn table(setting: Side, policy: Side) -> (FlowState, Why) {
    match (setting, policy) {
        (Side::Contradictory, _) | (_, Side::Contradictory) => (FlowState::Contradictory, Why::CopiesDisagree),
        (_, Side::Unknown) => (FlowState::Unknown, Why::UnknownValue),
        (Side::Off, Side::On) => (FlowState::Contradictory, Why::SidesDisagree),
        (Side::On, Side::On) => (FlowState::On, Why::On),
        (Side::Absent | Side::Unknown, Side::On) => (FlowState::On, Why::OnSettingMissing),
        (Side::On, Side::Off) => (FlowState::Off, Why::OneSwitchAway),
        (_, Side::Off) => (FlowState::Off, Why::OffByPolicy),
        (Side::Off, Side::Absent) => (FlowState::Off, Why::OffBySetting),
        (Side::On | Side::Absent, Side::Absent) => (FlowState::Unknown, Why::NoPolicy),
        (Side::Unknown, Side::Absent) => (FlowState::Unknown, Why::UnknownValue),
    }
}

pub(crate) const SETTING: &str = "isClientCredentialsFlowEnabled";
pub(crate) const POLICY: &str = "isClientCredentialsFlowEnabled";
/// The same in the file of a connected app.
pub(crate) const SWITCH: &str = "isClientCredentialEnabled";
/// The part of that file without which the app has no OAuth.
pub(crate) const OAUTH: &str = "oauthConfig";

/// State of the flow before the execution user is known; [`dormant`] adds the rest.
pub(crate) fn read(run: &Run<'_>, app: &App) -> Flow {
    match app.kind {
        AppKind::External => external(run, app),
        AppKind::Connected => connected(run, app),
    }
}

/// The state of a connected app, whose one file has one switch.
fn connected(run: &Run<'_>, app: &App) -> Flow {
    let setting = side(&app.setting_flow);
    let filed = app.has(Kind::ConnectedAppFile);
    let oauth = app.settings.of(OAUTH).next().is_some();
    let torn = unreadable(run, app, &[Kind::ConnectedAppFile]);
    let (state, why) = match setting {
        Side::Contradictory => (FlowState::Contradictory, Why::CopiesDisagree),
        Side::On => (FlowState::On, Why::On),
        // Another copy, which cannot be read, may say otherwise.
        _ if torn => (FlowState::Unknown, Why::Unreadable),
        Side::Off => (FlowState::Off, Why::OffBySetting),
        Side::Unknown => (FlowState::Unknown, Why::UnknownValue),
        Side::Absent if !filed => (FlowState::Unknown, Why::NoFile),
        Side::Absent if oauth => (FlowState::Unknown, Why::NotStated),
        Side::Absent => (FlowState::Off, Why::NoOauth),
    };
    let mut items: Vec<EvidenceItem> = app.setting_flow.iter().map(|copy| EvidenceItem::seen(SWITCH, copy)).collect();
    if items.is_empty() {
        let missing = if why == Why::NoOauth { OAUTH } else { SWITCH };
        items = app.sources.iter().map(|source| EvidenceItem::missing(missing, &source.at)).collect();
        items.dedup();
    }
    Flow { state, setting, why, items }
}

fn external(run: &Run<'_>, app: &App) -> Flow {
    let (setting, policy) = (side(&app.setting_flow), side(&app.policy_flow));
    let (mut state, mut why) = table(setting, policy);
    if hidden(run, app, why) {
        (state, why) = (FlowState::Unknown, Why::Unreadable);
    }
    let mut items: Vec<EvidenceItem> = app.policy_flow.iter().map(|copy| EvidenceItem::seen(POLICY, copy)).collect();
    items.extend(app.setting_flow.iter().map(|copy| EvidenceItem::seen(SETTING, copy)));
    Flow { state, setting, why, items }
}

/// Kinds of input that hold an app's OAuth policy: its switch, its execution user, its IP relaxation.
pub(crate) const POLICIES: [Kind; 2] = [Kind::OauthPolicyFile, Kind::OauthPolicyRecords];

/// Where an app states things, and what they are called there.
pub(crate) struct Places {
    /// The execution user.
    pub(crate) user: &'static str,
    /// What the policy does with login ranges.
    pub(crate) relaxation: &'static str,
    /// The list of scopes.
    pub(crate) scopes: &'static str,
    /// Inputs that hold user and relaxation.
    pub(crate) policies: &'static [Kind],
    /// Inputs that hold secret and certificate.
    pub(crate) global: &'static [Kind],
    /// Inputs that hold the scopes.
    pub(crate) settings: &'static [Kind],
}

/// The places of a kind of app.
pub(crate) const fn places(kind: AppKind) -> &'static Places {
    const FILE: &[Kind] = &[Kind::ConnectedAppFile];
    match kind {
        AppKind::External => &Places {
            user: "clientCredentialsFlowUser",
            relaxation: "ipRelaxationPolicyType",
            scopes: "commaSeparatedOauthScopes",
            policies: &POLICIES,
            global: &[Kind::GlobalOauthFile],
            settings: &[Kind::OauthSettingsFile, Kind::OauthSettingsRecords],
        },
        AppKind::Connected => &Places {
            user: "oauthClientCredentialUser",
            relaxation: "ipRelaxation",
            scopes: "scopes",
            policies: FILE,
            global: FILE,
            settings: FILE,
        },
    }
}

/// Whether an unreadable file could turn the state over: one that could switch the flow on, or tell what is unknown.
fn hidden(run: &Run<'_>, app: &App, why: Why) -> bool {
    match why {
        Why::OffBySetting => unreadable(run, app, &POLICIES) || unreadable(run, app, &[Kind::GlobalOauthFile]),
        Why::OffByPolicy | Why::OneSwitchAway | Why::NoPolicy | Why::UnknownValue => unreadable(run, app, &POLICIES),
        _ => false,
    }
}

/// Whether a file of these kinds could not be read and may belong to the app.
pub(crate) fn unreadable(run: &Run<'_>, app: &App, kinds: &[Kind]) -> bool {
    !run.lost.of_app(app, kinds).is_empty()
}

/// A flow that is on but cannot be used today is dormant.
///
/// A copy of the app's policy that cannot be read may say that the app is on, so it keeps the flow from being dormant.
pub(crate) fn dormant(run: &Run<'_>, flow: &mut Flow, app: &App, user: UserState, user_items: &[EvidenceItem]) {
    if flow.state != FlowState::On {
        return;
    }
    let whole = !unreadable(run, app, &[Kind::AppPolicyFile, Kind::AppPolicyRecords]);
    let why = if whole && side(&app.enabled) == Side::Off {
        Some((Why::AppDisabled, app.enabled.iter().map(|copy| EvidenceItem::seen("isEnabled", copy)).collect()))
    } else if whole && side(&app.oauth_plugin_enabled) == Side::Off {
        let items = app.oauth_plugin_enabled.iter().map(|copy| EvidenceItem::seen("isOauthPluginEnabled", copy));
        Some((Why::PluginDisabled, items.collect()))
    } else if user == UserState::Inactive {
        Some((Why::UserInactive, user_items.to_vec()))
    } else {
        None
    };
    if let Some((why, items)) = why {
        flow.state = FlowState::Dormant;
        flow.why = why;
        let items: Vec<EvidenceItem> = items;
        flow.items.extend(items);
    }
}
