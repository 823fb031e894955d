//! Comparison with a baseline.
