//! Whether a connected app signs users in by OAuth.

use crate::controls::{Judge, Sheet};
use crate::kit::client::{Answer, Client};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::Kind;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

fn answer(client: &Client<'_>) -> Answer {
    let app = client.app;
    let unread = client.run.lost.of_app(app, &[Kind::ConnectedAppFile]);
    let stated = |name: &str| app.settings.of(name).map(|copy| EvidenceItem::value(name, &copy.at, "stated")).collect();
    let oauth: Vec<EvidenceItem> = stated("oauthConfig");
    let saml: Vec<EvidenceItem> = stated("samlConfig");
    let files: Vec<EvidenceItem> =
        app.places(Kind::ConnectedAppFile).map(|at| EvidenceItem::missing("oauthConfig", at)).collect();
    if !unread.is_empty() {
        let because = client.say("unread").with("files", unread.named());
        Answer::new(Outcome::NotEvaluable, because, files)
    } else if files.is_empty() {
        client.answer(Outcome::NotEvaluable, "missing", files)
    } else if !oauth.is_empty() && oauth.len() < files.len() {
        client.answer(Outcome::Review, "contradictory", oauth).disputed()
    } else if !oauth.is_empty() {
        client.answer(Outcome::Pass, "oauth", oauth)
    } else if !saml.is_empty() {
        client.answer(Outcome::NotApplicable, "saml", saml)
    } else {
        client.answer(Outcome::Review, "neither", files)
    }
}
