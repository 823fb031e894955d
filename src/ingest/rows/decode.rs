//! Bytes of an export as text: UTF-8, with or without a mark, or UTF-16 with one.

use std::borrow::Cow;

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, &'static str> {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(Cow::Owned(text)),
        _ => Err("is damaged UTF-16"),
    }
}

/// The text, or what is wrong with its encoding.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        utf16(rest, u16::from_le_bytes)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        utf16(rest, u16::from_be_bytes)?
    } else {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Cow::Borrowed(std::str::from_utf8(rest).map_err(|_| "is encoded neither in UTF-8 nor in marked UTF-16")?)
    };
    if text.contains('\0') { Err("holds NUL bytes") } else { Ok(text) }
}

/// How much of a file is looked at to tell what it would be.
const START: usize = 1 << 16;

/// The beginning of a text in whatever encoding, good enough to recognise names of columns in it.
pub(super) fn guessed(bytes: &[u8]) -> String {
    let start = bytes.get(..START).unwrap_or(bytes);
    start.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect()
}
