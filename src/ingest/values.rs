//! Texts of files and rows as values of the model, each with its place; what is not understood becomes a problem.

use super::part::Rows;
use super::rows::{Row, Table};
use super::xml::{Element, collapse};
use crate::snapshot::{
    IpRange, IpRelaxation, Kind, Located, Locator, Place, Problem, ProblemCode, SecretPresence, Setting, SfId, Switch,
    UserRef,
};
use std::sync::Arc;

/// The file being read: its path, what it is, and the problems found so far.
pub(super) struct File<'f> {
    pub path: &'f Arc<str>,
    pub kind: Kind,
    /// The app it belongs to, once known.
    pub app: Option<String>,
    pub problems: Vec<Problem>,
    /// Rows that could not be used.
    pub lost: Rows,
}

impl<'f> File<'f> {
    /// A file of which nothing is read yet.
    pub(super) fn new(path: &'f Arc<str>, kind: Kind) -> Self {
        Self { path, kind, app: None, problems: Vec::new(), lost: Rows::default() }
    }

    /// Records a row that names nothing that it could belong to: its export is not complete.
    pub(super) fn unlinked(&mut self, at: Locator, message: &str, hint: &str) {
        self.lost.add(&at);
        self.problem(at, ProblemCode::Unlinked, message.to_owned(), hint);
    }

    /// A line of this file.
    pub(super) fn line(&self, line: u32) -> Locator {
        Locator::new(self.path, Place::Line(line))
    }

    /// Records a problem at a place.
    pub(super) fn problem(&mut self, at: Locator, code: ProblemCode, message: String, hint: &str) {
        let apps = self.app.iter().cloned().collect();
        self.problems.push(Problem { apps, ..Problem::new(at, Some(self.kind), code, message, hint) });
    }

    fn unknown(&mut self, at: &Locator, what: &str, raw: &str) {
        let shown: String = raw.chars().take(60).collect();
        let message = format!("`{what}` has the unknown value `{}`", crate::source::one_line(&shown));
        self.problem(at.clone(), ProblemCode::UnknownValue, message, "check the value in Setup; it is not judged");
    }

    /// A boolean.
    pub(super) fn switch(&mut self, what: &str, text: Located<String>) -> Located<Switch> {
        let value = Switch::parse(&text.value);
        if value == Switch::Unknown {
            self.unknown(&text.at, what, &text.raw);
        }
        Located::new(value, text.raw, text.at)
    }

    /// `ipRelaxationPolicyType`.
    pub(super) fn relaxation(&mut self, what: &str, text: Located<String>) -> Located<IpRelaxation> {
        let value = match text.value.to_ascii_lowercase().as_str() {
            "enforce" => IpRelaxation::Enforce,
            "enforce_relaxrefresh" => IpRelaxation::EnforceRelaxRefresh,
            "bypass" => IpRelaxation::Bypass,
            "bypass_2factor" => IpRelaxation::Bypass2Factor,
            _ => IpRelaxation::Unknown,
        };
        if value == IpRelaxation::Unknown {
            self.unknown(&text.at, what, &text.raw);
        }
        Located::new(value, text.raw, text.at)
    }

    /// A whole number.
    pub(super) fn number(&mut self, what: &str, text: Located<String>) -> Setting<u32> {
        match text.value.parse() {
            Ok(value) => Some(Located::new(value, text.raw, text.at)),
            Err(_) => {
                self.unknown(&text.at, what, &text.raw);
                None
            }
        }
    }

    /// A record id.
    pub(super) fn id(&mut self, what: &str, text: Located<String>) -> Setting<SfId> {
        let id = SfId::parse(&text.value);
        if id.is_none() {
            self.unknown(&text.at, what, &text.raw);
        }
        id.map(|id| Located::new(id, text.raw, text.at))
    }

