//! A tracker that came back as a workbook: which sheet it is, what its cells show, and what stands beside them.

use super::book::{Book, Faults};
use super::grid::{Extent, Grid, TOP, heading, unwrapped, whole};
use super::lines::Lines;
use super::unpacked::{Contents, unpacks_within};
use super::{plain, stated};
use crate::limits::Limits;
use crate::render::xlsx::work::table_of_sheet;
use crate::table::columns::{FINDINGS, Owner};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader};
use std::io::Cursor;

pub(super) type Xlsx<'b> = calamine::Xlsx<Cursor<&'b [u8]>>;

pub(super) fn unreadable(error: calamine::XlsxError) -> Faults {
    whole(&format!("the workbook cannot be read: {error}"), "")
}

/// Reads the sheet that is the tracker, and beside it what sheets of findings say more. OpenDocument sheets are named as
/// such, with what to do.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Faults> {
    let contents = unpacks_within(bytes, limits)?;
    if let Some(kind) = contents.other_format() {
        return Err(whole(&format!("this is {kind}"), "save it as .xlsx or CSV UTF-8"));
    }
    let mut book: Xlsx<'_> = calamine::Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut tops = tops(&mut book)?;
    let own = tracker_sheet(&tops).ok_or_else(|| whole("the workbook has no sheet", ""))?;
    let own = tops.remove(own);
    let columns: Vec<&str> = own.head().iter().map(|(_, name)| *name).collect();
    let names = book.sheet_names().into_iter();
    let others = names.filter(|other| *other != own.name && table_of_sheet(other).is_none()).collect();
    let (found, stated) = rayon::join(
        || Found::read(bytes, book, &own.name, &contents, limits),
        || stated::read(bytes, &tops, &columns, limits),
    );
    let (mut found, stated) = (found?, stated?);
    found.book.others = others;
    found.book.notes = contents.notes;
    found.book.macros = contents.macros;
    found.book.last_row = found.lines.last().map(|(row, _)| *row).unwrap_or_default();
    let mut extent = Extent { limits, cells: found.cells };
    let mut grid = Grid { book: Some(found.book), ..Grid::of(found.lines) };
    stated.join(bytes, &tops, &mut grid, &mut extent)?;
    Ok(grid)
}

