//! The plan of action and milestones in FedRAMP's own workbook: sheet, heading row and lists as in the template, so that
//! what reads the template reads this.

use super::properties::{book, excel_day};
use super::{Options, WorkbookError, serial_of, text};
use crate::table::Row;
use crate::table::profiles::{Field, Profile, Shape};
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Worksheet, XlsxError};

/// Name of the file.
pub const PLAN_FILE: &str = "poam.xlsx";
const SHEET: &str = "Open POA&M Items";
const TITLE: &str = "FedRAMP Plan of Action and Milestones (POA&M) Template";
/// The lines above the list: whose system it is, and of which day.
const ABOUT: [&str; 4] = ["CSP", "System Name", "Impact Level", "POAM Date"];
/// Row of the headings, counted from 0; the items follow.
const HEADINGS: u32 = 4;
/// Most items of a sheet below its headings.
const MOST_ITEMS: usize = 1_048_576 - HEADINGS as usize - 1;

/// The items of a plan as a workbook. `system` is what was reviewed. Fails when the writer refuses something; no known
/// input makes it.
pub fn plan(rows: &[Row<'_>], system: &str, options: &Options<'_>) -> Result<Vec<u8>, WorkbookError> {
    let mut book = book(options)?;
    let looks = Looks::new();
    for (part, items) in parts(rows).into_iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(if part == 0 { SHEET.to_owned() } else { format!("{SHEET} {}", part + 1) })?;
        head(sheet, system, options, &looks)?;
        list(sheet, items, &looks)?;
    }
    Ok(book.save_to_buffer()?)
}

/// The items of each sheet; one sheet where there are none.
fn parts<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r [Row<'a>]> {
    if rows.is_empty() { vec![rows] } else { rows.chunks(MOST_ITEMS).collect() }
}

struct Looks {
    head: Format,
    text: Format,
    day: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        let day = text.clone().set_num_format("yyyy-mm-dd");
        Self { head: Format::new().set_bold().set_text_wrap(), text, day }
    }
}

fn head(sheet: &mut Worksheet, system: &str, options: &Options<'_>, looks: &Looks) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, TITLE, &looks.head)?;
    for (label, at) in ABOUT.iter().zip(0u16..) {
        sheet.write_string_with_format(1, at, *label, &looks.head)?;
    }
    // The impact level is the provider's to say.
    sheet.write_string(2, 0, text(options.client, false, ""))?;
    sheet.write_string(2, 1, text(system, false, ""))?;
    sheet.write_datetime_with_format(2, 3, excel_day(options.created)?, &looks.day)?;
    Ok(())
}

fn list(sheet: &mut Worksheet, items: &[Row<'_>], looks: &Looks) -> Result<(), XlsxError> {
    let last = HEADINGS + u32::try_from(items.len()).unwrap_or(u32::MAX).max(1);
    for (field, at) in Profile::Poam.fields().iter().zip(0u16..) {
        sheet.write_string_with_format(HEADINGS, at, field.heading, &looks.head)?;
        sheet.set_column_width(at, width(field))?;
        if let Shape::Words(words) = field.shape {
            let rule = DataValidation::new().allow_list_strings(words)?;
            sheet.add_data_validation(HEADINGS + 1, at, last, at, &rule)?;
        }
        for (row, number) in items.iter().zip(HEADINGS + 1..) {
            let cell = row.cells.get(usize::from(at)).map_or("", |cell| cell.as_ref());
            let day = (field.shape == Shape::Date).then(|| cell.parse().ok().and_then(serial_of)).flatten();
            match day {
                Some(serial) => sheet.write_number_with_format(number, at, f64::from(serial), &looks.day)?,
                None if cell.is_empty() => sheet,
                None => sheet.write_string_with_format(number, at, text(cell, false, &row.see), &looks.text)?,
            };
        }
    }
    sheet.set_freeze_panes(HEADINGS + 1, 1)?;
    Ok(())
}

fn width(field: &Field) -> f64 {
    match field.heading {
        "Weakness Description" | "Overall Remediation Plan" | "Deviation Rationale" => 60.0,
        "Weakness Name" | "Comments" | "Supporting Documents" => 40.0,
        _ => 18.0,
    }
}
