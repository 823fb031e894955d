//! Walking through a TOML tree with the place of every key and value, and collecting all faults.

use crate::text::nearest::suggest;
use crate::text::visible::one_line;
use jiff::civil::Date;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A fault at a byte range of the file.
pub(super) struct Fault {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) hint: String,
}

/// Most faults that are told; a file with more is no engagement file, or one that was garbled.
const MOST: usize = 50;

/// Faults found so far. Reading goes on after each, so that one run names them all.
#[derive(Default)]
pub(super) struct Faults(RefCell<Vec<Fault>>, Cell<usize>);

impl Faults {
    pub(super) fn add(&self, at: Range<usize>, message: String, hint: String) {
        self.add_with(at, message, || hint);
    }

    /// The hint is made only for a fault that is told: looking for the nearest word takes its time.
    pub(super) fn add_with(&self, at: Range<usize>, message: String, hint: impl FnOnce() -> String) {
        if self.0.borrow().len() < MOST {
            self.0.borrow_mut().push(Fault { at, message, hint: hint() });
        } else {
            self.1.set(self.1.get() + 1);
        }
    }

    /// Faults that are not told because there are too many.
    pub(super) fn further(&self) -> usize {
        self.1.get()
    }

    pub(super) fn into_sorted(self) -> Vec<Fault> {
        let mut faults = self.0.into_inner();
        faults.sort_by(|a, b| (a.at.start, &a.message).cmp(&(b.at.start, &b.message)));
        faults
    }
}

/// Text for a message: one line, long texts cut.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((cut, _)) => one_line(text.get(..cut).unwrap_or_default()) + "…",
        None => one_line(text),
    }
}

/// A key and its place.
pub(super) type Key<'a> = (&'a str, Range<usize>);

/// A table with the keys that it may have.
pub(super) struct Fields<'a> {
    faults: &'a Faults,
    table: &'a DeTable<'a>,
    at: Range<usize>,
    name: &'a str,
}

impl<'a> Fields<'a> {
    /// Takes a table; every key that is not in `known` is a fault.
    pub(super) fn new(
        faults: &'a Faults,
        table: &'a DeTable<'a>,
        at: Range<usize>,
        name: &'a str,
        known: &[&str],
    ) -> Self {
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                let message = format!("unknown key `{}` in {name}", shown(word));
                faults.add_with(key.span(), message, || suggest(word, known));
            }
        }
        Self { faults, table, at, name }
    }

    /// Where the table starts.
    pub(super) fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// Where a key's value stands; the table itself when it has none.
    pub(super) fn place(&self, key: &str) -> Range<usize> {
        self.value(key).map_or_else(|| self.at(), Spanned::span)
    }

    /// Adds a fault at a key's value.
    pub(super) fn fault(&self, key: &str, message: String, hint: String) {
        self.faults.add(self.place(key), message, hint);
    }

    pub(super) fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        let message = format!("`{key}` in {} is of type {found}", self.name);
        self.faults.add(value.span(), message, format!("write {wanted}"));
    }

    /// A text; empty when the key is absent.
    pub(super) fn text(&self, key: &str) -> String {
        let Some(value) = self.value(key) else { return String::new() };
        match value.get_ref() {
            DeValue::String(text) => text.trim().to_owned(),
            _ => {
                self.wrong(key, value, "a text in quotes");
                String::new()
            }
        }
    }

    /// A text that has to be there.
    pub(super) fn required(&self, key: &str) -> String {
        let text = self.text(key);
        let given = self.value(key).is_some_and(|value| !value.get_ref().is_str());
        if text.is_empty() && !given {
            self.fault(key, format!("{} needs `{key}`", self.name), format!("add {key} = \"…\""));
        }
        text
    }

    /// One of a few words, or empty.
    pub(super) fn word(&self, key: &str, known: &[&str]) -> String {
        let text = self.text(key);
        if !text.is_empty() && !known.contains(&text.as_str()) {
            self.fault(key, format!("unknown {key} `{}`", shown(&text)), suggest(&text, known));
        }
        text
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        if value.get_ref().as_bool().is_none() {
            self.wrong(key, value, "true or false");
        }
        value.get_ref().as_bool()
    }

    /// A whole number of at least `least`.
    pub(super) fn number<T: TryFrom<u64>>(&self, key: &str, least: u64) -> Option<T> {
        let value = self.value(key)?;
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong(key, value, "a whole number");
            return None;
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number >= least);
        let number = number.and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            let message = format!("`{key}` in {} is out of range", self.name);
            self.faults.add(value.span(), message, format!("write a whole number of at least {least}"));
        }
        number
    }

    /// A calendar day, as a TOML date or as a text `YYYY-MM-DD`.
    pub(super) fn date(&self, key: &str) -> Option<Date> {
        let value = self.value(key)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Datetime(day) => day.to_string(),
            _ => {
                self.wrong(key, value, "a date such as 2026-11-30");
                return None;
            }
        };
        let day = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        if day.is_none() {
            let message = format!("`{key}` in {} is no calendar day: `{}`", self.name, shown(&text));
            self.faults.add(value.span(), message, "write a date such as 2026-11-30".to_owned());
        }
        day
    }

    /// A list of texts.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list such as [\"Payroll__c\"]");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str().map(str::trim) {
                Some(text) if !text.is_empty() => texts.push(text.to_owned()),
                _ => self.faults.add(
                    item.span(),
                    format!("`{key}` holds something that is no name"),
                    "write names in quotes".to_owned(),
                ),
            }
        }
        texts
    }

    /// A table inside this one.
    pub(super) fn table(&self, key: &str, name: &'a str, known: &[&str]) -> Option<Fields<'a>> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(self.faults, table, value.span(), name, known)),
            _ => {
                self.wrong(key, value, &format!("a table {name}"));
                None
            }
        }
    }

    /// A table whose keys the caller checks, and its keys with their places.
    pub(super) fn entries(&self, key: &str, name: &'a str) -> Option<(Fields<'a>, Vec<Key<'a>>)> {
        let value = self.value(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(key, value, &format!("a table {name}"));
            return None;
        };
        let keys = table.keys().map(|key| (key.get_ref().as_ref(), key.span())).collect();
        Some((Fields { faults: self.faults, table, at: value.span(), name }, keys))
    }

    /// The entries of a list of tables.
    pub(super) fn tables(&self, key: &str, name: &'a str, known: &[&str]) -> Vec<Fields<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(key, value, &format!("{name} above each entry"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Fields::new(self.faults, table, item.span(), name, known)),
                _ => self.wrong(key, item, &format!("{name} above each entry")),
            }
        }
        tables
    }
}
