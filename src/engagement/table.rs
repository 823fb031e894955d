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

/// A table while it is read. The keys that it may have are those that the reader asks for.
pub(super) struct Fields<'a> {
    faults: &'a Faults,
    table: &'a DeTable<'a>,
    at: Range<usize>,
    name: &'a str,
    asked: RefCell<Vec<String>>,
}

impl<'a> Fields<'a> {
    /// Reads a table; every key that the reader does not ask for is a fault.
    pub(super) fn read<T>(
        faults: &'a Faults,
        table: &'a DeTable<'a>,
        at: Range<usize>,
        name: &'a str,
        reader: impl FnOnce(&Self) -> T,
    ) -> T {
        let fields = Self { faults, table, at, name, asked: RefCell::default() };
        let value = reader(&fields);
        let asked = fields.asked.borrow();
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                let message = format!("unknown key `{}` in {name}", shown(word));
                faults.add_with(key.span(), message, || suggest(word, &known));
            }
        }
        value
    }

    /// Where the table starts.
    pub(super) fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// Where a key's value stands; the table itself when it has none.
    pub(super) fn place(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.at(), Spanned::span)
    }

    /// Adds a fault at a key's value.
    pub(super) fn fault(&self, key: &str, message: String, hint: String) {
        self.faults.add(self.place(key), message, hint);
    }

    pub(super) fn fault_at(&self, at: Range<usize>, message: String, hint: String) {
        self.faults.add(at, message, hint);
    }

    pub(super) fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|known| known == key) {
            asked.push(key.to_owned());
        }
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
    pub(super) fn table<T>(&self, key: &str, name: &'a str, reader: impl FnOnce(&Self) -> T) -> Option<T> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::read(self.faults, table, value.span(), name, reader)),
            _ => {
                self.wrong(key, value, &format!("a table {name}"));
                None
            }
        }
    }

    /// The keys of this table with their places, for a reader that says which of them it knows.
    pub(super) fn keys(&self) -> Vec<Key<'a>> {
        self.asked.borrow_mut().extend(self.table.keys().map(|key| key.get_ref().to_string()));
        self.table.keys().map(|key| (key.get_ref().as_ref(), key.span())).collect()
    }

    /// The entries of a list of tables.
    pub(super) fn tables<T>(&self, key: &str, name: &'a str, mut reader: impl FnMut(&Self) -> T) -> Vec<T> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(key, value, &format!("{name} above each entry"));
            return Vec::new();
        };
        let mut read = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => read.push(Self::read(self.faults, table, item.span(), name, &mut reader)),
                _ => self.wrong(key, item, &format!("{name} above each entry")),
            }
        }
        read
    }
}
