//! The `shr` binary.
fn main() {}
