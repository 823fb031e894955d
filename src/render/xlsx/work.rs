//! The sheet to work on: which columns of a tracker come first, what they are called, and what is folded away.

use super::{Field, Source};
use crate::table::Table;
use crate::table::columns::{Column, FINDINGS};
use crate::table::narrow::WORKED_ON;
use crate::text::wording::{Wording, languages};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Columns of formulas, which no other file has; they stand behind the due date.
const CALCULATED: [(&str, Source); 2] = [("days_left", Source::DaysLeft), ("age", Source::Age)];

/// The last column that stays in sight when the sheet is moved.
pub(super) const FROZEN: &str = "app_api_name";

/// The columns of a tracker as its sheet shows them: those to work with, people's own, and the detail, folded away.
pub(super) fn fields<'a>(table: &'a Table<'a>, wording: &Wording) -> Vec<Field<'a>> {
    let place = |name: &str| table.header.iter().position(|heading| heading.name == name);
    let mut fields = Vec::new();
    let mut show = |name: &'static str, source: Source| {
        fields.push(Field { source, ..Field::of(name, &FINDINGS).called(heading(wording, name)) });
    };
    for name in WORKED_ON {
        if let Some(at) = place(name) {
            show(name, Source::Cell(at));
        }
        if name == "due_date" {
            CALCULATED.iter().for_each(|(name, source)| show(name, *source));
        }
    }
    let rest = || (0..).zip(&table.header).filter(|(_, heading)| !WORKED_ON.contains(&heading.name.as_str()));
    let known = |name: &str| FINDINGS.iter().any(|column| column.name == name);
    for (at, own) in rest().filter(|(_, heading)| !known(&heading.name) && !is_calculated(&heading.name)) {
        fields.push(Field { source: Source::Cell(at), ..Field::of(&own.name, &FINDINGS) });
    }
    for (at, detail) in rest().filter(|(_, heading)| known(&heading.name)) {
        let field = Field::of(&detail.name, &FINDINGS).called(heading(wording, &detail.name));
        fields.push(Field { source: Source::Cell(at), folded: true, ..field });
    }
    fields
}

/// What a column is called for people; its own name where it has no other.
fn heading(wording: &Wording, name: &str) -> Option<String> {
    wording.raw(&format!("heading.{name}")).map(str::to_owned)
}

/// Names of columns by what they are called for people, in lower case, in every language.
static CALLED: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let mut called = BTreeMap::new();
    for wording in languages().into_iter().filter_map(|language| Wording::load(language).ok()) {
        let columns = FINDINGS.iter().map(|column| column.name).chain(CALCULATED.iter().map(|(name, _)| *name));
        for name in columns {
            called.extend(heading(&wording, name).map(|heading| (heading.to_lowercase(), name)));
        }
    }
    called
});

/// The column of the tracker, or the formula of its sheet, that a heading means.
#[must_use]
pub fn column_called(heading: &str) -> Option<&'static str> {
    let heading = heading.trim();
    let own = FINDINGS.iter().map(|column: &Column| column.name).find(|name| name.eq_ignore_ascii_case(heading));
    own.or_else(|| CALLED.get(&heading.to_lowercase()).copied())
}

/// Whether a column is one of formulas that the sheet alone has.
#[must_use]
pub fn is_calculated(name: &str) -> bool {
    CALCULATED.iter().any(|(own, _)| *own == name)
}

/// The tables of the sheets that the tool writes, by the name of the sheet in every language and of earlier versions.
static SHEETS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    const TABLES: [&str; 6] = ["findings", "summary", "criteria", "population", "family", "lists"];
    const EARLIER: [&str; 6] = ["findings", "summary", "criteria", "population", "oauth chapter", "lists"];
    let known = languages().into_iter().filter_map(|language| Wording::load(language).ok());
    let names = known.flat_map(|wording| TABLES.map(|table| (wording.word(&format!("sheet.name.{table}")), table)));
    names.chain(EARLIER.iter().zip(TABLES).map(|(name, table)| ((*name).to_owned(), table))).collect()
});

/// Whether a sheet is one that the tool writes.
#[must_use]
pub fn is_sheet_of_tool(name: &str) -> bool {
    SHEETS.contains_key(name)
}

/// The table that a sheet of the tool shows.
#[must_use]
pub fn table_of_sheet(name: &str) -> Option<&'static str> {
    SHEETS.get(name).copied()
}

/// The formula of a calculated column in a row; `letters` gives the column of the sheet in which another one stands.
pub(super) fn formula(source: Source, row: u32, letters: impl Fn(&str) -> Option<String>) -> Option<String> {
    let cell = |name: &str| letters(name).map(|letters| format!("{letters}{row}"));
    match source {
        Source::Cell(_) => None,
        Source::DaysLeft => cell("due_date").map(|due| format!("IF(ISNUMBER({due}),{due}-TODAY(),\"\")")),
        // The first day is a text, so that no program changes it; its parts are the same in every country.
        Source::Age => cell("first_seen")
            .map(|day| format!("IF({day}=\"\",\"\",TODAY()-DATE(LEFT({day},4),MID({day},6,2),RIGHT({day},2)))")),
    }
}

/// The formula of a calculated column of a workbook that people have.
#[must_use]
pub fn formula_of(name: &str, row: u32, letters: impl Fn(&str) -> Option<String>) -> Option<String> {
    CALCULATED.iter().find(|(own, _)| *own == name).and_then(|(_, source)| formula(*source, row, letters))
}
