//! Workbooks: the same rows as the CSV files, in cells that a spreadsheet cannot misread.

mod frame;
mod looks;
pub mod patch;
mod plan;
mod properties;
pub(crate) mod raw;
pub mod renew;
mod stream;
mod summary;
pub mod work;

pub use plan::{PLAN_FILE, plan};

use crate::model::Assessment;
use crate::render::csv::{self, MOST_ROWS};
use crate::render::theme::Colours;
use crate::table::columns::{self, AT, Column, Kind, Owner};
use crate::table::family::FAMILY;
use crate::table::rows::{self, is_finding_id};
use crate::table::{Row, Table};
use crate::text::cut::first_units;
use crate::text::visible::printable;
use crate::text::wording::Wording;
use frame::{frame, tracker_frame};
use jiff::civil::Date;
use looks::{DAY, HUMAN, KEY, LINK, Looks, MACHINE, NUMBER, Style, WORDS};
use properties::book;
use rust_xlsxwriter::{Url, Workbook, Worksheet, XlsxError, utility::column_number_to_name as column_name};
use std::borrow::Cow;

/// Most links of a sheet (Excel: 65,530). Later rows have plain ids.
const MOST_LINKS: usize = 65_000;
/// Longest text of a cell in UTF-16 units, Excel's own limit.
const LONGEST_TEXT: usize = 32_767;

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

/// A workbook with the sheets work, summary, findings, criteria, population, oauth chapter (`family.csv`) and lists. Fails when the writer refuses
/// something; no known input makes it.
pub fn workbook(
    assessments: &[&Assessment],
    wording: &Wording,
    options: &Options<'_>,
) -> Result<Vec<u8>, WorkbookError> {
    let mut book = book(options)?;
    let looks = Looks::new(&options.colours);
    let mut tables = rows::tables(assessments, wording, options.all);
    if let Some(work) = tables.first_mut() {
        work::by_severity(work);
    }
    let mut filled = Vec::new();
    let mut tables_left = tables.iter();
    if let Some(table) = tables_left.next() {
        sheets(&mut book, (&table.name, table), &looks, wording, options, &mut filled)?;
    }
    let work = filled.first().map(|(_, sheet): &(usize, Sheet<'_>)| sheet);
    summary::write(book.add_worksheet(), assessments, work, wording, &looks, &options.colours)?;
    if let Some(table) = tables.first() {
        sheets(&mut book, (work::STATED, table), &looks, wording, options, &mut filled)?;
    }
    for table in tables_left {
        sheets(&mut book, (&table.name, table), &looks, wording, options, &mut filled)?;
    }
    if let Some(document) = assessments.first().map(|first| &first.document) {
        // An ampersand begins a code in headers, and one of more than 255 characters is refused.
        let plain = |text: &str| text.chars().take(100).collect::<String>().replace('&', "&&");
        let header = format!("&L{}&R{}", plain(&document.client), plain(&document.classification));
        for sheet in book.worksheets_mut() {
            sheet.set_header(&header);
        }
    }
    finish(book, &looks, wording, &filled)
}

/// A tracker that has been merged, as a workbook with the sheets work, findings and lists. Fails when the writer refuses
/// something; no known input makes it.
pub fn tracker(table: &Table<'_>, wording: &Wording, options: &Options<'_>) -> Result<Vec<u8>, WorkbookError> {
    let mut book = book(options)?;
    let looks = Looks::new(&options.colours);
    let mut filled = Vec::new();
    sheets(&mut book, (&table.name, table), &looks, wording, options, &mut filled)?;
    sheets(&mut book, (work::STATED, table), &looks, wording, options, &mut filled)?;
    finish(book, &looks, wording, &filled)
}

fn finish(
    mut book: Workbook,
    looks: &Looks,
    wording: &Wording,
    filled: &[(usize, Sheet<'_>)],
) -> Result<Vec<u8>, WorkbookError> {
    lists(book.add_worksheet(), looks, wording)?;
    Ok(stream::fill(&book.save_to_buffer()?, filled)?)
}

/// A sheet whose rows are still to be written.
struct Sheet<'a> {
    fields: Vec<Field<'a>>,
    /// Names of its columns in a spreadsheet: `A`, `B`, …
    letters: Vec<String>,
    rows: Vec<&'a Row<'a>>,
    words: Vec<&'static str>,
    linked: bool,
    /// The day of stored results of formulas.
    today: Date,
}

/// What a cell holds.
enum Cell<'a> {
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// A formula, and its result on the day of the workbook: a number, or an empty text.
    Formula(String, Option<i32>),
}

/// Where the cells of a column of a sheet come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The cell of the row at this place.
    Cell(usize),
    /// Days to the due date.
    DaysLeft,
    /// Days since the first sight.
    Age,
}

/// The columns of a table.
fn definitions(table: &str) -> &'static [Column] {
    match table {
        "criteria" => columns::CRITERIA,
        "population" => &columns::POPULATION,
        "family" => FAMILY,
        _ => &columns::FINDINGS,
    }
}

/// The columns of a sheet that shows a table, or the findings of a tracker.
fn fields<'a>(name: &str, table: &'a Table<'_>) -> Vec<Field<'a>> {
    if name == work::STATED {
        return work::stated(&table.header);
    }
    let fields = table.header.iter().map(|heading| Field::of(&heading.name, definitions(name))).zip(0..);
    fields.map(|(field, at)| Field { source: Source::Cell(at), ..field }).collect()
}

