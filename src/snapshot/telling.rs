//! What an export leaves open about a container. Not told is not no: what stands here may be granted.

use super::{Located, Locator, ObjectGrant};
use std::collections::BTreeMap;

/// Something of a container that its export does not tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// A user permission by API name; `None` where not even that is told.
    Permission(Option<String>),
    /// A right on an object; without the object, on every object of which the export has a row.
    Right(ObjectGrant, Option<String>),
    /// The object on which rights are.
    Object,
    /// A member of a group.
    Member,
}

/// Why it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// The column was not selected.
    NotSelected,
    /// The element is missing in its block.
    Missing,
    /// The cell or element is empty.
    Empty,
    /// A text that is neither on nor off; it is in [`Located::raw`].
    Unknown,
    /// It stands more than once, with different values or inside one block.
    Twice,
}

/// Everything that the export of a container leaves open, each with the first place that does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold(BTreeMap<Open, Located<Lack>>);

impl Untold {
    /// Notes something; of several places the first in path order is kept.
    pub fn note(&mut self, what: Open, lack: Lack, raw: impl Into<String>, at: Locator) {
        self.insert(what, Located::new(lack, raw, at));
    }

    /// Takes over what another part of the export leaves open.
    pub fn unite(&mut self, more: Self) {
        more.0.into_iter().for_each(|(what, place)| self.insert(what, place));
    }

    fn insert(&mut self, what: Open, place: Located<Lack>) {
        match self.0.get(&what) {
            Some(known) if known.at <= place.at => {}
            _ => drop(self.0.insert(what, place)),
        }
    }

    /// Whether everything is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything in order, with its place.
    pub fn iter(&self) -> impl Iterator<Item = (&Open, &Located<Lack>)> {
        self.0.iter()
    }

    /// Whether this is open.
    #[must_use]
    pub fn holds(&self, what: &Open) -> bool {
        self.0.contains_key(what)
    }
}
