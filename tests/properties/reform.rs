//! Other forms of the same evidence, in any combination, give the same outcomes: delimiters, quotation marks, byte order
//! marks, line ends, order of rows, columns, elements and files, case of headings, wrappers and white space.

use super::Org;
use super::fixtures::PASSING;
use super::hidden::{Dice, outcomes};
use super::none;
use super::places::{cells, elements, rows};
use super::plants::{PLANTS, Plant};
use crate::spoiled::hostile::Files;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

fn shuffled<T>(mut all: Vec<T>, dice: &mut Dice) -> Vec<T> {
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at + 1));
    }
    all
}

/// The members of all objects in another order.
fn members_mixed(value: Value, dice: &mut Dice) -> Value {
    match value {
        Value::Object(object) => {
            let members: Vec<(String, Value)> = object.into_iter().collect();
            let members = members.into_iter().map(|(name, value)| (name, members_mixed(value, dice))).collect();
            Value::Object(shuffled(members, dice).into_iter().collect::<Map<String, Value>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| members_mixed(item, dice)).collect()),
        other => other,
    }
}

fn export_reformed(text: &str, dice: &mut Dice) -> (String, String) {
    let mut export: Value = serde_json::from_str(text).unwrap();
    let mut done = Vec::new();
    if dice.below(2) == 0 {
        let at = rows(&export).unwrap().0;
        let list = export.pointer_mut(at).unwrap().as_array_mut().unwrap();
        *list = shuffled(std::mem::take(list), dice);
        done.push("rows mixed");
    }
    if dice.below(2) == 0 {
        export = members_mixed(export, dice);
        done.push("members mixed");
    }
    if dice.below(3) == 0 && export.get("result").is_none() {
        export = json!({ "status": 0, "result": export, "warnings": [] });
        done.push("wrapped");
    }
    let text = if dice.below(2) == 0 {
        done.push("on one line");
        export.to_string()
    } else {
        serde_json::to_string_pretty(&export).unwrap()
    };
    (text, done.join(", "))
}

