//! Sentences with slots.

/// A text with each `{name}` replaced by its value. What is filled in is never read as a slot again, and a slot without a
/// value stays as it is.
pub fn fill<'t, V: AsRef<str>>(text: &'t str, value: impl Fn(&'t str) -> Option<V>) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    fill_to(&mut out, text, &mut |out, slot| value(slot).map(|value| out.push_str(value.as_ref())).is_some());
    out
}

/// The same at the end of another text. `write` adds the value of a slot and tells whether there is one.
pub fn fill_to<'t>(out: &mut String, text: &'t str, write: &mut dyn FnMut(&mut String, &'t str) -> bool) {
    let mut rest = text;
    while let Some((before, from)) = parted(rest, b'{') {
        out.push_str(before);
        match parted(from, b'}').filter(|(name, _)| write(out, name)) {
            Some((_, after)) => rest = after,
            None => {
                out.push('{');
                rest = from;
            }
        }
    }
    out.push_str(rest);
}

/// What stands before and behind the first one of a sign of ASCII. Every row of a table has some twenty sentences.
fn parted(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(sign, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
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
