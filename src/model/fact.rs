//! What a control states of a subject besides its result.
//!
//! The control knows what each fact means; outputs find one by its path (`execution_user.name`).

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{IntoDeserializer, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

/// Facts by key, in the order in which the control states them. A copy shares them until one of the two is changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Facts(Arc<Fact>);

/// A JSON value in less than half the room that [`Value`] takes: large assessments hold hundred thousands of findings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Fact {
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
    List(Box<[Fact]>),
    Map(Box<[(Key, Fact)]>),
}

/// The name of a field. Findings of a control have the same ones, so they share them: what every row of a table asks for is
/// at hand then, and a large assessment takes less room.
type Key = Arc<str>;

thread_local! {
    static KEYS: RefCell<HashSet<Key>> = RefCell::default();
}

fn shared(key: &str) -> Key {
    /// More than all controls have. An assessment that was read from a file may have any.
    const MOST: usize = 1_024;
    KEYS.with_borrow_mut(|known| {
        if let Some(known) = known.get(key) {
            return Arc::clone(known);
        }
        let new = Key::from(key);
        if known.len() < MOST {
            known.insert(Arc::clone(&new));
        }
        new
    })
}

/// No fact is an empty structure, which is written and read back as one.
impl Default for Fact {
    fn default() -> Self {
        Self::Map(Box::default())
    }
}

impl Facts {
    /// The fields of a control's own structure. One that is no structure states nothing.
    #[must_use]
    pub fn of(stated: &impl Serialize) -> Self {
        match serde_json::to_value(stated) {
            Ok(fields @ Value::Object(_)) => Self(Arc::new(fields.into())),
            _ => Self::default(),
        }
    }

    fn at(&self, path: &str) -> Option<&Fact> {
        // Keys are short: their bytes are sooner compared than searched for a dot.
        path.as_bytes().split(|byte| *byte == b'.').try_fold(&*self.0, |fact, key| fact.get(key))
    }

    /// The text at a path of keys with dots between them; empty where there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        if let Some(Fact::Text(text)) = self.at(path) { text } else { "" }
    }

    /// Whether what stands at a path is true.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        matches!(self.at(path), Some(Fact::Bool(true)))
    }

    /// The texts of the list at a path; none where there is no list.
    #[must_use]
    pub fn list(&self, path: &str) -> Option<impl Iterator<Item = &str>> {
        let Some(Fact::List(items)) = self.at(path) else { return None };
        Some(items.iter().filter_map(|item| if let Fact::Text(text) = item { Some(&**text) } else { None }))
    }

    /// The structures of the list at a path; none where there is no list.
    pub fn structures(&self, path: &str) -> impl Iterator<Item = Stated<'_>> {
        let items: &[Fact] = if let Some(Fact::List(items)) = self.at(path) { items } else { &[] };
        items.iter().map(Stated)
    }

    /// What stands at a path, as a type; none when it was not stated. Fails when it is of another form.
    pub fn read<'f, T: Deserialize<'f>>(&'f self, path: &str) -> serde_json::Result<Option<T>> {
        self.at(path).map(T::deserialize).transpose()
    }

    /// Sets a fact.
    pub fn set(&mut self, key: &str, value: &impl Serialize) {
        let value = serde_json::to_value(value).unwrap_or_default().into();
        let mut entries = match std::mem::take(Arc::make_mut(&mut self.0)) {
            Fact::Map(entries) => entries.into_vec(),
            _ => Vec::new(),
        };
        match entries.iter_mut().find(|(known, _)| **known == *key) {
            Some((_, known)) => *known = value,
            None => entries.push((shared(key), value)),
        }
        self.0 = Arc::new(Fact::Map(entries.into()));
    }
}

/// A structure in a list of facts.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'f>(&'f Fact);

impl<'f> Stated<'f> {
    /// The text of a key; empty where there is none.
    #[must_use]
    pub fn text(self, key: &str) -> &'f str {
        if let Some(Fact::Text(text)) = self.0.get(key.as_bytes()) { text } else { "" }
    }
}

impl Fact {
    fn get(&self, key: &[u8]) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known.as_bytes() == key).map(|(_, fact)| fact)
    }
}

impl From<Value> for Fact {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(on) => Self::Bool(on),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(entries) => {
                Self::Map(entries.into_iter().map(|(key, one)| (shared(&key), one.into())).collect())
            }
        }
    }
}

/// Reads a fact where it stands: tables of hundred thousands of findings read several of each.
impl<'de> Deserializer<'de> for &'de Fact {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Fact::Null => visitor.visit_unit(),
            Fact::Bool(on) => visitor.visit_bool(*on),
            Fact::Number(number) => number.deserialize_any(visitor),
            Fact::Text(text) => visitor.visit_borrowed_str(text),
            Fact::List(items) => SeqDeserializer::new(items.iter()).deserialize_any(visitor),
            Fact::Map(entries) => visitor.visit_map(map(entries)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if *self == Fact::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Fact::Text(text) => visitor.visit_enum(text.as_ref().into_deserializer()),
            Fact::Map(entries) => MapAccessDeserializer::new(map(entries)).deserialize_enum(name, variants, visitor),
            other => other.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

type Entries<'f> = Box<dyn Iterator<Item = (&'f str, &'f Fact)> + 'f>;

fn map(entries: &[(Key, Fact)]) -> MapDeserializer<'_, Entries<'_>, serde_json::Error> {
    MapDeserializer::new(Box::new(entries.iter().map(|(key, fact)| (&**key, fact))))
}

impl<'f> IntoDeserializer<'f, serde_json::Error> for &'f Fact {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(on) => to.serialize_bool(*on),
            Self::Number(number) => number.serialize(to),
            Self::Text(text) => to.serialize_str(text),
            Self::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Map(entries) => {
                let mut map = to.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, fact)| map.serialize_entry(&**key, fact))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Map::deserialize(from).map(|facts| Self(Arc::new(Value::Object(facts).into())))
    }
}
