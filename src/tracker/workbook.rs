//! A tracker that came back as a workbook: which sheet it is, what its cells show, and what stands beside them.

use super::book::{Book, Faults};
use super::grid::{Extent, Grid, TOP, is_id_heading, unwrapped, whole};
use super::{plain, stated};
use crate::limits::{Limits, SMALL, option};
use crate::render::xlsx::work::{column_called, table_of_sheet};
use crate::table::columns::{FINDINGS, Owner};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

pub(super) type Xlsx<'b> = calamine::Xlsx<Cursor<&'b [u8]>>;

pub(super) fn unreadable(error: calamine::XlsxError) -> Faults {
    whole(&format!("the workbook cannot be read: {error}"), "")
}

fn cut_off(_: zip::result::ZipError) -> Faults {
    whole("the workbook cannot be read: it is damaged or cut off", "save it again")
}

/// Reads the sheet that is the tracker. OpenDocument sheets are named as such, with what to do.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Faults> {
    let contents = unpacks_within(bytes, limits)?;
    if let Some(kind) = contents.other_format() {
        return Err(whole(&format!("this is {kind}"), "save it as .xlsx or CSV UTF-8"));
    }
    let mut book: Xlsx<'_> = calamine::Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = tracker_sheet(&mut book)?;
    let names = book.sheet_names();
    let others = names.iter().filter(|other| **other != name && table_of_sheet(other).is_none()).cloned().collect();
    let mut found = Found::default();
    let mut extent = Extent { limits, cells: 0 };
    let rest = plain::texts(bytes, &name, |row, column, text| found.put(row, column, unwrapped(text), &mut extent))?;
    let mut book = match &rest {
        Some(rest) => calamine::Xlsx::new(Cursor::new(rest.as_slice())).map_err(unreadable)?,
        None => {
            (found, extent.cells) = (Found::default(), 0);
            book
        }
    };
    found.cells(&mut book, &name, &mut extent)?;
    if contents.merges {
        found.merge(&book.merge_cells_by_sheet_name(&name).map_err(unreadable)?);
    }
    let beside: Vec<String> = names.into_iter().filter(|other| *other != name).collect();
    found.book.sheet = name;
    found.book.others = others;
    found.book.notes = contents.notes;
    found.book.macros = contents.macros;
    found.book.last_row = found.lines.keys().next_back().copied().unwrap_or_default();
    let Found { lines, book } = found;
    let mut grid = Grid { book: Some(book), ..Grid::of(lines.into_iter().collect()) };
    stated::join(bytes, &beside, &mut grid, &mut extent)?;
    Ok(grid)
}

/// The sheet that has most of the headings of people, near its top, and of those the one that has most of all a tracker's;
/// the first of equal ones.
fn tracker_sheet(book: &mut Xlsx<'_>) -> Result<String, Faults> {
    let mut best: Option<((usize, usize), String)> = None;
    for name in book.sheet_names() {
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut heads: BTreeMap<u32, (bool, (usize, usize))> = BTreeMap::new();
        while let Ok(Some(cell)) = cells.next_cell() {
            let (row, _) = cell.get_position();
            if heads.len() > TOP || (!heads.contains_key(&row) && heads.len() == TOP) {
                break;
            }
            let text = text(cell.get_value());
            let head = heads.entry(row).or_default();
            head.0 |= is_id_heading(&text);
            if let Some(column) = column_called(&text) {
                head.1.0 += usize::from(FINDINGS.iter().any(|one| one.name == column && one.owner == Owner::Human));
                head.1.1 += 1;
            }
        }
        let known = heads.values().filter(|(id, _)| *id).map(|(_, known)| *known).max().unwrap_or_default();
        if best.as_ref().is_none_or(|(most, _)| known > *most) {
            best = Some((known, name));
        }
    }
    best.map(|(_, name)| name).ok_or_else(|| whole("the workbook has no sheet", ""))
}

#[derive(Default)]
struct Found {
    /// Texts of the cells by row, from 1.
    lines: BTreeMap<usize, Vec<String>>,
    book: Book,
}

impl Found {
    fn cells(&mut self, book: &mut Xlsx<'_>, name: &str, extent: &mut Extent<'_>) -> Result<(), Faults> {
        let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(unreadable)? {
            let (row, column) = (cell.pos.0 as usize + 1, cell.pos.1 as usize);
            let unstored = cell.formula.is_some() && cell.value == DataRef::Empty;
            let text = match &cell.value {
                DataRef::String(text) => unwrapped(text),
                DataRef::SharedString(text) => unwrapped(text),
                other => unwrapped(&text(other)),
            };
            self.book.formulas += usize::from(cell.formula.is_some());
            if unstored {
                self.book.unstored.push((row, column));
                self.lines.entry(row).or_default();
            }
            self.put(row, column, text, extent)?;
        }
        Ok(())
    }

    /// Sets a cell, unless it is empty.
    fn put(&mut self, row: usize, column: usize, text: String, extent: &mut Extent<'_>) -> Result<(), Faults> {
        if text.is_empty() {
            return Ok(());
        }
        let line = self.lines.entry(row).or_default();
        extent.add(row, column + 1, (column + 1).saturating_sub(line.len()))?;
        if line.len() <= column {
            line.resize(column + 1, String::new());
        }
        if let Some(slot) = line.get_mut(column) {
            *slot = text;
        }
        Ok(())
    }

