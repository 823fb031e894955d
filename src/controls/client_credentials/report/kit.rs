//! An app's part of the kit: its way out, the permission set, and what to set in its policy.

use super::target::policy_file;
use crate::controls::client_credentials::{ActionKind, Stated, WayOut};
use crate::model::Finding;
use crate::view::words::label;
use crate::view::{Desk, EditView, KitParts, RecommendationView, SnippetView};

/// The switch of the flow in an app's policy, and whether login ranges are enforced.
const SWITCH: &str = "isClientCredentialsFlowEnabled";
const RELAXATION: &str = "ipRelaxationPolicyType";

/// What repairs an app; none where nothing is to do.
pub(in super::super) fn kit(desk: &Desk<'_>, f: &Finding) -> Option<KitParts> {
    let actions: Vec<_> = desk.a.actions_of(f).into_iter().map(|(_, action)| action).collect();
    if actions.is_empty() {
        return None;
    }
    let set = |element: &str, value: &str| EditView {
        path: policy_file(f),
        element: element.to_owned(),
        value: value.to_owned(),
    };
    let Some(mut way) = desk.recommendation(f) else {
        // It passes, but for what one switch brings back.
        let steps = actions.iter().map(|action| desk.w.say(&action.for_app(&label(f)))).collect();
        let off = actions.iter().any(|action| action.kind == ActionKind::Tidy);
        let way = RecommendationView {
            title: desk.w.word("report.recommendation.tidy"),
            why: desk.w.say(&actions.first()?.why),
            effort: desk.w.word("report.effort.low"),
            steps,
            ..RecommendationView::default()
        };
        return Some(KitParts { way, edits: off.then(|| set(SWITCH, "false")).into_iter().collect(), added: None });
    };
    let added = way.snippets.iter().position(|one| one.language == "xml" && one.text.contains("<PermissionSet"));
    let added = added.map(|at| way.snippets.swap_remove(at)).map(|set| SnippetView { title: desk.set_file(f), ..set });
    way.snippets.clear();
    let enforce = actions.iter().any(|action| action.kind == ActionKind::Enforce);
    let edits = match f.advice().and_then(|advice| advice.way) {
        Some(WayOut::Jwt | WayOut::Disable) => vec![set(SWITCH, "false")],
        Some(WayOut::Harden) if enforce => vec![set(RELAXATION, "Enforce")],
        _ => Vec::new(),
    };
    Some(KitParts { way, added, edits })
}
