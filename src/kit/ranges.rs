//! Login ranges: parse, set aside what no internet caller has, merge, classify.

use super::blocks;
use crate::catalogue::Thresholds;
use crate::model::{AddressBlock, NetworkRange};
use crate::snapshot::IpRange;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An inclusive range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) v6: bool,
    pub(crate) first: u128,
    pub(crate) last: u128,
}

/// How wide the public ranges are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// No ranges at all.
    Empty,
    /// Only ranges that no internet caller has.
    NotPublic,
    /// Within the thresholds.
    Narrow,
    /// Beyond them.
    Wide,
    /// Beyond those of IPv6 alone.
    WideV6,
    /// Half of IPv4 or of 2000::/3 and more.
    Everything,
    /// Start after end, mixed families, no address at all, or little of IPv4 in a range of IPv6 addresses.
    Unreadable,
}

/// Ranges after merging.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub(crate) width: Width,
    pub(crate) shown: Vec<NetworkRange>,
    pub(crate) addresses: String,
    public: Vec<Range>,
}

impl Merged {
    /// The ranges that were set aside, by what they are.
    pub(crate) fn aside(&self) -> BTreeMap<AddressBlock, Vec<String>> {
        let mut aside: BTreeMap<AddressBlock, Vec<String>> = BTreeMap::new();
        for range in self.shown.iter().filter(|range| range.block != AddressBlock::Public) {
            aside.entry(range.block).or_default().push(format!("{} to {}", range.first, range.last));
        }
        aside
    }

    /// Whether an address lies inside the public ranges; `None` when it is no address.
    pub(crate) fn holds(&self, address: &str) -> Option<bool> {
        let (v6, number) = number(address)?;
        Some(self.public.iter().any(|range| range.v6 == v6 && range.first <= number && number <= range.last))
    }
}

/// Reads, merges and classifies ranges.
pub(crate) fn classify(ranges: &[IpRange], limits: &Thresholds) -> Merged {
    if ranges.is_empty() {
        return written(Width::Empty, ranges);
    }
    let Some(parsed) = ranges.iter().map(parse).collect::<Option<Vec<Vec<Range>>>>() else {
        return written(Width::Unreadable, ranges);
    };
    let crossing = parsed.iter().any(|pieces| pieces.len() > 1);
    let mut public = Vec::new();
    let mut aside: BTreeMap<AddressBlock, Vec<Range>> = BTreeMap::new();
    for range in parsed.into_iter().flatten() {
        match blocks::parts(range) {
            Some(parts) => parts.into_iter().for_each(|(block, part)| aside.entry(block).or_default().push(part)),
            None => public.push(range),
        }
    }
    let public = merge(public);
    let v4: u128 = public.iter().filter(|range| !range.v6).map(|range| range.last - range.first + 1).sum();
    let width = if everything(&public, v4) {
        Width::Everything
    } else if public.is_empty() {
        Width::NotPublic
    } else if !narrow_v4(&public, v4, limits) {
        Width::Wide
    } else if !narrow_v6(&public, limits) {
        Width::WideV6
    } else {
        Width::Narrow
    };
    // No org can hold a range across that edge, so what little of IPv4 it lets in proves nothing.
    if crossing && matches!(width, Width::Narrow | Width::NotPublic) {
        return written(Width::Unreadable, ranges);
    }
    let mut shown: Vec<NetworkRange> = public.iter().map(|range| show(*range, AddressBlock::Public)).collect();
    for (block, ranges) in aside {
        shown.extend(merge(ranges).into_iter().map(|range| show(range, block)));
    }
    Merged { width, shown, addresses: v4.to_string(), public }
}

/// Ranges that are shown as they stand, as there are none or they cannot be read.
fn written(width: Width, ranges: &[IpRange]) -> Merged {
    let shown = ranges.iter().map(as_written).collect();
    Merged { width, shown, addresses: String::new(), public: Vec::new() }
}

fn as_written(range: &IpRange) -> NetworkRange {
    NetworkRange {
        first: range.start.value.clone(),
        last: range.end.value.clone(),
        size: String::new(),
        block: AddressBlock::Public,
    }
}

/// The addresses of IPv4 as IPv6 writes them, `::ffff:0:0/96`. The platform keeps them there.
const MAPPED: (u128, u128) = (0xffff_0000_0000, 0xffff_ffff_ffff);

/// An address by its number in IPv6, and whether it is one of IPv4.
fn mapped(text: &str) -> Option<(bool, u128)> {
    let number = match text.trim().parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    };
    Some(((MAPPED.0..=MAPPED.1).contains(&number), number))
}

fn number(text: &str) -> Option<(bool, u128)> {
    let (v4, number) = mapped(text)?;
    Some(if v4 { (false, number - MAPPED.0) } else { (true, number) })
}

/// A range, in up to three pieces: a range of IPv6 addresses that holds addresses of IPv4 lets those in as well.
fn parse(range: &IpRange) -> Option<Vec<Range>> {
    let ((first4, first), (last4, last)) = (mapped(&range.start.value)?, mapped(&range.end.value)?);
    let [start, end] = [&range.start, &range.end].map(|address| address.value.trim().parse::<Ipv4Addr>().is_ok());
    let mixed = (start && !last4) || (end && !first4);
    if mixed || first > last {
        return None;
    }
    let parts = [(true, 0, MAPPED.0 - 1), (false, MAPPED.0, MAPPED.1), (true, MAPPED.1 + 1, u128::MAX)];
    let pieces = parts.into_iter().filter_map(|(v6, from, to)| {
        let (first, last) = (first.max(from), last.min(to));
        let offset = if v6 { 0 } else { MAPPED.0 };
        (first <= last).then(|| Range { v6, first: first - offset, last: last - offset })
    });
    Some(pieces.collect())
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

fn narrow_v4(public: &[Range], all: u128, limits: &Thresholds) -> bool {
    let mut each = public.iter().filter(|range| !range.v6);
    each.all(|range| range.last - range.first < u128::from(limits.get("ipv4_range")))
        && all <= u128::from(limits.get("ipv4_total"))
}

fn narrow_v6(public: &[Range], limits: &Thresholds) -> bool {
    let each: Vec<u128> = public.iter().filter(|range| range.v6).map(|range| networks(*range)).collect();
    each.iter().all(|networks| *networks <= 1) && each.iter().sum::<u128>() <= u128::from(limits.get("ipv6_networks"))
}

fn show(range: Range, block: AddressBlock) -> NetworkRange {
    let [first, last] = [range.first, range.last].map(|bits| match range.v6 {
        true => Ipv6Addr::from_bits(bits).to_string(),
        false => Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX)).to_string(),
    });
    let size = if range.v6 { format!("{} /64", networks(range)) } else { (range.last - range.first + 1).to_string() };
    NetworkRange { first, last, size, block }
}
