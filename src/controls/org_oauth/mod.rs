//! Whether the org blocks the flows that pass passwords and tokens through the browser, and asks every app for a proof
//! key.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::{BLOCK_PASSWORD, BLOCK_USER_AGENT, ORG_PKCE};
use crate::kit::client::{Answer, Org, unanswered};
use crate::model::Outcome;

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::Org(answer) };

fn answer(org: &Org<'_>) -> Answer {
    let blocks = [&BLOCK_PASSWORD, &BLOCK_USER_AGENT].map(|element| org.switch(element));
    let items = blocks.iter().flat_map(|block| block.items.clone()).collect();
    let open: Vec<&str> = blocks.iter().filter(|block| block.is(&false)).map(|block| block.element.name).collect();
    if !open.is_empty() {
        let because = org.say("open").with("settings", open.into_iter().map(str::to_owned).collect::<Vec<_>>());
        return Answer::new(Outcome::Fail, because, items);
    }
    if let Some(answer) = unanswered(blocks.iter().map(|block| block.open()).collect(), items) {
        return answer;
    }
    let pkce = org.switch(&ORG_PKCE);
    let items = blocks.iter().chain([&pkce]).flat_map(|value| value.items.clone()).collect();
    match pkce.known() {
        Some(true) => org.answer(Outcome::Pass, "strict", items),
        Some(false) => org.answer(Outcome::Review, "pkce-per-app", items),
        None => pkce.answered(),
    }
}
