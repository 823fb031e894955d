//! What merging did, change by change.

use super::read::short;
use crate::model::Delta;
use crate::table::columns::FINDINGS;
use crate::text::message::Message;
use crate::text::wording::Wording;

/// Kind of a change. The order is the report's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A row for an app that was not in the tracker.
    New,
    /// The app passes now.
    Resolved,
    /// It had been resolved and fails again.
    Reopened,
    /// Another result, or other evidence.
    Changed,
    /// As before.
    Unchanged,
    /// Two runs that cannot be compared.
    NotComparable,
    /// The app is no longer in a population that is proven complete.
    Gone,
    /// The app was not seen, but the population is not proven complete.
    NotSeen,
    /// A deleted row of an app that is still not in order.
    RowRestored,
    /// An edited machine cell.
    Restored,
    /// A machine cell with a new value.
    Updated,
    /// A machine column that moves with every run, in so many rows.
    Stamped,
    /// A column that was missing.
    ColumnAdded,
}

impl What {
    /// All kinds, in the order of the report.
    pub const ALL: [Self; 13] = [
        Self::New,
        Self::Resolved,
        Self::Reopened,
        Self::Changed,
        Self::Unchanged,
        Self::NotComparable,
        Self::Gone,
        Self::NotSeen,
        Self::RowRestored,
        Self::Restored,
        Self::Updated,
        Self::Stamped,
        Self::ColumnAdded,
    ];

    /// Last part of the key of its sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::NotComparable => "not-comparable",
            Self::Gone => "gone",
            Self::NotSeen => "not-seen",
            Self::RowRestored => "row-restored",
            Self::Restored => "restored",
            Self::Updated => "updated",
            Self::Stamped => "stamped",
            Self::ColumnAdded => "column-added",
        }
    }

    pub(super) const fn of(delta: Delta) -> Self {
        match delta {
            Delta::New => Self::New,
            Delta::Unchanged => Self::Unchanged,
            Delta::Changed => Self::Changed,
            Delta::Resolved => Self::Resolved,
            Delta::Reopened => Self::Reopened,
            Delta::Gone => Self::Gone,
            Delta::NotComparable => Self::NotComparable,
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Kind.
    pub what: What,
    /// Row of the older tracker; 0 when it had none.
    pub row: usize,
    /// Finding id; empty for a column as a whole.
    pub id: String,
    /// API name of the app; empty for a cell or a column.
    pub app: String,
    /// Column, for a cell or a column as a whole.
    pub column: &'static str,
    /// Its text before, shortened.
    pub from: String,
    /// Its text now, shortened.
    pub to: String,
    /// Rows, for a column as a whole.
    pub rows: usize,
}

impl Change {
    pub(super) fn row(what: What, row: usize, id: &str, app: &str) -> Self {
        Self { row, id: id.to_owned(), app: app.to_owned(), ..Self::column(what, "", 0) }
    }

    pub(super) fn cell(what: What, row: usize, id: &str, column: usize, from: &str, to: &str) -> Self {
        let column = FINDINGS.get(column).map_or("", |column| column.name);
        let (from, to) = (short(from_difference(from, to)), short(from_difference(to, from)));
        Self { row, id: id.to_owned(), from, to, ..Self::column(what, column, 0) }
    }

    pub(super) fn column(what: What, column: &'static str, rows: usize) -> Self {
        let none = String::new;
        Self { what, row: 0, id: none(), app: none(), column, from: none(), to: none(), rows }
    }

    /// The change as a sentence.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::new(format!("change.{}", self.what.key()))
            .with("id", &self.id)
            .with("app", &self.app)
            .with("column", self.column)
            .with("from", &self.from)
            .with("to", &self.to)
            .with("count", self.rows)
    }
}

/// The rest of a long text from a little before the place where it differs from another.
fn from_difference<'a>(text: &'a str, other: &str) -> &'a str {
    const SHORT: usize = 40;
    const BEFORE: usize = 12;
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    if same + BEFORE <= SHORT || text.len() <= SHORT {
        return text;
    }
    text.char_indices().nth(same - BEFORE).and_then(|(at, _)| text.get(at..)).unwrap_or(text)
}

/// The changes as text: a count for each kind, then one line per change.
#[must_use]
pub fn text(changes: &[Change], wording: &Wording) -> String {
    if changes.is_empty() {
        return format!("{}\n", wording.word("changes.none"));
    }
    let mut out = String::new();
    for what in What::ALL {
        let of_kind: Vec<&Change> = changes.iter().filter(|change| change.what == what).collect();
        if of_kind.is_empty() {
            continue;
        }
        let heading = Message::new(format!("changes.{}", what.key())).with("count", of_kind.len());
        out.push_str(&wording.say(&heading));
        out.push('\n');
        for change in of_kind {
            out.push_str("  ");
            out.push_str(&wording.say(&change.message()));
            out.push('\n');
        }
    }
    out
}
