//! Whether an External Client App asks for no more scopes than it needs.

use crate::controls::{Judge, Sheet};
use crate::kit::app::places;
use crate::kit::client::gate::is_one_of;
use crate::kit::client::{Answer, Client};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{Located, Switch};

/// Scopes that reach who the user is, and no data.
const IDENTITY: [&str; 10] = [
    "basic",
    "id",
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "custompermissions",
    "refreshtoken",
    "offlineaccess",
];

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// What the scopes of an app, or of one list of them, reach.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Full,
    Data,
    Identity,
}

fn reach(scopes: &[String]) -> Reach {
    if scopes.iter().any(|scope| is_one_of(scope, &["full"])) {
        Reach::Full
    } else if scopes.iter().any(|scope| !is_one_of(scope, &IDENTITY)) {
        Reach::Data
    } else {
        Reach::Identity
    }
}

fn answer(client: &Client<'_>) -> Answer {
    let app = client.app;
    let places = places(app.kind);
    let unread = client.run.lost.of_app(app, places.settings);
    let lists: Vec<&Located<Vec<String>>> = app.scopes.iter().filter(|list| !list.value.is_empty()).collect();
    let mut items: Vec<EvidenceItem> = lists.iter().map(|list| EvidenceItem::seen(places.scopes, list)).collect();
    if !unread.is_empty() {
        let because = client.say("unread").with("files", unread.named());
        return Answer::new(Outcome::NotEvaluable, because, items);
    }
    let Some((first, rest)) = lists.split_first() else { return by_columns(client) };
    items.extend(app.scope_columns.iter().map(|column| EvidenceItem::seen(&column.column, &column.granted)));
    if rest.iter().any(|list| reach(&list.value) != reach(&first.value)) {
        return client.answer(Outcome::Review, "contradictory", items).disputed();
    }
    let (outcome, reason) = match reach(&first.value) {
        Reach::Full => (Outcome::Fail, "full"),
        Reach::Data => (Outcome::Review, "data"),
        Reach::Identity => (Outcome::Pass, "identity"),
    };
    Answer::new(outcome, client.say(reason).with("scopes", first.value.clone()), items)
}

/// Columns of records prove what is on in them, and never that there is nothing else.
fn by_columns(client: &Client<'_>) -> Answer {
    let on: Vec<_> = client.app.scope_columns.iter().filter(|column| column.granted.value == Switch::On).collect();
    let items = on.iter().map(|column| EvidenceItem::seen(&column.column, &column.granted)).collect();
    let scopes: Vec<String> = on.iter().map(|column| column.scope.clone()).collect();
    let (outcome, reason) = match reach(&scopes) {
        Reach::Full => (Outcome::Fail, "full"),
        Reach::Data => (Outcome::Review, "data"),
        Reach::Identity if scopes.is_empty() => (Outcome::NotEvaluable, "no-list"),
        Reach::Identity => (Outcome::NotEvaluable, "in-part"),
    };
    Answer::new(outcome, client.say(reason).with("scopes", scopes), items)
}
