//! What moved in the orgs of a portfolio over their runs.

use super::{Desk, MovedRow, MovedView, OrgSummary};
use crate::history::{History, Movement, median};
use crate::model::Assessment;
use crate::report::figures;
use crate::report::movement::{count, rest, told};
use crate::text::wording::Wording;
use crate::view::words::{or_dash, say};

/// Movement of one org, with what a median over several orgs is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    movement: Movement,
    /// Days from the first sight to the fix of everything that was fixed after the first run.
    days: Vec<u32>,
}

impl Moved {
    /// What an org's history tells; none of a first run.
    #[must_use]
    pub fn of(assessment: &Assessment, history: &History) -> Option<Self> {
        assessment.baseline.as_ref()?;
        Some(Self { movement: history.movement()?, days: history.days_to_fix() })
    }
}

type Compared<'a> = (&'a OrgSummary, &'a Moved);

impl Desk<'_> {
    /// What moved; none when no org has an earlier run.
    pub(super) fn moved(&self) -> Option<MovedView> {
        let w = self.w;
        let moved: Vec<Compared<'_>> = self.orgs.iter().filter_map(|org| Some((*org, org.moved.as_ref()?))).collect();
        if moved.is_empty() {
            return None;
        }
        let mut said = vec![self.sentence(&moved)];
        let alone = self.orgs.len() - moved.len();
        if alone > 0 {
            said.push(say!(w, "portfolio.moved.alone", n = alone));
        }
        let ages: Vec<(&str, [u32; 4])> =
            moved.iter().map(|(org, moved)| (org.name.as_str(), moved.movement.ages)).collect();
        Some(MovedView {
            said,
            rows: moved.iter().map(|one| row(one, w)).collect(),
            ageing: figures::ages_by_org(&ages, w).map(|drawn| drawn.view(w)),
        })
    }

    /// All of them together. What is gone in one org and back in another is told apart.
    fn sentence(&self, moved: &[Compared<'_>]) -> String {
        let w = self.w;
        let total = |of: fn(&Movement) -> u64| moved.iter().map(|(_, moved)| of(&moved.movement)).sum();
        let days = moved.iter().flat_map(|(_, moved)| moved.days.iter().copied()).collect();
        let sentence = say!(
            w,
            "portfolio.moved",
            orgs = moved.len(),
            all = self.orgs.len(),
            before = count(total(|one| one.before)),
            open = count(total(|one| one.open)),
            new = count(total(|one| one.new)),
            fixed = told(total(|one| one.resolved), median(days), w),
            reopened = count(total(|one| one.reopened)),
        );
        let others = || moved.iter().map(|(_, moved)| moved.movement.other);
        let (less, more) = (others().map(|n| n.min(0)).sum(), others().map(|n| n.max(0)).sum());
        let said = std::iter::once(sentence).chain(rest(less, w)).chain(rest(more, w));
        said.collect::<Vec<_>>().join(" ")
    }
}

/// A change with its sign, as it is set: with a minus and not a hyphen.
fn signed(change: i64) -> String {
    match change {
        0 => "0".to_owned(),
        less if less < 0 => format!("−{}", less.unsigned_abs()),
        more => format!("+{more}"),
    }
}

fn row((org, moved): &Compared<'_>, w: &Wording) -> MovedRow {
    let one = &moved.movement;
    let cells = [
        one.runs.to_string(),
        one.before.to_string(),
        one.open.to_string(),
        one.new.to_string(),
        one.resolved.to_string(),
        or_dash(one.median_days.map(|days| days.to_string())),
        one.reopened.to_string(),
        signed(one.other),
    ];
    let days = say!(w, "portfolio.moved.span", from = one.from.to_string(), to = one.to.to_string());
    MovedRow { key: org.key.clone(), name: org.name.clone(), days, cells: cells.into() }
}
