//! Facts beside the judgement that a reader of a finding needs.

use super::case::Case;
use super::finding::exposed;
use crate::controls::client_credentials::FlowState;
use crate::kit::app::{Places, SWITCH, Side, Why, places};
use crate::snapshot::{Agreement, App, AppKind, Kind, Seen};
use crate::text::message::Message;
use std::collections::BTreeSet;

/// All notes on a finding.
pub(super) fn of(case: &Case<'_>) -> Vec<Message> {
    let mut notes = Vec::new();
    match case.flow.why {
        Why::OneSwitchAway => notes.push(Message::new("note.one-switch-away")),
        Why::OffBySetting if !case.is_connected() => notes.push(Message::new("note.off-by-setting")),
        Why::OnSettingMissing if case.flow.setting == Side::Absent => {
            notes.push(Message::new("note.setting-not-exported"));
        }
        _ => {}
    }
    notes.extend(copies(case.app));
    notes.extend(publisher(case.app));
    if case.flow.state == FlowState::Off {
        if exposed(case) {
            notes.push(Message::new("note.secret-exposed"));
        }
        return notes;
    }
    notes.extend(case.network.notes.iter().cloned());
    notes.extend(case.privilege.reach.effective.notes.iter().cloned());
    notes.extend(packaged_sets(case));
    let activation = case.privilege.privilege.rights.grants.iter().filter(|grant| grant.on_activation);
    let activation: Vec<String> = activation.map(|grant| grant.label.clone()).collect();
    if !activation.is_empty() {
        notes.push(Message::new("note.on-activation").with("permissions", activation));
    }
    if matches!(case.app.enabled.agreement(), Agreement::Contradictory(_))
        || matches!(case.app.oauth_plugin_enabled.agreement(), Agreement::Contradictory(_))
    {
        notes.push(Message::new("note.enabled-contradictory"));
    }
    if case.flow.state == FlowState::Dormant && exposed(case) {
        notes.push(Message::new("note.secret-exposed"));
    }
    if !case.is_connected()
        && ![Kind::AppFile, Kind::AppRecords, Kind::ListingRecords].into_iter().any(|kind| case.app.has(kind))
    {
        notes.push(Message::new("note.no-app-file"));
    }
    notes
}

/// Every copy of a setting whose copies disagree, side by side, files and records alike.
fn copies(app: &App) -> Vec<Message> {
    let Places { user, relaxation, scopes, .. } = places(app.kind);
    let switch = if app.kind == AppKind::Connected { SWITCH } else { "isClientCredentialsFlowEnabled" };
    let settings = [
        side_by_side(switch, &app.policy_flow),
        side_by_side(switch, &app.setting_flow),
        side_by_side(user, &app.execution_user),
        side_by_side(relaxation, &app.ip_relaxation),
        side_by_side("isEnabled", &app.enabled),
        side_by_side("isOauthPluginEnabled", &app.oauth_plugin_enabled),
        side_by_side(scopes, &app.scopes),
    ];
    let mut notes: Vec<Message> = settings.into_iter().flatten().collect();
    if !notes.is_empty()
        && let Some(changed) = &app.policy_changed
    {
        let note = Message::new("note.policy-changed").with("value", changed.raw.as_str());
        notes.push(note.with("place", changed.at.to_string()));
    }
    // What the app is called and where it comes from is no setting of its policy.
    let names = [
        side_by_side("label", &app.label),
        side_by_side("namespace", &app.namespace),
        side_by_side("distributionState", &app.distribution_state),
    ];
    notes.extend(names.into_iter().flatten());
    notes
}

fn side_by_side<T: PartialEq>(setting: &str, seen: &Seen<T>) -> Option<Message> {
    let Agreement::Contradictory(copies) = seen.agreement() else { return None };
    let copies: Vec<String> = copies.iter().map(|copy| format!("{} ({})", copy.raw, copy.at)).collect();
    Some(Message::new("note.copies").with("setting", setting).with("copies", copies))
}

/// Who can change what of an app that comes from a package.
fn publisher(app: &App) -> Option<Message> {
    let stated = app.namespace.iter().next().map(|namespace| namespace.value.clone());
    let prefix = app.name.split_once("__").map(|(prefix, _)| prefix.to_owned()).filter(|prefix| !prefix.is_empty());
    if let Some(namespace) = stated.or(prefix) {
        return Some(Message::new("note.packaged").with("namespace", namespace));
    }
    let mut states = app.distribution_state.iter();
    let state = states
        .find(|state| ["Managed", "AutoInstalled"].iter().any(|known| known.eq_ignore_ascii_case(&state.value)))?;
    Some(Message::new("note.managed").with("state", state.raw.as_str()))
}

/// Permission sets of packages among the ways of what the user holds beyond a narrow integration.
fn packaged_sets(case: &Case<'_>) -> Option<Message> {
    let steps = case.privilege.privilege.rights.grants.iter().flat_map(|grant| grant.paths.iter().flatten());
    let sets = steps.filter(|step| step.what == "permission_set" && step.name.contains("__"));
    let names: BTreeSet<String> = sets.map(|step| step.name.clone()).collect();
    (!names.is_empty()).then(|| Message::new("note.packaged-sets").with("sets", names.into_iter().collect::<Vec<_>>()))
}
