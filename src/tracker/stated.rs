//! What a workbook says of its findings on a sheet beside the one to work on, put back behind the columns of that one: a
//! tracker has all its columns, wherever they stand.

use super::book::Faults;
use super::grid::{Extent, Grid, heading, unwrapped};
use super::lines::Lines;
use super::plain;
use super::workbook::{Top, Xlsx, text, unreadable};
use crate::limits::Limits;
use crate::render::xlsx::work::{STATED, table_of_sheet};
use crate::table::columns::FINDINGS;
use crate::table::narrow::is_detail;
use calamine::{DataRef, Reader};
use std::cell::Cell;
use std::collections::HashMap;
use std::io::Cursor;

/// The columns of a sheet of findings that the sheet to work on lacks.
#[derive(Default)]
struct Details {
    /// Column of the ids.
    id: Option<usize>,
    /// Headings with the columns in which they stand.
    wanted: Vec<(usize, &'static str)>,
    /// Id and cells by row; the cells of a row may come in two goes.
    rows: Lines<(String, Vec<String>)>,
}

/// What the sheets of findings say.
pub(super) struct Stated {
    /// Columns of the sheet to work on, which are not read again.
    own: Vec<&'static str>,
    headings: Vec<&'static str>,
    /// Cells by id.
    known: HashMap<String, Vec<String>>,
    /// Sheets of people that have the name of the tool's.
    foreign: Vec<String>,
    /// How many cells were counted.
    cells: u64,
}

/// Reads the columns that stand on sheets of findings alone.
pub(super) fn read(bytes: &[u8], sheets: &[Top], own: &[&'static str], limits: &Limits) -> Result<Stated, Faults> {
    let (headings, known, foreign) = (Vec::new(), HashMap::new(), Vec::new());
    let mut stated = Stated { own: own.to_vec(), headings, known, foreign, cells: 0 };
    let mut extent = Extent { limits, cells: 0 };
    for sheet in sheets.iter().filter(|sheet| is_stated(&sheet.name)) {
        let mut details = Details::headed(sheet, own);
        if details.id != Some(0) {
            // The tool's begins with the ids; this one is people's and only has its name.
            stated.foreign.extend(table_of_sheet(&sheet.name).map(|_| sheet.name.clone()));
            continue;
        }
        if !details.wanted.is_empty() {
            details.read(bytes, &sheet.name, &mut extent)?;
        }
        let wanted: Vec<&str> = details.wanted.iter().map(|(_, name)| *name).collect();
        if stated.headings.is_empty() || stated.headings == wanted {
            stated.headings = wanted;
            let rows = details.rows.into_rows().into_iter().map(|(_, row)| row);
            stated.known.extend(rows.filter(|(id, _)| !id.is_empty()));
        }
    }
    stated.cells = extent.cells;
    Ok(stated)
}

impl Stated {
    /// Adds the columns behind those of the grid.
    pub(super) fn join(
        mut self,
        bytes: &[u8],
        sheets: &[Top],
        grid: &mut Grid,
        extent: &mut Extent<'_>,
    ) -> Result<(), Faults> {
        let own: Vec<Option<&str>> = grid.header.iter().map(|name| heading(name)).collect();
        let Some(id) = own.iter().position(|name| *name == Some("finding_id")) else { return Ok(()) };
        let own: Vec<&str> = own.into_iter().flatten().collect();
        if own != self.own {
            // The headings turned out to stand in another row than it seemed.
            self = read(bytes, sheets, &own, extent.limits)?;
        }
        let Self { headings, mut known, foreign, cells, .. } = self;
        extent.cells = extent.cells.saturating_add(cells);
        extent.add(0, 0, 0)?;
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
}

/// Whether a sheet is one of findings; a large tracker has several.
pub(super) fn is_stated(sheet: &str) -> bool {
    let part = sheet.rsplit_once('-').filter(|(_, part)| part.bytes().all(|byte| byte.is_ascii_digit()));
    table_of_sheet(part.map_or(sheet, |(name, _)| name)) == Some(STATED)
}

impl Details {
    fn read(&mut self, bytes: &[u8], sheet: &str, extent: &mut Extent<'_>) -> Result<(), Faults> {
        // Texts first, then what stands in cells of another kind.
        let before = extent.cells;
        let mut columns: Vec<usize> = self.wanted.iter().map(|(column, _)| *column).collect();
        columns.extend(self.id);
        let is_wanted = |column| columns.contains(&column);
        let rest = plain::texts(bytes, sheet, is_wanted, |row, column, text| self.put(row, column, text, extent))?;
        if rest.is_none() {
            self.rows = Lines::default();
            extent.cells = before;
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

    /// With the headings of a sheet.
    fn headed(sheet: &Top, own: &[&str]) -> Self {
        let mut details = Self::default();
        sheet.first_row().iter().for_each(|(column, name)| details.heading(*column as usize, name, own));
        details
    }

    fn put(&mut self, row: usize, column: usize, text: &str, extent: &mut Extent<'_>) -> Result<(), Faults> {
        let slot = self.wanted.iter().position(|(wanted, _)| *wanted == column);
        let is_id = self.id == Some(column);
        if row == 1 || (slot.is_none() && !is_id) {
            return Ok(());
        }
        let (wanted, is_new) = (self.wanted.len(), Cell::new(false));
        let (id, cells) = self.rows.row(row, |_| {
            is_new.set(true);
            (String::new(), vec![String::new(); wanted])
        });
        match slot.and_then(|slot| cells.get_mut(slot)) {
            Some(cell) => *cell = unwrapped(text),
            None => *id = unwrapped(text).trim().to_owned(),
        }
        extent.add(row, 0, if is_new.get() { wanted } else { 0 })
    }

    fn heading(&mut self, column: usize, name: &'static str, own: &[&str]) {
        let is_wanted = || FINDINGS.iter().any(|column| column.name == name && is_detail(column));
        if name == "finding_id" {
            self.id.get_or_insert(column);
        } else if !own.contains(&name) && self.wanted.iter().all(|(_, known)| *known != name) && is_wanted() {
            self.wanted.push((column, name));
        }
    }
}
