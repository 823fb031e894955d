//! The language catalogue: [`Message`]s become sentences.

use crate::text::message::{Arg, Message};
use foldhash::quality::FixedState;
use std::collections::{BTreeMap, HashMap};

const ENGLISH: &[&str] = &[
    include_str!("../../templates/lang/en/core.toml"),
    include_str!("../../templates/lang/en/evaluation.toml"),
    include_str!("../../templates/lang/en/advice.toml"),
    include_str!("../../templates/lang/en/assess.toml"),
    include_str!("../../templates/lang/en/report.toml"),
    include_str!("../../templates/lang/en/figures.toml"),
    include_str!("../../templates/lang/en/tracker.toml"),
    include_str!("../../templates/lang/en/threats.toml"),
    include_str!("../../templates/lang/en/explain.toml"),
    include_str!("../../templates/lang/en/formats.toml"),
];

const GERMAN: &[&str] = &[
    include_str!("../../templates/lang/de/core.toml"),
    include_str!("../../templates/lang/de/evaluation.toml"),
    include_str!("../../templates/lang/de/advice.toml"),
    include_str!("../../templates/lang/de/assess.toml"),
    include_str!("../../templates/lang/de/report.toml"),
    include_str!("../../templates/lang/de/figures.toml"),
    include_str!("../../templates/lang/de/tracker.toml"),
    include_str!("../../templates/lang/de/threats.toml"),
    include_str!("../../templates/lang/de/explain.toml"),
    include_str!("../../templates/lang/de/formats.toml"),
];

/// Tags of the languages that there are.
const LANGUAGES: [&str; 2] = ["en", "de"];

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
    let wanted = wanted.to_lowercase();
    let near = |tag: &str| wanted.starts_with(tag) || strsim::damerau_levenshtein(&wanted, tag) <= 1;
    match LANGUAGES.into_iter().find(|tag| near(tag)) {
        Some(tag) => format!("did you mean `{tag}`? there are: {}", LANGUAGES.join(", ")),
        None => format!("there are: {}", LANGUAGES.join(", ")),
    }
}

impl Wording {
    /// Loads a language.
    ///
    /// # Errors
    /// When there is no such language, or a catalogue file is malformed.
    pub fn load(language: &str) -> Result<Self, WordingError> {
        let files = match language {
            "en" => ENGLISH,
            "de" => GERMAN,
            other => return Err(WordingError::UnknownLanguage(other.to_owned())),
        };
        let mut texts = HashMap::default();
        for file in files {
            texts.extend(toml::from_str::<BTreeMap<String, String>>(file)?);
        }
        Ok(Self { language: language.to_owned(), texts })
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
        match self.raw(&message.key) {
            Some(text) => self.fill(text, message),
            None => format!("⟨{}⟩", message.key),
        }
    }

    /// The text of a key without arguments.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.say(&Message::new(key))
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

    fn fill(&self, text: &str, message: &Message) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            out.push_str(&rest[..open]);
            out.push_str(&self.argument(&rest[open + 1..open + close], message));
            rest = &rest[open + close + 1..];
        }
        out.push_str(rest);
        out
    }

    fn argument(&self, slot: &str, message: &Message) -> String {
        let mut parts = slot.split('|');
        let name = parts.next().unwrap_or_default();
        match (message.args.get(name), parts.next(), parts.next()) {
            (Some(Arg::Number(1)), Some(one), _) => one.to_owned(),
            (Some(Arg::Number(_)), Some(_), Some(many)) => many.to_owned(),
            (Some(Arg::List(list)), Some(one), Some(many)) => (if list.len() == 1 { one } else { many }).to_owned(),
            // A list that was cut is one of many.
            (Some(Arg::Message(_)), Some(_), Some(many)) => many.to_owned(),
            (Some(Arg::Number(number)), ..) => number.to_string(),
            (Some(Arg::Text(text)), ..) => text.clone(),
            (Some(Arg::List(list)), ..) => self.join(list),
            (Some(Arg::Message(inner)), ..) => self.say(inner),
            (Some(Arg::Sentences(all)), ..) => all.iter().map(|one| self.say(one)).collect::<Vec<_>>().join(" "),
            (None, ..) => format!("⟨{name}⟩"),
        }
    }
}
