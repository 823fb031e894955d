//! What a control states of a subject besides its result.
//!
//! The control's catalogue declares each fact: its column, whether it names somebody, whether a change of it counts.
//! Outputs find a fact by its path (`execution_user.name`); only the control knows what it means.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Facts by key, in the order in which the control states them. A copy shares them until one of the two is changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(Arc<Map<String, Value>>);

impl Facts {
    /// The fields of a control's own structure. One that is no structure states nothing.
    #[must_use]
    pub fn of(stated: &impl Serialize) -> Self {
        match serde_json::to_value(stated) {
            Ok(Value::Object(facts)) => Self(Arc::new(facts)),
            _ => Self::default(),
        }
    }

    /// The value at a path of keys with dots between them.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let first = self.0.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// The text at a path; empty where there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.at(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of the list at a path; none where there is no list.
    pub fn list(&self, path: &str) -> impl Iterator<Item = &str> {
        self.at(path).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// A fact as the control's own type; none when it was not stated, or is of another form.
    #[must_use]
    pub fn read<'a, T: Deserialize<'a>>(&'a self, key: &str) -> Option<T> {
        T::deserialize(self.0.get(key)?).ok()
    }

    /// Sets a fact.
    pub fn set(&mut self, key: &str, value: &impl Serialize) {
        Arc::make_mut(&mut self.0).insert(key.to_owned(), serde_json::to_value(value).unwrap_or_default());
    }
}
