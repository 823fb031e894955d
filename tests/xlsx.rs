//! Tests: xlsx.
