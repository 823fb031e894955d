//! How much of a kind of records there is: what was used of the rows, and what the exports say themselves.

use super::file_facts::{ExportPage, Rows};
use super::keys::Keys;
use crate::snapshot::{Coverage, Doubt, Kind, Locator, Place, Problem, ProblemCode};

/// Numbers at which queries are usually cut, by a limit of their own or of what runs them. `totalSize` is counted
/// behind the limit.
const LIMITS: &[usize] = &[200, 2_000, 10_000, 50_000];

/// All exports of one kind together.
pub(super) struct Counted<'p> {
    pub kind: Kind,
    pub keys: Keys,
    pages: Vec<&'p ExportPage>,
}

impl<'p> Counted<'p> {
    pub(super) fn new(kind: Kind, pages: Vec<&'p ExportPage>) -> Self {
        let keys = Keys::union(pages.iter().map(|page| &page.keys));
        Self { kind, keys, pages }
    }

    /// The coverage, and what speaks against the exports being whole.
    pub(super) fn judged(&self) -> (Coverage, Vec<Doubt>) {
        let got = self.keys.len();
        let lost = self.all(|page| &page.lost);
        let repeated = self.all(|page| &page.repeated);
        let announced = self.pages.iter().filter_map(|page| page.announced).max().unwrap_or_default();
        let unused = lost.count + repeated.count;
        let mut doubts = Vec::new();
        if let Some(first) = lost.first {
            doubts.push(Doubt::Lost { rows: lost.count, first });
        }
        if let Some(first) = repeated.first {
            doubts.push(Doubt::Repeated { rows: repeated.count, first });
        }
        if unused > 0 {
            return (Coverage::Truncated { got, of: announced.max(got + unused) }, doubts);
        }
        let whole = announced <= got && (self.one_holds_all() || self.together_whole());
        if !whole && self.pages.iter().any(|page| is_cut(page)) {
            return (Coverage::Truncated { got, of: announced.max(got) }, doubts);
        }
        if let Some(rows) = self.at_a_limit() {
            doubts.push(Doubt::Limit { rows });
        }
        let proven = whole && doubts.is_empty();
        (if proven { Coverage::Complete { got } } else { Coverage::NotProven { got } }, doubts)
    }

    /// Whether an export is whole by its own count and holds every row of the others, which are copies or parts of it.
    /// Lists of components are of one type each, and hold nothing of the others.
    fn one_holds_all(&self) -> bool {
        let lists = self.kind == Kind::ListingRecords && self.pages.iter().all(|page| is_whole(page));
        lists || self.pages.iter().any(|page| is_whole(page) && page.keys.len() == self.keys.len())
    }

    /// Whether the pages of one answer are all there.
    fn together_whole(&self) -> bool {
        let announced = self.keys.len();
        let rows: usize = self.pages.iter().map(|page| page.rows).sum();
        self.pages.len() > 1
            && rows == announced
            && self.pages.iter().all(|page| page.announced == Some(announced))
            && self.pages.iter().any(|page| page.done == Some(true))
    }

    /// A list of components is never cut by a limit.
    fn at_a_limit(&self) -> Option<usize> {
        let counts = self.pages.iter().map(|page| page.announced.unwrap_or(page.rows));
        let mut cut = counts.filter(|rows| self.kind != Kind::ListingRecords && LIMITS.contains(rows));
        cut.next()
    }

    fn all(&self, of: impl Fn(&'p ExportPage) -> &'p Rows) -> Rows {
        let mut all = Rows::default();
        for rows in self.pages.iter().map(|page| of(page)) {
            all.count += rows.count;
            all.first = all.first.or_else(|| rows.first.clone());
        }
        all
    }

    /// Exports that say themselves that there is more.
    pub(super) fn cut_off(&self) -> impl Iterator<Item = Problem> {
        self.pages.iter().filter(|page| is_cut(page)).map(|page| cut_off(page))
    }

    /// From when to when the events of a history are.
    pub(super) fn span(&self) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        self.pages.iter().filter_map(|page| page.span).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// Whether an export is all there: by its own count, and because it says that it is done.
fn is_whole(page: &ExportPage) -> bool {
    page.announced == Some(page.rows) && page.done == Some(true)
}

/// Whether an export says itself that there is more.
fn is_cut(page: &ExportPage) -> bool {
    page.done == Some(false) || page.announced.is_some_and(|announced| page.rows < announced)
}

fn cut_off(page: &ExportPage) -> Problem {
    let rows = page.rows;
    let message = match page.announced {
        Some(announced) => format!("holds {rows} of {announced} records"),
        None => format!("holds {rows} records and says that there are more"),
    };
    let hint = "raise the row limit of the query (org-max-query-limit) or use `sf data export bulk`";
    Problem::new(Locator::new(&page.path, Place::File), Some(page.kind), ProblemCode::Truncated, message, hint)
}
