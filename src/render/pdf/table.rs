//! Tables: column widths, cells, rows that are taller than a page, headers that repeat.

use pulldown_cmark::Alignment;

use super::flow::Setting;
use super::fonts::BOLD;
use super::lines::{Align, Line, Style, Text, prepare};
use super::page::{Item, Mark, NodeId, Paint, Role, Slab};
use super::words::measure;
use crate::render::blocks::{Span, Table, TableKind, plain};

/// Type of the values in tiles: numbers get the large one, words as much as fits.
const LARGE_TILE: f32 = 22.0;
const SMALL_TILE: f32 = 12.0;
/// Most tiles side by side.
const MOST_TILES: usize = 7;
/// A column narrower than this (with its padding) cannot be read: wider tables are set in parts.
const NARROWEST: f32 = 15.0;

struct Cell {
    text: Text,
    align: Align,
}

pub(super) struct Look {
    /// Left end, and width.
    pub(super) place: (f32, f32),
    pub(super) style: Style,
    pub(super) head: Style,
    pub(super) pad_x: f32,
    pad_y: f32,
    tallest_empty: f32,
}

impl Setting<'_, '_> {
    pub(super) fn table(&mut self, table: &Table) {
        if table.head.is_empty() {
            return;
        }
        if table.kind == TableKind::Tiles {
            self.tiles(table);
            return;
        }
        let (_, width) = self.measure();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
        let most = ((width / NARROWEST) as usize).max(2);
        let columns = table.head.len();
        if columns <= most {
            self.table_part(table, &(0..columns).collect::<Vec<_>>());
            return;
        }
        // Too many columns for the page: several tables, each with the first column again.
        let rest: Vec<usize> = (1..columns).collect();
        for chunk in rest.chunks(most - 1) {
            let part: Vec<usize> = std::iter::once(0).chain(chunk.iter().copied()).collect();
            self.table_part(table, &part);
        }
    }

    fn look(&self, table: &Table, columns: usize) -> Look {
        let sizes = &self.theme.sizes;
        let dense = table.kind == TableKind::Matrix || columns > 8;
        let mut style = self.body(table.small || dense || columns > 5);
        if !dense && !table.small && columns <= 5 {
            style.size = (sizes.body * 0.95).max(sizes.small);
            style.leading = sizes.leading * 0.95;
        }
        if dense {
            style.size = style.size.min(sizes.small * if columns > 8 { 0.88 } else { 0.94 });
            style.leading = style.size * 1.32;
        }
        let head = Style { bold: true, colour: self.theme.colours.muted, size: style.size * 0.94, ..style };
        let pad_x = if columns > 12 {
            1.2
        } else if dense {
            2.2
        } else {
            5.0
        };
        let tallest_empty = if table.kind == TableKind::SignOff { 36.0 } else { 0.0 };
        let place = self.place(table.kind, columns);
        Look {
            place,
            style,
            head,
            pad_x,
            pad_y: if dense || (table.small && table.kind == TableKind::Facts) { 2.6 } else { 3.6 },
            tallest_empty,
        }
    }

