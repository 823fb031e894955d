//! What an export leaves open about a container. Not told is not no: what stands here may be granted.

use super::{Located, Locator, ObjectGrant, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// A row that leaves columns empty. Sparse rows of wide exports leave thousands of them, so what the columns are about is
/// shared by all rows, and a row keeps what it fills.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Blanks {
    /// What the columns of the export are about, in order.
    columns: Arc<[Open]>,
    /// Positions of the columns that the row fills, in order.
    filled: Box<[u32]>,
    place: Located<Lack>,
}

impl Blanks {
    fn is_filled(&self, column: u32) -> bool {
        self.filled.binary_search(&column).is_ok()
    }

    fn holds(&self, what: &Open) -> bool {
        let column = self.columns.binary_search(what).ok().and_then(|at| u32::try_from(at).ok());
        column.is_some_and(|column| !self.is_filled(column))
    }

    /// Whether another row, behind this one, leaves nothing open that this one does not.
    fn covers(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.columns, &other.columns) && self.filled == other.filled && self.place.at <= other.place.at
    }
}

/// Everything that the export of a container leaves open, each with the first place that does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    noted: BTreeMap<Open, Located<Lack>>,
    blanks: Vec<Blanks>,
}

impl Untold {
    /// Notes something; of several places the first in path order is kept.
    pub fn note(&mut self, what: Open, lack: Lack, raw: impl Into<Text>, at: Locator) {
        self.insert(what, Located::new(lack, raw, at));
    }

    /// Notes a row that leaves columns empty: all of these, which are in order and without repetition, but those at the
    /// positions that it fills, in order.
    pub fn note_blanks(&mut self, columns: &Arc<[Open]>, filled: Vec<u32>, at: Locator) {
        if filled.len() < columns.len() {
            let place = Located::new(Lack::Empty, "", at);
            self.add(Blanks { columns: Arc::clone(columns), filled: filled.into(), place });
        }
    }

    /// Takes over what another part of the export leaves open.
    pub fn unite(&mut self, more: Self) {
        more.noted.into_iter().for_each(|(what, place)| self.insert(what, place));
        more.blanks.into_iter().for_each(|blanks| self.add(blanks));
    }

    fn insert(&mut self, what: Open, place: Located<Lack>) {
        match self.noted.get(&what) {
            Some(known) if known.at <= place.at => {}
            _ => drop(self.noted.insert(what, place)),
        }
    }

    fn add(&mut self, blanks: Blanks) {
        if !self.blanks.last().is_some_and(|known| known.covers(&blanks)) {
            self.blanks.push(blanks);
        }
    }

    /// Whether everything is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.noted.is_empty() && self.blanks.is_empty()
    }

    /// Everything in order, with its place.
    pub fn iter(&self) -> impl Iterator<Item = (&Open, &Located<Lack>)> {
        let mut all: BTreeMap<&Open, &Located<Lack>> = self.noted.iter().collect();
        for (what, place) in self.blank_columns() {
            let known = all.entry(what).or_insert(place);
            if place.at < known.at {
                *known = place;
            }
        }
        all.into_iter()
    }

    /// Each empty column of each export with the first row that leaves it empty. A row is asked only for columns that
    /// all rows before it fill, so the work does not grow with rows times columns.
    fn blank_columns(&self) -> Vec<(&Open, &Located<Lack>)> {
        let mut rows: Vec<&Blanks> = self.blanks.iter().collect();
        rows.sort_by(|a, b| a.place.at.cmp(&b.place.at));
        let mut filled: BTreeMap<*const Open, Vec<u32>> = BTreeMap::new();
        let mut found = Vec::new();
        for row in rows {
            let all = 0..u32::try_from(row.columns.len()).unwrap_or(u32::MAX);
            filled.entry(row.columns.as_ptr()).or_insert_with(|| all.collect()).retain(|column| {
                let is_filled = row.is_filled(*column);
                found.extend(row.columns.get(*column as usize).filter(|_| !is_filled).map(|what| (what, &row.place)));
                is_filled
            });
        }
        found
    }

    /// Whether this is open.
    #[must_use]
    pub fn holds(&self, what: &Open) -> bool {
        self.noted.contains_key(what) || self.blanks.iter().any(|row| row.holds(what))
    }
}
