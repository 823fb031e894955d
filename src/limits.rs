//! Every limit of the program: what an input may cost, and how much of it is told.
//!
//! The command line, its help and `docs/security.md` take names, defaults and sentences from [`TABLE`]. A limit that
//! guards the stack has a ceiling: beyond it no machine would do.

use crate::text::nearest::suggest;
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// A limit that `--limit NAME=VALUE` changes.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// As it is typed.
    pub name: &'static str,
    /// Without the option.
    pub default: u64,
    /// What is counted: `bytes`, `rows`.
    pub unit: &'static str,
    /// The largest value that is taken.
    pub most: u64,
    /// One sentence for people.
    pub says: &'static str,
    field: fn(&mut Limits) -> &mut u64,
}

macro_rules! limits {
    ($(#[doc = $says:literal] $field:ident: $name:literal = $default:literal, $unit:literal, $most:expr;)+) => {
        /// What input may cost. The defaults are several times what the largest known org exports need.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Limits { $(#[doc = $says] pub $field: u64,)+ }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        /// All limits, in the order in which they are told.
        pub const TABLE: &[Limit] = &[$(Limit {
            name: $name, default: $default, unit: $unit, most: $most, says: $says, field: |limits| &mut limits.$field,
        },)+];
    };
}

limits! {
    /// One file of a snapshot, unpacked.
    file_bytes: "file-bytes" = 100_000_000, "bytes", u64::MAX;
    /// All files that are read of one snapshot, unpacked.
    snapshot_bytes: "snapshot-bytes" = 4_000_000_000, "bytes", u64::MAX;
    /// Files and folders of one snapshot or archive.
    entries: "entries" = 1_000_000, "entries", u64::MAX;
    /// Unpacked bytes for each packed byte: of an archive, and of each entry above 1 MiB.
    archive_ratio: "archive-ratio" = 200, "times", u64::MAX;
    /// Archives in one folder that are looked into.
    archives: "archives" = 20, "archives", 1_000;
    /// The path of a file inside its snapshot.
    path_length: "path-length" = 1_000, "characters", u64::MAX;
    /// One text: a label, a cell, an element.
    text_length: "text-length" = 32_000, "characters", u64::MAX;
    /// XML elements inside each other.
    xml_depth: "xml-depth" = 64, "elements", 500;
    /// XML elements that are kept of one file.
    xml_elements: "xml-elements" = 2_000_000, "elements", u64::MAX;
    /// Rows of one record export.
    rows: "rows" = 5_000_000, "rows", u64::MAX;
    /// Columns of one record export, those of nested fields and sub-queries included.
    columns: "columns" = 200_000, "columns", u64::MAX;
    /// Problems of one org that are listed; the last one stands for all others.
    problems: "problems" = 1_000, "problems", u64::MAX;
    /// Problems of one org that the console shows.
    problems_printed: "problems-printed" = 100, "problems", u64::MAX;
    /// Apps that one problem names among those it touches.
    problem_apps: "problem-apps" = 50, "apps", u64::MAX;
    /// Assessment that is read back.
    assessment_bytes: "assessment-bytes" = 1_000_000_000, "bytes", u64::MAX;
    /// Manifest or checksum file of a report folder.
    manifest_bytes: "manifest-bytes" = 100_000_000, "bytes", u64::MAX;
    /// Engagement file, theme, template or key file.
    text_bytes: "text-bytes" = 10_000_000, "bytes", u64::MAX;
    /// Font or logo.
    asset_bytes: "asset-bytes" = 100_000_000, "bytes", u64::MAX;
    /// Pages of one PDF.
    pages: "pages" = 20_000, "pages", u64::MAX;
    /// Tracker.
    tracker_bytes: "tracker-bytes" = 1_000_000_000, "bytes", u64::MAX;
    /// Columns of a tracker.
    tracker_columns: "tracker-columns" = 1_024, "columns", 16_384;
    /// Cells of a tracker.
    tracker_cells: "tracker-cells" = 100_000_000, "cells", u64::MAX;
    /// All parts of a tracker that is a workbook, unpacked.
    workbook_bytes: "workbook-bytes" = 4_000_000_000, "bytes", u64::MAX;
}

/// Unpacked bytes that are exempt from the ratio: small, very regular XML packs far better than the limit.
pub const SMALL: u64 = 1 << 20;

impl Limit {
    /// The default with its unit, as people read it: `100 MB`, `1,000,000 entries`.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.unit == "bytes" {
            return size(self.default).map_or_else(|| self.default.to_string(), |(n, unit)| format!("{n} {unit}"));
        }
        let digits = self.default.to_string();
        let grouped: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().filter_map(|d| std::str::from_utf8(d).ok()).collect();
        format!("{} {}", grouped.join(","), self.unit)
    }
}

