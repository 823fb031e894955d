//! Workbooks: the same rows as the CSV files, in cells that a spreadsheet cannot misread.

mod plan;
mod properties;
mod stream;
mod summary;

pub use plan::{PLAN_FILE, plan};

use crate::drawing::Ink;
use crate::model::Assessment;
use crate::render::csv::{self, MOST_ROWS};
use crate::render::theme::{Colours, Rgb};
use crate::table::columns::{self, AT, Column, Kind, Owner};
use crate::table::family::FAMILY;
use crate::table::rows::{self, is_finding_id};
use crate::table::{Row, Table};
use crate::text::cut::first_units;
use crate::text::visible::printable;
use crate::text::wording::Wording;
use jiff::civil::Date;
use properties::book;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign,
    FormatBorder, FormatUnderline, Formula, ProtectionOptions, Url, Workbook, Worksheet, XlsxError,
    utility::column_number_to_name as column_name,
};
use std::borrow::Cow;

/// Most links of a sheet (Excel: 65,530). Later rows have plain ids.
const MOST_LINKS: usize = 65_000;
/// Excel's number of the paper size.
const A4: u8 = 9;
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
    /// Colours of the theme.
    pub colours: Colours,
    /// Title in the document properties.
    pub title: &'a str,
    /// Who prepared it; empty when nobody says.
    pub author: &'a str,
    /// Whom it is for; empty when nobody says.
    pub client: &'a str,
}

