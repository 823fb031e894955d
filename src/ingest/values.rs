//! Texts of files and rows as values of the model, each with its place; what is not understood becomes a problem.

use super::file_facts::{Name, Rows};
use super::rows::{Row, Table};
use super::xml::{Element, collapse};
use crate::snapshot::{
    IpRange, IpRelaxation, Kind, Lack, Located, Locator, Place, Problem, ProblemCode, SecretPresence, Setting, SfId,
    Switch, Text, UserRef,
};
use crate::text::visible::one_line;
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

    pub(super) fn line(&self, line: u32) -> Locator {
        Locator::new(self.path, Place::Line(line))
    }

    pub(super) fn problem(&mut self, at: Locator, code: ProblemCode, message: String, hint: &str) {
        let apps = self.app.iter().cloned().collect();
        self.problems.push(Problem { apps, ..Problem::new(at, Some(self.kind), code, message, hint) });
    }

    fn unknown(&mut self, at: &Locator, what: &str, raw: &str) {
        let shown: String = raw.chars().take(60).collect();
        let message = if shown.is_empty() {
            format!("`{what}` is empty")
        } else {
            format!("`{what}` has the unknown value `{}`", one_line(&shown))
        };
        self.not_judged(at, message);
    }

    fn not_judged(&mut self, at: &Locator, message: String) {
        self.problem(at.clone(), ProblemCode::UnknownValue, message, "check the value in Setup; it is not judged");
    }

    /// A boolean.
    pub(super) fn switch(&mut self, what: &str, text: Located<impl AsRef<str>>) -> Located<Switch> {
        let value = Switch::parse(text.value.as_ref());
        if value == Switch::NotTold {
            self.unknown(&text.at, what, &text.raw);
        }
        Located::new(value, text.raw, text.at)
    }

    /// The text of an element that has to stand exactly once in its block; else why the block does not tell it.
    pub(super) fn once(&mut self, block: &Element<'_>, name: &str) -> Result<Located<String>, Located<Lack>> {
        let mut found = block.children(name);
        let (lack, raw, line, fault) = match (found.next(), found.next()) {
            (Some(one), None) if !one.text.is_empty() => return Ok(self.located(one)),
            (Some(one), None) => (Lack::Empty, String::new(), one.line, format!("`{name}` is empty")),
            (Some(_), Some(second)) => {
                let fault = format!("`{}` states `{name}` more than once", block.name);
                (Lack::Twice, second.raw.clone(), second.line, fault)
            }
            (None, _) => {
                self.lacks(block, vec![name]);
                return Err(Located::new(Lack::Missing, "", self.line(block.line)));
            }
        };
        let at = self.line(line);
        self.not_judged(&at, fault);
        Err(Located::new(lack, raw, at))
    }

    /// Records the elements that a block lacks, if any.
    pub(super) fn lacks(&mut self, block: &Element<'_>, names: Vec<&str>) {
        if !names.is_empty() {
            let message = format!("`{}` lacks `{}`", block.name, names.join("`, `"));
            self.not_judged(&self.line(block.line), message);
        }
    }

    /// The boolean of an element that has to stand exactly once in its block; else why the block does not tell it.
    pub(super) fn told(&mut self, block: &Element<'_>, name: &str) -> Result<Located<Switch>, Located<Lack>> {
        let switch = self.once(block, name)?;
        let switch = self.switch(name, switch);
        if switch.value.is_told() { Ok(switch) } else { Err(Located::new(Lack::Unknown, switch.raw, switch.at)) }
    }

    /// The text of an element that need not be there. One that is empty or stands twice is a problem, and none.
    pub(super) fn once_in(&mut self, parent: &Element<'_>, name: &str) -> Setting<String> {
        parent.child(name)?;
        self.once(parent, name).ok()
    }

    /// The boolean of an element that need not be there. One that is empty or stands twice is not told.
    pub(super) fn switch_in(&mut self, parent: &Element<'_>, name: &str) -> Setting<Switch> {
        parent.child(name)?;
        let text = match self.once(parent, name) {
            Ok(text) => text,
            Err(lack) => return Some(Located::new(Switch::NotTold, lack.raw, lack.at)),
        };
        Some(self.switch(name, text))
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

    pub(super) fn number(&mut self, what: &str, text: Located<impl AsRef<str>>) -> Setting<u32> {
        let value = text.value.as_ref().parse().ok();
        self.read(what, text, value)
    }

    pub(super) fn id(&mut self, what: &str, text: Located<impl AsRef<str>>) -> Setting<SfId> {
        let id = SfId::parse(text.value.as_ref());
        self.read(what, text, id)
    }

    /// The day of a date or time stamp.
    pub(super) fn day(&mut self, what: &str, text: Located<impl AsRef<str>>) -> Setting<jiff::civil::Date> {
        let day = text.value.as_ref().get(..10).and_then(|day| day.parse().ok());
        self.read(what, text, day)
    }

    /// What a text means, with its place; a text that means nothing is a problem.
    fn read<T>(&mut self, what: &str, text: Located<impl AsRef<str>>, meant: Option<T>) -> Setting<T> {
        if meant.is_none() {
            self.unknown(&text.at, what, &text.raw);
        }
        meant.map(|value| Located::new(value, text.raw, text.at))
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

    /// An address range of which the elements have these names. An address that does not stand exactly once is none:
    /// its text says what stands there, and the range cannot be read.
    pub(super) fn range(&mut self, element: &Element<'_>, start: &str, end: &str) -> IpRange {
        let [start, end] = [start, end].map(|name| {
            self.once(element, name).unwrap_or_else(|lack| {
                let all = every(element, name);
                Located::new(all.clone(), all, lack.at)
            })
        });
        let description = element.child("description").map(|child| child.text.clone()).filter(|text| !text.is_empty());
        IpRange { start, end, description }
    }
}

/// What stands in all elements of one name, for a place that cites them.
fn every(block: &Element<'_>, name: &str) -> String {
    block.children(name).map(|one| one.raw.as_str()).collect::<Vec<_>>().join(" / ")
}

/// A row with the file that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    pub table: &'r Table,
    pub row: &'r Row,
    pub path: &'r Arc<str>,
}

