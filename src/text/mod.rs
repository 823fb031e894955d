//! Sentences and the characters of foreign text: one way each, used by all.

pub mod aligned;
pub(crate) mod base32;
pub(crate) mod choice;
pub mod cut;
pub mod delimiter;
pub(crate) mod eight;
pub mod escape;
pub mod fill;
pub mod foreign;
pub mod listing;
pub mod message;
pub mod nearest;
pub(crate) mod spelling;
pub mod visible;
pub mod wording;
