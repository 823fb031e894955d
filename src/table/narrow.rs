//! A narrow `findings.csv`: the columns that somebody chose, with those by which a merge knows the rows.

use super::columns::{Column, FINDINGS, News, Owner, position};
use super::{Heading, Row, Table};
use crate::text::nearest::did_you_mean;
use std::fmt;
use std::str::FromStr;

/// Columns that no file goes without: a merge finds its rows by them.
const ALWAYS: [&str; 3] = ["finding_id", "org_key", "app_api_name"];
/// What people work with, in the order of the sheet to work on.
pub const WORKED_ON: [&str; 13] = [
    "severity",
    "cvss31_score",
    "app_api_name",
    "org_key",
    "result",
    "recommendation",
    "owner",
    "status",
    "due_date",
    "ticket",
    "comments",
    "disposition",
    "accepted_until",
];
/// What a decision needs and a merge has to remember besides.
const REMEMBERED: [&str; 9] = [
    "accepted_by",
    "rationale",
    "first_seen",
    "last_seen",
    "delta",
    "proposed_status",
    "proposed_due_date",
    "merge_note",
    "finding_id",
];

/// Whether a workbook shows a column on the sheet of findings alone: what a merge neither compares nor remembers, and
/// nobody works with. An org is recognised by its id, so that stays.
#[must_use]
pub fn is_detail(column: &Column) -> bool {
    let needed = ALWAYS.contains(&column.name) || WORKED_ON.contains(&column.name) || column.name == "org_id";
    column.owner == Owner::Machine && column.news == News::Follows && !needed
}

/// Whether the sheet of findings shows a column: all that the tool says of a finding by itself.
#[must_use]
pub fn is_stated(column: &Column) -> bool {
    matches!(column.owner, Owner::Once | Owner::Machine)
}

/// Columns of `findings.csv` in the order in which they were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// As it was typed.
    word: String,
    /// Places in [`FINDINGS`].
    places: Vec<usize>,
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let asked: Vec<&str> = match word {
            "work" => WORKED_ON.into_iter().chain(REMEMBERED).collect(),
            names => names.split(',').map(str::trim).collect(),
        };
        let lacking = ALWAYS.iter().filter(|name| !asked.contains(name));
        let mut places = Vec::new();
        for name in lacking.chain(&asked) {
            let place = position(&FINDINGS, name).ok_or_else(|| {
                let near = did_you_mean(name, FINDINGS.iter().map(|column| column.name));
                format!(
                    "there is no column `{name}`: {}",
                    near.unwrap_or_else(|| "docs/tracker.md lists them".to_owned())
                )
            })?;
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Ok(Self { word: word.to_owned(), places })
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word)
    }
}

impl Columns {
    /// The columns.
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> + '_ {
        self.places.iter().filter_map(|place| FINDINGS.get(*place))
    }

    /// Whether a heading is one of a tracker's columns that were not asked for.
    #[must_use]
    pub fn leaves_out(&self, heading: &str) -> bool {
        position(&FINDINGS, heading).is_some_and(|place| !self.places.contains(&place))
    }

    /// A table of findings with these columns alone.
    #[must_use]
    pub fn of<'a>(&self, table: Table<'a>) -> Table<'a> {
        let header = self.columns().map(Column::heading).collect::<Vec<Heading>>();
        let rows = table.rows.into_iter().map(|row| Row {
            cells: self.places.iter().filter_map(|place| row.cells.get(*place).cloned()).collect(),
            see: row.see,
        });
        Table { name: table.name, header, rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_that_are_asked_for_and_those_that_a_merge_needs() {
        let names = |word: &str| {
            word.parse::<Columns>().map(|chosen| chosen.columns().map(|column| column.name).collect::<Vec<_>>())
        };
        assert_eq!(names("work").map(|names| names.len()), Ok(WORKED_ON.len() + REMEMBERED.len()));
        assert_eq!(
            names("owner, result").unwrap_or_default(),
            ["finding_id", "org_key", "app_api_name", "owner", "result"]
        );
        assert_eq!(
            names("result,app_api_name,org_key,finding_id,result").unwrap_or_default(),
            ["result", "app_api_name", "org_key", "finding_id"]
        );
        assert!(names("ownr").is_err_and(|message| message.contains("owner")));
    }
}
