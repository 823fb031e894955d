//! JSON exports: the command line's wrapper, its inner object, bare arrays, REST answers, component listings, failures.

use super::{Fault, Note, Reading, Table, decode, number, surrogates};
use crate::limits::Limits;
use crate::snapshot::ProblemCode;
use crate::text::visible::one_line;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// JSON as it stands: keys in order, and a key that stands twice is an error.
enum Json {
    Null,
    Scalar(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(text) => Some(text),
            _ => None,
        }
    }

    fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::text)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Scalar(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Scalar(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Scalar(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
                Ok(Json::Scalar(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::Scalar(value.to_owned()))
            }
            fn visit_string<E>(self, value: String) -> Result<Json, E> {
                Ok(Json::Scalar(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
                let mut array = Vec::new();
                while let Some(item) = items.next_element()? {
                    array.push(item);
                }
                Ok(Json::Array(array))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
                let mut object: Vec<(String, Json)> = Vec::new();
                let mut keys = BTreeSet::new();
                while let Some((key, value)) = members.next_entry::<String, Json>()? {
                    if !keys.insert(key.clone()) {
                        return Err(A::Error::custom(TWICE));
                    }
                    object.push((key, value));
                }
                Ok(Json::Object(object))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

const TWICE: &str = "a key stands twice in one object";
const HINT_AGAIN: &str = "run the query again and keep its output as it is";
const HINT_FAILED: &str = "the query failed when it was run; run it again with the needed access";
const HINT_TREE: &str = "`sf data export tree` drops record ids; use `sf data query --json` instead";

/// Reads a JSON file.
pub(in crate::ingest) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    reading(bytes, |text| match serde_json::from_str::<Json>(text) {
        // One record on each line, under the name of a whole.
        Err(error) if error.is_syntax() => records_of_lines(text).map_err(|_| error).map(|all| of_lines(all, limits)),
        read => read.map(|json| table(json, limits)),
    })
}

/// Reads a file with one record on each line.
pub(in crate::ingest) fn lines(bytes: &[u8], limits: &Limits) -> Reading {
    reading(bytes, |text| records_of_lines(text).map(|all| of_lines(all, limits)))
}

fn records_of_lines(text: &str) -> Result<Vec<Json>, serde_json::Error> {
    serde_json::Deserializer::from_str(text).into_iter().collect()
}

/// A single object is what it would be in a file of its own.
fn of_lines(mut records: Vec<Json>, limits: &Limits) -> Reading {
    match records.pop() {
        Some(only) if records.is_empty() => table(only, limits),
        Some(last) => {
            records.push(last);
            rows(Table::within(limits), records, false)
        }
        None => Reading::Other,
    }
}

/// Decodes a file and parses it; a text that holds halves of characters is parsed without them.
fn reading(bytes: &[u8], parse: impl Fn(&str) -> Result<Reading, serde_json::Error>) -> Reading {
    let text = match decode::text(bytes) {
        Ok(text) => text,
        Err(message) => {
            return Reading::Fault(looks_like(&decode::guessed(bytes), ProblemCode::Unreadable, message));
        }
    };
    let error = match parse(&text) {
        Ok(read) => return read,
        Err(error) => error,
    };
    let Some(mended) = surrogates::mended(&text) else { return Reading::Fault(fault(&text, &error)) };
    match parse(&mended.text) {
        Ok(Reading::Table(table)) => {
            let places = if mended.count == 1 { "place" } else { "places" };
            let message = format!(
                "holds half of a character (a lone surrogate, `\\ud800` to `\\udfff`) at {} {places}; read as U+FFFD",
                mended.count
            );
            let hint = "correct the name in the org; exporting it again gives the same half";
            Reading::Table(Box::new(Table { note: Some(Note { line: mended.line, message, hint }), ..*table }))
        }
        Ok(read) => read,
        Err(error) => Reading::Fault(fault(&text, &error)),
    }
}

fn fault(text: &str, error: &serde_json::Error) -> Fault {
    let message = match error.classify() {
        _ if error.to_string().starts_with(TWICE) => TWICE,
        serde_json::error::Category::Eof => "ends in the middle; the file is cut off",
        _ if error.to_string().starts_with("recursion limit") => "is nested too deep",
        _ => "is not valid JSON",
    };
    let [line, column] = [error.line(), error.column()].map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    Fault { line, column, ..looks_like(text, ProblemCode::Malformed, message) }
}

/// A fault of a file that may be any JSON: the type of its first record, or else its keys, tell what it would be.
fn looks_like(text: &str, code: ProblemCode, message: &str) -> Fault {
    let keys = keys(text);
    let answer = keys.contains("totalsize") && keys.contains("records");
    let object = text.find("\"attributes\"").and_then(|at| text_of_key(text.get(at..)?, "type")).map(str::to_owned);
    let fault = Fault::of_file(code, message, HINT_AGAIN).with(keys.into_iter().collect());
    Fault { object, sure: answer, ..fault }
}

/// Much more than the keys of a first record.
const START: usize = 1 << 16;

/// Names that stand before a colon near the beginning, in lower case.
fn keys(text: &str) -> BTreeSet<String> {
    let end = (0..=START.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let parts: Vec<&str> = text.get(..end).unwrap_or_default().split('"').collect();
    let before_colon = parts.windows(2).filter(|pair| pair[1].trim_start().starts_with(':'));
    before_colon.map(|pair| pair[0].to_lowercase()).collect()
}

/// The text that follows the first key of this name.
fn text_of_key<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let after = text.split_once(&format!("\"{key}\""))?.1.trim_start().strip_prefix(':')?;
    after.trim_start().strip_prefix('"')?.split('"').next()
}

fn failed(json: &Json) -> Reading {
    let name: String =
        json.text_of("name").or(json.text_of("errorCode")).unwrap_or("no reason given").chars().take(80).collect();
    let message = format!("is the answer of a query that failed ({})", one_line(&name));
    let fault = Fault::of_file(ProblemCode::FailedExport, message, HINT_FAILED);
    Reading::Fault(Fault { sure: says_query(json), ..fault })
}

/// Finds the rows in whatever wraps them.
fn table(json: Json, limits: &Limits) -> Reading {
    let status = json.text_of("status").and_then(|status| status.parse::<i64>().ok());
    let records_inside = json.get("result").is_some_and(|result| result.get("records").is_some());
    if status.is_some_and(|status| status != 0) && !records_inside && json.get("records").is_none() {
        return failed(&json);
    }
    let cut = status.is_some_and(|status| status != 0) || warns_of_missing_rows(&json);
    let wrapped = status.is_some();
    let inner = match json {
        Json::Object(members) => {
            let (mut result, mut rest) = (None, Vec::new());
            for (key, value) in members {
                if key == "result" && matches!(value, Json::Array(_) | Json::Object(_)) {
                    result = Some(value);
                } else {
                    rest.push((key, value));
                }
            }
            result.unwrap_or(Json::Object(rest))
        }
        other => other,
    };
    let mut out = Table::within(limits);
    let records = match inner {
        Json::Array(items) => {
            if let Some(first) = items.first().filter(|first| first.get("errorCode").is_some()) {
                return failed(first);
            }
            let is_component = items
                .first()
                .is_some_and(|item| ["fullName", "fileName", "type"].iter().all(|key| item.get(key).is_some()));
            out.listing = wrapped || is_component;
            out.done = (wrapped && out.listing).then_some(true);
            items
        }
        object @ Json::Object(_) => {
            out.announced = object.text_of("totalSize").and_then(|total| total.parse().ok());
            out.done = object.text_of("done").map(|done| done == "true");
            if object.text_of("nextRecordsUrl").is_some() {
                out.done = Some(false);
            }
            if object.get("fullName").is_some() && object.get("type").is_some() {
                out.listing = true;
                out.done = wrapped.then_some(true);
                vec![object]
            } else {
                let Json::Object(members) = object else { return Reading::Other };
                match members.into_iter().find(|(key, _)| key == "records").map(|(_, value)| value) {
                    Some(Json::Array(items)) => items,
                    _ => return Reading::Other,
                }
            }
        }
        _ => return Reading::Other,
    };
    if cut {
        out.done = Some(false);
    }
    rows(out, records, wrapped)
}

/// Whether a command warns that its answer lacks rows, as it does where the org limits a query.
fn warns_of_missing_rows(json: &Json) -> bool {
    let Some(Json::Array(warnings)) = json.get("warnings") else { return false };
    let mut texts = warnings.iter().filter_map(|warning| warning.text().map(str::to_lowercase));
    texts.any(|text| text.contains("missing") && text.contains("record"))
}

/// Whether the answer of a command that failed says that it was one that exports.
fn says_query(json: &Json) -> bool {
    let named = ["commandName", "context"].iter().filter_map(|key| json.text_of(key)).map(str::to_lowercase);
    named.into_iter().any(|name| ["query", "export", "metadata"].iter().any(|word| name.contains(word)))
}

fn rows(mut out: Table, records: Vec<Json>, sure: bool) -> Reading {
    for (index, record) in records.into_iter().enumerate() {
        if !matches!(record, Json::Object(_)) {
            if out.announced.is_none() && !sure {
                return Reading::Other;
            }
            let message = format!("record {} is no object", number(index));
            return Reading::Fault(Fault::new(ProblemCode::Malformed, message, HINT_AGAIN));
        }
        if let Some(attributes) = record.get("attributes") {
            let object = attributes.text_of("type").map(str::to_owned);
            if attributes.get("referenceId").is_some() {
                let fault =
                    Fault::new(ProblemCode::FailedExport, "is a tree export, which cannot be joined", HINT_TREE);
                return Reading::Fault(Fault { object, ..fault });
            }
            if out.object.is_some() && object.is_some() && out.object != object {
                let message = "holds records of several objects";
                return Reading::Fault(Fault::new(ProblemCode::Ambiguous, message, "export each object on its own"));
            }
            out.object = out.object.or(object);
        }
        let cells = flatten(&mut out, record);
        out.push(number(index), cells.iter().map(|(column, text)| (*column, text.as_str())));
    }
    if out.listing && out.object.is_none() {
        out.object = out.rows.first().and_then(|row| out.cell(row, "type")).map(str::to_owned);
    }
    Reading::Table(Box::new(out.closed()))
}

/// Nested objects become dotted columns, items of arrays numbered ones. `attributes` are about the record, not of it.
fn flatten(out: &mut Table, record: Json) -> Vec<(usize, String)> {
    let mut cells = Vec::new();
    let mut open = vec![(String::new(), record)];
    let dotted =
        |prefix: &str, name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    while let Some((name, value)) = open.pop() {
        match value {
            Json::Null => {
                out.column(&name);
            }
            Json::Scalar(text) => {
                let column = out.column(&name);
                let text = text.trim();
                if !text.is_empty() {
                    cells.push((column, text.to_owned()));
                }
            }
            Json::Array(items) if items.is_empty() => cells.push((out.column(&name), "[]".to_owned())),
            Json::Array(items) => {
                let numbered = items.into_iter().enumerate().map(|(at, item)| (dotted(&name, &at.to_string()), item));
                open.extend(numbered);
            }
            Json::Object(members) => {
                let inner = members.into_iter().filter(|(key, _)| key != "attributes");
                open.extend(inner.map(|(key, item)| (dotted(&name, &key), item)));
            }
        }
    }
    cells
}
