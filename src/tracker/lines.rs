//! Rows of a sheet by their number, as they come: nearly always in order, and once more for cells of another kind.

use std::collections::BTreeMap;

/// What was read of each row.
#[derive(Debug)]
pub(super) struct Lines<T> {
    /// In the order of their numbers.
    rows: Vec<(usize, T)>,
    /// Where the row stands that was asked for last.
    at: usize,
    /// Rows that came behind later ones.
    late: BTreeMap<usize, T>,
}

impl<T> Default for Lines<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), at: 0, late: BTreeMap::new() }
    }
}

impl<T> Lines<T> {
    /// The row of a number. Where there is none, `new` makes it; it is given the row before, if that is at hand.
    pub(super) fn row(&mut self, number: usize, new: impl Fn(Option<&T>) -> T) -> &mut T {
        let last = self.rows.last();
        if last.is_none_or(|(last, _)| *last < number) {
            let made = new(last.map(|(_, row)| row));
            self.at = self.rows.len();
            self.rows.push((number, made));
        }
        // Nearly always the same row again, or the next one.
        let near = (self.at..self.at + 2).find(|at| self.rows.get(*at).is_some_and(|(known, _)| *known == number));
        let place = near.or_else(|| self.rows.binary_search_by_key(&number, |(known, _)| *known).ok());
        self.at = place.unwrap_or(self.at);
        match place.and_then(|at| self.rows.get_mut(at)) {
            Some((_, row)) => row,
            None => self.late.entry(number).or_insert_with(|| new(None)),
        }
    }

    /// All rows in the order of their numbers.
    pub(super) fn into_rows(mut self) -> Vec<(usize, T)> {
        if !self.late.is_empty() {
            self.rows.extend(self.late);
            self.rows.sort_by_key(|(number, _)| *number);
        }
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn rows_come_back_in_order_however_they_came(cells in proptest::collection::vec((1usize..20, "[a-c]"), 0..40)) {
            let mut lines = Lines::<String>::default();
            let mut expected: BTreeMap<usize, String> = BTreeMap::new();
            for (row, text) in &cells {
                lines.row(*row, |_| String::new()).push_str(text);
                expected.entry(*row).or_default().push_str(text);
            }
            prop_assert_eq!(lines.into_rows(), expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_new_row_is_given_the_one_before() {
        let mut lines = Lines::default();
        assert_eq!(*lines.row(3, |before| before.map_or(7, |row: &i32| row + 1)), 7);
        assert_eq!(*lines.row(5, |before| before.map_or(7, |row| row + 1)), 8);
        assert_eq!(*lines.row(4, |before| before.map_or(1, |row| row + 1)), 1);
    }
}
