//! Workbooks: the same rows as the CSV files, in cells that a spreadsheet cannot misread.

mod summary;

use crate::assessment::Assessment;
use crate::render::csv::{self, MOST_ROWS};
use crate::tracker::columns::{self, Column, Kind, Owner};
use crate::tracker::rows;
use crate::tracker::table::{Row, Table};
use crate::tracker::{Tracker, columns::at};
use crate::wording::Wording;
use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, FormatUnderline, Formula, ProtectionOptions, Url, Workbook, Worksheet, XlsxError,
};

/// Most links of a sheet (Excel: 65,530). Later rows have plain ids.
const MOST_LINKS: usize = 65_000;
/// Longest text of a cell in UTF-16 units, Excel's own limit.
const LONGEST_TEXT: usize = 32_767;
/// Free columns at the right of a protected sheet for people's own.
const FREE_COLUMNS: u16 = 40;

/// How a workbook is written, besides its rows.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Day in the document properties: the as-of day, never the clock.
    pub created: Date,
    /// Lists every app, not only those that do not pass.
    pub all: bool,
    /// HTML report beside the workbook that finding ids link to; empty for no links.
    pub report: &'a str,
}

/// A workbook with the sheets summary, findings, criteria, population and lists.
///
/// # Errors
/// When the writer refuses something; no known input makes it.
pub fn workbook(assessments: &[&Assessment], wording: &Wording, options: &Options<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = book(options)?;
    let looks = Looks::new();
    summary::write(book.add_worksheet(), assessments, wording, &looks)?;
    for table in &rows::tables(assessments, wording, options.all) {
        sheets(&mut book, table, &looks, wording, options)?;
    }
    lists(book.add_worksheet(), &looks)?;
    book.save_to_buffer()
}

/// A merged tracker as a workbook with the sheets findings and lists.
///
/// # Errors
/// When the writer refuses something; no known input makes it.
pub fn tracker(tracker: &Tracker, wording: &Wording, options: &Options<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = book(options)?;
    let looks = Looks::new();
    sheets(&mut book, &tracker.table(), &looks, wording, options)?;
    lists(book.add_worksheet(), &looks)?;
    book.save_to_buffer()
}

fn book(options: &Options<'_>) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&excel_day(options.created)?));
    Ok(book)
}

/// A day that Excel can hold; earlier and later ones become its first and last.
fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = day.year().clamp(1900, 9999).unsigned_abs();
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs())
}

/// Formats of the whole workbook.
struct Looks {
    title: Format,
    head: Format,
    human_head: Format,
    machine: Format,
    human: Format,
    link: Format,
    number: Format,
    day: Format,
    severities: [(&'static str, Format); 4],
    results: [(&'static str, Format); 4],
}

impl Looks {
    fn new() -> Self {
        let shade = Color::RGB(0x00F2_F2F2);
        let machine = Format::new().set_background_color(shade).set_align(FormatAlign::Top);
        let human = Format::new().set_unlocked().set_align(FormatAlign::Top);
        let head = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x0032_4A5F))
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Thin);
        let filled = |ink: u32, paper: u32| {
            let look = machine.clone().set_bold();
            look.set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(paper))
        };
        Self {
            title: Format::new().set_bold().set_font_size(14),
            human_head: head.clone().set_background_color(Color::RGB(0x001B_6E53)),
            head,
            link: machine.clone().set_font_color(Color::RGB(0x0005_63C1)).set_underline(FormatUnderline::Single),
            number: machine.clone().set_num_format("General"),
            day: human.clone().set_num_format("yyyy-mm-dd"),
            // Dark ink on light paper, so that the word reads in print and for every eye; colour is a second sign.
            severities: [
                ("critical", filled(0x0070_0016, 0x00F4_B6BE)),
                ("high", filled(0x008A_2E00, 0x00FB_D5BF)),
                ("medium", filled(0x0066_4B00, 0x00FB_E8A6)),
                ("low", filled(0x0018_4E77, 0x00CF_E4F5)),
            ],
            results: [
                ("fail", filled(0x0070_0016, 0x00F4_B6BE)),
                ("not_evaluable", filled(0x0040_2A6B, 0x00DD_D3EE)),
                ("review", filled(0x0066_4B00, 0x00FB_E8A6)),
                ("pass", filled(0x000F_5132, 0x00C9_E8D5)),
            ],
            machine,
            human,
        }
    }