/// A workbook that could not be made; no known input leads to it.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The writer of the frame refused something.
    #[error("workbook: {0}")]
    Frame(#[from] XlsxError),
    /// The archive could not be put together.
    #[error("workbook: {0}")]
    Archive(#[from] std::io::Error),
}

/// A workbook with the sheets summary, findings, criteria, population, oauth chapter (`family.csv`) and lists. Fails when the writer refuses
/// something; no known input makes it.
pub fn workbook(
    assessments: &[&Assessment],
    wording: &Wording,
    options: &Options<'_>,
) -> Result<Vec<u8>, WorkbookError> {
    let mut book = book(options)?;
    let looks = Looks::new(&options.colours);
    summary::write(book.add_worksheet(), assessments, wording, &looks, &options.colours)?;
    let tables = rows::tables(assessments, wording, options.all);
    let mut filled = Vec::new();
    for table in &tables {
        sheets(&mut book, table, &looks, wording, options, &mut filled)?;
    }
    finish(book, &looks, &filled)
}

/// A tracker that has been merged, as a workbook with the sheets findings and lists. Fails when the writer refuses
/// something; no known input makes it.
pub fn tracker(table: &Table<'_>, wording: &Wording, options: &Options<'_>) -> Result<Vec<u8>, WorkbookError> {
    let mut book = book(options)?;
    let looks = Looks::new(&options.colours);
    let mut filled = Vec::new();
    sheets(&mut book, table, &looks, wording, options, &mut filled)?;
    finish(book, &looks, &filled)
}

fn finish(mut book: Workbook, looks: &Looks, filled: &[(usize, Sheet<'_>)]) -> Result<Vec<u8>, WorkbookError> {
    lists(book.add_worksheet(), looks)?;
    Ok(stream::fill(&book.save_to_buffer()?, filled)?)
}

/// Formats of the whole workbook.
struct Looks {
    title: Format,
    quiet: Format,
    count: Format,
    head: Format,
    human_head: Format,
    machine: Format,
    /// Machine cells that stay on one line: ids, words, days.
    key: Format,
    human: Format,
    link: Format,
    number: Format,
    day: Format,
    words: [(&'static str, Format); 8],
}

/// Place of a style in the sample row of a sheet.
#[derive(Clone, Copy)]
struct Style(usize);

const MACHINE: Style = Style(0);
const HUMAN: Style = Style(1);
const LINK: Style = Style(2);
const NUMBER: Style = Style(3);
const DAY: Style = Style(4);
const KEY: Style = Style(5);
/// The first of the words that have a colour.
const WORDS: usize = 6;

impl Looks {
    fn new(colours: &Colours) -> Self {
        let (accent, rule, panel) = (colour(colours.accent), colour(colours.rule), colour(colours.panel));
        let cell = Format::new()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(rule);
        let key = cell.clone().set_background_color(panel);
        let machine = key.clone().set_text_wrap();
        let human = cell.set_unlocked().set_text_wrap();
        let head = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(accent)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        Self {
            title: Format::new().set_bold().set_font_size(18).set_font_color(accent),
            quiet: Format::new().set_font_color(colour(colours.muted)),
            count: Format::new()
                .set_num_format("#,##0")
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(rule),
            human_head: head.clone().set_background_color(colour(colours.pass)),
            head,
            link: key.clone().set_font_color(colour(colours.accent)).set_underline(FormatUnderline::Single),
            number: key.clone().set_num_format("General"),
            day: human.clone().set_num_format("yyyy-mm-dd"),
            words: [
                // Darker than `high`, which has the same colour.
                ("critical", filled(&key, colours.fail.over(Rgb(0, 0, 0), 0.78), colours.mixed(Ink::Fail, 0.3))),
                ("high", tinted(&key, colours, Ink::Fail)),
                ("medium", tinted(&key, colours, Ink::NotEvaluable)),
                ("low", tinted(&key, colours, Ink::Review)),
                ("fail", tinted(&key, colours, Ink::Fail)),
                ("not_evaluable", tinted(&key, colours, Ink::NotEvaluable)),
                ("review", tinted(&key, colours, Ink::Review)),
                ("pass", tinted(&key, colours, Ink::Pass)),
            ],
            machine,
            key,
            human,
        }
    }

    /// Styles in the order of their [`Style`].
    fn inks(&self) -> impl Iterator<Item = &Format> {
        let plain = [&self.machine, &self.human, &self.link, &self.number, &self.day, &self.key];
        plain.into_iter().chain(self.words.iter().map(|(_, look)| look))
    }
}

pub(super) fn colour(Rgb(red, green, blue): Rgb) -> Color {
    Color::RGB(u32::from_be_bytes([0, red, green, blue]))
}

/// Dark ink on light paper, so that the word reads in print and for every eye; colour is a second sign.
fn tinted(cell: &Format, colours: &Colours, ink: Ink) -> Format {
    let (ink, tint) = (colours.of(ink), colours.mixed(ink, 0.14));
    filled(cell, ink, if ink.contrast(tint) < 4.5 { colours.panel } else { tint })
}

fn filled(cell: &Format, ink: Rgb, paper: Rgb) -> Format {
    cell.clone().set_bold().set_font_color(colour(ink)).set_background_color(colour(paper))
}

/// A sheet whose rows are still to be written.
struct Sheet<'a> {
    fields: Vec<Field<'a>>,
    /// Names of its columns in a spreadsheet: `A`, `B`, …
    letters: Vec<String>,
    rows: &'a [Row<'a>],
    words: Vec<&'static str>,
    linked: bool,
}

/// What a cell holds.
enum Cell<'a> {
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
}

/// One sheet for a table, or several when it has more rows than a sheet holds.
fn sheets<'a>(
    book: &mut Workbook,
    table: &'a Table<'a>,
    looks: &Looks,
    wording: &Wording,
    options: &Options<'_>,
    filled: &mut Vec<(usize, Sheet<'a>)>,
) -> Result<(), XlsxError> {
    let definitions = match table.name.as_str() {
        "criteria" => columns::CRITERIA,
        "population" => &columns::POPULATION,
        "family" => FAMILY,
        _ => &columns::FINDINGS,
    };
    let tracker = table.name == "findings";
    for part in 0..=table.rows.len().saturating_sub(1) / (MOST_ROWS - 1) {
        let start = part * (MOST_ROWS - 1);
        let rows = table.rows.get(start..).unwrap_or_default();
        let rows = rows.get(..MOST_ROWS - 1).unwrap_or(rows);
        let fields: Vec<Field<'a>> = table.header.iter().map(|heading| Field::of(&heading.name, definitions)).collect();
        let number = book.worksheets().len() + 1;
        let sheet = book.add_worksheet();
        let name = if table.name == "family" { "oauth chapter" } else { &table.name };
        let name = if part == 0 { name.to_owned() } else { format!("{name}-{}", part + 1) };
        sheet.set_name(name)?;
        frame(sheet, &fields, rows.len(), looks, wording)?;
        if tracker {
            protect(sheet, &fields, looks)?;
        }
        let linked = !options.report.is_empty() && fields.iter().any(|field| field.id);
        sample(sheet, looks, options, linked && !rows.is_empty())?;
        let letters = (0..fields.len()).map(|at| column_name(u16::try_from(at).unwrap_or(u16::MAX)));
        let words = looks.words.iter().map(|(word, _)| *word).collect();
        filled.push((number, Sheet { letters: letters.collect(), fields, rows, words, linked }));
    }
    Ok(())
}

/// The row that shows the numbers of the styles, with one link; the rows of the table take its place.
fn sample(sheet: &mut Worksheet, looks: &Looks, options: &Options<'_>, linked: bool) -> Result<(), XlsxError> {
    for (look, at) in looks.inks().zip(0u16..) {
        sheet.write_blank(1, at, look)?;
    }
    if linked {
        let target = format!("file:///{}#finding", options.report);
        sheet.write_url_with_options(1, LINK.0 as u16, Url::new(target), " ", "", Some(&looks.link))?;
    }
    Ok(())
}

/// Cells that are links, with their anchors: the ids in lower case.
fn links<'a>(sheet: &'a Sheet<'_>) -> impl Iterator<Item = (String, String)> + 'a {
    let place = sheet.fields.iter().position(|field| field.id).unwrap_or_default();
    let letter = sheet.letters.get(place).map_or("A", String::as_str);
    let cells = sheet.rows.iter().zip(2usize..).take(MOST_LINKS);
    cells.filter_map(move |(row, number)| {
        let id = row.cells.get(place).filter(|id| is_finding_id(id))?;
        Some((format!("{letter}{number}"), id.to_lowercase()))
    })
}

impl Sheet<'_> {
    fn cell<'c>(&self, cell: &'c str, field: &Field<'_>, see: &str) -> (Cell<'c>, Style) {
        match field.column.map(|column| column.kind) {
            Some(Kind::Number) if cell.parse::<f64>().is_ok_and(f64::is_finite) => {
                return (Cell::Number(cell.into()), NUMBER);
            }
            Some(Kind::Date) if field.human => {
                if let Some(serial) = cell.parse::<Date>().ok().and_then(serial_of) {
                    return (Cell::Number(serial.to_string().into()), DAY);
                }
            }
            _ => {}
        }
        let ink = if field.colour {
            self.words.iter().position(|word| *word == cell).map_or(KEY, |at| Style(WORDS + at))
        } else if field.id && self.linked && is_finding_id(cell) {
            LINK
        } else if field.human {
            HUMAN
        } else if field.wraps() {
            MACHINE
        } else {
            KEY
        };
        (Cell::Text(text(cell, field.human, see)), ink)
    }
}