/// A round number of bytes in a larger unit.
fn size(bytes: u64) -> Option<(u64, &'static str)> {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    units
        .into_iter()
        .find(|(size, _)| bytes > 0 && bytes.is_multiple_of(*size))
        .map(|(size, unit)| (bytes / size, unit))
}

/// Limits that no option changes: they guard the stack, or a person's own small file.
pub(crate) mod fixed {
    /// Blocks inside each other in a template, each branch of an `else if` counted. The built-in ones need six.
    pub(crate) const TEMPLATE_BLOCKS: usize = 64;
    /// Brackets inside each other in one tag of a template.
    pub(crate) const TEMPLATE_BRACKETS: usize = 16;
    /// Templates inside each other; beyond it they include each other in a circle.
    pub(crate) const TEMPLATE_PARTS: usize = 24;
    /// Bytes of an SVG.
    pub(crate) const SVG_BYTES: usize = 1_000_000;
    /// Groups inside each other in an SVG.
    pub(crate) const SVG_GROUPS: usize = 64;
    /// Shapes of an SVG.
    pub(crate) const SVG_SHAPES: usize = 10_000;
    /// Corners of one shape.
    pub(crate) const SVG_CORNERS: usize = 100_000;
    /// Pixels of a PNG.
    pub(crate) const PNG_PIXELS: usize = 16_000_000;
}

/// One `--limit NAME=VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The limit's name.
    pub name: &'static str,
    /// Its new value.
    pub value: u64,
}

impl Limits {
    /// The defaults with these changes; of two for one limit the later counts.
    #[must_use]
    pub fn with(changes: &[Change]) -> Self {
        let mut limits = Self::default();
        for change in changes {
            if let Some(limit) = TABLE.iter().find(|limit| limit.name == change.name) {
                *(limit.field)(&mut limits) = change.value;
            }
        }
        limits
    }

    /// What differs from the defaults.
    #[must_use]
    pub fn changes(mut self) -> Vec<Change> {
        let all = TABLE.iter().map(|limit| (limit, *(limit.field)(&mut self)));
        let changed = all.filter(|(limit, value)| *value != limit.default);
        changed.map(|(limit, value)| Change { name: limit.name, value }).collect()
    }
}

impl Change {
    /// Checks a name and a value. Fails when there is no limit of that name, or when it cannot have that value.
    pub fn new(name: &str, value: u64) -> Result<Self, String> {
        let Some(limit) = TABLE.iter().find(|limit| limit.name == name) else {
            let holds = TABLE.iter().find(|limit| !name.is_empty() && limit.name.contains(name));
            let names = TABLE.iter().map(|limit| limit.name).collect::<Vec<_>>();
            let hint = suggest(holds.map_or(name, |limit| limit.name), &names);
            return Err(format!("there is no limit `{name}`; {hint}"));
        };
        if value == 0 || value > limit.most {
            let most = if limit.most == u64::MAX { String::new() } else { format!(" and at most {}", limit.most) };
            return Err(format!("`{}` has to be at least 1{most}", limit.name));
        }
        Ok(Self { name: limit.name, value })
    }
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let name = name.trim();
        Self::new(name, 1)?;
        let bytes = TABLE.iter().any(|limit| limit.name == name && limit.unit == "bytes");
        let value = number(value.trim(), bytes).ok_or_else(|| {
            let sizes = if bytes { ", or a size such as 200MB or 2GB" } else { "" };
            format!("give `{name}` a whole number{sizes}")
        })?;
        Self::new(name, value)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = TABLE.iter().any(|limit| limit.name == self.name && limit.unit == "bytes");
        match size(self.value).filter(|_| bytes) {
            Some((value, unit)) => write!(f, "{}={value}{unit}", self.name),
            None => write!(f, "{}={}", self.name, self.value),
        }
    }
}

