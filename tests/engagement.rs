//! Tests: engagement.
