//! Texts that are longer than anything of an org: shown by their beginning, and never taken for another text.

use super::certificate::hex;
use sha2::{Digest, Sha256};

/// A text cut to a number of characters; `None` when it is not longer. The mark holds the length and a sum of the whole
/// text, so that two texts which differ only behind the cut stay two.
pub(super) fn cut(text: &str, most: u64) -> Option<String> {
    if text.len() as u64 <= most {
        return None; // no text has more characters than bytes
    }
    let (end, _) = text.char_indices().nth(crate::limits::count(most))?;
    let sum = hex(&Sha256::digest(text.as_bytes()));
    let (begin, sum) = (text.get(..end).unwrap_or_default(), sum.get(..8).unwrap_or_default());
    Some(format!("{begin}… [{} characters, SHA-256 {sum}…]", text.chars().count()))
}

/// What is said of a text that was cut.
pub(super) fn message(what: &str, characters: usize, most: u64) -> String {
    format!("`{what}` has {characters} characters; what follows the first {most} is left out")
}

/// What to do about it.
pub(super) fn hint(characters: usize) -> String {
    format!("shorten it, or pass {}", crate::limits::option("text-length", characters as u64))
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_cut_text_shows_its_beginning_and_stays_apart_from_others() {
        assert_eq!(cut("ääää", 4), None);
        let (one, other) = (cut("ääääx", 4).unwrap(), cut("ääääy", 4).unwrap());
        assert!(one.starts_with("ääää… [5 characters, SHA-256 "), "{one}");
        assert_ne!(one, other);
    }
}
