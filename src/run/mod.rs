//! One file per command.

pub mod request;