/// Columns of a row that have a heading of a tracker, with what they are called.
type Headings = Vec<(u32, &'static str)>;

/// The headings of a tracker at the top of a sheet.
pub(super) struct Top {
    /// Name of the sheet.
    pub(super) name: String,
    /// Those of its first rows, with the numbers of the rows from 0.
    rows: Vec<(u32, Headings)>,
}

impl Top {
    /// Those of the row that looks most like the head of a tracker; the first of equal ones.
    fn head(&self) -> &[(u32, &'static str)] {
        let rows = self.rows.iter().map(|(_, headings)| headings.as_slice());
        rows.rev().max_by_key(|headings| rank(headings)).unwrap_or_default()
    }

    /// Those of the first row.
    pub(super) fn first_row(&self) -> &[(u32, &'static str)] {
        self.rows.first().filter(|(row, _)| *row == 0).map_or(&[], |(_, headings)| headings)
    }
}

/// How many headings are those of people, and how many there are; none without that of the ids.
fn rank(headings: &[(u32, &str)]) -> (usize, usize) {
    if headings.iter().all(|(_, name)| *name != "finding_id") {
        return (0, 0);
    }
    let is_of_people = |name: &str| FINDINGS.iter().any(|column| column.name == name && column.owner == Owner::Human);
    (headings.iter().filter(|(_, name)| is_of_people(name)).count(), headings.len())
}

/// The tops of all sheets that have cells. Fails when a sheet of findings cannot be read; of others only the one that is
/// the tracker has to be, and is told later.
fn tops(book: &mut Xlsx<'_>) -> Result<Vec<Top>, Faults> {
    let mut tops = Vec::new();
    for name in book.sheet_names() {
        let mut rows = Vec::new();
        let read = book.worksheet_cells_reader(&name).map(|mut cells| {
            loop {
                match cells.next_cell() {
                    Ok(Some(cell)) if is_top(&mut rows, cell.get_position(), &text(cell.get_value())) => {}
                    Ok(_) => break None,
                    Err(error) => break Some(error),
                }
            }
        });
        match read {
            Ok(Some(error)) | Err(error) if stated::is_stated(&name) => return Err(unreadable(error)),
            Ok(_) => tops.push(Top { name, rows }),
            Err(_) => {}
        }
    }
    Ok(tops)
}

/// Keeps the heading in a cell, and tells whether it stands in one of the first rows.
fn is_top(rows: &mut Vec<(u32, Headings)>, (row, column): (u32, u32), text: &str) -> bool {
    let at = rows.iter().position(|(known, _)| *known == row).unwrap_or(rows.len());
    if at == rows.len() && at < TOP {
        rows.push((row, Vec::new()));
    }
    let headings = rows.get_mut(at).map(|(_, headings)| headings);
    let is_top = headings.is_some();
    headings.into_iter().for_each(|headings| headings.extend(heading(text).map(|name| (column, name))));
    is_top
}

/// Place of the sheet that has most of the headings of people, near its top, and of those the one that has most of all a
/// tracker's; the first of equal ones.
fn tracker_sheet(tops: &[Top]) -> Option<usize> {
    tops.iter().enumerate().rev().max_by_key(|(_, top)| rank(top.head())).map(|(at, _)| at)
}

/// A sheet as it was read.
struct Found {
    /// Texts of the cells by row, from 1.
    lines: Vec<(usize, Vec<String>)>,
    book: Book,
    /// How many cells were counted.
    cells: u64,
}

impl Found {
    fn read(bytes: &[u8], book: Xlsx<'_>, sheet: &str, contents: &Contents, limits: &Limits) -> Result<Self, Faults> {
        let mut reading = Reading::within(limits);
        let rest = plain::texts(bytes, sheet, |_| true, |row, column, text| reading.put(row, column, unwrapped(text)))?;
        let mut book = match &rest {
            Some(rest) => calamine::Xlsx::new(Cursor::new(rest.as_slice())).map_err(unreadable)?,
            None => {
                reading = Reading::within(limits);
                book
            }
        };
        reading.cells(&mut book, sheet)?;
        let mut found = Self { lines: reading.lines.into_rows(), book: reading.book, cells: reading.extent.cells };
        found.book.sheet = sheet.to_owned();
        if contents.merges {
            found.merge(&book.merge_cells_by_sheet_name(sheet).map_err(unreadable)?);
        }
        Ok(found)
    }

    /// What is typed into a cell merged over several rows is meant for each of them.
    fn merge(&mut self, merged: &[Dimensions]) {
        let place = |lines: &[(usize, Vec<String>)], row: usize| lines.partition_point(|(known, _)| *known < row);
        for Dimensions { start: (first, column), end: (last, _) } in merged {
            let (first, last, column) = (*first as usize + 1, *last as usize + 1, *column as usize);
            if last == first {
                continue;
            }
            self.book.merged.push((first, last, column));
            let at = place(&self.lines, first);
            let line = self.lines.get(at).filter(|(row, _)| *row == first);
            let text = line.and_then(|(_, line)| line.get(column)).cloned().unwrap_or_default();
            if text.is_empty() {
                continue;
            }
            let below = place(&self.lines, first + 1)..place(&self.lines, last + 1);
            for (_, line) in self.lines.get_mut(below).unwrap_or_default() {
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

/// The line of a row, which is about as long as the one before.
fn line(lines: &mut Lines<Vec<String>>, row: usize) -> &mut Vec<String> {
    lines.row(row, |before| Vec::with_capacity(before.map_or(0, Vec::len)))
}

/// A sheet that is being read.
struct Reading<'l> {
    lines: Lines<Vec<String>>,
    book: Book,
    extent: Extent<'l>,
}

impl<'l> Reading<'l> {
    fn within(limits: &'l Limits) -> Self {
        Self { lines: Lines::default(), book: Book::default(), extent: Extent { limits, cells: 0 } }
    }

    fn cells(&mut self, book: &mut Xlsx<'_>, name: &str) -> Result<(), Faults> {
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
                line(&mut self.lines, row);
            }
            self.put(row, column, text)?;
        }
        Ok(())
    }

    /// Sets a cell, unless it is empty.
    fn put(&mut self, row: usize, column: usize, text: String) -> Result<(), Faults> {
        if text.is_empty() {
            return Ok(());
        }
        let line = line(&mut self.lines, row);
        self.extent.add(row, column + 1, (column + 1).saturating_sub(line.len()))?;
        if line.len() <= column {
            line.resize(column + 1, String::new());
        }
        if let Some(slot) = line.get_mut(column) {
            *slot = text;
        }
        Ok(())
    }
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
