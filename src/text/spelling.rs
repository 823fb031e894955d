//! How files spell names. Two spellings of one name have to be one name before names are compared.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text with its accents composed (NFC), as the org has it. File systems and programs store them apart.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// The name of a component as it is written in the name of a file or folder, where it is percent-encoded.
pub(crate) fn component_name(written: &str) -> String {
    composed(&percent_decode_str(written).decode_utf8_lossy()).into_owned()
}

/// The name of a component without its namespace.
pub(crate) fn bare(name: &str) -> &str {
    name.split_once("__").map_or(name, |(_, bare)| bare)
}

/// Whether a link means the component of a name; one of the two may lack the namespace.
pub(crate) fn means(link: &str, name: &str) -> bool {
    link == name || bare(link) == name || link == bare(name)
}

/// The letters and digits of a text, in lower case: texts that differ in blanks, signs and case alone are one.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
