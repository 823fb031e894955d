//! Controls: each a directory with its catalogue and its criteria.

pub mod ccf;
