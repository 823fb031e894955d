//! What the execution user may do.

mod collect;
mod judge;
mod rights;
mod telling;
mod used;

pub(super) use collect::{profile_of, user_gap};
pub(super) use judge::{Judged, judge};
