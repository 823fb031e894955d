//! The other sheets of the tool in a workbook: what stands on them.

use crate::render::xlsx::renew::{Standing, is_coloured};
use crate::render::xlsx::work::table_of_sheet;
use calamine::{Data, Reader, Xlsx, XlsxError};
use std::collections::BTreeSet;
use std::io::Cursor;

/// The sheets beside the tracker's own that show a table, or the summary, with what has to be known of them: the table,
/// and the sheet. Fails when the workbook cannot be read.
pub fn of_tool(book: &[u8], own: &str) -> Result<Vec<(&'static str, Standing)>, XlsxError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book))?;
    let mut found = Vec::new();
    for sheet in book.sheet_names().into_iter().filter(|sheet| sheet != own) {
        let shown = table_of_sheet(&sheet).filter(|table| !matches!(*table, "findings" | "lists"));
        if let Some(table) = shown {
            found.push((table, standing(&mut book, sheet, table == "summary")?));
        }
    }
    Ok(found)
}

fn standing(book: &mut Xlsx<Cursor<&[u8]>>, sheet: String, all: bool) -> Result<Standing, XlsxError> {
    let mut standing = Standing { sheet, ..Standing::default() };
    let mut coloured = BTreeSet::new();
    let mut cells = book.worksheet_cells_reader(&standing.sheet)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        let (row, column) = (cell.pos.0.saturating_add(1), cell.pos.1);
        standing.formulas |= cell.formula.is_some();
        if cell.formula.is_some() || !(all || row == 1 || column == 0 || coloured.contains(&column)) {
            continue;
        }
        let text = Data::from(cell.value).to_string();
        if row == 1 && is_coloured(&text) {
            coloured.insert(column);
        }
        if !text.is_empty() {
            standing.texts.insert((row, column), text);
        }
    }
    Ok(standing)
}
