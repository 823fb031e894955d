//! Names of nobody: a keyed hash of the name, short enough to read out.

use crate::text::base32::CROCKFORD;
use crate::text::choice::choices;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Characters of a pseudonym behind its word: 40 bits.
const LENGTH: usize = 8;
/// Fewest characters of a key of one's own.
const SHORTEST: usize = 16;
/// The key that is the same for everybody.
const BUILT_IN: &[u8] = b"shr pseudonyms, built-in key, version 1";

choices! {
    /// Whose name it is, by the word before the hyphen.
    Kind {
        /// A user name of an org, or an e-mail address.
        User = "user",
        /// A person or a firm that the engagement file names.
        Person = "person",
        /// The client.
        Client = "client",
        /// An org.
        Org = "org",
    }
}

/// The key of the hash. It cannot be displayed, serialised or debug-printed.
pub struct Key {
    mac: Hmac<Sha256>,
    own: bool,
}

impl Key {
    /// The key that is the same for everybody: whoever guesses a name can check the guess.
    #[must_use]
    pub fn built_in() -> Self {
        let mut block = [0; 64]; // HMAC fills a shorter key up with zeros
        block.iter_mut().zip(BUILT_IN).for_each(|(to, from)| *to = *from);
        Self { mac: Hmac::new(&block.into()), own: false }
    }

    /// A key of one's own, white space around it left away; `None` when it is too short to resist guessing.
    #[must_use]
    pub fn own(text: &str) -> Option<Self> {
        let text = text.trim();
        let mac = Hmac::new_from_slice(text.as_bytes()).ok().filter(|_| text.chars().count() >= SHORTEST)?;
        Some(Self { mac, own: true })
    }

    /// Whether it is one's own.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// The pseudonym of a name in its canonical form: a function of key, kind and name alone.
    #[must_use]
    pub fn pseudonym(&self, kind: Kind, canonical: &str) -> String {
        let mac = self.mac.clone().chain_update([kind.word(), canonical].join("\0")).finalize().into_bytes();
        format!("{}-{}", kind.word(), CROCKFORD.encode(mac.get(..5).unwrap_or_default()))
    }
}

/// Whether a text is a pseudonym and nothing else.
#[must_use]
pub fn is_pseudonym(text: &str) -> bool {
    text.split_once('-').is_some_and(|(word, code)| {
        code.len() == LENGTH
            && CROCKFORD.decode(code.as_bytes()).is_ok()
            && Kind::ALL.iter().any(|kind| kind.word() == word)
    })
}

#[cfg(test)]
mod tests {
    use super::{Key, Kind};

    /// Made before HMAC came from a crate; whoever has shared a report keeps its pseudonyms.
    #[test]
    fn pseudonyms_stay_what_they_were() {
        let long = "a key that is longer than one block of the hash, which is sixty-four bytes long";
        let keys = [Some(Key::built_in()), Key::own(" sixteen letters! "), Key::own(long)];
        let found: Vec<String> =
            keys.iter().flatten().map(|key| key.pseudonym(Kind::User, "ana@acme.example")).collect();
        assert_eq!(found, ["user-FH5CBZTK", "user-B7XXJD4X", "user-2AVC0023"]);
    }
}
