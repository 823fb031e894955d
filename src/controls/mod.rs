//! Controls: each a directory with its catalogue and its criteria.