    /// What is typed into a cell merged over several rows is meant for each of them.
    fn merge(&mut self, merged: &[Dimensions]) {
        for Dimensions { start: (first, column), end: (last, _) } in merged {
            let (first, last, column) = (*first as usize + 1, *last as usize + 1, *column as usize);
            let text = self.lines.get(&first).and_then(|line| line.get(column)).cloned().unwrap_or_default();
            if last == first {
                continue;
            }
            self.book.merged.push((first, last, column));
            if text.is_empty() {
                continue;
            }
            for (_, line) in self.lines.range_mut(first + 1..=last) {
                if line.len() <= column {
                    line.resize(column + 1, String::new());
                }
                if let Some(slot) = line.get_mut(column) {
                    slot.clone_from(&text);
                }
            }
        }
    }
}

/// What an archive holds, told while it is unpacked to be counted.
#[derive(Default)]
struct Contents {
    merges: bool,
    notes: bool,
    macros: bool,
    opendocument: bool,
    binary: bool,
    workbook: bool,
}

impl Contents {
    fn part(&mut self, name: &str) {
        self.notes |= name.contains("comments") || name.contains("threadedComment");
        self.macros |= name.ends_with("vbaProject.bin");
        self.opendocument |= name == "content.xml";
        self.binary |= name.ends_with("workbook.bin");
        self.workbook |= name.ends_with("workbook.xml");
    }

    fn other_format(&self) -> Option<&'static str> {
        match self {
            Self { workbook: true, .. } => None,
            Self { opendocument: true, .. } => Some("an OpenDocument sheet"),
            Self { binary: true, .. } => Some("a binary workbook (.xlsb)"),
            _ => Some("an archive without a workbook"),
        }
    }
}

/// Takes what is unpacked and looks for merged cells in it.
struct Looking {
    found: bool,
    tail: Vec<u8>,
}

impl Write for Looking {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const MARK: &[u8] = b"mergeCell ";
        if !self.found {
            self.tail.extend(bytes.iter().take(MARK.len()));
            self.found = [&self.tail, bytes].iter().any(|part| memchr::memmem::find(part, MARK).is_some());
            self.tail.clear();
            self.tail.extend(bytes.get(bytes.len().saturating_sub(MARK.len())..).unwrap_or_default());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Refuses a workbook whose parts unpack to too much. They are unpacked to be counted, because what a packed file says
/// of itself need not be true, and the reader keeps the texts of all sheets.
fn unpacks_within(bytes: &[u8], limits: &Limits) -> Result<Contents, Faults> {
    let mut contents = Contents::default();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(cut_off)?;
    let (packed, ratio) = (bytes.len() as u64, limits.archive_ratio);
    let mut unpacked: u64 = 0;
    for index in 0..zip.len() {
        let room = limits.workbook_bytes.min(packed.saturating_mul(ratio).max(SMALL)).saturating_sub(unpacked);
        let part = zip.by_index(index).map_err(cut_off)?;
        let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
        contents.part(&name);
        let mut looking = Looking { found: !name.contains("sheet"), tail: Vec::new() };
        let read = std::io::copy(&mut part.take(room.saturating_add(1)), &mut looking);
        contents.merges |= looking.found && name.contains("sheet");
        let read = read.map_err(|_| whole("the workbook cannot be read: a part of it is damaged", "save it again"))?;
        unpacked = unpacked.saturating_add(read);
        if read > room && unpacked > limits.workbook_bytes {
            let message = format!("the workbook unpacks to more than {} bytes", limits.workbook_bytes);
            let option = option("workbook-bytes", limits.workbook_bytes.saturating_mul(2));
            return Err(whole(&message, &format!("split it, or pass {option}")));
        }
        if read > room {
            let message = format!("the workbook unpacks to more than {ratio} times its size");
            let option = option("archive-ratio", ratio.saturating_mul(2));
            return Err(whole(&message, &format!("save it again, or pass {option}")));
        }
    }
    Ok(contents)
}

/// A cell as it is shown: days and times as ISO writes them, durations in hours.
pub(super) fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::DateTime(when) => moment(*when),
        other => Data::from(other.clone()).to_string(),
    }
}

fn moment(when: ExcelDateTime) -> String {
    let clock = |hours: u64, minutes: u64, seconds: u64| match seconds {
        0 => format!("{hours:02}:{minutes:02}"),
        seconds => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    };
    if !when.is_datetime() {
        // Seconds of a duration; one that is no number of them is shown as the number that it is.
        let seconds = (when.as_f64() * 86_400.0).round();
        return match u64::try_from(seconds as i64) {
            Ok(seconds) => format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60),
            Err(_) => when.as_f64().to_string(),
        };
    }
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    // A spreadsheet rounds to the second what it keeps as a fraction of a day.
    let seconds = u64::from(hour) * 3_600 + u64::from(minute) * 60 + u64::from(second) + u64::from(milli >= 500);
    let time = clock(seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (when.as_f64() < 1.0, seconds) {
        (true, _) => time,
        (false, 0) => format!("{year:04}-{month:02}-{day:02}"),
        (false, _) => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}
