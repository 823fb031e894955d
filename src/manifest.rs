//! Hashes of inputs and outputs, SHA256SUMS, verification.
