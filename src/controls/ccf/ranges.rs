//! Login ranges: parse, set aside what is private, merge, classify.

use crate::assessment::NetworkRange;
use crate::catalog::Thresholds;
use crate::snapshot::IpRange;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An inclusive range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    v6: bool,
    first: u128,
    last: u128,
}

/// How wide the public ranges are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// No ranges at all.
    Empty,
    /// Only ranges that no internet caller has.
    AllPrivate,
    /// Within the thresholds.
    Narrow,
    /// Beyond them.
    Wide,
    /// Half of IPv4 or of 2000::/3 and more.
    Everything,
    /// Start after end, mixed families, or no address at all.
    Unreadable,
}

/// Ranges after merging.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    pub(super) width: Width,
    pub(super) shown: Vec<NetworkRange>,
    pub(super) addresses: String,
    pub(super) some_private: bool,
    public: Vec<Range>,
}

impl Merged {
    /// Whether an address lies inside the public ranges; `None` when it is no address.
    pub(super) fn holds(&self, address: &str) -> Option<bool> {
        let (v6, number) = number(address)?;
        Some(self.public.iter().any(|range| range.v6 == v6 && range.first <= number && number <= range.last))
    }
}

/// Reads, merges and classifies ranges.
pub(super) fn classify(ranges: &[IpRange], limits: &Thresholds) -> Merged {
    let empty = Merged {
        width: Width::Empty,
        shown: Vec::new(),
        addresses: String::new(),
        some_private: false,
        public: Vec::new(),
    };
    if ranges.is_empty() {
        return empty;
    }
    let Some(parsed) = ranges.iter().map(parse).collect::<Option<Vec<Range>>>() else {
        let shown = ranges.iter().map(as_written).collect();
        return Merged { width: Width::Unreadable, shown, ..empty };
    };
    let (private, public): (Vec<Range>, Vec<Range>) = parsed.into_iter().partition(|range| private(*range));
    let (private, public) = (merge(private), merge(public));
    let v4: u128 = public.iter().filter(|range| !range.v6).map(|range| range.last - range.first + 1).sum();
    let width = match public.as_slice() {
        [] => Width::AllPrivate,
        public if everything(public, v4) => Width::Everything,
        public if narrow(public, v4, limits) => Width::Narrow,
        _ => Width::Wide,
    };
    let mut shown: Vec<NetworkRange> = public.iter().map(|range| show(*range, false)).collect();
    shown.extend(private.iter().map(|range| show(*range, true)));
    Merged { width, shown, addresses: v4.to_string(), some_private: !private.is_empty(), public }
}

fn as_written(range: &IpRange) -> NetworkRange {
    NetworkRange {
        first: range.start.value.clone(),
        last: range.end.value.clone(),
        size: String::new(),
        private: false,
    }
}

fn number(text: &str) -> Option<(bool, u128)> {
    match text.trim().parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => Some((false, u128::from(address.to_bits()))),
        IpAddr::V6(address) => Some(match address.to_ipv4_mapped() {
            Some(mapped) => (false, u128::from(mapped.to_bits())),
            None => (true, address.to_bits()),
        }),
    }
}

fn parse(range: &IpRange) -> Option<Range> {
    let (v6, first) = number(&range.start.value)?;
    let (other, last) = number(&range.end.value)?;
    (v6 == other && first <= last).then_some(Range { v6, first, last })
}

/// Blocks that no internet caller has. Documentation blocks are not among them: they count as public here.
fn private(range: Range) -> bool {
    const V4: &[(u32, u32)] = &[
        (0x0A00_0000, 0x0AFF_FFFF),
        (0xAC10_0000, 0xAC1F_FFFF),
        (0xC0A8_0000, 0xC0A8_FFFF),
        (0x6440_0000, 0x647F_FFFF),
        (0x7F00_0000, 0x7FFF_FFFF),
        (0xA9FE_0000, 0xA9FE_FFFF),
        (0xE000_0000, 0xEFFF_FFFF),
    ];
    const V6: &[(u128, u32)] = &[(0xfc, 7), (0xff, 8), (0xfe80, 10)];
    if !range.v6 {
        return V4.iter().any(|(low, high)| u128::from(*low) <= range.first && range.last <= u128::from(*high));
    }
    if range.first == 1 && range.last == 1 {
        return true;
    }
    V6.iter().any(|(lead, bits)| {
        let start = if *lead > 0xff { lead << 112 } else { lead << 120 };
        start <= range.first && range.last <= start + (u128::MAX >> bits)
    })
}

/// Unites overlapping and adjacent ranges.
fn merge(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut merged: Vec<Range> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if last.v6 == range.v6 && range.first <= last.last.saturating_add(1) => {
                last.last = last.last.max(range.last);
            }
            _ => merged.push(range),
        }
    }
    merged
}

fn everything(public: &[Range], v4: u128) -> bool {
    const GLOBAL: (u128, u128) = (0x2 << 124, (0x4 << 124) - 1);
    let global: u128 = public
        .iter()
        .filter(|range| range.v6)
        .map(|range| (range.first.max(GLOBAL.0), range.last.min(GLOBAL.1)))
        .filter(|(first, last)| first <= last)
        .map(|(first, last)| last - first + 1)
        .sum();
    v4 >= 1 << 31 || global >= 1 << 124
}

/// Number of /64 networks that a range touches.
fn networks(range: Range) -> u128 {
    (range.last >> 64) - (range.first >> 64) + 1
}

fn narrow(public: &[Range], v4: u128, limits: &Thresholds) -> bool {
    let v6: Vec<u128> = public.iter().filter(|range| range.v6).map(|range| networks(*range)).collect();
    let each4 =
        public.iter().filter(|range| !range.v6).all(|range| range.last - range.first < u128::from(limits.ipv4_range));
    let each6 = v6.iter().all(|networks| *networks <= 1);
    let total6: u128 = v6.iter().sum();
    each4 && each6 && v4 <= u128::from(limits.ipv4_total) && total6 <= u128::from(limits.ipv6_networks)
}

fn show(range: Range, private: bool) -> NetworkRange {
    let address = |bits: u128| {
        if range.v6 {
            Ipv6Addr::from_bits(bits).to_string()
        } else {
            Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX)).to_string()
        }
    };
    let size = if range.v6 { format!("{} /64", networks(range)) } else { (range.last - range.first + 1).to_string() };
    NetworkRange { first: address(range.first), last: address(range.last), size, private }
}
