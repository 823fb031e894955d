//! `family.csv`: a row for each subject and control of the chapter.

use super::columns::{Column, Kind, family, outcomes, sources};
use super::{Row, Table, cells};
use crate::controls::{self, Published};
use crate::model::{Assessment, FamilyRow, Outcome};
use crate::text::message::Message;
use crate::text::visible::cell as shown;
use crate::text::wording::Wording;
use std::borrow::Cow;

/// What a row is made from.
pub struct Case<'a, 'w> {
    org: &'a Assessment,
    row: &'a FamilyRow,
    published: Option<Published>,
    wording: &'w Wording,
}

impl<'a> Case<'a, '_> {
    fn published(&self, part: fn(&Published) -> &str) -> Cow<'a, str> {
        cells::owned(self.published.as_ref().map_or("", part).to_owned())
    }

    /// A text of a sheet control. What one says that judges to the bottom stands with its findings.
    fn text(&self, key: &str) -> Cow<'a, str> {
        if self.row.is_deep() {
            return "".into();
        }
        cells::owned(self.wording.word(&format!("{}.{key}", self.row.control)))
    }

    fn text_if(&self, key: &str, said: bool) -> Cow<'a, str> {
        if said { self.text(key) } else { "".into() }
    }
}

/// Columns of `family.csv`.
pub const FAMILY: &[Column] = &[
    family("org_key", Kind::Id, 18, |case| shown(&case.org.org.key)),
    family("subject_kind", Kind::Text, 14, |case| shown(&case.row.kind)),
    family("subject", Kind::Id, 28, |case| shown(&case.row.subject)),
    family("subject_label", Kind::Text, 28, |case| shown(&case.row.details().label)),
    family("control_id", Kind::Id, 18, |case| shown(&case.row.control)),
    family("control_name", Kind::Text, 40, |case| case.published(|own| &own.name)),
    family("page_id", Kind::Id, 30, |case| case.published(|own| &own.page)),
    family("band", Kind::Text, 17, |case| case.published(|own| &own.band)),
    family("class", Kind::Text, 8, |case| if case.row.is_deep() { "deep" } else { "sheet" }.into()),
    family("outcome", Kind::Words(outcomes), 14, |case| case.row.outcome.word().into()),
    family("because", Kind::Text, 60, |case| cells::owned(case.wording.say(&case.row.because))),
    family("observed", Kind::Text, 50, |case| cells::join(case.row.details().observed.iter().map(|text| &**text))),
    family("expected", Kind::Text, 50, |case| case.text("expected")),
    family("evidence", Kind::Text, 60, |case| cells::join(case.row.details().places.iter().map(|text| &**text))),
    family("source", Kind::Words(sources), 10, |case| case.row.source.word().into()),
    family("modifiers", Kind::Text, 24, modifiers),
    family("caveat", Kind::Text, 50, |case| case.text_if("caveat", case.row.outcome == Outcome::Pass)),
    family("root_cause", Kind::Text, 24, |case| shown(&case.row.root_cause)),
    family("question", Kind::Text, 40, |case| case.text_if("question", case.row.outcome == Outcome::Review)),
    family("recommendation", Kind::Text, 50, |case| {
        case.text_if("recommendation", matches!(case.row.outcome, Outcome::Fail | Outcome::Review))
    }),
    family("mark", Kind::Text, 6, |case| case.published(|own| &own.mark)),
    family("finding_id", Kind::Id, 20, |case| shown(&case.row.details().finding)),
    family("deadline", Kind::Text, 14, |case| shown(&case.row.details().deadline)),
];

/// What makes it worse, then what makes it better, in the words of the page.
fn modifiers<'a>(case: &Case<'a, '_>) -> Cow<'a, str> {
    let Some(entry) = controls::entry(&case.row.control) else { return "".into() };
    let shown = |list: &'static [String]| {
        list.iter().filter(|token| case.row.details().modifiers.iter().any(|one| **one == ***token))
    };
    let higher = shown(&entry.higher).map(|token| ("family.higher", token));
    let all = higher.chain(shown(&entry.lower).map(|token| ("family.lower", token)));
    let said = all.map(|(key, token)| {
        let token = Message::new(format!("family.token.{token}"));
        case.wording.say(&Message::new(key).with("token", token))
    });
    cells::owned(said.collect::<Vec<_>>().join(cells::SEPARATOR))
}

/// The rows of all orgs: org by org, as their assessments hold them.
#[must_use]
pub fn table<'a>(assessments: &[&'a Assessment], wording: &Wording) -> Table<'a> {
    let rows = assessments.iter().flat_map(|org| org.family.iter().map(move |row| (*org, row)));
    let rows = rows.map(|(org, row)| {
        let case = Case { org, row, published: controls::published(&row.control), wording };
        let cells = FAMILY.iter().map(|column| column.fill_family(&case)).collect();
        Row { cells, see: shown(&row.subject) }
    });
    super::rows::table("family", FAMILY, rows.collect())
}