/// One sheet for a table, or several when it has more rows than a sheet holds. `name` is that of the table, or of what is
/// shown of it: the findings of a tracker.
fn sheets<'a>(
    book: &mut Workbook,
    (name, table): (&str, &'a Table<'a>),
    looks: &Looks,
    wording: &Wording,
    options: &Options<'_>,
    filled: &mut Vec<(usize, Sheet<'a>)>,
) -> Result<(), XlsxError> {
    let tracker = name == "findings";
    let rows: Vec<&'a Row<'a>> = if name == work::STATED { work::findings(table) } else { table.rows.iter().collect() };
    for part in 0..=rows.len().saturating_sub(1) / (MOST_ROWS - 1) {
        let rows = rows.iter().copied().skip(part * (MOST_ROWS - 1)).take(MOST_ROWS - 1);
        let rows: Vec<&'a Row<'a>> = rows.collect();
        let fields = if tracker { work::fields(table, wording) } else { fields(name, table) };
        let number = book.worksheets().len() + 1;
        let sheet = book.add_worksheet();
        let title = wording.word(&format!("sheet.name.{name}"));
        let title = if part == 0 { title } else { format!("{title}-{}", part + 1) };
        sheet.set_name(title)?;
        frame(sheet, &fields, rows.len(), looks, wording)?;
        if tracker {
            tracker_frame(sheet, &fields, looks, wording)?;
            sheet.set_active(part == 0);
        }
        let linked = !options.report.is_empty() && fields.iter().any(|field| field.id);
        sample(sheet, looks, options, linked && !rows.is_empty())?;
        let letters = (0..fields.len()).map(|at| column_name(u16::try_from(at).unwrap_or(u16::MAX)));
        let words = looks.words.iter().map(|(word, _)| *word).collect();
        let letters = letters.collect();
        filled.push((number, Sheet { letters, fields, rows, words, linked, today: options.created }));
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
    let at = sheet.fields.iter().position(|field| field.id).unwrap_or_default();
    let letter = sheet.letters.get(at).map_or("A", String::as_str);
    let cells = sheet.rows.iter().zip(2usize..).take(MOST_LINKS);
    cells.filter_map(move |(row, number)| {
        let id = Some(sheet.text(row, at)).filter(|id| is_finding_id(id))?;
        Some((format!("{letter}{number}"), id.to_lowercase()))
    })
}

/// What a cell of a tracker holds when it is set in a workbook that people have. Days are told apart from texts there,
/// by the look of the cell.
#[must_use]
pub fn value(heading: &str, cell: &str, see: &str) -> patch::Value {
    let field = Field::of(heading, &columns::FINDINGS);
    match field.column.map(|column| column.kind) {
        _ if cell.is_empty() => patch::Value::Empty,
        Some(Kind::Number) if cell.parse::<f64>().is_ok_and(f64::is_finite) => patch::Value::Number(cell.to_owned()),
        Some(Kind::Date) if field.human => match cell.parse::<Date>().ok().and_then(serial_of) {
            Some(serial) => patch::Value::Day(serial, cell.to_owned()),
            None => patch::Value::Text(text(cell, true, see).into_owned()),
        },
        _ => patch::Value::Text(text(cell, field.human, see).into_owned()),
    }
}

impl Sheet<'_> {
    /// The text of a row in a column of the sheet.
    fn text<'r>(&self, row: &'r Row<'_>, at: usize) -> &'r str {
        match self.fields.get(at).map(|field| field.source) {
            Some(Source::Cell(place)) => row.cells.get(place).map_or("", AsRef::as_ref),
            _ => "",
        }
    }

    /// The formula of a calculated column in a row, and what it comes to on the day of the workbook.
    fn formula(&self, row: &Row<'_>, number: u32, source: Source) -> Option<Cell<'_>> {
        let column = |name: &str| self.fields.iter().position(|field| field.is(name));
        let letters = |name: &str| column(name).and_then(|at| self.letters.get(at).cloned());
        let formula = work::formula(source, number, letters)?;
        let day = |name: &str| column(name).and_then(|at| self.text(row, at).parse::<Date>().ok());
        let days = |from: Date, to: Date| from.until((jiff::Unit::Day, to)).ok().map(|span| span.get_days());
        let result = match source {
            Source::DaysLeft => day("due_date").and_then(|due| days(self.today, due)),
            Source::Age => day("first_seen").and_then(|first| days(first, self.today)),
            Source::Cell(_) => None,
        };
        Some(Cell::Formula(formula, result))
    }

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
    /// Name of the column.
    name: &'a str,
    /// What it is called, where that is something else.
    called: Option<String>,
    /// Where its cells come from.
    source: Source,
    /// It is folded away.
    folded: bool,
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
            name: heading,
            called: None,
            source: Source::Cell(usize::MAX),
            folded: false,
            column,
            human: column.is_none_or(|column| column.owner == Owner::Human) && !work::is_calculated(heading),
            id: is_named(heading, AT.finding_id),
            colour: is_named(heading, AT.severity) || is_named(heading, AT.result) || heading == "outcome",
        }
    }

    fn called(self, called: Option<String>) -> Self {
        Self { called, ..self }
    }

    fn is(&self, name: &str) -> bool {
        self.name == name
    }

    fn heading(&self) -> &str {
        self.called.as_deref().unwrap_or(self.name)
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
fn lists(sheet: &mut Worksheet, looks: &Looks, wording: &Wording) -> Result<(), XlsxError> {
    sheet.set_name(wording.word("sheet.name.lists"))?;
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
