//! Whether a text has certain bytes, eight of them looked at in one go: large tables have millions of short texts.
//!
//! Each test gives a word whose high bits tell of bytes. It is right about whether there is such a byte, not about where:
//! a borrow may tell of the one above it, too.

/// A byte in all eight places.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Tells of bytes of ASCII below another one of ASCII.
pub(crate) const fn below(word: u64, byte: u8) -> u64 {
    word.wrapping_sub(each(byte)) & !word
}

/// Tells of a byte.
pub(crate) const fn is(word: u64, byte: u8) -> u64 {
    below(word ^ each(byte), 1)
}

/// Whether a test tells of any byte.
pub(crate) fn any(bytes: &[u8], test: impl Fn(u64) -> u64) -> bool {
    if bytes.is_empty() {
        return false;
    }
    let (words, rest) = bytes.as_chunks::<8>();
    // Too few bytes at the end are looked at once more together with those before them.
    let end = match bytes.last_chunk::<8>() {
        _ if rest.is_empty() => each(b'a'),
        Some(end) => u64::from_ne_bytes(*end),
        None => few(rest),
    };
    let found = words.iter().fold(test(end), |found, word| found | test(u64::from_ne_bytes(*word)));
    found & each(0x80) != 0
}

/// One to seven bytes, some of them twice.
fn few(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(start), Some(end), _) => {
            u64::from(u32::from_ne_bytes(*start)) | u64::from(u32::from_ne_bytes(*end)) << 32
        }
        (_, _, [first, .., last]) => {
            let middle = bytes.get(bytes.len() / 2).unwrap_or(last);
            u64::from_ne_bytes([*first, *middle, *last, b'a', b'a', b'a', b'a', b'a'])
        }
        (_, _, [one]) => each(*one),
        (_, _, []) => each(b'a'),
    }
}

#[cfg(test)]
mod tests {
    use super::{any, below, is};

    #[test]
    fn each_byte_is_seen_wherever_it_stands() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = byte;
                    assert_eq!(any(&bytes, |word| below(word, b' ')), byte < b' ', "{byte} at {at} of {length}");
                    assert_eq!(any(&bytes, |word| is(word, 0xc2)), byte == 0xc2, "{byte} at {at} of {length}");
                    assert_eq!(any(&bytes, |word| word), byte > 0x7f, "{byte} at {at} of {length}");
                }
            }
            assert!(!any(&vec![b'a'; length], |word| below(word, b' ') | is(word, b'"') | word));
        }
    }

    #[test]
    fn neighbours_make_no_difference() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let bytes = [b'a', first, second, b'a', b'a', second, first, b'a'];
                let has = |byte: u8| first == byte || second == byte;
                assert_eq!(any(&bytes, |word| below(word, b' ')), first < b' ' || second < b' ');
                assert_eq!(any(&bytes, |word| is(word, b'"') | is(word, 0x7f)), has(b'"') || has(0x7f));
            }
        }
    }
}
