//! The statements.
