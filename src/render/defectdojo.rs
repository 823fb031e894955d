//! DefectDojo's generic findings import as JSON: what the CSV file says and what it has no columns for.

use super::exchange::object;
use crate::table::Row;
use crate::table::profiles::{Profile, Shape};
use serde_json::{Map, Value, json};

/// Name of the file.
pub const FILE: &str = "defectdojo.json";
/// What stands between two findings.
pub const BETWEEN: &[u8] = b",\n";
/// What follows the last one.
pub const TAIL: &[u8] = b"\n]}\n";

/// What stands before the first finding. There is no `type`: both files belong to one kind of test, so that a finding is
/// recognised whichever of them is imported.
#[must_use]
pub fn head() -> Vec<u8> {
    let about = json!({"name": "shr", "version": env!("CARGO_PKG_VERSION"), "static_tool": true});
    let about = about.to_string();
    let open = about.strip_suffix('}').unwrap_or(&about);
    format!("{open},\"findings\":[\n").into_bytes()
}

/// A row as a finding.
#[must_use]
pub fn finding(row: &Row<'_>) -> Vec<u8> {
    let keyed = row.cells.iter().zip(Profile::DefectDojo.fields()).filter(|(_, field)| !field.key.is_empty());
    let fields: Map<String, Value> =
        keyed.map(|(cell, field)| (field.key.to_owned(), value(cell, field.shape))).collect();
    format!("{:#}", object(Value::Object(fields))).into_bytes()
}

/// The file for some rows.
#[must_use]
pub fn file(rows: &[Row<'_>]) -> Vec<u8> {
    let findings: Vec<Vec<u8>> = rows.iter().map(finding).collect();
    [head(), findings.join(BETWEEN), TAIL.to_vec()].concat()
}

/// A cell by its type; nothing where it is empty, so that DefectDojo's own default holds.
fn value(cell: &str, shape: Shape) -> Value {
    match shape {
        Shape::Truth => Value::Bool(cell == "TRUE"),
        Shape::Number => serde_json::from_str::<serde_json::Number>(cell).map_or(Value::Null, Value::Number),
        Shape::List => cell.split(' ').filter(|word| !word.is_empty()).collect(),
        Shape::Text | Shape::Date | Shape::Words(_) => cell.into(),
    }
}
