//! What tells the rows of exports apart, so that a row that is there twice counts once.

use super::rows::{Row, Table};
use crate::snapshot::{Kind, SfId};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The rows of one or several files of a kind, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// In order. A record id takes 120 bits; the content of a row without one has the highest bit set.
    sorted: Vec<u128>,
    /// Rows that nothing tells apart: in a log two rows may well be alike.
    alike: usize,
}

const OF_CONTENT: u128 = 1 << 127;

impl Keys {
    pub(super) fn len(&self) -> usize {
        self.sorted.len() + self.alike
    }

    /// The rows of several files together.
    pub(super) fn union<'k>(all: impl Iterator<Item = &'k Self>) -> Self {
        let mut union = Self::default();
        for keys in all {
            union.alike += keys.alike;
            union.sorted.extend_from_slice(&keys.sorted);
        }
        union.sorted.sort_unstable();
        union.sorted.dedup();
        union
    }

    /// Whether every row has a record id and none has this one.
    pub(super) fn lack(&self, id: &SfId) -> bool {
        let by_id = self.alike == 0 && self.sorted.last().is_none_or(|key| key & OF_CONTENT == 0);
        by_id && self.sorted.binary_search(&id.number()).is_err()
    }
}

/// Collects the keys of one file's rows.
pub(super) struct Collector<'t> {
    table: &'t Table,
    kind: Kind,
    id: Option<usize>,
    keys: Vec<u128>,
    alike: usize,
}

impl<'t> Collector<'t> {
    pub(super) fn new(table: &'t Table, kind: Kind) -> Self {
        Self { table, kind, id: table.position("id"), keys: Vec::with_capacity(table.rows.len()), alike: 0 }
    }

    pub(super) fn add(&mut self, row: &Row) {
        match self.key(row) {
            Some(key) => self.keys.push(key),
            None => self.alike += 1,
        }
    }

    /// The keys in order, and the numbers of rows that are there before.
    pub(super) fn finish(mut self) -> (Keys, Vec<u32>) {
        self.keys.sort_unstable();
        let all = self.keys.len();
        self.keys.dedup();
        let keys = Keys { sorted: std::mem::take(&mut self.keys), alike: self.alike };
        let repeated = if keys.sorted.len() == all { Vec::new() } else { self.repeated() };
        (keys, repeated)
    }

    fn repeated(&self) -> Vec<u32> {
        let mut seen = BTreeSet::new();
        let again = self.table.rows.iter().filter(|row| self.key(row).is_some_and(|key| !seen.insert(key)));
        again.map(|row| row.number).collect()
    }

    fn key(&self, row: &Row) -> Option<u128> {
        match self.kind {
            Kind::EventRecords | Kind::ListingRecords => None,
            kind => match self.id.and_then(|column| self.table.at(row, column)).and_then(record_id) {
                Some(key) => Some(key),
                None if kind == Kind::LoginRecords => None,
                None => Some(of_content(self.table, row)),
            },
        }
    }
}

/// A record id as a number; `None` for a text that is none.
fn record_id(text: &str) -> Option<u128> {
    SfId::parse(text).map(|id| id.number())
}

/// The same for rows that say the same, whatever the order of their columns.
fn of_content(table: &Table, row: &Row) -> u128 {
    let cells = table.cells(row).map(|(name, text)| {
        let mut hasher = DefaultHasher::new();
        (name, text).hash(&mut hasher);
        u128::from(hasher.finish())
    });
    cells.fold(OF_CONTENT, |sum, cell| OF_CONTENT | sum.wrapping_add(cell))
}
