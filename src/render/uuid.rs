//! Name-based UUIDs (RFC 9562, version 5): the same name gives the same id in every run and on every machine.

use uuid::Uuid;

/// Namespace of all names of this tool. It was drawn once and must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x02a0bbb0_c6ff_572c_bb67_446283a80843);

/// The id of a name. Its parts are kept apart by a character that no part holds.
#[must_use]
pub(super) fn of(parts: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, parts.join("\u{0}").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_namespace_stays_and_parts_do_not_run_together() {
        assert_eq!(of(&["a", "bc"]), "c2f47330-cb95-56e5-a462-ef675a049c1c");
        assert_ne!(of(&["a", "bc"]), of(&["ab", "c"]));
    }
}
