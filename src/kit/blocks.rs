//! Address blocks that no caller from the internet has (IANA special-purpose address registries, RFC 6890).

use super::ranges::Range;
use crate::model::AddressBlock::{self, LinkLocal, Loopback, Multicast, Private, Reserved, Shared, Unspecified};

/// Blocks of IPv4 in order. Documentation blocks are not among them: they count as public here.
const V4: &[(u32, u32, AddressBlock)] = &[
    (0x0000_0000, 0x00FF_FFFF, Unspecified),
    (0x0A00_0000, 0x0AFF_FFFF, Private),
    (0x6440_0000, 0x647F_FFFF, Shared),
    (0x7F00_0000, 0x7FFF_FFFF, Loopback),
    (0xA9FE_0000, 0xA9FE_FFFF, LinkLocal),
    (0xAC10_0000, 0xAC1F_FFFF, Private),
    (0xC000_0000, 0xC000_00FF, Reserved),
    (0xC0A8_0000, 0xC0A8_FFFF, Private),
    (0xC612_0000, 0xC613_FFFF, Reserved),
    (0xE000_0000, 0xEFFF_FFFF, Multicast),
    (0xF000_0000, 0xFFFF_FFFF, Reserved),
];

/// Blocks of IPv6 in order, as their upper and lower halves. What lies between is 2000::/3 and the prefix 64:ff9b::/96,
/// by which callers of IPv4 come through a translator.
const V6: &[([u64; 2], [u64; 2], AddressBlock)] = &[
    ([0, 0], [0, 0], Unspecified),
    ([0, 1], [0, 1], Loopback),
    ([0, 2], [0x0064_ff9a_ffff_ffff, u64::MAX], Reserved),
    ([0x0064_ff9b_0000_0000, 0x1_0000_0000], [0x1fff_ffff_ffff_ffff, u64::MAX], Reserved),
    ([0x4000_0000_0000_0000, 0], [0xfbff_ffff_ffff_ffff, u64::MAX], Reserved),
    ([0xfc00_0000_0000_0000, 0], [0xfdff_ffff_ffff_ffff, u64::MAX], Private),
    ([0xfe00_0000_0000_0000, 0], [0xfe7f_ffff_ffff_ffff, u64::MAX], Reserved),
    ([0xfe80_0000_0000_0000, 0], [0xfebf_ffff_ffff_ffff, u64::MAX], LinkLocal),
    ([0xfec0_0000_0000_0000, 0], [0xfeff_ffff_ffff_ffff, u64::MAX], Reserved),
    ([0xff00_0000_0000_0000, 0], [u64::MAX, u64::MAX], Multicast),
];

/// The blocks that a range consists of, each with its part; `None` when an address of it is in none of them, which
/// makes the range as a whole one that counts.
pub(crate) fn parts(range: Range) -> Option<Vec<(AddressBlock, Range)>> {
    let mut parts = Vec::new();
    let mut first = range.first;
    loop {
        let (end, block) = holding(range.v6, first)?;
        let last = end.min(range.last);
        parts.push((block, Range { v6: range.v6, first, last }));
        if last == range.last {
            return Some(parts);
        }
        first = last + 1;
    }
}

/// The block that holds an address, and where it ends.
fn holding(v6: bool, address: u128) -> Option<(u128, AddressBlock)> {
    if v6 {
        let block = V6.iter().find(|(low, high, _)| (whole(*low)..=whole(*high)).contains(&address));
        block.map(|(_, high, block)| (whole(*high), *block))
    } else {
        let block = V4.iter().find(|(low, high, _)| (u128::from(*low)..=u128::from(*high)).contains(&address));
        block.map(|(_, high, block)| (u128::from(*high), *block))
    }
}

fn whole([upper, lower]: [u64; 2]) -> u128 {
    u128::from(upper) << 64 | u128::from(lower)
}
