//! Who may use a connected app.

use crate::controls::{Judge, Sheet};
use crate::kit::client::setting::{ADMIN_APPROVED, flag};
use crate::kit::client::{Answer, Client, Told};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{Kind, setup_name, standard_profiles};

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// The column of a record that says the same as the file's element.
const COLUMN: &str = "OptionsAllowAdminApprovedUsersOnly";

fn answer(client: &Client<'_>) -> Answer {
    let settings = &client.app.settings;
    let approved = client.switch_of(&ADMIN_APPROVED);
    let rows: Vec<Option<bool>> = settings.of(COLUMN).map(|copy| flag(&copy.value)).collect();
    let mut items = approved.items.clone();
    items.extend(settings.of(COLUMN).map(|copy| EvidenceItem::seen(COLUMN, copy)));
    let (yes, no) = (rows.contains(&Some(true)), rows.contains(&Some(false)));
    match &approved.told {
        Told::Known(true) if no => client.answer(Outcome::Review, "contradictory", items).disputed(),
        Told::Known(false) if yes => client.answer(Outcome::Review, "contradictory", items).disputed(),
        Told::Known(_) if rows.contains(&None) => client.answer(Outcome::NotEvaluable, "unknown-column", items),
        Told::Known(true) => approved_for(client, items),
        Told::Known(false) => client.answer(Outcome::Fail, "anybody", items),
        Told::Missing | Told::Absent if yes && no => client.answer(Outcome::Review, "contradictory", items).disputed(),
        Told::Missing | Told::Absent if no => client.answer(Outcome::Fail, "anybody", items),
        Told::Missing if yes => client.answer(Outcome::NotEvaluable, "no-file", items),
        Told::Absent if yes => approved_for(client, items),
        _ => Answer { items, ..approved.answered() },
    }
}

/// For whom: a standard profile, which every user may have, or nobody at all, is for a person to look at.
fn approved_for(client: &Client<'_>, mut items: Vec<EvidenceItem>) -> Answer {
    if !client.app.has(Kind::ConnectedAppFile) {
        return client.answer(Outcome::NotEvaluable, "no-file", items);
    }
    let profiles: Vec<_> = client.app.settings.of("profileName").collect();
    let sets: Vec<_> = client.app.settings.of("permissionSetName").collect();
    items.extend(profiles.iter().map(|copy| EvidenceItem::seen("profileName", copy)));
    items.extend(sets.iter().map(|copy| EvidenceItem::seen("permissionSetName", copy)));
    let is_standard = |name: &str| setup_name(name).is_some() || standard_profiles(name).next().is_some();
    let standard: Vec<String> =
        profiles.iter().map(|copy| copy.value.clone()).filter(|name| is_standard(name)).collect();
    if profiles.is_empty() && sets.is_empty() {
        return client.answer(Outcome::Review, "nobody", items);
    }
    if !standard.is_empty() {
        return Answer::new(Outcome::Review, client.say("standard").with("profiles", standard), items);
    }
    client.answer(Outcome::Pass, "approved", items)
}