    fn table_part(&mut self, table: &Table, columns: &[usize]) {
        let mut look = self.look(table, columns.len());
        if table.kind == TableKind::Matrix {
            self.fit_matrix(table, columns, &mut look);
        }
        let node = self.flow.tree.add(self.parent(), Role::Table);
        let facts = table.kind == TableKind::Facts;
        let empty_head = columns.iter().all(|c| table.head.get(*c).is_none_or(|cell| blank(cell)));
        let mut rows: Vec<(NodeId, Vec<Cell>)> = Vec::new();
        let head_rows = usize::from(!(facts && empty_head));
        if head_rows == 1 && !facts {
            // A header group without a body is not allowed; alone, the header row stands in the table itself.
            let alone = table.rows.is_empty();
            let group = if alone { node } else { self.flow.tree.add(node, Role::THead) };
            let row = self.row(table, columns, &table.head, group, &look, RowKind::Head);
            rows.push(row);
        }
        let group = self.flow.tree.add(node, Role::TBody);
        if facts && !empty_head {
            rows.push(self.row(table, columns, &table.head, group, &look, RowKind::Facts));
        }
        for (n, cells) in table.rows.iter().enumerate() {
            let last = n + 1 == table.rows.len();
            let kind = match table.kind {
                TableKind::Facts => RowKind::Facts,
                TableKind::Waterfall if last => RowKind::Total,
                _ => RowKind::Body,
            };
            rows.push(self.row(table, columns, cells, group, &look, kind));
        }
        if rows.is_empty() {
            return;
        }
        let widths = self.widths(table, columns, &rows, &look);
        let mut decoration = self.decoration(table, columns, &widths, &look);
        let has_head = !facts;
        let mut header = None;
        let count = rows.len();
        self.owe(6.0);
        for (n, (_, cells)) in rows.into_iter().enumerate() {
            let head = has_head && n == 0;
            let strong = head || (table.kind == TableKind::Waterfall && n + 2 == count);
            let lines = self.cells(&cells, &widths, &look);
            let leading = if head { look.head.leading } else { look.style.leading };
            let mut slabs = self.row_slabs(lines, leading, &look, strong, head);
            if let [slab] = slabs.as_mut_slice() {
                decoration.paint(n, slab);
            }
            if head && let [slab] = slabs.as_slice() {
                let items = slab.items.iter().cloned().map(|item| Item { owner: None, ..item }).collect();
                header = Some(self.add_header(slab.height, items));
            }
            let near_end = count > 3 && n + 2 == count;
            for mut slab in slabs {
                // A waterfall is read as one picture.
                let whole = table.kind == TableKind::Waterfall && n + 1 < count;
                slab.keep |= head || (n <= 1 && has_head && count > 2) || near_end || whole;
                slab.header = header.filter(|_| !head);
                self.push(slab);
            }
        }
        self.owe(self.theme.sizes.leading * 0.8);
    }

    fn row(
        &mut self,
        table: &Table,
        columns: &[usize],
        cells: &[Vec<Span>],
        group: NodeId,
        look: &Look,
        kind: RowKind,
    ) -> (NodeId, Vec<Cell>) {
        let row = self.flow.tree.add(group, Role::Tr);
        let mut set = Vec::with_capacity(columns.len());
        for (n, column) in columns.iter().enumerate() {
            let role = match kind {
                RowKind::Head => Role::Th(false),
                RowKind::Facts if n == 0 => Role::Th(true),
                RowKind::Body if n == 0 && table.kind == TableKind::Matrix => Role::Th(true),
                _ => Role::Td,
            };
            let node = self.flow.tree.add(row, role);
            let style = match kind {
                RowKind::Head => look.head,
                RowKind::Facts if n == 0 => Style { colour: self.theme.colours.muted, bold: true, ..look.style },
                RowKind::Total => Style { bold: true, ..look.style },
                _ => look.style,
            };
            let spans = cells.get(*column).map_or(&[][..], Vec::as_slice);
            let colours = &self.theme.colours;
            let text = prepare(self.fonts, &mut self.flow.tree, colours, spans, style, Some(node));
            let align = match (table.kind, table.align.get(*column)) {
                (_, Some(Alignment::Right)) => Align::End,
                (_, Some(Alignment::Center)) => Align::Middle,
                (TableKind::Waterfall, _) if n > 0 && numeric(spans) => Align::End,
                _ => Align::Start,
            };
            set.push(Cell { text, align });
        }
        (row, set)
    }

    /// Column widths with padding: what the source says, else by the narrowest and widest content.
    fn widths(&self, table: &Table, columns: &[usize], rows: &[(NodeId, Vec<Cell>)], look: &Look) -> Vec<f32> {
        let (_, width) = look.place;
        let count = columns.len();
        if table.kind == TableKind::SignOff && table.widths.is_empty() {
            return vec![width / count.max(1) as f32; count];
        }
        if table.widths.len() == table.head.len() && !table.widths.is_empty() {
            let given: Vec<f32> = columns.iter().filter_map(|c| table.widths.get(*c).copied()).collect();
            let sum: f32 = given.iter().sum();
            return given.iter().map(|w| w / sum * width).collect();
        }
        let mut min = vec![0.0_f32; count];
        let mut max = vec![0.0_f32; count];
        for (_, cells) in rows {
            for ((cell, min), max) in cells.iter().zip(&mut min).zip(&mut max) {
                *min = min.max(cell.text.min + 2.0 * look.pad_x + 0.1);
                *max = max.max(cell.text.max + 2.0 * look.pad_x + 0.1);
            }
        }
        let (least, most): (f32, f32) = (min.iter().sum(), max.iter().sum());
        if most <= width {
            // Room to spare: facts keep their names narrow, others share it by content.
            let spare = width - most;
            if table.kind == TableKind::Facts && count == 2 {
                let first = max.first().copied().unwrap_or(0.0).max(width * 0.24).min(width * 0.5);
                return vec![first, width - first];
            }
            return max.iter().map(|w| w + spare * (w / most.max(1.0))).collect();
        }
        if least <= width {
            return shared(&min, &max, width);
        }
        // Not even the longest names fit: every column gets its share, never less than a character or two.
        let floor = (width / count.max(1) as f32).min(NARROWEST * 1.6);
        let total: f32 = min.iter().map(|w| (w - floor).max(0.0)).sum::<f32>().max(0.001);
        let spare = width - floor * count as f32;
        min.iter().map(|w| floor + spare * (w - floor).max(0.0) / total).collect()
    }

