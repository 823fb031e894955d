//! Values with their place in the export.

use super::Text;
use std::fmt;
use std::sync::Arc;

/// Where in a snapshot something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locator {
    /// Path inside the snapshot, `/` as separator, percent-encoding of file names kept.
    pub path: Arc<str>,
    /// Line or row inside that file.
    pub place: Place,
}

/// A place inside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The file as a whole (used for what a file does not hold).
    File,
    /// A line, counted from 1.
    Line(u32),
    /// A record of a query export, counted from 1; a header row is not counted.
    Row(u32),
}

impl Locator {
    /// A place in `path`.
    #[must_use]
    pub fn new(path: &Arc<str>, place: Place) -> Self {
        Self { path: Arc::clone(path), place }
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::File => f.write_str(&self.path),
            Place::Line(n) => write!(f, "{}:{n}", self.path),
            Place::Row(n) => write!(f, "{}, row {n}", self.path),
        }
    }
}

/// A value, the text it was read from, and where that text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The text as it stands in the file, trimmed. Never a secret.
    pub raw: Text,
    /// Where it stands.
    pub at: Locator,
}

impl<T> Located<T> {
    /// A value with its text and place.
    pub fn new(value: T, raw: impl Into<Text>, at: Locator) -> Self {
        Self { value, raw: raw.into(), at }
    }
}

/// A setting that the export may lack. `None` means "not in the export", never `false`.
pub type Setting<T> = Option<Located<T>>;

/// All copies of one setting: several files or records may state it, and may disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<T>(Vec<Located<T>>);

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// What the copies of a setting say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement<'a, T> {
    /// No copy states it.
    Absent,
    /// One copy, or several with the same value; the first in path order.
    Agreed(&'a Located<T>),
    /// Copies with different values; all of them.
    Contradictory(&'a [Located<T>]),
}

impl<T> Seen<T> {
    /// Adds a copy.
    pub fn push(&mut self, copy: Located<T>) {
        self.0.push(copy);
    }

    /// All copies in path order.
    pub fn iter(&self) -> std::slice::Iter<'_, Located<T>> {
        self.0.iter()
    }

    /// Whether no copy states it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts the copies into the order of their places, so that reading order never matters.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| a.at.cmp(&b.at));
    }
}

impl<T> Seen<Vec<T>> {
    /// Adds to the list of the first copy, for a list that is stored in several files.
    pub fn extend_first(&mut self, more: Located<Vec<T>>) {
        match self.0.first_mut() {
            Some(first) => first.value.extend(more.value),
            None => self.0.push(more),
        }
    }
}

impl<T> Extend<Located<T>> for Seen<T> {
    fn extend<I: IntoIterator<Item = Located<T>>>(&mut self, copies: I) {
        self.0.extend(copies);
    }
}

impl<T> IntoIterator for Seen<T> {
    type Item = Located<T>;
    type IntoIter = std::vec::IntoIter<Located<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Seen<T> {
    type Item = &'a Located<T>;
    type IntoIter = std::slice::Iter<'a, Located<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> Seen<T> {
    /// What the copies say together.
    #[must_use]
    pub fn agreement(&self) -> Agreement<'_, T> {
        match self.0.as_slice() {
            [] => Agreement::Absent,
            [first, rest @ ..] if rest.iter().all(|copy| copy.value == first.value) => Agreement::Agreed(first),
            all => Agreement::Contradictory(all),
        }
    }

    /// The value that all copies agree on, if there is one.
    #[must_use]
    pub fn agreed(&self) -> Option<&Located<T>> {
        match self.agreement() {
            Agreement::Agreed(copy) => Some(copy),
            Agreement::Absent | Agreement::Contradictory(_) => None,
        }
    }
}

/// A permission, right or switch. What an export does not tell is not off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
    /// It is named, and neither on nor off: the text is empty, no known word, or stands more than once. The text is in
    /// [`Located::raw`].
    NotTold,
}

/// Words for on and off, in pairs.
const WORDS: &str = include_str!("switches.txt");

impl Switch {
    /// Reads a word for on or off, without case, in any language in which spreadsheet programs write them.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        match text {
            _ if text.eq_ignore_ascii_case("true") || text == "1" => return Self::On,
            _ if text.eq_ignore_ascii_case("false") || text == "0" => return Self::Off,
            _ => {}
        }
        let word = text.to_lowercase();
        let pairs = WORDS.lines().filter(|line| !line.starts_with('#')).map(str::split_ascii_whitespace);
        for mut pair in pairs {
            match (pair.next(), pair.next()) {
                (Some(on), _) if on == word => return Self::On,
                (_, Some(off)) if off == word => return Self::Off,
                _ => {}
            }
        }
        Self::NotTold
    }

    /// Whether it is on or off.
    #[must_use]
    pub fn is_told(self) -> bool {
        self != Self::NotTold
    }
}
