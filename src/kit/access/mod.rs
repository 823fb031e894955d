//! What a user may do, by the exports.

mod collect;
mod judge;
mod privilege;
mod referred;
mod rights;
mod telling;
mod used;
mod user;

pub(crate) use collect::{Effective, collect, user_gap};
pub(crate) use judge::{Judged, PLACES, Reach, grade, graded, judge, most_objects, reach};
pub use privilege::{Privilege, PrivilegeState};
pub(crate) use referred::{profile_gap, profile_name, profile_of, translation_gap};
pub(crate) use rights::add_minimal;
pub use user::UserState;
pub(crate) use user::{Resolved, identity, is_placeholder, one_profile, rows};