fn table_reformed(text: &str, dice: &mut Dice) -> (String, String) {
    let mut all = cells(text);
    let mut done = Vec::new();
    if dice.below(2) == 0 {
        let rest = all.split_off(1);
        all.extend(shuffled(rest, dice));
        done.push("rows mixed".to_owned());
    }
    if dice.below(2) == 0 {
        let order = shuffled((0..all[0].len()).collect::<Vec<_>>(), dice);
        all = all.iter().map(|line| order.iter().map(|at| line[*at].clone()).collect()).collect();
        done.push("columns mixed".to_owned());
    }
    match dice.below(3) {
        0 => all[0].iter_mut().for_each(|name| *name = name.to_uppercase()),
        1 => all[0].iter_mut().for_each(|name| *name = name.to_lowercase()),
        _ => {}
    }
    let delimiter = [",", ";", "\t", "|"][dice.below(4)];
    let always = dice.below(2) == 0;
    let cell = |text: &String| {
        let plain = !always && !text.contains(['"', '\n', '\r', ' ']) && !text.contains(delimiter);
        if plain { text.clone() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
    };
    let lines = all.iter().map(|line| line.iter().map(cell).collect::<Vec<_>>().join(delimiter) + "\n");
    done.push(format!("{delimiter:?}, heading {:?}", all[0][0]));
    (lines.collect(), done.join(", "))
}

/// The children of the root in another order, with other white space and comments between them.
fn document_reformed(text: &str, dice: &mut Dice) -> (String, String) {
    let all = elements(text).unwrap();
    let root = &all[0];
    let children = all.iter().filter(|element| element.path.matches('/').count() == 1);
    let mut children: Vec<&str> = children.map(|element| &text[element.whole.clone()]).collect();
    let mut done = Vec::new();
    if dice.below(2) == 0 {
        children = shuffled(children, dice);
        done.push("elements mixed");
    }
    let (between, name) =
        [("\n    ", "indented"), ("", "on one line"), ("\n<!-- checked -->\n", "with comments")][dice.below(3)];
    done.push(name);
    let body: String = children.iter().map(|child| format!("{between}{child}")).collect();
    (format!("{}{body}\n{}", &text[..root.inner.start], &text[root.inner.end..]), done.join(", "))
}

/// Another form of a file, and what was done.
fn reformed(path: &str, bytes: &[u8], dice: &mut Dice) -> (Vec<u8>, String) {
    let text = std::str::from_utf8(bytes).unwrap();
    let (mut text, mut done) = match path.rsplit('.').next() {
        _ if path == "sfdx-project.json" => (text.to_owned(), String::new()),
        Some("json") => export_reformed(text, dice),
        Some("csv") => table_reformed(text, dice),
        _ => document_reformed(text, dice),
    };
    if dice.below(3) == 0 {
        text = text.replace('\n', "\r\n");
        done.push_str(", CRLF");
    }
    if path.ends_with(".csv") && dice.below(4) == 0 {
        done.push_str(", UTF-16");
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        return (units.flat_map(u16::to_le_bytes).collect(), done);
    }
    if dice.below(3) == 0 {
        text.insert(0, '\u{feff}');
        done.push_str(", byte order mark");
    }
    (text.into_bytes(), done)
}

/// A path that keeps what a name tells: the suffix always, and the stem where it is the name of what the file holds.
fn moved(path: &str, bytes: &[u8], dice: &mut Dice) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or_default();
    if !path.starts_with("main/") && !path.starts_with("extra/") && !path.starts_with("exports/") {
        return path.to_owned(); // where it lies says what it is
    }
    let folder = if dice.below(2) == 0 { format!("{:02}/{folder}", dice.below(100)) } else { folder.to_owned() };
    let linked = ["ecaOauth", "ecaGlblOauth", "ecaOauthPlcy", "ecaPlcy"].iter();
    let suffix = linked.map(|suffix| format!(".{suffix}-meta.xml")).find(|suffix| file.ends_with(suffix));
    // An export without rows is told by its name alone.
    let told = bytes.windows(12).any(|part| part == b"\"attributes\"");
    let suffix = suffix.or_else(|| (told && file.ends_with(".json")).then(|| ".json".to_owned()));
    match suffix {
        Some(suffix) => format!("{folder}/{:04}{suffix}", dice.below(10_000)),
        None => format!("{folder}/{file}"),
    }
}

fn differences(org: &Org, name: &str, dice: &mut Dice) -> Option<String> {
    let (mut files, mut done) = (Files::new(), Vec::new());
    for (path, bytes) in &org.files {
        let mut to = moved(path, bytes, dice);
        let (bytes, how) = reformed(path, bytes, dice);
        while files.contains_key(&to) {
            to = format!("again/{to}");
        }
        done.push(format!("{path} as {to}: {how}"));
        files.insert(to, bytes);
    }
    let (was, now) = (outcomes(&org.assess(&org.files)), outcomes(&org.assess(&files)));
    let other: Vec<String> = was
        .iter()
        .filter(|(what, outcome)| now.get(*what) != Some(*outcome))
        .map(|(what, was)| format!("{what} was {was}, is {:?}", now.get(what)))
        .collect();
    (!other.is_empty()).then(|| format!("{name}: {}\n  {}", other.join("; "), done.join("\n  ")))
}

#[test]
fn any_combination_of_forms_gives_the_same_outcomes() {
    let mut dice = Dice::seeded("forms");
    let passing = PASSING.iter().map(|fixture| (fixture.name, fixture.org()));
    let orgs: Vec<(&str, Org)> = passing.chain(PLANTS.iter().map(|plant| (plant.name, Plant::org(plant)))).collect();
    let rounds: Vec<(usize, Dice)> = (0..20 * orgs.len()).map(|round| (round % orgs.len(), dice.fork())).collect();
    let check = |(at, dice): &(usize, Dice)| differences(&orgs[*at].1, orgs[*at].0, &mut dice.clone());
    none(&rounds.par_iter().filter_map(check).collect::<Vec<_>>());
}
