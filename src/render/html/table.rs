//! Tables with header cells that say what they head.

use super::ids::{Ids, leading};
use super::inline::{inline, result_class, text};
use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

/// From this many columns on, a table is wider than a telephone and scrolls in its box.
const WIDE: usize = 4;

/// A table of a class of the dialect. Inline styles are not used: the content security policy forbids them.
pub(super) fn table(events: &[Event<'_>], alignments: &[Alignment], class: &str, ids: &mut Ids) -> String {
    let (head, rows) = rows(events);
    if let ("tiles", [numbers]) = (class, rows.as_slice()) {
        return tiles(&head, numbers, ids);
    }
    let row_headers = matches!(class, "facts" | "matrix" | "waterfall" | "signoff");
    let wide = if head.len() >= WIDE { " wide" } else { "" };
    // Scrollable regions have to be reachable by keyboard (WCAG 2.1.1). Facts break anywhere and never scroll.
    let focus = if class == "facts" { "" } else { " tabindex=\"0\"" };
    let mut out = format!("<div class=\"table {class}{wide}\"{focus}>\n<table>\n");
    if head.iter().any(|cell| !text(cell).trim().is_empty()) {
        out.push_str("<thead>\n<tr>");
        for (at, cell) in head.iter().enumerate() {
            let (class, html) = (class_of(cell, alignments.get(at)), inline(cell, ids));
            // An empty corner heads nothing.
            let empty = text(cell).trim().is_empty();
            let cell =
                if empty { format!("<td{class}>{html}</td>") } else { format!("<th scope=\"col\"{class}>{html}</th>") };
            out.push_str(&cell);
        }
        out.push_str("</tr>\n</thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &rows {
        out.push_str(&body_row(row, row_headers, alignments, ids));
    }
    out + "</tbody>\n</table>\n</div>\n"
}

/// Numbers with their names, which fall into as many columns as fit.
fn tiles(names: &[&[Event<'_>]], numbers: &[&[Event<'_>]], ids: &mut Ids) -> String {
    let mut out = "<dl class=\"tiles\">\n".to_owned();
    for (name, number) in names.iter().zip(numbers) {
        let class = class_of(name, None);
        let (name, number) = (inline(name, ids), inline(number, ids));
        out.push_str(&format!("<div{class}><dt>{name}</dt><dd>{number}</dd></div>\n"));
    }
    out + "</dl>\n"
}

/// A row; an anchor that begins it names the row.
fn body_row(row: &[&[Event<'_>]], row_header: bool, alignments: &[Alignment], ids: &mut Ids) -> String {
    let (anchor, _) = row.first().map(|cell| leading(cell)).unwrap_or_default();
    let id = anchor.map(|anchor| ids.claim(anchor)).unwrap_or_default();
    let mut out = format!("<tr{id}>");
    for (at, cell) in row.iter().enumerate() {
        let (_, content) = if at == 0 { leading(cell) } else { (None, *cell) };
        let (class, html) = (class_of(cell, alignments.get(at)), inline(content, ids));
        if at == 0 && row_header && !text(cell).trim().is_empty() {
            out.push_str(&format!("<th scope=\"row\"{class}>{html}</th>"));
        } else {
            out.push_str(&format!("<td{class}>{html}</td>"));
        }
    }
    out + "</tr>\n"
}

/// The class attribute of a cell: the colour of its result, and its alignment.
fn class_of(cell: &[Event<'_>], alignment: Option<&Alignment>) -> String {
    let align = match alignment {
        Some(Alignment::Right) => Some("right"),
        Some(Alignment::Center) => Some("center"),
        _ => None,
    };
    let classes: Vec<&str> = result_class(&text(cell)).into_iter().chain(align).collect();
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}

/// Cells of the header row and of the body rows.
type Cells<'a, 'e> = Vec<&'a [Event<'e>]>;

fn rows<'a, 'e>(events: &'a [Event<'e>]) -> (Cells<'a, 'e>, Vec<Cells<'a, 'e>>) {
    let (mut head, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
    let mut start = 0;
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::TableCell) => start = at + 1,
            Event::End(TagEnd::TableCell) => row.push(events.get(start..at).unwrap_or_default()),
            Event::End(TagEnd::TableHead) => head = std::mem::take(&mut row),
            Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            _ => {}
        }
    }
    (head, rows)
}
