//! Tables for a terminal.

/// Rows of as many cells each, with every column as wide as its widest cell; columns of numbers stand to the right.
#[must_use]
pub fn aligned(rows: &[Vec<String>], numbers: impl Fn(usize) -> bool) -> String {
    let mut widths = vec![0; rows.first().map_or(0, Vec::len)];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for row in rows {
        let cells =
            row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
                if numbers(at) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}
