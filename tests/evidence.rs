//! Tests: evidence.
