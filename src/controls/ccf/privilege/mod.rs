//! What the execution user may do.

mod collect;
mod judge;
mod rights;
mod telling;
mod used;

pub(super) use collect::{Effective, collect, profile_name, profile_of, user_gap};
pub(super) use judge::{Judged, grade, judge};
pub(super) use rights::add_minimal;
