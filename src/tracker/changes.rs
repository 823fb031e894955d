//! What merging did, change by change.

use super::read::short;
use crate::model::Delta;
use crate::table::columns::FINDINGS;
use crate::text::choice::choices;
use crate::text::message::Message;
use crate::text::wording::Wording;

choices! {
    /// Kind of a change, by the last part of the key of its sentence. The order is the report's.
    What {
        /// A row for an app that was not in the tracker.
        New = "new",
        /// The app passes now.
        Resolved = "resolved",
        /// It had been resolved and fails again.
        Reopened = "reopened",
        /// Another result, or other evidence.
        Changed = "changed",
        /// As before.
        Unchanged = "unchanged",
        /// Two runs that cannot be compared.
        NotComparable = "not-comparable",
        /// The app is no longer in a population that is proven complete.
        Gone = "gone",
        /// The app was not seen, but the population is not proven complete.
        NotSeen = "not-seen",
        /// A deleted row of an app that is still not in order.
        RowRestored = "row-restored",
        /// An edited machine cell.
        Restored = "restored",
        /// A machine cell with a new value.
        Updated = "updated",
        /// A machine column that moves with every run, in so many rows.
        Stamped = "stamped",
        /// A column that was missing.
        ColumnAdded = "column-added",
    }
}

impl What {
    pub(super) const fn of_delta(delta: Delta) -> Self {
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
        Message::new(format!("change.{}", self.what.word()))
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
    for what in What::ALL.iter().copied() {
        let of_kind: Vec<&Change> = changes.iter().filter(|change| change.what == what).collect();
        if of_kind.is_empty() {
            continue;
        }
        let heading = Message::new(format!("changes.{}", what.word())).with("count", of_kind.len());
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
