//! Address ranges as outputs show them.

use super::words::words;
use serde::{Deserialize, Serialize};

/// A merged range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkRange {
    /// First address.
    pub first: String,
    /// Last address.
    pub last: String,
    /// Number of addresses, as text; `/64` counts for IPv6 are written `n /64`.
    pub size: String,
    /// What its addresses are. Any block but the public one never matches an internet caller and was set aside.
    pub block: AddressBlock,
}

words! {
    /// What addresses are (IANA special-purpose registries).
    AddressBlock {
        /// Addresses that a caller from the internet can have.
        Public = "public",
        /// Private use (RFC 1918, unique local addresses of IPv6).
        Private = "private",
        /// Shared by a carrier's customers (RFC 6598).
        Shared = "shared",
        /// The host itself.
        Loopback = "loopback",
        /// One link only.
        LinkLocal = "link_local",
        /// Groups of receivers; no sender has one.
        Multicast = "multicast",
        /// Set aside by the registries and assigned to nobody.
        Reserved = "reserved",
        /// No address in particular.
        Unspecified = "unspecified",
    }
}
