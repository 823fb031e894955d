//! Tests: tracker.
