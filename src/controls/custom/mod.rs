//! Whether attributes and scopes that the org defined itself are limited to what the app needs.

use crate::controls::{Judge, Sheet};
use crate::kit::client::{Answer, Client};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::Kind;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

const HELD_BY: [Kind; 2] = [Kind::OauthSettingsFile, Kind::OauthPolicyFile];
const ATTRIBUTES: &str = "customAttributes";
const SCOPES: &str = "commaSeparatedCustomScopes";

fn answer(client: &Client<'_>) -> Answer {
    let app = client.app;
    let attributes = client.control == "eca-custom-attributes";
    let setting = if attributes { ATTRIBUTES } else { SCOPES };
    let mut items: Vec<EvidenceItem> = if attributes {
        app.settings.of(ATTRIBUTES).map(|copy| EvidenceItem::value(ATTRIBUTES, &copy.at, "stated")).collect()
    } else {
        let lists = app.custom_scopes.iter().filter(|list| !list.value.is_empty());
        lists.map(|list| EvidenceItem::seen(SCOPES, list)).collect()
    };
    if !items.is_empty() {
        return client.answer(Outcome::Review, "stated", items);
    }
    let unread = client.run.lost.of_app(app, &HELD_BY);
    if !unread.is_empty() {
        let because = client.say("unread").with("files", unread.named());
        return Answer::new(Outcome::NotEvaluable, because, items);
    }
    items.extend(HELD_BY.iter().flat_map(|kind| app.places(*kind)).map(|at| EvidenceItem::missing(setting, at)));
    match HELD_BY.iter().all(|kind| app.has(*kind)) {
        true => client.answer(Outcome::NotApplicable, "none", items),
        false => client.answer(Outcome::NotEvaluable, "missing", items),
    }
}