    /// The lines of each cell, moved to their columns.
    fn cells(&mut self, cells: &[Cell], widths: &[f32], look: &Look) -> Vec<Vec<Line>> {
        let pad_x = look.pad_x;
        let (mut x, _) = look.place;
        let mut all = Vec::with_capacity(cells.len());
        for (cell, width) in cells.iter().zip(widths) {
            let mut lines = cell.text.lines(self.fonts, (width - 2.0 * pad_x).max(1.0), cell.align);
            for line in &mut lines {
                line.items.iter_mut().for_each(|item| item.shift(x + pad_x, 0.0));
                line.marks.iter_mut().for_each(|mark| mark.shift(x + pad_x, 0.0));
            }
            all.push(lines);
            x += width;
        }
        all
    }

    /// A row as one slab, or as one per line when it is too tall to be kept together.
    fn row_slabs(&self, cells: Vec<Vec<Line>>, leading: f32, look: &Look, strong: bool, head: bool) -> Vec<Slab> {
        let (indent, width) = look.place;
        let count = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let text = leading * count as f32;
        let height = (text + 2.0 * look.pad_y).max(if head { 0.0 } else { look.tallest_empty });
        let colour = if strong { self.theme.colours.muted } else { self.theme.colours.rule };
        let weight = if strong { 0.8 } else { 0.45 };
        if height <= self.theme.text_height() * 0.45 {
            let mut slab = Slab { height, ..Slab::default() };
            for lines in cells {
                for (n, line) in lines.into_iter().enumerate() {
                    add_line(&mut slab, line, look.pad_y + leading * n as f32);
                }
            }
            let paint = Paint::Rect([indent, height - weight, width, weight], colour);
            slab.items.push(Item { owner: None, paint });
            return vec![slab];
        }
        let mut slabs: Vec<Slab> = (0..count).map(|_| Slab { height: leading, ..Slab::default() }).collect();
        for lines in cells {
            for (slab, line) in slabs.iter_mut().zip(lines) {
                add_line(slab, line, 0.0);
            }
        }
        if let Some(first) = slabs.first_mut() {
            first.before = look.pad_y;
            first.keep = true;
        }
        if let Some(last) = slabs.last_mut() {
            last.height += look.pad_y;
            let paint = Paint::Rect([indent, last.height - weight, width, weight], colour);
            last.items.push(Item { owner: None, paint });
        }
        slabs
    }