/// A column of a sheet: one of ours, or one that people added.
struct Field<'a> {
    heading: &'a str,
    column: Option<&'static Column>,
    /// It belongs to people.
    human: bool,
    /// It holds finding ids.
    id: bool,
    /// Its words have colours.
    colour: bool,
}

impl<'a> Field<'a> {
    fn of(heading: &'a str, definitions: &'static [Column]) -> Self {
        let column = definitions.iter().find(|column| column.name == heading);
        Self {
            heading,
            column,
            human: column.is_none_or(|column| column.owner == Owner::Human),
            id: is_named(heading, AT.finding_id),
            colour: is_named(heading, AT.severity) || is_named(heading, AT.result) || heading == "outcome",
        }
    }

    /// Whether long texts of the column go over several lines.
    fn wraps(&self) -> bool {
        self.column.is_none_or(|column| matches!(column.kind, Kind::Text))
    }

    fn width(&self) -> u8 {
        self.column.map_or(20, |column| column.width)
    }
}

/// Whether a heading is that of a column of the tracker.
fn is_named(heading: &str, place: usize) -> bool {
    columns::FINDINGS.get(place).is_some_and(|column| column.name == heading)
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
        let head = if field.human { &looks.human_head } else { &looks.head };
        sheet.write_string_with_format(0, at, field.heading, head)?;
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
        if frozen == at && matches!(field.heading, "finding_id" | "org_key") {
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
    let width: usize = fields.iter().map(|field| usize::from(field.width())).sum();
    let pages = u16::try_from(width.div_ceil(CHARACTERS_OF_A_PAGE).max(1)).unwrap_or(u16::MAX);
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(pages, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&L&A&R&P / &N").set_repeat_rows(0, 0)?;
    if pages > 1 && fields.first().is_some_and(|field| field.id) {
        sheet.set_repeat_columns(0, 0)?;
    }
    Ok(())
}

/// Machine cells are locked without a password: a fence against accidents, not against people.
fn protect(sheet: &mut Worksheet, fields: &[Field<'_>], looks: &Looks) -> Result<(), XlsxError> {
    for (field, at) in fields.iter().zip(0u16..) {
        let Some(column) = field.column.filter(|_| field.human) else { continue };
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

/// Serial number of a day in Excel's 1900 system; days before 1900-03-01 have none that spreadsheets agree on.
fn serial_of(day: Date) -> Option<i32> {
    let days = Date::new(1899, 12, 30).ok()?.until((jiff::Unit::Day, day)).ok()?.get_days();
    (days >= 61).then_some(days)
}

/// A text as a cell of a workbook. It is guarded as in CSV although it is typed as text: people save workbooks as CSV.
fn text<'a>(cell: &'a str, human: bool, see: &str) -> Cow<'a, str> {
    let text = printable(cell);
    let text = if human { text } else { csv::cut(text, see) };
    let text = csv::guarded(text);
    // A text has at most as many UTF-16 units as bytes.
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return text;
    }
    Cow::Owned(first_units(&text, LONGEST_TEXT).to_owned())
}

/// Words of the drop-down lists.
fn lists(sheet: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name("lists")?;
    let lists = columns::FINDINGS
        .iter()
        .filter(|column| column.owner == Owner::Human)
        .filter_map(|column| Some((column.name, column.kind.words()?)));
    for ((name, words), at) in lists.zip(0..) {
        sheet.write_string_with_format(0, at, name, &looks.head)?;
        sheet.set_column_width(at, 34)?;
        for (word, row) in words.iter().zip(1..) {
            sheet.write_string(row, at, *word)?;
        }
    }
    sheet.protect();
    Ok(())
}
