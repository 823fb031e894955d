//! Tables: a style, header rows that repeat, rows that are not divided, widths that are said.

use super::package::repeated;
use super::places::Places;
use super::units::{hex, twips};
use super::{inline, styles};
use crate::drawing::canvas::ink;
use crate::render::blocks::{Span, Table as Source, TableKind, plain};
use crate::render::theme::Theme;
use docx_rs::{
    AlignmentType, BorderType, HeightRule, Paragraph, Shading, Table, TableCell, TableCellBorder,
    TableCellBorderPosition, TableCellBorders, TableLayoutType, TableRow, VAlignType, WidthType,
};
use pulldown_cmark::Alignment;

/// Most tiles side by side.
const MOST_TILES: usize = 7;
/// A column narrower than this cannot be read, in points: wider tables are set in parts. Word ends at 63 columns.
const NARROWEST: i32 = 15;
/// Facts of at most so many rows are not divided.
const MOST_KEPT: usize = 8;
/// Lines to sign on are at least this high, in points.
const SIGNED: f32 = 36.0;
/// Part of the result's colour in its cell; not so much that its word loses contrast.
const TINT: f32 = 0.1;

/// A table of the dialect, in parts when it has too many columns for the page. `room` is in twips.
pub(super) fn tables(table: &Source, room: i32, theme: &Theme, places: &mut Places) -> Vec<Table> {
    let columns = table.head.len();
    if columns == 0 {
        return Vec::new();
    }
    if let (TableKind::Tiles, [numbers]) = (table.kind, table.rows.as_slice()) {
        let columns: Vec<usize> = (0..columns).collect();
        let parts = columns.chunks(MOST_TILES);
        return parts.map(|part| tiles(table, numbers, part, room, theme, places)).collect();
    }
    let most = usize::try_from(room / twips(NARROWEST as f32)).unwrap_or(2).clamp(2, 60);
    let rest: Vec<usize> = (1..columns).collect();
    let parts: Vec<Vec<usize>> = if columns <= most {
        vec![(0..columns).collect()]
    } else {
        // The first column says what the rows are about, so every part has it.
        rest.chunks(most - 1).map(|part| std::iter::once(0).chain(part.iter().copied()).collect()).collect()
    };
    parts.iter().map(|columns| Setting::new(table, columns, room, theme).table(places)).collect()
}

/// What a row is.
#[derive(Clone, Copy)]
struct Kind {
    /// The header row.
    head: bool,
    /// The result of a waterfall.
    total: bool,
    /// It stays on the page of the row behind it.
    keep: bool,
}

struct Setting<'a> {
    table: &'a Source,
    columns: &'a [usize],
    widths: Vec<usize>,
    room: i32,
    theme: &'a Theme,
    /// Styles of the table, of its text and of its header row.
    style: &'static str,
    text: &'static str,
    head: &'static str,
}

impl<'a> Setting<'a> {
    fn new(table: &'a Source, columns: &'a [usize], room: i32, theme: &'a Theme) -> Self {
        let dense = table.kind == TableKind::Matrix || columns.len() > 8;
        let (style, text, head) = match (dense, table.small || columns.len() > 5) {
            (true, _) => (styles::TABLE_DENSE, styles::CELL_DENSE, styles::HEAD_DENSE),
            (_, true) => (styles::TABLE, styles::CELL_SMALL, styles::HEAD_SMALL),
            _ => (styles::TABLE, styles::CELL, styles::HEAD),
        };
        let size = if text == styles::CELL { theme.sizes.body } else { theme.sizes.small };
        let widths = super::widths::widths(table, columns, room, size);
        Self { table, columns, widths, room, theme, style, text, head }
    }

    fn table(&self, places: &mut Places) -> Table {
        let mut rows = Vec::with_capacity(self.table.rows.len() + 1);
        if !self.table.head.iter().all(|cell| blank(cell)) {
            rows.push(repeated(self.row(&self.table.head, Kind { head: true, total: false, keep: true }, places)));
        }
        let last = self.table.rows.len().saturating_sub(1);
        for (n, cells) in self.table.rows.iter().enumerate() {
            let total = self.table.kind == TableKind::Waterfall && n == last;
            let row = self.row(cells, Kind { head: false, total, keep: self.keeps(n) }, places);
            rows.push(match self.table.kind {
                TableKind::SignOff => row.row_height(twips(SIGNED) as f32).height_rule(HeightRule::AtLeast),
                _ => row,
            });
        }
        let width = usize::try_from(self.room).unwrap_or(0);
        Table::without_borders(rows)
            .style(self.style)
            .set_grid(self.widths.clone())
            .width(width, WidthType::Dxa)
            .layout(TableLayoutType::Fixed)
    }

