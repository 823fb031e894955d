//! A catalogue file that states what differs from another: two controls on one weakness share the rest.
//!
//! Tables are laid over tables. Of a list of tables an entry replaces the fields of the one with its `id` (or `name`), is
//! taken out with `drop = true`, or is new: then it stands behind the entry that it names in `after`, else at the end. Of
//! a list of texts, a table of places replaces single ones: `steps.3 = "…"`, `-` takes it out, and a place
//! behind the last one adds.

use toml::{Table, Value};

/// `over` laid over `base`. Fails when one of them is malformed.
pub(super) fn overlaid(base: &str, over: &str) -> Result<Table, toml::de::Error> {
    let mut whole: Table = toml::from_str(base)?;
    merge(&mut whole, toml::from_str(over)?);
    Ok(whole)
}

fn merge(base: &mut Table, over: Table) {
    for (key, new) in over {
        match (base.get_mut(&key), new) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (Some(Value::Array(old)), Value::Array(new)) if new.iter().any(Value::is_table) => {
                new.into_iter().for_each(|entry| lay(old, entry));
            }
            (Some(Value::Array(old)), Value::Table(new)) => place(old, &new),
            (_, new) => drop(base.insert(key, new)),
        }
    }
}

/// What an entry goes by.
fn name(entry: &Value) -> Option<&str> {
    ["id", "name"].iter().find_map(|key| entry.get(key)).and_then(Value::as_str)
}

fn lay(list: &mut Vec<Value>, mut entry: Value) {
    let mut word = |key: &str| entry.as_table_mut().and_then(|entry| entry.remove(key));
    let (dropped, after) = (word("drop").is_some(), word("after"));
    let at = |wanted: Option<&str>| list.iter().position(|one| wanted.is_some() && name(one) == wanted);
    match (at(name(&entry)), entry) {
        (Some(known), _) if dropped => drop(list.remove(known)),
        (Some(known), Value::Table(new)) => {
            if let Some(Value::Table(old)) = list.get_mut(known) {
                merge(old, new);
            }
        }
        (_, entry) => {
            let behind = at(after.as_ref().and_then(Value::as_str)).map_or(list.len(), |at| at + 1);
            list.insert(behind, entry);
        }
    }
}

/// Texts by their places, from 1. What is taken out is taken out last, so that places are those of the list as it was.
fn place(list: &mut Vec<Value>, texts: &Table) {
    let mut placed: Vec<(usize, &Value)> =
        texts.iter().filter_map(|(place, text)| Some((place.parse::<usize>().ok()?.checked_sub(1)?, text))).collect();
    placed.sort_by_key(|(at, _)| *at);
    for (at, text) in placed {
        match list.get_mut(at) {
            Some(old) => old.clone_from(text),
            None => list.push(text.clone()),
        }
    }
    list.retain(|text| text.as_str() != Some(OUT));
}

/// What stands in the place of a text that is taken out.
const OUT: &str = "-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_laid_over_the_rest() {
        let base = "a = 1\nlist = ['x', 'y', 'z']\n[t]\nb = 2\nc = 3\n[[e]]\nid = 'p'\nv = 1\nw = 2\n[[e]]\nid = 'q'\n[[e]]\nid = 'r'\n";
        let over = "a = 2\n[list]\n1 = 'X'\n2 = '-'\n4 = 'new'\n[t]\nb = 4\n[[e]]\nid = 'p'\nv = 9\n[[e]]\nid = 'n'\nafter = 'p'\n[[e]]\nid = 'q'\ndrop = true\n[[e]]\nid = 'm'\n";
        let wanted = "a = 2\nlist = ['X', 'z', 'new']\n[t]\nb = 4\nc = 3\n[[e]]\nid = 'p'\nv = 9\nw = 2\n[[e]]\nid = 'n'\n[[e]]\nid = 'r'\n[[e]]\nid = 'm'\n";
        assert_eq!(overlaid(base, over).unwrap(), toml::from_str::<Table>(wanted).unwrap());
        assert!(overlaid("a = ", "").is_err() && overlaid("", "a = ").is_err());
    }

    #[test]
    fn places_of_two_digits_come_in_their_order() {
        let base = format!("list = [{}]", (1..=10).map(|n| format!("'{n}'")).collect::<Vec<_>>().join(", "));
        let laid = overlaid(&base, "[list]\n12 = 'twelfth'\n11 = 'eleventh'\n10 = 'tenth'\n").unwrap();
        let list: Vec<_> = laid["list"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(list[9..], ["tenth", "eleventh", "twelfth"]);
    }
}
