//! What a workbook says of its findings on a sheet beside the one to work on, put back behind the columns of that one: a
//! tracker has all its columns, wherever they stand.

use super::book::Faults;
use super::grid::{Extent, Grid, is_id_heading, unwrapped};
use super::plain;
use super::workbook::{Xlsx, text, unreadable};
use crate::render::xlsx::work::{STATED, column_called, table_of_sheet};
use crate::table::columns::FINDINGS;
use crate::table::narrow::is_detail;
use calamine::{DataRef, Reader};
use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

/// The columns of a sheet of findings that the sheet to work on lacks.
#[derive(Default)]
struct Details {
    /// Column of the ids.
    id: Option<usize>,
    /// Headings with the columns in which they stand.
    wanted: Vec<(usize, &'static str)>,
    /// Id and cells by row; the cells of a row may come in two goes.
    rows: BTreeMap<usize, (String, Vec<String>)>,
}

/// Adds the columns that stand on sheets of findings alone, behind those of the grid.
pub(super) fn join(bytes: &[u8], sheets: &[String], grid: &mut Grid, extent: &mut Extent<'_>) -> Result<(), Faults> {
    let own: Vec<Option<&str>> = grid.header.iter().map(|name| column_called(name)).collect();
    let Some(id) = own.iter().position(|name| *name == Some("finding_id")) else { return Ok(()) };
    let mut headings: Vec<&'static str> = Vec::new();
    let (mut known, mut foreign) = (HashMap::new(), Vec::new());
    for sheet in sheets.iter().filter(|sheet| is_stated(sheet)) {
        let mut details = Details::headed(bytes, sheet, &own)?;
        if details.id != Some(0) {
            // The tool's begins with the ids; this one is people's and only has its name.
            foreign.extend(table_of_sheet(sheet).map(|_| sheet.clone()));
            continue;
        }
        if !details.wanted.is_empty() {
            details.read(bytes, sheet, extent)?;
        }
        let wanted: Vec<&str> = details.wanted.iter().map(|(_, name)| *name).collect();
        if headings.is_empty() || headings == wanted {
            headings = wanted;
            known.extend(details.rows.into_values().filter(|(id, _)| !id.is_empty()));
        }
    }
    let width = grid.header.len();
    for (row, cells) in grid.rows.iter_mut().filter(|_| !headings.is_empty()) {
        if cells.len() < width {
            cells.resize(width, String::new());
        }
        let found = cells.get(id).and_then(|id| known.remove(id.trim()));
        extent.add(*row, width + headings.len(), 0)?;
        // What stands beyond the last heading stays behind all columns, where it is told.
        cells.splice(width..width, found.unwrap_or_else(|| vec![String::new(); headings.len()]));
    }
    if let Some(book) = &mut grid.book {
        book.beside = width..width + headings.len();
        book.others.extend(foreign);
    }
    grid.header.extend(headings.into_iter().map(str::to_owned));
    Ok(())
}

/// Whether a sheet is one of findings; a large tracker has several.
fn is_stated(sheet: &str) -> bool {
    let part = sheet.rsplit_once('-').filter(|(_, part)| part.bytes().all(|byte| byte.is_ascii_digit()));
    table_of_sheet(part.map_or(sheet, |(name, _)| name)) == Some(STATED)
}

impl Details {
    fn read(&mut self, bytes: &[u8], sheet: &str, extent: &mut Extent<'_>) -> Result<(), Faults> {
        // Texts first, then what stands in cells of another kind.
        let rest = plain::texts(bytes, sheet, |row, column, text| self.put(row, column, text, extent))?;
        if rest.is_none() {
            self.rows.clear();
        }
        let mut book: Xlsx<'_> =
            calamine::Xlsx::new(Cursor::new(rest.as_deref().unwrap_or(bytes))).map_err(unreadable)?;
        let mut cells = book.worksheet_cells_reader(sheet).map_err(unreadable)?;
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            if *cell.get_value() != DataRef::Empty {
                self.put(row as usize + 1, column as usize, &text(cell.get_value()), extent)?;
            }
        }
        Ok(())
    }

    /// Reads the headings alone.
    fn headed(bytes: &[u8], sheet: &str, own: &[Option<&str>]) -> Result<Self, Faults> {
        let mut details = Self::default();
        let mut book: Xlsx<'_> = calamine::Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
        let mut cells = book.worksheet_cells_reader(sheet).map_err(unreadable)?;
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            if row > 0 {
                break;
            }
            details.heading(column as usize, &text(cell.get_value()), own);
        }
        Ok(details)
    }

    fn put(&mut self, row: usize, column: usize, text: &str, extent: &mut Extent<'_>) -> Result<(), Faults> {
        let slot = self.wanted.iter().position(|(wanted, _)| *wanted == column);
        let is_id = self.id == Some(column);
        if row == 1 || (slot.is_none() && !is_id) {
            return Ok(());
        }
        if !self.rows.contains_key(&row) {
            extent.add(row, 0, self.wanted.len())?;
        }
        let empty = || (String::new(), vec![String::new(); self.wanted.len()]);
        let (id, cells) = self.rows.entry(row).or_insert_with(empty);
        match slot.and_then(|slot| cells.get_mut(slot)) {
            Some(cell) => *cell = unwrapped(text),
            None => *id = unwrapped(text).trim().to_owned(),
        }
        Ok(())
    }

    fn heading(&mut self, column: usize, text: &str, own: &[Option<&str>]) {
        if is_id_heading(text) {
            self.id.get_or_insert(column);
        } else if let Some(name) = column_called(text)
            && !own.contains(&Some(name))
            && self.wanted.iter().all(|(_, known)| *known != name)
            && FINDINGS.iter().any(|column| column.name == name && is_detail(column))
        {
            self.wanted.push((column, name));
        }
    }
}