    /// Whether a row stays on the page of the one behind it: no page begins with the last row of a table, or ends with
    /// its first; short facts are one piece, and a waterfall is read as one picture.
    fn keeps(&self, row: usize) -> bool {
        let count = self.table.rows.len();
        let whole = match self.table.kind {
            TableKind::Facts => count <= MOST_KEPT,
            TableKind::Waterfall => true,
            _ => false,
        };
        row + 1 < count && (whole || row == 0 || row + 2 == count)
    }

    fn row(&self, cells: &[Vec<Span>], kind: Kind, places: &mut Places) -> TableRow {
        let set = self.columns.iter().zip(&self.widths).enumerate().map(|(n, (column, width))| {
            let spans = cells.get(*column).map_or(&[][..], Vec::as_slice);
            let label = kind.head || (n == 0 && self.table.kind == TableKind::Facts);
            let mut paragraph = Paragraph::new().style(if label { self.head } else { self.text });
            match self.table.align.get(*column) {
                Some(Alignment::Right) => paragraph = paragraph.align(AlignmentType::Right),
                Some(Alignment::Center) => paragraph = paragraph.align(AlignmentType::Center),
                _ => {}
            }
            let strong: Vec<Span>;
            let spans = if kind.total {
                strong = spans.iter().map(|span| Span { bold: true, ..span.clone() }).collect();
                &strong
            } else {
                spans
            };
            if kind.keep {
                paragraph = paragraph.keep_next(true);
            }
            let cell = TableCell::new().width(*width, WidthType::Dxa);
            let cell = self.looked(cell, spans, kind.head);
            cell.add_paragraph(inline::inline(paragraph, spans, places, false))
        });
        TableRow::new(set.collect()).cant_split()
    }

    /// The line below a header row, and the tint of a result in a matrix.
    fn looked(&self, cell: TableCell, spans: &[Span], head: bool) -> TableCell {
        let colours = &self.theme.colours;
        if head {
            let line = TableCellBorder::new(TableCellBorderPosition::Bottom).size(8).color(hex(colours.accent));
            let borders = TableCellBorders::with_empty().set(line);
            return cell.set_borders(borders).vertical_align(VAlignType::Bottom);
        }
        let result = spans.first().and_then(|span| span.result);
        let colour = result.filter(|_| self.table.kind == TableKind::Matrix).map(|result| colours.of(ink(result)));
        let tint = colour.map(|colour| (colour, colour.over(colours.paper, TINT)));
        match tint.filter(|(colour, tint)| colour.contrast(*tint) >= 4.5) {
            Some((_, tint)) => cell.shading(Shading::new().fill(hex(tint))),
            None => cell,
        }
    }
}

/// Numbers over their names, on panels.
fn tiles(
    table: &Source,
    numbers: &[Vec<Span>],
    columns: &[usize],
    room: i32,
    theme: &Theme,
    places: &mut Places,
) -> Table {
    let room = usize::try_from(room).unwrap_or(0);
    let width = room / columns.len().max(1);
    let colours = &theme.colours;
    let mut row = |cells: &[Vec<Span>], style: &str, top: bool| {
        let set = columns.iter().enumerate().map(|(n, column)| {
            let spans = cells.get(*column).map_or(&[][..], Vec::as_slice);
            let paragraph = Paragraph::new().style(style).align(AlignmentType::Center);
            let line = |at| TableCellBorder::new(at).border_type(BorderType::Single);
            let side = |at| line(at).size(36).color(hex(colours.paper));
            // A white line parts a tile from the one before it.
            let mut borders = TableCellBorders::with_empty();
            if n > 0 {
                borders = borders.set(side(TableCellBorderPosition::Left));
            }
            if top {
                borders = borders.set(line(TableCellBorderPosition::Top).size(12).color(hex(colours.accent)));
            }
            TableCell::new()
                .width(width, WidthType::Dxa)
                .shading(Shading::new().fill(hex(colours.panel)))
                .set_borders(borders)
                .add_paragraph(inline::inline(paragraph, spans, places, false))
        });
        TableRow::new(set.collect()).cant_split()
    };
    let rows = vec![row(numbers, styles::TILE, true), row(&table.head, styles::TILE_NAME, false)];
    Table::without_borders(rows)
        .style(styles::TILES)
        .set_grid(vec![width; columns.len()])
        .width(room, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
}

fn blank(cell: &[Span]) -> bool {
    plain(cell).trim().is_empty()
}
