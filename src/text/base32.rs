//! Crockford's base 32: no I, L, O and U, so that an id can be read out and typed.

use data_encoding::{BASE32HEX_NOPAD, Encoding, Specification};
use std::sync::LazyLock;

/// Bits in groups of five, the highest first, in `0123456789ABCDEFGHJKMNPQRSTVWXYZ`.
pub(crate) static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    // It cannot be refused: these are 32 different characters. The tests hold ids and pseudonyms to their values.
    specification.encoding().unwrap_or(BASE32HEX_NOPAD)
});
