//! Sentences with slots.

/// A text with each `{name}` replaced by its value. What is filled in is never read as a slot again, and a slot without a
/// value stays as it is.
pub fn fill<'t, V: AsRef<str>>(text: &'t str, value: impl Fn(&'t str) -> Option<V>) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        match from.split_once('}').and_then(|(name, after)| Some((value(name)?, after))) {
            Some((value, after)) => {
                out.push_str(value.as_ref());
                rest = after;
            }
            None => {
                out.push('{');
                rest = from;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Names of the slots of a text, each as often as it stands there; of a choice (`{n|one|many}`) the number that chooses.
#[must_use]
pub fn slots(text: &str) -> Vec<&str> {
    let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    parts.map(|(slot, _)| slot.split('|').next().unwrap_or(slot)).collect()
}

#[cfg(test)]
mod tests {
    use super::fill;

    fn value(name: &str) -> Option<&'static str> {
        (name == "a").then_some("{b}")
    }

    #[test]
    fn slots_are_filled_once_and_other_braces_stay() {
        assert_eq!(fill("{a}-{a}", value), "{b}-{b}");
        assert_eq!(fill("{b} { {a} } {", value), "{b} { {b} } {");
    }
}
