//! Where something stands in a file: elements, members of rows, cells. Found without the tool's own readers.
#![allow(clippy::manual_strip)]

use serde_json::Value;
use std::ops::Range;

/// An element of an XML text.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Names from the root to it, with `/` between.
    pub path: String,
    /// From `<` of the start tag to `>` of the end tag.
    pub whole: Range<usize>,
    /// What stands between its tags; empty for `<a/>`.
    pub inner: Range<usize>,
    /// Whether it holds no other element.
    pub leaf: bool,
}

impl Element {
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// All elements of a text, in the order of their start tags, the root first; `None` when it is not well-formed.
pub(super) fn elements(text: &str) -> Option<Vec<Element>> {
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(from) = text[at..].find('<').map(|next| at + next) {
        let rest = &text[from..];
        let closes = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((_, end)) = closes.iter().find(|(start, _)| rest.starts_with(start)) {
            at = from + rest.find(end)? + end.len();
            continue;
        }
        let to = from + rest.find('>')? + 1;
        if rest.starts_with("</") {
            let element = &mut found[open.pop()?];
            if rest[2..].split(['>', ' ']).next()? != element.name() {
                return None;
            }
            element.inner.end = from;
            element.whole.end = to;
        } else {
            let name = rest[1..].split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
            let lead = open.last().map_or(String::new(), |outer| format!("{}/", found[*outer].path));
            if let Some(outer) = open.last() {
                found[*outer].leaf = false;
            }
            found.push(Element { path: lead + name, whole: from..to, inner: to..to, leaf: true });
            if !rest[..to - from].ends_with("/>") {
                open.push(found.len() - 1);
            }
        }
        at = to;
    }
    (open.is_empty() && !found.is_empty()).then_some(found)
}

/// The rows of an export and the object around them, as `sf` and the REST API give them.
pub(super) fn rows(export: &Value) -> Option<(&'static str, usize)> {
    ["/records", "/result/records", "/result", ""]
        .into_iter()
        .find_map(|at| export.pointer(at).and_then(Value::as_array).map(|rows| (at, rows.len())))
}

/// Pointers of all members below a value, objects before what is in them. `attributes` are about a record, not of it.
pub(super) fn members(value: &Value, at: &str, into: &mut Vec<String>) {
    let Value::Object(object) = value else { return };
    for (name, inner) in object.iter().filter(|(name, _)| *name != "attributes") {
        let pointer = format!("{at}/{name}");
        into.push(pointer.clone());
        members(inner, &pointer, into);
    }
}

/// A delimited text as cells, the header first.
pub(super) fn cells(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = if text.lines().next().unwrap_or_default().contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map_while(Result::ok).map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// Cells as a text with commas, every cell in quotation marks.
pub(super) fn delimited(rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    rows.iter().map(line).collect()
}
