//! CVSS 3.1 and 4.0 behind newtypes: vectors, arithmetic. No rule of any control.

mod v31;
mod v40;

pub use v31::Vector31;
pub use v40::Vector40;
