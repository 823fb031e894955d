//! An app's part of the kit: its way out, the permission set, and what to set in its policy.

use super::of;
use super::target::{policy_file, policy_files};
use crate::controls::client_credentials::{ActionKind, Stated, WayOut};
use crate::model::Finding;
use crate::snapshot::AppKind;
use crate::view::words::label;
use crate::view::{Desk, EditView, KitParts, RecommendationView, SnippetView};

/// The switch of the flow in an app's policy, and whether login ranges are enforced.
const SWITCH: &str = "isClientCredentialsFlowEnabled";
const RELAXATION: &str = "ipRelaxationPolicyType";
/// The same in the file of a connected app.
const CONNECTED_SWITCH: &str = "oauthConfig.isClientCredentialEnabled";
const CONNECTED_RELAXATION: &str = "oauthPolicy.ipRelaxation";
/// Who may use the app (Metadata API, `ExtlClntAppOauthConfigurablePolicies`): those whom an administrator admitted, by
/// these permission sets. In the JWT bearer flow that list decides whom the key holder can act as.
const PERMITTED: &str = "permittedUsersPolicyType";
const ADMITTED: &str = "commaSeparatedPermissionSet";

/// What repairs an app; none where nothing is to do.
pub(in super::super) fn kit(desk: &Desk<'_>, f: &Finding) -> Option<KitParts> {
    let actions: Vec<_> = desk.a.actions_of(f).into_iter().map(|(_, action)| action).collect();
    if actions.is_empty() {
        return None;
    }
    let set = |element: &str, value: &str| EditView { element: element.to_owned(), value: value.to_owned() };
    let (switch, relaxation) = match of(f) {
        AppKind::External => (SWITCH, (RELAXATION, "Enforce")),
        AppKind::Connected => (CONNECTED_SWITCH, (CONNECTED_RELAXATION, "ENFORCE")),
    };
    let policy = KitParts { policies: policy_files(f), policy: policy_file(f), ..KitParts::default() };
    let Some(mut way) = desk.recommendation(f) else {
        // It passes, but for what one switch brings back.
        let steps = actions.iter().map(|action| desk.w.say(&action.for_app(&label(f)))).collect();
        let off = actions.iter().any(|action| action.kind == ActionKind::Tidy);
        let way = RecommendationView {
            title: desk.w.word("report.recommendation.tidy"),
            why: desk.w.say(&actions.first()?.why),
            effort: desk.w.word("report.effort.low"),
            steps,
            checks: vec![desk.policy_check(f, "disable")],
            ..RecommendationView::default()
        };
        return Some(KitParts { way, edits: off.then(|| set(switch, "false")).into_iter().collect(), ..policy });
    };
    let added = way.snippets.iter().position(|one| one.language == "xml" && one.text.contains("<PermissionSet"));
    let added = added.map(|at| way.snippets.swap_remove(at)).map(|set| SnippetView { title: desk.set_file(f), ..set });
    way.snippets.clear();
    // The commands that the card prints are those of the kit's own first page.
    way.checks.retain(|check| check.language == "sql");
    if let Some(seen) = f.observations.iter().find(|o| o.criterion == "use-observed" && !o.evidence.is_empty()) {
        way.side_effects.insert(0, desk.w.say(&seen.because));
    }
    let enforce = actions.iter().any(|action| action.kind == ActionKind::Enforce);
    let advice = f.advice()?;
    let mut edits = Vec::new();
    if enforce {
        edits.push(set(relaxation.0, relaxation.1));
    }
    match advice.way {
        Some(WayOut::Jwt) => {
            if let Some(set_name) = added.as_ref().filter(|_| of(f) == AppKind::External) {
                let name = set_name.title.trim_start_matches("permissionsets/");
                edits.push(set(ADMITTED, name.split('.').next().unwrap_or(name)));
                edits.push(set(PERMITTED, "AdminApprovedPreAuthorized"));
            }
            edits.push(set(switch, "false"));
        }
        Some(WayOut::Disable) => edits.push(set(switch, "false")),
        _ => {}
    }
    // Steps in Setup name another user, whom to admit, or a certificate: the snapshot's file knows none of them.
    let set_up = match of(f) {
        AppKind::External => added.is_none(),
        AppKind::Connected => advice.holds("certificate:none"),
    };
    let in_setup = advice.holds("user:new") || (advice.way == Some(WayOut::Jwt) && set_up);
    let (edits, by_hand) = if in_setup { (Vec::new(), edits) } else { (edits, Vec::new()) };
    Some(KitParts { way, added, edits, by_hand, ..policy })
}
