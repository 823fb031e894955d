//! Records in a form that is not read: workbooks and packed files. What looks like an export is named, never opened up.

use crate::ingest::columns::{Columns, by_columns};
use crate::ingest::file_facts::FileFacts;
use crate::snapshot::{Kind, Locator, Place, Problem, ProblemCode};
use crate::source::recognise::{self, Format};
use std::io::{Cursor, Read};
use std::sync::Arc;

/// Where a workbook keeps its first texts, in the forms that are archives of XML.
const TEXTS: &[&str] = &["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "content.xml"];

/// How much of them is looked at: headings come first.
const START: u64 = 1 << 16;

/// Names a file whose name or headings show that it holds records. `None`: it holds something else.
pub(super) fn read(format: Format, path: &Arc<str>, bytes: &[u8]) -> Option<(Kind, FileFacts)> {
    let (message, hint) = match format {
        Format::Packed => ("is packed, so its records are not read", "unpack it"),
        _ => ("is a workbook, so its records are not read", "save each sheet as \"CSV UTF-8\", or export again"),
    };
    let kind = recognise::by_stem(path).or_else(|| by_headings(format, bytes))?;
    let at = Locator::new(path, Place::File);
    let problems = vec![Problem::new(at, Some(kind), ProblemCode::Unreadable, message, hint)];
    Some((kind, FileFacts { problems, ..FileFacts::default() }))
}

fn by_headings(format: Format, bytes: &[u8]) -> Option<Kind> {
    if format != Format::Workbook {
        return None;
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut starts = TEXTS.iter().filter_map(|name| {
        let mut start = Vec::new();
        archive.by_name(name).ok()?.take(START).read_to_end(&mut start).ok()?;
        Some(String::from_utf8_lossy(&start).to_lowercase())
    });
    starts.find_map(|text| {
        let texts: Vec<&str> = text.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        match by_columns(&texts) {
            Columns::Kind(kind) => Some(kind),
            Columns::Lacking(..) | Columns::Ambiguous | Columns::Other => None,
        }
    })
}
