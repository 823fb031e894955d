//! One file per command.

pub mod diff;
pub mod track;
