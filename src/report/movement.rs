//! What the history adds to a report that has a baseline.

use super::figures::movement;
use super::org::change_counted;
use crate::history::{History, Movement};
use crate::model::Assessment;
use crate::text::wording::Wording;
use crate::view::Report;
use crate::view::words::say;

/// Adds the movement over all runs to what changed since the baseline. A first run has none and stays as it is.
///
/// The summary has one page, so there the movement takes the place of the days of the two snapshots, which stand with
/// the changes.
pub fn add_movement(report: &mut Report, assessment: &Assessment, history: &History, wording: &Wording) {
    let (Some(baseline), Some(moved)) = (&assessment.baseline, history.movement()) else { return };
    let said = sentence(&moved, wording);
    report.summary.change = format!("{} {said}", change_counted(assessment, baseline, wording));
    let sentence = &mut report.changes.sentence;
    *sentence = format!("{sentence} {said}");
    if let Some(rest) = rest(moved.other, wording) {
        *sentence = format!("{sentence} {rest}");
    }
    report.figures.movement = movement::by_run(history, wording).map(|drawn| drawn.view(wording));
}

/// A change that is neither new, fixed nor reopened; none when there is none.
pub(super) fn rest(other: i64, w: &Wording) -> Option<String> {
    let key = if other < 0 { "report.change.fewer" } else { "report.change.more" };
    (other != 0).then(|| say!(w, key, n = count(other.unsigned_abs())))
}

/// How many were fixed, and how long that took.
pub(super) fn told(fixed: u64, median_days: Option<u32>, w: &Wording) -> String {
    let fixed = count(fixed);
    match median_days {
        Some(days) => say!(w, "report.change.fixed-in", n = fixed, days = count(u64::from(days))),
        None => say!(w, "report.change.fixed", n = fixed),
    }
}

fn sentence(moved: &Movement, w: &Wording) -> String {
    say!(
        w,
        "report.change.history",
        runs = moved.runs,
        from = moved.from.to_string(),
        before = count(moved.before),
        open = count(moved.open),
        new = count(moved.new),
        fixed = told(moved.resolved, moved.median_days, w),
        reopened = count(moved.reopened),
    )
}

pub(super) fn count(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
