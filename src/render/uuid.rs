//! Name-based UUIDs (RFC 9562, version 5): the same name gives the same id in every run and on every machine.

use sha1::{Digest, Sha1};

/// Namespace of all names of this tool. It was drawn once and must never change.
const NAMESPACE: [u8; 16] =
    [0x02, 0xa0, 0xbb, 0xb0, 0xc6, 0xff, 0x57, 0x2c, 0xbb, 0x67, 0x44, 0x62, 0x83, 0xa8, 0x08, 0x43];

/// The id of a name. Its parts are kept apart by a character that no part holds.
#[must_use]
pub(super) fn of(parts: &[&str]) -> String {
    named(&NAMESPACE, parts.join("\u{0}").as_bytes())
}

fn named(namespace: &[u8; 16], name: &[u8]) -> String {
    let hash = Sha1::new_with_prefix(namespace).chain_update(name).finalize();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut out = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_comes_out() {
        // RFC 9562, appendix A.4: namespace DNS, name www.example.com.
        let dns = [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];
        assert_eq!(named(&dns, b"www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(of(&["a", "bc"]), of(&["ab", "c"]));
    }
}
