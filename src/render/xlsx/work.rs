//! The sheet to work on: which columns of a tracker come first, what they are called, and what is folded away.

use super::{Field, Source, is_named};
use crate::model::Severity;
use crate::table::columns::{AT, Column, FINDINGS};
use crate::table::narrow::{WORKED_ON, is_detail, is_stated};
use crate::table::rows::is_finding_id;
use crate::table::{Heading, Row, Table};
use crate::text::wording::{Wording, languages};
use std::cmp::Reverse;
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
    let own = own_rows(table);
    for (at, detail) in rest().filter(|(at, heading)| known(&heading.name) && !is_elsewhere(&heading.name, *at, &own)) {
        let field = Field::of(&detail.name, &FINDINGS).called(heading(wording, &detail.name));
        fields.push(Field { source: Source::Cell(at), folded: true, ..field });
    }
    fields
}

/// Whether a column of a tracker stands on the sheet of findings alone. What people wrote into rows of their own stays
/// where they work.
fn is_elsewhere(name: &str, at: usize, own: &[&Row<'_>]) -> bool {
    let detail = FINDINGS.iter().any(|column| column.name == name && is_detail(column));
    detail && own.iter().all(|row| row.cells.get(at).is_none_or(|cell| cell.is_empty()))
}

/// Rows of a tracker that people added.
fn own_rows<'t, 'a>(table: &'t Table<'a>) -> Vec<&'t Row<'a>> {
    table.rows.iter().zip(is_of_finding(table)).filter(|(_, of_finding)| !of_finding).map(|(row, _)| row).collect()
}

/// Rows of a tracker that are of findings.
pub(super) fn findings<'t, 'a>(table: &'t Table<'a>) -> Vec<&'t Row<'a>> {
    table.rows.iter().zip(is_of_finding(table)).filter(|(_, of_finding)| *of_finding).map(|(row, _)| row).collect()
}

/// Whether each row of a tracker is of a finding, not one of people's own.
fn is_of_finding(table: &Table<'_>) -> Vec<bool> {
    let id = table.header.iter().position(|heading| is_named(&heading.name, AT.finding_id));
    let is_one = |row: &Row<'_>| id.and_then(|at| row.cells.get(at)).is_some_and(|id| is_finding_id(id));
    table.rows.iter().map(is_one).collect()
}

/// A tracker as its sheet of findings shows it: the rows of findings, worst first.
#[must_use]
pub fn findings_table(mut table: Table<'_>) -> Table<'_> {
    let ids: Vec<bool> = is_of_finding(&table);
    let mut of_finding = ids.into_iter();
    table.rows.retain(|_| of_finding.next().unwrap_or_default());
    by_severity(&mut table);
    Table { name: STATED.to_owned(), ..table }
}

/// Sorts a tracker, worst severity first; rows of one severity stay in the order of the other files.
pub(super) fn by_severity(table: &mut Table<'_>) {
    let Some(at) = table.header.iter().position(|heading| is_named(&heading.name, AT.severity)) else { return };
    table.rows.sort_by_cached_key(|row| {
        let word = row.cells.get(at).map_or("", AsRef::as_ref);
        Reverse(Severity::ALL.iter().position(|known| known.word() == word))
    });
}

/// The columns of the sheet of findings, in the order of `findings.csv`: all that the tool says of them.
pub(super) fn stated<'a>(header: &[Heading]) -> Vec<Field<'a>> {
    let place = |name: &str| header.iter().position(|heading| heading.name == name);
    let shown = FINDINGS.iter().filter(|column| is_stated(column));
    let shown = shown.filter_map(|column| Some((column.name, place(column.name)?)));
    shown.map(|(name, at)| Field { source: Source::Cell(at), ..Field::of(name, &FINDINGS) }).collect()
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

/// The sheet of findings, as a table.
pub const STATED: &str = "stated";

/// The tables of the sheets that the tool writes, by the name of the sheet in every language and of earlier versions.
static SHEETS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    const TABLES: [&str; 7] = ["findings", "summary", "criteria", "population", "family", "lists", STATED];
    const EARLIER: [&str; 6] = ["findings", "summary", "criteria", "population", "oauth chapter", "lists"];
    let known = languages().into_iter().filter_map(|language| Wording::load(language).ok());
    let names = known.flat_map(|wording| TABLES.map(|table| (wording.word(&format!("sheet.name.{table}")), table)));
    names.chain(EARLIER.iter().zip(TABLES).map(|(name, table)| ((*name).to_owned(), table))).collect()
});

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
