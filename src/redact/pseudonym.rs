//! Names of nobody: a keyed hash of the name, short enough to read out.

use sha2::{Digest, Sha256};

/// Crockford's base 32, as in finding ids.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a pseudonym behind its word: 40 bits.
const LENGTH: usize = 8;
/// Fewest characters of a key of one's own.
const SHORTEST: usize = 16;
/// Block of SHA-256 in bytes.
const BLOCK: usize = 64;

/// Whose name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A user name of an org, or an e-mail address.
    User,
    /// A person or a firm that the engagement file names.
    Person,
    /// The client.
    Client,
    /// An org.
    Org,
}

impl Kind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[Self::User, Self::Person, Self::Client, Self::Org];

    /// The word before the hyphen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Person => "person",
            Self::Client => "client",
            Self::Org => "org",
        }
    }
}

/// The key of the hash. It cannot be displayed, serialised or debug-printed.
pub struct Key {
    bytes: Vec<u8>,
    own: bool,
}

impl Key {
    /// The key that is the same for everybody: whoever guesses a name can check the guess.
    #[must_use]
    pub fn built_in() -> Self {
        Self { bytes: b"shr pseudonyms, built-in key, version 1".to_vec(), own: false }
    }

    /// A key of one's own, white space around it left away; `None` when it is too short to resist guessing.
    #[must_use]
    pub fn own(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.chars().count() >= SHORTEST).then(|| Self { bytes: text.as_bytes().to_vec(), own: true })
    }

    /// Whether it is one's own.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// HMAC-SHA-256 (RFC 2104).
    fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut block = [0_u8; BLOCK];
        if self.bytes.len() > BLOCK {
            block.iter_mut().zip(Sha256::digest(&self.bytes)).for_each(|(to, from)| *to = from);
        } else {
            block.iter_mut().zip(&self.bytes).for_each(|(to, from)| *to = *from);
        }
        let padded = |pad: u8| block.map(|byte| byte ^ pad);
        let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
        Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
    }

    /// The pseudonym of a name in its canonical form: a function of key, kind and name alone.
    #[must_use]
    pub fn pseudonym(&self, kind: Kind, canonical: &str) -> String {
        let mac = self.mac([kind.word(), canonical].join("\0").as_bytes());
        let bits = mac.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let character = |place: usize| {
            let five = usize::try_from(bits >> (5 * place) & 31).unwrap_or_default();
            CROCKFORD.get(five).copied().map_or('0', char::from)
        };
        format!("{}-{}", kind.word(), (0..LENGTH).rev().map(character).collect::<String>())
    }
}

/// Whether two words with a hyphen between them are a pseudonym.
pub(super) fn are_pseudonym(word: &str, code: &str) -> bool {
    code.len() == LENGTH
        && code.bytes().all(|byte| CROCKFORD.contains(&byte))
        && Kind::ALL.iter().any(|kind| kind.word() == word)
}

/// Whether a text is a pseudonym and nothing else.
#[must_use]
pub fn is_pseudonym(text: &str) -> bool {
    text.split_once('-').is_some_and(|(word, code)| are_pseudonym(word, code))
}

#[cfg(test)]
mod tests {
    use super::Key;

    /// Test cases 1, 2 and 6 of RFC 4231.
    #[test]
    fn the_hash_is_hmac_sha_256() {
        let mac = |key: &[u8], data: &[u8]| {
            let mac = Key { bytes: key.to_vec(), own: true }.mac(data);
            data_encoding::HEXLOWER.encode(&mac)
        };
        assert_eq!(mac(&[0x0b; 20], b"Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_eq!(
            mac(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            mac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
