//! Names of cells and ranges as sheets write them: `B7`, `A1:BE20`.

/// Row (from 1) and column (from 0) of a name of a cell.
pub(super) fn cell(name: &str) -> Option<(u32, u32)> {
    let name = name.trim();
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    let letters = letters.trim_matches('$');
    let in_range = (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    let number = |at: u32, byte: u8| at * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    let column = in_range.then(|| letters.bytes().fold(0, number))?;
    Some((row.parse().ok().filter(|row| *row > 0)?, column - 1))
}

/// First and last cell of a range; a single cell is both.
pub(super) fn range(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((cell(first)?, cell(last)?))
}

/// A list of ranges in which each one that covers the last row of the table, and ends with it, ends with a new last row:
/// filters, checks and conditional formats hold for rows that are added, too.
pub(super) fn reaching(list: &str, old_last: u32, new_last: u32) -> String {
    let one = |text: &str| match range(text) {
        Some(((first, _), (last, _))) if last == old_last && first <= last.min(new_last) && new_last != old_last => {
            let (first, last) = text.split_once(':').unwrap_or((text, text));
            let letters = last.trim_end_matches(|c: char| c.is_ascii_digit());
            format!("{first}:{letters}{new_last}")
        }
        _ => text.to_owned(),
    };
    list.split_whitespace().map(one).collect::<Vec<_>>().join(" ")
}

/// The range grown so that it holds a cell.
pub(super) fn holding(text: &str, row: u32, column: u32) -> String {
    let Some(((first_row, first_column), (last_row, last_column))) = range(text) else { return text.to_owned() };
    let (top, bottom) = (first_row.min(row), last_row.max(row));
    let (left, right) = (letters(first_column.min(column)), letters(last_column.max(column)));
    format!("{left}{top}:{right}{bottom}")
}

/// Letters of a column, from 0.
pub(super) fn letters(column: u32) -> String {
    rust_xlsxwriter::utility::column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_and_ranges() {
        for (name, place) in
            [("A1", (1, 0)), ("$Z$9", (9, 25)), ("AA10", (10, 26)), ("XFD1048576", (1_048_576, 16_383))]
        {
            assert_eq!(cell(name), Some(place), "{name}");
        }
        for name in ["", "A", "7", "A0", "AAAA1", "A-1", "Ä1", "A1B"] {
            assert_eq!(cell(name), None, "{name}");
        }
        assert_eq!(range("B2:C3"), Some(((2, 1), (3, 2))));
        assert_eq!(reaching("A1:BE20 C2:C20 D5 E2:E19", 20, 25), "A1:BE25 C2:C25 D5 E2:E19");
        assert_eq!(reaching("C20", 20, 21), "C20:C21");
        assert_eq!(reaching("A1:B20 A2:B20 A9:B20", 20, 1), "A1:B1 A2:B20 A9:B20");
        assert_eq!(reaching("A2:A1048576", 20, 25), "A2:A1048576");
        assert_eq!(holding("A1:C3", 9, 5), "A1:F9");
    }
}
