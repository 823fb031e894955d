//! The gate: can the flow be used for this app?

use crate::controls::client_credentials::{FlowState, UserState};
use crate::kit::Run;
use crate::model::EvidenceItem;
use crate::snapshot::{App, Kind, Seen, Switch};

/// One side of the flow switch, all copies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    On,
    Off,
    Absent,
    Unknown,
    Contradictory,
}

/// A copy that does not tell leaves the whole side unknown, unless the others contradict each other anyway.
pub(super) fn side(seen: &Seen<Switch>) -> Side {
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
pub(super) struct Flow {
    pub(super) state: FlowState,
    pub(super) setting: Side,
    pub(super) why: Why,
    pub(super) items: Vec<EvidenceItem>,
}

/// Which row of the state table applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
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
}

impl Why {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::On => "flow-disabled.on",
            Self::OnSettingMissing => "flow-disabled.on-setting-missing",
            Self::OffByPolicy => "flow-disabled.off-by-policy",
            Self::OneSwitchAway => "flow-disabled.one-switch-away",
            Self::OffBySetting => "flow-disabled.off-by-setting",
            Self::CopiesDisagree => "flow-disabled.copies-disagree",
            Self::SidesDisagree => "flow-disabled.sides-disagree",
            Self::NoPolicy => "flow-disabled.no-policy",
            Self::UnknownValue => "flow-disabled.unknown-value",
            Self::Unreadable => "flow-disabled.unreadable",
            Self::AppDisabled => "flow-disabled.app-disabled",
            Self::PluginDisabled => "flow-disabled.plugin-disabled",
            Self::UserInactive => "flow-disabled.user-inactive",
        }
    }
}

/// The state table without dormancy.
pub(super) fn table(setting: Side, policy: Side) -> (FlowState, Why) {
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

pub(super) const SETTING: &str = "isClientCredentialsFlowEnabled";
pub(super) const POLICY: &str = "isClientCredentialsFlowEnabled";

/// State of the flow before the execution user is known; [`dormant`] adds the rest.
pub(super) fn read(run: &Run<'_>, app: &App) -> Flow {
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
pub(super) const POLICIES: [Kind; 2] = [Kind::OauthPolicyFile, Kind::OauthPolicyRecords];

/// Whether an unreadable file could turn the state over: one that could switch the flow on, or tell what is unknown.
fn hidden(run: &Run<'_>, app: &App, why: Why) -> bool {
    match why {
        Why::OffBySetting => unreadable(run, app, &POLICIES) || unreadable(run, app, &[Kind::GlobalOauthFile]),
        Why::OffByPolicy | Why::OneSwitchAway | Why::NoPolicy | Why::UnknownValue => unreadable(run, app, &POLICIES),
        _ => false,
    }
}

/// Whether a file of these kinds could not be read and may belong to the app.
pub(super) fn unreadable(run: &Run<'_>, app: &App, kinds: &[Kind]) -> bool {
    !run.lost.of_app(app, kinds).is_empty()
}

/// A flow that is on but cannot be used today is dormant.
///
/// A copy of the app's policy that cannot be read may say that the app is on, so it keeps the flow from being dormant.
pub(super) fn dormant(run: &Run<'_>, flow: &mut Flow, app: &App, user: UserState, user_items: &[EvidenceItem]) {
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