/// Reads `250`, `250_000` and, for bytes, `200MB`.
fn number(text: &str, bytes: bool) -> Option<u64> {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1), ("", 1)];
    let (digits, unit) = units.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)))?;
    let plain: String = digits.trim_end().chars().filter(|c| *c != '_').collect();
    let digits = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = plain.parse().ok().filter(|_| digits && (bytes || digits_only(text)))?;
    number.checked_mul(unit)
}

fn digits_only(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// The option that lets `needed` through, rounded up to 1, 2 or 5 times a power of ten.
#[must_use]
pub fn option(name: &'static str, needed: u64) -> String {
    let most = TABLE.iter().find(|limit| limit.name == name).map_or(u64::MAX, |limit| limit.most);
    let mut value: u64 = 1;
    let steps = [2, 5, 10];
    let mut power: u64 = 1;
    let mut step = steps.iter().cycle();
    while value < needed {
        let Some(factor) = step.next() else { break };
        let Some(next) = power.checked_mul(*factor) else { break };
        value = next;
        if *factor == 10 {
            power = next;
        }
    }
    format!("--limit {}", Change { name, value: value.max(needed).min(most) })
}

/// The table for `--help`.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Change a limit, for example file-bytes=200MB; may be given several times\n\n");
    for limit in TABLE {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{:<16} {:<17} {}", limit.name, limit.shown(), limit.says);
    }
    text
}

/// A limit as a count of things in memory.
#[must_use]
pub fn count(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Change, Limits, TABLE, option};

    fn value(text: &str) -> Result<u64, String> {
        text.parse::<Change>().map(|change| change.value)
    }

    #[test]
    fn values_are_numbers_and_sizes() {
        for (text, wanted) in [
            ("file-bytes=200MB", 200_000_000),
            ("file-bytes=2GB", 2_000_000_000),
            ("file-bytes=64kB", 64_000),
            ("file-bytes=1_000", 1_000),
            ("entries=2_000_000", 2_000_000),
            (" entries = 5", 5),
        ] {
            assert_eq!(value(text), Ok(wanted), "{text}");
        }
        for text in ["file-bytes", "file-bytes=", "file-bytes=0", "file-bytes=-1", "file-bytes=1e9", "file-bytes=MB"] {
            assert!(value(text).is_err(), "{text}");
        }
        for text in ["entries=2MB", "entries=2B", "xml-depth=1000000", "file-bytes=99999999999GB", "x=1", "=1", ""] {
            assert!(value(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_unknown_name_tells_the_nearest() {
        assert!("file-byte=1".parse::<Change>().unwrap_err().contains("`file-bytes`"));
        assert!("ratio=1".parse::<Change>().unwrap_err().contains("`archive-ratio`"));
    }

    #[test]
    fn the_option_of_a_hint_is_one_that_is_taken_and_lets_it_through() {
        assert_eq!(option("file-bytes", 100_000_001), "--limit file-bytes=200MB");
        assert_eq!(option("file-bytes", 200_000_001), "--limit file-bytes=500MB");
        assert_eq!(option("entries", 1_000_001), "--limit entries=2000000");
        for limit in TABLE {
            let needed = limit.default.saturating_add(1).min(limit.most);
            let text = option(limit.name, needed);
            let change: Change = text.strip_prefix("--limit ").unwrap().parse().unwrap();
            assert!(change.value >= needed, "{text}");
            assert_eq!(Limits::with(&[change]).changes(), [change]);
        }
        assert_eq!(Limits::default().changes(), []);
    }
}
