//! Widths of columns: what the Markdown says, else by what stands in them. Word measures nothing in a table of fixed
//! widths, which looks the same in every program.

use super::units::twips;
use crate::render::blocks::{Span, Table, TableKind, plain};

/// Width of an average character against the size of type, with some room for bold and for wide ones.
const CHARACTER: f32 = 0.56;
/// Characters beyond which a column asks for no more room: its text fills lines.
const LONGEST: usize = 60;
/// Left and right of the text in a cell, in points.
const PAD: f32 = 10.0;

/// The widths of columns in twips; together they are the room.
pub(super) fn widths(table: &Table, columns: &[usize], room: i32, size: f32) -> Vec<usize> {
    let count = columns.len().max(1);
    let shares: Vec<f32> = if table.widths.len() == table.head.len() {
        columns.iter().filter_map(|column| table.widths.get(*column).copied()).collect()
    } else if table.kind == TableKind::SignOff {
        vec![1.0; count]
    } else {
        by_content(table, columns, room as f32 / 20.0, size)
    };
    let sum: f32 = shares.iter().sum::<f32>().max(0.001);
    let points = room as f32 / 20.0;
    shares.iter().map(|share| usize::try_from(twips(share / sum * points)).unwrap_or(0).max(1)).collect()
}

fn by_content(table: &Table, columns: &[usize], room: f32, size: f32) -> Vec<f32> {
    let cells = |column: usize| {
        std::iter::once(&table.head).chain(&table.rows).filter_map(move |row| row.get(column)).map(|cell| needs(cell))
    };
    let wide = |characters: usize| characters as f32 * size * CHARACTER + PAD;
    let needs: Vec<(f32, f32)> = columns
        .iter()
        .map(|column| cells(*column).fold((0, 0), |(word, line), cell| (word.max(cell.0), line.max(cell.1))))
        .map(|(word, line)| (wide(word), wide(line)))
        .collect();
    let (least, most) = needs.iter().fold((0.0, 0.0), |(least, most), (word, line)| (least + word, most + line));
    if let (TableKind::Facts, [(_, first), _]) = (table.kind, needs.as_slice()) {
        let first = first.max(room * 0.24).min(room * 0.4);
        return vec![first, room - first];
    }
    if most <= room {
        return needs.iter().map(|(_, line)| *line).collect();
    }
    if least >= room {
        return needs.iter().map(|(word, _)| *word).collect();
    }
    let part = (room - least) / (most - least).max(0.001);
    needs.iter().map(|(word, line)| word + (line - word) * part).collect()
}

/// Characters of the longest word of a cell, and of its longest line.
fn needs(cell: &[Span]) -> (usize, usize) {
    let text = plain(cell);
    let word = text.split([' ', '\n', '-', '/']).map(|word| word.chars().count()).max().unwrap_or(0);
    let line = text.split('\n').map(|line| line.chars().count()).max().unwrap_or(0);
    (word.min(LONGEST / 2), line.min(LONGEST))
}