impl<'r> Record<'r> {
    pub(super) fn at(&self) -> Locator {
        Locator::new(self.path, Place::Row(self.row.number))
    }

    /// A cell by the lower-case name of its column.
    pub(super) fn cell(&self, name: &str) -> Option<&'r str> {
        self.table.cell(self.row, name)
    }

    /// A cell with its place.
    pub(super) fn text(&self, name: &str) -> Setting<Text> {
        let text = self.kept(name)?;
        let raw = if text.contains(['\n', '\r', '\t']) { collapse(&text).into() } else { text.clone() };
        Some(Located::new(text, raw, self.at()))
    }

    /// A cell to be kept.
    pub(super) fn kept(&self, name: &str) -> Option<Text> {
        self.table.text(self.row, self.table.position(name)?)
    }

    /// A cell with its place, for what holds texts of its own.
    pub(super) fn owned(&self, name: &str) -> Setting<String> {
        self.cell(name).map(|text| self.located(text))
    }

    pub(super) fn located(&self, text: &str) -> Located<String> {
        Located::new(text.to_owned(), collapse(text), self.at())
    }

    /// The id in a cell; a text that is no id is a problem.
    pub(super) fn id(&self, file: &mut File<'_>, name: &str) -> Setting<SfId> {
        self.text(name).and_then(|text| file.id(name, text))
    }

    /// Whether the column was selected.
    pub(super) fn has(&self, name: &str) -> bool {
        self.table.position(name).is_some()
    }

    /// The boolean in a cell; in an empty one it is not told. `None` when the column was not selected.
    pub(super) fn switch(&self, file: &mut File<'_>, name: &str) -> Setting<Switch> {
        match self.text(name) {
            Some(text) => Some(file.switch(name, text)),
            None => self.has(name).then(|| Located::new(Switch::NotTold, "", self.at())),
        }
    }

    /// A developer name with its namespace: `ns__Name`. Without the column of the namespace it is not known whether
    /// there is one.
    pub(super) fn api_name(&self, name: &str, namespace: &str) -> Option<Name> {
        let full = match self.cell(namespace) {
            None => self.kept(name)?,
            space => with_namespace(self.cell(name)?, space).into(),
        };
        Some(if self.has(namespace) || full.contains("__") { Name::Whole(full) } else { Name::Bare(full) })
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
    between(text, "__", "__").is_some_and(is_name)
        || between(text, "${", "}").is_some_and(is_name)
        || between(text, "$", "").is_some_and(is_name)
        || between(text, "{{", "}}").is_some()
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    text.strip_prefix(open)?.strip_suffix(close).filter(|inner| !inner.is_empty())
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
