//! Tests: assess.
