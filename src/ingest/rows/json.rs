//! JSON exports: the command line's wrapper, its inner object, bare arrays, REST answers, component listings, failures.

use super::{Fault, Reading, Table, number};
use crate::snapshot::ProblemCode;
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
pub(in crate::ingest) fn read(bytes: &[u8]) -> Reading {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let hint = "save it as UTF-8 (in PowerShell: use --output-file instead of `>`)";
        return Reading::Fault(Fault::new(ProblemCode::Unreadable, "is encoded in UTF-16; JSON has to be UTF-8", hint));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // What cannot be parsed is a problem only when it looks like an export: a project holds other JSON files, too.
    let sure = ["\"records\"", "\"attributes\"", "\"totalSize\"", "\"result\""]
        .iter()
        .any(|mark| memchr::memmem::find(bytes, mark.as_bytes()).is_some());
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => {
            let fault = Fault::new(ProblemCode::Unreadable, "is not encoded in UTF-8", HINT_AGAIN);
            return Reading::Fault(Fault { sure, ..fault });
        }
    };
    match serde_json::from_str::<Json>(text) {
        Ok(json) => table(json),
        Err(error) => {
            let message = match error.classify() {
                _ if error.to_string().starts_with(TWICE) => TWICE,
                serde_json::error::Category::Eof => "ends in the middle; the file is cut off",
                _ if error.to_string().starts_with("recursion limit") => "is nested too deep",
                _ => "is not valid JSON",
            };
            let mut fault = Fault::new(ProblemCode::Malformed, message, HINT_AGAIN);
            fault.line = u32::try_from(error.line()).unwrap_or(u32::MAX);
            fault.column = u32::try_from(error.column()).unwrap_or(u32::MAX);
            fault.sure = sure;
            Reading::Fault(fault)
        }
    }
}

/// Finds the rows in whatever wraps them.
fn table(json: Json) -> Reading {
    let failed = |json: &Json| {
        let name: String =
            json.text_of("name").or(json.text_of("errorCode")).unwrap_or("no reason given").chars().take(80).collect();
        let message = format!("is the answer of a query that failed ({})", crate::source::one_line(&name));
        Reading::Fault(Fault::new(ProblemCode::FailedExport, message, HINT_FAILED))
    };
    let status = json.text_of("status").and_then(|status| status.parse::<i64>().ok());
    let records_inside = json.get("result").is_some_and(|result| result.get("records").is_some());
    if status.is_some_and(|status| status != 0) && !records_inside && json.get("records").is_none() {
        return failed(&json);
    }
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
    let mut out = Table::default();
    let records = match inner {
        Json::Array(items) => {
            if let Some(first) = items.first().filter(|first| first.get("errorCode").is_some()) {
                return failed(first);
            }
            let entry = |item: &Json| ["fullName", "fileName", "type"].iter().all(|key| item.get(key).is_some());
            out.listing = wrapped || items.first().is_some_and(entry);
            out.done = (wrapped && out.listing).then_some(true);
            items
        }
        object @ Json::Object(_) => {
            out.announced = object.text_of("totalSize").and_then(|total| total.parse().ok());
            out.done = object.text_of("done").map(|done| done == "true");
            let rest = object.text_of("nextRecordsUrl").is_some();
            if rest {
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
    rows(out, records, wrapped)
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
        out.push(number(index), cells);
    }
    if out.listing && out.object.is_none() {
        out.object = out.rows.first().and_then(|row| out.cell(row, "type")).map(str::to_owned);
    }
    Reading::Table(out)
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
