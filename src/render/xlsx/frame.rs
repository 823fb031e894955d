//! What stands around the rows of a sheet.

use super::looks::Looks;
use super::work::FROZEN;
use super::{Field, Source};
use crate::render::csv::MOST_ROWS;
use crate::table::columns::{Column, Kind};
use crate::text::wording::Wording;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula, Worksheet, XlsxError,
};

/// Excel's number of the paper size.
pub(super) const A4: u8 = 9;

/// Header, widths, column formats, frozen panes and filter.
pub(super) fn frame(
    sheet: &mut Worksheet,
    fields: &[Field<'_>],
    rows: usize,
    looks: &Looks,
    wording: &Wording,
) -> Result<(), XlsxError> {
    let to_work_on = fields.iter().any(|field| field.folded);
    let mut frozen = 0;
    for (field, at) in fields.iter().zip(0u16..) {
        let head = if field.human { &looks.human_head } else { &looks.head };
        sheet.write_string_with_format(0, at, field.heading(), head)?;
        sheet.set_column_width(at, f64::from(field.width()))?;
        let look = match field.column.map(|column| column.kind) {
            Some(Kind::Date) if field.human => &looks.day,
            Some(Kind::Number) => &looks.number,
            _ if field.human => &looks.human,
            _ if field.wraps() => &looks.machine,
            _ => &looks.key,
        };
        sheet.set_column_format(at, look)?;
        if let Some(column) = field.column {
            // Excel shows at most 255 characters of a prompt.
            let about: String = column.about(wording).chars().take(250).collect();
            sheet.insert_note(0, at, &rust_xlsxwriter::Note::new(about).add_author_prefix(false))?;
        }
        let leads = frozen == at && matches!(field.name, "finding_id" | "org_key");
        if if to_work_on { field.is(FROZEN) } else { leads } {
            frozen = at + 1;
        }
    }
    sheet.set_freeze_panes(1, frozen)?;
    sheet.set_row_height(0, 30)?;
    print_setup(sheet, fields)?;
    let last = u16::try_from(fields.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, u32::try_from(rows).unwrap_or(u32::MAX), last)?;
    Ok(())
}

/// A4, landscape, the heading and the ids on every page. A table is as wide as its texts need to be read: the tracker
/// takes several pages side by side.
fn print_setup(sheet: &mut Worksheet, fields: &[Field<'_>]) -> Result<(), XlsxError> {
    const CHARACTERS_OF_A_PAGE: usize = 240;
    // What is folded away is not printed.
    let width: usize = fields.iter().filter(|field| !field.folded).map(|field| usize::from(field.width())).sum();
    let pages = u16::try_from(width.div_ceil(CHARACTERS_OF_A_PAGE).max(1)).unwrap_or(u16::MAX);
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(pages, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&L&A&R&P / &N").set_repeat_rows(0, 0)?;
    if pages > 1 && fields.first().is_some_and(|field| field.id) {
        sheet.set_repeat_columns(0, 0)?;
    }
    Ok(())
}

/// The sheet that people work on: lists and checks in their columns, the detail folded away. It is not protected, because
/// nobody could sort or unfold it then; machine cells are locked for whoever protects it.
pub(super) fn tracker_frame(
    sheet: &mut Worksheet,
    fields: &[Field<'_>],
    looks: &Looks,
    wording: &Wording,
) -> Result<(), XlsxError> {
    for (field, at) in fields.iter().zip(0u16..) {
        if let Source::DaysLeft | Source::Age = field.source {
            let about: String = wording.word(&format!("column.{}", field.name));
            sheet.insert_note(0, at, &rust_xlsxwriter::Note::new(about).add_author_prefix(false))?;
        }
        let Some(column) = field.column.filter(|_| field.human) else { continue };
        let last = u32::try_from(MOST_ROWS).unwrap_or(u32::MAX);
        if let Some(rule) = validation(column, wording)? {
            sheet.add_data_validation(1, at, last, at, &rule)?;
        }
    }
    let folded = |field: &Field<'_>| field.folded;
    if let (Some(first), Some(last)) = (fields.iter().position(folded), fields.iter().rposition(folded)) {
        let number = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        sheet.group_columns_collapsed(number(first), number(last))?.group_symbols_to_left(true);
    }
    let end = u16::try_from(fields.len()).unwrap_or(u16::MAX);
    if let Some(last) = end.checked_add(FREE_COLUMNS).filter(|last| *last < 16_384) {
        sheet.set_column_range_format(end, last, &looks.human)?;
    }
    Ok(())
}

/// Columns at the right for people's own.
const FREE_COLUMNS: u16 = 40;

fn validation(column: &Column, wording: &Wording) -> Result<Option<DataValidation>, XlsxError> {
    let rule = match column.kind {
        Kind::Words(words) => {
            let (letter, last) = (if column.name == "status" { 'A' } else { 'B' }, words().len() + 1);
            let sheet = wording.word("sheet.name.lists");
            let list = Formula::new(format!("='{sheet}'!${letter}$2:${letter}${last}"));
            DataValidation::new()
                .allow_list_formula(list)
                .set_error_title(wording.word("sheet.not-in-list"))?
                .set_error_message(wording.word("sheet.not-in-list.do"))?
        }
        Kind::Date => {
            let (first, last) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
            DataValidation::new()
                .allow_date(DataValidationRule::Between(first, last))
                .set_error_title(wording.word("sheet.no-day"))?
                .set_error_message(wording.word("sheet.no-day.do"))?
        }
        _ => return Ok(None),
    };
    // A person may insist: the next check of the tracker names what it cannot read.
    Ok(Some(rule.set_error_style(DataValidationErrorStyle::Warning)))
}