    fn of_word<'a>(list: &'a [(&'static str, Format); 4], word: &str) -> Option<&'a Format> {
        list.iter().find(|(known, _)| *known == word).map(|(_, look)| look)
    }
}

/// One sheet for a table, or several when it has more rows than a sheet holds.
fn sheets(
    book: &mut Workbook,
    table: &Table<'_>,
    looks: &Looks,
    wording: &Wording,
    options: &Options<'_>,
) -> Result<(), XlsxError> {
    let definitions = match table.name.as_str() {
        "criteria" => columns::CRITERIA,
        "population" => columns::POPULATION,
        _ => columns::FINDINGS,
    };
    let fields: Vec<Field> = table.header.iter().map(|heading| Field::of(&heading.name, definitions)).collect();
    let tracker = table.name == "findings";
    for part in 0..=table.rows.len().saturating_sub(1) / (MOST_ROWS - 1) {
        let start = part * (MOST_ROWS - 1);
        let rows = table.rows.get(start..).unwrap_or_default();
        let rows = rows.get(..MOST_ROWS - 1).unwrap_or(rows);
        let sheet = book.add_worksheet();
        let name = if part == 0 { table.name.clone() } else { format!("{}-{}", table.name, part + 1) };
        sheet.set_name(name)?;
        frame(sheet, &fields, rows.len(), looks, wording)?;
        if tracker {
            protect(sheet, &fields, looks)?;
        }
        for (row, number) in rows.iter().zip(1u32..) {
            write_row(sheet, number, row, &fields, looks, options)?;
        }
    }
    Ok(())
}

/// A column of a sheet: one of ours, or one that people added.
struct Field<'a> {
    heading: &'a str,
    column: Option<&'static Column>,
}

impl<'a> Field<'a> {
    fn of(heading: &'a str, definitions: &'static [Column]) -> Self {
        Self { heading, column: definitions.iter().find(|column| column.name == heading) }
    }

    fn human(&self) -> bool {
        self.column.is_none_or(|column| column.owner == Owner::Human)
    }

