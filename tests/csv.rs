//! Tests: csv.
