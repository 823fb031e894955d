//! What the execution user may do.

mod collect;
mod judge;
mod referred;
mod rights;
mod telling;
mod used;

pub(super) use collect::{Effective, collect, user_gap};
pub(super) use judge::{Judged, PLACES, Reach, grade, graded, judge, reach};
pub(super) use referred::{profile_gap, profile_name, profile_of, translation_gap};
pub(super) use rights::add_minimal;