    fn is(&self, place: usize) -> bool {
        self.column.is_some_and(|column| columns::FINDINGS.get(place).is_some_and(|other| other.name == column.name))
    }
}

/// Header, widths, column formats, frozen panes and filter.
fn frame(
    sheet: &mut Worksheet,
    fields: &[Field<'_>],
    rows: usize,
    looks: &Looks,
    wording: &Wording,
) -> Result<(), XlsxError> {
    let mut frozen = 0;
    for (field, at) in fields.iter().zip(0u16..) {
        let head = if field.human() { &looks.human_head } else { &looks.head };
        sheet.write_string_with_format(0, at, field.heading, head)?;
        sheet.set_column_width(at, f64::from(field.column.map_or(20, |column| column.width)))?;
        let look = match field.column.map(|column| column.kind) {
            Some(Kind::Date) if field.human() => &looks.day,
            Some(Kind::Number) => &looks.number,
            _ if field.human() => &looks.human,
            _ => &looks.machine,
        };
        sheet.set_column_format(at, look)?;
        if let Some(column) = field.column {
            // Excel shows at most 255 characters of a prompt.
            let about: String = column.about(wording).chars().take(250).collect();
            sheet.insert_note(0, at, &rust_xlsxwriter::Note::new(about).add_author_prefix(false))?;
        }
        if frozen == at && matches!(field.heading, "finding_id" | "org_key") {
            frozen = at + 1;
        }
    }
    sheet.set_freeze_panes(1, frozen)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?;
    let last = u16::try_from(fields.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, u32::try_from(rows).unwrap_or(u32::MAX), last)?;
    Ok(())
}

/// Machine cells are locked without a password: a fence against accidents, not against people.
fn protect(sheet: &mut Worksheet, fields: &[Field<'_>], looks: &Looks) -> Result<(), XlsxError> {
    for (field, at) in fields.iter().zip(0u16..) {
        let Some(column) = field.column.filter(|_| field.human()) else { continue };
        let last = u32::try_from(MOST_ROWS).unwrap_or(u32::MAX);
        if let Some(rule) = validation(column)? {
            sheet.add_data_validation(1, at, last, at, &rule)?;
        }
    }
    let end = u16::try_from(fields.len()).unwrap_or(u16::MAX);
    if let Some(last) = end.checked_add(FREE_COLUMNS).filter(|last| *last < 16_384) {
        sheet.set_column_range_format(end, last, &looks.human)?;
    }
    sheet.protect_with_options(&ProtectionOptions {
        sort: true,
        use_autofilter: true,
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_columns: true,
        insert_rows: true,
        insert_links: true,
        ..ProtectionOptions::default()
    });
    Ok(())
}

fn validation(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let rule = match column.kind {
        Kind::Words(words) => {
            let (letter, last) = (if column.name == "status" { 'A' } else { 'B' }, words().len() + 1);
            let list = Formula::new(format!("=lists!${letter}$2:${letter}${last}"));
            DataValidation::new()
                .allow_list_formula(list)
                .set_error_title("Not in the list")?
                .set_error_message("Choose one of the words of the list.")?
        }
        Kind::Date => {
            let (first, last) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
            DataValidation::new()
                .allow_date(DataValidationRule::Between(first, last))
                .set_error_title("Not a day")?
                .set_error_message("Write a day, such as 2026-11-23.")?
        }
        _ => return Ok(None),
    };
    // A person may insist: the next check of the tracker names what it cannot read.
    Ok(Some(rule.set_error_style(DataValidationErrorStyle::Warning)))
}

fn write_row(
    sheet: &mut Worksheet,
    number: u32,
    row: &Row<'_>,
    fields: &[Field<'_>],
    looks: &Looks,
    options: &Options<'_>,
) -> Result<(), XlsxError> {
    for ((cell, field), at) in row.cells.iter().zip(fields).zip(0u16..) {
        if cell.is_empty() {
            continue;
        }
        let kind = field.column.map(|column| column.kind);
        if let (Some(Kind::Number), Ok(value)) = (kind, cell.parse::<f64>()) {
            sheet.write_number(number, at, value)?;
            continue;
        }
        if let (Some(Kind::Date), true, Ok(day)) = (kind, field.human(), cell.parse::<Date>()) {
            sheet.write_datetime(number, at, excel_day(day)?)?;
            continue;
        }
        let text = text(cell, field.human(), &row.see);
        let look = if field.is(at::SEVERITY) {
            Looks::of_word(&looks.severities, cell)
        } else if field.is(at::RESULT) {
            Looks::of_word(&looks.results, cell)
        } else {
            None
        };
        let linked = field.is(at::FINDING_ID) && !options.report.is_empty() && (number as usize) < MOST_LINKS;
        match look {
            _ if linked && crate::tracker::read::is_finding_id(cell) => {
                let target = format!("file:///{}#{}", options.report, cell.to_lowercase());
                sheet.write_url_with_options(number, at, Url::new(target), text, "", Some(&looks.link))?;
            }
            Some(look) => drop(sheet.write_string_with_format(number, at, text, look)?),
            None => drop(sheet.write_string(number, at, text)?),
        }
    }
    Ok(())
}

/// A text as a cell of a workbook. It is guarded as in CSV although it is typed as text: people save workbooks as CSV.
fn text(cell: &str, human: bool, see: &str) -> String {
    let text = csv::printable(cell);
    let text = if human { text } else { csv::cut(text, see) };
    let text = csv::guarded(text);
    // A text has at most as many UTF-16 units as bytes.
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return text.into_owned();
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= LONGEST_TEXT
    };
    text.chars().take_while(fits).collect()
}

/// Words of the drop-down lists.
fn lists(sheet: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name("lists")?;
    for (column, at) in
        columns::FINDINGS.iter().filter(|column| column.owner == Owner::Human).filter_map(words).zip(0..)
    {
        let (name, words) = column;
        sheet.write_string_with_format(0, at, name, &looks.head)?;
        sheet.set_column_width(at, 34)?;
        for (word, row) in words.iter().zip(1..) {
            sheet.write_string(row, at, *word)?;
        }
    }
    sheet.protect();
    Ok(())
}

fn words(column: &Column) -> Option<(&'static str, Vec<&'static str>)> {
    match column.kind {
        Kind::Words(words) => Some((column.name, words())),
        _ => None,
    }
}
