//! A new workbook, and what it says of itself.

use super::Options;
use crate::text::cut::first_units;
use crate::text::visible::visible;
use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// Longest text of a document property.
const LONGEST: usize = 255;

/// A workbook with title, author, client and day; what nobody says is left out.
pub(super) fn book(options: &Options<'_>) -> Result<Workbook, XlsxError> {
    let said = |text: &str| first_units(&visible(text), LONGEST).to_owned();
    let properties = DocProperties::new()
        .set_creation_datetime(&excel_day(options.created)?)
        .set_title(said(options.title))
        .set_author(said(options.author))
        .set_subject(said(options.client))
        .set_company(said(options.client));
    let mut book = Workbook::new();
    book.set_properties(&properties);
    Ok(book)
}

/// A day that Excel can hold; earlier and later ones become its first and last.
pub(super) fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = day.year().clamp(1900, 9999).unsigned_abs();
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs())
}
