//! Sentences as data: a key of the language catalogue and its arguments.
//!
//! The stages never write prose. They say *which* sentence and *with what*, and
//! [`crate::wording`] turns it into words of a language. So one assessment can be
//! reported in several languages, and a test can walk every sentence.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sentence of the language catalogue (`templates/lang/*.toml`) with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Message {
    /// Key, dotted: `network-restricted.none`.
    pub key: String,
    /// Arguments by name. Values are data (org text, numbers, dates), or again a message.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Arg>,
}

/// An argument of a [`Message`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Text from an org or a name from the field: never translated.
    Text(String),
    /// A number; also selects singular or plural.
    Number(u64),
    /// Several texts, joined by the language's list rule.
    List(Vec<String>),
    /// A nested sentence.
    Message(Box<Message>),
    /// Sentences one after the other. A list, however many there are: what nests too deep cannot be read back.
    Sentences(Vec<Message>),
}

impl Message {
    /// A sentence without arguments.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: BTreeMap::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl Arg {
    /// The first of some names, and how many more there are.
    #[must_use]
    pub fn some(names: Vec<String>, most: usize) -> Self {
        let total = names.len();
        Self::some_of(names.into_iter(), total, most)
    }

    /// The same of names that are made one by one, of which there are `total`.
    #[must_use]
    pub fn some_of(names: impl Iterator<Item = String>, total: usize, most: usize) -> Self {
        let more = total.saturating_sub(most);
        if more < 2 {
            return names.collect::<Vec<_>>().into(); // "and 1 more" is no shorter than the name
        }
        let first: Vec<String> = names.take(most).collect();
        Message::new("list.more").with("list", first.join(", ")).with("n", more).into()
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}
impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}
impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(u64::from(number))
    }
}
impl From<Vec<String>> for Arg {
    fn from(list: Vec<String>) -> Self {
        Self::List(list)
    }
}
impl From<Vec<Message>> for Arg {
    fn from(sentences: Vec<Message>) -> Self {
        Self::Sentences(sentences)
    }
}
impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}
