//! Tables with header cells that say what they head.

use super::ids::Ids;
use super::inline::{class, inline};
use crate::render::blocks::{Span, Table, TableKind, plain};
use pulldown_cmark::Alignment;

/// From this many columns on, a table is wider than a telephone and scrolls in its box.
const WIDE: usize = 4;

/// A table of the dialect. Inline styles are not used: the content security policy forbids them.
pub(super) fn table(table: &Table, ids: &mut Ids) -> String {
    if let (TableKind::Tiles, [numbers]) = (table.kind, table.rows.as_slice()) {
        return tiles(&table.head, numbers, ids);
    }
    let class = match (table.kind, table.small) {
        (TableKind::Plain, true) => "small",
        (TableKind::Plain, false) => "plain",
        (TableKind::Facts, _) => "facts",
        (TableKind::Matrix, _) => "matrix",
        (TableKind::Waterfall, _) => "waterfall",
        (TableKind::Tiles, _) => "tiles",
        (TableKind::SignOff, _) => "signoff",
    };
    let row_headers = !matches!(table.kind, TableKind::Plain | TableKind::Tiles);
    let wide = if table.head.len() >= WIDE { " wide" } else { "" };
    // Scrollable regions have to be reachable by keyboard (WCAG 2.1.1). Facts break anywhere and never scroll.
    let focus = if table.kind == TableKind::Facts { "" } else { " tabindex=\"0\"" };
    let mut out = format!("<div class=\"table {class}{wide}\"{focus}>\n<table>\n");
    if !table.head.iter().all(|cell| blank(cell)) {
        out.push_str("<thead>\n<tr>");
        for (cell, alignment) in table.head.iter().zip(&table.align) {
            // An empty corner heads nothing.
            out.push_str(&set(cell, (!blank(cell)).then_some("col"), *alignment, ids));
        }
        out.push_str("</tr>\n</thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &table.rows {
        // An anchor that begins a row names the row.
        let anchor = row.first().and_then(|cell| cell.first()?.anchors.first());
        let id = anchor.map(|anchor| ids.claim(anchor)).unwrap_or_default();
        out.push_str(&format!("<tr{id}>"));
        for (at, (cell, alignment)) in row.iter().zip(&table.align).enumerate() {
            let scope = (at == 0 && row_headers && !blank(cell)).then_some("row");
            out.push_str(&set(cell, scope, *alignment, ids));
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table>\n</div>\n"
}

/// Numbers with their names, which fall into as many columns as fit.
fn tiles(names: &[Vec<Span>], numbers: &[Vec<Span>], ids: &mut Ids) -> String {
    let mut out = "<dl class=\"tiles\">\n".to_owned();
    for (name, number) in names.iter().zip(numbers) {
        let class = classes(name, Alignment::None);
        let (name, number) = (inline(name, ids), inline(number, ids));
        out.push_str(&format!("<div{class}><dt>{name}</dt><dd>{number}</dd></div>\n"));
    }
    out + "</dl>\n"
}

/// A cell; one with a scope heads its row or column.
fn set(cell: &[Span], scope: Option<&str>, alignment: Alignment, ids: &mut Ids) -> String {
    let (class, html) = (classes(cell, alignment), inline(cell, ids));
    match scope {
        Some(scope) => format!("<th scope=\"{scope}\"{class}>{html}</th>"),
        None => format!("<td{class}>{html}</td>"),
    }
}

/// The class attribute of a cell: the colour of its result, and its alignment.
fn classes(cell: &[Span], alignment: Alignment) -> String {
    let align = match alignment {
        Alignment::Right => Some("right"),
        Alignment::Center => Some("center"),
        Alignment::Left | Alignment::None => None,
    };
    let result = cell.first().and_then(|span| span.result).map(class);
    let classes: Vec<&str> = result.into_iter().chain(align).collect();
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}

fn blank(cell: &[Span]) -> bool {
    plain(cell).trim().is_empty()
}
