//! Controls: each a directory with its catalogue and its criteria.

pub mod catalogue;
pub mod client_credentials;
