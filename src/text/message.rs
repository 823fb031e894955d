//! Sentences as data: a key of the language catalogue and its arguments.
//!
//! The stages never write prose. They say *which* sentence and *with what*, and
//! [`crate::text::wording`] turns it into words of a language. So one assessment can be
//! reported in several languages, and a test can walk every sentence.

use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A sentence of the language catalogue (`templates/lang/*.toml`) with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Message {
    /// Key, dotted: `network-restricted.none`.
    pub key: Cow<'static, str>,
    /// Arguments by name. Values are data (org text, numbers, dates), or again a message.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
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
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Args::default() }
    }

    /// The first text of a name among the arguments, also inside of a nested sentence.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.args.0.iter().find_map(|(own, arg)| match arg {
            Arg::Text(text) if **own == *name => Some(text.as_str()),
            Arg::Message(inner) => inner.text_of(name),
            Arg::Sentences(all) => all.iter().find_map(|one| one.text_of(name)),
            _ => None,
        })
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.insert(name, value.into());
        self
    }

    /// Gives the sentence, and every one inside it, the key that stands for its own.
    pub fn rekey(&mut self, key: &dyn Fn(&str) -> String) {
        self.key = key(&self.key).into();
        for (_, arg) in &mut self.args.0 {
            match arg {
                Arg::Message(nested) => nested.rekey(key),
                Arg::Sentences(all) => all.iter_mut().for_each(|nested| nested.rekey(key)),
                Arg::Text(_) | Arg::Number(_) | Arg::List(_) => {}
            }
        }
    }
}

/// Arguments by name, in the order of their names. A sentence has few of them, and a large assessment a million
/// sentences, so they take no more room than they need, and names that the program has are not copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Arg>")]
pub struct Args(#[serde(serialize_with = "as_map")] Box<[(Cow<'static, str>, Arg)]>);

fn as_map<S: Serializer>(args: &[(Cow<'static, str>, Arg)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(name, arg)| (name, arg)))
}

impl Args {
    /// Adds an argument, in place of one of the same name.
    pub fn insert(&mut self, name: impl Into<Cow<'static, str>>, arg: Arg) {
        let name = name.into();
        match self.place(&name) {
            Ok(at) => {
                if let Some((_, known)) = self.0.get_mut(at) {
                    *known = arg;
                }
            }
            Err(at) => {
                let mut all = std::mem::take(&mut self.0).into_vec();
                all.reserve_exact(1);
                all.insert(at, (name, arg));
                self.0 = all.into();
            }
        }
    }

    /// The argument of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arg> {
        self.0.get(self.place(name).ok()?).map(|(_, arg)| arg)
    }

    /// Keeps the arguments with these names.
    pub fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        let all = std::mem::take(&mut self.0).into_vec();
        self.0 = all.into_iter().filter(|(name, _)| is_kept(name)).collect();
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
    }
}

impl From<BTreeMap<String, Arg>> for Args {
    fn from(args: BTreeMap<String, Arg>) -> Self {
        Self(args.into_iter().map(|(name, arg)| (name.into(), arg)).collect())
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
