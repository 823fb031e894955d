//! Tables with header cells that say what they head.

use super::inline::{inline, result_class, text};
use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

/// A table of a class of the dialect. Inline styles are not used: the content security policy forbids them.
pub(super) fn table(events: &[Event<'_>], alignments: &[Alignment], class: &str) -> String {
    let (head, rows) = rows(events);
    let row_headers = matches!(class, "facts" | "matrix" | "waterfall");
    let mut out = format!("<div class=\"table {class}\" tabindex=\"0\">\n<table>\n");
    if head.iter().any(|cell| !text(cell).trim().is_empty()) {
        out.push_str("<thead>\n<tr>");
        for (at, cell) in head.iter().enumerate() {
            let class = align(alignments.get(at));
            let html = inline(cell);
            // An empty corner heads nothing.
            let tag = if text(cell).trim().is_empty() {
                format!("<td{class}></td>")
            } else {
                format!("<th scope=\"col\"{class}>{html}</th>")
            };
            out.push_str(&tag);
        }
        out.push_str("</tr>\n</thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            out.push_str(&body_cell(cell, at == 0 && row_headers, alignments.get(at)));
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table>\n</div>\n"
}

fn body_cell(cell: &[Event<'_>], header: bool, alignment: Option<&Alignment>) -> String {
    let plain = text(cell);
    let html = inline(cell);
    if header && !plain.trim().is_empty() {
        return format!("<th scope=\"row\"{}>{html}</th>", align(alignment));
    }
    match result_class(&plain) {
        Some(class) => format!("<td class=\"{class}{}\">{html}</td>", align_class(alignment)),
        None => format!("<td{}>{html}</td>", align(alignment)),
    }
}

fn align_class(alignment: Option<&Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::Right) => " right",
        Some(Alignment::Center) => " center",
        _ => "",
    }
}

fn align(alignment: Option<&Alignment>) -> String {
    match align_class(alignment).trim_start() {
        "" => String::new(),
        class => format!(" class=\"{class}\""),
    }
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