    fn tiles(&mut self, table: &Table) {
        let (indent, width) = self.measure();
        let columns = table.head.len();
        let colours = self.theme.colours;
        let node = self.flow.tree.add(self.parent(), Role::Table);
        let head_row = self.flow.tree.add(node, Role::Tr);
        let rows: Vec<NodeId> = table.rows.iter().map(|_| self.flow.tree.add(node, Role::Tr)).collect();
        let per_line = columns.min(MOST_TILES);
        let gap = 8.0;
        let tile = (width - gap * (per_line as f32 - 1.0)) / per_line as f32;
        let label = Style {
            size: self.theme.sizes.small,
            leading: self.theme.sizes.small * 1.3,
            colour: colours.muted,
            bold: true,
        };
        let values = table.rows.iter().flatten().map(|cell| plain(cell));
        let widest = values.map(|value| measure(self.fonts, BOLD, 1.0, &value)).fold(0.0, f32::max);
        let size = ((tile - 18.0) / widest.max(0.001)).clamp(SMALL_TILE, LARGE_TILE);
        let number = Style { size, leading: size * 1.2, colour: colours.text, bold: true };
        self.owe(8.0);
        let all: Vec<usize> = (0..columns).collect();
        for line_of in all.chunks(per_line) {
            let mut slab = Slab::default();
            let mut height: f32 = 0.0;
            for (n, column) in line_of.iter().enumerate() {
                let x = indent + n as f32 * (tile + gap);
                let mut y = 9.0;
                let head = self.flow.tree.add(head_row, Role::Th(false));
                let mut cells: Vec<(NodeId, &[Span], Style)> = Vec::new();
                for (row, node) in table.rows.iter().zip(&rows) {
                    let cell = self.flow.tree.add(*node, Role::Td);
                    cells.push((cell, row.get(*column).map_or(&[][..], Vec::as_slice), number));
                }
                cells.push((head, table.head.get(*column).map_or(&[][..], Vec::as_slice), label));
                for (node, spans, style) in cells {
                    let text = prepare(self.fonts, &mut self.flow.tree, &colours, spans, style, Some(node));
                    for mut line in text.lines(self.fonts, tile - 18.0, Align::Start) {
                        line.items.iter_mut().for_each(|item| item.shift(x + 10.0, 0.0));
                        line.marks.iter_mut().for_each(|mark| mark.shift(x + 10.0, 0.0));
                        add_line(&mut slab, line, y);
                        y += style.leading;
                    }
                }
                height = height.max(y + 8.0);
            }
            let mut items = Vec::new();
            for n in 0..line_of.len() {
                let x = indent + n as f32 * (tile + gap);
                items.push(Item { owner: None, paint: Paint::Rect([x, 0.0, tile, height], colours.panel) });
                items.push(Item { owner: None, paint: Paint::Rect([x, 0.0, tile, 1.6], colours.accent) });
            }
            items.append(&mut slab.items);
            slab.items = items;
            slab.height = height;
            self.push(slab);
            self.owe(8.0);
        }
        self.owe(14.0);
    }
}

/// Columns that need no more than an even share get what they need; the others share what is left by their need.
fn shared(min: &[f32], max: &[f32], width: f32) -> Vec<f32> {
    let mut widths: Vec<Option<f32>> = vec![None; min.len()];
    let mut left = width;
    loop {
        let waiting: Vec<usize> = (0..min.len()).filter(|n| widths.get(*n).is_some_and(Option::is_none)).collect();
        let least: f32 = waiting.iter().filter_map(|n| min.get(*n)).sum();
        let share = left / waiting.len().max(1) as f32;
        let fits = waiting.iter().copied().find(|n| {
            let (min, max) = (min.get(*n).copied().unwrap_or(0.0), max.get(*n).copied().unwrap_or(0.0));
            max <= share && left - max >= least - min
        });
        let Some(fits) = fits else { break };
        let wide = max.get(fits).copied().unwrap_or(0.0);
        left -= wide;
        if let Some(width) = widths.get_mut(fits) {
            *width = Some(wide);
        }
    }
    let waiting = widths.iter().zip(min).zip(max).filter(|((width, _), _)| width.is_none());
    let spare = left - waiting.clone().map(|((_, min), _)| min).sum::<f32>();
    let wish: f32 = waiting.map(|((_, min), max)| (max - min).max(0.0)).sum::<f32>().max(0.001);
    let each = widths.iter().zip(min).zip(max);
    each.map(|((width, min), max)| width.unwrap_or(min + spare * (max - min).max(0.0) / wish)).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    Head,
    Body,
    Facts,
    Total,
}

fn add_line(slab: &mut Slab, mut line: Line, y: f32) {
    line.items.iter_mut().for_each(|item| item.shift(0.0, y));
    line.marks.iter_mut().for_each(|mark: &mut Mark| mark.shift(0.0, y));
    slab.items.append(&mut line.items);
    slab.marks.append(&mut line.marks);
}

fn blank(spans: &[Span]) -> bool {
    plain(spans).trim().is_empty()
}

fn numeric(spans: &[Span]) -> bool {
    let text = plain(spans);
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || "+-−–.,%×= ".contains(c))
}
