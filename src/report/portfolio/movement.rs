//! What moved in the orgs of a portfolio over their runs.

use super::{Desk, MovedRow, MovedView, OrgSummary};
use crate::history::{History, Movement, median};
use crate::model::Assessment;
use crate::report::figures;
use crate::report::movement::{count, rest, told};
use crate::text::wording::Wording;
use crate::view::words::{or_dash, say};
use jiff::civil::Date;

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
        let all = sum(&moved)?;
        let sentence = self.sentence(&all, moved.len());
        let mut said = vec![rest(&all, w).map_or(sentence.clone(), |rest| format!("{sentence} {rest}"))];
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

    fn sentence(&self, all: &Movement, orgs: usize) -> String {
        let w = self.w;
        say!(
            w,
            "portfolio.moved",
            orgs = orgs,
            all = self.orgs.len(),
            before = count(all.before),
            open = count(all.open),
            new = count(all.new),
            fixed = told(all, w),
            reopened = count(all.reopened),
        )
    }
}

/// The movement of several orgs together; none of no org.
fn sum(moved: &[Compared<'_>]) -> Option<Movement> {
    let each = || moved.iter().map(|(_, moved)| &moved.movement);
    let day = |of: fn(&Movement) -> Date| each().map(of);
    let total = |of: fn(&Movement) -> u64| each().map(of).sum();
    let mut ages = [0u32; 4];
    for one in each() {
        ages.iter_mut().zip(one.ages).for_each(|(sum, count)| *sum = sum.saturating_add(count));
    }
    Some(Movement {
        runs: each().map(|one| one.runs).sum(),
        from: day(|one| one.from).min()?,
        to: day(|one| one.to).max()?,
        before: total(|one| one.before),
        open: total(|one| one.open),
        new: total(|one| one.new),
        resolved: total(|one| one.resolved),
        reopened: total(|one| one.reopened),
        other: each().map(|one| one.other).sum(),
        median_days: median(moved.iter().flat_map(|(_, moved)| moved.days.iter().copied()).collect()),
        ages,
    })
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
