//! The scoring model: base vector, five rules, interval. CVSS behind a newtype.
