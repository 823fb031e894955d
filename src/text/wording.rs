//! The language catalogue: [`Message`]s become sentences.

use super::fill::fill_to;
use super::message::{Arg, Message};
use super::nearest::nearest;
use foldhash::quality::FixedState;
use std::collections::{BTreeMap, HashMap};

/// A folder of `templates/lang`.
struct Language {
    tag: &'static str,
    /// By name, each with its text.
    files: &'static [(&'static str, &'static str)],
}

macro_rules! language {
    ($tag:literal: $($file:literal),+) => {
        Language {
            tag: $tag,
            files: &[$(($file, include_str!(concat!("../../templates/lang/", $tag, "/", $file, ".toml")))),+],
        }
    };
    ($tag:literal) => {
        language!($tag: "core", "evaluation", "advice", "assess", "report", "workpapers", "portfolio", "kit", "figures", "tracker", "explain", "formats", "family")
    };
}

/// The languages that there are.
static LANGUAGES: [Language; 2] = [language!("en"), language!("de")];

/// Tags of the languages that there are.
#[must_use]
pub fn languages() -> Vec<&'static str> {
    LANGUAGES.iter().map(|language| language.tag).collect()
}

/// The files of a language by name, with their texts; none when there is no such language.
#[must_use]
pub fn files(language: &str) -> Vec<(&'static str, &'static str)> {
    LANGUAGES.iter().find(|known| known.tag == language).map_or_else(Vec::new, |found| found.files.to_vec())
}

/// Words of one language.
#[derive(Clone, Debug)]
pub struct Wording {
    /// Language tag (`en`, `de`), for document properties.
    pub language: String,
    /// Hashed, because tables look up several sentences in every row; keys are ours, so nobody can make them collide.
    texts: HashMap<String, String, FixedState>,
}

/// A language catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WordingError {
    /// No such language.
    #[error("no language `{0}`; {instead}", instead = offer(.0))]
    UnknownLanguage(String),
    /// A catalogue file is not a flat table of texts.
    #[error("language catalogue: {0}")]
    Malformed(#[from] toml::de::Error),
}

/// What to write instead of an unknown tag: the language it starts with (`de-CH`), the nearest one (`dd`), or all.
fn offer(wanted: &str) -> String {
    let (wanted, tags) = (wanted.to_lowercase(), languages());
    let language = tags.iter().copied().find(|tag| wanted.starts_with(tag));
    match language.or_else(|| nearest(&wanted, tags.iter().copied())) {
        Some(tag) => format!("did you mean `{tag}`? there are: {}", tags.join(", ")),
        None => format!("there are: {}", tags.join(", ")),
    }
}

/// Shows what there is no text for, never dropping it.
pub(crate) fn missing(out: &mut String, name: &str) {
    ["⟨", name, "⟩"].iter().for_each(|part| out.push_str(part));
}

/// Room for what a sentence is filled with.
const ROOM: usize = 32;

impl Wording {
    /// Loads what all controls share of a language; each control adds its own. Fails when there is no such language, or
    /// a catalogue file is malformed.
    pub fn load(language: &str) -> Result<Self, WordingError> {
        let Some(found) = LANGUAGES.iter().find(|known| known.tag == language) else {
            return Err(WordingError::UnknownLanguage(language.to_owned()));
        };
        let mut words = Self { language: language.to_owned(), texts: HashMap::default() };
        found.files.iter().try_for_each(|(_, text)| words.read(text))?;
        Ok(words)
    }

    /// Adds texts.
    pub fn extend(&mut self, texts: impl IntoIterator<Item = (String, String)>) {
        self.texts.extend(texts);
    }

    /// Adds the texts of a file. Fails when it is malformed.
    pub fn read(&mut self, file: &str) -> Result<(), WordingError> {
        self.texts.extend(toml::from_str::<BTreeMap<String, String>>(file)?);
        Ok(())
    }

    /// All keys in their order, for tests and template checks.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let mut keys: Vec<&str> = self.texts.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys.into_iter()
    }

    /// The text of a key without arguments filled in.
    #[must_use]
    pub fn raw(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The sentence of a message. A key that the language lacks is shown as `⟨key⟩`, never dropped.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        let mut out = String::with_capacity(self.raw(&message.key).map_or(0, str::len) + ROOM);
        self.say_to(&mut out, message);
        out
    }

    /// The same at the end of another text.
    pub fn say_to(&self, out: &mut String, message: &Message) {
        let Some(text) = self.raw(&message.key) else { return missing(out, &message.key) };
        fill_to(out, text, &mut |out, slot| {
            self.argument(out, slot, message);
            true
        });
    }

    /// Sentences one after the other.
    pub fn say_all<'m>(&self, out: &mut String, messages: impl IntoIterator<Item = &'m Message>) {
        for (at, message) in messages.into_iter().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            self.say_to(out, message);
        }
    }

    /// The text of a key without arguments.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.say(&Message::new(key.to_owned()))
    }

    /// Joins texts by the language's list rule.
    #[must_use]
    pub fn join(&self, list: &[String]) -> String {
        match list {
            [] => String::new(),
            [one] => one.clone(),
            [init @ .., last] => {
                let separator = self.raw("list.separator").unwrap_or(", ");
                format!("{}{}{last}", init.join(separator), self.raw("list.last").unwrap_or(separator))
            }
        }
    }

    fn argument(&self, out: &mut String, slot: &str, message: &Message) {
        let mut parts = slot.split('|');
        let name = parts.next().unwrap_or_default();
        match (message.args.get(name), parts.next(), parts.next()) {
            (Some(Arg::Number(1)), Some(one), _) => out.push_str(one),
            (Some(Arg::Number(_)), Some(_), Some(many)) => out.push_str(many),
            (Some(Arg::List(list)), Some(one), Some(many)) => out.push_str(if list.len() == 1 { one } else { many }),
            // A list that was cut is one of many.
            (Some(Arg::Message(_)), Some(_), Some(many)) => out.push_str(many),
            (Some(Arg::Number(number)), ..) => out.push_str(&number.to_string()),
            (Some(Arg::Text(text)), ..) => out.push_str(text),
            (Some(Arg::List(list)), ..) => match list.as_slice() {
                [one] => out.push_str(one),
                list => out.push_str(&self.join(list)),
            },
            (Some(Arg::Message(inner)), ..) => self.say_to(out, inner),
            (Some(Arg::Sentences(all)), ..) => self.say_all(out, all),
            (None, ..) => missing(out, name),
        }
    }
}