    /// The day of a date or time stamp.
    pub(super) fn day(&mut self, what: &str, text: Located<String>) -> Setting<jiff::civil::Date> {
        match text.value.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Some(Located::new(day, text.raw, text.at)),
            None => {
                self.unknown(&text.at, what, &text.raw);
                None
            }
        }
    }

    /// The text of a child element; `None` when there is no such element or nothing in it.
    pub(super) fn text(&self, parent: &Element<'_>, name: &str) -> Setting<String> {
        let element = parent.child(name).filter(|element| !element.text.is_empty())?;
        Some(self.located(element))
    }

    /// The text of an element with its line.
    pub(super) fn located(&self, element: &Element<'_>) -> Located<String> {
        Located::new(element.text.clone(), element.raw.clone(), self.line(element.line))
    }

    /// An address range of which the elements have these names.
    pub(super) fn range(&self, element: &Element<'_>, start: &str, end: &str) -> IpRange {
        let at = |name: &str| match element.child(name) {
            Some(child) => self.located(child),
            None => Located::new(String::new(), String::new(), self.line(element.line)),
        };
        let description = element.child("description").map(|child| child.text.clone()).filter(|text| !text.is_empty());
        IpRange { start: at(start), end: at(end), description }
    }
}

/// A row with the file that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    pub table: &'r Table,
    pub row: &'r Row,
    pub path: &'r Arc<str>,
}

impl<'r> Record<'r> {
    /// Its place.
    pub(super) fn at(&self) -> Locator {
        Locator::new(self.path, Place::Row(self.row.number))
    }

    /// A cell by the lower-case name of its column.
    pub(super) fn cell(&self, name: &str) -> Option<&'r str> {
        self.table.cell(self.row, name)
    }

    /// A cell with its place.
    pub(super) fn text(&self, name: &str) -> Setting<String> {
        self.cell(name).map(|text| self.located(text))
    }

    /// A text of this row.
    pub(super) fn located(&self, text: &str) -> Located<String> {
        Located::new(text.to_owned(), collapse(text), self.at())
    }

    /// The id in a cell; a text that is no id is a problem.
    pub(super) fn id(&self, file: &mut File<'_>, name: &str) -> Setting<SfId> {
        self.text(name).and_then(|text| file.id(name, text))
    }

    /// The boolean in a cell.
    pub(super) fn switch(&self, file: &mut File<'_>, name: &str) -> Setting<Switch> {
        self.text(name).map(|text| file.switch(name, text))
    }

    /// A developer name with its namespace: `ns__Name`.
    pub(super) fn api_name(&self, name: &str, namespace: &str) -> Option<String> {
        self.cell(name).map(|name| with_namespace(name, self.cell(namespace)))
    }
}

/// `ns__Name`, unless the name has its namespace already.
pub(super) fn with_namespace(name: &str, namespace: Option<&str>) -> String {
    match namespace {
        Some(ns) if !name.starts_with(&format!("{ns}__")) => format!("{ns}__{name}"),
        _ => name.to_owned(),
    }
}

/// How a text names a user.
pub(super) fn user_ref(text: &str) -> UserRef {
    if is_placeholder(text) {
        return UserRef::Placeholder(text.to_owned());
    }
    match SfId::parse(text) {
        Some(id) if text.starts_with("005") => UserRef::Id(id),
        _ => UserRef::Username(text.to_owned()),
    }
}

/// `__NAME__`, `$NAME`, `${NAME}` and `{{…}}`, nothing else.
fn is_placeholder(text: &str) -> bool {
    let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let between = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).filter(|inner| !inner.is_empty())
    };
    between("__", "__").is_some_and(name)
        || between("${", "}").is_some_and(name)
        || text.strip_prefix('$').is_some_and(name)
        || between("{{", "}}").is_some()
}

/// Whether a text is a secret. The text goes no further.
pub(super) fn secret(text: &str) -> SecretPresence {
    match text.trim() {
        "" => SecretPresence::Absent,
        stars if stars.chars().all(|c| c == '*') => SecretPresence::Masked,
        name if is_placeholder(name) => SecretPresence::Placeholder,
        _ => SecretPresence::ClearText,
    }
}

/// Splits a list of scopes on commas.
pub(super) fn list(text: Located<String>) -> Located<Vec<String>> {
    let items = text.value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
    Located::new(items, text.raw, text.at)
}
