//! Halves of characters in JSON: `\ud83d` without its other half is no text, and one of them voids a whole file.

/// A text without halves of characters.
pub(super) struct Mended {
    pub text: String,
    /// How many halves were replaced.
    pub count: usize,
    /// Line of the first.
    pub line: u32,
}

/// Puts U+FFFD, written as an escape of the same length, in place of each half. `None`: there is none.
pub(super) fn mended(text: &str) -> Option<Mended> {
    let mut bytes = text.as_bytes().to_vec();
    let (mut at, mut count, mut first) = (0, 0, 0);
    while let Some(found) = memchr::memchr(b'\\', bytes.get(at..)?) {
        at += found;
        match unit(&bytes, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(&bytes, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                bytes.get_mut(at + 2..at + 6)?.copy_from_slice(b"fffd");
                if count == 0 {
                    first = at;
                }
                (count, at) = (count + 1, at + 6);
            }
            Some(_) => at += 6,
            None => at += 2,
        }
        if at >= bytes.len() {
            break;
        }
    }
    let line = super::number(memchr::memchr_iter(b'\n', text.as_bytes().get(..first)?).count());
    let text = String::from_utf8(bytes).ok()?;
    (count > 0).then_some(Mended { text, count, line })
}

/// The value of an escape `\uXXXX` that begins here.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}
