//! The supporting.
